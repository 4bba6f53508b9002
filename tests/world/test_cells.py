"""Cells and their geometry: areas, clipping, the power diagram, and the shipped map."""

import shutil
import statistics
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.world import DEFAULT_WORLD, WorldError, cells, load, power_diagram
from teritwa.world.geometry import (
    BOX,
    Cell,
    Land,
    anticlockwise,
    area,
    clip,
    land_area,
    land_length,
    ring_of,
)

SQUARE = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)])
HAITI_IDS = [row.id for row in load().districts]
NOTCHED = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)])


def test_area_of_a_square_and_a_notched_one() -> None:
    """Areas are those of paper: 16, and 16 less a triangle of 6; negative if clockwise."""
    assert area(SQUARE) == 16
    assert area(NOTCHED) == 10
    assert area(NOTCHED[::-1]) == -10
    assert area(anticlockwise(NOTCHED[::-1])) == 10


def test_clip_keeps_the_area_of_a_part() -> None:
    """Half of a square is half; a cut through both horns of a notched square keeps their areas."""
    assert area(clip(SQUARE, np.array([1.0, 0.0]), 2.0)) == 8
    assert area(clip(NOTCHED, np.array([0.0, -1.0]), -1.0)) == pytest.approx(6)
    assert len(clip(SQUARE, np.array([1.0, 0.0]), -1.0)) == 0


def test_length_on_land_skips_the_sea() -> None:
    """A segment across a notched square counts only inside it: at height 2, 4 less 4/3."""
    land = Land((NOTCHED,))
    assert land_length(np.array([-1.0, 2.0]), np.array([9.0, 2.0]), land) == pytest.approx(
        4 - 4 / 3
    )
    assert land_length(np.array([1.0, 0.5]), np.array([3.0, 0.5]), land) == pytest.approx(2)
    assert land_length(np.array([-2.0, 9.0]), np.array([9.0, 9.0]), land) == 0


def test_a_site_belongs_to_its_island_or_the_nearest() -> None:
    """A site inside a ring is of that ring, one at sea of the nearest coast."""
    land = Land((SQUARE, SQUARE + 10))
    assert ring_of(np.array([11.0, 12.0]), land) == 1
    assert ring_of(np.array([9.0, 9.5]), land) == 1
    assert ring_of(np.array([-1.0, 2.0]), land) == 0


def test_diagram_without_weights_is_voronoi() -> None:
    """Two sites share a box at the middle; a weight moves the border by weight / (2 distance)."""
    sites = np.array([(1.0, 2.0), (3.0, 2.0)])
    plain = power_diagram.diagram(sites, np.zeros(2), SQUARE)
    assert [area(cell.vertices) for cell in plain] == [8, 8]
    assert sorted(plain[0].across) == [BOX, BOX, BOX, 1]
    weighted = power_diagram.diagram(sites, np.array([2.0, 0.0]), SQUARE)
    assert area(weighted[0].vertices) == pytest.approx(4 * 2.5)


def test_borders_are_measured_on_land() -> None:
    """The border of two cells counts once, and only its part on land."""
    sites = np.array([(1.0, 2.0), (3.0, 2.0)])
    found = power_diagram.borders(
        power_diagram.diagram(sites, np.zeros(2), SQUARE), Land((NOTCHED,))
    )
    assert list(found) == [(0, 1)]
    assert found[0, 1] == pytest.approx(1)


def test_fit_gives_the_wanted_areas() -> None:
    """Sites in a square have the wanted areas to a part in a thousand, unlike those of Voronoi."""
    count = 20
    spots = (np.arange(count)[:, None] * np.array([0.618034, 0.754878])) % 1
    sites: NDArray[np.float64] = 10 + 80 * spots
    box = np.array([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)])
    wanted = 200 + 600 * spots[:, 0]
    wanted *= 10_000 / wanted.sum()
    weights = power_diagram.fit(sites, wanted, Land((box,)), box)
    found = [area(cell.vertices) for cell in power_diagram.diagram(sites, weights, box)]
    assert found == pytest.approx(wanted, rel=1e-3)
    plain = [area(cell.vertices) for cell in power_diagram.diagram(sites, np.zeros(count), box)]
    assert np.abs(plain - wanted).max() > 50


def test_islands_do_not_move_with_rounding_errors() -> None:
    """Areas that do not quite sum to an island's land do not change its weights."""
    land = Land((SQUARE, SQUARE + 10))
    sites = np.array([(1.0, 1.0), (3.0, 2.0), (11.0, 12.0), (13.0, 13.0)])
    box = np.array([(-1.0, -1.0), (15.0, -1.0), (15.0, 15.0), (-1.0, 15.0)])
    wanted, error = np.array([6.0, 10.0, 9.0, 7.0]), np.array([1e-8, 1e-8, 0.0, 0.0])
    found = [
        power_diagram.fit(sites, areas, land, box)
        for areas in (wanted, wanted + error, wanted - error)
    ]
    assert found[0].tolist() == found[1].tolist() == found[2].tolist()
    cells_found = power_diagram.diagram(sites, found[0], box)
    assert [land_area(cell, land) for cell in cells_found] == pytest.approx(wanted, abs=1e-3)


def test_wanted_areas_are_scaled_island_by_island() -> None:
    """Areas are scaled to each island's land; islands without districts count as mainland."""
    land = Land((SQUARE, SQUARE / 2 + 10, SQUARE / 4 + 20))
    wanted = power_diagram.wanted_areas(
        np.array([(1.0, 1.0), (3.0, 3.0), (11.0, 11.0)]), np.array([1.0, 3.0, 9.0]), land
    )
    assert wanted == pytest.approx([17 / 4, 17 * 3 / 4, 4])


def test_shipped_cells_are_what_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python -m teritwa.world.cells FOLDER`` computes the shipped file anew, to the byte."""
    folder = shutil.copytree(DEFAULT_WORLD, tmp_path / "haiti")
    (folder / "cells.csv").unlink()
    monkeypatch.setattr("sys.argv", ["cells", str(folder)])
    cells.main()
    assert (folder / "cells.csv").read_bytes() == (DEFAULT_WORLD / "cells.csv").read_bytes()


def test_every_district_has_a_cell_of_its_area() -> None:
    """Each cell has its district's area on land, within 6 % at the median and 15 % at most."""
    shapes, outline = cells.read_cells(DEFAULT_WORLD, HAITI_IDS), cells.read_outline(DEFAULT_WORLD)
    projection = cells.Projection(outline)
    land = Land(tuple(anticlockwise(projection.km(ring)) for ring in outline))
    misfit = {}
    for district in load().districts:
        cell = Cell(projection.km(shapes[district.id][0]), ())
        misfit[district.id] = abs(land_area(cell, land) / district.area_km2 - 1)
    assert set(shapes) == set(misfit)
    assert statistics.median(misfit.values()) < 0.06
    assert max(misfit.values()) < 0.15


def test_cells_cover_the_land_once() -> None:
    """The cells' areas on land sum to the land: no gap, no overlap."""
    shapes, outline = cells.read_cells(DEFAULT_WORLD, HAITI_IDS), cells.read_outline(DEFAULT_WORLD)
    projection = cells.Projection(outline)
    land = Land(tuple(anticlockwise(projection.km(ring)) for ring in outline))
    covered = sum(land_area(Cell(projection.km(shape), ()), land) for (shape,) in shapes.values())
    assert covered == pytest.approx(sum(area(ring) for ring in land.rings), rel=1e-4)


def test_nearly_every_district_lies_in_its_cell() -> None:
    """Positions lie in their own cells, but for a few small ones beside large ones."""
    shapes = cells.read_cells(DEFAULT_WORLD, HAITI_IDS)
    outside = [
        row.id
        for row in load().districts
        if not _inside(np.array(shapes[row.id][0]), (row.longitude, row.latitude))
    ]
    assert len(outside) <= 6


def _inside(shape: NDArray[np.float64], point: tuple[float, float]) -> bool:
    """Whether a point lies in a convex anticlockwise polygon (n, 2)."""
    along, to = np.roll(shape, -1, axis=0) - shape, np.array(point) - shape
    return bool((along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0] >= 0).all())


def test_the_outline_has_the_islands() -> None:
    """The outline has five rings, the mainland the largest."""
    assert [len(ring) for ring in cells.read_outline(DEFAULT_WORLD)] == [562, 20, 9, 25, 34]


def test_worlds_without_maps(tmp_path: Path) -> None:
    """A world needs neither cells nor an outline; cells without an outline are refused."""
    assert cells.read_cells(tmp_path, []) == {}
    assert cells.read_outline(tmp_path) == []
    with pytest.raises(WorldError, match=r"outline\.csv:1: file: .*coast"):
        cells.compute(tmp_path)


TRIANGLES = "district,longitude,latitude\na,0,0\na,1,0\na,0,1\nb,0,0\nb,1,0\nb,0,1\n"


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (TRIANGLES.replace("a,1,0", "a,east,0"), "cells.csv:3: longitude: 'east' is not a number"),
        (TRIANGLES.replace("a,1,0", "a,nan,0"), "cells.csv:3: longitude: 'nan' is not a number"),
        (TRIANGLES.replace("a,1,0", "a,1,91"), "cells.csv:3: latitude: '91' is not a number from"),
        (TRIANGLES.replace("a,1,0", "a,1"), "cells.csv:3: row: has 2 fields, must have 3"),
        (TRIANGLES.replace("b,", "bee,"), "cells.csv:5: district: 'bee' is not a district"),
        (TRIANGLES.replace("b,0,0\n", ""), "cells.csv:5: longitude: 'b' has fewer than three"),
        (TRIANGLES.partition("b")[0], "cells.csv:1: district: has no cell of b; make the file"),
        (TRIANGLES.replace("longitude", "x"), "cells.csv:1: longitude: column is missing"),
        (TRIANGLES + '"', "cells.csv:8: file: is not CSV"),
        ("", "cells.csv:1: file: is empty"),
    ],
)
def test_mistakes_in_cells_are_named(tmp_path: Path, table: str, problem: str) -> None:
    """Each mistake is named by file, line and column, and no cell is left out in silence."""
    (tmp_path / "cells.csv").write_text(table, encoding="utf-8")

    with pytest.raises(WorldError) as raised:
        cells.read_cells(tmp_path, ["a", "b"])
    assert any(problem in line for line in raised.value.problems)


def test_cells_come_in_the_order_of_districts(tmp_path: Path) -> None:
    """Cells are those of the districts asked for, whatever the order of the file."""
    (tmp_path / "cells.csv").write_text(TRIANGLES, encoding="utf-8")

    found = cells.read_cells(tmp_path, ["b", "a"])
    assert list(found) == ["b", "a"]
    assert found["a"] == [[(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]]


def test_a_garbled_outline_is_named(tmp_path: Path) -> None:
    """The coast is read as strictly as the cells."""
    (tmp_path / "outline.csv").write_text("ring,longitude,latitude\n0,1,2\n0,1,north\n")

    with pytest.raises(WorldError, match=r"outline\.csv:3: latitude: 'north' is not a number"):
        cells.read_outline(tmp_path)


def test_the_command_names_mistakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without an outline gives one line and exit code 3."""
    monkeypatch.setattr("sys.argv", ["cells", str(tmp_path)])
    with pytest.raises(SystemExit) as stopped:
        cells.main()
    assert stopped.value.code == 3
    assert "outline.csv:1: file:" in capsys.readouterr().err


def test_a_district_may_have_several_rings(tmp_path: Path) -> None:
    """Rings of a district stay apart and come by their number; without the column there is one."""
    rings = "district,ring,longitude,latitude\n" + "".join(
        f"a,{ring},{x},{y}\n" for ring in (1, 0) for x, y in ((ring, 0), (ring + 1, 0), (ring, 1))
    )
    (tmp_path / "cells.csv").write_text(rings, encoding="utf-8")
    first, second = cells.read_cells(tmp_path, ["a"])["a"]
    assert first == [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
    assert second == [(1.0, 0.0), (2.0, 0.0), (1.0, 1.0)]
