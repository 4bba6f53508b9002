"""Switches: a mechanism that is switched off does nothing, and its numbers matter to nobody.

Runs of one scenario, in which every mechanism has something to do, are compared outcome by outcome to the last bit.
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
from teritwa.scenario.actions import Change, Event
from teritwa.simulation.model import Mission

SCENARIO = load(Path(__file__).with_name("everything.yaml"))
RUNS = ((1, 2), (0, 0))
LATER = date(2024, 1, 9)
SWITCHES = sorted(name for name, given in registry().items() if given.switch)

ALWAYS = {
    "aid.camp_share": "how many of the displaced are counted as living in camps, whoever reaches them",
    "aid.child_share": "how many of the displaced are counted as children",
    "self_defence.defence_weight": "what the brigades that are there count in defence; off, they neither form, fade nor kill",
    "donors.killings_weight": "what donors believe is reported; off, they pay what they announced",
    "donors.perception_time": "the same",
    "membership.escapee_joining_share": "those who come out of a broken prison are no recruits",
    "intelligence.visible_share": "what is seen without tips",
    "services.child_recruitment_weight": "who stands to be recruited; off, schools and hospitals neither close nor open",
    "services.displaced_recruitment_weight": "the same",
    "services.enrolment_share": "the same",
    "services.programme_jobs": "the same: programmes of jobs and schooling work without the mechanism",
    "services.school_age_share": "the same",
    "services.programme_support": "the same",
    "services.idle_young_share": "the same",
    "trust.baseline": "trust as it is where nothing changes it, and what recruitment compares it with",
}
"""Numbers of a mechanism that others read, whether it acts or not, with what for."""

ON_DAY_0 = {
    "aid.coverage": "aid on day 0, before anything moved",
    "arms.unarmed_effectiveness": "what fighters without firearms count on day 0",
    "displacement.distance_decay": "where those stay who are displaced on day 0",
    "displacement.family_tie_weight": "the same",
    "equipment.full_readiness": "the readiness of day 0",
    "extortion.fighter_wage": "the cash of day 0, which is so many weeks' wages",
    "services.closure_share": "schools and hospitals that are closed on day 0",
}
"""Numbers that also make the records of day 0."""

ONCE_IT_ACTED = {
    "contingents.departure_time": "how fast officers leave; off, those on the way do not land",
    "donors.disbursement_time": "when that comes which was committed before",
    "trust.resentment_effect": "trust that was lost or won keeps what it does to recruitment; off, it does not change",
}
"""Numbers that matter for what a mechanism has left behind when it is switched off in the middle of a run."""


def numbers_of(switch: str) -> list[str]:
    """Return the numbers of a switch's mechanism, without those that are by name about day 0."""
    family = switch.split(".", maxsplit=1)[0]
    names = [name for name in registry() if name.startswith(f"{family}.") and not name.endswith("_day0")]
    return [name for name in names if not registry()[name].switch]


def outcomes(
    values: Mapping[str, float], which: tuple[int, int], later: Mapping[str, float] | None = None
) -> list[Array]:
    """Return the outcomes of a run with values throughout, and with others from a later day on."""
    kept = {name: SCENARIO.parameters(which[0])[name] for name in later or {}}
    scenario = SCENARIO.throughout({**kept, **values})
    if later:
        event = Event("zz-later", Change(tuple(sorted(later.items()))), on=LATER)
        scenario = replace(scenario, events=(*scenario.events, event))
    return list(Mission(scenario, *which).run().values())


def same(one: list[Array], other: list[Array]) -> bool:
    """Say whether two runs agree to the last bit."""
    return all(np.array_equal(mine, yours) for mine, yours in zip(one, other, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_does_something(switch: str) -> None:
    """With a mechanism switched off a run is another: the tests below are about mechanisms that act."""
    assert any(not same(outcomes({switch: True}, which), outcomes({switch: False}, which)) for which in RUNS)


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_numbers_of_what_never_acts_matter_to_nobody(switch: str) -> None:
    """Off from the first day, each number may be its least or its most: only those listed above make a difference."""
    found = set()
    for which in RUNS:
        off = outcomes({switch: False}, which)
        for name in numbers_of(switch):
            ends = registry()[name].low, registry()[name].high
            if not all(same(outcomes({switch: False, name: end}, which), off) for end in ends):
                found.add(name)
    assert found == set(numbers_of(switch)) & (ALWAYS.keys() | ON_DAY_0.keys())


@pytest.mark.slow
@pytest.mark.parametrize("switch", SWITCHES)
def test_numbers_of_what_no_longer_acts_matter_to_nobody(switch: str) -> None:
    """Off from the ninth day, in mid-run, the numbers may change with it: only those listed make a difference."""
    found = set()
    for which in RUNS:
        off = outcomes({}, which, {switch: False})
        for name in numbers_of(switch):
            ends = registry()[name].low, registry()[name].high
            if not all(same(outcomes({}, which, {switch: False, name: end}), off) for end in ends):
                found.add(name)
    assert found == set(numbers_of(switch)) & (ALWAYS.keys() | ONCE_IT_ACTED.keys())


def test_lists_name_what_there_is() -> None:
    """Every number that is listed above exists, belongs to a mechanism with a switch, and is listed once."""
    listed = [*ALWAYS, *ON_DAY_0, *ONCE_IT_ACTED]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {name for switch in SWITCHES for name in numbers_of(switch)}
