"""`calibrate`: from priors and counts to a posterior whose rows replay a past that fits."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.count_table import targets
from teritwa.analysis.calibration.guess import Guess, guess, no_guess
from teritwa.analysis.calibration.left_out import LeftOut, left_out
from teritwa.analysis.calibration.particles import (
    Particles,
    Prior,
    Stream,
    spread_out,
)
from teritwa.analysis.calibration.priors import uncertain_parameters
from teritwa.analysis.calibration.simulation import Progress, Simulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.tempering import Step, Tempering
from teritwa.analysis.missions.effects import shipped_effects
from teritwa.engine.columns import did_you_mean
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_csv
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.executors import open_executor
from teritwa.scenario import Scenario, load
from teritwa.scenario.history import month_starts
from teritwa.world import load as load_world

PARTICLES = 1024
"""Particles: four times the rows that are kept, so that these differ."""

SCOUTS = 4
"""Runs of the prior from which the first guess is made, a particle."""

DRAWS = 256
"""Rows of the posterior."""

LEAST = 50
"""Particles that must differ at the end, or no posterior is written."""

SEED = 2024
"""Seed of the method's own chance."""

LAST_DAY = date(2025, 1, 31)
"""Later figures are kept for scoring."""

Array = NDArray[np.float64]
Row = dict[str, float]


@dataclass(frozen=True)
class Plan:
    """What is calibrated.

    Attributes:
        scenario: The scenario, without uncertainty of its own.
        targets: All targets until the origin, fitted or not.
        prior: What particles are drawn from.
        origin: The last day of which counts are used.
        particles: How many particles there are.
        seed: Seed of the method's own chance.
    """

    scenario: Scenario
    targets: tuple[Target, ...]
    prior: Prior
    origin: date
    particles: int = PARTICLES
    seed: int = SEED

    @property
    def fitted(self) -> tuple[Target, ...]:
        """The targets that are fitted."""
        return tuple(target for target in self.targets if target.fitted)


@dataclass(frozen=True)
class Calibration:
    """A posterior, and how its rows meet the targets.

    Attributes:
        plan: What was calibrated.
        prior_quantities: All targets in runs of the prior, shape (run, target).
        rows: All particles as rows of a posterior.
        quantities: All targets in the run of each particle, shape (particle, target).
        chosen: The particles that are the posterior's rows, shape (draw,).
        steps: The record of the method.
        ancestors: The particle of the beginning from which each descends, shape (particle,).
    """

    plan: Plan
    prior_quantities: Array
    rows: list[Row]
    quantities: Array
    chosen: NDArray[np.intp]
    steps: list[Step]
    ancestors: NDArray[np.int64]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The uncertain parameters, sorted by name."""
        world = load_world(self.plan.scenario.world)
        return tuple(one for one in uncertain_parameters(world) if one.name in self.rows[0])

    @cached_property
    def left_out(self) -> list[LeftOut]:
        """What is predicted of each fitted target from all others."""
        return left_out(self.plan.targets, self.quantities)

    @property
    def posterior(self) -> list[Row]:
        """The rows of the posterior, with what each gives where something was counted."""
        columns = [one.column for one in self.plan.targets]
        return [
            self.rows[number] | dict(zip(columns, self.quantities[number].tolist(), strict=True))
            for number in self.chosen
        ]


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def make_plan(
    scenario: Scenario | None = None,
    observed: Sequence[Target] | None = None,
    origin: date | None = None,
    particles: int = PARTICLES,
    seed: int = SEED,
) -> Plan:
    """Return a plan.

    Args:
        scenario: The scenario; None means the baseline. Parameters to which it gives a number keep
            it, all others are drawn.
        observed: What was counted; None means what ships of 2024.
        origin: The last day of which counts are used, the last of a month; None means the end of
            the month of the last count.
        particles: How many particles there are.
        seed: Seed of the method's own chance.

    Raises:
        InputError: The scenario does not begin with a month, the origin is not the end of one, or
            nothing was counted between them.
    """
    scenario = scenario or load("baseline")
    counts = observed or targets()
    origin = origin or month_end(max(one.end for one in counts))
    within = _between(counts, scenario.start, origin)
    _check(scenario, within, origin)
    drawn = _drawn(scenario)
    months = month_starts(scenario.start, origin)
    prior = Prior(drawn, shipped_effects(), months, frozenset(_numbers(scenario)))
    bare = replace(scenario, posterior=None, params=_fixed(scenario, drawn), end=origin)
    return Plan(bare, within, prior, origin, particles, seed)


def _drawn(scenario: Scenario) -> tuple[Parameter, ...]:
    """Return the parameters drawn from their ranges: others are fixed, or from past missions."""
    kept = _numbers(scenario) | set(shipped_effects().names)
    world = load_world(scenario.world)
    return tuple(one for one in uncertain_parameters(world) if one.name not in kept)


def _numbers(scenario: Scenario) -> set[str]:
    """Return the parameters to which a scenario gives a number."""
    return {name for name, value in scenario.params.items() if isinstance(value, int | float)}


def _fixed(scenario: Scenario, drawn: Sequence[Parameter]) -> dict[str, Any]:
    """Return the parameters of a scenario that are not drawn."""
    names = {one.name for one in drawn}
    return {name: value for name, value in scenario.params.items() if name not in names}


def _between(observed: Sequence[Target], start: date, origin: date) -> tuple[Target, ...]:
    """Return the targets between the first day and the origin, both included."""
    return tuple(one for one in observed if start <= one.start and one.end <= origin)


def _check(scenario: Scenario, within: Sequence[Target], origin: date) -> None:
    """Raise InputError for what cannot be calibrated."""
    start, wrong = scenario.start, []
    if start.day != 1:
        wrong.append(f"{scenario.id}: begins on {start}; begin with the first of a month")
    if origin != month_end(origin):
        wrong.append(f"origin {origin}: is not the last day of a month; {month_end(origin)} is")
    if not any(target.fitted for target in within):
        wrong.append(f"origin {origin}: nothing is counted from {start} until then")
    if wrong := [*wrong, *_unknown_districts(scenario, within)]:
        raise InputError(wrong)


def _unknown_districts(scenario: Scenario, within: Sequence[Target]) -> list[str]:
    """Return a line for each target of a district that the scenario's world does not have."""
    ids = {district.id for district in load_world(scenario.world).districts}
    named = ((one, one.outcome.partition(".")[2]) for one in within if one.yes_or_no)
    return [
        f"{one.name}: no district {district!r} in this world{did_you_mean(district, ids)}"
        for one, district in named
        if district not in ids
    ]


def calibrate(
    plan: Plan,
    folder: Path,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress,
    note: Callable[[Step], None] = lambda _: None,
) -> Calibration:
    """Lead particles of the past from a first guess to the posterior.

    Args:
        plan: What is calibrated.
        folder: Where runs are stored; those that an earlier call finished are read from there.
        jobs: Local processes; None means one a core.
        executor: What runs instead of local processes.
        progress: Called with rows done, failed and in all, sweep by sweep.
        note: Called with each step of the method as it is done.

    Raises:
        InputError: Fewer than `LEAST` particles differ at the end.
    """
    with open_executor(jobs, executor) as pool:
        simulator = Simulator(plan.scenario, folder / "runs", pool, progress)
        stream = Stream(np.random.PCG64(plan.seed))  # noqa: TID251  # as in `Stream`
        scouts = plan.prior.draw(SCOUTS * plan.particles, stream)
        before = _quantities(plan, simulator, scouts, no_guess(plan.prior.size))
        fitted = [target.fitted for target in plan.targets]
        first = guess(plan.fitted, scouts.scores, before[:, fitted])
        drawn = plan.prior.draw(plan.particles, stream)
        tempering = Tempering(
            plan.prior, first, plan.fitted, plan.origin, simulator, stream, drawn, note
        )
        tempering.reach()
        after = _quantities(plan, simulator, tempering.particles, first)
    rows = plan.prior.rows(tempering.particles, first)
    chosen = spread_out(rows, DRAWS)
    differing = len({tuple(rows[number].values()) for number in chosen})
    if differing < min(LEAST, len(chosen)):
        raise InputError([f"only {differing} of {len(chosen)} pasts differ; take more of them"])
    ancestors = tempering.particles.ancestors
    return Calibration(plan, before, rows, after, chosen, tempering.steps, ancestors)


def _quantities(plan: Plan, simulator: Simulator, particles: Particles, about: Guess) -> Array:
    """Return all targets in the runs of particles until the origin."""
    return simulator.run(plan.prior.rows(particles, about), plan.targets, plan.origin)


def posterior_csv(rows: Sequence[Row]) -> str:
    """Return rows as a table for a scenario: a column a parameter and a number of each month."""
    return as_csv(list(rows[0]), [map(repr, row.values()) for row in rows])
