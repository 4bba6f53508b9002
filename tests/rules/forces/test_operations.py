"""Operations: losses of both sides, bystanders, arrests, and crews that are driven into hiding."""

from collections.abc import Mapping
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
    required_force_ratio,
    strike_crew,
)
from teritwa.rules.schedule import daytime

VALUES = {
    "operations.lethality": 0.005,
    "operations.duration_hours": 8.0,
    "operations.contact_constant": 50.0,
    "operations.collateral_ratio": 0.5,
    "operations.ambush_loss_rate": 2e-4,
    "operations.arrest_ratio": 0.5,
    "operations.clearing_force_ratio": 3.0,
    "operations.uncoordinated_share": 0.5,
    "equipment.armour_loss_factor": 0.5,
    "equipment.seats_per_vehicle": 10,
    "equipment.evacuation_loss_factor": 0.7,
    "intelligence.visible_share": 0.5,
    "intelligence.intimidation_share": 1.0,
    "trust.baseline": 0.4,
    "presence.mission_effect": 2.0,
    "relocation.shift_share": 0.3,
    "relocation.entrenchment_effect": 0.5,
    "drones.detection_gain": 0.5,
}
TODAY = run_randomness(12, 0, 0, 2)


def operation(
    country: Any,
    officers: int = 100,
    fighters: int = 150,
    force: int = POLICE,
    values: Mapping[str, float] = {},
) -> Any:
    """Return officers of one force who operate among a crew in district 1."""
    here = country(2, values={**VALUES, **values})
    here.crew(0, 1, fighters)
    here.unit(force, 1, officers, task=OPERATING)
    here.districts["orders"]["target_score"][1] = 1.0
    here.districts["control"]["gang_influence"][1] = 1.0
    here.begin()
    update_day_presence(here.state)
    return here


@pytest.mark.parametrize(
    ("officers", "fighters", "chance"),
    [(300.0, 100, 0.5), (100.0, 100, 0.1), (900.0, 100, 0.9), (0.0, 100, 0.0)],
)
def test_clearing_probability_is_one_half_at_the_required_ratio(
    officers: float, fighters: int, chance: float
) -> None:
    """Three officers per fighter clear with probability one half: r² / (r² + 9) for a ratio r."""
    assert clearing_probability(officers, fighters, 3.0) == pytest.approx(chance)
    assert clearing_probability(officers, 0, 3.0) == 0.0


@pytest.mark.parametrize(
    ("entrenchment", "enabled", "needed"),
    [(0.0, True, 3.0), (0.8, True, 4.2), (1.0, True, 4.5), (1.0, False, 3.0)],
)
def test_entrenched_gangs_require_more_officers(
    country: Any, entrenchment: float, enabled: bool, needed: float
) -> None:
    """Three officers per fighter are required, and half as many more at full entrenchment.

    Without relocation, entrenchment does not count.
    """
    here = country(values={**VALUES, "relocation.enabled": enabled})
    here.districts["control"]["entrenchment"][0] = entrenchment
    assert required_force_ratio(here.state, here.state.districts[0]) == pytest.approx(needed)


def test_expected_kills(country: Any) -> None:
    """100 officers kill 1.5 fighters on average among 150 of whom half are known.

    0.005 killed per officer-hour, 100 officers and 8 hours make 4; contact is 0.5 * 150 / (150 +
    50).
    """
    here = operation(country)
    district, operations = here.state.districts[1], here.rules("operations")
    assert expected_kills(100.0, district, operations, 0.5) == pytest.approx(1.5)
    assert expected_kills(0.0, district, operations, 0.5) == 0.0


@pytest.mark.parametrize(("force", "effective"), [(POLICE, 60.0), (ARMY, 60.0), (MISSION, 120.0)])
def test_engaged_are_those_of_the_force(country: Any, force: int, effective: float) -> None:
    """Officers who operate in a district count for their own force only."""
    here = operation(country, 60, force=force)
    found = [engaged(here.state.districts[1], each) for each in (POLICE, ARMY, MISSION)]
    assert found == [effective if each == force else 0.0 for each in (POLICE, ARMY, MISSION)]


@pytest.mark.parametrize(
    ("force", "by"), [(POLICE, BY_POLICE), (ARMY, BY_ARMY), (MISSION, BY_MISSION)]
)
def test_a_strike_kills_and_arrests(country: Any, force: int, by: int) -> None:
    """With 6 kills expected, 1.5 dead bystanders and 3 arrests are expected too."""
    here = operation(country, force=force)
    strike_crew(here.state, TODAY, 1, force, 400.0)
    draws = [(FIGHTERS_KILLED, 6.0), (BYSTANDERS_KILLED, 1.5), (FIGHTERS_ARRESTED, 3.0)]
    dead, bystanders, taken = [
        poisson(rate, uniform(TODAY, what, 1001, force)) for what, rate in draws
    ]
    assert here.killed[by].tolist() == [bystanders, dead, 0]
    assert here.crews["fighters"][0] == 150 - dead - taken
    assert here.districts["people"]["residents"][1] == 1000 - bystanders
    assert here.ledger["arrested"][0] == here.ledger["prisoners"][0] == taken
    assert here.gangs["losses_today"].tolist() == [dead + taken, 0, 0]
    assert here.districts["counts"]["bystanders_killed"].tolist() == [0, bystanders]
    assert here.districts["counts"]["civilians_killed"][1] == 0
    assert here.finding() == "balanced"


def test_arrests_follow_their_parameter(country: Any) -> None:
    """Twice the arrest ratio gives twice as many arrests over 400 days, and never fewer on one day.

    Both use the same random numbers; 1,200 and 2,400 arrests are met within 4.65 standard errors.
    """
    taken = []
    for ratio in (0.5, 1.0):
        days = []
        for day in range(400):
            here = operation(country, values={"operations.arrest_ratio": ratio})
            strike_crew(here.state, run_randomness(12, 0, 0, day), 1, POLICE, 400.0)
            days.append(int(here.ledger["arrested"][0]))
        taken.append(np.array(days))
    few, many = taken
    assert np.all(many >= few)
    assert abs(few.sum() - 1200) < 4.65 * 1200**0.5
    assert abs(many.sum() - 2400) < 4.65 * 2400**0.5
    # Paired: the difference varies less than that of two independent sums would.
    difference = many - few
    assert difference.var() < few.var() + many.var()
    assert abs(difference.sum() - 1200) < 4.65 * (400 * difference.var()) ** 0.5


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.5), (1.0, 0.75)])
def test_better_detection_kills_more_fighters_and_fewer_bystanders(
    country: Any, watched: float, known: float
) -> None:
    """Under drones 9 instead of 6 fighters and 1.125 instead of 1.5 bystanders die on average."""
    here = operation(country)
    here.districts["presence"]["drone_coverage"] = watched
    strike_crew(here.state, TODAY, 1, POLICE, 400.0)
    kills = 12.0 * known
    bystanders = poisson(0.5 * (1 - known) * kills, uniform(TODAY, BYSTANDERS_KILLED, 1001, POLICE))
    dead = poisson(kills, uniform(TODAY, FIGHTERS_KILLED, 1001, POLICE))
    assert here.killed[BY_POLICE].tolist() == [bystanders, dead, 0]


def test_nobody_is_killed_or_arrested_twice(country: Any) -> None:
    """Against three fighters an overwhelming force kills and arrests three in total."""
    here = operation(country, fighters=3)
    strike_crew(here.state, TODAY, 1, POLICE, 1e5)
    assert here.crews["fighters"][0] == 0
    assert here.killed[BY_POLICE, 1] + here.ledger["arrested"][0] == 3
    assert here.gangs["losses_today"][0] == 3
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("force", "vehicles", "factor"),
    [
        (POLICE, 0, 1.0),
        (MISSION, 0, 1.0),
        (MISSION, 100, 0.5),
        (MISSION, 50, 0.75),
        (POLICE, 100, 0.5),
    ],
)
def test_an_ambush_costs_officers(country: Any, force: int, vehicles: int, factor: float) -> None:
    """An ambush by 250,000 fighters kills 400 of 1,000 officers, or half with seats for all.

    2e-4 killed per fighter-hour and 8 hours make 0.0016 per fighter.
    """
    here = operation(country, 1000, fighters=250_000, force=force)
    here.contingents["vehicles"][force] = vehicles
    here.begin()
    ambush(here.state, TODAY, 1, force)
    lost = poisson(400.0 * factor, uniform(TODAY, OFFICERS_KILLED, 1001, force))
    assert here.killed[BY_GANG, OFFICER] == lost == 1000 - here.units["officers"][0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("effectiveness", [1.0, 0.3])
def test_unarmed_fighters_kill_fewer_officers(country: Any, effectiveness: float) -> None:
    """Of 400 officers expected to die, a gang with an effectiveness of 0.3 kills 120."""
    here = operation(country, 1000, fighters=250_000)
    here.gangs["combat_effectiveness"][0] = effectiveness
    effective = effective_fighters(here.state, here.state.districts[1])
    assert effective == pytest.approx(250_000 * effectiveness)
    ambush(here.state, TODAY, 1, POLICE)
    lost = poisson(400.0 * effectiveness, uniform(TODAY, OFFICERS_KILLED, 1001, POLICE))
    assert here.killed[BY_GANG, OFFICER] == lost


def test_all_fighters_count_as_those_of_the_strongest_crew(country: Any) -> None:
    """All 150 fighters of a district have the effectiveness of the strongest crew's gang."""
    here = operation(country, fighters=100)
    here.crew(1, 1, 50)
    here.gangs["combat_effectiveness"][:2] = [0.5, 1.0]
    here.begin()
    assert effective_fighters(here.state, here.state.districts[1]) == 75.0


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_crews_hide_together(country: Any, shift: float) -> None:
    """All crews of a district leave: some fighters relocate and the others hide.

    Crews of other districts stay.
    """
    here = country(2, values={**VALUES, "relocation.shift_share": shift})
    for gang, place in ((0, 0), (1, 0), (2, 1)):
        here.crew(gang, place, 10, hiding=5)
    here.begin()
    drive_into_hiding(here.state, TODAY._replace(day=7), 0)
    moved = int(10 * shift)
    assert here.crews["fighters"][:3].tolist() == [0, 0, 10]
    assert here.crews["fighters"][3:5].tolist() == [moved, moved]
    assert here.crews["hiding"][:3].tolist() == [15 - moved, 15 - moved, 5]
    assert (here.districts["control"]["cleared_on"][0], here.daily["cleared"][0]) == (7, 1)
    assert here.finding() == "balanced"


def test_a_single_fighter_hides_too(country: Any) -> None:
    """The last fighter of a crew is driven into hiding like any other."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 1)
    here.begin()
    drive_into_hiding(here.state, TODAY, 0)
    assert (here.crews["fighters"][0], here.crews["hiding"][0]) == (0, 1)


@pytest.mark.parametrize(("coordination", "joint"), [(1.0, 300.0), (0.0, 150.0), (0.5, 225.0)])
def test_an_operation_clears_by_its_joint_strength(
    country: Any, coordination: float, joint: float
) -> None:
    """Police and mission count together; without coordination only half of them count."""
    cleared = []
    for day in range(30):
        here = operation(country, officers=200, fighters=100)
        here.unit(MISSION, 1, 50, task=OPERATING)
        update_day_presence(here.begin().state)
        here.governance["coordination"] = coordination
        today = run_randomness(12, 0, 0, day)
        conduct_operations(here.state, today)
        done = uniform(today, CREW_CLEARED, 1001) < clearing_probability(joint, 100, 3.0)
        assert (here.crews["fighters"][0] == 0, here.daily["cleared"][0]) == (done, int(done))
        assert here.daily["operations"][0] == 1
        assert here.finding() == "balanced"
        cleared.append(done)
    assert 0 < sum(cleared) < 30


@pytest.mark.parametrize(
    ("effectiveness", "entrenchment"), [(1.0, 0.0), (0.5, 0.0), (1.0, 1.0), (0.5, 0.6)]
)
def test_arms_and_entrenchment_change_the_clearing_probability(
    country: Any, effectiveness: float, entrenchment: float
) -> None:
    """Clearing follows the fighters' effectiveness and the ratio that entrenchment requires."""
    for day in range(30):
        here, today = operation(country, officers=300, fighters=100), run_randomness(12, 0, 0, day)
        here.gangs["combat_effectiveness"] = effectiveness
        here.districts["control"]["entrenchment"] = entrenchment
        conduct_operations(here.state, today)
        likely = clearing_probability(300.0, 100 * effectiveness, 3.0 * (1 + 0.5 * entrenchment))
        done = uniform(today, CREW_CLEARED, 1001) < likely
        assert here.daily["cleared"][0] == int(done)


def test_unarmed_crews_are_cleared_more_often_and_entrenched_ones_less(country: Any) -> None:
    """With the same random numbers, a crew that is cleared would also be cleared without arms.

    An entrenched crew that is cleared would also be cleared without entrenchment.
    """
    cleared = {}
    for name, effectiveness, entrenchment in (
        ("usual", 1.0, 0.0),
        ("unarmed", 0.3, 0.0),
        ("entrenched", 1.0, 1.0),
    ):
        days = []
        for day in range(60):
            here = operation(country, officers=300, fighters=100)
            here.gangs["combat_effectiveness"] = effectiveness
            here.districts["control"]["entrenchment"] = entrenchment
            conduct_operations(here.state, run_randomness(12, 0, 0, day))
            days.append(int(here.daily["cleared"][0]))
        cleared[name] = np.array(days)
    assert np.all(cleared["unarmed"] >= cleared["usual"])
    assert np.all(cleared["entrenched"] <= cleared["usual"])
    assert cleared["entrenched"].sum() < cleared["usual"].sum() < cleared["unarmed"].sum()


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_there_are_no_operations(country: Any, enabled: bool) -> None:
    """Officers among a crew kill and arrest by day; switched off, they are only present."""
    here = operation(country, officers=2000, values={"operations.enabled": enabled})
    here.parameters["drones"]["enabled"] = False
    daytime(here.state, TODAY)
    assert here.daily["operations"][0] == int(enabled)
    assert (here.killed.sum() > 0) == enabled
    assert here.districts["presence"]["officers_day"][1] == 2000.0


@pytest.mark.parametrize("missing", ["officers", "fighters", "score"])
def test_operations_need_officers_fighters_and_a_score(country: Any, missing: str) -> None:
    """Without officers, without fighters or without a target score there is no operation."""
    here = operation(
        country,
        officers=0 if missing == "officers" else 500,
        fighters=0 if missing == "fighters" else 90,
    )
    here.districts["orders"]["target_score"][1] *= missing != "score"
    conduct_operations(here.state, TODAY)
    assert here.killed.sum() == here.daily["operations"][0] == here.daily["cleared"][0] == 0
