"""Pictures of stored results: each function returns ``(figure, axes)``; `save` writes it with its numbers."""

from dataclasses import replace
from pathlib import Path

from teritwa.analysis.compare import Comparison
from teritwa.pictures.comparison import MOST, comparison, comparison_table
from teritwa.pictures.fans import fan, fan_table
from teritwa.pictures.harm import killed, killed_table
from teritwa.pictures.maps import chance_map, chance_table
from teritwa.pictures.mission import strength, strength_table
from teritwa.pictures.style import save
from teritwa.results import Result

__all__ = [
    "chance_map",
    "chance_table",
    "comparison",
    "comparison_table",
    "fan",
    "fan_table",
    "killed",
    "killed_table",
    "save",
    "save_all",
    "save_comparison",
    "strength",
    "strength_table",
]


def save_all(result: Result, world: Path | None = None) -> list[Path]:
    """Draw every picture of a scenario into its ``figures``; return the files, none if no run finished.

    ``world`` is the folder of the world that ran (None: Haiti). A world without cells gets no map.
    """
    if result.count == 0:
        return []
    folder = result.path / "figures"
    saved = [
        save(fan(result)[0], folder / "gang_control_capital.png", fan_table(result)),
        save(fan(result, "displaced")[0], folder / "displaced.png", fan_table(result, "displaced")),
        save(killed(result)[0], folder / "killed.png", killed_table(result)),
        save(strength(result)[0], folder / "strength.png", strength_table(result)),
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
