"""Membership: recruits and deserters by their rates, within the capacity of a district."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import (
    poisson,
    run_randomness,
    stochastic_round,
    two_uniforms,
    uniform,
)
from teritwa.rules.districts.presence import update_gang_presence
from teritwa.rules.gangs.membership import (
    CREW_CHANGES,
    HIDDEN_CHANGE,
    RECRUIT_IS_CHILD,
    capacity,
    joining_rate,
    recruit,
    relative_growth,
)
from teritwa.rules.population.services import child_share
from teritwa.rules.schedule import update_gangs

VALUES = {
    "membership.recruitment_rate": 0.7,
    "membership.desertion_rate": 0.35,
    "membership.escapee_joining_share": 0.25,
    "membership.capacity_share": 0.01,
    "membership.local_capacity_share": 0.002,
    "membership.capacity_ratio": 2.0,
    "membership.dormancy": 0.25,
    "trust.baseline": 0.4,
    "trust.resentment_effect": 1.0,
    "extortion.unpaid_desertion": 3.0,
    "extortion.unpaid_recruitment_loss": 0.5,
    "services.school_age_share": 0.3,
    "services.enrolment_share": 0.8,
    "services.idle_young_share": 0.1,
    "services.child_recruitment_weight": 0.5,
    "services.displaced_recruitment_weight": 1.0,
    "services.programme_support": 0.0,
    "services.programme_jobs": 0.0,
}
TODAY = run_randomness(6, 0, 0, 3)


def test_recruits_and_deserters_of_a_day(country: Any) -> None:
    """0.7 % a week of 1,000 fighters is one recruit a day on average, and 0.35 % half a deserter.

    Of 4,000 in hiding a quarter recruits as if present, and all desert.
    """
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 1_000_000
    row = here.crew(0, 0, 1000, hiding=4000)
    here.begin()
    lots = [two_uniforms(TODAY, who, 4000) for who in (CREW_CHANGES, HIDDEN_CHANGE)]
    joined = [poisson(1.0, joins) for joins, _ in lots]
    left = [poisson(rate, leaves) for rate, (_, leaves) in zip((0.5, 2.0), lots, strict=True)]
    recruit(here.state, TODAY)
    assert here.crews["fighters"][row] == 1000 + joined[0] - left[0]
    assert here.crews["hiding"][row] == 4000 + joined[1] - left[1]
    assert here.districts["people"]["residents"][0] == 1_000_000 + sum(left) - sum(joined)
    flows = (here.ledger["recruited"][0], here.ledger["deserted"][0], here.daily["recruited"][0])
    assert flows == (sum(joined), sum(left), sum(joined))
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("people", "fighters", "most"), [(50_000, 100, 500.0), (50_000, 400, 800.0), (0, 3, 6.0)]
)
def test_capacity(country: Any, people: int, fighters: int, most: float) -> None:
    """A district can have 1 % of its people as members, or twice its fighters of day 0."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = people
    here.crew(0, 0, fighters)
    here.begin()
    assert capacity(here.state.districts[0], here.rules("membership")) == pytest.approx(most)


@pytest.mark.parametrize(
    ("influence", "claims", "most"),
    [(0.1, False, 100.0), (0.1, True, 500.0), (0.9, False, 500.0), (0.9, True, 500.0)],
)
def test_local_groups_have_a_smaller_pool(
    country: Any, influence: float, claims: bool, most: float
) -> None:
    """Of 50,000 people 0.2 % may join where no gang rules, 1 % where one holds or claims."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 50_000
    here.set_influence(influence)
    here.crews["claims_district"][here.crew(0, 0, 20)] = claims
    here.begin()
    update_gang_presence(here.state)
    assert capacity(here.state.districts[0], here.rules("membership")) == pytest.approx(most)


def test_local_groups_do_not_grow_for_ever(country: Any) -> None:
    """Without desertion 20 in a town of the state come near the 100 who may, and stay below."""
    here = country(
        1,
        [],
        values={
            **VALUES,
            "membership.desertion_rate": 0.0,
            "membership.recruitment_rate": 70.0,
        },
    )
    here.districts["people"]["residents"] = 50_000
    here.set_influence(0.1)
    row = here.crew(0, 0, 20)
    here.crews["claims_district"][row] = False
    here.begin()
    for day in range(400):
        update_gang_presence(here.state)
        recruit(here.state, run_randomness(6, 0, 0, day))
    assert 80 <= here.crews["fighters"][row] <= 110
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("fighters", "growth"),
    [(100, 1.0), (0, 1.25), (300, 0.5), (500, 0.0), (700, -0.5)],
)
def test_growth_is_logistic_and_that_of_day_0_at_first(
    country: Any, fighters: int, growth: float
) -> None:
    """With 100 of 500 members on day 0, 0.8 of the capacity is free, which counts as 1."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 50_000
    row = here.crew(0, 0, 100)
    here.begin()
    here.crews["fighters"][row] = fighters
    update_gang_presence(here.state)
    found = relative_growth(here.state.districts[0], here.rules("membership"))
    assert found == pytest.approx(growth)


def test_above_capacity_members_fall(country: Any) -> None:
    """At twice the capacity nobody joins, and leave as many as joined a fighter on day 0, and more.

    With 100 of 500 members on day 0, growth is -1.25, 0.00125 a day of 2,000,000 / 2,000.
    """
    here = country(1, [], values={**VALUES, "membership.desertion_rate": 0.0})
    here.districts["people"]["residents"] = 50_000
    row = here.crew(0, 0, 100)
    here.begin()
    here.ledger["fighters_on_day_0"], here.crews["fighters"][row] = 1000, 1000
    left = 0
    for day in range(300):
        here.crews["fighters"][row] = 1000
        update_gang_presence(here.state)
        recruit(here.state, run_randomness(6, 0, 0, day))
        left += 1000 - int(here.crews["fighters"][row])
    assert here.ledger["recruited"][0] == 0
    assert abs(left - 375) < 4.65 * 375**0.5


def test_two_far_apart_copies_expect_twice_the_recruits(country: Any) -> None:
    """Each copy grows as it would alone, also when the other one has lost all its members."""
    for lost in (False, True):
        here = country(2, [], values=VALUES)
        here.districts["people"]["residents"] = 50_000
        for place in (0, 1):
            here.crew(place, place, 100)
        here.begin()
        here.crews["fighters"][1] = 0 if lost else 100
        update_gang_presence(here.state)
        for place in (0,) if lost else (0, 1):
            growth = relative_growth(here.state.districts[place], here.rules("membership"))
            assert growth == pytest.approx(1.0)


def test_membership_settles_where_both_rates_meet(country: Any) -> None:
    """At a recruitment of 0.7 and a desertion of 0.35 % a week half of the growth of day 0 is left.

    With 10,000 of 50,000 on day 0 that is at a free share of 0.4, with 30,000 members; a crew above
    and a crew below come closer to it.
    """
    for members, way in ((20_000, 1), (40_000, -1)):
        here = country(1, [], values=VALUES)
        here.districts["people"]["residents"] = 5_000_000
        row = here.crew(0, 0, 10_000)
        here.begin()
        here.ledger["fighters_on_day_0"] = here.crews["fighters"][row] = members
        here.ledger["residents_on_day_0"] = 5_000_000
        for day in range(400):
            update_gang_presence(here.state)
            recruit(here.state, run_randomness(6, 0, 0, day))
        now = int(here.crews["fighters"][row])
        assert 1500 < way * (now - members) < way * (30_000 - members)
        assert here.finding() == "balanced"


def test_recruits_are_residents(country: Any) -> None:
    """Recruits leave the residents, and the brigade if need be; without residents nobody joins."""
    here = country(1, [], values={**VALUES, "membership.desertion_rate": 0.0})
    here.districts["people"]["residents"], here.districts["people"]["brigade"] = 3, 3
    here.crew(0, 0, 1_000_000)
    here.begin()
    recruit(here.state, TODAY)
    assert here.districts["people"]["residents"][0] == 0
    assert here.districts["people"]["brigade"][0] == 0
    assert here.ledger["recruited"][0] == 3


def test_hidden_crews_may_be_dormant(country: Any) -> None:
    """At a dormancy of 0 a crew in hiding gains nobody; some still desert."""
    here = country(1, [], values={**VALUES, "membership.dormancy": 0.0})
    here.crew(0, 0, 0, hiding=100_000)
    here.begin()
    recruit(here.state, TODAY)
    assert here.ledger["recruited"][0] == here.crews["fighters"][0] == 0
    assert here.ledger["deserted"][0] == 100_000 - here.crews["hiding"][0] > 0


@pytest.mark.parametrize(
    ("pool", "trust", "unpaid", "rate"),
    [
        (1.0, 0.4, 0.0, 0.001),
        (2.0, 0.4, 0.0, 0.002),
        (1.0, 0.2, 0.0, 0.0015),
        (1.0, 0.8, 0.0, 0.0),
        (1.0, 0.4, 1.0, 0.0005),
        (2.0, 0.2, 0.5, 0.00225),
        (0.0, 0.0, 0.0, 0.0),
    ],
)
def test_joining_rate(country: Any, pool: float, trust: float, unpaid: float, rate: float) -> None:
    """0.7 % a week is 0.001 a day, multiplied by the pool, resentment and the effect of pay.

    2 * 1.5 * (1 - 0.5 * 0.5) * 0.001 = 0.00225 at a pool of 2, half the trust and half of the
    wages.
    """
    here = country(1, [], values=VALUES)
    here.districts["people"]["recruitment_pool"], here.districts["people"]["trust"] = pool, trust
    assert joining_rate(here.state, here.state.districts[0], unpaid) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("paid", "joins", "leaves"), [(1.0, 1.0, 0.5), (0.5, 0.75, 1.25), (0.0, 0.5, 2.0)]
)
def test_membership_follows_pay(country: Any, paid: float, joins: float, leaves: float) -> None:
    """Without pay half as many join and four times as many desert."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 1000)
    here.begin()
    here.gangs["wage_share_paid"][0] = paid
    joined = poisson(joins, two_uniforms(TODAY, CREW_CHANGES, 4000)[0])
    left = poisson(leaves, two_uniforms(TODAY, CREW_CHANGES, 4000)[1])
    recruit(here.state, TODAY)
    assert (here.ledger["recruited"][0], here.ledger["deserted"][0]) == (joined, left)
    assert here.finding() == "balanced"


def test_without_extortion_nobody_counts_as_unpaid(country: Any) -> None:
    """With extortion switched off an earlier day without pay does not count."""
    here = country(1, [], values={**VALUES, "extortion.enabled": False})
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 1000)
    here.begin()
    here.gangs["wage_share_paid"] = 0.0
    recruit(here.state, TODAY)
    assert here.ledger["recruited"][0] == poisson(1.0, two_uniforms(TODAY, CREW_CHANGES, 4000)[0])
    assert here.ledger["deserted"][0] == poisson(0.5, two_uniforms(TODAY, CREW_CHANGES, 4000)[1])


def test_less_pay_never_means_more_members(country: Any) -> None:
    """With the same random numbers less pay never brings more recruits or fewer deserters."""
    recruited, deserted = [], []
    for paid in (1.0, 0.6, 0.3, 0.0):
        days = []
        for day in range(60):
            here = country(1, [], values=VALUES)
            here.districts["people"]["residents"] = 100_000
            here.crew(0, 0, 2000)
            here.begin()
            here.gangs["wage_share_paid"][0] = paid
            recruit(here.state, run_randomness(6, 0, 0, day))
            days.append((int(here.ledger["recruited"][0]), int(here.ledger["deserted"][0])))
        recruited.append([joined for joined, _ in days])
        deserted.append([left for _, left in days])
    assert np.all(np.diff(recruited, axis=0) <= 0)
    assert np.all(np.diff(deserted, axis=0) >= 0)
    assert (sum(recruited[0]), sum(deserted[0])) > (sum(recruited[-1]), 0)
    assert sum(deserted[0]) < sum(deserted[-1])


def test_pay_is_that_of_the_own_gang(country: Any) -> None:
    """Of two crews in one district only the unpaid one loses 2 instead of half a fighter a day."""
    here = country(1, [], values={**VALUES, "membership.recruitment_rate": 0.1})
    here.districts["people"]["residents"] = 10_000_000
    for gang in (0, 1):
        here.crew(gang, 0, 1000)
    here.begin()
    here.gangs["wage_share_paid"][1] = 0.0
    left = np.zeros(2)
    for day in range(300):
        here.crews["fighters"][:2] = 1000
        recruit(here.state, run_randomness(6, 0, 0, day))
        left += 1000 - here.crews["fighters"][:2]
    joined = 300 * np.array([1 / 7, 1 / 14])
    assert np.abs(left - ([150, 600] - joined)).max() < 4.65 * 650**0.5


def test_large_crews_desert_by_the_rate(country: Any) -> None:
    """0.35 % a week is 0.0005 a day: of 2,000,000 fighters 1,000 desert, whoever else there is."""
    for elsewhere in (0, 5_000_000):
        here = country(2, [], values=VALUES)
        here.districts["people"]["recruitment_pool"] = 0.0
        here.crew(0, 0, 2_000_000)
        here.crew(1, 1, elsewhere)
        here.begin()
        recruit(here.state, TODAY)
        assert 2_000_000 - here.crews["fighters"][0] in (1000, 1001)
        assert here.finding() == "balanced"


def test_nobody_deserts_twice(country: Any) -> None:
    """All of a few fighters who are never paid desert in the end, and no more than there were."""
    here = country(
        1,
        [],
        values={**VALUES, "membership.recruitment_rate": 0.1, "membership.desertion_rate": 0.5},
    )
    here.districts["people"]["residents"], here.districts["people"]["recruitment_pool"] = 1000, 0.0
    here.crew(0, 0, 5)
    here.begin()
    here.gangs["wage_share_paid"] = 0.0
    for day in range(3000):
        recruit(here.state, run_randomness(6, 0, 0, day))
    assert here.crews["fighters"][0] == 0
    assert here.ledger["deserted"][0] == 5
    assert here.districts["people"]["residents"][0] == 1005
    assert here.finding() == "balanced"


def test_children_among_the_recruits(country: Any) -> None:
    """With half of the schools open 9 of 19 recruits are children, at random.

    0.3 * 0.6 * 0.5 = 0.09 children stand beside 0.1 young people.
    """
    here = country(1, [], values={**VALUES, "membership.desertion_rate": 0.0})
    here.districts["people"]["residents"] = 1_000_000
    here.districts["services"]["schools_open"] = 0.5
    here.crew(0, 0, 20_000)
    here.begin()
    assert child_share(here.state.districts[0], here.rules("services")) == pytest.approx(9 / 19)
    children = 0
    for day in range(50):
        today, before = run_randomness(6, 0, 0, day), int(here.ledger["recruited"][0])
        recruit(here.state, today)
        joined = int(here.ledger["recruited"][0]) - before
        children += stochastic_round(9 / 19 * joined, uniform(today, RECRUIT_IS_CHILD, 4000))
        assert here.daily["children_recruited"][0] == children
    total = int(here.ledger["recruited"][0])
    assert total > 500
    assert abs(children - total * 9 / 19) < 4.65 * (50 * 0.25) ** 0.5


def test_all_recruits_may_be_children(country: Any) -> None:
    """Where all young people have work only children are recruited, and no more than recruits."""
    here = country(1, [], values={**VALUES, "services.programme_jobs": 1.0})
    here.districts["people"]["residents"] = 1_000_000
    here.districts["services"]["schools_open"] = 0.5
    here.crew(0, 0, 20_000)
    here.begin()
    recruit(here.state, TODAY)
    assert here.daily["children_recruited"][0] == here.daily["recruited"][0] > 0


def test_programmes_and_aid_slow_recruitment(country: Any) -> None:
    """Fewer join where work is given, schools are supported or aid arrives."""
    joined = []
    for values, aided in (
        ({}, 0.2),
        ({}, 1.0),
        ({"services.programme_jobs": 1.0, "services.programme_support": 1.0}, 1.0),
    ):
        here = country(
            1, [], values={**VALUES, **values, "extortion.enabled": False, "arms.enabled": False}
        )
        here.districts["people"]["residents"] = 900_000
        here.districts["people"]["displaced_hosted"] = 100_000
        here.districts["services"]["schools_open"] = 0.5
        here.by_pair("displaced")[0, 0] = here.districts["people"]["displaced_from"][0] = 100_000
        here.districts["services"]["aid_access"] = aided
        here.crew(0, 0, 20_000)
        here.begin()
        here.counters["recruitment_pool_day_0"] = 0.2
        update_gangs(here.state, TODAY)
        joined.append(int(here.daily["recruited"][0]))
        assert here.finding() == "balanced"
    assert joined[0] > joined[1] > joined[2] == 0


def test_switched_off_nobody_joins_or_leaves(country: Any) -> None:
    """Switched off, members and residents stay as they are."""
    here = country(1, [], values={**VALUES, "membership.enabled": False})
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 20_000)
    here.begin()
    for day in range(20):
        update_gangs(here.state, run_randomness(6, 0, 0, day))
    assert here.crews["fighters"][0] == 20_000
    assert here.districts["people"]["residents"][0] == 100_000
    assert here.ledger["recruited"][0] == here.daily["children_recruited"][0] == 0
    assert here.ledger["deserted"][0] == 0
    assert here.districts["people"]["recruitment_pool"][0] == 1.0
