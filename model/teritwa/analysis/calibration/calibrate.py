"""`calibrate`: from priors and targets to a posterior ensemble, in three waves of runs."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import Emulator, cross_predict, fit_emulator
from teritwa.analysis.calibration.likelihood import (
    emulator_likelihood,
    error_covariance,
    fitted_targets,
    held_parameters,
    learnable_levels,
    residuals_of,
)
from teritwa.analysis.calibration.priors import uncertain_parameters, values_at
from teritwa.analysis.calibration.sampler import sample_posterior
from teritwa.analysis.calibration.targets import Target, targets
from teritwa.analysis.calibration.waves import Progress, Wave
from teritwa.analysis.calibration.weights import Candidates, normalised_weights, resample
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_csv
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.executors import open_executor
from teritwa.scenario import Scenario, load

FIRST_WAVE = 8192
"""Runs of the first wave; a power of two, as a Sobol design requires."""

DRAWS = 256
"""Draws of the posterior."""

SEED = 2024
"""Of the design and of the chains after the first wave; those after the second take the next."""

LAST_DAY = date(2025, 1, 31)
"""Later figures are kept for scoring."""

CHAINS = 512
STEPS = (650, 250, 50)
"""Steps of the chains after a wave: in all, before the first sample, between two samples."""

REPLICATES = 2
"""Runs of each candidate of the third wave: the fewest from which chance can be estimated."""

CHECK_REPLICATES = 4
"""New runs at each draw of the posterior: enough that bands hardly depend on which histories."""

CHECK_DRAW = 200_000
"""First draw of the runs that check the posterior: no other wave has its random numbers."""

Array = NDArray[np.float64]


class FinishedRuns(NamedTuple):
    """The runs of a wave that finished: levels (run, parameter) and residuals (run, target)."""

    levels: Array
    residuals: Array


@dataclass(frozen=True)
class Calibration:
    """The posterior's levels, and how the runs at each stage met the targets.

    Attributes:
        parameters: The uncertain parameters, in the order of the columns of levels.
        targets: The targets, in the order of the columns of residuals.
        first: The first wave.
        second: The second wave.
        candidates: The candidates of the third wave.
        emulators: The emulators fitted after the first and the second wave.
        weights: The importance weights of the candidates, shape (candidate,).
        posterior: Levels of the posterior's draws, shape (draw, parameter).
        check: Residuals of new runs at the posterior's draws, shape (run, target).
        path: Mean log likelihood of the last chains after each step, shape (step,).
    """

    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    first: FinishedRuns
    second: FinishedRuns
    candidates: Candidates
    emulators: tuple[Emulator, Emulator]
    weights: Array
    posterior: Array
    check: Array
    path: Array

    def posterior_csv(self) -> str:
        """Return the posterior as a table for a scenario: a column a parameter, a row a draw."""
        names = [one.name for one in self.parameters]
        draws = [values_at(self.parameters, levels) for levels in self.posterior]
        return as_csv(names, [map(repr, draw.values()) for draw in draws])


@dataclass(frozen=True)
class Plan:
    """What is calibrated: a scenario and its targets, with the sizes of the waves.

    Attributes:
        scenario: The scenario, without uncertainty of its own.
        targets: The targets.
        parameters: The uncertain parameters.
        runs: Runs of the first wave; the second has half as many, and so are the candidates.
        draws: Draws of the posterior.
    """

    scenario: Scenario
    targets: tuple[Target, ...]
    parameters: tuple[Parameter, ...]
    runs: int
    draws: int


def make_plan(runs: int = FIRST_WAVE, draws: int = DRAWS, until: date = LAST_DAY) -> Plan:
    """Return the plan for the baseline.

    Args:
        runs: Runs of the first wave.
        draws: Draws of the posterior.
        until: Targets whose period ends later are not fitted.

    Raises:
        InputError: No target would be fitted.
    """
    baseline = load("baseline")
    params = baseline.params
    varying = {name for name, value in params.items() if not isinstance(value, int | float)}
    fixed = {name: value for name, value in params.items() if name not in varying}
    short = baseline.replace(end=LAST_DAY, draws=1, replicates=1)
    scenario = replace(short, posterior=None, params=fixed)
    return Plan(scenario, _targets_until(until), uncertain_parameters(), runs, draws)


def _targets_until(until: date) -> tuple[Target, ...]:
    """Return all targets, of which those that end later than a day are not fitted."""
    fitted = [target.end for target in targets() if target.fitted]
    if until < min(fitted):
        raise InputError([f"until {until}: no count to fit; the first one ends on {min(fitted)}"])
    return tuple(
        replace(target, fitted=target.fitted and target.end <= until) for target in targets()
    )


def calibrate(
    plan: Plan,
    folder: Path,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress,
) -> Calibration:
    """Run the waves and the check of the posterior.

    Args:
        plan: What is calibrated.
        folder: Where runs are stored; those that an earlier call finished are read from there.
        jobs: Local processes; None means one a core.
        executor: What runs instead of local processes.
        progress: Called with runs done, failed and in all, wave by wave.
    """
    with open_executor(jobs, executor) as pool:
        stages = _Stages(plan, folder, pool, progress)
        first = stages.finished_runs(design(plan.runs, len(plan.parameters)), 0)
        emulator = stages.fit(first)
        levels, _ = stages.sample(emulator, SEED)
        second = stages.finished_runs(levels, plan.runs)
        both = _joined(first, second)
        emulators = emulator, stages.fit(both, validation_runs=len(second.levels))
        levels, path = stages.sample(emulators[1], SEED + 1)
        candidates = stages.candidates(levels, 2 * plan.runs, both)
        weights = importance_weights(plan, emulators[1], candidates)
        posterior = _posterior(plan, candidates, weights)
        check = stages.check(posterior)
    results = (first, second, candidates, emulators, weights, posterior, check, path)
    return Calibration(plan.parameters, plan.targets, *results)


@dataclass(frozen=True)
class _Stages:
    """The steps of a calibration, with what runs them."""

    plan: Plan
    folder: Path
    pool: Executor
    progress: Progress

    def finished_runs(self, levels: Array, first_draw: int) -> FinishedRuns:
        """Run a wave; return its runs that finished."""
        quantities = self._run(levels, first_draw)
        finished = ~np.isnan(quantities).any(axis=1)
        return FinishedRuns(levels[finished], residuals_of(self.plan.targets, quantities[finished]))

    def fit(self, runs: FinishedRuns, validation_runs: int = 0) -> Emulator:
        """Fit an emulator to runs, without the parameters that are held at their priors."""
        return fit_emulator(self._learnable(runs.levels), runs.residuals, validation_runs)

    def sample(self, emulator: Emulator, seed: int) -> tuple[Array, Array]:
        """Sample half as many levels as the first wave has; return them and the chains' path."""
        shape = (CHAINS, len(self.plan.parameters))
        likelihood = emulator_likelihood(self.plan.parameters, self.plan.targets, [emulator])
        samples, path = sample_posterior(likelihood, shape, seed, STEPS)
        return _thin(samples.reshape(-1, shape[1]), self.plan.runs // 2), path

    def candidates(self, levels: Array, first_draw: int, others: FinishedRuns) -> Candidates:
        """Run candidates; return those of which every run finished, predicted by cross-fitting."""
        quantities = self._run(np.repeat(levels, REPLICATES, axis=0), first_draw)
        runs = residuals_of(self.plan.targets, quantities).reshape(len(levels), REPLICATES, -1)
        finished = ~np.isnan(runs).any(axis=(1, 2))
        fitted = fitted_targets(self.plan.targets)
        levels, runs = levels[finished], runs[finished][:, :, fitted]
        seen = self._learnable(others.levels), others.residuals[:, fitted]
        return Candidates(levels, runs, cross_predict(self._learnable(levels), runs, seen))

    def check(self, posterior: Array) -> Array:
        """Return residuals of new runs at the posterior's draws."""
        quantities = self._run(np.repeat(posterior, CHECK_REPLICATES, axis=0), CHECK_DRAW)
        return residuals_of(self.plan.targets, quantities)

    def _learnable(self, levels: Array) -> Array:
        """Return the levels of the parameters that the 2024 data may inform."""
        return learnable_levels(self.plan.parameters, levels)

    def _run(self, levels: Array, first_draw: int) -> Array:
        """Return the targets' quantities of a wave."""
        wave = Wave(self.plan.scenario, self.plan.parameters, self.plan.targets, first_draw)
        return wave.run(levels, self.folder, self.pool, self.progress)


def design(runs: int, parameters: int) -> Array:
    """Return levels (run, parameter) of a scrambled Sobol sequence in the unit cube."""
    from scipy.stats import qmc

    levels: Array = qmc.Sobol(parameters, scramble=True, rng=SEED).random(runs)
    return levels


def _joined(first: FinishedRuns, second: FinishedRuns) -> FinishedRuns:
    """Return the runs of two waves as one."""
    levels = np.vstack([first.levels, second.levels])
    return FinishedRuns(levels, np.vstack([first.residuals, second.residuals]))


def importance_weights(plan: Plan, emulator: Emulator, candidates: Candidates) -> Array:
    """Return the weights of candidates: their likelihood over the one they were sampled by.

    Args:
        plan: What is calibrated.
        emulator: The emulator by which the candidates were sampled.
        candidates: The candidates.

    Returns:
        Weights that sum to one, shape (candidate,).
    """
    observed = np.zeros(candidates.residuals.shape[2])
    likelihood = candidates.log_likelihood(observed, error_covariance(plan.targets))
    proposal = emulator_likelihood(plan.parameters, plan.targets, [emulator])
    proposed = proposal(candidates.levels, np.arange(len(candidates.levels)))
    return normalised_weights(likelihood - proposed)


def _posterior(plan: Plan, candidates: Candidates, weights: Array) -> Array:
    """Resample the candidates; parameters that are held keep their prior, whatever the weights."""
    posterior: Array = candidates.levels[resample(weights, plan.draws)]
    held = held_parameters(plan.parameters)
    posterior[:, held] = _thin(candidates.levels, plan.draws)[:, held]
    return posterior


def _thin(samples: Array, count: int) -> Array:
    """Return a number of samples that are evenly spaced among all."""
    kept: Array = samples[np.linspace(0, len(samples) - 1, count).astype(int)]
    return kept
