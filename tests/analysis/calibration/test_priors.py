"""Tests of the priors: which parameters are drawn, from what, and levels that give values and come back."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.analysis.calibration.priors import (
    INFORMED,
    LEVERS,
    NOT_LEARNED,
    WIDE,
    level_of,
    prior,
    spread,
    told_by_2024,
    uncertain,
    values_at,
    what_2024_tells,
)
from teritwa.engine.parameters import Parameter
from teritwa.rules.registry import registry
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

levels = st.floats(0, 1, allow_subnormal=False)


def made(low: float, high: float, value: float | None = None) -> Parameter:
    """Return a parameter with a range; its kind is that of its value."""
    return Parameter("made.up", low if value is None else value, "1", low, high, "C", "assumption", "made up")


def test_every_number_but_the_levers_is_drawn() -> None:
    """All parameters of the model that are no switch and no lever, once each and by name."""
    known = registry()
    names = [parameter.name for parameter in uncertain()]

    assert names == sorted(set(names))
    assert set(names) == {name for name, one in known.items() if not one.switch} - set(LEVERS)
    assert [one for one in uncertain() if known[one.name] != one] == []


def test_levers_and_what_is_not_learned_are_parameters() -> None:
    """Each is a number of the model with its reason; none is both, for what keeps its value is not drawn."""
    known = registry()
    named = {**LEVERS, **NOT_LEARNED}

    assert [name for name in named if name not in known or known[name].switch] == []
    assert [name for name, reason in named.items() if len(reason) < 10] == []
    assert set(LEVERS) & set(NOT_LEARNED) == set()


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
def test_wide_ranges_above_zero_are_even_on_the_logarithm(low: float, high: float, kind: str) -> None:
    """From a factor of ten on, and only above zero."""
    assert prior(made(low, high)).kind == kind
    assert prior(made(low, high)).numbers == (low, high)


def test_kinds_of_the_model_s_priors() -> None:
    """The rule holds for every parameter of the model, and both kinds occur."""
    for one in uncertain():
        assert (prior(one).kind == "loguniform") == (one.low > 0 and one.high >= WIDE * one.low), one.name
    assert {prior(one).kind for one in uncertain()} == {"uniform", "loguniform"}


@pytest.mark.parametrize(
    ("low", "high", "middle"), [(2.0, 4.0, 3.0), (1.0, 100.0, 10.0), (0.0, 50.0, 25.0), (-1.0, 3.0, 1.0)]
)
def test_quantiles_worked_by_hand(low: float, high: float, middle: float) -> None:
    """The ends of the range are at levels 0 and 1, half-way lies the middle, the geometric one on the logarithm."""
    one = made(low, high)

    assert [values_at([one], np.array([level]))["made.up"] for level in (0.0, 0.5, 1.0)] == [low, middle, high]


def test_values_go_by_name_in_order() -> None:
    """Each parameter takes the level of its own place, and a level too many or too few is refused."""
    two = (made(0.0, 10.0), Parameter("made.too", 1.0, "1", 0.0, 1.0, "C", "assumption", "made up"))

    assert values_at(two, np.array([0.25, 0.75])) == {"made.up": 2.5, "made.too": 0.75}
    with pytest.raises(ValueError, match="zip"):
        values_at(two, np.array([0.25]))


def test_rates_keep_six_digits_within_their_range() -> None:
    """A third is written with six digits; an end that rounding would pass is kept as it is."""
    assert values_at([made(0.0, 1.0)], np.array([1 / 3]))["made.up"] == 0.333333
    assert values_at([made(1.23456123, 2.0)], np.array([0.0]))["made.up"] == 1.23456123
    assert values_at([made(1.0, 1.23456789)], np.array([1.0]))["made.up"] == 1.23456789


def test_counts_are_whole() -> None:
    """A parameter that counts is an integer at every level, and reaches both ends."""
    found = [values_at([made(2, 6)], np.array([level]))["made.up"] for level in np.linspace(0, 1, 101)]

    assert {type(value) for value in found} == {int}
    assert sorted(set(found)) == [2, 3, 4, 5, 6]


@given(levels)
def test_every_value_is_one_the_model_takes(level: float) -> None:
    """At any level every parameter lies within its range, whole where it counts, and is written as it is."""
    every = uncertain()
    values = values_at(every, np.full(len(every), level))

    assert set(values) == {one.name for one in every}
    for one in every:
        value = values[one.name]
        assert one.low <= value <= one.high, one.name
        assert isinstance(value, int) == one.whole, one.name
        assert float(repr(value)) == value


@given(levels)
def test_level_of_undoes_the_prior(level: float) -> None:
    """The level of the prior's quantile is the level, for every parameter of the model."""
    for one in uncertain():
        value = np.array([prior(one).quantile(level)])
        assert level_of(one, value)[0] == pytest.approx(level, abs=1e-9), one.name


@given(levels)
def test_level_of_a_rounded_value_gives_that_value(level: float) -> None:
    """What was run lies at a level between 0 and 1, and at that level is the value that was run."""
    for one in uncertain():
        value = values_at([one], np.array([level]))[one.name]
        (back,) = level_of(one, np.array([float(value)]))
        assert -1e-12 <= back <= 1 + 1e-12, one.name
        assert math.isclose(prior(one).quantile(back), value, rel_tol=1e-9, abs_tol=1e-12), one.name


def test_spread_is_a_share_of_the_prior_s() -> None:
    """Levels that are even have a share of one, those even over a quarter of the range a quarter, a point none."""
    even = (np.arange(4000) + 0.5) / 4000

    found = spread(np.stack([even, 0.5 + 0.25 * even, np.full(4000, 0.3)], axis=1))
    assert found.tolist() == pytest.approx([1, 0.25, 0], abs=1e-3)


def test_chance_alone_seldom_informs() -> None:
    """Of 20,000 posteriors of 256 draws that learned nothing, fewer than one in a thousand look informed."""
    random = np.random.Generator(np.random.Philox(6))  # noqa: TID251 - it makes a test's input, no result

    shares = spread(random.random((256, 20000)))
    assert (shares < INFORMED).sum() < 20
    assert abs(shares.mean() - 1) < 0.01


def test_words_for_what_2024_tells() -> None:
    """A narrowed parameter is informed, a wide one not, and one that may not be learned is held whatever its spread."""
    held = next(iter(NOT_LEARNED))

    assert [told_by_2024("attack.rate", share) for share in (0.5, 0.899, 0.9, 1.1)] == ["yes", "yes", "no", "no"]
    assert told_by_2024(held, 0.1) == told_by_2024(held, 1.0) == "held at its prior"


def test_what_2024_tells_of_a_table_of_draws(tmp_path: Path) -> None:
    """The median of each column, and whether its draws lie closer together than the prior's; nothing of no table."""
    known = {one.name: one for one in uncertain()}
    held = "presence.mission_effect"
    lowest, highest = known["attack.rate"].low, known["attack.rate"].high
    table = "".join(f"{rate},{counted},2.0\n" for rate, counted in ((lowest, 0.70), (1.5, 0.71), (highest, 0.72)))
    (tmp_path / "draws.csv").write_text(
        f"attack.rate,casualties.reporting_rate_under_gangs,{held}\n{table}", encoding="utf-8"
    )
    problems = Problems()
    found = what_2024_tells(read_posterior(tmp_path / "draws.csv", problems))

    assert not problems
    assert found == {
        "attack.rate": (1.5, "no"),
        "casualties.reporting_rate_under_gangs": (0.71, "yes"),
        held: (2.0, "held at its prior"),
    }
    assert what_2024_tells(None) == {}
