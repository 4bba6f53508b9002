"""What the tables of a validation say, in sentences and rows: every judgement here is a rule applied to numbers."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan

import numpy as np

from teritwa.analysis.analog import HOLD, WANTED
from teritwa.pictures.prediction import HEADS, VERDICTS
from teritwa.pictures.validation import Record, number
from teritwa.report.markdown import escaped, percent
from teritwa.report.markdown import number as shown
from teritwa.report.validation_notes import HIGH, LOW

LIMITED = ("killed", "injured", "displaced")
"""Groups of targets whose bands have a limit."""

LIMIT = 0.35
"""The largest relative half-width of their bands (a demand made before the calibration)."""

RULES = ("persistence", "trend")
ALL = "all"


def side(row: Record) -> str:
    """Say on which side of what was observed the model lies."""
    return LOW if number(row["posterior_q50"]) < number(row["observed"]) else HIGH


def narrow(row: Record) -> str:
    """Say whether a band keeps the limit."""
    return "yes" if number(row["half_width"]) <= LIMIT else "no"


def span(row: Record, low: str, high: str) -> str:
    """Return two cells as a range."""
    return f"{shown(number(row[low]))} to {shown(number(row[high]))}"


def overdispersion(kidnapped: Sequence[Record], parameters: Sequence[Record]) -> str:
    """Say how unevenly people were kidnapped, and what the model has for it."""
    if len(kidnapped) < 2:
        return "Kidnapping stands apart; there are too few counts of it to say how uneven they are."
    counts = np.array([number(row["observed"]) for row in kidnapped])
    index = counts.var(ddof=1) / counts.mean()
    text = (
        f"Kidnapping stands apart and has no limit. Its {len(counts)} counts vary by {shown(float(index))} times as "
        "much as independent events would (variance over mean), so no smooth rate fits them all."
    )
    spread = [row for row in parameters if row["parameter"] == "kidnapping.monthly_spread"]
    if spread:
        text += (
            " In the model each month has a factor of its own; the standard deviation of its logarithm is "
            f"{shown(number(spread[0]['q50']))} in the posterior's median (90 %: {span(spread[0], 'q05', 'q95')})."
        )
    return text


def by_mechanism(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return names of parameters by the mechanism before their dot."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.partition(".")[0], []).append(name.partition(".")[2])
    return [(mechanism, ", ".join(parts)) for mechanism, parts in found.items()]


POINTS = 0.02
"""A difference in coverage that matters to nobody (assumption, range 0.01-0.05)."""


def covers(row: Record) -> bool:
    """Whether an interval held the truth as often as it should, by two standard errors or two points."""
    return abs(number(row["coverage"]) - number(row["level"])) <= max(2 * number(row["standard_error"]), POINTS)


def recovered(rows: Sequence[Record]) -> str:
    """Say in one sentence each how the method and the ensemble that must fail did."""
    own, shrunk = ([row for row in rows if (row["ensemble"] == "as calibrated") == yes] for yes in (True, False))
    return (
        f"As calibrated, {sum(map(covers, own))} of {len(own)} intervals cover as they should, within two standard "
        "errors or two points; by chance one in twenty would not. With half the spread "
        f"{sum(map(covers, shrunk))} of {len(shrunk)} do."
    )


def ordered(rows: Sequence[Record]) -> list[Record]:
    """Return rows by outcome, the outcomes in the order of the picture, others after them and the sum of all last."""
    order = [*HEADS]
    rank = {name: i for i, name in enumerate(order)} | {ALL: len(order) + 1}
    return sorted(rows, key=lambda row: rank.get(str(row["outcome"]), len(order)))


def named(row: Record) -> str:
    """Return the plain name of an outcome."""
    return HEADS.get(str(row["outcome"]), str(row["outcome"])).partition(",")[0]


def days(row: Record) -> str:
    """Return the day or the period of a figure."""
    return str(row["start"]) if str(row["start"]) == str(row["end"]) else f"{row['start']} to {row['end']}"


def inside(row: Record) -> int:
    """Return how many figures lie in their 80 % intervals."""
    return round(number(row["inside_80"]) * number(row["figures"]))


def summary_row(row: Record) -> tuple[str, ...]:
    """Return the cells of one outcome in the table of scores."""
    scores = (shown(number(row[f"{rule}crps"])) or "none" for rule in ("", *(f"{rule}_" for rule in RULES)))
    counts = f"{number(row['figures']):.0f}", f"{inside(row)}", percent(number(row["inside_80"]))
    return named(row), *counts, *scores, f"{number(row['compared']):.0f}"


def wins(row: Record, rule: str) -> bool:
    """Whether a simple rule does at least as well as the model; not where either is missing."""
    return number(row[f"{rule}_crps"]) <= number(row["crps"])


def rivals(row: Record, rows: Sequence[Record]) -> list[str]:
    """Say of one outcome which simple rules win, and what the tables show of why."""
    if row["outcome"] == ALL:
        return []
    own = [one for one in rows if one["outcome"] == row["outcome"]]
    return [
        f"**{escaped(named(row))}**: {rule} wins ({shown(number(row[f'{rule}_crps']))} against "
        f"{shown(number(row['crps']))} over {number(row['compared']):.0f} figures). {_why(own, rule)}"
        for rule in RULES
        if wins(row, rule)
    ]


def _why(rows: Sequence[Record], rule: str) -> str:
    """Say by how much rule and median were off, which is all that the tables know of why."""
    both = [one for one in rows if not isnan(number(one[rule])) and number(one["value"])]
    if not both:
        return "All its figures are nought."
    values, said, medians = (np.array([number(one[name]) for one in both]) for name in ("value", rule, "median"))
    theirs, ours = (float((np.abs(each - values) / values).mean()) for each in (said, medians))
    from_rule = (
        "The figures lay on average {} from the last one known" if rule == RULES[0] else "The line was off by {}"
    )
    text = f"{from_rule.format(percent(theirs))}, the model's median was off by {percent(ours)}"
    low, high = int((medians < values).sum()), int((medians > values).sum())
    text += f" ({LOW} for {low}, {HIGH} for {high})."
    if ours < theirs:
        text += " Its median came nearer, but CRPS charges for the spread of its runs, and a single number has none."
    return text


def analog_rows(lines: Sequence[Record], measures: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the rows of the analog's table: the measures of each scenario, then the pairs."""
    rows: list[tuple[str, ...]] = []
    for line in lines:
        measure = str(line["measure"])
        if line["scenario"] != "pairs" and measure not in measures:
            continue
        low, high = number(line["low"]), number(line["high"])
        interval = "" if isnan(low) or isnan(high) else f"{percent(low)} to {percent(high)}"
        value = percent(number(line["value"])) or "no case"
        name = measures.get(measure, measure.replace("_60", ", day 60,"))
        rows.append((str(line["scenario"]), name, value, interval, f"{number(line['of']):,.0f}"))
    return rows


def verdict(lines: Sequence[Record]) -> str:
    """Say in how many pairs holding did better, and whether that is as many as was asked for."""
    better, same, worse = (_pair(lines, word) for word in VERDICTS)
    passed = "passes" if better >= WANTED else "fails"
    pairs = next(number(line["of"]) for line in lines if line["measure"] == f"influence_60 {VERDICTS[0]}")
    held = next(number(line["value"]) for line in lines if line["measure"] == f"held_60 {VERDICTS[0]}")
    left = next(number(line["value"]) for line in lines if (line["scenario"], line["measure"]) == (HOLD, "held_60"))
    return (
        f"Of {pairs:.0f} pairs, gang influence on day 60 was lower under holding in {percent(better)}, the same in "
        f"{percent(same)} and higher in {percent(worse)}. Asked for were {percent(WANTED)}: the test {passed}. "
        f"A little less influence counts as lower: fewer people live where gangs hold in {percent(held)} of the pairs. "
        "The size is not tested, and it is not that of the real event: at the "
        f"end of February 2007 all of Cité Soleil was declared under control (F320), here gangs still hold "
        f"{percent(left)} of its people on day 60 under holding."
    )


def _pair(lines: Sequence[Record], word: str) -> float:
    return next(number(line["value"]) for line in lines if line["measure"] == f"influence_60 {word}")


def fit_failures(fit: Sequence[Record]) -> list[str]:
    """List targets missed and bands too wide."""
    found = [f"**Missed**: {escaped(row['target'])} ({side(row)})." for row in fit if row["inside"] != "yes"]
    wide = [
        f"{escaped(row['target'])} ({percent(number(row['half_width']))})"
        for row in fit
        if row["group"] in LIMITED and narrow(row) == "no"
    ]
    if wide:
        found.append(f"**Wider than {percent(LIMIT)}**: {'; '.join(wide)}.")
    return found


def recovery_failures(rows: Sequence[Record]) -> list[str]:
    """List intervals that do not cover as they should, and those that half the spread passes unseen."""
    found = []
    for row in rows:
        calibrated = row["ensemble"] == "as calibrated"
        if covers(row) == calibrated:
            continue
        level, share = percent(number(row["level"])), percent(number(row["coverage"]))
        text = (
            f"the {level} interval holds the truth in {share} of cases"
            if calibrated
            else f"passes at {level} ({share})"
        )
        head = "Recovery" if calibrated else "Half the spread"
        found.append(f"**{head}, {escaped(row['part'])}**: {text}.")
    return found


def prediction_failures(summary: Sequence[Record]) -> list[str]:
    """List outcomes of which too few figures lie in the 80 % intervals, and those where a simple rule wins."""
    found = []
    for row in summary:
        name, figures = "all outcomes" if row["outcome"] == ALL else escaped(named(row)), number(row["figures"])
        if number(row["inside_80"]) < 0.8:
            found.append(f"**Prediction, {name}**: {inside(row)} of {figures:.0f} figures in their 80 % intervals.")
        found += [f"**Prediction, {name}**: {rule} does better than the model." for rule in RULES if wins(row, rule)]
    return found


def analog_failures(lines: Sequence[Record]) -> list[str]:
    """Say that the logic test fails, if it does."""
    better = _pair(lines, VERDICTS[0])
    return [f"**Analog**: holding does better in only {percent(better)} of pairs."] if better < WANTED else []
