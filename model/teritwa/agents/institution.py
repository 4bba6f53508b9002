"""Records of which there is one: the mission as an institution, the coalition, the day's counts, the ledger."""

from teritwa.agents.record import Record, real, truth, whole

NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING = 0, 1, 2
"""What the foreign operation is."""


class Institution(Record):
    """The mission's mandate and fund, the coordination of the forces, and the coalition of gangs."""

    mandate: int = whole("code", "NO_MANDATE, SUPPORT_MISSION or UN_PEACEKEEPING")
    authorised: int = whole("persons", "ceiling of the mandate")
    mandate_ends: int = whole("day", "first day on which the mandate is no longer in force")
    headquarters: int = whole("row", "the district of the mission's base")
    coordination: float = real("1", "how well the forces act together, 0 to 1")
    armoured: float = real("1", "share of the mission's officers who have a seat in a working armoured vehicle")
    coalition: bool = truth("Viv Ansanm acts as one")
    offensive_until: int = whole("day", "last day of the coalition's current offensive, or -1")
    crews: int = whole("rows", "crews that exist: the rows before this one")
    units: int = whole("rows", "units that exist: the rows before this one")
    fighters_on_day_0: int = whole("persons", "fighters on day 0")
    fund: int = whole("US cents", "balance")
    arrears: int = whole("US cents", "costs of past days that nobody paid")
    pledged: int = whole("US cents", "pledged since day 0")
    received: int = whole("US cents", "received since day 0")
    spent: int = whole("US cents", "spent since day 0")
    monthly: int = whole("US cents per month", "income from donors who pay each month")
    unpaid_days: int = whole("days", "days in a row, net, on which costs were not paid")
    paid: float = real("1", "share of the day's costs that was paid")


class Ledger(Record):
    """Flows since day 0: what entered and left each stock. Stocks and flows must balance each night."""

    residents_on_day_0: int = whole("persons", "residents and displaced on day 0")
    fighters_on_day_0: int = whole("persons", "fighters on day 0")
    officers_on_day_0: int = whole("persons", "officers on day 0")
    prisoners_on_day_0: int = whole("persons", "prisoners on day 0")
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
    operations: int = whole("operations", "districts in which units operated")
    cleared: int = whole("districts", "districts whose crew was driven into hiding")
    lost_again: int = whole("districts", "cleared districts whose crew came back within SOON days")
    newly_displaced: int = whole("persons", "fled")
    returned: int = whole("persons", "went home")
