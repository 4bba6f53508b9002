"""The tables of facts: complete, well formed, consistent, and not later than January 2025."""

import calendar
import csv
import math
import re
from datetime import date
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[1] / "seeds"
LAST_DAY = date(2025, 1, 31)
COLUMNS = {
    "articles.csv": ["number", "describes", "published", "how_the_date_is_known"],
    "facts.csv": ["id", "value", "unit", "date", "article", "describes", "how_it_is_read"],
    "contradictions.csv": ["id", "facts", "what_differs", "how_it_is_read", "use"],
    "evidence.csv": ["id", "date", "quantity", "value", "low", "high", "unit", "source"],
}
IDS = {
    "articles.csv": r"\d{3}",
    "facts.csv": r"S\d{2}",
    "contradictions.csv": r"C\d{2}",
    "evidence.csv": r"F\d{3}[a-z]?",
}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table; fail on a row with too few or too many cells."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines, restkey="surplus", restval=""))
    assert not [row for row in found if "surplus" in row]
    return found


def facts() -> dict[str, float]:
    """Return the value of every fact and figure by its id."""
    return {
        row["id"]: float(row["value"])
        for name in ("facts.csv", "evidence.csv")
        for row in rows(name)
    }


def one_date(text: str) -> tuple[date, date]:
    """Return the first and last day of a day, month or year.

    Raises:
        ValueError: If the text is anything else.
    """
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        raise ValueError(f"{text!r} is not a date")
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    last_month = month or 12
    last_day = day or calendar.monthrange(year, last_month)[1]
    return date(year, month or 1, day or 1), date(year, last_month, last_day)


def period(text: str) -> tuple[date, date]:
    """Return the first and last day of a date, or of a period written first/last."""
    first, _, last = text.partition("/")
    return one_date(first)[0], one_date(last or first)[1]


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_tables_have_their_columns_and_unique_ids(name: str) -> None:
    """Each table has the columns that its README names, and unique ids of the right form."""
    found = rows(name)
    ids = [row[COLUMNS[name][0]] for row in found]
    assert list(found[0]) == COLUMNS[name]
    assert len(ids) == len(set(ids))
    assert [row_id for row_id in ids if not re.fullmatch(IDS[name], row_id)] == []


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_no_cell_is_empty(name: str) -> None:
    """Only the ranges of the evidence may be empty."""
    empty = [
        (row[COLUMNS[name][0]], column)
        for row in rows(name)
        for column, cell in row.items()
        if column not in {"low", "high"} and not cell.strip()
    ]
    assert empty == []


@pytest.mark.parametrize(
    "text", ["", "spring 2024", "2024-13", "2024-02-30", "2024-1-1", "24-01-01"]
)
def test_invalid_dates_are_refused(text: str) -> None:
    """The reader of dates refuses all but a day, a month, a year or a period."""
    with pytest.raises(ValueError, match=r"."):
        period(text)


@pytest.mark.parametrize(
    ("name", "column"),
    [("articles.csv", "published"), ("facts.csv", "date"), ("evidence.csv", "date")],
)
def test_dates_parse_and_end_before_february_2025(name: str, column: str) -> None:
    """Every date parses, no period runs backwards, and nothing is later than January 2025."""
    spans = {row[COLUMNS[name][0]]: period(row[column]) for row in rows(name)}
    ordered = {row_id: first <= last <= LAST_DAY for row_id, (first, last) in spans.items()}
    assert [row_id for row_id, right in ordered.items() if not right] == []


@pytest.mark.parametrize("name", ["facts.csv", "evidence.csv"])
def test_values_are_numbers_within_their_ranges(name: str) -> None:
    """Values are finite, not negative and within their range; percentages are at most 100."""
    wrong = []
    for row in rows(name):
        value = float(row["value"])
        low, high = float(row.get("low") or value), float(row.get("high") or value)
        if not (math.isfinite(value) and 0 <= low <= value <= high < math.inf):
            wrong.append(row["id"])
        if row["unit"] == "percent" and high > 100:
            wrong.append(row["id"])
        if row["unit"] == "event" and value != 1:
            wrong.append(row["id"])
    assert wrong == []


def test_facts_come_from_listed_articles() -> None:
    """Each fact names one of five articles, each article has facts, and only S04 looks ahead."""
    published = {row["number"]: period(row["published"])[1] for row in rows("articles.csv")}
    found = rows("facts.csv")
    assert sorted(published) == ["000", "001", "002", "003", "004"]
    assert {row["article"] for row in found} == set(published)
    too_late = [row["id"] for row in found if period(row["date"])[0] > published[row["article"]]]
    assert too_late == ["S04"]


def test_ids_named_in_the_tables_exist() -> None:
    """Every S, F and C id in any text of the folder is a row of a table."""
    known = set(facts()) | {row["id"] for row in rows("contradictions.csv")}
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.iterdir()))
    mentioned = set(re.findall(r"\b(?:S\d{2}|C\d{2}|F\d{3}[a-z]?)\b", text))
    assert mentioned - known == set()


def test_each_contradiction_concerns_facts_and_says_which_to_use() -> None:
    """A contradiction lists ids alone, and what to use is known ids or nothing."""
    known = set(facts())
    for row in rows("contradictions.csv"):
        assert set(row["facts"].split()) <= known, row["id"]
        assert row["use"] == "none" or set(row["use"].split()) <= known, row["id"]


def test_facts_sent_to_a_contradiction_are_listed_there() -> None:
    """A fact that refers to a contradiction is one of the facts that it lists."""
    listed = {row["id"]: row["facts"].split() for row in rows("contradictions.csv")}
    pairs = [
        (row["id"], contradiction)
        for row in rows("facts.csv")
        for contradiction in re.findall(r"contradiction (C\d{2})", row["how_it_is_read"])
    ]
    assert len(pairs) > 20
    assert [pair for pair in pairs if pair[0] not in listed[pair[1]]] == []


def test_arithmetic_of_the_contradictions() -> None:
    """The sums behind the readings are right: quarters, years, contingents and days."""
    value = facts()
    killed = value["F075"] + value["F101b"] + value["F148"] + value["F179"]
    injured = value["F072"] + value["F101c"] + value["F146"] + value["F175"]
    assert (killed, value["F181"] - killed) == (5560, 66)
    assert (injured, value["S50"], value["F176"]) == (2212, 2212, 2213)
    assert value["F075"] + value["F072"] == value["F074"] == 2505
    assert value["F101b"] + value["F101c"] == value["S13"] == value["F100"]
    assert (date(2024, 9, 21) - date(2024, 6, 25)).days == 88
    assert (date(2024, 6, 25) - date(2024, 1, 1)).days == 176
    contingents = ("F194", "F193", "F141", "F192", "S63", "F140")
    assert sum(value[name] for name in contingents) == 587
    assert value["F101"] == value["F181"] - value["F179"] - value["F148"] - value["F075"]


def test_sources_name_a_publisher_and_no_address() -> None:
    """A source of the evidence names the publisher, not the address of a page that quotes it."""
    address = re.compile(r"https?:|www\.|\.(com|org|net)\b")
    assert [row["id"] for row in rows("evidence.csv") if address.search(row["source"])] == []
