"""Flight: how many people flee, who stays, and who flees again."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.population.displacement import update_safety
from teritwa.rules.population.flight import (
    FLEE,
    HOSTED_FLEE,
    count_fleeing,
    flee,
    flee_again,
)
from teritwa.rules.population.hosts import share_hosts
from teritwa.rules.schedule import move_people

TODAY = run_randomness(15, 0, 0, 99)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_flees_or_returns(refuge: Any, enabled: bool) -> None:
    """As a day ends people flee killings and return to quiet districts; switched off, all stay."""
    here = refuge({"displacement.enabled": enabled})
    here.by_pair("displaced")[3] = [0, 5000, 0, 0]
    here.districts["people"]["displaced_from"][3] = 5000
    here.districts["people"]["displaced_hosted"][1] = 5000
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 10
    move_people(here.state, run_randomness(15, 0, 0, 96))  # the day of the week of district 3
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


@pytest.mark.parametrize(("killed", "share"), [(0, 0.0), (10, 0.04), (1000, 0.25)])
def test_a_mood_moves_all_who_flee(refuge: Any, killed: int, share: float) -> None:
    """At a level of ln 2 twice as many flee for one cause; the limit of a day stays."""
    here = refuge()
    here.moods["flight"] = np.log(2.0)
    here.districts["counts"]["civilians_killed"][0] = killed
    flee(here.state, TODAY)
    gone = 100_000 - here.districts["people"]["residents"][0]
    assert gone == stochastic_round(share * 100_000, uniform(TODAY, FLEE, 1000))


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
    """When a tenth of the residents flee, a tenth of those hosted flee again, and not home.

    505 deaths displace 101,000 * 0.1 of 101,000 people; those hosted are of two origins, 3 to 1.
    """
    here = refuge({"displacement.displaced_per_killed": 20.0, "displacement.network_effect": 0.0})
    here.by_pair("displaced")[1], here.by_pair("displaced")[2] = [750, 0, 0, 0], [250, 0, 0, 0]
    here.districts["people"]["displaced_from"][1:3] = [750, 250]
    here.districts["people"]["displaced_hosted"][0] = 1000
    here.by_pair("near")[0], here.by_pair("family")[0] = 1.0, 0.0
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 505
    flee(here.state, TODAY)
    moved = stochastic_round(100.0, uniform(TODAY, HOSTED_FLEE, 1000))
    left = here.by_pair("displaced")[1:3, 0]
    assert left.sum() == 1000 - moved
    assert abs(left[0] - 675) <= 1
    assert here.by_pair("displaced")[1, 1] == here.by_pair("displaced")[2, 2] == 0
    people = here.districts["people"]
    assert people["displaced_hosted"].sum() == people["displaced_from"].sum()
    assert people["displaced_hosted"][0] == 1000 - moved
    assert here.finding() == "balanced"


def test_hosted_people_flee_where_no_resident_is_left(refuge: Any) -> None:
    """Where 1,000 displaced people are alone, 250 flee from a massacre, whoever lives there."""
    here = refuge()
    here.by_pair("displaced")[1] = [1000, 0, 0, 0]
    people = here.districts["people"]
    people["residents"][0] = 0
    people["displaced_from"][1], people["displaced_hosted"][0] = 1000, 1000
    here.by_pair("near")[0], here.by_pair("family")[0] = 1.0, 0.0
    here.begin()
    here.districts["counts"]["civilians_killed"][0] = 100
    flee(here.state, TODAY)
    assert people["displaced_hosted"][0] == 750
    assert here.daily["newly_displaced"][0] == 0
    assert here.finding() == "balanced"


def shares_fled(here: Any, days: range) -> list[float]:
    """Return the share of district 0's residents who flee on each day."""
    found, people = [], here.districts["people"]
    for day in days:
        before = int(people["residents"][0])
        update_safety(here.state, day)
        flee(here.state, run_randomness(15, 0, 0, day))
        found.append(1.0 - int(people["residents"][0]) / before)
        assert here.finding() == "balanced"
    return found


def test_people_flee_when_a_gang_takes_their_district(refuge: Any) -> None:
    """0.4 of the people flee over ten days, 0.0498 of those left each day, and then nobody."""
    here = refuge({"displacement.takeover_share": 0.4, "displacement.takeover_days": 10})
    here.set_influence(0.9, 0)
    here.districts["people"]["under_gang"][0] = False
    fled = shares_fled(here, range(100, 114))
    assert fled[:10] == pytest.approx([1.0 - 0.6**0.1] * 10, abs=2e-5)
    assert fled[10:] == [0.0] * 4
    assert here.districts["people"]["residents"][0] == pytest.approx(60_000, abs=10)


def test_where_gangs_have_long_held_nobody_flees_a_takeover(refuge: Any) -> None:
    """A district under a gang since day 0 has not fallen; nor has one that returns and falls again.

    30 days must pass from one takeover to the next.
    """
    here = refuge({"displacement.takeover_share": 0.4, "displacement.takeover_days": 10})
    here.set_influence(0.9, 0)
    assert shares_fled(here, range(100, 103)) == [0.0] * 3
    here.districts["people"]["fallen_on"][0] = 80
    here.districts["people"]["under_gang"][0] = False
    assert shares_fled(here, range(110, 112)) == [0.0] * 2
    here.districts["people"]["under_gang"][0] = False
    assert shares_fled(here, range(112, 114))[0] > 0.04


@pytest.mark.parametrize(
    ("attacked_on", "claimed", "held", "flees"),
    [(86, 0, False, True), (85, 0, False, False), (-1000, 5, False, True), (-1000, 5, True, False)],
)
def test_people_flee_from_menace(
    refuge: Any, attacked_on: int, claimed: int, held: bool, flees: bool
) -> None:
    """0.002 flee a day, once a week, for 14 days after an attack or where a crew claims the place.

    District 0 has the identity 1000, and day 99 is its day of the week.
    """
    here = refuge({"displacement.menace_share": 0.002})
    if held:
        here.set_influence(0.9, 0)
    here.districts["control"]["attacked_on"][0] = attacked_on
    here.districts["presence"]["claimant_fighters"][0] = claimed
    people = here.districts["people"]
    flee(here.state, TODAY)
    gone = 100_000 - people["residents"][0]
    assert gone == (stochastic_round(1400.0, uniform(TODAY, FLEE, 1000)) if flees else 0)
    for day in range(100, 106):
        flee(here.state, run_randomness(15, 0, 0, day))
    assert people["residents"][0] == 100_000 - gone


def test_where_hosted_people_flee_does_not_depend_on_whether_they_do(refuge: Any) -> None:
    """People who flee alone reach two equal hosts equally often, whatever their probability.

    One hosted person flees with probability 0.3 on each of 2,000 days, some 600 times in all.
    """
    here = refuge({"displacement.displaced_per_killed": 1.0, "displacement.daily_share_limit": 0.3})
    here.by_pair("near")[0], here.by_pair("family")[0] = 1.0, 0.0
    here.districts["people"]["displaced_from"][1] = 1
    here.districts["counts"]["civilians_killed"][0] = 100_000
    reached = [0, 0]
    for day in range(2_000):
        here.by_pair("displaced")[:] = 0
        here.by_pair("displaced")[1, 0], here.districts["people"]["residents"][0] = 1, 100_000
        here.by_pair("hosted")[:] = here.by_pair("displaced").T
        here.districts["people"]["displaced_hosted"] = [1, 0, 0, 0]
        today = run_randomness(9, 0, 0, day)
        count_fleeing(here.state.districts[0], today, here.rules("displacement"), 1.0)
        if here.districts["night"]["fleeing_again"][0] > 0:
            assert share_hosts(here.state, 0)
            flee_again(here.state, today, 0)
        reached = [
            reached[0] + here.by_pair("displaced")[1, 2],
            reached[1] + here.by_pair("displaced")[1, 3],
        ]
    alone = sum(reached)
    assert 500 < alone < 700
    assert abs(reached[0] - alone / 2) < 4 * (alone / 4) ** 0.5


def test_without_a_safe_host_people_stay(refuge: Any) -> None:
    """Without a safe host nobody leaves home."""
    here = refuge()
    here.safety[:] = 0.0
    here.districts["counts"]["civilians_killed"][0] = 10
    flee(here.state, TODAY)
    assert here.districts["night"]["fleeing"][0] > 0
    assert here.districts["people"]["residents"][0] == 100_000
    assert here.districts["people"]["displaced_from"][0] == 0
    assert here.finding() == "balanced"
