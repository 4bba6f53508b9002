"""What the command line says: progress and messages on standard error, results on standard output."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any

from teritwa.engine.formatting import legible, reading

if TYPE_CHECKING:
    from teritwa.analysis.calibration.calibrate import Calibration
    from teritwa.analysis.compare import Comparison, Row
    from teritwa.analysis.scoring import Scores
    from teritwa.analysis.sensitivity import Sensitivity
    from teritwa.ensemble.result import Result
    from teritwa.scenario import Scenario

QUIET_SECONDS = 10.0
"""How often progress is told where there is no terminal."""

PATIENCE = 3.0
"""Seconds after which the user is told why nothing moves; loading compiled rules takes less than one."""

WIDE = 160
"""Columns of a screen that has room for every column of a comparison."""

ROOMY = ("scenario", "band moves", "mean (95 % interval)", "replicates saved")
"""Columns of a comparison that a narrower screen does without."""

NARROW = 100
"""Columns of a screen below which a number and its band stand on two lines."""

SOME = 10
"""How many lines of a long list are told."""


def say(text: str) -> None:
    """Write to standard error."""
    print(text, file=sys.stderr, flush=True)


def prepare_rules() -> None:
    """Load the compiled rules; when that takes long, say that they are being compiled."""
    from teritwa.simulation.model import warm_up

    told = "compiling the rules: once after installing or changing the package, up to 90 s ..."
    patience = threading.Timer(PATIENCE, say, [told])
    patience.daemon = True
    patience.start()
    try:
        warm_up()
    finally:
        patience.cancel()


@contextmanager
def progress_told() -> Iterator[Callable[[int, int, int], None]]:
    """Lend a way to tell progress: a bar on a terminal, a line each ten seconds elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("runs{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(done: int, failed: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=f", {failed} failed" if failed else "")

        yield told


def _lines() -> Callable[[int, int, int], None]:
    begun = time.monotonic()
    last = begun

    def told(done: int, failed: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= QUIET_SECONDS:
            last = now
            say(f"{done}/{total} runs, {failed} failed, {(now - begun) / done * (total - done):.0f} s left")

    return told


def tell_runs(results: Sequence["Result"], seconds: float, as_json: bool) -> None:
    """Print a path a scenario, or one JSON document; tell of failed runs and the time on standard error."""
    runs: list[dict[str, Any]] = []
    for result in results:
        done, failed = result.manifest["completed"], result.manifest["failed"]
        entry = {
            "scenario": result.scenario_id,
            "path": str(result.path),
            "completed": done,
            "failed": failed,
        }
        runs.append({**entry, "seconds": round(result.seconds, 3)})
        if failed:
            say(f"{result.scenario_id}: {failed} of {done + failed} runs failed: {result.path / 'failures.csv'}")
        if not as_json:
            print(result.path)
    if as_json:
        print(json.dumps({"schema": 1, "command": "run", "runs": runs, "seconds": round(seconds, 3)}))
    say(f"{sum(run['completed'] for run in runs)} runs in {seconds:.0f} s")


def tell_comparison(comparison: "Comparison") -> None:
    """Show one table a scenario on standard error: the first measures, and on a narrow screen fewer columns."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from teritwa.analysis.measures import SHOWN

    console = Console(stderr=True)
    if not console.is_terminal:
        console = Console(stderr=True, width=WIDE)
    for other in comparison.others:
        rows = [row for row in comparison.rows if row.scenario == other.scenario_id]
        heading = f"{other.scenario_id} beside {comparison.baseline.scenario_id}: {rows[0].pairs} pairs of runs"
        between = (0, int(console.width >= WIDE), 0, 0)
        table = Table(title=heading, title_justify="left", box=SIMPLE_HEAD, show_edge=False, padding=between)
        told = [_comparison_cells(row, console.width) for row in rows[:SHOWN]]
        for name in told[0]:
            table.add_column(name, justify="left" if name in ("outcome", "when") else "right")
        for cells in told:
            table.add_row(*cells.values())
        console.print(table, "")
    say(f"comparison.csv has all {len(rows)} outcomes, recapture.csv how many clearings did not last.")
    say("band moves: how far the band's ends would still move with as many runs again.")
    say("The mission's own effect cannot be told from 2024: it rests on the ranges given to its parameters.")


def _comparison_cells(row: "Row", width: int) -> dict[str, str]:
    """Write the cells of one row by the names of their columns, as many as a screen of a width has room for."""
    words, scale = reading(row.unit)
    gap = "\n" if width < NARROW else " "

    def within(middle: float, low: float, high: float) -> str:
        return f"{legible(scale * middle)}{gap}({legible(scale * low)} to {legible(scale * high)})"

    cells = {
        "outcome": f"{row.outcome} [{words}]".replace("[", r"\["),
        "when": row.when,
        "baseline": legible(scale * row.baseline_median),
        "scenario": legible(scale * row.scenario_median),
        "difference: median (5 to 95 %)": within(row.difference_median, row.difference_q05, row.difference_q95),
        "band moves": f"{legible(scale * row.interval_mc_error)}" if isfinite(row.interval_mc_error) else "-",
        "mean (95 % interval)": within(row.mean_difference, row.mean_low, row.mean_high),
        "better": f"{row.better_share:.0%} {row.better}",
        "tied": f"{row.tie_share:.0%}",
        "replicates saved": f"{row.variance_reduction_factor:.1f} times"
        if isfinite(row.variance_reduction_factor)
        else "-",
    }
    return cells if width >= WIDE else {name: text for name, text in cells.items() if name not in ROOMY}


def tell_expected(runs: int, seconds: float) -> None:
    """Say before a sensitivity analysis what it will take."""
    say(f"{runs:,} runs, some {seconds:.0f} s" if seconds < 100 else f"{runs:,} runs, some {seconds / 60:.0f} min")


def tell_sensitivity(found: "Sensitivity") -> None:
    """Say which parameters matter most, how many are felt at all, and which runs failed, on standard error."""
    for failure in found.failures[:SOME]:
        say(f"failed: {failure}")
    if len(found.failures) > SOME:
        say(f"failed: {len(found.failures) - SOME} further runs")
    for rank in [rank for rank in found.ranking if rank.felt][:SOME]:
        size = f"{rank.standardised:+.1f} standard deviations" if isfinite(rank.standardised) else "varies only by it"
        say(f"{rank.rank:>3}  {rank.parameter}: {rank.measure}, {size}")
    felt = sum(rank.felt for rank in found.ranking)
    say(f"{felt} of {len(found.ranking)} parameters are felt; ranking.csv has their order")


def tell_scores(scores: "Scores") -> None:
    """Say on standard error for each outcome what was scored, how often the intervals held, and who came closest."""
    rows = [["outcome", "figures", "in 80 %", "CRPS", "persistence", "trend", "closest"]]
    for one in scores.summary:
        numbers = (one.crps, one.persistence_crps, one.trend_crps)
        cells = ["-" if number is None else legible(number) for number in numbers]
        rows.append([one.outcome, str(one.figures), f"{one.inside_80:.0%}", *cells, one.best or "-"])
    say("\n".join(_columns(rows)))
    for note in scores.notes:
        say(note)


def tell_calibration(found: "Calibration") -> None:
    """Say on standard error which targets the posterior misses, and how many parameters 2024 informs."""
    from teritwa.analysis.calibration.tables import fit_table, parameter_table

    fit, parameters = fit_table(found), parameter_table(found)
    missed = [str(name) for name, inside in zip(fit["target"], fit["inside"], strict=True) if inside == "no"]
    held = len(fit["target"]) - len(missed)
    say(f"{held} of {len(fit['target'])} targets lie in the 90 % band of the posterior")
    for name in missed:
        say(f"missed: {name}")
    say(f"2024 informs {parameters['informed'].count('yes')} of {len(parameters['informed'])} parameters")


def print_headline(result: "Result") -> None:
    """Print the headline measures of a result."""
    from teritwa.analysis.measures import SHOWN, headlines

    print(f"{result.scenario_id}: {result.title}\n{result.count} runs, seed {result.manifest['seed']}\n")
    rows = [["outcome", "when", "unit", "5 %", "median", "95 %", "not known"]]
    for one in headlines(result)[:SHOWN] if result.count else []:
        words, scale = reading(one.unit)
        levels = [legible(scale * level) for level in (one.low, one.median, one.high)]
        rows.append([one.name, one.when, words, *levels, f"{one.unknown:.0%}" if isfinite(one.unknown) else "-"])
    print("\n".join(_columns(rows)))
    print("\nnot known: the share of the variance between runs that parameters make; the rest is chance")
    print(f"all outcomes by month: {result.path / 'summary.csv'}")


def print_parameters(scenario: "Scenario") -> None:
    """List every parameter: the scenario's own value, or the median of its posterior, and what 2024 tells of it."""
    from teritwa.analysis.calibration.priors import what_2024_tells
    from teritwa.rules.registry import registry
    from teritwa.scenario.serialize import text as written

    told = what_2024_tells(scenario.posterior)
    header = ["name", "value", "unit", "range", "grade", "2024 informs it", "source"]
    rows = [header]
    for name, one in sorted(registry().items()):
        median, word = told.get(name, (one.value, "-"))
        value = scenario.params.get(name, median)
        text = f"{value:.4g}" if isinstance(value, float) else str(value) if isinstance(value, int) else written(value)
        rows.append([name, text, one.unit, f"{one.low:g} to {one.high:g}", one.grade, word, one.source])
    print("\n".join(_columns(rows)))


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
