"""The command score: its table, its words, and mistakes in the figures."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result as Answer

from teritwa.ensemble.result import Result

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]


def test_score_writes_and_prints(call: Call, made_up: MakeResult, tmp_path: Path) -> None:
    """Five runs of 500 displaced are 100 below 600: the table, the words and the JSON agree."""
    result = made_up({"displaced": 500}, replicates=5)
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")
    command = ["score", result.path, "--data", data, "-o", tmp_path / "scores"]
    words, document = call(*command), json.loads(call(*command, "--json").stdout)

    assert words.stdout.strip() == str(tmp_path / "scores")
    with (tmp_path / "scores" / "scores.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (float(row["crps"]), float(row["bias"]), row["inside_90"]) == (100.0, -100.0, "0")
    assert document["rows"][0]["crps"] == 100.0
    assert "displaced" in words.stderr


def test_score_names_mistakes_by_file_line_and_column(
    call: Call, made_up: MakeResult, tmp_path: Path
) -> None:
    """An unknown outcome and a missing file are one line each, with the code of invalid files."""
    result = made_up({"displaced": 500})
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displacd,600,,\n", encoding="utf-8")
    wrong = call("score", result.path, "--data", data)
    missing = call("score", result.path, "--data", tmp_path / "none.csv")

    assert (wrong.exit_code, missing.exit_code) == (3, 3)
    assert f"{data}:2" in wrong.stderr
    assert "did you mean 'displaced'" in wrong.stderr
    assert "none.csv" in missing.stderr
