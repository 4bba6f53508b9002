"""Deeds: what each kind of dated event does to the records, and what it leaves alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa import world
from teritwa.engine import randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.rules.population.destination_weights import nearness
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, actions
from teritwa.simulation.initialization import initialize, to_state
from teritwa.simulation.interventions import FOR_EVER, Deeds
from teritwa.simulation.model import Mission
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)

PLACES = world.load(Path(__file__).parents[2] / "scenarios" / "worlds" / "island")
VALUES = {name: given.value for name, given in registry().items()} | {
    "attack.offensive_multiplier": 3.0, "tasking.priority_factor": 7.0, "membership.prisoners_day0": 9000,
}  # fmt: skip
KENYA, SPECIAL = contingent_numbers(PLACES)["kenya"], contingent_numbers(PLACES)["haitian-special"]
GUATEMALA = contingent_numbers(PLACES)["guatemala"]
DONORS = donor_numbers(PLACES)
DOCKS, CALDER = district_numbers(PLACES)["amber-docks"], district_numbers(PLACES)["calder"]


@pytest.fixture
def deeds() -> Deeds:
    """Return deeds on fresh records of the small world."""
    tables = initialize(PLACES, VALUES)
    return Deeds(PLACES, tables, to_state(tables))


def do(deeds: Deeds, action: object, day: int = 10) -> None:
    """Apply an action on a day."""
    deeds.do(action, randomness.run_randomness(1, 0, 0, day))


def test_deployed_officers_wait_to_land(deeds: Deeds) -> None:
    """400 over 20 days arrive 20 a day; 60 more at once add to both; after all have landed counting starts anew."""
    kenya = deeds.tables["contingents"][KENYA]
    do(deeds, actions.Deploy("kenya", 400, 20))
    assert (kenya["in_transit"], kenya["arrival_rate"]) == (400, 20.0)
    do(deeds, actions.Deploy("kenya", 60))
    assert (kenya["in_transit"], kenya["arrival_rate"]) == (460, 80.0)
    kenya["in_transit"] = 0
    do(deeds, actions.Deploy("kenya", 30, 10))
    assert (kenya["in_transit"], kenya["arrival_rate"], kenya["officers"]) == (30, 3.0, 0)


def test_pledged_officers_are_prepared(deeds: Deeds) -> None:
    """A promise is handed on with its contingent, its officers and its days, as of the day of the event."""
    deeds.tables["parameters"]["force_generation"]["delay_spread"] = 0.0
    kenya = deeds.tables["contingents"][KENYA]
    do(deeds, actions.Pledge("kenya", 383, 60))
    assert (kenya["in_preparation"], kenya["ready_on"], kenya["in_transit"]) == (383, 70, 0)
    do(deeds, actions.Pledge("kenya", 17, 20), day=11)
    assert (kenya["in_preparation"], kenya["ready_on"]) == (400, 70)
    assert deeds.tables["contingents"]["in_preparation"].sum() == 400


def test_the_countrys_own_forces_are_sent_soldiers(deeds: Deeds) -> None:
    """Officers may arrive at any contingent, not only at those of the mission."""
    do(deeds, actions.Deploy("haitian-special", 90, 30))
    assert deeds.tables["contingents"][["waiting", "arriving"]][SPECIAL].tolist() == (90, 3.0)


def test_one_contingent_or_the_whole_mission_withdraws(deeds: Deeds) -> None:
    """A part, or all of one, or all of the mission: evenly over the days; the country's own forces stay."""
    contingents = deeds.tables["contingents"]
    contingents["officers"][KENYA], contingents["officers"][GUATEMALA] = 400, 150
    contingents["in_transit"][KENYA] = 60
    do(deeds, actions.Withdraw("kenya", 100, 50))
    found = [contingents[name][KENYA] for name in ("leaving", "departing", "waiting")]
    assert found == [100, 2.0, 60]
    do(deeds, actions.Withdraw("all", None, 0))
    leaving = np.zeros(len(contingents), np.int64)
    leaving[[KENYA, GUATEMALA]] = 400, 150
    assert contingents["leaving"].tolist() == leaving.tolist()
    assert contingents["departure_rate"][[KENYA, GUATEMALA]].tolist() == [2.0 + 300.0, 150.0]
    assert contingents["in_transit"].tolist() == [0] * len(contingents)


def test_who_is_prepared_stays_away_when_all_withdraw(deeds: Deeds) -> None:
    """A part that leaves changes nothing for those in preparation; when all leave nobody follows."""
    contingents = deeds.tables["contingents"]
    contingents["officers"][KENYA], contingents["in_preparation"][[KENYA, GUATEMALA]] = 400, (383, 70)
    do(deeds, actions.Withdraw("kenya", 100))
    assert contingents["in_preparation"][[KENYA, GUATEMALA]].tolist() == [383, 70]
    do(deeds, actions.Withdraw("kenya"))
    assert contingents["in_preparation"][[KENYA, GUATEMALA]].tolist() == [0, 70]
    do(deeds, actions.Withdraw("all"))
    assert contingents["in_preparation"].sum() == 0


@pytest.mark.parametrize(
    ("action", "mandate", "officers_authorised", "military", "ends"),
    [
        (actions.Mandate("support-mission", 2500, date(2024, 10, 2)), SUPPORT_MISSION, 2500, False, 276),
        (actions.Mandate("support-mission", 2500, None, military=True), SUPPORT_MISSION, 2500, True, FOR_EVER),
        (actions.Mandate("none"), NO_MANDATE, 0, False, FOR_EVER),
        (actions.Mandate("none", 2500), NO_MANDATE, 0, False, FOR_EVER),
    ],
)
def test_mandates(
    deeds: Deeds, action: actions.Mandate, mandate: int, authorised: int, military: bool, ends: int
) -> None:
    """2 October 2024 is day 275, so that 276 is the first without it; none authorises nobody; no vote of the UN."""
    one = deeds.tables["institution"]
    one_mission["military"], one_mission["un_takeover_day"] = not military, -1
    do(deeds, action)
    found = [one[name][0] for name in ("mandate", "officers_authorised", "military", "mandate_ends", "takes_over")]
    assert found == [mandate, authorised, military, ends, -1]


@pytest.mark.parametrize(("until", "ends"), [(date(2025, 10, 2), 641), (None, FOR_EVER)])
def test_a_vote_for_the_united_nations_leaves_the_mission_as_it_is(deeds: Deeds, until: date | None, ends: int) -> None:
    """The vote is noted with its ceiling and its end; until the takeover the mission's mandate stays what it was."""
    one = deeds.tables["institution"]
    (
        deeds.tables["parameters"]["mandate"]["time_spread"],
        deeds.tables["parameters"]["mandate"]["un_transition_time"],
    ) = 0.0, 90.0
    one_mission["un_takeover_day"] = -1
    do(deeds, actions.Mandate("support-mission", 2500))
    do(deeds, actions.Mandate("un-peacekeeping", 5000, until, military=True), day=20)
    assert [one[name][0] for name in ("mandate", "officers_authorised", "military")] == [SUPPORT_MISSION, 2500, False]
    assert [one[name][0] for name in ("takes_over", "un_authorised", "un_ends")] == [110, 5000, ends]


def test_money_is_pledged_and_received(deeds: Deeds) -> None:
    """Amounts of all donors add up; what comes monthly is left to the rules of the fund."""
    one = deeds.tables["institution"][0]
    one_fund["monthly_income"] = 5
    do(deeds, actions.Money("main-donor", pledge=1000, receive=300))
    do(deeds, actions.Money("trust-fund", receive=7, monthly=20))
    assert [one[name] for name in ("funds_pledged", "funds_received", "fund", "monthly")] == [1000, 307, 307, 5]


def test_donors_begin_change_and_stop_monthly_payments(deeds: Deeds) -> None:
    """A new amount replaces the donor's old one; zero means that it gives no more; other donors stay as they are."""
    donors, main, fund = deeds.tables["donors"], DONORS["main-donor"], DONORS["trust-fund"]
    donors["paying"], donors["monthly_payment"] = False, 0
    for given, monthly in ((50, 50), (None, 50), (70, 70), (0, 0)):
        do(deeds, actions.Money("main-donor", receive=1, monthly=given))
        assert donors[["monthly", "gives"]][main].tolist() == (monthly, monthly > 0)
    do(deeds, actions.Money("trust-fund", monthly=20))
    assert donors[["monthly", "gives"]][fund].tolist() == (20, True)
    assert (donors["monthly_payment"].sum(), donors["paying"].sum()) == (20, 1)


def test_equipment_reaches_any_contingent(deeds: Deeds) -> None:
    """Each thing is added to what the contingent has; the ledger counts the vehicles; nobody else gets anything."""
    contingents = deeds.tables["contingents"]
    do(deeds, actions.Equipment("haitian-special", vehicles=12, night_vision=40))
    do(deeds, actions.Equipment("haitian-special", 3, 2, 4, 1, 60))
    names = ["vehicles", "helicopters", "surveillance_drones", "armed_drones", "night_vision"]
    assert contingents[names][SPECIAL].tolist() == (15, 2, 4, 1, 100)
    assert [contingents[name].sum() for name in names] == [15, 2, 4, 1, 100]
    assert deeds.tables["ledger"]["vehicles_delivered"][0] == 15


def test_bases_and_the_coalition(deeds: Deeds) -> None:
    """Bases open and close; the coalition forms and breaks."""
    for opened in (True, False):
        do(deeds, actions.Base("calder", opened))
        do(deeds, actions.Coalition(opened))
        assert deeds.tables["districts"]["control"]["forward_base"][CALDER] == opened
        assert deeds.tables["coalition"]["active"][0] == opened


def test_leaders_and_the_staff_of_their_council_change_apart(deeds: Deeds) -> None:
    """What an event does not name stays, and the forces' coordination is left to the rules."""
    one = deeds.tables["institution"]
    one_governance["coordination"], one_governance["leaders_coordination"], one_governance["council_staffed"] = 0.5, 0.25, False
    for action, expected in (
        (actions.Coordination(0.875), (0.5, 0.875, False)),
        (actions.Coordination(None, True), (0.5, 0.875, True)),
        (actions.Coordination(0.0, False), (0.5, 0.0, False)),
    ):
        do(deeds, action)
        assert one[["coordination", "council", "staffed"]][0].tolist() == expected


def test_offensive_lasts_its_days(deeds: Deeds) -> None:
    """An offensive of one gang over 5 days from day 10 marks its targets until day 14 and pauses no kidnapping."""
    districts = deeds.tables["districts"]
    do(deeds, actions.Offensive("iron-quay", ("calder",), 5))
    assert (districts["orders"]["offensive_factor"][CALDER], districts["orders"]["offensive_gang"][CALDER]) == (
        3.0,
        gang_numbers(PLACES)["iron-quay"],
    )
    assert districts["orders"]["offensive_factor"].sum() == 22.0
    assert deeds.tables["coalition"]["offensive_until"][0] == -1
    deeds.expire(14)
    assert districts["orders"]["offensive_factor"][CALDER] == 3.0
    deeds.expire(15)
    assert (districts["orders"]["offensive_factor"][CALDER], districts["orders"]["offensive_gang"][CALDER]) == (1.0, NO_ONE)


def test_offensives_of_the_coalition_overlap(deeds: Deeds) -> None:
    """A shorter one ends no longer one, in its places or for kidnapping."""
    districts, one = deeds.tables["districts"], deeds.tables["institution"]
    do(deeds, actions.Offensive("coalition", ("calder", "amber-docks"), 30))
    do(deeds, actions.Offensive("coalition", ("calder",), 2), day=12)
    assert one_coalition["offensive_until"][0] == 39
    assert districts["orders"]["offensive_gang"][CALDER] == NO_ONE
    deeds.expire(14)
    assert districts["orders"]["offensive_factor"][[CALDER, DOCKS]].tolist() == [3.0, 3.0]
    deeds.expire(40)
    assert districts["orders"]["offensive_factor"].tolist() == [1.0] * 20


def test_operation_gives_priority(deeds: Deeds) -> None:
    """What is ordered is wanted seven times as much, for as long as the order says."""
    districts = deeds.tables["districts"]
    do(deeds, actions.Operation(("calder", "amber-docks"), 3))
    assert districts["orders"]["operation_priority"][[CALDER, DOCKS]].tolist() == [7.0, 7.0]
    assert districts["orders"]["operation_priority"].sum() == 32.0
    deeds.expire(13)
    assert districts["orders"]["operation_priority"].tolist() == [1.0] * 20


def test_prisoners_escape(deeds: Deeds) -> None:
    """500 of 9,000 leave."""
    do(deeds, actions.PrisonBreak(500))
    assert deeds.tables["ledger"][["prisoners", "escaped"]][0].tolist() == (8500, 500)


def test_parameters_change_for_this_run(deeds: Deeds) -> None:
    """New values are seen by the rules; distance is weighed anew; running offensives take the new multiplier."""
    do(deeds, actions.Offensive("iron-quay", ("calder",), 5))
    do(deeds, actions.Change((("attack.offensive_multiplier", 4.5), ("control.adjustment_time", 5.5))))
    assert deeds.state.parameters["control"]["adjustment_time"] == 5.5
    assert deeds.tables["districts"]["orders"]["offensive_factor"][CALDER] == 4.5
    before = deeds.tables["near"].copy()
    do(deeds, actions.Change((("displacement.distance_decay", 0.7),)))
    assert np.array_equal(deeds.tables["near"], nearness(PLACES, 0.7))
    assert not np.array_equal(deeds.tables["near"], before)
    assert (
        initialize(PLACES, VALUES)["parameters"]["control"]["adjustment_time"][0] == VALUES["control.adjustment_time"]
    )


def test_a_change_is_scaled_by_the_size_of_the_world() -> None:
    """In a world with a tenth of Haiti's gangs a new rate for the whole country becomes a tenth, others stay."""
    small = replace(PLACES, size=0.1)
    tables = initialize(small, VALUES)
    do(
        Deeds(small, tables, to_state(tables)),
        actions.Change((("attack.rate", 4.0), ("night_posture.return_hazard", 0.25))),
    )
    parameters = tables["parameters"]
    assert (parameters["attack"]["rate"][0], parameters["night_posture"]["return_hazard"][0]) == (0.4, 0.25)


def test_switches_change_for_this_run(deeds: Deeds) -> None:
    """A part of the model is switched off and on; running operations keep their priority."""
    do(deeds, actions.Operation(("calder",), 9))
    for acts in (False, True):
        do(deeds, actions.Change((("force_generation.enabled", acts),)))
        assert deeds.state.parameters["force_generation"]["enabled"] == acts
        assert deeds.tables["districts"]["orders"]["operation_priority"][CALDER] == 7.0


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
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 100}
  - id: pay
    date: 2024-01-01
    money: {donor: trust-fund, receive: 100e6}
  - id: they-come
    date: 2024-01-04
    deploy: {contingent: kenya, officers: 70}
""", days=5)  # fmt: skip
    mission = Mission(scenario)
    seen = []
    for _ in range(5):
        mission.step()
        seen.append(int(mission.tables["contingents"]["officers"][KENYA]))
    assert seen == [0, 0, 0, 70, 70]
