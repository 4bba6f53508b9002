"""One run replayed in one district, day by day: who held it, attacked, operated and fled.

A result keeps districts by week, and no names of gangs. One run is therefore shown by running it
again: the same scenario, draw and replicate give the same run (`replay_district` checks this).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from typing import TYPE_CHECKING

import numpy as np

from teritwa.analysis.district_history import Run
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.rules.agents.district import STATE

if TYPE_CHECKING:
    from teritwa.scenario import Scenario
    from teritwa.simulation.model import Mission

STATE_NAME = "the state"
"""Who holds a district that no gang holds."""

FORCES = ("police", "army", "mission")

MINIMUM_DAYS = 14
"""Days for which one side must hold a district to have an episode of its own: a choice for
reading."""

DRIVEN_OUT, RETURNED = "forces drove its crew into hiding", "the crew came back out of hiding"
"""Changes that are counted rather than listed, because they may happen every few days."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the district; names are those of gangs.

    ``attacker`` led an attack that night, or is empty; ``by_holder`` says whether that was an
    attack of those who hold the district, or their allies, on its people. ``displaced_from`` is
    how many are displaced from here as the day ends.
    """

    holder: str
    influence: float
    attacker: str
    by_holder: bool
    killed: int
    bystanders: int
    kidnapped: int
    fled: int
    displaced_from: int
    operated: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which one side held the district in a run, or in which it was contested.

    ``last`` is its last day. ``holders`` counts days by who held it, the longest first. ``attacks``
    counts attacks by the gang that led them, but those of the holder on its own people in
    ``attacks_by_holder``. ``operated`` counts the days on which each force operated there.
    ``displaced_from`` is how many are displaced from here as it ends. ``changes`` are dated texts.
    """

    first: date
    last: date
    holders: dict[str, int]
    attacks: dict[str, int]
    attacks_by_holder: int
    killed: int
    bystanders: int
    kidnapped: int
    fled: int
    displaced_from: int
    operated: dict[str, int]
    changes: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class DistrictReplay:
    """The days of one run in the district, as the model had them when each day ended."""

    pair: Run
    start: date
    days: tuple[Day, ...]

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """The days, split wherever the holder changes.

        Neighbouring times of fewer than `MINIMUM_DAYS` days make one contested episode.
        """
        dated = [(self.start + timedelta(days=i), day) for i, day in enumerate(self.days)]
        spells = [list(part) for _, part in groupby(dated, key=lambda entry: entry[1].holder)]
        found: list[Episode] = []
        for brief, parts in groupby(spells, key=lambda part: len(part) < MINIMUM_DAYS):
            several = list(parts)
            joined = [list(chain(*several))] if brief else several
            found += [_episode(part) for part in joined]
        return tuple(found)


def replay_district(result: Result, scenario: "Scenario", row: int, pair: Run) -> DistrictReplay:
    """Run one run again and return its days in a district.

    Args:
        result: The stored result.
        scenario: The scenario that ran.
        row: Row of the district.
        pair: Draw and replicate of a finished run.

    Raises:
        InputError: The run differs from the one that was stored.
    """
    from teritwa.simulation.model import Mission

    mission = Mission(scenario, *pair, outcomes=())
    days: list[Day] = []
    before = _status(mission, row)
    for _ in range(scenario.days):
        mission.step()
        after = _status(mission, row)
        days.append(_day(mission, row, (before, after)))
        before = after
    stored = result.runs("gang_influence")[result.pairs.index(pair), :, row]
    week_days = (result.weeks - result.dates[0]).astype(int)
    replayed = np.array([days[day].influence for day in week_days]).astype(stored.dtype)
    if not np.array_equal(stored, replayed):
        differs = "this version of the program gives other runs than those stored"
        raise InputError([f"{result.path}: {differs}"])
    return DistrictReplay(pair, scenario.start, tuple(days))


Status = tuple[bool, bool, bool]
"""Whether a police station works, a forward base is open, and a crew was driven into hiding."""


def _status(mission: "Mission", row: int) -> Status:
    """Return the status of a district."""
    control = mission.tables["districts"]["control"][row]
    return bool(control["station"]), bool(control["forward_base"]), int(control["cleared_on"]) >= 0


def _day(mission: "Mission", row: int, status: tuple[Status, Status]) -> Day:
    """Return a district as the day has just ended; the status is that before and after the day."""
    district, day = mission.tables["districts"][row], mission.day - 1
    control, counts = district["control"], district["counts"]
    attacker = _attacking_gang(mission, row)
    influence = float(control["gang_influence"])
    changes = list(_changes(*status))
    if int(control["cleared_on"]) == day:
        changes.append(DRIVEN_OUT)
    return Day(
        _holder(mission, row), influence, attacker,
        bool(attacker) and int(control["attacked_on"]) != day, int(counts["civilians_killed"]),
        int(counts["bystanders_killed"]), int(counts["kidnapped"]),
        int(district["night"]["fleeing"]), int(district["people"]["displaced_from"]),
        tuple(force for force in FORCES if district["presence"][f"{force}_engaged"] > 0),
        tuple(changes),
    )  # fmt: skip


def _attacking_gang(mission: "Mission", row: int) -> str:
    """Return the gang that led an attack on a district this night, or nothing."""
    night = mission.tables["districts"]["night"][row]
    return _gang_of_crew(mission, int(night["lead_crew"])) if night["attackers"] > 0 else ""


def _holder(mission: "Mission", row: int) -> str:
    """Return the gang that holds a district, or the state."""
    holder = int(mission.tables["districts"]["control"]["holder"][row])
    return mission.world.gangs[holder].name if holder != STATE else STATE_NAME


def _gang_of_crew(mission: "Mission", crew: int) -> str:
    """Return the name of the gang of a crew, or nothing if there is no such crew."""
    if crew < 0:
        return ""
    return mission.world.gangs[int(mission.tables["crews"][crew]["gang"])].name


def _changes(before: Status, after: Status) -> Iterator[str]:
    """Yield what opened, closed or came back within a day."""
    texts = (
        ("its police station was lost", "its police station reopened"),
        ("its forward base was lost", "a forward base opened"),
        (RETURNED, ""),
    )
    for was, is_now, (lost, gained) in zip(before, after, texts, strict=True):
        text = gained if is_now else lost
        if was != is_now and text:
            yield text


def _episode(dated: Sequence[tuple[date, Day]]) -> Episode:
    """Summarise consecutive days."""
    days = [day for _, day in dated]
    changes = [(when, change) for when, day in dated for change in day.changes]
    return Episode(
        first=dated[0][0],
        last=dated[-1][0],
        holders=_counts([day.holder for day in days]),
        attacks=_counts(_attackers_from_outside(days)),
        attacks_by_holder=_total(days, "by_holder"),
        killed=_total(days, "killed"),
        bystanders=_total(days, "bystanders"),
        kidnapped=_total(days, "kidnapped"),
        fled=_total(days, "fled"),
        displaced_from=days[-1].displaced_from,
        operated=_days_operated(days),
        changes=tuple(changes),
    )


def _attackers_from_outside(days: Sequence[Day]) -> list[str]:
    """Return the gang that led each attack that was not one of the holder."""
    return [day.attacker for day in days if day.attacker and not day.by_holder]


def _days_operated(days: Sequence[Day]) -> dict[str, int]:
    """Return on how many days each force operated."""
    return {force: sum(force in day.operated for day in days) for force in FORCES}


def _total(days: Sequence[Day], name: str) -> int:
    """Return a count added up over days."""
    return sum(int(getattr(day, name)) for day in days)


def _counts(names: list[str]) -> dict[str, int]:
    """Return how often each name occurs, the most frequent first."""
    ordered = sorted(set(names), key=lambda name: (-names.count(name), name))
    return {name: names.count(name) for name in ordered}
