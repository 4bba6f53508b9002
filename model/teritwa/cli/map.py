"""The command map: which district is held by whom in a stored result."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from teritwa.cli.common import DAY, OneResult, app, as_date, report_mistakes
from teritwa.cli.console import print_message, waiting

if TYPE_CHECKING:
    from teritwa.analysis.control import Control


def _check_view(view: str) -> str:
    """Return the name of a view; raise BadParameter if it is unknown."""
    from teritwa.analysis.control import VIEWS

    if view not in VIEWS:
        raise typer.BadParameter(f"{view!r} is not one of {', '.join(VIEWS)}")
    return view


Day = Annotated[
    datetime | None, typer.Option("--date", formats=DAY, help="Day of the map; default: the last.")
]
Against = Annotated[
    Path | None, typer.Option(metavar="RESULT", help="Draw the change against this result.")
]
View = Annotated[
    str,
    typer.Option(
        callback=_check_view,
        help="chance (probability that gangs hold a district) or control (their mean influence).",
    ),
]
Animate = Annotated[
    bool, typer.Option("--animate", help="Also draw all weeks as a GIF; takes half a minute.")
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="Folder; default: figures, in the result.")
]


@app.command(name="map")
def map_(
    result: OneResult,
    *,
    day: Day = None,
    against: Against = None,
    view: View = "chance",
    animate: Animate = False,
    out: Out = None,
) -> None:
    """Draw who holds which district: map and tiles of a day, tiles of six dates, all weeks."""
    with waiting(f"drawing {result}"), report_mistakes("finished figures are stored"):
        from teritwa.analysis.control import control
        from teritwa.ensemble.result import open_result

        opened = open_result(result)
        shown = control(opened, view, open_result(against) if against else None)
        folder = out or opened.figures
        print(*_draw(shown, as_date(day), folder, animate=animate), sep="\n")


def _draw(shown: "Control", day: date | None, folder: Path, *, animate: bool) -> Iterator[Path]:
    """Draw all figures, yield their files; a world without cells has no map, which is reported."""
    from teritwa.analysis.world_of_result import world_of
    from teritwa.pictures.animation import animate as draw_animation
    from teritwa.pictures.geography import places_of
    from teritwa.pictures.maps import control_map, map_table
    from teritwa.pictures.style import save

    world, name = world_of(shown.result), _name(shown)
    has_cells = bool(places_of(shown.result, world).cells)
    if has_cells:
        figure, _ = control_map(shown, day, world)
        path = folder / f"map-{name}-{shown.weeks[shown.week(day)]}.png"
        yield save(figure, path, map_table(shown, day))
    else:
        print_message(f"{shown.result.path}: its world has no cells.csv; only tiles are drawn")
    yield from _draw_tiles(shown, day, folder, world)
    if animate and has_cells:
        yield draw_animation(shown, folder / f"map-{name}.gif", world)


def _draw_tiles(
    shown: "Control", day: date | None, folder: Path, world: Path | None
) -> Iterator[Path]:
    """Draw the figures that need no cells, and yield their files."""
    from teritwa.pictures.style import save
    from teritwa.pictures.territory import territory, territory_table
    from teritwa.pictures.tiles import small_multiples, small_multiples_table, tile_map, tile_table

    name = _name(shown)
    figure, _ = tile_map(shown, day, world)
    path = folder / f"tiles-{name}-{shown.weeks[shown.week(day)]}.png"
    yield save(figure, path, tile_table(shown, day, world))
    figure, _ = small_multiples(shown, None, world)
    yield save(figure, folder / f"tiles-{name}.png", small_multiples_table(shown))
    figure, _ = territory(shown, world)
    yield save(figure, folder / f"territory-{name}.png", territory_table(shown, world))


def _name(shown: "Control") -> str:
    """Return the part of the names of files that says what is drawn."""
    against = "" if shown.baseline is None else f"-against-{shown.baseline.scenario_id}"
    return shown.view + against
