"""Recovery of known truths from synthetic data (simulation-based calibration).

A run of a particle of the prior stands in for the world. The errors that the targets state are
added to its quantities, the method is asked for the posterior, and the truth must have a uniform
rank among the posterior's draws (Talts and others 2018).

``weights`` weighs runs of the prior by the counts of the first quarter, in many data sets.
``chain`` runs the whole method, guess and moves included, in a small world. An ensemble of half the
spread must fail the same check, or the check shows nothing.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.calibrate import Plan, make_plan, month_end
from teritwa.analysis.calibration.guess import guess, no_guess
from teritwa.analysis.calibration.observation import (
    error_covariance,
    log_likelihood,
)
from teritwa.analysis.calibration.particles import Stream
from teritwa.analysis.calibration.simulation import Progress, Simulator
from teritwa.analysis.calibration.targets import PAD, Target
from teritwa.analysis.calibration.tempering import Tempering
from teritwa.analysis.calibration.weights import far_apart, normalised_weights, resample
from teritwa.scenario import load
from teritwa.scenario.history import month_starts

Array = NDArray[np.float64]
Ranks = NDArray[np.intp]

DATA_SETS = {"weights": 500, "chain": 50}
"""Synthetic data sets for each part of the method."""

DRAWS = 39
"""Draws of each posterior: the truth has 40 possible ranks, of which 36 are nine in ten."""

WEIGHED = 2**14
"""Runs of the prior that are weighed: so many that each truth has some hundred near by."""

CHAIN_PARTICLES = 64
"""Particles of each chain on trial."""

TRIAL_SCOUTS = 2048
"""Runs of the prior from which each data set of the chain has its first guess."""

TRIAL_END = date(2024, 6, 30)
"""Last day of the trial."""

TRIAL_COUNTS = {"killed_counted": 0.08, "injured_counted": 0.12, "kidnapped": 0.2}
"""What is counted by quarter in the trial, with the errors of the same counts in 2024."""

LEVELS = (0.5, 0.8, 0.9)
"""Central intervals whose coverage is computed."""

INFORMED = 0.9
"""A parameter is judged if its posterior has less than this share of its prior's spread."""

LEAST_COUNT = 1.0
"""The least synthetic count: errors that multiply have no nothing."""

LEAST_SHARE = 0.001
"""The least synthetic share."""


@dataclass(frozen=True)
class Recovery:
    """How often intervals covered the truth.

    Attributes:
        part: The part of the method.
        names: What was judged, in the order of the columns of ranks.
        ranks: How many draws lie below the truth, shape (data set, name).
        coverage: Share of truths covered, shape (level, ensemble): the method's own ensemble, and
            one of half its spread.
        errors: Standard errors of the coverage over data sets, shape (level, ensemble).
    """

    part: str
    names: tuple[str, ...]
    ranks: Ranks
    coverage: Array
    errors: Array

    @property
    def data_sets(self) -> int:
        """How many synthetic data sets there were."""
        return len(self.ranks)


@dataclass(frozen=True)
class PriorRuns:
    """Runs of the prior: numbers (run, number), and targets (run, target)."""

    numbers: Array
    quantities: Array


def trial_plan() -> Plan:
    """Return the plan of the whole method on trial: half a year of the island that ships.

    What is counted there is made up with each data set; the counts here give its form.
    """
    island = load("island")
    months = month_starts(island.start, TRIAL_END)
    quarters = [(months[number], month_end(months[number + 2])) for number in (0, 3)]
    counts = [
        Target(f"{name}, {start}", name, "sum", start, end, 100, 100, error, "log", 0.1, True,
               "made up", office="an office")
        for start, end in quarters
        for name, error in TRIAL_COUNTS.items()
    ]  # fmt: skip
    counts += [
        Target(f"displaced, {end}", "displaced", "value", end, end, 100, 100, 0.08, "log", 0.05,
               True, "made up", office="another office")
        for _, end in quarters
    ]  # fmt: skip
    return make_plan(island, counts, TRIAL_END, CHAIN_PARTICLES)


def recover_by_weights(plan: Plan, pool: Executor, progress: Progress, seed: int) -> Recovery:
    """Recover truths among runs of the prior by the weights of the others, in the first quarter.

    Args:
        plan: What is calibrated.
        pool: What runs the prior.
        progress: Called with rows done, failed and in all.
        seed: The seed of truths and errors.
    """
    stream = _stream(seed, 0)
    runs = _prior_runs(plan, WEIGHED, Simulator(plan.scenario, None, pool, progress), stream)
    truths, draws = [], []
    values = _judged(plan, runs.numbers, runs.quantities)
    for number in far_apart(WEIGHED)[: DATA_SETS["weights"]]:
        synthetic = observed_in(plan.fitted, runs.quantities[number], stream)
        likelihood = log_likelihood(synthetic, runs.quantities)
        likelihood[number] = -np.inf
        chosen = resample(normalised_weights(likelihood), DRAWS, float(stream.random()))
        truths.append(values[number])
        draws.append(values[chosen])
    return _judge("weights", plan, np.array(truths), np.array(draws))


def recover_by_chains(plan: Plan, pool: Executor, progress: Progress, seed: int) -> Recovery:
    """Recover truths of the prior by the whole method.

    All data sets share the scouts: what was counted changes the guess, not their runs.

    Args:
        plan: What is calibrated; its counts are not used.
        pool: What runs the chains, one data set a task.
        progress: Called with data sets done, failed and in all.
        seed: The seed of truths, errors and chains.
    """
    simulator = Simulator(plan.scenario, None, pool, lambda *_: None)
    scouts = _prior_runs(plan, TRIAL_SCOUTS, simulator, _stream(seed, 0))
    count = DATA_SETS["chain"]
    tasks = [pool.submit(_chain, plan, scouts, seed, number) for number in range(count)]
    found = []
    for done, task in enumerate(tasks, start=1):
        found.append(task.result())
        progress(done, 0, count)
    truths, draws = (np.array(part) for part in zip(*found, strict=True))
    return _judge("chain", plan, truths, draws)


def _prior_runs(plan: Plan, count: int, simulator: Simulator, stream: Stream) -> PriorRuns:
    """Return runs of the prior.

    Raises:
        RuntimeError: A run failed; a trial needs all of them.
    """
    nothing, drawn = no_guess(plan.prior.size), plan.prior.draw(count, stream)
    quantities = simulator.run(plan.prior.rows(drawn, nothing), plan.fitted, plan.origin)
    if np.isnan(quantities).any():
        raise RuntimeError("a run of the prior failed; run it to see why")
    return PriorRuns(drawn.scores, quantities)


def _chain(plan: Plan, scouts: PriorRuns, seed: int, number: int) -> tuple[Array, Array]:
    """Return a truth, and draws of its posterior by the whole method."""
    stream = _stream(seed, 1 + number)
    with ThreadPoolExecutor(1) as alone:
        simulator = Simulator(plan.scenario, None, alone, lambda *_: None)
        truth = _prior_runs(plan, 1, simulator, stream)
        synthetic = observed_in(plan.fitted, truth.quantities[0], stream)
        first = guess(synthetic, scouts.numbers, scouts.quantities)
        drawn = plan.prior.draw(plan.particles, stream)
        found = Tempering(plan.prior, first, synthetic, plan.origin, simulator, stream, drawn)
        found.reach()
    numbers = first.numbers(found.particles.scores)
    draws = _judged(plan, numbers, found.quantities)[far_apart(plan.particles)[:DRAWS]]
    return _judged(plan, truth.numbers, truth.quantities)[0], draws


def observed_in(targets: Sequence[Target], quantities: Array, stream: Stream) -> list[Target]:
    """Return targets with what would have been counted if a run were the truth.

    Args:
        targets: The targets; their errors are kept.
        quantities: Their values in the run, shape (target,).
        stream: Source of the errors.
    """
    counted = [target for target in targets if not target.yes_or_no]
    covariance = error_covariance(counted)
    errors = iter(np.linalg.cholesky(covariance) @ stream.standard_normal(len(counted)))
    return [
        _told(target, value, float(stream.random()))
        if target.yes_or_no
        else _miscounted(target, value, float(next(errors)))
        for target, value in zip(targets, map(float, quantities), strict=True)
    ]


def _told(target: Target, value: float, number: float) -> Target:
    """Return a yes or no as it would be told: wrong with the probability of its doubt."""
    told = 1.0 - value if number < target.error else value
    return replace(target, low=told, high=told)


def _miscounted(target: Target, value: float, error: float) -> Target:
    """Return a count as it would be made, with an error on the scale of residuals.

    The middle of what the sources allow moves; how far they contradict each other stays.
    """
    if not target.logarithmic:
        half = (target.high - target.low) / 2
        return replace(target, low=value - error - half, high=value - error + half)
    ratio = (1.0 + PAD) * np.exp(error) - PAD
    least = LEAST_SHARE if target.statistic == "share" else LEAST_COUNT
    counted = max(value / ratio if ratio > 0 else 0.0, least)
    factor = float(np.sqrt(target.high / target.low))
    return replace(target, low=counted / factor, high=counted * factor)


def halve_spread(draws: Array) -> Array:
    """Return values (data set, draw, name) with half their spread about their mean."""
    mean = draws.mean(axis=1, keepdims=True)
    return np.asarray(mean + 0.5 * (draws - mean))


def ranks_of(truths: Array, draws: Array) -> Ranks:
    """Return how many draws (data set, draw, name) lie below truths (data set, name).

    Of values that equal the truth none to all count as below, in turn: each rank is as likely.
    """
    below = (draws < truths[:, None, :]).sum(axis=1)
    equal = (draws == truths[:, None, :]).sum(axis=1)
    shares = np.broadcast_to(np.linspace(0, 1, len(truths))[:, None], equal.shape)
    return np.asarray(below + np.minimum(np.floor(shares * (equal + 1)), equal), np.intp)


def coverage(ranks: Ranks, count: int) -> tuple[Array, Array]:
    """Return the share of truths within each central interval of `LEVELS`.

    Of n independent draws and a truth from one distribution each is equally likely to be the k-th
    smallest, so 39 draws make intervals that cover 50, 80 and 90 % exactly. Draws that share
    ancestors cover less.

    Args:
        ranks: Ranks of the truths, shape (data set, name).
        count: The number of draws.

    Returns:
        The shares and their standard errors over data sets, both of shape (level,).
    """
    edges = [round(0.5 * (1.0 - level) * (count + 1)) for level in LEVELS]
    inside = np.array([((ranks >= edge) & (ranks <= count - edge)).mean(axis=1) for edge in edges])
    return inside.mean(axis=1), inside.std(axis=1, ddof=1) / np.sqrt(inside.shape[1])


def _stream(seed: int, number: int) -> Stream:
    """Return the chance of a data set."""
    return Stream(np.random.PCG64([seed, number]))  # noqa: TID251  # as in `Stream`


def _judged(plan: Plan, numbers: Array, quantities: Array) -> Array:
    """Return what is judged of particles: numbers of parameters, then quantities."""
    return np.concatenate([numbers[:, : len(plan.prior.parameters)], quantities], axis=1)


def _judge(part: str, plan: Plan, truths: Array, draws: Array) -> Recovery:
    """Return the coverage of informed parameters and of quantities, and with half the spread."""
    names = [one.name for one in plan.prior.parameters] + [target.name for target in plan.fitted]
    spread = draws.std(axis=1, ddof=1).mean(axis=0)
    counted = [not target.yes_or_no for target in plan.fitted]
    judged = np.array([*(spread[: len(plan.prior.parameters)] < INFORMED), *counted], bool)
    truths, draws = truths[:, judged], draws[:, :, judged]
    ranks = ranks_of(truths, draws)
    own = coverage(ranks, DRAWS)
    halved = coverage(ranks_of(truths, halve_spread(draws)), DRAWS)
    shares, errors = (np.stack(both, axis=1) for both in zip(own, halved, strict=True))
    kept = tuple(name for name, one in zip(names, judged, strict=True) if one)
    return Recovery(part, kept, ranks, shares, errors)
