"""Deeds: what each kind of dated event does to the records, and what it leaves alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa import noise, world
from teritwa.agents.district import NO_ONE
from teritwa.agents.institution import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.deeds import FOR_EVER, Deeds
from teritwa.founding import as_state, contingent_numbers, district_numbers, found, gang_numbers
from teritwa.kinship import nearness
from teritwa.mechanisms import registry
from teritwa.mission import Mission
from teritwa.scenario import Scenario, actions

PLACES = world.load(Path(__file__).parent / "worlds" / "small")
VALUES = {name: given.value for name, given in registry().items()} | {
    "attack.offensive_multiplier": 3.0, "command.priority": 7.0, "gangs.prisoners_day0": 9000,
}  # fmt: skip
KENYA, SPECIAL = contingent_numbers(PLACES)["kenya"], contingent_numbers(PLACES)["haitian-special"]
GUATEMALA = contingent_numbers(PLACES)["guatemala"]
DOCKS, CALDER = district_numbers(PLACES)["amber-docks"], district_numbers(PLACES)["calder"]


@pytest.fixture
def deeds() -> Deeds:
    """Return deeds on fresh records of the small world."""
    tables = found(PLACES, VALUES)
    return Deeds(PLACES, tables, as_state(tables))


def do(deeds: Deeds, action: object, day: int = 10) -> None:
    """Apply an action on a day."""
    deeds.do(action, noise.chance(1, 0, 0, day))


def test_deployed_officers_wait_to_land(deeds: Deeds) -> None:
    """400 over 20 days arrive 20 a day; 60 more at once add to both; after all have landed counting starts anew."""
    kenya = deeds.tables["contingents"][KENYA]
    do(deeds, actions.Deploy("kenya", 400, 20))
    assert (kenya["waiting"], kenya["arriving"]) == (400, 20.0)
    do(deeds, actions.Deploy("kenya", 60))
    assert (kenya["waiting"], kenya["arriving"]) == (460, 80.0)
    kenya["waiting"] = 0
    do(deeds, actions.Deploy("kenya", 30, 10))
    assert (kenya["waiting"], kenya["arriving"], kenya["officers"]) == (30, 3.0, 0)


def test_one_contingent_or_the_whole_mission_withdraws(deeds: Deeds) -> None:
    """A part, or all of one, or all of the mission: evenly over the days; the country's own forces stay."""
    contingents = deeds.tables["contingents"]
    contingents["officers"][KENYA], contingents["officers"][GUATEMALA] = 400, 150
    contingents["waiting"][KENYA] = 60
    do(deeds, actions.Withdraw("kenya", 100, 50))
    found = [contingents[name][KENYA] for name in ("leaving", "departing", "waiting")]
    assert found == [100, 2.0, 60]
    do(deeds, actions.Withdraw("all", None, 0))
    leaving = np.zeros(6, np.int64)
    leaving[[KENYA, GUATEMALA]] = 400, 150
    assert contingents["leaving"].tolist() == leaving.tolist()
    assert contingents["departing"][[KENYA, GUATEMALA]].tolist() == [2.0 + 300.0, 150.0]
    assert contingents["waiting"].tolist() == [0] * 6


@pytest.mark.parametrize(
    ("action", "mandate", "authorised", "ends"),
    [
        (actions.Mandate("support-mission", 2500, date(2024, 10, 2)), SUPPORT_MISSION, 2500, 276),
        (actions.Mandate("un-peacekeeping", 5000), UN_PEACEKEEPING, 5000, FOR_EVER),
        (actions.Mandate("none"), NO_MANDATE, 0, FOR_EVER),
    ],
)
def test_mandates(deeds: Deeds, action: actions.Mandate, mandate: int, authorised: int, ends: int) -> None:
    """2 October 2024 is day 275, so that 276 is the first without it; an open mandate never ends by itself."""
    do(deeds, action)
    one = deeds.tables["institution"][0]
    assert (one["mandate"], one["authorised"], one["mandate_ends"]) == (mandate, authorised, ends)


def test_money_is_pledged_received_and_paid_monthly(deeds: Deeds) -> None:
    """Donors add up; a new monthly amount of one replaces its old one; what is not named stays."""
    one = deeds.tables["institution"][0]
    do(deeds, actions.Money("A", pledge=1000, receive=300))
    do(deeds, actions.Money("A", monthly=50))
    do(deeds, actions.Money("B", receive=7, monthly=20))
    assert [one[name] for name in ("pledged", "received", "fund", "monthly")] == [1000, 307, 307, 70]
    do(deeds, actions.Money("A", monthly=0))
    assert [one[name] for name in ("pledged", "received", "fund", "monthly")] == [1000, 307, 307, 20]


def test_vehicles_bases_coalition_and_coordination(deeds: Deeds) -> None:
    """Vehicles reach a contingent and the ledger; bases open and close; the coalition forms and breaks."""
    do(deeds, actions.Equipment("haitian-special", 12))
    assert deeds.tables["contingents"]["vehicles"][SPECIAL] == deeds.tables["ledger"]["vehicles_delivered"][0] == 12
    for opened in (True, False):
        do(deeds, actions.Base("calder", opened))
        do(deeds, actions.Coalition(opened))
        assert deeds.tables["districts"]["forward_base"][CALDER] == opened
        assert deeds.tables["institution"]["coalition"][0] == opened
    do(deeds, actions.Coordination(0.875))
    assert deeds.tables["institution"]["coordination"][0] == 0.875


def test_offensive_lasts_its_days(deeds: Deeds) -> None:
    """An offensive of one gang over 5 days from day 10 marks its targets until day 14 and pauses no kidnapping."""
    districts = deeds.tables["districts"]
    do(deeds, actions.Offensive("iron-quay", ("calder",), 5))
    assert (districts["offensive"][CALDER], districts["offensive_by"][CALDER]) == (
        3.0,
        gang_numbers(PLACES)["iron-quay"],
    )
    assert districts["offensive"].sum() == 22.0
    assert deeds.tables["institution"]["offensive_until"][0] == -1
    deeds.expire(14)
    assert districts["offensive"][CALDER] == 3.0
    deeds.expire(15)
    assert (districts["offensive"][CALDER], districts["offensive_by"][CALDER]) == (1.0, NO_ONE)


def test_offensives_of_the_coalition_overlap(deeds: Deeds) -> None:
    """A shorter one ends no longer one, in its places or for kidnapping."""
    districts, one = deeds.tables["districts"], deeds.tables["institution"]
    do(deeds, actions.Offensive("coalition", ("calder", "amber-docks"), 30))
    do(deeds, actions.Offensive("coalition", ("calder",), 2), day=12)
    assert one["offensive_until"][0] == 39
    assert districts["offensive_by"][CALDER] == NO_ONE
    deeds.expire(14)
    assert districts["offensive"][[CALDER, DOCKS]].tolist() == [3.0, 3.0]
    deeds.expire(40)
    assert districts["offensive"].tolist() == [1.0] * 20


def test_operation_gives_priority(deeds: Deeds) -> None:
    """What is ordered is wanted seven times as much, for as long as the order says."""
    districts = deeds.tables["districts"]
    do(deeds, actions.Operation(("calder", "amber-docks"), 3))
    assert districts["wanted"][[CALDER, DOCKS]].tolist() == [7.0, 7.0]
    assert districts["wanted"].sum() == 32.0
    deeds.expire(13)
    assert districts["wanted"].tolist() == [1.0] * 20


def test_prisoners_escape(deeds: Deeds) -> None:
    """500 of 9,000 leave."""
    do(deeds, actions.PrisonBreak(500))
    assert deeds.tables["ledger"][["prisoners", "escaped"]][0].tolist() == (8500, 500)


def test_parameters_change_for_this_run(deeds: Deeds) -> None:
    """New values are seen by the rules; distance is weighed anew; running offensives take the new multiplier."""
    do(deeds, actions.Offensive("iron-quay", ("calder",), 5))
    do(deeds, actions.Change((("attack.offensive_multiplier", 4.5), ("control.memory", 5.5))))
    assert deeds.state.parameters["control"]["memory"] == 5.5
    assert deeds.tables["districts"]["offensive"][CALDER] == 4.5
    before = deeds.tables["near"].copy()
    do(deeds, actions.Change((("displacement.distance_decay", 0.7),)))
    assert np.array_equal(deeds.tables["near"], nearness(PLACES, 0.7))
    assert not np.array_equal(deeds.tables["near"], before)
    assert found(PLACES, VALUES)["parameters"]["control"]["memory"][0] == VALUES["control.memory"]


def test_unknown_deed_is_an_error(deeds: Deeds) -> None:
    """A kind of action that nobody taught is refused by its name."""
    with pytest.raises(TypeError, match="no deed for dict"):
        do(deeds, {})


def test_every_action_of_a_scenario_has_a_deed() -> None:
    """Whatever a file may say is done."""
    known = set(vars(Deeds)["_do"].dispatcher.registry)
    assert set(actions.NAMES.values()) <= known


def test_events_happen_on_their_day(small_scenario: Callable[..., Scenario]) -> None:
    """What is dated on day 3 is not there on day 2 and is on day 3, before anybody acts."""
    scenario = small_scenario("""
  - id: law
    on: 2024-01-01
    mandate: {becomes: support-mission, authorised: 100}
  - id: pay
    on: 2024-01-01
    money: {donor: A, receive: 100e6}
  - id: they-come
    on: 2024-01-04
    deploy: {contingent: kenya, officers: 70}
""", days=5)  # fmt: skip
    mission = Mission(scenario)
    seen = []
    for _ in range(5):
        mission.step()
        seen.append(int(mission.tables["contingents"]["officers"][KENYA]))
    assert seen == [0, 0, 0, 70, 70]
