"""The command holders: how many districts and people each gang of a result holds, week by week."""

from teritwa.cli.common import OneResult, app, report_mistakes
from teritwa.cli.console import waiting


@app.command()
def holders(result: OneResult) -> None:
    """Print how many districts, and people, each gang holds in each week, as CSV."""
    with waiting(f"reading {result}"), report_mistakes():
        from teritwa.analysis.holders import HEADER, holding_rows
        from teritwa.engine.files import as_csv
        from teritwa.ensemble.result import open_result

        print(as_csv(HEADER, holding_rows(open_result(result))), end="")
