"""Teritwa: who holds which district of a country, day by day, with and without a foreign mission.

The names that a user needs, each loaded when first used:

    import teritwa

    baseline = teritwa.load("baseline")                  # a Scenario, read strictly
    more = teritwa.load("full-deployment")
    results = teritwa.run([baseline, more])              # ensembles, written under results/
    comparison = teritwa.compare(results)                # paired differences

    mission = teritwa.Mission(baseline, draw=0, replicate=3)  # one run, a mesa.Model
    mission.step()                                            # a day

Pictures are in `teritwa.pictures`; the mechanisms, a file each, in the folders of `teritwa.rules`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teritwa.analysis.compare import Comparison, compare
    from teritwa.analysis.sensitivity import sensitivity
    from teritwa.analysis.towns_lost import towns_lost_since
    from teritwa.engine.errors import InputError
    from teritwa.ensemble.result import Result, ResultError, open_result
    from teritwa.ensemble.run import run, simulate
    from teritwa.scenario import Scenario, ScenarioError, load
    from teritwa.simulation.model import Mission

_WHERE = {
    "Comparison": "analysis.compare",
    "InputError": "engine.errors",
    "Mission": "simulation.model",
    "Result": "ensemble.result",
    "ResultError": "ensemble.result",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "compare": "analysis.compare",
    "load": "scenario",
    "open_result": "ensemble.result",
    "run": "ensemble.run",
    "sensitivity": "analysis.sensitivity",
    "simulate": "ensemble.run",
    "towns_lost_since": "analysis.towns_lost",
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
