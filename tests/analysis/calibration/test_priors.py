"""Tests of the priors: what is drawn, from which distribution, and levels that invert values."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.calibration.priors import (
    INFORMED_SPREAD,
    LOGUNIFORM_RATIO,
    held_at_prior,
    informed_label,
    is_from_missions,
    is_held,
    level_of,
    levers,
    prior,
    relative_spread,
    summarise_posterior,
    uncertain_parameters,
    values_at,
)
from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

levels = st.floats(0, 1, allow_subnormal=False)
EFFECT = "presence.mission_effect"


def made(low: float, high: float, value: float | None = None, name: str = "made.up") -> Parameter:
    """Return a parameter with a range; an integer value makes it a count."""
    own = low if value is None else value
    bounds = (-math.inf, math.inf)
    return Parameter(
        own,
        "1",
        between=(low, high),
        bounds=bounds,
        grade="C",
        source="assumption",
        meaning="made up",
        name=name,
    )


def test_every_number_but_the_levers_is_drawn() -> None:
    """All parameters that are no switches, levers or fixed by definition, once each, by name."""
    known = registry()
    names = [parameter.name for parameter in uncertain_parameters()]
    fixed = {name for name, one in known.items() if one.source.startswith("by definition")}

    assert names == sorted(set(names))
    numbers = {name for name, one in known.items() if not one.switch}
    assert fixed
    assert set(names) == numbers - set(levers()) - fixed
    assert [one for one in uncertain_parameters() if known[one.name] != one] == []


def test_levers_and_held_parameters_are_those_that_say_so() -> None:
    """Each is a number of the model with a reason; none is both, for a lever is not drawn."""
    known = registry()
    named = {**levers(), **held_at_prior()}

    assert set(levers()) == {name for name, one in known.items() if one.lever}
    drawn = {one.name for one in uncertain_parameters()}
    assert set(held_at_prior()) == {name for name in drawn if is_held(known[name])}
    assert [name for name in named if known[name].switch] == []
    assert [name for name, reason in named.items() if len(reason) < 10] == []
    assert set(levers()) & set(held_at_prior()) == set()


def test_embargo_is_a_lever_and_the_mission_s_own_effect_is_held() -> None:
    """Policy is not drawn; what is confounded with time in 2024 is for missions to tell."""
    assert set(levers()) == {
        "arms.embargo_effectiveness", "army_holding.equipped_share", "services.programme_jobs",
        "services.programme_support",
    }  # fmt: skip
    known = registry()
    learned = {name for name in held_at_prior() if is_from_missions(known[name])}
    assert set(held_at_prior()) - learned == {"governance.language_loss", "everyday_violence.rate"}
    assert {EFFECT, "tasking.mission_share_out", "everyday_violence.prevented_share"} < learned


def test_reason_follows_the_word_nothing() -> None:
    """A parameter is held if what informs it begins with nothing; the rest is the reason."""
    assert is_held(replace(made(0, 1), informed_by="nothing: it came late"))
    assert is_held(replace(made(0, 1), informed_by="nothing"))
    assert not is_held(made(0, 1))
    language = registry()["governance.language_loss"]
    assert f"nothing: {held_at_prior()[language.name]}" == language.informed_by
    assert held_at_prior()[EFFECT] == registry()[EFFECT].informed_by


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (1, 10, "loguniform"),
        (0.5, 5, "loguniform"),
        (1, 9.99, "uniform"),
        (0, 100, "uniform"),
        (-5, 5, "uniform"),
        (0.001, 1, "loguniform"),
    ],
)
def test_wide_positive_ranges_are_loguniform(low: float, high: float, kind: str) -> None:
    """From a factor of ten on, and only above zero."""
    assert prior(made(low, high)).kind == kind
    assert prior(made(low, high)).numbers == (low, high)


def test_kinds_of_the_model_s_priors() -> None:
    """The rule holds for every parameter of the model, and both kinds occur."""
    for one in uncertain_parameters():
        wide = one.low > 0 and one.high >= LOGUNIFORM_RATIO * one.low
        assert (prior(one).kind == "loguniform") == wide, one.name
    assert {prior(one).kind for one in uncertain_parameters()} == {"uniform", "loguniform"}


@pytest.mark.parametrize(
    ("low", "high", "middle"),
    [(2.0, 4.0, 3.0), (1.0, 100.0, 10.0), (0.0, 50.0, 25.0), (-1.0, 3.0, 1.0)],
)
def test_quantiles_worked_by_hand(low: float, high: float, middle: float) -> None:
    """Levels 0 and 1 are the ends of the range, one half its middle, geometric on the logarithm."""
    one = made(low, high)

    found = [values_at([one], np.array([level]))["made.up"] for level in (0.0, 0.5, 1.0)]
    assert found == [low, middle, high]


def test_values_go_by_name_in_order() -> None:
    """Each parameter takes the level at its own position; a level too many or few is refused."""
    two = (made(0.0, 10.0), made(0.0, 1.0, name="made.too"))

    assert values_at(two, np.array([0.25, 0.75])) == {"made.up": 2.5, "made.too": 0.75}
    with pytest.raises(ValueError, match="zip"):
        values_at(two, np.array([0.25]))


def test_value_depends_on_the_level_and_not_on_the_position() -> None:
    """With parameters and levels in another order, every parameter has the same value."""
    every = uncertain_parameters()
    some = np.linspace(0, 1, len(every))

    assert values_at(every[::-1], some[::-1]) == values_at(every, some)


def test_rates_keep_six_digits_within_their_range() -> None:
    """A third is written with six digits; an end that rounding would exceed is kept as it is."""
    assert values_at([made(0.0, 1.0)], np.array([1 / 3]))["made.up"] == 0.333333
    assert values_at([made(1.23456123, 2.0)], np.array([0.0]))["made.up"] == 1.23456123
    assert values_at([made(1.0, 1.23456789)], np.array([1.0]))["made.up"] == 1.23456789


def test_counts_are_integers() -> None:
    """A parameter that counts is an integer at every level, and reaches both ends."""
    one = made(2, 6)
    found = [values_at([one], np.array([level]))["made.up"] for level in np.linspace(0, 1, 101)]

    assert {type(value) for value in found} == {int}
    assert sorted(set(found)) == [2, 3, 4, 5, 6]


@given(levels)
def test_every_value_is_one_the_model_takes(level: float) -> None:
    """At any level every parameter is in its range, an integer if it counts, and exact as text."""
    every = uncertain_parameters()
    values = values_at(every, np.full(len(every), level))

    assert set(values) == {one.name for one in every}
    for one in every:
        value = values[one.name]
        assert one.low <= value <= one.high, one.name
        assert isinstance(value, int) == one.integral, one.name
        assert float(repr(value)) == value


@given(levels)
def test_level_of_inverts_the_prior(level: float) -> None:
    """The level of the prior's quantile is the level, for every parameter of the model."""
    for one in uncertain_parameters():
        value = np.array([prior(one).quantile(level)])
        assert level_of(one, value)[0] == pytest.approx(level, abs=1e-9), one.name


@given(levels)
def test_level_of_a_rounded_value_gives_that_value(level: float) -> None:
    """The value of a run has a level between 0 and 1, and the prior gives that value there."""
    for one in uncertain_parameters():
        value = values_at([one], np.array([level]))[one.name]
        (back,) = level_of(one, np.array([float(value)]))
        again = prior(one).quantile(back)
        assert -1e-12 <= back <= 1 + 1e-12, one.name
        assert math.isclose(again, value, rel_tol=1e-9, abs_tol=1e-12), one.name


def test_spread_is_a_share_of_the_prior_s() -> None:
    """Uniform levels have a spread of one, over a quarter of the range a quarter, a point zero."""
    even = (np.arange(4000) + 0.5) / 4000

    found = relative_spread(np.stack([even, 0.5 + 0.25 * even, np.full(4000, 0.3)], axis=1))
    assert found.tolist() == pytest.approx([1, 0.25, 0], abs=1e-3)


def test_chance_alone_seldom_informs() -> None:
    """Of 20,000 uninformed posteriors of 256 draws, under one in a thousand look informed."""
    random = np.random.Generator(np.random.Philox(6))  # noqa: TID251 - test input

    spreads = relative_spread(random.random((256, 20000)))
    assert (spreads < INFORMED_SPREAD).sum() < 20
    assert abs(spreads.mean() - 1) < 0.01


def test_labels_of_what_2024_informs() -> None:
    """A narrowed parameter is informed and a wide one not, also one that 2024 cannot tell.

    One from past missions is that at any spread.
    """
    rate, held = registry()["attack.rate"], registry()[EFFECT]

    labels = [informed_label(rate, spread) for spread in (0.5, 0.899, 0.9, 1.1)]
    assert labels == ["yes", "yes", "no", "no"]
    assert informed_label(held, 0.1) == informed_label(held, 1.0) == "past missions"
    language = registry()["governance.language_loss"]
    assert [informed_label(language, spread) for spread in (0.1, 1.0)] == ["yes", "no"]


def test_summary_of_a_table_of_draws(tmp_path: Path) -> None:
    """Each column has its median and whether its draws are narrower than the prior."""
    known = registry()
    lowest, highest = known["attack.rate"].low, known["attack.rate"].high
    draws = ((lowest, 0.70), (2.5, 0.71), (highest, 0.72))
    table = "".join(f"{rate},{counted},2.0\n" for rate, counted in draws)
    (tmp_path / "draws.csv").write_text(
        f"attack.rate,casualties.reporting_rate_under_gangs,{EFFECT}\n{table}", encoding="utf-8"
    )
    problems = Problems()
    found = summarise_posterior(read_posterior(tmp_path / "draws.csv", problems))

    assert not problems
    assert found == {
        "attack.rate": (2.5, "no"),
        "casualties.reporting_rate_under_gangs": (0.71, "yes"),
        EFFECT: (2.0, "past missions"),
    }
    assert summarise_posterior(None) == {}
