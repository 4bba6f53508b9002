"""Dates as files write them: year-month-day, from 1900 to 2200."""

import re
from datetime import date

from teritwa.engine.errors import quoted

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""The first and the last day that a file may name."""

ALLOWED = f"a date from {EARLIEST} to {LATEST}, written like 2024-01-01"
"""What may be written for a date."""

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_date(text: str) -> date:
    """Return a date written as year-month-day.

    Other forms of ISO 8601 (20240101, 2024-W01-1, 2024-001, 2024-01-01T00:00) are refused.

    Raises:
        ValueError: If the text is not such a date; the message says what to write.
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no date, write it as 2024-06-25")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text} is not in the calendar, write a real date as 2024-06-25"
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError(f"{text} is too far away, write a date from {EARLIEST} to {LATEST}")
    return found
