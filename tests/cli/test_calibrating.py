"""The commands calibrate, validate and score, with a formula in the place of the model."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from teritwa import cli
from teritwa.ensemble.result import Result as RunResult
from teritwa.scenario import load
from teritwa.simulation import model as mission

Make = Callable[..., RunResult]


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule runs here."""
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)


def invoke(*arguments: object) -> Result:
    """Call the command line in this process; a traceback is a failure of the test."""
    answer = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer


@pytest.fixture
def quick_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a formula stand in for the model, and chains be short: what is left is the command."""
    from teritwa.analysis.calibration import calibrate, emulator, waves

    def formula(wave: waves.Wave, levels: np.ndarray, first: int) -> np.ndarray:
        slopes = 0.2 + 0.1 * np.arange(len(wave.targets))
        away = np.outer(levels.mean(axis=1) - 0.5, slopes) + 0.01 * np.cos(first + np.arange(len(levels)))[:, None]
        return np.stack([one.at(column) for one, column in zip(wave.targets, away.T, strict=True)], axis=1)

    monkeypatch.setattr(waves, "quantities", formula)
    monkeypatch.setattr(calibrate, "CHAINS", 16)
    monkeypatch.setattr(calibrate, "STEPS", (30, 10, 1))
    monkeypatch.setattr(emulator, "STRONGEST", 3)


def test_calibrate_writes_a_posterior_that_a_scenario_can_name(quick_calibration: None, tmp_path: Path) -> None:
    """It prints the posterior's path, tells what is missed, and goes on from finished runs to the same bytes."""
    command = ["calibrate", "--runs", 512, "-j", 1, "-o", tmp_path / "made"]
    first = invoke(*command)
    path = tmp_path / "made" / "posterior.csv"
    bytes_then = path.read_bytes()
    blocks = {file: file.stat().st_mtime_ns for file in path.parent.rglob("wave-*/*.csv")}
    again = invoke(*command)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout.strip() == str(path)
    assert "targets lie in the 90 % band" in first.stderr
    assert path.read_bytes() == bytes_then
    assert {file: file.stat().st_mtime_ns for file in path.parent.rglob("wave-*/*.csv")} == blocks
    assert {"fit.csv", "parameters.csv"} <= {file.name for file in path.parent.iterdir()}
    (tmp_path / "mine.yaml").write_text(
        "schema: 2\nid: mine\ntitle: Mine\nextends: baseline\nposterior: made/posterior.csv\n", encoding="utf-8"
    )
    assert load(tmp_path / "mine.yaml").posterior is not None


def test_calibrate_until_a_day_fits_what_was_known_then(quick_calibration: None, tmp_path: Path) -> None:
    """Until 30 June 2024 the targets of the second half of the year judge and are not fitted."""
    invoke("calibrate", "--runs", 512, "-j", 1, "--until", "2024-06-30", "-o", tmp_path)

    with (tmp_path / "fit-2024-06-30.csv").open(encoding="utf-8", newline="") as stream:
        fitted = {row["target"]: row["fitted"] for row in csv.DictReader(stream)}
    assert fitted["killed, 2024 Q2"] == fitted["displaced, June 2024"] == "yes"
    assert fitted["killed, 2024 Q3"] == fitted["displaced, September 2024"] == "no"


def test_validate_reads_one_folder_and_writes_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It hands both folders and the processes on, and prints where the page is."""
    asked: list[object] = []

    def made(out: Path, calibration: Path, *, jobs: int | None, told: object) -> Path:
        asked.extend([out, calibration, jobs])
        return out / "README.md"

    monkeypatch.setattr("teritwa.report.validation_tables.validate", made)
    answer = invoke("validate", "--calibration", tmp_path / "a", "-o", tmp_path / "b", "-j", 1)

    assert asked == [tmp_path / "b", tmp_path / "a", 1]
    assert answer.stdout.strip() == str(tmp_path / "b" / "README.md")


def test_score_writes_and_tells(made_up: Make, tmp_path: Path) -> None:
    """Five runs that all say 500 displaced are 100 below 600: the table, the words and the JSON agree."""
    result = made_up({"displaced": 500}, replicates=5)
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")
    words = invoke("score", result.path, "--data", data, "-o", tmp_path / "scores")
    document = json.loads(invoke("score", result.path, "--data", data, "-o", tmp_path / "scores", "--json").stdout)

    assert words.stdout.strip() == str(tmp_path / "scores")
    with (tmp_path / "scores" / "scores.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert (float(row["crps"]), float(row["bias"]), row["inside_90"]) == (100.0, -100.0, "0")
    assert document["rows"][0]["crps"] == 100.0
    assert "displaced" in words.stderr


def test_score_names_mistakes_by_file_line_and_column(made_up: Make, tmp_path: Path) -> None:
    """An unknown outcome and a missing file are one line each, with the exit code of an invalid file."""
    result = made_up({"displaced": 500})
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displacd,600,,\n", encoding="utf-8")
    wrong = invoke("score", result.path, "--data", data)
    missing = invoke("score", result.path, "--data", tmp_path / "none.csv")

    assert (wrong.exit_code, missing.exit_code) == (3, 3)
    assert f"{data}:2" in wrong.stderr
    assert "did you mean 'displaced'" in wrong.stderr
    assert "none.csv" in missing.stderr
