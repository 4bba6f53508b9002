"""Tests of the picture of harm by quarter: what is drawn is the table, beside what was counted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble.result import Result
from teritwa.pictures.harm import harm, harm_table, quarters, series_of
from teritwa.pictures.style import save
from teritwa.world.codes import PERPETRATORS

Make = Callable[..., Result]
HALF_YEAR = {"start": date(2024, 1, 1), "end": date(2024, 6, 30)}


def rows_of(table: Any, column: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of a long table with a name in a column."""
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    return [row for row in rows if row[column] == name]


@pytest.fixture
def half(made_up: Make) -> Result:
    """Return half a year: by day 1.5 deaths by gangs (4 in the last run) and 0.25 by the police."""
    killed = np.zeros((1, 4, 1, 6))
    killed[0, :, 0, 0], killed[0, :, 0, 1] = [1.5, 1.5, 1.5, 4], 0.25
    values = {"killed_counted": killed, "injured_counted": killed / 2, "kidnapped": 3}
    return made_up(values, world="Haiti", **HALF_YEAR)


def test_quarters_by_hand(half: Result) -> None:
    """91 days of 1.5 deaths are 136.5, with the police 159.25; half of them are the injured."""
    table = harm_table(half)
    gangs = rows_of(table, "outcome", "killed_counted.gang")
    assert [(row["quarter"], row["q50"], row["n"]) for row in gangs] == [
        ("2024 Q1", 136.5, 4),
        ("2024 Q2", 136.5, 4),
    ]
    assert gangs[0]["q95"] == pytest.approx(136.5 + 227.5 * 0.85)
    assert [row["q50"] for row in rows_of(table, "outcome", "killed_counted")] == [159.25] * 2
    assert [row["q50"] for row in rows_of(table, "outcome", "injured_counted.police")] == [
        11.375
    ] * 2
    assert [row["q50"] for row in rows_of(table, "outcome", "kidnapped")] == [273, 273]


def test_harm_draws_its_table(half: Result) -> None:
    """Medians on the axes are those of the table, by panel and perpetrator."""
    figure, panels = harm(half)
    table = harm_table(half)
    for axes, outcome, count in zip(
        panels, ("killed_counted", "injured_counted", "kidnapped"), (6, 6, 1), strict=True
    ):
        drawn = [lines for lines in axes.collections if set(lines.get_linewidths()) == {1.8}]
        assert len(drawn) == count
        parts = [f"{outcome}.{who}" for who in ("gang", "police", "brigade", "mission", "army")]
        for lines, name in zip(drawn, [outcome, *parts], strict=False):
            heights = [float(segment[0, 1]) for segment in lines.get_segments()]
            assert heights == [row["q50"] for row in rows_of(table, "outcome", name)]
        assert axes.get_ylim()[0] == 0
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == [
        "all",
        "by gangs",
        "by the police",
        "by brigades",
        "by the mission",
        "by the army",
        "published",
    ]


def test_published_counts_stand_on_their_quarters(half: Result) -> None:
    """BINUH counted 1,660 and 945 killed, 845 and 434 injured, 438 and 428 kidnapped."""
    figure, panels = harm(half)
    counts = [
        [
            bars.lines[0].get_ydata().tolist()
            for bars in axes.containers
            if bars.get_label() == "published"
        ]
        for axes in panels
    ]
    assert counts == [[[1660, 945]], [[845, 434]], [[438, 428]]]
    assert [text.get_text() for text in figure.texts if "published" in text.get_text()] == [
        "published: BINUH"
    ]


def test_no_counts_in_another_world(made_up: Make) -> None:
    """A world that is not Haiti has no diamonds and names no source."""
    figure, panels = harm(made_up())
    assert [bars for axes in panels for bars in axes.containers] == []
    assert not any("published" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-01", "2024-06-30", ["2024 Q1", "2024 Q2"]),
        ("2024-01-02", "2024-06-30", ["2024 Q1\n(part)", "2024 Q2"]),
        ("2024-02-01", "2024-05-31", ["2024 Q1\n(part)", "2024 Q2\n(part)"]),
        ("2024-01-01", "2024-06-29", ["2024 Q1", "2024 Q2\n(part)"]),
        ("2024-02-01", "2024-02-09", ["2024 Q1\n(part)"]),
    ],
)
def test_quarters_cut_short_are_marked(
    made_up: Make, start: str, end: str, expected: list[str]
) -> None:
    """A quarter of which days are missing says so below its tick."""
    days = {"start": date.fromisoformat(start), "end": date.fromisoformat(end)}
    axes = harm(made_up(replicates=1, **days))[1][-1]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == expected


def test_quarters_begin_where_the_calendar_says() -> None:
    """From 30 March to 1 July there are two days of Q1, all of Q2 and one day of Q3."""
    starts, names = quarters(np.arange("2024-03-30", "2024-07-02", dtype="datetime64[D]"))
    assert (starts.tolist(), names) == ([0, 2, 93], ["2024 Q1", "2024 Q2", "2024 Q3"])


def test_each_perpetrator_is_drawn_once() -> None:
    """All perpetrators whom the United Nations counts are drawn, and kidnappings have none."""
    counted = [one for one in PERPETRATORS if one != "individual"]
    names = [f"killed_counted.{perpetrator}" for perpetrator in counted]
    assert sorted(series_of("killed_counted")) == sorted(["killed_counted", *names])
    assert series_of("kidnapped") == ("kidnapped",)


def test_nothing_leaves_the_picture(half: Result) -> None:
    """Axes and labels lie within the picture, and the legend does not cover the ticks."""
    figure, panels = harm(half)
    figure.draw_without_rendering()
    for axes in panels:
        box: Any = axes.get_tightbbox()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
    assert figure.legends[0].get_window_extent().y1 < panels[-1].get_tightbbox().y0


def test_same_bytes_twice(half: Result, tmp_path: Path) -> None:
    """Drawn twice, the picture is the same file."""
    files = [save(harm(half)[0], tmp_path / f"{i}.png", harm_table(half)) for i in range(2)]
    assert files[0].read_bytes() == files[1].read_bytes()
