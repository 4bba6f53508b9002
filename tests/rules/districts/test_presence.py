"""Presence: how far armed people cover a district, and who is where by day and by night."""

import math
from typing import Any

import pytest

from teritwa.engine.randomness import Randomness, run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import (
    COMMUNITY_POLICING,
    CORDON_AND_SEARCH,
    PATROL,
    RAID,
    STATIC_GUARD,
)
from teritwa.rules.agents.police_unit import AT_HOME, FOREIGN, OPERATING, TECHNICAL_HELP
from teritwa.rules.districts.presence import (
    coverage,
    effective_officers,
    find_strongest_claimants,
    night_vision_share,
    update_day_presence,
    update_gang_presence,
    update_night_presence,
)

VALUES = {
    "presence.on_duty_share": 0.25,
    "presence.mission_effect": 2.0,
    "equipment.night_vision_gain": 0.5,
}


def test_two_thirds_are_covered_at_the_constant() -> None:
    """At c armed people per 1,000 residents coverage is 1 - 1/3, and at 2c it is 1 - 1/9."""
    assert coverage(60.0, 10_000, 6.0) == pytest.approx(2 / 3)
    assert coverage(6.0, 1_000, 6.0) == pytest.approx(2 / 3)
    assert coverage(12.0, 1_000, 6.0) == pytest.approx(8 / 9)


def test_coverage_at_its_limits() -> None:
    """Nobody covers nothing, a crowd covers all, and an empty district is covered by anyone."""
    assert [coverage(armed, 1000, 6.0) for armed in (0.0, -1.0)] == [0.0, 0.0]
    assert coverage(1e6, 1000, 6.0) == 1.0
    assert coverage(1.0, 0, 6.0) == pytest.approx(1.0)


def test_coverage_rises_with_the_armed_and_falls_with_the_people() -> None:
    """Coverage is monotone in both, and proportional to ln 3 / c for small numbers."""
    rising = [coverage(armed, 1000, 6.0) for armed in (0.0, 0.001, 1.0, 5.0, 20.0)]
    assert rising == sorted(rising)
    assert coverage(5.0, 2000, 6.0) < coverage(5.0, 1000, 6.0)
    assert coverage(0.001, 1000, 6.0) == pytest.approx(0.001 * math.log(3.0) / 6.0, rel=1e-3)


def test_effective_officers(country: Any) -> None:
    """40 officers at a readiness of 0.8 count 32, or 64 in the mission at an effect of 2."""
    here = country(values=VALUES)
    here.contingents["readiness"] = 0.8
    for contingent in range(3):
        here.unit(contingent, 0, 40)
    found = [
        effective_officers(here.state.units[i], here.state.contingents[i], here.rules("presence"))
        for i in range(3)
    ]
    assert found == pytest.approx([32.0, 32.0, 64.0])


def test_presence_by_day(country: Any) -> None:
    """Operating units count in full where they are, the others by their shift."""
    here = country(values=VALUES)
    sent = here.unit(0, 1, 40, task=OPERATING)
    here.unit(0, 0, 20, task=AT_HOME)
    here.unit(1, 1, 12)
    here.units["district"][sent] = 0
    here.districts["presence"]["officers_day"] = 99.0
    update_day_presence(here.state)
    assert here.districts["presence"]["officers_day"].tolist() == [45.0, 3.0]


def test_engaged_officers(country: Any) -> None:
    """Operating officers are counted by force and by contingent; yesterday's counts are reset."""
    here = country(values=VALUES)
    for contingent, officers in ((0, 10), (1, 20), (2, 30), (2, 5)):
        here.unit(contingent, 1, officers, task=OPERATING)
    here.unit(0, 1, 40)
    for _ in range(2):
        update_day_presence(here.state)
    found = [
        here.districts["presence"][f"{force}_engaged"].tolist()
        for force in ("police", "army", "mission")
    ]
    assert found == [[0.0, 10.0], [0.0, 20.0], [0.0, 70.0]]
    assert here.contingents["on_operations"].tolist() == [10, 20, 35]


def test_presence_by_night(country: Any) -> None:
    """A shift of 10 of 40 officers is split between where they operated and their quarters."""
    here = country(values=VALUES)
    unit = here.unit(0, 1, 40, task=OPERATING)
    here.units["operated_in"][unit], here.units["night_share"][unit] = 0, 0.3
    here.unit(0, 0, 8)
    here.units["operated_in"][1] = 1  # of another day
    here.districts["presence"]["officers_night"] = 99.0
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == pytest.approx([5.0, 7.0])


def test_presence_by_night_is_counted_by_force(country: Any) -> None:
    """Soldiers and mission officers are counted separately within all; yesterday's are reset."""
    here = country(values=VALUES)
    for contingent, officers in ((0, 40), (1, 20), (2, 8)):
        here.unit(contingent, 1, officers)
    for _ in range(2):
        update_night_presence(here.state)
    found = [
        here.districts["presence"][name].tolist()
        for name in ("officers_night", "army_night", "mission_night")
    ]
    assert found == [[0.0, 19.0], [0.0, 5.0], [0.0, 4.0]]


@pytest.mark.parametrize(
    ("sets", "officers", "share"),
    [(0, 40, 0.0), (10, 40, 0.25), (40, 40, 1.0), (99, 40, 1.0), (3, 0, 1.0), (0, 0, 0.0)],
)
def test_night_vision_share(country: Any, sets: int, officers: int, share: float) -> None:
    """Each officer uses one set; more sets than officers count as all."""
    here = country()
    here.contingents["night_vision"][0], here.contingents["officers"][0] = sets, officers
    assert night_vision_share(here.state.contingents[0]) == share


@pytest.mark.parametrize(("enabled", "strength"), [(True, 11.25), (False, 10.0)])
def test_night_vision_strengthens_by_night_alone(
    country: Any, enabled: bool, strength: float
) -> None:
    """A quarter of 40 officers with sets at a gain of 0.5 count 10 * (1 + 0.5 / 4) by night.

    By day they count 10.
    """
    here = country(values={**VALUES, "equipment.enabled": enabled})
    here.unit(0, 0, 40)
    here.contingents["night_vision"][0] = 10
    update_day_presence(here.state)
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_day"].tolist() == [10.0, 0.0]
    assert here.districts["presence"]["officers_night"].tolist() == [strength, 0.0]


def test_fighters_by_district_and_by_arms(country: Any) -> None:
    """Fighters add up by district, once as they are and once weighted by the arms of their gangs.

    10 fighters at 0.5 and 30 at 1.0 count as 35; those in hiding do not count.
    """
    here = country(4, [(0, 1), (1, 2)])
    here.gangs["combat_effectiveness"] = [0.5, 1.0, 0.2]
    here.crew(0, 0, 10)
    here.crew(1, 0, 30)
    here.crew(0, 1, 5)
    here.crew(2, 3, 0, hiding=50)
    for _ in range(2):
        update_gang_presence(here.state)
        presence = here.districts["presence"]
        assert presence["fighters"].tolist() == [40, 5, 0, 0]
        assert presence["members"].tolist() == [40, 5, 0, 50]
        assert presence["effective_fighters"].tolist() == [35.0, 2.5, 0.0, 0.0]


def test_claimant_fighters(country: Any) -> None:
    """Fighters of crews without a claim are present but do not count as claimants."""
    here = country()
    here.crew(0, 0, 10)
    here.crews["claims_district"][here.crew(1, 0, 30)] = False
    update_gang_presence(here.state)
    assert here.districts["presence"]["fighters"][0] == 40
    assert here.districts["presence"]["claimant_fighters"][0] == 10


def test_the_strongest_claimants(country: Any) -> None:
    """The largest crew that claims a district is its strongest claimant; others do not count."""
    here = country(3)
    here.crews["claims_district"][here.crew(0, 0, 50)] = False
    here.crew(1, 0, 10)
    strongest = here.crew(2, 0, 20)
    here.crew(1, 1, 0, hiding=9)
    for _ in range(2):
        find_strongest_claimants(here.state, Randomness(1, 2, 3))
        assert here.districts["presence"]["strongest_claimant"].tolist() == [
            strongest,
            NO_ONE,
            NO_ONE,
        ]


def test_of_equal_crews_a_lot_decides_for_the_whole_run(country: Any) -> None:
    """Of crews of one size each is the strongest in half of the runs, whatever its row.

    It remains so every day of a run.
    """
    found = []
    for run in range(400):
        here = country(2)
        for gang in (1, 0) if run % 2 else (0, 1):
            here.crews["identity"][here.crew(gang, 0, 10)] = 4000 + gang
        gangs = set()
        for day in (0, 1, 700):
            find_strongest_claimants(here.state, run_randomness(run // 2, 0, 0, day))
            row = here.districts["presence"]["strongest_claimant"][0]
            gangs.add(int(here.crews["gang"][row]))
        assert len(gangs) == 1
        found.append(gangs.pop())
    assert found[::2] == found[1::2]
    assert abs(sum(found[::2]) - 100) < 4.65 * 50**0.5


POSTURES = {
    **VALUES,
    "community_policing.coverage": 1.2,
    "static_guard.coverage": 0.4,
    "community_policing.search": 0.1,
    "cordon_and_search.search": 0.6,
    "static_guard.search": 0.0,
    "patrol.search": 0.05,
    "community_policing.trust": 0.002,
    "cordon_and_search.trust": -0.003,
    "static_guard.trust": 0.0,
    "patrol.trust": 0.0002,
}


@pytest.mark.parametrize(
    ("posture", "task", "strength", "search", "trust"),
    [
        (PATROL, AT_HOME, 10.0, 0.5, 0.002),
        (COMMUNITY_POLICING, AT_HOME, 12.0, 1.2, 0.024),
        (STATIC_GUARD, AT_HOME, 4.0, 0.0, 0.0),
        (CORDON_AND_SEARCH, OPERATING, 40.0, 24.0, -0.12),
    ],
)
def test_postures_change_what_officers_do_by_day(
    country: Any, posture: int, task: int, strength: float, search: float, trust: float
) -> None:
    """A shift of 10 of 40 officers covers, searches and wins trust as its posture has it.

    Those who operate count in full. Yesterday's effort is over.
    """
    here = country(values=POSTURES)
    here.unit(0, 0, 40, task=task)
    here.units["posture"][0] = posture
    for _ in range(2):
        update_day_presence(here.state)
    presence = here.districts["presence"]
    assert presence["officers_day"].tolist() == pytest.approx([strength, 0.0])
    assert presence["search_effort"].tolist() == pytest.approx([search, 0.0])
    assert presence["trust_effort"].tolist() == pytest.approx([trust, 0.0])


def test_a_guard_covers_less_by_night_too(country: Any) -> None:
    """A shift of 10 officers counts 4 on guard and 12 in community policing."""
    here = country(values=POSTURES)
    here.unit(0, 0, 40)
    here.unit(0, 1, 40)
    here.units["posture"][:2] = [STATIC_GUARD, COMMUNITY_POLICING]
    update_night_presence(here.state)
    assert here.districts["presence"]["officers_night"].tolist() == pytest.approx([4.0, 12.0])


def test_technical_advisers_neither_patrol_nor_guard(country: Any) -> None:
    """500 advisers count for nothing by day or by night, and none of them is out."""
    here = country(1, [])
    here.unit(2, 0, 500, kind=FOREIGN)
    here.contingents["terms"][2] = TECHNICAL_HELP
    here.units["night_share"], here.units["posture"][0] = 1.0, COMMUNITY_POLICING
    update_day_presence(here.state)
    update_night_presence(here.state)
    presence = here.districts["presence"][0]
    assert [presence[name] for name in ("officers_day", "officers_night", "trust_effort")] == [
        0
    ] * 3
    assert (here.contingents["out"][2], here.contingents["on_operations"][2]) == (0, 0)


def test_who_is_out(country: Any) -> None:
    """Of 40 officers, half of them able, 20 are out on operations or where they hold a district.

    On patrol a shift of 5 is out, and on guard nobody.
    """
    for posture, task, posted, out in (
        (RAID, OPERATING, False, 20.0),
        (RAID, AT_HOME, True, 20.0),
        (PATROL, AT_HOME, False, 5.0),
        (STATIC_GUARD, AT_HOME, False, 0.0),
    ):
        here = country(values=VALUES)
        here.contingents["readiness"] = 0.5
        here.unit(1, 0, 40, task=task)
        here.units["posture"][0], here.units["posted"][0] = posture, posted
        for _ in range(2):
            update_day_presence(here.state)
        assert here.contingents["out"].tolist() == [0.0, out, 0.0]


def test_units_that_share_a_district_add_up_in_any_order(country: Any) -> None:
    """Presence by day and night is a sum over units: their order in the table changes nothing."""
    found = []
    for order in ((0, 1, 2), (2, 0, 1)):
        here = country(values=POSTURES)
        for number in order:
            row = here.unit(number, 0, 10 * (number + 1))
            here.units["posture"][row] = (PATROL, STATIC_GUARD, COMMUNITY_POLICING)[number]
        update_day_presence(here.state)
        update_night_presence(here.state)
        found.append([here.districts["presence"][name][0] for name in (
            "officers_day", "officers_night", "search_effort", "trust_effort", "army_night",
        )])  # fmt: skip
    assert found[0] == pytest.approx(found[1])
