"""When a scenario runs and how often: its last day, its draws and repeats, its seed."""

from dataclasses import dataclass
from datetime import date

from teritwa.scenario.reader.field_reader import Form, Reading
from teritwa.scenario.reader.yaml_tree import Node

YEARS_AT_MOST = 10
RUNS_AT_MOST = 1_000_000
SEED_AT_MOST = 2**63 - 1


@dataclass(frozen=True)
class Runs:
    """How many draws, how many repeats of each, and the seed of all chance."""

    draws: int = 1
    repeats: int = 20
    seed: int = 1


def read_clock(reading: Reading, form: Form) -> tuple[date, date]:
    """Return the first and the last day of a scenario; the first is the one its world describes."""
    first = reading.known.start
    node = form.node("clock", required=True)
    if node is None:
        return first, first
    clock = Form(reading, node, "clock", ("start", "end"))
    start = clock.day("start")
    if start is not None and start != first:
        clock.wrong("start", f"{start} is not the day that the world describes, allowed: {first}")
    end = clock.day("end")
    if "end" not in clock.items:
        clock.node("end", required=True)
    wrong = fault_of_end(first, end) if end is not None else ""
    if wrong:
        clock.wrong("end", wrong)
    return first, end or first


def fault_of_end(start: date, end: date) -> str:
    """Return what is wrong with the last day, or an empty text."""
    if end < start:
        return f"{end} is before the start, {start}"
    latest = date(start.year + YEARS_AT_MOST, start.month, min(start.day, 28))
    return f"{end} is more than {YEARS_AT_MOST} years after the start, {start}" if end > latest else ""


def read_runs(reading: Reading, node: Node | None, otherwise: Runs) -> Runs:
    """Return the draws, repeats and seed that a map gives, and otherwise those there were."""
    if node is None:
        return otherwise
    form = Form(reading, node, "runs", ("draws", "repeats", "seed"))
    draws = form.whole("draws", 1, RUNS_AT_MOST, otherwise.draws)
    repeats = form.whole("repeats", 1, RUNS_AT_MOST, otherwise.repeats)
    if draws * repeats > RUNS_AT_MOST:
        reading.wrong(form.mark, "runs", f"{draws * repeats:,} runs are too many, at most {RUNS_AT_MOST:,}")
    return Runs(draws, repeats, form.whole("seed", 0, SEED_AT_MOST, otherwise.seed))
