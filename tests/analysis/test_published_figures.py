"""Tests of the table of later figures and of what a result says of their days."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis.observed_levels import observed
from teritwa.analysis.published_figures import (
    KNOWN_UNTIL,
    Observation,
    names_of,
    outside,
    read_observations,
    unfit,
    values_of,
)
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import PERPETRATORS

Make = Callable[..., Result]
HEAD = "date,outcome,value,low,high\n"
DAY = date(2025, 3, 31)
QUARTER = (date(2025, 1, 1), DAY)


@pytest.fixture
def read(made_up: Make, tmp_path: Path) -> Callable[..., tuple[Observation, ...]]:
    """Return a function that reads a table from its text beside a made-up result of 2025."""
    result = made_up()

    def from_text(text: str | bytes, origin: date = KNOWN_UNTIL) -> tuple[Observation, ...]:
        path = tmp_path / "later.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_observations(path, result, origin=origin)

    return from_text


@pytest.fixture
def mistakes(read: Callable[..., tuple[Observation, ...]]) -> Callable[..., list[str]]:
    """Return a function that reads what cannot be read and returns the lines that say so, without the folder."""

    def lines(text: str | bytes) -> list[str]:
        with pytest.raises(InputError) as caught:
            read(text)
        return [problem[problem.index("later.csv") :] for problem in caught.value.problems]

    return lines


def test_table_reads_in_its_order(read: Callable[..., tuple[Observation, ...]]) -> None:
    """Days and periods, ranges and none, spaces, an empty line, a mark of UTF-8 and further columns in any order."""
    text = (
        "\ufeffsource,outcome,date,high,value,low,unit\n"
        '"UN, 2025",killed.gang,2025-01-01/2025-03-31, 900 ,800,7.5e2,persons\n\n'
        "x,displaced,2025-03-31,,1000000.5,,\ny,strength.mission,2025-03-31,,.5,,\nz,killed,2025-04-01/2025-04-01,,0,,\n"
    )

    assert read(text) == (
        Observation("killed.gang", *QUARTER, 800, 750, 900),
        Observation("displaced", DAY, DAY, 1000000.5),
        Observation("officers_deployed.mission", DAY, DAY, 0.5),
        Observation("killed", date(2025, 4, 1), date(2025, 4, 1), 0),
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2025-03-31,dispalced,5,,", "outcome: 'dispalced' is nothing that this result can be scored on; did you mean"),
        ("2025-03-31,strength,5,,", "can be scored on; did you mean 'strength."),
        ("2025-03-31,killed.gangs,5,,", "did you mean 'killed.gang'?"),
        ("2025-03-31,mandate,1,,", "outcome: 'mandate' is nothing"),
        ("2025-03-31,residents,1,,", "outcome: 'residents' is nothing"),
        ("2025-03-31,zzz,1,,", " are known, among them attacks, "),
        ("2025-01-01/2025-03-31,displaced,5,,", "does not fit, for displaced is read on a day: write one"),
        ("2025-03-31,killed,5,,", "date: '2025-03-31' does not fit, for killed is added up: write a period"),
        ("31.3.2025,displaced,5,,", "date: '31.3.2025' is not a day such as 2025-03-31"),
        ("20250331,displaced,5,,", "date: '20250331' is not a day"),
        ("2025-02-29,displaced,5,,", "date: '2025-02-29' is not a day"),
        (",displaced,5,,", "date: '' is not a day"),
        ("2025-01-01/2025-02-01/2025-03-01,killed,5,,", "is not a day such as 2025-03-31, or a period such as"),
        ("2025-03-31/2025-01-01,killed,5,,", "date: '2025-03-31/2025-01-01' ends before it begins"),
        ("2027-03-31,displaced,5,,", "date: 2027-03-31 lies outside the days of "),
        ("2024-12-01/2025-03-31,killed,5,,", ", 2024-12-30 to 2026-01-02"),
        ("2025-03-31,displaced,many,,", "value: 'many' is not a number from 0 up, in digits without separators"),
        ("2025-03-31,displaced,,,", "value: '' is not a number"),
        ("2025-03-31,displaced,1_000,,", "value: '1_000' is not a number"),
        ("2025-03-31,displaced,nan,,", "value: 'nan' is not a number"),
        ("2025-03-31,displaced,inf,,", "value: 'inf' is not a number"),
        ("2025-03-31,displaced,1e999,,", "value: '1e999' is not a number"),
        ("2025-03-31,displaced,-1,,", "value: '-1' is not a number from 0 up"),
        ("2025-03-31,displaced,5,x,6", "low: 'x' is not a number"),
        ("2025-03-31,displaced,5,-1,6", "low: '-1' is not a number from 0 up"),
        ("2025-03-31,trust,60,,", "value: '60' is not a share from 0 to 1"),
        ("2025-03-31,trust,.6,.5,70", "high: '70' is not a share from 0 to 1"),
        ("2025-03-31,displaced,5,6,7", "low: 6 is above the value, 5"),
        ("2025-03-31,displaced,5,4,4.5", "high: 4.5 is below the value, 5"),
        ("2025-03-31,displaced,5,,7", "low: is empty and high is not; give both or neither"),
        ("2025-03-31,displaced,5,4,", "high: is empty and low is not; give both or neither"),
        ("2025-03-31,displaced,5,", "row: has 4 fields, must have 5"),
    ],
)  # fmt: skip
def test_each_mistake_is_told(mistakes: Callable[..., list[str]], row: str, says: str) -> None:
    """A row with one mistake gives one line, which names file, line, column, what is wrong and what is allowed."""
    (problem,) = mistakes(HEAD + "2025-02-28,members,10000,,\n" + row + "\n")

    assert problem.startswith("later.csv:3: ")
    assert says in problem


def test_mistakes_are_told_at_once(mistakes: Callable[..., list[str]]) -> None:
    """Six mistakes in three rows are six lines in the order of the file; a row said twice names the first."""
    lines = mistakes(
        HEAD
        + "2025-3-31,kiled,x,,5\n"
        + "2025-01-01/2025-03-31,killed,5,,\n"
        + "2025-01-01 / 2025-03-31,killed,6,,\n"
        + "2025-03-31,trust,0.5,0.6,0.4\n"
    )

    assert [line.split(": ")[0] for line in lines] == [f"later.csv:{line}" for line in (2, 2, 2, 2, 4, 5, 5)]
    assert [line.split(": ")[1] for line in lines] == ["date", "low", "outcome", "value", "date", "high", "low"]
    assert lines[4].endswith("killed of 2025-01-01 / 2025-03-31 is there already, in line 3")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ["later.csv:1: file: is empty; the first line names the columns"]),
        (HEAD, ["later.csv:1: file: has no row below its header"]),
        (
            "Date,outcome,value,value,high\n2025-03-31,displaced,5,5,5\n",
            [
                "later.csv:1: date: column is missing; the file has 'Date', 'outcome', 'value', 'value', 'high'; "
                "needed are date, outcome, value, low, high",
                "later.csv:1: low: column is missing; the file has 'Date', 'outcome', 'value', 'value', 'high'; "
                "needed are date, outcome, value, low, high",
                "later.csv:1: value: column is there twice; needed are date, outcome, value, low, high",
            ],
        ),
        (b"\xff", ["later.csv:1: file: is not UTF-8 text (invalid start byte); save the table as UTF-8"]),
        (HEAD + '2025-03-31,"displaced,5,,\n', ["later.csv:2: file: is not CSV (unexpected end of data)"]),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_read(mistakes: Callable[..., list[str]], text: str | bytes, says: list[str]) -> None:
    """An empty table, one without rows, a wrong header, other bytes and broken quotes are told as such."""
    assert mistakes(text) == says


@pytest.mark.parametrize(("name", "why"), [("none.csv", "No such file or directory"), (".", "Is a directory")])
def test_what_is_no_file_is_told(made_up: Make, tmp_path: Path, name: str, why: str) -> None:
    """A missing file and a folder are a line each, no traceback."""
    with pytest.raises(InputError) as caught:
        read_observations(tmp_path / name, made_up())

    assert caught.value.problems == (f"{tmp_path / name}:1: file: cannot be read ({why})",)


def test_history_need_not_lie_in_the_days(read: Callable[..., tuple[Observation, ...]]) -> None:
    """A figure of 2020 is history of a result of 2025; with an origin before it, it would have to be scored."""
    text = HEAD + "2020-05-01,displaced,5,,\n"

    assert [one.start.year for one in read(text)] == [2020]
    with pytest.raises(InputError, match="lies outside the days"):
        read(text, origin=date(2019, 1, 1))


def test_names_are_those_of_the_daily_outcomes(made_up: Make) -> None:
    """Harm goes by perpetrator or whole, officers by force or contingent, all else whole; codes and places not."""
    names = names_of(made_up())

    assert len(set(names)) == len(names)
    assert {"displaced", "killed", "killed.gang", "killed_counted.police"} <= set(names)
    assert {name for name in names if name.startswith("officers_operational")} == {
        "officers_operational.mission", "officers_operational.police", "officers_operational.kenya", "officers_operational.jamaica", "officers_operational.haitian-police",
    }  # fmt: skip
    assert {name.split(".")[0] for name in names} == {
        name for name, outcome in OUTCOMES.items() if outcome.dimensions[0] == "date" and name != "mandate"
    }


def test_stocks_are_read_on_the_day(made_up: Make) -> None:
    """The fourth day of runs that begin at 0, 100, 200 and 300 and gain one a day; a failed run is left out."""
    rising = np.arange(369) + 100 * np.arange(4)[None, :, None]
    result = made_up({"displaced": rising}, failed={(0, 1): "x"})
    day = date(2025, 1, 2)

    assert values_of(result, Observation("displaced", day, day, 1)).tolist() == [3, 203, 303]


def test_counts_are_added_up(made_up: Make) -> None:
    """From the second day to the fourth 1 + 2 + 3, and in each of 15 ways in which harm is done."""
    result = made_up({"kidnapped": np.arange(369), "killed": np.arange(369)[:, None, None], "injured": 30000})
    days = (date(2024, 12, 31), date(2025, 1, 2))

    assert values_of(result, Observation("kidnapped", *days, 1)).tolist() == [6] * 4
    assert values_of(result, Observation("killed", *days, 1)).tolist() == [90] * 4
    assert values_of(result, Observation("killed.mission", *days, 1)).tolist() == [18] * 4
    assert values_of(result, Observation("injured", *days, 1)).tolist() == [30000 * 45] * 4


def test_parts_are_picked_by_name(made_up: Make) -> None:
    """Each perpetrator and each force or contingent gives its own number; what is counted may be broken."""
    by = np.arange(1.0, 6.0) / 4
    result = made_up({"killed_counted": by, "officers_deployed": np.array([900, 400, 24])})
    day = (date(2025, 5, 1), date(2025, 5, 1))

    found = {name: values_of(result, Observation(name, *day, 1))[0] for name in names_of(result)}
    assert [found[f"killed_counted.{who}"] for who in PERPETRATORS] == by.tolist()
    assert found["killed_counted"] == by.sum() == 3.75
    assert [found[f"strength.{who}"] for who in ("police", "mission", "kenya", "jamaica")] == [900, 424, 400, 24]


def test_what_a_result_cannot_be_held_against(made_up: Make) -> None:
    """An outcome that is none, a stock over a period and days that it does not have are told; the rest is fit."""
    result = made_up()

    assert unfit(result, Observation("displaced", DAY, DAY, 1)) == ""
    assert unfit(result, Observation("killed", *QUARTER, 1)) == ""
    assert "nothing that" in unfit(result, Observation("officers_deployed", DAY, DAY, 1))
    assert unfit(result, Observation("displaced", *QUARTER, 1)) == "is read on a day, not over a period"
    assert "outside" in unfit(result, Observation("displaced", date(2024, 12, 29), date(2024, 12, 29), 1))
    assert outside(result, date(2024, 12, 30), date(2026, 1, 2)) == ""
    assert "2024-12-30 to 2026-01-02" in outside(result, date(2024, 12, 30), date(2026, 1, 3))


def test_facts_of_an_observation() -> None:
    """Days, middle, unit, and whether it is added up or a share."""
    quarter, day = Observation("killed.gang", *QUARTER, 1), Observation("trust_in_forces", DAY, DAY, 1)

    assert (quarter.days, quarter.unit, quarter.counted, quarter.share) == (90, "persons", True, False)
    assert quarter.middle == (QUARTER[0].toordinal() + DAY.toordinal()) / 2
    assert (day.days, day.middle, day.unit, day.counted, day.share) == (1, DAY.toordinal(), "1", False, True)


def test_what_ships_is_known_by_the_usual_origin() -> None:
    """No figure that ships ends after the day up to which they are said to go."""
    assert max(figure.end for figure in observed()) <= KNOWN_UNTIL
