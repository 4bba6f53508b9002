"""The page about results: one file that any browser opens without a network, all of it made from the results."""

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from teritwa.analysis.compare import Comparison, Row, compare
from teritwa.analysis.measures import Headline, headlines
from teritwa.engine.files import write_text
from teritwa.ensemble.result import Result, ResultError
from teritwa.report import (
    figures,
    provenance,
    validation_checks,
    verdicts,
)
from teritwa.report.drivers import HOW, drivers
from teritwa.report.map_data import mapped

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

_PER_CENT = re.compile(r"(?<=\d) %")

FIRST_DECADE = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write_page(results: Sequence[Result], path: Path, baseline: str | None = None) -> Path:
    """Write the page about one result, or about several and how they compare; return its path.

    Raise ResultError if a result has no finished run, or if the runs of several are no pairs.
    """
    text = compose(results, baseline)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path


def compose(results: Sequence[Result], baseline: str | None = None) -> str:
    """Return the page as HTML: the same results give the same text."""
    empty = [f"{result.path}: no run finished; run the scenario again" for result in results if result.count == 0]
    if empty:
        raise ResultError(empty)
    compared = compare(results, baseline) if len(results) > 1 or baseline else None
    ordered = [compared.baseline, *compared.others] if compared else list(results)
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    fixed = {
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "baseline": ordered[0].scenario_id,
    }
    context = {
        **fixed,
        **_headed(ordered),
        **_answers(ordered, compared),
        **_pictured(ordered, compared),
        **mapped(ordered),
        **_trusted(ordered[0]),
        **_origins(ordered),
    }
    page = _environment().get_template("page.html.jinja").render(context)
    return page if page.endswith("\n") else f"{page}\n"


@functools.cache
def _environment() -> "Environment":
    """Return the templates, which escape all that is put into them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_kept_together,
    )


def _kept_together(value: object) -> object:
    """Keep a number and its per cent sign on one line; what is HTML already stays as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _PER_CENT.sub("\N{NO-BREAK SPACE}%", value)
    return value


def _headed(results: Sequence[Result]) -> dict[str, Any]:
    base = results[0]
    count = FIRST_DECADE[len(results)] if len(results) < len(FIRST_DECADE) else str(len(results))
    heading = "Who holds the capital?"
    heading += f" {count.capitalize()} scenarios compared" if len(results) > 1 else f" {base.title}"
    days = f"{verdicts.day(str(base.manifest['start']))} to {verdicts.day(str(base.manifest['end']))}"
    runs = verdicts.joined(sorted({f"{result.count}" for result in results}, key=int))
    parts = [
        ("answers", "The answers"),
        *([("drivers", "What drove the difference")] if len(results) > 1 else []),
        ("time", "Over time"),
        ("map", "Where"),
        ("mission", "The mission, and the harm"),
        ("trust", "How far to trust it"),
        ("parameters", "Every number of the model"),
        ("provenance", "Where this comes from"),
    ]
    return {
        "heading": heading,
        "world": base.manifest["world"]["name"],
        "parts": parts,
        "failures": provenance.failures(results),
        "standfirst": (
            f"Gangs, police and a foreign security mission in {base.manifest['world']['name']}, simulated from {days}, "
            f"{runs} runs a scenario. A median is the run in the middle; a band of 90 % leaves one run in twenty out "
            "on either side: it holds both chance and what nobody knows."
        ),
    }


def _answers(results: Sequence[Result], compared: Comparison | None) -> dict[str, Any]:
    """Return the part with the answers: what is, what is better, by how much and how sure."""
    found = {result.scenario_id: {one.name: one for one in headlines(result)} for result in results}
    first, base = verdicts.SUBJECTS[0].outcome, results[0]
    rows = {row.scenario: row for row in compared.rows if row.outcome == first} if compared else {}
    return {
        "in_short": verdicts.in_short(_on_day_0(base), list(rows.values()), base.scenario_id) if rows else "",
        "states": [
            {
                "scenario": result.scenario_id,
                "title": result.title,
                "text": verdicts.state(headline[first]),
                "beside": verdicts.beside(rows[result.scenario_id], base.scenario_id) if result is not base else "",
            }
            for result, headline in zip(results, found.values(), strict=True)
        ],
        "glance": _glance(found),
        "caveat": provenance.effect_of_the_mission(),
        "words": verdicts.WORDS,
        **_compared(compared),
    }


def _on_day_0(result: Result) -> float:
    return float(np.median(result.runs(verdicts.SUBJECTS[0].outcome)[:, 0]))


def _grid(compared: Comparison) -> dict[str, Any]:
    """Return the table of differences: a row a scenario, a column a question."""
    rows = {(row.scenario, row.outcome): row for row in compared.rows}
    return {
        "head": ["scenario", *(subject.head for subject in verdicts.SUBJECTS)],
        "rows": [
            [
                other.scenario_id,
                *(verdicts.in_a_cell(rows[other.scenario_id, subject.outcome]) for subject in verdicts.SUBJECTS),
            ]
            for other in compared.others
        ],
        "caption": f"Beside {compared.baseline.scenario_id}: the median difference, and in brackets the per cent of "
        "pairs that are lower / the same / higher",
    }


def _glance(found: dict[str, dict[str, Headline]]) -> dict[str, Any]:
    """Return the table at a glance; where scenarios end on different days, each number has its own."""
    chosen = {name: [ones[subject.outcome] for subject in verdicts.SUBJECTS] for name, ones in found.items()}
    whens = [{ones[i].when for ones in chosen.values()} for i in range(len(verdicts.SUBJECTS))]
    return {
        "head": [
            "scenario",
            *(subject.head + _on(when) for subject, when in zip(verdicts.SUBJECTS, whens, strict=True)),
        ],
        "rows": [
            [
                name,
                *(
                    _band(one) + ("" if len(when) == 1 else _on({one.when}))
                    for one, when in zip(ones, whens, strict=True)
                ),
            ]
            for name, ones in chosen.items()
        ],
        "caption": "At a glance: medians, and in brackets 90 % of runs",
    }


def _on(whens: set[str]) -> str:
    return f", {verdicts.day(next(iter(whens)))}" if len(whens) == 1 else ""


def _band(one: Headline) -> str:
    median, low, high = (verdicts.amount(value, one.unit) for value in (one.median, one.low, one.high))
    return f"{median} ({low.removesuffix(' %')} to {high})"


def _compared(compared: Comparison | None) -> dict[str, Any]:
    """Return the rankings and the sentences about each scenario beside the baseline, or none of it."""
    if compared is None:
        return {
            "rankings": [],
            "grid": None,
            "compared": [],
            "rules": "",
            "few_pairs": "",
            "drivers": [],
            "drivers_how": HOW,
        }
    base, rows = compared.baseline, {(row.scenario, row.outcome): row for row in compared.rows}
    told = [
        {
            "scenario": other.scenario_id,
            "title": other.title,
            "question": other.manifest["question"],
            "sentences": [
                _sentence(subject, rows[other.scenario_id, subject.outcome]) for subject in verdicts.SUBJECTS
            ],
        }
        for other in compared.others
    ]
    return {
        "rankings": [
            _ranked(subject, base.scenario_id, [row for row in compared.rows if row.outcome == subject.outcome])
            for subject in verdicts.SUBJECTS
        ],
        "grid": _grid(compared),
        "compared": told,
        "rules": verdicts.RULES,
        "few_pairs": verdicts.few_pairs(min(row.pairs for row in compared.rows)),
        "drivers": [drivers(base, other) for other in compared.others],
        "drivers_how": HOW,
    }


def _sentence(subject: verdicts.Subject, row: Row) -> dict[str, str]:
    head = f"{subject.head}, {verdicts.day(row.when)}: {verdicts.verdict(row)}"
    return {"head": head, "pairs": verdicts.pairs(row), "more": verdicts.how_sure(row)}


def _ranked(subject: verdicts.Subject, base: str, rows: Sequence[Row]) -> dict[str, str]:
    """Return what one question comes to; medians are told together where they are of one day."""
    ranking = verdicts.ranking(rows)
    medians = {base: rows[0].baseline_median} | {row.scenario: row.scenario_median for row in rows}
    alike = len({row.when for row in rows}) == 1
    return {
        "head": subject.head,
        "verdicts": ranking[:1].upper() + ranking[1:],
        "extremes": verdicts.extremes(medians, rows[0].unit) if alike else "",
    }


def _pictured(results: Sequence[Result], compared: Comparison | None) -> dict[str, Any]:
    """Return all pictures, those of a scenario with a name of its own for ids."""
    named = [(result, f"s{i}") for i, result in enumerate(results)]
    return {
        "comparisons": figures.comparisons(compared) if compared else [],
        "fans": [_of(result, figures.fans(result, name)) for result, name in named],
        "missions": [_of(result, figures.mission_and_harm(result, name)) for result, name in named],
    }


def _of(result: Result, pictures: list[figures.Picture]) -> dict[str, Any]:
    return {"scenario": result.scenario_id, "title": result.title, "pictures": pictures}


def _trusted(base: Result) -> dict[str, Any]:
    found = validation_checks.counts(base)
    return {
        "cannot": validation_checks.cannot(base),
        "validated": validation_checks.validated(),
        "counted": validation_checks.counted_in_short(found),
        "counts": {
            "head": ["count", "published (what the sources allow)", "median of runs", "90 % of runs", "in it",
                     "in it, with the count's own error"],
            "rows": [
                [one.name, one.published, one.median, one.band, _yes(one.inside), _yes(one.with_error)] for one in found
            ],
            "caption": f"Published counts of 2024 beside {base.count} runs of {base.scenario_id}; where sources "
            "differ, the middle of what they allow, while pictures show the figure that was published",
        },
    }  # fmt: skip


def _yes(held: bool) -> str:
    return "yes" if held else "no"


def _origins(results: Sequence[Result]) -> dict[str, Any]:
    listed = provenance.parameters(results[0])
    return {
        "parameters": listed,
        "parameters_how": provenance.HOW,
        "provenance_how": provenance.PROVENANCE,
        "origins": [provenance.origin(result) for result in results],
    }
