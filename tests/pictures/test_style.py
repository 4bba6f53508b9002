"""Tests of axes, titles and names of events: few dates, plain numbers, no warnings."""

import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from teritwa.analysis.measures import daily
from teritwa.ensemble.result import Result
from teritwa.pictures import dashboard, fan
from teritwa.pictures.events import _shortened, draw_events, unnamed_note
from teritwa.pictures.style import (
    WIDTH,
    date_axis,
    house_style,
    new_figure,
    number_axis,
    outcome_title,
    save,
)
from teritwa.rules.registry import OUTCOMES

Make = Callable[..., Result]


@pytest.mark.parametrize("most", [5, 9])
@pytest.mark.parametrize("length", [2, 12, 31, 90, 200, 366, 731, 1500, 3650])
def test_few_dates_on_the_time_axis(length: int, most: int) -> None:
    """From two days to ten years there is a date, about as many as asked for, and no warning."""
    days = np.arange("2024-01-01", np.datetime64("2024-01-01") + length, dtype="datetime64[D]")
    with house_style(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = new_figure(3)
        axes = figure.subplots()
        axes.plot(days, np.zeros(length))
        date_axis(axes, days, most)
        figure.draw_without_rendering()

        low, high = axes.get_xlim()
        shown = [place for place in axes.get_xticks() if low <= place <= high]
    assert 1 <= len(shown) <= most + 1


@pytest.mark.parametrize(
    ("outcome", "value", "text", "label"),
    [
        ("gang_control_capital", 0.8, "80 %", "share of the capital's people"),
        ("gang_control_capital", 0.825, "82.5 %", "share of the capital's people"),
        ("gang_control_national", 0.3, "30 %", "share of the nation's people"),
        ("displaced", 1_041_000, "1,041,000", "persons"),
        ("towns_lost", 3, "3", "districts"),
        ("kidnapped", 3, "3", "persons per day"),
    ],
)
def test_numbers_on_the_axis_are_read_as_people_write_them(
    outcome: str, value: float, text: str, label: str
) -> None:
    """Shares are per cent, thousands are parted, and the label is the outcome's unit."""
    with house_style():
        axes = new_figure(3).subplots()
        number_axis(axes, outcome)

    assert axes.yaxis.get_major_formatter()(value, 0) == text
    assert axes.get_ylabel() == label


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        ("gang_control_capital", "Gang control of the capital"),
        ("gang_control_national", "Gang control of the nation"),
        ("displaced", "People displaced"),
        ("towns_lost", "Towns lost to gangs outside the capital"),
        ("fund_balance", "Fund balance"),
    ],
)
def test_titles_are_the_labels_of_outcomes(outcome: str, title: str) -> None:
    """The rules name an outcome once; a title begins with a capital letter."""
    assert outcome_title(outcome) == title
    assert OUTCOMES[outcome].label.lower() == title.lower()


def test_pictures_are_1200_pixels_wide(made_up: Make) -> None:
    """A picture is wide enough for a page and small enough for a repository."""
    assert round(fan(made_up())[0].bbox.width) == 1200 == round(WIDTH * 150)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("kenya: 200 officers arrive", "kenya: 200 officers arrive"),
        ("offensive: airport-mais-gate, delmas-24-30", "offensive: airport-mais-gate…"),
        ("offensive: airport-mais-gate, delmas-24-30?", "offensive: airport-mais-gate…?"),
    ],
)
def test_long_names_are_cut(label: str, short: str) -> None:
    """A name that is too long ends with an ellipsis, not in the middle of punctuation."""
    assert _shortened(label) == short


def test_weighty_events_are_named_first(
    made_up: Make, arrival: Callable[[date, str], SimpleNamespace]
) -> None:
    """Where there is no room for all, arrivals keep their names and lesser events lose theirs."""
    start = date(2025, 3, 1)
    lesser = []
    for i in range(12):
        event = arrival(start + timedelta(i), f"a lesser thing, the {i}th of its kind")
        event.action = SimpleNamespace()
        lesser.append(event)
    result = made_up(events=(*lesser, arrival(start + timedelta(20), "officers arrive at last")))
    strip = fan(result)[0].axes[0]

    names = [text.get_text() for text in strip.texts]
    assert "officers arrive at last" in names
    assert len([name for name in names if name.startswith("a lesser")]) < 12


def test_event_near_the_end_is_named_to_its_left(
    made_up: Make, arrival: Callable[..., SimpleNamespace]
) -> None:
    """A name that would leave the picture ends at its tick instead."""
    figure = fan(made_up(events=(arrival(date(2025, 12, 30), "the mission leaves"),)))[0]

    figure.draw_without_rendering()
    (name,) = [text for text in figure.axes[0].texts if text.get_text() == "the mission leaves"]
    assert name.get_horizontalalignment() == "right"
    assert name.get_window_extent().x1 <= figure.axes[0].bbox.x1


def test_no_events_no_names(made_up: Make) -> None:
    """A scenario without dated events has an empty strip."""
    with house_style():
        figure = new_figure(3)
        strip, axes = figure.subplots(2, 1, sharex=True)
        date_axis(axes, made_up().dates)

        assert draw_events(strip, axes, made_up()) == 0
    assert list(strip.texts) == []


def test_the_ceiling_of_the_mandate_is_drawn_from_the_result(made_up: Make) -> None:
    """The dotted line of the dashboard holds the authorised officers of the result, and says so."""
    result = made_up()
    axes = dashboard(result)[1][1]
    line = next(line for line in axes.get_lines() if line.get_label() == "authorised, median")

    assert (
        line.get_ydata().tolist()
        == np.median(daily(result, "officers_authorised"), axis=0).tolist()
    )


def test_few_colours_look_like_all(made_up: Make, tmp_path: Path) -> None:
    """The 256 colours of a saved picture do not differ visibly from those that were drawn."""
    figure = fan(made_up({"gang_control_capital": np.linspace(0.2, 0.9, 369)}))[0]
    with house_style():
        figure.canvas.draw()
    canvas: Any = figure.canvas
    drawn = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)

    with Image.open(save(figure, tmp_path / "fan.png", {})) as image:
        assert image.mode == "P"
        saved = np.asarray(image.convert("RGB")).astype(int)
    assert saved.shape == drawn.shape
    off = np.abs(saved - drawn).max(axis=2)
    assert off.max() <= 24
    assert (off > 8).mean() < 0.002


def test_events_without_a_name_are_counted() -> None:
    """None, one and several."""
    assert unnamed_note(0) == ""
    assert unnamed_note(1) == "; 1 further event is a tick without a name"
    assert unnamed_note(7) == "; 7 further events are ticks without a name"
