"""Forces on day 0: gangs and crews, contingents and units, and donors."""

from collections.abc import Callable

import numpy as np
import pytest

from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    ARMY,
    MILITARY_ONLY,
    MISSION,
    POLICE,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
    UNDER_UN,
)
from teritwa.simulation.initialization import initialize
from teritwa.simulation.initialization.forces import apportion
from teritwa.world import World
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)

Tables = dict[str, np.ndarray]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [5, 3, 2], [5, 3, 2]),
        (7, [2, 1, 1], [3, 2, 2]),
        (1, [1, 1], [1, 0]),
        (0, [3, 4], [0, 0]),
        (5, [], []),
        (5, [0, 0], [0, 0]),
        (3, [0, 1], [0, 3]),
    ],
)
def test_whole_things_are_shared_by_largest_remainder(
    total: int, weights: list[int], parts: list[int]
) -> None:
    """10 by thirds is 4, 3, 3: the largest remainders round up, ties go to the first."""
    assert apportion(total, weights) == parts


def test_gangs_have_allies_and_boats(island: World, tables: Tables) -> None:
    """Two gangs share an alliance, three a coalition; a gang with a crew at a harbour has boats."""
    gangs, number = tables["gangs"], gang_numbers(island)
    assert gangs["alliance"][number["salt-street"]] == gangs["alliance"][number["ravine-band"]] != 0
    assert gangs["alliance"][number["iron-quay"]] not in (
        0,
        gangs["alliance"][number["salt-street"]],
    )
    coalition = [name for name, row in number.items() if gangs["coalition"][row]]
    assert coalition == ["iron-quay", "ravine-band", "salt-street"]
    assert [name for name, row in number.items() if gangs["boats"][row]] == ["iron-quay"]


def test_crews_share_the_fighters_of_day_0(island: World, tables: Tables) -> None:
    """6,000 fighters by weight: 60 of 342 are 1,053; crews under the state claim no district."""
    crews, gangs, places = tables["crews"], gang_numbers(island), district_numbers(island)
    row_of = {(gang, place): row for row, (gang, place) in enumerate(crews[["gang", "district"]])}
    assert crews["fighters"].sum() == 6000
    assert len(crews) == len(row_of) == 12
    row = row_of[gangs["iron-quay"], places["amber-docks"]]
    assert crews["fighters"][row] == round(6000 * 60 / 342)
    assert crews["claims_district"][row]
    hidden = row_of[gangs["iron-quay"], places["amber-airfield"]]
    assert not crews["claims_district"][hidden]
    assert len(set(crews["identity"][:12].tolist())) == 12


def test_gangs_are_armed_and_have_cash(island: World, tables: Tables) -> None:
    """The Reed Band has its part of the fighters, three firearms for four, and cash.

    60 of 342 parts are 1,053 fighters; 0.75 firearms each are 790; $25 a week each for 3 weeks
    are $78,975. With an unarmed fighter worth 0.2 they have 0.2 + 0.8 * 790 / 1053 each.
    """
    gang = tables["gangs"][gang_numbers(island)["reed-band"]]
    assert (gang["members"], gang["firearms"], gang["treasury"]) == (1053, 790, 7_897_500)
    assert gang["combat_effectiveness"] == pytest.approx(0.2 + 0.8 * 790 / 1053)
    assert gang["wage_share_paid"] == 1.0
    assert (gang["revenue_today"], gang["firearm_demand"], gang["losses_today"]) == (0, 0, 0)


def test_members_are_those_of_the_crews(tables: Tables) -> None:
    """Each gang's members are the fighters of its crews."""
    crews, gangs = tables["crews"], tables["gangs"]
    for row in range(len(gangs)):
        assert gangs["members"][row] == crews["fighters"][:12][crews["gang"][:12] == row].sum()
    assert gangs["members"].sum() == 6000


def test_more_guns_than_hands(day_0: Callable[..., Tables]) -> None:
    """With 1.5 firearms a fighter the effectiveness is 1; without wages there is no cash."""
    gangs = day_0({"arms.firearms_per_fighter_day0": 1.5, "extortion.cash_weeks_day0": 0.0})[
        "gangs"
    ]
    assert (gangs["firearms"] >= gangs["members"]).all()
    assert set(gangs["combat_effectiveness"].tolist()) == {1.0}
    assert not gangs["treasury"].any()


def test_gang_without_crews_has_nothing(
    changed: Callable[..., World], values: dict[str, float]
) -> None:
    """A gang whose crews have no weight has no members, guns or cash, and counts as unarmed."""
    world = changed("crews", lambda row: row.gang == "hill-band", weight=0)
    gang = initialize(world, values)["gangs"][gang_numbers(world)["hill-band"]]
    assert (gang["members"], gang["firearms"], gang["treasury"]) == (0, 0, 0)
    assert (gang["combat_effectiveness"], gang["wage_share_paid"]) == (0.2, 1.0)


def test_contingents_have_the_officers_of_their_units(island: World, tables: Tables) -> None:
    """Each contingent has the officers of its units, at full readiness; the mission has none."""
    numbers, contingents = contingent_numbers(island), tables["contingents"]
    assert {name: int(contingents["officers"][row]) for name, row in numbers.items()} == {
        "granby": 0,
        "island-army": 50,
        "island-police": 210,
        "island-special": 70,
        "keeland": 0,
        "lakeland": 0,
        "moorland": 0,
        "united-nations": 0,
    }
    assert np.all(contingents["readiness"] == 0.75)
    for name in (
        "in_preparation",
        "in_transit",
        "leaving",
        "vehicles",
        "vehicles_broken",
        "helicopters",
        "night_vision",
    ):
        assert not contingents[name].any(), name


def test_contingents_serve_on_their_terms(island: World, tables: Tables) -> None:
    """Force, terms, tolerance of losses and languages are those of the table."""
    numbers, contingents = contingent_numbers(island), tables["contingents"]

    def of(field: str) -> dict[str, object]:
        return {name: contingents[field][row].item() for name, row in numbers.items()}

    own = {"island-army": ARMY, "island-police": POLICE, "island-special": POLICE}
    assert of("force") == {name: own.get(name, MISSION) for name in numbers}
    assert of("foreign") == {name: name not in own for name in numbers}
    special = {"lakeland": MILITARY_ONLY, "moorland": TECHNICAL_HELP, "united-nations": UNDER_UN}
    assert of("terms") == {name: special.get(name, ANY_MISSION) for name in numbers}
    assert of("casualty_tolerance") == {
        "granby": 10.0,
        "island-army": 1e5,
        "island-police": 1e5,
        "island-special": 1e5,
        "keeland": 30.0,
        "lakeland": 20.0,
        "moorland": 5.0,
        "united-nations": 100.0,
    }
    assert {name for name, speaks in of("speaks_local_language").items() if not speaks} == {
        "granby",
        "keeland",
        "moorland",
    }


@pytest.mark.parametrize(
    ("languages", "speaks"),
    [
        ("amberish", True),
        ("keelish lowlandish", True),
        ("lowlandisher", False),
        ("granbian", False),
    ],
)
def test_one_common_language_is_enough(
    changed: Callable[..., World], values: dict[str, float], languages: str, speaks: bool
) -> None:
    """A language of the people among them is enough; a word that begins like one is not."""
    world = changed("contingents", lambda row: True, languages=languages)
    assert set(initialize(world, values)["contingents"]["speaks_local_language"].tolist()) == {
        speaks
    }


def test_units_begin_at_their_bases(island: World, tables: Tables) -> None:
    """All 330 officers are at their bases, by kind of unit, and stay there at night."""
    units, numbers = tables["units"], contingent_numbers(island)
    assert (units["officers"].sum(), len(units)) == (330, 14)
    assert units["home"].tolist() == units["quarters"].tolist() == units["district"].tolist()
    kinds = {"island-army": SOLDIERS, "island-police": STATION, "island-special": SPECIAL}
    found_kinds = dict(
        zip(units["contingent"][:14].tolist(), units["kind"][:14].tolist(), strict=True)
    )
    assert found_kinds == {numbers[name]: kind for name, kind in kinds.items()}
    assert set(units["night_share"][:14].tolist()) == {1.0}
    assert not units["posted"].any()


def test_donors_give_when_they_have_announced_something(island: World, tables: Tables) -> None:
    """Each donor has its share of the table, has announced nothing, and has not stopped."""
    donors, numbers = tables["donors"], donor_numbers(island)
    assert {name: donors["conditional_share"][row] for name, row in numbers.items()} == {
        "further-donors": 0.5,
        "main-donor": 0.3,
        "trust-fund": 0.2,
    }
    assert donors["monthly_payment"].tolist() == [0, 0, 0]
    assert donors["paying"].all()


def test_addresses_are_all_different(tables: Tables) -> None:
    """No two agents of one kind share an address: their random numbers are their own."""
    for name, size in (
        ("gangs", 5),
        ("crews", 12),
        ("contingents", 8),
        ("units", 14),
    ):
        assert len(set(tables[name]["identity"][:size].tolist())) == size, name


def test_each_crew_is_in_the_list_of_its_district(island: World, tables: Tables) -> None:
    """The lists of districts hold each crew once, where it is."""
    crews, presence, seen = tables["crews"], tables["districts"]["presence"], []
    for place in range(len(island.districts)):
        row, last = presence["first_crew"][place], NO_ONE
        while row != NO_ONE:
            assert crews["district"][row] == place
            seen.append(int(row))
            row, last = crews["next_crew"][row], row
        assert presence["last_crew"][place] == last
    assert sorted(seen) == list(range(12))
