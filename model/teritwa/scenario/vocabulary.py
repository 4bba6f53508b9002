"""The names a scenario may use: places, gangs, contingents and donors of its world, the model's parameters."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from teritwa.engine.parameters import Parameter


@dataclass(frozen=True)
class Vocabulary:
    """Names by kind; ``start`` is the day the world's tables describe.

    ``contingents`` are all of them, ``mission`` those of the mission: the country's own forces do not go home.
    """

    start: date
    districts: frozenset[str]
    gangs: frozenset[str]
    contingents: frozenset[str]
    mission: frozenset[str]
    donors: frozenset[str]
    parameters: dict[str, Parameter]


def registry() -> dict[str, Parameter]:
    """Return the parameters of the model by full name."""
    # Imported when asked for: the mechanisms stand on libraries that take long to load.
    from teritwa.rules.registry import registry

    return dict(registry())


def vocabulary_of(world: Path | None) -> Vocabulary:
    """Return the names of a world (None: Haiti) and of the model; raise WorldError for a broken world."""
    from teritwa import world as places

    found = places.load(world)
    return Vocabulary(
        found.start,
        frozenset(row.id for row in found.districts),
        frozenset(row.id for row in found.gangs),
        frozenset(row.id for row in found.contingents),
        frozenset(row.id for row in found.contingents if row.force == "mission"),
        frozenset(row.id for row in found.donors),
        registry(),
    )
