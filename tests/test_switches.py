"""Switches: a mechanism that is switched off does nothing, and its parameters have no effect.

Runs of one scenario, in which every mechanism acts, are compared bit by bit in every outcome.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa.engine.records import Array
from teritwa.rules.registry import registry
from teritwa.scenario import load
from teritwa.scenario.actions import Change
from teritwa.scenario.events import Event
from teritwa.simulation.model import Mission

SCENARIO = load(Path(__file__).with_name("everything.yaml"))
RUNS = ((1, 2), (0, 0))
LATER = date(2024, 1, 9)
SWITCHES = sorted(name for name, given in registry().items() if given.switch)

ALWAYS = {
    "aid.camp_share": "how many of the displaced are counted as living in camps",
    "aid.child_share": "how many of the displaced are counted as children",
    "self_defence.defence_weight": "brigades defend; off, they do not form, fade or kill",
    "donors.killings_weight": "perceived progress is reported, even if donors pay as announced",
    "donors.perception_time": "the same",
    "membership.escapee_joining_share": "escaped prisoners are not recruits",
    "intelligence.visible_share": "what is seen without tips",
    "services.child_recruitment_weight": "the recruitment pool; off, services do not change",
    "services.displaced_recruitment_weight": "the same",
    "services.enrolment_share": "the same",
    "extortion.rate_per_person": "rents, which draw gangs to districts where none is left",
    "services.programme_jobs": "the same; programmes work without the mechanism",
    "services.school_age_share": "the same",
    "services.programme_support": "the same",
    "services.idle_young_share": "the same",
    "trust.baseline": "trust where nothing changes it, with which recruitment compares it",
}
"""Parameters of a mechanism that others read whether it acts or not, and what for."""

RARELY = {
    "extortion.road_toll": "rents of a district with a national road where no gang is left",
    "extortion.port_toll": "the same of a port",
}
"""Parameters that others read whether the mechanism acts or not, in few of these short runs."""

ON_DAY_0 = {
    "aid.coverage": "aid on day 0",
    "arms.unarmed_effectiveness": "effectiveness of fighters without firearms on day 0",
    "displacement.distance_decay": "where the displaced of day 0 stay",
    "displacement.family_tie_weight": "the same",
    "equipment.full_readiness": "readiness on day 0",
    "extortion.fighter_wage": "cash on day 0, which is a number of weeks' wages",
    "services.closure_share": "schools and hospitals that are closed on day 0",
}
"""Parameters that also determine the records of day 0."""

AFTER_ACTING = {
    "contingents.departure_time": "how fast officers leave; those in transit do not land",
    "donors.disbursement_time": "when earlier commitments are paid",
    "trust.resentment_effect": "trust stays as it was, and keeps its effect on recruitment",
}
"""Parameters that act on what a mechanism has left when it is switched off during a run."""


def parameters_of(switch: str) -> list[str]:
    """Return the parameters of a switch's mechanism, without those named after day 0."""
    family = switch.split(".", maxsplit=1)[0]
    names = [
        name for name in registry() if name.startswith(f"{family}.") and not name.endswith("_day0")
    ]
    return [name for name in names if not registry()[name].switch]


def outcomes(
    values: Mapping[str, float], which: tuple[int, int], later: Mapping[str, float] | None = None
) -> list[Array]:
    """Return the outcomes of a run with some values throughout, and others from a later day on."""
    drawn = SCENARIO.parameters(which[0])
    first = {name: drawn[name] for name in later or {}}
    scenario = SCENARIO.throughout({**first, **values})
    if later:
        event = Event("zz-later", Change(tuple(sorted(later.items()))), date=LATER)
        scenario = replace(scenario, events=(*scenario.events, event))
    return list(Mission(scenario, *which).run().values())


def same(one: list[Array], other: list[Array]) -> bool:
    """Return whether two runs agree to the last bit."""
    return all(np.array_equal(mine, yours) for mine, yours in zip(one, other, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_does_something(switch: str) -> None:
    """Switching a mechanism off changes a run, so the tests below are about mechanisms that act."""
    assert any(
        not same(outcomes({switch: True}, which), outcomes({switch: False}, which))
        for which in RUNS
    )


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_parameters_without_effect_if_it_never_acts(switch: str) -> None:
    """Off from the first day, only the listed parameters make a difference at their limits."""
    found = set()
    for which in RUNS:
        off = outcomes({switch: False}, which)
        for name in parameters_of(switch):
            ends = registry()[name].low, registry()[name].high
            if not all(same(outcomes({switch: False, name: end}, which), off) for end in ends):
                found.add(name)
    expected = set(parameters_of(switch)) & (ALWAYS.keys() | ON_DAY_0.keys())
    assert found - RARELY.keys() == expected


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_parameters_without_effect_if_it_no_longer_acts(switch: str) -> None:
    """Off from the ninth day, only the listed parameters make a difference from that day on."""
    found = set()
    for which in RUNS:
        off = outcomes({}, which, {switch: False})
        for name in parameters_of(switch):
            ends = registry()[name].low, registry()[name].high
            later = [{switch: False, name: end} for end in ends]
            if not all(same(outcomes({}, which, values), off) for values in later):
                found.add(name)
    expected = set(parameters_of(switch)) & (ALWAYS.keys() | AFTER_ACTING.keys())
    assert found - RARELY.keys() == expected


def test_listed_parameters_exist() -> None:
    """Every listed parameter exists, belongs to a mechanism with a switch, and is listed once."""
    listed = [*ALWAYS, *RARELY, *ON_DAY_0, *AFTER_ACTING]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {name for switch in SWITCHES for name in parameters_of(switch)}
