"""Aid: which goods arrive over which roads, whom aid reaches, and who lives in camps without it."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.rules.population.aid import deliver_aid, passage_through, update_supply

VALUES = {
    "aid.camp_share": 0.25,
    "aid.child_share": 0.5,
    "aid.coverage": 0.8,
    "aid.loss_in_transit": 0.1,
    "aid.passage_share": 0.5,
}
ROAD = [(0, 1), (1, 2), (2, 3)]


def road(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return four districts in a line: the first has a port and a gang holds the third."""
    here = country(4, ROAD, values={**VALUES, **values})
    here.districts["place"]["port"][0] = True
    here.districts["control"]["holder"][2] = 1
    here.districts["services"]["goods_supply"] = 0.0
    return here.begin()


def supply(here: Any, days: int) -> list[float]:
    """Update the supply for some days and return what arrives in each district."""
    for _ in range(days):
        update_supply(here.state)
    found: list[float] = here.districts["services"]["goods_supply"].tolist()
    return found


def test_what_a_district_lets_pass(country: Any) -> None:
    """Every district loses a tenth of the goods, and gangs let half of the others pass."""
    here = road(country)
    found = [passage_through(here.state.districts[place], here.rules("aid")) for place in range(4)]
    assert found == pytest.approx([0.9, 0.9, 0.45, 0.9])


def test_what_arrives_along_a_road(country: Any) -> None:
    """The port gets 0.9, and each district beyond 0.9 of that before it, or 0.45 under a gang."""
    here = road(country)
    assert supply(here, 1) == pytest.approx([0.9, 0.81, 0.3645, 0.32805])


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ([(0, 1), (1, 2), (0, 3), (3, 2)], [0.9, 0.405, 0.729, 0.81]),  # around the gang in 1
        ([(0, 1), (1, 2), (2, 3)], [0.9, 0.405, 0.3645, 0.32805]),  # through it
        ([(0, 1), (2, 3)], [0.9, 0.405, 0.0, 0.0]),  # no way
    ],
)
def test_goods_take_the_best_way(
    country: Any, ways: list[tuple[int, int]], expected: list[float]
) -> None:
    """Goods take a detour around a gang's district if it is better; without a road none arrive."""
    here = country(4, ways, values=VALUES)
    here.districts["place"]["port"][0] = True
    here.districts["control"]["holder"][1] = 1
    here.districts["services"]["goods_supply"] = 0.0
    assert supply(here, 8) == pytest.approx(expected)


def test_an_airport_is_as_good_as_a_port(country: Any) -> None:
    """Goods enter by an airport as by a port, and not by a fuel terminal."""
    here = road(country)
    here.districts["place"]["airport"][3] = True
    assert supply(here, 8) == pytest.approx([0.9, 0.81, 0.405, 0.9])
    here = road(country)
    here.districts["place"]["port"], here.districts["place"]["fuel_terminal"] = False, True
    assert supply(here, 8) == [0.0] * 4


def test_a_port_that_gangs_hold_lets_half_pass(country: Any) -> None:
    """Under a gang a port lets half as many goods pass to all districts."""
    here = road(country)
    here.districts["control"]["holder"][0] = 1
    assert supply(here, 8) == pytest.approx([0.45, 0.405, 0.18225, 0.164025])


def test_a_road_that_opens_supplies_districts_beyond(country: Any) -> None:
    """When a gang leaves a district, that district and the one beyond get twice as much."""
    here = road(country)
    supply(here, 1)
    here.districts["control"]["holder"][2] = -1
    assert supply(here, 1) == pytest.approx([0.9, 0.81, 0.729, 0.6561])


@pytest.mark.parametrize(
    ("loss", "beyond"), [(0.0, 0.5), (0.02, 0.5 * 0.98**4), (0.1, 0.5 * 0.9**4)]
)
def test_a_road_that_closes_cuts_districts_beyond(country: Any, loss: float, beyond: float) -> None:
    """When a gang takes a district, half of the goods are missing beyond it.

    Two districts cannot go on supplying each other with what they had yesterday.
    """
    here = road(country, {"aid.loss_in_transit": loss})
    here.districts["control"]["holder"] = -1
    supply(here, 8)
    here.districts["control"]["holder"][1] = 1
    found = supply(here, 4)
    assert found[0] == pytest.approx(1 - loss)
    assert found[3] == pytest.approx(beyond)


@pytest.mark.parametrize(
    ("day", "counted"), [(0, True), (1, False), (6, False), (7, True), (14, True)]
)
def test_supply_is_updated_each_week(country: Any, day: int, counted: bool) -> None:
    """Supply is updated every seventh day, and aid reaches 0.8 of what arrives every day."""
    here = road(country)
    deliver_aid(here.state, day)
    arrives = [0.9, 0.81, 0.3645, 0.32805] if counted else [0.0] * 4
    assert here.districts["services"]["goods_supply"].tolist() == pytest.approx(arrives)
    assert here.districts["services"]["aid_access"].tolist() == pytest.approx(
        [0.8 * share for share in arrives]
    )


def test_camps_are_counted(country: Any) -> None:
    """A quarter of 4,000 displaced live in camps, some of them without aid, and half are children.

    The shares without aid are 1 - 0.8 * 0.9 and 1 - 0.8 * 0.32805.
    """
    here = road(country)
    here.districts["people"]["displaced_hosted"] = [1000, 0, 0, 3000]
    here.by_pair("displaced")[1] = [1000, 0, 0, 3000]
    here.districts["people"]["displaced_from"][1] = 4000
    deliver_aid(here.state, 0)
    assert here.daily["displaced_in_camps"][0] == 1000
    assert here.daily["displaced_without_aid"][0] == int(250 * 0.28 + 750 * 0.73756)
    assert here.daily["children_displaced"][0] == 2000


def test_without_displaced_persons_all_counts_are_zero(country: Any) -> None:
    """Without displaced persons all three counts are zero."""
    here = road(country)
    names = ["displaced_in_camps", "displaced_without_aid", "children_displaced"]
    for name in names:
        here.daily[name] = 5
    deliver_aid(here.state, 3)
    assert here.daily[names][0].tolist() == (0, 0, 0)


def test_switched_off_aid_access_stays(country: Any) -> None:
    """Switched off, aid access stays as it is, and the counts of camps follow from it."""
    here = road(country, {"aid.enabled": False})
    here.districts["services"]["aid_access"] = 0.6
    here.districts["people"]["displaced_hosted"][2] = 4000
    for day in range(3):
        deliver_aid(here.state, day)
    assert here.districts["services"]["aid_access"].tolist() == [0.6] * 4
    assert here.daily["displaced_in_camps"][0] == 1000
    assert here.daily["displaced_without_aid"][0] == 400


@pytest.mark.parametrize("passage", [0.2, 0.6, 1.0])
def test_more_passage_leaves_fewer_without_aid(country: Any, passage: float) -> None:
    """Of 1,000 in camps beyond a gang's district aid misses 1 - 0.8 * 0.9**4 * passage."""
    here = road(country, {"aid.passage_share": passage})
    here.districts["people"]["displaced_hosted"][3] = 4000
    deliver_aid(here.state, 0)
    assert here.daily["displaced_without_aid"][0] == int(1000 * (1 - 0.8 * 0.9**4 * passage))
