"""Tests of calibration, on a toy in the place of the model: synthetic truths come back as often as stated."""

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
    distances,
    fitted_targets,
    likelihood,
    plan,
)
from teritwa.analysis.calibration.emulator import Emulator
from teritwa.analysis.calibration.priors import NOT_LEARNED, uncertain, values_at
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.targets import targets as every_target
from teritwa.analysis.calibration.waves import Wave
from teritwa.scenario import load
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

Array = NDArray[np.float64]
Make = Callable[..., Target]
SMALL = Path(__file__).parents[3] / "scenarios" / "island.yaml"
NAMES = (
    "arms.firearm_price", "attack.rate", "operations.collateral_ratio", "displacement.recent_attack_days", "membership.recruitment_rate", "casualties.reporting_rate_under_gangs",
    "kidnapping.rate", "presence.mission_effect",
)  # fmt: skip
HELD = NAMES.index("presence.mission_effect")
RUNS, DRAWS = 512, 39
DATA_SETS = 50
CHANCE = np.array([0.1, 0.1, 0.15, 0.1, 0.1, 0.2])
"""Standard deviation of what a history adds to each target of the toy, in the unit of its distance."""


@dataclass(frozen=True)
class Toy:
    """A model of no time at all: six targets that eight parameters move up and down, bend, and leave to chance."""

    seed: int
    felt: float = 0.1

    def __call__(self, wave: Wave, levels: Array, first: int) -> Array:
        """Return quantities (run, target) as a worker would, each run with the chance of its draw."""
        return np.stack([self.of(mine, first + row) for row, mine in enumerate(levels)])

    def of(self, levels: Array, draw: int) -> Array:
        """Return the quantities of one run: two that are differences and four that are ratios."""
        random = np.random.Generator(np.random.Philox([self.seed, draw]))  # noqa: TID251 - a toy, not the model
        expected = self.expected(levels) + CHANCE * random.standard_normal(len(CHANCE))
        return np.concatenate([expected[:2], 100 * np.exp(expected[2:])])

    def expected(self, levels: Array) -> Array:
        """Return where targets lie without probability: polynomials of the parameters' levels."""
        a, b, c, d, e, f, g, held = 2 * levels - 1
        return np.array([a + 0.5 * b, b - 0.4 * a * c, c + 0.3 * d + 0.2 * c * c, 0.6 * d - 0.5 * e, e + 0.2 * f,
                         0.4 * a + 0.4 * f + 0.1 * g + self.felt * held])  # fmt: skip


def put_in_place(toy: Callable[[Wave, Array, int], Array], seed: int, patch: pytest.MonkeyPatch) -> None:
    """Put a toy in the place of the model, with few chains and steps: a calibration takes parts of a second."""
    sizes = {"SEED": seed, "CHAINS": 128, "STEPS": (30, 15, 7)}
    for name, value in sizes.items():
        patch.setattr(f"teritwa.analysis.calibration.calibrate.{name}", value)
    patch.setattr("teritwa.analysis.calibration.waves.BLOCK", RUNS)
    patch.setattr("teritwa.analysis.calibration.waves.quantities", toy)
    patch.setattr("teritwa.simulation.model.warm_up", lambda: 0.0)


@pytest.fixture(scope="module")
def toy_plan(target: Make) -> Callable[..., Plan]:
    """Build the plan for the toy, for what was observed of its six targets."""
    known = {one.name: one for one in uncertain()}
    parameters = tuple(known[name] for name in NAMES)

    def build(observed: Array, **given: Any) -> Plan:
        scales = ["plain"] * 2 + ["log"] * 4
        each = tuple(
            target(name=f"target {i}, then", low=value, high=value, scale=scale)
            for i, (value, scale) in enumerate(zip(observed.tolist(), scales, strict=True))
        )
        return Plan(**{"scenario": load(SMALL), "targets": each, "parameters": parameters, "runs": RUNS,
                       "draws": DRAWS, **given})  # fmt: skip

    return build


def silent(done: int, failed: int, total: int) -> None:
    """Tell nobody."""


def blurred(quantities: Array, random: Any) -> Array:
    """Return quantities as they would be observed: with both errors of a tenth, of the logarithm where it is one."""
    off = np.hypot(0.1, 0.1) * random.standard_normal(len(quantities))
    return np.concatenate([quantities[:2] + off[:2], quantities[2:] * np.exp(off[2:])])


@pytest.fixture(scope="module")
def recovered(toy_plan: Callable[..., Plan], tmp_path_factory: pytest.TempPathFactory) -> tuple[Array, Array]:
    """Truths (data set, parameter) from the prior, and draws (data set, draw, parameter) of their posteriors."""
    truths, draws = [], []
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        for number in range(DATA_SETS):
            random = np.random.Generator(np.random.Philox([7, number]))  # noqa: TID251 - it makes a test's input
            truths.append(random.random(len(NAMES)))
            toy = Toy(number)
            put_in_place(toy, number, patch)
            wanted = toy_plan(blurred(toy.of(truths[-1], 10**6), random))
            found = calibrate(wanted, tmp_path_factory.mktemp("waves"), executor=pool, told=silent)
            draws.append(found.posterior)
    return np.array(truths), np.array(draws)


def covered(truths: Array, draws: Array) -> float:
    """Return the share of learned truths within the 90 % interval of their draws.

    A truth like 39 draws is equally likely at each of 40 places among them, of which 36 are within.
    """
    places = np.delete((draws < truths[:, None, :]).sum(axis=1), HELD, axis=1)
    return float(((places >= 2) & (places <= 37)).mean())


def halved(draws: Array) -> Array:
    """Return draws shrunk to half their spread about their mean, in normal scores."""
    scores = ndtri(draws)
    mean = scores.mean(axis=1, keepdims=True)
    return np.asarray(ndtr(mean + 0.5 * (scores - mean)))


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say(recovered: tuple[Array, Array]) -> None:
    """Of 50 synthetic data sets the 90 % intervals hold the learned truths in 90 %, within three binomial errors."""
    error = np.sqrt(0.9 * 0.1 / (DATA_SETS * (len(NAMES) - 1)))

    assert abs(covered(*recovered) - 0.9) <= 3 * error


@pytest.mark.slow
def test_ensemble_of_half_the_spread_fails_that_check(recovered: tuple[Array, Array]) -> None:
    """The check above sees an ensemble that is too sure of itself: half the spread misses by far more."""
    truths, draws = recovered
    error = np.sqrt(0.9 * 0.1 / (DATA_SETS * (len(NAMES) - 1)))

    assert covered(truths, halved(draws)) < 0.9 - 10 * error


@pytest.mark.slow
def test_posteriors_lie_neither_high_nor_low(recovered: tuple[Array, Array]) -> None:
    """The truth's place among the draws is in the middle on average, parameter by parameter."""
    truths, draws = recovered
    places = (draws < truths[:, None, :]).mean(axis=1)

    assert (np.abs(places.mean(axis=0) - 0.5) <= 4 * np.sqrt(1 / 12 / DATA_SETS)).all()


@pytest.mark.slow
def test_what_targets_follow_is_learned(recovered: tuple[Array, Array]) -> None:
    """Posteriors of parameters that targets follow closely are far narrower than the prior, of the held one as wide."""
    spread = recovered[1].std(axis=1, ddof=1).mean(axis=0) * np.sqrt(12)

    assert (spread[[0, 1, 2, 4]] < 0.65).all()
    assert spread[HELD] == pytest.approx(1, abs=0.1)


@pytest.fixture
def observed() -> Array:
    """What the toy gave at a truth far from the middle, held parameter and all."""
    return Toy(3, 0.8).of(np.array([0.9, 0.2, 0.3, 0.6, 0.2, 0.7, 0.5, 0.98]), 10**6)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    """The toy in the place of the model; one target follows the held parameter most."""
    made = Toy(3, 0.8)
    put_in_place(made, 3, monkeypatch)
    return made


@pytest.mark.usefixtures("toy")
def test_what_may_not_be_learned_stays_at_its_prior(
    observed: Array, toy_plan: Callable[..., Plan], at_once: Executor, tmp_path: Path
) -> None:
    """Though a target follows it most, a held parameter's draws are even; those of a learned one are not."""
    assert NAMES[HELD] in NOT_LEARNED
    found = calibrate(toy_plan(observed, draws=256), tmp_path, executor=at_once, told=silent)

    assert kstest(found.posterior[:, HELD], "uniform").pvalue > 0.01
    assert kstest(found.posterior[:, 0], "uniform").pvalue < 1e-6
    with_a = np.corrcoef(found.posterior[:, HELD], found.posterior[:, 0])[0, 1]
    assert abs(with_a) <= 4 / np.sqrt(256)


@pytest.mark.usefixtures("toy")
def test_posterior_is_a_table_that_scenarios_read(
    observed: Array, toy_plan: Callable[..., Plan], at_once: Executor, tmp_path: Path
) -> None:
    """The table has a row a draw, and what is read from it is to the last digit what the check ran."""
    found = calibrate(toy_plan(observed), tmp_path, executor=at_once, told=silent)
    path = tmp_path / "posterior.csv"
    path.write_bytes(found.table().encode())
    problems = Problems()
    read = read_posterior(path, problems)

    assert not problems
    assert (read.draws, read.names) == (DRAWS, NAMES)
    for draw, levels in enumerate(found.posterior):
        assert read.values(draw) == values_at(found.parameters, levels)
    assert len({tuple(read.values(draw).values()) for draw in range(DRAWS)}) >= DRAWS / 2


@pytest.mark.usefixtures("toy")
def test_calibration_is_a_function_of_its_inputs(
    observed: Array, toy_plan: Callable[..., Plan], at_once: Any, tmp_path: Path
) -> None:
    """Again, in the same folder nothing is run; in another, by threads, the table is the same to the byte."""
    wanted = toy_plan(observed)
    first = calibrate(wanted, tmp_path / "a", executor=at_once, told=silent)
    assert at_once.tasks == 4
    again = calibrate(wanted, tmp_path / "a", executor=at_once, told=silent)
    assert at_once.tasks == 4
    other = calibrate(wanted, tmp_path / "b", jobs=1, told=silent)

    assert first.table() == again.table() == other.table()
    assert first.check.tobytes() == again.check.tobytes() == other.check.tobytes()


def test_stages_have_their_runs_and_chances(
    observed: Array, toy: Toy, toy_plan: Callable[..., Plan], at_once: Executor, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The design, half as many near what was observed, as many candidates twice, the posterior four times; all new."""
    asked: list[tuple[int, Array]] = []

    def noting(wave: Wave, levels: Array, first: int) -> Array:
        asked.append((first, levels))
        return toy(wave, levels, first)

    monkeypatch.setattr("teritwa.analysis.calibration.waves.quantities", noting)
    told: list[tuple[int, int, int]] = []
    wanted = toy_plan(observed)
    found = calibrate(wanted, tmp_path, executor=at_once, told=lambda *numbers: told.append(numbers))

    assert [len(levels) for _, levels in asked] == [RUNS, RUNS // 2, RUNS, 4 * DRAWS]
    draws = [range(first, first + len(levels)) for first, levels in asked]
    assert len(set().union(*draws)) == 2 * RUNS + RUNS // 2 + 4 * DRAWS
    np.testing.assert_array_equal(asked[0][1], design(RUNS, len(NAMES)))
    np.testing.assert_array_equal(asked[2][1], np.repeat(found.third.levels, 2, axis=0))
    np.testing.assert_array_equal(asked[3][1], np.repeat(found.posterior, 4, axis=0))
    np.testing.assert_array_equal(found.first[0], asked[0][1])
    np.testing.assert_array_equal(found.second[0], asked[1][1])
    assert asked[1][1][:, 0].std() < 0.7 * asked[0][1][:, 0].std()
    assert asked[1][1][:, HELD].std() == pytest.approx(asked[0][1][:, HELD].std(), rel=0.1)
    third = found.third.runs.reshape(RUNS, -1)  # all targets of the toy are fitted
    for (first, levels), stage in zip(asked, (found.first[1], found.second[1], third, found.check), strict=True):
        np.testing.assert_array_equal(stage, distances(wanted.targets, toy(None, levels, first)))  # type: ignore[arg-type]
    assert told == [(RUNS, 0, RUNS), (RUNS // 2, 0, RUNS // 2), (RUNS, 0, RUNS), (4 * DRAWS, 0, 4 * DRAWS)]
    assert found.path.shape == (30,)
    free = [i for i in range(len(NAMES)) if i != HELD]
    assert {row[free].tobytes() for row in found.posterior} <= {row[free].tobytes() for row in found.third.levels}
    assert found.weights.sum() == pytest.approx(1)


def test_failed_runs_are_left_out(
    observed: Array, toy: Toy, toy_plan: Callable[..., Plan], at_once: Executor, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Runs without quantities teach nothing and harm nothing: both waves go on with the others, row by row."""

    def failing(wave: Wave, levels: Array, first: int) -> Array:
        found = toy(wave, levels, first)
        found[::10] = np.nan
        return found

    monkeypatch.setattr("teritwa.analysis.calibration.waves.quantities", failing)
    found = calibrate(toy_plan(observed), tmp_path, executor=at_once, told=silent)

    kept = np.arange(RUNS) % 10 != 0
    np.testing.assert_array_equal(found.first[0], design(RUNS, len(NAMES))[kept])
    assert len(found.second[0]) == len(found.second[1]) == RUNS // 2 - 26
    assert len(found.third.levels) == len(found.third.runs) == len(found.weights) == RUNS // 2 - 52
    for off in (found.first[1], found.second[1], found.third.runs):
        assert np.isfinite(off).all()
    assert np.isfinite(found.posterior).all()
    assert np.isnan(found.check).any(axis=1).tolist() == [run % 10 == 0 for run in range(4 * DRAWS)]


@pytest.mark.usefixtures("toy")
def test_targets_that_only_judge_teach_nothing(
    observed: Array, toy_plan: Callable[..., Plan], at_once: Executor, tmp_path: Path
) -> None:
    """Another observation of what is not fitted leaves the posterior as it is; of what is fitted it does not."""

    def calibrated(factor: float, fitted: bool) -> Calibration:
        wanted = toy_plan(observed)
        last = wanted.targets[-1]
        other = replace(last, low=last.low * factor, high=last.high * factor, fitted=fitted)
        return calibrate(
            replace(wanted, targets=(*wanted.targets[:-1], other)), tmp_path, executor=at_once, told=silent
        )

    judging, otherwise = calibrated(1, False), calibrated(1.5, False)
    assert judging.table() == otherwise.table()
    assert fitted_targets(judging.targets).tolist() == [0, 1, 2, 3, 4]
    assert calibrated(1, True).table() != calibrated(1.5, True).table()


def constant(*offs: float) -> Emulator:
    """Return an emulator that expects the same distances everywhere, with a known remainder."""
    covariance = np.array([[0.03, 0.01, 0.5], [0.01, 0.02, 0.5], [0.5, 0.5, 9.0]])
    none = tuple(np.array([], np.intp) for _ in offs)
    return Emulator(none, tuple(np.zeros(7) for _ in offs), np.array(offs), covariance)


@pytest.fixture
def three(toy_plan: Callable[..., Plan]) -> Plan:
    """A plan of three targets, the last of which is not fitted."""
    wanted = toy_plan(np.full(6, 100.0))
    plain, ratio, judge = wanted.targets[0], wanted.targets[2], replace(wanted.targets[3], fitted=False)
    return replace(wanted, targets=(replace(plain, spread=0.1, structural=0.2), ratio, judge))


def test_likelihood_worked_by_hand(three: Plan) -> None:
    """Minus half the squared distance in the metric of chance, observation and structure together, without judges."""
    found = likelihood(three, [constant(0.2, -0.1, 50.0)])(np.full((2, len(NAMES)), 0.5), np.arange(2))

    # 0.03 and 0.02 of chance, 0.1² + 0.2² of a difference, (0.1² + 0.1²) / 1.05² of a ratio
    whole = np.array([[0.03 + 0.05, 0.01], [0.01, 0.02 + 0.02 / 1.05**2]])
    off = np.array([0.2, -0.1])
    assert found.tolist() == pytest.approx([-0.5 * off @ np.linalg.inv(whole) @ off] * 2)


def test_likelihoods_of_two_emulators_add_up(three: Plan) -> None:
    """Each with its own expectations."""
    levels = np.full((3, len(NAMES)), 0.5)
    one, two = constant(0.2, -0.1, 50.0), constant(-0.3, 0.0, 1.0)

    both = likelihood(three, [one, two])(levels, np.arange(3))
    alone = [likelihood(three, [each])(levels, np.arange(3)) for each in (one, two)]
    np.testing.assert_allclose(both, alone[0] + alone[1])


def test_each_chain_has_the_observation_given_to_it(three: Plan) -> None:
    """Other observations are told apart by chain and by emulator; one that is expected has nothing against it."""
    levels = np.full((2, len(NAMES)), 0.5)
    one, two = constant(0.2, -0.1, 50.0), constant(-0.3, 0.4, 50.0)
    given = np.zeros((2, 5, 3))
    given[0, 3], given[1, 3] = [0.2, -0.1, 7.0], [-0.3, 0.4, 7.0]
    found = likelihood(three, [one, two], given)(levels, np.array([3, 1]))
    plain = likelihood(three, [one, two])(levels, np.array([3, 1]))

    assert found[0] == pytest.approx(0, abs=1e-30)
    assert found[1] == plain[1] < -0.1


def test_distances_go_target_by_target(three: Plan) -> None:
    """Each column by its own target's scale."""
    found = distances(three.targets, np.array([[101.0, 205.0, 0.0], [100.0, 100.0, 100.0]]))

    np.testing.assert_allclose(found, [[1.0, np.log(2), -np.log(21)], [0, 0, 0]], atol=1e-15)


def test_design_is_even_and_always_the_same() -> None:
    """Of 64 runs each 64th of every parameter's range has one, and the same call gives the same runs."""
    levels = design(64, 170)

    assert levels.shape == (64, 170)
    for column in levels.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    np.testing.assert_array_equal(levels, design(64, 170))


@pytest.mark.parametrize("until", [date(2024, 3, 30), date(2024, 6, 30), date(2024, 12, 31), LAST_DAY])
def test_plan_fits_what_had_ended_by_then(until: date) -> None:
    """Targets are those of the table; of those to be fitted, only whose period had ended by the day."""
    wanted = plan(until=until)

    assert [replace(one, fitted=True) for one in wanted.targets] == [
        replace(one, fitted=True) for one in every_target()
    ]
    for mine, original in zip(wanted.targets, every_target(), strict=True):
        assert mine.fitted == (original.fitted and original.end <= until), mine.name


def test_plan_until_march_has_only_one_target() -> None:
    """By 30 March 2024 one count had ended, that of the displaced of 1 March; by the last day all had."""
    early, whole = plan(until=date(2024, 3, 30)), plan()

    assert [one.name for one in early.targets if one.fitted] == ["displaced, 1 March 2024"]
    assert [one.name for one in whole.targets if not one.fitted] == ["killed, 2024"]


def test_plan_leaves_nothing_else_to_chance() -> None:
    """The world as it was to the last day that is used, without an ensemble: parameters differ by the waves alone."""
    wanted = plan(runs=16, draws=4)

    assert (wanted.runs, wanted.draws, wanted.parameters) == (16, 4, uncertain())
    assert (wanted.scenario.id, wanted.scenario.start, wanted.scenario.end) == ("baseline", date(2024, 1, 1), LAST_DAY)
    assert wanted.scenario.posterior is None
    assert wanted.scenario.uncertain == ()
    assert wanted.scenario.parameters(0) == wanted.scenario.parameters(12345)
    assert max(one.end for one in wanted.targets) <= LAST_DAY
    assert min(one.start for one in wanted.targets) >= wanted.scenario.start
