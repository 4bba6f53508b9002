"""The command compare: what it writes and prints, and results that cannot be compared."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from typer.testing import Result as Answer

from teritwa.ensemble.result import Result

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]


def test_compare_writes_tables_and_figures(call: Call, made_up: MakeResult) -> None:
    """The folder of two results is enough; the path is printed, the table is on standard error."""
    base = made_up({"displaced": np.array([1, 2, 3, 4])[None, :, None]})
    made_up({"displaced": np.array([1, 1, 2, 3])[None, :, None]}, id="policy")
    answer = call("compare", base.path.parent)

    folder = base.path.parent / "comparison"
    assert (answer.exit_code, answer.stdout) == (0, f"{folder}\n")
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    tables = {"comparison.csv", "comparison.json", "recapture.csv"}
    assert tables | {"figures/gang_control_capital.png"} <= names
    assert "policy against baseline: 4 pairs of runs" in answer.stderr
    (line,) = [line for line in answer.stderr.splitlines() if "displaced" in line]
    assert " 75/25/0 " in line


def test_compare_as_json_with_a_named_baseline(
    call: Call, made_up: MakeResult, tmp_path: Path
) -> None:
    """The document names the baseline and has a row per measure; another folder may be named."""
    first, second = made_up(), made_up(id="policy")
    out = tmp_path / "elsewhere"
    named = ["--baseline", "policy", "-o", out, "--json"]
    answer = call("compare", first.path, second.path, *named)

    document = json.loads(answer.stdout)
    assert (document["schema"], document["command"]) == (1, "compare")
    assert (document["baseline"], document["path"]) == ("policy", str(out))
    assert {row["scenario"] for row in document["rows"]} == {"baseline"}


def test_compare_without_results_gives_code_4(
    call: Call, made_up: MakeResult, tmp_path: Path
) -> None:
    """A missing folder, an empty one and results with other seeds: code 4, with the reason."""
    first, second = made_up(), made_up(id="policy", seed=8)

    for given, words in [
        ([tmp_path / "nowhere"], "no such folder"),
        ([tmp_path], "holds no result"),
        ([first.path, second.path], "seed is 8, not 7"),
    ]:
        answer = call("compare", *given)
        assert (answer.exit_code, answer.stdout) == (4, "")
        assert words in answer.stderr


def test_a_result_without_a_manifest_is_named(call: Call, made_up: MakeResult) -> None:
    """A scenario that is left out of a comparison is left out with a word."""
    first, second, third = (made_up(id=name) for name in ("one", "three", "two"))
    (second.path / "manifest.json").unlink()
    answer = call("compare", first.path.parent)

    assert answer.exit_code == 0
    assert f"{second.path}: has no manifest.json, so it is left out" in answer.stderr
    assert "two against one" in answer.stderr
    assert third.path.name == "two"
