"""Scenarios of the territorial core: all that the twin does not cover is switched off."""

from dataclasses import replace

from teritwa.rules.registry import registry
from teritwa.scenario import Scenario
from teritwa.scenario.actions.gangs import Coalition

COVERED = ("attack", "gang_rivalry", "membership", "moods", "operations", "intelligence")
"""Families of mechanisms that the twin covers."""


def core(scenario: Scenario) -> Scenario:
    """Return a scenario of the territorial core.

    Of its events only the coalition's are kept.
    """
    off = {
        name: False
        for name, given in registry().items()
        if given.switch and name.partition(".")[0] not in COVERED
    }
    kept = tuple(event for event in scenario.events if isinstance(event.action, Coalition))
    return replace(scenario, events=kept, params_from="start").throughout(off)
