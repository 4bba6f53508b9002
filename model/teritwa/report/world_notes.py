"""Judgement on the world to whose counts the model is calibrated, which no table of numbers says.

It stands beside the counts themselves, in the folder of the world.
"""

from dataclasses import dataclass
from functools import cache

from teritwa.engine.columns import choice, optional, text
from teritwa.world import DEFAULT_WORLD, FIGURES, read_figures

KINDS = ("miss", "changed", "error", "analog")
"""Why a target may be missed; a change of the model after a fit was seen; an error that the targets
do not show; and what became of the real event of which the analog is."""


@dataclass(frozen=True, slots=True)
class WorldNote:
    """A note on the world; ``target`` and ``side`` say which miss it explains."""

    kind: str = choice(KINDS)
    note: str = text()
    source: str = text()
    target: str = optional(text(), "")
    side: str = optional(text(), "")


@cache
def world_notes(kind: str) -> tuple[WorldNote, ...]:
    """Return the notes of a kind, in the order of their table.

    Raises:
        WorldError: If the table has mistakes; it lists every one.
    """
    key = ("kind", "target", "side", "note")
    rows = read_figures(DEFAULT_WORLD / FIGURES / "notes.csv", WorldNote, key)
    return tuple(row for row in rows if row.kind == kind)


def explanation(target: str, side: str) -> str:
    """Return why a target may be missed on a side; an empty text if nobody knows."""
    return {(one.target, one.side): one.note for one in world_notes("miss")}.get((target, side), "")
