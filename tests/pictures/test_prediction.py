"""Tests of the picture of the prediction: what is drawn is what the tables say."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from teritwa.pictures.prediction import prediction_picture
from teritwa.pictures.tables import Table

Free = Callable[[Any], None]


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def scores() -> tuple[Table, Table]:
    """Return three scored figures, one of them missed and one without a trend, and a history."""
    rows: list[dict[str, object]] = []
    for outcome, start, end, value, trend in (
        ("killed_counted", "2024-07-01", "2024-09-30", 1200.0, 1100.0),
        ("killed_counted", "2024-10-01", "2024-12-31", 1700.0, 1100.0),
        ("gang_control_capital", "2024-09-21", "2024-09-21", 0.8, ""),
    ):
        middle = 0.8 if value < 1 else 1100.0
        row: dict[str, object] = {
            "outcome": outcome,
            "start": start,
            "end": end,
            "value": value,
            "runs": 64,
            "median": middle,
        }
        for level, away in ((50, 0.1), (80, 0.15), (90, 0.2)):
            row |= {f"low_{level}": middle * (1 - away), f"high_{level}": middle * (1 + away)}
        row |= {"dressed_low_80": middle * 0.7, "dressed_high_80": middle * 1.25}
        rows.append(row | {"inside_90": int(value < 1700), "persistence": middle, "trend": trend})
    known: list[dict[str, object]] = [
        {"outcome": "killed_counted", "start": "2024-04-01", "end": "2024-06-30", "value": 945.0},
        {"outcome": "killed_counted", "start": "2024-07-01", "end": "2024-09-30", "value": 1.0},
        {"outcome": "towns_lost", "start": "2023-01-01", "end": "2023-01-01", "value": 1.0},
    ]
    return table(rows), table(known)


def test_prediction_draws_figures_intervals_and_rules(assert_free: Free) -> None:
    """Intervals, figures and both rules are read back; what ends after the origin is no history."""
    figure, panels = prediction_picture(*scores(), date(2024, 6, 30))
    killed: Any
    capital: Any
    killed, capital = panels

    ends = [
        [segment[:, 1].tolist() for segment in one.get_segments()] for one in killed.collections[:3]
    ]
    assert ends[0] == [pytest.approx([880, 1320])] * 2
    assert ends[1] == [pytest.approx([935, 1265])] * 2
    assert ends[2] == [pytest.approx([990, 1210])] * 2
    dressed = [one for one in killed.collections if one.get_gid() == "dressed"]
    assert [one.get_segments()[0][:, 1].tolist() for one in dressed] == [
        pytest.approx([770, 1375])
    ] * 2
    marks = {
        gid: [line.get_ydata()[0] for line in killed.get_lines() if line.get_gid() == gid]
        for gid in ("figure", "trend")
    }
    assert marks == {"figure": [1200, 1700, 945], "trend": [1100, 1100]}
    colours = [
        line.get_markerfacecolor() for line in killed.get_lines() if line.get_gid() == "figure"
    ]
    assert [colour == "white" for colour in colours] == [True, False, True]
    stays = [line for line in capital.get_lines() if line.get_gid() == "persistence"]
    assert [line.get_ydata()[0] for line in stays] == [0.8]
    assert killed.get_xlim() == capital.get_xlim()
    assert any("n = 64 runs; nothing after 2024-06-30" in text.get_text() for text in figure.texts)
    assert_free(figure)
