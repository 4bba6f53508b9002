"""The page about results: one HTML file that any browser opens without a network.

The page holds nothing but what the results say, so the same results give the same page.
"""

import base64
import errno
import functools
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teritwa.analysis.compare import Comparison, ResultLike, as_results, compare
from teritwa.engine.files import write_text
from teritwa.engine.formatting import format_list, format_period
from teritwa.ensemble.result import Result, check_finished
from teritwa.report import count_comparison, figures, provenance, validation_checks
from teritwa.report.answers import answers_context
from teritwa.report.map_data import map_context

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"

_PERCENT_SIGN = re.compile(r"(?<=\d) %")

_NUMBER_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)


def write_page(
    results: ResultLike | Iterable[ResultLike], path: Path, baseline: str | None = None
) -> Path:
    """Write the page about one result, or about several and how they compare.

    Args:
        results: The results of one ensemble, or their folders; one alone is a list of one.
        path: The file; its folder is made if needed.
        baseline: The name of the scenario to compare with; by default the one that the results
            name.

    Returns:
        The path of the page.

    Raises:
        ResultError: A result has no finished run, or the runs of several are not pairs.
        OSError: The file cannot be written.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    text = compose_page(results, baseline)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path


def compose_page(results: ResultLike | Iterable[ResultLike], baseline: str | None = None) -> str:
    """Return the page as HTML, with the arguments and errors of `write_page`."""
    given = as_results(results)
    check_finished(given)
    comparison = compare(given, baseline) if len(given) > 1 or baseline else None
    ordered = [comparison.baseline, *comparison.others] if comparison else given
    context = {
        **_page_files(),
        **_header_context(ordered),
        **answers_context(ordered, comparison),
        **_figures_context(ordered, comparison),
        **map_context(ordered),
        **_validation_context(ordered[0]),
        **_provenance_context(ordered),
    }
    page = _environment().get_template("page.html.jinja").render(context)
    return page if page.endswith("\n") else f"{page}\n"


@functools.cache
def _environment() -> "Environment":
    """Return the environment of the templates, which escapes all that is put into them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_keep_percent_sign,
    )


def _keep_percent_sign(value: object) -> object:
    """Keep a number and its per cent sign on one line; leave what is HTML already."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _PERCENT_SIGN.sub("\N{NO-BREAK SPACE}%", value)
    return value


def _page_files() -> dict[str, Any]:
    """Return the script, its hash for the content security policy, and the style."""
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    return {
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
    }


def _header_context(results: Sequence[Result]) -> dict[str, Any]:
    """Return the head of the page: what it is about, and its parts."""
    baseline = results[0]
    world = baseline.manifest["world"]["name"]
    days = format_period(f"{baseline.manifest['start']} to {baseline.manifest['end']}")
    runs = format_list(sorted({f"{result.count}" for result in results}, key=int))
    return {
        "heading": f"Who holds the capital? {_subject(results)}",
        "world": world,
        "baseline": baseline.scenario_id,
        "parts": _parts(is_comparison=len(results) > 1),
        "failures": provenance.failed_runs_warning(results),
        "standfirst": (
            f"Gangs, police and a foreign security mission in {world}, simulated from {days}, "
            f"{runs} runs a scenario. A median is the run in the middle; a band of 90 % leaves "
            "one run in twenty out on either side. It holds chance and the ranges of the "
            "parameters, but no error of the model itself (see “How far to trust it”)."
        ),
    }


def _subject(results: Sequence[Result]) -> str:
    """Return the scenario that the page is about, or how many."""
    count = len(results)
    if count == 1:
        return results[0].title
    words = _NUMBER_WORDS[count] if count < len(_NUMBER_WORDS) else str(count)
    return f"{words.capitalize()} scenarios compared"


def _parts(*, is_comparison: bool) -> list[tuple[str, str]]:
    """Return the anchor and the name of each part of the page."""
    drivers = [("drivers", "What drove the difference")] if is_comparison else []
    return [
        ("answers", "The answers"),
        *drivers,
        ("time", "Over time"),
        ("map", "Where"),
        ("mission", "The mission, and the harm"),
        ("trust", "How far to trust it"),
        ("parameters", "Every number of the model"),
        ("provenance", "Where this comes from"),
    ]


def _figures_context(results: Sequence[Result], comparison: Comparison | None) -> dict[str, Any]:
    """Return all figures; the ids in those of a scenario begin with s and its number."""
    return {
        "comparisons": figures.comparisons(comparison) if comparison else [],
        "scenario_figures": [
            {
                "scenario": result.scenario_id,
                "title": result.title,
                "time_series": figures.time_series(result, f"s{i}"),
                "mission": figures.mission_and_harm(result, f"s{i}"),
            }
            for i, result in enumerate(results)
        ],
    }


def _validation_context(baseline: Result) -> dict[str, Any]:
    """Return what the page says of validation: limitations, the shipped one, and these runs."""
    compared = count_comparison.compare_counts(baseline)
    return {
        "limitations": validation_checks.limitations(baseline),
        "validation": validation_checks.validation_sentences(baseline),
        "counts_summary": count_comparison.counts_summary(compared),
        "counts": {
            "head": [
                "count",
                "published (what the sources allow)",
                "median of runs",
                "90 % of runs",
                "in it",
                "in it, with the count's own error",
            ],
            "rows": [one.cells for one in compared],
            "caption": (
                f"Published counts of 2024 beside {baseline.count} runs of {baseline.scenario_id}; "
                "where sources differ, the middle of what they allow, while pictures show the "
                "figure that was published"
            ),
        },
    }


def _provenance_context(results: Sequence[Result]) -> dict[str, Any]:
    """Return every parameter, and the provenance of each result."""
    return {
        "parameters": provenance.parameter_rows(results[0]),
        "parameters_note": provenance.PARAMETERS_NOTE,
        "reproducibility_note": provenance.REPRODUCIBILITY_NOTE,
        "provenance": [provenance.provenance_of(result) for result in results],
    }
