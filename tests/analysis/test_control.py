"""Tests of the numbers about control by place."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from teritwa.analysis.compare import mean_and_half_interval
from teritwa.analysis.control import CHANCE, INFLUENCE, control, control_table
from teritwa.ensemble.result import Result, ResultError

Make = Callable[..., Result]
WEEKS = 54
"""Of the made-up days: 30 December 2024 and every seventh day after it, and 2 January 2026."""


def influence(by_run: list[list[float]]) -> np.ndarray:
    """Return influence (draw, run, week, district) of four districts that does not change over the weeks."""
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
    [("2024-12-30", 0), ("2025-01-05", 0), ("2025-01-06", 1), ("2026-01-01", 52), ("2026-01-02", 53)],
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
    """Runs that failed on either side leave their pair out: of pairs 0 and 3, one district is lost and one gained."""
    base = made_up({"gang_influence": influence(RUNS)}, failed={(0, 1): "x"})
    moved = [[0.4, 0.5, 0.0, 1.0], [0.0] * 4, [0.9] * 4, [0.9, 0.7, 0.0, 1.0]]
    other = made_up({"gang_influence": influence(moved)}, failed={(0, 2): "x"}, id="policy")
    change = control(other, CHANCE, base)

    assert change.count == 2
    assert change.values[10].tolist() == [-0.5, 1.0, 0.0, 0.0]
    np.testing.assert_allclose(control(other, INFLUENCE, base).values[10], [-0.05, 0.205, 0.0, 0.0], atol=1e-6)


def test_change_against_itself_is_zero(made_up: Make) -> None:
    """Every difference and every interval is nought."""
    result = made_up({"gang_influence": influence(RUNS)})
    for view in (CHANCE, INFLUENCE):
        change = control(result, view, result)
        assert change.half is not None
        assert not change.values.any()
        assert not change.half.any()


@pytest.mark.parametrize("draws", [1, 3])
def test_interval_is_that_of_the_comparison(made_up: Make, draws: int) -> None:
    """Half the interval of a district is what `compare` reports for one number, clustered by draw if it can be."""
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
    """What every pair gains is clear, what one of four gains is not, nor what nobody does; levels are all clear."""
    one, nobody = (
        [[0.6, 0.6, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9], [0.6, 0.0, 0.0, 0.9]],
        [[0.0] * 4] * 4,
    )
    other = made_up({"gang_influence": influence(one)}, id="policy")
    change = control(other, CHANCE, made_up({"gang_influence": influence(nobody)}))

    assert change.is_clear(3).tolist() == [True, False, False, True]
    assert control(other).is_clear(3).all()


def test_change_covers_the_weeks_of_both(made_up: Make) -> None:
    """A shorter result is compared on the weeks that both stored: its own last day is none of the other's."""
    base, short = made_up(), made_up(id="short", end=date(2025, 3, 1))
    change = control(short, CHANCE, base)

    assert (str(change.weeks[0]), str(change.weeks[-1])) == ("2024-12-30", "2025-02-24")
    assert change.values.shape == (9, 4)


def test_what_is_no_pair_is_refused(made_up: Make) -> None:
    """Another seed makes other probability: there are no pairs."""
    with pytest.raises(ResultError, match="seed is 8, not 7"):
        control(made_up(id="policy", seed=8), CHANCE, made_up())


def test_no_run_no_control(made_up: Make) -> None:
    """A result of which every run failed says so."""
    with pytest.raises(ResultError, match="no run finished"):
        control(made_up(failed={(0, i): "x" for i in range(4)}))


def test_unknown_view_is_refused(made_up: Make) -> None:
    """A view that there is not is a mistake of the caller."""
    with pytest.raises(ValueError, match="'mood' is no view of control; there are chance, control"):
        control(made_up(), "mood")


def test_table_has_a_row_a_district(made_up: Make) -> None:
    """Both views, and against a baseline the change of both with its interval."""
    result, base = made_up({"gang_influence": influence(RUNS)}, id="policy"), made_up()
    table = control_table(result, date(2025, 1, 7), base)

    assert table["district"] == ["port", "hill", "plain", "island"]
    assert set(table["date"]) == {"2025-01-06"}
    assert table["chance"] == table["chance_change"] == [0.75, 0.25, 0.0, 1.0]
    assert table["control_change"] == pytest.approx([0.6, 0.3475, 0.05, 1.0])
    assert table["chance_change_half"][3] == 0
    assert (set(table["pairs"]), set(table["n"])) == ({4}, {4})
    assert list(control_table(base)) == ["district", "name", "date", "chance", "control", "n"]
