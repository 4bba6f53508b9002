"""Casualties: every death is taken from a stock and entered by perpetrator and victim."""

import math
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.districts.casualties import (
    ANY_FORCE,
    BY_ARMY,
    BY_BRIGADE,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    CIVILIAN,
    FIGHTER,
    OFFICER,
    kill_civilians,
    kill_fighters,
    kill_officers,
    update_recent_killings,
)
from teritwa.rules.gangs.defence import kill_among_attackers

TODAY = run_randomness(1, 0, 0, 5)
VALUES = {"casualties.killing_memory": 90.0}


def test_civilian_deaths_are_entered_everywhere(country: Any) -> None:
    """Seven civilians killed by gangs are entered in residents, tables, ledger and counts."""
    here = country(values=VALUES).begin()
    assert kill_civilians(here.state, BY_GANG, 1, 7) == 7
    assert here.districts["people"]["residents"].tolist() == [1000, 993]
    assert here.districts["counts"]["civilians_killed"].tolist() == [0, 7]
    assert here.killed[BY_GANG].tolist() == [7, 0, 0]
    assert here.killed.sum() == here.ledger["civilians_killed"][0] == 7
    assert here.finding() == "balanced"


def test_killings_by_gangs_alone_displace(country: Any) -> None:
    """Civilians killed by police or brigades do not count among the killings that displace."""
    here = country(values=VALUES).begin()
    kill_civilians(here.state, BY_POLICE, 0, 2)
    kill_civilians(here.state, BY_BRIGADE, 0, 3)
    assert here.districts["counts"]["civilians_killed"].tolist() == [0, 0]
    assert here.killed[:, CIVILIAN].tolist() == [0, 2, 0, 0, 3, 0]


@pytest.mark.parametrize(
    ("perpetrator", "bystanders"),
    [(BY_GANG, 0), (BY_POLICE, 4), (BY_MISSION, 4), (BY_ARMY, 4), (BY_BRIGADE, 0)],
)
def test_bystanders_are_those_whom_forces_kill(
    country: Any, perpetrator: int, bystanders: int
) -> None:
    """Civilians killed by police, army or mission count as bystanders in their district."""
    here = country(values=VALUES).begin()
    kill_civilians(here.state, perpetrator, 1, 4)
    assert here.districts["counts"]["bystanders_killed"].tolist() == [0, bystanders]
    assert here.districts["counts"]["civilians_killed"].tolist() == [
        0,
        4 if perpetrator == BY_GANG else 0,
    ]


@pytest.mark.parametrize(
    ("perpetrator", "lost"),
    [(BY_GANG, 0), (BY_POLICE, 3), (BY_MISSION, 3), (BY_ARMY, 3), (BY_BRIGADE, 3)],
)
def test_losses_that_cost_firearms(country: Any, perpetrator: int, lost: int) -> None:
    """Members killed by forces or brigades count for the loss of firearms, by gangs they do not."""
    here = country(values=VALUES)
    row = here.crew(1, 0, 3)
    here.begin()
    kill_fighters(here.state, perpetrator, row, 1, 5)
    assert here.gangs["losses_today"].tolist() == [0, lost, 0]


@pytest.mark.parametrize(("influence", "under_gangs"), [(0.0, 0), (0.499, 0), (0.5, 1), (1.0, 1)])
def test_deaths_where_gangs_hold_are_entered_apart(
    country: Any, influence: float, under_gangs: int
) -> None:
    """Deaths where gangs have half of the influence or more are also entered as under gangs."""
    here = country(values=VALUES)
    row = here.crew(1, 1, 9)
    here.unit(0, 1, 9)
    here.set_influence([1.0 - influence, influence])
    here.begin()
    kill_civilians(here.state, BY_MISSION, 1, 3)
    kill_fighters(here.state, BY_ARMY, row, 1, 4)
    kill_officers(here.state, TODAY, 1, ANY_FORCE, 5)
    entered = {(BY_MISSION, CIVILIAN): 3, (BY_ARMY, FIGHTER): 4, (BY_GANG, OFFICER): 5}
    for (perpetrator, victim), dead in entered.items():
        assert here.killed[perpetrator, victim] == dead
        assert here.killed_under_gangs[perpetrator, victim] == dead * under_gangs
    assert here.killed.sum() == 12
    assert here.killed_under_gangs.sum() == 12 * under_gangs


@pytest.mark.parametrize(("home", "attacked"), [(1.0, 0.0), (0.0, 1.0)])
def test_attackers_die_where_they_attack(country: Any, home: float, attacked: float) -> None:
    """Attackers who are killed count in the district they attack, not in their own."""
    here = country(values=VALUES)
    row = here.crew(1, 0, 7)
    here.set_influence([home, attacked])
    here.crews["target"][row], here.crews["attackers_sent"][row] = 1, 7
    here.districts["night"]["first_attacker"][1] = row
    here.begin()
    kill_among_attackers(here.state, 1, BY_POLICE, 7, 7, 0.5)
    assert (here.crews["fighters"][row], here.killed[BY_POLICE, FIGHTER]) == (0, 7)
    assert here.killed_under_gangs[BY_POLICE, FIGHTER] == (7 if attacked >= 0.5 else 0)


def test_no_more_civilians_die_than_live(country: Any) -> None:
    """No more civilians die than live in a district, and the brigade shrinks with them."""
    here = country(values=VALUES)
    here.districts["people"]["residents"][0], here.districts["people"]["brigade"][0] = 5, 4
    here.begin()
    assert kill_civilians(here.state, BY_GANG, 0, 3) == 3
    assert here.districts["people"]["brigade"][0] == 2
    assert kill_civilians(here.state, BY_GANG, 0, 9) == 2
    assert kill_civilians(here.state, BY_GANG, 0, 1) == 0
    assert kill_civilians(here.state, BY_GANG, 1, 0) == 0
    assert here.killed.sum() == 5
    assert here.finding() == "balanced"


def test_no_more_fighters_die_than_are_present(country: Any) -> None:
    """Of four fighters present at most four die; those in hiding are out of reach."""
    here = country(values=VALUES)
    crew = here.crew(0, 0, 4, hiding=3)
    here.begin()
    assert kill_fighters(here.state, BY_POLICE, crew, 0, 10) == 4
    assert kill_fighters(here.state, BY_POLICE, crew, 0, 10) == 0
    assert (here.crews["fighters"][crew], here.crews["hiding"][crew]) == (0, 3)
    assert here.killed[BY_POLICE, FIGHTER] == here.ledger["fighters_killed"][0] == 4
    assert here.finding() == "balanced"


def test_officers_of_one_force_die(country: Any) -> None:
    """Officers of the given force in the district die in proportion, and nobody else."""
    here = country(values=VALUES)
    here.unit(0, 0, 4)
    here.unit(1, 0, 5)
    here.unit(0, 1, 5)
    here.unit(0, 0, 8)
    here.begin()
    assert kill_officers(here.state, TODAY, 0, 0, 6) == 6
    assert here.units["officers"][:4].tolist() == [2, 5, 5, 4]
    assert here.contingents["officers"].tolist() == [11, 5, 0]
    assert kill_officers(here.state, TODAY, 0, 0, 9) == 6
    assert kill_officers(here.state, TODAY, 0, 2, 3) == 0
    assert kill_officers(here.state, TODAY, 0, 1, 0) == 0
    assert here.killed[BY_GANG, OFFICER] == here.ledger["officers_killed"][0] == 12
    assert here.finding() == "balanced"


def test_units_lose_officers_in_proportion(country: Any) -> None:
    """12 killed among three units of 10 are 4 of each, whoever sent them; elsewhere nobody dies."""
    here = country()
    here.unit(1, 0, 10)
    here.unit(2, 0, 10)
    here.unit(0, 1, 5)
    here.unit(0, 0, 10)
    here.begin()
    assert kill_officers(here.state, TODAY, 0, ANY_FORCE, 12) == 12
    assert here.units["officers"][:4].tolist() == [6, 6, 5, 6]
    assert here.districts["totals"]["killed"].tolist() == [12, 0]
    assert here.daily["mission_killed"][0] == 4
    assert here.finding() == "balanced"


@pytest.mark.parametrize("units", [(60, 40), (20, 20, 20, 40), (40, 60)])
def test_splitting_a_unit_changes_no_expectation(country: Any, units: tuple[int, ...]) -> None:
    """One killed among 60 police and 40 of the mission is of the police on 60 % of the days.

    It makes no difference whether the police are one unit or three, or which unit comes first. The
    tolerance is 4.65 standard errors.
    """
    of_mission, days = 0, 1000
    for day in range(days):
        here = country()
        for officers in units:
            here.unit(2 if officers == 40 else 0, 0, officers)
        kill_officers(here.state, TODAY._replace(day=day), 0, ANY_FORCE, 1)
        of_mission += int(here.daily["mission_killed"][0])
    assert abs(of_mission / days - 0.4) < 4.65 * (0.24 / days) ** 0.5


@pytest.mark.parametrize("before", [0.0, 12.0, 40.0])
def test_recent_killings_follow_the_dead(country: Any, before: float) -> None:
    """With 12 dead a day the distance of recent killings to 12 shrinks by exp(-1/90) a day."""
    here = country(values=VALUES)
    here.killed[BY_GANG] = [3, 2, 1]
    here.killed[BY_POLICE] = [1, 2, 0]
    here.killed[BY_BRIGADE] = [1, 2, 0]
    here.governance["recent_killings"] = before
    for day in range(1, 91):
        update_recent_killings(here.state)
        assert here.governance["recent_killings"][0] == pytest.approx(
            12 + (before - 12) * math.exp(-day / 90)
        )
