"""Overrides from Python: the same values and the same checks as in a file."""

from collections.abc import Callable
from datetime import date

import pytest

from teritwa.scenario import Scenario, ScenarioError
from teritwa.scenario.distributions import Distribution

Read = Callable[..., Scenario]
BODY = """runs: {draws: 2, replicates: 3, seed: 4}
params:
  control.adjustment_time: {uniform: [4, 9], source: made up}
  gangs.fighters: 7000
"""


def test_replace_is_checked_like_a_file(read: Read) -> None:
    """Values from Python replace those of the file; their mistakes are listed without a place."""
    scenario = read(BODY)
    changed = scenario.replace(
        replicates=9,
        end=date(2024, 6, 30),
        params={"control.adjustment_time": "5 days", "war.on": False},
    )
    assert (changed.draws, changed.replicates, changed.seed, changed.days) == (2, 9, 4, 182)
    assert changed.params == {
        "control.adjustment_time": 5.0,
        "war.on": False,
        "gangs.fighters": 7000,
    }
    assert changed.basis == {}
    assert "  control.adjustment_time: 5.0  # set for this run" in changed.resolved().splitlines()
    assert scenario.params["control.adjustment_time"] == Distribution("uniform", (4.0, 9.0))
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(
            replicates=0, end=date(2023, 1, 1), params={"control.ajustment_time": 5, "war.on": 3}
        )
    assert caught.value.problems == (
        "params.control.ajustment_time: unknown parameter, did you mean 'control.adjustment_time'?",
        "params.war.on: '3' is no switch, allowed: true, false",
        "period.end: 2023-01-01 is before the start, 2024-01-01",
        "runs.replicates: 0 is outside what is allowed, 1 to 1,000,000",
    )


def test_only_what_is_replaced_has_a_new_origin(read: Read) -> None:
    """The last day is set for this run if it is given, and otherwise keeps its origin."""
    longer = read(BODY).replace(end=date(2024, 6, 30)).resolved()
    assert "  end: 2024-06-30  # set for this run" in longer.splitlines()
    (end,) = (
        line for line in read(BODY).replace(draws=9).resolved().splitlines() if "  end: " in line
    )
    assert not end.endswith("# set for this run")


@pytest.mark.parametrize(
    "given",
    [
        "{uniform: [4, 5]}",
        {"uniform": [4, 5]},
        {"uniform": ("4 days", 5.0)},
        Distribution("uniform", (4.0, 5.0)),
    ],
)
def test_a_distribution_can_be_set_from_python(read: Read, given: object) -> None:
    """A distribution may be given as text, as a dictionary or as an object."""
    changed = read(BODY).replace(params={"control.adjustment_time": given})
    assert changed.params["control.adjustment_time"] == Distribution("uniform", (4.0, 5.0))


@pytest.mark.parametrize(
    "given", ["{uniform: [4, 5", "&a 5", "", None, float("nan"), [5], "{a: *b}", object()]
)
def test_nonsense_from_python_is_a_mistake_and_no_traceback(read: Read, given: object) -> None:
    """What cannot be a value is a mistake, without a traceback."""
    with pytest.raises(ScenarioError):
        read(BODY).replace(params={"control.adjustment_time": given})
