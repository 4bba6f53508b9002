"""Campaigns: who is released, who is sent where, and which task each unit has on a day."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import Randomness, run_randomness, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import (
    BY_WEAKNESS,
    CLEAR_AND_HOLD,
    CORDON_AND_SEARCH,
    NO_OPERATIONS,
    PATROL,
    RAID,
    STATIC_GUARD,
)
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    ARMY,
    AT_HOME,
    FOREIGN,
    MILITARY_ONLY,
    MISSION,
    OPERATING,
    POLICE,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
    UNDER_UN,
)
from teritwa.rules.forces.campaigns import (
    end_campaigns,
    is_mobile,
    least_officers,
    may_go,
    wanted_officers,
)
from teritwa.rules.forces.dispatch import (
    CREW_CLEARED,
    JOINS_OPERATION,
    command,
    command_force,
    list_targets,
    list_units,
    nearest_free_unit,
    reach_of,
)
from teritwa.rules.forces.ranking import put_candidate, rank_candidates, take_best_candidate

VALUES = {
    "tasking.own_share_out": 1.0,
    "tasking.mission_share_out": 0.5,
    "tasking.least_share": 0.5,
    "tasking.rest_days": 10,
    "tasking.reach": 1.5,
    "tasking.judgement_error": 0.0,
    "tasking.deep_territory_weight": 1.0,
    "tasking.baseline_attacks": 1.0,
    "raid.force_ratio": 1.0,
    "raid.patience": 3,
    "equipment.air_reach": 6.0,
}
TODAY = run_randomness(10, 0, 0, 4)


def force(
    country: Any,
    sizes: tuple[int, ...] = (10, 10, 10, 10),
    believed: tuple[float, ...] = (0.0, 20.0, 30.0),
    values: Mapping[str, float] = {},
    contingent: int = 0,
) -> Any:
    """Return mobile units in district 0, an hour from crews in districts 1 and 2.

    Command prefers district 1 and wants one officer for each fighter whom it believes there.
    """
    here = country(3, [(0, 1), (0, 2)], values={**VALUES, **values})
    for size in sizes:
        here.unit(contingent, 0, size, kind=(SPECIAL, SOLDIERS, FOREIGN)[contingent])
    here.crew(0, 1, 20)
    here.crew(1, 2, 30)
    here.begin()
    here.districts["orders"]["target_score"] = [0.0, 2.0, 1.0]
    here.districts["orders"]["believed_fighters"] = believed
    return here


def sent_to(here: Any) -> list[int]:
    """Return the officers on operations in each district."""
    units = here.units[: here.counters["units"][0]]
    places = range(len(here.districts))
    return [int(units["officers"][units["campaign"] == place].sum()) for place in places]


@pytest.mark.parametrize(
    ("kind", "officers", "terms", "goes"),
    [
        (SPECIAL, 5, ANY_MISSION, True),
        (FOREIGN, 5, MILITARY_ONLY, True),
        (FOREIGN, 5, UNDER_UN, True),
        (FOREIGN, 5, TECHNICAL_HELP, False),
        (SOLDIERS, 5, ANY_MISSION, True),
        (STATION, 5, ANY_MISSION, False),
        (SPECIAL, 0, ANY_MISSION, False),
    ],
)
def test_which_units_are_mobile(
    country: Any, kind: int, officers: int, terms: int, goes: bool
) -> None:
    """Stations, technical help and empty units cannot go out."""
    here = country()
    here.unit(0, 0, officers, kind=kind)
    here.contingents["terms"][0] = terms
    assert is_mobile(here.state, here.state.units[0]) == goes


@pytest.mark.parametrize(
    ("fighters", "since", "priority", "released"),
    [(20, 2, 1.0, False), (20, 1, 1.0, True), (20, 1, 10.0, False), (0, 3, 10.0, True)],
)
def test_who_is_released(
    country: Any, fighters: int, since: int, priority: float, released: bool
) -> None:
    """With a patience of 3 days an operation from day 1 is given up on day 4, one from day 2 not.

    A dated order is carried on, and nobody stays where no fighter is left.
    """
    here = force(country)
    here.districts["presence"]["fighters"][1] = fighters
    here.districts["orders"]["operation_priority"][1] = priority
    here.districts["orders"]["campaign_since"][1] = since
    here.units["campaign"][:2] = 1
    here.contingents["readiness"][0] = 0.5
    end_campaigns(here.state, 4)
    assert (here.units["campaign"][:2] == NO_ONE).tolist() == [released, released]
    orders = here.districts["orders"][1]
    ended = (-1, 4, 0.0) if released else (since, -1000, 10.0)
    assert (orders["campaign_since"], orders["campaign_ended"], orders["assigned"]) == ended


def test_a_unit_that_can_no_longer_go_is_released(country: Any) -> None:
    """A unit without officers leaves its operation, and the last one to leave ends it."""
    here = force(country)
    here.districts["orders"]["campaign_since"][1] = 4
    here.units["campaign"][0], here.units["officers"][0] = 1, 0
    end_campaigns(here.state, 4)
    assert here.units["campaign"][0] == NO_ONE
    assert here.districts["orders"]["campaign_since"][1] == -1


@pytest.mark.parametrize(
    ("share_out", "out", "posted", "free"),
    [
        (-1.0, 0, 0, 20.0),
        (-1.0, 1, 1, 12.0),
        (1.0, 1, 0, 36.0),
        (0.0, 1, 0, 0.0),
        (0.05, 0, 0, 2.0),
    ],
)
def test_how_many_officers_may_go(
    country: Any, share_out: float, out: int, posted: int, free: float
) -> None:
    """Of 40 able officers of the mission half may be out, or what its doctrine says.

    Those on operations and those who hold a district are out: units of 4 able officers each.
    """
    here = force(country, (50, 30, 10, 5, 5), contingent=2)
    here.contingents["readiness"][2] = 0.4
    here.unit(2, 0, 900)
    here.unit(0, 0, 900, kind=SPECIAL)
    here.doctrines["share_out"][MISSION] = share_out
    here.units["campaign"][2:3] = 1 if out else NO_ONE
    here.units["posted"][3:5] = bool(posted)
    assert list_units(here.state, TODAY, MISSION)
    assert max(0.0, here.districts["orders"]["free_officers"][1]) == pytest.approx(free)
    assert here.doctrines["officers_out"][MISSION] == pytest.approx(4.0 * (out + posted))


def test_officers_too_far_away_lend_no_strength(country: Any) -> None:
    """Of 40 officers near, half may go to a district, whoever waits or is out three hours away."""
    here = force(country, (20, 20, 30, 30), contingent=2)
    here.units["quarters"][2:4] = 2
    here.units["campaign"][3] = 2
    here.set_hours({(1, 2): 3.0, (0, 2): 1.0})
    assert list_units(here.state, TODAY, MISSION)
    free = here.districts["orders"]["free_officers"]
    assert free[1] == 20.0
    assert free[2] == 20.0  # of 100 near there 30 are out


def test_of_equal_targets_a_lot_decides_and_no_row(country: Any) -> None:
    """Two districts with one score come first equally often in 400 runs; a higher score always."""
    here, first = force(country), []
    here.districts["orders"]["target_score"] = [0.0, 1.0, 1.0]
    for run in range(400):
        assert list_targets(here.state, run_randomness(10, run, 0, 4), POLICE) == 2
        rank_candidates(here.state, 2)
        first.append(take_best_candidate(here.state, 2))
        assert here.candidates["number"][0] == 3 - first[-1]
    assert abs(first.count(1) - 200) < 4.65 * 10
    here.districts["orders"]["target_score"] = [0.0, 1.0, 1.1]
    list_targets(here.state, TODAY, POLICE)
    rank_candidates(here.state, 2)
    assert take_best_candidate(here.state, 2) == 2


def test_targets_are_taken_from_the_best_to_the_worst(country: Any) -> None:
    """Twenty districts with scores in any order, some equal, are taken by score."""
    here = country(20, [(place, place + 1) for place in range(19)])
    scores = [7.0, 3.0, 19.0, 5.0, 11.0, 2.0, 5.0, 17.0, 13.0, 1.0] * 2
    scores[10:] = [30.0 - score for score in scores[10:]]
    for place, score in enumerate(scores):
        put_candidate(here.state, place, place, score, 0.05 * place)
    rank_candidates(here.state, 20)
    taken = [take_best_candidate(here.state, left) for left in range(20, 0, -1)]
    assert sorted(taken) == list(range(20))
    assert [scores[place] for place in taken] == sorted(scores, reverse=True)


def test_wanted_officers_are_those_not_assigned_yet(country: Any) -> None:
    """For 20 fighters at 1.5 officers each 30 are wanted, less those who are there."""
    here = force(country)
    here.doctrines["force_ratio"][POLICE] = 1.5
    here.districts["orders"]["assigned"][1] = 12.0
    assert wanted_officers(here.state, here.state.districts[1], POLICE) == 18.0


def test_the_highest_scores_come_first_and_the_rest_stays(country: Any) -> None:
    """Of 40 officers 20 go to district 1, and the 20 left, two thirds of 30, to district 2."""
    here = force(country)
    command(here.state, TODAY)
    assert sent_to(here) == [0, 20, 20]
    assert here.units["task"][:4].tolist() == [OPERATING] * 4
    assert here.units["operated_in"][:4].tolist() == here.units["district"][:4].tolist()
    assert here.units["posture"][:4].tolist() == [RAID] * 4
    assert here.districts["orders"]["assigned"].tolist() == [0.0, 20.0, 20.0]
    assert here.districts["orders"]["campaign_since"].tolist() == [-1, 4, 4]
    assert here.doctrines["officers_out"][POLICE] == 40.0


@pytest.mark.parametrize(("least", "sent"), [(0.5, [0, 20, 20]), (0.7, [0, 20, 0])])
def test_too_few_officers_begin_nothing(country: Any, least: float, sent: list[int]) -> None:
    """20 officers of the 30 wanted begin an operation if half is enough, and not if 0.7 is."""
    here = force(country, values={"tasking.least_share": least})
    command(here.state, TODAY)
    assert sent_to(here) == sent


def test_a_force_that_prefers_weakness_goes_there_first(country: Any) -> None:
    """With equal scores a force that looks for weakness goes where fewest fighters are believed."""
    here = force(country, (10, 10), believed=(0.0, 40.0, 15.0))
    here.doctrines["first"][POLICE] = BY_WEAKNESS
    here.districts["orders"]["target_score"] = [0.0, 1.0, 1.0]
    command_force(here.state, TODAY, POLICE)
    assert sent_to(here)[1] == 0 < sent_to(here)[2]


@pytest.mark.parametrize(
    ("target", "campaign", "own", "free", "may"),
    [
        ((20, 1.0), (-1, -1000, 0.0), True, 10.0, True),  # half of what is wanted
        ((20, 1.0), (-1, -1000, 0.0), True, 9.9, False),
        ((20, 1.0), (-1, -5, 0.0), True, 40.0, False),  # nine days ago
        ((20, 1.0), (-1, -6, 0.0), True, 40.0, True),
        ((20, 1.0), (2, -1000, 19.0), True, 1.0, True),  # under way: any reinforcement
        ((20, 1.0), (2, -1000, 20.0), True, 40.0, False),
        ((20, 1.0), (1, -1000, 5.0), True, 40.0, False),  # given up
        ((20, 10.0), (-1, 3, 0.0), True, 1.0, True),  # ordered: neither rest nor number counts
        ((20, 10.0), (-1, 3, 0.0), False, 1.0, True),
        ((20, 1.0), (-1, -1000, 0.0), False, 40.0, False),
        ((0, 10.0), (-1, -1000, 0.0), True, 40.0, False),
    ],
)
def test_where_a_force_may_go(
    country: Any,
    target: tuple[int, float],
    campaign: tuple[int, int, float],
    own: bool,
    free: float,
    may: bool,
) -> None:
    """What is under way is reinforced until it is given up; other districts need rest and strength.

    Without operations of its own a force follows orders alone, and nobody goes where no fighter is.
    A target is given by its fighters and priority; a campaign by its first day, the last day of the
    one before, and the officers there.
    """
    here = force(country)
    orders = here.districts["orders"]
    here.districts["presence"]["fighters"][1], orders["operation_priority"][1] = target
    orders["assigned"][1] = campaign[2]
    orders["campaign_since"][1], orders["campaign_ended"][1] = campaign[:2]
    here.doctrines["operations"][POLICE] = RAID if own else NO_OPERATIONS
    district = here.state.districts[1]
    goes = may_go(here.state, district, POLICE, 4)
    assert (goes and free >= least_officers(here.state, district, POLICE)) == may


def test_a_force_that_gives_up_does_not_return_to_what_another_carries_on(country: Any) -> None:
    """Police leave after three days and stay away, while the mission holds out for 21."""
    here = force(country, (10, 10))
    here.unit(2, 0, 30, kind=FOREIGN)
    here.doctrines["operations"][MISSION] = CLEAR_AND_HOLD
    here.doctrines["share_out"][MISSION] = 1.0
    here.districts["orders"]["target_score"] = [0.0, 1.0, 0.0]
    here.districts["orders"]["believed_fighters"] = [0.0, 40.0, 0.0]
    police, mission = [], []
    for day in range(6):
        command(here.state, run_randomness(10, 0, 0, day))
        police.append(int((here.units["campaign"][:2] == 1).sum()))
        mission.append(int(here.units["campaign"][2]))
    assert police == [2, 2, 2, 0, 0, 0]
    assert mission == [1] * 6


@pytest.mark.parametrize(
    ("capacity", "enabled", "hours"),
    [(0.0, True, 1.5), (9.9, True, 1.5), (10.0, True, 6.0), (30.0, True, 6.0), (30.0, False, 1.5)],
)
def test_helicopters_carry_units_further(
    country: Any, capacity: float, enabled: bool, hours: float
) -> None:
    """A unit of ten reaches six hours away while its contingent has ten seats left."""
    here = country(values={**VALUES, "equipment.enabled": enabled})
    here.unit(2, 0, 10, kind=FOREIGN)
    here.contingents["airlift_capacity"][2] = capacity
    assert reach_of(here.state, here.state.units[0]) == hours


def test_airlift_capacity_limits_who_flies(country: Any) -> None:
    """Of six units of ten with 25 seats two fly to a target three hours away; others stay."""
    here = force(country, (10,) * 6, believed=(0.0, 60.0, 0.0), contingent=2)
    here.doctrines["share_out"][MISSION] = 1.0
    here.set_hours({(0, other): 3.0 for other in range(1, len(here.districts))})
    here.contingents["airlift_capacity"][2] = 25.0
    command(here.state, TODAY)
    assert sent_to(here) == [0, 20, 0]
    assert here.contingents["airlift_capacity"][2] == 5.0


def test_those_who_drive_use_no_airlift_capacity(country: Any) -> None:
    """Units that could fly and are near enough to drive leave the seats to others."""
    here = force(country, (10, 10), contingent=2)
    here.contingents["airlift_capacity"][2] = 25.0
    command(here.state, TODAY)
    assert sent_to(here)[1] > 0
    assert here.contingents["airlift_capacity"][2] == 25.0


def nearest(here: Any, today: Randomness = TODAY) -> int:
    """Return the row of the free unit of the police that goes to district 1."""
    assert list_units(here.state, today, POLICE)
    found: int = nearest_free_unit(here.state, 1)
    return found


@pytest.mark.parametrize("name", ["posted", "campaign", "contingent", "officers"])
def test_the_nearest_free_unit_goes(country: Any, name: str) -> None:
    """Of units an hour and half an hour away the nearer goes, if it is free and of the force."""
    here = force(country, (10, 10))
    here.units["quarters"][1] = 2
    here.set_hours({(2, 1): 0.5})
    assert nearest(here) == 1
    here.units[name][1] = {"campaign": 0, "contingent": 2, "officers": 0}.get(name, True)
    assert nearest(here) == 0
    here.set_hours({(0, 1): 1.6})
    assert nearest(here) == NO_ONE


def test_equally_near_units_go_equally_often(country: Any) -> None:
    """Of three units of one district each goes first in a third of 300 runs, whatever its row."""
    here = force(country, (10, 10, 10))
    went = [nearest(here, run_randomness(10, run, 0, 4)) for run in range(300)]
    for row in range(3):
        assert abs(went.count(row) - 100) < 4.65 * (300 * 2 / 9) ** 0.5


@pytest.mark.parametrize("size", [25, 50, 100])
def test_a_unit_larger_than_wanted_joins_by_the_part(country: Any, size: int) -> None:
    """20 officers of a unit of 25, 50 or 100 are wanted: it joins with 0.8, 0.4 or 0.2."""
    joined = []
    for run in range(200):
        here, today = force(country, (size,)), run_randomness(10, run, 0, 34)
        here.districts["orders"]["target_score"][2] = 0.0
        command_force(here.state, today, POLICE)
        number = uniform(today._replace(day=3), JOINS_OPERATION, 5000, 1001)
        assert (here.units["campaign"][0] == 1) == (number * size < 20.0)
        joined.append(sum(sent_to(here)))
    likely = 20.0 / size
    assert abs(np.mean(joined) - 20.0) < 4.65 * size * (likely * (1.0 - likely) / 200) ** 0.5


@pytest.mark.parametrize("share", [0.15, 0.6])
def test_the_size_of_units_changes_nothing_on_average(country: Any, share: float) -> None:
    """Of 200 officers 30, or 90 of 120 who may, are sent on average by units of 25, 50 and 100.

    Two districts want 30 and 60. Means over 300 runs lie within 4.65 standard errors.
    """
    for size in (25, 50, 100):
        sent = []
        for run in range(300):
            here = force(
                country, (size,) * (200 // size), (0, 30, 60), {"tasking.own_share_out": share}
            )
            command_force(here.state, run_randomness(10, run, 0, 4), POLICE)
            sent.append(sum(sent_to(here)))
        error = float(np.std(sent)) / 300**0.5
        assert abs(np.mean(sent) - min(200 * share, 90.0)) < 4.65 * error, size


def test_a_unit_that_stays_at_home_is_not_asked_again_each_day(country: Any) -> None:
    """For 20 of 100 officers wanted, four units of five still stay at home after ten days."""
    stayed = 0
    for run in range(100):
        here = force(country, (100,), (0.0, 20.0, 0.0))
        here.districts["orders"]["target_score"][2] = 0.0
        days = []
        for day in range(10):
            command_force(here.state, run_randomness(10, run, 0, day), POLICE)
            days.append(int(here.units["campaign"][0]))
        assert len(set(days)) == 1
        stayed += days[-1] == NO_ONE
    assert abs(stayed - 80) < 4.65 * (100 * 0.2 * 0.8) ** 0.5


def test_an_operation_draws_its_success_once(country: Any) -> None:
    """The number is drawn on the first day and kept; the next operation has another."""
    here = force(country, (10, 10, 10), believed=(0.0, 30.0, 0.0), values={"raid.patience": 5})
    here.districts["orders"]["target_score"][2] = 0.0
    drawn, first = [], []
    for day in range(20):
        command(here.state, run_randomness(10, 0, 0, day))
        drawn.append(float(here.districts["orders"]["campaign_draw"][1]))
        first.append(int(here.districts["orders"]["campaign_since"][1]))
    assert first == [0] * 5 + [-1] * 10 + [15] * 5
    for day in (0, 15):
        number = uniform(run_randomness(10, 0, 0, day), CREW_CLEARED, 1001)
        assert drawn[day : day + 5] == [number] * 5


@pytest.mark.parametrize("ended", [-1000, 3])
def test_a_garrison_that_crews_come_upon_draws_its_success(country: Any, ended: int) -> None:
    """Posted units fight where they live, by a number of the day on which the crews came.

    It is neither that of the last operation there nor the zero of none.
    """
    here = force(country, (10,), (0, 0, 0))
    here.units["posted"][0], here.units["quarters"][0] = True, 1
    orders = here.districts["orders"]
    orders["campaign_ended"][1], orders["campaign_draw"][1] = ended, 0.0
    for day in range(4, 40):
        command(here.state, run_randomness(10, 0, 0, day))
        assert orders["campaign_draw"][1] == uniform(TODAY, CREW_CLEARED, 1001)
        assert (orders["campaign_since"][1], orders["assigned"][1]) == (4, 10.0)
        assert here.units[["task", "district", "campaign"]][0].tolist() == (OPERATING, 1, NO_ONE)
    here.districts["presence"]["fighters"][1] = 0
    command(here.state, run_randomness(10, 0, 0, 40))
    assert (orders["campaign_since"][1], orders["campaign_ended"][1]) == (-1, 40)
    assert here.units["task"][0] == AT_HOME


def test_each_morning_starts_from_quarters(country: Any) -> None:
    """Yesterday's district, task and night share are over."""
    here = force(country)
    here.districts["orders"]["target_score"] = 0.0
    here.units["district"][:4], here.units["task"][:4] = 2, OPERATING
    here.units["night_share"][:4] = 0.05
    command(here.state, TODAY)
    for name, value in (("district", 0), ("task", AT_HOME), ("night_share", 1.0)):
        assert here.units[name][:4].tolist() == [value] * 4


@pytest.mark.parametrize(
    ("force_of", "kind", "posted", "ordered", "posture"),
    [
        (POLICE, STATION, False, NO_OPERATIONS, PATROL),
        (POLICE, SPECIAL, False, NO_OPERATIONS, STATIC_GUARD),
        (POLICE, SPECIAL, True, NO_OPERATIONS, RAID),
        (POLICE, SPECIAL, True, CORDON_AND_SEARCH, CORDON_AND_SEARCH),
        (ARMY, SOLDIERS, True, NO_OPERATIONS, CLEAR_AND_HOLD),
        (ARMY, SOLDIERS, False, NO_OPERATIONS, STATIC_GUARD),
        (MISSION, FOREIGN, False, NO_OPERATIONS, STATIC_GUARD),
    ],
)
def test_postures_of_those_at_home(
    country: Any, force_of: int, kind: int, posted: bool, ordered: int, posture: int
) -> None:
    """Stations patrol, posted units act as on operations, others as their doctrine has it."""
    here = country(2, values=VALUES)
    here.unit(force_of, 0, 10, kind=kind)
    here.units["posted"][0] = posted
    here.doctrines["at_home"] = STATIC_GUARD
    here.districts["orders"]["ordered_posture"] = ordered
    command(here.state, TODAY)
    assert here.units[["task", "posture"]][0].tolist() == (AT_HOME, posture)


def test_an_order_brings_a_force_without_operations(country: Any) -> None:
    """Soldiers who conduct no operations of their own go where a dated order asks, as it asks."""
    here = force(country, (10, 10), contingent=1)
    command(here.state, TODAY)
    assert sent_to(here) == [0, 0, 0]
    here.districts["orders"]["operation_priority"][1] = 10.0
    here.districts["orders"]["ordered_posture"][1] = CORDON_AND_SEARCH
    command(here.state, TODAY)
    assert sent_to(here) == [0, 20, 0]
    assert here.units["posture"][:2].tolist() == [CORDON_AND_SEARCH] * 2


def test_exchanging_districts_exchanges_who_goes_where(country: Any) -> None:
    """With rows 1 and 2 exchanged in all that command knows, the same units go to the other row."""
    here, other = force(country, (10, 25, 15)), force(country, (10, 25, 15))
    for group in ("orders", "presence"):
        other.districts[group] = here.districts[group][[0, 2, 1]]
    other.districts["identity"] = here.districts["identity"][[0, 2, 1]]
    for one in (here, other):
        command(one.state, TODAY)
    swapped = {0: 0, 1: 2, 2: 1, NO_ONE: NO_ONE}
    assert [swapped[place] for place in here.units["campaign"][:3]] == other.units["campaign"][
        :3
    ].tolist()
