"""Tests of moving one parameter at a time: exact effects in real runs, numbers by hand, mistakes and failures."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis import sensitivity as module
from teritwa.analysis.measures import MEASURES
from teritwa.analysis.sensitivity import Effect, Sensitivity, moved, parameters_of, sensitivity
from teritwa.engine.errors import InputError
from teritwa.rules.registry import OUTCOMES, registry
from teritwa.scenario import Scenario
from teritwa.simulation import model as mission

Small = Callable[..., Scenario]
KENYANS = """\
  - {id: mandate, date: 2024-01-01, mandate: {type: support-mission, authorised: 100}}
  - {id: money, date: 2024-01-01, money: {donor: trust-fund, receive: 90 million USD}}
  - {id: soon, date: 2024-01-02, deploy: {contingent: kenya, officers: 50}}
"""
CHANGES = "  - {id: learn, date: 2024-01-05, change: {governance.language_loss: 0.1, governance.staff_effect: 0.2}}\n"
LANGUAGE = registry()["governance.language_loss"]


def effect_of(found: Sensitivity, parameter: str, measure: str) -> Effect:
    """Return one effect."""
    (effect,) = [one for one in found.effects if (one.parameter, one.measure) == (parameter, measure)]
    return effect


def test_effects_are_those_of_the_rule(small_scenario: Small) -> None:
    """With Kenyans alone coordination is council (1 - language): 0.5 (1 - 0.7) - 0.5, and 0.9 - 0 for the council.

    Both are the same in every draw. The event that makes the language 0.1 has the end's value instead where the
    language is moved, so that the effect is the whole range's, and its own where the council is.
    """
    found = sensitivity(small_scenario(KENYANS + CHANGES, days=8), draws=2, families=["politics"], jobs=1)

    language = effect_of(found, "governance.language_loss", "coordination")
    assert (language.low, language.high, language.pairs, language.differing) == (0.0, 0.7, 2, 2)
    assert language.effect == pytest.approx(-0.35, abs=1e-6)
    assert (language.standard_error, language.standardised) == (0, -math.inf)
    council = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    assert council.effect == pytest.approx(1 - 0.1, abs=1e-6)
    assert found.failures == ()
    assert len(found.effects) == len(parameters_of(["politics"])) * len(MEASURES)
    assert {rank.parameter: rank.felt for rank in found.ranking}["governance.elections_control_limit"] is False


def test_drawn_parameters_are_moved_and_set_the_scale(small_scenario: Small) -> None:
    """The council drawn between 0.2 and 0.8 goes from 0 to 1 in every draw; the scale is the spread of its draws."""
    scenario = small_scenario(params={"governance.leaders_coordination_day0": "{uniform: [0.2, 0.8]}"}, days=4)
    found = sensitivity(scenario, draws=3, families=["politics"], jobs=1)

    effect = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    drawn = [scenario.parameters(draw)["governance.leaders_coordination_day0"] for draw in range(3)]
    assert (effect.effect, effect.standard_error) == (1, 0)
    assert effect.standardised == pytest.approx(1 / np.std(drawn, ddof=1), rel=1e-6)


def test_moved_parameters_hold_throughout(small_scenario: Small) -> None:
    """Only the one parameter moves, in the first values of every draw and in the events that change it later."""
    before = small_scenario(KENYANS + CHANGES, params={"governance.language_loss": "{uniform: [0.2, 0.4]}"})
    after = moved(before, "governance.language_loss", 0.7)

    for draw in (0, 1):
        assert {**before.parameters(draw), "governance.language_loss": 0.7} == after.parameters(draw)
    actions = {entry.event: entry.action for entry in after.schedule(0, 0)}
    assert actions["learn"].params == (("governance.language_loss", 0.7), ("governance.staff_effect", 0.2))
    assert actions["soon"] == before.schedule(0, 0)[2].action


def test_ends_of_every_range_can_be_set(small_scenario: Small) -> None:
    """Both ends of each parameter are values that a scenario may give, and no range is without width."""
    scenario = small_scenario()
    for parameter in parameters_of([]):
        assert parameter.low < parameter.high
        for end in (parameter.low, parameter.high):
            given = scenario.replace(params={parameter.name: end}).parameters(0)
            assert given == moved(scenario, parameter.name, end).parameters(0)
            assert given[parameter.name] == end


class Made:
    """A mission whose outcomes are zero but for the displaced: a known function of parameters, draw and replicate."""

    def __init__(self, scenario: Any, draw: int = 0, replicate: int = 0, outcomes: Any = None) -> None:
        self.values, self.draw, self.names = scenario.parameters(draw), draw, outcomes
        self.along = mission.coordinates(scenario)

    def run(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the outcomes asked for; with an army that acts, draw 1 fails."""
        if self.values["army_holding.enabled"] and self.draw == 1:
            raise ArithmeticError("made to fail")
        kinds = {name: OUTCOMES[name] for name in self.names}
        shapes = {name: [len(self.along[axis]) for axis in kind.dimensions] for name, kind in kinds.items()}
        found = {name: np.zeros(shape, kinds[name].stored) for name, shape in shapes.items()}
        found["displaced"] += int((10 + self.draw) * self.values["budget.planning_horizon"] + 100 * self.draw)
        return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, small_scenario: Small) -> Scenario:
    """Put the made mission in the place of the real one and return a scenario."""
    monkeypatch.setattr(mission, "Mission", Made)
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)
    return small_scenario(params={"budget.planning_horizon": 2.0, "army_holding.enabled": False}, days=3)


def test_numbers_by_hand(made: Scenario) -> None:
    """The horizon goes from 1 to 12: differences 110, 121 and 132; the scenario's own values are 20, 122 and 224."""
    found = sensitivity(made, draws=3, families=["fund"], jobs=1)

    effect = effect_of(found, "budget.planning_horizon", "displaced")
    assert (effect.low, effect.high, effect.pairs, effect.differing) == (1, 12, 3, 3)
    assert (effect.effect, effect.standard_error) == pytest.approx((121, 11 / math.sqrt(3)))
    assert effect.standardised == pytest.approx(121 / 102)
    first, second = found.ranking[:2]
    assert (first.rank, first.parameter, first.grade, first.measure) == (1, "budget.planning_horizon", "C", "displaced")
    assert (first.felt, first.share) == (True, 1 / len(MEASURES))
    assert (second.rank, second.parameter, second.felt, second.share) == (2, "budget.enabled", False, 0)


def test_failed_runs_cost_their_pairs_only(made: Scenario) -> None:
    """Draw 1 fails where the army acts: that parameter has two pairs of three, and the failure is named."""
    found = sensitivity(made, draws=3, families=["holding", "fund"], jobs=1)

    assert {effect.pairs for effect in found.effects if effect.parameter == "army_holding.enabled"} == {2}
    assert {effect.pairs for effect in found.effects if effect.parameter != "army_holding.enabled"} == {3}
    assert found.failures == ("army_holding.enabled high, draw 1: ArithmeticError: made to fail",)


def test_without_pairs_there_is_no_effect(made: Scenario) -> None:
    """Where too few runs finish, effects have no value, and their parameter is the last."""
    found = sensitivity(made.replace(params={"budget.planning_horizon": 3}), draws=2, families=["holding"], jobs=1)

    last = found.ranking[-1]
    assert (last.parameter, last.felt, last.share) == ("army_holding.enabled", False, 0)
    assert math.isnan(last.standardised)


def test_small_batches_give_the_same(made: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters at a time or all at once: the same numbers; progress counts once through all of them."""
    told: list[tuple[int, int, int]] = []
    expected: list[tuple[int, int]] = []
    whole = sensitivity(made, draws=2, families=["fund", "holding"], jobs=1)
    monkeypatch.setattr(module, "RUNS_AT_ONCE", 8)
    parts = sensitivity(
        made,
        draws=2,
        families=["fund", "holding"],
        jobs=1,
        progress=lambda *now: told.append(now),
        expected=lambda runs, seconds: expected.append((len(told), runs)),
    )

    count = 2 * (1 + 2 * len(parameters_of(["fund", "holding"])))
    assert repr(parts) == repr(whole)
    assert [done for done, _, _ in told] == list(range(1, count + 1))
    assert {total for _, _, total in told} == {count}
    assert told[-1][1] == len(whole.failures) == 1
    assert expected == [(2, count - 2)]


def test_effects_against_a_spread_of_nothing() -> None:
    """What never varies by itself is moved infinitely, either way, or not at all; sure effects count as moved."""
    effects = [
        module._effect(LANGUAGE, name, np.array(differences, float), deviation)
        for name, differences, deviation in [
            ("up", [1, 1], 0.0), ("down", [-1, -3], 0.0), ("still", [0, 0], 0.0), ("even", [-2, 2], 4.0),
            ("less", [math.nan, 2, 2], 4.0), ("alone", [math.nan, 2], 4.0),
        ]
    ]  # fmt: skip

    assert [effect.standardised for effect in effects[:5]] == [math.inf, -math.inf, 0, 0, 0.5]
    assert [effect.standard_error for effect in effects[:5]] == [0, 1, 0, 2, 0]
    assert (effects[5].pairs, math.isnan(effects[5].effect)) == (1, True)
    (rank,) = module._ranking([LANGUAGE], [replace(effect, parameter=LANGUAGE.name) for effect in effects])
    assert (rank.measure, rank.effect, rank.felt, rank.share) == ("up", 1, True, 2 / 6)


def test_tables_read_back(made: Scenario, tmp_path: Path) -> None:
    """A row a parameter and measure, and a row a parameter by rank, in a folder of the scenario's id."""
    found = sensitivity(made, draws=2, families=["fund"], jobs=1)
    folder = found.save(tmp_path)

    assert folder == tmp_path / made.id
    tables = []
    for name in ("sensitivity.csv", "ranking.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            tables.append(list(csv.DictReader(stream)))
    effects, ranks = tables
    assert len(effects) == len(parameters_of(["fund"])) * len(MEASURES)
    assert list(effects[0].values())[:3] == ["budget.enabled", "false", "true"]
    assert list(effects[0])[:7] == [
        "parameter", "low", "high", "measure", "effect", "standard_error", "standardised",
    ]  # fmt: skip
    assert list(ranks[0].values())[:4] == ["1", "budget.planning_horizon", "C", "displaced"]
    assert [rank["felt"] for rank in ranks] == ["yes", "no", "no", "no", "no"]


def test_families_are_known_by_name() -> None:
    """None means all; an unknown one is a mistake with the name that may have been meant, and so is each."""
    assert [one.name for one in parameters_of([])] == sorted(registry())
    assert {one.name.split(".")[0] for one in parameters_of(["war", "aid"])} == {"war", "aid"}

    with pytest.raises(InputError) as raised:
        parameters_of(["fnud", "hold", "governance.staff_effect"])
    assert raised.value.problems == (
        "fnud: unknown family of parameters, did you mean 'fund'?",
        "governance.staff_effect: unknown family of parameters, did you mean 'politics'?",
    )
