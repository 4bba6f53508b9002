"""The command compare: paired differences between the results of scenarios."""

import json
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import AnyResults, AsJson, Baseline, app, open_results, report_mistakes
from teritwa.cli.console import waiting

Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", help="Folder; default: comparison, beside the results."),
]


@app.command()
def compare(
    results: AnyResults = None,
    baseline: Baseline = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Compare results run by run: paired differences, and how often each is lower or higher."""
    with waiting("comparing the results"), report_mistakes():
        from teritwa.analysis.compare import compare as compare_results
        from teritwa.analysis.recapture import save_recapture
        from teritwa.cli.tables import print_comparison
        from teritwa.ensemble.result import no_link
        from teritwa.pictures import save_comparison

        opened = open_results(results)
        comparison = compare_results(opened, baseline)
        folder = comparison.save(out or no_link(opened[0].path.parent / "comparison"))
        save_recapture(comparison, folder)
        save_comparison(comparison, folder)
        print_comparison(comparison)
        head = {"schema": 1, "command": "compare", "path": str(folder)}
        print(json.dumps({**head, **comparison.document()}) if as_json else folder)
