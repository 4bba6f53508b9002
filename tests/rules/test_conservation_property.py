"""Stocks and flows balance in random scenarios; a fault planted in a run is found on that day."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from teritwa import world
from teritwa.engine.parameters import Parameter
from teritwa.engine.records import Array
from teritwa.rules.conservation import BALANCED, FINDINGS
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, parse
from teritwa.scenario.actions import ACTIONS as KINDS_OF_ACTION
from teritwa.scenario.actions import Equipment
from teritwa.scenario.actions.orders import NONE, OPERATIONS, PRESENCES
from teritwa.simulation.model import LedgerError, Mission
from teritwa.world.codes import FIRST, FORCES

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
PLACES = world.load(SMALL)
DISTRICTS, GANGS, DONORS = (
    [row.id for row in rows] for rows in (PLACES.districts, PLACES.gangs, PLACES.donors)
)
ALL = [row.id for row in PLACES.contingents]
MISSION = [row.id for row in PLACES.contingents if row.force == "mission"]
DAYS = 60
TARGETS = st.lists(st.sampled_from(DISTRICTS), min_size=1, max_size=4, unique=True).map(
    lambda n: f"[{', '.join(n)}]"
)
DURATION = st.integers(1, 40)
SWITCH = st.sampled_from(["true", "false"])
LATER = [name for name in sorted(registry()) if not name.endswith("_day0")]


def value_of(parameter: Parameter) -> st.SearchStrategy[float]:
    """Return values of a parameter within its range, including its ends; a switch is on or off."""
    if parameter.switch:
        return st.booleans()
    if parameter.integral:
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high, allow_subnormal=False).map(
        lambda value: round(value, 12)
    )


def values_of(names: list[str], most: int) -> st.SearchStrategy[dict[str, float]]:
    """Return values of some of the parameters with these names."""
    return st.lists(st.sampled_from(names), unique=True, max_size=most).flatmap(
        lambda chosen: st.fixed_dictionaries({name: value_of(registry()[name]) for name in chosen})
    )


def written(value: float) -> str:
    """Return a value as a scenario file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value}" if isinstance(value, int) else f"{value:.12f}"


def change(values: dict[str, float]) -> str:
    """Return an action that changes at least one parameter."""
    given = values or {"attack.rate": 4.0}
    params = ", ".join(f"{name}: {written(value)}" for name, value in given.items())
    return f"change: {{{params}}}"


ACTIONS = st.one_of(
    st.builds(
        "deploy: {{contingent: {}, officers: {}, duration: {} days}}".format,
        st.sampled_from(ALL),
        st.integers(1, 2500),
        DURATION,
    ),
    st.builds(
        "pledge: {{contingent: {}, officers: {}, preparation: {} days}}".format,
        st.sampled_from(MISSION),
        st.integers(1, 2500),
        DURATION,
    ),
    st.builds(
        "withdraw: {{contingent: {}, duration: {} days}}".format,
        st.sampled_from([*ALL, "all"]),
        DURATION,
    ),
    st.builds(
        "pay: {{contingent: {}, share: {}, patience: {} days}}".format,
        st.sampled_from([*ALL, "all"]),
        st.sampled_from([0, 0.4, 1]),
        st.integers(0, 40),
    ),
    st.builds(
        "withdraw: {{contingent: {}, officers: {}}}".format,
        st.sampled_from(MISSION),
        st.integers(1, 900),
    ),
    st.builds(
        "mandate: {{type: support-mission, authorised: {}, military: {}}}".format,
        st.integers(0, 5000),
        SWITCH,
    ),
    st.builds("mandate: {{type: un-peacekeeping, authorised: {}}}".format, st.integers(0, 5000)),
    st.builds(
        "mandate: {{type: {}, authorised: 2500, until: day+{}}}".format,
        st.sampled_from(["support-mission", "un-peacekeeping"]),
        st.integers(0, 40),
    ),
    st.builds(
        "mandate: {{type: un-peacekeeping, authorised: 9, arrival: {} days, until: day+{}}}".format,
        st.integers(0, 20),
        st.integers(20, 60),
    ),
    st.just("mandate: {type: none}"),
    st.builds(
        "money: {{donor: {}, pledge: {}, receive: {}}}".format,
        st.sampled_from(DONORS),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
    ),
    st.builds(
        "money: {{donor: {}, monthly: {}, in_kind: {}}}".format,
        st.sampled_from(DONORS),
        st.integers(0, 10**8),
        st.sampled_from([0, 0.7, 1]),
    ),
    st.builds(
        "equipment: {{contingent: {}, {}: {}}}".format,
        st.sampled_from(ALL),
        st.sampled_from(list(Equipment.WORDS)),
        st.integers(1, 200),
    ),
    st.builds("base: {{district: {}, open: {}}}".format, st.sampled_from(DISTRICTS), SWITCH),
    st.builds("coalition: {{active: {}}}".format, SWITCH),
    st.builds(
        "offensive: {{gangs: {}, targets: {}, duration: {} days}}".format,
        st.sampled_from([*GANGS, "coalition"]),
        TARGETS,
        DURATION,
    ),
    st.builds("operation: {{targets: {}, duration: {} days}}".format, TARGETS, DURATION),
    st.builds(
        "operation: {{targets: {}, duration: {} days, posture: {}}}".format,
        TARGETS,
        DURATION,
        st.sampled_from(OPERATIONS),
    ),
    st.builds(
        "doctrine: {{force: {}, operations: {}, at_home: {}, first: {}}}".format,
        st.sampled_from(FORCES),
        st.sampled_from([*OPERATIONS, NONE]),
        st.sampled_from(PRESENCES),
        st.sampled_from(FIRST),
    ),
    st.builds(
        "doctrine: {{force: {}, share_out: {}, force_ratio: {}, garrison: {}}}".format,
        st.sampled_from(FORCES),
        st.sampled_from([0, 0.4, 1]),
        st.sampled_from([0.01, 0.5, 1.5, 10]),
        st.sampled_from([0, 2, 20, 1000]),
    ),
    st.builds(
        "doctrine: {{force: {}, patience: {} days, hand_over: {} days}}".format,
        st.sampled_from(FORCES),
        DURATION,
        DURATION,
    ),
    st.builds("prison-break: {{escaped: {}}}".format, st.integers(1, 20_000)),
    st.builds("coordination: {{level: {}}}".format, st.sampled_from([0, 0.25, 1])),
    st.builds("coordination: {{staffed: {}}}".format, SWITCH),
    values_of(LATER, 6).map(change),
)
Event = tuple[int, float, str]
"""Day, probability and action of an event."""
EVENTS = st.lists(
    st.tuples(st.integers(0, DAYS + 5), st.sampled_from([1.0, 0.5]), ACTIONS),
    max_size=20,
    unique_by=lambda event: event[0],  # two of one day may contradict each other, which is refused
)
PARAMS = values_of(sorted(registry()), 16)


def scenario_of(events: list[Event], params: dict[str, float], seed: int) -> Scenario:
    """Return a scenario of 60 days in the small world."""
    start = PLACES.start
    lines = ["schema: 2", "id: random", "title: random", "world: island"]
    lines.append(f"period: {{end: {start + timedelta(DAYS - 1)}}}")
    lines += ["events:"] if events else []
    for number, (day, probability, action) in enumerate(events):
        lines.append(f"  - id: e{number}")
        on = start + timedelta(day)
        lines.append(f"    date: {on}")
        lines.append(f"    probability: {probability}")
        # The end of a mandate counts from its own day, before which it must not lie.
        until = re.search(r"day\+(\d+)", action)
        end = on + timedelta(int(until[1])) if until else on
        lines.append(f"    {re.sub('day.[0-9]+', str(end), action)}")
    text = "\n".join(lines) + "\n"
    return parse(text, SMALL.parent / "random.yaml").replace(seed=seed, params=params)


def check_run(scenario: Scenario) -> None:
    """Run a scenario, checking the ledger each day, and check that its outcomes are possible."""
    mission = Mission(scenario)
    found = mission.run()
    assert mission.day == DAYS
    for name, array in found.items():
        assert np.isfinite(array).all(), name
        signed = name in ("holder", "towns_lost", "perceived_progress") or name.startswith(
            "mood_of_"
        )
        assert signed or (array >= 0).all(), name
    check_people(mission, found)
    check_gangs(mission, found)
    check_money(mission, found)
    check_shares(found)


def check_people(mission: Mission, found: dict[str, Array]) -> None:
    """Check that residents, displaced, fighters, prisoners and dead add up to those of day 0."""
    ledger, people = mission.tables["ledger"][0], mission.tables["districts"]["people"]
    crews, hosted = mission.tables["crews"], people["displaced_hosted"].sum()
    on_day_0 = sum(round(row.residents_2015 * PLACES.population_growth) for row in PLACES.districts)
    killed = found["killed"].sum(axis=(0, 1))
    victims = ("civilians_killed", "fighters_killed", "officers_killed")
    assert killed.tolist() == [ledger[name] for name in victims]
    everybody = people["residents"].sum() + hosted + crews["fighters"].sum()
    everybody += crews["hiding"].sum() + ledger["prisoners"] + killed[:2].sum()
    assert everybody == on_day_0 + ledger["fighters_on_day_0"] + ledger["prisoners_on_day_0"]
    assert found["prisoners"][-1] == ledger["prisoners"]
    assert (found["officers_operational"] <= found["officers_deployed"]).all()
    assert found["displaced"][-1] == hosted
    assert (found["displaced_in_camps"] <= found["displaced"]).all()
    assert (found["displaced_without_aid"] <= found["displaced_in_camps"]).all()
    assert (found["children_displaced"] <= found["displaced"]).all()


def check_gangs(mission: Mission, found: dict[str, Array]) -> None:
    """Check that outcomes agree with the records: members, recruits, firearms and revenue."""
    ledger, gangs = mission.tables["ledger"][0], mission.tables["gangs"]
    crews = mission.tables["crews"]
    members = crews["fighters"].sum() + crews["hiding"].sum()
    assert found["gang_members"][-1] == members == gangs["members"].sum()
    assert found["recruited"].sum() == ledger["recruited"]
    assert (found["children_recruited"] <= found["recruited"]).all()
    assert found["gang_firearms"][-1] == gangs["firearms"].sum()
    assert found["gang_revenue"].sum() == pytest.approx(ledger["gang_revenue"] / 100.0)
    assert 0.0 <= gangs["wage_share_paid"].min() <= gangs["wage_share_paid"].max() <= 1.0
    effectiveness = gangs["combat_effectiveness"]
    assert 0.0 < effectiveness.min() <= effectiveness.max() <= 1.0


def check_money(mission: Mission, found: dict[str, Array]) -> None:
    """Check that sums since day 0 only grow, and that commitments are received or outstanding."""
    grows = ["funds_pledged", "funds_committed", "funds_received", "funds_spent", "costs_unpaid"]
    grows += ["in_kind_received", "in_kind_used", "in_kind_lapsed", "days_paid", "days_unpaid"]
    for name in grows:
        assert (np.diff(found[name]) >= 0.0).all(), name
    balance = found["funds_received"] - found["funds_spent"]
    assert found["fund_balance"] == pytest.approx(balance, abs=0.01)
    used_or_lost = found["in_kind_used"] + found["in_kind_lapsed"]
    assert found["in_kind_received"] == pytest.approx(used_or_lost, abs=0.01)
    fund, received = mission.tables["fund"][0], mission.tables["ledger"][0]["commitments_received"]
    assert fund["committed"] == fund["commitments_outstanding"] + received
    assert received <= fund["received"]


def check_shares(found: dict[str, Array]) -> None:
    """Check that no share exceeds 1."""
    shares = (
        "trust_in_forces",
        "hospitals_open",
        "coordination",
        "schools_open",
        "aid_access",
        "gang_influence",
    )
    for name in shares:
        assert found[name].max() <= 1.0, name
    assert np.abs(found["perceived_progress"]).max() <= 1.0


CHECKS = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@settings(CHECKS, max_examples=200)
@given(EVENTS, PARAMS, st.integers(0, 2**31))
def test_the_ledger_balances_in_random_scenarios(
    events: list[Event], params: dict[str, float], seed: int
) -> None:
    """In 200 random scenarios of 60 days every stock balances every day.

    People, dead and prisoners add up.
    """
    check_run(scenario_of(events, params, seed))


@settings(CHECKS, max_examples=3)
@given(EVENTS, PARAMS, st.integers(0, 2**31))
def test_the_ledger_balances_in_a_few_random_scenarios(
    events: list[Event], params: dict[str, float], seed: int
) -> None:
    """The same holds in three scenarios, which are quick enough to run every time."""
    check_run(scenario_of(events, params, seed))


def test_random_scenarios_use_every_action() -> None:
    """Two thousand random actions contain every kind of action, equipment and optional key."""
    drawn: list[str] = []

    @settings(CHECKS, max_examples=2000)
    @given(ACTIONS)
    def draw(action: str) -> None:
        drawn.append(action)

    draw()
    assert {action.split(":")[0] for action in drawn} == set(KINDS_OF_ACTION)
    text = " ".join(drawn)
    keys = set[str]().union(*(kind.keys() for kind in KINDS_OF_ACTION.values()))
    for word in (*keys - {"params"}, *Equipment.WORDS, *OPERATIONS, *PRESENCES, *FIRST, *MISSION):
        assert word in text, word


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ledger_balances_at_the_ends_of_all_ranges(end: str, enabled: bool) -> None:
    """With every number at one end of its range and every switch on or off, each day balances."""
    things = "vehicles: 50, helicopters: 2, armed_drones: 3, night_vision: 200"
    events = [
        (0, 1.0, "mandate: {type: support-mission, authorised: 2500, military: true}"),
        (0, 1.0, "money: {donor: main-donor, receive: 100000000, monthly: 5000000}"),
        (1, 1.0, "deploy: {contingent: keeland, officers: 1000, duration: 20 days}"),
        (1, 1.0, "pledge: {contingent: lakeland, officers: 300, preparation: 5 days}"),
        (2, 1.0, f"equipment: {{contingent: keeland, {things}}}"),
        (3, 1.0, "coalition: {active: true}"),
        (4, 1.0, "base: {district: amber-gardens, open: true}"),
        (9, 1.0, "mandate: {type: un-peacekeeping, authorised: 3000}"),
    ]
    params = {
        name: enabled if given.switch else getattr(given, end) for name, given in registry().items()
    }
    check_run(scenario_of(events, params, 5))


INVALID_SHARE = "a share is not a finite number between 0 and 1"
FAULTS = {
    "people appear or vanish": ("districts.people.residents", 3, 1),
    "fighters appear or vanish": ("crews.hiding", 2, 1),
    "officers appear or vanish": ("units.officers", 4, 1),
    "prisoners appear or vanish": ("ledger.prisoners", 0, -1),
    "vehicles appear or vanish": ("contingents.vehicles", 4, 1),
    "money appears or vanishes": ("fund.balance", 0, 1),
    "displaced persons do not add up by origin and host": ("districts.people.displaced_from", 3, 1),
    "a stock is negative": ("crews.hiding", 2, -10_000),
    INVALID_SHARE: ("districts.orders.recent_attacks", 3, np.inf),
    "weapons appear or vanish": ("gangs.firearms", 1, 1),
    "cash of gangs appears or vanishes": ("gangs.treasury", 1, 1),
    "commitments of donors appear or vanish": ("fund.commitments_outstanding", 0, 1),
    "the table of crews or units is full": ("counters.out_of_room", 0, 1),
    "officers in preparation or in transit appear or vanish": ("contingents.in_transit", 2, 1),
}
MORE_FAULTS = [
    ("a stock is negative", "contingents.in_preparation", 4, -1),
    ("a stock is negative", "contingents.vehicles_broken", 4, -1),
    ("a stock is negative", "districts.people.brigade", 1, -1_000_000),
    ("a stock is negative", "gangs.firearms", 1, -1_000_000),
    ("a stock is negative", "fund.commitments_outstanding", 0, -1),
    ("money appears or vanishes", "fund.in_kind_received", 0, 1),
    ("officers appear or vanish", "contingents.officers", 2, 1),
    ("weapons appear or vanish", "ledger.firearms_smuggled", 0, 1),
    ("cash of gangs appears or vanishes", "ledger.wages_paid", 0, 1),
    ("commitments of donors appear or vanish", "fund.committed", 0, 1),
    (INVALID_SHARE, "districts.people.trust", 3, 2.0),
    (INVALID_SHARE, "districts.services.schools_open", 3, 5.0),
    (INVALID_SHARE, "contingents.readiness", 4, 5.0),
]


def test_every_finding_has_a_fault() -> None:
    """The faults planted below cover all that the ledger can find."""
    assert {*FAULTS, FINDINGS[BALANCED]} == set(FINDINGS)


@pytest.mark.parametrize(
    ("message", "name", "row", "change_by"),
    [*((message, *fault) for message, fault in FAULTS.items()), *MORE_FAULTS],
)
def test_planted_faults_are_found(
    small_scenario: Callable[..., Scenario],
    column: Callable[[Any, str], Any],
    message: str,
    name: str,
    row: int,
    change_by: float,
) -> None:
    """One unit too many of any stock stops a run on the same day, and the message names it."""
    mission = Mission(small_scenario(days=6))
    for _ in range(3):
        mission.step()
    column(mission.tables, name)[row] += change_by
    with pytest.raises(LedgerError, match=f"{message} .*day 3"):
        mission.step()
