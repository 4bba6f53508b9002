"""Tests of the picture of the analog: what is drawn is what the tables say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teritwa.pictures.analog import MEASURES, analog_picture, paired_differences
from teritwa.pictures.tables import Table

Free = Callable[[Any], None]


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def analogs() -> tuple[Table, Table]:
    """Return summary and runs of an analog of two pairs; under leaving, nobody was driven out."""
    rows: list[dict[str, object]] = []
    for scenario, value in (("leave", 0.9), ("hold", 0.4)):
        for measure in MEASURES:
            none = scenario == "leave" and measure.startswith("returned")
            numbers = {
                "value": np.nan if none else value,
                "low": np.nan if none else value - 0.1,
                "high": 0.95,
            }
            rows.append(
                {"scenario": scenario, "measure": measure, **numbers, "of": 0 if none else 2}
            )
    for measure in ("influence_60", "held_60"):
        for verdict, share in (("better", 0.5), ("the same", 0.5), ("worse", 0.0)):
            line = {
                "measure": f"{measure} {verdict}",
                "value": share,
                "low": 0.0,
                "high": 1.0,
                "of": 2,
            }
            rows.append({"scenario": "pairs", **line})
    runs = [
        {"draw": draw, "scenario": name, "influence_60": value}
        for draw, pair in enumerate([(0.9, 0.5), (0.6, 0.6)])
        for name, value in zip(("leave", "hold"), pair, strict=True)
    ]
    return table(rows), table(runs)


def test_analog_draws_its_summary_and_pairs(assert_free: Free) -> None:
    """Values by scenario, shares of verdicts and the paired differences are those of the tables."""
    summary, runs = analogs()
    figure, panels = analog_picture(summary, runs)

    held = [one for one in panels[0].containers if one.lines[0].get_gid() == "hold: influence_60"]
    assert held[0].lines[0].get_xdata().tolist() == [0.4]
    widths = [bar.get_width() for one in panels[1].containers for bar in one]
    assert widths == [0.5, 0.5, 0.0, 0.5, 0.5, 0.0]
    assert paired_differences(runs, ["leave", "hold"]) == pytest.approx([-0.4, 0.0])
    assert sum(bar.get_height() for bar in panels[2].patches) == 2
    assert [text.get_text() for text in panels[0].texts].count("no case") == 2
    assert any("logic test, not evidence" in text.get_text() for text in figure.texts)
    assert_free(figure)
