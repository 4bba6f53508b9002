"""The commands world new and world check: a world of one's own, from boundaries and population."""

from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import Program, app, report_mistakes
from teritwa.cli.console import print_message, waiting

worlds = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Make a world from open data, and look at one.",
)
app.add_typer(worlds, name="world")

Boundaries = Annotated[
    Path, typer.Option("--boundaries", metavar="FILE", help="GeoJSON with a polygon a district.")
]
Population = Annotated[
    Path, typer.Option("--population", metavar="FILE", help="CSV with the columns KEY, population.")
]
Key = Annotated[
    str, typer.Option("--id", metavar="KEY", help="Property and column with a district's code.")
]
Events = Annotated[
    Path | None,
    typer.Option("--events", metavar="FILE", help="CSV of events with ACLED's columns."),
]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a world's tables.")]


@worlds.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Name of the country or region.")],
    *,
    boundaries: Boundaries,
    population: Population,
    key: Key,
    events: Events = None,
) -> None:
    """Write the tables of a new world, and a scenario that runs in it."""
    with waiting(f"reading {boundaries}"), report_mistakes():
        from teritwa.world.making import Sources, make_world

        sources = Sources(boundaries, population, key, events)
        folder, scenario, assumed = make_world(name, sources, Path())
        print(folder, scenario, sep="\n")
        print_message("\n  ".join(["assumed, for you to replace:", *assumed]))
        print_message(f"look at it: teritwa world check {folder}")
        print_message(f"run it: teritwa run {scenario}")


@worlds.command("check")
def check(folder: Folder) -> None:
    """Print every mistake in a world's tables, what is assumed and looks wrong; draw its map."""
    with waiting(f"reading {folder}"), report_mistakes():
        from teritwa.analysis.observed_levels import observed
        from teritwa.pictures.world_map import save_world_map
        from teritwa.simulation.world_check import describe_world

        print(*describe_world(folder), sep="\n")
        observed(folder)  # its mistakes too
        print(save_world_map(folder))
