"""Relations between runs: nobody there, nothing done; a higher chance, no fewer events; shared noise, less of it."""

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
KENYA, MISSION_ROWS = 4, [0, 4, 5, 6, 7]
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
    equipment: {contingent: kenya, vehicles: 40, helicopters: 2, night_vision: 100}
"""
)
OFFICERS = (
    MISSION
    + """
  - id: they-come
    date: 2024-01-06
    deploy: {contingent: kenya, officers: 400}
"""
)
AT_ONCE = """
  - id: at-once
    date: 2024-01-01
    deploy: {contingent: kenya, officers: 400}
  - id: drones
    date: 2024-01-01
    equipment: {contingent: kenya, armed_drones: 8}
"""
BREAK = """
  - id: break
    date: 2024-01-03
    prison-break: {escaped: 3000}
"""
POOR = {"arms.firearms_per_fighter_day0": 0.4, "arms.smuggling_rate": 100.0, "extortion.cash_weeks_day0": 0.5}
BUSY = {"tasking.attack_elasticity": 0.0, "tasking.own_sent_probability": 0.8, "tasking.mission_sent_probability": 0.8}
OF_MONEY = {"fund_balance", "funds_pledged", "funds_received"}


@pytest.fixture
def without_gangs(tmp_path: Path) -> Path:
    """Copy the small world without crews and with every place under the state."""
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


def test_zero_gangs_do_nothing(small_scenario: Callable[..., Scenario], without_gangs: Path) -> None:
    """Without gangs nobody is killed, hurt, robbed, recruited or held, not even those who broke out of prison.

    Nobody has a weapon, no vehicle is shot up, and the displaced go home.
    """
    mission = Mission(small_scenario(OFFICERS + BREAK, world=without_gangs))
    found = mission.run()
    for name in (
        "killed", "injured", "killed_counted", "injured_counted", "kidnapped", "recruited", "children_recruited",
        "gang_members", "gang_fighters", "gang_firearms", "gang_revenue", "attacks", "operations", "cleared", "recaptured", "gang_influence",
        "towns_lost", "vehicles_broken", "newly_displaced", "gang_control_capital", "gang_control_districts",
        "gang_control_national",
    ):  # fmt: skip
        assert not found[name].any(), name
    for name in ("gang_firearms", "treasury", "gang_revenue", "wanted", "fighters"):
        assert not mission.tables["gangs"][name].any(), name
    ledger = mission.tables["ledger"][0]
    for name in ("weapons_smuggled", "wages", "arms_bill", "escaped_to_gangs", "arrested", "deserted"):
        assert ledger[name] == 0, name
    assert ledger["escaped"] == 3000
    assert found["displaced"][-1] < found["displaced"][0] <= 4400
    assert found["officers_deployed"][-1].sum() > 400


def test_zero_officers_do_nothing(small_scenario: Callable[..., Scenario]) -> None:
    """A mission with law, money and vehicles but no officers kills, spends and is nothing; the rest is as without."""
    empty, none = (Mission(small_scenario(events)).run() for events in (MISSION, ""))
    assert not empty["killed"][:, 2].any()
    assert not empty["injured"][:, 2].any()
    for name in ("funds_spent", "costs_unpaid", "funds_committed", "perceived_progress", "vehicles_broken"):
        assert not empty[name].any(), name
    for name in ("officers_deployed", "officers_operational", "officers_in_preparation"):
        assert not empty[name][:, MISSION_ROWS].any(), name
    assert differing(empty, none) == OF_MONEY | {"mandate", "officers_authorised", "vehicles"}


def test_drones_need_officers(small_scenario: Callable[..., Scenario]) -> None:
    """Drones of a contingent of which nobody is in the country neither watch nor strike."""
    drones = "  - id: drones\n    date: 2024-01-01\n    equipment: {contingent: kenya, KIND: 20}\n"
    none = Mission(small_scenario(MISSION, days=10)).run()
    for kind in ("armed_drones", "surveillance_drones"):
        events = MISSION + drones.replace("KIND", kind)
        assert differing(Mission(small_scenario(events, days=10)).run(), none) == set(), kind


def test_zero_mission_costs_nothing(small_scenario: Callable[..., Scenario]) -> None:
    """Without a mandate and officers donors change nothing but the account: nothing is spent, owed or committed."""
    base = "  - id: base\n    date: 2024-01-02\n    base: {district: amber-heights, open: true}\n"
    with_money, without = (Mission(small_scenario(events + base, days=20)).run() for events in (MONEY, ""))
    assert differing(with_money, without) == OF_MONEY
    assert with_money["fund_balance"].tolist() == [100e6] * 20
    assert with_money["funds_pledged"].tolist() == [500e6] * 20
    for name in ("funds_spent", "costs_unpaid", "funds_committed", "perceived_progress"):
        assert not with_money[name].any(), name


@pytest.mark.parametrize("family", ["donors", "fund", "mandate", "contributors", "contingents", "bases"])
@pytest.mark.parametrize("end", ["low", "high"])
def test_numbers_of_a_mission_do_nothing_without_one(
    small_scenario: Callable[..., Scenario], family: str, end: str
) -> None:
    """Without a mission all numbers of who sends and pays it may be what they like: no outcome differs by a bit."""
    values = {
        name: getattr(given, end)
        for name, given in registry().items()
        if name.startswith(f"{family}.") and not given.switch
    }
    usual, other = (Mission(small_scenario(params=params, days=10)).run() for params in ({}, values))
    assert values
    assert differing(usual, other) == set()


def test_the_mission_acts_once_it_is_there(small_scenario: Callable[..., Scenario]) -> None:
    """The same mission with officers does change something: the tests above can fail."""
    found, none = (Mission(small_scenario(events)).run() for events in (OFFICERS, MISSION))
    assert found["officers_deployed"][-1, KENYA] > 300
    assert found["funds_spent"][-1] > 0
    assert differing(found, none) > {"killed", "funds_spent", "officers_deployed", "coordination", "operations"}


def test_promised_officers_are_somewhere(small_scenario: Callable[..., Scenario]) -> None:
    """Where nobody calls them home, officers promised are in preparation, on the way, here or dead, on every day."""
    promises = "".join(
        f"  - id: {name}\n    date: 2024-01-0{day}\n"
        f"    pledge: {{contingent: {name}, officers: {officers}, preparation: {days} days}}\n"
        for name, officers, day, days in (("kenya", 300, 1, 3), ("lakeland", 150, 2, 5), ("guatemala", 90, 3, 90))
    )
    mission = Mission(small_scenario(MISSION + promises, {"force_generation.withdrawal_hazard": 0.0}, days=25))
    dead, seen = 0, set()
    for day in range(25):
        mission.step()
        contingents = mission.tables["contingents"][MISSION_ROWS]
        dead += int(mission.tables["daily"]["mission_killed"][0])
        where = [int(contingents[name].sum()) for name in ("officers_in_preparation", "waiting", "officers")]
        assert sum(where) + dead == (300 if day == 0 else 450 if day == 1 else 540), day
        seen |= {
            name for name, people in zip(("officers_in_preparation", "waiting", "here"), where, strict=True) if people
        }
    assert seen == {"officers_in_preparation", "waiting", "here"}
    assert mission.tables["contingents"]["in_preparation"][[KENYA, 5]].tolist() == [0, 150]


def test_counting_more_changes_nothing_but_the_counts(small_scenario: Callable[..., Scenario]) -> None:
    """The larger the share counted where gangs hold the more is counted, at most all; no other outcome differs.

    With a share that changes on day 10 the counts are those of either share, before and from that day on.
    """
    change = "  - id: look\n    date: 2024-01-11\n    change: {casualties.reporting_rate_under_gangs: 1}\n"
    shares = [
        Mission(small_scenario(OFFICERS, {"casualties.reporting_rate_under_gangs": share}, days=20)).run()
        for share in (0.5, 0.75, 1.0)
    ]
    changing = Mission(small_scenario(OFFICERS + change, {"casualties.reporting_rate_under_gangs": 0.5}, days=20)).run()
    for name, true in (("killed_counted", "killed"), ("injured_counted", "injured")):
        few, some, all_of_them = (found[name] for found in shares)
        assert (few <= some).all()
        assert (some <= all_of_them).all()
        assert few[:10].sum() < some[:10].sum() < all_of_them[:10].sum()
        assert np.array_equal(all_of_them, shares[0][true].sum(axis=2))
        assert np.array_equal(changing[name], np.concatenate([few[:10], all_of_them[10:]]))
        assert few[10:].sum() < all_of_them[10:].sum()
    for found in (*shares[1:], changing):
        assert differing(shares[0], found) == {"killed_counted", "injured_counted"}


def of_the_first_day(scenario: Scenario, replicate: int, measure: str, where: tuple[int, ...]) -> float:
    """Return a number of the first day: a place in an outcome, or a field of the ledger."""
    mission = Mission(scenario, 0, replicate)
    found = mission.run()
    table, _, field = measure.partition(".")
    return float(mission.tables[table][field][0]) if field else float(found[measure][0][where].sum())


@pytest.mark.parametrize(
    ("name", "values", "measure", "where", "others"),
    [
        ("gang_rivalry.rate", (4.0, 9.0, 14.0), "killed", (0, 1), {}),
        ("kidnapping.rate", (2.0, 5.0, 8.0), "kidnapped", (), {}),
        ("membership.recruitment_rate", (0.1, 0.5, 1.0), "recruited", (), {}),
        ("casualties.injured_per_killed", (0.2, 0.4, 1.0), "injured", (), {}),
        ("operations.lethality", (0.00024, 0.005, 0.01), "killed", (3, 1), BUSY),
        ("self_defence.lethality", (0.0001, 0.002, 0.01), "killed", (4, 1), {}),
        ("displacement.displaced_per_killed", (100.0, 300.0, 500.0), "newly_displaced", (), {}),
        ("arms.wear_rate", (0.0002, 0.002, 0.005), "ledger.weapons_lost", (), {}),
        (
            "arms.smuggling_rate",
            (3.0, 30.0, 100.0),
            "ledger.weapons_smuggled",
            (),
            {"arms.firearms_per_fighter_day0": 0.4},
        ),
        ("extortion.rate_per_person", (0.05, 0.5, 2.0), "gang_revenue", (), {}),
        ("extortion.road_toll", (100.0, 800.0, 5000.0), "gang_revenue", (), {}),
        ("extortion.port_toll", (1000.0, 10_000.0, 50_000.0), "gang_revenue", (), {}),
        ("extortion.mean_ransom", (300.0, 3000.0, 20_000.0), "gang_revenue", (), {}),
        ("extortion.petty_income", (0.0, 10.0, 30.0), "gang_revenue", (), {}),
        ("extortion.unpaid_desertion", (0.0, 3.0, 10.0), "ledger.deserted", (), {"extortion.cash_weeks_day0": 0.0}),
        ("services.child_recruitment_weight", (0.2, 0.5, 1.0), "children_recruited", (), {}),
        ("services.closure_share", (0.2, 0.5, 1.0), "out_of_school", (), {}),
        ("equipment.vehicle_hit_rate", (0.01, 0.1, 0.5), "vehicles_broken", (), BUSY),
        ("drones.strike_rate", (0.02, 0.5, 2.0), "killed", (2, 1), {}),
        ("attack.rate", (0.5, 2.5, 5.0), "attacks", (), {}),
    ],
)
def test_a_higher_chance_is_no_fewer_events(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], measure: str,
    where: tuple[int, ...], others: dict[str, float],
) -> None:  # fmt: skip
    """Raising a rate alone, with the same noise, never lowers its own count within the first day, in any of 3 runs."""
    rising(small_scenario, name, values, measure, where, others)


@pytest.mark.parametrize(
    ("name", "values", "measure", "others"),
    [
        ("services.programme_jobs", (0.0, 0.5, 1.0), "recruited", {}),
        ("services.programme_support", (0.0, 0.5, 1.0), "recruited", {}),
        ("services.programme_support", (0.0, 0.5, 1.0), "out_of_school", {}),
        ("services.enrolment_share", (0.5, 0.75, 0.95), "out_of_school", {}),
        ("extortion.unpaid_recruitment_loss", (0.0, 0.5, 1.0), "recruited", {"extortion.cash_weeks_day0": 0.0}),
        ("aid.coverage", (0.4, 0.65, 0.95), "displaced_without_aid", {}),
        ("aid.passage_share", (0.2, 0.6, 1.0), "displaced_without_aid", {}),
        ("arms.embargo_effectiveness", (0.0, 0.5, 0.95), "ledger.weapons_smuggled", {"arms.firearms_per_fighter_day0": 0.4}),
        ("arms.firearm_price", (300, 1500, 6000), "ledger.weapons_smuggled", POOR),
        ("gang_rivalry.truce_effect", (0.3, 0.6, 0.9), "killed", {}),
        ("contingents.unit_size", (20, 50, 150), "institution.units", {}),
    ],
)  # fmt: skip
def test_what_holds_back_never_adds(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], measure: str,
    others: dict[str, float],
) -> None:  # fmt: skip
    """Jobs, schools, aid, an embargo and the like: more of it alone is never more of what it holds back that day."""
    rising(small_scenario, name, values[::-1], measure, (), others)


def rising(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], measure: str,
    where: tuple[int, ...], others: dict[str, float],
) -> None:  # fmt: skip
    """Prove that a measure of the first day never falls along values of a parameter, and rises somewhere."""
    united = "  - id: united\n    date: 2024-01-01\n    coalition: {active: true}\n"
    params = {"gang_rivalry.bystander_share": 0.3, **others}
    scenarios = [small_scenario(MISSION + AT_ONCE + united, {**params, name: value}, days=1) for value in values]
    rows = [[of_the_first_day(one, replicate, measure, where) for one in scenarios] for replicate in range(3)]
    assert rows == [sorted(row) for row in rows]
    assert any(row[0] < row[-1] for row in rows)


def test_more_attacks_take_none_away(small_scenario: Callable[..., Scenario]) -> None:
    """At a higher rate of attacks every crew that attacked on the first night still does, at the same target."""
    for replicate in range(6):
        calm, wild = (
            Mission(small_scenario(params={"attack.rate": rate}, days=1), 0, replicate) for rate in (0.5, 5.0)
        )
        calm.step()
        wild.step()
        before, after = (one.tables["crews"]["target"][:12] for one in (calm, wild))
        assert np.array_equal(after[before >= 0], before[before >= 0])


@pytest.mark.slow
@pytest.mark.parametrize("replicate", range(6))
def test_an_embargo_never_lets_more_in(small_scenario: Callable[..., Scenario], replicate: int) -> None:
    """Over 60 days in which gangs lack arms, the stricter the embargo the fewer are smuggled in, in all runs."""
    smuggled = []
    for embargo in (0.0, 0.3, 0.6, 0.95):
        params = {"arms.firearms_per_fighter_day0": 0.5, "arms.embargo_effectiveness": embargo}
        mission = Mission(small_scenario(params=params, days=60), 0, replicate, [])
        mission.run()
        smuggled.append(int(mission.tables["ledger"]["firearms_smuggled"][0]))
    assert smuggled == sorted(smuggled, reverse=True)
    assert smuggled[0] > 2 * smuggled[-1] > 0


@pytest.mark.parametrize("catch_22", [False, True])
def test_donors_see_success_only_in_the_catch_22(small_scenario: Callable[..., Scenario], catch_22: bool) -> None:
    """Territory won back by decree brings more money where donors wait for success; switched off, not a cent.

    On day 10, after the mission began, the whole capital goes to the state in one of two runs.
    """
    params = {
        "donors.catch_22": catch_22, "donors.progress_target": 0.0, "donors.perception_time": 30.0, "donors.killings_weight": 0.0,
        "donors.disbursement_time": 15.0, "donors.added_funding": 100.0,
    }  # fmt: skip
    usual, freed = (Mission(small_scenario(OFFICERS, params, days=30)) for _ in range(2))
    for mission in (usual, freed):
        for _ in range(10):
            mission.step()
    capital = freed.tables["districts"]["place"]["metropolitan"]
    freed.tables["districts"]["control"]["gang_influence"][capital] = 0.0
    freed.tables["districts"]["control"]["holder"][capital] = STATE
    before, after = usual.run(), freed.run()
    assert after["gang_control_capital"][10] < before["gang_control_capital"][10]
    assert after["perceived_progress"][-1] > before["perceived_progress"][-1]
    assert np.array_equal(before["funds_received"], after["funds_received"]) != catch_22
    assert (after["funds_received"][-1] > before["funds_received"][-1]) == catch_22
    assert (after["funds_committed"][-1] > 0.0) == catch_22


def test_without_the_catch_22_donors_pay_what_they_said(small_scenario: Callable[..., Scenario]) -> None:
    """$100 million at once and $7 million a month, to the cent and to the day, whatever happens on the ground."""
    found = Mission(small_scenario(OFFICERS, {"donors.catch_22": False}, days=30)).run()
    cents = np.cumsum(
        [10_000_000_000 + daily_part(700_000_000, 0), *(daily_part(700_000_000, d) for d in range(1, 30))]
    )
    assert found["funds_received"].tolist() == (cents / 100.0).tolist()
    assert not found["funds_committed"].any()


def test_money_that_comes_is_spent_on_those_who_came(small_scenario: Callable[..., Scenario]) -> None:
    """Without bases and vehicles what was spent and what is owed is what the officers of each day cost."""
    events = OFFICERS.replace("vehicles: 40, helicopters: 2, ", "")
    params = {"budget.cost_per_officer_month": 20_000}
    found = Mission(small_scenario(events, params, days=30)).run()
    officers_at_dawn = found["officers_deployed"].sum(axis=1) - found["officers_deployed"][:, 1:4].sum(axis=1)
    dead = found["killed"][:, 0, 2]
    cost = np.diff(found["funds_spent"] + found["costs_unpaid"], prepend=0.0)
    least, most = (
        [daily_part(int(officers) * 2_000_000, day) / 100.0 for day, officers in enumerate(people)]
        for people in (officers_at_dawn, officers_at_dawn + dead)
    )
    assert (cost >= np.array(least) - 0.01).all()
    assert (cost <= np.array(most) + 0.01).all()
    assert cost[:5].sum() == 0.0 < cost[-1]


@pytest.mark.slow
def test_paired_runs_differ_less(small_scenario: Callable[..., Scenario]) -> None:
    """With shared noise the difference that 400 officers make varies less than between runs of different noise."""
    with_them, without = small_scenario(OFFICERS, days=20), small_scenario(MISSION, days=20)

    def killed(scenario: Scenario, replicate: int) -> float:
        return float(Mission(scenario, 0, replicate, ["killed"]).run()["killed"].sum())

    one = np.array([killed(with_them, replicate) for replicate in range(60)])
    two = np.array([killed(without, replicate) for replicate in range(61)])
    paired, unpaired = (one - two[:60]).std(), (one - two[1:]).std()
    assert 0.0 < paired < unpaired
