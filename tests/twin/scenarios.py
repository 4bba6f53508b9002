"""Scenarios of the territorial core: all that the twin does not cover is switched off."""

from dataclasses import replace

from teritwa.rules.registry import registry
from teritwa.scenario import Scenario
from teritwa.scenario.actions.gangs import Coalition
from teritwa.scenario.actions.orders import Doctrine
from teritwa.scenario.events import Event

COVERED = ("attack", "gang_rivalry", "membership", "moods")
"""Families of mechanisms that the twin covers."""


def core(scenario: Scenario) -> Scenario:
    """Return a scenario of the territorial core.

    Of its events only the coalition's are kept, and no force operates.
    """
    off = {
        name: False
        for name, given in registry().items()
        if given.switch and name.partition(".")[0] not in COVERED
    }
    stay = tuple(
        Event(f"no-operations-{force}", Doctrine(force, operations="none"), date=scenario.start)
        for force in ("police", "mission")
    )
    kept = tuple(event for event in scenario.events if isinstance(event.action, Coalition))
    return replace(scenario, events=(*stay, *kept)).throughout(off)
