"""Records of which there is one: the mission as an institution, the coalition, the day's counts, the ledger."""

from teritwa.engine.records import Record, real, truth, whole

NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING = 0, 1, 2
"""What the foreign operation is."""


class Institution(Record):
    """The mission's mandate and fund, the coordination of the forces, and the coalition of gangs."""

    mandate: int = whole("code", "NO_MANDATE, SUPPORT_MISSION or UN_PEACEKEEPING")
    military: bool = truth("the mandate is for soldiers, not for police alone")
    authorised: int = whole("persons", "ceiling of the mandate")
    mandate_ends: int = whole("day", "first day on which the mandate is no longer in force")
    takes_over: int = whole("day", "day on which the UN takes over after its vote, or -1")
    un_authorised: int = whole("persons", "ceiling of the UN operation that was voted")
    un_ends: int = whole("day", "first day after the UN operation that was voted")
    headquarters: int = whole("row", "the district of the mission's base")
    losses: float = real("persons", "officers of the mission killed of late, fading")

    council: float = real("1", "how well the country's leaders act together, 0 to 1")
    staffed: bool = truth("the National Security Council has its staff")
    coordination: float = real("1", "how well the forces act together, 0 to 1: leaders and a common language")
    harm: float = real("persons per day", "killed a day of late, fading: what donors look at")
    elections_secure: bool = truth("the stated security condition for elections is met")

    coalition: bool = truth("Viv Ansanm acts as one")
    offensive_until: int = whole("day", "last day of the coalition's current offensive, or -1")
    crews: int = whole("rows", "crews that exist: the rows before this one")
    units: int = whole("rows", "units that exist: the rows before this one")
    fighters_on_day_0: int = whole("persons", "fighters on day 0")
    idle_on_day_0: float = real("1", "share of people who stood to be recruited on day 0, weighed")

    fund: int = whole("US cents", "balance")
    unpaid: int = whole("US cents", "costs since day 0 that nobody paid")
    pledged: int = whole("US cents", "pledged since day 0")
    committed: int = whole("US cents", "committed since day 0 because the mission seemed to succeed")
    coming: int = whole("US cents", "committed and not yet received")
    received: int = whole("US cents", "received since day 0")
    spent: int = whole("US cents", "spent since day 0")
    monthly: int = whole("US cents per month", "income that the fund can count on this month")
    unpaid_days: int = whole("days", "days in a row, net, on which costs were not paid")
    paid: float = real("1", "share of the day's costs that was paid")
    began: int = whole("day", "first day with officers of the mission in the country, or -1")
    control_at_start: float = real("1", "share of the capital's people under gangs on that day")
    harm_at_start: float = real("persons per day", "killed a day on that day, fading mean")
    progress: float = real("1", "what donors believe the mission has achieved, -1 to 1; it lags")


class Donor(Record):
    """Who pays for the mission."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    waits: float = real("1", "its share of what donors would add if they saw success")
    monthly: int = whole("US cents per month", "what it has said it will pay each month")
    gives: bool = truth("has not stopped paying")


class Ledger(Record):
    """Flows since day 0: what entered and left each stock. Stocks and flows must balance each night."""

    residents_on_day_0: int = whole("persons", "residents and displaced on day 0")
    fighters_on_day_0: int = whole("persons", "fighters on day 0")
    officers_on_day_0: int = whole("persons", "officers on day 0")
    prisoners_on_day_0: int = whole("persons", "prisoners on day 0")
    weapons_on_day_0: int = whole("weapons", "firearms of gangs on day 0")
    weapons_smuggled: int = whole("weapons", "bought by gangs from abroad")
    weapons_lost: int = whole("weapons", "seized with their bearers, or worn out")
    cash_on_day_0: int = whole("US cents", "cash of gangs on day 0")
    takings: int = whole("US cents", "taken by gangs from tolls, extortion, ports, fuel and ransom")
    wages: int = whole("US cents", "paid by gangs to their fighters")
    arms_bill: int = whole("US cents", "paid by gangs for arms")
    commitments_received: int = whole("US cents", "received of what donors had committed")
    vehicles_delivered: int = whole("vehicles", "armoured vehicles given to contingents")
    vehicles_destroyed: int = whole("vehicles", "armoured vehicles burnt")
    recruited: int = whole("persons", "from residents to gangs")
    deserted: int = whole("persons", "from gangs to residents")
    arrested: int = whole("persons", "from gangs to prisons")
    escaped: int = whole("persons", "out of prisons")
    escaped_to_gangs: int = whole("persons", "out of prisons into gangs")
    prisoners: int = whole("persons", "in prison now")
    civilians_killed: int = whole("persons", "residents and displaced who were killed")
    fighters_killed: int = whole("persons", "gang members who were killed")
    officers_killed: int = whole("persons", "officers who were killed")
    officers_joined: int = whole("persons", "cadets and arrivals")
    officers_left: int = whole("persons", "officers who quit or went home")


class Today(Record):
    """Counts of one day, set to zero at dawn."""

    kidnapped: int = whole("persons", "kidnapped")
    recruited: int = whole("persons", "joined gangs")
    attacks: int = whole("attacks", "attacks by gangs")
    attacks_on_state: int = whole("attacks", "those of them on districts that the state holds")
    operations: int = whole("operations", "districts in which units operated")
    cleared: int = whole("districts", "districts whose crew was driven into hiding")
    lost_again: int = whole("districts", "cleared districts whose crew came back within SOON days")
    newly_displaced: int = whole("persons", "fled")
    returned: int = whole("persons", "went home")
    children_recruited: int = whole("persons", "those of the recruits who are under 18")
    mission_killed: int = whole("persons", "officers of the mission who were killed")
    executed: int = whole("persons", "those of the dead of massacres beside whom nobody is left injured")
    members: int = whole("persons", "gang members, those in hiding included")
    weapons: int = whole("weapons", "firearms of gangs")
    takings: int = whole("US cents", "taken by gangs")
    in_camps: int = whole("persons", "displaced persons who live in camps")
    without_aid: int = whole("persons", "those of them whom neither water nor aid reaches")
    children_displaced: int = whole("persons", "displaced persons under 18")
    out_of_school: int = whole("persons", "children of school age without a school")
    hospitals_open: float = real("1", "share of the country's hospitals that treat")
    trust: float = real("1", "people's trust in the forces, mean over the capital's people")
