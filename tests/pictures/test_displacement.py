"""Tests of the picture of the displaced: how many, how they live and where, as in the table."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble.result import Result
from teritwa.pictures.displacement import displacement, displacement_table
from teritwa.pictures.style import save

Make = Callable[..., Result]
HALF_YEAR = {"start": date(2024, 1, 1), "end": date(2024, 6, 30)}


def rows_of(table: Any, column: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of a long table with a name in a column."""
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    return [row for row in rows if row[column] == name]


@pytest.fixture
def fled(made_up: Make) -> Result:
    """Return runs with 1,000 displaced, 2,000 ...: a quarter in camps, most hosted in Plain."""
    runs = np.arange(1, 5)[None, :, None]
    hosted = np.array([300, 100, 500, 100]) * runs[..., None]
    values = {
        "displaced": 1000 * runs,
        "displaced_in_camps": 250 * runs,
        "displaced_without_aid": 100 * runs,
        "children_displaced": 500 * runs,
        "displaced_hosted": hosted,
    }
    return made_up(values, world="Haiti", **HALF_YEAR)


def test_displacement_by_hand(fled: Result) -> None:
    """The median of 1,000 to 4,000 is 2,500; of them, three quarters live with families."""
    table = displacement_table(fled)
    expected = {
        "displaced": 2500,
        "with families": 1875,
        "in camps": 625,
        "in camps, without water or aid": 250,
        "children, of all": 1250,
        "in the capital": 1000,
        "outside": 1500,
    }
    for name, median in expected.items():
        assert {row["q50"] for row in rows_of(table, "what", name)} == {median}
    hosts = [str(name) for name in table["what"] if str(name).startswith("hosted in ")]
    assert hosts == ["hosted in Plain", "hosted in Port", "hosted in Hill", "hosted in Island"]
    assert [row["q50"] for row in rows_of(table, "what", "hosted in Plain")] == [1250]
    assert rows_of(table, "what", "hosted in Plain")[0]["date"] == "2024-06-30"


def test_displacement_draws_its_table(fled: Result) -> None:
    """Lines and hosts on the axes have their row's median; published figures have their days."""
    whole, ways, places, hosts = displacement(fled)[1]
    table = displacement_table(fled)
    for axes, names in (
        (ways, ["with families", "children, of all", "in camps", "in camps, without water or aid"]),
        (places, ["in the capital", "outside"]),
    ):
        assert [text.get_text() for text in axes.get_legend().get_texts()] == names
        for line, name in zip(
            [line for line in axes.get_lines() if line.get_label() in names], names, strict=True
        ):
            assert line.get_ydata().tolist() == [row["q50"] for row in rows_of(table, "what", name)]
    medians = [float(line.get_xdata()[0]) for line in hosts.get_lines()]
    assert medians == [1250, 750, 250, 250]
    assert [tick.get_text() for tick in hosts.get_yticklabels()] == [
        "Plain",
        "Port",
        "Hill",
        "Island",
    ]
    (dots,) = [bars for bars in whole.containers if bars.get_label() == "published"]
    assert dots.lines[0].get_ydata().tolist() == [315_000, 362_551, 578_074]


def test_nothing_leaves_the_picture(fled: Result) -> None:
    """Every axis with its labels lies within the picture."""
    figure = displacement(fled)[0]
    figure.draw_without_rendering()
    for axes in figure.axes:
        box: Any = axes.get_tightbbox()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y0 >= 0


def test_same_bytes_twice(fled: Result, tmp_path: Path) -> None:
    """Drawn twice, the picture is the same file."""
    files = [
        save(displacement(fled)[0], tmp_path / f"{i}.png", displacement_table(fled))
        for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
