"""The history of one district in one run, day by day: who held it, who attacked, who operated, who fled.

A result keeps places by the week, and no names of gangs. What one run was like is therefore told by running it again:
the same scenario, draw and replicate give the same run (`retold` checks that they do).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from typing import TYPE_CHECKING

import numpy as np

from teritwa.analysis.district_history import Run
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.world import HELD

if TYPE_CHECKING:
    from teritwa.scenario import Scenario
    from teritwa.simulation.model import Mission

STATE_NAME, SOME_GANGS = "the state", "gangs, none present"
"""Who holds a district that no gang holds, and one that gangs hold without a crew there."""

SETTLED = 14
"""Days for which one hand must hold a district to be told by itself: a choice for reading."""

DRIVEN, BACK = "forces drove its crew into hiding", "the crew came back out of hiding"
"""What is counted rather than listed, for it may happen every few days."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A time in which one hand held the district in a run, or in which it was contested, and what happened in it.

    ``last`` is its last day; ``holders`` counts days by who held it, the longest first; ``attacks`` counts by the gang
    that led, those on its own people in ``preyed`` instead; ``operated`` counts the days on which police, army and
    mission operated there; ``away`` is who is displaced from here as it ends; ``turns`` are dated words.
    """

    first: date
    last: date
    holders: dict[str, int]
    attacks: dict[str, int]
    preyed: int
    killed: int
    bystanders: int
    kidnapped: int
    fled: int
    away: int
    operated: dict[str, int]
    turns: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Retold:
    """One run's days in the district, as the model had them when each day ended."""

    pair: Run
    start: date
    days: tuple["Day", ...]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The days, parted wherever the district changes hands; times of less than `SETTLED` days are put together."""
        dated = [(self.start + timedelta(days=i), day) for i, day in enumerate(self.days)]
        hands = [list(part) for _, part in groupby(dated, key=lambda entry: entry[1].holder)]
        found: list[Chapter] = []
        for brief, parts in groupby(hands, key=lambda part: len(part) < SETTLED):
            several = list(parts)
            found += [_chapter(list(chain(*several)))] if brief else [_chapter(part) for part in several]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Day:
    """What one day was like in the district; names are those of gangs."""

    holder: str
    """Who holds it as outcomes count it, by `HELD`; the run's own rules draw that line at ``control.threshold``."""
    influence: float
    attacker: str
    """Who led an attack that night, or nothing."""
    at_home: bool
    """Whether that was an attack of those who hold the place, or their friends, on its people."""
    killed: int
    bystanders: int
    kidnapped: int
    fled: int
    away: int
    operated: tuple[str, ...]
    turns: tuple[str, ...]


def retold(result: Result, scenario: "Scenario", row: int, pair: Run) -> Retold:
    """Run one run again and return its days in a district; raise InputError unless it is the run that was stored."""
    from teritwa.simulation.model import Mission

    mission = Mission(scenario, *pair, outcomes=())
    days: list[Day] = []
    before = _standing(mission, row)
    for _ in range(scenario.days):
        mission.step()
        now = _standing(mission, row)
        days.append(_day(mission, row, (before, now)))
        before = now
    stored = result.runs("gang_influence")[result.pairs.index(pair), :, row]
    at = (result.weeks - result.dates[0]).astype(int)
    again = np.array([days[day].influence for day in at]).astype(stored.dtype)
    if not np.array_equal(stored, again):
        raise InputError([f"{result.path}: this version of the program gives other runs than those stored"])
    return Retold(pair, scenario.start, tuple(days))


Standing = tuple[bool, bool, bool]
"""Whether a police station works in the district, a forward base is open, and a crew was driven into hiding."""


def _standing(mission: "Mission", row: int) -> Standing:
    place = mission.tables["districts"][row]
    return (
        bool(place["control"]["station"]),
        bool(place["control"]["forward_base"]),
        int(place["control"]["cleared_on"]) >= 0,
    )


def _day(mission: "Mission", row: int, standing: tuple[Standing, Standing]) -> Day:
    """Read a district as the day has just ended."""
    place, day = mission.tables["districts"][row], mission.day - 1
    attacker = int(place["night"]["lead_crew"]) if place["night"]["attackers"] > 0 else -1
    led = mission.world.gangs[int(mission.tables["crews"][attacker]["gang"])].name if attacker >= 0 else ""
    influence = float(place["control"]["gang_influence"])
    operated = tuple(force for force in ("police", "army", "mission") if place[f"{force}_engaged"] > 0)
    turns = list(_turns(*standing))
    if int(place["control"]["cleared_on"]) == day:
        turns.append(DRIVEN)
    return Day(
        _gang_that_holds(mission, row) if influence >= HELD else STATE_NAME, influence, led,
        attacker >= 0 and int(place["control"]["attacked_on"]) != day, int(place["counts"]["civilians_killed"]),
        int(place["counts"]["bystanders_killed"]), int(place["counts"]["kidnapped"]), int(place["night"]["fleeing"]), int(place["people"]["displaced_from"]),
        operated, tuple(turns),
    )  # fmt: skip


def _gang_that_holds(mission: "Mission", row: int) -> str:
    """Name the holder or, where the run's own threshold is not reached, the strongest that means to hold the place."""
    place, crews = mission.tables["districts"][row], mission.tables["crews"]
    contender = int(place["presence"]["strongest_claimant"])
    gang = (
        int(place["control"]["holder"])
        if place["control"]["holder"] >= 0
        else int(crews[contender]["gang"])
        if contender >= 0
        else -1
    )
    return mission.world.gangs[gang].name if gang >= 0 else SOME_GANGS


def _turns(before: Standing, now: Standing) -> Iterator[str]:
    """Say what opened, closed or came back within a day."""
    words = (("its police station was lost", "its police station reopened"),
             ("its forward base was lost", "a forward base opened"),
             (BACK, ""))  # fmt: skip
    for was, is_now, (lost, gained) in zip(before, now, words, strict=True):
        if was != is_now and (gained if is_now else lost):
            yield gained if is_now else lost


def _chapter(dated: list[tuple[date, Day]]) -> Chapter:
    """Sum up consecutive days under one holder."""
    days = [day for _, day in dated]
    led = [day.attacker for day in days if day.attacker and not day.at_home]
    forces = [force for day in days for force in day.operated]
    return Chapter(
        dated[0][0], dated[-1][0], _counts([day.holder for day in days]), _counts(led),
        sum(bool(day.attacker) and day.at_home for day in days),
        sum(day.killed for day in days), sum(day.bystanders for day in days), sum(day.kidnapped for day in days),
        sum(day.fled for day in days), days[-1].away,
        {force: forces.count(force) for force in ("police", "army", "mission")},
        tuple((when, turn) for when, day in dated for turn in day.turns),
    )  # fmt: skip


def _counts(names: list[str]) -> dict[str, int]:
    """How often each name occurs, the most frequent first."""
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: (-names.count(name), name))}
