"""The cost of a run: in yardsticks, and against the twin in plain Mesa objects."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from tests.twin.founding import found
from tests.twin.scenarios import core

from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

from .commands import run_of
from .figures import in_turn, show, show_least
from .yardstick import Yardstick

DRAWS, ROUNDS, YEAR = 20, 3, 365


def run_twin(scenario: Scenario, draw: int) -> None:
    """Run all days of the twin, founding included."""
    twin = found(Mission(scenario, draw, 0))
    for _ in range(scenario.days):
        twin.step()


def measure_run() -> None:
    """Time whole runs of the baseline, founding alone and the yardstick in turn."""
    warm_up()
    Yardstick(0).run()
    baseline = load("baseline")
    works = [
        work
        for draw in range(DRAWS)
        for work in (Yardstick(draw).run, partial(Mission, baseline, DRAWS + draw),
                     partial(run_of, baseline, draw))
    ]  # fmt: skip
    taken = in_turn(works, ROUNDS)
    stick, founding, whole = (sum(taken[kind::3]) for kind in range(3))
    show("yardstick", 1000.0 * stick / DRAWS, "ms")
    show("one run, 731 days of Haiti", whole / stick, "yardsticks", 12.0)
    show("of it, founding", founding / stick, "yardsticks")


def measure_twin() -> None:
    """Time a year of the territorial core by the product and by its twin in turn."""
    warm_up()
    scenario = load("baseline")
    scenario = core(replace(scenario, end=scenario.start + timedelta(days=YEAR - 1)))
    fast = slow = 0.0
    for draw in range(ROUNDS):
        ours, plain = in_turn(
            [partial(run_of, scenario, draw), partial(run_twin, scenario, draw)], 2
        )
        fast, slow = fast + ours, slow + plain
    show_least("a year of the twin in plain Mesa objects", slow / fast, "runs", 80.0)
