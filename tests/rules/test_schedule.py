"""The schedule of a day: the order of its phases, and counts that begin each day at zero."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.doctrine import (
    CLEAR_AND_HOLD,
    COMMUNITY_POLICING,
    CORDON_AND_SEARCH,
    NO_OPERATIONS,
    PATROL,
    RAID,
    STATIC_GUARD,
)
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.agents.police_unit import FOREIGN, SOLDIERS, SPECIAL
from teritwa.rules.conservation import BALANCED
from teritwa.rules.districts.casualties import BY_GANG, CIVILIAN
from teritwa.rules.mission.donors import daily_part
from teritwa.rules.registry import registry
from teritwa.rules.schedule import reset_daily_counts, run_day

SWITCHES = sorted(name for name, given in registry().items() if given.switch)


def a_day(here: Any, day: int = 0) -> None:
    """Run one day of a country whose stocks must balance."""
    assert run_day(here.state, run_randomness(1, 0, 0, day)) == BALANCED


def busy(country: Any, values: Mapping[str, float] | None = None) -> Any:
    """Return a country in which every count of a day has something to count."""
    here = country(
        3,
        [(0, 1), (1, 2)],
        values={"tasking.own_share_out": 0.8, "gang_rivalry.rate": 14.0, **(values or {})},
    )
    for place, fighters in enumerate((200, 120, 60)):
        here.crew(place, place, fighters)
        here.unit(0, place, 40)
    here.gangs["firearms"], here.gangs["treasury"] = 50, 10_000_000
    people = here.districts["people"]
    people["displaced_hosted"], people["displaced_from"] = 30, 30
    here.districts["place"]["hospitals"] = 1
    here.by_pair("displaced")[:] = 30 * np.roll(np.eye(3, dtype=np.int64), 1, axis=1)
    return here.begin()


def test_counts_begin_at_zero(country: Any) -> None:
    """All counts of the day, of the country and of each district, are zero at dawn."""
    here = country()
    here.killed[:], here.killed_under_gangs[:], here.injured[:] = 3, 3, 2
    counts = here.districts["counts"]
    for table in (here.daily, counts):
        for name in table.dtype.names:
            table[name] = 5
    reset_daily_counts(here.state)
    assert here.killed.sum() + here.killed_under_gangs.sum() + here.injured.sum() == 0
    for table in (here.daily, counts):
        for name in table.dtype.names:
            assert not table[name].any(), name


@pytest.mark.parametrize("off", ["", *SWITCHES])
def test_counts_of_a_day_do_not_depend_on_yesterdays(country: Any, off: str) -> None:
    """Counts left from yesterday change nothing, with all mechanisms on and with any one off."""
    values = {off: False} if off else {}
    clean, soiled = busy(country, values), busy(country, values)
    for name in soiled.daily.dtype.names:
        soiled.daily[name] = 7
    for here in (clean, soiled):
        a_day(here)
    for name in clean.daily.dtype.names:
        assert clean.daily[name][0] == soiled.daily[name][0], name


def test_nightly_counts_agree_with_the_records(country: Any) -> None:
    """The day's members, firearms and displaced in camps agree with the records, day after day."""
    here = busy(country, {"aid.camp_share": 0.2, "aid.child_share": 0.5})
    for day in range(5):
        a_day(here, day)
        crews, today = here.crews, here.daily[0]
        members = crews["fighters"].sum() + crews["hiding"].sum()
        assert today["gang_members"] == members == here.gangs["members"].sum()
        assert today["gang_firearms"] == here.gangs["firearms"].sum()
        hosted = int(here.districts["people"]["displaced_hosted"].sum())
        assert today["displaced_in_camps"] == int(0.2 * hosted + 1e-9)
        assert today["children_displaced"] == hosted // 2
        assert 0 <= today["displaced_without_aid"] <= today["displaced_in_camps"]
        assert 0.0 <= today["hospitals_open"] <= 1.0


@pytest.mark.parametrize(("influence", "least", "most"), [(0.0, 0, 0), (1.0, 1, 1)])
def test_deaths_under_gangs_are_part_of_all_deaths(
    country: Any, influence: float, least: int, most: int
) -> None:
    """If gangs hold every district all deaths are under gangs, and if they hold none, none is.

    What counts is who holds a district as the day begins.
    """
    here = busy(country)
    here.set_influence(influence)
    a_day(here)
    assert here.killed.sum() > 0
    assert (here.killed_under_gangs >= least * here.killed).all()
    assert (here.killed_under_gangs <= most * here.killed).all()


def test_the_injured_of_a_day_follow_its_deaths(country: Any) -> None:
    """With many injured a death, a day with deaths has injured, and of the same kinds only."""
    ratios = {"attack": 50.0, "rivalry": 60.0, "operation": 40.0, "brigade": 20.0}
    values = {f"injuries.per_killed_{kind}": ratio for kind, ratio in ratios.items()}
    here = busy(country, {**values, "everyday_violence.enabled": False})
    a_day(here)
    dead = here.killed.copy()
    dead[BY_GANG, CIVILIAN] -= here.daily["executed"][0]
    assert dead.sum() > 0
    assert ((here.injured > 0) == (dead > 0)).all()


@pytest.mark.parametrize("operations", [NO_OPERATIONS, RAID, CLEAR_AND_HOLD, CORDON_AND_SEARCH])
@pytest.mark.parametrize("at_home", [PATROL, COMMUNITY_POLICING, STATIC_GUARD])
def test_stocks_balance_under_every_doctrine(country: Any, operations: int, at_home: int) -> None:
    """Over 30 days of operations, arrests, search and release each stock equals its flows.

    Officers of all forces are mobile and out; those who operate at all arrest or clear.
    """
    values = {"tasking.judgement_error": 0.0, "detention.prison_capacity": 11_000}
    here = busy(country, values)
    for contingent, kind in ((0, SPECIAL), (1, SOLDIERS), (2, FOREIGN)):
        here.unit(contingent, 0, 150, kind=kind)
    here.doctrines["operations"], here.doctrines["at_home"] = operations, at_home
    here.doctrines["share_out"], here.ledger["prisoners"] = 1.0, 11_500
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 1000
    here.begin()
    cleared = 0
    for day in range(30):
        a_day(here, day)
        cleared += int(here.daily["cleared"][0])
        assert here.ledger["prisoners"][0] <= 11_000
        assert (here.daily["operations"][0] > 0) <= (operations != NO_OPERATIONS)
    assert (cleared > 0) == (operations != NO_OPERATIONS)


def test_an_empty_country_stays_as_it_is(country: Any) -> None:
    """Without gangs, officers or money, a hundred days change no population and no influence.

    Nobody founds a gang and nobody is killed in a dispute.
    """
    values = {"emergence.enabled": False, "everyday_violence.enabled": False}
    here = country(3, [(0, 1), (1, 2)], values=values).begin()
    people, control = here.districts["people"], here.districts["control"]
    names = ["residents", "displaced_hosted", "displaced_from"]
    before = [people[names].tolist(), control[["gang_influence", "holder"]].tolist()]
    for day in range(100):
        a_day(here, day)
        assert here.killed.sum() == here.daily["kidnapped"][0] == 0
    assert [people[names].tolist(), control[["gang_influence", "holder"]].tolist()] == before


def test_gangs_alone_take_the_country(country: Any) -> None:
    """With fighters everywhere and no police, gangs hold all districts in four months, and kill."""
    here = country(3, [(0, 1), (1, 2)], values={"membership.recruitment_rate": 0.1})
    for place in range(3):
        here.crew(place, place, 200)
    here.begin()
    dead = 0
    for day in range(120):
        a_day(here, day)
        dead += here.killed.sum()
    assert np.all(here.districts["control"]["gang_influence"] > 0.5)
    assert np.all(here.districts["control"]["holder"] != STATE)
    assert dead > 0


def expecting(country: Any, officers: int = 100, ends: int = 1000) -> Any:
    """Return a peaceful country with a mandate and a fund, where mission officers arrive today."""
    here = country(values={"budget.cost_per_officer_month": 20_000})
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 500
    here.mission["mandate_ends"] = ends
    here.fund["balance"] = here.fund["received"] = 10**10
    here.contingents["in_transit"][2], here.contingents["arrival_rate"][2] = officers, officers
    return here.begin()


def test_those_who_land_today_are_paid_today(country: Any) -> None:
    """Officers land before accounts are settled: 100 officers cost $2 million a month at once."""
    here = expecting(country)
    a_day(here)
    assert here.contingents["officers"][2] == 100
    assert here.fund["spent"][0] == daily_part.plain(200_000_000, 0) > 0
    assert here.mission["started_on"][0] == 0


def test_nobody_lands_on_the_day_the_mandate_lapses(country: Any) -> None:
    """A mandate in force until yesterday lets nobody land today and keeps nobody in transit."""
    lapsed, there = expecting(country, ends=5), expecting(country, ends=6)
    for here in (lapsed, there):
        a_day(here, 5)
    assert (lapsed.contingents["officers"][2], lapsed.contingents["in_transit"][2]) == (0, 0)
    assert there.contingents["officers"][2] == 100


ONLY_ARMS = {
    "membership.enabled": False,
    "gang_rivalry.enabled": False,
    "attack.enabled": False,
    "kidnapping.enabled": False,
    "arms.wear_rate": 0.0002,
    "arms.smuggling_rate": 100.0,
    "arms.embargo_effectiveness": 0.0,
}


def test_wages_come_before_arms(country: Any) -> None:
    """Wages are paid first: a gang buys firearms only with what is left, here for none or for ten.

    Seventy fighters at $10 a week cost $100 a day. Nobody recruits, and what is extorted from a
    thousand people in a day, $1.64 at most, is less than the price of a firearm.
    """
    values = {
        **ONLY_ARMS,
        "extortion.fighter_wage": 10.0,
        "extortion.petty_income": 0.0,
        "extortion.rate_per_person": 0.05,
        "arms.firearm_price": 300,
    }
    for spare, bought in ((20_000, 0), (310_000, 10)):
        here = country(1, [], values=values)
        here.crew(0, 0, 70)
        here.gangs["treasury"][0] = 10_000 + spare
        here.begin()
        a_day(here)
        assert here.ledger["wages_paid"][0] == 10_000
        assert here.ledger["firearms_smuggled"][0] == bought


def test_firearms_are_lost_before_new_ones_are_bought(country: Any) -> None:
    """A gang whose members were killed loses their firearms first and buys none for the dead."""
    values = {**ONLY_ARMS, "arms.seizure_share": 1.0}
    here = country(1, [], values=values)
    here.crew(0, 0, 70)
    here.gangs["treasury"][0], here.gangs["firearms"][0] = 10**9, 100
    here.begin()
    here.gangs["losses_today"][0] = 30
    a_day(here)
    assert here.gangs["firearms"][0] == 70
    assert here.ledger[["firearms_lost", "firearms_smuggled"]][0].tolist() == (30, 0)
    assert here.gangs["losses_today"][0] == 0
