"""The tables of a validation, from which its page and pictures are made."""

from dataclasses import dataclass, fields
from pathlib import Path

from teritwa.pictures.tables import Table, read_table, records


@dataclass(frozen=True)
class ValidationTables:
    """The tables from which the page and its pictures are made.

    Attributes:
        fit: The targets (`teritwa.analysis.calibration.tables.fit_table`).
        parameters: The parameters (`parameter_table` of the same module).
        left_out: Each count predicted from all others (`left_out_table` of the same module).
        places: Places known to have fallen or not to have (`place_table`).
        recovery: The coverage of known truths (`recovery_table`).
        ranks: The ranks of known truths (`rank_table`).
        facts: Columns fact and value; ``draws`` is among the facts.
        scores: The scores of each figure (`teritwa.analysis.scoring`).
        scores_summary: The scores by outcome.
        analog: The runs of the analog (`teritwa.analysis.analog`).
        analog_summary: The estimates of the analog.
    """

    fit: Table
    parameters: Table
    left_out: Table
    places: Table
    recovery: Table
    ranks: Table
    facts: Table
    scores: Table
    scores_summary: Table
    analog: Table
    analog_summary: Table

    @property
    def facts_by_name(self) -> dict[str, object]:
        """The facts by name."""
        return {str(row["fact"]): row["value"] for row in records(self.facts)}


def read_tables(folder: Path) -> ValidationTables:
    """Return the tables in a folder, their cells as texts."""
    names = [field.name for field in fields(ValidationTables)]
    return ValidationTables(**{name: read_table(folder / f"{name}.csv") for name in names})
