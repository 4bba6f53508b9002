"""Accounts: the flows in the ledger, and the counts of one day."""

from teritwa.engine.records import Record, integer_field, real_field


class Ledger(Record):
    """Flows into and out of each stock since day 0; stocks and flows must balance each night."""

    residents_on_day_0: int = integer_field("persons", "residents and displaced on day 0")
    fighters_on_day_0: int = integer_field("persons", "fighters on day 0")
    officers_on_day_0: int = integer_field("persons", "officers on day 0")
    prisoners_on_day_0: int = integer_field("persons", "prisoners on day 0")
    firearms_on_day_0: int = integer_field("weapons", "firearms of gangs on day 0")
    firearms_smuggled: int = integer_field("weapons", "bought by gangs from abroad")
    firearms_lost: int = integer_field("weapons", "seized with their bearers, or worn out")
    cash_on_day_0: int = integer_field("US cents", "cash of gangs on day 0")
    gang_revenue: int = integer_field(
        "US cents", "taken by gangs from tolls, extortion, ports, fuel and ransom"
    )
    wages_paid: int = integer_field("US cents", "paid by gangs to their fighters")
    arms_spending: int = integer_field("US cents", "paid by gangs for arms")
    commitments_received: int = integer_field("US cents", "received of what donors had committed")
    vehicles_delivered: int = integer_field(
        "vehicles", "armoured vehicles delivered to contingents"
    )
    vehicles_destroyed: int = integer_field("vehicles", "armoured vehicles burnt")
    recruited: int = integer_field("persons", "from residents to gangs")
    deserted: int = integer_field("persons", "from gangs to residents")
    arrested: int = integer_field("persons", "from gangs to prisons")
    escaped: int = integer_field("persons", "out of prisons")
    escaped_to_gangs: int = integer_field("persons", "out of prisons into gangs")
    released: int = integer_field(
        "persons", "out of prisons, because their time was over or for want of room"
    )
    prisoners: int = integer_field("persons", "in prison now")
    civilians_killed: int = integer_field("persons", "residents and displaced who were killed")
    fighters_killed: int = integer_field("persons", "gang members who were killed")
    officers_killed: int = integer_field("persons", "officers who were killed")
    officers_joined: int = integer_field("persons", "cadets and arrivals")
    officers_left: int = integer_field("persons", "officers who quit or went home")
    officers_sent: int = integer_field("persons", "officers who were promised or set out")
    officers_landed: int = integer_field("persons", "those of them who landed")
    officers_called_off: int = integer_field("persons", "those of them who will not come")


class DailyCounts(Record):
    """Counts of one day, set to zero at dawn."""

    kidnapped: int = integer_field("persons", "kidnapped")
    recruited: int = integer_field("persons", "joined gangs")
    attacks: int = integer_field("attacks", "attacks by gangs")
    attacks_on_state: int = integer_field(
        "attacks", "those of them on districts that the state holds"
    )
    operations: int = integer_field("operations", "districts in which units operated")
    arrested: int = integer_field("persons", "gang members who were arrested")
    residents_detained: int = integer_field(
        "persons", "residents who were detained for questioning, and are not gang members"
    )
    cleared: int = integer_field("districts", "districts whose crew was driven into hiding")
    cleared_from_gangs: int = integer_field(
        "districts", "districts of the capital whose crews were driven out while a gang held them"
    )
    recaptured: int = integer_field(
        "districts",
        "districts of the capital, cleared while a gang held them, to which a crew came back "
        "within RECAPTURE_DAYS days",
    )
    newly_displaced: int = integer_field("persons", "fled")
    returned: int = integer_field("persons", "went home")
    children_recruited: int = integer_field("persons", "those of the recruits who are under 18")
    mission_killed: int = integer_field("persons", "officers of the mission who were killed")
    officers_awaiting_terms: int = integer_field(
        "persons", "prepared officers whose contributor's terms the mandate does not meet"
    )
    officers_without_mandate: int = integer_field(
        "persons", "officers who are ready to land and have no mandate"
    )
    officers_above_ceiling: int = integer_field(
        "persons", "officers who are ready to land and whom the mandate has no room for"
    )
    officers_unaffordable: int = integer_field(
        "persons", "officers who are ready to land and whom the fund cannot pay"
    )
    bases_unaffordable: int = integer_field(
        "districts", "districts that the mission cleared and left because no base could be paid"
    )
    rivalry_bystanders: int = integer_field("persons", "civilians killed in fights between gangs")
    executed: int = integer_field(
        "persons", "executed victims of massacres, among whom there are no injured"
    )
    gang_members: int = integer_field("persons", "gang members, those in hiding included")
    gang_firearms: int = integer_field("weapons", "firearms of gangs")
    gang_revenue: int = integer_field("US cents", "taken by gangs")
    displaced_in_camps: int = integer_field("persons", "displaced persons who live in camps")
    displaced_without_aid: int = integer_field(
        "persons", "displaced persons whom neither water nor aid reaches"
    )
    children_displaced: int = integer_field("persons", "displaced persons under 18")
    out_of_school: int = integer_field("persons", "children of school age without a school")
    hospitals_open: float = real_field("1", "share of the country's hospitals that treat")
    trust_in_forces: float = real_field(
        "1", "people's trust in the forces, mean over the people of the capital"
    )
