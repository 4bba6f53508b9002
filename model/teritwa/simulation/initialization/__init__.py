"""The records of day 0, made from a world and the parameters of a draw."""

import functools
from collections.abc import Callable, Mapping

import numpy as np

from teritwa.engine.records import Array, new_table
from teritwa.rules.agents.accounts import DailyCounts, Ledger
from teritwa.rules.agents.district import Candidate
from teritwa.rules.agents.doctrine import Posture
from teritwa.rules.agents.institutions import (
    NO_MANDATE,
    Counters,
    GangCoalition,
    GovernanceStatus,
    MissionFund,
    MissionStatus,
    Month,
    MoodLevels,
)
from teritwa.rules.population.destination_weights import (
    destinations_of,
    nearest_first,
    nearness,
    turned,
)
from teritwa.rules.registry import parameter_table, scale_to_size
from teritwa.simulation.initialization.forces import (
    apportion,
    contingents_of,
    crews_of,
    doctrines_of,
    donors_of,
    equip_gangs,
    gangs_of,
    list_crews,
    units_of,
)
from teritwa.simulation.initialization.gangs import count_gangs_of_day_0
from teritwa.simulation.initialization.places import (
    displaced_on_day_0,
    districts_of,
    form_brigades,
    links_of,
    open_services,
    regions_of,
)
from teritwa.world import STATE, World
from teritwa.world.codes import PERPETRATORS, POSTURES, VICTIMS
from teritwa.world.routes import landmasses
from teritwa.world.row_numbers import district_numbers

ONLY_READ = ("links", "destinations", "ways")
"""Tables that nothing writes: runs share them."""


def initialize(world: World, values: Mapping[str, float]) -> dict[str, Array]:
    """Return fresh tables of day 0, by the names of `teritwa.rules.agents.state.State`.

    They are copies of a template that is made once for a world and parameters, from tables that are
    made once for a world.

    Args:
        world: The world that the run begins with.
        values: All parameters by full name.

    Raises:
        WorldError: If people are displaced whom nobody can host, or more than there are.
    """
    return _copies(_template(world, tuple(sorted(values.items()))))


@functools.lru_cache(maxsize=4)
def _of_world(world: World) -> dict[str, Array]:
    """Make what the tables of day 0 owe to the world alone."""
    tables: dict[str, Array] = {}
    tables["links"], links = links_of(world)
    tables["destinations"], destinations = destinations_of(world)
    tables["districts"], tables["regions"] = districts_of(world), regions_of(world)
    place = tables["districts"]["place"]
    place["first_link"], place["last_link"] = links[:-1], links[1:]
    place["first_destination"], place["last_destination"] = destinations[:-1], destinations[1:]
    tables["ways"] = nearest_first(tables["destinations"], place["first_destination"])
    place["landmass"] = landmasses(world)
    hosts = tables["destinations"]["host"]
    first, last = hosts[place["first_destination"]], hosts[place["last_destination"] - 1]
    place["first_host"] = first
    lengths = place["last_destination"] - place["first_destination"]
    place["consecutive_hosts"] = last - first == lengths - 1
    tables["gangs"], tables["crews"] = gangs_of(world), crews_of(world)
    alliances = int(tables["gangs"]["alliance"].max(initial=0)) + 1
    tables["allied_fighters"] = np.zeros((len(world.districts), alliances), np.int64)
    tables["contingents"], tables["units"] = contingents_of(world), units_of(world)
    tables["donors"] = donors_of(world)
    tables["postures"], tables["doctrines"] = new_table(Posture, len(POSTURES)), doctrines_of()
    tables["daily"] = new_table(DailyCounts, 1)
    tables["safety"] = np.zeros(len(world.districts))
    tables["pulls"] = np.zeros(len(world.districts))
    tables["guide"] = np.zeros(len(world.districts), np.int64)
    tables["candidates"] = new_table(Candidate, 0)
    tables["assaulted"] = np.zeros(len(world.districts), np.int64)
    for harm in ("killed", "killed_under_gangs", "injured"):
        tables[harm] = np.zeros((len(PERPETRATORS), len(VICTIMS)), np.int64)
    list_crews(tables)
    return tables


@functools.lru_cache(maxsize=2)
def _template(world: World, values: tuple[tuple[str, float], ...]) -> dict[str, Array]:
    """Make the tables of day 0."""
    tables = _copies(_of_world(world))
    parameters = tables["parameters"] = parameter_table(scale_to_size(dict(values), world.size))
    tables["near"] = nearness(world, float(parameters["displacement"]["distance_decay"][0]))
    fighters = int(parameters["membership"]["fighters_day0"][0])
    tables["crews"]["fighters"] = apportion(fighters, [crew.weight for crew in world.crews])
    tables["contingents"]["readiness"] = float(parameters["equipment"]["full_readiness"][0])
    tables["displaced"] = displaced_on_day_0(world, tables)
    tables["hosted"] = turned(world, tables["displaced"])
    form_brigades(tables)
    equip_gangs(tables)
    open_services(tables)
    tables |= _institutions(world, tables)
    tables["months"] = new_table(Month, 1)
    tables["ledger"] = _ledger(tables)
    count_gangs_of_day_0(tables)
    return tables


def _copies(tables: Mapping[str, Array]) -> dict[str, Array]:
    """Return copies of the tables that are written."""
    return {name: table if name in ONLY_READ else table.copy() for name, table in tables.items()}


def _institutions(world: World, tables: Mapping[str, Array]) -> dict[str, Array]:
    """Return the institutions: no mandate and no money until an event brings them."""
    parameters = tables["parameters"]
    made = {
        "mission": new_table(MissionStatus, 1),
        "fund": new_table(MissionFund, 1),
        "governance": new_table(GovernanceStatus, 1),
        "coalition": new_table(GangCoalition, 1),
        "counters": new_table(Counters, 1),
        "moods": new_table(MoodLevels, 1),
    }
    mission = MissionStatus().bind(made["mission"], 0)
    mission.mandate, mission.headquarters = NO_MANDATE, headquarters_of(world)
    mission.un_takeover_day, mission.started_on = -1, -1
    governance = GovernanceStatus().bind(made["governance"], 0)
    level = float(parameters["governance"]["leaders_coordination_day0"][0])
    governance.leaders_coordination = governance.coordination = level
    governance.recent_killings = float(parameters["casualties"]["killed_day0"][0])
    GangCoalition().bind(made["coalition"], 0).offensive_until = -1
    counters = Counters().bind(made["counters"], 0)
    counters.crews, counters.units = len(world.crews), len(world.units)
    counters.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    return made


def headquarters_of(world: World) -> int:
    """Return the row of the mission's base.

    It is the district that the world names, else the capital's airport, else the district with the
    most people that the state holds.
    """
    if world.headquarters:
        return district_numbers(world)[world.headquarters]
    airports = [
        row for row, place in enumerate(world.districts) if place.metropolitan and place.airport
    ]
    return airports[0] if airports else max(range(len(world.districts)), key=_safety(world))


def _safety(world: World) -> Callable[[int], tuple[bool, int]]:
    """Return what is larger for a row where a mission would rather be based."""
    return lambda row: (
        world.districts[row].holder == STATE,
        world.districts[row].residents_2015,
    )


def _ledger(tables: Mapping[str, Array]) -> Array:
    """Return the ledger of day 0."""
    table = new_table(Ledger, 1)
    ledger = Ledger().bind(table, 0)
    people, prisoners = tables["districts"]["people"], tables["parameters"]["membership"]
    ledger.residents_on_day_0 = int(people["residents"].sum() + people["displaced_hosted"].sum())
    ledger.fighters_on_day_0 = int(tables["crews"]["fighters"].sum())
    ledger.officers_on_day_0 = int(tables["units"]["officers"].sum())
    ledger.firearms_on_day_0 = int(tables["gangs"]["firearms"].sum())
    ledger.cash_on_day_0 = int(tables["gangs"]["treasury"].sum())
    ledger.prisoners = ledger.prisoners_on_day_0 = int(prisoners["prisoners_day0"][0])
    return table
