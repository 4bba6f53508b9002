"""The commands calibrate and validate, with a formula in the place of the model."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from teritwa.scenario import load

Call = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("without_rules")


@pytest.fixture
def quick_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a formula replace the model, and chains be short: what is left is the command."""
    from teritwa.analysis.calibration import calibrate, emulator, waves

    def formula(wave: waves.Wave, levels: np.ndarray, first: int) -> np.ndarray:
        slopes = 0.2 + 0.1 * np.arange(len(wave.targets))
        noise = 0.01 * np.cos(first + np.arange(len(levels)))[:, None]
        away = np.outer(levels.mean(axis=1) - 0.5, slopes) + noise
        columns = zip(wave.targets, away.T, strict=True)
        return np.stack([target.from_residual(column) for target, column in columns], axis=1)

    monkeypatch.setattr(waves, "simulate_block", formula)
    monkeypatch.setattr(calibrate, "CHAINS", 16)
    monkeypatch.setattr(calibrate, "STEPS", (30, 10, 1))
    monkeypatch.setattr(emulator, "QUADRATIC_PARAMETERS", 3)


def test_calibrate_writes_a_posterior_that_a_scenario_can_name(
    call: Call, quick_calibration: None, tmp_path: Path
) -> None:
    """It prints the posterior's path and what is missed; stored runs give the same bytes again."""
    command = ["calibrate", "--runs", 512, "-j", 1, "-o", tmp_path / "made"]
    first = call(*command)
    path = tmp_path / "made" / "posterior.csv"
    posterior = path.read_bytes()
    blocks = {file: file.stat().st_mtime_ns for file in path.parent.rglob("wave-*/*.csv")}
    again = call(*command)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout.strip() == str(path)
    assert "targets are within the 90 % band" in first.stderr
    assert path.read_bytes() == posterior
    assert blocks
    files = path.parent.rglob("wave-*/*.csv")
    assert {file: file.stat().st_mtime_ns for file in files} == blocks
    assert {"fit.csv", "parameters.csv"} <= {file.name for file in path.parent.iterdir()}
    head = "schema: 2\nid: mine\ntitle: Mine\nextends: baseline\n"
    (tmp_path / "mine.yaml").write_text(head + "posterior: made/posterior.csv\n", encoding="utf-8")
    assert load(tmp_path / "mine.yaml").posterior is not None


def test_calibrate_until_a_day_fits_what_was_known_then(
    call: Call, quick_calibration: None, tmp_path: Path
) -> None:
    """Until 30 June 2024 the targets of the second half of the year are not fitted."""
    call("calibrate", "--runs", 512, "-j", 1, "--until", "2024-06-30", "-o", tmp_path)

    with (tmp_path / "fit-2024-06-30.csv").open(encoding="utf-8", newline="") as stream:
        fitted = {row["target"]: row["fitted"] for row in csv.DictReader(stream)}
    assert fitted["killed, 2024 Q2"] == fitted["displaced, June 2024"] == "yes"
    assert fitted["killed, 2024 Q3"] == fitted["displaced, September 2024"] == "no"


def test_calibrate_until_a_day_before_any_count_is_refused(call: Call, tmp_path: Path) -> None:
    """With nothing to fit, no run is done."""
    answer = call("calibrate", "--until", "1900-01-01", "-o", tmp_path)

    assert answer.exit_code == 3
    assert answer.stderr.startswith("until 1900-01-01: no count to fit; the first one ends on 2024")
    assert list(tmp_path.iterdir()) == []


def test_validate_reads_one_folder_and_writes_another(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It passes on both folders and the number of processes; without a calibration it stops."""
    asked: list[object] = []

    def made(out: Path, calibration: Path, *, jobs: int | None, progress: object) -> Path:
        asked.extend([out, calibration, jobs])
        return out / "README.md"

    monkeypatch.setattr("teritwa.report.validation_run.validate", made)
    given = ["--calibration", tmp_path / "a", "-o", tmp_path / "b", "-j", 1]
    missing = call("validate", *given)
    assert (missing.exit_code, asked) == (4, [])
    assert f"no such folder; make it with: teritwa calibrate --out {tmp_path / 'a'}" in (
        missing.stderr
    )
    (tmp_path / "a").mkdir()
    answer = call("validate", *given)

    assert asked == [tmp_path / "b", tmp_path / "a", 1]
    assert answer.stdout.strip() == str(tmp_path / "b" / "README.md")
