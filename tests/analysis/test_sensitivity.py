"""Tests of varying one parameter at a time: exact effects in real runs, and numbers by hand."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import stdtrit

from teritwa.analysis import sensitivity as module
from teritwa.analysis.measures import HEADLINE_MEASURES
from teritwa.analysis.sensitivity import parameters_of, sensitivity, with_parameter
from teritwa.analysis.sensitivity_effects import (
    Chance,
    Effect,
    Rank,
    chance_effects,
    chance_of,
    effect_on,
    ranked,
)
from teritwa.engine.errors import InputError
from teritwa.rules.registry import OUTCOMES, registry
from teritwa.scenario import Scenario
from teritwa.scenario.actions import Change
from teritwa.simulation import model as mission

Small = Callable[..., Scenario]
KEELANDERS = """\
  - {id: mandate, date: 2024-01-01, mandate: {type: support-mission, authorised: 100}}
  - {id: money, date: 2024-01-01, money: {donor: trust-fund, receive: 90 million USD}}
  - {id: soon, date: 2024-01-02, deploy: {contingent: keeland, officers: 50}}
"""
CHANGES = (
    "  - {id: learn, date: 2024-01-05, "
    "change: {governance.language_loss: 0.1, governance.staff_effect: 0.2}}\n"
)
LANGUAGE = registry()["governance.language_loss"]
COUNCIL = registry()["governance.leaders_coordination_day0"]
STAFF = registry()["governance.staff_effect"]
T_7 = 2.36462425
"""Student's t of seven degrees of freedom at 97.5 %."""


def effect_of(found: module.Sensitivity, parameter: str, measure: str) -> Effect:
    """Return one effect."""
    (effect,) = [
        one for one in found.effects if (one.parameter, one.measure) == (parameter, measure)
    ]
    return effect


@pytest.fixture
def two_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the scenario itself two replicates a draw, so that real runs are few."""
    monkeypatch.setattr(module, "CHANCE_PAIRS", 8)


@pytest.mark.slow
@pytest.mark.usefixtures("two_replicates")
def test_effects_are_those_of_the_rule(small_scenario: Small) -> None:
    """Where 50 Kenyans are silent beside some 330 others, coordination is council (1 - language s).

    Their share s is 50 / 380, a little less as cadets join. The effects are -0.5 times 0.7 s for
    the language and 1 - 0.1 s for the council. The event that changes the language to 0.1 has the
    value of the end if the language is varied, so that the effect is that of the whole range, and
    its own value if the council is.
    """
    found = sensitivity(
        small_scenario(KEELANDERS + CHANGES, days=8), draws=8, families=["governance"], jobs=1
    )

    language = effect_of(found, "governance.language_loss", "coordination")
    assert (language.low, language.high, language.pairs, language.differing) == (0.0, 0.7, 8, 8)
    silent = 50 / 380
    assert language.effect == pytest.approx(-0.35 * silent, rel=0.03)
    assert language.told_apart
    council = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    assert council.effect == pytest.approx(1 - 0.1 * silent, abs=1e-3)
    assert found.failures == ()
    rows = 1 + len(parameters_of(["governance"]))
    assert len(found.effects) == rows * len(HEADLINE_MEASURES)
    ranks = {rank.parameter: rank.rank for rank in found.ranking}
    assert (ranks["governance.elections_control_limit"], ranks["chance"]) == (None, None)


@pytest.mark.usefixtures("two_replicates")
def test_drawn_parameters_are_varied_and_set_the_scale(small_scenario: Small) -> None:
    """A drawn council goes from 0 to 1 in every draw; the scale is the spread of its draws."""
    scenario = small_scenario(
        params={"governance.leaders_coordination_day0": "{uniform: [0.2, 0.8]}"}, days=4
    )
    found = sensitivity(scenario, draws=8, families=["governance"], jobs=1)

    effect = effect_of(found, "governance.leaders_coordination_day0", "coordination")
    drawn = [scenario.parameters(draw)["governance.leaders_coordination_day0"] for draw in range(8)]
    assert (effect.effect, effect.effect_low, effect.effect_high) == (1, 1, 1)
    runs = np.repeat(drawn, 2)
    assert effect.standardised == pytest.approx(1 / np.std(runs, ddof=1), rel=1e-6)


def test_varied_parameters_hold_throughout(small_scenario: Small) -> None:
    """Only the one parameter changes, at first in every draw and in events that change it later."""
    before = small_scenario(
        KEELANDERS + CHANGES, params={"governance.language_loss": "{uniform: [0.2, 0.4]}"}
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
    """A scenario may give both ends of each parameter, and they differ; the others are fixed."""
    scenario = small_scenario()
    moved = {parameter.name for parameter in parameters_of([])}
    fixed = {name for name, one in registry().items() if one.low == one.high}
    assert "raid.lethality" in fixed
    assert moved == set(registry()) - fixed
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
        self.values, self.names = scenario.parameters(draw), outcomes
        self.draw, self.replicate = draw, replicate
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
            (10 + self.draw) * self.values["budget.planning_horizon"]
            + 100 * self.draw
            + self.replicate
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
    """From 1 to 12 the eight differences are 110, 121 ... 187: mean 148.5, deviation 11 sqrt(6).

    The scenario's own values are 20 + 102 d + r, with 26 replicates r, so that replicates 13 apart
    always differ by 13: chance gives up to 13 / sqrt(8) times Student's t of 104 differences.
    """
    found = sensitivity(made, draws=8, families=["budget"], jobs=1)

    effect = effect_of(found, "budget.planning_horizon", "displaced")
    assert (effect.low, effect.high, effect.pairs, effect.differing) == (1, 12, 8, 8)
    half = T_7 * 11 * math.sqrt(6 / 8)
    levels = (effect.effect, effect.effect_low, effect.effect_high)
    assert levels == pytest.approx((148.5, 148.5 - half, 148.5 + half))
    spread = math.sqrt((102**2 * 63 / 12 + (26**2 - 1) / 12) * 208 / 207)
    assert effect.standardised == pytest.approx(148.5 / spread)
    chance = effect_of(found, "chance", "displaced")
    count = len(parameters_of(["budget"])) * len(HEADLINE_MEASURES)
    bound = stdtrit(104, 1 - 0.025 / count) * 13 / math.sqrt(8)
    assert (chance.effect, chance.effect_low, chance.effect_high) == pytest.approx(
        (bound, -bound, bound)
    )
    assert (chance.pairs, chance.told_apart) == (104, False)


def test_only_what_is_told_apart_is_ranked(made: Scenario) -> None:
    """The one parameter that acts is first, chance follows, and the others have no rank."""
    found = sensitivity(made, draws=8, families=["budget"], jobs=1)

    first, chance, *others = found.ranking
    assert (first.rank, first.parameter) == (1, "budget.planning_horizon")
    assert (first.grade, first.measure) == ("C", "displaced")
    assert (first.told_apart, first.share) == (True, 1 / len(HEADLINE_MEASURES))
    assert (chance.rank, chance.parameter, chance.measure) == (None, "chance", "displaced")
    names = [one.name for one in parameters_of(["budget"]) if one.name != first.parameter]
    assert [row.parameter for row in others] == names
    assert {(row.rank, row.told_apart, row.share) for row in others} == {(None, False, 0)}


def test_failed_runs_cost_their_pairs_only(made: Scenario) -> None:
    """Draw 1 fails if the army acts, so that parameter has eight pairs of nine, which suffice."""
    found = sensitivity(made, draws=9, families=["army_holding", "budget"], jobs=1)

    assert {
        effect.pairs for effect in found.effects if effect.parameter == "army_holding.enabled"
    } == {8}
    assert {effect.pairs for effect in found.effects if effect.parameter.startswith("budget.")} == {
        9
    }
    assert found.failures == ("army_holding.enabled high, draw 1: ArithmeticError: made to fail",)


def test_eight_draws_are_needed(made: Scenario) -> None:
    """Seven draws are refused with the reason before anything runs."""
    with pytest.raises(InputError) as raised:
        sensitivity(made, draws=7, families=["budget"], jobs=1)
    assert raised.value.problems == (
        "draws: 7 are too few; ask for at least 8: "
        "with fewer, no effect can be told apart from chance",
    )


@pytest.mark.parametrize(("draws", "replicates"), [(8, 26), (99, 4), (100, 2), (400, 2)])
def test_chance_has_a_hundred_pairs(
    made: Scenario, monkeypatch: pytest.MonkeyPatch, draws: int, replicates: int
) -> None:
    """Replicates of the scenario make 100 pairs over all draws, and one pair a draw at least."""
    asked: list[tuple[int, int]] = []

    def note(batch: list[Scenario], **named: object) -> None:
        asked.extend((one.draws, one.replicates) for one in batch)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "simulate", note)
    with pytest.raises(KeyboardInterrupt):
        sensitivity(made, draws=draws, families=["budget"])
    assert asked == [(draws, replicates)]


def test_small_batches_give_the_same(made: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parameters at a time or all at once give the same; progress counts once through all."""
    reported: list[tuple[int, int, int]] = []
    expected: list[tuple[int, int]] = []
    whole = sensitivity(made, draws=8, families=["budget", "army_holding"], jobs=1)
    monkeypatch.setattr(module, "RUNS_AT_ONCE", 32)
    parts = sensitivity(
        made,
        draws=8,
        families=["budget", "army_holding"],
        jobs=1,
        progress=lambda *now: reported.append(now),
        expected=lambda runs, seconds: expected.append((len(reported), runs)),
    )

    ends = 2 * 8 * len(parameters_of(["budget", "army_holding"]))
    own = 8 * 26
    assert repr(parts) == repr(whole)
    assert [done for done, _, _ in reported] == list(range(1, own + ends + 1))
    assert {total for _, _, total in reported} == {own + ends}
    assert reported[-1][1] == len(whole.failures) == 1
    assert expected == [(own, ends)]


def some_chance(deviation: float, spread: float = 2.0, measure: str = "displaced") -> Chance:
    """Return a measure that varies by chance as 100 differences tell."""
    return Chance(measure, spread, deviation, 100)


def test_noise_is_never_ranked() -> None:
    """The case of kidnapping: differences 0 and 989 have the effect 494.5 and its own error 494.5.

    Neither two such draws nor eight are told apart from chance: the interval of eight, half of
    which differ, is 494.5 +- 2.365 x 528.6 / sqrt(8) = 442.0, which excludes 0, but replicates that
    differ by 500 give effects up to 500 / sqrt(8) x 3.64 by chance, with 135 effects.
    """
    two = effect_on(LANGUAGE, np.array([0.0, 989.0]), some_chance(1.0), 135)
    eight = effect_on(LANGUAGE, np.array([0.0, 989.0] * 4), some_chance(500.0), 135)
    same = effect_on(LANGUAGE, np.array([0.0, 989.0] * 4), some_chance(100.0), 135)

    assert (two.effect, two.told_apart) == (494.5, False)
    half = T_7 * 494.5 * math.sqrt(8 / 7) / math.sqrt(8)
    assert (eight.effect_low, eight.effect_high) == pytest.approx((494.5 - half, 494.5 + half))
    assert half == pytest.approx(441.96, abs=0.01)
    assert (eight.told_apart, same.told_apart) == (False, True)


def test_both_conditions_are_needed() -> None:
    """An effect needs an interval without 0 and more than chance gives; either alone is too little.

    Eight differences of 1 have no error of their own. With 1 effect the bound is Student's t of 100
    differences at 97.5 %, 1.98397, times the deviation over sqrt(8): 1 is on it at 1.42564.
    """
    ones, wide = np.ones(8), np.array([30.0, -20.0] * 4)
    just = math.sqrt(8) / float(stdtrit(100, 0.975))

    assert just == pytest.approx(1.42564, abs=1e-5)
    assert effect_on(LANGUAGE, ones, some_chance(just * 0.9999), 1).told_apart
    assert not effect_on(LANGUAGE, ones, some_chance(just * 1.0001), 1).told_apart
    assert not effect_on(LANGUAGE, -ones, some_chance(just * 1.0001), 1).told_apart
    assert effect_on(LANGUAGE, -ones, some_chance(just * 0.9999), 1).told_apart
    assert not effect_on(LANGUAGE, ones, some_chance(just * 0.9999), 2).told_apart
    assert not effect_on(LANGUAGE, wide, some_chance(0.01), 1).told_apart
    assert not effect_on(LANGUAGE, np.zeros(8), some_chance(0.0), 1).told_apart


def test_seven_pairs_are_never_told_apart() -> None:
    """Where failed runs leave seven pairs of eight, their effect is reported and not told apart."""
    lost = np.array([math.nan, *np.full(7, 9.0)])
    effect = effect_on(LANGUAGE, lost, some_chance(0.0), 1)
    assert (effect.effect, effect.pairs, effect.told_apart) == (9, 7, False)
    assert effect_on(LANGUAGE, np.full(8, 9.0), some_chance(0.0), 1).told_apart


def test_a_spread_of_nothing_divides_nothing() -> None:
    """Without spread an effect has no standardised size; with it, 3 over 2 is 1.5."""
    flat = effect_on(LANGUAGE, np.full(8, 3.0), some_chance(0.0, spread=0.0), 1)
    assert (flat.effect, flat.standardised, flat.told_apart) == (3, None, True)
    assert effect_on(LANGUAGE, np.full(8, 3.0), some_chance(0.0), 1).standardised == 1.5
    alone = effect_on(LANGUAGE, np.array([math.nan, 2.0]), some_chance(0.0), 1)
    assert (alone.effect, alone.effect_low, alone.standardised, alone.pairs) == (
        None,
        None,
        None,
        1,
    )


def test_chance_from_two_halves_of_replicates() -> None:
    """Draws (1, 2, 4, 8) and (0, 0, 3, 4) differ by 3, 6, 3 and 4: root mean square sqrt(70 / 4).

    The spread is that of all eight; a failed replicate takes its pair; failed runs leave nothing.
    """
    count = len(HEADLINE_MEASURES)
    values = np.tile(np.array([[1.0, 2, 4, 8], [0, 0, 3, 4]]), (count, 1, 1))
    values[1, 0, 0] = math.nan
    values[2], values[3] = math.nan, 5.0
    whole, part, none, still = chance_of(values)[:4]

    assert whole.measure == HEADLINE_MEASURES[0].name
    squares = 1 + 4 + 16 + 64 + 9 + 16
    spread = math.sqrt((squares - 22**2 / 8) / 7)
    assert (whole.spread, whole.deviation) == pytest.approx((spread, math.sqrt(70 / 4)))
    assert (whole.differences, part.differences, none.differences) == (4, 3, 0)
    assert part.deviation == pytest.approx(math.sqrt((36 + 9 + 16) / 3))
    assert (still.spread, still.deviation) == (0, 0)
    assert effect_on(LANGUAGE, np.full(8, 9.0), none, 1).told_apart is False
    rows = chance_effects([none, still], 8, 1)
    assert [(row.effect, row.standardised) for row in rows] == [(None, None), (0, None)]


def effects_named(parameter: str, *sizes: tuple[float | None, bool]) -> list[Effect]:
    """Return effects of a parameter: their standardised sizes, and whether they are told apart."""
    return [
        Effect(parameter, 0, 1, f"m{place}", 1.0, 0.5, 1.5, size, clear, 8, 8)
        for place, (size, clear) in enumerate(sizes)
    ]


def test_ranking_by_hand() -> None:
    """The strongest effect told apart ranks, not a stronger one that is not; then chance.

    An effect on a measure without spread is told apart but ranks behind those with a size.
    """
    effects = [
        *effects_named("chance", (0.3, False), (0.6, False)),
        *effects_named(STAFF.name, (None, True), (0.2, False)),
        *effects_named(LANGUAGE.name, (9.0, False), (-1.5, True)),
        *effects_named(COUNCIL.name, (1.0, True), (0.9, True)),
    ]
    other = registry()["governance.elections_control_limit"]
    effects += effects_named(other.name, (5.0, False), (-6.0, False))
    rows = ranked([COUNCIL, other, LANGUAGE, STAFF], effects)

    assert [(row.rank, row.parameter, row.measure, row.standardised) for row in rows] == [
        (1, LANGUAGE.name, "m1", -1.5),
        (2, COUNCIL.name, "m0", 1.0),
        (3, STAFF.name, "m0", None),
        (None, "chance", "m1", 0.6),
        (None, other.name, "m1", -6.0),
    ]
    assert [row.share for row in rows] == [0.5, 1.0, 0.5, 0, 0]
    assert rows[0] == Rank(1, LANGUAGE.name, LANGUAGE.grade, "m1", 1.0, 0.5, 1.5, -1.5, True, 0.5)


@pytest.mark.parametrize(("kind", "at_most"), [("normal", 10), ("exponential", 20)])
def test_chance_alone_ranks_hardly_anything(kind: str, at_most: int) -> None:
    """Of 200 made-up analyses of pure chance, 1 in 20 ranks anything; 1 in 10 if values are skewed.

    Each analysis has 10 draws, 20 effects and 100 pairs of replicates.
    """
    generator = np.random.default_rng(20240625)  # noqa: TID251 - it makes a test's input, no result
    made_up = getattr(generator, kind)
    ranking = 0
    for _ in range(200):
        chance = chance_of(made_up(size=(len(HEADLINE_MEASURES), 10, 20)))[0]
        pairs = made_up(size=(20, 10)) - made_up(size=(20, 10))
        ranking += any(effect_on(LANGUAGE, row, chance, 20).told_apart for row in pairs)
    assert ranking <= at_most


def test_tables_read_back(made: Scenario, tmp_path: Path) -> None:
    """Effects have a row a parameter and measure, and ranks a row a parameter."""
    found = sensitivity(made, draws=8, families=["budget"], jobs=1)
    folder = found.save(tmp_path)

    assert folder == tmp_path / made.id
    tables = []
    for name in ("sensitivity.csv", "ranking.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            tables.append(list(csv.DictReader(stream)))
    effects, ranks = tables
    names = ["chance", *(one.name for one in parameters_of(["budget"]))]
    measures = [measure.name for measure in HEADLINE_MEASURES]
    assert [(row["parameter"], row["measure"]) for row in effects] == [
        (name, measure) for name in names for measure in measures
    ]
    ends = {(row["low"], row["high"]) for row in effects if row["parameter"] == "budget.enabled"}
    assert ends == {("0", "1")}
    assert {(row["low"], row["high"]) for row in effects if row["parameter"] == "chance"} == {
        ("", "")
    }
    assert list(effects[0]) == [
        "parameter", "low", "high", "measure", "effect", "effect_low", "effect_high",
        "standardised", "from_chance", "pairs", "differing",
    ]  # fmt: skip
    assert list(ranks[0].values())[:4] == ["1", "budget.planning_horizon", "C", "displaced"]
    assert [row["rank"] for row in ranks] == ["1", *[""] * len(names[1:])]
    assert [row["from_chance"] for row in ranks] == [
        "told apart",
        *["not told apart"] * len(names[1:]),
    ]
    text = "".join((folder / name).read_text() for name in ("sensitivity.csv", "ranking.csv"))
    assert not any(word in text for word in ("inf", "nan"))


def test_families_are_known_by_name() -> None:
    """No family means all; each unknown one is reported with the nearest name."""
    every = sorted(name for name, one in registry().items() if one.low < one.high)
    assert [one.name for one in parameters_of([])] == every
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
