"""Determinism: one scenario, draw and repeat has one result, whoever runs it, how, and in which order."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import teritwa.mission
from teritwa.mission import Mission
from teritwa.outcomes import OUTCOMES
from teritwa.scenario import Scenario, load
from teritwa.world import HAITI

SMALL = Path(__file__).parent / "worlds" / "small"
MORE = "{war.rate: 14, attack.rate: 5, kidnapping.rate: 8, gangs.recruitment: 1}"
TABLES = ("districts", "links", "gangs", "crews", "units", "contingents")
EVERYTHING = """
  - id: a-law
    on: 2024-01-01
    mandate: {becomes: support-mission, authorised: 500, until: 2024-01-25}
  - id: b-pay
    on: 2024-01-02
    money: {donor: A, pledge: 200e6, receive: 4e6, monthly: 1e6}
  - id: c-come
    on: {window: [2024-01-03, 2024-01-06]}
    deploy: {contingent: kenya, officers: 300, over: 5 days}
  - id: d-vehicles
    on: 2024-01-07
    equipment: {contingent: kenya, vehicles: 20}
  - id: e-unite
    on: 2024-01-08
    chance: 0.9
    coalition: {active: true}
  - id: f-attack
    on: 2024-01-09
    offensive: {gangs: coalition, targets: [amber-gardens, amber-heights], over: 10 days}
  - id: g-break
    on: 2024-01-10
    prison-break: {escaped: 900}
  - id: h-operation
    on: 2024-01-12
    operation: {targets: [amber-docks], over: 8 days}
  - id: i-base
    on: 2024-01-13
    base: {district: amber-docks, open: true}
  - id: j-together
    on: 2024-01-14
    coordination: {level: 0.9}
  - id: k-change
    on: 2024-01-15
    change: {attack.rate: 4.5, displacement.distance_decay: 0.8}
  - id: l-home
    on: 2024-01-20
    withdraw: {contingent: kenya, officers: 50, over: 5 days}
"""

RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from test_determinism import digest, mission_of
print(digest(mission_of(sys.argv[2])))
"""


def digest(mission: Mission) -> str:
    """Return a line for each outcome of a whole run and for each field of its last records: name and hash."""
    lines = [f"{name} {hashed(array)}" for name, array in sorted(mission.run().items())]
    return "\n".join([*lines, *records(mission)])


def records(mission: Mission) -> list[str]:
    """Return name and hash of each field of a mission's records."""
    return [line for name, table in sorted(mission.tables.items()) for line in fields(name, table)]


def fields(name: str, table: np.ndarray) -> list[str]:
    """Return name and hash of a table, field by field: the bytes between the fields mean nothing."""
    if table.dtype.names is None:
        return [f"{name} {hashed(table)}"]
    return [line for field in table.dtype.names for line in fields(f"{name}.{field}", table[field])]


def hashed(array: np.ndarray) -> str:
    """Return a hash of the very bits of an array."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def mission_of(scenario: Path | str) -> Mission:
    """Return the third repeat of the second draw of a scenario, by file or shipped name."""
    return Mission(load(scenario), 1, 2)


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    """Write a scenario of 30 days in which every kind of event happens, beside a copy of the small world."""
    shutil.copytree(SMALL, tmp_path / "small")
    path = tmp_path / "everything.yaml"
    head = "schema: 1\nid: everything\ntitle: t\nworld: small\nclock: {end: 2024-01-30}\nruns: {draws: 2, repeats: 3}\n"
    params = "params:\n  war.rate: {uniform: [4, 14], source: assumption}\n"
    path.write_text(f"{head}{params}events:\n{EVERYTHING}", encoding="utf-8")
    return path


def elsewhere(scenario: Path | str, **environment: str) -> str:
    """Return the digest of a scenario's run in a process of its own."""
    model = str(Path(teritwa.mission.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(Path(__file__).parent), str(scenario)],
        env={**os.environ, "PYTHONPATH": model, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def shuffled(folder: Path, seed: int) -> None:
    """Shuffle the lines below the head of every table of a world folder."""
    generator = np.random.default_rng(seed)  # noqa: TID251 - it makes a test's input, no result
    for name in TABLES:
        path = folder / f"{name}.csv"
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        mixed = [lines[place] for place in generator.permutation(len(lines))]
        assert mixed != lines
        path.write_text("\n".join([head, *mixed]) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_compiled_is_interpreted(scenario_file: Path) -> None:
    """30 days of 20 districts with every kind of event: each outcome and each field ends the same to the last bit."""
    compiled = elsewhere(scenario_file, NUMBA_DISABLE_JIT="0")
    assert compiled.count("\n") > 100
    assert elsewhere(scenario_file, NUMBA_DISABLE_JIT="1") == compiled


@pytest.mark.slow
def test_hash_seeds_make_no_difference(scenario_file: Path) -> None:
    """Python may hash text as it likes."""
    found = {elsewhere(scenario_file, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")}
    assert found == {digest(mission_of(scenario_file))}


@pytest.mark.slow
def test_order_of_lines_makes_no_difference(scenario_file: Path) -> None:
    """With the lines of all tables of the world shuffled every name has the same history."""
    expected = digest(mission_of(scenario_file))
    for seed in (1, 2):
        shuffled(scenario_file.parent / "small", seed)
        assert digest(mission_of(scenario_file)) == expected


@pytest.mark.slow
def test_order_of_runs_makes_no_difference(scenario_file: Path) -> None:
    """A run after others, before others or twice is the same run; different runs differ."""
    scenario = load(scenario_file)
    pairs = [(0, 0), (0, 1), (1, 0)]
    forward = {pair: digest(Mission(scenario, *pair)) for pair in pairs}
    backward = {pair: digest(Mission(scenario, *pair)) for pair in reversed(pairs)}
    assert forward == backward
    assert len(set(forward.values())) == len(pairs)


@pytest.mark.slow
def test_interleaved_runs_make_no_difference(scenario_file: Path) -> None:
    """Two runs of one process, a day of each in turn, share nothing that is written."""
    expected = digest(mission_of(scenario_file))
    one, two = mission_of(scenario_file), Mission(load(scenario_file), 0, 0)
    for _ in range(30):
        one.step()
        two.step()
    assert digest(one) == expected


def test_what_is_recorded_makes_no_difference(scenario_file: Path) -> None:
    """With one outcome, none or all recorded the records end the same, and so does what is recorded."""
    scenario = load(scenario_file)
    whole, part, none = (Mission(scenario, 1, 2, names) for names in (None, ["zone"], []))
    zones = whole.run()["zone"]
    assert np.array_equal(part.run()["zone"], zones)
    assert none.run() == {}
    assert records(whole) == records(part) == records(none)


@pytest.mark.slow
def test_the_name_makes_no_difference(scenario_file: Path) -> None:
    """A scenario's id and title are no part of its noise."""
    expected = digest(mission_of(scenario_file))
    text = scenario_file.read_text(encoding="utf-8").replace("id: everything\ntitle: t", "id: other\ntitle: u")
    other = scenario_file.with_name("other.yaml")
    other.write_text(text, encoding="utf-8")
    assert digest(mission_of(other)) == expected


def same_until(one: dict[str, Any], other: dict[str, Any], day: int) -> bool:
    """Say whether two runs agree on all days before one, and on all weeks before it."""
    for name, array in one.items():
        first = 1 + (day - 1) // 7 if OUTCOMES[name].dimensions[0] == "week" else day
        if not np.array_equal(array[:first], other[name][:first]):
            return False
    return True


@pytest.mark.parametrize("day", [1, 10, 29])
def test_scenarios_are_equal_until_they_differ(small_scenario: Callable[..., Scenario], day: int) -> None:
    """A wave of attacks from day t leaves all days before t alone, and not the day itself."""
    event = f"  - id: more\n    on: 2024-01-{day + 1:02}\n    change: {MORE}\n"
    usual, other = (Mission(small_scenario(text, {"kidnapping.rate": 2.0})).run() for text in ("", event))
    assert same_until(usual, other, day)
    assert not same_until(usual, other, day + 1)


@pytest.mark.parametrize(
    "event",
    ["  - id: late\n    on: 2024-01-31\n    change: {war.rate: 14}\n",
     "  - id: never\n    on: 2024-01-03\n    chance: 0\n    change: {war.rate: 14}\n",
     "  - id: nothing\n    on: 2024-01-03\n    change: {war.rate: 4}\n"],
    ids=["after the end", "by no chance", "no change"],
)  # fmt: skip
def test_what_does_not_happen_changes_nothing(small_scenario: Callable[..., Scenario], event: str) -> None:
    """An event after the end, one that never happens and one that changes nothing leave every bit alone."""
    usual, other = (digest(Mission(small_scenario(text, {"war.rate": 4.0}))) for text in ("", event))
    assert usual == other


def test_a_longer_run_begins_as_the_shorter(small_scenario: Callable[..., Scenario]) -> None:
    """The end of a scenario is nothing that its first days know."""
    short, long = (Mission(small_scenario(days=days)).run() for days in (15, 30))
    for name in ("killed", "displaced", "recruited", "gang_control_national"):
        assert np.array_equal(short[name], long[name][:15])


@pytest.mark.slow
def test_haiti_hash_seeds() -> None:
    """731 days of the whole country are the same for two hash seeds and in this process."""
    found = {elsewhere("baseline", PYTHONHASHSEED=seed) for seed in ("0", "1")}
    assert found == {digest(mission_of("baseline"))}


@pytest.mark.slow
def test_haiti_with_its_lines_shuffled(tmp_path: Path) -> None:
    """731 days of the whole country are the same with the rows of all its tables in another order."""
    shutil.copytree(HAITI, tmp_path / "haiti")
    baseline = load("baseline")
    expected = digest(Mission(baseline, 1, 2))
    shuffled(tmp_path / "haiti", 3)
    text = baseline.given.replace("schema: 1\n", "schema: 1\nworld: haiti\n", 1)
    (tmp_path / "baseline.yaml").write_text(text, encoding="utf-8")
    assert digest(Mission(load(tmp_path / "baseline.yaml"), 1, 2)) == expected


@pytest.mark.slow
def test_haiti_in_any_order_with_anything_recorded() -> None:
    """At full size neither the order of runs nor what is recorded changes a bit."""
    baseline = load("baseline")
    forward = [Mission(baseline, draw, 0).run()["killed"] for draw in (0, 1, 2)]
    backward = [Mission(baseline, draw, 0, ["killed"]).run()["killed"] for draw in (2, 1, 0)]
    assert [hashed(one) for one in forward] == [hashed(one) for one in reversed(backward)]


@pytest.mark.slow
@pytest.mark.parametrize(("on", "day"), [("2025-12-31", 730), ("2026-01-01", 731), ("2025-01-01", 366)])
def test_haiti_until_a_change(tmp_path: Path, on: str, day: int) -> None:
    """A scenario that differs from a day on equals the baseline before it: to the end, if it differs after it."""
    text = (
        "schema: 1\nid: changed\ntitle: t\nextends: baseline.yaml\nevents:\n"
        f"  - id: more\n    on: {on}\n    change: {MORE}\n"
    )
    (tmp_path / "baseline.yaml").write_text(load("baseline").given, encoding="utf-8")
    (tmp_path / "changed.yaml").write_text(text, encoding="utf-8")
    usual, other = Mission(load("baseline"), 1, 2), Mission(load(tmp_path / "changed.yaml"), 1, 2)
    before, after = usual.run(), other.run()
    assert same_until(before, after, day)
    assert same_until(before, after, 732) == (day == 731)
