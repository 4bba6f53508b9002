"""Records of which there is one: the mission as an institution, the coalition, the day's counts, the ledger."""

from teritwa.engine.records import Record, boolean_field, integer_field, real_field

NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING = 0, 1, 2
"""What the foreign operation is."""


class Institution(Record):
    """The mission's mandate and fund, the coordination of the forces, and the coalition of gangs."""

    mandate: int = integer_field("code", "NO_MANDATE, SUPPORT_MISSION or UN_PEACEKEEPING")
    military: bool = boolean_field("the mandate is for soldiers, not for police alone")
    authorised: int = integer_field("persons", "ceiling of the mandate")
    mandate_ends: int = integer_field("day", "first day on which the mandate is no longer in force")
    un_takeover_day: int = integer_field("day", "day on which the UN takes over after its vote, or -1")
    un_authorised: int = integer_field("persons", "ceiling of the UN operation that was voted")
    un_ends: int = integer_field("day", "first day after the UN operation that was voted")
    headquarters: int = integer_field("row", "the district of the mission's base")
    recent_losses: float = real_field("persons", "officers of the mission killed of late, fading")

    leaders_coordination: float = real_field("1", "how well the country's leaders act together, 0 to 1")
    council_staffed: bool = boolean_field("the National Security Council has its staff")
    coordination: float = real_field("1", "how well the forces act together, 0 to 1: leaders and a common language")
    recent_killings: float = real_field("persons per day", "killed a day of late, fading: what donors look at")
    elections_secure: bool = boolean_field("the stated security condition for elections is met")

    coalition: bool = boolean_field("Viv Ansanm acts as one")
    offensive_until: int = integer_field("day", "last day of the coalition's current offensive, or -1")
    crew_count: int = integer_field("rows", "crews that exist: the rows before this one")
    unit_count: int = integer_field("rows", "units that exist: the rows before this one")
    fighters_on_day_0: int = integer_field("persons", "fighters on day 0")
    recruitment_pool_day_0: float = real_field("1", "share of people who stood to be recruited on day 0, weighed")

    fund: int = integer_field("US cents", "balance")
    unpaid: int = integer_field("US cents", "costs since day 0 that nobody paid")
    pledged: int = integer_field("US cents", "pledged since day 0")
    committed: int = integer_field("US cents", "committed since day 0 because the mission seemed to succeed")
    commitments_outstanding: int = integer_field("US cents", "committed and not yet received")
    received: int = integer_field("US cents", "received since day 0")
    spent: int = integer_field("US cents", "spent since day 0")
    monthly_income: int = integer_field("US cents per month", "income that the fund can count on this month")
    unpaid_days: int = integer_field("days", "days in a row, net, on which costs were not paid")
    cost_share_paid: float = real_field("1", "share of the day's costs that was paid")
    mission_start: int = integer_field("day", "first day with officers of the mission in the country, or -1")
    control_at_start: float = real_field("1", "share of the capital's people under gangs on that day")
    killings_at_start: float = real_field("persons per day", "killed a day on that day, fading mean")
    perceived_progress: float = real_field("1", "what donors believe the mission has achieved, -1 to 1; it lags")


class Donor(Record):
    """Who pays for the mission."""

    identity: int = integer_field("address", "where its chance is looked up: a hash of its id")
    conditional_share: float = real_field("1", "its share of what donors would add if they saw success")
    monthly_payment: int = integer_field("US cents per month", "what it has said it will pay each month")
    paying: bool = boolean_field("has not stopped paying")


class Ledger(Record):
    """Flows since day 0: what entered and left each stock. Stocks and flows must balance each night."""

    residents_on_day_0: int = integer_field("persons", "residents and displaced on day 0")
    fighters_on_day_0: int = integer_field("persons", "fighters on day 0")
    officers_on_day_0: int = integer_field("persons", "officers on day 0")
    prisoners_on_day_0: int = integer_field("persons", "prisoners on day 0")
    firearms_on_day_0: int = integer_field("weapons", "firearms of gangs on day 0")
    firearms_smuggled: int = integer_field("weapons", "bought by gangs from abroad")
    firearms_lost: int = integer_field("weapons", "seized with their bearers, or worn out")
    cash_on_day_0: int = integer_field("US cents", "cash of gangs on day 0")
    gang_revenue: int = integer_field("US cents", "taken by gangs from tolls, extortion, ports, fuel and ransom")
    wages_paid: int = integer_field("US cents", "paid by gangs to their fighters")
    arms_spending: int = integer_field("US cents", "paid by gangs for arms")
    commitments_received: int = integer_field("US cents", "received of what donors had committed")
    vehicles_delivered: int = integer_field("vehicles", "armoured vehicles given to contingents")
    vehicles_destroyed: int = integer_field("vehicles", "armoured vehicles burnt")
    recruited: int = integer_field("persons", "from residents to gangs")
    deserted: int = integer_field("persons", "from gangs to residents")
    arrested: int = integer_field("persons", "from gangs to prisons")
    escaped: int = integer_field("persons", "out of prisons")
    escaped_to_gangs: int = integer_field("persons", "out of prisons into gangs")
    prisoners: int = integer_field("persons", "in prison now")
    civilians_killed: int = integer_field("persons", "residents and displaced who were killed")
    fighters_killed: int = integer_field("persons", "gang members who were killed")
    officers_killed: int = integer_field("persons", "officers who were killed")
    officers_joined: int = integer_field("persons", "cadets and arrivals")
    officers_left: int = integer_field("persons", "officers who quit or went home")


class DailyCounts(Record):
    """Counts of one day, set to zero at dawn."""

    kidnapped: int = integer_field("persons", "kidnapped")
    recruited: int = integer_field("persons", "joined gangs")
    attacks: int = integer_field("attacks", "attacks by gangs")
    attacks_on_state: int = integer_field("attacks", "those of them on districts that the state holds")
    operations: int = integer_field("operations", "districts in which units operated")
    cleared: int = integer_field("districts", "districts whose crew was driven into hiding")
    recaptured: int = integer_field("districts", "cleared districts whose crew came back within SOON days")
    newly_displaced: int = integer_field("persons", "fled")
    returned: int = integer_field("persons", "went home")
    children_recruited: int = integer_field("persons", "those of the recruits who are under 18")
    mission_killed: int = integer_field("persons", "officers of the mission who were killed")
    executed: int = integer_field("persons", "those of the dead of massacres beside whom nobody is left injured")
    gang_members: int = integer_field("persons", "gang members, those in hiding included")
    gang_firearms: int = integer_field("weapons", "firearms of gangs")
    gang_revenue: int = integer_field("US cents", "taken by gangs")
    displaced_in_camps: int = integer_field("persons", "displaced persons who live in camps")
    displaced_without_aid: int = integer_field("persons", "those of them whom neither water nor aid reaches")
    children_displaced: int = integer_field("persons", "displaced persons under 18")
    out_of_school: int = integer_field("persons", "children of school age without a school")
    hospitals_open: float = real_field("1", "share of the country's hospitals that treat")
    trust_in_forces: float = real_field("1", "people's trust in the forces, mean over the capital's people")
