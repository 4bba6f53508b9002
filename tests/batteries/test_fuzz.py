"""Damaged scenarios and tables: each is read, or refused in lines that name file and line.

A few hundred are among the ordinary tests; the batteries take thousands.
"""

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from teritwa.cli import app
from teritwa.engine.errors import InputError
from teritwa.engine.files import CONTROL_CHARACTER
from teritwa.ensemble.result import Result
from teritwa.scenario import Scenario, load

from .fuzz_mutations import (
    Dice,
    damage_bytes,
    damage_cells,
    damage_encoding,
    damage_lines,
    damaged,
)

SHIPPED = Path(__file__).parents[2] / "scenarios"
SECONDS_AT_MOST = 20.0
"""The longest that reading one file may take, on a busy machine: any longer counts as a hang."""

READ, REFUSED = "read", "refused"
SCENARIO_DAMAGE = (*[damage_bytes] * 3, *[damage_lines] * 6, damage_encoding)
TABLE_DAMAGE = (*[damage_bytes] * 2, *[damage_lines] * 2, *[damage_cells] * 5, damage_encoding)
"""Kinds of damage, the most likely ones several times."""

POSTERIOR = (
    "attack.rate,drones.enabled,membership.fighters_day0\n0.5,1,6000\n0.75,0,7000\n1,1,8000\n"
)
DESIGN = "draw,replicate,attack.rate,drones.enabled\n0,0,0.5,1\n0,1,0.5,1\n1,0,0.75,0\n1,1,0.75,0\n"
DATA = (
    "date,outcome,value,low,high,source\n2025-03-31,displaced,1000000,900000,1100000,IOM\n"
    "2025-01-01/2025-03-31,killed.gang,800,,,BINUH\n2025-02-28,trust_in_forces,0.5,0.4,0.6,x\n"
    "2025-06-30,gang_members,12000,,,made up\n"
)
PARAMETERS = (
    "name,value,low,high,grade,source\nattack.rate,1,0.5,5,C,assumption\n"
    "membership.fighters_day0,8000,5500,12000,C,assumption\n"
)


def amounts(few: int, many: int) -> pytest.MarkDecorator:
    """Return the parameters of a test: a few files, and as a battery many."""
    battery = pytest.param(many, marks=[pytest.mark.slow, pytest.mark.battery])
    return pytest.mark.parametrize("count", [few, battery])


def check_lines(problems: tuple[str, ...], place: str) -> None:
    """Assert that there are mistakes, each one plain line that begins with a file and a line.

    Args:
        problems: The mistakes.
        place: How each begins, as a regular expression.
    """
    assert problems
    for line in problems:
        assert re.match(place, line), line
        assert "\n" not in line
        assert not CONTROL_CHARACTER.search(line)


def outcome_of(path: Path, place: str) -> str:
    """Load a scenario; return whether it was read, or refused in lines that name the place."""
    began = time.monotonic()
    try:
        scenario = load(path)
        check_values(scenario)
        outcome = READ
    except InputError as error:
        check_lines(error.problems, place)
        outcome = REFUSED
    assert time.monotonic() - began < SECONDS_AT_MOST
    return outcome


def check_values(scenario: Scenario) -> None:
    """Assert that every parameter of each draw is within its bounds."""
    from teritwa.scenario.vocabulary import registry

    known = registry(scenario.world)
    for draw in range(scenario.posterior.draws if scenario.posterior else 1):
        for name, value in scenario.parameters(draw).items():
            low, high = known[name].bounds
            assert low <= value <= high


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the shipped scenarios and worlds into a folder where files may be damaged."""
    return shutil.copytree(SHIPPED, tmp_path_factory.mktemp("fuzz") / "scenarios")


@amounts(200, 12_000)
def test_damaged_scenarios(home: Path, count: int) -> None:
    """A damaged scenario is read and can be written and read again, or refused by line."""
    sources = [*sorted(SHIPPED.glob("*.yaml")), Path(__file__).parents[1] / "everything.yaml"]
    contents = [path.read_bytes() for path in sources]
    path, found = home / "damaged.yaml", Counter[str]()
    again = home / "again.yaml"
    for number in range(count):
        dice = Dice(f"scenario {number}")
        path.write_bytes(damaged(dice.choice(contents), dice, SCENARIO_DAMAGE))
        found[outcome := outcome_of(path, rf"{re.escape(str(home))}/\S+(:\d+:\d+)?: ")] += 1
        if outcome == READ:
            scenario = load(path)
            again.write_text(scenario.resolved(), encoding="utf-8")
            assert load(again).digest() == scenario.digest()
    print(f"\n{count} scenarios: {dict(found)}")
    assert min(found[READ], found[REFUSED]) > count // 20


@amounts(70, 700)
def test_damaged_worlds(home: Path, count: int) -> None:
    """A world with a damaged table is loaded, or refused by file and line."""
    folder, scenario = home / "worlds" / "island", home / "island.yaml"
    (folder / "parameters.csv").write_text(PARAMETERS, encoding="utf-8")
    sound = {path: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    found = Counter[str]()
    for number in range(count):
        dice = Dice(f"world {number}")
        path = dice.choice(list(sound))
        path.write_bytes(damaged(sound[path], dice, TABLE_DAMAGE))
        # What the registry finds wrong with a parameter is named by file and parameter.
        place = rf"({re.escape(str(folder))}/(\w+\.csv:\d+|parameters\.csv)|{scenario}:\d+:\d+): "
        found[outcome_of(scenario, place)] += 1
        path.write_bytes(sound[path])
    (folder / "parameters.csv").unlink()
    print(f"\n{count} worlds: {dict(found)}")
    assert min(found[READ], found[REFUSED]) > count // 20


@amounts(70, 700)
def test_damaged_posteriors(home: Path, count: int) -> None:
    """A damaged table of draws gives values within their bounds, or is refused by line."""
    scenario, table = home / "drawn.yaml", home / "draws.csv"
    text = "schema: 2\nid: drawn\ntitle: A\nperiod: {end: 2024-02-01}\nposterior: draws.csv\n"
    scenario.write_text(text, encoding="utf-8")
    found = Counter[str]()
    for number in range(count):
        dice = Dice(f"posterior {number}")
        base = dice.choice((POSTERIOR, DESIGN)).encode()
        table.write_bytes(damaged(base, dice, TABLE_DAMAGE))
        found[outcome_of(scenario, rf"{re.escape(str(table))}:\d+:\d+: ")] += 1
    print(f"\n{count} posteriors: {dict(found)}")
    assert min(found[READ], found[REFUSED]) > count // 20


@amounts(60, 600)
def test_damaged_figures(made_up: Callable[..., Result], tmp_path: Path, count: int) -> None:
    """`teritwa score` scores a result on a damaged table of figures, or names file and line."""
    result, table = made_up(), tmp_path / "later.csv"
    found = Counter[str]()
    for number in range(count):
        dice = Dice(f"figures {number}")
        table.write_bytes(damaged(DATA.encode(), dice, TABLE_DAMAGE))
        command = ["score", str(result.path), "--data", str(table), "-o", str(tmp_path / "out")]
        began = time.monotonic()
        answer = CliRunner().invoke(app, command)
        assert time.monotonic() - began < SECONDS_AT_MOST
        if answer.exception and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        assert answer.exit_code in (0, 3)
        if answer.exit_code:
            check_lines(tuple(answer.stderr.splitlines()), rf"{re.escape(str(table))}:\d+: ")
        else:
            scores = (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8")
            assert not re.search(r"\b(nan|inf)\b", scores)
        found[REFUSED if answer.exit_code else READ] += 1
    print(f"\n{count} tables of figures: {dict(found)}")
    assert min(found[READ], found[REFUSED]) > count // 20
