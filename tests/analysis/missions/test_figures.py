"""The figures of past missions, and the parameters that they inform."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from teritwa.analysis.calibration.priors import level_of, uncertain_parameters
from teritwa.analysis.missions.effects import EFFECT, is_learned, learned_interval, shipped_effects
from teritwa.analysis.missions.figures import LOCAL, Group, groups, transferable
from teritwa.analysis.missions.learning import make_missions
from teritwa.engine.errors import InputError
from teritwa.rules.registry import registry
from teritwa.scenario import load
from teritwa.scenario.posterior import Posterior
from teritwa.world import load as load_world


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.name)
def test_each_figure_lies_within_the_runs_of_its_scenario(group: Group) -> None:
    """Periods begin and end within the run, and those that a ratio compares with, too."""
    for name, figures in group.scenarios.items():
        scenario = load(name)
        for one in figures:
            assert scenario.start <= one.start <= one.end <= scenario.end, one.name
            assert (one.before is not None) == (one.statistic == "ratio"), one.name
            if one.before is not None:
                assert scenario.start <= one.before
                assert one.before + (one.end - one.start) < one.start


@pytest.mark.parametrize("name", make_missions(1024).scenarios)
def test_what_transfers_has_one_range_in_every_world(name: str) -> None:
    """A level of a transferable parameter is the same value in each world and in the shipped one.

    None of them is set by a scenario, which would take it out of the design.
    """
    scenario = load(name)
    known = registry(load_world(scenario.world))
    for one in transferable():
        assert (known[one.name].low, known[one.name].high) == (one.low, one.high), one.name
        assert one.name not in scenario.params
    drawn = {one.name for one in uncertain_parameters(load_world(scenario.world))}
    assert set(LOCAL) <= drawn
    assert len(transferable()) == 16


@pytest.mark.parametrize("name", make_missions(1024).scenarios)
def test_a_past_mission_draws_from_the_ranges_of_its_own_world(name: str) -> None:
    """The shipped draws fill the range of each parameter, also of those that the world sets."""
    for one in (load(name), load(f"{name}-no-action")):
        assert one.posterior is not None
        known = registry(load_world(one.world))
        rows = [one.posterior.values(draw) for draw in range(one.posterior.draws)]
        for parameter in uncertain_parameters(load_world(one.world)):
            values = [row[parameter.name] for row in rows]
            assert known[parameter.name].low <= min(values) <= max(values)
            assert max(values) <= known[parameter.name].high
            levels = level_of(parameter, np.array([min(values), max(values)], np.float64))
            assert levels[1] - levels[0] > 0.5, parameter.name


def test_scenarios_draw_what_was_learned() -> None:
    """Each shipped draw has the values of one row of what past missions say, all together."""
    learned, drawn = shipped_effects(), load("baseline").posterior
    assert drawn is not None
    assert learned.draws == drawn.draws == 256
    assert list(learned.names) == [one.name for one in transferable()]
    said = {tuple(learned.values(draw).values()) for draw in range(learned.draws)}
    for draw in range(drawn.draws):
        theirs = drawn.values(draw)
        assert tuple(theirs[name] for name in learned.names) in said
    low, high = learned_interval("presence.mission_effect")
    assert 0.5 <= low < high <= 4.0


def test_draws_of_past_missions_are_known_in_any_order() -> None:
    """Rows resampled from what past missions say still say it; another value, or none, does not."""
    learned = shipped_effects()
    said = [learned.values(draw)[EFFECT] for draw in (7, 7, 3)]

    assert is_learned(made_up(said))
    assert not is_learned(made_up([*said, said[0] + 1.0e-3]))
    assert not is_learned(made_up(said, "attack.rate"))
    assert not is_learned(None)


def made_up(values: Sequence[float], name: str = EFFECT) -> Posterior:
    """Return a posterior of one parameter."""
    rows = [{name: value} for value in values]
    made: Any = SimpleNamespace(names=(name,), draws=len(rows), values=rows.__getitem__)
    return cast(Posterior, made)


def test_a_design_needs_a_power_of_two() -> None:
    """Another number of runs is refused with the reason."""
    with pytest.raises(InputError, match="1,000 is no power of two"):
        make_missions(1000)
