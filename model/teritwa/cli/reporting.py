"""The command about pages: report."""

from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import app, mistakes_told


@app.command()
def report(
    results: Annotated[
        list[Path] | None, typer.Argument(metavar="RESULT", help="Result folders, or a folder of them.")
    ] = None,
    *,
    baseline: Annotated[str | None, typer.Option(help="Scenario to compare with.")] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="File; default: report.html, beside the results.")
    ] = None,
) -> None:
    """Write one page about results that any browser opens without a network: answers, maps, drivers, provenance."""
    with mistakes_told("nothing was written"):
        from teritwa.ensemble.result import find_results, open_result
        from teritwa.report.page import write_page

        folders = [folder for path in results or [Path("results")] for folder in find_results(path)]
        page = out or folders[0].parent / "report.html"
        print(write_page([open_result(folder) for folder in folders], page, baseline))
