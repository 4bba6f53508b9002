"""Aid: what arrives over which ways, whom it reaches, and who lives in camps without it."""

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


def road(country: Any, **values: float) -> Any:
    """Return four places in a row of which the first has a port and a gang holds the third; nothing is on its way."""
    here = country(4, ROAD, values={**VALUES, **{f"aid.{name}": value for name, value in values.items()}})
    here.districts["place"]["port"][0], here.districts["control"]["holder"][2], here.districts["services"]["goods_supply"] = True, 1, 0.0
    return here.begin()


def move(here: Any, days: int) -> list[float]:
    """Let goods move for some days; return what arrives in each place."""
    for _ in range(days):
        update_supply(here.state)
    found: list[float] = here.districts["services"]["goods_supply"].tolist()
    return found


def test_what_a_district_lets_pass(country: Any) -> None:
    """A tenth is lost everywhere; gangs let half of the others through."""
    here = road(country)
    found = [passage_through(here.state.districts[place], here.rules("aid")) for place in range(4)]
    assert found == pytest.approx([0.9, 0.9, 0.45, 0.9])


def test_what_arrives_along_a_road(country: Any) -> None:
    """0.9 arrives at the port, 0.9 of that next door, 0.45 of that under the gang and 0.9 of that beyond."""
    here = road(country)
    assert move(here, 1) == pytest.approx([0.9, 0.81, 0.3645, 0.32805])


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ([(0, 1), (1, 2), (0, 3), (3, 2)], [0.9, 0.405, 0.729, 0.81]),  # around the gang in 1
        ([(0, 1), (1, 2), (2, 3)], [0.9, 0.405, 0.3645, 0.32805]),  # through it
        ([(0, 1), (2, 3)], [0.9, 0.405, 0.0, 0.0]),  # no way
    ],
)
def test_goods_take_the_best_way(country: Any, ways: list[tuple[int, int]], expected: list[float]) -> None:
    """A detour past what gangs hold is worth it; where no way leads nothing arrives."""
    here = country(4, ways, values=VALUES)
    here.districts["place"]["port"][0], here.districts["control"]["holder"][1], here.districts["services"]["goods_supply"] = True, 1, 0.0
    assert move(here, 8) == pytest.approx(expected)


def test_an_airport_is_as_good_as_a_port(country: Any) -> None:
    """Goods that are flown in need no way past the gang; a fuel terminal brings none."""
    here = road(country)
    here.districts["place"]["airport"][3] = True
    assert move(here, 8) == pytest.approx([0.9, 0.81, 0.405, 0.9])
    here = road(country)
    here.districts["place"]["port"], here.districts["place"]["fuel_terminal"] = False, True
    assert move(here, 8) == [0.0] * 4


def test_a_port_that_gangs_hold_lets_half_pass(country: Any) -> None:
    """What the first district keeps back is missing everywhere: 0.45, then 0.9 of that, 0.45 and 0.9 again."""
    here = road(country)
    here.districts["control"]["holder"][0] = 1
    assert move(here, 8) == pytest.approx([0.45, 0.405, 0.18225, 0.164025])


def test_a_way_that_opens_is_felt_beyond(country: Any) -> None:
    """When the gang leaves, its place gets 0.729 and the one beyond 0.6561."""
    here = road(country)
    move(here, 1)
    here.districts["control"]["holder"][2] = -1
    assert move(here, 1) == pytest.approx([0.9, 0.81, 0.729, 0.6561])


@pytest.mark.parametrize(("waste", "beyond"), [(0.0, 0.5), (0.02, 0.5 * 0.98**4), (0.1, 0.5 * 0.9**4)])
def test_a_way_that_closes_is_felt_beyond(country: Any, waste: float, beyond: float) -> None:
    """When a gang takes the second place, half of the goods are missing in the two beyond it.

    What two places had yesterday is no source of goods: they cannot go on supplying each other.
    """
    here = road(country, waste=waste)
    here.districts["control"]["holder"] = -1
    move(here, 8)
    here.districts["control"]["holder"][1] = 1
    found = move(here, 4)
    assert found[0] == pytest.approx(1 - waste)
    assert found[3] == pytest.approx(beyond)


@pytest.mark.parametrize(("day", "counted"), [(0, True), (1, False), (6, False), (7, True), (14, True)])
def test_ways_are_counted_anew_each_week(country: Any, day: int, counted: bool) -> None:
    """On the first day and on each seventh; aid reaches 0.8 of what arrives, every day."""
    here = road(country)
    deliver_aid(here.state, day)
    arrives = [0.9, 0.81, 0.3645, 0.32805] if counted else [0.0] * 4
    assert here.districts["services"]["goods_supply"].tolist() == pytest.approx(arrives)
    assert here.districts["services"]["aid_access"].tolist() == pytest.approx([0.8 * share for share in arrives])


def test_camps_are_counted(country: Any) -> None:
    """A quarter of 4,000 displaced live in camps; of these aid misses 1 - 0.8 * 0.9 and 1 - 0.8 * 0.32805."""
    here = road(country)
    here.districts["people"]["displaced_hosted"], here.displaced[1] = [1000, 0, 0, 3000], [1000, 0, 0, 3000]
    here.districts["people"]["displaced_from"][1] = 4000
    deliver_aid(here.state, 0)
    assert here.today["displaced_in_camps"][0] == 1000
    assert here.today["displaced_without_aid"][0] == int(250 * 0.28 + 750 * 0.73756)
    assert here.today["children_displaced"][0] == 2000


def test_nobody_displaced_nobody_in_camps(country: Any) -> None:
    """Without displaced persons all three counts are nil."""
    here = road(country)
    here.today["displaced_in_camps"] = here.today["displaced_without_aid"] = here.today["children_displaced"] = 5
    deliver_aid(here.state, 3)
    counts = [here.today[name][0] for name in ("in_camps", "without_aid", "children_displaced")]
    assert counts == [0, 0, 0]


def test_switched_off_aid_does_not_ask_who_holds_the_ways(country: Any) -> None:
    """Its reach stays as it is on day 0 and later, whoever holds what; the camps are counted by it."""
    here = road(country, acts=False)
    here.districts["services"]["aid_access"] = 0.6
    here.districts["people"]["displaced_hosted"][2] = 4000
    for day in range(3):
        deliver_aid(here.state, day)
    assert here.districts["services"]["aid_access"].tolist() == [0.6] * 4
    assert (here.today["displaced_in_camps"][0], here.today["displaced_without_aid"][0]) == (1000, 400)


@pytest.mark.parametrize("passage", [0.2, 0.6, 1.0])
def test_the_more_passes_the_fewer_are_without_aid(country: Any, passage: float) -> None:
    """Of 1,000 in camps beyond a gang's place, aid misses 1 - 0.8 * 0.9**4 * passage."""
    here = road(country, passage=passage)
    here.districts["people"]["displaced_hosted"][3] = 4000
    deliver_aid(here.state, 0)
    assert here.today["displaced_without_aid"][0] == int(1000 * (1 - 0.8 * 0.9**4 * passage))
