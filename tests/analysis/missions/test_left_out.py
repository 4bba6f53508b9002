"""Scores of predictions of past missions: closed forms and hand-worked numbers."""

import math
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.missions.left_out import Prediction, coverage, group_scores
from teritwa.analysis.missions.tables import figures_csv, summary_csv

Array = NDArray[np.float64]


def figure(outcome: str = "killed", observed: float = 0.9) -> Target:
    """Return a figure with an error of 0.3 and a discrepancy of 0.4: together 0.5."""
    return Target(
        name="made up",
        outcome=outcome,
        statistic="sum",
        start=date(2000, 1, 1),
        end=date(2000, 1, 1),
        low=observed,
        high=observed,
        error=0.3,
        scale="linear",
        discrepancy=0.4,
        fitted=True,
        source="made up",
    )


def prediction(prior: list[float], predicted: list[float], scenario: str = "s") -> Prediction:
    """Return a prediction of a place under gangs, by residuals."""
    one = figure("gang_control_capital")
    return Prediction("g", scenario, one, np.array([prior]), np.array([predicted]))


def density(residual: float) -> float:
    """Return the normal density with a standard deviation of 0.5."""
    return math.exp(-0.5 * (residual / 0.5) ** 2) / (0.5 * math.sqrt(2 * math.pi))


def test_the_log_score_is_that_of_a_mixture() -> None:
    """Two runs, one on the figure and one far off, give half of the density at no distance."""
    one = prediction([0.0, 50.0], [0.5, -0.5])
    assert one.log_score(one.prior) == pytest.approx(math.log(density(0.0) / 2))
    assert one.log_score(one.predicted) == pytest.approx(math.log(density(0.5)))


def test_figures_of_one_run_are_scored_together() -> None:
    """A run must meet both figures of its scenario."""
    first, second = prediction([0.0, 1.0], [0.0, 0.0]), prediction([1.0, 0.0], [0.0, 0.0])
    (score,) = group_scores([first, second])
    assert score.prior == pytest.approx(math.log(density(0.0) * density(1.0)))
    assert score.predicted == pytest.approx(2 * math.log(density(0.0)))
    assert score.figures == 2
    assert score.better == pytest.approx(score.predicted - score.prior)


def test_scenarios_of_a_group_share_their_draws() -> None:
    """A draw must meet the figures of both scenarios: it is the same mission in both."""
    first = prediction([0.0, 1.0], [0.0, 1.0])
    second = prediction([1.0, 0.0], [0.0, 1.0], scenario="t")
    (score,) = group_scores([first, second])
    assert score.prior == pytest.approx(math.log(density(0.0) * density(1.0)))
    both = (density(0.0) ** 2 + density(1.0) ** 2) / 2
    assert score.predicted == pytest.approx(math.log(both))


def test_repeats_of_a_draw_count_once_and_failed_runs_not_at_all() -> None:
    """The density of a draw is the mean over its repeats that finished."""
    one = figure()
    prior = np.array([[0.0, 0.5], [1.0, np.nan]])
    made = Prediction("g", "s", one, prior, np.zeros((2, 2)))
    (score,) = group_scores([made])
    mean = ((density(0.0) + density(1.0)) / 2 + density(0.5)) / 2
    assert score.prior == pytest.approx(math.log(mean))
    assert made.log_score(prior) == pytest.approx(
        math.log((density(0.0) + density(1.0) + density(0.5)) / 3)
    )
    # Each draw's part of the mean density: their difference from 1, for the second is the same.
    parts = np.array([(density(0.0) + density(1.0)) / 2, density(0.5)]) / mean
    assert score.error == pytest.approx((1.0 - parts).std(ddof=1) / 2**0.5)


def test_a_band_is_of_what_would_be_counted() -> None:
    """One run on the figure: the band is that of the error, 0.5 about 0.9, within 0 and 1."""
    one = prediction([0.0], [0.0])
    low, middle, high = one.band(one.prior, (0.1, 0.5, 0.9))
    assert middle == pytest.approx(0.9)
    assert low == pytest.approx(0.9 - 1.2816 * 0.5, abs=0.06)
    assert high == 1.0


def test_the_interval_holds_what_lies_in_its_middle() -> None:
    """The 80 % interval ends 1.2816 errors from a single run; beyond it the figure is missed."""
    assert prediction([0.0], [0.64]).covers(np.array([0.64]))
    assert not prediction([0.0], [0.65]).covers(np.array([0.65]))
    near, far = prediction([0.0], [0.0]), prediction([0.0], [9.0])
    held, of, probability = coverage([near] * 8 + [far] * 2)
    assert (held, of) == (8, 10)
    assert probability == pytest.approx(1.0)


def test_the_brier_score_asks_who_holds_the_place() -> None:
    """Gangs held it: three of four runs say so, and the score is a sixteenth."""
    one = prediction([0.0, 0.0, 0.0, -0.9], [0.0] * 4)
    assert one.brier(one.prior) == pytest.approx(1 / 16)
    assert one.brier(one.predicted) == 0.0


def test_tables_have_a_row_a_figure_and_the_scores() -> None:
    """What is written is what was computed."""
    made = [prediction([0.0, 0.0], [0.0, 0.0]), prediction([0.0, 0.0], [9.0, 9.0])]
    lines = figures_csv(made).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("g,s,made up,0.9,0.9,")
    assert lines[1].endswith("yes")
    assert lines[2].endswith("no")
    assert summary_csv(made).splitlines()[1] == "figures in their 80 % interval,1,2"
