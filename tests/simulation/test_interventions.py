"""Interventions: what each action does to the records on its day, and what it leaves alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa import world
from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.rules.agents.state import to_state
from teritwa.rules.population.destination_weights import nearness
from teritwa.rules.registry import parameters_for_rules, registry
from teritwa.scenario import Scenario
from teritwa.scenario.actions import (
    ACTIONS,
    Action,
    Base,
    Change,
    Coalition,
    Coordination,
    Deploy,
    Equipment,
    Mandate,
    Money,
    Offensive,
    Operation,
    Pledge,
    PrisonBreak,
    RunRecords,
    Withdraw,
)
from teritwa.scenario.actions.mission import FOR_EVER
from teritwa.scenario.events import Dated
from teritwa.simulation.initialization import initialize
from teritwa.simulation.interventions import Interventions
from teritwa.simulation.model import Mission
from teritwa.world import World
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)

PLACES = world.load(Path(__file__).parents[2] / "scenarios" / "worlds" / "island")
VALUES = {name: given.value for name, given in registry().items()} | {
    "attack.offensive_multiplier": 3.0,
    "tasking.priority_factor": 7.0,
    "membership.prisoners_day0": 9000,
}
KENYA, SPECIAL, GUATEMALA = (
    contingent_numbers(PLACES)[name] for name in ("kenya", "haitian-special", "guatemala")
)
DONORS = donor_numbers(PLACES)
DOCKS, CALDER = (district_numbers(PLACES)[name] for name in ("amber-docks", "calder"))
IRON_QUAY = gang_numbers(PLACES)["iron-quay"]
SUPPORT = "support-mission"


def records_of(place: World) -> RunRecords:
    """Return fresh records of day 0 of a world."""
    tables = initialize(place, VALUES)
    return RunRecords(place, tables, to_state(tables, parameters_for_rules(tables["parameters"])))


@pytest.fixture
def run() -> RunRecords:
    """Return fresh records of the small world."""
    return records_of(PLACES)


def do(run: RunRecords, *given: Action, day: int = 10) -> None:
    """Begin a day on which actions are due, or none."""
    dated = [Dated(day, f"event-{number}", action) for number, action in enumerate(given)]
    Interventions(run, dated).begin_day(run_randomness(1, 0, 0, day))


def values(table: Any, *names: str) -> list[Any]:
    """Return fields of the only row of a table."""
    return [table[name][0].item() for name in names]


def test_deployed_officers_wait_to_land(run: RunRecords) -> None:
    """400 over 20 days arrive 20 a day; 60 more add to both; once all landed the rate starts anew."""
    kenya = run.tables["contingents"][KENYA]
    do(run, Deploy("kenya", 400, 20))
    assert (kenya["in_transit"], kenya["arrival_rate"]) == (400, 20.0)
    do(run, Deploy("kenya", 60))
    assert (kenya["in_transit"], kenya["arrival_rate"]) == (460, 80.0)
    kenya["in_transit"] = 0
    do(run, Deploy("kenya", 30, 10))
    assert (kenya["in_transit"], kenya["arrival_rate"], kenya["officers"]) == (30, 3.0, 0)


def test_pledged_officers_are_prepared(run: RunRecords) -> None:
    """Preparation begins with the contingent, the officers and the days of the pledge."""
    run.tables["parameters"]["force_generation"]["delay_spread"] = 0.0
    kenya = run.tables["contingents"][KENYA]
    do(run, Pledge("kenya", 383, 60))
    assert (kenya["in_preparation"], kenya["ready_on"], kenya["in_transit"]) == (383, 70, 0)
    do(run, Pledge("kenya", 17, 20), day=11)
    assert (kenya["in_preparation"], kenya["ready_on"]) == (400, 70)
    assert run.tables["contingents"]["in_preparation"].sum() == 400


def test_soldiers_may_reach_the_countrys_own_forces(run: RunRecords) -> None:
    """Officers may arrive at any contingent, not only at those of the mission."""
    do(run, Deploy("haitian-special", 90, 30))
    special = run.tables["contingents"][SPECIAL]
    assert (special["in_transit"], special["arrival_rate"]) == (90, 3.0)


def test_one_contingent_or_the_whole_mission_withdraws(run: RunRecords) -> None:
    """A part, all of one or the whole mission leaves, evenly; the country's own forces stay."""
    contingents = run.tables["contingents"]
    contingents["officers"][KENYA], contingents["officers"][GUATEMALA] = 400, 150
    contingents["in_transit"][KENYA] = 60
    do(run, Withdraw("kenya", 100, 50))
    found = [contingents[name][KENYA] for name in ("leaving", "departure_rate", "in_transit")]
    assert found == [100, 2.0, 60]
    do(run, Withdraw("all", None, 0))
    leaving = np.zeros(len(contingents), np.int64)
    leaving[[KENYA, GUATEMALA]] = 400, 150
    assert contingents["leaving"].tolist() == leaving.tolist()
    assert contingents["departure_rate"][[KENYA, GUATEMALA]].tolist() == [2.0 + 300.0, 150.0]
    assert contingents["in_transit"].tolist() == [0] * len(contingents)


def test_who_is_prepared_stays_away_when_all_withdraw(run: RunRecords) -> None:
    """A part that leaves changes nothing for those in preparation; if all leave nobody follows."""
    contingents = run.tables["contingents"]
    contingents["officers"][KENYA] = 400
    contingents["in_preparation"][[KENYA, GUATEMALA]] = (383, 70)
    do(run, Withdraw("kenya", 100))
    assert contingents["in_preparation"][[KENYA, GUATEMALA]].tolist() == [383, 70]
    do(run, Withdraw("kenya"))
    assert contingents["in_preparation"][[KENYA, GUATEMALA]].tolist() == [0, 70]
    do(run, Withdraw("all"))
    assert contingents["in_preparation"].sum() == 0


@pytest.mark.parametrize(
    ("action", "mandate", "authorised", "military", "ends"),
    [
        (Mandate(SUPPORT, 2500, date(2024, 10, 2)), SUPPORT_MISSION, 2500, False, 276),
        (Mandate(SUPPORT, 2500, military=True), SUPPORT_MISSION, 2500, True, FOR_EVER),
        (Mandate("none"), NO_MANDATE, 0, False, FOR_EVER),
        (Mandate("none", 2500), NO_MANDATE, 0, False, FOR_EVER),
    ],
)
def test_mandates(
    run: RunRecords, action: Mandate, mandate: int, authorised: int, military: bool, ends: int
) -> None:
    """2 October 2024 is day 275: 276 is the first without it. None authorises nobody."""
    mission = run.tables["mission"]
    mission["military"] = not military
    do(run, action)
    found = values(mission, "mandate", "authorised", "military", "mandate_ends", "un_takeover_day")
    assert found == [mandate, authorised, military, ends, -1]


@pytest.mark.parametrize(("until", "ends"), [(date(2025, 10, 2), 641), (None, FOR_EVER)])
def test_a_vote_for_the_united_nations_leaves_the_mission_as_it_is(
    run: RunRecords, until: date | None, ends: int
) -> None:
    """The vote is kept with its ceiling and end; until the takeover the mandate stays the same."""
    mission, parameters = run.tables["mission"], run.tables["parameters"]["mandate"]
    parameters["time_spread"], parameters["un_transition_time"] = 0.0, 90.0
    do(run, Mandate(SUPPORT, 2500))
    do(run, Mandate("un-peacekeeping", 5000, until, military=True), day=20)
    assert values(mission, "mandate", "authorised", "military") == [SUPPORT_MISSION, 2500, False]
    assert values(mission, "un_takeover_day", "un_authorised", "un_ends") == [110, 5000, ends]


def test_a_renewal_lasts_until_the_united_nations_come(run: RunRecords) -> None:
    """A shorter renewal after the vote ends on the day after the takeover; a longer one stays."""
    mission, parameters = run.tables["mission"], run.tables["parameters"]["mandate"]
    parameters["time_spread"], parameters["un_transition_time"] = 0.0, 90.0
    do(run, Mandate("un-peacekeeping", 5000, military=True), day=20)
    for until, ends in ((date(2024, 2, 1), 111), (date(2024, 10, 2), 276)):
        do(run, Mandate(SUPPORT, 2500, until), day=21)
        assert values(mission, "mandate_ends", "un_takeover_day") == [ends, 110]


def test_no_mandate_calls_off_the_united_nations(run: RunRecords) -> None:
    """Without a mandate a transition that has not taken effect yet is off."""
    do(run, Mandate("un-peacekeeping", 5000, military=True), Mandate("none"))
    assert values(run.tables["mission"], "mandate", "un_takeover_day") == [NO_MANDATE, -1]


def test_money_is_pledged_and_received(run: RunRecords) -> None:
    """Amounts of all donors add up; monthly income is left to the rules of the budget."""
    fund = run.tables["fund"]
    fund["monthly_income"] = 5
    do(run, Money("main-donor", pledge=1000, receive=300))
    do(run, Money("trust-fund", receive=7, monthly=20))
    found = values(fund, "pledged", "received", "balance", "monthly_income")
    assert found == [1000, 307, 307, 5]


def test_donors_begin_change_and_stop_monthly_payments(run: RunRecords) -> None:
    """A new amount replaces the donor's old one, zero ends it; other donors stay as they are."""
    donors, main, fund = run.tables["donors"], DONORS["main-donor"], DONORS["trust-fund"]
    donors["paying"], donors["monthly_payment"] = False, 0
    for given, monthly in ((50, 50), (None, 50), (70, 70), (0, 0)):
        do(run, Money("main-donor", receive=1, monthly=given))
        assert (donors["monthly_payment"][main], donors["paying"][main]) == (monthly, monthly > 0)
    do(run, Money("trust-fund", monthly=20))
    assert (donors["monthly_payment"][fund], donors["paying"][fund]) == (20, True)
    assert (donors["monthly_payment"].sum(), donors["paying"].sum()) == (20, 1)


def test_equipment_reaches_any_contingent(run: RunRecords) -> None:
    """Each thing is added to what the contingent has; the ledger counts the vehicles."""
    contingents = run.tables["contingents"]
    do(run, Equipment("haitian-special", vehicles=12, night_vision=40))
    do(run, Equipment("haitian-special", 3, 2, 4, 1, 60))
    expected = {
        "vehicles": 15,
        "helicopters": 2,
        "surveillance_drones": 4,
        "armed_drones": 1,
        "night_vision": 100,
    }
    assert {name: contingents[name][SPECIAL] for name in expected} == expected
    assert {name: contingents[name].sum() for name in expected} == expected
    assert run.tables["ledger"]["vehicles_delivered"][0] == 15


def test_bases_and_the_coalition(run: RunRecords) -> None:
    """Bases open and close; the coalition forms and breaks."""
    for opened in (True, False):
        do(run, Base("calder", opened), Coalition(opened))
        assert run.tables["districts"]["control"]["forward_base"][CALDER] == opened
        assert run.tables["districts"]["control"]["forward_base"].sum() == opened
        assert run.tables["coalition"]["active"][0] == opened


def test_leaders_and_the_staff_of_their_council_change_apart(run: RunRecords) -> None:
    """What an event does not name stays, and the forces' coordination is left to the rules."""
    governance = run.tables["governance"]
    governance["coordination"], governance["leaders_coordination"] = 0.5, 0.25
    for action, expected in (
        (Coordination(0.875), [0.5, 0.875, False]),
        (Coordination(None, True), [0.5, 0.875, True]),
        (Coordination(0.0, False), [0.5, 0.0, False]),
    ):
        do(run, action)
        found = values(governance, "coordination", "leaders_coordination", "council_staffed")
        assert found == expected


def test_offensive_lasts_its_days(run: RunRecords) -> None:
    """An offensive of 5 days from day 10 marks its targets until day 14; kidnapping goes on."""
    orders = run.tables["districts"]["orders"]
    do(run, Offensive("iron-quay", ("calder",), 5))
    assert (orders["offensive_factor"][CALDER], orders["offensive_gang"][CALDER]) == (
        3.0,
        IRON_QUAY,
    )
    assert orders["offensive_factor"].sum() == 22.0
    assert run.tables["coalition"]["offensive_until"][0] == -1
    do(run, day=14)
    assert orders["offensive_factor"][CALDER] == 3.0
    do(run, day=15)
    assert (orders["offensive_factor"][CALDER], orders["offensive_gang"][CALDER]) == (1.0, NO_ONE)


def test_offensives_of_the_coalition_overlap(run: RunRecords) -> None:
    """A shorter one ends no longer one, neither in its districts nor for kidnapping."""
    orders = run.tables["districts"]["orders"]
    do(run, Offensive("coalition", ("calder", "amber-docks"), 30))
    do(run, Offensive("coalition", ("calder",), 2), day=12)
    assert run.tables["coalition"]["offensive_until"][0] == 39
    assert orders["offensive_gang"][CALDER] == NO_ONE
    do(run, day=14)
    assert orders["offensive_factor"][[CALDER, DOCKS]].tolist() == [3.0, 3.0]
    do(run, day=39)
    assert orders["offensive_factor"].sum() == 24.0
    do(run, day=40)
    assert orders["offensive_factor"].tolist() == [1.0] * 20


def test_operation_gives_priority(run: RunRecords) -> None:
    """Ordered districts have seven times the priority for as long as the order says."""
    orders = run.tables["districts"]["orders"]
    do(run, Operation(("calder", "amber-docks"), 3))
    assert orders["operation_priority"][[CALDER, DOCKS]].tolist() == [7.0, 7.0]
    assert orders["operation_priority"].sum() == 32.0
    assert orders["offensive_factor"].tolist() == [1.0] * 20
    do(run, day=13)
    assert orders["operation_priority"].tolist() == [1.0] * 20


def test_prisoners_escape(run: RunRecords) -> None:
    """500 of 9,000 leave."""
    do(run, PrisonBreak(500))
    assert values(run.tables["ledger"], "prisoners", "escaped") == [8500, 500]


def test_parameters_change_for_this_run(run: RunRecords) -> None:
    """Rules see new values, distance is weighed anew, running offensives take a new multiplier."""
    parameters, before = run.tables["parameters"], run.tables["near"].copy()
    do(run, Offensive("iron-quay", ("calder",), 5))
    change = Change((("attack.offensive_multiplier", 4.5), ("control.adjustment_time", 5.5)))
    do(run, change)
    assert parameters["control"]["adjustment_time"][0] == 5.5
    assert run.tables["districts"]["orders"]["offensive_factor"][CALDER] == 4.5
    assert np.array_equal(run.tables["near"], before)
    do(run, Change((("displacement.distance_decay", 0.7),)))
    assert np.array_equal(run.tables["near"], nearness(PLACES, 0.7))
    assert not np.array_equal(run.tables["near"], before)
    fresh = initialize(PLACES, VALUES)
    usual = VALUES["control.adjustment_time"]
    assert fresh["parameters"]["control"]["adjustment_time"][0] == usual
    assert np.array_equal(fresh["near"], before)


def test_a_change_is_scaled_by_the_size_of_the_world() -> None:
    """In a tenth of Haiti a new rate for the whole country becomes a tenth, others stay."""
    run = records_of(replace(PLACES, size=0.1))
    do(run, Change((("attack.rate", 4.0), ("night_posture.return_hazard", 0.25))))
    parameters = run.tables["parameters"]
    assert parameters["attack"]["rate"][0] == 0.4
    assert parameters["night_posture"]["return_hazard"][0] == 0.25


def test_switches_change_for_this_run(run: RunRecords) -> None:
    """A part of the model is switched off and on; running operations keep their priority."""
    do(run, Operation(("calder",), 9))
    for enabled in (False, True):
        do(run, Change((("force_generation.enabled", enabled),)))
        assert run.tables["parameters"]["force_generation"]["enabled"][0] == enabled
        assert run.tables["districts"]["orders"]["operation_priority"][CALDER] == 7.0


def test_every_action_can_be_applied() -> None:
    """Each action of the package changes the records of a run, and no two change the same."""
    examples = (
        Deploy("kenya", 5),
        Pledge("kenya", 5, 9),
        Withdraw("kenya", 5),
        Mandate(SUPPORT, 5),
        Money("trust-fund", pledge=5),
        Equipment("kenya", 5),
        Base("calder", open=True),
        Coalition(active=True),
        Offensive("iron-quay", ("calder",), 5),
        Operation(("calder",), 5),
        PrisonBreak(5),
        Coordination(0.125),
        Change((("control.adjustment_time", 5.5),)),
    )
    assert [type(action) for action in examples] == list(ACTIONS.values())
    found = []
    for action in (None, *examples):
        run = records_of(PLACES)
        run.tables["contingents"]["officers"][KENYA] = 5
        do(run, *([action] if action else []))
        found.append(b"".join(table.tobytes() for table in run.tables.values()))
    assert len(set(found)) == len(examples) + 1


def test_names_lead_to_rows(run: RunRecords) -> None:
    """Districts, contingents and donors are found by id, as views that write through."""
    run.district("calder").people.trust = 0.875
    run.contingent("kenya").officers = 7
    run.donor("trust-fund").monthly_payment = 9
    assert run.tables["districts"]["people"]["trust"][CALDER] == 0.875
    assert run.tables["contingents"]["officers"][KENYA] == 7
    assert run.tables["donors"]["monthly_payment"][DONORS["trust-fund"]] == 9
    with pytest.raises(KeyError, match="nowhere"):
        run.district("nowhere")


def test_events_are_applied_in_order_on_their_day(run: RunRecords) -> None:
    """What is due is applied once, in the order of the list; what lies ahead waits."""
    level = run.tables["governance"]["leaders_coordination"]
    given = [(2, 0.125), (2, 0.25), (4, 0.5), (9, 0.75)]
    events = [Dated(day, f"event-{day}", Coordination(share)) for day, share in given]
    interventions = Interventions(run, events)
    seen = []
    for day in (0, 2, 3, 5):
        interventions.begin_day(run_randomness(1, 0, 0, day))
        seen.append(float(level[0]))
        level[0] = 1.0
    assert seen == [level_of_day_0(), 0.25, 1.0, 0.5]
    assert [dated.day for dated in interventions.events] == [9]
    assert run.day == 5


def level_of_day_0() -> float:
    """Return how well leaders act together on day 0."""
    return VALUES["governance.leaders_coordination_day0"]


def test_orders_end_before_new_ones_begin(run: RunRecords) -> None:
    """On the day on which one order ends and another begins only the new one holds."""
    priority = run.tables["districts"]["orders"]["operation_priority"]
    do(run, Operation(("calder",), 3))
    do(run, Operation(("amber-docks",), 3), day=13)
    assert priority[[CALDER, DOCKS]].tolist() == [1.0, 7.0]


def test_events_happen_on_their_day(small_scenario: Callable[..., Scenario]) -> None:
    """What is dated on day 3 is not there on day 2, and is on day 3 before anybody acts."""
    scenario = small_scenario(
        """
  - id: law
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 100}
  - id: pay
    date: 2024-01-01
    money: {donor: trust-fund, receive: 100e6}
  - id: they-come
    date: 2024-01-04
    deploy: {contingent: kenya, officers: 70}
""",
        days=5,
    )
    mission = Mission(scenario)
    seen = []
    for _ in range(5):
        mission.step()
        seen.append(int(mission.tables["contingents"]["officers"][KENYA]))
    assert seen == [0, 0, 0, 70, 70]
