"""Police unit: a formation that acts as one. Contingent: the officers that one authority sends."""

from teritwa.engine.records import Record, boolean_field, integer_field, real_field
from teritwa.world.codes import FORCES, TERMS, UNIT_KINDS

STATION, SPECIAL, SOLDIERS, FOREIGN = range(len(UNIT_KINDS))
"""Kinds of unit: the codes of `teritwa.world.codes.UNIT_KINDS`."""

ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP, UNDER_UN = range(len(TERMS))
"""Terms of a contingent: the codes of `teritwa.world.codes.TERMS`."""

POLICE, ARMY, MISSION = range(len(FORCES))
"""Forces: the codes of `teritwa.world.codes.FORCES`."""

AT_HOME, OPERATING = range(2)
"""Tasks of a unit on a day: stay and guard, or operate elsewhere."""


class PoliceUnit(Record):
    """A formation of officers or soldiers: a station, a patrol company, an intervention team."""

    identity: int = integer_field("address", "address of its random numbers: a hash of its id")
    contingent: int = integer_field("row", "its contingent")
    kind: int = integer_field("code", "STATION, SPECIAL, SOLDIERS or FOREIGN")
    home: int = integer_field("row", "the district to which it belongs")
    quarters: int = integer_field("row", "the district to which it returns before dark")
    district: int = integer_field("row", "the district where it is now")
    operated_in: int = integer_field("row", "the district where it operates today, if it does")
    campaign: int = integer_field("row", "the district where it is on an operation, or NO_ONE")
    turn: float = real_field("1", "of equally near units the one with the lowest number goes first")
    considered: int = integer_field(
        "row", "the last district for which command considered it today, or NO_ONE"
    )
    next_unit: int = integer_field(
        "row", "the next unit in its quarters that its force could send, or NO_ONE"
    )
    posted: bool = boolean_field("lives in a forward base, or in a cleared district that it holds")
    based: bool = boolean_field("lives in a forward base that lacked officers")
    posture: int = integer_field("code", "its posture today")
    task: int = integer_field("code", "AT_HOME or OPERATING")
    officers: int = integer_field("persons", "officers of the unit")
    night_share: float = real_field(
        "1", "share of the night that its on-duty officers stay where it operated"
    )


class Contingent(Record):
    """Officers sent by one authority: the country's police or army, or a country of the mission."""

    identity: int = integer_field("address", "address of its random numbers: a hash of its id")
    force: int = integer_field("code", "POLICE, ARMY or MISSION")
    foreign: bool = boolean_field("part of the mission")
    terms: int = integer_field(
        "code", "ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP or UNDER_UN: when and how it serves"
    )
    speaks_local_language: bool = boolean_field(
        "its officers speak a language of the people of this world"
    )
    casualty_tolerance: float = real_field(
        "persons",
        "recent losses of the mission at which, if they last, it leaves within 90 days with "
        "probability one half",
    )
    in_preparation: int = integer_field(
        "persons",
        "officers promised and in preparation: training, equipment, approval",
    )
    ready_on: int = integer_field("day", "day on which their preparation ends")
    in_transit: int = integer_field("persons", "officers who are ready and have not landed")
    arrival_rate: float = real_field("persons per day", "officers in transit who may land in a day")
    leaving: int = integer_field("persons", "officers under orders to leave")
    departure_rate: float = real_field(
        "persons per day", "officers under orders who leave in a day"
    )
    officers: int = integer_field("persons", "officers in the country")
    on_operations: int = integer_field("persons", "officers on operations today")
    counted: int = integer_field("officers", "officers of its units, as the ledger counts them")
    cost_factor: float = real_field(
        "1", "cost of its officers in their postures of yesterday, relative to a raid or a patrol"
    )
    out: float = real_field("persons", "able officers who operate, hold a district or patrol today")
    operational: int = integer_field("persons", "officers able to operate today")
    readiness: float = real_field("1", "share of the officers who are able to operate")
    pay_share: float = real_field(
        "1", "share of its pay that is granted: by the state to its own forces, or by the fund"
    )
    cost_share_paid: float = real_field("1", "share of its costs of the day that was paid")
    unpaid_days: float = real_field(
        "days",
        "pay that its officers are owed: each day adds the share that was not paid, and a day "
        "that is paid in full takes one off",
    )
    days_unpaid: int = integer_field(
        "days", "days since day 0 on which its officers were not paid in full"
    )
    own_patience: int = integer_field(
        "days", "pay owed above which it goes home; -1 for that of all contingents"
    )
    vehicles: int = integer_field("vehicles", "armoured vehicles that work")
    vehicles_broken: int = integer_field("vehicles", "armoured vehicles out of commission")
    helicopters: int = integer_field("helicopters", "helicopters")
    airlift_capacity: float = real_field(
        "persons", "officers that its helicopters can still carry today"
    )
    surveillance_drones: int = integer_field("drones", "surveillance drones")
    armed_drones: int = integer_field("drones", "armed drones")
    night_vision: int = integer_field("sets", "night-vision sets, one per officer")
