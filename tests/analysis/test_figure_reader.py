"""Tests of the strict reading of tables of later figures: what is read, and each mistake."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from teritwa.analysis.figure_reader import read_observations
from teritwa.analysis.published_figures import KNOWN_UNTIL, Observation
from teritwa.engine.errors import InputError
from teritwa.engine.tables import BYTES_AT_MOST
from teritwa.ensemble.result import Result

Make = Callable[..., Result]
Read = Callable[..., tuple[Observation, ...]]
Mistakes = Callable[..., list[str]]
HEAD = "date,outcome,value,low,high\n"
THERE = "the file has 'Date', 'outcome', 'value', 'value', 'high'"
NEEDED = "needed are date, outcome, value, low, high"
DAY = date(2025, 3, 31)
QUARTER = (date(2025, 1, 1), DAY)


@pytest.fixture
def read(made_up: Make, tmp_path: Path) -> Read:
    """Return a function that reads a table from its text beside a made-up result of 2025."""
    result = made_up()

    def from_text(text: str | bytes, origin: date = KNOWN_UNTIL) -> tuple[Observation, ...]:
        path = tmp_path / "later.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_observations(path, result, origin=origin)

    return from_text


@pytest.fixture
def mistakes(read: Read) -> Mistakes:
    """Return a function that reads a table with mistakes and returns them without the folder."""

    def lines(text: str | bytes) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(text)
        return [problem[problem.index("later.csv") :] for problem in caught.value.problems]

    return lines


def test_table_reads_in_its_order(read: Read) -> None:
    """Days, periods, ranges, spaces, an empty line, a UTF-8 mark and further columns are read."""
    text = (
        "\ufeffsource,outcome,date,high,value,low,unit\n"
        '"UN, 2025",killed.gang,2025-01-01/2025-03-31, 900 ,800,7.5e2,persons\n\n'
        "x,displaced,2025-03-31,,1000000.5,,\ny,officers_deployed.mission,2025-03-31,,.5,,\n"
        "z,killed,2025-04-01/2025-04-01,,0,,\n"
        "z,killed_counted.forces.share,2025-01-01/2025-03-31,,.45,,\n"
    )

    assert read(text) == (
        Observation("killed.gang", *QUARTER, 800, 750, 900),
        Observation("displaced", DAY, DAY, 1000000.5),
        Observation("officers_deployed.mission", DAY, DAY, 0.5),
        Observation("killed", date(2025, 4, 1), date(2025, 4, 1), 0),
        Observation("killed_counted.forces.share", *QUARTER, 0.45),
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "2025-03-31,dispalced,5,,",
            "outcome: 'dispalced' is not an outcome that this result can be scored on; "
            "did you mean",
        ),
        ("2025-03-31,officers_deployed,5,,", "can be scored on; did you mean 'officers_deployed."),
        ("2025-03-31,killed.gangs,5,,", "did you mean 'killed.gang'?"),
        ("2025-03-31,mandate,1,,", "outcome: 'mandate' is not an outcome"),
        ("2025-03-31,residents,1,,", "outcome: 'residents' is not an outcome"),
        ("2025-03-31,zzz,1,,", " are known, among them attacks, "),
        (
            "2025-01-01/2025-03-31,displaced,5,,",
            "does not fit, because displaced is read on a day: write one",
        ),
        (
            "2025-03-31,killed,5,,",
            "date: '2025-03-31' does not fit, because killed is counted over a period: "
            "write one such as 2025-01-01/2025-03-31",
        ),
        (
            "2025-03-31,killed_counted.forces.share,.4,,",
            "because killed_counted.forces.share is counted over a period: write one",
        ),
        ("2025-01-01/2025-03-31,killed.force,5,,", "did you mean 'killed.forces'"),
        (
            "2025-01-01/2025-03-31,killed_counted.forces.shares,.4,,",
            "outcome: 'killed_counted.forces.shares' is not an outcome that this result can be "
            "scored on; did you mean 'killed_counted.forces.share'",
        ),
        ("2025-01-01/2025-03-31,kidnapped.forces.share,.4,,", "outcome: 'kidnapped.forces.share'"),
        (
            "2025-01-01/2025-03-31,killed_counted.forces.share,45,,",
            "value: '45' is not a share from 0 to 1",
        ),
        ("31.3.2025,displaced,5,,", "date: '31.3.2025' is not a day such as 2025-03-31"),
        ("20250331,displaced,5,,", "date: '20250331' is not a day"),
        ("2025-02-29,displaced,5,,", "date: '2025-02-29' is not a day"),
        ("2025-W01-1,displaced,5,,", "date: '2025-W01-1' is not a day"),
        ("2025-001,displaced,5,,", "date: '2025-001' is not a day"),
        ("2025-03-31T00:00,displaced,5,,", "date: '2025-03-31T00:00' is not a day"),
        ("1899-12-31,displaced,5,,", "01/2025-03-31, from 1900-01-01 to 2200-12-31"),
        ("2201-01-01,displaced,5,,", "01/2025-03-31, from 1900-01-01 to 2200-12-31"),
        (",displaced,5,,", "date: '' is not a day"),
        (
            "2025-01-01/2025-02-01/2025-03-01,killed,5,,",
            "is not a day such as 2025-03-31, or a period such as",
        ),
        ("2025-03-31/2025-01-01,killed,5,,", "date: '2025-03-31/2025-01-01' ends before it begins"),
        ("2027-03-31,displaced,5,,", "date: 2027-03-31 lies outside the days of "),
        ("2024-12-01/2025-03-31,killed,5,,", ", 2024-12-30 to 2026-01-02"),
        (
            "2025-03-31,displaced,many,,",
            "value: 'many' is not a number from 0 up, in digits without separators",
        ),
        ("2025-03-31,displaced,,,", "value: '' is not a number"),
        ("2025-03-31,displaced,1_000,,", "value: '1_000' is not a number"),
        ("2025-03-31,displaced,nan,,", "value: 'nan' is not a number"),
        ("2025-03-31,displaced,inf,,", "value: 'inf' is not a number"),
        ("2025-03-31,displaced,1e999,,", "value: '1e999' is not a number"),
        ("2025-03-31,displaced,1e308,,", "separators: 0, or from 1e-09 to 1e+15"),
        ("2025-03-31,displaced,1e-320,,", "separators: 0, or from 1e-09 to 1e+15"),
        ("2025-03-31,displaced,5,4,1e16", "high: '1e16' is not a number from 0 up"),
        ("2025-03-31,trust_in_forces,1e-10,,", "is not a share from 0 to 1: 0, or from 1e-09 up"),
        ("2025-03-31,displaced,-1,,", "value: '-1' is not a number from 0 up"),
        ("2025-03-31,displaced,5,x,6", "low: 'x' is not a number"),
        ("2025-03-31,displaced,5,-1,6", "low: '-1' is not a number from 0 up"),
        ("2025-03-31,trust_in_forces,60,,", "value: '60' is not a share from 0 to 1"),
        ("2025-03-31,trust_in_forces,.6,.5,70", "high: '70' is not a share from 0 to 1"),
        ("2025-03-31,displaced,5,6,7", "low: 6 is above the value, 5"),
        ("2025-03-31,displaced,5,4,4.5", "high: 4.5 is below the value, 5"),
        ("2025-03-31,displaced,5,,7", "low: is empty and high is not; give both or neither"),
        ("2025-03-31,displaced,5,4,", "high: is empty and low is not; give both or neither"),
        ("2025-03-31,displaced,5,", "row: has 4 fields, must have 5"),
    ],
)  # fmt: skip
def test_each_mistake_is_reported(mistakes: Mistakes, row: str, expected: str) -> None:
    """A mistake gives one line: file, line, column, what is wrong and what is allowed."""
    (problem,) = mistakes(HEAD + "2025-02-28,gang_members,10000,,\n" + row + "\n")

    assert problem.startswith("later.csv:3: ")
    assert expected in problem


def test_mistakes_are_reported_at_once(mistakes: Mistakes) -> None:
    """Seven mistakes are seven lines in the order of the file; a repeated row names the first."""
    lines = mistakes(
        HEAD
        + "2025-3-31,kiled,x,,5\n"
        + "2025-01-01/2025-03-31,killed,5,,\n"
        + "2025-01-01 / 2025-03-31,killed,6,,\n"
        + "2025-03-31,trust_in_forces,0.5,0.6,0.4\n"
    )

    assert [line.split(": ")[0] for line in lines] == [
        f"later.csv:{line}" for line in (2, 2, 2, 2, 4, 5, 5)
    ]
    assert [line.split(": ")[1] for line in lines] == [
        "date",
        "low",
        "outcome",
        "value",
        "date",
        "high",
        "low",
    ]
    assert lines[4].endswith("killed of 2025-01-01 / 2025-03-31 is there already, in line 3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["later.csv:1: file: is empty; the first line names the columns"]),
        (HEAD, ["later.csv:1: file: has no row below its header"]),
        (
            "Date,outcome,value,value,high\n2025-03-31,displaced,5,5,5\n",
            [
                f"later.csv:1: date: column is missing; {THERE}; {NEEDED}",
                f"later.csv:1: low: column is missing; {THERE}; {NEEDED}",
                f"later.csv:1: value: column is there twice; {NEEDED}",
            ],
        ),
        (
            b"\xff",
            [
                "later.csv:1: file: byte 0xff is not UTF-8 text; "
                "save the table as UTF-8"
            ],
        ),
        (
            HEAD + "2025-03-31,displaced,5,,\n2025-03-30,displaced\x1b[31m,5,,\n",
            [
                "later.csv:3: file: control character U+001B is not allowed; "
                "a table is plain text, remove it"
            ],
        ),
        (
            HEAD + '2025-03-31,"displaced,5,,\n',
            ['later.csv:2: file: is not CSV: a quotation mark (") is opened and never closed'],
        ),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_read(
    mistakes: Mistakes, text: str | bytes, expected: list[str]
) -> None:
    """An empty table, one without rows, a wrong header, other bytes and broken quotes are named."""
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.csv", "No such file or directory"),
        (".", "it is a folder; only regular files are read"),
        ("pipe.csv", "it is a named pipe; only regular files are read"),
        ("/dev/zero", "it is a device; only regular files are read"),
        ("large.csv", "it has 16,777,217 bytes; at most 16,777,216 are read"),
    ],
)
def test_what_is_not_a_file_is_reported(made_up: Make, tmp_path: Path, name: str, why: str) -> None:
    """What is missing, no regular file or too large gives one line at once, and is not read."""
    os.mkfifo(tmp_path / "pipe.csv")
    with (tmp_path / "large.csv").open("wb") as stream:
        stream.truncate(BYTES_AT_MOST + 1)
    with pytest.raises(InputError) as caught:
        read_observations(tmp_path / name, made_up())

    assert caught.value.problems == (f"{tmp_path / name}:1: file: cannot be read ({why})",)


def test_history_need_not_lie_in_the_days(read: Read) -> None:
    """A figure of 2020 is history of a result of 2025, unless the origin is before it."""
    text = HEAD + "2020-05-01,displaced,5,,\n"

    assert [one.start.year for one in read(text)] == [2020]
    with pytest.raises(InputError, match="lies outside the days"):
        read(text, origin=date(2019, 1, 1))
