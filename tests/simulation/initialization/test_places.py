"""Places on day 0: districts, links, displaced people, brigades, schools and hospitals."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teritwa.engine import randomness
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.simulation.initialization import initialize
from teritwa.simulation.initialization.places import LONG_AGO
from teritwa.world import World, WorldError
from teritwa.world.row_numbers import district_numbers, gang_numbers

Tables = dict[str, np.ndarray]


@pytest.fixture
def place(island: World) -> Callable[[str], int]:
    """Return the row of a district by its id."""
    return district_numbers(island).__getitem__


def test_districts_have_their_people(
    island: World, tables: Tables, place: Callable[[str], int]
) -> None:
    """Amber Docks: 30,000 in 2015, 5 % more on day 0, 900 of them displaced; held by a gang."""
    row = tables["districts"][place("amber-docks")]
    assert (
        row["place"]["residents_2015"],
        row["people"]["residents"],
        row["people"]["displaced_from"],
    ) == (30_000, 30_600, 900)
    assert (row["control"]["gang_influence"], row["control"]["holder"]) == (
        0.9,
        gang_numbers(island)["iron-quay"],
    )
    assert (
        row["place"]["metropolitan"],
        row["people"]["under_gang"],
        row["place"]["held_on_day_0"],
        row["control"]["station"],
    ) == (True, True, True, False)
    assert row["identity"] == randomness.identity("district amber-docks")
    garrow, gardens = (
        tables["districts"][place("garrow")],
        tables["districts"][place("amber-gardens")],
    )
    assert (garrow["people"]["under_gang"], garrow["place"]["metropolitan"]) == (True, False)
    assert (
        gardens["control"]["holder"],
        gardens["place"]["held_on_day_0"],
        gardens["control"]["station"],
    ) == (STATE, False, True)


def test_districts_have_what_stands_in_them(tables: Tables, place: Callable[[str], int]) -> None:
    """Ports, airports, fuel terminal, prisons and hospitals are those of the table."""
    districts = tables["districts"]

    def those(field: str) -> set[int]:
        return set(np.flatnonzero(districts["place"][field]).tolist())

    assert those("port") == {
        place(name) for name in ("amber-docks", "hollin", "kestrel", "northgate")
    }
    assert those("airport") == {place(name) for name in ("amber-airfield", "northgate")}
    assert those("fuel_terminal") == {place("amber-docks")}
    assert those("prison") == {
        place(name) for name in ("amber-market", "hollin", "kestrel", "northgate")
    }
    assert districts["place"]["hospitals"].sum() == 10
    assert districts["place"]["hospitals"][place("amber-heights")] == 2


def test_national_roads_are_counted_at_both_ends(
    tables: Tables, place: Callable[[str], int]
) -> None:
    """Eight national roads have sixteen ends; streets, other roads and tracks do not count."""
    highways = tables["districts"]["place"]["highways"]
    assert highways.sum() == 16
    assert (
        highways[place("amber-airfield")]
        == highways[place("hollin")]
        == highways[place("larkham")]
        == 2
    )
    assert highways[place("kestrel")] == 1
    assert highways[place("amber-docks")] == highways[place("inver")] == 0


def test_world_without_national_roads(
    changed: Callable[..., World], values: dict[str, float]
) -> None:
    """Without national roads no district counts any."""
    world = changed("links", lambda row: row.kind == "national-road", kind="road")
    assert not initialize(world, values)["districts"]["place"]["highways"].any()


def test_nobody_remembers_anything(tables: Tables) -> None:
    """On day 0 no attack, takeover, clearing, offensive or order is known."""
    districts = tables["districts"]
    assert set(districts["control"]["attacked_on"].tolist()) == {LONG_AGO}
    assert set(districts["people"]["fallen_on"].tolist()) == {LONG_AGO}
    assert LONG_AGO <= -1000
    assert set(districts["control"]["cleared_on"].tolist()) == {-1}
    rows = (
        districts["presence"]["strongest_claimant"],
        districts["night"]["lead_crew"],
        districts["orders"]["offensive_gang"],
    )
    assert [set(found.tolist()) for found in rows] == [{NO_ONE}] * 3
    assert (
        set(districts["orders"]["offensive_factor"].tolist())
        == set(districts["orders"]["operation_priority"].tolist())
        == {1.0}
    )
    assert not districts["orders"]["recent_attacks"].any()
    assert not districts["presence"]["drone_coverage"].any()
    assert not districts["presence"]["garrison"].any()
    assert not districts["control"]["forward_base"].any()


def test_everybody_is_somewhere(island: World, tables: Tables) -> None:
    """People are the 2015 numbers grown by 5 %; all 4,400 displaced are hosted elsewhere."""
    districts, size = tables["districts"], len(island.districts)
    displaced = tables["displaced"].reshape(size, size)  # a small world has all pairs
    grown = sum(round(row.residents_2015 * 1.05) for row in island.districts)
    assert (
        districts["people"]["residents"].sum() + districts["people"]["displaced_hosted"].sum()
        == grown
    )
    assert displaced.sum() == districts["people"]["displaced_hosted"].sum() == 4400
    assert displaced.sum(axis=1).tolist() == [row.displaced_from for row in island.districts]
    assert displaced.sum(axis=0).tolist() == districts["people"]["displaced_hosted"].tolist()
    assert displaced.min() == 0
    assert np.all(np.diag(displaced) == 0)
    assert np.all(
        districts["people"]["displaced_hosted"][districts["control"]["holder"] != STATE] == 0
    )


def test_more_displaced_than_people_are_refused(
    changed: Callable[..., World], values: dict[str, float]
) -> None:
    """Of 31,500 people of the Docks all may be displaced; 31,501 cannot be."""
    empty, broken = (
        changed("districts", lambda row: row.id == "amber-docks", displaced_from=away)
        for away in (31_500, 31_501)
    )
    assert (
        initialize(empty, values)["districts"]["people"]["residents"][
            district_numbers(empty)["amber-docks"]
        ]
        == 0
    )
    with pytest.raises(
        WorldError, match="amber-docks: more people are displaced than there are on day 0"
    ):
        initialize(broken, values)


def test_displaced_need_a_host(changed: Callable[..., World], values: dict[str, float]) -> None:
    """A country whose displaced have no host is refused; one without displaced people is not."""
    fallen = changed(
        "districts", lambda row: row.holder == "state", holder="iron-quay", gang_influence=0.9
    )
    with pytest.raises(WorldError, match="displaced but the state holds no place"):
        initialize(fallen, values)
    settled = tuple(replace(row, displaced_from=0) for row in fallen.districts)
    assert not initialize(replace(fallen, districts=settled), values)["displaced"].any()


def test_ways_lead_both_ways(island: World, tables: Tables, place: Callable[[str], int]) -> None:
    """Each link exists from both ends with its hours, by sea as by land."""
    links, districts = tables["links"], tables["districts"]
    assert len(links) == 2 * len(island.links)
    ways = {
        (number, int(links["target"][row])): (float(links["hours"][row]), bool(links["sea"][row]))
        for number in range(20)
        for row in range(
            districts["place"]["first_link"][number], districts["place"]["last_link"][number]
        )
    }
    for link in island.links:
        ends = place(link.a), place(link.b)
        assert ways[ends] == ways[ends[::-1]] == (link.hours, link.kind == "sea")


def test_travel_times_are_the_shortest_by_land(tables: Tables, place: Callable[[str], int]) -> None:
    """Docks to Gardens takes 0.25 + 0.2 hours by the Ravine; Eastwick is on an island."""
    hours = tables["destinations"]["hours"].reshape(20, 20)  # a small world has all pairs
    assert hours[place("amber-docks"), place("amber-gardens")] == pytest.approx(0.45)
    assert np.isinf(hours[place("eastwick"), place("amber-docks")])
    assert np.all(np.diag(hours) == 0.0)
    assert np.array_equal(hours, hours.T)
    land = tables["districts"]["place"]["landmass"]
    assert np.array_equal(np.isfinite(hours), land[:, None] == land)


def test_brigades_stand_next_to_gangs(tables: Tables, place: Callable[[str], int]) -> None:
    """Two per 1,000 where the state holds next to a district of a gang; none elsewhere."""
    brigade = tables["districts"]["people"]["brigade"]
    assert brigade[place("amber-gardens")] == int(0.002 * 26_250)
    assert brigade[place("amber-docks")] == brigade[place("northgate")] == 0
    assert brigade[place("inver")] == int(0.002 * 11_550)


def test_schools_and_hospitals_are_open_as_gangs_leave_them(
    tables: Tables, place: Callable[[str], int]
) -> None:
    """With gang influence of 0.9 a share of 0.6 times 0.9 is closed; in Kestrel 0.6 times 0.05."""
    districts = tables["districts"]
    assert districts["services"]["schools_open"][place("amber-docks")] == pytest.approx(
        1.0 - 0.6 * 0.9
    )
    assert districts["services"]["schools_open"][place("kestrel")] == pytest.approx(0.97)
    assert (
        districts["services"]["hospitals_open"].tolist()
        == districts["services"]["schools_open"].tolist()
    )


def test_trust_and_aid_are_the_same_everywhere(tables: Tables) -> None:
    """Trust, aid and the recruitment pool are the same in every district."""
    districts = tables["districts"]
    assert set(districts["people"]["trust"].tolist()) == {0.45}
    assert set(districts["services"]["aid_access"].tolist()) == {0.9}
    assert set(districts["people"]["recruitment_pool"].tolist()) == {1.0}


def test_gangs_have_dug_in_where_they_hold(tables: Tables, place: Callable[[str], int]) -> None:
    """Entrenchment is gang influence in the Docks, and 0 in Gardens, which the state holds."""
    entrenched = tables["districts"]["control"]["entrenchment"]
    assert entrenched[place("amber-docks")] == 0.9
    assert entrenched[place("amber-gardens")] == 0.0
    assert (entrenched > 0.0).tolist() == tables["districts"]["place"]["held_on_day_0"].tolist()


def test_regions_are_those_of_the_districts(
    island: World, tables: Tables, place: Callable[[str], int]
) -> None:
    """Regions stand in the order of their names; each has the fighters of its districts' crews."""
    names = sorted({row.region for row in island.districts})
    assert tables["regions"]["identity"].tolist() == [
        randomness.identity(f"region {name}") for name in names
    ]
    region = tables["districts"]["place"]["region"]
    assert [names[row] for row in region] == [row.region for row in island.districts]
    crews = tables["crews"]
    for row in range(len(names)):
        here = crews["fighters"][region[crews["district"]] == row]
        assert tables["regions"]["fighters_on_day_0"][row] == here.sum()
