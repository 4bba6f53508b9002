"""Formatting: each way of writing numbers, dates and lists, by hand."""

from datetime import date

import numpy as np
import pytest

from teritwa.engine.formatting import (
    display_unit,
    format_amount,
    format_amount_range,
    format_change,
    format_change_range,
    format_correlation,
    format_count,
    format_date,
    format_decimal,
    format_exact,
    format_fixed,
    format_frequency,
    format_integer,
    format_list,
    format_number,
    format_percent,
    format_period,
    format_share,
    format_significant,
    format_times,
)

NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-9, "0"),
        (1.5, "1.5"),
        (100.0, "100"),
        (1 / 3, "0.333333"),
        (-1_041_000.25, "-1041000.25"),
        (NAN, "nan"),
        (INFINITY, "inf"),
    ],
)
def test_files_have_six_decimals_at_most(value: float, text: str) -> None:
    """No exponent, no separators, no trailing zeros, no negative zero."""
    assert format_decimal(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-0.001, "0.00"),
        (0.126, "0.13"),
        (12.34, "12.3"),
        (-512.3, "-512.3"),
        (1234.5, "1,234"),
        (-1_041_000.0, "-1,041,000"),
    ],
)
def test_tables_on_screens_have_few_decimals(value: float, text: str) -> None:
    """Large numbers have no decimals, small ones two, and nothing is a negative zero."""
    assert format_number(value) == text


def test_units_of_tables_on_screens() -> None:
    """Shares become per cent, US dollars millions, and other units stay."""
    assert display_unit("1") == ("%", 100.0)
    assert display_unit("US dollars") == ("$ million", 1e-6)
    assert display_unit("officers") == ("officers", 1.0)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.12345, 3, "0.123"),
        (46.96, 3, "47"),
        (99.96, 3, "100"),
        (983_936.2, 3, "983,936"),
        (-123.4, 3, "-123"),
        (1.2345e-5, 4, "1.234e-05"),
        (13_254.7, 4, "13,255"),
        (999.94, 4, "999.9"),
        (NAN, 3, ""),
        (INFINITY, 3, "no limit"),
    ],
)
def test_significant_digits(value: float, digits: int, text: str) -> None:
    """Small numbers have so many digits; large ones are integers with separators."""
    assert format_significant(value, digits) == text


def test_fixed_decimals() -> None:
    """Decimals are kept, also zeros, and a negative zero has no sign."""
    assert [format_fixed(value, 2) for value in (0.5, 1234.0, -0.001)] == [
        "0.50",
        "1,234.00",
        "0.00",
    ]
    assert format_fixed(-1.0, 1) == "-1.0"


def test_integers_and_exact_numbers() -> None:
    """Integers are rounded; exact numbers keep their digits; both have separators."""
    assert [format_integer(value) for value in (1999.6, 0.4, -0.4)] == ["2,000", "0", "0"]
    assert [format_exact(value) for value in (600_000.0, 0.05, 2e-6)] == [
        "600,000",
        "0.05",
        "2e-06",
    ]


def test_per_cent() -> None:
    """Integer per cent, without a negative zero; nothing for what is not a number."""
    shares = (0.355, 2.0, 12.0, -0.001, NAN, INFINITY)
    assert [format_percent(share) for share in shares] == [
        "36 %", "200 %", "1,200 %", "0 %", "", "no limit",
    ]  # fmt: skip


def test_shares_have_a_decimal_where_they_need_one() -> None:
    """A share of pairs has one decimal unless it is an integer."""
    assert [format_share(share) for share in (0.645, 0.12, 1.0)] == ["64.5 %", "12 %", "100 %"]


def test_rare_is_not_never() -> None:
    """A share of runs is 0 or 100 % only if it is none or all."""
    shares = (0.0, 0.001, 0.25, 0.999, 1.0)
    assert [format_frequency(share) for share in shares] == [
        "0 %", "under 1 %", "25 %", "over 99 %", "100 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "amount", "change"),
    [
        (0.8096, "1", "81.0 %", "+81.0 points"),
        (-0.0004, "1", "0.0 %", "0.0 points"),
        (1234567.4, "persons", "1,234,567", "+1,234,567"),
        (-7412.0, "persons", "−7,412", "−7,412"),
        (3.5, "districts", "3.5", "+3.5"),
        (4.0, "districts", "4", "+4"),
        (-50.1, "districts", "−50", "−50"),
        (12_340_000.0, "US dollars", "12.3 million dollars", "+12.3 million dollars"),
    ],
)
def test_amounts_and_changes(value: float, unit: str, amount: str, change: str) -> None:
    """Shares have one decimal, counts none; the minus sign is true and zero has no sign."""
    assert (format_amount(value, unit), format_change(value, unit)) == (amount, change)


def test_ranges_have_their_unit_once() -> None:
    """Per cent, points and dollars stand after the second number alone."""
    assert format_amount_range(0.8, 0.825, "1") == "80.0 to 82.5 %"
    assert format_amount_range(1e6, 2e6, "US dollars") == "1.0 to 2.0 million dollars"
    assert format_amount_range(1000, 20, "persons") == "1,000 to 20"
    assert format_change_range(-0.124, 0.017, "1") == "−12.4 to +1.7 points"


def test_correlations_have_a_sign() -> None:
    """Two decimals, with a true minus sign."""
    assert [format_correlation(value) for value in (0.7, -0.704)] == ["+0.70", "−0.70"]


def test_counts_times_and_lists() -> None:
    """One has no plural, once and twice are words, and a list ends in and."""
    assert [format_count(count, "civilian") for count in (1, 1200)] == [
        "1 civilian", "1,200 civilians",
    ]  # fmt: skip
    assert [format_times(count) for count in (1, 2, 3)] == ["once", "twice", "3 times"]
    assert (format_list(["a"]), format_list(["a", "b", "c"])) == ("a", "a, b and c")


def test_dates_are_in_words() -> None:
    """Dates of every kind are written alike; other text is not a date."""
    for day in (date(2025, 3, 7), np.datetime64("2025-03-07"), "2025-03-07"):
        assert format_date(day) == "7 March 2025"
    with pytest.raises(ValueError, match="2025"):
        format_date("2025")


def test_periods_have_their_dates_in_words() -> None:
    """A day and a range of days are written in words, a year stays."""
    assert format_period("2025-12-31") == "31 December 2025"
    assert format_period("2025") == "2025"
    assert format_period("2024-01-01 to 2024-02-10") == "1 January 2024 to 10 February 2024"
