"""Tests of the picture of a district: all runs by week and one run by day are as in the table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.dates import num2date

from teritwa.analysis.district_history import DistrictHistory, district_history
from teritwa.analysis.district_replay import DRIVEN_OUT, STATE_NAME, Day, DistrictReplay
from teritwa.ensemble.result import Result
from teritwa.pictures.district_history import history_picture, history_table
from teritwa.pictures.style import save

Make = Callable[..., Result]
JANUARY = {"start": date(2024, 1, 1), "end": date(2024, 1, 29)}
QUIET = Day(STATE_NAME, 0.1, "", False, 0, 0, 0, 0, 0, (), ())


@pytest.fixture
def four(made_up: Make) -> Result:
    """Return four runs of five weeks; the port falls in two of them."""
    control = np.zeros((1, 4, 5, 4))
    control[0, :, :, 0] = [
        [0.1, 0.6, 0.6, 0.6, 0.6],
        [0.1, 0.1, 0.5, 0.2, 0.7],
        [0.1] * 5,
        [0.1] * 5,
    ]
    values = {
        "gang_influence": control,
        "residents": 2000,
        "displaced_hosted": 500,
        "officers_posted": 20,
        "gang_fighters": 40,
    }
    return made_up(values, **JANUARY)


@pytest.fixture
def port(four: Result) -> DistrictHistory:
    """Return the history of the port, which an offensive names."""
    return replace(district_history(four, 0, None), events=((date(2024, 1, 9), "offensive?"),))


@pytest.fixture
def replay() -> DistrictReplay:
    """Return 29 days: an attack on the tenth, two days of operations, then 17 of the Reds."""
    attack, operation = (
        replace(QUIET, attacker="Reds"),
        replace(QUIET, operated=("police", "army"), changes=(DRIVEN_OUT,)),
    )
    days = (
        [QUIET] * 9
        + [attack]
        + [operation] * 2
        + [replace(QUIET, holder="Reds", influence=0.8)] * 17
    )
    return DistrictReplay((0, 1), date(2024, 1, 1), tuple(days))


def line_of(axes: Any, label: str) -> list[float]:
    """Return the heights of a labelled line."""
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return [float(value) for value in line.get_ydata()]


def days_of(places: list[float]) -> list[date]:
    """Return the days at places on an axis of dates."""
    return [day.date() for day in num2date(places)]  # type: ignore[no-untyped-call]


def column(table: Any, what: str, name: str) -> list[Any]:
    """Return the cells of one series."""
    return [value for value, each in zip(table[name], table["what"], strict=True) if each == what]


def test_table_by_hand(port: DistrictHistory, replay: DistrictReplay) -> None:
    """Shares by week, medians of stocks and the run's days are those of the histories."""
    table = history_table(port, replay)
    assert column(table, "gangs hold it", "share") == [0.0, 0.25, 0.5, 0.25, 0.5]
    assert column(table, "has fallen", "share") == [0.0, 0.25, 0.5, 0.5, 0.5]
    assert column(table, "influence", "q50") == pytest.approx([0.1, 0.1, 0.3, 0.15, 0.35])
    assert (set(column(table, "residents", "q50")), set(column(table, "fighters", "q50"))) == (
        {2000.0},
        {40.0},
    )
    assert (column(table, "attack", "date"), column(table, "attack", "run")) == (
        ["2024-01-10"],
        ["Reds"],
    )
    assert column(table, "operation", "run") == ["police army"] * 2
    assert column(table, "held by", "run") == [STATE_NAME] * 12 + ["Reds"] * 17
    assert set(column(table, "influence", "n")) == {4}


def test_picture_draws_its_table(
    four: Result, port: DistrictHistory, replay: DistrictReplay
) -> None:
    """Each line on the axes is a series of the table, shares and influence in per cent."""
    chance, influence, people, officers, fighters, run = history_picture(four, port, replay)[1]
    assert line_of(chance, "gangs hold it") == [0, 25, 50, 25, 50]
    assert line_of(chance, "has fallen at least once") == [0, 25, 50, 50, 50]
    assert line_of(influence, "median") == pytest.approx([10, 10, 30, 15, 35])
    assert line_of(influence, "run 0.1, by day") == pytest.approx([10] * 12 + [80] * 17)
    assert set(line_of(people, "residents at home")) == {2000.0}
    assert set(line_of(people, "displaced who stay there")) == {500.0}
    assert (set(line_of(officers, "median")), set(line_of(fighters, "median"))) == ({20.0}, {40.0})
    assert [text.get_text() for text in run.get_legend().get_texts()] == [STATE_NAME, "Reds"]
    attack, operation, cleared = (
        [segment[0][0] for segment in drawn.get_segments()] for drawn in run.collections[-3:]
    )
    assert days_of(attack) == [date(2024, 1, 10)]
    assert days_of(operation) == days_of(cleared) == [date(2024, 1, 11), date(2024, 1, 12)]


def test_without_a_run_there_is_no_bar(four: Result, port: DistrictHistory) -> None:
    """Without a replay, the panels of all runs stand alone; the event still has its name."""
    figure, panels = history_picture(four, port, None)
    assert len(panels) == 5
    assert "offensive?" in [text.get_text() for text in figure.axes[0].texts]
    assert figure.axes[0].get_title("left") == "Port: The world as it was"
    figure.draw_without_rendering()


def test_many_gangs_share_a_colour(
    four: Result, port: DistrictHistory, replay: DistrictReplay
) -> None:
    """Of seven gangs the five that hold it longest are named in the legend, after the state."""
    names = [f"gang {i}" for i in range(7)]
    days = [
        replace(QUIET, holder=name, influence=0.9)
        for i, name in enumerate(names)
        for _ in range(7 - i)
    ]
    run = history_picture(four, port, replace(replay, days=(*days, QUIET)))[1][-1]
    assert [text.get_text() for text in run.get_legend().get_texts()] == [STATE_NAME, *names[:5]]


def test_nothing_leaves_the_picture(
    four: Result, port: DistrictHistory, replay: DistrictReplay
) -> None:
    """Labels, ticks and legends lie within the picture."""
    figure, _ = history_picture(four, port, replay)
    figure.draw_without_rendering()
    for axes in figure.axes:
        box: Any = axes.get_tightbbox()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1


def test_same_bytes_twice(
    four: Result, port: DistrictHistory, replay: DistrictReplay, tmp_path: Path
) -> None:
    """Drawn twice, the picture is the same file."""
    table = history_table(port, replay)
    files = [
        save(history_picture(four, port, replay)[0], tmp_path / f"{i}.png", table) for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
