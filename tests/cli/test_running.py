"""The command show, asked for a district: what goes to which stream, what is drawn, and mistakes in one line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from teritwa import cli
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.result import Result as RunResult
from teritwa.scenario import Scenario
from teritwa.simulation import model as mission

Make = Callable[..., RunResult]


def call(*arguments: object) -> Result:
    """Call the command line in this process; a traceback is a failure of the test."""
    answer = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are compiled when they first run."""
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)


@pytest.fixture
def island(small_scenario: Callable[..., Scenario], tmp_path: Path) -> RunResult:
    """Two runs of 16 days on the island."""
    return ensemble.run([small_scenario(days=16).replace(replicates=2)], out=tmp_path, jobs=1)[0]


def test_a_district_is_told_and_drawn(island: RunResult) -> None:
    """All runs and the first run in sentences, then the path of a picture with its numbers; the same twice."""
    first, second = (call("show", island.path, "--district", "amber DOCKS") for _ in range(2))

    lines = first.stdout.splitlines()
    assert first.exit_code == 0
    assert lines[0].startswith("Amber Docks, in the capital: 2 runs, 1 January 2024 to 16 January 2024.")
    assert lines[1] == "Gangs hold it in 100 % of the runs at the start and in 100 % at the end."
    assert "Run 0.0, told day by day by running it again:" in lines
    path = island.path / "figures" / "district-amber-docks.png"
    assert lines[-1] == f"drawn: {path}"
    assert path.is_file()
    assert path.with_suffix(".csv").read_text().startswith("what,date,share,")
    assert first.stdout == second.stdout


def test_another_run_has_its_own_picture(island: RunResult) -> None:
    """The run that is asked for is told, and does not take the place of the first."""
    answer = call("show", island.path, "--district", "brindle", "--run", "0.1")

    assert "Run 0.1, told day by day" in answer.stdout
    assert answer.stdout.splitlines()[-1].endswith("district-brindle-0.1.png")


def test_what_cannot_be_run_again_is_told_by_the_week(made_up: Make) -> None:
    """A result whose scenario cannot be read is told from what is stored, and standard error says why."""
    control = np.zeros((1, 4, 5, 4))
    control[0, 0, :, 0] = [0.1, 0.6, 0.6, 0.4, 0.4]
    result = made_up({"gang_influence": control}, start=date(2024, 1, 1), end=date(2024, 1, 29))
    answer = call("show", result.path, "--district", "Port")

    assert answer.exit_code == 0
    assert "so the run is told from what is stored of it, by the week" in answer.stderr
    said = "held by the state at the start; by 8 January 2024 it falls; by 22 January 2024 the state regains it"
    assert f"Run 0.0, by the week: {said}; held by the state at the end." in answer.stdout
    assert (result.path / "figures" / "district-port.png").is_file()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--district", "prot"], 3, "district 'prot': is not in this world; did you mean Port?"),
        (["--district", "port", "--run", "7.7"], 3, "run 7.7: is not in "),
        (["--district", "port", "--run", "first"], 3, "run 'first': is not DRAW.REPEAT, such as 3.0"),
    ],
)
def test_mistakes_are_one_line(made_up: Make, options: list[str], code: int, said: str) -> None:
    """An unknown place or run: nothing on standard output, one line on standard error."""
    answer = call("show", made_up().path, *options)

    assert (answer.exit_code, answer.stdout) == (code, "")
    (line,) = answer.stderr.splitlines()
    assert line.startswith(said)


def test_without_runs_there_is_nothing_to_tell(made_up: Make) -> None:
    """A result in which every run failed says so in one line, with the code of a result that will not do."""
    answer = call("show", made_up(failed={(0, i): "x" for i in range(4)}).path, "--district", "port")

    assert (answer.exit_code, answer.stdout) == (4, "")
    assert answer.stderr.splitlines() == [answer.stderr.strip()]
    assert "no run finished, so there is nothing to tell" in answer.stderr


def test_a_scenario_has_no_history() -> None:
    """A district of what is no result, and a run without a district, are wrong use."""
    assert call("show", "baseline", "--district", "solino").exit_code == 4
    assert call("show", "baseline", "--run", "0.0").exit_code == 2
    assert call("show", "--district", "solino").exit_code == 2
