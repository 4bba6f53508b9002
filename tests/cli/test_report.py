"""The command report: where it writes, and what it says when it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result as Answer

from teritwa.ensemble.result import Result

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]


def test_one_page_beside_the_results(
    call: Call, made_up: MakeResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments it reads the folder results, as compare does, and writes the page there."""
    folder = made_up().path.parent
    made_up(id="policy")
    folder.rename(folder.parent / "results")
    monkeypatch.chdir(folder.parent)
    answer = call("report")

    printed = (answer.exit_code, answer.stdout, answer.stderr)
    assert printed == (0, "results/report.html\n", "")
    page = Path("results/report.html").read_text(encoding="utf-8")
    assert "policy" in page
    assert "Two scenarios compared" in page


def test_file_and_baseline_can_be_named(call: Call, made_up: MakeResult, tmp_path: Path) -> None:
    """The page is where -o says, its folders are made; differences are from the named baseline."""
    first, second = made_up(), made_up(id="policy")
    page = tmp_path / "new" / "page.html"
    answer = call("report", first.path, second.path, "--baseline", "policy", "-o", page)

    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, f"{page}\n", "")
    assert "against policy" in page.read_text(encoding="utf-8")


def test_what_cannot_be_reported_leaves_no_page(
    call: Call, made_up: MakeResult, tmp_path: Path
) -> None:
    """Runs that are not pairs, and folders without results: one line, code 4 and no file."""
    first, second = made_up(), made_up(id="policy", seed=8)
    answer = call("report", first.path.parent)

    assert (answer.exit_code, answer.stdout) == (4, "")
    said = f"{second.path}: cannot be compared with {first.path}: seed is 8, not 7"
    assert said in answer.stderr
    assert not (first.path.parent / "report.html").exists()
    assert call("report", tmp_path / "nowhere").exit_code == 4


def test_a_folder_is_no_page(call: Call, made_up: MakeResult, tmp_path: Path) -> None:
    """A folder in the place of the file gives one line."""
    answer = call("report", made_up().path, "-o", tmp_path)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == f"{tmp_path}: Is a directory\n"
