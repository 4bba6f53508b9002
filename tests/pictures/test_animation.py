"""Tests of the moving map: one frame a week, the same bytes twice, and the numbers beside it."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from teritwa.analysis.control import control
from teritwa.ensemble.result import Result, ResultError
from teritwa.pictures.animation import DPI, FRAME_TIME, LAST_FRAME_TIME, animate, animation_table

Make = Callable[..., Result]


@pytest.fixture
def moving(of_haiti: Make, arrival: Callable[..., object]) -> Result:
    """A result with rising control and strength, and two events in its eleven weeks."""
    rise = np.linspace(0.2, 0.9, 11)[None, None, :, None] * np.linspace(0.5, 1, 195)
    officers = np.arange(70)[None, None, :, None] * np.ones(2)[None, :, None, None]
    events = (
        arrival(date(2024, 1, 10), "kenya comes"),
        arrival(date(2024, 1, 20), "jamaica comes"),
    )
    names = ("officers_deployed", "officers_operational")
    return of_haiti({"gang_influence": rise, **dict.fromkeys(names, officers)}, events=events)


def test_a_frame_a_week_and_the_same_bytes_twice(moving: Result, tmp_path: Path) -> None:
    """All eleven frames of 800 pixels can be read; they repeat for ever; two files are the same."""
    first, second = (animate(control(moving), tmp_path / f"{k}.gif") for k in (1, 2))

    assert first.read_bytes() == second.read_bytes()
    gif: Any
    with Image.open(first) as gif:
        assert (gif.n_frames, gif.size[0], gif.info["loop"]) == (11, 8 * DPI, 0)
        times = []
        for week in range(gif.n_frames):
            gif.seek(week)
            times.append(gif.info["duration"])
    assert times == [FRAME_TIME] * 10 + [LAST_FRAME_TIME]
    assert FRAME_TIME >= 300


def test_frames_move(moving: Result, tmp_path: Path) -> None:
    """From the first to the last week, the dark colour of gangs replaces the state's light one."""
    with Image.open(animate(control(moving), tmp_path / "map.gif")) as gif:
        frames = []
        for week in (0, 10):
            gif.seek(week)
            frames.append(np.asarray(gif.convert("L"))[100:420, 10:780])
    dark = [float((frame < 60).mean()) for frame in frames]
    assert dark[1] > dark[0] + 0.1


def test_numbers_beside_the_gif(moving: Result, tmp_path: Path) -> None:
    """A week's row has medians of officers, events of the last five weeks, and each district."""
    shown = control(moving)
    path = animate(shown, tmp_path / "map.gif")
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert [row["date"] for row in rows] == [str(day) for day in shown.weeks]
    mission = moving.labels("force").count("mission")
    assert [float(row["officers_deployed q50"]) for row in rows] == [
        mission * day for day in (*range(0, 70, 7), 69)
    ]
    assert rows[1]["events"] == ""
    assert rows[3]["events"] == "20 Jan: jamaica comes; 10 Jan: kenya comes"
    assert rows[7]["events"] == "20 Jan: jamaica comes"
    assert [float(row["jacmel"]) for row in rows] == animation_table(shown)["jacmel"]
    assert {float(row["jacmel"]) for row in rows} == {0.0, 1.0}


def test_no_moving_map_without_cells(island: tuple[Result, Path], tmp_path: Path) -> None:
    """Nothing is written if there is no map to draw."""
    result, world = island
    with pytest.raises(ResultError, match="no map"):
        animate(control(result), tmp_path / "map.gif", world)
    assert list(tmp_path.glob("*.*")) == []
