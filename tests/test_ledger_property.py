"""The ledger holds on random scenarios, and a fault planted anywhere in a run is found that very day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from teritwa import world
from teritwa.mechanisms import registry
from teritwa.mechanisms.ledger import BALANCED, FINDINGS
from teritwa.mission import LedgerError, Mission
from teritwa.quantity import Parameter
from teritwa.scenario import Scenario, parse

SMALL = Path(__file__).parent / "worlds" / "small"
PLACES = world.load(SMALL)
DISTRICTS, GANGS = [row.id for row in PLACES.districts], [row.id for row in PLACES.gangs]
MISSION = [row.id for row in PLACES.contingents if row.force == "mission"]
DAYS = 60
TARGETS = st.lists(st.sampled_from(DISTRICTS), min_size=1, max_size=4, unique=True).map(lambda n: f"[{', '.join(n)}]")
OVER = st.integers(1, 40)
SWITCH = st.sampled_from(["true", "false"])
ACTIONS = st.one_of(
    st.builds("deploy: {{contingent: {}, officers: {}, over: {} days}}".format,
              st.sampled_from(MISSION), st.integers(1, 2500), OVER),
    st.builds("withdraw: {{contingent: {}, over: {} days}}".format, st.sampled_from([*MISSION, "all"]), OVER),
    st.builds("withdraw: {{contingent: {}, officers: {}}}".format, st.sampled_from(MISSION), st.integers(1, 900)),
    st.builds("mandate: {{becomes: {}, authorised: {}}}".format,
              st.sampled_from(["support-mission", "un-peacekeeping"]), st.integers(0, 5000)),
    st.builds("mandate: {{becomes: support-mission, authorised: 2500, until: {}}}".format,
              st.dates(date(2024, 1, 20), date(2024, 3, 30))),
    st.just("mandate: {becomes: none}"),
    st.builds("money: {{donor: {}, pledge: {}, receive: {}}}".format,
              st.sampled_from("AB"), st.integers(0, 10**9), st.integers(0, 10**9)),
    st.builds("money: {{donor: {}, monthly: {}}}".format, st.sampled_from("AB"), st.integers(0, 10**8)),
    st.builds("equipment: {{contingent: {}, vehicles: {}}}".format,
              st.sampled_from(MISSION), st.integers(1, 200)),
    st.builds("base: {{district: {}, open: {}}}".format, st.sampled_from(DISTRICTS), SWITCH),
    st.builds("coalition: {{active: {}}}".format, SWITCH),
    st.builds("offensive: {{gangs: {}, targets: {}, over: {} days}}".format,
              st.sampled_from([*GANGS, "coalition"]), TARGETS, OVER),
    st.builds("operation: {{targets: {}, over: {} days}}".format, TARGETS, OVER),
    st.builds("prison-break: {{escaped: {}}}".format, st.integers(1, 20_000)),
    st.builds("coordination: {{level: {}}}".format, st.sampled_from([0, 0.25, 1])),
)  # fmt: skip
EVENTS = st.lists(st.tuples(st.integers(0, DAYS + 5), st.sampled_from([1, 0.5]), ACTIONS), max_size=14)


def value_of(parameter: Parameter) -> st.SearchStrategy[float]:
    """Return values of a parameter within its range, its ends among them."""
    if parameter.whole:
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high, allow_subnormal=False).map(lambda value: round(value, 12))


PARAMS = st.lists(st.sampled_from(sorted(registry())), unique=True, max_size=12).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(registry()[name]) for name in names})
)


def scenario_of(events: list[tuple[int, float, str]], params: dict[str, float], seed: int) -> Scenario:
    """Return a scenario of 60 days in the small world."""
    start = PLACES.start
    lines = [f"schema: 1\nid: random\ntitle: random\nworld: small\nclock: {{end: {start + timedelta(DAYS - 1)}}}"]
    lines += ["events:"] if events else []
    for number, (day, chance, action) in enumerate(events):
        lines.append(f"  - id: e{number}\n    on: {start + timedelta(day)}\n    chance: {chance}\n    {action}")
    text = "\n".join(lines) + "\n"
    return parse(text, SMALL.parent / "random.yaml").replace(seed=seed, params=params)


def holds(scenario: Scenario) -> None:
    """Run a scenario: the ledger is checked each day, and what is reported is possible."""
    mission = Mission(scenario)
    people = sum(round(row.residents_2015 * PLACES.population_growth) for row in PLACES.districts)
    found = mission.run()
    assert mission.day == DAYS
    for name, array in found.items():
        assert np.isfinite(array).all(), name
        assert name == "towns_lost" or (array >= 0).all(), name
    killed = found["killed"].sum(axis=(0, 1))
    ledger = mission.tables["ledger"][0]
    assert killed.tolist() == [ledger["civilians_killed"], ledger["fighters_killed"], ledger["officers_killed"]]
    assert found["recruited"].sum() == ledger["recruited"]
    districts, crews = mission.tables["districts"], mission.tables["crews"]
    everybody = districts["residents"].sum() + districts["hosted"].sum() + crews["fighters"].sum()
    everybody += crews["hiding"].sum() + ledger["prisoners"] + killed[:2].sum()
    assert everybody == people + ledger["fighters_on_day_0"] + ledger["prisoners_on_day_0"]
    assert (np.diff(found["received"]) >= 0).all()
    assert (np.diff(found["spent"]) >= 0).all()
    assert (found["ready"] <= found["strength"]).all()


CHECKS = settings(
    deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.mark.slow
@settings(CHECKS, max_examples=200)
@given(EVENTS, PARAMS, st.integers(0, 2**31))
def test_the_ledger_holds_on_random_scenarios(
    events: list[tuple[int, float, str]], params: dict[str, float], seed: int
) -> None:
    """200 random scenarios of 60 days: every stock balances every day, and people, dead and prisoners add up."""
    holds(scenario_of(events, params, seed))


@settings(CHECKS, max_examples=3)
@given(EVENTS, PARAMS, st.integers(0, 2**31))
def test_the_ledger_holds_on_some_random_scenarios(
    events: list[tuple[int, float, str]], params: dict[str, float], seed: int
) -> None:
    """The same on a few, quick enough for every day."""
    holds(scenario_of(events, params, seed))


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ledger_holds_at_the_ends_of_all_ranges(end: str) -> None:
    """With every parameter at its least, and at its most, the model runs and balances."""
    events = [
        (0, 1, "mandate: {becomes: support-mission, authorised: 2500}"),
        (0, 1, "money: {donor: A, receive: 100000000, monthly: 5000000}"),
        (1, 1, "deploy: {contingent: kenya, officers: 1000, over: 20 days}"),
        (3, 1, "coalition: {active: true}"),
    ]
    holds(scenario_of(events, {name: getattr(given, end) for name, given in registry().items()}, 5))


FAULTS = {
    "people appear or vanish": ("districts", "residents", 3, 1),
    "fighters appear or vanish": ("crews", "hiding", 2, 1),
    "officers appear or vanish": ("units", "officers", 4, 1),
    "prisoners appear or vanish": ("ledger", "prisoners", 0, -1),
    "vehicles appear or vanish": ("contingents", "vehicles", 4, 1),
    "money appears or vanishes": ("institution", "fund", 0, 1),
    "displaced persons do not add up by origin and host": ("districts", "away", 3, 1),
    "a stock is negative": ("crews", "hiding", 2, -10_000),
    "a share is not a finite number between 0 and 1": ("districts", "heat", 3, np.inf),
}


def test_every_finding_has_a_fault() -> None:
    """The faults planted below are all that the ledger can find."""
    assert {*FAULTS, FINDINGS[BALANCED]} == set(FINDINGS)


@pytest.mark.parametrize("says", FAULTS)
def test_planted_faults_are_found(small_scenario: Callable[..., Scenario], says: str) -> None:
    """One person, officer, vehicle or cent too many in the middle of a run stops it the same day, by name."""
    mission = Mission(small_scenario(days=6))
    for _ in range(3):
        mission.step()
    table, field, row, change = FAULTS[says]
    mission.tables[table][field][row] += change
    with pytest.raises(LedgerError, match=f"{says} .*day 3"):
        mission.step()
