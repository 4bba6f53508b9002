"""What commands print about results: tables to read, on standard output or standard error."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teritwa.cli.console import print_message, runs_in_words
from teritwa.engine.formatting import MINUS, display_unit, format_number

if TYPE_CHECKING:
    from rich.table import Table

    from teritwa.analysis.compare import Comparison
    from teritwa.analysis.comparison_row import ComparisonRow
    from teritwa.analysis.measures import Headline
    from teritwa.analysis.score_summary import ScoreSummary
    from teritwa.analysis.scoring import Scores
    from teritwa.analysis.sensitivity import Sensitivity
    from teritwa.analysis.sensitivity_effects import Rank
    from teritwa.ensemble.result import Result
    from teritwa.scenario import Scenario

WIDE = 184
"""Columns of a screen that has room for the whole table of a comparison."""

WIDE_ONLY = ("scenario", "MC error", "mean\n(95 % interval)", "variance\nreduction")
"""Columns of a comparison that a narrower screen leaves out."""

NARROW = 100
"""Columns of a screen below which a number and its interval are on two lines."""

NOTE_ON_COMPARISON = """
MC error: how far the ends of the interval would still move with as many runs again."""
"""What is printed below the tables of a comparison, beside the cautions of `report.cautions`."""

NOTE_ON_THE_EFFECT = """
The mission's own effect cannot be estimated from 2024: it is learned from past missions."""
"""What is printed below that where it is so: not of the past missions themselves."""

NOTE_ON_SCORES = """dressed: persistence with the spread of the changes that are known
skill: 1 less the score by that of dressed persistence, 0 as good, below 0 worse
skill of all: median over {} outcomes"""
"""What is printed below the table of scores."""

LINES = 10
"""Lines of a long list that are printed."""


def print_runs(results: Sequence["Result"], seconds: float, as_json: bool) -> None:
    """Print where results are, and on standard error the failed runs and the time.

    Args:
        results: The results of one command.
        seconds: Time that the command took.
        as_json: Whether to print one JSON document instead of one path per line.
    """
    runs = [_run_entry(result) for result in results]
    for run in runs:
        _print_failed(run)
        if not as_json:
            print(run["path"])
    if as_json:
        document = {"schema": 1, "command": "run", "runs": runs, "seconds": round(seconds, 3)}
        print(json.dumps(document))
    print_message(f"{runs_in_words(sum(run['completed'] for run in runs))} in {seconds:.0f} s")


def _run_entry(result: "Result") -> dict[str, Any]:
    """Return what the JSON document of the command run says of one result."""
    return {
        "scenario": result.scenario_id,
        "path": str(result.path),
        "completed": result.manifest["completed"],
        "failed": result.manifest["failed"],
        "seconds": round(result.seconds, 3),
    }


def _print_failed(run: Mapping[str, Any]) -> None:
    """Print on standard error how many runs of a result failed, if any did."""
    done, failed, path = run["completed"], run["failed"], run["path"]
    if failed:
        failures = f"{failed} of {done + failed} runs failed: {Path(path) / 'failures.csv'}"
        print_message(f"{run['scenario']}: {failures}")


def print_comparison(comparison: "Comparison") -> None:
    """Print one table per scenario on standard error: the first measures, as the screen allows."""
    from rich.console import Console

    from teritwa.analysis.measures import SHOWN
    from teritwa.analysis.recapture import recapture_of
    from teritwa.analysis.world_of_result import is_of_default_world
    from teritwa.report.cautions import MEDIANS, recapture_caution

    console = Console(stderr=True)
    if not console.is_terminal:
        console = Console(stderr=True, width=WIDE)
    for other in comparison.others:
        rows = [row for row in comparison.rows if row.scenario == other.scenario_id]
        names = f"{other.scenario_id} against {comparison.baseline.scenario_id}"
        title = f"{names}: {rows[0].pairs} pairs of runs"
        console.print(_comparison_table(title, rows[:SHOWN], console.width), "")
        for line in _disagreements(rows[:SHOWN]):
            print_message(line)
    learned = NOTE_ON_THE_EFFECT if is_of_default_world(comparison.baseline) else ""
    print_message(f"comparison.csv has all {len(rows)} outcomes.{NOTE_ON_COMPARISON}{learned}")
    base = recapture_of(comparison.baseline)
    caution = recapture_caution(base.share, base.low, base.high, base.cleared)
    print_message(f"{MEDIANS}\nrecapture.csv: {caution}")


def _disagreements(rows: Sequence["ComparisonRow"]) -> list[str]:
    """Return a line on each measure of a scenario whose mean and median differ in sign."""
    from teritwa.report.cautions import sign_disagreement

    found = [(row, sign_disagreement(row)) for row in rows]
    return [f"{row.outcome}: {text}".replace(MINUS, "-") for row, text in found if text]


def _comparison_table(title: str, rows: Sequence["ComparisonRow"], width: int) -> "Table":
    """Return the table of one scenario for a screen of a width."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    padding = (0, int(width >= WIDE), 0, 0)
    table = Table(
        title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False, padding=padding
    )
    cells = [_comparison_cells(row, width) for row in rows]
    for name in cells[0]:
        table.add_column(name, justify="left" if name in ("outcome", "when") else "right")
    for one in cells:
        table.add_row(*one.values())
    return table


def _comparison_cells(row: "ComparisonRow", width: int) -> dict[str, str]:
    """Return the cells of one row by column, those that a screen of a width has room for."""
    unit, scale = display_unit(row.unit)
    gap = "\n" if width < NARROW else " "
    difference = (row.difference_median, row.difference_q05, row.difference_q95)
    mean = (row.mean_difference, row.mean_low, row.mean_high)
    shares = (row.lower_share, row.equal_share, row.higher_share)
    error, reduction = row.interval_mc_error, row.variance_reduction_factor
    cells = {
        "outcome": f"{row.outcome} [{unit}]".replace("[", r"\["),  # brackets are markup in rich
        "when": row.when,
        "baseline": format_number(scale * row.baseline_median),
        "scenario": format_number(scale * row.scenario_median),
        "difference: median\n(5 to 95 %)": _interval(difference, scale, gap),
        "MC error": format_number(scale * error) if isfinite(error) else "-",
        "mean\n(95 % interval)": _interval(mean, scale, gap),
        "% lower /\nequal /\nhigher": "/".join(f"{100 * share:.0f}" for share in shares),
        "variance\nreduction": f"{reduction:.1f} times" if isfinite(reduction) else "-",
    }
    return {name: cells[name] for name in cells if width >= WIDE or name not in WIDE_ONLY}


def _interval(levels: tuple[float, float, float], scale: float, gap: str) -> str:
    """Return a number and its interval (middle, low, high) as text, in a unit that is scaled."""
    middle, low, high = (format_number(scale * level) for level in levels)
    return f"{middle}{gap}({low} to {high})"


def print_sensitivity(found: "Sensitivity") -> None:
    """Print on standard error the failed runs, the strongest parameters and what chance does."""
    lines = [f"failed: {failure}" for failure in found.failures[:LINES]]
    if len(found.failures) > LINES:
        lines.append(f"failed: {len(found.failures) - LINES} further runs")
    clear = [row for row in found.ranking if row.told_apart]
    lines += [*(_rank_line(row) for row in clear[:LINES]), *_chance_lines(found.ranking)]
    count = f"{len(clear)} of {len(found.ranking) - 1} parameters"
    print_message("\n".join([*lines, f"{count} are told apart from chance; ranking.csv lists all"]))


def _chance_lines(ranking: Sequence["Rank"]) -> list[str]:
    """Return a line about what chance alone does, or none if it does nothing."""
    from teritwa.analysis.sensitivity_effects import CHANCE

    return [
        f"  -  {CHANCE} alone: {row.measure}, up to {row.standardised:.1f} standard deviations"
        for row in ranking
        if row.parameter == CHANCE and row.standardised is not None
    ]


def _rank_line(row: "Rank") -> str:
    """Return a line about one ranked parameter and the measure that it moves most."""
    from teritwa.analysis.measures import HEADLINE_MEASURES

    units = {measure.name: measure.unit for measure in HEADLINE_MEASURES}
    unit, scale = display_unit(units[row.measure])
    levels = [float(level or 0) for level in (row.effect, row.effect_low, row.effect_high)]
    size = f"{_interval((levels[0], levels[1], levels[2]), scale, ' ')} {unit}"
    if row.standardised is not None:
        size += f", {row.standardised:+.1f} standard deviations"
    return f"{row.rank:>3}  {row.parameter}: {row.measure}, {size}"


def print_scores(scores: "Scores") -> None:
    """Print on standard error the scores of each outcome, and which forecast is closest."""
    head = ("CRPS", "persistence", "trend", "dressed", "skill", "interval skill")
    rows = [["outcome", "figures", "in 80 %", *head, "closest"]]
    rows += map(_score_cells, scores.summary)
    count = scores.summary[-1].outcomes
    print_message("\n".join((*_aligned(rows), NOTE_ON_SCORES.format(count), *scores.notes)))


def _score_cells(one: "ScoreSummary") -> list[str]:
    """Return the cells of the scores of one outcome."""
    numbers = (one.crps, one.persistence_crps, one.trend_crps, one.dressed_crps)
    skills = (one.crps_skill, one.interval_skill)
    cells = ["-" if number is None else format_number(number) for number in numbers]
    cells += ["-" if skill is None else f"{skill:.2f}" for skill in skills]
    return [one.outcome, str(one.figures), f"{one.inside_80:.0%}", *cells, one.best or "-"]


def print_headline(result: "Result") -> None:
    """Print the headline measures of a result: quantiles over runs, and the parametric share."""
    from teritwa.analysis.measures import SHOWN, headlines

    print(f"{result.scenario_id}: {result.title}")
    print(f"{runs_in_words(result.count)}, seed {result.manifest['seed']}\n")
    rows = [["outcome", "when", "unit", "5 %", "median", "95 %", "parametric"]]
    rows += map(_headline_cells, headlines(result)[:SHOWN] if result.count else ())
    print("\n".join(_aligned(rows)))
    print("\nparametric: share of the variance between runs due to parameters; the rest is chance")
    print(f"all outcomes by month: {result.path / 'summary.csv'}")


def _headline_cells(one: "Headline") -> list[str]:
    """Return the cells of a headline measure."""
    unit, scale = display_unit(one.unit)
    levels = [format_number(scale * level) for level in (one.low, one.median, one.high)]
    share = f"{one.parametric_share:.0%}" if isfinite(one.parametric_share) else "-"
    return [one.name, one.when, unit, *levels, share]


def print_parameters(scenario: "Scenario") -> None:
    """Print every parameter: the scenario's value, or the posterior median, range and source."""
    from teritwa.analysis.calibration.priors import summarise_posterior
    from teritwa.scenario.vocabulary import registry

    learned = summarise_posterior(scenario.posterior)
    rows = [["name", "value", "unit", "range", "grade", "2024 informs it", "source"]]
    for name, one in sorted(registry(scenario.world).items()):
        median, informed = learned.get(name, (one.value, "-"))
        value = scenario.params.get(name, median)
        limits = f"{one.low:g} to {one.high:g}"
        text = _value_text(value)
        rows.append([name, text, one.unit, limits, one.grade, informed, one.source])
    print("\n".join(_aligned(rows)))


def _value_text(value: object) -> str:
    """Return the value of a parameter, or the distribution that a scenario gives, as text."""
    from teritwa.scenario.serialize import text as as_yaml

    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value) if isinstance(value, int) else as_yaml(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose columns are aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return lines
