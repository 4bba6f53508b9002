"""Arms: effectiveness of fighters, loss and purchase of firearms, and the embargo."""

from collections.abc import Mapping
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
    "arms.smuggling_rate": 20.0,
    "arms.embargo_effectiveness": 0.5,
    "arms.firearm_price": 1000,
    "arms.wear_rate": 0.002,
    "arms.seizure_share": 0.5,
    "arms.unarmed_effectiveness": 0.4,
}
PRICE = 100_000  # US cents
TODAY = run_randomness(21, 0, 0, 4)


def armed(
    country: Any,
    firearms: Any,
    fighters: Any = 0,
    treasury: Any = 10**12,
    values: Mapping[str, float] = {},
) -> Any:
    """Return three gangs in one district with given members, firearms and cash."""
    here = country(1, [], values={**VALUES, **values})
    for gang, members in enumerate(np.broadcast_to(fighters, 3)):
        here.crew(gang, 0, int(members))
    here.gangs["firearms"], here.gangs["treasury"] = firearms, treasury
    return here.begin()


@pytest.mark.parametrize(
    ("fighters", "firearms", "effectiveness"),
    [
        (10, 10, 1.0),
        (10, 25, 1.0),
        (10, 5, 0.7),
        (10, 1, 0.46),
        (10, 0, 0.4),
        (1, 1, 1.0),
        (0, 0, 0.4),
        (0, 3, 1.0),
    ],
)
def test_combat_effectiveness(fighters: int, firearms: int, effectiveness: float) -> None:
    """A fighter with a firearm counts 1, one without 0.4; spare firearms add nothing."""
    assert combat_effectiveness_of(fighters, firearms, 0.4) == pytest.approx(effectiveness)


def test_firearms_are_lost_with_members(country: Any) -> None:
    """Of 500 firearms one wears out, and 100 lost members cost 25.

    Half of the 1,000 members are armed, and half of the firearms of those lost are seized.
    """
    here = armed(country, firearms=[500, 500, 0], fighters=[900, 900, 900])
    here.gangs["losses_today"] = [100, 0, 100]
    lose_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [474, 499, 0]
    assert here.ledger["firearms_lost"][0] == 27
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("fighters", "lost", "taken"), [(900, 3, 1.5), (90, 10, 5.0), (0, 1, 0.5)])
def test_losses_are_rounded_at_random(country: Any, fighters: int, lost: int, taken: float) -> None:
    """Of 1,234 firearms 2.468 wear out a day, and half of those of lost members are seized.

    Amounts are rounded by random numbers that keep the mean.
    """
    here = armed(country, firearms=1234, fighters=fighters)
    here.gangs["losses_today"] = lost
    lose_firearms(here.state, TODAY)
    for gang in range(3):
        identity = 2000 + gang
        gone = stochastic_round(2.468, uniform(TODAY, WEARS_OUT, identity)) + stochastic_round(
            taken, uniform(TODAY, SEIZED, identity)
        )
        assert here.gangs["firearms"][gang] == 1234 - gone
    assert here.finding() == "balanced"


def test_no_more_firearms_are_lost_than_there_are(country: Any) -> None:
    """A gang without members left loses its last firearm once."""
    here = armed(
        country, firearms=1, fighters=0, values={"arms.wear_rate": 0.005, "arms.seizure_share": 1.0}
    )
    for day in range(1000):
        here.gangs["losses_today"] = 50
        lose_firearms(here.state, run_randomness(21, 0, 0, day))
        assert here.gangs["firearms"].min() >= 0
    assert here.gangs["firearms"].tolist() == [0, 0, 0]
    assert here.ledger["firearms_lost"][0] == 3
    assert here.finding() == "balanced"


def test_the_last_fighter_loses_the_last_firearm(country: Any) -> None:
    """A gang whose only member is killed or arrested loses the last firearm if all are seized."""
    here = armed(
        country,
        firearms=1,
        fighters=0,
        values={"arms.wear_rate": 0.0002, "arms.seizure_share": 1.0},
    )
    here.gangs["losses_today"] = 1
    lose_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [0, 0, 0]


def test_half_of_all_firearms_wear_out_in_a_year(country: Any) -> None:
    """At 0.2 % a day 0.998**365 = 0.48 of 10,000 firearms are left after a year.

    The tolerance is 4.65 standard errors of rounding.
    """
    here = armed(country, firearms=10_000, fighters=10_000)
    for day in range(365):
        lose_firearms(here.state, run_randomness(21, 0, 0, day))
    expected = 10_000 * 0.998**365
    assert np.abs(here.gangs["firearms"] - expected).max() < 4.65 * (0.25 * 365) ** 0.5
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("fighters", "firearms", "treasury", "wanted"),
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
def test_demand_is_what_gangs_lack_and_can_pay(
    country: Any, fighters: int, firearms: int, treasury: int, wanted: int
) -> None:
    """Six of ten fighters lack a firearm at $1,000: with $3,999 three are demanded.

    With less than the price, none is.
    """
    here = armed(country, firearms=firearms, fighters=[fighters, 0, 0], treasury=treasury)
    here.gangs["firearm_demand"] = 77
    assert count_firearm_demand(here.state) == wanted
    assert here.gangs["firearm_demand"].tolist() == [wanted, 0, 0]


def test_demand_is_met_if_supply_suffices(country: Any) -> None:
    """Of 10 smuggled firearms three gangs buy and pay for the 2, 5 and 1 that they demand."""
    here = armed(country, firearms=[8, 5, 9], fighters=10, treasury=7 * PRICE)
    buy_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [10, 10, 10]
    assert here.gangs["treasury"].tolist() == [5 * PRICE, 2 * PRICE, 6 * PRICE]
    assert (here.ledger["firearms_smuggled"][0], here.ledger["arms_spending"][0]) == (8, 8 * PRICE)
    assert here.gangs["combat_effectiveness"].tolist() == [1.0, 1.0, 1.0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("day", range(20))
def test_scarce_supply_is_shared_in_proportion(country: Any, day: int) -> None:
    """Of 10 smuggled firearms demands of 10, 20 and 10 get 2.5, 5 and 2.5, rounded to 10 in all."""
    today = run_randomness(21, 0, 0, day)
    here = armed(country, firearms=0, fighters=[10, 20, 10])
    buy_firearms(here.state, today)
    start = uniform(today, WHO_BUYS, COUNTRY)
    edges = [0, int(2.5 + start), int(7.5 + start), 10]
    assert here.gangs["firearms"].tolist() == np.diff(edges).tolist()
    fighters, firearms = here.gangs["members"], here.gangs["firearms"]
    assert here.gangs["combat_effectiveness"].tolist() == pytest.approx(
        (0.4 + 0.6 * firearms / fighters).tolist()
    )
    assert here.ledger["firearms_smuggled"][0] == 10
    assert here.finding() == "balanced"


def test_shares_add_up_for_any_demand(country: Any) -> None:
    """For 300 random demands and supplies all supply is sold, as far as it is demanded.

    Nobody gets more than the demand, and each share is met within one.
    """
    for day in range(300):
        *wants, flow = [
            int(60 * uniform(run_randomness(5, 0, 0, day), WHO_BUYS, item)) for item in range(4)
        ]
        wanted = np.array(wants)
        here = armed(
            country,
            firearms=0,
            fighters=wanted,
            values={"arms.smuggling_rate": float(flow), "arms.embargo_effectiveness": 0.0},
        )
        buy_firearms(here.state, run_randomness(21, 0, 0, day))
        sold = min(flow, int(wanted.sum()))
        assert here.gangs["firearms"].sum() == sold
        assert np.all(here.gangs["firearms"] <= wanted)
        assert np.abs(here.gangs["firearms"] - sold * wanted / max(1, wanted.sum())).max() < 1.0
        assert here.finding() == "balanced"


def test_gangs_without_cash_leave_more_to_others(country: Any) -> None:
    """A gang without cash demands nothing, and the ten firearms go to the other two."""
    here = armed(country, firearms=0, fighters=50, treasury=[0, 10**12, 10**12])
    buy_firearms(here.state, TODAY)
    assert here.gangs["firearms"].tolist() == [0, 5, 5]
    assert here.gangs["treasury"][0] == 0


def test_an_embargo_stops_its_share(country: Any) -> None:
    """Of 3 firearms a day an embargo of 0.95 lets 0.15 pass: 300 in 2,000 days.

    The tolerance is 4.65 standard errors.
    """
    here = armed(
        country,
        firearms=0,
        fighters=100_000,
        values={"arms.smuggling_rate": 3.0, "arms.embargo_effectiveness": 0.95},
    )
    for day in range(2000):
        before, today = int(here.gangs["firearms"].sum()), run_randomness(21, 0, 0, day)
        buy_firearms(here.state, today)
        assert here.gangs["firearms"].sum() - before == stochastic_round(
            0.15, uniform(today, ARRIVES, COUNTRY)
        )
    assert abs(here.gangs["firearms"].sum() - 300) < 4.65 * (2000 * 0.15 * 0.85) ** 0.5
    assert here.finding() == "balanced"


def test_a_stricter_embargo_never_brings_more(country: Any) -> None:
    """With the same random numbers a stricter embargo never leaves gangs with more firearms."""
    stocks = []
    for embargo in (0.0, 0.3, 0.6, 0.95):
        here = armed(
            country,
            firearms=0,
            fighters=[300, 500, 900],
            values={"arms.embargo_effectiveness": embargo},
        )
        days = []
        for day in range(40):
            buy_firearms(here.state, run_randomness(21, 0, 0, day))
            days.append(int(here.gangs["firearms"].sum()))
        stocks.append(days)
    assert np.all(np.diff(np.array(stocks), axis=0) <= 0)
    assert stocks[-1][-1] < stocks[0][-1]


def test_wages_come_before_arms(country: Any) -> None:
    """Of $1,500 a gang of 100 pays $1,000 in wages first and cannot buy a firearm at $1,000."""
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
    assert here.gangs["wage_share_paid"][0] == 1.0
    assert here.gangs["treasury"][0] == 50_000
    assert here.gangs["firearms"][0] == 0
    assert here.finding() == "balanced"


def unchanging(country: Any) -> Any:
    """Return gangs after a day with arms, extortion and membership switched off.

    They lost members, lack firearms and could pay for some.
    """
    here = armed(country, firearms=500, fighters=900)
    for name in ("arms", "extortion", "membership"):
        here.parameters[name]["enabled"] = False
    here.gangs["losses_today"], here.gangs["combat_effectiveness"] = 100, 0.8
    update_gangs(here.state, TODAY)
    return here


def test_switched_off_firearms_stay(country: Any) -> None:
    """Switched off, no firearm is lost or bought, and the effectiveness stays as it is."""
    here = unchanging(country)
    assert here.gangs["firearms"].tolist() == [500, 500, 500]
    assert here.gangs["combat_effectiveness"].tolist() == [0.8, 0.8, 0.8]
    assert here.gangs["treasury"].tolist() == [10**12] * 3
    assert here.finding() == "balanced"


def test_firearms_are_counted_even_when_switched_off(country: Any) -> None:
    """Firearms are counted and lost members reset each day, even when arms are switched off.

    A later day with arms switched on does not find the lost members of all days before.
    """
    here = unchanging(country)
    assert here.daily["gang_firearms"][0] == 1500
    assert here.gangs["losses_today"].tolist() == [0, 0, 0]


def test_counts_are_of_the_day_alone(country: Any) -> None:
    """Yesterday's count and yesterday's lost members are not counted again."""
    here = armed(country, firearms=[7, 0, 5])
    here.daily["gang_firearms"], here.gangs["losses_today"] = 99, [3, 0, 1]
    count_firearms(here.state)
    assert here.daily["gang_firearms"][0] == 12
    assert here.gangs["losses_today"].tolist() == [0, 0, 0]


def test_each_lost_member_costs_firearms_once(country: Any) -> None:
    """Ten members lost on the first day cost five firearms on that day and none on the next.

    Two firearms wear out on each day.
    """
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


def earning(
    country: Any, revenue: list[int], kidnapped: list[int], rate: float = 20.0
) -> list[int]:
    """Return the firearms bought on days with some revenue, in dollars, and some kidnapped."""
    values = {"arms.smuggling_rate": rate, "extortion.mean_ransom": 1000.0}
    here = armed(country, firearms=0, fighters=100_000, values=values)
    bought = []
    for day, (dollars, persons) in enumerate(zip(revenue, kidnapped, strict=True)):
        here.daily["gang_revenue"], here.daily["kidnapped"] = 100 * dollars, persons
        before = int(here.gangs["firearms"].sum())
        buy_firearms(here.state, run_randomness(21, 0, 0, day))
        bought.append(int(here.gangs["firearms"].sum()) - before)
    assert here.finding() == "balanced"
    return bought


def test_smugglers_follow_revenue(country: Any) -> None:
    """20 firearms at an embargo of 0.5 are 10 on the first day, and 20 at twice its revenue.

    Without revenue none comes. Ransoms do not count, on the first day or later.
    """
    assert earning(country, [8000, 16_000, 4000, 0], [0] * 4) == [10, 20, 5, 0]
    assert earning(country, [10_000, 16_000, 9000], [2, 0, 5]) == [10, 20, 5]


def test_two_copies_of_a_world_get_twice_the_firearms(country: Any) -> None:
    """At twice the rate and twice the revenue of each day twice as many firearms come."""
    assert earning(country, [8000, 4000], [0, 0]) == [10, 5]
    assert earning(country, [16_000, 8000], [0, 0], rate=40.0) == [20, 10]


def test_without_revenue_on_the_first_day_the_flow_is_that_of_the_parameter(country: Any) -> None:
    """A world whose gangs take nothing is not a world without smugglers."""
    assert earning(country, [0, 0], [0, 0]) == [10, 10]
