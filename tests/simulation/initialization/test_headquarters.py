"""Where a mission is based: named, at the capital's airport, or in the state's largest place."""

from dataclasses import replace
from pathlib import Path

from teritwa import world
from teritwa.simulation.initialization import headquarters_of

ISLAND = world.load(Path(__file__).parents[3] / "scenarios" / "worlds" / "island")


def based(place: world.World) -> str:
    """Return the id of the district of the mission's base."""
    return place.districts[headquarters_of(place)].id


def without_airports() -> world.World:
    """Return the island without an airport."""
    return replace(ISLAND, districts=tuple(replace(one, airport=False) for one in ISLAND.districts))


def test_the_base_is_where_the_world_says() -> None:
    """The key counts more than the airport."""
    assert based(ISLAND) == "amber-airfield"
    assert based(replace(ISLAND, headquarters="calder")) == "calder"


def test_without_an_airport_it_is_the_largest_place_of_the_state() -> None:
    """Neither a place of gangs nor the first of the alphabet."""
    place = without_airports()
    states = [one for one in place.districts if one.holder == world.STATE]
    assert based(place) == max(states, key=lambda one: one.residents_2015).id
    assert based(place) != place.districts[0].id


def test_names_do_not_decide() -> None:
    """With all ids turned round in the alphabet the base is in the same place."""
    place = without_airports()
    turned = replace(place, districts=place.districts[::-1])
    assert based(turned) == based(place)
