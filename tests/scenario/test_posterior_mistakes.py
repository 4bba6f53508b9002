"""Mistakes in a posterior: a line each, with the cell and a correction."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from teritwa.cli import app
from teritwa.scenario import Scenario, ScenarioError, load
from teritwa.scenario.posterior import BYTES_AT_MOST

Load = Callable[..., Scenario]
Mistakes = Callable[..., tuple[str, ...]]

pytestmark = pytest.mark.usefixtures("small")


@pytest.fixture
def wrong(drawn: Load, tmp_path: Path) -> Mistakes:
    """Return a function that loads a wrong table and returns its mistakes, without the folder."""

    def lines(table: str | bytes, body: str = "") -> tuple[str, ...]:
        with pytest.raises(ScenarioError) as caught:
            drawn(table, body)
        return tuple(line.removeprefix(f"{tmp_path}/") for line in caught.value.problems)

    return lines


ADVICE = "write a row of parameters' names, then a row of values for each draw"
NAMES = "control.adjustment_time,gangs.fighters\n"
MISTAKES = {
    "unknown parameter": (
        "control.ajustment_time\n5\n",
        "1:1: control.ajustment_time: unknown parameter, did you mean 'control.adjustment_time'?",
    ),
    "unknown in the second column": (
        NAMES.replace("gangs", "gang") + "5,6000\n",
        "1:2: gang.fighters: unknown param",
    ),
    "no name": (
        'control.adjustment_time,""\n5,6\n',
        "1:2: unknown parameter, allowed: control.adjustment_time, gangs.fighters, gangs.members",
    ),
    "hidden letters": (
        "control.adjustment_time,\x1b[31m\n5,6\n",
        "1:1: cannot be read as a table: control character U+001B is not allowed",
    ),
    "twice the same": (
        "control.adjustment_time,control.adjustment_time\n5,6\n",
        "1:2: control.adjustment_time: stands twice in the first row",
    ),
    "switch": (
        "control.adjustment_time,war.on\n5,1\n5,true\n",
        "3:2: war.on: 'true' is no value of a switch, write 0 or 1",
    ),
    "no parameter": (
        "draw,replicate\n0,0\n",
        "1:1: draws: there is no parameter; no value differs between the draws",
    ),
    "a draw with two values": (
        "draw,replicate,gangs.fighters\n0,0,6000\n0,1,6000\n0,2,6001\n",
        "4:1: draw: '0' stands in line 2 with other values; all rows of a draw have the same",
    ),
    "a repeated draw that is too long": (
        "draw,replicate,gangs.fighters\n0,0,6000\n0,1,6000,\n",
        "3:1: draws: 4 values, allowed: one for each of the 3 names",
    ),
    "no number of a draw": (
        "draw,gangs.fighters\n0.5,6000\n",
        "2:1: draw: 0.5 is not whole",
    ),
    "too few values": (
        NAMES + "5,6000\n5\n",
        "3:1: draws: 1 values, allowed: one for each of the 2 names",
    ),
    "too many values": (
        NAMES + "5,6000,7\n",
        "2:1: draws: 3 values, allowed: one for each of the 2 names",
    ),
    "nothing in a cell": (NAMES + "5,\n", "2:2: gangs.fighters: '' is no number"),
    "words": (NAMES + "5,many\n", "2:2: gangs.fighters: 'many' is no number, write one such as"),
    "unit": (NAMES + "5 days,6000\n", "2:1: control.adjustment_time: '5 days' is no number"),
    "underscore": (NAMES + "5,6_000\n", "2:2: gangs.fighters: '6_000' is no number"),
    "other digits": (NAMES + "٥,6000\n", "2:1: control.adjustment_time: '٥' is no number"),
    "space": (NAMES + "5, 6000\n", "2:2: gangs.fighters: ' 6000' is no number"),
    "nan": (NAMES + "nan,6000\n", "2:1: control.adjustment_time: nan is no finite number"),
    "nan of another sort": (NAMES + "5,-NaN\n", "2:2: gangs.fighters: -NaN is no finite number"),
    "infinite": (NAMES + "5,inf\n", "2:2: gangs.fighters: inf is no finite number"),
    "infinite by size": (
        NAMES + "1e999,6000\n",
        "2:1: control.adjustment_time: 1e999 is too large for a number",
    ),
    "below the bounds": (
        NAMES + "0.9,6000\n",
        "2:1: control.adjustment_time: 0.9 is outside what is allowed, 1 to 60 days",
    ),
    "above the bounds": (
        NAMES + "5,6000\n6,20001\n",
        "3:2: gangs.fighters: 20,001 is outside what is allowed, 1,000",
    ),
    "no whole number": (
        NAMES + "5,6000.5\n",
        "2:2: gangs.fighters: 6,000.5 is not whole, write a whole number",
    ),
    "no rows": (NAMES, "2:1: draws: there is no row of values"),
    "no rows but blank ones": (f"\n{NAMES}\n\n", "3:1: draws: there is no row of values"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_table_gives_one_line(name: str, wrong: Mistakes) -> None:
    """Each mistake has one line, with file, line and cell, the parameter, and a correction."""
    table, expected = MISTAKES[name]
    (line,) = wrong(table)
    assert line.startswith(f"draws.csv:{expected}")


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "is empty"),
        (b"\n\n", 1, "is empty"),
        (
            (NAMES + "é,6000\n").encode("latin-1"),
            2,
            "byte 0xe9 is not UTF-8 text",
        ),
        ((NAMES + "5,6000\n").encode("utf-16"), 1, "byte 0xff is not UTF-8 text"),
        (b'"control.adjustment_time\n5\n', 2, "is not CSV: a quotation mark"),
        (b"a," * 10_000 + b"a\n", 1, "has 10,001 fields in a row; at most 10,000 are read"),
    ],
    ids=["empty", "blank", "Latin-1", "UTF-16", "quote without end", "too many columns"],
)
def test_what_is_no_table_is_refused(data: bytes, line: int, reason: str, wrong: Mistakes) -> None:
    """A file without any table has one line that says why, and what a table is."""
    (problem,) = wrong(data)
    assert problem.startswith(f"draws.csv:{line}:1: cannot be read as a table: {reason}")
    assert problem.endswith(f"; {ADVICE}")


def test_mistakes_of_scenario_and_table_come_together(wrong: Mistakes) -> None:
    """Mistakes of the scenario come first, then those of the table by line."""
    found = wrong(NAMES + "99,6000\n5,nan\n5\n", "params: {war.on: 3}\n")
    assert [line.split(": ")[:2] for line in found] == [
        ["test.yaml:6:18", "params.war.on"],
        ["draws.csv:2:1", "control.adjustment_time"],
        ["draws.csv:3:2", "gangs.fighters"],
        ["draws.csv:4:1", "draws"],
    ]


def test_the_command_line_prints_a_wrong_table(drawn: Load, tmp_path: Path) -> None:
    """`teritwa check` prints the line and ends with code 3, without a traceback."""
    with pytest.raises(ScenarioError):
        drawn(NAMES + "nan,6000\n")
    answer = CliRunner().invoke(app, ["check", str(tmp_path / "test.yaml")])
    assert answer.exit_code == 3
    assert isinstance(answer.exception, SystemExit)
    assert (
        f"{tmp_path / 'draws.csv'}:2:1: control.adjustment_time: nan is no finite number"
        in answer.stdout.replace("\n", "")
    )


def test_a_table_that_may_not_be_read_is_named(
    drawn: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that exists but cannot be opened has one line at the key."""
    drawn(NAMES + "5,6000\n")

    def refuse(path: Path, at_most: int) -> bytes:
        raise PermissionError(13, "not allowed", str(path))

    monkeypatch.setattr("teritwa.scenario.posterior.read_limited", refuse)
    named = r"test\.yaml:5:12: posterior: 'draws\.csv' cannot be read: not allowed$"
    with pytest.raises(ScenarioError, match=named):
        drawn(NAMES + "5,6000\n")


def test_garbage_ends_after_a_thousand_mistakes(wrong: Mistakes) -> None:
    """Of a hundred thousand wrong rows a thousand are listed, and that there are more."""
    found = wrong("gangs.fighters\n" + "x\n" * 100_000)
    assert len(found) == 1001
    assert found[-1].startswith("draws.csv:1002:1: draws: after 1,000 mistakes the rest is not")


def test_a_posterior_that_is_too_large_is_refused(drawn: Load, tmp_path: Path) -> None:
    """A file above the limit is refused by its size, without being read."""
    drawn(NAMES + "5,6000\n")
    with (tmp_path / "draws.csv").open("wb") as stream:
        stream.truncate(BYTES_AT_MOST + 1)
    with pytest.raises(
        ScenarioError, match=r"'draws\.csv' cannot be read: it has 33,554,433 bytes"
    ):
        load(tmp_path / "test.yaml")
