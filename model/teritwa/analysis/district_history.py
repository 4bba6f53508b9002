"""The history of one district as the stored runs tell it, by the week; which district and which run are meant."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result, ResultError
from teritwa.world import HELD

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

Run = tuple[int, int]
"""Draw and replicate."""


@dataclass(frozen=True, slots=True)
class Story:
    """One district over all runs, by stored week; arrays are (run, week).

    A district *falls* in the week in which gangs hold it and did not the week before, and is *regained* in the week
    of the reverse; what happens within a week goes unseen. ``events`` are the days and words of the scenario's events
    that name the district, one that may not happen with a question mark; None if the scenario cannot be read.
    """

    row: int
    name: str
    metropolitan: bool
    weeks: NDArray[np.datetime64]
    pairs: tuple[Run, ...]
    influence: NDArray[np.float64]
    residents: NDArray[np.float64]
    hosted: NDArray[np.float64]
    officers: NDArray[np.float64]
    fighters: NDArray[np.float64]
    events: tuple[tuple[date, str], ...] | None

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether gangs hold it, (run, week)."""
        return self.influence >= HELD

    @property
    def falls(self) -> NDArray[np.bool_]:
        """Whether it falls in a week, (run, week); never in the first."""
        return np.pad(~self.held[:, :-1] & self.held[:, 1:], ((0, 0), (1, 0)))

    @property
    def regained(self) -> NDArray[np.bool_]:
        """Whether the state regains it in a week, (run, week)."""
        return np.pad(self.held[:, :-1] & ~self.held[:, 1:], ((0, 0), (1, 0)))

    @property
    def fallen_share(self) -> NDArray[np.float64]:
        """The share of runs in which it has fallen at least once by each week."""
        return np.asarray(np.logical_or.accumulate(self.falls, axis=1).mean(axis=0), np.float64)

    @property
    def first_falls(self) -> list[date]:
        """The week of the first fall in each run in which it falls, sorted."""
        return sorted(self.weeks[int(fell.argmax())].item() for fell in self.falls if fell.any())


def find_district(result: Result, wanted: str) -> int:
    """Return the row of a district by id or name, whatever its case and accents; raise InputError with the nearest."""
    ids, names = result.labels("district"), result.labels("district_name")
    known: dict[str, int] = {}
    for texts in (names, ids):
        known |= {_plain(text): row for row, text in enumerate(texts)}
    if _plain(wanted) in known:
        return known[_plain(wanted)]
    within = [text for text in known if _plain(wanted) and _plain(wanted) in text]
    close = [*get_close_matches(_plain(wanted), known, n=3), *within]
    near = ", ".join(list(dict.fromkeys(names[known[text]] for text in close))[:3])
    words = f"did you mean {near}?" if near else f"{len(names)} are known, among them {', '.join(names[:3])}"
    raise InputError([f"district {wanted!r}: is not in this world; {words}"])


def _plain(text: str) -> str:
    """A name without case, accents and marks, so that Leogane finds Léogâne, and delmas-33 Delmas 33."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(one for one in letters if not unicodedata.combining(one))).strip()


def find_run(result: Result, wanted: str | None) -> Run:
    """Return draw and replicate of a finished run, the first if none is asked for; raise InputError if it is not there."""
    if result.count == 0:
        raise ResultError([f"{result.path}: no run finished, so there is nothing to tell"])
    if wanted is None:
        return result.pairs[0]
    draw, _, replicate = wanted.partition(".")
    if not (draw.isdecimal() and replicate.isdecimal()):
        raise InputError([f"run {wanted!r}: is not DRAW.REPEAT, such as 3.0"])
    if (int(draw), int(replicate)) not in result.pairs:
        draws, replicates = (int(result.manifest[key]) - 1 for key in ("draws", "replicates"))
        there = f"draws 0 to {draws}, replicates 0 to {replicates}, but for those that failed"
        raise InputError([f"run {wanted}: is not in {result.path}; it has {there}"])
    return int(draw), int(replicate)


def scenario_of(result: Result) -> "Scenario":
    """Return the scenario that ran, from the result's own folder; raise InputError if it is not what it was."""
    from teritwa.scenario import load

    scenario = load(str(result.path / "resolved.yaml"))
    if scenario.digest() != result.manifest["digest"]:
        raise InputError([f"{result.path}: its world or scenario has changed since it ran"])
    return scenario


def story_of(result: Result, row: int, scenario: "Scenario | None") -> Story:
    """Return what all finished runs say of a district."""
    stored = ("gang_influence", "residents", "displaced_hosted", "officers_posted", "gang_fighters")
    influence, residents, hosted, officers, fighters = (
        result.runs(name)[:, :, row].astype(np.float64) for name in stored
    )
    about = (row, result.labels("district_name")[row], bool(result.metropolitan()[row]), result.weeks, result.pairs)
    name = result.labels("district")[row]
    events = None if scenario is None else tuple(_events_about(scenario, name))
    return Story(*about, influence, residents, hosted, officers, fighters, events)


def _events_about(scenario: "Scenario", district: str) -> Iterator[tuple[date, str]]:
    """The day and words of each dated event that names a district."""
    named = {
        event.id
        for event in scenario.events
        if district in (*getattr(event.action, "targets", ()), getattr(event.action, "district", None))
    }
    for day, event, label in scenario.calendar():
        if event in named:  # of the places in the label only the first are named
            yield day, label.partition(":")[0] + ("?" if label.endswith("?") else "")
