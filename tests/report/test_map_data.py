"""The map of the page: shapes and names in their places."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from teritwa.ensemble.result import Result
from teritwa.pictures.geography import Places
from teritwa.report import map_data as module
from teritwa.report.map_data import NO_MAP, STEPS, WIDTH, atlas, mapped
from teritwa.report.page import compose

Make = Callable[..., Result]


def test_names_stand_free_and_within(of_haiti: Make) -> None:
    """On both maps no name covers another, none leaves the map, and the largest are named."""
    found = atlas([of_haiti()])
    assert found is not None
    for view in found.views:
        left, top, wide, high = map(float, view.box.split())
        size = float(view.type_size)
        boxes = [
            (float(one.x) - 0.3 * size * len(one.text), float(one.y) - size, 0.6 * size * len(one.text), size)
            for one in view.labels
        ]
        assert len(boxes) > 8
        for i, (x, y, across, down) in enumerate(boxes):
            assert left <= x
            assert x + across <= left + wide
            assert top <= y + down <= top + high
            assert not [
                b for b in boxes[:i] if x < b[0] + b[2] and b[0] < x + across and y < b[1] + b[3] and b[1] < y + down
            ]
    assert "Cap-Haïtien" in {one.text for one in found.views[0].labels}


def test_north_is_up_and_the_capital_lies_in_its_frame(of_haiti: Make) -> None:
    """The country is as wide as was said; Cap-Haïtien stands above Les Cayes; the frame lies on the map."""
    found = atlas([of_haiti()])
    assert found is not None
    named = {one.text: one for one in found.views[0].labels}
    assert float(named["Cap-Haïtien"].y) < float(named["Les Cayes"].y)
    assert float(named["Jérémie"].x) < float(named["Jacmel"].x)
    left, top, wide, high = found.frame
    assert 0 < left < left + wide < WIDTH
    assert top > 0
    assert high < WIDTH
    assert len(found.colours) == STEPS + 1


def test_a_world_without_a_coast_is_drawn_whole(of_haiti: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells that no coast cuts off are drawn as they are, and nothing refers to a coast."""
    real = module.places_of

    def inland(result: Result, world: Any) -> Places:
        return replace(real(result, world), outline=[])

    monkeypatch.setattr(module, "places_of", inland)
    page = compose([of_haiti()])
    assert page.count('<path id="cell-') == 195
    assert "#coast" not in page
    assert "#shore" not in page.partition("</style>")[2].partition("<script")[0]


def test_no_map_where_there_are_no_places(made_up: Make) -> None:
    """Districts of no known world have no map."""
    assert mapped([made_up()]) == {"no_map": NO_MAP, "atlas_data": ""}
