"""Arms: what a fighter counts, how firearms are lost, who buys how many, and what an embargo changes."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.arms import (
    ARRIVES,
    SEIZED,
    WEARS_OUT,
    WHO_BUYS,
    buy_firearms,
    combat_effectiveness_of,
    count_firearm_demand,
    count_firearms,
    lose_firearms,
)
from teritwa.rules.schedule import update_gangs

VALUES = {
    "arms.smuggling_rate": 20.0, "arms.embargo_effectiveness": 0.5, "arms.firearm_price": 1000, "arms.wear_rate": 0.002, "arms.seizure_share": 0.5,
    "arms.unarmed_effectiveness": 0.4,
}  # fmt: skip
PRICE = 100_000  # US cents
TODAY = run_randomness(21, 0, 0, 4)


def armed(country: Any, weapons: Any, fighters: Any = 0, treasury: Any = 10**12, **values: float) -> Any:
    """Return three gangs with so many members in one place, weapons and cash."""
    here = country(1, [], values={**VALUES, **{f"arms.{name}": value for name, value in values.items()}})
    for gang, members in enumerate(np.broadcast_to(fighters, 3)):
        here.crew(gang, 0, int(members))
    here.gangs["firearms"], here.gangs["treasury"] = weapons, treasury
    return here.begin()


@pytest.mark.parametrize(
    ("fighters", "weapons", "counts"),
    [(10, 10, 1.0), (10, 25, 1.0), (10, 5, 0.7), (10, 1, 0.46), (10, 0, 0.4), (1, 1, 1.0), (0, 0, 0.4), (0, 3, 1.0)],
)
def test_what_a_fighter_counts(fighters: int, weapons: int, counts: float) -> None:
    """Without a firearm a fighter counts 0.4, with one 1, and no more with two: 0.4 + 0.6 * 5 / 10 = 0.7."""
    assert combat_effectiveness_of(fighters, weapons, 0.4) == pytest.approx(counts)


def test_arms_are_lost_with_those_who_are_taken(country: Any) -> None:
    """Of 500 firearms 0.002 wear out; 100 of 1,000 members, half of them armed, lose half of theirs: 1 + 25."""
    here = armed(country, weapons=[500, 500, 0], fighters=[900, 900, 900])
    here.gangs["losses_today"] = [100, 0, 100]
    lose_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [474, 499, 0]
    assert here.ledger["firearms_lost"][0] == 27
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("fighters", "lost", "taken"), [(900, 3, 1.5), (90, 10, 5.0), (0, 1, 0.5)])
def test_chance_rounds_what_is_lost(country: Any, fighters: int, lost: int, taken: float) -> None:
    """1,234 firearms, more than members, wear out at 2.468 a day; of armed members who are lost half is seized."""
    here = armed(country, weapons=1234, fighters=fighters)
    here.gangs["losses_today"] = lost
    lose_firearms(here.state, TODAY)
    for gang in range(3):
        identity = 2000 + gang
        gone = stochastic_round(2.468, uniform(TODAY, WEARS_OUT, identity)) + stochastic_round(
            taken, uniform(TODAY, SEIZED, identity)
        )
        assert here.gangs["firearms"][gang] == 1234 - gone
    assert here.finding() == "balanced"


def test_nobody_loses_more_arms_than_there_are(country: Any) -> None:
    """A gang that is wiped out loses its last firearm once, whether it wears out or is seized."""
    here = armed(country, weapons=1, fighters=0, wear=0.005, seized=1.0)
    for day in range(1000):
        here.gangs["losses_today"] = 50
        lose_firearms(here.state, run_randomness(21, 0, 0, day))
        assert here.gangs["firearms"].min() >= 0
    assert here.gangs["firearms"].tolist() == [0, 0, 0]
    assert here.ledger["firearms_lost"][0] == 3
    assert here.finding() == "balanced"


def test_the_last_fighter_loses_the_last_firearm(country: Any) -> None:
    """A gang whose only member, armed, is taken has no firearm left where all are seized."""
    here = armed(country, weapons=1, fighters=0, wear=0.0002, seized=1.0)
    here.gangs["losses_today"] = 1
    lose_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [0, 0, 0]


def test_half_of_all_arms_wear_out_in_a_year(country: Any) -> None:
    """At 0.2 % a day 0.998**365 = 0.48 of 10,000 are left after a year, within 4.65 standard errors of rounding."""
    here = armed(country, weapons=10_000, fighters=10_000)
    for day in range(365):
        lose_firearms(here.state, run_randomness(21, 0, 0, day))
    expected = 10_000 * 0.998**365
    assert np.abs(here.gangs["firearms"] - expected).max() < 4.65 * (0.25 * 365) ** 0.5
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("fighters", "weapons", "treasury", "wanted"),
    [
        (10, 4, 100 * PRICE, 6),
        (10, 4, 3 * PRICE, 3),
        (10, 4, 3 * PRICE + 99_999, 3),
        (10, 4, PRICE - 1, 0),
        (10, 4, 0, 0),
        (10, 10, 100 * PRICE, 0),
        (10, 25, 100 * PRICE, 0),
        (0, 0, 100 * PRICE, 0),
    ],
)
def test_gangs_want_what_they_lack_and_can_pay(
    country: Any, fighters: int, weapons: int, treasury: int, wanted: int
) -> None:
    """Six of ten fighters lack a firearm at $1,000: with $3,999 three are wanted, with less than a price none."""
    here = armed(country, weapons=weapons, fighters=[fighters, 0, 0], treasury=treasury)
    here.gangs["firearm_demand"] = 77
    assert count_firearm_demand(here.state) == wanted
    assert here.gangs["firearm_demand"].tolist() == [wanted, 0, 0]


def test_all_is_bought_where_enough_comes_in(country: Any) -> None:
    """Of 10 that come in three gangs buy the 2, 5 and 1 that they want, and pay for them."""
    here = armed(country, weapons=[8, 5, 9], fighters=10, treasury=7 * PRICE)
    buy_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [10, 10, 10]
    assert here.gangs["treasury"].tolist() == [5 * PRICE, 2 * PRICE, 6 * PRICE]
    assert (here.ledger["firearms_smuggled"][0], here.ledger["arms_spending"][0]) == (8, 8 * PRICE)
    assert here.gangs["combat_effectiveness"].tolist() == [1.0, 1.0, 1.0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("day", range(20))
def test_what_comes_in_is_shared_in_proportion(country: Any, day: int) -> None:
    """20 * (1 - 0.5) = 10 come in, 40 are wanted as 10, 20 and 10: each gets 2.5, 5 and 2.5, within one, 10 in all."""
    today = run_randomness(21, 0, 0, day)
    here = armed(country, weapons=0, fighters=[10, 20, 10])
    buy_firearms(here.state, today)
    start = uniform(today, WHO_BUYS, COUNTRY)
    edges = [0, int(2.5 + start), int(7.5 + start), 10]
    assert here.gangs["firearms"].tolist() == np.diff(edges).tolist()
    fighters, weapons = here.gangs["members"], here.gangs["firearms"]
    assert here.gangs["combat_effectiveness"].tolist() == pytest.approx((0.4 + 0.6 * weapons / fighters).tolist())
    assert here.ledger["firearms_smuggled"][0] == 10
    assert here.finding() == "balanced"


def test_shares_add_up_whatever_is_wanted(country: Any) -> None:
    """For 300 random wants and flows, all that comes in is sold, nobody gets more than wanted, each within one."""
    for day in range(300):
        *wants, flow = [int(60 * uniform(run_randomness(5, 0, 0, day), WHO_BUYS, item)) for item in range(4)]
        wanted = np.array(wants)
        here = armed(country, weapons=0, fighters=wanted, smuggling=float(flow), embargo=0.0)
        buy_firearms(here.state, run_randomness(21, 0, 0, day))
        sold = min(flow, int(wanted.sum()))
        assert here.gangs["firearms"].sum() == sold
        assert np.all(here.gangs["firearms"] <= wanted)
        assert np.abs(here.gangs["firearms"] - sold * wanted / max(1, wanted.sum())).max() < 1.0
        assert here.finding() == "balanced"


def test_the_poor_leave_more_to_the_others(country: Any) -> None:
    """A gang without cash wants nothing: the ten that come in go to the other two alone."""
    here = armed(country, weapons=0, fighters=50, treasury=[0, 10**12, 10**12])
    buy_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [0, 5, 5]
    assert here.gangs["treasury"][0] == 0


def test_an_embargo_stops_its_share(country: Any) -> None:
    """Of 3 a day an embargo of 0.95 lets 0.15 in: 300 in 2,000 days, within 4.65 standard errors, as chance has it."""
    here = armed(country, weapons=0, fighters=100_000, smuggling=3.0, embargo=0.95)
    for day in range(2000):
        before, today = int(here.gangs["firearms"].sum()), run_randomness(21, 0, 0, day)
        buy_firearms(here.state, today)
        assert here.gangs["firearms"].sum() - before == stochastic_round(0.15, uniform(today, ARRIVES, COUNTRY))
    assert abs(here.gangs["firearms"].sum() - 300) < 4.65 * (2000 * 0.15 * 0.85) ** 0.5
    assert here.finding() == "balanced"


def test_a_stricter_embargo_never_brings_more(country: Any) -> None:
    """Day by day, with the same number, no gang gets more in all under a stricter embargo."""
    stocks = []
    for embargo in (0.0, 0.3, 0.6, 0.95):
        here = armed(country, weapons=0, fighters=[300, 500, 900], embargo=embargo)
        days = []
        for day in range(40):
            buy_firearms(here.state, run_randomness(21, 0, 0, day))
            days.append(int(here.gangs["firearms"].sum()))
        stocks.append(days)
    assert np.all(np.diff(np.array(stocks), axis=0) <= 0)
    assert stocks[-1][-1] < stocks[0][-1]


def test_wages_come_before_arms(country: Any) -> None:
    """Of $1,500 a gang of 100 owes 1,000 in wages first: nothing is left for a firearm at $1,000."""
    values = {
        "extortion.fighter_wage": 70.0,
        "extortion.petty_income": 0.0,
        "extortion.rate_per_person": 0.73,
        "membership.enabled": False,
    }
    here = country(1, [], values={**VALUES, **values})
    here.crew(0, 0, 100)
    here.gangs["treasury"][0] = 150_000
    here.begin()
    update_gangs(here.state, TODAY)
    assert (here.gangs["wage_share_paid"][0], here.gangs["treasury"][0], here.gangs["firearms"][0]) == (1.0, 50_000, 0)
    assert here.finding() == "balanced"


def still(country: Any) -> Any:
    """Return gangs that lost members, lack arms and could pay, where neither arms nor anything else acts."""
    here = armed(country, weapons=500, fighters=900)
    for name in ("arms", "rackets"):
        here.parameters[name]["acts"] = False
    here.parameters["membership"]["enabled"] = False
    here.gangs["losses_today"], here.gangs["combat_effectiveness"] = 100, 0.8
    update_gangs(here.state, TODAY)
    return here


def test_without_the_mechanism_arms_stay(country: Any) -> None:
    """Switched off, nothing is lost or bought, and a fighter counts what it counted."""
    here = still(country)
    assert here.gangs["firearms"].tolist() == [500, 500, 500]
    assert here.gangs["combat_effectiveness"].tolist() == [0.8, 0.8, 0.8]
    assert here.gangs["treasury"].tolist() == [10**12] * 3
    assert here.finding() == "balanced"


def test_arms_are_counted_even_where_they_stay(country: Any) -> None:
    """The day's count of firearms is what gangs have, also while nothing changes it, and the lost are forgotten.

    So a later day on which arms are seized does not find the lost of all days before.
    """
    here = still(country)
    assert here.today["gang_firearms"][0] == 1500
    assert here.gangs["losses_today"].tolist() == [0, 0, 0]


def test_the_count_of_a_day_is_of_that_day(country: Any) -> None:
    """Yesterday's count and yesterday's lost members are not counted again."""
    here = armed(country, weapons=[7, 0, 5])
    here.today["gang_firearms"], here.gangs["losses_today"] = 99, [3, 0, 1]
    count_firearms(here.state)
    assert here.today["gang_firearms"][0] == 12
    assert here.gangs["losses_today"].tolist() == [0, 0, 0]


def test_each_lost_member_loses_arms_once(country: Any) -> None:
    """As two days end after ten members were taken on the first, only the first costs firearms: half of ten."""
    values = {"extortion.enabled": False, "membership.enabled": False}
    here = country(1, [], values={**VALUES, **values})
    here.crew(0, 0, 990)
    here.gangs["firearms"][0] = 1000
    here.begin()
    here.gangs["losses_today"][0] = 10
    for day, lost in ((0, 7), (1, 2)):  # two wear out
        before = int(here.gangs["firearms"][0])
        update_gangs(here.state, run_randomness(21, 0, 0, day))
        assert before - here.gangs["firearms"][0] in (lost - 1, lost)
        assert here.finding() == "balanced"
