"""Membership: recruits and deserters by their rates, and where escaped prisoners go."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.membership import (
    CREW_DESERTED,
    CREW_RECRUITS,
    PRISONER_JOINS,
    RECRUIT_IS_CHILD,
    break_prisons,
    joining_rate,
    recruit,
    release_into_city,
)
from teritwa.rules.population.services import child_share
from teritwa.rules.schedule import update_gangs

VALUES = {
    "membership.recruitment_rate": 0.7, "membership.desertion_rate": 0.35, "membership.escapee_joining_share": 0.25, "trust.baseline": 0.4,
    "trust.resentment_effect": 1.0, "extortion.unpaid_desertion": 3.0, "extortion.unpaid_recruitment_loss": 0.5, "services.school_age_share": 0.3,
    "services.enrolment_share": 0.8, "services.idle_young_share": 0.1, "services.child_recruitment_weight": 0.5, "services.displaced_recruitment_weight": 1.0,
    "services.programme_support": 0.0, "services.programme_jobs": 0.0,
}  # fmt: skip
TODAY = run_randomness(6, 0, 0, 3)


def test_recruits_and_deserters_of_a_day(country: Any) -> None:
    """0.7 % a week of 1,000 fighters is one recruit a day; at twice the members of day 0 as many desert."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 100_000
    row = here.crew(0, 0, 1000, hiding=500)
    here.begin()
    here.counters["fighters_on_day_0"] = 750
    joined = poisson(1.0, uniform(TODAY, CREW_RECRUITS, 4000))
    left = poisson(1.0, uniform(TODAY, CREW_DESERTED, 4000))
    recruit(here.state, TODAY)
    assert here.crews["fighters"][row] == 1000 + joined - left
    assert here.districts["people"]["residents"][0] == 100_000 + left - joined
    flows = (here.ledger["recruited"][0], here.ledger["deserted"][0], here.today["recruited"][0])
    assert flows == (joined, left, joined)
    assert here.finding() == "balanced"


def test_membership_settles_where_both_rates_meet(country: Any) -> None:
    """Recruits of 0.7 % a week meet deserters of 0.35 % times the membership's growth at twice the first number."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 10_000_000
    row = here.crew(0, 0, 20_000)
    here.begin()
    here.counters["fighters_on_day_0"] = 10_000
    for day in range(200):
        recruit(here.state, run_randomness(6, 0, 0, day))
    assert here.crews["fighters"][row] == pytest.approx(20_000, rel=0.01)


def test_nobody_recruits_where_nobody_lives(country: Any) -> None:
    """Recruits are residents: with none left none join, and the brigade loses those who do."""
    here = country(1, [], values={**VALUES, "membership.desertion_rate": 0.0})
    here.districts["people"]["residents"], here.districts["people"]["brigade"] = 3, 3
    here.crew(0, 0, 1_000_000)
    here.begin()
    recruit(here.state, TODAY)
    assert (here.districts["people"]["residents"][0], here.districts["people"]["brigade"][0], here.ledger["recruited"][0]) == (0, 0, 3)


def test_hidden_and_empty_crews_do_not_recruit(country: Any) -> None:
    """A crew in hiding neither gains nor loses members."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 0, hiding=100_000)
    here.begin()
    recruit(here.state, TODAY)
    assert (here.crews["hiding"][0], here.ledger["recruited"][0], here.ledger["deserted"][0]) == (100_000, 0, 0)


@pytest.mark.parametrize(
    ("idle", "trust", "unpaid", "rate"),
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
def test_who_joins(country: Any, idle: float, trust: float, unpaid: float, rate: float) -> None:
    """0.7 % a week is 0.001 a day, times who stands idle, resentment (1.5 at half the trust) and what pay leaves.

    2 * 1.5 * (1 - 0.5 * 0.5) * 0.001 = 0.00225 where half of the wages are paid.
    """
    here = country(1, [], values=VALUES)
    here.districts["people"]["recruitment_pool"], here.districts["people"]["trust"] = idle, trust
    assert joining_rate(here.state, here.state.districts[0], unpaid) == pytest.approx(rate)


@pytest.mark.parametrize(("paid", "joins", "leaves"), [(1.0, 1.0, 1.0), (0.5, 0.75, 2.5), (0.0, 0.5, 4.0)])
def test_membership_follows_pay(country: Any, paid: float, joins: float, leaves: float) -> None:
    """With one recruit and one deserter a day at full pay: half a recruit and four deserters when nothing is paid."""
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 1000, hiding=1000)
    here.begin()
    here.counters["fighters_on_day_0"], here.gangs["wage_share_paid"][0] = 1000, paid
    joined = poisson(joins, uniform(TODAY, CREW_RECRUITS, 4000))
    left = poisson(leaves, uniform(TODAY, CREW_DESERTED, 4000))
    recruit(here.state, TODAY)
    assert (here.ledger["recruited"][0], here.ledger["deserted"][0]) == (joined, left)
    assert here.finding() == "balanced"


def test_without_rackets_nobody_counts_as_unpaid(country: Any) -> None:
    """Where gangs do not live on rackets, a day on which nothing was paid is forgotten: one joins and one leaves."""
    here = country(1, [], values={**VALUES, "extortion.enabled": False})
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 1000, hiding=1000)
    here.begin()
    here.counters["fighters_on_day_0"], here.gangs["wage_share_paid"] = 1000, 0.0
    recruit(here.state, TODAY)
    assert here.ledger["recruited"][0] == poisson(1.0, uniform(TODAY, CREW_RECRUITS, 4000))
    assert here.ledger["deserted"][0] == poisson(1.0, uniform(TODAY, CREW_DESERTED, 4000))


def test_less_pay_never_means_more_members(country: Any) -> None:
    """With the same numbers, day by day, a gang that pays less has at most as many recruits and at least the losses."""
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
    """Of two crews in one place only the one whose gang pays nothing loses many: 4 a day of 1,000 against 1."""
    here = country(1, [], values={**VALUES, "membership.recruitment_rate": 0.1})
    here.districts["people"]["residents"] = 10_000_000
    for gang in (0, 1):
        here.crew(gang, 0, 1000)
    here.begin()
    here.counters["fighters_on_day_0"], here.gangs["wage_share_paid"][1] = 1000, 0.0
    left = np.zeros(2)
    for day in range(300):
        here.crews["fighters"][:2] = 1000
        recruit(here.state, run_randomness(6, 0, 0, day))
        left += 1000 - here.crews["fighters"][:2]
    joined = 300 * np.array([1 / 7, 1 / 14])
    assert np.abs(left - ([300, 1200] - joined)).max() < 4.65 * 1250**0.5


def test_many_desert_by_the_rate_itself(country: Any) -> None:
    """0.35 % a week is 0.0005 a day: of 2,000,000 1,000 leave, of 4,000,000 in the country twice as many."""
    for hiding, left in ((0, 1000), (2_000_000, 2000)):
        here = country(1, [], values={**VALUES, "membership.recruitment_rate": 0.1})
        here.districts["people"]["recruitment_pool"] = 0.0
        here.crew(0, 0, 2_000_000, hiding=hiding)
        here.begin()
        here.counters["fighters_on_day_0"] = 2_000_000
        recruit(here.state, TODAY)
        assert here.ledger["deserted"][0] in (left, left + 1)
        assert here.finding() == "balanced"


def test_nobody_deserts_twice(country: Any) -> None:
    """A few fighters who are never paid desert at last, and no more of them than there were."""
    here = country(1, [], values={**VALUES, "membership.recruitment_rate": 0.1, "membership.desertion_rate": 0.5})
    here.districts["people"]["residents"], here.districts["people"]["recruitment_pool"] = 1000, 0.0
    here.crew(0, 0, 5)
    here.begin()
    here.gangs["wage_share_paid"], here.counters["fighters_on_day_0"] = 0.0, 0
    for day in range(3000):
        recruit(here.state, run_randomness(6, 0, 0, day))
    assert (here.crews["fighters"][0], here.ledger["deserted"][0], here.districts["people"]["residents"][0]) == (0, 5, 1005)
    assert here.finding() == "balanced"


def test_children_among_the_recruits(country: Any) -> None:
    """With half of the schools 0.3 * 0.6 * 0.5 = 0.09 children stand beside 0.1 young: 9 of 19 recruits, by chance."""
    here = country(1, [], values={**VALUES, "membership.desertion_rate": 0.0})
    here.districts["people"]["residents"], here.districts["services"]["schools_open"] = 1_000_000, 0.5
    here.crew(0, 0, 20_000)
    here.begin()
    assert child_share(here.state.districts[0], here.rules("services")) == pytest.approx(9 / 19)
    children = 0
    for day in range(50):
        today, before = run_randomness(6, 0, 0, day), int(here.ledger["recruited"][0])
        recruit(here.state, today)
        joined = int(here.ledger["recruited"][0]) - before
        children += stochastic_round(9 / 19 * joined, uniform(today, RECRUIT_IS_CHILD, 4000))
        assert here.today["children_recruited"][0] == children
    total = int(here.ledger["recruited"][0])
    assert total > 500
    assert abs(children - total * 9 / 19) < 4.65 * (50 * 0.25) ** 0.5


def test_all_recruits_may_be_children(country: Any) -> None:
    """Where work takes the young away only children are left to recruit, and no more of them than recruits."""
    here = country(1, [], values={**VALUES, "services.programme_jobs": 1.0})
    here.districts["people"]["residents"], here.districts["services"]["schools_open"] = 1_000_000, 0.5
    here.crew(0, 0, 20_000)
    here.begin()
    recruit(here.state, TODAY)
    assert here.today["children_recruited"][0] == here.today["recruited"][0] > 0


def test_programmes_and_aid_slow_recruitment(country: Any) -> None:
    """As the day ends fewer join where work is given, schools are supported or aid arrives; never more, by crew."""
    joined = []
    for values, aided in (
        ({}, 0.2),
        ({}, 1.0),
        ({"services.programme_jobs": 1.0, "services.programme_support": 1.0}, 1.0),
    ):
        here = country(1, [], values={**VALUES, **values, "extortion.enabled": False, "arms.enabled": False})
        here.districts["people"]["residents"], here.districts["people"]["displaced_hosted"], here.districts["services"]["schools_open"] = (
            900_000,
            100_000,
            0.5,
        )
        here.displaced[0, 0] = here.districts["people"]["displaced_from"][0] = 100_000
        here.districts["services"]["aid_access"] = aided
        here.crew(0, 0, 20_000)
        here.begin()
        here.counters["recruitment_pool_day_0"] = 0.2
        update_gangs(here.state, TODAY)
        joined.append(int(here.today["recruited"][0]))
        assert here.finding() == "balanced"
    assert joined[0] > joined[1] > joined[2] == 0


def test_without_recruitment_nobody_joins_or_leaves(country: Any) -> None:
    """Switched off, members and residents stay as they are, however badly they are paid."""
    here = country(1, [], values={**VALUES, "membership.enabled": False})
    here.districts["people"]["residents"] = 100_000
    here.crew(0, 0, 20_000)
    here.begin()
    for day in range(20):
        update_gangs(here.state, run_randomness(6, 0, 0, day))
    assert (here.crews["fighters"][0], here.districts["people"]["residents"][0]) == (20_000, 100_000)
    assert here.ledger["recruited"][0] == here.ledger["deserted"][0] == here.today["children_recruited"][0] == 0
    assert here.districts["people"]["recruitment_pool"][0] == 1.0


def prisons(country: Any) -> Any:
    """Return 1,000 prisoners and crews of 10, 0, 30 and 60 in the capital, 500 outside."""
    here = country(5, [(0, 1), (1, 2), (2, 3), (3, 4)], values=VALUES)
    here.districts["place"]["metropolitan"][4] = False
    here.districts["people"]["residents"][1] = 5000
    here.ledger["prisoners"] = 1000
    for place, fighters in enumerate((10, 0, 30, 60, 500)):
        here.crew(0, place, fighters)
    return here.begin()


@pytest.mark.parametrize("day", range(3, 9))
def test_escaped_prisoners_are_shared_out(country: Any, day: int) -> None:
    """Of 402 who escape 101 join (402 / 4, rounded): within one of 10, 0, 30 and 60 hundredths of them, all in all."""
    here, today = prisons(country), run_randomness(6, 0, 0, day)
    before = here.crews["fighters"][:5].copy()
    break_prisons(here.state, today, 402)
    gained = (here.crews["fighters"][:5] - before).tolist()
    start = uniform(today, PRISONER_JOINS, COUNTRY)
    edges = [0, *(int(101 * share + start) for share in (0.1, 0.1, 0.4)), 101]
    assert gained == [*np.diff(edges).tolist(), 0]
    assert sum(gained) == here.ledger["escaped_to_gangs"][0] == 101
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (598, 402)
    assert here.districts["people"]["residents"][1] == 5000 + 301
    assert here.finding() == "balanced"


def test_no_more_escape_than_there_are(country: Any) -> None:
    """5,000 cannot leave prisons that hold 1,000."""
    here = prisons(country)
    break_prisons(here.state, TODAY, 5000)
    assert (here.ledger["prisoners"][0], here.ledger["escaped"][0]) == (0, 1000)
    assert here.finding() == "balanced"


def test_without_crews_in_the_capital_nobody_joins(country: Any) -> None:
    """All who escape melt into the most populous district."""
    here = prisons(country)
    here.crews["fighters"][:4] = 0
    here.begin()
    break_prisons(here.state, TODAY, 400)
    assert here.ledger["escaped_to_gangs"][0] == 0
    assert here.districts["people"]["residents"].tolist() == [1000, 5400, 1000, 1000, 1000]
    assert here.finding() == "balanced"


def test_the_city_hides_people(country: Any) -> None:
    """Of equally large districts the first takes them."""
    here = country(3, [(0, 1), (1, 2)])
    release_into_city(here.state, 7)
    assert here.districts["people"]["residents"].tolist() == [1007, 1000, 1000]
