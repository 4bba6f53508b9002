"""Sharing: a stock of whole things is divided among claims in proportion, by one random number.

Marks at equal distances are laid over the row of claims, one mark for each thing, beginning at a
random place; a claim receives the marks that fall on it. Each claim then receives its exact share
on average, rounded down or up, and all claims together receive exactly the stock. Neither the order
of the claims nor the way in which one claim is cut in two changes what it receives on average.
"""

from teritwa.engine.compiler import rule


@rule
def random_start(whole: int, number: float) -> int:
    """Return the place of the first mark, from 0 to ``whole`` - 1.

    Args:
        whole: The sum of all claims.
        number: A uniform random number, one for each stock that is shared.
    """
    return min(int(number * whole), whole - 1)


@rule
def part_of(stock: int, before: int, own: int, whole: int, start: int) -> int:
    """Return how much of a stock a claim receives.

    Args:
        stock: What is shared; up to ``whole`` of it no claim receives more than it claims.
        before: The sum of the claims that were served before.
        own: The claim.
        whole: The sum of all claims, above 0.
        start: What `random_start` returns for this stock.
    """
    return (stock * (before + own) + start) // whole - (stock * before + start) // whole
