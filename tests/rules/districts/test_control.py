"""Control: where influence moves, how fast, and who holds a district."""

import math
from typing import Any

import pytest

from teritwa.rules.agents.district import STATE
from teritwa.rules.districts.control import (
    influence_target,
    share_held_by_gangs,
    update_control,
    update_neighbour_influence,
    zone,
)
from teritwa.rules.districts.presence import coverage
from teritwa.world import HELD

VALUES = {
    "control.adjustment_time": 8.0,
    "control.coverage_floor": 0.1,
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
    ("influence", "gangs", "police", "target"),
    [
        (0.7, 0.0, 0.0, 0.7),  # nobody there: all stays as it is
        (0.3, 0.0, 0.0, 0.3),
        (0.7, 0.3, 0.1, 0.75),  # the gangs hold and dominate: they consolidate, 0.3 / (0.3 + 0.1)
        (0.9, 0.3, 0.1, 0.9),  # ... and lose nothing of what they have
        (0.7, 0.1, 0.3, 0.25),  # the police cover more, and more than the floor: 0.1 / 0.4
        (0.7, 0.01, 0.09, 0.7),  # the police cover more, but less than the floor
        (0.3, 0.3, 0.1, 0.75),  # the state holds, the gangs dominate
        (0.3, 0.09, 0.01, 0.3),  # ... but cover less than the floor
        (0.7, 0.02, 0.1, 1 / 6),  # a coverage of just the floor counts: 0.02 / 0.12
        (0.3, 0.1, 0.02, 5 / 6),
        (0.3, 0.05, 0.15, 0.25),  # the state consolidates: 0.05 / 0.2
        (0.2, 0.1, 0.15, 0.2),  # ... and loses nothing
        (0.5, 0.2, 0.2, 0.5),  # parity at one half: the incumbent keeps it
        (0.3, 0.2, 0.2, 0.3),  # parity below it: so does the state
    ],
)
def test_influence_target(
    country: Any, influence: float, gangs: float, police: float, target: float
) -> None:
    """The holder consolidates; a rival counts only above the holder and the floor of 0.1."""
    here = country(values=VALUES)
    here.districts["control"]["gang_influence"][0] = influence
    here.districts["control"]["holder"][0] = 2 if influence >= HELD else STATE
    district = here.state.districts[0]
    assert influence_target(district, gangs, police, 0.1) == pytest.approx(target)


@pytest.mark.parametrize("gangs", [0.05, 0.12, 0.3])
@pytest.mark.parametrize("police", [0.05, 0.12, 0.3])
@pytest.mark.parametrize("influence", [0.1, 0.4, 0.7, 0.95])
def test_the_two_sides_are_treated_alike(
    country: Any, influence: float, gangs: float, police: float
) -> None:
    """With the sides exchanged, influence heads to the complement: hysteresis is symmetric."""
    here = country(2, values=VALUES)
    here.districts["control"]["gang_influence"] = [influence, 1.0 - influence]
    here.districts["control"]["holder"] = [2, STATE] if influence >= HELD else [STATE, 2]
    one = influence_target(here.state.districts[0], gangs, police, 0.1)
    other = influence_target(here.state.districts[1], police, gangs, 0.1)
    assert one == pytest.approx(1.0 - other)


def test_influence_approaches_its_target(country: Any) -> None:
    """With gangs alone the distance of influence to 1 shrinks by exp(-1/8) a day."""
    here = country(2, values=VALUES)
    crew = here.crew(1, 0, 100)
    here.begin()
    here.districts["control"]["gang_influence"][0] = 0.2
    for day in range(1, 9):
        update_control(here.state)
        assert here.districts["control"]["gang_influence"][0] == pytest.approx(
            1.0 - 0.8 * math.exp(-day / 8.0)
        )
    assert here.crews["gang"][crew] == here.districts["control"]["holder"][0] == 1
    assert here.districts["control"]["gang_influence"][1] == 0.0


def test_police_coverage_is_the_mean_of_day_and_night(country: Any) -> None:
    """6 officers per 1,000 people by day and 12 by night cover (2/3 + 8/9) / 2 = 7/9."""
    here = country(2, values=VALUES)
    here.districts["presence"]["officers_day"][0] = 6.0
    here.districts["presence"]["officers_night"][0] = 12.0
    here.districts["presence"]["claimant_fighters"][0] = 1
    here.districts["control"]["gang_influence"][0] = 0.7
    gangs = coverage(1.0, 1000, 3.0)
    assert gangs == pytest.approx(1 - 3 ** (-1 / 3))
    update_control(here.state)
    share = gangs / (gangs + 7 / 9)
    expected = 0.7 + (1 - math.exp(-1 / 8)) * (share - 0.7)
    assert here.districts["control"]["gang_influence"][0] == pytest.approx(expected)


def test_hosted_people_need_coverage_too(country: Any) -> None:
    """With as many displaced as residents, twice the officers and fighters cover as much."""
    here = country(2, values=VALUES)
    here.districts["presence"]["officers_day"] = here.districts["presence"]["officers_night"] = [
        6.0,
        12.0,
    ]
    here.districts["people"]["displaced_hosted"][1] = 1000
    here.districts["presence"]["claimant_fighters"] = [1, 2]
    here.districts["control"]["gang_influence"] = 0.7
    update_control(here.state)
    assert here.districts["control"]["gang_influence"][0] == pytest.approx(
        here.districts["control"]["gang_influence"][1]
    )


@pytest.mark.parametrize(("influence", "holder"), [(0.499, STATE), (0.5, 2), (0.9, 2)])
def test_the_strongest_crew_holds_from_one_half_on(
    country: Any, influence: float, holder: int
) -> None:
    """Below one half the state holds; from there on the gang of the strongest crew does."""
    here = country(2, values={**VALUES, "control.adjustment_time": 21.0})
    here.districts["control"]["holder"][0] = 0
    here.districts["control"]["gang_influence"][0] = influence
    here.crew(2, 0, 3)
    here.begin()
    here.districts["presence"]["claimant_fighters"][0] = 0  # nobody's presence moves the influence
    update_control(here.state)
    assert here.districts["control"]["holder"][0] == holder


def test_crews_without_a_claim_change_nothing(country: Any) -> None:
    """Crews without a claim move no influence and do not become the holder."""
    here = country(2, values=VALUES)
    here.crews["claims_district"][here.crew(2, 0, 50)] = False
    here.crews["claims_district"][here.crew(2, 1, 50)] = False
    here.districts["control"]["gang_influence"] = [0.3, 0.9]
    here.districts["control"]["holder"] = [STATE, 1]
    here.begin()
    update_control(here.state)
    assert here.districts["control"]["gang_influence"].tolist() == [0.3, 0.9]
    assert here.districts["control"]["holder"].tolist() == [STATE, 1]


def test_the_strongest_claimant_holds(country: Any) -> None:
    """A larger crew without a claim does not keep a district from a smaller claimant."""
    here = country(2, values=VALUES)
    here.crews["claims_district"][here.crew(0, 0, 50)] = False
    here.crew(1, 0, 10)
    here.crew(2, 0, 20)
    here.districts["control"]["gang_influence"][0] = 0.9
    here.begin()
    update_control(here.state)
    assert here.districts["control"]["holder"][0] == 2


def test_the_last_holder_keeps_an_empty_district(country: Any) -> None:
    """Without crews a gang with influence goes on holding its district."""
    here = country(2, values=VALUES)
    here.begin()
    here.districts["control"]["holder"][0], here.districts["control"]["gang_influence"][0] = 1, 0.8
    update_control(here.state)
    assert here.districts["control"]["holder"][0] == 1
    assert here.districts["control"]["gang_influence"][0] == 0.8


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
    here.districts["control"]["station"] = True
    here.begin()
    update_control(here.state)
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
