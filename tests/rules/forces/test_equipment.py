"""Equipment: vehicles that are hit, armour, helicopters and night vision."""

from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import poisson, run_randomness, uniform
from teritwa.rules.agents.doctrine import RAID
from teritwa.rules.agents.institutions import SUPPORT_MISSION
from teritwa.rules.agents.police_unit import ARMY, FOREIGN, MISSION, OPERATING, POLICE, SPECIAL
from teritwa.rules.districts.presence import night_vision_share, update_night_presence
from teritwa.rules.forces.dispatch import command, reach_of
from teritwa.rules.forces.equipment import (
    VEHICLES_BURNT,
    VEHICLES_HIT,
    armoured_share,
    damage_vehicles,
    officer_loss_factor,
)
from teritwa.rules.forces.night_posture import night_share, withdraw_at_dusk
from teritwa.rules.forces.operations import OFFICERS_KILLED, ambush
from teritwa.rules.schedule import daytime, update_institutions

VALUES = {
    "equipment.full_readiness": 0.8,
    "equipment.readiness_without_vehicles": 0.5,
    "equipment.seats_per_vehicle": 10,
    "equipment.readiness_without_pay": 0.25,
    "equipment.adjustment_time": 20.0,
    "equipment.repair_rate": 0.08,
    "equipment.vehicle_hit_rate": 0.2,
    "equipment.burnt_share": 0.25,
    "equipment.armour_loss_factor": 0.4,
    "equipment.officers_per_helicopter": 30.0,
    "equipment.air_reach": 6.0,
    "equipment.evacuation_loss_factor": 0.7,
    "equipment.night_vision_share": 0.4,
    "equipment.night_vision_gain": 0.5,
    "budget.cost_per_vehicle_repair": 15_000,
    "tasking.reach": 1.5,
    "raid.night_share": 0.05,
    "raid.force_ratio": 1.0,
    "night_posture.night_share_with_base": 0.6,
    "presence.on_duty_share": 0.3,
    "presence.mission_effect": 1.0,
    "mandate.enabled": False,
}
TODAY = run_randomness(9, 0, 0, 1)


def forces(country: Any, officers: int = 100, values: Mapping[str, float] = {}) -> Any:
    """Return a paid mission of one unit, with a fund that is never short."""
    here = country(2, values={**VALUES, **values})
    here.unit(2, 0, officers, kind=FOREIGN)
    here.mission["mandate"], here.mission["authorised"] = SUPPORT_MISSION, 1000
    here.fund["balance"] = here.fund["received"] = 10**12
    return here.begin()


def target(here: Any) -> None:
    """Let command want all officers in district 1."""
    here.crew(0, 1, 500)
    here.begin()
    here.doctrines["share_out"] = 1.0
    here.districts["orders"]["target_score"][1] = 1.0
    here.districts["orders"]["believed_fighters"][1] = 120.0


def test_vehicles_on_operations_are_hit_and_some_burn(country: Any) -> None:
    """Of 20 vehicles for 100 officers 10 go out with 50 officers: 2 are hit a day on average.

    A quarter of those burn out. Sums over 500 days lie within 4.65 standard errors.
    """
    hits, burnt = 0, 0
    for day in range(500):
        here, today = forces(country), run_randomness(9, 0, 0, day)
        here.contingents["vehicles"][2], here.contingents["on_operations"][2] = 20, 50
        here.begin()
        damage_vehicles(here.state, today)
        hit = poisson(2.0, uniform(today, VEHICLES_HIT, 3002))
        lost = sum(uniform(today, VEHICLES_BURNT, 3002, item) < 0.25 for item in range(hit))
        assert here.contingents["vehicles"][2] == 20 - hit
        assert here.contingents["vehicles_broken"][2] == hit - lost
        assert here.ledger["vehicles_destroyed"][0] == lost
        assert here.finding() == "balanced"
        hits, burnt = hits + hit, burnt + lost
    assert abs(hits - 1000) < 4.65 * 1000**0.5
    assert abs(burnt - 250) < 4.65 * 250**0.5


@pytest.mark.parametrize(("vehicles", "sent"), [(0, 100), (20, 0), (0, 0)])
def test_vehicles_at_base_are_not_hit(country: Any, vehicles: int, sent: int) -> None:
    """Without vehicles, or with nobody on operations, nothing is hit."""
    here = forces(country, values={"equipment.vehicle_hit_rate": 0.5})
    here.contingents["vehicles"][2], here.contingents["on_operations"][2] = vehicles, sent
    for day in range(50):
        damage_vehicles(here.state, run_randomness(9, 0, 0, day))
    assert here.contingents["vehicles"][2] == vehicles
    assert here.contingents["vehicles_broken"][2] == 0


def test_no_more_are_hit_than_there_are(country: Any) -> None:
    """A single vehicle is hit at most once a day, also where chance would have hit two."""
    twice = 0
    for day in range(100):
        here = forces(
            country, values={"equipment.vehicle_hit_rate": 0.5, "equipment.burnt_share": 0.0}
        )
        today = run_randomness(9, 0, 0, day)
        here.contingents["vehicles"][2], here.contingents["on_operations"][2] = 1, 100
        here.begin()
        damage_vehicles(here.state, today)
        hit = poisson(0.5, uniform(today, VEHICLES_HIT, 3002))
        found = here.contingents[["vehicles", "vehicles_broken"]][2].tolist()
        assert found == (1 - min(1, hit), min(1, hit))
        assert here.finding() == "balanced"
        twice += hit > 1
    assert twice > 0


@pytest.mark.parametrize(
    ("vehicles", "helicopters", "paid", "force", "factor"),
    [
        ([0, 0, 0], [0, 0, 0], 1.0, MISSION, 1.0),
        ([0, 0, 10], [0, 0, 0], 1.0, MISSION, 0.4),
        ([0, 0, 5], [0, 0, 0], 1.0, MISSION, 0.7),
        ([0, 0, 99], [0, 0, 0], 1.0, MISSION, 0.4),
        ([0, 0, 5], [0, 0, 1], 1.0, MISSION, 0.49),
        ([0, 0, 5], [0, 0, 1], 0.1, MISSION, 0.49),
        ([0, 0, 5], [0, 0, 9], 0.0, MISSION, 0.7),
        ([9, 9, 5], [9, 9, 0], 1.0, MISSION, 0.7),
        ([0, 9, 9], [0, 0, 9], 1.0, POLICE, 1.0),
        ([5, 0, 0], [1, 0, 0], 0.0, POLICE, 0.49),
        ([9, 0, 9], [1, 0, 9], 0.0, ARMY, 1.0),
        ([9, 10, 9], [0, 2, 0], 0.0, ARMY, 0.28),
    ],
)
def test_armour_and_helicopters_reduce_losses(
    country: Any,
    vehicles: list[int],
    helicopters: list[int],
    paid: float,
    force: int,
    factor: float,
) -> None:
    """Seats for all of 100 officers leave 0.4 of a force's losses, seats for half 0.7.

    A helicopter of the force leaves 0.7 of that. Unpaid helicopters of the mission stay on the
    ground; those of the country fly.
    """
    here = forces(country)
    here.unit(0, 0, 100)
    here.unit(1, 0, 100)
    here.contingents["vehicles"], here.contingents["cost_share_paid"][2] = vehicles, paid
    here.contingents["helicopters"] = helicopters
    assert officer_loss_factor(here.state, force) == pytest.approx(factor)
    here.parameters["equipment"]["enabled"] = False
    assert officer_loss_factor(here.state, force) == 1.0


def test_ambushes_kill_by_the_loss_factor(country: Any) -> None:
    """An ambush kills 0.18 officers on average, or 0.28 of that with armour and helicopters.

    2e-4 killed per fighter-hour, 10 hours and 1,000 fighters who see 100 officers:
    2e-3 * 1,000 * 100 / 1,100. The factor is 0.4 * 0.7.
    """
    values = {"operations.ambush_loss_rate": 2.0e-4, "operations.duration_hours": 10.0}
    for day in range(60):
        today = run_randomness(9, 0, 0, day)
        for helicopters, rate in ((0, 2.0 / 11), (1, 0.56 / 11)):
            here = forces(country, values=values)
            here.crew(0, 0, 1000)
            here.begin()
            here.contingents["vehicles"][2] = 10 * helicopters
            here.contingents["helicopters"][2] = helicopters
            here.ledger["vehicles_delivered"] = 10 * helicopters
            ambush(here.state, today, 0, MISSION, 100.0, 100.0)
            lost = poisson(rate, uniform(today, OFFICERS_KILLED, 1000, MISSION))
            assert here.contingents["officers"][2] == 100 - lost
            assert here.finding() == "balanced"


def test_seats_are_those_of_the_whole_force(country: Any) -> None:
    """Vehicles carry officers of other contingents of the same force; broken ones carry nobody."""
    here = forces(country, 60)
    here.contingents["force"][1] = MISSION
    here.unit(1, 0, 40)
    here.contingents["vehicles"], here.contingents["vehicles_broken"] = [50, 4, 0], [0, 0, 50]
    assert [armoured_share(here.state, force) for force in (MISSION, ARMY)] == [0.4, 0.0]


@pytest.mark.parametrize(
    ("capacity", "reach"), [(0.0, 1.5), (99.0, 1.5), (100.0, 6.0), (500.0, 6.0)]
)
def test_a_unit_that_helicopters_can_carry_reaches_further(
    country: Any, capacity: float, reach: float
) -> None:
    """A unit of 100 reaches 6 hours away if its contingent can still carry 100, else 1.5 hours."""
    here = forces(country)
    here.contingents["airlift_capacity"] = [900.0, 900.0, capacity]
    assert reach_of(here.state, here.state.units[0]) == reach
    here.parameters["equipment"]["enabled"] = False
    assert reach_of(here.state, here.state.units[0]) == 1.5


def test_helicopters_never_shorten_the_reach(country: Any) -> None:
    """Where vehicles reach further than helicopters, units keep the reach of the vehicles."""
    here = forces(country, values={"tasking.reach": 4.0, "equipment.air_reach": 2.0})
    here.contingents["airlift_capacity"][2] = 500.0
    assert reach_of(here.state, here.state.units[0]) == 4.0


def test_each_flight_uses_airlift_capacity(country: Any) -> None:
    """With three units of 40 and capacity for 100, two fly to a district five hours away."""
    here = country(2, values=VALUES)
    for _ in range(3):
        here.unit(2, 0, 40, kind=FOREIGN)
    here.set_hours({(0, 1): 5.0})
    target(here)
    here.contingents["airlift_capacity"][2] = 100.0
    command(here.state, TODAY)
    assert sorted(here.units["task"][:3].tolist()) == [0, OPERATING, OPERATING]
    assert sorted(here.units["district"][:3].tolist()) == [0, 1, 1]
    assert here.contingents["airlift_capacity"][2] == 20.0


def test_units_that_drive_use_no_airlift_capacity(country: Any) -> None:
    """Units that could fly go by road to a target within an hour and use no capacity."""
    here = forces(country)
    target(here)
    here.contingents["airlift_capacity"][2] = 100.0
    command(here.state, TODAY)
    assert (here.units["district"][0], here.contingents["airlift_capacity"][2]) == (1, 100.0)


@pytest.mark.parametrize(
    ("sets", "officers", "share"),
    [(0, 100, 0.0), (50, 100, 0.5), (100, 100, 1.0), (900, 100, 1.0), (5, 0, 1.0)],
)
def test_share_with_night_vision(country: Any, sets: int, officers: int, share: float) -> None:
    """Each officer uses one set; more sets than officers help nobody."""
    here = forces(country, officers)
    here.contingents["night_vision"][2] = sets
    assert night_vision_share(here.state.contingents[2]) == share


@pytest.mark.parametrize(
    ("sets", "based", "enabled", "share"),
    [
        (0, False, True, 0.05),
        (50, False, True, 0.225),
        (100, False, True, 0.4),
        (100, True, True, 0.6),
        (100, False, False, 0.05),
    ],
)
def test_night_vision_lets_units_stay(
    country: Any, sets: int, based: bool, enabled: bool, share: float
) -> None:
    """Without a base units stay 0.05 of the night, with sets for all 0.4, for half in between.

    With a forward base the share does not depend on night vision.
    """
    here = forces(country, values={"equipment.enabled": enabled})
    here.contingents["night_vision"][2] = sets
    here.units["posture"][0] = RAID
    assert night_share(here.state, here.state.units[0], based) == pytest.approx(share)
    here.units["task"][0], here.units["district"][0] = OPERATING, 1
    here.districts["control"]["forward_base"][1] = based
    here.districts["presence"]["garrison"][1] = 10
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][0] == pytest.approx(share)


def test_night_vision_never_shortens_the_night(country: Any) -> None:
    """A share with night vision that is lower than the share without it changes nothing."""
    here = forces(
        country,
        values={"raid.night_share": 0.2, "equipment.night_vision_share": 0.1},
    )
    here.contingents["night_vision"][2], here.units["posture"][0] = 100, RAID
    assert night_share(here.state, here.state.units[0], False) == 0.2


@pytest.mark.parametrize(
    ("sets", "enabled", "strength"),
    [(0, True, 30.0), (50, True, 37.5), (100, True, 45.0), (100, False, 30.0)],
)
def test_night_vision_strengthens_officers_at_night(
    country: Any, sets: int, enabled: bool, strength: float
) -> None:
    """A shift of 30 of 100 officers counts half as much again where all have night vision."""
    here = forces(country, values={"equipment.enabled": enabled})
    here.unit(0, 1, 100, kind=SPECIAL)
    here.contingents["night_vision"][2] = sets
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == pytest.approx([strength, 30.0])
    assert here.districts["presence"]["mission_night"].tolist() == pytest.approx([strength, 0.0])


@pytest.mark.parametrize("enabled", [False, True])
def test_switched_off_nothing_breaks_is_repaired_or_flies(country: Any, enabled: bool) -> None:
    """Switched off, 60 days of operations change neither vehicles nor readiness nor airlift."""
    here = forces(
        country,
        values={"equipment.enabled": enabled, "budget.enabled": False, "operations.enabled": False},
    )
    here.contingents["vehicles"][2] = 20
    here.contingents["vehicles_broken"][2] = 20
    here.contingents["helicopters"][2] = 3
    here.begin()
    here.units["task"][0] = OPERATING
    for day in range(60):
        update_institutions(here.state, run_randomness(9, 0, 0, day))
        daytime(here.state, run_randomness(9, 0, 0, day))
        assert here.finding() == "balanced"
    found = [
        here.contingents[name][2]
        for name in ("vehicles", "vehicles_broken", "readiness", "airlift_capacity")
    ]
    assert (found == [20, 20, 1.0, 0.0]) != enabled
