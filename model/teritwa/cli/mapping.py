"""The command map: who holds which district of a stored result, where and when."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import app, mistakes_told
from teritwa.cli.console import say

if TYPE_CHECKING:
    from teritwa.analysis.control import Control


def _known_view(view: str) -> str:
    """Refuse a view that there is not, as wrong use."""
    from teritwa.analysis.control import VIEWS

    if view not in VIEWS:
        raise typer.BadParameter(f"{view!r} is none of {', '.join(VIEWS)}")
    return view


@app.command(name="map")
def map_(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of one result.")],
    *,
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the map; default the last one.")
    ] = None,
    against: Annotated[Path | None, typer.Option(metavar="RESULT", help="Draw the change against this result.")] = None,
    view: Annotated[
        str, typer.Option(callback=_known_view, help="chance (that gangs hold it) or control (their mean influence).")
    ] = "chance",
    animate: Annotated[bool, typer.Option("--animate", help="Also a GIF of all weeks; takes half a minute.")] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder; default: figures, in the result.")] = None,
) -> None:
    """Draw who holds which district: a map and tiles of a day, tiles of six dates, and all weeks as a raster."""
    with mistakes_told("what was drawn is kept"):
        from teritwa.analysis.control import control
        from teritwa.ensemble.result import open_result

        shown = control(open_result(result), view, open_result(against) if against else None)
        for path in _drawn(shown, day.date() if day else None, out or result / "figures", animate=animate):
            print(path)


def _drawn(shown: "Control", day: date | None, folder: Path, *, animate: bool) -> list[Path]:
    """Draw everything and return the files; a world without cells gets no map, which is said."""
    from teritwa.pictures.animation import animate as animated
    from teritwa.pictures.geography import places_of, world_of
    from teritwa.pictures.maps import control_map, map_table
    from teritwa.pictures.style import save
    from teritwa.pictures.territory import territory, territory_table
    from teritwa.pictures.tiles import multiples, multiples_table, tile_map, tile_table

    world = world_of(shown.result)
    has_cells = bool(places_of(shown.result, world).cells)
    named = shown.view if shown.baseline is None else f"{shown.view}-against-{shown.baseline.scenario_id}"
    at = str(shown.weeks[shown.week(day)])
    saved = []
    if has_cells:
        saved.append(save(control_map(shown, day, world)[0], folder / f"map-{named}-{at}.png", map_table(shown, day)))
    else:
        say(f"{shown.result.path}: its world has no cells.csv, so there is no map; tiles need none")
    table = tile_table(shown, day, world)
    saved.append(save(tile_map(shown, day, world)[0], folder / f"tiles-{named}-{at}.png", table))
    saved.append(save(multiples(shown, None, world)[0], folder / f"tiles-{named}.png", multiples_table(shown)))
    saved.append(save(territory(shown, world)[0], folder / f"territory-{named}.png", territory_table(shown, world)))
    if animate and has_cells:
        saved.append(animated(shown, folder / f"map-{named}.gif", world))
    return saved
