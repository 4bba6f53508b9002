"""Operations: losses of both sides, bystanders, arrests, and crews that are driven into hiding."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import poisson, run_randomness, stochastic_round, uniform
from teritwa.rules.agents.doctrine import (
    CORDON_AND_SEARCH,
    RAID,
)
from teritwa.rules.agents.police_unit import ARMY, MISSION, OPERATING, POLICE
from teritwa.rules.districts.casualties import (
    BY_ARMY,
    BY_GANG,
    BY_MISSION,
    BY_POLICE,
    FIGHTER,
    OFFICER,
)
from teritwa.rules.districts.presence import update_day_presence, update_gang_presence
from teritwa.rules.forces.clearing import (
    SURRENDERS,
    clearing_probability,
    conduct_operations,
    drive_into_hiding,
    fight_crews,
    mean_surrender,
    required_force_ratio,
    try_to_clear,
)
from teritwa.rules.forces.operations import (
    BYSTANDERS_KILLED,
    FIGHTERS_ARRESTED,
    FIGHTERS_KILLED,
    OFFICERS_KILLED,
    ambush,
    engaged,
    expected_kills,
    strike_crews,
)
from teritwa.rules.gangs.crews import kill_among_crews
from teritwa.rules.registry import registry
from teritwa.rules.schedule import daytime

VALUES = {
    "operations.lethality": 0.005,
    "operations.duration_hours": 8.0,
    "operations.contact_constant": 6.0,
    "operations.collateral_ratio": 0.5,
    "operations.ambush_loss_rate": 2e-4,
    "operations.clearing_force_ratio": 3.0,
    "operations.clearing_exponent": 3.0,
    "operations.uncoordinated_share": 0.5,
    "raid.arrests": 0.5,
    "raid.surrender": 0.0,
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
    fighters: int = 18,
    force: int = POLICE,
    values: Mapping[str, float] = {},
) -> Any:
    """Return officers of one force who raid a crew in district 1, of 1,000 people.

    The number that decides whether they clear it is 0.5.
    """
    here = country(2, values={**VALUES, **values})
    here.crew(0, 1, fighters)
    here.unit(force, 1, officers, task=OPERATING)
    here.districts["orders"]["target_score"][1] = 1.0
    here.districts["orders"]["campaign_draw"][1] = 0.5
    here.districts["control"]["gang_influence"][1] = 1.0
    here.doctrines["operations"] = RAID
    here.begin()
    update_day_presence(here.state)
    return here


@pytest.mark.parametrize(
    ("ratio", "midpoint", "exponent", "chance"),
    [
        (3.0, 3.0, 3.0, 0.5),
        (1.0, 2.0, 3.0, 1 / 9),
        (4.0, 2.0, 3.0, 8 / 9),
        (4.0, 2.0, 1.0, 2 / 3),
        (0.0, 2.0, 3.0, 0.0),
        (1e9, 2.0, 3.0, 1.0),
    ],
)
def test_clearing_probability(
    ratio: float, midpoint: float, exponent: float, chance: float
) -> None:
    """It is r^e / (r^e + m^e): a half at the midpoint, 8 of 9 at twice it for e = 3."""
    assert clearing_probability(ratio, midpoint, exponent) == pytest.approx(chance)


def test_the_curve_of_clearing_rises_from_few_to_most() -> None:
    """With the declared values it rises everywhere, and is at least 0.9 at ten officers a fighter.

    At half an officer for a fighter it is at most 0.3 in all of the declared ranges.
    """
    midpoint = registry()["operations.clearing_force_ratio"]
    exponent = registry()["operations.clearing_exponent"]
    usual = midpoint.value, exponent.value
    ratios = np.geomspace(0.01, 100.0, 400)
    chances = [clearing_probability(float(ratio), *usual) for ratio in ratios]
    assert all(before < after for before, after in pairwise(chances))
    assert clearing_probability(10.0, *usual) >= 0.9
    assert midpoint.between is not None
    assert exponent.between is not None
    for m in (*midpoint.between, midpoint.value):
        for e in (*exponent.between, exponent.value):
            assert clearing_probability(0.5, m, e) <= 0.3


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
    """100 officers kill 1.5 fighters on average among 18 of whom half are known.

    0.005 killed per officer-hour, 100 officers and 8 hours make 4. With 18 fighters per 1,000
    people contact is 0.5 * 18 / (18 + 6); in a district of 3,000 people it is a half of a half.
    """
    here = operation(country)
    district, operations = here.state.districts[1], here.rules("operations")
    assert expected_kills(100.0, district, operations, 0.5) == pytest.approx(1.5)
    assert expected_kills(0.0, district, operations, 0.5) == 0.0
    here.districts["people"]["displaced_hosted"][1] = 2000
    assert expected_kills(100.0, district, operations, 0.5) == pytest.approx(1.0)


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
    strike_crews(here.state, TODAY, 1, force, 400.0)
    draws = [(FIGHTERS_KILLED, 6.0), (BYSTANDERS_KILLED, 1.5), (FIGHTERS_ARRESTED, 3.0)]
    dead, bystanders, taken = [
        poisson(rate, uniform(TODAY, what, 1001, force)) for what, rate in draws
    ]
    assert here.killed[by].tolist() == [bystanders, dead, 0]
    assert here.crews["fighters"][0] == 18 - dead - taken
    assert here.districts["people"]["residents"][1] == 1000 - bystanders
    assert here.ledger["arrested"][0] == here.ledger["prisoners"][0] == taken
    assert here.gangs["losses_today"].tolist() == [dead + taken, 0, 0]
    assert here.districts["counts"]["bystanders_killed"].tolist() == [0, bystanders]
    assert here.districts["counts"]["civilians_killed"][1] == 0
    assert here.finding() == "balanced"


def test_a_posture_scales_what_a_strike_does(country: Any) -> None:
    """A search at 0.2 of a raid's lethality with 40 arrests for a death: 1.2 dead and 48 arrested.

    Bystanders die at 0.6 of the ratio: 0.6 * 0.5 * 0.5 * 1.2 = 0.18.
    """
    values = {
        "cordon_and_search.lethality": 0.2,
        "cordon_and_search.arrests": 40.0,
        "cordon_and_search.bystanders": 0.6,
        "operations.contact_constant": 0.3,
    }
    for ordered in (False, True):
        here = operation(country, fighters=900, values=values)
        here.districts["people"]["residents"][1] = 1_000_000
        here.districts["presence"]["fighters"][1] = 900_000_000  # contact in all hours
        if ordered:
            here.districts["orders"]["ordered_posture"][1] = CORDON_AND_SEARCH
        else:
            here.doctrines["operations"][POLICE] = CORDON_AND_SEARCH
        strike_crews(here.state, TODAY, 1, POLICE, 300.0)
        draws = [(FIGHTERS_KILLED, 1.2), (BYSTANDERS_KILLED, 0.18), (FIGHTERS_ARRESTED, 48.0)]
        dead, bystanders, taken = [
            poisson(rate, uniform(TODAY, what, 1001, POLICE)) for what, rate in draws
        ]
        assert here.killed[BY_POLICE].tolist() == [bystanders, dead, 0]
        assert here.ledger["arrested"][0] == taken


def test_arrests_follow_their_parameter(country: Any) -> None:
    """Twice the arrests of a posture give twice as many over 200 days, and never fewer on one day.

    Both use the same random numbers; 600 and 1,200 arrests are met within 4.65 standard errors.
    """
    taken = []
    for ratio in (0.5, 1.0):
        days = []
        for day in range(200):
            here = operation(country, values={"raid.arrests": ratio})
            here.crews["fighters"][0] = 500  # so that arrests are not limited
            strike_crews(here.state, run_randomness(12, 0, 0, day), 1, POLICE, 400.0)
            days.append(int(here.ledger["arrested"][0]))
        taken.append(np.array(days))
    few, many = taken
    assert np.all(many >= few)
    assert abs(few.sum() - 600) < 4.65 * 600**0.5
    assert abs(many.sum() - 1200) < 4.65 * 1200**0.5


@pytest.mark.parametrize(("watched", "known"), [(0.0, 0.5), (1.0, 0.75)])
def test_better_detection_kills_more_fighters_and_fewer_bystanders(
    country: Any, watched: float, known: float
) -> None:
    """Under drones 9 instead of 6 fighters and 1.125 instead of 1.5 bystanders die on average."""
    here = operation(country)
    here.districts["presence"]["drone_coverage"] = watched
    strike_crews(here.state, TODAY, 1, POLICE, 400.0)
    kills = 12.0 * known
    bystanders = poisson(0.5 * (1 - known) * kills, uniform(TODAY, BYSTANDERS_KILLED, 1001, POLICE))
    dead = poisson(kills, uniform(TODAY, FIGHTERS_KILLED, 1001, POLICE))
    assert here.killed[BY_POLICE].tolist() == [bystanders, dead, 0]


def test_nobody_is_killed_or_arrested_twice(country: Any) -> None:
    """Against three fighters an overwhelming force kills and arrests three in total."""
    here = operation(country, fighters=3)
    strike_crews(here.state, TODAY, 1, POLICE, 1e5)
    assert here.crews["fighters"][0] == 0
    assert here.killed[BY_POLICE, FIGHTER] + here.ledger["arrested"][0] == 3
    assert here.gangs["losses_today"][0] == 3
    assert here.finding() == "balanced"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("dead", [0, 1, 7, 30, 59, 60, 200])
def test_kills_are_shared_in_proportion_and_none_is_dropped(
    country: Any, share: float, dead: int
) -> None:
    """Of crews of 30, 20 and 10 each loses its part of the dead, up or down to a whole person.

    Together they lose all who die, or all there are; a crew elsewhere loses nobody.
    """
    here = country(2, values=VALUES)
    for gang, place, fighters in ((0, 1, 30), (0, 0, 40), (1, 1, 20), (2, 1, 10)):
        here.crew(gang, place, fighters)
    here.begin()
    kill_among_crews(here.state, 1, BY_ARMY, dead, share)
    lost = np.array([30, 20, 10]) - here.crews["fighters"][[0, 2, 3]]
    assert lost.sum() == here.killed[BY_ARMY, FIGHTER] == min(dead, 60)
    assert np.all(np.abs(lost - min(dead, 60) * np.array([30, 20, 10]) / 60) < 1.0)
    assert here.crews["fighters"][1] == 40
    assert here.gangs["losses_today"].tolist() == lost.tolist()
    assert here.finding() == "balanced"


def ambushed(here: Any, force: int, today: Any = TODAY) -> int:
    """Ambush the officers of a force in district 1; return how many of all officers have died."""
    district = here.state.districts[1]
    total = sum(engaged(district, each) for each in (POLICE, ARMY, MISSION))
    ambush(here.state, today, 1, force, engaged(district, force), total)
    return int(here.killed[BY_GANG, OFFICER])


@pytest.mark.parametrize(
    ("force", "vehicles", "factor"),
    [
        (POLICE, 0, 1.0),
        (MISSION, 0, 1.0),
        (MISSION, 200, 0.5),
        (MISSION, 100, 0.75),
        (POLICE, 200, 0.5),
    ],
)
def test_an_ambush_costs_officers(country: Any, force: int, vehicles: int, factor: float) -> None:
    """2,000 officers and as many fighters as they count: each shot finds a target half of the time.

    2e-4 killed per fighter-hour and 8 hours make 0.0016 for each of 1,000 (2,000 of the mission,
    whose officers count twice), or half of that with seats for all.
    """
    effective = 4000 if force == MISSION else 2000
    here = operation(country, 2000, fighters=effective, force=force)
    here.contingents["vehicles"][force] = vehicles
    here.begin()
    lost = poisson(0.0016 * effective / 2 * factor, uniform(TODAY, OFFICERS_KILLED, 1001, force))
    assert ambushed(here, force) == lost == 2000 - here.units["officers"][0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize(
    ("officers", "fighters", "exposed"), [(10, 30, 7.5), (30, 10, 7.5), (10, 10**7, 10.0)]
)
def test_losses_saturate_in_officers_and_fighters(
    country: Any, officers: int, fighters: int, exposed: float
) -> None:
    """10 officers among 30 fighters lose as many as 30 among 10; the fighters' number has a limit.

    They are f * o / (f + o) times the rate, here 0.3 * 8 hours.
    """
    here = operation(country, officers, fighters, values={"operations.ambush_loss_rate": 2e-4})
    here.parameters["operations"]["ambush_loss_rate"] = 0.3
    lost = poisson(0.3 * 8 * exposed, uniform(TODAY, OFFICERS_KILLED, 1001, POLICE))
    assert ambushed(here, POLICE) == pytest.approx(min(lost, officers))


def test_a_careful_posture_loses_fewer_officers(country: Any) -> None:
    """At 0.6 of a raid's losses 0.96 of 1.6 expected officers die."""
    here = operation(country, 2000, 2000, values={"cordon_and_search.losses": 0.6})
    here.doctrines["operations"][POLICE] = CORDON_AND_SEARCH
    assert ambushed(here, POLICE) == poisson(0.96, uniform(TODAY, OFFICERS_KILLED, 1001, POLICE))


def test_a_force_in_two_parts_loses_as_many_as_one(country: Any) -> None:
    """600 police lose as many officers on average as 200 police and 400 soldiers, and fight alike.

    Rates of loss are proportional to officers within all who are there: 0.3 * 8 * 240 / 1,000 of
    each; sums over 300 days lie within 4.65 standard errors of each other.
    """
    sums = []
    for sizes in ((600, 0), (200, 400)):
        lost, killed = [], []
        for day in range(300):
            here = operation(country, sizes[0], fighters=400)
            if sizes[1]:
                here.unit(ARMY, 1, sizes[1], task=OPERATING)
            update_day_presence(here.begin().state)
            here.parameters["operations"]["ambush_loss_rate"] = 0.002
            fight_crews(here.state, run_randomness(12, 0, 0, day), 1, 600.0)
            lost.append(int(here.killed[BY_GANG, OFFICER]))
            killed.append(int(here.killed[:, FIGHTER].sum()))
        sums.append((sum(lost), sum(killed)))
    expected = (300 * 0.002 * 8 * 240, 300 * 0.005 * 8 * 600 * 0.5 * 400 / 406)
    for found in sums:
        for number, likely in zip(found, expected, strict=True):
            assert abs(number - likely) < 4.65 * likely**0.5


@pytest.mark.parametrize("effectiveness", [1.0, 0.3])
def test_unarmed_fighters_kill_fewer_officers(country: Any, effectiveness: float) -> None:
    """At an effectiveness of 0.3 2,000 fighters count as 600: 0.0016 * 461.5 officers die."""
    here = operation(country, 2000, fighters=2000)
    here.gangs["combat_effectiveness"][0] = effectiveness
    update_gang_presence(here.state)
    fighters = 2000 * effectiveness
    rate = 0.0016 * 2000 * fighters / (2000 + fighters)
    lost = poisson(rate, uniform(TODAY, OFFICERS_KILLED, 1001, POLICE))
    assert ambushed(here, POLICE) == lost


@pytest.mark.parametrize("sizes", [(200, 100), (100, 200), (120, 180)])
def test_fighters_clear_and_ambush_by_their_own_arms(country: Any, sizes: tuple[int, int]) -> None:
    """Officers die and clear by the 240 well-armed fighters whom two crews count as together.

    It makes no difference which crew has more of the fighters, or stands first.
    """
    here = operation(country, 1000, fighters=sizes[0])
    here.crew(1, 1, sizes[1])
    here.gangs["combat_effectiveness"][:2] = [0.6 * 200 / sizes[0], 1.2 * 100 / sizes[1]]
    here.begin()
    assert here.districts["presence"]["effective_fighters"][1] == pytest.approx(240.0)
    today = run_randomness(12, 0, 0, 9)
    here.parameters["operations"]["ambush_loss_rate"] = 0.01
    rate = 0.08 * 240 * 1000 / 1240
    lost = poisson(rate, uniform(today, OFFICERS_KILLED, 1001, POLICE))
    assert ambushed(here, POLICE, today) == lost


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_crews_hide_together(country: Any, shift: float) -> None:
    """All crews of a district leave: some fighters relocate and the others hide.

    Crews of other districts stay.
    """
    here = country(2, values={**VALUES, "relocation.shift_share": shift})
    for gang, place in ((0, 0), (1, 0), (2, 1)):
        here.crew(gang, place, 10, hiding=5)
    here.begin()
    here.districts["control"]["local_offset"] = 0.2
    drive_into_hiding(here.state, TODAY._replace(day=7), 0, 0.0)
    moved = int(10 * shift)
    assert here.crews["fighters"][:3].tolist() == [0, 0, 10]
    assert here.crews["fighters"][3:5].tolist() == [moved, moved]
    assert here.crews["hiding"][:3].tolist() == [15 - moved, 15 - moved, 5]
    assert (here.districts["control"]["cleared_on"][0], here.daily["cleared"][0]) == (7, 1)
    assert here.districts["control"]["local_offset"].tolist() == [0.0, 0.2]
    assert here.finding() == "balanced"


def test_a_share_surrenders(country: Any) -> None:
    """Of crews of 10 and 25 fighters 0.3 surrender, rounded at random; the others hide."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 10)
    here.crew(1, 0, 25, hiding=5)
    here.begin()
    drive_into_hiding(here.state, TODAY, 0, 0.3)
    taken = [
        stochastic_round(0.3 * size, uniform(TODAY, SURRENDERS, 4000 + row))
        for row, size in ((0, 10), (1, 25))
    ]
    assert here.crews["hiding"][:2].tolist() == [10 - taken[0], 30 - taken[1]]
    assert here.daily["arrested"][0] == sum(taken)
    assert here.finding() == "balanced"


def test_surrender_is_the_mean_over_the_officers(country: Any) -> None:
    """100 police raid, 0.0, beside 50 of the mission who count twice and search, 0.4: 0.2."""
    here = operation(country, values={"cordon_and_search.surrender": 0.4})
    here.unit(MISSION, 1, 50, task=OPERATING)
    here.doctrines["operations"][MISSION] = CORDON_AND_SEARCH
    update_day_presence(here.begin().state)
    assert mean_surrender(here.state, 1, 200.0) == pytest.approx(0.2)


def test_a_single_fighter_hides_too(country: Any) -> None:
    """The last fighter of a crew is driven into hiding like any other."""
    here = country(1, [], values=VALUES)
    here.crew(0, 0, 1)
    here.begin()
    drive_into_hiding(here.state, TODAY, 0, 0.0)
    assert (here.crews["fighters"][0], here.crews["hiding"][0]) == (0, 1)


@pytest.mark.parametrize(
    ("held", "capital", "counted"), [(0, True, 1), (-1, True, 0), (0, False, 0)]
)
def test_clearings_from_gangs_are_those_of_the_capital(
    country: Any, held: int, capital: bool, counted: int
) -> None:
    """A clearing counts as one from a gang if a gang held the district and it is of the capital."""
    here = operation(country)
    here.districts["control"]["holder"][1] = held
    here.districts["place"]["metropolitan"][1] = capital
    drive_into_hiding(here.state, TODAY, 1, 0.0)
    assert here.districts["control"]["cleared_from_gang"][1] == (held == 0)
    assert (here.daily["cleared"][0], here.daily["cleared_from_gangs"][0]) == (1, counted)


@pytest.mark.parametrize(("coordination", "joint"), [(1.0, 300.0), (0.0, 150.0), (0.5, 225.0)])
@pytest.mark.parametrize("off", [-1e-9, 1e-9])
def test_an_operation_clears_by_its_joint_strength(
    country: Any, coordination: float, joint: float, off: float
) -> None:
    """Police and mission count together; without coordination only half of them count.

    The crews give way if the number of the operation lies below the probability.
    """
    here = operation(country, officers=200, fighters=100)
    here.unit(MISSION, 1, 50, task=OPERATING)
    update_day_presence(here.begin().state)
    here.governance["coordination"] = coordination
    here.districts["orders"]["campaign_draw"][1] = clearing_probability(joint / 100, 3.0, 3.0) + off
    try_to_clear(here.state, TODAY, 1, 300.0)
    assert here.daily["cleared"][0] == int(off < 0)
    assert (here.crews["fighters"][0] == 0) == (off < 0)


@pytest.mark.parametrize("effectiveness", [0.4, 0.1, 0.0])
def test_less_than_a_fighter_is_less_resistance(country: Any, effectiveness: float) -> None:
    """One badly armed fighter gives way to fewer officers than a half; one without arms to all."""
    for more, cleared in ((1.001, 1), (0.999, int(effectiveness == 0.0))):
        here = operation(country, officers=300, fighters=1)
        here.gangs["combat_effectiveness"] = effectiveness
        update_gang_presence(here.state)
        try_to_clear(here.state, TODAY, 1, max(0.01, effectiveness) * 3.0 * more)
        assert here.daily["cleared"][0] == cleared


@pytest.mark.parametrize(
    ("effectiveness", "entrenchment", "midpoint"),
    [(1.0, 0.0, 3.0), (0.5, 0.0, 1.5), (1.0, 1.0, 4.5), (0.5, 0.6, 1.95)],
)
def test_arms_and_entrenchment_change_the_clearing_probability(
    country: Any, effectiveness: float, entrenchment: float, midpoint: float
) -> None:
    """Half of the operations clear at a ratio that arms and entrenchment raise."""
    for more, cleared in ((1.001, 1), (0.999, 0)):
        here = operation(country, officers=300, fighters=100)
        here.gangs["combat_effectiveness"] = effectiveness
        here.districts["control"]["entrenchment"] = entrenchment
        update_gang_presence(here.state)
        try_to_clear(here.state, TODAY, 1, 100 * midpoint * more)
        assert here.daily["cleared"][0] == cleared


def test_time_adds_nothing_at_equal_force(country: Any) -> None:
    """A force that did not clear on the first day does not on 30 more, and a stronger one does.

    The number 0.5 was drawn once: 299 officers for 100 fighters fail each day, 301 clear at once.
    """
    for officers, days in ((299, 30), (301, 1)):
        cleared = []
        for day in range(days):
            here = operation(country, officers=officers, fighters=100)
            here.parameters["operations"]["lethality"] = 0.0
            here.parameters["operations"]["ambush_loss_rate"] = 0.0
            conduct_operations(here.state, run_randomness(12, 0, 0, day))
            cleared.append(int(here.daily["cleared"][0]))
        assert sum(cleared) == int(officers > 300)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_there_are_no_operations(country: Any, enabled: bool) -> None:
    """Officers among a crew kill and arrest by day; switched off, they are only present."""
    here = operation(country, officers=2000, values={"operations.enabled": enabled})
    here.parameters["drones"]["enabled"] = False
    daytime(here.state, TODAY)
    assert here.daily["operations"][0] == int(enabled)
    assert (here.killed.sum() > 0) == enabled
    assert here.districts["presence"]["officers_day"][1] == 2000.0


@pytest.mark.parametrize("missing", ["officers", "fighters"])
def test_operations_need_officers_and_fighters(country: Any, missing: str) -> None:
    """Without officers or without fighters there is no operation."""
    here = operation(
        country,
        officers=0 if missing == "officers" else 500,
        fighters=0 if missing == "fighters" else 90,
    )
    conduct_operations(here.state, TODAY)
    assert here.killed.sum() == here.daily["operations"][0] == here.daily["cleared"][0] == 0


def test_crews_that_change_places_in_the_table_change_nothing_else(country: Any) -> None:
    """With the rows of two crews exchanged each loses the same on average."""
    lost = {}
    for order in ((30, 10), (10, 30)):
        days = []
        for day in range(200):
            here = country(2, values=VALUES)
            for gang, fighters in enumerate(order):
                here.crew(gang, 1, fighters)
            here.begin()
            kill_among_crews(
                here.state, 1, BY_POLICE, 5, uniform(run_randomness(1, 0, 0, day), 1, 1)
            )
            days.append(np.array(order) - here.crews["fighters"][:2])
        lost[order] = np.array(days)
    assert np.all(lost[30, 10].sum(axis=1) == 5)
    for order, found in lost.items():
        means = np.mean(found, axis=0)
        assert means == pytest.approx(5 * np.array(order) / 40, abs=4.65 * 0.5 / 200**0.5)
