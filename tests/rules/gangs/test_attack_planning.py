"""Attack planning: what crews can reach, how often they attack, and how they combine."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.districts.presence import update_gang_presence
from teritwa.rules.gangs.arms import combat_effectiveness_of
from teritwa.rules.gangs.attack import update_attack_value
from teritwa.rules.gangs.attack_planning import (
    CREW_ATTACKS,
    CREW_TARGET,
    LEADS,
    MASSED,
    SENT_OUT,
    choose_target,
    combine_attacks,
    decide_assaults,
    is_called,
    plan_attacks,
    weigh_reachable_targets,
)
from teritwa.rules.schedule import night

VALUES = {
    "attack.rate": 2.0,
    "attack.offensive_multiplier": 3.0,
    "attack.sent_share": 0.5,
    "attack.reach": 1.5,
    "attack.home_pull": 0.1,
    "attack.halving_density": 20.0,
    "self_defence.defence_weight": 0.2,
}


def star(country: Any) -> Any:
    """Return a district of gang 0 linked to one of the state, one of gang 1 and a distant one."""
    here = country(4, [(0, 1), (0, 2), (0, 3)], values=VALUES)
    here.districts["control"]["holder"] = [0, STATE, 1, STATE]
    here.links["hours"][here.links["target"] == 3] = 2.0
    here.crew(0, 0, 100)
    here.begin()
    update_attack_value(here.state)
    return here


def urge(here: Any) -> float:
    """Weigh what the first crew can reach and return its urge to attack."""
    return weigh_reachable_targets(here.state, here.state.crews[0])


def test_reachable_value_counts_what_is_in_reach(country: Any) -> None:
    """Home counts a tenth and two neighbours one each; one two hours away does not count."""
    here = star(country)
    assert urge(here) == 1.0
    assert here.crews["reachable_value"][0] == pytest.approx(2.1)


def test_an_offensive_next_door_raises_the_urge(country: Any) -> None:
    """An offensive next door triples the urge of the gang that it names, and of no other."""
    here = star(country)
    here.districts["orders"]["offensive_factor"][1] = 3.0
    here.districts["orders"]["offensive_gang"][1] = 0
    assert urge(here) == 3.0
    here.districts["orders"]["offensive_gang"][1] = 1
    assert urge(here) == 1.0


def test_without_targets_the_urge_is_low(country: Any) -> None:
    """Among friendly districts the urge is the pull of home, in a district of the state it is 1."""
    here = star(country)
    here.districts["control"]["holder"] = 0
    update_attack_value(here.state)
    assert urge(here) == 0.1
    here.districts["control"]["holder"][0] = STATE
    update_attack_value(here.state)
    assert urge(here) == 1.0
    assert here.crews["reachable_value"][0] == pytest.approx(1.0)


def test_an_offensive_at_home_raises_the_urge(country: Any) -> None:
    """An offensive on a crew's own district, held by the state, triples its urge."""
    here = star(country)
    here.districts["control"]["holder"][0] = STATE
    here.districts["orders"]["offensive_factor"][0] = 3.0
    here.districts["orders"]["offensive_gang"][0] = 0
    update_attack_value(here.state)
    assert urge(here) == 3.0


def test_boats_reach_over_the_sea(country: Any) -> None:
    """Links by sea are open to gangs with boats only."""
    here = star(country)
    here.links["sea"] = True
    urge(here)
    assert here.crews["reachable_value"][0] == pytest.approx(0.1)
    here.gangs["boats"][0] = True
    urge(here)
    assert here.crews["reachable_value"][0] == pytest.approx(2.1)


def test_targets_are_chosen_by_their_pull(country: Any) -> None:
    """Of a total pull of 2.1, home has 0.1 and two neighbours have one each.

    The random number picks a share.
    """
    here = star(country)
    urge(here)
    edges = [(0.0, 0), (0.099, 0), (0.101, 1), (1.099, 1), (1.101, 2), (2.1 - 1e-12, 2)]
    found = [choose_target(here.state, here.state.crews[0], pull / 2.1) for pull, _ in edges]
    assert found == [number for _, number in edges]


@pytest.mark.parametrize(("ulps", "attacks"), [(0, False), (1, True)])
def test_a_probability_of_just_the_random_number_is_no_attack(
    country: Any, ulps: int, attacks: bool
) -> None:
    """Random numbers lie in [0, 1): those below a probability are its share, itself not one.

    One fighter of one on day 0 attacks with 1 - exp(-rate). The rate is one that gives the random
    number of the day to the last bit, then the next larger number.
    """
    days = (run_randomness(13, 0, 0, day) for day in range(100))
    today = next(one for one in days if 0.6 < uniform(one, CREW_ATTACKS, 4000) < 0.9)
    number = uniform(today, CREW_ATTACKS, 4000)
    wanted = number + ulps * math.ulp(number)
    rate = -math.log1p(-wanted) - 100 * math.ulp(2.0)
    while 1.0 - math.exp(-rate) < wanted:
        rate = math.nextafter(rate, 9.0)
    assert 1.0 - math.exp(-rate) == wanted
    here = country(2, values={**VALUES, "attack.rate": rate})
    here.districts["control"]["holder"][0] = 0
    here.crew(0, 0, 1)
    here.begin()
    here.parameters["attack"]["sent_share"] = 1.0
    plan_attacks(here.state, today)
    assert (here.crews["target"][0] != NO_ONE) == attacks


@pytest.mark.parametrize("fighters", [100, 1, 3])
def test_crews_attack_by_their_share_of_the_rate(country: Any, fighters: int) -> None:
    """With all fighters of day 0 the probability is 1 - exp(-2) a night.

    Half of the fighters are sent, rounded at random; who would send nobody does not attack.
    """
    attacks = 0
    for day in range(60):
        here = star(country)
        here.crews["fighters"][0] = fighters
        here.begin()
        today = run_randomness(13, 0, 0, day)
        plan_attacks(here.state, today)
        sent = stochastic_round(fighters / 2, uniform(today, SENT_OUT, 4000))
        wants = uniform(today, CREW_ATTACKS, 4000) < 1 - math.exp(-2.0)
        attacks += wants
        if wants and sent > 0:
            target = choose_target(
                here.state, here.state.crews[0], uniform(today, CREW_TARGET, 4000)
            )
            assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (target, sent)
        else:
            assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (NO_ONE, 0)
    assert abs(attacks - 60 * (1 - math.exp(-2))) < 4.65 * (60 * 0.117) ** 0.5


@pytest.mark.parametrize(("firearms", "effectiveness"), [(100, 1.0), (50, 0.65), (0, 0.3)])
def test_unarmed_gangs_attack_less_often(country: Any, firearms: int, effectiveness: float) -> None:
    """A gang with half of its firearms attacks at 0.65 of the rate, one without at 0.3."""
    attacks = 0
    for day in range(100):
        here, today = star(country), run_randomness(13, 0, 0, day)
        here.gangs["combat_effectiveness"][0] = combat_effectiveness_of(100, firearms, 0.3)
        plan_attacks(here.state, today)
        attacked = uniform(today, CREW_ATTACKS, 4000) < 1 - math.exp(-2.0 * effectiveness)
        assert (here.crews["target"][0] != NO_ONE) == attacked
        attacks += attacked
    likely = 1 - math.exp(-2.0 * effectiveness)
    assert abs(attacks - 100 * likely) < 4.65 * (100 * likely * (1 - likely)) ** 0.5


def test_more_arms_never_prevent_an_attack(country: Any) -> None:
    """With the same random numbers a crew that attacks without arms also attacks with arms."""
    nights = []
    for effectiveness in (0.3, 0.65, 1.0):
        attacked = []
        for day in range(40):
            here = country(4, [(0, 1), (0, 2), (0, 3)], values=VALUES)
            for gang in range(3):
                here.crew(gang, gang, 100)
            here.begin()
            here.gangs["combat_effectiveness"] = effectiveness
            plan_attacks(here.state, run_randomness(13, 0, 0, day))
            attacked.append(here.crews["target"][:3] != NO_ONE)
        nights.append(attacked)
    assert np.all(np.diff(np.array(nights).astype(int), axis=0) >= 0)
    assert np.sum(nights[0]) < np.sum(nights[2])


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_attacks(country: Any, enabled: bool) -> None:
    """Over 20 nights at two attacks a night people die; switched off, nobody does."""
    here = star(country)
    here.parameters["attack"]["enabled"] = enabled
    here.parameters["gang_rivalry"]["enabled"] = False
    for day in range(20):
        night(here.state, run_randomness(13, 0, 0, day))
    assert (here.daily["attacks"][0] > 0) == (here.killed.sum() > 0) == enabled


def test_hidden_crews_do_not_attack(country: Any) -> None:
    """A crew without fighters plans nothing, and last night's plan is reset."""
    here = star(country)
    here.crews["fighters"][0], here.crews["hiding"][0] = 0, 100
    here.crews["target"][0], here.crews["attackers_sent"][0] = 1, 50
    for day in range(30):
        plan_attacks(here.state, run_randomness(13, 0, 0, day))
        assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (NO_ONE, 0)


def test_crews_with_one_target_attack_together(country: Any) -> None:
    """Fighters sent to one target add up, and the largest crew leads; of equals chance decides.

    Districts without attackers have no lead crew.
    """
    here, today = country(3, [(0, 1), (1, 2)]), run_randomness(13, 0, 0, 1)
    for gang, target, sent in ((0, 1, 10), (1, 1, 30), (2, 1, 30), (0, NO_ONE, 0), (1, 2, 5)):
        row = here.crew(gang, 0, 100)
        here.crews["target"][row], here.crews["attackers_sent"][row] = target, sent
    here.districts["night"]["attackers"], here.districts["night"]["lead_crew"] = 9, 9
    combine_attacks(here.state, today)
    assert here.districts["night"]["attackers"].tolist() == [0, 70, 5]
    lead = 1 if uniform(today, LEADS, 4001) < uniform(today, LEADS, 4002) else 2
    assert here.districts["night"]["lead_crew"].tolist() == [NO_ONE, lead, 4]


def plans(country: Any, crews: tuple[int, ...], alliance: int, coalition: bool) -> list[Any]:
    """Return target and fighters sent of each of 40 nights, of gangs that share one district."""
    nights = []
    for day in range(40):
        here = country(3, [(0, 1), (0, 2)], values={**VALUES, "attack.rate": 0.7})
        here.districts["control"]["holder"][0] = 0
        here.gangs["alliance"], here.gangs["coalition"] = alliance, coalition
        here.coalition["active"] = coalition
        for gang, fighters in enumerate(crews):
            here.crew(gang, 0, fighters)
        here.begin()
        update_gang_presence(here.state)
        plan_attacks(here.state, run_randomness(13, 0, 0, day))
        there = here.crews[: len(crews)]
        nights.append((there["target"].tolist(), int(there["attackers_sent"].sum())))
    return nights


@pytest.mark.parametrize(("alliance", "coalition"), [(1, False), (0, True), (1, True)])
def test_friends_in_one_district_attack_as_one(
    country: Any, alliance: int, coalition: bool
) -> None:
    """A crew of 100 and its halves and fifths attack on the same nights, with the same numbers."""
    whole = plans(country, (100,), alliance, coalition)
    for crews in ((60, 40), (20, 20, 60)):
        parts = plans(country, crews, alliance, coalition)
        assert [sent for _, sent in parts] == [sent for _, sent in whole]
        for (targets, _), (target, _) in zip(parts, whole, strict=True):
            assert set(targets) == set(target)
    assert 0 < sum(sent > 0 for _, sent in whole) < 40


def test_strangers_in_one_district_attack_alone(country: Any) -> None:
    """Without alliance or coalition two crews of 50 each attack by half of the rate, by chance."""
    nights = [targets for targets, _ in plans(country, (50, 50), 0, False)]
    attackers = [2 - targets.count(NO_ONE) for targets in nights]
    assert {0, 1} <= set(attackers)
    assert abs(sum(attackers) - 80 * (1 - math.exp(-0.35))) < 4.65 * (80 * 0.21) ** 0.5


def test_a_higher_rate_never_prevents_an_attack(country: Any) -> None:
    """With the same random numbers a higher rate never prevents an attack of any crew."""
    nights = []
    for rate in (0.5, 2.0, 5.0):
        here = country(4, [(0, 1), (0, 2), (0, 3)], values={**VALUES, "attack.rate": rate})
        for gang in range(3):
            here.crew(gang, gang, 100)
        here.begin()
        attacked = []
        for day in range(40):
            plan_attacks(here.state, run_randomness(13, 0, 0, day))
            attacked.append(here.crews["target"][:3] != NO_ONE)
        nights.append(attacked)
    assert np.all(np.diff(np.array(nights).astype(int), axis=0) >= 0)
    assert np.sum(nights[0]) < np.sum(nights[2])


def test_equal_crews_lead_equally_often(country: Any) -> None:
    """Of three crews that send equally many each leads a third of 300 attacks, whatever its row."""
    led = []
    for day in range(300):
        here = country(2)
        for gang in range(3):
            row = here.crew(gang, 0, 100)
            here.crews["target"][row], here.crews["attackers_sent"][row] = 1, 50
        combine_attacks(here.state, run_randomness(13, 0, 0, day))
        led.append(int(here.districts["night"]["lead_crew"][1]))
    for row in range(3):
        assert abs(led.count(row) - 100) < 4.65 * (300 * 2 / 9) ** 0.5


def assaults(country: Any, places: tuple[int, ...] = (1, 2), order: Any = (0, 1, 2, 3)) -> Any:
    """Return a crew of 100 in district 0 whose gang conducts offensives on some districts.

    They are three hours away and not linked to it. An assault takes place there each night.

    Args:
        country: Makes countries.
        places: Targets of the offensives.
        order: How districts, with their identities, are laid out in the table.
    """
    here = country(4, [(0, 3)], values={**VALUES, "attack.mass_share": 0.2, "attack.mass_reach": 3})
    here.parameters["attack"]["assault_rate"] = 1e9
    here.parameters["attack"]["rate"] = 0.0
    where = [order.index(place) for place in places]
    here.districts["identity"] = here.districts["identity"][list(order)]
    here.districts["orders"]["offensive_factor"][where] = 5.0
    here.districts["orders"]["offensive_gang"][where] = 0
    here.set_hours({(0, other): 3.0 for other in range(1, len(here.districts))})
    here.crew(0, 0, 100)
    return here.begin()


@pytest.mark.parametrize("places", [(1, 2), (1, 2, 3)])
def test_a_crew_gathers_with_equal_probability_whatever_the_rows(
    country: Any, places: tuple[int, ...]
) -> None:
    """Of two or three assaults a crew joins each equally often, from afar, in any order of rows."""
    for order in ((0, 1, 2, 3), (0, 3, 2, 1)):
        went = []
        for day in range(300):
            here = assaults(country, places, order)
            plan_attacks(here.state, run_randomness(13, 0, 0, day))
            assert here.crews["attackers_sent"][0] == 20
            went.append(order[int(here.crews["target"][0])])
        likely = 1 / len(places)
        for place in places:
            error = (300 * likely * (1 - likely)) ** 0.5
            assert abs(went.count(place) - 300 * likely) < 4.65 * error


@pytest.mark.parametrize("reason", ["far", "friend", "other gang", "no offensive", "coalition"])
def test_who_is_not_called_to_an_assault(country: Any, reason: str) -> None:
    """A crew is called if its gang is meant, no friend holds the target, and it is near enough."""
    here = assaults(country, (1,))
    assert decide_assaults(here.state, run_randomness(13, 0, 0, 1)) == 1
    crew = here.state.crews[0]
    assert is_called(here.state, crew, 1)
    assert not is_called(here.state, crew, 2)
    if reason == "far":
        here.set_hours({(0, 1): 3.01})
    elif reason == "friend":
        here.districts["control"]["holder"][1] = 0
    elif reason == "other gang":
        here.districts["orders"]["offensive_gang"][1] = 1
    elif reason == "coalition":
        here.districts["orders"]["offensive_gang"][1] = NO_ONE
    else:
        here.districts["orders"]["offensive_factor"][1] = 1.0
    assert not is_called(here.state, crew, 1)


def test_assaults_come_by_their_rate(country: Any) -> None:
    """At 0.15 a day 1 - exp(-0.15) of the later nights of an offensive see an assault."""
    nights = 0
    for day in range(400):
        here = assaults(country)
        here.parameters["attack"]["assault_rate"] = 0.15
        here.districts["orders"]["offensive_nights"] = 1
        found = decide_assaults(here.state, run_randomness(13, 0, 0, day))
        assert set(here.assaulted[:found].tolist()) <= {1, 2}
        nights += found
    likely = 1 - math.exp(-0.15)
    assert abs(nights - 800 * likely) < 4.65 * (800 * likely * (1 - likely)) ** 0.5


def test_an_offensive_opens_with_an_assault(country: Any) -> None:
    """Whatever the rate, its targets are assaulted on the first night; the next one opens anew."""
    here, found = assaults(country), []
    here.parameters["attack"]["assault_rate"] = 0.0
    orders = here.districts["orders"]
    for day in range(8):
        orders["offensive_factor"][1:3] = 1.0 if day in (0, 4, 5) else 5.0
        found.append(decide_assaults(here.state, run_randomness(13, 0, 0, day)))
    assert found == [0, 2, 0, 0, 0, 0, 2, 0]
    assert orders["offensive_nights"].tolist() == [0, 2, 2, 0]


def test_who_masses_does_not_attack_beside(country: Any) -> None:
    """A crew in an assault sends its share there alone, rounded at random."""
    here, today = assaults(country, (1,)), run_randomness(13, 0, 0, 1)
    here.parameters["attack"]["rate"] = 1e9
    plan_attacks(here.state, today)
    assert (here.crews["target"][0], here.crews["attackers_sent"][0]) == (1, 20)
    for day in range(40):
        today = run_randomness(13, 0, 0, day)
        here = assaults(country, (1,))
        here.crews["fighters"][0] = 2
        plan_attacks(here.state, today)
        sent = stochastic_round(0.4, uniform(today, MASSED, 4000))
        assert here.crews["attackers_sent"][0] == sent
        assert here.crews["target"][0] == (1 if sent else NO_ONE)
