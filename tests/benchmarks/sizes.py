"""Worlds of many Haitis: ``python -m tests.benchmarks.sizes COPIES DAYS FOLDER`` measures one."""

import json
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

from .commands import run_of
from .figures import in_turn, measure_json, show
from .worlds import write_copies

COPIES, DAYS, DRAWS, ROUNDS = (1, 2, 4, 8, 16), 731, 3, 3
LARGE, YEAR = 26, 365
"""Copies with 5,000 districts, and for how many days they run."""

START = date(2024, 1, 1)
SCENARIO = """\
schema: 2
id: haitis
title: Many Haitis
question: How do costs grow with a world?
world: {world}
period: {{start: {start}, end: {end}}}
runs: {{draws: 10, replicates: 1, seed: 1}}
params:
  displacement.distance_decay: {{uniform: [0.8, 1.2]}}
  attack.rate: {{uniform: [2, 4]}}
events:
  - id: coalition
    date: 2024-02-29
    coalition: {{active: true}}
  - id: mandate
    date: 2024-01-01
    mandate: {{type: support-mission, authorised: 2500, until: 2026-01-01}}
  - id: money
    date: 2024-01-01
    money: {{donor: trust-fund, pledge: 900 million USD, receive: 900 million USD}}
  - id: kenya
    date: 2024-06-25
    deploy: {{contingent: kenya, officers: 400}}
"""


def scenario_of(folder: Path, copies: int, days: int) -> Scenario:
    """Write a world of several Haitis and a scenario of it, and return the scenario."""
    write_copies(folder / "world", copies)
    path, end = folder / "haitis.yaml", START + timedelta(days=days - 1)
    path.write_text(SCENARIO.format(world="world", start=START, end=end), encoding="utf-8")
    return load(path)


def measure_one(copies: int, days: int, folder: Path) -> dict[str, float]:
    """Return the time of a day, of a founding after the first, and of a run, and memory at most."""
    warm_up()
    scenario = scenario_of(folder, copies, days)
    started = time.perf_counter()
    Mission(scenario, 0).run()
    first = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    # Each is founded anew, because others come in between.
    draws = range(1, DRAWS + 1) if copies < LARGE else range(0)
    works: list[Callable[[], object]] = [partial(Mission, scenario, draw) for draw in draws]
    works += [partial(run_of, scenario, draw) for draw in draws]
    taken = in_turn(works, ROUNDS)
    founding, whole = sum(taken[:DRAWS]) / DRAWS, sum(taken[DRAWS:]) / DRAWS
    day = (whole - founding) / days
    return {"first run": first, "memory": memory, "day": day, "founding": founding}


def exponent(small: float, large: float, factor: float) -> float:
    """Return the power of size with which a cost grew, given the factor between two sizes."""
    return math.log(large / small) / math.log(factor)


def measure_sizes() -> None:
    """Measure worlds of growing size, each in a process of its own."""
    found = {copies: measure_apart(copies, DAYS) for copies in COPIES}
    for copies, one in found.items():
        show(f"a day of {copies} Haitis", one["day"] / found[1]["day"], "days of one")
    for what, most in (("day", 1.1), ("founding", 1.2)):
        costs = [found[copies][what] for copies in COPIES]
        overall = exponent(costs[0], costs[-1], COPIES[-1] / COPIES[0])
        show(f"exponent of a {what}, 1 to 16 Haitis", overall, "", most)
        last = exponent(costs[-2], costs[-1], COPIES[-1] / COPIES[-2])
        show(f"exponent of a {what}, last doubling", last, "", most)
    show("memory at most, 16 Haitis", found[COPIES[-1]]["memory"], "MB", 700.0)


def measure_large() -> None:
    """Measure a year of 5,000 districts."""
    one = measure_apart(LARGE, YEAR)
    show("a year of 5,000 districts, founding included", one["first run"], "s", 60.0)
    show("memory at most, 5,000 districts", one["memory"], "MB")


def measure_apart(copies: int, days: int) -> dict[str, float]:
    """Measure one size in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return measure_json(["-m", "tests.benchmarks.sizes", copies, days, folder])


if __name__ == "__main__":
    print(json.dumps(measure_one(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
