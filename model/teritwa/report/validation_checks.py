"""How far to trust the page: the validation that ships, and what the model cannot answer."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from teritwa.analysis.world_of_result import is_of_default_world
from teritwa.engine.formatting import format_date, format_fixed, format_list, format_percent
from teritwa.ensemble.result import Result
from teritwa.pictures.prediction import PANEL_TITLES
from teritwa.report.findings import rules_before
from teritwa.scenario.inherit import shipped_folder

Record = Mapping[str, str]
"""One row of a table, by column."""

ALL = "all"
"""The row of the scores that is about all outcomes."""

FORECAST_LIMITATION = (
    "What will happen.",
    "It says what would follow if, under rules and ranges that are written down. It does not know "
    "elections, deals, or what outsiders decide.",
)
LAST_DATA = " No figure from after January 2025 was used to set it, and none is shown."
"""What is added to the limitation of forecasts in results of the default world."""

OF_ANOTHER_WORLD = (
    "Nothing of this world was held against figures: the model is calibrated and validated on the "
    "published counts of another one, and neither says how well it fits here."
)
"""What the validation that ships says of a result of another world than the default one."""

OTHER_LIMITATIONS = (
    (
        "How much the mission achieves.",
        "That number is an assumption (see the answers). What the page tells of the mission is "
        "what would follow from the assumed range.",
    ),
    (
        "Where and when exactly.",
        "Districts are the finest place, positions of neighbourhoods are approximate, and in any "
        "one run it is chance where and when things happen. Only shares over many runs mean "
        "anything.",
    ),
    (
        "Whether a difference between two scenarios is right.",
        "No other course was ever run in the world, so no difference on this page could be held "
        "against one. What could be tested, levels, is told below.",
    ),
    ("Whom to attack, and where.", "It must not be used to plan operations."),
)
"""What the model cannot answer in any world, each with the reason."""


def validation_folder() -> Path:
    """Return the folder of the validation: beside the shipped scenarios, or in the checkout."""
    installed = shipped_folder() / "validation"
    if installed.is_dir():
        return installed
    return shipped_folder().parent / "results" / "reference" / "validation"


def validation_sentences(result: Result) -> list[str]:
    """Return what the shipped validation says of a result: nothing of one of another world."""
    if not is_of_default_world(result):
        return [OF_ANOTHER_WORLD]
    return [*past_sentences(result), *shipped_validation_sentences()]


def past_sentences(result: Result) -> list[str]:
    """Return what a result rests on that replays a known past; nothing if it replays none."""
    origin = result.manifest.get("origin")
    if not origin:
        return []
    return [
        f"Up to {format_date(origin)} these runs replay pasts that fit what was counted; from the "
        "next day on each has its own chance. So levels are conditioned on the counts, differences "
        "between scenarios rest on past missions, and bands hold parameters, pasts, moods and what "
        "the model missed of the counts."
    ]


def shipped_validation_sentences() -> list[str]:
    """Return what the shipped validation found; nothing where its tables are missing.

    What is of the rules before says so first.
    """
    names = ("fit", "scores_summary", "parameters")
    paths = [validation_folder() / f"{name}.csv" for name in names]
    if not all(path.is_file() for path in paths):
        return []
    fit, scores, parameters = map(_read, paths)
    stale = rules_before(row["parameter"] for row in parameters)
    coverage = coverage_sentences(scores)
    return [
        *(sentence for sentence in (stale, coverage) if sentence),
        fit_sentence(fit),
        informed_sentence(parameters),
        *prediction_sentences(scores),
    ]


def _read(path: Path) -> list[Record]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fit_sentence(fit: Sequence[Record]) -> str:
    """Return a sentence on how many targets the calibrated model meets, and which it misses."""
    missed = [f"“{row['target']}”" for row in fit if row["inside"] != "yes"]
    misses = f"; it misses {format_list(missed)}" if missed else ""
    return (
        "With the error of each count allowed for, the calibrated model holds "
        f"{len(fit) - len(missed)} of {len(fit)} figures of 2024 in its 90 % band{misses}."
    )


def informed_sentence(parameters: Sequence[Record]) -> str:
    """Return a sentence on how many parameters the 2024 data inform."""
    informed = sum(row["informed"] == "yes" for row in parameters)
    return (
        f"The 2024 data constrain only {informed} of {len(parameters)} uncertain parameters; of "
        "the others only a range is known, and runs draw from it."
    )


def prediction_sentences(scores: Sequence[Record]) -> list[str]:
    """Return how predictions from days of 2024 did against simple rules.

    Args:
        scores: The scores by outcome, and those of all outcomes.

    Returns:
        A line on which forecast came closest, and a line on the scores over all outcomes where
        the table has them.
    """
    by_outcome = [row for row in scores if row["outcome"] != ALL]
    sentence = (
        "Fitted only to what was known by the end of March, June and September 2024 and held "
        "against what was counted in the two quarters after each, the "
        f"closest was: {_winners(by_outcome)}. (Persistence: all stays as it was. Trend: it goes "
        f"on as it went.){_simple_rules(by_outcome)}"
    )
    return [
        sentence,
        *(line for row in scores if row["outcome"] == ALL for line in _all_scores(row)),
    ]


def _winners(by_outcome: Sequence[Record]) -> str:
    """Return which forecast came closest in which outcomes."""
    closest: dict[str, list[str]] = {}
    for row in by_outcome:
        name = PANEL_TITLES.get(row["outcome"], row["outcome"]).partition(",")[0]
        closest.setdefault(row["best"], []).append(name)
    return "; ".join(f"{rule} for {format_list(names)}" for rule, names in closest.items())


def coverage_sentences(scores: Sequence[Record]) -> str:
    """Return sentences on what the bands leave out, and how few figures the prediction covered.

    Args:
        scores: The scores by outcome, and those of all outcomes.

    Returns:
        The sentences; an empty text without a row of all outcomes.
    """
    for row in scores:
        if row["outcome"] == ALL:
            figures = int(float(row["figures"]))
            covered = round(float(row["inside_80"]) * figures)
            return (
                "After the origin bands hold parameters, histories, moods and what the model "
                "missed of the counts before; what no count could show is in no band. Of the "
                f"project's own predictions from days of 2024, {covered} of {figures} figures lay "
                f"in the 80 % interval, which is {format_percent(covered / figures)}."
            )
    return ""


def _simple_rules(by_outcome: Sequence[Record]) -> str:
    """Return for how many outcomes a simple rule came closer, and what follows; else nothing."""
    simpler = sum(row["best"] != "model" for row in by_outcome)
    if not simpler:
        return ""
    return (
        f" For {simpler} of {len(by_outcome)} outcomes a simple rule came closer than the model, "
        "so its levels are no forecast; and differences between scenarios cannot be held against "
        "anything. They are what follows from what is assumed, and no more."
    )


def _all_scores(row: Record) -> list[str]:
    """Return a sentence on the scores over all outcomes; none without dressed persistence."""
    if not row.get("crps_ratio"):
        return []
    crps, interval = (format_fixed(float(row[f"{name}_ratio"]), 2) for name in ("crps", "interval"))
    return [
        "Dressed persistence is the last figure with a spread as wide as the changes known before. "
        f"Beside it the model's score is {crps} times as large, that of its 80 % interval "
        f"{interval} times (medians over {row['outcomes']} outcomes; less than 1 is better)."
    ]


def limitations(result: Result) -> list[tuple[str, str]]:
    """Return what the model cannot answer.

    Args:
        result: The result that the page is about.

    Returns:
        Pairs of a question and the reason.
    """
    question, reason = FORECAST_LIMITATION
    return [
        (question, reason + (LAST_DATA if is_of_default_world(result) else "")),
        *OTHER_LIMITATIONS,
    ]
