"""Control: where influence moves, how fast, and who holds a district."""

import math
from typing import Any

import pytest

from teritwa.rules.agents.district import STATE
from teritwa.rules.districts.control import (
    gang_share,
    police_coverage,
    presence_share,
    update_control,
    update_neighbour_influence,
    zone,
)
from teritwa.rules.districts.territory import share_held_by_gangs

VALUES = {
    "control.adjustment_time": 8.0,
    "control.spillover": 0.1,
    "control.authority": 0.05,
    "control.standing_weight": 0.4,
    "control.standing_time": 120.0,
    "control.offset_time": 365.0,
    "presence.police_coverage_constant": 6.0,
    "presence.gang_coverage_constant": 3.0,
}


@pytest.mark.parametrize(
    ("influence", "number"),
    [
        (0.0, 1),
        (0.199, 1),
        (0.2, 2),
        (0.41, 3),
        (0.599, 3),
        (0.6, 4),
        (0.799, 4),
        (0.8, 5),
        (1.0, 5),
    ],
)
def test_zones_are_equal_fifths(influence: float, number: int) -> None:
    """Five zones of equal width run from the state's 1 to the gangs' 5."""
    assert zone(influence) == number


@pytest.mark.parametrize(
    ("gangs", "police", "spilled", "authority", "share"),
    [
        (0.3, 0.1, 0.0, 0.0, 0.75),  # 0.3 / 0.4
        (0.1, 0.3, 0.0, 0.0, 0.25),
        (0.3, 0.15, 0.1, 0.05, 2 / 3),  # 0.4 / 0.6
        (0.0, 0.0, 0.1, 0.05, 2 / 3),  # empty land beside gangs
        (0.0, 0.0, 0.0, 0.05, 0.0),  # empty land of the state
        (0.0, 0.0, 0.0, 0.0, 0.5),  # nobody anywhere
        (0.9, 0.0, 0.1, 0.05, 1 / 1.05),
    ],
)
def test_share_of_presence(
    gangs: float, police: float, spilled: float, authority: float, share: float
) -> None:
    """The gangs' share is (G + spilled) / (G + spilled + P + authority)."""
    assert gang_share(gangs, police, spilled, authority) == pytest.approx(share)


def test_share_depends_on_how_much_presence_there_is() -> None:
    """A parity of little presence leaves a place to the state's authority; of much it is even."""
    little = gang_share(0.01, 0.01, 0.0, 0.05)
    much = gang_share(0.8, 0.8, 0.0, 0.05)
    assert little == pytest.approx(1 / 7)
    assert much == pytest.approx(0.8 / 1.65)


def place(country: Any, influence: float = 0.4, **values: float) -> Any:
    """Return a country of two districts, the first with an influence and known coverage."""
    here = country(2, values={**VALUES, **values})
    here.districts["control"]["gang_influence"][0] = influence
    here.districts["control"]["standing"][0] = influence
    return here


def test_day_0_stays_where_sources_put_it(country: Any) -> None:
    """What presence does not explain is the local offset: 0.6 (0.4 - share) on day 0."""
    here = place(country)
    here.crew(1, 0, 100)
    here.begin()
    share = presence_share(here.state, here.state.districts[0])
    assert share > 0.9
    update_control(here.state, 0)
    control = here.districts["control"]
    assert control["gang_influence"][0] == pytest.approx(0.4)
    assert control["local_offset"][0] == pytest.approx(0.6 * (0.4 - share) * math.exp(-1 / 365))


def test_influence_approaches_its_target(country: Any) -> None:
    """Without an offset: target 0.6 share + 0.4 standing, approached by 1 - exp(-1/8) a day."""
    here = place(country, 0.2)
    crew = here.crew(1, 0, 100)
    here.begin()
    influence = standing = 0.2
    for day in range(1, 30):
        share = presence_share(here.state, here.state.districts[0])
        update_control(here.state, day)
        target = 0.6 * share + 0.4 * standing
        influence += (1 - math.exp(-1 / 8)) * (target - influence)
        standing += (1 - math.exp(-1 / 120)) * (influence - standing)
        assert here.districts["control"]["gang_influence"][0] == pytest.approx(influence)
        assert here.districts["control"]["standing"][0] == pytest.approx(standing)
    assert here.crews["gang"][crew] == here.districts["control"]["holder"][0] == 1


def test_a_place_with_both_sides_is_contested_for_weeks(country: Any) -> None:
    """From 0.9, with police as strong as gangs, zone 5 to zone 3 takes more than four weeks."""
    here = place(country, 0.95)
    here.districts["control"]["holder"][0] = 1
    here.districts["presence"]["officers_day"][0] = 12.0
    here.districts["presence"]["officers_night"][0] = 12.0
    here.districts["presence"]["claimant_fighters"][0] = 6
    days = 0
    while here.districts["control"]["gang_influence"][0] > 0.6:
        days += 1
        update_control(here.state, days)
    assert 28 < days < 365


def test_empty_land_drifts_towards_its_neighbours_and_its_people(country: Any) -> None:
    """With nobody there, trust and a state next door draw a place from the gangs, and the reverse.

    Spillover 0.1 of a full neighbour against authority 0.05: 2/3 in the long run; without
    neighbours 0; with half the trust 0.1 / 0.125 = 0.8.
    """
    for neighbour, trust, end in ((1.0, 1.0, 2 / 3), (0.0, 1.0, 0.0), (1.0, 0.5, 0.8)):
        here = place(country, 0.5)
        control = here.districts["control"]
        control["neighbour_gang_influence"][0] = neighbour
        here.districts["people"]["trust"][0] *= trust
        for day in range(1, 3000):
            update_control(here.state, day)
        assert control["gang_influence"][0] == pytest.approx(end, abs=0.01)


def test_police_coverage_is_the_mean_of_day_and_night(country: Any) -> None:
    """6 officers per 1,000 people by day and 12 by night cover (2/3 + 8/9) / 2 = 7/9."""
    here = place(country)
    here.districts["presence"]["officers_day"][0] = 6.0
    here.districts["presence"]["officers_night"][0] = 12.0
    assert police_coverage(here.state, here.state.districts[0]) == pytest.approx(7 / 9)


def test_hosted_people_need_coverage_too(country: Any) -> None:
    """With as many displaced as residents, twice the officers and fighters give the same share."""
    here = country(2, values=VALUES)
    presence = here.districts["presence"]
    presence["officers_day"] = presence["officers_night"] = [6.0, 12.0]
    here.districts["people"]["displaced_hosted"][1] = 1000
    presence["claimant_fighters"] = [1, 2]
    one, two = (presence_share(here.state, here.state.districts[row]) for row in (0, 1))
    assert one == pytest.approx(two)


@pytest.mark.parametrize("presence", [(3, 6.0), (30, 1.0), (0, 6.0)])
def test_a_district_cut_in_two_has_the_same_share(
    country: Any, presence: tuple[int, float]
) -> None:
    """Half the people with half the fighters and officers: the share does not depend on size."""
    fighters, officers = presence
    here = country(2, values=VALUES)
    here.districts["people"]["residents"] = [1000, 2000]
    here.districts["presence"]["claimant_fighters"] = [fighters, 2 * fighters]
    here.districts["presence"]["officers_day"] = [officers, 2 * officers]
    one, two = (presence_share(here.state, here.state.districts[row]) for row in (0, 1))
    assert one == pytest.approx(two)


@pytest.mark.parametrize(("influence", "holder"), [(0.499, STATE), (0.501, 2), (0.9, 2)])
def test_the_strongest_crew_holds_from_one_half_on(
    country: Any, influence: float, holder: int
) -> None:
    """Below one half the state holds; from there on the gang of the strongest crew does."""
    here = country(2, values={**VALUES, "control.adjustment_time": 21.0})
    here.districts["control"]["holder"][0] = 0
    here.districts["control"]["gang_influence"][0] = influence
    here.crew(2, 0, 3)
    here.begin()
    update_control(here.state, 0)  # on day 0 influence stays where it is
    assert here.districts["control"]["holder"][0] == holder


def test_crews_without_a_claim_change_nothing(country: Any) -> None:
    """Crews without a claim move no influence and do not become the holder."""
    found = []
    for fighters in (0, 50):
        here = country(2, values=VALUES)
        here.crews["claims_district"][here.crew(2, 0, fighters)] = False
        here.districts["control"]["gang_influence"] = [0.3, 0.9]
        here.districts["control"]["holder"] = [STATE, 1]
        here.begin()
        update_control(here.state, 1)
        found.append(here.districts["control"]["gang_influence"].tolist())
        assert here.districts["control"]["holder"].tolist() == [STATE, 1]
    assert found[0] == found[1]


def test_the_strongest_claimant_holds(country: Any) -> None:
    """A larger crew without a claim does not keep a district from a smaller claimant."""
    here = country(2, values=VALUES)
    here.crews["claims_district"][here.crew(0, 0, 50)] = False
    here.crew(1, 0, 10)
    here.crew(2, 0, 20)
    here.districts["control"]["gang_influence"][0] = 0.9
    here.begin()
    update_control(here.state, 1)
    assert here.districts["control"]["holder"][0] == 2


def test_the_last_holder_keeps_an_empty_district(country: Any) -> None:
    """Without crews a gang with influence goes on holding its district."""
    here = country(2, values=VALUES)
    here.begin()
    here.districts["control"]["holder"][0], here.districts["control"]["gang_influence"][0] = 1, 0.8
    update_control(here.state, 1)
    assert here.districts["control"]["holder"][0] == 1


@pytest.mark.parametrize(
    ("holder", "influence", "fighters", "now"),
    [
        (STATE, 0.2, 0, STATE),
        (1, 0.9, 5, 1),
        (STATE, 0.49, 900, 1),
        (0, 0.9, 5, 1),
        (0, 0.9, 0, 0),
        (1, 0.3, 0, STATE),
    ],
)
def test_how_districts_change_hands(
    country: Any, holder: int, influence: float, fighters: int, now: int
) -> None:
    """Districts pass from the state to a gang, back, or between gangs.

    Only districts that the state loses are abandoned.
    """
    here = country(2, values=VALUES)
    here.crew(1, 0, fighters)
    here.districts["control"]["holder"][0] = holder
    here.districts["control"]["gang_influence"][0] = influence
    here.districts["control"]["standing"][0] = influence
    here.districts["control"]["station"] = True
    here.begin()
    update_control(here.state, 1)
    assert here.districts["control"]["holder"][0] == now
    assert here.districts["control"]["station"].tolist() == [holder != STATE or now == STATE, True]


def test_share_of_the_people_under_gangs(country: Any) -> None:
    """1,000 of 4,000 people of 2015 in the capital and 6,000 of 10,000 in all are under gangs."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values=VALUES)
    here.districts["place"]["residents_2015"] = [1000, 3000, 5000, 1000]
    here.districts["people"]["residents"] = 7
    here.districts["place"]["metropolitan"] = [True, True, False, False]
    here.set_influence([0.5, 0.499, 1.0, 0.0])
    assert share_held_by_gangs(here.state, True) == 0.25
    assert share_held_by_gangs(here.state, False) == 0.6
    here.districts["place"]["metropolitan"] = False
    assert share_held_by_gangs(here.state, True) == 0.0


@pytest.mark.parametrize(
    ("influence", "share"),
    [
        ([0.0, 0.0, 0.0, 1.0], 0.0),
        ([0.5, 0.0, 0.0, 0.0], 0.1),
        ([0.49, 0.5, 0.0, 0.0], 0.3),
        ([1.0, 1.0, 1.0, 0.0], 1.0),
        ([0.0, 0.0, 0.6, 1.0], 0.6),
    ],
)
def test_territory_is_weighed_by_the_people_of_2015(
    country: Any, influence: list[float], share: float
) -> None:
    """Districts of the capital with an influence of one half or more count by residents of 2015."""
    here = country(4, [(0, 1)])
    here.districts["place"]["residents_2015"] = [100, 300, 600, 5000]
    here.districts["people"]["residents"] = [7, 7, 0, 7]
    here.districts["place"]["metropolitan"][3] = False
    here.set_influence(influence)
    assert share_held_by_gangs(here.state, True) == pytest.approx(share)


def test_without_a_capital_gangs_hold_none_of_it(country: Any) -> None:
    """Without districts or residents of the capital the share is 0 and not a division by zero."""
    here = country(2)
    here.districts["control"]["gang_influence"] = 1.0
    here.districts["place"]["metropolitan"] = False
    assert share_held_by_gangs(here.state, True) == 0.0
    here.districts["place"]["metropolitan"], here.districts["place"]["residents_2015"] = True, 0
    assert share_held_by_gangs(here.state, True) == 0.0


def test_neighbour_influence(country: Any) -> None:
    """The middle of three districts has (3,000 * 0.8 + 1,000 * 0) / 4,000 = 0.6 next door.

    A district without links has 0.
    """
    here = country(4, [(0, 1), (1, 2)])
    here.districts["place"]["residents_2015"][0] = 3000
    here.districts["control"]["gang_influence"] = [0.8, 0.5, 0.0, 1.0]
    update_neighbour_influence(here.state)
    assert here.districts["control"]["neighbour_gang_influence"].tolist() == pytest.approx(
        [0.5, 0.6, 0.5, 0.0]
    )
