"""Extortion: revenue of districts, how crews share it, and how far wages are paid."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.gangs.extortion import (
    collect_revenue,
    count_members,
    district_revenue,
    pay_wages,
)
from teritwa.rules.schedule import update_gangs

VALUES = {
    "extortion.rate_per_person": 0.73,
    "extortion.road_toll": 100.0,
    "extortion.port_toll": 2000.0,
    "extortion.mean_ransom": 500.0,
    "extortion.petty_income": 7.0,
    "extortion.fighter_wage": 70.0,
}


@pytest.mark.parametrize(
    ("changes", "dollars"),
    [
        ({}, 240.0),
        ({"place.highways": 2}, 440.0),
        ({"place.port": True}, 2240.0),
        ({"place.fuel_terminal": True}, 2240.0),
        ({"place.port": True, "place.fuel_terminal": True, "place.highways": 1}, 4340.0),
        ({"place.airport": True, "place.prison": True}, 240.0),
        ({"control.gang_influence": 0.25, "place.highways": 2}, 110.0),
        ({"control.gang_influence": 0.0, "place.port": True}, 0.0),
        ({"control.gang_influence": 0.0, "counts.kidnapped": 3}, 1500.0),
        ({"control.gang_influence": 0.5, "counts.kidnapped": 3, "place.highways": 1}, 1670.0),
        ({"people.residents": 0}, 0.0),
    ],
)
def test_revenue_of_a_district(
    country: Any, column: Any, changes: dict[str, float], dollars: float
) -> None:
    """10,000 people bring $240 a day, a road $100, and a port or fuel terminal $2,000.

    All of that is multiplied by gang influence; ransoms of $500 are not. 10,000 * 0.73 * 12 / 365 =
    240.
    """
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"], here.districts["control"]["gang_influence"] = 10_000, 1.0
    for field, value in changes.items():
        column(here.districts, field)[:] = value
    found = district_revenue(here.state.districts[0], here.rules("extortion"))
    assert found == pytest.approx(dollars)


def two_gangs(country: Any) -> Any:
    """Return two gangs in a district worth $240 a day, and one of them in a district worth $24.

    Gang 0 has 30 of the 40 fighters in the first and 20 in the second.
    """
    here = country(2, values=VALUES)
    here.districts["people"]["residents"] = [10_000, 1000]
    here.districts["control"]["gang_influence"] = 1.0
    here.crew(0, 0, 30)
    here.crew(1, 0, 10, hiding=500)
    here.crew(0, 1, 20)
    return here.begin()


def test_crews_share_revenue_by_their_fighters(country: Any) -> None:
    """Gang 0 gets 3/4 of $240, all of $24 and $50 for its fighters; gang 1 gets $60 and $10.

    The treasuries, the day's count and the ledger agree to the cent.
    """
    here = two_gangs(country)
    here.gangs["treasury"] = [100, 200, 300]
    here.begin()
    collect_revenue(here.state)
    assert here.gangs["revenue_today"].tolist() == pytest.approx([25_400, 7_000, 0], abs=2)
    assert (here.gangs["treasury"] - here.gangs["revenue_today"]).tolist() == [100, 200, 300]
    for table in (here.ledger, here.daily):
        assert table["gang_revenue"][0] == here.gangs["revenue_today"].sum()
    assert here.finding() == "balanced"


@pytest.mark.parametrize("fighters", [(40, 0, 0), (1, 1, 38), (13, 14, 13), (0, 0, 40), (0, 1, 0)])
def test_all_revenue_is_shared(country: Any, fighters: tuple[int, ...]) -> None:
    """$240 and $1 per fighter are collected whoever the fighters belong to.

    At most a cent per crew is lost to rounding.
    """
    here = country(1, [], values=VALUES)
    here.districts["people"]["residents"], here.districts["control"]["gang_influence"] = 10_000, 1.0
    for gang, present in enumerate(fighters):
        here.crew(gang, 0, present)
    here.begin()
    collect_revenue(here.state)
    whole = 24_000 + 100 * sum(fighters)
    assert whole - 3 <= here.daily["gang_revenue"][0] <= whole
    assert np.all((here.gangs["revenue_today"] == 0) == (np.array(fighters) == 0))


def test_hidden_crews_collect_nothing(country: Any) -> None:
    """Where all crews hide nothing is collected, not even petty income."""
    here = country(1, [], values=VALUES)
    here.districts["control"]["gang_influence"] = 1.0
    here.crew(0, 0, 0, hiding=100)
    here.begin()
    collect_revenue(here.state)
    assert here.gangs["treasury"].sum() == here.ledger["gang_revenue"][0] == 0


@pytest.mark.parametrize(
    ("treasury", "left", "paid"),
    [(0, 0, 0.0), (20_000, 0, 0.4), (50_000, 0, 1.0), (80_000, 30_000, 1.0)],
)
def test_wages_are_paid_as_far_as_the_treasury_goes(
    country: Any, treasury: int, left: int, paid: float
) -> None:
    """50 members at $70 a week cost $500 a day; a gang with $200 pays two fifths.

    No gang goes into debt.
    """
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 40, hiding=10)
    here.gangs["treasury"][0] = treasury
    here.begin()
    pay_wages(here.state)
    assert (here.gangs["treasury"][0], here.gangs["wage_share_paid"][0]) == (left, paid)
    assert here.ledger["wages_paid"][0] == treasury - left
    assert here.finding() == "balanced"


def test_a_gang_without_members_owes_nothing(country: Any) -> None:
    """A gang without members counts as fully paid and keeps its cash."""
    here = country(1, [], values=VALUES)
    here.gangs["treasury"], here.gangs["wage_share_paid"] = 700, 0.3
    here.begin()
    pay_wages(here.state)
    assert here.gangs["wage_share_paid"].tolist() == [1.0, 1.0, 1.0]
    assert here.gangs["treasury"].tolist() == [700, 700, 700]


def test_members_are_counted(country: Any) -> None:
    """Members in hiding count too, and yesterday's members and revenue are reset."""
    here = two_gangs(country)
    here.crews["fighters"][0], here.gangs["revenue_today"] = 25, 99
    for _ in range(2):
        count_members(here.state)
    assert here.gangs["members"].tolist() == [45, 510, 0]
    assert here.daily["gang_members"][0] == 555
    assert here.gangs["revenue_today"].tolist() == [0, 0, 0]


def test_a_port_decides_who_is_paid(country: Any) -> None:
    """Of two gangs that owe $1,000 a day, the one at a port pays in full and the other 12 %.

    A port brings 2,000 beside 24 from extortion and 100 of petty income; without it 124 remain.
    """
    here = country(2, values={**VALUES, "membership.enabled": False, "arms.enabled": False})
    here.districts["control"]["gang_influence"], here.districts["place"]["port"][0] = 1.0, True
    here.crew(0, 0, 100)
    here.crew(1, 1, 100)
    here.begin()
    for day in range(30):
        update_gangs(here.state, run_randomness(1, 0, 0, day))
        assert here.gangs["wage_share_paid"][:2].tolist() == pytest.approx([1.0, 0.124], abs=1e-4)
        assert here.finding() == "balanced"
    assert here.gangs["treasury"][:2].tolist() == [pytest.approx(30 * 112_400, abs=60), 0]


def test_switched_off_nothing_is_collected_or_paid(country: Any) -> None:
    """Switched off, treasuries stay as they are and nobody counts as unpaid."""
    here = two_gangs(country)
    here.parameters["extortion"]["enabled"] = here.parameters["arms"]["enabled"] = False
    here.gangs["treasury"] = 5
    here.begin()
    update_gangs(here.state, run_randomness(1, 0, 0, 0))
    assert here.gangs["treasury"].tolist() == [5, 5, 5]
    assert here.gangs["wage_share_paid"].tolist() == [1.0, 1.0, 1.0]
    assert here.ledger["gang_revenue"][0] == here.daily["gang_revenue"][0] == 0
    assert here.ledger["wages_paid"][0] == 0
