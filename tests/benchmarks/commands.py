"""The cost of commands: ensembles, pictures, pages, first lines, and the first compilation."""

import tempfile
import time
from functools import partial
from pathlib import Path

from teritwa.ensemble.run import run
from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

from .figures import best, first_line, in_turn, measure, show

SCENARIOS = ("baseline", "no-mission", "full-deployment", "un-peacekeeping", "funding-collapse")
REPLICATES, WORKERS, ROUNDS = 4, 2, 5
WITHOUT_PICTURES = (
    "import sys, teritwa.cli; from teritwa.scenario import load; "
    "from teritwa.ensemble.run import run; "
    "run(load('baseline').replace(draws=1, replicates=1), out=sys.argv[1], jobs=1)"
)
"""A program that does the run of the commands below and writes its result, and draws nothing."""


def one_run() -> float:
    """Return the time of one run, the mean over all scenarios and some draws (s)."""
    warm_up()
    scenarios = [load(name) for name in SCENARIOS]
    works = [partial(run_of, one, draw) for one in scenarios for draw in range(4)]
    return sum(in_turn(works, 2)) / len(works)


def run_of(scenario: Scenario, draw: int) -> None:
    """Do a whole run, founding included."""
    Mission(scenario, draw).run()


def measure_ensemble(runs: int) -> None:
    """Time an ensemble on two workers against one run, then its map and its page."""
    draws = max(1, runs // len(SCENARIOS) // REPLICATES)
    scenarios = [load(one).replace(draws=draws, replicates=REPLICATES) for one in SCENARIOS]
    total = draws * REPLICATES * len(SCENARIOS)
    with tempfile.TemporaryDirectory() as folder:
        single = one_run()
        started = time.perf_counter()
        run(scenarios, out=folder, jobs=WORKERS)
        elapsed = time.perf_counter() - started
        show(f"{total} runs on {WORKERS} workers", elapsed / single, "runs", 0.55 * total)
        drawn = measure(["-m", "teritwa", "map", Path(folder) / "baseline"])
        show("map", drawn.processor, "s", 3.0)
        page = measure(["-m", "teritwa", "report", folder])
        show(f"report of {len(SCENARIOS)} scenarios, {total} runs", page.processor, "s", 12.0)
        measure_first_lines(Path(folder))


def measure_fixed() -> None:
    """Measure what `run` costs beyond its runs, with and without pictures."""
    single = one_run()
    with tempfile.TemporaryDirectory() as folder:
        size = ["--draws=1", "--replicates=1", "--jobs=1", f"--out={folder}/drawn"]
        drawn = measure(["-m", "teritwa", "run", "baseline", *size])
        plain = measure(["-c", WITHOUT_PICTURES, f"{folder}/plain"])
    show("fixed cost of run, without pictures", plain.processor - single, "s", 2.0)
    show("fixed cost of run, with pictures", drawn.processor - single, "s", 6.0)


def measure_compilation() -> None:
    """Measure the first start after an installation, when all rules are compiled."""
    with tempfile.TemporaryDirectory() as folder:
        code = "from teritwa.simulation.model import warm_up; warm_up()"
        cost = measure(["-c", code], {"XDG_CACHE_HOME": folder})
    show("first compilation", cost.processor, "s", 45.0)
    show("memory at most, first compilation", cost.memory, "MB", 700.0)


def measure_short_commands() -> None:
    """Measure commands that answer at once."""
    for arguments, most in (
        (["--help"], 0.2), (["check", "baseline"], 0.35), (["show", "baseline"], 0.35),
    ):  # fmt: skip
        cost = best(["-m", "teritwa", *arguments], ROUNDS)
        show(" ".join(arguments), cost.processor, "s", most)


def measure_first_lines(results: Path) -> None:
    """Measure the time to the first line of commands that take longer, given five results."""
    one, out = results / "baseline", results / "elsewhere"
    for arguments in (
        ["run", "baseline", f"--out={out}"], ["compare", results], ["effort", one],
        ["sensitivity", "baseline", f"--out={out}"], ["map", one], ["report", results],
        ["calibrate", f"--out={out}"], ["validate", f"--out={out}"],
    ):  # fmt: skip
        found = [first_line(arguments) for _ in range(2)]
        spent = min((cost for cost in found if cost is not None), default=float("nan"))
        show(f"first line of {arguments[0]}", spent, "s", 0.3)
