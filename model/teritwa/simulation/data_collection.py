"""Recording: what a run leaves behind, in arrays made before it starts."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import numpy as np

from teritwa.engine.arguments import as_list
from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import InputError, quoted
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
        self.districts, self.weeks = tables["districts"], weeks(days)
        self.names = outcome_names(outcomes)
        self.daily: list[tuple[Array, Array]] = []
        self.weekly: list[tuple[Array, Array]] = []
        self.copies: dict[tuple[str, str], Array] = {}
        for name in self.names:
            often = OUTCOMES[name].dimensions[0]
            for source in OUTCOMES[name].reads:
                if (often, source) not in self.copies:
                    now = _view(tables, source)
                    length = days if often == "date" else len(self.weeks)
                    copies = np.zeros((length, *now.shape), now.dtype)
                    self.copies[often, source] = copies
                    (self.daily if often == "date" else self.weekly).append((now, copies))

    def note(self, day: int) -> None:
        """Copy the state as a day ends; places each week and on the last day."""
        for now, copies in self.daily:
            copies[day] = now
        if day % 7 == 0 or day == self.weeks[-1]:
            for now, copies in self.weekly:
                copies[(day + 6) // 7] = now

    def outcomes(self) -> dict[str, Array]:
        """Return the outcomes by name, as `teritwa.rules.outcomes` describes them."""
        found = {}
        for name in self.names:
            outcome = OUTCOMES[name]
            often = outcome.dimensions[0]
            copies = (self.copies[often, source] for source in outcome.reads)
            values = outcome.measure(self.districts, *copies)
            found[name] = as_stored(name, np.ascontiguousarray(values), outcome.stored)
        return found


def as_stored(name: str, values: Array, stored: str) -> Array:
    """Return values in the type in which an outcome is stored.

    Raises:
        OutcomeRangeError: If a value does not fit the type; NumPy would wrap it in silence.
    """
    kind = np.dtype(stored)
    limits = np.iinfo(kind) if kind.kind == "i" else np.finfo(kind)
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
