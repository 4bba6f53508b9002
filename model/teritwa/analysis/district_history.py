"""The history of one district in the stored runs, by week; which district and run are meant."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result, check_finished
from teritwa.ensemble.run_set import parse_run

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

Run = tuple[int, int]
"""Draw and replicate."""


@dataclass(frozen=True, slots=True)
class DistrictHistory:
    """One district over all runs, by stored week; arrays are of shape (run, week).

    A district *falls* in the week in which gangs hold it and did not the week before, and is
    *regained* in the week of the reverse; what happens within a week is not seen. ``influence`` is
    a share, the other arrays count persons. ``events`` are the days and labels of the scenario's
    events that name the district, with a question mark if one may not happen; None if the scenario
    cannot be read.
    """

    row: int
    name: str
    metropolitan: bool
    weeks: NDArray[np.datetime64]
    pairs: tuple[Run, ...]
    influence: NDArray[np.float64]
    held: NDArray[np.bool_]
    residents: NDArray[np.float64]
    hosted: NDArray[np.float64]
    officers: NDArray[np.float64]
    fighters: NDArray[np.float64]
    events: tuple[tuple[date, str], ...] | None

    @property
    def falls(self) -> NDArray[np.bool_]:
        """Whether it falls in a week, shape (run, week); never in the first."""
        return np.pad(~self.held[:, :-1] & self.held[:, 1:], ((0, 0), (1, 0)))

    @property
    def regained(self) -> NDArray[np.bool_]:
        """Whether the state regains it in a week, shape (run, week)."""
        return np.pad(self.held[:, :-1] & ~self.held[:, 1:], ((0, 0), (1, 0)))

    @property
    def fallen_share(self) -> NDArray[np.float64]:
        """The share of runs in which it has fallen at least once by each week, shape (week,)."""
        fallen = np.logical_or.accumulate(self.falls, axis=1)
        return np.asarray(fallen.mean(axis=0), np.float64)

    @property
    def first_falls(self) -> list[date]:
        """The week of the first fall in each run in which it falls, sorted."""
        return sorted(self.weeks[int(fell.argmax())].item() for fell in self.falls if fell.any())


def find_district(result: Result, wanted: str) -> int:
    """Return the row of a district by id or name, whatever the case and accents.

    Raises:
        InputError: The result has no such district; the nearest names are listed.
    """
    ids, names = result.labels("district"), result.labels("district_name")
    known: dict[str, int] = {}
    for texts in (names, ids):
        known |= {_plain_words(text): row for row, text in enumerate(texts)}
    plain = _plain_words(wanted)
    if plain in known:
        return known[plain]
    near = list(dict.fromkeys(names[known[text]] for text in _similar(plain, known)))[:3]
    hint = f"{len(names)} are known, among them {', '.join(names[:3])}"
    if near:
        hint = f"did you mean {', '.join(near)}?"
    raise InputError([f"district {wanted!r}: is not in this world; {hint}"])


def _similar(wanted: str, known: Collection[str]) -> list[str]:
    """Return the nearest of some names, and then those that contain what is wanted."""
    containing = [text for text in known if wanted and wanted in text]
    return [*get_close_matches(wanted, known, n=3), *containing]


def _plain_words(text: str) -> str:
    """Return a name without case, accents and marks: sao-joao finds São João, ward-33 Ward 33."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(one for one in characters if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def find_run(result: Result, wanted: str | None) -> Run:
    """Return draw and replicate of a finished run.

    Args:
        result: The result.
        wanted: Draw and replicate as text, such as 3.0; without it, the first finished run.

    Raises:
        ResultError: No run finished.
        InputError: The text is not a run, or the result does not have that run.
    """
    check_finished([result])
    if wanted is None:
        return result.pairs[0]
    try:
        run = parse_run(wanted)
    except ValueError as error:
        raise InputError([f"run {error}"]) from None
    if run not in result.pairs:
        draws, replicates = (int(result.manifest[key]) - 1 for key in ("draws", "replicates"))
        there = f"draws 0 to {draws}, replicates 0 to {replicates}, except those that failed"
        raise InputError([f"run {wanted}: is not in {result.path}; it has {there}"])
    return run


def scenario_of(result: Result) -> "Scenario":
    """Return the scenario that ran, from the folder of the result.

    Raises:
        InputError: The scenario cannot be read, or it or its world has changed since it ran.
    """
    from teritwa.scenario import load

    scenario = load(str(result.path / "resolved.yaml"))
    if scenario.digest() != result.manifest["digest"]:
        raise InputError([f"{result.path}: its world or scenario has changed since it ran"])
    return scenario


def district_history(result: Result, row: int, scenario: "Scenario | None") -> DistrictHistory:
    """Return the history of a district over all finished runs.

    Args:
        result: A result with finished runs.
        row: Row of the district.
        scenario: The scenario that ran, for the events that name the district.
    """
    stored = ("gang_influence", "residents", "displaced_hosted", "officers_posted", "gang_fighters")
    influence, residents, hosted, officers, fighters = (
        result.runs(name)[:, :, row].astype(np.float64) for name in stored
    )
    name, metropolitan = result.labels("district_name")[row], bool(result.metropolitan()[row])
    events = None
    if scenario is not None:
        events = tuple(_events_naming(scenario, result.labels("district")[row]))
    return DistrictHistory(
        row, name, metropolitan, result.weeks, result.pairs,
        influence, result.runs("held_by_gangs")[:, :, row] == 1,
        residents, hosted, officers, fighters, events,
    )  # fmt: skip


def _events_naming(scenario: "Scenario", district: str) -> Iterator[tuple[date, str]]:
    """Yield the day and label of each dated event that names a district."""
    named = {
        event.id
        for event in scenario.events
        if district
        in (*getattr(event.action, "targets", ()), getattr(event.action, "district", None))
    }
    for day, event, label in scenario.calendar():
        if event in named:  # the label names only the first of the places, so it is cut
            yield day, label.partition(":")[0] + ("?" if label.endswith("?") else "")
