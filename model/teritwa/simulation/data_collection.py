"""Recording: what a run leaves behind, in arrays made before it starts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

import numpy as np

from teritwa.engine.arguments import as_list
from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import InputError, quoted
from teritwa.engine.recorder import Recorder, memory_of, places_of, record, values_of
from teritwa.engine.records import Array
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario
from teritwa.world import World
from teritwa.world.codes import PERPETRATORS, VICTIMS


class OutcomeRangeError(Exception):
    """A value of an outcome does not fit the type in which it is stored."""


def weeks(days: int) -> list[int]:
    """Return the days on which places are recorded: 0, 7, 14 ... and the last."""
    found = list(range(0, days, 7))
    return found if found[-1] == days - 1 else [*found, days - 1]


def coordinates(scenario: Scenario, world: World) -> dict[str, list[object]]:
    """Return the values along each dimension of the outcomes, in order."""
    dates = [scenario.start + timedelta(days=day) for day in range(scenario.days)]
    return {
        "date": list(np.array(dates, "datetime64[D]")),
        "week": list(np.array([dates[day] for day in weeks(scenario.days)], "datetime64[D]")),
        "district": [row.id for row in world.districts],
        "contingent": [row.id for row in world.contingents],
        "perpetrator": list(PERPETRATORS),
        "victim": list(VICTIMS),
    }


def outcome_names(given: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the names of the outcomes to record.

    Args:
        given: Names; one alone is a list of one, and None means all.

    Raises:
        InputError: If the model has no outcome of a name.
    """
    names = list(OUTCOMES) if given is None else as_list(given, str)
    unknown = [str(name) for name in names if name not in OUTCOMES]
    if unknown:
        there = f"; there are {', '.join(sorted(OUTCOMES))}"
        raise InputError([
            f"{quoted(name)}: is not an outcome{did_you_mean(name, OUTCOMES) or there}"
            for name in unknown
        ])  # fmt: skip
    return tuple(names)


class Recording:
    """Copies of fields at the end of each day, and the outcomes that follow from them.

    Recording draws no chance and changes nothing; what is not asked for is not copied.
    """

    def __init__(
        self, tables: Mapping[str, Array], days: int, outcomes: str | Iterable[str] | None
    ) -> None:
        self.districts, self.names = tables["districts"], outcome_names(outcomes)
        read = {
            (OUTCOMES[name].dimensions[0] == "date", source)
            for name in self.names
            for source in OUTCOMES[name].reads
        }
        self.daily = {source: _view(tables, source) for daily, source in sorted(read) if daily}
        self.weekly = {source: _view(tables, source) for daily, source in sorted(read) if not daily}
        memory = memory_of(tables)
        daily, weekly = _places(memory, self.daily), _places(memory, self.weekly)
        self.recorder = Recorder(
            memory,
            daily,
            np.zeros((days, len(daily)), np.int64),
            weekly,
            np.zeros((len(weeks(days)), len(weekly)), np.int64),
            days - 1,
        )

    def note(self, day: int) -> None:
        """Copy the state as a day ends; places each week and on the last day."""
        record(self.recorder, day)

    def outcomes(self) -> dict[str, Array]:
        """Return the outcomes by name, as `teritwa.rules.outcomes` describes them."""
        daily = dict(_copies(self.recorder.memory, self.daily, self.recorder.daily))
        weekly = dict(_copies(self.recorder.memory, self.weekly, self.recorder.weekly))
        found = {}
        for name in self.names:
            outcome = OUTCOMES[name]
            copies = daily if outcome.dimensions[0] == "date" else weekly
            values = outcome.measure(self.districts, *(copies[source] for source in outcome.reads))
            found[name] = as_stored(name, np.ascontiguousarray(values), outcome.stored)
        return found


def _places(memory: Array, views: Mapping[str, Array]) -> Array:
    """Return the places in memory of all views, one after the other."""
    found = [np.zeros(0, np.int64), *(places_of(memory, view) for view in views.values())]
    return np.concatenate(found)


def _copies(memory: Array, views: Mapping[str, Array], words: Array) -> Iterator[tuple[str, Array]]:
    """Yield the source of each view, and its values on each day or week (copy, ...)."""
    first = 0
    for source, view in views.items():
        yield source, values_of(memory, view, words[:, first : first + view.size])
        first += view.size


def as_stored(name: str, values: Array, stored: str) -> Array:
    """Return values in the type in which an outcome is stored.

    Raises:
        OutcomeRangeError: If a value does not fit the type; NumPy would wrap it in silence.
    """
    kind = np.dtype(stored)
    limits = np.iinfo(kind) if kind.kind == "i" else np.finfo(kind)
    if values.size == 0 or (values.min() >= limits.min and values.max() <= limits.max):
        return values.astype(stored)
    sound = values[np.isfinite(values)]
    outside = sound[(sound < limits.min) | (sound > limits.max)]
    if outside.size:
        raise OutcomeRangeError(
            f"{name}: {outside[0]:,} does not fit its type on disk, {kind.name} "
            f"(from {limits.min:,} to {limits.max:,})"
        )
    return values.astype(stored)


def _view(tables: Mapping[str, Array], source: str) -> Array:
    """Return the memory of a table, or of one field of it, given as ``table.group.field``."""
    table, *fields = source.split(".")
    found = tables[table]
    for field in fields:
        found = found[field]
    return found
