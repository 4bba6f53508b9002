"""State: all records of one run in one object, which rules take as their argument."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from teritwa.engine.records import Array, Record, Rows, as_numbers, as_rows, single_row
from teritwa.rules.agents.accounts import DailyCounts, Ledger
from teritwa.rules.agents.district import Candidate, Destination, District, Link, Region, Way
from teritwa.rules.agents.doctrine import Doctrine, Posture
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institutions import (
    Counters,
    Donor,
    GangCoalition,
    GovernanceStatus,
    MissionFund,
    MissionStatus,
    Month,
    MoodLevels,
)
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit

POPULATIONS: Mapping[str, type[Record]] = {
    "districts": District,
    "regions": Region,
    "links": Link,
    "destinations": Destination,
    "ways": Way,
    "candidates": Candidate,
    "gangs": Gang,
    "crews": Crew,
    "units": PoliceUnit,
    "contingents": Contingent,
    "donors": Donor,
    "postures": Posture,
    "doctrines": Doctrine,
    "months": Month,
}
"""Kinds of records with many rows, by the name of their table."""

SINGLES: Mapping[str, type[Record]] = {
    "mission": MissionStatus,
    "fund": MissionFund,
    "governance": GovernanceStatus,
    "coalition": GangCoalition,
    "counters": Counters,
    "moods": MoodLevels,
    "ledger": Ledger,
    "daily": DailyCounts,
}
"""Kinds of records with a single row, by the name of their table."""

MATRICES = (
    "allied_fighters",
    "displaced",
    "hosted",
    "near",
    "safety",
    "pulls",
    "guide",
    "assaulted",
    "killed",
    "killed_under_gangs",
    "injured",
)
"""Names of the tables of plain numbers, which `State` describes."""


class State(NamedTuple):
    """All records of one run.

    Rules only read ``links``, ``destinations``, ``ways``, ``near`` and ``parameters``.
    """

    districts: Rows[District]
    regions: Rows[Region]
    links: Rows[Link]
    destinations: Rows[Destination]
    ways: Rows[Way]
    candidates: Rows[Candidate]
    gangs: Rows[Gang]
    crews: Rows[Crew]
    units: Rows[PoliceUnit]
    contingents: Rows[Contingent]
    donors: Rows[Donor]
    postures: Rows[Posture]
    doctrines: Rows[Doctrine]
    months: Rows[Month]
    mission: MissionStatus
    fund: MissionFund
    governance: GovernanceStatus
    coalition: GangCoalition
    counters: Counters
    moods: MoodLevels
    ledger: Ledger
    daily: DailyCounts
    allied_fighters: Array
    """(district, alliance): fighters present of an old alliance; in column 0, of all gangs."""
    displaced: Array
    """(destination): displaced persons of the origin who stay at the host, a whole number."""
    hosted: Array
    """(destination): displaced persons of the host who stay at the origin, the same turned."""
    near: Array
    """(destination): attractiveness of a host by nearness and size."""
    safety: Array
    """(district): how attractive it is to people who flee today; 0 where gangs hold."""
    pulls: Array
    """(district): working memory for sums over destinations, not used between rules."""
    guide: Array
    """(district): working memory for a search in ``pulls``, not used between rules."""
    assaulted: Array
    """(district): working memory for rows of districts, not used between rules."""
    killed: Array
    """(perpetrator, victim): persons killed today, axes as in `teritwa.world.codes`."""
    killed_under_gangs: Array
    """(perpetrator, victim): persons killed today in districts that gangs hold."""
    injured: Array
    """(perpetrator, victim): persons injured today."""
    parameters: Any
    """The values of each family of parameters; a rule reads them by ``Family.of(state)``."""
    companions: Any
    """The tables of extensions; a rule reads them by ``Companion.of(state)``."""
    daily_numbers: Array
    """(1, field): the memory of ``daily``, used to set all counts to zero."""
    local_numbers: Array
    """(district, field): the memory of the districts' counts, used to set them to zero."""


def to_state(tables: Mapping[str, Array], parameters: Any, companions: Any = ()) -> State:
    """Collect tables into the state that rules read and write.

    Args:
        tables: The arrays of one run, by the names of `State`; the state shares their memory.
        parameters: The parameters as rules see them.
        companions: The tables of extensions as rules see them.
    """
    parts: dict[str, Any] = {name: tables[name] for name in MATRICES}
    parts |= {name: as_rows(kind, tables[name]) for name, kind in POPULATIONS.items()}
    parts |= {name: single_row(kind, tables[name]) for name, kind in SINGLES.items()}
    parts["daily_numbers"] = as_numbers(tables["daily"])
    parts["local_numbers"] = as_numbers(tables["districts"]["counts"])
    return State(**parts, parameters=parameters, companions=companions)
