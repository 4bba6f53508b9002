"""The command score: its table, its words, and mistakes in the figures."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result as Answer

from teritwa.ensemble.manifest import seal_manifest
from teritwa.ensemble.result import Result
from teritwa.rules.outcomes import outcome
from teritwa.rules.registry import OUTCOMES

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


def test_score_from_several_origins(call: Call, made_up: MakeResult, tmp_path: Path) -> None:
    """Each figure has a row for each origin before it; the table says what skill is."""
    result = made_up({"displaced": 500}, replicates=5)
    data = tmp_path / "later.csv"
    rows = "".join(f"2025-0{month}-01,displaced,{500 + month},,\n" for month in (1, 2, 3, 4))
    data.write_text("date,outcome,value,low,high\n" + rows, encoding="utf-8")
    command = ["score", result.path, "--data", data, "-o", tmp_path / "scores"]
    answer = call(*command, "--origin", "2025-02-01", "--origin", "2025-03-01", "--json")
    document = json.loads(answer.stdout)

    assert document["origins"] == ["2025-02-01", "2025-03-01"]
    found = [(row["origin"], row["end"], row["horizon"]) for row in document["rows"]]
    assert found == [
        ("2025-02-01", "2025-03-01", 28),
        ("2025-02-01", "2025-04-01", 59),
        ("2025-03-01", "2025-04-01", 31),
    ]
    assert document["rows"][2]["dressed_pooled"] is False
    assert "skill of all: median over 1 outcomes" in answer.stderr


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


def test_a_result_without_a_finished_run_is_named(
    call: Call, made_up: MakeResult, tmp_path: Path
) -> None:
    """The result is at fault and not the figures: one line, with the code of unusable results."""
    result = made_up(failed={(0, i): "x" for i in range(4)})
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")
    answer = call("score", result.path, "--data", data, "-o", tmp_path / "scores")

    assert answer.exit_code == 4
    why = "no run finished; failures.csv says why; mend that and run the scenario again"
    assert answer.stderr == f"{result.path}: {why}\n"
    assert not (tmp_path / "scores").exists()


def test_nothing_is_written_elsewhere(call: Call, made_up: MakeResult, tmp_path: Path) -> None:
    """A scenario's id in the manifest that is a path is refused, and nothing is written."""
    result = made_up({"displaced": 500}, replicates=5)
    manifest = json.loads((result.path / "manifest.json").read_text())
    manifest.pop("sha256")
    there = tmp_path / "elsewhere"
    text = seal_manifest({**manifest, "scenario": str(there)})
    (result.path / "manifest.json").write_text(text)
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")
    answer = call("score", result.path, "--data", data)

    assert (answer.exit_code, answer.stderr.count("\n")) == (4, 1)
    assert "scenario must be an id" in answer.stderr
    assert not there.exists()


def test_outcomes_of_extensions_are_passed_over(
    call: Call, made_up: MakeResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A result with an outcome of an extension that is not loaded is scored on all others."""
    with monkeypatch.context() as patch:
        own = outcome("own", "daily.own", unit="persons", meaning="own", stored="f4")
        patch.setitem(OUTCOMES, "own", own)
        result = made_up({"displaced": 500}, replicates=5)
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")

    assert call("score", result.path, "--data", data).exit_code == 0
