"""One parameter at a time from the low to the high end of its range: which matter, and for what.

All else stays as in the scenario, including what it draws, and both ends share their draws and
their random numbers. Each draw is run once, because that is most informative per run; the scenario
itself has replicates, which show what chance alone does. A parameter that acts only together with
another, or only within its range, is overlooked.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.measures import HEADLINE_MEASURES, period_of
from teritwa.analysis.record_tables import records_csv
from teritwa.analysis.sensitivity_effects import (
    FEWEST_DRAWS,
    WORDS,
    Effect,
    Rank,
    chance_effects,
    chance_of,
    effects_of,
    ranked,
)
from teritwa.engine.errors import InputError
from teritwa.engine.files import write_text
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.executors import available_cores
from teritwa.ensemble.run import Progress, simulate
from teritwa.ensemble.run_set import InMemoryRunSet
from teritwa.rules.registry import FAMILIES, registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions import Change
from teritwa.scenario.events import Event
from teritwa.scenario.reader.problems import Problems

RUNS_AT_ONCE = 400
"""Runs whose arrays are held in memory together: some 70 MB for two years."""

CHANCE_PAIRS = 100
"""Pairs of replicates, over all draws, that measure chance; one a draw if draws are more."""

NEEDED = sorted({outcome for measure in HEADLINE_MEASURES for outcome in measure.needs})

CostReport = Callable[[int, float], None]
"""Called before parameters are varied, with the number of runs and the expected seconds."""


@dataclass(frozen=True)
class Sensitivity:
    """The effects of parameters under a scenario, their ranking, and a line for each failed run."""

    scenario: str
    effects: tuple[Effect, ...]
    ranking: tuple[Rank, ...]
    failures: tuple[str, ...]

    def save(self, out: str | Path) -> Path:
        """Write sensitivity.csv and ranking.csv into a folder of the scenario's id.

        Args:
            out: Where that folder is made if it does not exist.

        Returns:
            The folder of the scenario.
        """
        folder = Path(out) / self.scenario
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "sensitivity.csv", records_csv(Effect, self.effects, WORDS))
        write_text(folder / "ranking.csv", records_csv(Rank, self.ranking, WORDS))
        return folder


def sensitivity(
    scenario: Scenario | str | Path,
    *,
    draws: int = 10,
    families: Sequence[str] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
    expected: CostReport | None = None,
) -> Sensitivity:
    """Set each parameter to both ends of its range and measure the effects.

    A parameter that the scenario sets, draws or changes by an event has the value of the end
    throughout.

    Args:
        scenario: The scenario, or the path or name of one.
        draws: Number of draws, at least 8, each with one run at each end.
        families: Families of parameters; without any, all of them.
        jobs: Number of processes; without it, one a core.
        progress: Called after each run.
        expected: Called once with the number of runs and the seconds that they will take.

    Raises:
        InputError: There are too few draws, a family is unknown, or the scenario has a mistake.
    """
    check_draws(draws)
    parameters = parameters_of(families)
    given = scenario if isinstance(scenario, Scenario) else load(scenario)
    base = given.replace(draws=draws, replicates=1)
    run_sets = _simulated(_batches(base, parameters), jobs, progress)
    own = next(run_sets)
    runs = 2 * len(parameters) * draws
    if expected is not None:
        expected(runs, own.seconds / own.completed.size * runs / (jobs or available_cores()))
    chances, failures = chance_of(_values(own)), _failures("the scenario itself", own)
    count = len(parameters) * len(HEADLINE_MEASURES)
    effects = chance_effects(chances, draws, count)
    for one in parameters:
        low, high = next(run_sets), next(run_sets)
        failures += _failures(f"{one.name} low", low) + _failures(f"{one.name} high", high)
        differences = (_values(high) - _values(low))[..., 0]
        effects += effects_of(one, differences, chances, count)
    return Sensitivity(base.id, tuple(effects), ranked(parameters, effects), tuple(failures))


def check_draws(draws: int) -> None:
    """Refuse a number of draws from which nothing can be told apart from chance.

    Raises:
        InputError: There are fewer than `FEWEST_DRAWS` draws.
    """
    if draws < FEWEST_DRAWS:
        reason = "with fewer, no effect can be told apart from chance"
        raise InputError([f"draws: {draws} are too few; ask for at least {FEWEST_DRAWS}: {reason}"])


def parameters_of(families: Sequence[str]) -> list[Parameter]:
    """Return the parameters of families, sorted by name; without a family, all.

    One that is fixed by definition has no range to be moved over, and is left out.

    Raises:
        InputError: A family is unknown.
    """
    _check_families(families)
    chosen = set(families or FAMILIES)
    return [one for one in _movable() if one.name.split(".")[0] in chosen]


def _check_families(families: Sequence[str]) -> None:
    """Raise InputError for families that are unknown."""
    problems, unknown = Problems(), [name for name in families if name not in FAMILIES]
    if unknown:
        raise InputError(
            [
                f"{name}: unknown family of parameters, {problems.near(name, FAMILIES)}"
                for name in unknown
            ]
        )


def _movable() -> list[Parameter]:
    """Return the parameters whose range has two ends, sorted by name."""
    return [one for _, one in sorted(registry().items()) if one.low < one.high]


def with_parameter(scenario: Scenario, name: str, value: float) -> Scenario:
    """Return the scenario with a parameter at one value in every draw, whatever events say.

    Args:
        scenario: The scenario.
        name: Full name of the parameter.
        value: Its value, in its unit.
    """
    events = tuple(_with_value(event, name, value) for event in scenario.events)
    return replace(scenario, params={**scenario.params, name: value}, events=events)


def _with_value(event: Event, name: str, value: float) -> Event:
    """Return an event that, if it changes the parameter, changes it to the value."""
    if not isinstance(event.action, Change):
        return event
    params = tuple((key, value if key == name else old) for key, old in event.action.params)
    return replace(event, action=Change(params))


def _batches(base: Scenario, parameters: Sequence[Parameter]) -> list[list[Scenario]]:
    """Return the scenario alone, then both ends of as many parameters as memory should hold.

    The scenario alone has an even number of replicates: `CHANCE_PAIRS` pairs over all draws.
    """
    own, ends = base.replace(replicates=2 * math.ceil(CHANCE_PAIRS / base.draws)), []
    for one in parameters:
        ends += [with_parameter(base, one.name, end) for end in (one.low, one.high)]
    together = 2 * max(1, RUNS_AT_ONCE // (2 * base.draws))
    return [[own], *(ends[i : i + together] for i in range(0, len(ends), together))]


def _simulated(
    batches: Sequence[Sequence[Scenario]], jobs: int | None, progress: Progress | None
) -> Iterator[InMemoryRunSet]:
    """Yield the runs of every scenario in order, and hold those of one batch in memory.

    Progress counts through all batches.
    """
    total = sum(scenario.draws * scenario.replicates for batch in batches for scenario in batch)
    done, failed = 0, 0
    for batch in batches:

        def report(
            now: int, failed_now: int, _: int, before: tuple[int, int] = (done, failed)
        ) -> None:
            if progress is not None:
                progress(before[0] + now, before[1] + failed_now, total)

        run_sets = simulate(batch, outcomes=NEEDED, jobs=jobs, progress=report)
        done += sum(runs.completed.size for runs in run_sets)
        failed += sum(len(runs.failures) for runs in run_sets)
        yield from run_sets


@dataclass(frozen=True, slots=True)
class _InMemory:
    """Finished runs in memory, as measures read them."""

    run_set: InMemoryRunSet

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome, shape (run, ...)."""
        return self.run_set.arrays[outcome][self.run_set.completed]

    def labels(self, name: str) -> list[str]:
        """Return the texts of a fact about an axis."""
        return [str(text) for text in self.run_set.coordinates.auxiliary[name][1]]


def _values(runs: InMemoryRunSet) -> NDArray[np.float64]:
    """Return every measure of every run; not a number where the run failed.

    Returns:
        Shape (measure, draw, replicate).
    """
    done = runs.completed
    found = np.full((len(HEADLINE_MEASURES), *done.shape), np.nan)
    period = period_of(np.asarray(runs.coordinates.by_dimension["date"], "datetime64[D]"))
    for row, measure in zip(found, HEADLINE_MEASURES, strict=True):
        if done.any():
            row[done] = measure.compute(_InMemory(runs), period)
    return found


def _failures(what: str, runs: InMemoryRunSet) -> list[str]:
    """Return a line for each failed run."""
    return [f"{what}, draw {failure.draw}: {failure.cause}" for failure in runs.failures]
