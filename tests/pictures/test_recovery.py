"""Tests of the picture of the recovery: what is drawn is what the tables say."""

from collections.abc import Callable
from typing import Any

import pytest

from teritwa.pictures.recovery import recovery_picture
from teritwa.pictures.tables import Table

Free = Callable[[Any], None]


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_recovery_draws_its_tables(assert_free: Free) -> None:
    """Coverage, its two standard errors and the counts of ranks are read back from the axes."""
    rows = [
        {"part": part, "level": level, "ensemble": name, "coverage": level - away,
         "standard_error": 0.02, "data_sets": 60, "parameters": 9}
        for stage, part in ((1, "weights"), (2, "chain"))
        for level in (0.5, 0.8, 0.9)
        for name, away in (("as calibrated", 0.01 * stage), ("half the spread", 0.25))
    ]  # fmt: skip
    places = [
        {"part": part, "place": i, "count": 10 + i % stage}
        for stage, part in ((1, "weights"), (2, "chain"))
        for i in range(40)
    ]
    figure, panels = recovery_picture(table(rows), table(places))

    own, half = panels[0, 1].containers
    assert own.lines[0].get_ydata() == pytest.approx([0.48, 0.78, 0.88])
    assert own.lines[2][0].get_segments()[0][:, 1] == pytest.approx([0.44, 0.52])
    assert half.lines[0].get_ydata() == pytest.approx([0.25, 0.55, 0.65])
    (bars,) = panels[1, 1].containers
    assert [bar.get_height() for bar in bars] == [10 + i % 2 for i in range(40)]
    assert_free(figure)
