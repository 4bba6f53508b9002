"""The day: each rule of a phase has its line, and the phases follow each other from dawn to midnight."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.engine.records import fields
from teritwa.rules.agents.accounts import DailyCounts
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.conservation import BALANCED
from teritwa.rules.mission.donors import daily_part
from teritwa.rules.registry import registry
from teritwa.rules.schedule import reset_daily_counts, run_day

EACH_NIGHT = {
    "members", "weapons", "in_camps", "without_aid", "children_displaced", "out_of_school", "hospitals_open", "trust",
}  # fmt: skip
"""What is not counted up in a day but found out each night."""

COUNTS = [name for name in fields(DailyCounts) if name not in EACH_NIGHT]
SWITCHES = sorted(name for name, given in registry().items() if given.switch)


def a_day(here: Any, day: int = 0) -> None:
    """Run a day of a country whose stocks must balance."""
    assert run_day(here.state, run_randomness(1, 0, 0, day), np.zeros(8, np.int64)) == BALANCED


def busy(country: Any, values: dict[str, float] | None = None) -> Any:
    """Return a country in which every count of a day has something to count."""
    here = country(
        3, [(0, 1), (1, 2)], values={"tasking.own_sent_probability": 0.8, "gang_rivalry.rate": 14.0, **(values or {})}
    )
    for place, fighters in enumerate((200, 120, 60)):
        here.crew(place, place, fighters)
        here.unit(0, place, 40)
    here.gangs["firearms"], here.gangs["treasury"] = 50, 10_000_000
    here.districts["people"]["displaced_hosted"], here.districts["people"]["displaced_from"], here.districts["place"]["hospitals"] = 30, 30, 1
    here.displaced[:] = 30 * np.roll(np.eye(3, dtype=np.int64), 1, axis=1)
    return here.begin()


def test_counts_begin_at_zero(country: Any) -> None:
    """Yesterday's dead, injured, kidnapped and fled are not counted again."""
    here = country()
    here.killed[:], here.killed_under_gangs[:], here.injured[:] = 3, 3, 2
    for name in COUNTS:
        here.today[name] = 5
    for name in ("civilians_killed", "bystanders_killed", "kidnapped"):
        here.districts[name] = 4
    reset_daily_counts(here.state)
    assert here.killed.sum() + here.killed_under_gangs.sum() + here.injured.sum() == 0
    assert [int(here.today[name][0]) for name in COUNTS] == [0] * len(COUNTS)
    for name in ("civilians_killed", "bystanders_killed", "kidnapped"):
        assert not here.districts[name].any(), name


@pytest.mark.parametrize("off", ["", *SWITCHES])
def test_a_day_owes_nothing_to_yesterdays_counts(country: Any, off: str) -> None:
    """Whatever stood in the day's counts before a day is gone after it, with all mechanisms on and with any one off."""
    values = {off: False} if off else {}
    clean, soiled = busy(country, values), busy(country, values)
    for name in soiled.today.dtype.names:
        soiled.today[name] = 7
    for here in (clean, soiled):
        a_day(here)
    for name in clean.today.dtype.names:
        assert clean.today[name][0] == soiled.today[name][0], name


def test_what_is_counted_each_night_is_what_there_is(country: Any) -> None:
    """Members, firearms and the displaced in camps of a day are those of its records, and nobody is counted twice."""
    here = busy(country, {"aid.camp_share": 0.2, "aid.child_share": 0.5})
    for day in range(5):
        a_day(here, day)
        crews, today = here.crews, here.today[0]
        assert today["gang_members"] == crews["fighters"].sum() + crews["hiding"].sum() == here.gangs["members"].sum()
        assert today["gang_firearms"] == here.gangs["firearms"].sum()
        hosted = int(here.districts["people"]["displaced_hosted"].sum())
        assert today["displaced_in_camps"] == int(0.2 * hosted + 1e-9)
        assert today["children_displaced"] == hosted // 2
        assert 0 <= today["displaced_without_aid"] <= today["displaced_in_camps"]
        assert 0.0 <= today["hospitals_open"] <= 1.0


@pytest.mark.parametrize(("influence", "least", "most"), [(0.0, 0, 0), (1.0, 1, 1)])
def test_the_dead_under_gangs_are_some_of_the_dead(country: Any, influence: float, least: int, most: int) -> None:
    """On a day that begins with every place held all deaths are entered under gangs, with none held none of them."""
    here = busy(country)
    here.districts["control"]["gang_influence"] = influence
    a_day(here)
    assert here.killed.sum() > 0
    assert (here.killed_under_gangs >= least * here.killed).all()
    assert (here.killed_under_gangs <= most * here.killed).all()


def test_an_empty_country_stays_as_it_is(country: Any) -> None:
    """Without gangs, officers or money a hundred days change nobody's life and no influence."""
    here = country(3, [(0, 1), (1, 2)]).begin()
    before = here.districts[["residents", "hosted", "away", "gang_influence", "holder"]].tolist()
    for day in range(100):
        a_day(here, day)
        assert here.killed.sum() == here.today["kidnapped"][0] == 0
    assert here.districts[["residents", "hosted", "away", "gang_influence", "holder"]].tolist() == before


def test_gangs_alone_take_the_country(country: Any) -> None:
    """With fighters in every place and no police every place is held after a month, and people have died."""
    here = country(3, [(0, 1), (1, 2)], values={"membership.recruitment_rate": 0.1})
    for place in range(3):
        here.crew(place, place, 200)
    here.begin()
    dead = 0
    for day in range(30):
        a_day(here, day)
        dead += here.killed.sum()
    assert np.all(here.districts["control"]["gang_influence"] > 0.9)
    assert here.districts["control"]["holder"].tolist() == [0, 1, 2]
    assert dead > 0


def expecting(country: Any, officers: int = 100, ends: int = 1000) -> Any:
    """Return a country at peace with a mandate and a fund, to which officers of the mission come today."""
    here = country(values={"budget.cost_per_officer_month": 20_000})
    one = here.institution
    one_mission["mandate"], one_mission["authorised"], one_mission["mandate_ends"] = SUPPORT_MISSION, 500, ends
    one_fund["balance"] = one_fund["received"] = 10**10
    here.contingents["in_transit"][2], here.contingents["arrival_rate"][2] = officers, officers
    return here.begin()


def test_those_who_land_today_are_paid_today(country: Any) -> None:
    """Officers land before accounts are settled: 100 of them cost a day of $2 million a month on their first day."""
    here = expecting(country)
    a_day(here)
    assert here.contingents["officers"][2] == 100
    assert here.fund["spent"][0] == daily_part.plain(200_000_000, 0) > 0
    assert here.mission["started_on"][0] == 0


def test_nobody_lands_on_the_day_the_mandate_lapses(country: Any) -> None:
    """A mandate in force until yesterday lets nobody land today, and keeps nobody on the way."""
    lapsed, there = expecting(country, ends=5), expecting(country, ends=6)
    for here in (lapsed, there):
        a_day(here, 5)
    assert (lapsed.contingents["officers"][2], lapsed.contingents["in_transit"][2]) == (0, 0)
    assert there.contingents["officers"][2] == 100


def test_wages_come_before_arms(country: Any) -> None:
    """A gang with the wages of a day and less than a firearm's price more buys none; with ten prices more, ten.

    Seventy fighters at $10 a week cost $100 a day. Nobody recruits, and what is extorted from a thousand people
    in a day, $1.64 at most, is less than the price.
    """
    values = {
        "membership.enabled": False, "gang_rivalry.enabled": False, "attack.enabled": False, "kidnapping.enabled": False,
        "extortion.fighter_wage": 10.0, "extortion.petty_income": 0.0, "extortion.rate_per_person": 0.05, "arms.firearm_price": 300, "arms.wear_rate": 0.0002,
        "arms.smuggling_rate": 100.0, "arms.embargo_effectiveness": 0.0,
    }  # fmt: skip
    for spare, bought in ((20_000, 0), (310_000, 10)):
        here = country(1, [], values=values)
        here.crew(0, 0, 70)
        here.gangs["treasury"][0] = 10_000 + spare
        here.begin()
        a_day(here)
        assert here.ledger["wages_paid"][0] == 10_000
        assert here.ledger["firearms_smuggled"][0] == bought


def test_losses_of_today_are_replaced_today(country: Any) -> None:
    """A gang whose members were killed loses their firearms before it buys: none is bought for the dead."""
    values = {
        "membership.enabled": False, "gang_rivalry.enabled": False, "attack.enabled": False, "kidnapping.enabled": False,
        "arms.seizure_share": 1.0, "arms.smuggling_rate": 100.0, "arms.embargo_effectiveness": 0.0, "arms.wear_rate": 0.0002,
    }  # fmt: skip
    here = country(1, [], values=values)
    here.crew(0, 0, 70)
    here.gangs["treasury"][0], here.gangs["firearms"][0] = 10**9, 100
    here.begin()
    here.gangs["losses_today"][0] = 30
    a_day(here)
    assert here.gangs["firearms"][0] == 70
    assert (here.ledger["firearms_lost"][0], here.ledger["firearms_smuggled"][0], here.gangs["losses_today"][0]) == (
        30,
        0,
        0,
    )
