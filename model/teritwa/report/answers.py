"""The part of the page with the answers: what holds, how scenarios differ, and by how much."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from teritwa.analysis.compare import Comparison
from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.analysis.measures import Headline, headlines
from teritwa.analysis.recapture import recapture_of
from teritwa.engine.formatting import format_amount, format_amount_range, format_period
from teritwa.ensemble.result import Result
from teritwa.report import provenance
from teritwa.report.answer_sentences import (
    GLOSSARY,
    baseline_sentence,
    control_sentence,
    difference_cell,
    pair_shares,
    summary_sentences,
    uncertainty_sentences,
)
from teritwa.report.cautions import MEDIANS, recapture_caution
from teritwa.report.drivers import ASSOCIATION_METHOD, describe_drivers
from teritwa.report.verdicts import (
    KEY_OUTCOMES,
    VERDICT_RULES,
    KeyOutcome,
    few_pairs_warning,
    lowest_and_highest,
    rank_scenarios,
    verdict_phrase,
)

CONTROL = KEY_OUTCOMES[0].outcome
"""The outcome that the first answer is about."""

Rows = Mapping[tuple[str, str], ComparisonRow]
"""Comparisons by scenario and outcome."""


def answers_context(results: Sequence[Result], comparison: Comparison | None) -> dict[str, Any]:
    """Return what the template needs for the answers and the drivers.

    Args:
        results: The results, the baseline first.
        comparison: Their comparison; None for a single result.

    Returns:
        The variables of the template, by name.
    """
    measures = {result.scenario_id: _headlines_by_name(result) for result in results}
    baseline, rows = results[0], _rows_by_scenario(comparison)
    states = [
        {
            "scenario": result.scenario_id,
            "title": result.title,
            "control": control_sentence(measures[result.scenario_id][CONTROL]),
            "comparison": _baseline_comparison(result, baseline, rows),
        }
        for result in results
    ]
    return {
        "states": states,
        "glance": _glance_table(measures),
        "caveat": provenance.mission_effect_caveat(baseline),
        "glossary": GLOSSARY,
        "medians_caution": MEDIANS,
        "drivers_method": ASSOCIATION_METHOD,
        **_comparison_context(comparison, rows),
    }


def _headlines_by_name(result: Result) -> dict[str, Headline]:
    """Return the headline measures of a result by name."""
    return {headline.name: headline for headline in headlines(result)}


def _rows_by_scenario(comparison: Comparison | None) -> Rows:
    """Return the rows of a comparison by scenario and outcome; none without a comparison."""
    rows = comparison.rows if comparison else ()
    return {(row.scenario, row.outcome): row for row in rows}


def _baseline_comparison(result: Result, baseline: Result, rows: Rows) -> str:
    """Return how gang control in a scenario compares with the baseline; nothing for the latter."""
    if result is baseline:
        return ""
    return baseline_sentence(rows[result.scenario_id, CONTROL], baseline.scenario_id)


def _glance_table(measures: Mapping[str, Mapping[str, Headline]]) -> dict[str, Any]:
    """Return the table of medians, a row a scenario and a column a key outcome.

    The day stands in the heading, or in each cell where scenarios end on different days.
    """
    columns = [_glance_column(key, measures) for key in KEY_OUTCOMES]
    headings, cells = zip(*columns, strict=True)
    return {
        "head": ["scenario", *headings],
        "rows": list(zip(measures, *cells, strict=True)),
        "caption": "At a glance: medians, and in brackets 90 % of runs",
    }


def _glance_column(
    key: KeyOutcome, measures: Mapping[str, Mapping[str, Headline]]
) -> tuple[str, list[str]]:
    """Return the heading of a key outcome and the cell of each scenario, the day in either."""
    headlines = [found[key.outcome] for found in measures.values()]
    periods = [format_period(headline.when) for headline in headlines]
    cells = [_glance_cell(headline) for headline in headlines]
    if len(set(periods)) == 1:
        return f"{key.heading}, {periods[0]}", cells
    return key.heading, [f"{cell}, {when}" for cell, when in zip(cells, periods, strict=True)]


def _glance_cell(headline: Headline) -> str:
    """Return median and 90 % interval of a headline measure."""
    interval = format_amount_range(headline.low, headline.high, headline.unit)
    return f"{format_amount(headline.median, headline.unit)} ({interval})"


def _comparison_context(comparison: Comparison | None, rows: Rows) -> dict[str, Any]:
    """Return the rankings and each scenario beside the baseline; nothing for a single result."""
    if comparison is None:
        empty = dict.fromkeys(("rankings", "comparison_details", "drivers"), ())
        return {**empty, "grid": None, "summary": "", "verdict_rules": "", "few_pairs": ""}
    base = recapture_of(comparison.baseline)
    return {
        "summary": _summary(comparison),
        "rankings": [_ranking(key, comparison) for key in KEY_OUTCOMES],
        "grid": _difference_table(comparison, rows),
        "comparison_details": [_comparison_detail(other, rows) for other in comparison.others],
        "verdict_rules": VERDICT_RULES,
        "few_pairs": few_pairs_warning(min(row.pairs for row in comparison.rows)),
        "recapture_caution": recapture_caution(base.share, base.low, base.high, base.cleared),
        "drivers": [describe_drivers(comparison.baseline, other) for other in comparison.others],
    }


def _summary(comparison: Comparison) -> str:
    """Return how far the scenarios lie apart in gang control of the capital."""
    baseline = comparison.baseline
    rows = [row for row in comparison.rows if row.outcome == CONTROL]
    day_0 = float(np.median(baseline.runs(CONTROL)[:, 0]))
    return summary_sentences(day_0, rows, baseline.scenario_id)


def _difference_table(comparison: Comparison, rows: Rows) -> dict[str, Any]:
    """Return the table of differences, a row a scenario and a column a key outcome."""
    table = []
    for other in comparison.others:
        found = [rows[other.scenario_id, key.outcome] for key in KEY_OUTCOMES]
        table.append([other.scenario_id, *map(difference_cell, found)])
    return {
        "head": ["scenario", *(key.heading for key in KEY_OUTCOMES)],
        "rows": table,
        "caption": (
            f"Beside {comparison.baseline.scenario_id}: the median difference, and in brackets "
            "the per cent of pairs that are lower / the same / higher"
        ),
    }


def _comparison_detail(other: Result, rows: Rows) -> dict[str, Any]:
    """Return the sentences about one scenario beside the baseline."""
    return {
        "scenario": other.scenario_id,
        "title": other.title,
        "question": other.manifest["question"],
        "outcomes": [
            _outcome_detail(key, rows[other.scenario_id, key.outcome]) for key in KEY_OUTCOMES
        ],
    }


def _outcome_detail(key: KeyOutcome, row: ComparisonRow) -> dict[str, str]:
    """Return the sentences about one key outcome of a scenario beside the baseline."""
    heading = f"{key.heading}, {format_period(row.when)}: {verdict_phrase(row)}"
    return {
        "heading": heading,
        "pairs": pair_shares(row),
        "uncertainty": uncertainty_sentences(row),
    }


def _ranking(key: KeyOutcome, comparison: Comparison) -> dict[str, str]:
    """Return how scenarios rank in a key outcome; medians are compared where of one day."""
    rows = [row for row in comparison.rows if row.outcome == key.outcome]
    verdicts = rank_scenarios(rows)
    return {
        "heading": key.heading,
        "verdicts": verdicts[:1].upper() + verdicts[1:],
        "medians": _compare_medians(comparison.baseline.scenario_id, rows),
    }


def _compare_medians(baseline: str, rows: Sequence[ComparisonRow]) -> str:
    """Return the lowest and the highest median in one outcome; nothing if days differ."""
    if len({row.when for row in rows}) > 1:
        return ""
    medians = {row.scenario: row.scenario_median for row in rows}
    return lowest_and_highest({baseline: rows[0].baseline_median} | medians, rows[0].unit)
