"""Randomness: the published generator, independent addresses, and samplers by inversion."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from teritwa.engine import randomness
from teritwa.engine.randomness import (
    Randomness,
    normal,
    philox,
    poisson,
    power_law,
    run_randomness,
    stochastic_round,
    two_uniforms,
    uniform,
)

MANY = 10_000
BIT = 2.0**-53
GRID = [0.0, BIT, 1e-9, 0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.999, 1.0 - 1e-9, 1.0 - BIT]
HERE = run_randomness(seed=1, draw=2, replicate=3, day=4)

ZEROS, ONES = (0,) * 4, (0xFFFFFFFF,) * 4
PI = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        (ZEROS, ZEROS[:2], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        (ONES, ONES[:2], "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (PI, (0xA4093822, 0x299F31D0), "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_philox_gives_the_published_answers(
    counter: tuple[int, int, int, int], key: tuple[int, int], words: str
) -> None:
    """The generator gives the known answers that its authors publish (Random123, kat_vectors)."""
    assert " ".join(f"{int(word):08x}" for word in philox(counter, key)) == words


def test_uniform_is_the_first_53_bits() -> None:
    """A uniform has the upper 53 of the first 64 bits: it is below 1 and a multiple of 2**-53."""
    high, low, _, _ = philox((7, HERE.day, 5, 9), (HERE.first, HERE.second))
    bits = (int(high) << 32 | int(low)) >> 11
    assert uniform(HERE, 5, 7, 9) == bits / 2**53
    assert uniform(HERE, 5, 7) == uniform(HERE, 5, 7, 0)


def numbers(where: Randomness, decision: int = 1, item: int = 0) -> np.ndarray:
    """Return the uniforms of many agents."""
    return np.array([uniform(where, decision, identity, item) for identity in range(MANY)])


def test_the_second_number_comes_with_the_first() -> None:
    """The first of two numbers is that of `uniform`; the second is uniform, and independent of it.

    Over 10,000 agents the mean of their product is 1/4, within 4.65 standard errors.
    """
    pairs = np.array([two_uniforms(HERE, 1, agent) for agent in range(MANY)])
    assert pairs[:9, 0].tolist() == [uniform(HERE, 1, agent) for agent in range(9)]
    assert abs(pairs.prod(axis=1).mean() - 0.25) < 4.65 * math.sqrt(7 / 144 / MANY)
    assert stats.kstest(pairs[:, 1], "uniform").pvalue > 1e-4


def test_uniforms_are_uniform() -> None:
    """10,000 agents' numbers are uniform (Kolmogorov-Smirnov), and their squares have mean 1/3."""
    found = numbers(HERE)
    assert found.min() >= 0.0
    assert found.max() < 1.0
    assert stats.kstest(found, "uniform").pvalue > 1e-4
    assert np.mean(found * found) == pytest.approx(1 / 3, abs=4.65 * math.sqrt(4 / 45 / MANY))


@pytest.mark.parametrize(
    "other",
    [
        {"where": run_randomness(2, 2, 3, 4)},
        {"where": run_randomness(1, 3, 3, 4)},
        {"where": run_randomness(1, 2, 4, 4)},
        {"where": HERE._replace(day=5)},
        {"decision": 2},
        {"item": 1},
    ],
    ids=["seed", "draw", "replicate", "day", "decision", "item"],
)
def test_addresses_are_independent(other: dict[str, object]) -> None:
    """Numbers at addresses that differ in one part are uncorrelated: |r| < 0.05 for 10,000."""
    found, moved = numbers(HERE), numbers(**{"where": HERE, **other})  # type: ignore[arg-type]
    assert abs(np.corrcoef(found, moved)[0, 1]) < 0.05
    assert not np.any(found == moved)


def test_neighbouring_agents_are_independent() -> None:
    """The numbers of agents with neighbouring addresses are uncorrelated."""
    found = numbers(HERE)
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.05


def test_a_draw_and_a_replicate_are_not_mixed_up() -> None:
    """Seeds, draws and replicates with the same digits in a row have keys of their own."""
    places = [
        (1, 23, 4),
        (12, 3, 4),
        (1, 2, 34),
        (123, 4, 0),
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (1, 0, 0),
    ]
    assert len({run_randomness(*place)[:2] for place in places}) == len(places)
    assert run_randomness(1, 2, 3, 9) == run_randomness(1, 2, 3)._replace(day=9)


def test_identities_do_not_depend_on_the_machine() -> None:
    """A name's address is the first four bytes of its BLAKE2b hash: a constant, for ever."""
    assert randomness.identity("police academy") == 0xDF60D63D
    assert randomness.identity("kenya") != randomness.identity("Kenya")


def test_a_decision_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Naming a decision again is an error with its name; others are listed in order."""
    monkeypatch.setattr(randomness, "_names", {})
    randomness.decision("b decides")
    randomness.decision("a decides")
    with pytest.raises(ValueError, match="'a decides' is taken"):
        randomness.decision("a decides")
    assert randomness.decisions() == ("a decides", "b decides")


def test_all_decisions_of_the_model_have_addresses_of_their_own() -> None:
    """Every mechanism's decisions are registered, and no two names share an address."""
    import teritwa.rules.schedule  # noqa: F401 - it imports all mechanisms

    found = randomness.decisions()
    assert {"crew attacks", "officers quit", "residents flee"} <= set(found)
    assert len({randomness.identity("decision: " + name) for name in found}) == len(found)


@pytest.mark.parametrize("rate", [1e-6, 0.1, 1.0, 9.9, 10.1, 50.0, 300.0, 699.0])
def test_poisson_is_the_inverse_of_its_distribution(rate: float) -> None:
    """For each uniform the count is SciPy's quantile, except at the last bit, where it ends."""
    for number in GRID[1:-1]:
        assert poisson(rate, number) == stats.poisson.ppf(number, rate)
    assert poisson(rate, 0.0) <= poisson(rate, BIT)
    assert poisson(rate, 1.0 - BIT) >= poisson(rate, GRID[-2])


def test_poisson_at_its_ends() -> None:
    """No rate has no events; beyond 700, where exp(-rate) is too small, the rate is rounded."""
    assert [poisson(rate, 0.9) for rate in (0.0, -1.0)] == [0, 0]
    assert poisson(1e6, 0.25) == 1_000_000


def test_poisson_rises_with_the_number_and_with_the_rate() -> None:
    """A higher rate or a higher uniform only adds events, up to 1e-9 below 1."""
    counts = [
        [poisson(rate, number) for number in GRID[:-1]]
        for rate in (0.01, 0.1, 0.5, 1.0, 3.0, 9.9, 10.1, 80.0)
    ]
    assert np.all(np.diff(counts, axis=0) >= 0)
    assert np.all(np.diff(counts, axis=1) >= 0)


def test_poisson_has_its_mean_and_variance() -> None:
    """Over 10,000 agents both mean and variance are the rate, within 4.65 standard errors."""
    rate = 2.5
    found = np.array([poisson(rate, number) for number in numbers(HERE)])
    assert found.mean() == pytest.approx(rate, abs=4.65 * math.sqrt(rate / MANY))
    assert found.var() == pytest.approx(rate, abs=4.65 * math.sqrt((rate + 2 * rate * rate) / MANY))


@pytest.mark.parametrize("number", GRID[2:-2])
def test_normal_is_the_quantile(number: float) -> None:
    """The standard normal quantile agrees with SciPy's to a relative error of 1.2e-9."""
    assert normal(number) == pytest.approx(stats.norm.ppf(number), rel=1.2e-9, abs=1e-12)
    assert normal(1.0 - number) == pytest.approx(-normal(number), rel=1e-6, abs=1e-12)


def test_normal_is_finite_at_the_ends() -> None:
    """The smallest and the largest uniform are about seven standard deviations away."""
    assert -7.1 < normal(0.0) < -7.0
    assert 7.0 < normal(1.0 - BIT) < 7.1


@pytest.mark.parametrize("exponent", [2.2, 2.5, 2.8])
@pytest.mark.parametrize("largest", [100.0, 1000.0])
def test_power_law_is_the_inverse_of_its_distribution(exponent: float, largest: float) -> None:
    """Size s has uniforms u with (1 - s**-tail) / (1 - largest**-tail) <= u < that of s + 1."""
    tail = exponent - 1.0

    def below(size: float) -> float:
        share: float = (1.0 - size**-tail) / (1.0 - largest**-tail)
        return share

    for number in (0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999):
        size = power_law(exponent, largest, number)
        assert below(size) <= number < below(size + 1)
    assert power_law(exponent, largest, 0.0) == 1
    assert largest - 1 <= power_law(exponent, largest, 1.0 - BIT) <= largest


def test_power_law_has_a_heavy_tail() -> None:
    """With exponent 2.5 a size of 10 or more comes once in 10**1.5 times; none exceeds the cut."""
    found = np.array([power_law(2.5, 400.0, number) for number in numbers(HERE)])
    expected = (10**-1.5 - 400**-1.5) / (1 - 400**-1.5)
    assert np.mean(found >= 10) == pytest.approx(expected, abs=4.65 * math.sqrt(expected / MANY))
    assert found.max() <= 400


@pytest.mark.parametrize("amount", [0.0, 0.25, 0.999, 1.0, 7.5, 1234.125])
def test_rounding_keeps_the_mean(amount: float) -> None:
    """Over evenly spread uniforms the integers average to the amount, and each is next to it."""
    found = [stochastic_round(amount, (step + 0.5) / 1000) for step in range(1000)]
    assert np.mean(found) == pytest.approx(amount, abs=0.001)
    assert set(found) <= {math.floor(amount), math.floor(amount) + 1}


def test_rounding_nothing_gives_nothing() -> None:
    """A negative or zero amount gives zero, whatever the number."""
    assert [stochastic_round(amount, 0.999) for amount in (-3.0, 0.0)] == [0, 0]


SAMPLES = """
from teritwa.engine.randomness import (
    normal, poisson, power_law, run_randomness, stochastic_round, uniform
)
for day in range(40):
    for agent in range(25):
        u = uniform(run_randomness(5, 1, 2, day), 77, agent, 3)
        counts = poisson(0.5 * agent + 0.01, u), power_law(2.5, 400.0, u)
        print(u.hex(), *counts, float(normal(u)).hex(), stochastic_round(3.3, u))
"""


@pytest.mark.slow
def test_compiled_numbers_are_interpreted_numbers() -> None:
    """1,000 uniforms, counts, sizes and quantiles agree to the last bit, compiled or not."""
    model = str(Path(randomness.__file__).parents[2])
    found = [
        subprocess.run(
            [sys.executable, "-c", SAMPLES],
            env={**os.environ, "NUMBA_DISABLE_JIT": off, "PYTHONPATH": model},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in ("0", "1")
    ]
    assert len(found[0].splitlines()) == 1000
    assert found[0] == found[1]
