"""Pictures of stored results: each function returns ``(figure, axes)``; `save` writes it with its numbers."""

from dataclasses import replace
from pathlib import Path

from teritwa.analysis.compare import Comparison
from teritwa.analysis.control import control
from teritwa.ensemble.result import Result
from teritwa.pictures.comparison import MOST, comparison, comparison_table
from teritwa.pictures.displacement import displacement, displacement_table
from teritwa.pictures.fans import fan, fan_table
from teritwa.pictures.harm import harm, harm_table
from teritwa.pictures.maps import chance_map, chance_table
from teritwa.pictures.mission import dashboard, dashboard_table
from teritwa.pictures.style import save
from teritwa.pictures.territory import territory, territory_table

__all__ = [
    "chance_map",
    "chance_table",
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
    "save",
    "save_all",
    "save_comparison",
    "territory",
    "territory_table",
]


def save_all(result: Result, world: Path | None = None) -> list[Path]:
    """Draw every picture of a scenario into its ``figures``; return the files, none if no run finished.

    ``world`` is the folder of the world that ran (None: Haiti). A world without cells gets no map.
    """
    if result.count == 0:
        return []
    folder, shown = result.path / "figures", control(result)
    saved = [
        save(fan(result)[0], folder / "gang_control_capital.png", fan_table(result)),
        save(displacement(result)[0], folder / "displaced.png", displacement_table(result)),
        save(harm(result)[0], folder / "harm.png", harm_table(result)),
        save(dashboard(result)[0], folder / "mission.png", dashboard_table(result)),
        save(territory(shown, world)[0], folder / "territory.png", territory_table(shown, world)),
    ]
    if world is None or (world / "cells.csv").is_file():
        saved.append(save(chance_map(result, world)[0], folder / "map.png", chance_table(result)))
    return saved


def save_comparison(compared: Comparison, folder: Path) -> list[Path]:
    """Draw the comparison of control and of the displaced into ``figures``; return the files.

    Beyond `MOST` scenarios beside the baseline there are further pictures, with -2, -3 ... in their names.
    """
    figures, saved = folder / "figures", list[Path]()
    parts = [compared.others[i : i + MOST] for i in range(0, len(compared.others), MOST)]
    for name in ("gang_control_capital", "displaced"):
        for earlier in figures.glob(f"{name}-[0-9]*.*"):
            earlier.unlink()
        for page, others in enumerate(parts, start=1):
            part = replace(compared, others=others)
            figure = comparison(part, name)[0]
            if len(parts) > 1:
                figure.text(0.99, 0.035, f"picture {page} of {len(parts)}", fontsize=7.5, color="#555555", ha="right")
            path = figures / (f"{name}-{page}.png" if page > 1 else f"{name}.png")
            saved.append(save(figure, path, comparison_table(part, name)))
    return saved
