"""One parameter at a time from the low to the high end of its range: which numbers matter, and for what.

All else stays as in the scenario, also what it draws, and both ends share their draws and their chance; each draw
is run once, for that tells most by the run. A parameter that acts only together with another, or only within its
range, is overlooked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.compare import mean_and_error
from teritwa.analysis.measures import MEASURES, period_of
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import plain
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.executors import available_cores
from teritwa.ensemble.run import Progress, simulate
from teritwa.ensemble.run_set import Runs
from teritwa.rules.registry import FAMILIES, registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions import Change
from teritwa.scenario.events import Event
from teritwa.scenario.reader.problems import Problems

RUNS_AT_ONCE = 400
"""Runs whose arrays are held in memory together: some 70 MB for two years."""

NEEDED = sorted({outcome for measure in MEASURES for outcome in measure.needs})

Expected = Callable[[int, float], None]
"""Told before the parameters are moved: how many runs that takes, and about how many seconds."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What moving one parameter from low to high does to one measure, on average over pairs of runs.

    ``standard_error`` is clustered by draw; ``standardised`` is the effect over the standard deviation of the
    measure over the scenario's own draws (infinite if that is 0 and the effect is not); ``differing`` is how many
    of the ``pairs`` differ at all.
    """

    parameter: str
    low: float
    high: float
    measure: str
    effect: float
    standard_error: float
    standardised: float
    pairs: int
    differing: int


@dataclass(frozen=True, slots=True)
class Rank:
    """The measure that a parameter moves most, by standardised effect, and whether the parameter is felt.

    ``felt`` if any measure differs in any pair; ``share`` is the share of the measures that move by more than
    two standard errors (with ten draws chance alone does that to some 8 % of those that differ).
    """

    rank: int
    parameter: str
    grade: str
    measure: str
    effect: float
    standardised: float
    felt: bool
    share: float


@dataclass(frozen=True)
class Sensitivity:
    """The effects of parameters under a scenario, their order, and the runs that failed, one line each."""

    scenario: str
    effects: tuple[Effect, ...]
    ranking: tuple[Rank, ...]
    failures: tuple[str, ...]

    def save(self, out: str | Path) -> Path:
        """Write sensitivity.csv and ranking.csv into a folder of the scenario's id and return it."""
        folder = Path(out) / self.scenario
        folder.mkdir(parents=True, exist_ok=True)
        write_text(folder / "sensitivity.csv", _table(Effect, self.effects))
        write_text(folder / "ranking.csv", _table(Rank, self.ranking))
        return folder


def sensitivity(
    scenario: Scenario | str | Path,
    *,
    draws: int = 10,
    families: Sequence[str] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
    expected: Expected | None = None,
) -> Sensitivity:
    """Move each parameter of some families (of none: of all) from end to end and measure what follows.

    A parameter that the scenario sets, draws or changes by an event has the end's value throughout. Raise
    InputError for an unknown family or a mistake in the scenario.
    """
    parameters = parameters_of(families)
    given = scenario if isinstance(scenario, Scenario) else load(scenario)
    base = given.replace(draws=draws, replicates=1)
    books = _simulated(_batches(base, parameters), jobs, progress)
    own = next(books)
    runs = 2 * len(parameters) * draws
    if expected is not None:
        expected(runs, own.seconds / draws * runs / (jobs or available_cores()))
    spread, failures, effects = _spread(_values(own)), _failures("the scenario itself", own), list[Effect]()
    for parameter in parameters:
        low, high = next(books), next(books)
        failures += _failures(f"{parameter.name} low", low) + _failures(f"{parameter.name} high", high)
        effects += _effects(parameter, _values(high) - _values(low), spread)
    return Sensitivity(base.id, tuple(effects), _ranking(parameters, effects), tuple(failures))


def parameters_of(families: Sequence[str]) -> list[Parameter]:
    """Return the parameters of families of mechanisms, of all if none is named; raise InputError for an unknown one."""
    problems, known = Problems(), FAMILIES
    unknown = [name for name in families if name not in known]
    if unknown:
        raise InputError([f"{name}: unknown family of parameters, {problems.near(name, known)}" for name in unknown])
    chosen = set(families or known)
    return [one for name, one in sorted(registry().items()) if name.split(".")[0] in chosen]


def moved(scenario: Scenario, name: str, value: float) -> Scenario:
    """Return the scenario with a parameter at one value in every draw and throughout, whatever events say."""
    events = tuple(_with_value(event, name, value) for event in scenario.events)
    return replace(scenario, params={**scenario.params, name: value}, events=events)


def _with_value(event: Event, name: str, value: float) -> Event:
    if not isinstance(event.action, Change):
        return event
    params = tuple((key, value if key == name else old) for key, old in event.action.params)
    return replace(event, action=Change(params))


def _batches(base: Scenario, parameters: Sequence[Parameter]) -> list[list[Scenario]]:
    """The scenario alone, then low and high of each parameter, as many parameters together as memory should hold."""
    ends = [[moved(base, one.name, one.low), moved(base, one.name, one.high)] for one in parameters]
    together = max(1, RUNS_AT_ONCE // (2 * base.draws))
    parts = [ends[i : i + together] for i in range(0, len(ends), together)]
    return [[base], *([one for pair in part for one in pair] for part in parts)]


def _simulated(batches: Sequence[Sequence[Scenario]], jobs: int | None, progress: Progress | None) -> Iterator[Runs]:
    """Yield the runs of every scenario in order, holding one batch of them; progress counts through all batches."""
    total = sum(scenario.draws for batch in batches for scenario in batch)
    done, failed = 0, 0
    for batch in batches:

        def told(now: int, wrong: int, _: int, before: tuple[int, int] = (done, failed)) -> None:
            if progress is not None:
                progress(before[0] + now, before[1] + wrong, total)

        books = simulate(batch, outcomes=NEEDED, jobs=jobs, progress=told)
        done += sum(book.completed.size for book in books)
        failed += sum(len(book.failures) for book in books)
        yield from books


@dataclass(frozen=True, slots=True)
class _InMemory:
    """Finished runs in memory, as measures read them."""

    book: Runs

    def runs(self, outcome: str) -> NDArray[Any]:
        return self.book.arrays[outcome][self.book.completed]

    def labels(self, name: str) -> list[str]:
        return [str(text) for text in self.book.axes.about[name][1]]


def _values(book: Runs) -> NDArray[np.float64]:
    """Every measure of every draw (measure, draw); not a number where the run failed."""
    done = book.completed[:, 0]
    found = np.full((len(MEASURES), len(done)), np.nan)
    period = period_of(np.asarray(book.axes.along["date"], "datetime64[D]"))
    for row, measure in zip(found, MEASURES, strict=True):
        if done.any():
            row[done] = measure.of(_InMemory(book), period)
    return found


def _spread(values: NDArray[np.float64]) -> list[float]:
    """The standard deviation of each measure over draws, exactly 0 where all are the same; needs two that finished."""
    finished = [row[~np.isnan(row)] for row in values]
    if len(finished[0]) < 2:
        return [float("nan")] * len(finished)
    return [float(row.std(ddof=1)) if np.ptp(row) > 0 else 0.0 for row in finished]


def _effects(parameter: Parameter, differences: NDArray[np.float64], spread: Sequence[float]) -> list[Effect]:
    return [
        _effect(parameter, measure.name, row, deviation)
        for measure, row, deviation in zip(MEASURES, differences, spread, strict=True)
    ]


def _effect(parameter: Parameter, measure: str, differences: NDArray[np.float64], deviation: float) -> Effect:
    draws = np.flatnonzero(~np.isnan(differences))
    pairs = differences[draws]
    effect, error = float("nan"), float("nan")
    if len(pairs) > 1:
        effect, error, _ = mean_and_error(pairs, draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = 0.0 if effect == 0 else float(np.divide(effect, deviation))
    ends = (parameter.low, parameter.high)
    return Effect(parameter.name, *ends, measure, effect, error, standardised, len(pairs), int(np.sum(pairs != 0)))


def _ranking(parameters: Sequence[Parameter], effects: Sequence[Effect]) -> tuple[Rank, ...]:
    """Order parameters by their strongest standardised effect, then by how many measures they move."""
    ranks = [_rank(one, [effect for effect in effects if effect.parameter == one.name]) for one in parameters]
    order = sorted(ranks, key=lambda rank: (-_size(rank.standardised), -rank.share, rank.parameter))
    return tuple(replace(rank, rank=place) for place, rank in enumerate(order, start=1))


def _rank(parameter: Parameter, effects: Sequence[Effect]) -> Rank:
    most = max(effects, key=lambda effect: _size(effect.standardised))
    clear = [abs(effect.effect) > 2 * effect.standard_error for effect in effects]
    felt = any(effect.differing for effect in effects)
    share = sum(clear) / len(clear)
    return Rank(0, parameter.name, parameter.grade, most.measure, most.effect, most.standardised, felt, share)


def _size(standardised: float) -> float:
    """How strong an effect is; what could not be measured is weakest."""
    return -1.0 if np.isnan(standardised) else abs(standardised)


def _failures(what: str, book: Runs) -> list[str]:
    return [f"{what}, draw {failure.draw}: {failure.cause}" for failure in book.failures]


def _table(kind: type[Effect] | type[Rank], rows: Sequence[Effect] | Sequence[Rank]) -> str:
    header = [field.name for field in fields(kind)]
    return as_csv(header, ([_text(getattr(row, name), name) for name in header] for row in rows))


def _text(value: object, column: str) -> object:
    if isinstance(value, bool):
        return ("yes" if value else "no") if column == "felt" else str(value).lower()
    return plain(value) if isinstance(value, float) else value
