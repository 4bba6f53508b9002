"""Flight: how many people flee, who stays, and who flees again."""

from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.population.flight import FLEE, HOSTED_FLEE, flee, flee_again, leave_home
from teritwa.rules.schedule import move_people

TODAY = run_randomness(15, 0, 0, 100)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_flees_or_returns(refuge: Any, enabled: bool) -> None:
    """As a day ends people flee killings and return to quiet districts; switched off, all stay."""
    here = refuge({"displacement.enabled": enabled})
    here.displaced[3] = [0, 5000, 0, 0]
    here.districts["people"]["displaced_from"][3] = 5000
    here.districts["people"]["displaced_hosted"][1] = 5000
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 10
    move_people(here.state, TODAY)
    residents = here.districts["people"]["residents"]
    assert (residents[0] < 100_000) == (residents[3] > 100_000) == enabled
    assert (here.daily["newly_displaced"][0] > 0) == (here.daily["returned"][0] > 0) == enabled
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("killed", "share"), [(0, 0.0), (1, 0.002), (10, 0.02), (1000, 0.25)])
def test_flight_follows_killings(refuge: Any, killed: int, share: float) -> None:
    """200 of 100,000 flee for each person killed, at most a quarter of the people in a day."""
    here = refuge()
    here.districts["counts"]["civilians_killed"][0] = killed
    flee(here.state, TODAY)
    gone = 100_000 - here.districts["people"]["residents"][0]
    assert gone == stochastic_round(share * 100_000, uniform(TODAY, FLEE, 1000))
    assert here.districts["people"]["displaced_from"].tolist() == [gone, 0, 0, 0]
    assert here.daily["newly_displaced"][0] == gone
    assert here.districts["people"]["displaced_hosted"].sum() == gone
    assert here.finding() == "balanced"


def test_the_brigade_flees_with_the_others(refuge: Any) -> None:
    """A brigade never has more members than residents are left."""
    here = refuge({"displacement.daily_share_limit": 1.0})
    here.districts["people"]["residents"][0] = here.districts["people"]["brigade"][0] = 100
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 50
    flee(here.state, TODAY)
    assert here.districts["people"]["residents"][0] == here.districts["people"]["brigade"][0] == 0
    assert here.finding() == "balanced"


def test_hosted_people_flee_again(refuge: Any) -> None:
    """When a tenth of the residents flee, a tenth of those hosted flee again, and not home."""
    here = refuge()
    here.displaced[1] = [1000, 0, 0, 0]
    here.districts["people"]["displaced_from"][1] = 1000
    here.districts["people"]["displaced_hosted"][0] = 1000
    here.near[1] = 1.0
    here.begin()
    here.districts["people"]["residents"][0], here.districts["night"]["fleeing"][0] = 90_000, 10_000
    flee_again(here.state, TODAY, 0)
    moved = stochastic_round(100.0, uniform(TODAY, HOSTED_FLEE, 1000, 1))
    assert here.displaced[1, 0] == 1000 - moved
    assert here.displaced[1, 1] == 0
    people = here.districts["people"]
    assert people["displaced_hosted"].sum() == people["displaced_from"].sum() == 1000
    assert people["displaced_hosted"][0] == 1000 - moved


def test_where_hosted_people_flee_does_not_depend_on_whether_they_do(refuge: Any) -> None:
    """People who flee alone reach two equal hosts equally often, whatever their probability.

    One hosted person flees with probability 0.3 on each of 2,000 days, some 600 times in all.
    """
    here = refuge()
    here.near[1] = 1.0
    here.districts["people"]["residents"][0], here.districts["night"]["fleeing"][0] = 70_000, 30_000
    here.districts["people"]["displaced_from"][1] = 1
    reached = [0, 0]
    for day in range(2_000):
        here.displaced[1] = [1, 0, 0, 0]
        here.districts["people"]["displaced_hosted"] = [1, 0, 0, 0]
        flee_again(here.state, run_randomness(9, 0, 0, day), 0)
        reached = [reached[0] + here.displaced[1, 2], reached[1] + here.displaced[1, 3]]
    alone = sum(reached)
    assert 500 < alone < 700
    assert abs(reached[0] - alone / 2) < 4 * (alone / 4) ** 0.5


def test_without_a_safe_host_people_stay(refuge: Any) -> None:
    """Without a safe host nobody leaves home."""
    here = refuge()
    here.districts["night"]["safety"] = 0.0
    here.districts["night"]["fleeing"][0] = 50
    leave_home(here.state, 0, 0.5)
    assert here.districts["people"]["residents"][0] == 100_000
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"
