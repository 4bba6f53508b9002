"""Tests of maps: cells have their district's value, and no map is drawn of another world."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from teritwa.analysis.control import CHANCE, INFLUENCE, control
from teritwa.analysis.world_of_result import world_of
from teritwa.ensemble.result import Result, ResultError
from teritwa.ensemble.run_set import tables_digest
from teritwa.pictures.geography import CAPITAL, ordered_groups, places_of
from teritwa.pictures.maps import TOWNS, control_map, held_share_map, held_share_table, map_table
from teritwa.pictures.style import save
from teritwa.scenario.inherit import shipped_folder

Make = Callable[..., Result]
DAY = date(2024, 2, 21)


def cells(axes: Any) -> Any:
    """Return the cells of a map."""
    (found,) = [drawn for drawn in axes.collections if isinstance(drawn, PolyCollection)]
    return found


@pytest.mark.parametrize("view", [CHANCE, INFLUENCE])
def test_both_maps_draw_the_table(haiti: Result, view: str) -> None:
    """Country and capital show each district's value of the week before the date, from 0 to 1."""
    shown = control(haiti, view)
    axes, table = control_map(shown, DAY)[1], map_table(shown, DAY)

    values = table[f"{view} 2024-02-19"]
    assert values == shown.values[7].tolist()
    assert len(set(values)) > 1
    for place in axes:
        assert cells(place).get_array().tolist() == values
        assert cells(place).get_clim() == (0.0, 1.0)
        assert len(cells(place).get_paths()) == 195


def test_map_of_a_change_is_centred(haiti: Result, of_haiti: Make) -> None:
    """The scale goes as far below zero as above; the table has the interval of each difference."""
    shown = control(haiti, CHANCE, of_haiti(id="peace"))
    axes = control_map(shown, DAY)[1]
    table: Any = map_table(shown, DAY)

    assert cells(axes[0]).get_array().tolist() == table["chance change 2024-02-19"]
    low, high = cells(axes[0]).get_clim()
    assert (low, high) == (-1.0, 1.0)
    assert max(table["half of the 95 % interval"]) > 0


def test_map_against_itself_shows_nothing(haiti: Result) -> None:
    """Each cell has the colour of zero, and the scale does not enlarge noise."""
    place = control_map(control(haiti, CHANCE, haiti))[1][0]

    assert set(cells(place).get_array().tolist()) == {0.0}
    assert cells(place).get_clim() == (-0.1, 0.1)


def test_held_share_map_has_the_first_and_the_last_day(haiti: Result) -> None:
    """The picture of every result: two rows, their dates above them, their values in the table."""
    axes, table = held_share_map(haiti)[1], held_share_table(haiti)

    assert axes.shape == (2, 2)
    assert [row[0].get_title("left") for row in axes] == ["1 January 2024", "10 March 2024"]
    for row, day in zip(axes, ("2024-01-01", "2024-03-10"), strict=True):
        for place in row:
            assert cells(place).get_array().tolist() == table[f"chance {day}"]
    assert table["chance 2024-01-01"] != table["chance 2024-03-10"]


def test_names_on_the_map_of_haiti_stand_free(haiti: Result) -> None:
    """Names lie within their frame; none covers another one, or the position of a district."""
    figure, (country, capital) = control_map(control(haiti))

    figure.draw_without_rendering()
    spots = country.transData.transform(places_of(haiti).points)
    for axes, least in ((country, TOWNS), (capital, 11)):
        boxes = [text.get_window_extent() for text in axes.texts]
        assert len(boxes) >= least
        for i, box in enumerate(boxes):
            assert box.count_overlaps(boxes[:i]) == 0
            assert axes.bbox.fully_contains(*box.min)
            assert axes.bbox.fully_contains(*box.max)
            assert axes is capital or not any(box.contains(*spot) for spot in spots)
    assert {"Cap-Haïtien", "Gonaïves", "Les Cayes"} <= {text.get_text() for text in country.texts}


def test_a_world_without_cells_has_no_map(island: tuple[Result, Path]) -> None:
    """The error says that cells are missing."""
    result, world = island
    with pytest.raises(ResultError, match=r"no map, for its world has no cells\.csv"):
        control_map(control(result), None, world)


def test_a_world_with_other_districts_has_no_map(made_up: Make, tmp_path: Path) -> None:
    """Haiti's cells are not drawn for made-up districts, nor a world that has gone."""
    with pytest.raises(ResultError, match="has other districts"):
        held_share_map(made_up())
    with pytest.raises(ResultError, match="there is no folder"):
        held_share_map(made_up(), tmp_path / "gone")


def test_world_of_a_stored_result(haiti: Result, tmp_path: Path) -> None:
    """A scenario without a world ran in Haiti; another's path leads from the result's folder."""
    assert world_of(haiti) is None
    result = ran_in(tmp_path / "policy", "of no shipped world")
    assert world_of(result) == (tmp_path / "worlds" / "isle").resolve()


def test_a_moved_result_finds_a_shipped_world(tmp_path: Path) -> None:
    """A shipped world is known by its tables; a world that is there goes before it."""
    worlds = shipped_folder() / "worlds"
    for shipped in (worlds / "island", worlds / "cite-soleil"):
        result = ran_in(tmp_path / shipped.name, tables_digest(shipped))
        assert world_of(result) == shipped
    isle = tmp_path / "worlds" / "isle"
    isle.mkdir(parents=True)
    assert world_of(result) == isle.resolve()


def test_a_moved_result_of_another_world_says_where_its_tables_go(tmp_path: Path) -> None:
    """The message names the folder that is missing, and why."""
    result = ran_in(tmp_path / "policy", "of no shipped world")
    with pytest.raises(ResultError) as refused:
        places_of(result, world_of(result))
    missing = f"there is no folder {(tmp_path / 'worlds' / 'isle').resolve()}"
    assert f"{missing}; a result that was moved needs its world's tables there" in str(
        refused.value
    )


def ran_in(folder: Path, digest: str) -> Result:
    """Return a result whose world has tables of a digest and stood in ``../worlds/isle``."""
    folder.mkdir()
    text = 'schema: 2\nid: "policy"  # p.yaml:4\nworld: "../worlds/isle"\n'
    (folder / "resolved.yaml").write_text(text, encoding="utf-8")
    return Result(folder, {"world": {"digest": digest}})


def test_order_of_places(haiti: Result) -> None:
    """The capital comes first, then departments from the north; each district stands once."""
    places = places_of(haiti)
    groups = ordered_groups(places)

    assert groups[0][0] == CAPITAL
    assert [name for name, _ in groups[1:4]] == ["Nord-Ouest", "Nord", "Nord-Est"]
    assert "Ouest, outside the capital" in dict(groups)
    assert sorted(i for _, group in groups for i in group) == list(range(195))
    assert np.diff(places.points[dict(groups)["Nippes"], 0]).min() >= 0
    assert np.diff(places.points[dict(groups)["Artibonite"], 1]).max() <= 0


def test_same_map_twice_has_the_same_bytes(haiti: Result, tmp_path: Path) -> None:
    """Nothing but the result reaches the files."""
    shown = control(haiti)
    first, second = (
        save(control_map(shown)[0], tmp_path / f"{k}.png", map_table(shown)) for k in (1, 2)
    )

    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".csv").read_bytes() == second.with_suffix(".csv").read_bytes()
