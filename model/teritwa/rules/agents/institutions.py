"""Records of which there is one: the mission, its fund, governance, coalition; and donors."""

from teritwa.engine.records import Record, boolean_field, integer_field, real_field
from teritwa.world.codes import MANDATES

NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING = range(len(MANDATES))
"""What the foreign operation is: the codes of `teritwa.world.codes.MANDATES`."""


class MissionStatus(Record):
    """The mission's mandate, and how it is seen."""

    mandate: int = integer_field("code", "NO_MANDATE, SUPPORT_MISSION or UN_PEACEKEEPING")
    military: bool = boolean_field("the mandate is for soldiers, not for police alone")
    authorised: int = integer_field("persons", "ceiling of the mandate")
    mandate_ends: int = integer_field("day", "first day on which the mandate is not in force")
    un_takeover_day: int = integer_field("day", "day on which the UN takes over, or -1")
    un_authorised: int = integer_field("persons", "ceiling of the UN operation that was voted")
    un_ends: int = integer_field("day", "first day after the UN operation that was voted")
    headquarters: int = integer_field("row", "the district of the mission's base")
    recent_losses: float = real_field("persons", "officers killed of late, fading")
    started_on: int = integer_field("day", "first day with officers in the country, or -1")
    control_at_start: float = real_field(
        "1", "share of the capital's people under gangs on that day"
    )
    killings_at_start: float = real_field("persons per day", "recent killings on that day")
    perceived_progress: float = real_field(
        "1", "what donors believe the mission has achieved, -1 to 1; it lags"
    )


class MissionFund(Record):
    """The money of the mission, since day 0 where not said otherwise."""

    balance: int = integer_field("US cents", "what is there now")
    costs_unpaid: int = integer_field("US cents", "costs that nobody paid")
    pledged: int = integer_field("US cents", "pledged")
    committed: int = integer_field("US cents", "committed because the mission seemed to succeed")
    commitments_outstanding: int = integer_field("US cents", "committed and not yet received")
    received: int = integer_field("US cents", "received")
    spent: int = integer_field("US cents", "spent")
    monthly_income: int = integer_field(
        "US cents per month", "income that the fund can count on this month"
    )
    unpaid_days: int = integer_field("days", "days in a row, net, on which costs were not paid")
    cost_share_paid: float = real_field("1", "share of the day's costs that was paid")


class GovernanceStatus(Record):
    """How the country's leaders and forces act together."""

    leaders_coordination: float = real_field("1", "how well leaders act together, 0 to 1")
    council_staffed: bool = boolean_field("the National Security Council has its staff")
    coordination: float = real_field(
        "1", "how well the forces act together, 0 to 1: leaders and a common language"
    )
    recent_killings: float = real_field("persons per day", "killed a day of late, fading")
    elections_secure: bool = boolean_field("the security condition for elections is met")


class GangCoalition(Record):
    """The coalition of gangs."""

    active: bool = boolean_field("its members act as one")
    offensive_until: int = integer_field("day", "last day of its current offensive, or -1")


class Counters(Record):
    """How many rows exist, and what day 0 was like."""

    crews: int = integer_field("rows", "crews that exist: the rows before this one")
    units: int = integer_field("rows", "units that exist: the rows before this one")
    fighters_on_day_0: int = integer_field("persons", "fighters on day 0")
    recruitment_pool_day_0: float = real_field(
        "1", "share of people who stood to be recruited on day 0, weighted"
    )


class Donor(Record):
    """Who pays for the mission."""

    conditional_share: float = real_field("1", "its share of what donors add if they see success")
    monthly_payment: int = integer_field("US cents per month", "what it has said it will pay")
    paying: bool = boolean_field("has not stopped paying")
