"""What was counted of past missions: a figure a row, by group of missions and by scenario."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from teritwa.analysis.calibration.priors import is_from_missions, uncertain_parameters
from teritwa.analysis.calibration.targets import Target, target_of
from teritwa.engine.parameters import Parameter
from teritwa.world import World

TABLE = Path(__file__).parent / "figures.csv"

LOCAL = (
    "attack.rate",
    "everyday_violence.rate",
    "operations.collateral_ratio",
    "operations.contact_constant",
    "operations.lethality",
    "presence.gang_coverage_constant",
    "presence.police_coverage_constant",
)
"""Parameters that the figures depend on and that stay with their place: they do not transfer."""


@dataclass(frozen=True)
class Group:
    """Missions that share what is particular to them: one random effect.

    ``title`` is what pictures call it. ``scenarios`` has the figures of each scenario by its name,
    and ``direct`` those that were counted of a parameter itself, by its name.
    """

    name: str
    title: str
    scenarios: Mapping[str, tuple[Target, ...]]
    direct: Mapping[str, Target]

    @property
    def figures(self) -> tuple[Target, ...]:
        """All figures of its scenarios, in their order."""
        return tuple(figure for figures in self.scenarios.values() for figure in figures)


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups of missions, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = dict.fromkeys(row["group"] for row in rows)
    return tuple(_group([row for row in rows if row["group"] == name]) for name in names)


def _group(rows: list[dict[str, str]]) -> Group:
    """Return the group of some rows, all of which name it."""
    counted = [row for row in rows if row["scenario"]]
    names = dict.fromkeys(row["scenario"] for row in counted)
    scenarios = {name: _figures_of(counted, name) for name in names}
    direct = {row["outcome"]: target_of(row) for row in rows if not row["scenario"]}
    return Group(rows[0]["group"], rows[0]["group_title"], scenarios, direct)


def _figures_of(rows: list[dict[str, str]], scenario: str) -> tuple[Target, ...]:
    return tuple(target_of(row) for row in rows if row["scenario"] == scenario)


def transferable(world: World | None = None) -> tuple[Parameter, ...]:
    """Return the parameters that past missions inform, sorted by name.

    Args:
        world: The world whose ranges they have; None means that of the shipped scenarios.
    """
    return tuple(one for one in uncertain_parameters(world) if is_from_missions(one))
