"""Sharing: whole things in proportion to claims, exact in sum and right on average."""

from itertools import accumulate

import pytest

from teritwa.rules.sharing import part_of, random_start


def parts(stock: int, claims: list[int], number: float) -> list[int]:
    """Return what each claim receives."""
    whole = sum(claims)
    start = random_start(whole, number)
    before = [0, *accumulate(claims)]
    return [
        part_of(stock, first, own, whole, start) for first, own in zip(before, claims, strict=False)
    ]


@pytest.mark.parametrize(
    ("stock", "claims", "shares"),
    [
        (12, [10, 10, 10], [4, 4, 4]),
        (30, [10, 10, 10], [10, 10, 10]),
        (0, [10, 10], [0, 0]),
        (9, [1, 0, 2], [3, 0, 6]),
    ],
)
def test_what_divides_evenly_leaves_nothing_to_chance(
    stock: int, claims: list[int], shares: list[int]
) -> None:
    """Shares that are whole are exact, whatever the random number."""
    for number in (0.0, 0.3, 0.999999999, 1.0):
        assert parts(stock, claims, number) == shares


@pytest.mark.parametrize("claims", [[3, 4, 5], [5, 4, 3], [3, 2, 2, 5], [1] * 12])
@pytest.mark.parametrize("stock", [1, 5, 7, 11, 12])
def test_shares_are_exact_on_average_and_in_sum(stock: int, claims: list[int]) -> None:
    """Over all starts each claim receives its exact share, each time rounded down or up.

    The sum is the stock, and no claim receives more than it claims.
    """
    whole = sum(claims)
    totals = [0] * len(claims)
    for start in range(whole):
        found = parts(stock, claims, (start + 0.5) / whole)
        assert sum(found) == stock
        for row, (received, claim) in enumerate(zip(found, claims, strict=True)):
            assert stock * claim // whole <= received <= -(-stock * claim // whole)
            assert received <= claim
            totals[row] += received
    assert totals == [stock * claim for claim in claims]
