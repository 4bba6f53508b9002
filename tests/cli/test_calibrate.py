"""The commands calibrate and validate, with a formula in the place of the model."""

import csv
from collections.abc import Callable, Sequence
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import Result

from teritwa.analysis.calibration import simulation
from teritwa.analysis.calibration.simulation import Row
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.tempering import Tempering
from teritwa.scenario import Scenario, load

Call = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("without_rules")

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"

COUNTS = """name,outcome,statistic,start,end,low,high,error,scale,source
"killed, January",killed_counted,sum,2024-01-01,2024-01-31,90,110,0.1,log,made up
"killed, February",killed_counted,sum,2024-02-01,2024-02-29,80,80,0.1,log,made up
"killed, March",killed_counted,sum,2024-03-01,2024-03-31,70,70,0.1,log,made up
"""


@pytest.fixture
def formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a formula replace the model: killed follow the mood of attacks in their month.

    Particles move a few times only: the formula is simple.
    """

    def killed(
        scenario: Scenario, rows: Sequence[Row], targets: Sequence[Target]
    ) -> NDArray[np.float64]:
        columns = [f"month_{target.end:%Y_%m}.offensives" for target in targets]
        return 100.0 * np.exp([[0.3 * row[name] for name in columns] for row in rows])

    monkeypatch.setattr(simulation, "simulate_rows", killed)
    few = partialmethod(Tempering.reach, sweeps=2, last_sweeps=4)
    monkeypatch.setattr(Tempering, "reach", few)


@pytest.fixture
def command(tmp_path: Path) -> list[object]:
    """The command: the island, counts of one's own until the end of February, few particles."""
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    given = [ISLAND, "--data", tmp_path / "counts.csv", "--origin", "2024-02-29"]
    return ["calibrate", *given, "--particles", 256, "-j", 1, "-o", tmp_path / "made"]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.usefixtures("formula")
def test_calibrate_writes_a_posterior_that_a_scenario_can_name(
    call: Call, command: list[object], tmp_path: Path
) -> None:
    """It prints the path and what is missed; stored blocks give the same bytes again."""
    first = call(*command)
    path = tmp_path / "made" / "posterior.csv"
    posterior = path.read_bytes()
    blocks = {file: file.stat().st_mtime_ns for file in path.parent.glob("runs/*.npy")}
    again = call(*command)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout.strip() == str(path)
    assert "targets are within the 90 % band" in first.stderr
    assert path.read_bytes() == posterior
    assert blocks
    files = path.parent.glob("runs/*.npy")
    assert {file: file.stat().st_mtime_ns for file in files} == blocks
    (tmp_path / "island").symlink_to((ISLAND.parent / "worlds" / "island").resolve())
    island = ISLAND.read_text(encoding="utf-8").replace("world: worlds/island", "world: island")
    mine = island + "posterior: ./made/posterior.csv\n"
    (tmp_path / "mine.yaml").write_text(mine, encoding="utf-8")
    history = load(tmp_path / "mine.yaml").history_of(0)
    assert history is not None
    assert str(history.origin) == "2024-02-29"


@pytest.mark.usefixtures("formula")
def test_calibrate_until_an_origin_uses_what_was_known_then(
    call: Call, command: list[object], tmp_path: Path
) -> None:
    """March plays no part, and the moods of both months are those that the counts ask for."""
    call(*command)
    made = tmp_path / "made"
    rows = rows_of(made / "posterior.csv")

    assert [row["target"] for row in rows_of(made / "fit.csv")] == [
        "killed, January", "killed, February",
    ]  # fmt: skip
    assert len(rows) == 256
    assert not [name for name in rows[0] if name.startswith("month_2024_03")]
    february = np.array([float(row["month_2024_02.offensives"]) for row in rows])
    # ln 0.8 / 0.3, drawn towards 0 by the error of some 0.14 beside a spread of 0.3
    assert february.mean() == pytest.approx(np.log(0.8) / 0.3 * 0.09 / (0.09 + 0.02), abs=0.2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--origin", "1900-01-31"], "origin 1900-01-31: nothing is counted from 2024-01-01"),
        (["--origin", "2024-02-28"], "origin 2024-02-28: is not the last day of a month"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    call: Call, options: list[str], said: str, tmp_path: Path
) -> None:
    """With nothing to fit, or an origin within a month, no run is done."""
    answer = call("calibrate", *options, "-o", tmp_path)

    assert answer.exit_code == 3
    assert answer.stderr.startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_mistakes_in_the_counts_are_named(call: Call, tmp_path: Path) -> None:
    """A table with a mistake is refused by its line, before anything runs."""
    wrong = COUNTS.replace("killed_counted,sum,2024-03", "kiled,sum,2024-03")
    (tmp_path / "counts.csv").write_text(wrong, encoding="utf-8")
    answer = call("calibrate", "--data", tmp_path / "counts.csv", "-o", tmp_path / "made")

    assert answer.exit_code == 3
    assert "counts.csv:4: outcome: " in answer.stderr
    assert "is not an outcome" in answer.stderr
    assert not (tmp_path / "made").exists()


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
