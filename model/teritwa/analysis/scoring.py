"""A result scored on figures that became known later, beside two forecasts without a model."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from teritwa.analysis.figure_score import FigureScore, score_figure
from teritwa.analysis.published_figures import (
    KNOWN_UNTIL,
    Observation,
    comparison_problem,
    simulated_values,
)
from teritwa.analysis.record_tables import records_csv
from teritwa.analysis.reference_forecasts import known_by, shipped
from teritwa.analysis.score_summary import ScoreSummary, summarise
from teritwa.analysis.world_of_result import world_of
from teritwa.engine.errors import InputError
from teritwa.engine.files import write_text
from teritwa.ensemble.result import Result, check_finished


@dataclass(frozen=True)
class Scores:
    """A result scored on figures.

    ``rows`` has a score a figure, ``summary`` a row an outcome and one of all, and ``notes`` a line
    for each outcome without a reference forecast.
    """

    result: Result
    origin: date
    rows: tuple[FigureScore, ...]
    summary: tuple[ScoreSummary, ...]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "scenario": self.result.scenario_id,
            "origin": str(self.origin),
            "rows": [
                asdict(row) | {"start": str(row.start), "end": str(row.end)} for row in self.rows
            ],
            "summary": [asdict(row) for row in self.summary],
            "notes": list(self.notes),
        }

    def save(self, folder: str | Path) -> Path:
        """Write scores.csv and scores_summary.csv.

        Args:
            folder: Where to write; the folder is made if it does not exist.

        Returns:
            The folder.
        """
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        write_text(into / "scores.csv", records_csv(FigureScore, self.rows))
        write_text(into / "scores_summary.csv", records_csv(ScoreSummary, self.summary))
        return into


def score(
    result: Result, observations: Iterable[Observation], *, origin: date = KNOWN_UNTIL
) -> Scores:
    """Score a result on the observations that end after the origin.

    Args:
        result: A result.
        observations: Figures. Those that end by the origin are, with the figures of the world, the
            history of the reference forecasts; of two with the same outcome and days, the one given
            here counts.
        origin: The last day that was known when the forecast was made.

    Raises:
        ResultError: No run of the result finished.
        InputError: No figure ends after the origin, or the result does not cover one that does.
    """
    check_finished([result])
    given = tuple(observations)
    later = [one for one in given if one.end > origin]
    _check_scorable(result, later, origin)
    history = known_by(origin, (*shipped(world_of(result)), *given))
    rows = tuple(score_figure(one, simulated_values(result, one), history) for one in later)
    return Scores(result, origin, rows, summarise(rows), _notes(rows, origin))


def _check_scorable(result: Result, later: Sequence[Observation], origin: date) -> None:
    """Raise InputError unless there are figures to score, and the result covers all of them."""
    if not later:
        nothing = f"no figure ends after {origin}, so there is nothing to score"
        raise InputError([f"{nothing}; name an earlier origin"])
    found = [(one, comparison_problem(result, one)) for one in later]
    problems = [f"{one.outcome}, {one.start} to {one.end}: {text}" for one, text in found if text]
    if problems:
        raise InputError(problems)


def _notes(rows: Sequence[FigureScore], origin: date) -> tuple[str, ...]:
    """Return a line for each outcome whose history is too short for a reference forecast."""
    neither = dict.fromkeys(row.outcome for row in rows if row.persistence is None)
    no_trend = dict.fromkeys(row.outcome for row in rows if row.trend is None)
    no_figure = f"no figure ends by {origin}, so no persistence and no trend; add earlier rows"
    one_date = f"only one date has figures by {origin}, so no trend; add earlier rows"
    return (
        *(f"{name}: {no_figure}" for name in neither),
        *(f"{name}: {one_date}" for name in no_trend if name not in neither),
    )
