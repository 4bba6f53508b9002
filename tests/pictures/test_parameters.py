"""Tests of the pictures of parameters: each stands once, and the best known ones first."""

from collections.abc import Callable
from typing import Any

import pytest

from teritwa.analysis.calibration.priors import PAST_MISSIONS
from teritwa.pictures.parameters import (
    all_parameters_picture,
    informed_picture,
    informed_rows,
    parameters_table,
)
from teritwa.pictures.tables import Table, number, records

LEVELS = ("q05", "q25", "q50", "q75", "q95")
Free = Callable[[Any], None]


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def parameters(known: int, count: int) -> Table:
    """Return a table of parameters: the first informed, the last learned from past missions."""
    rows = []
    for i in range(count):
        said = "yes" if i < known else PAST_MISSIONS if i == count - 1 else "no"
        levels = {
            f"level_{name}": min(0.1 + 0.15 * j + 0.001 * i, 1.0) for j, name in enumerate(LEVELS)
        }
        rows.append(
            {"parameter": f"kidnapping.a_long_name_{i}", "spread": 0.8 - 0.01 * i, "informed": said}
            | levels
        )
    return table(rows)


def test_informed_parameters_stand_best_known_first(assert_free: Free) -> None:
    """Of six parameters three are informed; the smallest spread is on top with its levels."""
    given = parameters(3, 6)
    figure, axes = informed_picture(given, 64)

    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [f"kidnapping.a_long_name_{i}" for i in (2, 1, 0)]
    assert [row["spread"] for row in informed_rows(given)] == [0.78, 0.79, 0.8]
    interval: Any = axes.collections[0]
    wide = interval.get_segments()[0]
    assert wide[:, 0] == pytest.approx([given["level_q05"][2], given["level_q95"][2]])
    assert any("3 of 6 parameters; n = 64 draws" in text.get_text() for text in figure.texts)
    assert_free(figure)


def test_no_parameter_informed_is_said() -> None:
    """A calibration that teaches nothing has a picture that says so."""
    axes = informed_picture(parameters(0, 3), 64)[1]

    assert "2024 informs no parameter" in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("count", [2, 7, 170])
def test_every_parameter_is_drawn_once(count: int, assert_free: Free) -> None:
    """For any number of parameters, each name stands once, with the median of the table."""
    given = parameters(1, count)
    figure, panels = all_parameters_picture(given, 64)

    labels = [label.get_text() for axes in panels for label in axes.get_yticklabels()]
    assert labels == list(given["parameter"])
    lines: list[Any] = [line for axes in panels for line in axes.get_lines()]
    dots = [line.get_xdata()[0] for line in lines if line.get_marker() == "o"]
    assert dots == pytest.approx([number(level) for level in given["level_q50"]])
    assert_free(figure)


def test_table_has_what_is_drawn() -> None:
    """The numbers beside a picture of parameters are those of the table given."""
    given = parameters(1, 3)

    drawn = parameters_table(records(given))
    assert {name: list(column) for name, column in drawn.items()} == {
        name: list(given[name]) for name in drawn
    }
    assert "spread" in drawn
