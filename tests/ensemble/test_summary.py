"""Tests of summary.csv against numbers calculated by hand."""

import csv
from collections.abc import Callable

import numpy as np
import pytest

from teritwa.engine.formatting import format_decimal
from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import month_starts
from teritwa.rules.outcomes import BY_CONTINGENT, BY_PERPETRATOR, outcome
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import PERPETRATORS

Make = Callable[..., Result]


def table(result: Result, name: str) -> dict[str, list[float]]:
    """Return the quantiles of one outcome by date."""
    with (result.path / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["outcome"] == name]
    found = {}
    for row in rows:
        found[row["date"]] = [float(row[level]) for level in ("q05", "q25", "q50", "q75", "q95")]
    return found


def test_stocks_on_month_starts_and_the_last_day(made_up: Make) -> None:
    """A stock appears on day 0, on the first of each month and on the last day only."""
    days = list(table(made_up(), "displaced"))

    months = [f"2025-{month:02d}-01" for month in range(1, 13)]
    assert days == ["2024-12-30", *months, "2026-01-01", "2026-01-02"]


def test_quantiles_are_linear_between_runs(made_up: Make) -> None:
    """Of 0, 10, 20, 30 and 40 the 5 % quantile is 2, the quartiles are 10 and 30."""
    result = made_up({"displaced": np.arange(0, 50, 10)[None, :, None]}, replicates=5)

    assert table(result, "displaced")["2025-03-01"] == pytest.approx([2, 10, 20, 30, 38])


def test_counts_by_month_and_since_day_0(made_up: Make) -> None:
    """Two kidnapped a day give 4 in 2 days of December, 62 in January, and 68 by 1 February."""
    result = made_up({"kidnapped": 2})

    assert table(result, "kidnapped.month")["2024-12-30"] == [4.0] * 5
    assert table(result, "kidnapped.month")["2025-01-01"] == [62.0] * 5
    assert table(result, "kidnapped.month")["2026-01-01"] == [4.0] * 5
    assert table(result, "kidnapped")["2025-02-01"] == [68.0] * 5


def test_harm_by_perpetrator(made_up: Make) -> None:
    """Perpetrator i kills i + 1 a day of each of three kinds of victims; all are summed too."""
    killed = np.arange(1, 7)[None, None, None, :, None]
    result = made_up({"killed": killed})

    for i, who in enumerate(PERPETRATORS):
        assert table(result, f"killed.{who}.month")["2025-01-01"] == [31.0 * 3 * (i + 1)] * 5
    assert table(result, "killed.month")["2025-01-01"] == [31.0 * 63] * 5


def test_counted_harm_by_perpetrator(made_up: Make) -> None:
    """Reported deaths have no victims; fractions are summed over many months."""
    result = made_up({"killed_counted": np.arange(1, 7) / 4, "injured_counted": 1000.5})

    for i, who in enumerate(PERPETRATORS):
        by_month = table(result, f"killed_counted.{who}.month")
        assert by_month["2025-01-01"] == [31 * (i + 1) / 4] * 5
    assert table(result, "killed_counted.month")["2025-01-01"] == [31 * 5.25] * 5
    assert table(result, "killed_counted")["2026-01-02"] == [369 * 5.25] * 5
    assert table(result, "injured_counted")["2026-01-02"] == [369 * 6 * 1000.5] * 5


def test_every_outcome_of_the_day_has_its_rows(made_up: Make) -> None:
    """Every daily outcome is in the table, whatever its dimensions and type, except for codes."""
    with (made_up().path / "summary.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["outcome"].split(".")[0] for row in csv.DictReader(stream)}
    daily = {name for name, one in OUTCOMES.items() if one.dimensions[0] == "date"}
    assert found == daily - {"mandate"}


def test_mission_is_the_sum_of_its_contingents(made_up: Make) -> None:
    """Kenya and Jamaica belong to the mission, the Haitian police does not."""
    result = made_up({"officers_deployed": np.array([5000, 400, 24])})

    assert table(result, "officers_deployed.mission")["2025-05-01"] == [424.0] * 5
    assert table(result, "officers_deployed.haitian-police")["2025-05-01"] == [5000.0] * 5


def test_outcomes_of_extensions_are_summarised(
    made_up: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count by contingent and a stock by perpetrator have their parts and their sums."""
    count = outcome(
        "arrests", "c.a", unit="arrests per day", meaning="", stored="i2", dimensions=BY_CONTINGENT
    )
    stock = outcome(
        "held", "c.b", unit="persons", meaning="", stored="i2", dimensions=BY_PERPETRATOR
    )
    monkeypatch.setitem(OUTCOMES, "arrests", count)
    monkeypatch.setitem(OUTCOMES, "held", stock)
    result = made_up({"arrests": np.array([1, 2000, 3000]), "held": np.arange(1, 7)})

    assert table(result, "arrests.kenya.month")["2025-01-01"] == [31.0 * 2000] * 5
    assert table(result, "arrests.mission")["2025-01-01"] == [3.0 * 5000] * 5
    assert table(result, f"held.{PERPETRATORS[1]}")["2025-01-01"] == [2.0] * 5
    assert table(result, "held")["2025-01-01"] == [21.0] * 5


def test_codes_have_no_quantiles(made_up: Make) -> None:
    """The mandate is a code, which has no quantiles."""
    assert table(made_up({"mandate": 1}), "mandate") == {}


def test_month_starts_from_the_middle_of_a_month() -> None:
    """Day 0 counts as the beginning of its month."""
    dates = np.arange("2024-01-30", "2024-03-03", dtype="datetime64[D]")

    assert month_starts(dates).tolist() == [0, 2, 31]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0000001, "0"),
        (100.0, "100"),
        (1041000.0, "1041000"),
        (0.1234567, "0.123457"),
        (-2.5, "-2.5"),
    ],
)
def test_numbers_are_written_plainly(value: float, text: str) -> None:
    """No exponent, no trailing zeros, no negative zero, six decimals."""
    assert format_decimal(value) == text
