"""Tests of calibration on a toy model: intervals cover synthetic truths as often as stated."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import kstest

from teritwa.analysis.calibration.calibrate import (
    LAST_DAY,
    Calibration,
    Plan,
    calibrate,
    design,
    make_plan,
)
from teritwa.analysis.calibration.emulator import Emulator
from teritwa.analysis.calibration.likelihood import (
    emulator_likelihood,
    fitted_targets,
    residuals_of,
)
from teritwa.analysis.calibration.priors import held_at_prior, uncertain_parameters, values_at
from teritwa.analysis.calibration.sampler import LogLikelihood
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.targets import targets as every_target
from teritwa.analysis.calibration.waves import Wave
from teritwa.rules.registry import registry
from teritwa.scenario import load
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

Array = NDArray[np.float64]
Make = Callable[..., Target]
SMALL = Path(__file__).parents[3] / "scenarios" / "island.yaml"
NAMES = (
    "arms.firearm_price",
    "attack.rate",
    "operations.collateral_ratio",
    "displacement.recent_attack_days",
    "membership.recruitment_rate",
    "casualties.reporting_rate_under_gangs",
    "kidnapping.rate",
    "presence.mission_effect",
)
HELD = NAMES.index("presence.mission_effect")
RUNS, DRAWS = 512, 39
DATA_SETS = 50
CHANCE = np.array([0.1, 0.1, 0.15, 0.1, 0.1, 0.2])
"""Standard deviation of the toy's chance, as residuals of its targets."""


def random_of(*seed: int) -> Any:
    """Return a stream of numbers for the toy or a test's input, none of them the model's."""
    return np.random.Generator(np.random.Philox(list(seed)))  # noqa: TID251


@dataclass(frozen=True)
class Toy:
    """A model without time: eight parameters, six targets with curvature and chance."""

    seed: int
    effect: float = 0.1

    def __call__(self, wave: Wave, levels: Array, first: int) -> Array:
        """Return quantities (run, target) as a worker would, each run with its draw's chance."""
        return np.stack([self.of(mine, first + row) for row, mine in enumerate(levels)])

    def of(self, levels: Array, draw: int) -> Array:
        """Return the quantities of one run: two that are differences and four that are ratios."""
        chance = CHANCE * random_of(self.seed, draw).standard_normal(len(CHANCE))
        expected = self.expected(levels) + chance
        return np.concatenate([expected[:2], 100 * np.exp(expected[2:])])

    def expected(self, levels: Array) -> Array:
        """Return the targets without chance: polynomials of the parameters' levels."""
        a, b, c, d, e, f, g, held = 2 * levels - 1
        return np.array(
            [
                a + 0.5 * b,
                b - 0.4 * a * c,
                c + 0.3 * d + 0.2 * c * c,
                0.6 * d - 0.5 * e,
                e + 0.2 * f,
                0.4 * a + 0.4 * f + 0.1 * g + self.effect * held,
            ]
        )


def put_in_place(
    toy: Callable[[Wave, Array, int], Array], seed: int, patch: pytest.MonkeyPatch
) -> None:
    """Replace the model by a toy, with few chains and steps, so that it takes moments."""
    sizes = {"SEED": seed, "CHAINS": 128, "STEPS": (30, 15, 7)}
    for name, value in sizes.items():
        patch.setattr(f"teritwa.analysis.calibration.calibrate.{name}", value)
    patch.setattr("teritwa.analysis.calibration.waves.BLOCK", RUNS)
    patch.setattr("teritwa.analysis.calibration.waves.simulate_block", toy)
    patch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)


@pytest.fixture(scope="module")
def toy_plan(target: Make) -> Callable[..., Plan]:
    """Build the plan for the toy from observations of its six targets."""
    parameters = tuple(registry()[name] for name in NAMES)

    def build(observed: Array, draws: int = DRAWS) -> Plan:
        scales = ["linear"] * 2 + ["log"] * 4
        each = tuple(
            target(name=f"target {i}, then", low=value, high=value, scale=scale)
            for i, (value, scale) in enumerate(zip(observed.tolist(), scales, strict=True))
        )
        return Plan(load(SMALL), each, parameters, RUNS, draws)

    return build


def silent(done: int, failed: int, total: int) -> None:
    """Ignore the progress."""


def observe(quantities: Array, random: Any) -> Array:
    """Return quantities with both errors of 0.1 added, of the logarithm where it is one."""
    off = np.hypot(0.1, 0.1) * random.standard_normal(len(quantities))
    return np.concatenate([quantities[:2] + off[:2], quantities[2:] * np.exp(off[2:])])


@pytest.fixture(scope="module")
def recovered(
    toy_plan: Callable[..., Plan], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Array, Array]:
    """Truths (data set, parameter), and draws (data set, draw, parameter) of posteriors."""
    truths, draws = [], []
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        for number in range(DATA_SETS):
            random = random_of(7, number)
            truths.append(random.random(len(NAMES)))
            toy = Toy(number)
            put_in_place(toy, number, patch)
            plan = toy_plan(observe(toy.of(truths[-1], 10**6), random))
            folder = tmp_path_factory.mktemp("waves")
            found = calibrate(plan, folder, executor=pool, progress=silent)
            draws.append(found.posterior)
    return np.array(truths), np.array(draws)


def covered(truths: Array, draws: Array) -> float:
    """Return the share of learnable truths within the 90 % interval of their draws.

    A truth of the draws' distribution has any of 40 ranks among 39 draws, of which 36 are within.
    """
    ranks = np.delete((draws < truths[:, None, :]).sum(axis=1), HELD, axis=1)
    return float(((ranks >= 2) & (ranks <= 37)).mean())


def halved(draws: Array) -> Array:
    """Return draws shrunk to half their spread about their mean, in normal scores."""
    scores = ndtri(draws)
    mean = scores.mean(axis=1, keepdims=True)
    return np.asarray(ndtr(mean + 0.5 * (scores - mean)))


@pytest.mark.battery
def test_intervals_have_nominal_coverage(recovered: tuple[Array, Array]) -> None:
    """Over 50 data sets 90 % intervals cover 90 %, within three binomial errors."""
    error = np.sqrt(0.9 * 0.1 / (DATA_SETS * (len(NAMES) - 1)))

    assert abs(covered(*recovered) - 0.9) <= 3 * error


@pytest.mark.battery
def test_ensemble_of_half_the_spread_fails_that_check(recovered: tuple[Array, Array]) -> None:
    """The check above detects overconfidence: half the spread misses by far more."""
    truths, draws = recovered
    error = np.sqrt(0.9 * 0.1 / (DATA_SETS * (len(NAMES) - 1)))

    assert covered(truths, halved(draws)) < 0.9 - 10 * error


@pytest.mark.battery
def test_posteriors_are_unbiased(recovered: tuple[Array, Array]) -> None:
    """The mean rank of the truth is in the middle, parameter by parameter."""
    truths, draws = recovered
    ranks = (draws < truths[:, None, :]).mean(axis=1)

    assert (np.abs(ranks.mean(axis=0) - 0.5) <= 4 * np.sqrt(1 / 12 / DATA_SETS)).all()


@pytest.mark.battery
def test_informed_posteriors_are_narrow(recovered: tuple[Array, Array]) -> None:
    """Posteriors of informed parameters are far narrower than the prior, the held one is not."""
    spread = recovered[1].std(axis=1, ddof=1).mean(axis=0) * np.sqrt(12)

    assert (spread[[0, 1, 2, 4]] < 0.65).all()
    assert spread[HELD] == pytest.approx(1, abs=0.1)


@pytest.fixture
def observed() -> Array:
    """What the toy gives at a truth far from the middle, also of the held parameter."""
    return Toy(3, 0.8).of(np.array([0.9, 0.2, 0.3, 0.6, 0.2, 0.7, 0.5, 0.98]), 10**6)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The toy in place of the model; one target depends most on the held parameter."""
    made = Toy(3, 0.8)
    put_in_place(made, 3, monkeypatch)
    return made


@pytest.mark.usefixtures("toy")
def test_held_parameter_stays_at_its_prior(
    observed: Array, toy_plan: Callable[..., Plan], serial: Executor, tmp_path: Path
) -> None:
    """A held parameter's draws are uniform, though a target depends on it most."""
    assert NAMES[HELD] in held_at_prior()
    found = calibrate(toy_plan(observed, draws=256), tmp_path, executor=serial, progress=silent)

    assert kstest(found.posterior[:, HELD], "uniform").pvalue > 0.01
    assert kstest(found.posterior[:, 0], "uniform").pvalue < 1e-6
    with_a = np.corrcoef(found.posterior[:, HELD], found.posterior[:, 0])[0, 1]
    assert abs(with_a) <= 4 / np.sqrt(256)


@pytest.mark.usefixtures("toy")
def test_posterior_is_a_table_that_scenarios_read(
    observed: Array, toy_plan: Callable[..., Plan], serial: Executor, tmp_path: Path
) -> None:
    """The table has a row a draw, and its values are exactly those that the check ran."""
    found = calibrate(toy_plan(observed), tmp_path, executor=serial, progress=silent)
    path = tmp_path / "posterior.csv"
    path.write_bytes(found.posterior_csv().encode())
    problems = Problems()
    read = read_posterior(path, problems)

    assert not problems
    assert (read.draws, read.names) == (DRAWS, NAMES)
    for draw, levels in enumerate(found.posterior):
        assert read.values(draw) == values_at(found.parameters, levels)
    assert len({tuple(read.values(draw).values()) for draw in range(DRAWS)}) >= DRAWS / 2


@pytest.mark.usefixtures("toy")
def test_calibration_is_a_function_of_its_inputs(
    observed: Array, toy_plan: Callable[..., Plan], serial: Any, tmp_path: Path
) -> None:
    """A second call runs nothing; in another folder, with threads, the table has the same bytes."""
    plan = toy_plan(observed)
    first = calibrate(plan, tmp_path / "a", executor=serial, progress=silent)
    assert serial.tasks == 4
    again = calibrate(plan, tmp_path / "a", executor=serial, progress=silent)
    assert serial.tasks == 4
    other = calibrate(plan, tmp_path / "b", jobs=1, progress=silent)

    assert first.posterior_csv() == again.posterior_csv() == other.posterior_csv()
    assert first.check.tobytes() == again.check.tobytes() == other.check.tobytes()


def test_stages_have_their_own_runs_and_draws(
    observed: Array,
    toy: Toy,
    toy_plan: Callable[..., Plan],
    serial: Executor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The design, half as many, as many candidates twice, the posterior four times: all new."""
    asked: list[tuple[int, Array]] = []

    def noting(wave: Wave, levels: Array, first: int) -> Array:
        asked.append((first, levels))
        return toy(wave, levels, first)

    monkeypatch.setattr("teritwa.analysis.calibration.waves.simulate_block", noting)
    reports: list[tuple[int, int, int]] = []
    plan = toy_plan(observed)
    found = calibrate(
        plan, tmp_path, executor=serial, progress=lambda *numbers: reports.append(numbers)
    )

    assert [len(levels) for _, levels in asked] == [RUNS, RUNS // 2, RUNS, 4 * DRAWS]
    draws = [range(first, first + len(levels)) for first, levels in asked]
    assert len(set().union(*draws)) == 2 * RUNS + RUNS // 2 + 4 * DRAWS
    np.testing.assert_array_equal(asked[0][1], design(RUNS, len(NAMES)))
    np.testing.assert_array_equal(asked[2][1], np.repeat(found.candidates.levels, 2, axis=0))
    np.testing.assert_array_equal(asked[3][1], np.repeat(found.posterior, 4, axis=0))
    np.testing.assert_array_equal(found.first.levels, asked[0][1])
    np.testing.assert_array_equal(found.second.levels, asked[1][1])
    assert asked[1][1][:, 0].std() < 0.7 * asked[0][1][:, 0].std()
    assert asked[1][1][:, HELD].std() == pytest.approx(asked[0][1][:, HELD].std(), rel=0.1)
    third = found.candidates.residuals.reshape(RUNS, -1)  # all targets of the toy are fitted
    stages = (found.first.residuals, found.second.residuals, third, found.check)
    for (first, levels), stage in zip(asked, stages, strict=True):
        again = np.stack([toy.of(mine, first + row) for row, mine in enumerate(levels)])
        np.testing.assert_array_equal(stage, residuals_of(plan.targets, again))
    sizes = (RUNS, RUNS // 2, RUNS, 4 * DRAWS)
    assert reports == [(size, 0, size) for size in sizes]
    assert found.path.shape == (30,)
    free = [i for i in range(len(NAMES)) if i != HELD]
    candidates = {row[free].tobytes() for row in found.candidates.levels}
    assert {row[free].tobytes() for row in found.posterior} <= candidates
    assert found.weights.sum() == pytest.approx(1)


def test_failed_runs_are_left_out(
    observed: Array,
    toy: Toy,
    toy_plan: Callable[..., Plan],
    serial: Executor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Runs without quantities are left out row by row, and both waves go on with the others."""

    def failing(wave: Wave, levels: Array, first: int) -> Array:
        found = toy(wave, levels, first)
        found[::10] = np.nan
        return found

    monkeypatch.setattr("teritwa.analysis.calibration.waves.simulate_block", failing)
    found = calibrate(toy_plan(observed), tmp_path, executor=serial, progress=silent)

    kept = np.arange(RUNS) % 10 != 0
    np.testing.assert_array_equal(found.first.levels, design(RUNS, len(NAMES))[kept])
    assert len(found.second.levels) == len(found.second.residuals) == RUNS // 2 - 26
    candidates = found.candidates
    assert len(candidates.levels) == len(candidates.residuals) == RUNS // 2 - 52
    assert len(found.weights) == RUNS // 2 - 52
    for off in (found.first.residuals, found.second.residuals, candidates.residuals):
        assert np.isfinite(off).all()
    assert np.isfinite(found.posterior).all()
    failed = np.isnan(found.check).any(axis=1)
    assert failed.tolist() == [run % 10 == 0 for run in range(4 * DRAWS)]


@pytest.mark.usefixtures("toy")
def test_targets_that_are_not_fitted_have_no_effect(
    observed: Array, toy_plan: Callable[..., Plan], serial: Executor, tmp_path: Path
) -> None:
    """Only another observation of a fitted target changes the posterior."""

    def calibrated(factor: float, fitted: bool) -> Calibration:
        plan = toy_plan(observed)
        last = plan.targets[-1]
        other = replace(last, low=last.low * factor, high=last.high * factor, fitted=fitted)
        changed = replace(plan, targets=(*plan.targets[:-1], other))
        return calibrate(changed, tmp_path, executor=serial, progress=silent)

    judging, otherwise = calibrated(1, False), calibrated(1.5, False)
    assert judging.posterior_csv() == otherwise.posterior_csv()
    assert fitted_targets(judging.targets).tolist() == [0, 1, 2, 3, 4]
    assert calibrated(1, True).posterior_csv() != calibrated(1.5, True).posterior_csv()


def constant(*offs: float) -> Emulator:
    """Return an emulator with constant predictions and a known remainder."""
    covariance = np.array([[0.03, 0.01, 0.5], [0.01, 0.02, 0.5], [0.5, 0.5, 9.0]])
    none = tuple(np.array([], np.intp) for _ in offs)
    return Emulator(none, tuple(np.zeros(7) for _ in offs), np.array(offs), covariance)


@pytest.fixture
def three(toy_plan: Callable[..., Plan]) -> Plan:
    """A plan of three targets, the last of which is not fitted."""
    plan = toy_plan(np.full(6, 100.0))
    difference = replace(plan.targets[0], error=0.1, discrepancy=0.2)
    judge = replace(plan.targets[3], fitted=False)
    return replace(plan, targets=(difference, plan.targets[2], judge))


def likelihood(plan: Plan, *emulators: Emulator, observed: Array | None = None) -> LogLikelihood:
    """Return the log likelihood of a plan's levels under emulators."""
    return emulator_likelihood(plan.parameters, plan.targets, emulators, observed)


def test_likelihood_worked_by_hand(three: Plan) -> None:
    """Minus half the squared distance by the covariance of chance and both errors."""
    levels = np.full((2, len(NAMES)), 0.5)
    found = likelihood(three, constant(0.2, -0.1, 50.0))(levels, np.arange(2))

    # 0.03 and 0.02 of chance, 0.1² + 0.2² of a difference, (0.1² + 0.1²) / 1.05² of a ratio
    whole = np.array([[0.03 + 0.05, 0.01], [0.01, 0.02 + 0.02 / 1.05**2]])
    off = np.array([0.2, -0.1])
    assert found.tolist() == pytest.approx([-0.5 * off @ np.linalg.inv(whole) @ off] * 2)


def test_likelihoods_of_two_emulators_add_up(three: Plan) -> None:
    """Each emulator has its own predictions."""
    levels = np.full((3, len(NAMES)), 0.5)
    one, two = constant(0.2, -0.1, 50.0), constant(-0.3, 0.0, 1.0)

    both = likelihood(three, one, two)(levels, np.arange(3))
    alone = [likelihood(three, each)(levels, np.arange(3)) for each in (one, two)]
    np.testing.assert_allclose(both, alone[0] + alone[1])


def test_each_chain_has_its_own_observation(three: Plan) -> None:
    """Observations differ by chain and emulator; one that is predicted has likelihood 1."""
    levels = np.full((2, len(NAMES)), 0.5)
    one, two = constant(0.2, -0.1, 50.0), constant(-0.3, 0.4, 50.0)
    given = np.zeros((2, 5, 3))
    given[0, 3], given[1, 3] = [0.2, -0.1, 7.0], [-0.3, 0.4, 7.0]
    found = likelihood(three, one, two, observed=given)(levels, np.array([3, 1]))
    plain = likelihood(three, one, two)(levels, np.array([3, 1]))

    assert found[0] == pytest.approx(0, abs=1e-30)
    assert found[1] == plain[1] < -0.1


def test_residuals_go_target_by_target(three: Plan) -> None:
    """Each column has the scale of its own target."""
    found = residuals_of(three.targets, np.array([[101.0, 205.0, 0.0], [100.0, 100.0, 100.0]]))

    np.testing.assert_allclose(found, [[1.0, np.log(2), -np.log(21)], [0, 0, 0]], atol=1e-15)


def test_design_is_stratified_and_reproducible() -> None:
    """Of 64 runs each 64th of every range has one, and a second call gives the same runs."""
    levels = design(64, 170)

    assert levels.shape == (64, 170)
    for column in levels.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    np.testing.assert_array_equal(levels, design(64, 170))


@pytest.mark.parametrize(
    "until", [date(2024, 3, 30), date(2024, 6, 30), date(2024, 12, 31), LAST_DAY]
)
def test_plan_fits_periods_that_have_ended(until: date) -> None:
    """Targets are those of the table; fitted are those whose period ends by the day."""
    plan = make_plan(until=until)

    for mine, original in zip(plan.targets, every_target(), strict=True):
        assert replace(mine, fitted=original.fitted) == original
        assert mine.fitted == (original.fitted and original.end <= until), mine.name


def test_plan_until_march_has_only_one_target() -> None:
    """By 30 March 2024 one count is known, the displaced of 1 March; by the last day all are."""
    early, whole = make_plan(until=date(2024, 3, 30)), make_plan()

    assert [one.name for one in early.targets if one.fitted] == ["displaced, 1 March 2024"]
    assert [one.name for one in whole.targets if not one.fitted] == ["killed, 2024"]


def test_plan_has_no_uncertainty_of_its_own() -> None:
    """The baseline to the last day, without an ensemble: only the waves vary parameters."""
    plan = make_plan(runs=16, draws=4)

    assert (plan.runs, plan.draws, plan.parameters) == (16, 4, uncertain_parameters())
    assert plan.scenario.id == "baseline"
    assert (plan.scenario.start, plan.scenario.end) == (date(2024, 1, 1), LAST_DAY)
    assert plan.scenario.posterior is None
    assert plan.scenario.uncertain == ()
    assert plan.scenario.parameters(0) == plan.scenario.parameters(12345)
    assert max(one.end for one in plan.targets) <= LAST_DAY
    assert min(one.start for one in plan.targets) >= plan.scenario.start
