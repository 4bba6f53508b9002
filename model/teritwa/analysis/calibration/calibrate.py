"""`calibrate`: from priors and targets to a posterior ensemble, in three waves of runs."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import Emulator, fitted, foretold
from teritwa.analysis.calibration.priors import NOT_LEARNED, uncertain, values_at
from teritwa.analysis.calibration.sampler import LogLikelihood, sampled
from teritwa.analysis.calibration.targets import Target, targets
from teritwa.analysis.calibration.waves import Levels, Told, Wave
from teritwa.analysis.calibration.weights import Candidates, normalised, resampled
from teritwa.engine.files import as_csv
from teritwa.engine.parameters import Parameter
from teritwa.ensemble.executors import workers
from teritwa.scenario import Scenario, load

FIRST_WAVE = 8192
"""Runs of the first wave; a power of two, as the design wants it."""

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
"""Runs of each candidate of the third wave: the fewest that tell chance apart."""

CHECKS = 4
"""New runs at each of the posterior's draws: so many that bands hardly depend on which histories they are of."""

CHECK = 200_000
"""First draw of the runs that check the posterior: no other wave has its chance."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What was found: the posterior's levels, and how the runs at each stage met the targets.

    ``first`` and ``second`` are levels (run, parameter) and distances (run, target) of the finished runs of two waves,
    each with its emulator; ``third`` are the candidates, ``weights`` what each counts for; ``check`` are the distances
    of new runs at the posterior's own draws, and ``path`` the mean log likelihood of the last chains, step by step.
    """

    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    first: tuple[Levels, Array]
    second: tuple[Levels, Array]
    third: Candidates
    emulators: tuple[Emulator, Emulator]
    weights: Array
    posterior: Levels
    check: Array
    path: Array

    def table(self) -> str:
        """Return the posterior as a table that a scenario can name: parameters by name, a row a draw."""
        names = [one.name for one in self.parameters]
        rows = [values_at(self.parameters, levels) for levels in self.posterior]
        return as_csv(names, [[repr(row[name]) for name in names] for row in rows])


@dataclass(frozen=True)
class Plan:
    """What is calibrated on: a scenario and the targets that judge it, with the sizes of the waves."""

    scenario: Scenario
    targets: tuple[Target, ...]
    parameters: tuple[Parameter, ...]
    runs: int
    draws: int


def plan(runs: int = FIRST_WAVE, draws: int = DRAWS, until: date = LAST_DAY) -> Plan:
    """Return the plan for the world as it was, with those targets fitted whose period ends by ``until``."""
    known = load("baseline")
    own = {name for name, value in known.params.items() if not isinstance(value, int | float)}
    fixed = {name: value for name, value in known.params.items() if name not in own}
    scenario = replace(known.replace(end=LAST_DAY, draws=1, replicates=1), posterior=None, params=fixed)
    chosen = tuple(replace(target, fitted=target.fitted and target.end <= until) for target in targets())
    return Plan(scenario, chosen, uncertain(), runs, draws)


def calibrate(
    wanted: Plan, folder: Path, *, jobs: int | None = None, executor: Executor | None = None, told: Told
) -> Calibration:
    """Run the waves and the check, and return what they tell.

    Runs that an earlier call has finished are read from ``folder``. ``told`` hears of runs done, failed and in all,
    wave by wave.
    """
    with workers(jobs, executor) as pool:
        wave = Wave(wanted.scenario, wanted.parameters, wanted.targets, 0)
        levels = design(wanted.runs, len(wanted.parameters))
        first = _finished(wanted, levels, wave.run(levels, folder, pool, told))
        one = fitted(learned(wanted.parameters, first[0]), first[1])

        levels, _ = _sample(wanted, one, SEED)
        second = _finished(wanted, levels, replace(wave, first=wanted.runs).run(levels, folder, pool, told))
        both = np.vstack([first[0], second[0]]), np.vstack([first[1], second[1]])
        two = fitted(learned(wanted.parameters, both[0]), both[1], judged=len(second[0]))

        levels, path = _sample(wanted, two, SEED + 1)
        found = replace(wave, first=2 * wanted.runs).run(np.repeat(levels, REPLICATES, axis=0), folder, pool, told)
        third = _candidates(wanted, levels, found, both)
        weights = weighed(wanted, two, third)

        posterior = third.levels[resampled(weights, wanted.draws)]
        held = np.array([one.name in NOT_LEARNED for one in wanted.parameters])
        posterior[:, held] = _thinned(third.levels, wanted.draws)[:, held]  # whatever the weights say: as the prior
        new = replace(wave, first=CHECK).run(np.repeat(posterior, CHECKS, axis=0), folder, pool, told)
        check = distances(wanted.targets, new)
    emulators = (one, two)
    return Calibration(
        wanted.parameters, wanted.targets, first, second, third, emulators, weights, posterior, check, path
    )


def _sample(wanted: Plan, emulator: Emulator, seed: int) -> tuple[Levels, Array]:
    """Return half as many levels as the first wave has, sampled by an emulator, and the path of the chains."""
    shape = (CHAINS, len(wanted.parameters))
    samples, path = sampled(likelihood(wanted, [emulator]), shape, seed, STEPS)
    return _thinned(samples.reshape(-1, shape[1]), wanted.runs // 2), path


def weighed(wanted: Plan, emulator: Emulator, candidates: Candidates) -> Array:
    """Return the weights of candidates sampled by an emulator: what is known of them over what it believed."""
    told = candidates.log_likelihood(np.zeros(candidates.runs.shape[2]), errors(wanted.targets))
    believed = likelihood(wanted, [emulator])(candidates.levels, np.arange(len(candidates.levels)))
    return normalised(told - believed)


def design(runs: int, parameters: int) -> Levels:
    """Return levels (run, parameter) spread evenly over the unit cube: a scrambled Sobol sequence."""
    from scipy.stats import qmc

    levels: Levels = qmc.Sobol(parameters, scramble=True, rng=SEED).random(runs)
    return levels


def distances(chosen: Sequence[Target], quantities: Array) -> Array:
    """Return how far quantities (run, target) lie from what was observed, target by target."""
    columns = [target.distance(column) for target, column in zip(chosen, quantities.T, strict=True)]
    return np.stack(columns, axis=1)


def likelihood(wanted: Plan, emulators: Sequence[Emulator], observed: Array | None = None) -> LogLikelihood:
    """Return the log likelihood of levels: how well emulators expect what was observed, all errors allowed for.

    ``observed`` (emulator, chain, target) holds other observations, as distances, for other chains.
    """
    where = fitted_targets(wanted.targets)
    blur = errors(wanted.targets)
    inverses = [np.linalg.inv(one.covariance[np.ix_(where, where)] + blur) for one in emulators]

    def of(levels: Levels, chains: NDArray[np.intp]) -> Array:
        total = np.zeros(len(levels))
        for i, (emulator, inverse) in enumerate(zip(emulators, inverses, strict=True)):
            off = emulator(learned(wanted.parameters, levels))[:, where]
            if observed is not None:
                off = off - observed[i][chains][:, where]
            total -= 0.5 * np.einsum("ij,jk,ik->i", off, inverse, off)
        return total

    return of


def fitted_targets(chosen: Sequence[Target]) -> NDArray[np.intp]:
    """Return which targets are fitted."""
    return np.flatnonzero([target.fitted for target in chosen])


def errors(chosen: Sequence[Target]) -> Array:
    """Return the covariance of all that lies between the model and what was observed, but chance: fitted targets."""
    variances = [one.distance_error**2 + one.distance_structural**2 for one in chosen if one.fitted]
    return np.diag(variances)


def learned(parameters: Sequence[Parameter], levels: Levels) -> Levels:
    """Return the levels of those parameters that 2024 may teach about; of the others nothing is learned."""
    may = np.array([one.name not in NOT_LEARNED for one in parameters])
    kept: Levels = levels[:, may]
    return kept


def _finished(wanted: Plan, levels: Levels, quantities: Array) -> tuple[Levels, Array]:
    """Return levels and distances of the runs that finished."""
    whole = ~np.isnan(quantities).any(axis=1)
    return levels[whole], distances(wanted.targets, quantities[whole])


def _candidates(wanted: Plan, levels: Levels, quantities: Array, others: tuple[Levels, Array]) -> Candidates:
    """Return the candidates of which every run finished, foretold from each other and from the runs before them."""
    where = fitted_targets(wanted.targets)
    runs = distances(wanted.targets, quantities).reshape(len(levels), REPLICATES, -1)
    whole = ~np.isnan(runs).any(axis=(1, 2))
    levels, runs = levels[whole], runs[whole][:, :, where]
    taught = learned(wanted.parameters, others[0]), others[1][:, where]
    return Candidates(levels, runs, foretold(learned(wanted.parameters, levels), runs, taught))


def _thinned(samples: Levels, count: int) -> Levels:
    """Return so many samples, evenly spaced among all."""
    kept: Levels = samples[np.linspace(0, len(samples) - 1, count).astype(int)]
    return kept
