"""When a scenario runs and how often: its last day, its draws and replicates, its seed."""

from dataclasses import dataclass
from datetime import date

from teritwa.scenario.reader.field_reader import FieldReader, ReadingContext
from teritwa.scenario.reader.yaml_tree import Node

YEARS_AT_MOST = 10
RUNS_AT_MOST = 1_000_000
SEED_AT_MOST = 2**63 - 1


@dataclass(frozen=True)
class Runs:
    """How many draws, how many replicates of each, and the seed of all chance."""

    draws: int = 1
    replicates: int = 20
    seed: int = 1


def read_period(context: ReadingContext, reader: FieldReader) -> tuple[date, date]:
    """Return the first and the last day of a scenario; the first is the one its world describes."""
    first = context.vocabulary.start
    node = reader.node("period", required=True)
    if node is None:
        return first, first
    period = FieldReader(context, node, "period", ("start", "end"))
    start = period.day("start")
    if start is not None and start != first:
        period.wrong(
            "start",
            f"{start} is not the day that the world describes, {first}: change start in world.csv",
        )
    end = period.day("end")
    if "end" not in period.items:
        period.node("end", required=True)
    wrong = fault_of_end(first, end) if end is not None else ""
    if wrong:
        period.wrong("end", wrong)
    return first, end or first


def fault_of_end(start: date, end: date) -> str:
    """Return what is wrong with the last day, or an empty text."""
    if end < start:
        return f"{end} is before the start, {start}"
    latest = date(start.year + YEARS_AT_MOST, start.month, min(start.day, 28))
    return (
        f"{end} is more than {YEARS_AT_MOST} years after the start, {start}" if end > latest else ""
    )


def read_runs(context: ReadingContext, node: Node | None, default: Runs) -> Runs:
    """Return the draws, replicates and seed that a map gives, and default those there were."""
    if node is None:
        return default
    reader = FieldReader(context, node, "runs", ("draws", "replicates", "seed"))
    draws = reader.integer("draws", 1, RUNS_AT_MOST, default.draws)
    replicates = reader.integer("replicates", 1, RUNS_AT_MOST, default.replicates)
    if draws * replicates > RUNS_AT_MOST:
        context.wrong(
            reader.mark,
            "runs",
            f"{draws * replicates:,} runs are too many, at most {RUNS_AT_MOST:,}",
        )
    return Runs(draws, replicates, reader.integer("seed", 0, SEED_AT_MOST, default.seed))
