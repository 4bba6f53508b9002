"""The names that a scenario may use: those of its world, and the model's parameters."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from teritwa.engine.parameters import Parameter


@dataclass(frozen=True)
class Vocabulary:
    """Names by kind; ``start`` is the day the world's tables describe.

    ``contingents`` are all of them, ``mission`` those of the mission, which alone are pledged.
    """

    start: date
    districts: frozenset[str]
    gangs: frozenset[str]
    contingents: frozenset[str]
    mission: frozenset[str]
    donors: frozenset[str]
    parameters: dict[str, Parameter]


def registry(world: Path | None = None) -> dict[str, Parameter]:
    """Return the parameters of the model by full name, as a world has them (None: the default one).

    Raises:
        WorldError: If the world cannot be used; each mistake has its file and line.
    """
    # Imported when asked for: the rules stand on libraries that take long to load.
    from teritwa import world as places
    from teritwa.rules import registry as rules

    found = places.load(world)
    try:
        return dict(rules.registry(found))
    except places.WorldError as error:
        # The rules know what a parameter may be, but not where its row stands.
        table, lines = found.folder / places.PARAMETERS, places.parameter_lines(found.folder)
        wrong = [problem.removeprefix(f"{table}: ") for problem in error.problems]
        placed = sorted((lines[what.partition(":")[0]], what) for what in wrong)
        raise places.WorldError([f"{table}:{line}: {what}" for line, what in placed]) from None


def vocabulary_of(world: Path | None) -> Vocabulary:
    """Return the names of a world (None: the default one); may raise WorldError."""
    from teritwa import world as places

    found = places.load(world)
    return Vocabulary(
        found.start,
        frozenset(row.id for row in found.districts),
        frozenset(row.id for row in found.gangs),
        frozenset(row.id for row in found.contingents),
        frozenset(row.id for row in found.contingents if row.force == "mission"),
        frozenset(row.id for row in found.donors),
        registry(world),
    )
