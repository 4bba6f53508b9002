"""The command report: where it writes, and what it says when it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from teritwa.cli import common, reporting
from teritwa.ensemble.result import Result

Make = Callable[..., Result]


def teritwa(*arguments: object) -> tuple[int, str, str]:
    """Call the command line in this process; return its code, what it prints and what it says."""
    assert any(command.callback is reporting.report for command in common.app.registered_commands)
    answer = CliRunner().invoke(common.app, ["report", *map(str, arguments)])
    if answer.exception and not isinstance(answer.exception, SystemExit | typer.Exit):
        raise answer.exception
    return answer.exit_code, answer.stdout, answer.stderr


def test_one_page_beside_the_results(made_up: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments it reads what compare reads, the folder results, and writes the page beside."""
    folder = made_up().path.parent
    made_up(id="policy")
    folder.rename(folder.parent / "results")
    monkeypatch.chdir(folder.parent)

    assert teritwa() == (0, "results/report.html\n", "")
    page = Path("results/report.html").read_text(encoding="utf-8")
    assert "policy" in page
    assert "Two scenarios compared" in page


def test_where_and_against_what_is_asked_for(made_up: Make, tmp_path: Path) -> None:
    """The page goes where -o says, folders made, and differences are from the named baseline."""
    first, second = made_up(), made_up(id="policy")
    page = tmp_path / "new" / "page.html"

    assert teritwa(first.path, second.path, "--baseline", "policy", "-o", page) == (0, f"{page}\n", "")
    assert "against policy" in page.read_text(encoding="utf-8")


def test_what_cannot_be_reported_leaves_no_page(made_up: Make, tmp_path: Path) -> None:
    """Runs that are no pairs, and folders that are no results, give one line, code 4 and no file."""
    first, second = made_up(), made_up(id="policy", seed=8)

    code, printed, said = teritwa(first.path.parent)
    assert (code, printed) == (4, "")
    assert f"{second.path}: cannot be compared with {first.path}: seed is 8, not 7" in said
    assert not (first.path.parent / "report.html").exists()
    assert teritwa(tmp_path / "nowhere")[0] == 4
