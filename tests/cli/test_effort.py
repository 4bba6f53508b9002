"""The command effort: its table, its JSON, and a folder that is no result."""

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result as Answer

from teritwa.analysis.effort import as_lines, effort
from teritwa.ensemble.result import Result

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]


def test_effort_prints_the_chain(call: Call, made_up: MakeResult) -> None:
    """The words are the lines of the chain; the JSON has the same links and names its command."""
    result = made_up({"officers_deployed": 100, "fighters_arrested": 2}, replicates=3)
    words = call("effort", result.path)
    document = json.loads(call("effort", result.path, "--json").stdout)

    assert (words.exit_code, words.stdout.splitlines()) == (0, as_lines(effort(result)))
    assert (document["schema"], document["command"]) == (1, "effort")
    found = {(link["force"], link["quantity"]): link for link in document["links"]}
    assert len(found) == len(effort(result))
    assert found["police", "in the country"] == {
        "force": "police",
        "quantity": "in the country",
        "unit": "officer-days",
        "mean": 36_900.0,
        "low": 36_900.0,
        "high": 36_900.0,
    }
    assert found["all", "gang members arrested"]["mean"] == 738.0


def test_effort_needs_a_result(call: Call, tmp_path: Path) -> None:
    """A folder without a result is one line and no traceback."""
    answer = call("effort", tmp_path)
    assert answer.exit_code != 0
    assert answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1
