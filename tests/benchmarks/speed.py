"""The cost of a run: in yardsticks, and against the twin in plain Mesa objects."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from teritwa.scenario import Scenario, load
from teritwa.simulation.model import Mission, warm_up

from ..twin.founding import found
from ..twin.scenarios import core
from .figures import in_turn, show, show_least
from .yardstick import Yardstick

DRAWS, ROUNDS, YEAR = 20, 3, 365


def run_of(scenario: Scenario, draw: int) -> Callable[[], object]:
    """Return the work of a whole run, founding included."""
    return lambda: Mission(scenario, draw, 0).run()


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
    whole = founding = stick = 0.0
    for draw in range(DRAWS):
        works = [
            lambda draw=draw: Yardstick(draw).run(),
            partial(Mission, baseline, draw),
            run_of(baseline, draw),
        ]
        for place, taken in enumerate(in_turn(works, ROUNDS)):
            stick += taken if place == 0 else 0.0
            founding += taken if place == 1 else 0.0
            whole += taken if place == 2 else 0.0
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
        ours, plain = in_turn([run_of(scenario, draw), partial(run_twin, scenario, draw)], 2)
        fast, slow = fast + ours, slow + plain
    show_least("a year of the twin in plain Mesa objects", slow / fast, "runs", 80.0)
