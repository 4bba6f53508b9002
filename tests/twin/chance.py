"""Chance of the twin: the product's numbers by address, in functions that Python runs.

The address is the same, so that both draw the same number. Only the generator itself is compiled.
"""

from teritwa.engine import randomness
from teritwa.engine.randomness import Randomness

stochastic_round = randomness.stochastic_round.plain
poisson = randomness.poisson.plain
power_law = randomness.power_law.plain
normal = randomness.normal.plain
uniform, two_uniforms = randomness.uniform, randomness.two_uniforms

__all__ = [
    "Randomness", "normal", "poisson", "power_law", "share_out", "stochastic_round",
    "two_uniforms", "uniform",
]  # fmt: skip


def share_out(stock: int, claims: list[int], number: float) -> list[int]:
    """Divide whole things among claims in proportion, by marks at equal distances over all claims.

    Args:
        stock: How many things there are.
        claims: What each claims; together more than nothing.
        number: A uniform random number, which places the first mark.
    """
    whole, before, parts = sum(claims), 0, []
    start = min(int(number * whole), whole - 1)
    for claim in claims:
        after = before + claim
        parts.append((stock * after + start) // whole - (stock * before + start) // whole)
        before = after
    return parts
