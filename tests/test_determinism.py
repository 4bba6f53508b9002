"""Determinism: a scenario, draw and replicate has one result, however and wherever it runs."""

import dataclasses
import functools
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

import teritwa
from teritwa.engine.records import Array
from teritwa.rules.agents.police_unit import SOLDIERS
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions import ACTIONS
from teritwa.simulation.model import Mission
from teritwa.world import DEFAULT_WORLD

SMALL = Path(__file__).parents[1] / "scenarios" / "worlds" / "island"
EVERYTHING = Path(__file__).with_name("everything.yaml")
MORE = "{gang_rivalry.rate: 90, attack.rate: 40, kidnapping.rate: 60, arms.wear_rate: 0.04}"
TABLES = (
    "world",
    "districts",
    "links",
    "gangs",
    "crews",
    "units",
    "contingents",
    "donors",
    "parameters",
)
"""Tables of a world, of which only Haiti has the last."""
RUNS = [(draw, replicate) for draw in range(2) for replicate in range(3)]

RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from test_determinism import digest, missions_of
for scenario in sys.argv[3:]:
    for mission in missions_of(scenario, int(sys.argv[2])):
        print(digest(mission))
"""


def digest(mission: Mission) -> str:
    """Return name and hash of each outcome of a whole run and of each field of its last records."""
    lines = [f"{name} {hashed(array)}" for name, array in sorted(mission.run().items())]
    return "\n".join([*lines, *records(mission)])


def records(mission: Mission) -> list[str]:
    """Return name and hash of each field of a mission's records."""
    return [line for name, table in sorted(mission.tables.items()) for line in fields(name, table)]


def fields(name: str, table: Array) -> list[str]:
    """Return name and hash of each field of a table; the bytes between fields mean nothing."""
    if table.dtype.names is None:
        return [f"{name} {hashed(table)}"]
    return [line for field in table.dtype.names for line in fields(f"{name}.{field}", table[field])]


def hashed(array: Array) -> str:
    """Return a hash of the bytes of an array."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def missions_of(scenario: Path | str, number: int) -> list[Mission]:
    """Return the last of a scenario's six runs; the scenario is a file or a shipped name."""
    return [Mission(load(scenario), draw, replicate) for draw, replicate in RUNS[-number:]]


def mission_of(scenario: Path | str) -> Mission:
    """Return the third replicate of a scenario's second draw."""
    return missions_of(scenario, 1)[0]


@pytest.fixture
def scenario_file(tmp_path: Path) -> Path:
    """Write a scenario of 30 days with every kind of event, beside a copy of the small world."""
    shutil.copytree(SMALL, tmp_path / "small")
    text = EVERYTHING.read_text(encoding="utf-8")
    assert "world: ../scenarios/worlds/island\n" in text
    path = tmp_path / "everything.yaml"
    path.write_text(
        text.replace("world: ../scenarios/worlds/island\n", "world: small\n"), encoding="utf-8"
    )
    return path


def in_another_process(number: int, *scenarios: Path | str, **environment: str) -> str:
    """Return the digests of the last runs of scenarios from another process."""
    model = str(Path(teritwa.__file__).parents[1])
    given = [str(Path(__file__).parent), str(number), *map(str, scenarios)]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *given],
        env={**os.environ, "PYTHONPATH": model, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def shuffle(folder: Path, seed: int) -> None:
    """Shuffle the lines below the header of every table of a world folder."""
    generator = np.random.default_rng(seed)  # noqa: TID251 - for the input of a test
    paths = [folder / f"{name}.csv" for name in TABLES]
    for path in filter(Path.is_file, paths):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        mixed = lines
        while mixed == lines:
            mixed = [lines[index] for index in generator.permutation(len(lines))]
        path.write_text("\n".join([header, *mixed]) + "\n", encoding="utf-8")


def test_every_kind_of_event_is_there() -> None:
    """The scenario of these tests has every action, each field once not at its default."""
    events = load(EVERYTHING).events
    assert {type(event.action) for event in events} == set(ACTIONS.values())
    for kind in ACTIONS.values():
        used = [event.action for event in events if type(event.action) is kind]
        for field in dataclasses.fields(kind):
            given = {str(getattr(action, field.name)) for action in used}
            assert given - {str(field.default)}, (kind, field.name)
    assert any(event.uncertain for event in events)


ABSENT = {"elections_secure", "bases_unaffordable"}
"""Outcomes that stay zero on this island: it has no elections, and no mission that holds."""


@pytest.mark.slow
def test_everything_happens() -> None:
    """In the six runs every stock changes, so equal digests below are about all mechanisms."""
    missions = [Mission(load(EVERYTHING), draw, replicate) for draw, replicate in RUNS]
    found = [mission.run() for mission in missions]
    for name in OUTCOMES.keys() - ABSENT:
        assert any(len(np.unique(one[name])) > 1 for one in found), name
    for name in missions[0].tables["ledger"].dtype.names or ():
        assert any(mission.tables["ledger"][name][0] > 0 for mission in missions), name
    killers = np.add.reduce([one["killed"].sum(axis=(0, 2)) for one in found])
    assert killers.min() > 0
    mandates = [mission.tables["mission"]["mandate"][0] for mission in missions]
    assert set(mandates) == {0, 1, 2}
    units = [mission.tables["units"] for mission in missions]
    assert any(table["posted"][table["kind"] == SOLDIERS].any() for table in units)
    losses = [mission.tables["mission"]["recent_losses"][0] for mission in missions]
    assert min(losses) == 0.0 < max(losses)


@pytest.mark.slow
def test_compiled_is_interpreted(scenario_file: Path) -> None:
    """Six runs of 30 days with every kind of event: outcomes and records agree to the bit."""
    compiled = in_another_process(6, scenario_file, NUMBA_DISABLE_JIT="0")
    assert compiled.count("\n") > 6 * 100
    assert in_another_process(6, scenario_file, NUMBA_DISABLE_JIT="1") == compiled


@pytest.mark.slow
def test_hash_seeds_make_no_difference(scenario_file: Path) -> None:
    """The seed with which Python hashes text changes nothing, nor in 731 days of the country."""
    given = (scenario_file, "baseline")
    found = {in_another_process(1, *given, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")}
    assert found == {"\n".join(digest(mission_of(scenario)) for scenario in given)}


@pytest.mark.slow
def test_order_of_lines_makes_no_difference(scenario_file: Path) -> None:
    """The lines of all tables of the world may stand in any order."""
    expected = digest(mission_of(scenario_file))
    for seed in (1, 2):
        shuffle(scenario_file.parent / "small", seed)
        assert digest(mission_of(scenario_file)) == expected


@pytest.mark.slow
def test_order_of_runs_makes_no_difference(scenario_file: Path) -> None:
    """A run is the same after others and before them; different runs differ."""
    scenario = load(scenario_file)
    pairs = [(0, 0), (0, 1), (1, 0)]
    forward = {pair: digest(Mission(scenario, *pair)) for pair in pairs}
    backward = {pair: digest(Mission(scenario, *pair)) for pair in reversed(pairs)}
    assert forward == backward
    assert len(set(forward.values())) == len(pairs)


@pytest.mark.slow
def test_interleaved_runs_make_no_difference(scenario_file: Path) -> None:
    """Two runs that alternate day by day in one process share nothing that is written."""
    expected = digest(mission_of(scenario_file))
    one, two = mission_of(scenario_file), Mission(load(scenario_file), 0, 0)
    for _ in range(30):
        one.step()
        two.step()
    assert digest(one) == expected


def test_what_is_recorded_makes_no_difference(scenario_file: Path) -> None:
    """The records, and what is recorded, are the same with one outcome, none or all recorded."""
    scenario = load(scenario_file)
    whole, part, none = (Mission(scenario, 1, 2, names) for names in (None, ["control_zone"], []))
    zones = whole.run()["control_zone"]
    assert np.array_equal(part.run()["control_zone"], zones)
    assert none.run() == {}
    assert records(whole) == records(part) == records(none)


@pytest.mark.slow
def test_the_name_makes_no_difference(scenario_file: Path) -> None:
    """Chance does not depend on a scenario's id and title."""
    expected = digest(mission_of(scenario_file))
    text = scenario_file.read_text(encoding="utf-8").replace(
        "id: everything\ntitle: Everything", "id: other\ntitle: Something"
    )
    assert "id: other\n" in text
    other = scenario_file.with_name("other.yaml")
    other.write_text(text, encoding="utf-8")
    assert digest(mission_of(other)) == expected


def same_until(one: dict[str, Any], other: dict[str, Any], day: int) -> bool:
    """Return whether two runs agree on all days, and all weeks, before a day."""
    for name, array in one.items():
        first = 1 + (day - 1) // 7 if OUTCOMES[name].dimensions[0] == "week" else day
        if not np.array_equal(array[:first], other[name][:first]):
            return False
    return True


@pytest.mark.parametrize("day", [1, 10, 29])
def test_scenarios_are_equal_until_they_differ(
    small_scenario: Callable[..., Scenario], day: int
) -> None:
    """More attacks from a day on change that day, and no day before it."""
    event = f"  - id: more\n    date: 2024-01-{day + 1:02}\n    change: {MORE}\n"
    rate = {"kidnapping.rate": 2.0}
    default, other = (Mission(small_scenario(text, rate)).run() for text in ("", event))
    assert same_until(default, other, day)
    assert not same_until(default, other, day + 1)


@pytest.mark.parametrize(
    ("timing", "rate"),
    [
        ("date: 2024-01-31", 14),
        ("date: 2024-01-03\n    probability: 0", 14),
        ("date: 2024-01-03", 4),
    ],
    ids=["after the end", "with probability 0", "no change"],
)
def test_what_does_not_happen_changes_nothing(
    small_scenario: Callable[..., Scenario], timing: str, rate: int
) -> None:
    """An event after the end, one that never happens and one without effect change nothing."""
    event = f"  - id: other\n    {timing}\n    change: {{gang_rivalry.rate: {rate}}}\n"
    params = {"gang_rivalry.rate": 4.0}
    default, other = (digest(Mission(small_scenario(text, params))) for text in ("", event))
    assert default == other


def test_a_longer_run_begins_as_the_shorter(small_scenario: Callable[..., Scenario]) -> None:
    """The first days of a run do not depend on its end."""
    short, long = (Mission(small_scenario(days=days)).run() for days in (15, 30))
    for name in ("killed", "displaced", "recruited", "gang_control_national"):
        assert np.array_equal(short[name], long[name][:15])


@pytest.mark.slow
def test_haiti_with_its_lines_shuffled(tmp_path: Path) -> None:
    """731 days of the whole country are the same with the rows of all tables in another order."""
    shutil.copytree(DEFAULT_WORLD, tmp_path / "haiti")
    baseline = load("baseline")
    expected = digest(Mission(baseline, 1, 2))
    shuffle(tmp_path / "haiti", 3)
    text = baseline.given.replace("schema: 2\n", "schema: 2\nworld: haiti\n", 1)
    (tmp_path / "baseline.yaml").write_text(text, encoding="utf-8")
    assert digest(Mission(load(tmp_path / "baseline.yaml"), 1, 2)) == expected


@pytest.mark.slow
def test_haiti_in_any_order_with_anything_recorded() -> None:
    """At full size, neither the order of runs nor what is recorded changes a bit."""
    baseline = load("baseline")
    forward = [Mission(baseline, draw, 0).run()["killed"] for draw in (0, 1, 2)]
    backward = [Mission(baseline, draw, 0, ["killed"]).run()["killed"] for draw in (2, 1, 0)]
    assert [hashed(one) for one in forward] == [hashed(one) for one in reversed(backward)]


@functools.cache
def run_of_the_baseline() -> dict[str, Array]:
    """Return the outcomes of one run of the baseline, which is done once."""
    return mission_of("baseline").run()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "day"), [("2025-12-31", 730), ("2026-01-01", 731), ("2025-01-01", 366)]
)
def test_haiti_until_a_change(tmp_path: Path, first: str, day: int) -> None:
    """A scenario that differs from a day on equals the baseline on all days before it."""
    text = (
        "schema: 2\nid: changed\ntitle: t\nextends: baseline.yaml\nevents:\n"
        f"  - id: more\n    date: {first}\n    change: {MORE}\n"
    )
    (tmp_path / "baseline.yaml").write_text(load("baseline").given, encoding="utf-8")
    (tmp_path / "changed.yaml").write_text(text, encoding="utf-8")
    default = run_of_the_baseline()
    changed = Mission(load(tmp_path / "changed.yaml"), 1, 2).run()
    assert same_until(default, changed, day)
    assert same_until(default, changed, 732) == (day == 731)
