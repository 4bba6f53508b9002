"""The command sensitivity: its tables, its messages and its exit codes."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]
FailRuns = Callable[[Callable[[int, int], bool]], None]

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"

pytestmark = pytest.mark.usefixtures("fail_runs")


def interrupt(*given: object, **named: object) -> None:
    """Act as Ctrl-C."""
    raise KeyboardInterrupt


def test_sensitivity_prints_its_folder(call: Call, tmp_path: Path) -> None:
    """The folder is on standard output, with both tables; the cost and the count are messages."""
    families = ["--parameters", "gang_rivalry", "--parameters", "aid"]
    answer = call("sensitivity", ISLAND, "--draws", 8, *families, "-o", tmp_path, "-j", 1)

    folder = tmp_path / "island"
    assert (answer.exit_code, answer.stdout) == (0, f"{folder}\n")
    assert {path.name for path in folder.iterdir()} == {"sensitivity.csv", "ranking.csv"}
    with (folder / "ranking.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["parameter"] for row in csv.DictReader(stream)]
    assert {name.split(".")[0] for name in names} == {"chance", "gang_rivalry", "aid"}
    first, last = answer.stderr.splitlines()
    count = len(names) - 1
    assert first.startswith(f"{2 * 8 * count} runs, about ")
    assert last == f"0 of {count} parameters are told apart from chance; ranking.csv lists all"


def test_mistakes_have_their_codes(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown family or seven draws: code 2; an unknown scenario: 3; Ctrl-C: 130."""
    given = ["-o", tmp_path, "-j", 1, "--draws", 8]
    unknown = call("sensitivity", ISLAND, *given, "--parameters", "gang_rivlary")
    assert unknown.exit_code == 2
    said = " ".join(unknown.stderr.replace("│", " ").split())
    assert "did you mean 'gang_rivalry'?" in said
    few = call("sensitivity", ISLAND, "--draws", 7)
    said = " ".join(few.stderr.replace("│", " ").split())
    assert (few.exit_code, "--draws: draws: 7 are too few; ask for at least 8" in said) == (2, True)
    missing = call("sensitivity", tmp_path / "none.yaml", *given)
    assert (missing.exit_code, "none.yaml: cannot be read" in missing.stderr) == (3, True)

    monkeypatch.setattr("teritwa.analysis.sensitivity.simulate", interrupt)
    stopped = call("sensitivity", ISLAND, *given)
    last = stopped.stderr.splitlines()[-1]
    assert (stopped.exit_code, last) == (130, "interrupted; nothing was written")
    assert list(tmp_path.iterdir()) == []


def test_failed_runs_give_code_1(call: Call, fail_runs: FailRuns, tmp_path: Path) -> None:
    """Every run of draw 1 fails: the tables are written, the failures named, the code is 1."""
    fail_runs(lambda draw, replicate: draw == 1)
    given = ["--draws", 8, "--parameters", "gang_rivalry", "-o", tmp_path, "-j", 1]
    answer = call("sensitivity", ISLAND, *given)

    assert (answer.exit_code, answer.stdout) == (1, f"{tmp_path / 'island'}\n")
    said = "failed: the scenario itself, draw 1: ArithmeticError: not finite"
    assert said in answer.stderr.splitlines()
