"""Row numbers of named things."""

from teritwa.world import World
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)


def test_names_have_the_rows_of_the_world(island: World) -> None:
    """The number of an id is its position in the world's order, which is that of the ids."""
    for numbers, seeds in (
        (district_numbers(island), island.districts),
        (gang_numbers(island), island.gangs),
        (contingent_numbers(island), island.contingents),
        (donor_numbers(island), island.donors),
    ):
        assert [seeds[row].id for row in numbers.values()] == list(numbers) == sorted(numbers)
        assert list(numbers.values()) == list(range(len(seeds)))


def test_some_rows_by_hand(island: World) -> None:
    """The airfield is the first district, Salt Street the last gang, the trust fund donor 2."""
    assert district_numbers(island)["amber-airfield"] == 0
    assert gang_numbers(island)["salt-street"] == 4
    assert contingent_numbers(island)["united-nations"] == 7
    assert donor_numbers(island) == {"further-donors": 0, "main-donor": 1, "trust-fund": 2}
