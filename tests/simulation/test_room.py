"""Room: every crew and unit that a scenario can lead to has a row, and what cannot is refused."""

from collections.abc import Callable

import pytest

from teritwa.scenario import Scenario
from teritwa.scenario.actions import Change, Deploy, Mandate, Pledge
from teritwa.simulation.model import Mission
from teritwa.simulation.room import UNITS_AT_MOST, RoomError, units_needed

ARMY = """
  - id: army
    date: 2024-01-01
    deploy: {contingent: island-army, officers: 100000}
"""


def test_units_follow_from_the_officers_that_a_scenario_sends(
    small_scenario: Callable[..., Scenario],
) -> None:
    """Rows are those of day 0, one more a contingent, and officers by the smallest unit size.

    500 deployed, 300 pledged and a UN ceiling of 200 make 1,000; a support mission sends nobody by
    itself. In units of 50 they need 20 rows, and in units of 20 they need 50.
    """
    tables = Mission(small_scenario(params={"contingents.unit_size": 50}, days=1)).tables
    given = len(tables["units"])
    actions = [
        Deploy("keeland", 500),
        Pledge("keeland", 300, 30),
        Mandate("un-peacekeeping", 200),
        Mandate("support-mission", 900),
    ]
    room = given + len(tables["contingents"])
    assert units_needed(tables, actions) == room + 20
    smaller = Change((("contingents.unit_size", 20.0),))
    assert units_needed(tables, [*actions, smaller]) == room + 50


def test_every_officer_of_a_large_army_arrives(small_scenario: Callable[..., Scenario]) -> None:
    """100,000 soldiers arrive on the first day in 2,000 units or more; nobody waits."""
    mission = Mission(small_scenario(ARMY, {"contingents.unit_size": 50}, days=1))
    mission.run()
    row = [one.id for one in mission.world.contingents].index("island-army")
    army = mission.tables["contingents"][row]
    gone = int(mission.tables["ledger"]["officers_killed"][0])
    assert army["in_transit"] == 0
    assert 100_000 - gone <= army["officers"] <= 100_000 + 5_000
    assert mission.tables["counters"]["units"][0] >= 2_000


def test_each_gang_has_room_in_each_district(small_scenario: Callable[..., Scenario]) -> None:
    """There are as many rows for crews as pairs of a gang and a district."""
    mission = Mission(small_scenario(days=1))
    gangs, districts = len(mission.world.gangs), len(mission.world.districts)
    assert len(mission.tables["crews"]) == gangs * districts


def test_more_units_than_a_run_can_hold_are_refused(
    small_scenario: Callable[..., Scenario],
) -> None:
    """A million officers twice, each a unit of his own, are refused with the remedy."""
    tables = Mission(small_scenario(params={"contingents.unit_size": 1}, days=1)).tables
    actions = [Deploy("keeland", UNITS_AT_MOST), Deploy("keeland", UNITS_AT_MOST)]
    with pytest.raises(RoomError, match=r"2,000,000 officers in units of 1 are more .*unit_size"):
        units_needed(tables, actions)
