"""The command score: a result against figures that were published later."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from teritwa.cli.common import (
    DAY,
    AsJson,
    AsSimulated,
    OneResult,
    app,
    open_seen,
    report_mistakes,
)
from teritwa.cli.console import waiting

Data = Annotated[Path, typer.Option(help="Table of figures: date, outcome, value, low, high.")]
Origins = Annotated[
    list[datetime] | None,
    typer.Option(formats=DAY, help="Last day that forecasts know; may be repeated."),
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help="Folder; default: scores, beside the result.")
]


@app.command()
def score(
    result: OneResult,
    *,
    data: Data,
    origin: Origins = None,
    out: Out = None,
    as_simulated: AsSimulated = False,
    as_json: AsJson = False,
) -> None:
    """Score a result against later figures, beside reference forecasts without a model.

    Where the runs replay a past, what they missed of it is in their bands after it, unless
    --as-simulated.
    """
    with waiting(f"reading {result}"), report_mistakes("nothing was written"):
        from teritwa.analysis.figure_reader import read_observations
        from teritwa.analysis.published_figures import KNOWN_UNTIL
        from teritwa.analysis.scoring import score as score_result
        from teritwa.cli.tables import print_scores
        from teritwa.ensemble.result import no_link

        opened = open_seen(result, as_simulated=as_simulated)
        origins = [one.date() for one in origin or ()] or [KNOWN_UNTIL]
        observations = read_observations(data, opened, origin=min(origins))
        scores = score_result(opened, observations, origins=origins)
        folder = scores.save(out or no_link(no_link(result.parent / "scores") / opened.scenario_id))
        print_scores(scores)
        head = {"schema": 1, "command": "score", "path": str(folder)}
        print(json.dumps({**head, **scores.document()}) if as_json else folder)
