"""Random numbers by address: each one is a function of what it decides, not of a sequence.

An address is (seed, draw, replicate, day; decision; identity of the agent or place; item). A
counter-based generator, Philox-4x32-10 (Salmon, Moraes, Dror and Shaw, 2011, "Parallel random
numbers: as easy as 1, 2, 3"), turns it into a uniform number. The order of agents, the number of
workers and the other random numbers used therefore change nothing, and two scenarios differ only
where their policies act.

Each decision is registered once, by a name. One uniform number serves one decision, through the
inverse of its distribution. An event is ``uniform(...) < probability``, so that a higher
probability only adds events.
"""

import hashlib
import math
from typing import NamedTuple

import numpy as np

from teritwa.engine.compiler import rule

_LOW_32 = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)
_MULTIPLY_FIRST, _MULTIPLY_THIRD = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_RAISE_FIRST, _RAISE_SECOND = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_SHIFT_21, _SHIFT_11 = np.uint64(21), np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0  # 2**-53: the step between neighbouring uniforms

_names: dict[int, str] = {}


class Randomness(NamedTuple):
    """Random numbers of one run on one day: a key of two 32-bit words, and the day from 0."""

    first: int
    second: int
    day: int


def identity(name: str) -> int:
    """Return the 32-bit address of a named agent, place or event: a fixed hash of the name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")


def decision(words: str) -> int:
    """Register a decision by name and return its address.

    Raises:
        ValueError: If the name is taken.
    """
    code = identity("decision: " + words)
    if code in _names:
        raise ValueError(
            f"the decision {words!r} is taken (by {_names[code]!r}): each is named once"
        )
    _names[code] = words
    return code


def decisions() -> tuple[str, ...]:
    """Return the names of all registered decisions, sorted."""
    return tuple(sorted(_names.values()))


def run_randomness(seed: int, draw: int, replicate: int, day: int = 0) -> Randomness:
    """Return the random numbers of a run on a day, given a seed.

    The scenario is deliberately not part of the key: all scenarios share the random numbers.
    """
    return _keyed(f"teritwa {seed} {draw} {replicate}", day)


def month_randomness(chance: int, day: int = 0) -> Randomness:
    """Return the random numbers of a month that is known, given the number of its chance."""
    return _keyed(f"teritwa known month {chance}", day)


def _keyed(words: str, day: int) -> Randomness:
    """Return the random numbers that have words as their key."""
    digest = hashlib.blake2b(words.encode(), digest_size=8).digest()
    first, second = (int.from_bytes(part, "little") for part in (digest[:4], digest[4:]))
    return Randomness(first, second, day)


@rule
def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return four random 32-bit words for a counter of four and a key of two (Philox-4x32-10)."""
    first, second = np.uint64(counter[0]), np.uint64(counter[1])
    third, fourth = np.uint64(counter[2]), np.uint64(counter[3])
    key_first, key_second = np.uint64(key[0]), np.uint64(key[1])
    for _ in range(10):
        left, right = _MULTIPLY_FIRST * first, _MULTIPLY_THIRD * third
        first, second, third, fourth = (
            (right >> _SHIFT_32) ^ second ^ key_first,
            right & _LOW_32,
            (left >> _SHIFT_32) ^ fourth ^ key_second,
            left & _LOW_32,
        )
        key_first = (key_first + _RAISE_FIRST) & _LOW_32
        key_second = (key_second + _RAISE_SECOND) & _LOW_32
    return first, second, third, fourth  # type: ignore[return-value]


@rule
def _to_unit(high: int, low: int) -> float:
    """Return the number in [0, 1) of which two random words are the leading 53 bits."""
    bits = (np.uint64(high) << _SHIFT_21) ^ (np.uint64(low) >> _SHIFT_11)
    return float(bits) * _UNIT


@rule
def uniform(randomness: Randomness, decision: int, identity: int, item: int = 0) -> float:
    """Return the uniform number in [0, 1) of one decision of one agent on a day.

    Args:
        randomness: The random numbers of the day.
        decision: Address of the decision.
        identity: Address of the agent or place.
        item: Distinguishes several numbers for the same decision of the same agent.
    """
    high, low, _, _ = philox(
        (identity, randomness.day, decision, item), (randomness.first, randomness.second)
    )
    return _to_unit(high, low)


@rule
def two_uniforms(randomness: Randomness, decision: int, identity: int) -> tuple[float, float]:
    """Return two independent uniform numbers in [0, 1) of one decision of one agent on a day.

    The first is that of `uniform`; the second comes with it for nothing.

    Args:
        randomness: The random numbers of the day.
        decision: Address of the decision.
        identity: Address of the agent or place.
    """
    first, second, third, fourth = philox(
        (identity, randomness.day, decision, 0), (randomness.first, randomness.second)
    )
    return _to_unit(first, second), _to_unit(third, fourth)


@rule
def stochastic_round(amount: float, number: float) -> int:
    """Round an amount up or down so that the mean is kept: floor(amount + uniform number)."""
    if amount <= 0.0:
        return 0
    return int(amount + number)


@rule
def poisson(rate: float, number: float) -> int:
    """Return the Poisson count whose cumulative probability first exceeds the uniform ``number``.

    It counts up from zero, and is exact for rates up to about 700, where exp(-rate) is still above
    zero. Larger rates do not occur in a day of this model; for them the rate itself is rounded.
    """
    if rate <= 0.0 or number < 1.0 - rate:  # exp(-rate) is at least 1 - rate, and takes longer
        return 0
    if rate > 700.0:
        return int(rate + number)
    probability = math.exp(-rate)
    cumulative = probability
    count = 0
    while number >= cumulative and (count < rate or probability > 1e-17):
        count += 1
        probability *= rate / count
        cumulative += probability
    return count


@rule
def power_law(exponent: float, largest: float, number: float) -> int:
    """Return a heavy-tailed integer of at least 1, with density ~ size**-exponent.

    It is the inverse of the Pareto distribution truncated at ``largest``.

    Args:
        exponent: Exponent of the density, above 1.
        largest: Upper end of the distribution.
        number: A uniform random number.
    """
    tail = exponent - 1.0
    kept = 1.0 - math.exp(-tail * math.log(largest))
    size = math.exp(-math.log(1.0 - number * kept) / tail)
    return int(size)


@rule
def normal(number: float) -> float:
    """Return the standard normal quantile of a uniform number.

    It uses Acklam's rational approximation, with an error below 1.2e-9, written out because
    compiled and interpreted code must agree to the last bit.
    """
    lower = 0.02425
    number = max(number, 1e-12)
    number = min(number, 1.0 - 1e-12)
    if lower <= number <= 1.0 - lower:
        q = number - 0.5
        r = q * q
        top = -39.69683028665376 * r + 220.9460984245205
        top = ((top * r - 275.9285104469687) * r + 138.3577518672690) * r
        top = (top - 30.66479806614716) * r + 2.506628277459239
        low = -54.47609879822406 * r + 161.5858368580409
        low = ((low * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572
        return q * top / (low * r + 1.0)
    side = number if number < lower else 1.0 - number
    q = math.sqrt(-2.0 * math.log(side))
    top = (-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838
    top = ((top * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
    low = (0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996
    low = (low * q + 3.754408661907416) * q + 1.0
    return top / low if number < lower else -top / low
