"""Rolling prediction: which figures each origin is held against."""

from collections.abc import Callable
from datetime import date

import pytest

from teritwa.analysis.calibration.prediction import SCENARIOS, figures_table, later_figures
from teritwa.analysis.calibration.targets import Target

Make = Callable[..., Target]
MARCH = date(2024, 3, 31)


@pytest.mark.parametrize("origin", SCENARIOS)
def test_figures_lie_within_two_quarters_after_an_origin(origin: date) -> None:
    """No figure begins by the origin, none ends later than two quarters or 31 January 2025."""
    found = later_figures(origin)

    assert found
    assert all(one.start > origin for one in found)
    assert max(one.end for one in found) <= date(2025, 1, 31)
    assert all((one.end - origin).days <= 184 for one in found)
    assert {"killed_counted", "displaced"} <= {one.outcome for one in found}


def test_places_and_districts_are_left_out(target: Make) -> None:
    """Places held or not, hosts outside the capital and what is not fitted are no figures."""
    common = {"start": date(2024, 6, 30), "end": date(2024, 6, 30)}
    asked = [
        target(**common),
        target(outcome="holder.solino", statistic="held", scale="doubt", low=1, high=1, **common),
        target(outcome="displaced_hosted.outside", statistic="share", scale="linear", **common),
        target(fitted=False, **common),
    ]

    assert [one.outcome for one in later_figures(MARCH, asked)] == ["displaced"]


def test_interval_is_nine_tenths_of_the_error(target: Make) -> None:
    """On the scale of logarithms it is 1.645 errors to either side; a share ends at 1."""
    days = {"start": date(2024, 4, 1), "end": date(2024, 6, 30)}
    count = target(outcome="killed_counted", statistic="sum", error=0.1, **days)
    share = target(
        outcome="killed_counted.forces", statistic="share", low=0.95, high=0.95, error=0.1,
        scale="linear", **days,
    )  # fmt: skip
    first, second = later_figures(MARCH, [count, share])

    assert [first.low, first.high] == pytest.approx([84.83, 117.88], abs=0.01)
    assert second.outcome.startswith("killed_counted.forces")
    assert second.high == 1.0


def test_a_level_is_dated_to_its_last_day(target: Make) -> None:
    """A mean over days is scored on the last of them; a sum keeps its days."""
    days = {"start": date(2024, 4, 1), "end": date(2024, 6, 30)}
    mean = target(outcome="gang_control_capital", statistic="mean", low=0.8, high=0.8,
                  scale="linear", **days)  # fmt: skip
    total = target(outcome="killed_counted", statistic="sum", **days)
    figures = later_figures(MARCH, [mean, total])
    lines = figures_table(figures).splitlines()

    assert lines[0] == "date,outcome,value,low,high"
    assert lines[1].startswith("2024-06-30,gang_control_capital,0.8,")
    assert lines[2].startswith("2024-04-01/2024-06-30,killed_counted,100,")
