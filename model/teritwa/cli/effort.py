"""The command effort: from officers in the country to districts held, for one result."""

import json
from dataclasses import asdict

from teritwa.cli.common import AsJson, OneResult, app, report_mistakes
from teritwa.cli.console import waiting


@app.command()
def effort(result: OneResult, *, as_json: AsJson = False) -> None:
    """Print what becomes of the forces' effort: officer-days, operations, arrests, districts."""
    with waiting(f"reading {result}"), report_mistakes():
        from teritwa.analysis.effort import as_lines
        from teritwa.analysis.effort import effort as chain_of
        from teritwa.ensemble.result import open_result

        links = chain_of(open_result(result))
        if as_json:
            rows = [asdict(link) for link in links]
            print(json.dumps({"schema": 1, "command": "effort", "links": rows}))
        else:
            print(*as_lines(links), sep="\n")
