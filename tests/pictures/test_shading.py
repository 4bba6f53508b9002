"""Tests of colours and words: what colour-blind readers see, and scales even around zero."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from teritwa.analysis.control import CHANCE, INFLUENCE, control
from teritwa.ensemble.result import Result
from teritwa.pictures.comparison import MAX_SCENARIOS
from teritwa.pictures.shading import (
    CHANGE_COLOURS,
    LEVEL_COLOURS,
    SMALLEST_END,
    Shading,
    heading,
    reading_note,
    scenario_titles,
    shading,
)
from teritwa.pictures.style import LINE_STYLES, OKABE_ITO
from teritwa.pictures.tiles import small_multiples
from teritwa.scenario import load

Make = Callable[..., Result]

MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "all colours": np.eye(3),
}
"""What dichromats see of linear red, green and blue (Machado, Oliveira and Fernandes 2009)."""

TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""From linear sRGB to CIE XYZ (IEC 61966-2-1)."""


def seen(shade: Shading, values: np.ndarray, vision: str) -> np.ndarray:
    """Return the colours of values as someone sees them, in CIELAB."""
    return as_seen(shade.rgba(values)[:, :3], vision)


def as_seen(rgb: np.ndarray, vision: str) -> np.ndarray:
    """Return colours (colour, red-green-blue from 0 to 1) as someone sees them, in CIELAB."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ np.asarray(MACHADO[vision]).T, 0, 1)
    xyz = linear @ TO_XYZ.T / (TO_XYZ @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1
    )


@pytest.mark.parametrize("vision", MACHADO)
def test_lightness_orders_chances_for_every_eye(vision: str) -> None:
    """From the state to the gangs each step of a tenth is darker by at least 4 of 100."""
    light = seen(Shading(LEVEL_COLOURS, 0, 1), np.linspace(0, 1, 11), vision)[:, 0]

    assert np.diff(light).max() < -4


@pytest.mark.parametrize("vision", MACHADO)
def test_lightness_orders_changes_on_both_sides_of_zero(vision: str) -> None:
    """Zero is lightest, each tenth further is darker; equal gains and losses differ visibly."""
    shade = Shading(CHANGE_COLOURS, -1, 1)
    more, less = (seen(shade, sign * np.linspace(0, 1, 11), vision) for sign in (1, -1))

    assert more[0, 0] > 95
    assert np.diff(more[:, 0]).max() < 0
    assert np.diff(less[:, 0]).max() < 0
    assert np.linalg.norm(more - less, axis=1)[2:].min() > 10


@pytest.mark.parametrize("vision", MACHADO)
def test_scenarios_are_told_apart_by_every_eye(vision: str) -> None:
    """Any two colours of a comparison differ by over 10 in CIELAB; all line styles differ."""
    used = OKABE_ITO[: MAX_SCENARIOS + 1]
    colours = as_seen(np.array([to_rgb(colour) for colour in used]), vision)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2)[np.triu_indices(len(used), 1)]
    assert apart.min() > 10
    assert len({str(line) for line in LINE_STYLES[: MAX_SCENARIOS + 1]}) == MAX_SCENARIOS + 1


def test_ink_is_legible_on_its_colour() -> None:
    """Dark on the light end and light on the dark one."""
    assert Shading(LEVEL_COLOURS, 0, 1).text_colours(np.array([0.0, 1.0])) == ["#1a1a1a", "white"]


@pytest.mark.parametrize(
    ("most", "end"),
    [(0.0, SMALLEST_END), (0.02, SMALLEST_END), (-0.31, 0.35), (0.6, 0.6), (1.0, 1.0)],
)
def test_scale_of_changes_is_even(made_up: Make, most: float, end: float) -> None:
    """It ends at the next twentieth above the largest change, at a tenth or above."""
    result = made_up()
    shade = shading(control(result, CHANCE, result), np.array([0.0, most]))

    assert (shade.low, shade.high) == pytest.approx((-end, end))


def test_words_say_what_is_drawn(made_up: Make) -> None:
    """View, scenario, baseline and count stand in the head."""
    base, other = made_up(), made_up(id="policy", title="A policy")

    assert heading(control(other)) == "Chance that gangs hold a district"
    assert (
        heading(control(other, INFLUENCE, base))
        == "Change of the influence of gangs in each district"
    )
    assert scenario_titles(control(other, CHANCE, base)) == "A policy, minus: The world as it was"
    assert "4 pairs of runs" in reading_note(control(other, CHANCE, base))
    assert "share of 4 runs" in reading_note(control(other))


def test_head_fits_the_longest_title_that_ships(of_haiti: Make) -> None:
    """The longest shipped titles, one minus the other, stay on the picture."""
    long = load("un-peacekeeping").title
    base, other = of_haiti(title=long), of_haiti(title=long, id="policy")
    figure = small_multiples(control(other, CHANCE, base))[0]

    figure.draw_without_rendering()
    assert all(figure.bbox.fully_containsx(text.get_window_extent().x1) for text in figure.texts)
