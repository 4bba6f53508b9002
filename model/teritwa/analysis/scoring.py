"""A result scored on figures that became known later, beside forecasts without a model."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.dressed_persistence import CHANGES_NEEDED
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

    ``rows`` has a score for each origin and figure after it, ``summary`` a row an outcome and one
    of all, and ``notes`` a line for each outcome without a reference forecast, or with one whose
    spread is that of all outcomes.
    """

    result: Result
    origins: tuple[date, ...]
    rows: tuple[FigureScore, ...]
    summary: tuple[ScoreSummary, ...]
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "scenario": self.result.scenario_id,
            "origins": [str(origin) for origin in self.origins],
            "rows": [
                asdict(row) | {name: str(getattr(row, name)) for name in ("start", "end", "origin")}
                for row in self.rows
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
    result: Result,
    observations: Iterable[Observation],
    *,
    origins: Iterable[date] = (KNOWN_UNTIL,),
) -> Scores:
    """Score a result on the observations that end after an origin, once for each such origin.

    The runs are the same for every origin; what is known by it decides the reference forecasts
    alone. So an origin is fair to both only if it is the last day that the scenario knows.

    Args:
        result: A result.
        observations: Figures. Those that end by an origin are, with the figures of the world, the
            history of the reference forecasts; of two with the same outcome and days, the one given
            here counts.
        origins: The last days that are known when forecasts are made.

    Raises:
        ResultError: No run of the result finished.
        InputError: No figure ends after an origin, or the result does not cover one that does.
    """
    check_finished([result])
    given, ordered = tuple(observations), tuple(sorted(set(origins)))
    later = [one for one in given if one.end > ordered[0]]
    _check_scorable(result, later, ordered[0])
    values = [(one, simulated_values(result, one)) for one in later]
    figures = (*shipped(world_of(result)), *given)
    rows = [row for origin in ordered for row in _rows(origin, values, known_by(origin, figures))]
    return Scores(result, ordered, tuple(rows), summarise(rows), _notes(rows))


def _rows(
    origin: date,
    values: Sequence[tuple[Observation, NDArray[np.float64]]],
    history: Sequence[Observation],
) -> list[FigureScore]:
    """Return the scores of the figures after an origin, given with what the runs say of them."""
    return [score_figure(*pair, history, origin) for pair in values if pair[0].end > origin]


def together(found: Sequence[Scores]) -> Scores:
    """Return the scores of several results, each from an origin of its own, as one.

    Args:
        found: At least one set of scores; no two have an origin in common.
    """
    rows = tuple(row for one in found for row in one.rows)
    origins = tuple(sorted({origin for one in found for origin in one.origins}))
    return Scores(found[0].result, origins, rows, summarise(rows), _notes(rows))


def _check_scorable(result: Result, later: Sequence[Observation], origin: date) -> None:
    """Raise InputError unless there are figures to score, and the result covers all of them."""
    if not later:
        nothing = f"no figure ends after {origin}, so there is nothing to score"
        raise InputError([f"{nothing}; name an earlier origin"])
    problems = _problems(result, later)
    if problems:
        raise InputError(problems)


def _problems(result: Result, later: Sequence[Observation]) -> list[str]:
    """Return a line on each figure that cannot be compared with the result."""
    found = [(one, comparison_problem(result, one)) for one in later]
    return [f"{one.outcome}, {one.start} to {one.end}: {text}" for one, text in found if text]


def _notes(rows: Sequence[FigureScore]) -> tuple[str, ...]:
    """Return a line for each outcome and origin whose history is too short for a forecast."""
    found = {(row.outcome, row.origin): _note(row) for row in rows}
    return tuple(f"{outcome}: {text}" for (outcome, _), text in found.items() if text)


def _note(row: FigureScore) -> str:
    """Return what the history of a figure is too short for; nothing if it is long enough."""
    if row.persistence is None:
        return f"no figure ends by {row.origin}, so no reference forecast; add earlier rows"
    lacks = []
    if row.trend is None:
        lacks.append(f"fewer than two figures of the year to {row.origin}, so no trend")
    if row.dressed_crps is None:
        lacks.append(f"no change known by {row.origin}, so no dressed persistence")
    if row.dressed_pooled:
        short = f"fewer than {CHANGES_NEEDED} changes known by {row.origin}, or one figure repeated"
        lacks.append(f"{short}, so dressed persistence has the spread of all outcomes")
    return "; ".join([*lacks, "add earlier rows"]) if lacks else ""
