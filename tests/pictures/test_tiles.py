"""Tests of tiles: each district has one, near its neighbours, with the value of the table."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from scipy.stats import spearmanr

from teritwa.analysis.control import CHANCE, control
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import Places, places_of
from teritwa.pictures.style import DPI, INK, SMALL_PRINT, save
from teritwa.pictures.tile_names import tile_names
from teritwa.pictures.tiles import (
    small_multiples,
    small_multiples_table,
    tile_map,
    tile_table,
)
from teritwa.pictures.tiling import PLACEHOLDER, tile_places

Make = Callable[..., Result]


def far(places: Places, squares: np.ndarray, which: np.ndarray) -> list[float]:
    """Return how well columns follow longitude and rows follow latitude, as rank correlations."""
    ways = ((0, 1), (1, -1))
    return [
        sign * float(spearmanr(squares[which, k], places.points[which, k]).statistic)
        for k, sign in ways
    ]


def test_each_district_has_one_tile(haiti: Result) -> None:
    """No two districts share a square, or one that stands for the capital; all calls agree."""
    places = places_of(haiti)
    squares, placeholder = tile_places(places)

    every = [tuple(square) for square in [*squares.tolist(), *placeholder.tolist()]]
    assert len(set(every)) == len(every) == 195 + PLACEHOLDER**2
    assert squares.min() == 0
    np.testing.assert_array_equal(tile_places(places)[0], squares)


def test_tiles_lie_as_on_the_map(haiti: Result) -> None:
    """East is right and north is up: ranks agree to 0.95 in the country, 0.9 in the capital."""
    places = places_of(haiti)
    squares, placeholder = tile_places(places)

    assert min(far(places, squares, ~places.metropolitan)) > 0.95
    assert min(far(places, squares, places.metropolitan)) > 0.9
    around = (
        np.abs(squares[~places.metropolitan, None] - placeholder[None]).max(axis=2).min(axis=1) <= 1
    )
    assert {places.groups[i] for i in np.flatnonzero(~places.metropolitan)[around]} <= {
        "Ouest",
        "Sud-Est",
        "Centre",
    }


def test_neighbours_stay_near(haiti: Result) -> None:
    """Of the two nearest districts, half are at most 2 squares away, nine in ten at most 3."""
    places = places_of(haiti)
    squares, _ = tile_places(places)
    outside = ~places.metropolitan
    points, tiles = places.points[outside] * [0.95, 1], squares[outside]
    near = np.argsort(((points[:, None] - points[None]) ** 2).sum(axis=2), axis=1)[:, 1:3]
    apart = np.abs(tiles[near] - tiles[:, None]).max(axis=2)

    assert np.median(apart) <= 2
    assert np.mean(apart <= 3) >= 0.9


def test_departments_hold_together(haiti: Result) -> None:
    """Nine in ten tiles outside the capital touch one of their own department."""
    places = places_of(haiti)
    squares, _ = tile_places(places)
    outside = np.flatnonzero(~places.metropolitan)
    touching = [
        any(
            places.groups[i] == places.groups[j] and np.abs(squares[i] - squares[j]).max() == 1
            for j in outside
        )
        for i in outside
    ]

    assert np.mean(touching) >= 0.9


def test_order_of_islands_is_kept(haiti: Result) -> None:
    """Tortuga lies north of its coast, and nothing of the mainland is put on Gonâve."""
    places = places_of(haiti)
    squares, _ = tile_places(places)
    at = {
        name: squares[places.ids.index(name)]
        for name in ("la-tortue", "port-de-paix", "anse-a-galets", "leogane")
    }

    assert at["la-tortue"][1] < at["port-de-paix"][1]
    assert at["anse-a-galets"][0] < at["leogane"][0]
    assert at["anse-a-galets"][1] < at["leogane"][1]


def test_a_world_without_a_coast_has_tiles(island: tuple[Result, Path]) -> None:
    """Twenty districts have their own squares, in the order of their positions."""
    result, world = island
    places = places_of(result, world)
    squares, placeholder = tile_places(places)

    assert len({tuple(square) for square in squares.tolist()}) == 20
    assert len(placeholder) == 0
    assert min(far(places, squares, ~places.metropolitan)) > 0.8
    tiles: Any = tile_map(control(result), None, world)[1].collections[0]
    assert tiles.get_array().tolist() == [float(held) for held in np.linspace(0, 1, 20) >= 0.5]


def test_tiles_draw_their_table(haiti: Result) -> None:
    """On each square stands the value of its district, in the place that the table gives."""
    shown, day = control(haiti), date(2024, 2, 21)
    table: Any = tile_table(shown, day)
    tiles: Any = tile_map(shown, day)[1].collections[0]

    values = table["chance 2024-02-19"]
    assert tiles.get_array().tolist() == list(values)
    assert 0 < np.mean(np.asarray(values) == 0.5) < 1
    middles = np.array([path.vertices[:4].mean(axis=0) for path in tiles.get_paths()])
    np.testing.assert_allclose(middles, np.stack([table["column"], table["row"]], axis=1) + 0.5)


def test_names_are_legible_and_within_their_tiles(haiti: Result) -> None:
    """Names have at least 6.5 points, stay within their square, and differ within a block."""
    figure, axes = tile_map(control(haiti))
    places, squares = places_of(haiti), tile_places(places_of(haiti))[0]

    figure.draw_without_rendering()
    texts = axes.texts[-195:]
    for text, (column, row) in zip(texts, squares, strict=True):
        box: Any = text.get_window_extent()
        corners: Any = axes.transData.transform([(column, row + 1), (column + 1, row)])
        (west, south), (east, north) = corners
        size: Any = text.get_fontsize()
        assert size >= SMALL_PRINT
        assert west - 1 <= box.x0 <= box.x1 <= east + 1, text.get_text()
        assert south - 1 <= box.y0 <= box.y1 <= north + 1, text.get_text()
    for inside in (places.metropolitan, ~places.metropolitan):
        names = [texts[i].get_text() for i in np.flatnonzero(inside)]
        assert len(set(names)) == len(names)


def test_short_names_read_well() -> None:
    """Words are divided between syllables; function words and second names are left out."""
    names = (
        "Les Cayes",
        "Thomonde",
        "Anse d'Hainault",
        "Delmas 2-4 / Saint-Martin",
        "L'Asile",
        "Port-de-Paix",
        "Solino",
    )
    read = [name.split("\n") for name in tile_names(names, 22.0)]

    assert read[0] == ["Les", "Cayes"]
    assert "".join(read[1]).replace("-", "") == "Thomonde"
    assert read[2][0] == "Anse"
    assert "d" not in read[2]
    assert read[3][-1] == "2-4"
    assert read[4:] == [["L'Asile"], ["Port", "Paix"], ["Solino"]]


def test_multiples_share_one_scale(haiti: Result) -> None:
    """Six even weeks, with the first and the last, have their dates, values and one scale."""
    shown = control(haiti)
    axes, table = small_multiples(shown)[1], small_multiples_table(shown)

    days = [name for name in table if name[:2] == "20"]
    assert days[:3] == ["2024-01-01", "2024-01-15", "2024-01-29"]
    assert days[3:] == ["2024-02-12", "2024-02-26", "2024-03-10"]
    for place, day in zip(axes, days, strict=True):
        assert place.collections[0].get_array().tolist() == table[day]
        assert place.collections[0].get_clim() == (0.0, 1.0)
    assert axes[-1].get_title("left") == "10 March 2024"


def test_multiples_of_a_change_share_a_scale_around_zero(haiti: Result, of_haiti: Make) -> None:
    """The scale of all panels goes as far on both sides as the largest change among them."""
    base = of_haiti(id="peace")
    axes = small_multiples(
        control(haiti, CHANCE, base), [date(2024, 1, 1), date(2024, 2, 21), date(2024, 3, 10)]
    )[1]

    assert {place.collections[0].get_clim() for place in axes} == {(-1.0, 1.0)}
    assert not axes[0].collections[0].get_array().any()


def test_clear_changes_are_framed(haiti: Result, of_haiti: Make) -> None:
    """A district has a frame where both runs gain, not where one or none does; levels have none."""
    shown = control(haiti, CHANCE, of_haiti(id="peace"))
    edges: Any = tile_map(shown)[1].collections[0].get_edgecolor()
    framed = (edges == to_rgba(INK)).all(axis=1)

    assert framed.tolist() == (shown.values[-1] == 1).tolist()
    assert 0 < framed.sum() < 195
    edges = tile_map(control(haiti))[1].collections[0].get_edgecolor()
    assert (edges == to_rgba("white")).all()


def test_same_tiles_twice_have_the_same_bytes(haiti: Result, tmp_path: Path) -> None:
    """Layout and picture depend on the result alone; the picture is 1,200 pixels wide."""
    shown = control(haiti)
    first, second = (
        save(tile_map(shown)[0], tmp_path / f"{k}.png", tile_table(shown)) for k in (1, 2)
    )

    assert first.read_bytes() == second.read_bytes()
    assert tile_map(shown)[0].get_figwidth() * DPI == 1200
