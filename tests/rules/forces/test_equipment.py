"""Equipment: readiness that follows pay and seats, vehicles that break and are mended, helicopters, night vision."""

import math
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.agents.police_unit import ARMY, FOREIGN, MISSION, OPERATING, POLICE, SPECIAL
from teritwa.rules.districts.presence import night_vision_share, update_night_presence
from teritwa.rules.forces.equipment import (
    REPAIRED,
    VEHICLES_BURNT,
    VEHICLES_HIT,
    armoured_share,
    count_operational,
    damage_vehicles,
    officer_loss_factor,
    repair_vehicles,
    update_readiness,
)
from teritwa.rules.forces.night_posture import night_share, withdraw_at_dusk
from teritwa.rules.forces.operations import OFFICERS_KILLED, ambush
from teritwa.rules.forces.tasking import give_orders, reach_of
from teritwa.rules.schedule import daytime, update_institutions

VALUES = {
    "equipment.full_readiness": 0.8, "equipment.readiness_without_vehicles": 0.5, "equipment.seats_per_vehicle": 10, "equipment.readiness_without_pay": 0.25,
    "equipment.adjustment_time": 20.0, "equipment.repair_rate": 0.08, "equipment.vehicle_hit_rate": 0.2, "equipment.burnt_share": 0.25,
    "equipment.armour_loss_factor": 0.4, "equipment.officers_per_helicopter": 30.0, "equipment.air_reach": 6.0, "equipment.evacuation_loss_factor": 0.7,
    "equipment.night_vision_share": 0.4, "equipment.night_vision_gain": 0.5, "budget.cost_per_vehicle_repair": 15_000,
    "tasking.reach": 1.5, "tasking.own_sent_probability": 0.8, "tasking.mission_sent_probability": 0.8,
    "night_posture.night_share_without_base": 0.05, "night_posture.night_share_with_base": 0.6, "presence.on_duty_share": 0.3,
    "presence.mission_effect": 1.0, "mandate.enabled": False,
}  # fmt: skip
TODAY = run_randomness(9, 0, 0, 1)
REPAIR = 1_500_000


def forces(country: Any, officers: int = 100, **values: float) -> Any:
    """Return a mission of so many officers, paid, with a fund that is never short."""
    here = country(2, values={**VALUES, **values})
    here.unit(2, 0, officers, kind=FOREIGN)
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 1000
    here.fund["balance"] = here.fund["received"] = 10**12
    return here.begin()


@pytest.mark.parametrize(
    ("vehicles", "paid", "heading"),
    [(10, 1.0, 0.8), (5, 1.0, 0.6), (0, 1.0, 0.4), (100, 1.0, 0.8), (10, 0.0, 0.2), (10, 0.5, 0.5), (0, 0.0, 0.1)],
)
def test_readiness_follows_pay_and_vehicles(country: Any, vehicles: int, paid: float, heading: float) -> None:
    """100 officers head for 0.8 with seats for all and pay, half of it on foot, a quarter unpaid; 1/e in 20 days."""
    here = forces(country)
    here.contingents["vehicles"][2], here.fund["cost_share_paid"] = vehicles, paid
    for _ in range(20):
        update_readiness(here.state, TODAY)
    assert here.contingents["readiness"][2] == pytest.approx(heading + (1.0 - heading) / math.e)


def test_the_countrys_own_forces_need_neither_fund_nor_seats(country: Any) -> None:
    """Pay and vehicles of the mission leave the readiness of police and army where it is."""
    here = forces(country)
    here.unit(0, 0, 100)
    here.fund["cost_share_paid"] = 0.0
    here.contingents["readiness"] = 0.8
    update_readiness(here.state, TODAY)
    assert here.contingents["readiness"][:2].tolist() == [0.8, 0.8]
    assert here.contingents["readiness"][2] < 0.8


def test_ready_are_a_part_of_those_still_there(country: Any) -> None:
    """Of 33 at a readiness of 0.5 sixteen are ready: whole officers, of each contingent its own."""
    here = forces(country, 10)
    here.unit(0, 0, 33)
    here.contingents["readiness"] = [0.5, 1.0, 0.25]
    count_operational(here.state)
    assert here.contingents["operational"].tolist() == [16, 0, 2]


def test_vehicles_are_mended_one_by_one(country: Any) -> None:
    """Of 20 broken 0.08 * 20 = 1.6 are mended on average: one or two, by the contingent's number of the day."""
    total = 0
    for day in range(200):
        here, today = forces(country), run_randomness(9, 0, 0, day)
        here.contingents["vehicles_broken"] = 20
        here.begin()
        for row in range(3):
            repair_vehicles(here.state, today, here.state.contingents[row])
            fixed = stochastic_round(1.6, uniform(today, REPAIRED, 3000 + row))
            assert (here.contingents["vehicles"][row], here.contingents["vehicles_broken"][row]) == (fixed, 20 - fixed)
        assert here.finding() == "balanced"
        total += int(here.contingents["vehicles"][2])
        assert here.fund["spent"][0] == here.contingents["vehicles"][2] * REPAIR
    assert abs(total - 320) < 4.65 * (200 * 0.24) ** 0.5


@pytest.mark.parametrize(
    ("fund", "fixed"), [(9 * REPAIR, 2), (2 * REPAIR, 2), (2 * REPAIR - 1, 1), (REPAIR - 1, 0), (0, 0)]
)
def test_repairs_stop_when_the_fund_is_empty(country: Any, fund: int, fixed: int) -> None:
    """Two a day at $15,000 as far as the fund goes, to the cent; the country's own vehicles are not the fund's."""
    here = forces(country, **{"equipment.repair_rate": 0.1})
    here.contingents["vehicles_broken"] = [20, 0, 20]
    here.fund["balance"] = here.fund["received"] = fund
    here.begin()
    update_readiness(here.state, TODAY)
    assert here.contingents["vehicles"].tolist() == [2, 0, fixed]
    assert here.institution[["fund", "spent"]][0].tolist() == (fund - fixed * REPAIR, fixed * REPAIR)
    assert here.finding() == "balanced"


def test_vehicles_that_go_out_are_hit_and_some_burn(country: Any) -> None:
    """Of 20 vehicles of 100 officers 10 go out with 50: 10 * 0.2 = 2 hit a day, a quarter of those burnt for good."""
    hits, burnt = 0, 0
    for day in range(500):
        here, today = forces(country), run_randomness(9, 0, 0, day)
        here.contingents["vehicles"][2], here.contingents["on_operations"][2] = 20, 50
        here.begin()
        damage_vehicles(here.state, today)
        hit = poisson(2.0, uniform(today, VEHICLES_HIT, 3002))
        lost = sum(uniform(today, VEHICLES_BURNT, 3002, item) < 0.25 for item in range(hit))
        assert (here.contingents["vehicles"][2], here.contingents["vehicles_broken"][2]) == (20 - hit, hit - lost)
        assert here.ledger["vehicles_destroyed"][0] == lost
        assert here.finding() == "balanced"
        hits, burnt = hits + hit, burnt + lost
    assert abs(hits - 1000) < 4.65 * 1000**0.5
    assert abs(burnt - 250) < 4.65 * 250**0.5


@pytest.mark.parametrize(("vehicles", "sent"), [(0, 100), (20, 0), (0, 0)])
def test_what_does_not_go_out_is_not_hit(country: Any, vehicles: int, sent: int) -> None:
    """Without vehicles, or with nobody sent out, nothing is hit."""
    here = forces(country, **{"equipment.vehicle_hit_rate": 0.5})
    here.contingents["vehicles"][2], here.contingents["on_operations"][2] = vehicles, sent
    for day in range(50):
        damage_vehicles(here.state, run_randomness(9, 0, 0, day))
    assert (here.contingents["vehicles"][2], here.contingents["vehicles_broken"][2]) == (vehicles, 0)


def test_no_more_are_hit_than_there_are(country: Any) -> None:
    """At the highest rate the only vehicle is hit at most once, also on days on which the number would be two."""
    twice = 0
    for day in range(100):
        here, today = (
            forces(country, **{"equipment.vehicle_hit_rate": 0.5, "equipment.burnt_share": 0.0}),
            run_randomness(9, 0, 0, day),
        )
        here.contingents["vehicles"][2], here.contingents["on_operations"][2] = 1, 100
        here.begin()
        damage_vehicles(here.state, today)
        hit = poisson(0.5, uniform(today, VEHICLES_HIT, 3002))
        assert here.contingents[["vehicles", "broken"]][2].tolist() == (1 - min(1, hit), min(1, hit))
        assert here.finding() == "balanced"
        twice += hit > 1
    assert twice > 0


@pytest.mark.parametrize(
    ("vehicles", "helicopters", "paid", "force", "risk"),
    [
        ([0, 0, 0], [0, 0, 0], 1.0, MISSION, 1.0), ([0, 0, 10], [0, 0, 0], 1.0, MISSION, 0.4),
        ([0, 0, 5], [0, 0, 0], 1.0, MISSION, 0.7), ([0, 0, 99], [0, 0, 0], 1.0, MISSION, 0.4),
        ([0, 0, 5], [0, 0, 1], 1.0, MISSION, 0.49), ([0, 0, 5], [0, 0, 1], 0.1, MISSION, 0.49),
        ([0, 0, 5], [0, 0, 9], 0.0, MISSION, 0.7), ([9, 9, 5], [9, 9, 0], 1.0, MISSION, 0.7),
        ([0, 9, 9], [0, 0, 9], 1.0, POLICE, 1.0), ([5, 0, 0], [1, 0, 0], 0.0, POLICE, 0.49),
        ([9, 0, 9], [1, 0, 9], 0.0, ARMY, 1.0), ([9, 10, 9], [0, 2, 0], 0.0, ARMY, 0.28),
    ],
)  # fmt: skip
def test_armour_and_helicopters_save_officers(
    country: Any, vehicles: list[int], helicopters: list[int], paid: float, force: int, risk: float
) -> None:
    """A seat for all of 100 officers leaves 0.4 of a force's losses, for half 0.7; a helicopter of its own 0.7 of that.

    Unpaid helicopters of the mission stay on the ground; the country's own fly.
    """
    here = forces(country)
    here.unit(0, 0, 100)
    here.unit(1, 0, 100)
    here.contingents["vehicles"], here.fund["cost_share_paid"] = vehicles, paid
    here.contingents["helicopters"] = helicopters
    assert officer_loss_factor(here.state, force) == pytest.approx(risk)
    here.parameters["equipment"]["enabled"] = False
    assert officer_loss_factor(here.state, force) == 1.0


def test_an_ambush_kills_by_that_risk(country: Any) -> None:
    """2e-4 * 10 h * 1,000 fighters = 2 officers a day without, 0.4 * 0.7 of them with armour and helicopters."""
    values = {"operations.ambush_loss_rate": 2.0e-4, "operations.duration_hours": 10.0}
    for day in range(60):
        today = run_randomness(9, 0, 0, day)
        for helicopters, rate in ((0, 2.0), (1, 0.56)):
            here = forces(country, **values)
            here.crew(0, 0, 1000)
            here.begin()
            here.contingents["vehicles"][2], here.contingents["helicopters"][2] = 10 * helicopters, helicopters
            here.ledger["vehicles_delivered"] = 10 * helicopters
            ambush(here.state, today, 0, MISSION)
            lost = poisson(rate, uniform(today, OFFICERS_KILLED, 1000, MISSION))
            assert here.contingents["officers"][2] == 100 - lost
            assert here.finding() == "balanced"


def test_seats_are_those_of_the_whole_force(country: Any) -> None:
    """Vehicles of one contingent carry officers of another: 4 with 10 seats each for 40 + 60; broken ones nobody."""
    here = forces(country, 60)
    here.contingents["force"][1] = MISSION
    here.unit(1, 0, 40)
    here.contingents["vehicles"], here.contingents["vehicles_broken"] = [50, 4, 0], [0, 0, 50]
    assert [armoured_share(here.state, force) for force in (MISSION, ARMY)] == [0.4, 0.0]


@pytest.mark.parametrize(("paid", "lift"), [(1.0, 60.0), (0.5, 30.0), (0.0, 0.0)])
def test_helicopters_fly_as_far_as_they_are_paid(country: Any, paid: float, lift: float) -> None:
    """Two helicopters carry 60 officers a day, those of the mission in proportion to pay, the country's own always."""
    here = forces(country)
    here.contingents["helicopters"], here.fund["cost_share_paid"] = [1, 0, 2], paid
    for _ in range(2):  # each morning anew
        update_readiness(here.state, TODAY)
    assert here.contingents["airlift_capacity"].tolist() == [30.0, 0.0, lift]


@pytest.mark.parametrize(("lift", "reach"), [(0.0, 1.5), (99.0, 1.5), (100.0, 6.0), (500.0, 6.0)])
def test_a_unit_that_helicopters_can_carry_reaches_further(country: Any, lift: float, reach: float) -> None:
    """A unit of 100 goes six hours' drive away if its contingent can still carry 100, else an hour and a half."""
    here = forces(country)
    here.contingents["airlift_capacity"] = [900.0, 900.0, lift]
    assert reach_of(here.state, here.state.units[0]) == reach
    here.parameters["equipment"]["enabled"] = False
    assert reach_of(here.state, here.state.units[0]) == 1.5


def test_helicopters_never_shorten_the_reach(country: Any) -> None:
    """Where units drive four hours and helicopters fly to what is two hours off, who has both still drives."""
    here = forces(country, **{"tasking.reach": 4.0, "equipment.air_reach": 2.0})
    here.contingents["airlift_capacity"][2] = 500.0
    assert reach_of(here.state, here.state.units[0]) == 4.0


def test_each_flight_uses_up_lift(country: Any) -> None:
    """Three units of 40 and lift for 100: two fly to a place five hours away, for the third there is none left."""
    here = country(2, values=VALUES)
    for _ in range(3):
        here.unit(2, 0, 40, kind=FOREIGN)
    here.hours[0, 1] = 5.0
    here.districts["orders"]["target_score"], here.districts["orders"]["recent_attacks"], here.contingents["airlift_capacity"][2] = (
        [0.0, 1.0],
        1e6,
        100.0,
    )
    give_orders(here.state, TODAY, np.zeros(8, np.int64), 0)
    assert here.units["task"][:3].tolist() == [OPERATING, OPERATING, 0]
    assert here.units["district"][:3].tolist() == [1, 1, 0]
    assert here.contingents["airlift_capacity"][2] == 20.0


def test_who_drives_uses_no_lift(country: Any) -> None:
    """Units that could fly and operate an hour away go by road; the target's distance decides, not the helicopter."""
    here = forces(country)
    here.districts["orders"]["target_score"], here.districts["orders"]["recent_attacks"], here.contingents["airlift_capacity"][2] = (
        [0.0, 1.0],
        1e6,
        100.0,
    )
    targets = np.array([1, NO_ONE, 0, 0, 0, 0, 0, 0])
    give_orders(here.state, TODAY, targets, 1)
    assert (here.units["district"][0], here.contingents["airlift_capacity"][2]) == (1, 100.0)


@pytest.mark.parametrize(
    ("sets", "officers", "share"), [(0, 100, 0.0), (50, 100, 0.5), (100, 100, 1.0), (900, 100, 1.0), (5, 0, 1.0)]
)
def test_share_with_night_vision(country: Any, sets: int, officers: int, share: float) -> None:
    """One set an officer; more sets than officers help nobody."""
    here = forces(country, officers)
    here.contingents["night_vision"][2] = sets
    assert night_vision_share(here.state.contingents[2]) == share


@pytest.mark.parametrize(
    ("sets", "based", "acts", "share"),
    [(0, False, True, 0.05), (50, False, True, 0.225), (100, False, True, 0.4), (100, True, True, 0.6),
     (100, False, False, 0.05)],
)  # fmt: skip
def test_night_vision_lets_units_stay(country: Any, sets: int, based: bool, acts: bool, share: float) -> None:
    """Without a base 0.05 of the night, with sets for all 0.4, for half half-way; a base's share is its own."""
    here = forces(country, **{"equipment.enabled": acts})
    here.contingents["night_vision"][2] = sets
    assert night_share(here.state, here.state.contingents[2], based) == pytest.approx(share)
    here.units["task"][0], here.units["district"][0] = OPERATING, 1
    here.districts["control"]["forward_base"][1], here.districts["presence"]["garrison"][1] = based, 10
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][0] == pytest.approx(share)


def test_night_vision_takes_no_night_away(country: Any) -> None:
    """Where units stay 0.2 of the night without and 0.1 with night vision is asked for, they stay 0.2."""
    here = forces(country, **{"night_posture.night_share_without_base": 0.2, "equipment.night_vision_share": 0.1})
    here.contingents["night_vision"][2] = 100
    assert night_share(here.state, here.state.contingents[2], False) == 0.2


@pytest.mark.parametrize(("sets", "acts", "strength"), [(0, True, 30.0), (50, True, 37.5), (100, True, 45.0),
                                                        (100, False, 30.0)])  # fmt: skip
def test_night_vision_makes_stronger_at_night(country: Any, sets: int, acts: bool, strength: float) -> None:
    """A shift of 30 of 100 officers counts for half as much again when all see at night, by contingent."""
    here = forces(country, **{"equipment.enabled": acts})
    here.unit(0, 1, 100, kind=SPECIAL)
    here.contingents["night_vision"][2] = sets
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == pytest.approx([strength, 30.0])
    assert here.districts["presence"]["mission_night"].tolist() == pytest.approx([strength, 0.0])


@pytest.mark.parametrize("acts", [False, True])
def test_switched_off_nothing_breaks_is_mended_or_flies(country: Any, acts: bool) -> None:
    """Off, 60 days with 100 officers out every day leave vehicles, readiness, lift and the fund's repairs alone."""
    here = forces(country, **{"equipment.enabled": acts, "budget.enabled": False, "operations.enabled": False})
    here.contingents["vehicles"][2], here.contingents["vehicles_broken"][2], here.contingents["helicopters"][2] = (
        20,
        20,
        3,
    )
    here.begin()
    here.units["task"][0] = OPERATING
    for day in range(60):
        update_institutions(here.state, run_randomness(9, 0, 0, day))
        daytime(here.state, run_randomness(9, 0, 0, day))
        assert here.finding() == "balanced"
    found = [here.contingents[name][2] for name in ("vehicles", "broken", "readiness", "lift")]
    assert (found == [20, 20, 1.0, 0.0]) != acts
