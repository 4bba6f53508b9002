"""Tests of the numbers about control by place."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.cluster_robust import mean_and_half_interval
from teritwa.analysis.control import CHANCE, INFLUENCE, control
from teritwa.ensemble.result import Result, ResultError

Make = Callable[..., Result]
WEEKS = 54
"""Of the made-up days: 30 December 2024 and every seventh day after it, and 2 January 2026."""


def influence(by_run: list[list[float]]) -> NDArray[np.float64]:
    """Return constant influence (draw, run, week, district) in four districts."""
    return np.broadcast_to(np.array(by_run)[None, :, None, :], (1, len(by_run), WEEKS, 4))


RUNS = [[0.5, 0.49, 0.0, 1.0], [0.6, 0.5, 0.0, 1.0], [0.4, 0.1, 0.2, 1.0], [0.9, 0.3, 0.0, 1.0]]


def test_chance_and_influence_by_hand(made_up: Make) -> None:
    """One half is held: three of four runs, one, none, all; the influence is the mean over runs."""
    result = made_up({"gang_influence": influence(RUNS)})
    chance, mean = control(result), control(result, INFLUENCE)

    assert chance.values.shape == mean.values.shape == (WEEKS, 4)
    assert chance.values[0].tolist() == [0.75, 0.25, 0.0, 1.0]
    np.testing.assert_allclose(mean.values[-1], [0.6, 0.3475, 0.05, 1.0], rtol=1e-6)
    assert (chance.count, chance.is_change, chance.half) == (4, False, None)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2024-12-30", 0),
        ("2025-01-05", 0),
        ("2025-01-06", 1),
        ("2026-01-01", 52),
        ("2026-01-02", 53),
    ],
)
def test_a_date_means_the_last_week_not_after_it(made_up: Make, day: str, week: int) -> None:
    """A Sunday still shows the Monday before it; the last day has its own numbers."""
    assert control(made_up()).week(date.fromisoformat(day)) == week


def test_no_date_is_the_last_day(made_up: Make) -> None:
    """Without a date the last stored week is meant."""
    assert control(made_up()).week() == WEEKS - 1


@pytest.mark.parametrize("day", ["2024-12-29", "2026-01-03"])
def test_dates_outside_are_refused(made_up: Make, day: str) -> None:
    """The day before the first and the day after the last are named together with what there is."""
    with pytest.raises(ResultError, match=f"no control on {day}; it has 2024-12-30 to 2026-01-02"):
        control(made_up()).week(date.fromisoformat(day))


def test_change_pairs_run_with_run(made_up: Make) -> None:
    """A run that failed on either side has no pair; of pairs 0 and 3, one district is lost."""
    base = made_up({"gang_influence": influence(RUNS)}, failed={(0, 1): "x"})
    changed = [[0.4, 0.5, 0.0, 1.0], [0.0] * 4, [0.9] * 4, [0.9, 0.7, 0.0, 1.0]]
    other = made_up({"gang_influence": influence(changed)}, failed={(0, 2): "x"}, id="policy")
    change = control(other, CHANCE, base)

    assert change.count == 2
    assert change.values[10].tolist() == [-0.5, 1.0, 0.0, 0.0]
    np.testing.assert_allclose(
        control(other, INFLUENCE, base).values[10], [-0.05, 0.205, 0.0, 0.0], atol=1e-6
    )


def test_change_against_itself_is_zero(made_up: Make) -> None:
    """Every difference and every interval is zero."""
    result = made_up({"gang_influence": influence(RUNS)})
    for view in (CHANCE, INFLUENCE):
        change = control(result, view, result)
        assert change.half is not None
        assert not change.values.any()
        assert not change.half.any()


@pytest.mark.parametrize("draws", [1, 3])
def test_interval_is_that_of_the_comparison(made_up: Make, draws: int) -> None:
    """Half the interval of a district is that of one number, clustered by draw."""
    size = (draws, 4, WEEKS, 4)
    values = (np.sqrt(2) * np.arange(np.prod(size)) % 1).reshape(size).astype(np.float32)
    base = made_up({"gang_influence": np.full(size, 0.5)}, draws=draws)
    other = made_up({"gang_influence": values}, draws=draws, id="policy")
    change = control(other, INFLUENCE, base)

    of_one = values[:, :, 7, 2].ravel().astype(float) - 0.5
    mean, half = mean_and_half_interval(of_one, np.repeat(np.arange(draws), 4))
    assert change.half is not None
    assert (change.values[7, 2], change.half[7, 2]) == pytest.approx((mean, half))


def test_clear_changes(made_up: Make) -> None:
    """A gain in every pair is clear, one in one of four or in none is not; levels are clear."""
    one, nobody = (
        [[0.6, 0.6, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9]],
        [[0.0] * 4] * 4,
    )
    other = made_up({"gang_influence": influence(one)}, id="policy")
    change = control(other, CHANCE, made_up({"gang_influence": influence(nobody)}))

    assert change.is_clear(3).tolist() == [True, False, False, True]
    assert control(other).is_clear(3).all()


def test_change_covers_the_weeks_of_both(made_up: Make) -> None:
    """A shorter result is compared on the weeks that both stored, without its own last day."""
    base, short = made_up(), made_up(id="short", end=date(2025, 3, 1))
    change = control(short, CHANCE, base)

    assert (str(change.weeks[0]), str(change.weeks[-1])) == ("2024-12-30", "2025-02-24")
    assert change.values.shape == (9, 4)


def test_what_is_no_pair_is_refused(made_up: Make) -> None:
    """Another seed gives other random numbers, so there are no pairs."""
    with pytest.raises(ResultError, match="seed is 8, not 7"):
        control(made_up(id="policy", seed=8), CHANCE, made_up())


def test_no_run_no_control(made_up: Make) -> None:
    """A result of which every run failed says so."""
    with pytest.raises(ResultError, match="no run finished"):
        control(made_up(failed={(0, i): "x" for i in range(4)}))


def test_unknown_view_is_refused(made_up: Make) -> None:
    """An unknown view is a mistake of the caller."""
    with pytest.raises(
        ValueError, match="'mood' is not a view of control; there are chance, control"
    ):
        control(made_up(), "mood")


def test_both_views_of_a_day_by_hand(made_up: Make) -> None:
    """A day has the values of its week: levels, and changes from a baseline with their interval."""
    result, base = made_up({"gang_influence": influence(RUNS)}, id="policy"), made_up()
    chance, change = control(result), control(result, CHANCE, base)
    week = change.week(date(2025, 1, 7))

    assert str(change.weeks[week]) == "2025-01-06"
    assert chance.values[week].tolist() == change.values[week].tolist() == [0.75, 0.25, 0.0, 1.0]
    means = control(result, INFLUENCE, base).values[week].tolist()
    assert means == pytest.approx([0.6, 0.3475, 0.05, 1.0])
    assert change.half is not None
    assert change.half[week, 3] == 0
    assert (change.count, chance.count) == (4, 4)
