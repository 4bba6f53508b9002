"""Interventions: what actions do to the records on their day, and what they leave alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import (
    BY_WEAKNESS,
    CLEAR_AND_HOLD,
    COMMUNITY_POLICING,
    CORDON_AND_SEARCH,
    NO_OPERATIONS,
    RAID,
)
from teritwa.rules.agents.police_unit import MISSION
from teritwa.rules.population.destination_weights import nearness
from teritwa.scenario import Scenario
from teritwa.scenario.actions import (
    ACTIONS,
    Action,
    Base,
    Change,
    Coalition,
    Coordination,
    Deploy,
    Doctrine,
    Equipment,
    Mandate,
    Money,
    Offensive,
    Operation,
    Pay,
    Pledge,
    PrisonBreak,
    RunRecords,
    Withdraw,
)
from teritwa.scenario.events import Dated
from teritwa.simulation.initialization import initialize
from teritwa.simulation.interventions import Interventions
from teritwa.simulation.model import Mission
from teritwa.world import World

DOCKS, CALDER = 1, 7
KEELAND = 4
Do = Callable[..., None]


def test_rows_of_names_that_tests_use(run: RunRecords) -> None:
    """The rows by which these tests look into the tables are those of the names."""
    assert (run.districts["amber-docks"], run.districts["calder"]) == (DOCKS, CALDER)
    assert run.contingents["keeland"] == KEELAND


def test_bases_and_the_coalition(run: RunRecords, do: Do) -> None:
    """Bases open and close; the coalition forms and breaks."""
    for opened in (True, False):
        do(run, Base("calder", opened), Coalition(opened))
        assert run.tables["districts"]["control"]["forward_base"][CALDER] == opened
        assert run.tables["districts"]["control"]["forward_base"].sum() == opened
        assert run.tables["coalition"]["active"][0] == opened


def test_offensive_lasts_its_days(run: RunRecords, do: Do) -> None:
    """An offensive of 5 days from day 10 marks its targets until day 14; kidnapping goes on."""
    orders = run.tables["districts"]["orders"]
    do(run, Offensive("iron-quay", ("calder",), 5))
    assert (orders["offensive_factor"][CALDER], orders["offensive_gang"][CALDER]) == (
        3.0,
        run.gangs["iron-quay"],
    )
    assert orders["offensive_factor"].sum() == 22.0
    assert run.tables["coalition"]["offensive_until"][0] == -1
    do(run, day=14)
    assert orders["offensive_factor"][CALDER] == 3.0
    do(run, day=15)
    assert (orders["offensive_factor"][CALDER], orders["offensive_gang"][CALDER]) == (1.0, NO_ONE)


def test_offensives_of_the_coalition_overlap(run: RunRecords, do: Do) -> None:
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


def test_operation_gives_priority(run: RunRecords, do: Do) -> None:
    """Ordered districts have seven times the priority for as long as the order says."""
    orders = run.tables["districts"]["orders"]
    do(run, Operation(("calder", "amber-docks"), 3))
    assert orders["operation_priority"][[CALDER, DOCKS]].tolist() == [7.0, 7.0]
    assert orders["operation_priority"].sum() == 32.0
    assert orders["offensive_factor"].tolist() == [1.0] * 20
    do(run, day=13)
    assert orders["operation_priority"].tolist() == [1.0] * 20


def test_an_order_may_name_a_posture(run: RunRecords, do: Do) -> None:
    """The ordered posture stands in the districts of the order, and is gone when it ends."""
    orders = run.tables["districts"]["orders"]
    do(run, Operation(("calder",), 3, "cordon-and-search"), Operation(("amber-docks",), 9))
    assert orders["ordered_posture"][[CALDER, DOCKS]].tolist() == [CORDON_AND_SEARCH, NO_OPERATIONS]
    assert (orders["ordered_posture"] != NO_OPERATIONS).sum() == 1
    do(run, day=13)
    assert orders["ordered_posture"].tolist() == [NO_OPERATIONS] * 20


def test_a_doctrine_changes_what_is_given_and_nothing_else(run: RunRecords, do: Do) -> None:
    """What is given stands in the doctrine of that force; the rest stays, then and later."""
    table = run.tables["doctrines"]
    before = table.copy()
    do(run, Doctrine("mission", "clear-and-hold", garrison=6.5, patience=30))
    do(run, Doctrine("mission", at_home="community-policing", share_out=0.0), day=11)
    do(run, Doctrine("mission", first="weakness", force_ratio=2.5, hand_over=45), day=12)
    expected = {
        "operations": CLEAR_AND_HOLD, "at_home": COMMUNITY_POLICING, "first": BY_WEAKNESS,
        "share_out": 0.0, "force_ratio": 2.5, "patience": 30, "garrison": 6.5, "hand_over": 45,
    }  # fmt: skip
    assert {name: table[name][MISSION].item() for name in expected} == expected
    assert table[:MISSION].tolist() == before[:MISSION].tolist()
    do(run, Doctrine("mission", "none"), day=13)
    assert table["operations"].tolist() == [RAID, NO_OPERATIONS, NO_OPERATIONS]


def test_prisoners_escape(run: RunRecords, do: Do) -> None:
    """500 of 9,000 leave."""
    do(run, PrisonBreak(500))
    ledger = run.tables["ledger"][0]
    assert (ledger["prisoners"], ledger["escaped"]) == (8500, 500)


def test_parameters_change_for_this_run(
    run: RunRecords, do: Do, given_values: dict[str, float]
) -> None:
    """Rules see new values, distance is weighed anew, running offensives take a new multiplier."""
    parameters, before = run.tables["parameters"], run.tables["near"].copy()
    do(run, Offensive("iron-quay", ("calder",), 5))
    change = Change((("attack.offensive_multiplier", 4.5), ("control.adjustment_time", 5.5)))
    do(run, change)
    assert parameters["control"]["adjustment_time"][0] == 5.5
    assert run.tables["districts"]["orders"]["offensive_factor"][CALDER] == 4.5
    assert np.array_equal(run.tables["near"], before)
    do(run, Change((("displacement.distance_decay", 0.7),)))
    assert np.array_equal(run.tables["near"], nearness(run.world, 0.7))
    assert not np.array_equal(run.tables["near"], before)
    fresh = initialize(run.world, given_values)
    usual = given_values["control.adjustment_time"]
    assert fresh["parameters"]["control"]["adjustment_time"][0] == usual
    assert np.array_equal(fresh["near"], before)


def test_a_change_is_scaled_by_the_size_of_the_world(
    records_of: Callable[[World], RunRecords], island: World, do: Do
) -> None:
    """In a tenth of Haiti a new rate for the whole country becomes a tenth, others stay."""
    run = records_of(replace(island, size=0.1))
    do(run, Change((("attack.rate", 4.0), ("night_posture.return_hazard", 0.25))))
    parameters = run.tables["parameters"]
    assert parameters["attack"]["rate"][0] == 0.4
    assert parameters["night_posture"]["return_hazard"][0] == 0.25


def test_switches_change_for_this_run(run: RunRecords, do: Do) -> None:
    """A part of the model is switched off and on; running operations keep their priority."""
    do(run, Operation(("calder",), 9))
    for enabled in (False, True):
        do(run, Change((("force_generation.enabled", enabled),)))
        assert run.tables["parameters"]["force_generation"]["enabled"][0] == enabled
        assert run.tables["districts"]["orders"]["operation_priority"][CALDER] == 7.0


EXAMPLES: tuple[Action, ...] = (
    Deploy("keeland", 5),
    Pledge("keeland", 5, 9),
    Withdraw("keeland", 5),
    Pay("keeland", 0.5),
    Mandate("support-mission", 5),
    Money("trust-fund", pledge=5),
    Equipment("keeland", 5),
    Base("calder", open=True),
    Coalition(active=True),
    Offensive("iron-quay", ("calder",), 5),
    Operation(("calder",), 5),
    Doctrine("police", "none"),
    PrisonBreak(5),
    Coordination(0.125),
    Change((("control.adjustment_time", 5.5),)),
)


def test_every_action_can_be_applied(
    records_of: Callable[[World], RunRecords], island: World, do: Do
) -> None:
    """Each action of the package changes the records of a run, and no two change the same."""
    assert [type(action) for action in EXAMPLES] == list(ACTIONS.values())
    found = []
    for action in (None, *EXAMPLES):
        run = records_of(island)
        run.tables["contingents"]["officers"][KEELAND] = 5
        do(run, *([action] if action else []))
        found.append(b"".join(table.tobytes() for table in run.tables.values()))
    assert len(set(found)) == len(EXAMPLES) + 1


def test_names_lead_to_rows(run: RunRecords) -> None:
    """Districts, contingents and donors are found by id, as views that write through."""
    run.district("calder").people.trust = 0.875
    run.contingent("keeland").officers = 7
    run.donor("trust-fund").monthly_payment = 9
    assert run.tables["districts"]["people"]["trust"][CALDER] == 0.875
    assert run.tables["contingents"]["officers"][KEELAND] == 7
    assert run.tables["donors"]["monthly_payment"][run.donors["trust-fund"]] == 9
    with pytest.raises(KeyError, match="nowhere"):
        run.district("nowhere")


def test_events_are_applied_in_order_on_their_day(
    run: RunRecords, given_values: dict[str, float]
) -> None:
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
    assert seen == [given_values["governance.leaders_coordination_day0"], 0.25, 1.0, 0.5]
    assert [dated.day for dated in interventions.events] == [9]
    assert run.day == 5


def test_orders_end_before_new_ones_begin(run: RunRecords, do: Do) -> None:
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
    deploy: {contingent: keeland, officers: 70}
""",
        days=5,
    )
    mission = Mission(scenario)
    seen = []
    for _ in range(5):
        mission.step()
        seen.append(int(mission.tables["contingents"]["officers"][KEELAND]))
    assert seen == [0, 0, 0, 70, 70]
