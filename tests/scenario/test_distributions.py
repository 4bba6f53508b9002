"""Distributions: quantiles that invert them, stay in their support and have the right moments."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.scenario.distributions import FORMS, Distribution, fault

EXAMPLES = (
    Distribution("uniform", (2.0, 6.0)),
    Distribution("loguniform", (1.0, 100.0)),
    Distribution("triangular", (0.0, 1.0, 4.0)),
    Distribution("normal", (10.0, 2.0), (6.0, 13.0)),
    Distribution("lognormal", (5.0, 2.0), (1.0, 40.0)),
    Distribution("beta", (2.0, 3.0)),
    Distribution("choice", (1.0, 2.0, 7.0), None, (2.0, 0.0, 6.0)),
)
STEPS = 20_000


def cumulative(found: Distribution, value: float) -> float:
    """Return the cumulative share below a value, computed independently of the quantile."""
    if found.kind == "uniform":
        return (value - found.numbers[0]) / (found.numbers[1] - found.numbers[0])
    if found.kind == "loguniform":
        return math.log(value / found.numbers[0]) / math.log(found.numbers[1] / found.numbers[0])
    if found.kind == "triangular":
        low, top, high = found.numbers
        if value < top:
            return (value - low) ** 2 / ((high - low) * (top - low))
        return 1 - (high - value) ** 2 / ((high - low) * (high - top))
    centre, spread = found.numbers
    if found.kind == "lognormal":
        return cut(found, lambda x: math.log(x / centre) / math.log(spread), value)
    return cut(found, lambda x: (x - centre) / spread, value)


def cut(found: Distribution, scaled: Callable[[float], float], value: float) -> float:
    """Return the cumulative share below a value of a normal distribution cut at its bounds."""
    low, here, high = (
        0.5 * math.erfc(-scaled(x) / math.sqrt(2))
        for x in (*found.support[:1], value, found.support[1])
    )
    return (here - low) / (high - low)


@pytest.mark.parametrize("found", EXAMPLES, ids=lambda found: found.kind)
def test_quantiles_rise_within_the_support(found: Distribution) -> None:
    """Quantiles start at the lowest value, end at the highest and never fall."""
    values = [found.quantile(step / 200) for step in range(201)]
    assert all(first <= second for first, second in pairwise(values))
    assert values[0] == pytest.approx(found.support[0])
    assert values[-1] == pytest.approx(found.support[1])
    assert set(FORMS) == {example.kind for example in EXAMPLES}


@pytest.mark.parametrize("found", EXAMPLES[:5], ids=lambda found: found.kind)
@pytest.mark.parametrize("share", [0.01, 0.2, 0.25, 0.5, 0.9, 0.999])
def test_the_share_below_a_quantile_is_what_was_asked(found: Distribution, share: float) -> None:
    """The quantile inverts the cumulative distribution function."""
    assert cumulative(found, found.quantile(share)) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("found", "mean"),
    [(EXAMPLES[0], 4.0), (EXAMPLES[2], 5 / 3), (EXAMPLES[5], 0.4), (EXAMPLES[6], 44 / 8)],
)
def test_means(found: Distribution, mean: float) -> None:
    """The average over evenly spaced shares is the distribution's mean."""
    total = sum(found.quantile((step + 0.5) / STEPS) for step in range(STEPS))
    assert total / STEPS == pytest.approx(mean, rel=1e-3)


def test_what_has_no_weight_is_never_chosen() -> None:
    """A choice of weight zero never happens, whatever the uniform."""
    assert {EXAMPLES[6].quantile(step / 999) for step in range(1000)} == {1.0, 7.0}


def test_a_choice_ends_where_the_next_begins() -> None:
    """Of weights 2, 0 and 6 the first takes the uniforms below 2 / 8; 2 / 8 itself is the third."""
    assert EXAMPLES[6].quantile(math.nextafter(0.25, 0.0)) == 1.0
    assert EXAMPLES[6].quantile(0.25) == 7.0


@pytest.mark.parametrize(
    ("kind", "numbers", "uniform", "value"),
    [
        ("uniform", (2.0, 6.0), 0.25, 3.0),
        ("loguniform", (2.0, 50.0), 0.5, 10.0),  # the geometric mean
        ("triangular", (1.0, 2.0, 5.0), 1 / 16, 1.5),  # 1 + sqrt(1/16 x 4 x 1)
        ("triangular", (1.0, 2.0, 5.0), 1 / 4, 2.0),  # the top
        ("triangular", (1.0, 2.0, 5.0), 2 / 3, 3.0),  # 5 - sqrt(1/3 x 4 x 3)
        ("triangular", (1.0, 2.0, 5.0), 13 / 16, 3.5),  # 5 - sqrt(3/16 x 4 x 3)
    ],
)
def test_quantiles_by_hand(
    kind: str, numbers: tuple[float, ...], uniform: float, value: float
) -> None:
    """Values of ranges that begin neither at 0 nor at 1, where a wrong sign would not show."""
    assert Distribution(kind, numbers).quantile(uniform) == pytest.approx(value)


def test_a_triangle_without_width_is_its_value() -> None:
    """Three equal numbers are one value, not a division by zero."""
    assert Distribution("triangular", (3.0, 3.0, 3.0)).quantile(0.4) == 3.0


@given(
    st.floats(0, 1), st.floats(0.1, 10), st.floats(1.01, 50), st.floats(0, 5), st.floats(0.1, 100)
)
def test_a_lognormal_stays_in_its_bounds(
    uniform: float, median: float, factor: float, low: float, width: float
) -> None:
    """Whatever its numbers, a bounded distribution without a fault has finite values in bounds."""
    found = Distribution("lognormal", (median, factor), (low, low + width))
    if not fault(found):
        assert low <= found.quantile(uniform) <= low + width


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Distribution("uniform", (2.0, 1.0)), "does not rise"),
        (Distribution("triangular", (1.0, 5.0, 4.0)), "does not rise"),
        (Distribution("loguniform", (-1.0, 1.0)), "not above zero"),
        (Distribution("beta", (0.0, 1.0)), "above zero"),
        (Distribution("normal", (1.0, 1.0)), "bounds are missing"),
        (Distribution("normal", (1.0, 0.0), (0.0, 1.0)), "standard deviation"),
        (Distribution("normal", (1.0, 1.0), (1.0, 0.0)), "do not rise"),
        (Distribution("normal", (0.0, 1.0), (100.0, 101.0)), "leave nothing"),
        (Distribution("lognormal", (1.0, 1.0), (0.0, 1.0)), "factor above 1"),
        (Distribution("choice", (1.0,), None, (0.0,)), "all be zero"),
    ],
)
def test_faults_are_named(found: Distribution, words: str) -> None:
    """Each wrong set of numbers has its message."""
    assert words in fault(found)
    assert not any(fault(example) for example in EXAMPLES)
