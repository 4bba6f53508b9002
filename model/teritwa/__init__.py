"""Teritwa: who holds which district of Haiti, day by day, under what a foreign mission does or fails to do.

The dozen names a user needs, each loaded when first used:

    import teritwa

    baseline = teritwa.load("baseline")                       # a Scenario, read strictly
    more = teritwa.load("full-deployment")
    results = teritwa.run([baseline, more])                   # ensembles, written under results/
    comparison = teritwa.compare(results)                     # paired differences

    mission = teritwa.Mission(baseline, draw=0, repeat=3)     # one run, a day at a time: a mesa.Model
    mission.step()

Pictures are in `teritwa.pictures`; the mechanisms, one file each, in `teritwa.mechanisms`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teritwa.analysis.compare import Comparison, compare
    from teritwa.analysis.sensitivity import sensitivity
    from teritwa.ensemble import run, simulate
    from teritwa.mission import Mission
    from teritwa.quantity import InputError
    from teritwa.results import Result, ResultError, open_result, towns_lost_since
    from teritwa.scenario import Scenario, ScenarioError, load

_WHERE = {
    "Comparison": "analysis.compare",
    "InputError": "quantity",
    "Mission": "mission",
    "Result": "results",
    "ResultError": "results",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "compare": "analysis.compare",
    "load": "scenario",
    "open_result": "results",
    "run": "ensemble",
    "sensitivity": "analysis.sensitivity",
    "simulate": "ensemble",
    "towns_lost_since": "results",
}

__version__ = "0.1.0"
__all__ = [  # noqa: RUF022  # in the order in which a user meets them
    "load", "Scenario", "ScenarioError", "InputError",
    "run", "simulate", "Mission",
    "open_result", "Result", "ResultError", "towns_lost_since",
    "compare", "Comparison", "sensitivity",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Load a name of the facade when it is first used: importing teritwa alone costs nothing."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"teritwa.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'teritwa' has no attribute {name!r}")
