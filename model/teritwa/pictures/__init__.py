"""Pictures of stored results.

Each picture is a function that returns a figure and its axes, with a function beside it that
returns the numbers drawn; `save` writes both. Extensions add pictures with `picture`.
"""

from dataclasses import replace
from pathlib import Path

from teritwa.analysis.compare import Comparison
from teritwa.analysis.control import control
from teritwa.analysis.discrepancy import as_seen
from teritwa.ensemble.result import Result, no_link
from teritwa.pictures.comparison import MAX_SCENARIOS, comparison, comparison_table
from teritwa.pictures.displacement import displacement, displacement_table
from teritwa.pictures.fans import fan, fan_table
from teritwa.pictures.harm import harm, harm_table
from teritwa.pictures.maps import held_share_map, held_share_table
from teritwa.pictures.mission import dashboard, dashboard_table
from teritwa.pictures.registry import picture, save_registered
from teritwa.pictures.style import NOTE_COLOUR, save
from teritwa.pictures.territory import territory, territory_table

__all__ = [
    "comparison",
    "comparison_table",
    "dashboard",
    "dashboard_table",
    "displacement",
    "displacement_table",
    "fan",
    "fan_table",
    "harm",
    "harm_table",
    "held_share_map",
    "held_share_table",
    "picture",
    "save",
    "save_all",
    "save_comparison",
    "territory",
    "territory_table",
]


def save_all(result: Result, world: Path | None = None) -> list[Path]:
    """Draw every picture of a result, those of extensions last, into its ``figures``.

    Bands hold the model's discrepancy where the runs replay a past (`analysis.discrepancy`).

    Args:
        result: A result.
        world: Folder of the world that ran; None means the default world. A
            world without cells gets no map.

    Returns:
        The files of the pictures; none if no run finished.
    """
    if result.count == 0:
        return []
    result = as_seen(result)
    folder, shown = result.figures, control(result)
    saved = [
        save(fan(result)[0], folder / "gang_control_capital.png", fan_table(result)),
        save(displacement(result)[0], folder / "displaced.png", displacement_table(result)),
        save(harm(result)[0], folder / "harm.png", harm_table(result)),
        save(dashboard(result)[0], folder / "mission.png", dashboard_table(result)),
        save(territory(shown, world)[0], folder / "territory.png", territory_table(shown, world)),
    ]
    if world is None or (world / "cells.csv").is_file():
        figure = held_share_map(result, world)[0]
        saved.append(save(figure, folder / "map.png", held_share_table(result)))
    return saved + save_registered(result, folder)


def save_comparison(compared: Comparison, folder: Path) -> list[Path]:
    """Draw the comparison of control and of the displaced into ``figures`` in a folder.

    More than `MAX_SCENARIOS` scenarios beside the baseline make further pictures, with -2, -3 ...
    in their names; earlier ones are removed.

    Args:
        compared: The scenarios and their baseline.
        folder: The folder of the comparison.

    Returns:
        The files of the pictures.

    Raises:
        ResultError: If ``figures`` is a link.
    """
    saved, figures = [], no_link(folder / "figures")
    for name in ("gang_control_capital", "displaced"):
        for earlier in figures.glob(f"{name}-[0-9]*.*"):
            earlier.unlink()
        saved += _save_pages(compared, name, figures)
    return saved


def _save_pages(compared: Comparison, outcome: str, folder: Path) -> list[Path]:
    """Draw the comparison of one outcome in as many pictures as its scenarios need."""
    starts = range(0, len(compared.others), MAX_SCENARIOS)
    saved = []
    for page, start in enumerate(starts, start=1):
        part = replace(compared, others=compared.others[start : start + MAX_SCENARIOS])
        figure = comparison(part, outcome)[0]
        if len(starts) > 1:
            text = f"picture {page} of {len(starts)}"
            figure.text(0.99, 0.035, text, fontsize=7.5, color=NOTE_COLOUR, ha="right")
        path = folder / (f"{outcome}-{page}.png" if page > 1 else f"{outcome}.png")
        saved.append(save(figure, path, comparison_table(part, outcome)))
    return saved
