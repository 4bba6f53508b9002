"""Weights of destinations: how near districts are, and where families live."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa import world
from teritwa.rules.population.destination_weights import (
    destinations_of,
    nearest_first,
    nearness,
    turned,
)
from teritwa.world import World

PLACES = world.load(Path(__file__).parents[3] / "scenarios" / "worlds" / "island")
NUMBER = {row.id: place for place, row in enumerate(PLACES.districts)}


def pulls(places: World, decay: float) -> Any:
    """Return nearness of a small world, which has all pairs of districts (origin, host)."""
    return nearness(places, decay).reshape(len(places.districts), -1)


def ties(places: World) -> Any:
    """Return the shares of relatives in a small world (origin, host)."""
    return destinations_of(places)[0]["family"].reshape(len(places.districts), -1)


def moved(places: World, degrees: float) -> World:
    """Return a world of two copies of another, some degrees of latitude apart, each by itself."""
    other = [
        replace(
            row, id=f"far-{row.id}", region=f"far-{row.region}", latitude=row.latitude + degrees
        )
        for row in places.districts
    ]
    families = [
        replace(row, region=f"far-{row.region}", lives_in=f"far-{row.lives_in}")
        for row in places.families
    ]
    return replace(
        places,
        districts=(*places.districts, *other),
        families=(*places.families, *families),
    )


def test_pull_falls_with_distance() -> None:
    """At a decay of 2 a district 40 km away has 20**-2 of the pull of one 2 km away."""
    origin = PLACES.districts[0]
    step = 2.0 / 6371.0 * 180.0 / np.pi
    three = [
        replace(origin, residents_2015=500, latitude=10.0 + step * count) for count in (0, 1, 20)
    ]
    pull = pulls(replace(PLACES, districts=tuple(three), families=()), 2.0)[0]
    assert pull[1:] == pytest.approx([500 / 4.0, 500 / 1600.0])


def test_no_distance_is_below_a_kilometre() -> None:
    """At home, and everywhere without decay, the pull is the number of residents."""
    residents = [row.residents_2015 for row in PLACES.districts]
    assert np.diag(pulls(PLACES, 1.2)) == pytest.approx(residents)
    assert pulls(PLACES, 0.0)[7] == pytest.approx(residents)


def test_families_live_where_the_world_says() -> None:
    """Shares of relatives add up to 1; those of the capital are those of the world's table.

    None of the capital's families live in the capital.
    """
    assert ties(PLACES).sum(axis=1) == pytest.approx(np.ones(20))
    given = {row.lives_in: row.share for row in PLACES.families if row.region == "metropolitan"}
    shares = dict.fromkeys(["metropolitan", *given], 0.0)
    for place, row in enumerate(PLACES.districts):
        shares[row.region] += ties(PLACES)[NUMBER["amber-docks"], place]
    assert shares == pytest.approx({"metropolitan": 0.0, **given})


def test_families_elsewhere_live_in_their_region() -> None:
    """Families of the Reedland live there, by residents: 30 of 66 thousand in Hollin."""
    shares = ties(PLACES)[NUMBER["garrow"]]
    assert shares[NUMBER["hollin"]] == pytest.approx(30 / 66)
    assert shares[NUMBER["inver"]] == 0.0


def test_without_a_table_relatives_live_in_the_same_region() -> None:
    """Without a table of families those of the capital live all over the capital."""
    residents = np.array([row.residents_2015 * row.metropolitan for row in PLACES.districts])
    shares = ties(replace(PLACES, families=()))[NUMBER["amber-docks"]]
    assert shares == pytest.approx(residents / residents.sum())


@pytest.mark.parametrize(("degrees", "rows"), [(2.0, 1600), (20.0, 800)])
def test_far_districts_are_no_destinations(degrees: float, rows: int) -> None:
    """Of two copies of 20 districts 2,200 km apart each has its own pairs; near by, all are pairs.

    The weights within a copy are what they were: two far copies are neutral.
    """
    table, first = destinations_of(moved(PLACES, degrees))
    assert len(table) == first[-1] == rows
    if rows == 800:
        own = table["family"][:400]
        assert own == pytest.approx(destinations_of(PLACES)[0]["family"])
        assert table["host"][400:].min() == 20


def test_each_way_has_its_way_back() -> None:
    """The way back of a destination leads from its host to its origin, and back again to it."""
    for places in (PLACES, moved(PLACES, 20.0)):
        table, first = destinations_of(places)
        origin = np.repeat(np.arange(len(places.districts)), np.diff(first))
        back = turned(places, np.arange(len(table)))
        assert np.array_equal(table["host"][back], origin)
        assert np.array_equal(origin[back], table["host"])
        assert np.array_equal(back[back], np.arange(len(table)))


def test_ways_are_the_destinations_with_the_nearest_first() -> None:
    """The ways of a district lead to its destinations; equally long ones keep their order."""
    table, first = destinations_of(PLACES)
    ways = nearest_first(table, np.array(first[:-1]))
    for start, end in itertools.pairwise(first):
        expected = sorted(table[["hours", "host"]][start:end].tolist())
        assert ways[["hours", "target"]][start:end].tolist() == expected
