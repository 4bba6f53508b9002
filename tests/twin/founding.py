"""Founding of the twin: its objects, from the records of a product's run on day 0."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from teritwa.engine.randomness import month_randomness
from teritwa.engine.records import Array
from teritwa.scenario.actions.gangs import Coalition
from teritwa.simulation.model import Mission

from .district import District, Road
from .gangs import Crew, Gang
from .model import Twin
from .police import Contingent, PoliceUnit

STATION, SOLDIERS = 0, 2


def found(mission: Mission) -> Twin:
    """Return the twin of a run that has not begun.

    Args:
        mission: The run, of a scenario as `scenarios.core` makes it.
    """
    tables = mission.tables
    twin = Twin(values_of(tables["parameters"]), mission.randomness)
    twin.killed = np.zeros_like(tables["killed"])
    twin.gangs = [gang_of(twin, row) for row in tables["gangs"]]
    twin.districts = [district_of(twin, row) for row in tables["districts"]]
    lay_roads(twin, tables)
    twin.coordination = float(tables["governance"]["coordination"][0])
    for row in tables["crews"][: int(tables["counters"]["crews"][0])]:
        crew = Crew(twin, twin.gangs[row["gang"]], twin.districts[row["district"]])
        crew.fighters, crew.claims = int(row["fighters"]), bool(row["claims_district"])
    contingents = [
        Contingent(int(row["force"]), float(row["readiness"])) for row in tables["contingents"]
    ]
    for row in tables["units"][: int(tables["counters"]["units"][0])]:
        home = twin.districts[row["home"]]
        unit = PoliceUnit(twin, contingents[row["contingent"]], home)
        unit.officers, unit.identity = int(row["officers"]), int(row["identity"])
        unit.station = row["kind"] == STATION
        if row["kind"] == SOLDIERS:  # who guard from the first day; all others patrol
            unit.coverage = twin.values.static_guard.coverage
        twin.units.append(unit)
    for event in mission.scenario.schedule(mission.draw, mission.replicate):
        if isinstance(event.action, Coalition):
            twin.coalition_changes[event.day] = event.action.active
    remember(twin, mission)
    twin.record_day_0()
    return twin


def remember(twin: Twin, mission: Mission) -> None:
    """Give a twin the known months of a run: their moods, and their chance until the origin."""
    start, history = mission.scenario.start, mission.scenario.history_of(mission.draw)
    if history is None:
        return
    for month in history.months:
        day = (month.first_day - start).days
        twin.known_months[day], twin.keys[day] = month, month_randomness(month.chance)
    twin.keys[(history.origin - start).days + 1] = mission.randomness


def values_of(parameters: Array) -> SimpleNamespace:
    """Return the parameters of a run as ``values.family.field``."""
    found = {}
    for family in parameters.dtype.names or ():
        fields = parameters[family].dtype.names or ()
        values = {field: parameters[family][field].item() for field in fields}
        found[family] = SimpleNamespace(**values)
    return SimpleNamespace(**found)


def gang_of(twin: Twin, row: Any) -> Gang:
    """Return a gang as its record is."""
    gang = Gang(twin, int(row["identity"]))
    gang.alliance, gang.coalition = int(row["alliance"]), bool(row["coalition"])
    gang.boats, gang.effectiveness = bool(row["boats"]), float(row["combat_effectiveness"])
    return gang


def district_of(twin: Twin, row: Any) -> District:
    """Return a district as its record is, without roads."""
    place, people, control = row["place"], row["people"], row["control"]
    district = District(twin, int(row["identity"]), int(place["residents_2015"]))
    district.residents, district.hosted = int(people["residents"]), int(people["displaced_hosted"])
    district.brigade, district.trust = int(people["brigade"]), float(people["trust"])
    district.schools_open = float(row["services"]["schools_open"])
    district.aid_access = float(row["services"]["aid_access"])
    district.influence = district.standing = float(control["gang_influence"])
    district.holder = twin.gangs[control["holder"]] if control["holder"] >= 0 else None
    district.station, district.metropolitan = bool(control["station"]), bool(place["metropolitan"])
    return district


def lay_roads(twin: Twin, tables: dict[str, Array]) -> None:
    """Join districts by roads and boats, and tell each how far others are by land."""
    for district, place in zip(twin.districts, tables["districts"]["place"], strict=True):
        for link in tables["links"][place["first_link"] : place["last_link"]]:
            target, sea = twin.districts[link["target"]], bool(link["sea"])
            district.roads.append(Road(target, float(link["hours"]), sea))
        for way in tables["destinations"][place["first_destination"] : place["last_destination"]]:
            district.hours_to[twin.districts[way["host"]]] = float(way["hours"])
