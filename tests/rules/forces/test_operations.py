"""Clash: losses of both sides, bystanders, arrests, and crews that disperse."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.agents.police_unit import ARMY, MISSION, OPERATING, POLICE
from teritwa.rules.districts.casualties import BY_ARMY, BY_GANG, BY_MISSION, BY_POLICE, OFFICER
from teritwa.rules.districts.presence import update_day_presence
from teritwa.rules.forces.operations import (
    BYSTANDERS_KILLED,
    CREW_CLEARED,
    FIGHTERS_ARRESTED,
    FIGHTERS_KILLED,
    OFFICERS_KILLED,
    ambush,
    clearing_probability,
    conduct_operations,
    drive_into_hiding,
    effective_fighters,
    engaged,
    expected_kills,
    strike_crew,
)
from teritwa.rules.schedule import daytime

VALUES = {
    "operations.lethality": 0.005, "operations.duration_hours": 8.0, "operations.contact_constant": 50.0, "operations.collateral_ratio": 0.5,
    "operations.ambush_loss_rate": 2e-4, "operations.arrest_ratio": 0.5, "operations.clearing_force_ratio": 3.0, "operations.uncoordinated_share": 0.5,
    "equipment.armour_loss_factor": 0.5, "equipment.seats_per_vehicle": 10, "equipment.evacuation_loss_factor": 0.7, "intelligence.visible_share": 0.5,
    "intelligence.intimidation_share": 1.0, "trust.baseline": 0.4, "presence.mission_effect": 2.0,
    "relocation.shift_share": 0.3, "relocation.entrenchment_effect": 0.5, "drones.detection_gain": 0.5,
}  # fmt: skip
TODAY = run_randomness(12, 0, 0, 2)


def operation(country: Any, officers: int = 100, fighters: int = 150, force: int = POLICE, **values: Any) -> Any:
    """Return officers of one force who operate in district 1 among a crew, under changed parameters of clash."""
    here = country(2, values={**VALUES, **{f"clash.{name}": value for name, value in values.items()}})
    here.crew(0, 1, fighters)
    here.unit(force, 1, officers, task=OPERATING)
    here.districts["orders"]["target_score"][1], here.districts["control"]["gang_influence"][1] = 1.0, 1.0
    here.begin()
    update_day_presence(here.state)
    return here


@pytest.mark.parametrize(
    ("officers", "fighters", "chance"), [(300.0, 100, 0.5), (100.0, 100, 0.1), (900.0, 100, 0.9), (0.0, 100, 0.0)]
)
def test_chance_of_clearing_is_half_at_the_ratio(officers: float, fighters: int, chance: float) -> None:
    """Three officers a fighter clear half the time: r² / (r² + 9); nine clear nine times in ten; none never."""
    assert clearing_probability(officers, fighters, 3.0) == pytest.approx(chance)
    assert clearing_probability(officers, 0, 3.0) == 0.0


def test_expected_kills(country: Any) -> None:
    """0.005 an officer-hour * 100 * 8 h, where 150 of 200 contacts find any, of half of whom one knows: 1.5."""
    here = operation(country)
    assert expected_kills(100.0, here.state.districts[1], here.rules("operations"), 0.5) == pytest.approx(1.5)
    assert expected_kills(0.0, here.state.districts[1], here.rules("operations"), 0.5) == 0.0


@pytest.mark.parametrize(("force", "effective"), [(POLICE, 60.0), (ARMY, 60.0), (MISSION, 120.0)])
def test_engaged_are_those_of_the_force(country: Any, force: int, effective: float) -> None:
    """Officers who operate in a district count for their own force only."""
    here = operation(country, 60, force=force)
    found = [engaged(here.state.districts[1], each) for each in (POLICE, ARMY, MISSION)]
    assert found == [effective if each == force else 0.0 for each in (POLICE, ARMY, MISSION)]


@pytest.mark.parametrize(("force", "by"), [(POLICE, BY_POLICE), (ARMY, BY_ARMY), (MISSION, BY_MISSION)])
def test_a_strike_kills_arrests_and_errs(country: Any, force: int, by: int) -> None:
    """With 6 kills to expect: so many fighters, 0.5 * 0.5 * 6 bystanders, 0.5 * 6 arrests, by force and place."""
    here = operation(country, force=force)
    strike_crew(here.state, TODAY, 1, force, 400.0)
    draws = [(FIGHTERS_KILLED, 6.0), (BYSTANDERS_KILLED, 1.5), (FIGHTERS_ARRESTED, 3.0)]
    dead, bystanders, taken = [poisson(rate, uniform(TODAY, what, 1001, force)) for what, rate in draws]
    assert here.killed[by].tolist() == [bystanders, dead, 0]
    assert here.crews["fighters"][0] == 150 - dead - taken
    assert here.districts["people"]["residents"][1] == 1000 - bystanders
    assert here.ledger["arrested"][0] == here.ledger["prisoners"][0] == taken
    assert here.gangs["losses_today"].tolist() == [dead + taken, 0, 0]
    assert here.districts["counts"]["bystanders_killed"].tolist() == [0, bystanders]
    assert here.districts["counts"]["civilians_killed"][1] == 0
    assert here.finding() == "balanced"


def test_arrests_follow_their_parameter(country: Any) -> None:
    """Twice the arrests a killing mean twice as many arrests over 400 days of 6 kills each, never fewer on one.

    The same number decides at both, so that the days are pairs: 1,200 and 2,400 within 4.65 standard errors.
    """
    taken = []
    for arrests in (0.5, 1.0):
        days = []
        for day in range(400):
            here = operation(country, fighters=150, arrests=arrests)
            strike_crew(here.state, run_randomness(12, 0, 0, day), 1, POLICE, 400.0)
            days.append(int(here.ledger["arrested"][0]))
        taken.append(np.array(days))
    few, many = taken
    assert np.all(many >= few)
    assert abs(few.sum() - 1200) < 4.65 * 1200**0.5
    assert abs(many.sum() - 2400) < 4.65 * 2400**0.5
    # paired: the difference is less noisy than two independent sums would be, and has the mean of the smaller one
    difference = many - few
    assert difference.var() < few.var() + many.var()
    assert abs(difference.sum() - 1200) < 4.65 * (400 * difference.var()) ** 0.5


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.5), (1.0, 0.75)])
def test_who_knows_more_kills_more_fighters_and_fewer_bystanders(country: Any, watched: float, known: float) -> None:
    """With drones 9 fighters are expected to die, not 6, and 9 * 0.5 * 0.25 bystanders, not 6 * 0.5 * 0.5."""
    here = operation(country)
    here.districts["presence"]["drone_coverage"] = watched
    strike_crew(here.state, TODAY, 1, POLICE, 400.0)
    kills = 12.0 * known
    bystanders = poisson(0.5 * (1 - known) * kills, uniform(TODAY, BYSTANDERS_KILLED, 1001, POLICE))
    dead = poisson(kills, uniform(TODAY, FIGHTERS_KILLED, 1001, POLICE))
    assert here.killed[BY_POLICE].tolist() == [bystanders, dead, 0]


def test_nobody_is_killed_or_arrested_twice(country: Any) -> None:
    """Against three fighters an overwhelming force takes at most three, dead and arrested together."""
    here = operation(country, fighters=3)
    strike_crew(here.state, TODAY, 1, POLICE, 1e5)
    assert here.crews["fighters"][0] == 0
    assert here.killed[BY_POLICE, 1] + here.ledger["arrested"][0] == here.gangs["losses_today"][0] == 3
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("force", "vehicles", "factor"),
    [(POLICE, 0, 1.0), (MISSION, 0, 1.0), (MISSION, 100, 0.5), (MISSION, 50, 0.75), (POLICE, 100, 0.5)],
)
def test_an_ambush_costs_officers(country: Any, force: int, vehicles: int, factor: float) -> None:
    """2e-4 a fighter-hour * 8 h * 250,000 fighters: 400 of 1,000 officers, half with seats of ten for all."""
    here = operation(country, 1000, fighters=250_000, force=force)
    here.contingents["vehicles"][force] = vehicles
    here.begin()
    ambush(here.state, TODAY, 1, force)
    lost = poisson(400.0 * factor, uniform(TODAY, OFFICERS_KILLED, 1001, force))
    assert here.killed[BY_GANG, OFFICER] == lost == 1000 - here.units["officers"][0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("might", "factor"), [(1.0, 1.0), (0.3, 0.3)])
def test_unarmed_fighters_ambush_less(country: Any, might: float, factor: float) -> None:
    """Of the 400 officers to expect a gang whose fighters count 0.3 kills 120."""
    here = operation(country, 1000, fighters=250_000)
    here.gangs["combat_effectiveness"][0] = might
    assert effective_fighters(here.state, here.state.districts[1]) == pytest.approx(250_000 * factor)
    ambush(here.state, TODAY, 1, POLICE)
    assert here.killed[BY_GANG, OFFICER] == poisson(400.0 * factor, uniform(TODAY, OFFICERS_KILLED, 1001, POLICE))


def test_a_place_counts_as_its_strongest_crews_gang_is_armed(country: Any) -> None:
    """Of 150 fighters of whom the strongest crew's gang counts 0.5 a head, all count so: 75."""
    here = operation(country, fighters=100)
    here.crew(1, 1, 50)
    here.gangs["combat_effectiveness"][:2] = [0.5, 1.0]
    here.begin()
    assert effective_fighters(here.state, here.state.districts[1]) == 75.0


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_crews_hide_together(country: Any, shift: float) -> None:
    """All crews of the district leave, those who do not shift next door hide; crews elsewhere stay."""
    here = country(2, values={**VALUES, "relocation.shift_share": shift})
    for gang, place in ((0, 0), (1, 0), (2, 1)):
        here.crew(gang, place, 10, hiding=5)
    here.begin()
    drive_into_hiding(here.state, TODAY._replace(day=7), 0)
    moved = int(10 * shift)
    assert here.crews["fighters"][:3].tolist() == [0, 0, 10]
    assert here.crews["fighters"][3:5].tolist() == [moved, moved]
    assert here.crews["hiding"][:3].tolist() == [15 - moved, 15 - moved, 5]
    assert (here.districts["control"]["cleared_on"][0], here.today["cleared"][0]) == (7, 1)
    assert here.finding() == "balanced"


def test_a_single_fighter_hides_too(country: Any) -> None:
    """The last fighter of a crew is driven out like a hundred."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 1)
    here.begin()
    drive_into_hiding(here.state, TODAY, 0)
    assert (here.crews["fighters"][0], here.crews["hiding"][0]) == (0, 1)


@pytest.mark.parametrize(("coordination", "joint"), [(1.0, 300.0), (0.0, 150.0), (0.5, 225.0)])
def test_an_operation_clears_by_its_joint_strength(country: Any, coordination: float, joint: float) -> None:
    """Police and mission count together, half of them where they do not coordinate at all; chance decides."""
    cleared = []
    for day in range(30):
        here = operation(country, officers=200, fighters=100)
        here.unit(MISSION, 1, 50, task=OPERATING)
        update_day_presence(here.begin().state)
        here.governance["coordination"] = coordination
        today = run_randomness(12, 0, 0, day)
        conduct_operations(here.state, today)
        done = uniform(today, CREW_CLEARED, 1001) < clearing_probability(joint, 100, 3.0)
        assert (here.crews["fighters"][0] == 0, here.today["cleared"][0]) == (done, int(done))
        assert here.today["operations"][0] == 1
        assert here.finding() == "balanced"
        cleared.append(done)
    assert 0 < sum(cleared) < 30


@pytest.mark.parametrize(("might", "dug_in"), [(1.0, 0.0), (0.5, 0.0), (1.0, 1.0), (0.5, 0.6)])
def test_arms_and_works_decide_who_is_cleared(country: Any, might: float, dug_in: float) -> None:
    """Against 100 fighters who count ``might`` a head and have dug in, 3 * (1 + 0.5 * dug in) officers each."""
    for day in range(30):
        here, today = operation(country, officers=300, fighters=100), run_randomness(12, 0, 0, day)
        here.gangs["combat_effectiveness"], here.districts["control"]["entrenchment"] = might, dug_in
        conduct_operations(here.state, today)
        likely = clearing_probability(300.0, 100 * might, 3.0 * (1 + 0.5 * dug_in))
        done = uniform(today, CREW_CLEARED, 1001) < likely
        assert here.today["cleared"][0] == int(done)


def test_the_unarmed_are_cleared_more_easily_and_the_dug_in_less(country: Any) -> None:
    """Day by day with the same number: whoever is driven out with arms is so without, and with works is not sooner."""
    cleared = {}
    for name, might, dug_in in (("as usual", 1.0, 0.0), ("unarmed", 0.3, 0.0), ("dug in", 1.0, 1.0)):
        days = []
        for day in range(60):
            here = operation(country, officers=300, fighters=100)
            here.gangs["combat_effectiveness"], here.districts["control"]["entrenchment"] = might, dug_in
            conduct_operations(here.state, run_randomness(12, 0, 0, day))
            days.append(int(here.today["cleared"][0]))
        cleared[name] = np.array(days)
    assert np.all(cleared["unarmed"] >= cleared["as usual"])
    assert np.all(cleared["dug in"] <= cleared["as usual"])
    assert cleared["dug in"].sum() < cleared["as usual"].sum() < cleared["unarmed"].sum()


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_nobody_clashes(country: Any, acts: bool) -> None:
    """By day officers among a crew kill and arrest; switched off, they stand there and nothing happens."""
    here = operation(country, officers=2000, acts=acts)
    here.parameters["drones"]["enabled"] = False
    daytime(here.state, TODAY)
    assert here.today["operations"][0] == int(acts)
    assert (here.killed.sum() > 0) == acts
    assert here.districts["presence"]["officers_day"][1] == 2000.0


@pytest.mark.parametrize("missing", ["officers", "fighters", "score"])
def test_no_operation_without_officers_fighters_and_a_wish(country: Any, missing: str) -> None:
    """Where one of the three is missing nobody clashes."""
    here = operation(country, officers=0 if missing == "officers" else 500, fighters=0 if missing == "fighters" else 90)
    here.districts["orders"]["target_score"][1] *= missing != "score"
    conduct_operations(here.state, TODAY)
    assert here.killed.sum() == here.today["operations"][0] == here.today["cleared"][0] == 0
