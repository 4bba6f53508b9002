"""The page of the validation: what fits, what does not, what 2024 taught, and what nobody can learn from it.

It is composed from tables alone, so that it says no more than they do. Cells may be values or text read from CSV.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from teritwa.analysis.calibration.prediction import ORIGIN
from teritwa.analysis.published_figures import Observation
from teritwa.analysis.reference_forecasts import shipped
from teritwa.pictures.parameters import every_picture, informed, informed_picture, numbers
from teritwa.pictures.prediction import MEASURES, analog_picture, drawn_outcomes, prediction_picture
from teritwa.pictures.style import Table, save
from teritwa.pictures.validation import (
    APART,
    Record,
    fit_numbers,
    fit_picture,
    number,
    records,
    recovery_picture,
    written,
)
from teritwa.report import findings, markdown, parameter_learning
from teritwa.report.findings import LIMIT, LIMITED, RULES, named
from teritwa.report.markdown import escaped, listed, percent
from teritwa.report.validation_notes import (
    AFTER_A_FIT,
    CHANGE_OUR_MIND,
    EXPLAINED,
    KNOWN_TO_BE_WRONG,
    NOT_EXPLAINED,
)

FACTS: Mapping[str, str] = {
    "first_wave": "runs of the first wave that finished",
    "second_wave": "runs of the second wave that finished",
    "candidates": "candidates of the third wave of which all runs finished",
    "runs_each": "runs of each candidate",
    "effective": "equally likely candidates that would tell as much",
    "draws": "draws of the posterior",
    "parameters": "uncertain parameters",
    "targets": "targets",
    "fitted_targets": "targets that were fitted",
    "posterior": "SHA-256 of the posterior",
    "shipped": "it is the posterior that ships",
}
"""What the page says of how it was made: facts by these names, in this order, and then any others."""


@dataclass(frozen=True)
class ValidationTables:
    """All that the page and its pictures are made from.

    The first four are those of `teritwa.analysis.calibration.tables`; ``scores`` and ``scores_summary`` have the
    fields of `teritwa.analysis.scoring`, ``analog`` and ``analog_summary`` those of `teritwa.analysis.analog`.
    ``facts`` has the columns fact and value, with ``first_wave`` and ``draws`` among the facts.
    """

    fit: Table
    parameters: Table
    recovery: Table
    ranks: Table
    facts: Table
    scores: Table
    scores_summary: Table
    analog: Table
    analog_summary: Table

    @property
    def said(self) -> dict[str, object]:
        """Return the facts by name."""
        return {str(row["fact"]): row["value"] for row in records(self.facts)}


def table_of(path: Path) -> Table:
    """Return a CSV file as a table of texts."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def draw(tables: ValidationTables, folder: Path) -> list[Path]:
    """Draw every picture into a folder, with its numbers beside it; return the files."""
    runs, draws = (int(number(tables.said[name])) for name in ("first_wave", "draws"))
    every = tables.parameters
    return [
        save(fit_picture(tables.fit, runs, draws)[0], folder / "fit.png", fit_numbers(tables.fit)),
        save(informed_picture(every, draws)[0], folder / "parameters.png", numbers(informed(every))),
        save(every_picture(every, draws)[0], folder / "parameters-all.png", numbers(records(every))),
        save(recovery_picture(tables.recovery, tables.ranks)[0], folder / "recovery.png", tables.recovery),
        save(prediction_picture(tables.scores, _history(), ORIGIN)[0], folder / "prediction.png", tables.scores),
        save(analog_picture(tables.analog_summary, tables.analog)[0], folder / "analog.png", tables.analog_summary),
    ]


def _history() -> Table:
    """Return the published figures that ship, as a table."""
    return {field.name: [getattr(one, field.name) for one in shipped()] for field in fields(Observation)}


def compose(tables: ValidationTables) -> str:
    """Return the page as Markdown."""
    sections: tuple[tuple[str, Callable[[ValidationTables], Sequence[str]]], ...] = (
        ("What this is and how it was made", _made),
        ("Fit to each target", _fit),
        ("How wide the bands are", _widths),
        ("What 2024 tells about each parameter", lambda given: parameter_learning.parameters(given.parameters)),
        ("Does the method find what is known?", lambda given: parameter_learning.recovery(given.recovery)),
        ("Prediction in time", _prediction),
        ("The analog: a logic test, not evidence", _analog),
        ("What failed", _failed),
        ("What was changed after a fit was seen", lambda _: [listed(AFTER_A_FIT)]),
        ("What would change our mind", _change),
        ("How to make this page again", _again),
    )
    parts = ["# Validation", *(part for head, body in sections for part in (f"## {head}", *body(tables)))]
    return "\n\n".join(parts) + "\n"


def _made(tables: ValidationTables) -> list[str]:
    said = tables.said
    names = [*(name for name in FACTS if name in said), *(name for name in said if name not in FACTS)]
    return [
        "The model of the world as it was, held to what was counted. `teritwa calibrate` found the parameters under "
        "which it gives 2024, errors allowed for; `teritwa validate` made this page. What was simulated or fitted is "
        "told from the tables beside this page. Explanations of misses and what would change our mind are judgement, "
        "and say so.",
        "The calibration runs in three waves. The first spreads runs over the priors of all "
        f"{_count(tables.parameters)} uncertain parameters. An emulator of the targets then says where "
        "2024 is likely, and the second wave runs "
        "there. A second emulator, which knows this region better, proposes candidates. Each candidate is run more "
        "than once, and weighed by what its own runs gave; the posterior is drawn by these weights, and new runs at "
        "each of its draws check it.",
        markdown.table(("what", "value"), [(FACTS.get(name, name), _fact(said[name])) for name in names]),
    ]


def _count(table: Table) -> int:
    return len(records(table))


def _fact(value: object) -> str:
    text = str(value)
    return f"{int(text):,}" if text.isdecimal() else text


def _fit(tables: ValidationTables) -> list[str]:
    fit = records(tables.fit)
    inside = sum(row["inside"] == "yes" for row in fit)
    missed = [row for row in fit if row["inside"] != "yes"]
    rows = [
        (_name(row), _observed(row), *_band(row), percent(number(row["half_width"])), str(row["inside"])) for row in fit
    ]
    misses = [_miss(row) for row in missed] or ["No target misses its 90 % band."]
    return [
        "![Each target with its bands](figures/fit.png)",
        f"{inside} of {len(fit)} targets lie in their 90 % predictive band; if the bands are right, some "
        f"{0.9 * len(fit):.0f} should. The targets were used to find the posterior, so this is fit and not prediction. "
        "The band has the error of the observation in it; the half-width is half of the band over its median.",
        markdown.table(("target", "observed", "median", "90 % band", "half-width", "inside"), rows),
        "### Targets that were missed",
        "What is said in italics is judgement: no table here shows that it is the reason.",
        listed(misses),
    ]


def _name(row: Record) -> str:
    return str(row["target"]) + ("" if row["fitted"] == "yes" else " (not fitted)")


def _observed(row: Record) -> str:
    """Return what was observed, and what the sources leave open where they differ."""
    low, high = number(row["low"]), number(row["high"])
    range_known = low < high and row["group"] not in APART
    return f"{written(row)} ({low:,.0f} to {high:,.0f})" if range_known and high > 1 else written(row)


def _band(row: Record) -> tuple[str, str]:
    low, median, high = (_amount(row, f"posterior_q{level}") for level in ("05", "50", "95"))
    return median, f"{low} to {high}"


def _amount(row: Record, name: str) -> str:
    """Return a simulated value in the unit of its target; a count below nought, from the error, is none."""
    value = number(row[name])
    if row["group"] in APART:
        return f"{value:.1f}"
    return f"{100 * value:.1f} %" if number(row["high"]) <= 1 else f"{max(value, 0.0):,.0f}"


def _miss(row: Record) -> str:
    side = findings.side(row)
    why = EXPLAINED.get((str(row["target"]), side), NOT_EXPLAINED)
    low, high = number(row["low"]), number(row["high"])
    reaches = low < high and low <= number(row["posterior_q95"]) and high >= number(row["posterior_q05"])
    more = " The range that the sources leave reaches into the band, its middle does not." if reaches else ""
    text = f"**{escaped(row['target'])}**: observed {_observed(row)}, band {_band(row)[1]}; the model is {side}.{more}"
    return f"{text} {why if why == NOT_EXPLAINED else f'*{why}*'}"


def _widths(tables: ValidationTables) -> list[str]:
    fit = records(tables.fit)
    limited, other = ([row for row in fit if (row["group"] in LIMITED) == yes] for yes in (True, False))
    wide = [row for row in limited if number(row["half_width"]) > LIMIT]
    apart = [row for row in other if row["group"] == "kidnapped"]
    rows = [(str(row["target"]), percent(number(row["half_width"])), findings.narrow(row)) for row in limited]
    rest = [(str(row["target"]), percent(number(row["half_width"]))) for row in other if row not in apart]
    return [
        f"A band that is wide enough holds anything. For the killed, the injured and the displaced the half-width "
        f"should be at most {percent(LIMIT)}: {len(limited) - len(wide)} of {len(limited)} bands keep to it.",
        markdown.table(("target", "half-width", f"at most {percent(LIMIT)}"), rows),
        findings.overdispersion(apart, records(tables.parameters)),
        markdown.table(("target", "half-width"), [(str(r["target"]), percent(number(r["half_width"]))) for r in apart]),
        "The other targets have no limit. Where a median is near nought, its half-width says little.",
        markdown.table(("target", "half-width"), rest),
    ]


def _prediction(tables: ValidationTables) -> list[str]:
    summary, rows = findings.ordered(records(tables.scores_summary)), findings.ordered(records(tables.scores))
    header = (
        "outcome",
        "figures",
        "in the 80 %",
        "share",
        "CRPS model",
        *(f"CRPS {rule}" for rule in RULES),
        "compared",
    )
    said = [line for one in summary for line in findings.rivals(one, rows)]
    each = [
        (named(row), findings.days(row), markdown.number(number(row["value"])), findings.span(row, "low_80", "high_80"),
         "yes" if number(row["inside_80"]) else "no", *(markdown.number(number(row[rule])) for rule in RULES))
        for row in rows
    ]  # fmt: skip
    drawn = "![Prediction in time](figures/prediction.png)" if drawn_outcomes(tables.scores) else "There is no picture."
    return [
        drawn,
        f"The same method, fitted only to what was counted until {ORIGIN}, is held against the figures that came "
        "later. Rules and priors were written with all of 2024 known; only the fit did not know it.",
        "CRPS is the mean distance of the runs from the figure, less half of that between two runs; less is better, "
        "and for a single number it is the distance. Persistence says that the last figure stays, the trend that the "
        "line through the last three goes on.",
        markdown.table(header, [findings.summary_row(one) for one in summary]),
        "In the row of all, each CRPS is a share of its figure. The figures are few: shares of so few cannot tell "
        "a coverage of 80 % from one that is somewhat lower or higher.",
        "### Where a simple rule wins, and why",
        listed(said or ["Nowhere: the model has the lowest CRPS wherever there is a rule to compare it with."]),
        "### Each figure",
        markdown.table(("outcome", "days", "figure", "80 % interval", "inside", *RULES), each),
    ]


def _analog(tables: ValidationTables) -> list[str]:
    lines = records(tables.analog_summary)
    return [
        "![The analog](figures/analog.png)",
        "**This is a logic test, not evidence.** In a small world a quarter is raided and left, or raided and held. It "
        "asks whether the rules say that soldiers who stay hold more than those who leave. Its quarters and gangs are "
        "assumptions, and nothing here is compared with an observation. To pass it does not make the model true.",
        findings.verdict(lines),
        markdown.table(("scenario", "measure", "value", "95 % interval", "of"), findings.analog_rows(lines, MEASURES)),
    ]


def _failed(tables: ValidationTables) -> list[str]:
    fit, recovery = records(tables.fit), records(tables.recovery)
    summary = findings.ordered(records(tables.scores_summary))
    failures = [
        *findings.fit_failures(fit),
        *findings.recovery_failures(recovery),
        *findings.prediction_failures(summary),
        *findings.analog_failures(records(tables.analog_summary)),
    ]
    return [
        "Made by rule from the tables: targets outside their band, bands above the limit, coverage that is "
        "off, simple rules that win.",
        listed(failures or ["Nothing failed by these rules. That is no proof that the model is right."]),
        "Known beside that, from runs and not from these tables:",
        listed(KNOWN_TO_BE_WRONG),
    ]


def _change(_: ValidationTables) -> list[str]:
    return ["Judgement. These observations would make us change the model, or stop using it:", listed(CHANGE_OUR_MIND)]


def _again(_: ValidationTables) -> list[str]:
    commands = "```sh\nteritwa calibrate\nteritwa validate\n```"
    return [commands, "The first finds the posterior, the second runs the rest and writes this page and its pictures."]
