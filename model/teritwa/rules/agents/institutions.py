"""Institutions: the mission, its fund, governance, the coalition, counters, moods, and donors."""

from teritwa.engine.records import Record, boolean_field, integer_field, real_field
from teritwa.world.codes import MANDATES

NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING = range(len(MANDATES))
"""Mandates of the foreign operation: the codes of `teritwa.world.codes.MANDATES`."""


class MissionStatus(Record):
    """The mission's mandate, its recent losses, and its progress as perceived."""

    mandate: int = integer_field("code", "NO_MANDATE, SUPPORT_MISSION or UN_PEACEKEEPING")
    military: bool = boolean_field("the mandate includes soldiers, not police alone")
    authorised: int = integer_field("persons", "ceiling of the mandate")
    mandate_ends: int = integer_field("day", "first day on which the mandate is not in force")
    un_takeover_day: int = integer_field("day", "day on which the UN takes over, or -1")
    un_authorised: int = integer_field("persons", "ceiling of the UN operation in the last vote")
    un_ends: int = integer_field("day", "first day after the UN operation in the last vote")
    headquarters: int = integer_field("row", "the district of the mission's headquarters")
    recent_losses: float = real_field("persons", "decaying count of officers killed recently")
    started_on: int = integer_field("day", "first day with officers in the country, or -1")
    control_at_start: float = real_field(
        "1", "share of the capital's people under gangs on that day"
    )
    killings_at_start: float = real_field("persons per day", "recent killings on that day")
    perceived_progress: float = real_field(
        "1", "progress of the mission as donors perceive it, -1 to 1; it lags"
    )


class MissionFund(Record):
    """The money of the mission: amounts since day 0 unless stated otherwise."""

    balance: int = integer_field("US cents", "balance now")
    costs_unpaid: int = integer_field("US cents", "unpaid costs")
    pledged: int = integer_field("US cents", "pledged")
    committed: int = integer_field("US cents", "committed because donors perceived progress")
    commitments_outstanding: int = integer_field("US cents", "committed and not yet received, now")
    received: int = integer_field("US cents", "received in cash")
    spent: int = integer_field("US cents", "spent in cash")
    monthly_income: int = integer_field(
        "US cents per month", "cash that the fund can count on this month"
    )
    monthly_in_kind: int = integer_field(
        "US cents per month", "help in kind that the mission can count on this month"
    )
    in_kind_received: int = integer_field("US cents", "help in kind received")
    in_kind_used: int = integer_field("US cents", "costs that help in kind paid")
    in_kind_lapsed: int = integer_field("US cents", "help in kind that no cost needed")
    days_paid: int = integer_field(
        "days", "days with officers of the mission on which all its costs were paid"
    )
    days_unpaid: int = integer_field("days", "days on which a part of its costs was not paid")


class GovernanceStatus(Record):
    """How well the country's leaders and forces coordinate."""

    leaders_coordination: float = real_field("1", "coordination of the leaders, 0 to 1")
    council_staffed: bool = boolean_field("the National Security Council has its staff")
    coordination: float = real_field(
        "1", "coordination of the forces, 0 to 1: by leaders, staff and a common language"
    )
    recent_killings: float = real_field(
        "persons per day", "exponentially weighted mean of people killed per day"
    )
    elections_secure: bool = boolean_field("the security condition for elections is met")


class GangCoalition(Record):
    """The coalition of gangs."""

    active: bool = boolean_field("its members act together")
    offensive_until: int = integer_field("day", "last day of its current offensive, or -1")


class Counters(Record):
    """Numbers of rows in use, and reference values of day 0."""

    crews: int = integer_field("rows", "crews that exist: they are in the rows before this one")
    units: int = integer_field("rows", "units that exist: they are in the rows before this one")
    out_of_room: bool = boolean_field("a rule needed a row for a crew or a unit and found none")
    fighters_on_day_0: int = integer_field("persons", "fighters on day 0")
    recruitment_pool_day_0: float = real_field(
        "1", "weighted share of people who might have been recruited on day 0"
    )
    contacts_on_day_0: float = real_field(
        "persons", "fighters of all crews who faced rivals on day 0"
    )
    steady_revenue_day_0: float = real_field(
        "US cents", "revenue of all gangs on the first day, ransoms left out"
    )


class MoodLevels(Record):
    """Slow random processes on the log scale: 0 is as on day 0.

    Each mood has its level of today, and the level towards which it moves until its month ends.
    """

    days_left: int = integer_field("days", "until the month of the moods ends")
    offensives: float = real_field("1", "log level of the gangs' intent to attack")
    offensives_ahead: float = real_field("1", "level of it at the end of the month")
    operations: float = real_field("1", "log level of the tempo of the state's operations")
    operations_ahead: float = real_field("1", "level of it at the end of the month")
    kidnapping: float = real_field("1", "log level of kidnapping")
    kidnapping_ahead: float = real_field("1", "level of it at the end of the month")
    lethality: float = real_field("1", "log level of the civilians killed in an attack")
    lethality_ahead: float = real_field("1", "level of it at the end of the month")
    injuries: float = real_field("1", "log level of the injured beside each who is killed")
    injuries_ahead: float = real_field("1", "level of it at the end of the month")
    flight: float = real_field("1", "log level of the people who flee for one cause")
    flight_ahead: float = real_field("1", "level of it at the end of the month")


class Month(Record):
    """A month of the moods: its days, and the standard normal number that moves each mood.

    Row 0 is the month at hand where none is known; the other rows are the known ones.
    """

    first_day: int = integer_field("day", "its first day, if it is known")
    days: int = integer_field("days", "its length")
    offensives: float = real_field("1", "number of the gangs' intent to attack")
    operations: float = real_field("1", "number of the tempo of the state's operations")
    kidnapping: float = real_field("1", "number of kidnapping")
    lethality: float = real_field("1", "number of the civilians killed in an attack")
    injuries: float = real_field("1", "number of the injured beside each who is killed")
    flight: float = real_field("1", "number of the people who flee for one cause")


class Donor(Record):
    """A country or organisation that pays for the mission."""

    conditional_share: float = real_field(
        "1", "its share of the funding that donors add if they perceive progress"
    )
    monthly_payment: int = integer_field("US cents per month", "cash that it has announced")
    monthly_in_kind: int = integer_field(
        "US cents per month", "help in kind that it has announced: goods and services"
    )
    paying: bool = boolean_field("has not stopped paying")
