"""The command report: one page about results."""

from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import AnyResults, Baseline, app, open_results, report_mistakes
from teritwa.cli.console import waiting

Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="File; default: report.html, beside the results.")
]


@app.command()
def report(results: AnyResults = None, *, baseline: Baseline = None, out: Out = None) -> None:
    """Write a page that any browser opens offline: answers, maps, drivers, provenance."""
    with waiting("writing the page"), report_mistakes("nothing was written"):
        from teritwa.report.page import write_page

        opened = open_results(results)
        print(write_page(opened, out or opened[0].path.parent / "report.html", baseline))
