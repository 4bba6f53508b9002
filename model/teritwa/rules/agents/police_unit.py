"""Police unit: a formation that acts as one. Contingent: who sent it, and under which terms."""

from teritwa.engine.records import Record, real, truth, whole

STATION, SPECIAL, SOLDIERS, FOREIGN = 0, 1, 2, 3
"""Kinds of unit: a police station's officers, a mobile special unit, soldiers of the army, foreign officers."""

AT_HOME, OPERATING = 0, 1
"""Tasks of a unit on a day: stay and guard, or operate elsewhere."""


class PoliceUnit(Record):
    """A formation of officers or soldiers: a station, a patrol company, an intervention team."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    contingent: int = whole("row", "its contingent")
    kind: int = whole("code", "STATION, SPECIAL, SOLDIERS or FOREIGN")
    home: int = whole("row", "the district to which it belongs")
    quarters: int = whole("row", "the district to which it returns before dark")
    district: int = whole("row", "where it is now")
    operated: int = whole("row", "where it operates today, if it does")
    posted: bool = truth("lives where it was sent to stay: in a forward base, or in a cleared place it holds")
    task: int = whole("code", "AT_HOME or OPERATING")
    officers: int = whole("persons", "on its roll")
    night_share: float = real("1", "share of its on-duty officers who are out at night where it stands")


class Contingent(Record):
    """Officers sent by one authority: the Haitian police or army, or a country of the mission."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    force: int = whole("code", "POLICE, ARMY or MISSION")
    foreign: bool = truth("part of the mission")
    terms: int = whole("code", "ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP or UNDER_UN: when and how it serves")
    speaks: bool = truth("its officers speak French or Creole")
    tolerance: float = real(
        "persons",
        "officers of the mission killed of late that, were it to stay so, make it as likely as not to leave in 90 days",
    )
    preparing: int = whole(
        "persons", "officers promised and in preparation: training, equipment, a court, a parliament"
    )
    ready_on: int = whole("day", "day on which their preparation ends")
    waiting: int = whole("persons", "officers on their way who have not landed")
    arriving: float = real("persons per day", "how many of the waiting may land in a day")
    leaving: int = whole("persons", "officers under orders to leave")
    departing: float = real("persons per day", "how many of those leave in a day")
    officers: int = whole("persons", "officers in the country")
    sent: int = whole("persons", "officers out on operations today")
    ready: int = whole("persons", "officers able to operate today")
    readiness: float = real("1", "share of the officers who are able to operate")
    vehicles: int = whole("vehicles", "armoured vehicles that work")
    broken: int = whole("vehicles", "armoured vehicles out of commission")
    helicopters: int = whole("helicopters", "helicopters")
    lift: float = real("persons", "officers whom its helicopters can still carry today")
    surveillance_drones: int = whole("drones", "drones that watch")
    armed_drones: int = whole("drones", "drones that strike")
    night_vision: int = whole("sets", "night-vision sets, one an officer")


ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP, UNDER_UN = 0, 1, 2, 3
"""Terms of a contingent: serves in any mission; in a military one only; helps but never operates; under the UN only."""

POLICE, ARMY, MISSION = 0, 1, 2
"""Forces: the Haitian police, the Haitian army, the foreign mission."""
