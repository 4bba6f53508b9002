"""Relations between runs: nobody there, nothing done; a higher chance, no fewer events; shared noise, less of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from teritwa.mission import Mission
from teritwa.scenario import Scenario

SMALL = Path(__file__).parent / "worlds" / "small"
MISSION = """
  - id: law
    on: 2024-01-01
    mandate: {becomes: support-mission, authorised: 2000}
  - id: pay
    on: 2024-01-01
    money: {donor: A, pledge: 500e6, receive: 100e6}
  - id: vehicles
    on: 2024-01-01
    equipment: {contingent: kenya, vehicles: 40}
"""
OFFICERS = (
    MISSION
    + """
  - id: they-come
    on: 2024-01-06
    deploy: {contingent: kenya, officers: 400}
"""
)


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


def test_zero_gangs_do_nothing(small_scenario: Callable[..., Scenario], without_gangs: Path) -> None:
    """Without gangs nobody is killed, hurt, kidnapped, recruited or held by any, and the displaced go home."""
    found = Mission(small_scenario(OFFICERS, world=without_gangs)).run()
    for name in ("killed", "injured", "kidnapped", "recruited", "fighters", "gang_control", "towns_lost"):
        assert not found[name].any(), name
    for name in ("capital", "districts", "national"):
        assert not found[f"gang_control_{name}"].any()
    assert found["displaced"][-1] < found["displaced"][0] <= 4400
    assert found["strength"][-1].sum() > 400


def test_zero_officers_do_nothing(small_scenario: Callable[..., Scenario]) -> None:
    """A mission with law, money and vehicles but no officers kills, spends and is nothing; the rest is as without."""
    empty, none = (Mission(small_scenario(events)).run() for events in (MISSION, ""))
    assert not empty["killed"][:, 2].any()
    assert not empty["injured"][:, 2].any()
    assert not empty["spent"].any()
    for name in ("strength", "ready"):
        assert not empty[name][:, [0, 4, 5]].any()
    for name in set(empty) - {"fund", "pledged", "received", "mandate", "authorised"}:
        assert np.array_equal(empty[name], none[name]), name


def test_the_mission_acts_once_it_is_there(small_scenario: Callable[..., Scenario]) -> None:
    """The same mission with officers does change something: the test above can fail."""
    found, none = (Mission(small_scenario(events)).run() for events in (OFFICERS, MISSION))
    assert found["strength"][-1, 4] > 300
    assert found["spent"][-1] > 0
    assert not np.array_equal(found["killed"], none["killed"])


@pytest.mark.parametrize(
    ("name", "values", "outcome", "where"),
    [
        ("war.rate", (4.0, 9.0, 14.0), "killed", (0, 1)),
        ("kidnapping.rate", (2.0, 5.0, 8.0), "kidnapped", ()),
        ("gangs.recruitment", (0.1, 0.5, 1.0), "recruited", ()),
        ("harm.injured_per_killed", (0.2, 0.4, 1.0), "injured", ()),
        ("clash.lethality", (0.00024, 0.005, 0.01), "killed", (1, 1)),
        ("brigade.lethality", (0.0001, 0.002, 0.01), "killed", (4, 1)),
    ],
)
def test_a_higher_chance_is_no_fewer_events(
    small_scenario: Callable[..., Scenario], name: str, values: tuple[float, ...], outcome: str, where: tuple[int, ...]
) -> None:
    """Raising a rate alone, with the same noise, never lowers its own count within the first day, in any of 6 runs."""
    for repeat in range(6):
        counts = []
        for value in values:
            found = Mission(small_scenario(params={"war.bystanders": 0.3, name: value}, days=1), 0, repeat).run()
            counts.append(int(found[outcome][0][where].sum()))
        assert counts == sorted(counts), (repeat, counts)


def test_more_attacks_take_none_away(small_scenario: Callable[..., Scenario]) -> None:
    """At a higher rate of attacks every crew that attacked on the first night still does, at the same target."""
    for repeat in range(6):
        calm, wild = (Mission(small_scenario(params={"attack.rate": rate}, days=1), 0, repeat) for rate in (0.5, 5.0))
        calm.step()
        wild.step()
        before, after = (one.tables["crews"]["target"][:12] for one in (calm, wild))
        assert np.array_equal(after[before >= 0], before[before >= 0])


@pytest.mark.slow
def test_paired_runs_differ_less(small_scenario: Callable[..., Scenario]) -> None:
    """With shared noise the difference that 400 officers make varies less than between runs of different noise."""
    with_them, without = small_scenario(OFFICERS, days=20), small_scenario(MISSION, days=20)

    def killed(scenario: Scenario, repeat: int) -> float:
        return float(Mission(scenario, 0, repeat, ["killed"]).run()["killed"].sum())

    one = np.array([killed(with_them, repeat) for repeat in range(60)])
    two = np.array([killed(without, repeat) for repeat in range(61)])
    paired, unpaired = (one - two[:60]).std(), (one - two[1:]).std()
    assert 0.0 < paired < unpaired
