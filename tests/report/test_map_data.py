"""The map of the page: shapes and names in their places."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from teritwa.ensemble.result import Result
from teritwa.pictures.geography import Places, places_of
from teritwa.report.map_data import COLOUR_STEPS, NO_MAP, map_context, map_data
from teritwa.report.map_projection import WIDTH, MapView
from teritwa.report.page import compose_page

Make = Callable[..., Result]
Extent = tuple[float, float, float, float]


def extents(view: MapView) -> list[Extent]:
    """Return left, top, width and height of each name on a map."""
    size = float(view.type_size)
    widths = [0.6 * size * len(label.text) for label in view.labels]
    return [
        (float(label.x) - width / 2, float(label.y) - size, width, size)
        for label, width in zip(view.labels, widths, strict=True)
    ]


def overlap(one: Extent, other: Extent) -> bool:
    """Return whether two rectangles overlap."""
    across = one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
    return across and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]


def test_names_stand_free_and_within(of_haiti: Make) -> None:
    """On both maps no name covers another, none leaves the map, and the largest are named."""
    data = map_data([of_haiti()])
    assert data is not None
    for view in data.views:
        left, top, width, height = map(float, view.box.split())
        names = extents(view)
        assert len(names) > 8
        for i, name in enumerate(names):
            assert left <= name[0]
            assert name[0] + name[2] <= left + width
            assert top <= name[1] + name[3] <= top + height
            assert not any(overlap(name, other) for other in names[:i])
    assert "Cap-Haïtien" in {label.text for label in data.views[0].labels}


def test_north_is_up_and_the_capital_lies_in_its_frame(of_haiti: Make) -> None:
    """Cap-Haïtien stands above Les Cayes, Jérémie left of Jacmel; the frame lies on the map."""
    data = map_data([of_haiti()])
    assert data is not None
    labels = {label.text: label for label in data.views[0].labels}
    assert float(labels["Cap-Haïtien"].y) < float(labels["Les Cayes"].y)
    assert float(labels["Jérémie"].x) < float(labels["Jacmel"].x)
    left, top, width, height = data.capital_box
    assert 0 < left < left + width < WIDTH
    assert top > 0
    assert height < WIDTH
    assert len(data.colours) == COLOUR_STEPS + 1


def test_a_world_without_a_coast_is_drawn_whole(
    of_haiti: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells that no coast cuts off are drawn as they are, and nothing refers to a coast."""

    def without_coast(result: Result, world: Any) -> Places:
        """Return the places of a result without their coast."""
        return replace(places_of(result, world), outline=[])

    monkeypatch.setattr("teritwa.report.map_data.places_of", without_coast)
    page = compose_page([of_haiti()])
    assert page.count('<path id="cell-') == 195
    assert "#coast" not in page
    assert "#shore" not in page.partition("</style>")[2].partition("<script")[0]


def test_no_map_where_there_are_no_places(made_up: Make) -> None:
    """Districts of no known world have no map."""
    assert map_context([made_up()]) == {"no_map": NO_MAP, "map_script_data": ""}
