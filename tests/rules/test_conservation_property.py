"""The ledger holds on random scenarios, and a fault planted anywhere in a run is found that very day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from teritwa import world
from teritwa.engine.parameters import Parameter
from teritwa.rules.conservation import BALANCED, FINDINGS
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, actions, parse
from teritwa.simulation.model import LedgerError, Mission

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
PLACES = world.load(SMALL)
DISTRICTS, GANGS, DONORS = ([row.id for row in rows] for rows in (PLACES.districts, PLACES.gangs, PLACES.donors))
ALL = [row.id for row in PLACES.contingents]
MISSION = [row.id for row in PLACES.contingents if row.force == "mission"]
DAYS = 60
TARGETS = st.lists(st.sampled_from(DISTRICTS), min_size=1, max_size=4, unique=True).map(lambda n: f"[{', '.join(n)}]")
OVER = st.integers(1, 40)
SWITCH = st.sampled_from(["true", "false"])
LATER = [name for name in sorted(registry()) if not name.endswith("_day0")]


def value_of(parameter: Parameter) -> st.SearchStrategy[float]:
    """Return values of a parameter within its range, its ends among them; a switch is on or off."""
    if parameter.switch:
        return st.booleans()
    if parameter.whole:
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high, allow_subnormal=False).map(lambda value: round(value, 12))


def values_of(names: list[str], most: int) -> st.SearchStrategy[dict[str, float]]:
    """Return values of some of the parameters of these names."""
    return st.lists(st.sampled_from(names), unique=True, max_size=most).flatmap(
        lambda chosen: st.fixed_dictionaries({name: value_of(registry()[name]) for name in chosen})
    )


def written(value: float) -> str:
    """Return a value as a scenario file writes it."""
    return str(value).lower() if isinstance(value, bool) else f"{value}" if isinstance(value, int) else f"{value:.12f}"


def change(values: dict[str, float]) -> str:
    """Return the action that changes some parameters, at least one."""
    given = values or {"attack.rate": 4.0}
    return f"change: {{{', '.join(f'{name}: {written(value)}' for name, value in given.items())}}}"


ACTIONS = st.one_of(
    st.builds("deploy: {{contingent: {}, officers: {}, duration: {} days}}".format,
              st.sampled_from(ALL), st.integers(1, 2500), OVER),
    st.builds("pledge: {{contingent: {}, officers: {}, preparation: {} days}}".format,
              st.sampled_from(MISSION), st.integers(1, 2500), OVER),
    st.builds("withdraw: {{contingent: {}, duration: {} days}}".format, st.sampled_from([*MISSION, "all"]), OVER),
    st.builds("withdraw: {{contingent: {}, officers: {}}}".format, st.sampled_from(MISSION), st.integers(1, 900)),
    st.builds("mandate: {{type: support-mission, authorised: {}, military: {}}}".format,
              st.integers(0, 5000), SWITCH),
    st.builds("mandate: {{type: un-peacekeeping, authorised: {}}}".format, st.integers(0, 5000)),
    st.builds("mandate: {{type: {}, authorised: 2500, until: {}}}".format,
              st.sampled_from(["support-mission", "un-peacekeeping"]), st.dates(date(2024, 1, 20), date(2024, 3, 30))),
    st.just("mandate: {type: none}"),
    st.builds("money: {{donor: {}, pledge: {}, receive: {}}}".format,
              st.sampled_from(DONORS), st.integers(0, 10**9), st.integers(0, 10**9)),
    st.builds("money: {{donor: {}, monthly: {}}}".format, st.sampled_from(DONORS), st.integers(0, 10**8)),
    st.builds("equipment: {{contingent: {}, {}: {}}}".format,
              st.sampled_from(ALL), st.sampled_from(list(actions.EQUIPMENT)), st.integers(1, 200)),
    st.builds("base: {{district: {}, open: {}}}".format, st.sampled_from(DISTRICTS), SWITCH),
    st.builds("coalition: {{active: {}}}".format, SWITCH),
    st.builds("offensive: {{gangs: {}, targets: {}, duration: {} days}}".format,
              st.sampled_from([*GANGS, "coalition"]), TARGETS, OVER),
    st.builds("operation: {{targets: {}, duration: {} days}}".format, TARGETS, OVER),
    st.builds("prison-break: {{escaped: {}}}".format, st.integers(1, 20_000)),
    st.builds("coordination: {{level: {}}}".format, st.sampled_from([0, 0.25, 1])),
    st.builds("coordination: {{staffed: {}}}".format, SWITCH),
    values_of(LATER, 6).map(change),
)  # fmt: skip
EVENTS = st.lists(st.tuples(st.integers(0, DAYS + 5), st.sampled_from([1, 0.5]), ACTIONS), max_size=20)
PARAMS = values_of(sorted(registry()), 16)


def scenario_of(events: list[tuple[int, float, str]], params: dict[str, float], seed: int) -> Scenario:
    """Return a scenario of 60 days in the small world."""
    start = PLACES.start
    lines = [f"schema: 2\nid: random\ntitle: random\nworld: island\nperiod: {{end: {start + timedelta(DAYS - 1)}}}"]
    lines += ["events:"] if events else []
    for number, (day, chance, action) in enumerate(events):
        lines.append(f"  - id: e{number}\n    date: {start + timedelta(day)}\n    probability: {chance}\n    {action}")
    text = "\n".join(lines) + "\n"
    return parse(text, SMALL.parent / "random.yaml").replace(seed=seed, params=params)


def holds(scenario: Scenario) -> Mission:
    """Run a scenario: the ledger is checked each day, and what is reported is possible; return the mission."""
    mission = Mission(scenario)
    found = mission.run()
    assert mission.day == DAYS
    for name, array in found.items():
        assert np.isfinite(array).all(), name
        assert name in ("towns_lost", "progress") or (array >= 0).all(), name
    people_add_up(mission, found)
    gangs_add_up(mission, found)
    money_adds_up(mission, found)
    shares_are_shares(found)
    return mission


def people_add_up(mission: Mission, found: dict[str, np.ndarray]) -> None:
    """Nobody is born: residents, displaced, fighters, prisoners and dead are those of day 0."""
    ledger, districts, crews = mission.tables["ledger"][0], mission.tables["districts"], mission.tables["crews"]
    people = sum(round(row.place.residents_2015 * PLACES.population_growth) for row in PLACES.districts)
    killed = found["killed"].sum(axis=(0, 1))
    assert killed.tolist() == [ledger["civilians_killed"], ledger["fighters_killed"], ledger["officers_killed"]]
    everybody = districts["people"]["residents"].sum() + districts["people"]["displaced_hosted"].sum() + crews["fighters"].sum()
    everybody += crews["hiding"].sum() + ledger["prisoners"] + killed[:2].sum()
    assert everybody == people + ledger["fighters_on_day_0"] + ledger["prisoners_on_day_0"]
    assert found["prisoners"][-1] == ledger["prisoners"]
    assert (found["ready"] <= found["strength"]).all()
    assert found["displaced"][-1] == districts["people"]["displaced_hosted"].sum()
    assert (found["in_camps"] <= found["displaced"]).all()
    assert (found["without_aid"] <= found["in_camps"]).all()
    assert (found["children_displaced"] <= found["displaced"]).all()


def gangs_add_up(mission: Mission, found: dict[str, np.ndarray]) -> None:
    """What is reported of gangs is what their records hold: members, recruits, firearms, takings."""
    ledger, gangs, crews = mission.tables["ledger"][0], mission.tables["gangs"], mission.tables["crews"]
    assert found["members"][-1] == crews["fighters"].sum() + crews["hiding"].sum() == gangs["members"].sum()
    assert found["recruited"].sum() == ledger["recruited"]
    assert (found["children_recruited"] <= found["recruited"]).all()
    assert found["weapons"][-1] == gangs["firearms"].sum()
    assert found["takings"].sum() == pytest.approx(ledger["gang_revenue"] / 100.0)
    assert 0.0 <= gangs["wage_share_paid"].min() <= gangs["wage_share_paid"].max() <= 1.0
    assert 0.0 < gangs["combat_effectiveness"].min() <= gangs["combat_effectiveness"].max() <= 1.0


def money_adds_up(mission: Mission, found: dict[str, np.ndarray]) -> None:
    """Sums since day 0 only grow; what was committed has come or is to come, and is part of what was received."""
    for name in ("pledged", "committed", "received", "spent", "unpaid"):
        assert (np.diff(found[name]) >= 0.0).all(), name
    assert found["fund"] == pytest.approx(found["received"] - found["spent"], abs=0.01)
    one, ledger = mission.tables["institution"][0], mission.tables["ledger"][0]
    assert one_fund["committed"] == one_fund["commitments_outstanding"] + ledger["commitments_received"]
    assert ledger["commitments_received"] <= one_fund["received"]


def shares_are_shares(found: dict[str, np.ndarray]) -> None:
    """What is a share of something is at most all of it."""
    for name in ("trust", "hospitals_open", "coordination", "schools_open", "aid_access", "gang_control"):
        assert found[name].max() <= 1.0, name
    assert np.abs(found["progress"]).max() <= 1.0


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


def test_random_scenarios_know_every_action() -> None:
    """Among two thousand events all kinds of action are drawn, and all kinds of equipment; all parameters may be."""
    drawn: list[str] = []

    @settings(CHECKS, max_examples=2000)
    @given(ACTIONS)
    def draw(action: str) -> None:
        drawn.append(action)

    draw()
    assert {action.split(":")[0] for action in drawn} == set(actions.NAMES)
    text = " ".join(drawn)
    for word in (*actions.EQUIPMENT, "military", "staffed", "until", *MISSION):
        assert word in text, word


@pytest.mark.parametrize("acts", [True, False])
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ledger_holds_at_the_ends_of_all_ranges(end: str, acts: bool) -> None:
    """With every number at its least or its most and every switch on or off, the model runs and balances."""
    events = [
        (0, 1, "mandate: {type: support-mission, authorised: 2500, military: true}"),
        (0, 1, "money: {donor: main-donor, receive: 100000000, monthly: 5000000}"),
        (1, 1, "deploy: {contingent: kenya, officers: 1000, duration: 20 days}"),
        (1, 1, "pledge: {contingent: lakeland, officers: 300, preparation: 5 days}"),
        (2, 1, "equipment: {contingent: kenya, vehicles: 50, helicopters: 2, armed_drones: 3, night_vision: 200}"),
        (3, 1, "coalition: {active: true}"),
        (4, 1, "base: {district: amber-gardens, open: true}"),
        (9, 1, "mandate: {type: un-peacekeeping, authorised: 3000}"),
    ]
    params = {name: acts if given.switch else getattr(given, end) for name, given in registry().items()}
    holds(scenario_of(events, params, 5))


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
    "weapons appear or vanish": ("gangs", "weapons", 1, 1),
    "cash of gangs appears or vanishes": ("gangs", "treasury", 1, 1),
    "commitments of donors appear or vanish": ("institution", "coming", 0, 1),
}
MORE_FAULTS = [
    ("a stock is negative", "contingents", "preparing", 4, -1),
    ("a stock is negative", "contingents", "broken", 4, -1),
    ("a stock is negative", "districts", "brigade", 1, -1_000_000),
    ("a stock is negative", "gangs", "weapons", 1, -1_000_000),
    ("a stock is negative", "institution", "coming", 0, -1),
    ("officers appear or vanish", "contingents", "officers", 2, 1),
    ("weapons appear or vanish", "ledger", "weapons_smuggled", 0, 1),
    ("cash of gangs appears or vanishes", "ledger", "wages", 0, 1),
    ("commitments of donors appear or vanish", "institution", "committed", 0, 1),
    ("a share is not a finite number between 0 and 1", "districts", "trust", 3, 2.0),
    ("a share is not a finite number between 0 and 1", "districts", "schools", 3, 5.0),
    ("a share is not a finite number between 0 and 1", "contingents", "readiness", 4, 5.0),
]


def test_every_finding_has_a_fault() -> None:
    """The faults planted below are all that the ledger can find."""
    assert {*FAULTS, FINDINGS[BALANCED]} == set(FINDINGS)


@pytest.mark.parametrize(
    ("says", "table", "field", "row", "change_by"),
    [*((says, *fault) for says, fault in FAULTS.items()), *MORE_FAULTS],
)
def test_planted_faults_are_found(
    small_scenario: Callable[..., Scenario], says: str, table: str, field: str, row: int, change_by: float
) -> None:
    """One person, officer, vehicle, firearm or cent too many in the middle of a run stops it the same day, by name."""
    mission = Mission(small_scenario(days=6))
    for _ in range(3):
        mission.step()
    mission.tables[table][field][row] += change_by
    with pytest.raises(LedgerError, match=f"{says} .*day 3"):
        mission.step()
