"""Tests of varying one parameter at a time: exact effects in real runs, and numbers by hand."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis import sensitivity as module
from teritwa.analysis.measures import HEADLINE_MEASURES
from teritwa.analysis.sensitivity import parameters_of, sensitivity, with_parameter
from teritwa.analysis.sensitivity_effects import Effect, effect_on, ranked
from teritwa.engine.errors import InputError
from teritwa.rules.registry import OUTCOMES, registry
from teritwa.scenario import Scenario
from teritwa.scenario.actions import Change
from teritwa.simulation import model as mission

Small = Callable[..., Scenario]
KENYANS = """\
  - {id: mandate, date: 2024-01-01, mandate: {type: support-mission, authorised: 100}}
  - {id: money, date: 2024-01-01, money: {donor: trust-fund, receive: 90 million USD}}
  - {id: soon, date: 2024-01-02, deploy: {contingent: kenya, officers: 50}}
"""
CHANGES = (
    "  - {id: learn, date: 2024-01-05, "
    "change: {governance.language_loss: 0.1, governance.staff_effect: 0.2}}\n"
)
LANGUAGE = registry()["governance.language_loss"]


def effect_of(found: module.Sensitivity, parameter: str, measure: str) -> Effect:
    """Return one effect."""
    (effect,) = [
        one for one in found.effects if (one.parameter, one.measure) == (parameter, measure)
    ]
    return effect


def test_effects_are_those_of_the_rule(small_scenario: Small) -> None:
    """With Kenyans alone coordination is council (1 - language).

    The effects are 0.5 (1 - 0.7) - 0.5 for the language and 0.9 - 0 for the council, the same in
    every draw. The event that changes the language to 0.1 has the value of the end if the language
    is varied, so that the effect is that of the whole range, and its own value if the council is.
    """
    found = sensitivity(
        small_scenario(KENYANS + CHANGES, days=8), draws=2, families=["governance"], jobs=1
    )

    language = effect_of(found, "governance.language_loss", "coordination")
    assert (language.low, language.high, language.pairs, language.differing) == (0.0, 0.7, 2, 2)
    assert language.effect == pytest.approx(-0.35, abs=1e-6)
    assert (language.standard_error, language.standardised) == (0, -math.inf)
    council = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    assert council.effect == pytest.approx(1 - 0.1, abs=1e-6)
    assert found.failures == ()
    assert len(found.effects) == len(parameters_of(["governance"])) * len(HEADLINE_MEASURES)
    assert {rank.parameter: rank.distinguishable for rank in found.ranking}[
        "governance.elections_control_limit"
    ] is False


def test_drawn_parameters_are_varied_and_set_the_scale(small_scenario: Small) -> None:
    """A drawn council goes from 0 to 1 in every draw; the scale is the spread of its draws."""
    scenario = small_scenario(
        params={"governance.leaders_coordination_day0": "{uniform: [0.2, 0.8]}"}, days=4
    )
    found = sensitivity(scenario, draws=3, families=["governance"], jobs=1)

    effect = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    drawn = [scenario.parameters(draw)["governance.leaders_coordination_day0"] for draw in range(3)]
    assert (effect.effect, effect.standard_error) == (1, 0)
    assert effect.standardised == pytest.approx(1 / np.std(drawn, ddof=1), rel=1e-6)


def test_varied_parameters_hold_throughout(small_scenario: Small) -> None:
    """Only the one parameter changes, at first in every draw and in events that change it later."""
    before = small_scenario(
        KENYANS + CHANGES, params={"governance.language_loss": "{uniform: [0.2, 0.4]}"}
    )
    after = with_parameter(before, "governance.language_loss", 0.7)

    for draw in (0, 1):
        changed = {**before.parameters(draw), "governance.language_loss": 0.7}
        assert after.parameters(draw) == changed
    actions = {entry.event: entry.action for entry in after.schedule(0, 0)}
    assert actions["learn"] == Change(
        (("governance.language_loss", 0.7), ("governance.staff_effect", 0.2))
    )
    assert actions["soon"] == before.schedule(0, 0)[2].action


def test_ends_of_every_range_can_be_set(small_scenario: Small) -> None:
    """A scenario may give both ends of each parameter, and they differ."""
    scenario = small_scenario()
    for parameter in parameters_of([]):
        assert parameter.low < parameter.high
        for end in (parameter.low, parameter.high):
            given = scenario.replace(params={parameter.name: end}).parameters(0)
            assert given == with_parameter(scenario, parameter.name, end).parameters(0)
            assert given[parameter.name] == end


class Made:
    """A mission whose outcomes are zero, except the displaced: a known function of its inputs."""

    def __init__(
        self, scenario: Any, draw: int = 0, replicate: int = 0, outcomes: Any = None
    ) -> None:
        self.values, self.draw, self.names = scenario.parameters(draw), draw, outcomes
        self.along = mission.coordinates(scenario)

    def run(self) -> dict[str, NDArray[Any]]:
        """Return the outcomes asked for; with an army that acts, draw 1 fails."""
        if self.values["army_holding.enabled"] and self.draw == 1:
            raise ArithmeticError("made to fail")
        kinds = {name: OUTCOMES[name] for name in self.names}
        shapes = {
            name: [len(self.along[axis]) for axis in kind.dimensions]
            for name, kind in kinds.items()
        }
        found = {name: np.zeros(shape, kinds[name].stored) for name, shape in shapes.items()}
        found["displaced"] += int(
            (10 + self.draw) * self.values["budget.planning_horizon"] + 100 * self.draw
        )
        return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, small_scenario: Small) -> Scenario:
    """Replace the real mission by the made one and return a scenario."""
    monkeypatch.setattr(mission, "Mission", Made)
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)
    return small_scenario(
        params={"budget.planning_horizon": 2.0, "army_holding.enabled": False}, days=3
    )


def test_numbers_by_hand(made: Scenario) -> None:
    """From 1 to 12 the differences are 110, 121 and 132; the own values are 20, 122 and 224."""
    found = sensitivity(made, draws=3, families=["budget"], jobs=1)

    effect = effect_of(found, "budget.planning_horizon", "displaced")
    assert (effect.low, effect.high, effect.pairs, effect.differing) == (1, 12, 3, 3)
    assert (effect.effect, effect.standard_error) == pytest.approx((121, 11 / math.sqrt(3)))
    assert effect.standardised == pytest.approx(121 / 102)
    first, second = found.ranking[:2]
    assert (first.rank, first.parameter) == (1, "budget.planning_horizon")
    assert (first.grade, first.measure) == ("C", "displaced")
    assert (first.distinguishable, first.share) == (True, 1 / len(HEADLINE_MEASURES))
    assert (second.rank, second.parameter) == (2, "budget.cost_per_base_month")
    assert (second.distinguishable, second.share) == (False, 0)


def test_failed_runs_cost_their_pairs_only(made: Scenario) -> None:
    """Draw 1 fails if the army acts, so that parameter has two pairs of three; the run is named."""
    found = sensitivity(made, draws=3, families=["army_holding", "budget"], jobs=1)

    assert {
        effect.pairs for effect in found.effects if effect.parameter == "army_holding.enabled"
    } == {2}
    assert {
        effect.pairs for effect in found.effects if effect.parameter != "army_holding.enabled"
    } == {3}
    assert found.failures == ("army_holding.enabled high, draw 1: ArithmeticError: made to fail",)


def test_without_pairs_there_is_no_effect(made: Scenario) -> None:
    """Where too few runs finish, effects have no value, and their parameter is the last."""
    found = sensitivity(
        made.replace(params={"budget.planning_horizon": 3}),
        draws=2,
        families=["army_holding"],
        jobs=1,
    )

    last = found.ranking[-1]
    assert (last.parameter, last.distinguishable, last.share) == ("army_holding.enabled", False, 0)
    assert math.isnan(last.standardised)


def test_small_batches_give_the_same(made: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters at a time or all at once give the same; progress counts once through all."""
    reported: list[tuple[int, int, int]] = []
    expected: list[tuple[int, int]] = []
    whole = sensitivity(made, draws=2, families=["budget", "army_holding"], jobs=1)
    monkeypatch.setattr(module, "RUNS_AT_ONCE", 8)
    parts = sensitivity(
        made,
        draws=2,
        families=["budget", "army_holding"],
        jobs=1,
        progress=lambda *now: reported.append(now),
        expected=lambda runs, seconds: expected.append((len(reported), runs)),
    )

    count = 2 * (1 + 2 * len(parameters_of(["budget", "army_holding"])))
    assert repr(parts) == repr(whole)
    assert [done for done, _, _ in reported] == list(range(1, count + 1))
    assert {total for _, _, total in reported} == {count}
    assert reported[-1][1] == len(whole.failures) == 1
    assert expected == [(2, count - 2)]


def test_effects_against_a_spread_of_nothing() -> None:
    """A measure without spread has an infinite effect, or none; effects without error are clear."""
    effects = [
        effect_on(LANGUAGE, name, np.array(differences, float), deviation)
        for name, differences, deviation in [
            ("up", [1, 1], 0.0), ("down", [-1, -3], 0.0), ("still", [0, 0], 0.0),
            ("even", [-2, 2], 4.0),
            ("less", [math.nan, 2, 2], 4.0), ("alone", [math.nan, 2], 4.0),
        ]
    ]  # fmt: skip

    assert [effect.standardised for effect in effects[:5]] == [math.inf, -math.inf, 0, 0, 0.5]
    assert [effect.standard_error for effect in effects[:5]] == [0, 1, 0, 2, 0]
    assert (effects[5].pairs, math.isnan(effects[5].effect)) == (1, True)
    (rank,) = ranked([LANGUAGE], [replace(effect, parameter=LANGUAGE.name) for effect in effects])
    assert (rank.measure, rank.effect, rank.distinguishable, rank.share) == ("up", 1, True, 2 / 6)


def test_tables_read_back(made: Scenario, tmp_path: Path) -> None:
    """Effects have a row a parameter and measure, and ranks a row a parameter."""
    found = sensitivity(made, draws=2, families=["budget"], jobs=1)
    folder = found.save(tmp_path)

    assert folder == tmp_path / made.id
    tables = []
    for name in ("sensitivity.csv", "ranking.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            tables.append(list(csv.DictReader(stream)))
    effects, ranks = tables
    assert len(effects) == len(parameters_of(["budget"])) * len(HEADLINE_MEASURES)
    (flag,) = {(row["low"], row["high"]) for row in effects if row["parameter"] == "budget.enabled"}
    assert flag == ("false", "true")
    assert list(effects[0])[:7] == [
        "parameter", "low", "high", "measure", "effect", "standard_error", "standardised",
    ]  # fmt: skip
    assert list(ranks[0].values())[:4] == ["1", "budget.planning_horizon", "C", "displaced"]
    assert [rank["felt"] for rank in ranks] == ["yes", "no", "no", "no", "no"]


def test_families_are_known_by_name() -> None:
    """No family means all; each unknown one is reported with the nearest name."""
    assert [one.name for one in parameters_of([])] == sorted(registry())
    assert {one.name.split(".")[0] for one in parameters_of(["gang_rivalry", "aid"])} == {
        "gang_rivalry",
        "aid",
    }

    with pytest.raises(InputError) as raised:
        parameters_of(["bugdet", "night_posture", "governance.staff_effect"])
    assert raised.value.problems == (
        "bugdet: unknown family of parameters, did you mean 'budget'?",
        "governance.staff_effect: unknown family of parameters, did you mean 'governance'?",
    )
