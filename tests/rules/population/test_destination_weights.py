"""Weights of destinations: how near districts are, and where families live."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teritwa import world
from teritwa.rules.population.destination_weights import CAPITAL_FAMILIES, family_shares, nearness

PLACES = world.load(Path(__file__).parents[3] / "scenarios" / "worlds" / "island")
NUMBER = {row.id: place for place, row in enumerate(PLACES.districts)}


def test_pull_falls_with_distance() -> None:
    """At a decay of 2 a district 40 km away has 20**-2 of the pull of one 2 km away."""
    origin = PLACES.districts[0]
    step = 2.0 / 6371.0 * 180.0 / np.pi
    three = [
        replace(origin, residents_2015=500, latitude=10.0 + step * count) for count in (0, 1, 20)
    ]
    pull = nearness(replace(PLACES, districts=tuple(three)), 2.0)[0]
    assert pull[1:] == pytest.approx([500 / 4.0, 500 / 1600.0])


def test_no_distance_is_below_a_kilometre() -> None:
    """At home, and everywhere without decay, the pull is the number of residents."""
    residents = [row.residents_2015 for row in PLACES.districts]
    assert np.diag(nearness(PLACES, 1.2)) == pytest.approx(residents)
    assert nearness(PLACES, 0.0)[7] == pytest.approx(residents)


def test_families_of_the_capital_live_in_its_regions() -> None:
    """Family shares add up to 1; those of the capital are the shares of the displacement tracking.

    None of the capital's families live in the capital.
    """
    ties = family_shares(PLACES)
    assert ties.sum(axis=1) == pytest.approx(np.ones(20))
    shares = dict.fromkeys(CAPITAL_FAMILIES, 0.0)
    for place, row in enumerate(PLACES.districts):
        share = ties[NUMBER["amber-docks"], place]
        if row.region == "metropolitan":
            assert share == 0.0
        else:
            shares[row.region] += share
    assert shares == pytest.approx(
        {name: part / sum(CAPITAL_FAMILIES.values()) for name, part in CAPITAL_FAMILIES.items()}
    )


def test_families_elsewhere_live_in_their_region() -> None:
    """Families of Artibonite live there, by residents: 30 of 66 thousand in Hollin."""
    ties = family_shares(PLACES)[NUMBER["garrow"]]
    assert ties[NUMBER["hollin"]] == pytest.approx(30 / 66)
    assert ties[NUMBER["inver"]] == 0.0


def test_capital_without_provinces_keeps_to_itself() -> None:
    """Without provinces, families of the capital live all over the capital."""
    alone = replace(PLACES, districts=tuple(row for row in PLACES.districts if row.metropolitan))
    residents = np.array([row.residents_2015 for row in alone.districts])
    assert family_shares(alone)[0] == pytest.approx(residents / residents.sum())
