"""Relations between runs: absence has no effects, rates are monotone, shared chance pairs runs.

Where nobody is, nothing is done; a higher rate gives no fewer events; runs that share their
chance differ less.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE
from teritwa.rules.mission.donors import daily_part
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario
from teritwa.simulation.model import Mission

SMALL = Path(__file__).parents[1] / "scenarios" / "worlds" / "island"
KEELAND, MISSION_ROWS = 4, [0, 4, 5, 6, 7]
MONEY = """
  - id: pay
    date: 2024-01-01
    money: {donor: trust-fund, pledge: 500e6, receive: 100e6}
  - id: pay-monthly
    date: 2024-01-01
    money: {donor: main-donor, monthly: 5e6}
  - id: pay-monthly-too
    date: 2024-01-01
    money: {donor: further-donors, monthly: 2e6}
"""
MISSION = (
    MONEY
    + """
  - id: law
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 2000}
  - id: vehicles
    date: 2024-01-01
    equipment: {contingent: keeland, vehicles: 40, helicopters: 2, night_vision: 100}
"""
)
OFFICERS = (
    MISSION
    + """
  - id: they-come
    date: 2024-01-06
    deploy: {contingent: keeland, officers: 400}
"""
)
AT_ONCE = """
  - id: at-once
    date: 2024-01-01
    deploy: {contingent: keeland, officers: 400}
  - id: drones
    date: 2024-01-01
    equipment: {contingent: keeland, armed_drones: 8}
"""
BREAK = """
  - id: break
    date: 2024-01-03
    prison-break: {escaped: 3000}
"""
FEW_FIREARMS = {"arms.firearms_per_fighter_day0": 0.4}
NO_CASH = {"extortion.cash_weeks_day0": 0.0}
POOR = {**FEW_FIREARMS, "arms.smuggling_rate": 100.0, "extortion.cash_weeks_day0": 0.5}
BUSY = {
    "tasking.own_share_out": 0.8,
    "tasking.mission_share_out": 0.6,
}
MONEY_OUTCOMES = {"fund_balance", "funds_pledged", "funds_received"}
SPENDING = ("funds_spent", "costs_unpaid", "funds_committed", "perceived_progress")


@pytest.fixture
def without_gangs(tmp_path: Path) -> Path:
    """Copy the small world without crews and with every district under the state."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "peace"))
    (folder / "crews.csv").write_text("gang,district,weight,source\n", encoding="utf-8")
    path = folder / "districts.csv"
    head, *rows = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    for row in rows:
        row[head.index("gang_influence")], row[head.index("holder")] = "0", "state"
    path.write_text("".join(",".join(row) + "\n" for row in (head, *rows)), encoding="utf-8")
    return folder


def differing(one: dict[str, Array], other: dict[str, Array]) -> set[str]:
    """Return the names of the outcomes that are not the same to the last bit."""
    assert one.keys() == other.keys()
    return {name for name in one if not np.array_equal(one[name], other[name])}


def test_zero_gangs_do_nothing(
    small_scenario: Callable[..., Scenario], without_gangs: Path
) -> None:
    """Without gangs nobody is killed, kidnapped or recruited, not even after a prison break.

    Nobody has a firearm, no vehicle is damaged, and the displaced return home. Nobody founds a gang
    or dies in a dispute, for both are switched off.
    """
    off = {"emergence.enabled": False, "everyday_violence.enabled": False}
    mission = Mission(small_scenario(OFFICERS + BREAK, params=off, world=without_gangs))
    found = mission.run()
    for name in (
        "killed", "injured", "killed_counted", "injured_counted", "kidnapped", "recruited",
        "children_recruited", "gang_members", "gang_fighters", "gang_firearms", "gang_revenue",
        "attacks", "operations", "cleared", "recaptured", "gang_influence", "held_by_gangs",
        "towns_lost", "vehicles_broken", "newly_displaced", "gang_control_capital",
        "gang_control_districts", "gang_control_national",
    ):  # fmt: skip
        assert not found[name].any(), name
    for name in ("firearms", "treasury", "revenue_today", "firearm_demand", "members"):
        assert not mission.tables["gangs"][name].any(), name
    ledger = mission.tables["ledger"][0]
    for name in ("firearms_smuggled", "wages_paid", "arms_spending"):
        assert ledger[name] == 0, name
    for name in ("escaped_to_gangs", "arrested", "deserted"):
        assert ledger[name] == 0, name
    assert ledger["escaped"] == 3000
    assert found["displaced"][-1] < found["displaced"][0] <= 4400
    assert found["officers_deployed"][-1].sum() > 400


def test_zero_officers_do_nothing(small_scenario: Callable[..., Scenario]) -> None:
    """A mission with a mandate, money and vehicles but no officers kills nobody and spends nothing.

    All other outcomes are as without it.
    """
    empty, none = (Mission(small_scenario(events)).run() for events in (MISSION, ""))
    assert not empty["killed"][:, 2].any()
    assert not empty["injured"][:, 2].any()
    for name in (*SPENDING, "vehicles_broken"):
        assert not empty[name].any(), name
    for name in ("officers_deployed", "officers_operational", "officers_in_preparation"):
        assert not empty[name][:, MISSION_ROWS].any(), name
    assert differing(empty, none) == MONEY_OUTCOMES | {"mandate", "officers_authorised", "vehicles"}


def test_drones_need_officers(small_scenario: Callable[..., Scenario]) -> None:
    """Drones of a contingent without officers in the country neither watch nor strike."""
    drones = (
        "  - id: drones\n    date: 2024-01-01\n    equipment: {contingent: keeland, KIND: 20}\n"
    )
    none = Mission(small_scenario(MISSION, days=10)).run()
    for kind in ("armed_drones", "surveillance_drones"):
        events = MISSION + drones.replace("KIND", kind)
        assert differing(Mission(small_scenario(events, days=10)).run(), none) == set(), kind


def test_zero_mission_costs_nothing(small_scenario: Callable[..., Scenario]) -> None:
    """Without a mandate and officers, donors change only the balance: nothing is spent or owed."""
    base = "  - id: base\n    date: 2024-01-02\n    base: {district: amber-heights, open: true}\n"
    with_money, without = (
        Mission(small_scenario(events + base, days=20)).run() for events in (MONEY, "")
    )
    assert differing(with_money, without) == MONEY_OUTCOMES
    assert with_money["fund_balance"].tolist() == [100e6] * 20
    assert with_money["funds_pledged"].tolist() == [500e6] * 20
    for name in SPENDING:
        assert not with_money[name].any(), name


@pytest.mark.parametrize(
    "family", ["donors", "budget", "mandate", "force_generation", "contingents", "bases"]
)
@pytest.mark.parametrize("end", ["low", "high"])
def test_parameters_of_a_mission_do_nothing_without_one(
    small_scenario: Callable[..., Scenario], family: str, end: str
) -> None:
    """Without a mission, the parameters of those who send and pay it change no outcome."""
    values = {
        name: getattr(given, end)
        for name, given in registry().items()
        if name.startswith(f"{family}.") and not given.switch
    }
    default = Mission(small_scenario(days=10)).run()
    other = Mission(small_scenario(params=values, days=10)).run()
    assert values
    assert differing(default, other) == set()


def test_the_mission_acts_once_it_is_there(small_scenario: Callable[..., Scenario]) -> None:
    """The same mission with officers changes outcomes, so the tests above can fail."""
    found, none = (Mission(small_scenario(events)).run() for events in (OFFICERS, MISSION))
    assert found["officers_deployed"][-1, KEELAND] > 300
    assert found["funds_spent"][-1] > 0
    expected = {"killed", "funds_spent", "officers_deployed", "coordination", "operations"}
    assert differing(found, none) > expected


def test_promised_officers_are_somewhere(small_scenario: Callable[..., Scenario]) -> None:
    """Without withdrawals, promised officers are in preparation, in transit, deployed or dead."""
    promises = "".join(
        f"  - id: {name}\n    date: 2024-01-0{day}\n"
        f"    pledge: {{contingent: {name}, officers: {officers}, preparation: {days} days}}\n"
        for name, officers, day, days in (
            ("keeland", 300, 1, 3),
            ("lakeland", 150, 2, 5),
            ("granby", 90, 3, 90),
        )
    )
    params: dict[str, object] = {"force_generation.withdrawal_hazard": 0.0}
    mission = Mission(small_scenario(MISSION + promises, params, days=25))
    dead, seen = 0, set[str]()
    stages = ("in_preparation", "in_transit", "officers")
    for day in range(25):
        mission.step()
        contingents = mission.tables["contingents"][MISSION_ROWS]
        dead += int(mission.tables["daily"]["mission_killed"][0])
        promised = {name: int(contingents[name].sum()) for name in stages}
        assert sum(promised.values()) + dead == (300 if day == 0 else 450 if day == 1 else 540), day
        seen |= {name for name, officers in promised.items() if officers}
    assert seen == set(stages)
    assert mission.tables["contingents"]["in_preparation"][[KEELAND, 5]].tolist() == [0, 150]


def test_reporting_more_changes_only_the_reported_numbers(
    small_scenario: Callable[..., Scenario],
) -> None:
    """A larger share reported where gangs hold reports more, at most all; nothing else differs.

    If the share changes on day 10, the numbers are those of either share, before and from then on.
    """
    name = "casualties.reporting_rate_under_gangs"
    change = f"  - id: look\n    date: 2024-01-11\n    change: {{{name}: 1}}\n"
    scenarios = [small_scenario(OFFICERS, {name: share}, days=20) for share in (0.5, 0.75, 1.0)]
    shares = [Mission(scenario).run() for scenario in scenarios]
    changing = Mission(small_scenario(OFFICERS + change, {name: 0.5}, days=20)).run()
    for name, true in (("killed_counted", "killed"), ("injured_counted", "injured")):
        few, some, every = (found[name] for found in shares)
        assert (few <= some).all()
        assert (some <= every).all()
        assert few[:10].sum() < some[:10].sum() < every[:10].sum()
        but_individuals = shares[0][true].sum(axis=2)[:, :5]
        assert np.array_equal(every[:, :5], but_individuals)
        assert not every[:, 5].any()
        assert np.array_equal(changing[name], np.concatenate([few[:10], every[10:]]))
        assert few[10:].sum() < every[10:].sum()
    for found in (*shares[1:], changing):
        assert differing(shares[0], found) == {"killed_counted", "injured_counted"}


def on_the_first_day(
    scenario: Scenario, replicate: int, measure: str, where: tuple[int, ...]
) -> float:
    """Return a number of the first day: an element of an outcome, or a field of a table."""
    mission = Mission(scenario, 0, replicate)
    found = mission.run()
    table, _, field = measure.partition(".")
    if field:
        return float(mission.tables[table][field][0])
    return float(found[measure][0][where].sum())


@pytest.mark.parametrize(
    ("name", "values", "measure", "where", "others"),
    [
        ("gang_rivalry.rate", (4.0, 9.0, 14.0), "killed", (0, 1), {}),
        ("kidnapping.rate", (2.0, 5.0, 8.0), "kidnapped", (), {}),
        ("membership.recruitment_rate", (0.1, 0.5, 1.0), "recruited", (), {}),
        ("injuries.per_killed_attack", (0.25, 0.5, 1.0), "injured", (), {}),
        ("operations.lethality", (0.00024, 0.005, 0.01), "killed", (2, 1), BUSY),
        ("self_defence.lethality", (0.0001, 0.002, 0.01), "killed", (4, 1), {}),
        ("displacement.displaced_per_killed", (40.0, 120.0, 250.0), "newly_displaced", (), {}),
        ("arms.wear_rate", (0.0002, 0.002, 0.005), "ledger.firearms_lost", (), {}),
        (
            "arms.smuggling_rate",
            (3.0, 30.0, 100.0),
            "ledger.firearms_smuggled",
            (),
            FEW_FIREARMS,
        ),
        ("extortion.rate_per_person", (0.05, 0.5, 2.0), "gang_revenue", (), {}),
        ("extortion.road_toll", (100.0, 800.0, 5000.0), "gang_revenue", (), {}),
        ("extortion.port_toll", (1000.0, 10_000.0, 50_000.0), "gang_revenue", (), {}),
        ("extortion.mean_ransom", (300.0, 3000.0, 20_000.0), "gang_revenue", (), {}),
        ("extortion.petty_income", (0.0, 10.0, 30.0), "gang_revenue", (), {}),
        ("extortion.unpaid_desertion", (0.0, 3.0, 10.0), "ledger.deserted", (), NO_CASH),
        ("services.child_recruitment_weight", (0.2, 0.5, 1.0), "children_recruited", (), {}),
        ("services.closure_share", (0.2, 0.5, 1.0), "out_of_school", (), {}),
        ("equipment.vehicle_hit_rate", (0.01, 0.1, 0.5), "vehicles_broken", (), BUSY),
        ("drones.strike_rate", (0.02, 0.5, 2.0), "killed", (2, 1), {}),
        ("attack.rate", (0.5, 2.5, 5.0), "attacks", (), {}),
    ],
)
def test_a_higher_rate_gives_no_fewer_events(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], measure: str,
    where: tuple[int, ...], others: dict[str, float],
) -> None:  # fmt: skip
    """Raising only a rate never lowers its own count on the first day, in any of 3 runs."""
    check_rising(small_scenario, name, values, (measure, where), others)


@pytest.mark.parametrize(
    ("name", "values", "measure", "others"),
    [
        ("services.programme_jobs", (0.0, 0.5, 1.0), "recruited", {}),
        ("services.programme_support", (0.0, 0.5, 1.0), "recruited", {}),
        ("services.programme_support", (0.0, 0.5, 1.0), "out_of_school", {}),
        ("services.enrolment_share", (0.5, 0.75, 0.95), "out_of_school", {}),
        ("extortion.unpaid_recruitment_loss", (0.0, 0.5, 1.0), "recruited", NO_CASH),
        ("aid.coverage", (0.4, 0.65, 0.95), "displaced_without_aid", {}),
        ("aid.passage_share", (0.2, 0.6, 1.0), "displaced_without_aid", {}),
        ("arms.embargo_effectiveness", (0.0, 0.5, 0.95), "ledger.firearms_smuggled", FEW_FIREARMS),
        ("arms.firearm_price", (300, 1500, 6000), "ledger.firearms_smuggled", POOR),
        ("gang_rivalry.truce_effect", (0.3, 0.6, 0.9), "killed", {}),
        ("contingents.unit_size", (20, 50, 150), "counters.units", {}),
    ],
)  # fmt: skip
def test_what_reduces_never_adds(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], measure: str,
    others: dict[str, float],
) -> None:  # fmt: skip
    """More jobs, schools, aid or embargo alone never add to what they reduce on that day."""
    check_rising(small_scenario, name, values[::-1], (measure, ()), others)


def check_rising(
    small_scenario: Callable[..., Scenario],
    name: str,
    values: tuple[float, ...],
    measured: tuple[str, tuple[int, ...]],
    others: dict[str, float],
) -> None:
    """Assert that a number of the first day never falls along a parameter, and rises somewhere."""
    united = "  - id: united\n    date: 2024-01-01\n    coalition: {active: true}\n"
    params = {"gang_rivalry.bystander_share": 0.3, **others}
    events = MISSION + AT_ONCE + united
    scenarios = [small_scenario(events, {**params, name: value}, days=1) for value in values]
    rises = []
    for replicate in range(3):
        row = [on_the_first_day(one, replicate, *measured) for one in scenarios]
        assert row == sorted(row)
        rises.append(row[0] < row[-1])
    assert any(rises)


def test_more_attacks_take_none_away(small_scenario: Callable[..., Scenario]) -> None:
    """At a higher rate of attacks every crew that attacked on the first night keeps its target."""
    for replicate in range(6):
        scenarios = (small_scenario(params={"attack.rate": rate}, days=1) for rate in (0.5, 5.0))
        few, many = (Mission(scenario, 0, replicate) for scenario in scenarios)
        few.step()
        many.step()
        before, after = (one.tables["crews"]["target"][:12] for one in (few, many))
        assert np.array_equal(after[before >= 0], before[before >= 0])


@pytest.mark.slow
@pytest.mark.parametrize("replicate", range(6))
def test_an_embargo_never_lets_more_in(
    small_scenario: Callable[..., Scenario], replicate: int
) -> None:
    """While gangs lack firearms, a stricter embargo lets fewer in over 60 days, in every run."""
    smuggled = []
    for embargo in (0.0, 0.3, 0.6, 0.95):
        params = {"arms.firearms_per_fighter_day0": 0.5, "arms.embargo_effectiveness": embargo}
        mission = Mission(small_scenario(params=params, days=60), 0, replicate, [])
        mission.run()
        smuggled.append(int(mission.tables["ledger"]["firearms_smuggled"][0]))
    assert smuggled == sorted(smuggled, reverse=True)
    assert smuggled[0] > 2 * smuggled[-1] > 0


@pytest.mark.parametrize("catch_22", [False, True])
def test_donors_see_success_only_in_the_catch_22(
    small_scenario: Callable[..., Scenario], catch_22: bool
) -> None:
    """Territory set free by the test brings more money where donors wait for success, else none.

    On day 10, after the mission began, the whole capital goes to the state in one of two runs.
    """
    params = {
        "donors.catch_22": catch_22, "donors.progress_target": 0.0,
        "donors.perception_time": 30.0, "donors.killings_weight": 0.0,
        "donors.disbursement_time": 15.0, "donors.added_funding": 100.0,
    }  # fmt: skip
    unchanged, freed = (Mission(small_scenario(OFFICERS, params, days=30)) for _ in range(2))
    for mission in (unchanged, freed):
        for _ in range(10):
            mission.step()
    capital = freed.tables["districts"]["place"]["metropolitan"]
    freed.tables["districts"]["control"]["gang_influence"][capital] = 0.0
    freed.tables["districts"]["control"]["holder"][capital] = STATE
    before, after = unchanged.run(), freed.run()
    assert after["gang_control_capital"][10] < before["gang_control_capital"][10]
    assert after["perceived_progress"][-1] > before["perceived_progress"][-1]
    assert np.array_equal(before["funds_received"], after["funds_received"]) != catch_22
    assert (after["funds_received"][-1] > before["funds_received"][-1]) == catch_22
    assert (after["funds_committed"][-1] > 0.0) == catch_22


def test_without_the_catch_22_donors_pay_what_they_announced(
    small_scenario: Callable[..., Scenario],
) -> None:
    """Donors pay $100 million at once and $7 million a month, to the cent and to the day."""
    found = Mission(small_scenario(OFFICERS, {"donors.catch_22": False}, days=30)).run()
    daily = [daily_part(700_000_000, day) for day in range(30)]
    cents = 10_000_000_000 + np.cumsum(daily)
    assert found["funds_received"].tolist() == (cents / 100.0).tolist()
    assert not found["funds_committed"].any()


def costs_of(officers: Array) -> Array:
    """Return the cost of officers by day at $20,000 a month each (US dollars)."""
    cents = [daily_part(int(number) * 2_000_000, day) for day, number in enumerate(officers)]
    return np.array(cents) / 100.0


def test_money_is_spent_on_deployed_officers(small_scenario: Callable[..., Scenario]) -> None:
    """Without bases and vehicles, what is spent and owed is the cost of each day's officers."""
    events = OFFICERS.replace("vehicles: 40, helicopters: 2, ", "")
    params = {"budget.cost_per_officer_month": 20_000}
    found = Mission(small_scenario(events, params, days=30)).run()
    deployed = found["officers_deployed"]
    officers_at_dawn = deployed.sum(axis=1) - deployed[:, 1:4].sum(axis=1)
    dead = found["killed"][:, 0, 2]
    cost = np.diff(found["funds_spent"] + found["costs_unpaid"], prepend=0.0)
    least, most = costs_of(officers_at_dawn), costs_of(officers_at_dawn + dead)
    assert (cost >= least - 0.01).all()
    assert (cost <= most + 0.01).all()
    assert cost[:5].sum() == 0.0 < cost[-1]


@pytest.mark.slow
def test_paired_runs_differ_less(small_scenario: Callable[..., Scenario]) -> None:
    """The difference that 400 officers make varies less between runs that share their chance."""
    with_them, without = small_scenario(OFFICERS, days=20), small_scenario(MISSION, days=20)

    def killed(scenario: Scenario, replicate: int) -> float:
        return float(Mission(scenario, 0, replicate, ["killed"]).run()["killed"].sum())

    one = np.array([killed(with_them, replicate) for replicate in range(60)])
    two = np.array([killed(without, replicate) for replicate in range(61)])
    paired, unpaired = (one - two[:60]).std(), (one - two[1:]).std()
    assert 0.0 < paired < unpaired
