"""Tests of the command line: what goes to which stream, the exit codes, and that mistakes give no traceback."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from teritwa import cli
from teritwa.cli import console, running
from teritwa.ensemble.result import Result as RunResult
from teritwa.rules.registry import OUTCOMES
from teritwa.simulation import model as mission

SMALL = Path(__file__).parents[2] / "scenarios" / "island.yaml"
SOURCES = Path(__file__).parents[2] / "model"
BRIEF = ["--until", "2024-01-15", "--draws", "1", "-n", "2", "-j", "1"]
HEAVY = ("mesa", "matplotlib", "numba", "pandas", "scipy.stats", "xarray")


class Quiet:
    """A mission in which nothing ever happens, so that the command line can be tried without rules."""

    def __init__(self, scenario: Any, draw: int = 0, replicate: int = 0, outcomes: object = None) -> None:
        self.scenario, self.replicate = scenario, replicate

    def run(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return every outcome as zeros of its shape."""
        along = mission.coordinates(self.scenario)
        shapes = {name: tuple(len(along[axis]) for axis in kind.dimensions) for name, kind in OUTCOMES.items()}
        return {name: np.zeros(shape, OUTCOMES[name].stored) for name, shape in shapes.items()}


class Failing(Quiet):
    """A mission whose replicate 1 fails."""

    def run(self) -> dict[str, np.ndarray[Any, Any]]:
        """Fail in replicate 1."""
        if self.replicate == 1:
            raise ArithmeticError("not finite")
        return super().run()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the quiet mission in the place of the real one."""
    monkeypatch.setattr(mission, "Mission", Quiet)
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)


def call(*arguments: object) -> Result:
    """Call the command line in this process; a traceback is a failure of the test."""
    answer = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer


def start(*arguments: object) -> "subprocess.Popen[str]":
    """Start the command line as a process of its own."""
    command = [sys.executable, "-m", "teritwa", *(str(argument) for argument in arguments)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def heed_interruption() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell that runs tests in the background has it ignored

    return subprocess.Popen(command, env=environment, preexec_fn=heed_interruption, **streams)  # noqa: PLW1509


def test_run_prints_the_path_alone(tmp_path: Path) -> None:
    """Standard output holds one path, which is a result with its pictures; the rest goes to standard error."""
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF)

    assert answer.exit_code == 0
    (line,) = answer.stdout.splitlines()
    assert Path(line).parent == tmp_path
    assert (Path(line) / "figures" / "gang_control_capital.png").is_file()
    assert "2 runs in" in answer.stderr


def test_run_as_json_prints_one_document(tmp_path: Path) -> None:
    """With --json there is one document with the promised keys and nothing else."""
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF, "--json")

    document = json.loads(answer.stdout)
    assert set(document) == {"schema", "command", "runs", "seconds"}
    (run,) = document["runs"]
    assert set(run) == {"scenario", "path", "completed", "failed", "seconds"}
    assert (run["completed"], run["failed"]) == (2, 0)


def test_run_takes_its_size_from_the_options(tmp_path: Path) -> None:
    """Draws, replicates, seed and the last day reach the result."""
    options = ["--draws", 2, "--replicates", 3, "--seed", 99, "--until", "2024-01-20", "--jobs", 1]
    path = Path(call("run", SMALL, "-o", tmp_path, *options).stdout.strip())

    manifest = json.loads((path / "manifest.json").read_text())
    keys = ("draws", "replicates", "seed", "end", "completed")
    assert [manifest[key] for key in keys] == [2, 3, 99, "2024-01-20", 6]


def test_failed_run_gives_code_1_and_keeps_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two runs fails: its list is named on standard error, the path still printed, the code 1."""
    monkeypatch.setattr(mission, "Mission", Failing)
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF)

    assert answer.exit_code == 1
    path = Path(answer.stdout.strip())
    assert json.loads((path / "manifest.json").read_text())["completed"] == 1
    assert f"1 of 2 runs failed: {path / 'failures.csv'}" in answer.stderr


def test_some_failures_may_be_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one failed run allowed the code is 0, and the list has the failure with a command that does it again."""
    monkeypatch.setattr(mission, "Mission", Failing)
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF, "--max-failures", 1)

    assert answer.exit_code == 0
    assert "teritwa run resolved.yaml --out .. --only 0.1" in (tmp_path / "island" / "failures.csv").read_text()


def test_one_run_is_done_again_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed run is tried again alone; when it has finished, the result is whole and nothing else was redone."""
    folder = tmp_path / "island"
    with monkeypatch.context() as patch:
        patch.setattr(mission, "Mission", Failing)
        assert call("run", SMALL, "-o", tmp_path, *BRIEF).exit_code == 1
        again = call("run", folder / "resolved.yaml", "-o", tmp_path, "-j", 1, "--only", "0.1")
        assert again.exit_code == 1
        assert again.stderr.splitlines()[-1] == ("island: run 0.1: ArithmeticError: not finite; 1 of 2 runs are kept")
    before = {path: path.stat().st_mtime_ns for path in folder.glob("runs/*.run")}
    again = call("run", folder / "resolved.yaml", "-o", tmp_path, "-j", 1, "--only", "0.1")

    assert (again.exit_code, again.stdout) == (0, f"{folder}\n")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads((folder / "manifest.json").read_text())["completed"] == 2


@pytest.mark.parametrize(
    ("only", "words"), [("0.9", "0.9: island has draws 0 to 0 and replicates 0 to 1"), ("3", "3.0")]
)
def test_a_run_that_is_not_there_is_refused(only: str, words: str, tmp_path: Path) -> None:
    """A number beyond the ensemble, or no number at all, is explained."""
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF, "--only", only)

    assert answer.exit_code in (2, 3)
    assert words in answer.stderr


def test_repeats_are_added_and_none_redone(tmp_path: Path) -> None:
    """Three replicates more than two are five; the two are kept as they were, and other inputs are refused."""
    call("run", SMALL, "-o", tmp_path, *BRIEF)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/runs/*.run")}
    brief = ["-o", tmp_path, "--until", "2024-01-15", "-j", 1]
    answer = call("run", SMALL, *brief, "--add-replicates", 3)

    assert (answer.exit_code, len(before)) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads((tmp_path / "island" / "manifest.json").read_text())["completed"] == 5
    other = call("run", SMALL, *brief, "--seed", 5, "--add-replicates", 3)
    assert other.exit_code == 3
    assert "has other inputs than island now; give the same --seed and --until" in other.stderr
    assert call("run", "baseline", *brief, "--add-replicates", 3).exit_code == 4


def test_a_dry_run_tells_and_does_nothing(tmp_path: Path) -> None:
    """How many runs, how many are kept, minutes and megabytes; no run is kept by it."""
    call("run", SMALL, "-o", tmp_path, *BRIEF, "--only", "0.0")
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF, "--dry-run")

    assert answer.exit_code == 0
    assert answer.stdout == "island: 2 runs, 1 of them kept; 0.0 minutes, 0 megabytes\n"
    assert len(list(tmp_path.glob("*/runs/*.run"))) == 1


def test_going_on_redoes_nothing(tmp_path: Path) -> None:
    """A second run of the same with --resume keeps every file of a run as it was."""
    call("run", SMALL, "-o", tmp_path, *BRIEF)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/runs/*.run")}
    assert call("run", SMALL, "-o", tmp_path, *BRIEF, "--resume").exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/runs/*.run")} == before


def test_run_of_invalid_files_lists_all_their_mistakes(tmp_path: Path) -> None:
    """Two bad files: the mistakes of both, code 3, nothing on standard output, nothing written."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(f"schema: 2\nid: {name}\nruns: {{draws: none}}\n")
    answer = call("run", tmp_path / "one.yaml", tmp_path / "two.yaml", "-o", tmp_path / "out")

    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "one.yaml:3:" in answer.stderr
    assert "two.yaml:3:" in answer.stderr
    assert not (tmp_path / "out").exists()


def test_run_without_a_scenario_runs_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo has a folder of its own, so it never replaces a result, and two commands to try next follow."""
    monkeypatch.setattr(running, "DEMO", (str(SMALL), "no-mission"))
    monkeypatch.setattr(running, "DEMO_DRAWS", 1)
    answer = call("run", "-o", tmp_path, "--until", "2024-01-10", "--draws", 1, "-j", 1)

    assert answer.exit_code == 0
    assert {Path(line).parent for line in answer.stdout.splitlines()} == {tmp_path / "demo"}
    assert answer.stderr.splitlines()[-3:] == [
        "next, try:",
        f"  teritwa compare {tmp_path / 'demo'}",
        "  teritwa show no-mission",
    ]


def test_interruption_gives_code_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with code 130 and the line that goes on."""

    def interrupt(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("teritwa.ensemble.run.run", interrupt)
    answer = call("run", SMALL, "-o", tmp_path, *BRIEF)

    assert answer.exit_code == 130
    assert answer.stderr.splitlines()[-2:] == [
        "interrupted; the runs that had finished are kept; go on with:",
        f"  teritwa run {SMALL} --out={tmp_path} --draws=1 --replicates=2 --until=2024-01-15 --resume",
    ]


def test_folder_that_cannot_be_written_gives_one_line(tmp_path: Path) -> None:
    """Where a file stands in the way of a folder, the message names it."""
    (tmp_path / "taken").write_text("a file")
    answer = call("run", SMALL, "-o", tmp_path / "taken", *BRIEF)

    assert answer.exit_code == 1
    assert "taken" in answer.stderr.splitlines()[-1]


def test_compare_writes_tables_and_pictures(made_up: Callable[..., RunResult], tmp_path: Path) -> None:
    """Two results in a folder: the folder's name is enough; the path is printed, the table goes to standard error."""
    base = made_up({"displaced": np.array([1, 2, 3, 4])[None, :, None]})
    made_up({"displaced": np.array([1, 1, 2, 3])[None, :, None]}, id="policy")
    answer = call("compare", base.path.parent)

    folder = base.path.parent / "comparison"
    assert (answer.exit_code, answer.stdout) == (0, f"{folder}\n")
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"comparison.csv", "comparison.json", "recapture.csv", "figures/gang_control_capital.png"} <= names
    assert "policy beside baseline: 4 pairs of runs" in answer.stderr
    (line,) = [line for line in answer.stderr.splitlines() if "displaced" in line]
    assert "75% less" in line
    assert "25%" in line


def test_compare_as_json_with_a_named_baseline(made_up: Callable[..., RunResult], tmp_path: Path) -> None:
    """The document names the baseline asked for and holds a row a measure; another folder may be named."""
    first, second = made_up(), made_up(id="policy")
    out = tmp_path / "elsewhere"
    answer = call("compare", first.path, second.path, "--baseline", "policy", "-o", out, "--json")

    document = json.loads(answer.stdout)
    assert (document["baseline"], document["path"]) == ("policy", str(out))
    assert {row["scenario"] for row in document["rows"]} == {"baseline"}


def test_compare_without_results_gives_code_4(tmp_path: Path, made_up: Callable[..., RunResult]) -> None:
    """A missing folder, an empty one, and results with other seeds each give code 4 and say why."""
    first, second = made_up(), made_up(id="policy", seed=8)

    for given, words in [
        ([tmp_path / "nowhere"], "no such folder"),
        ([tmp_path], "holds no result"),
        ([first.path, second.path], "seed is 8, not 7"),
    ]:
        answer = call("compare", *given)
        assert (answer.exit_code, answer.stdout) == (4, "")
        assert words in answer.stderr


def test_sensitivity_prints_its_folder(tmp_path: Path) -> None:
    """The folder on standard output, with both tables; told besides are what it will take and how many matter."""
    answer = call(
        "sensitivity", SMALL, "--draws", 2, "--parameters", "war", "--parameters", "aid", "-o", tmp_path, "-j", 1
    )

    assert (answer.exit_code, answer.stdout) == (0, f"{tmp_path / 'island'}\n")
    assert {path.name for path in (tmp_path / "island").iterdir()} == {"sensitivity.csv", "ranking.csv"}
    families = {line.split(",")[1].split(".")[0] for line in (tmp_path / "island" / "ranking.csv").open()} - {
        "parameter"
    }
    assert families == {"war", "aid"}
    first, last = answer.stderr.splitlines()
    assert " runs, some " in first
    assert last.startswith("0 of ")


def test_mistakes_in_sensitivity_have_their_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown family or a single draw is wrong use, an unknown scenario an invalid file; Ctrl-C gives 130."""
    given = ["-o", tmp_path, "-j", 1, "--draws", 2]
    unknown = call("sensitivity", SMALL, *given, "--parameters", "wra")
    assert unknown.exit_code == 2
    assert "did you mean 'war'?" in " ".join(unknown.stderr.replace("│", " ").split())
    assert call("sensitivity", SMALL, "--draws", 1).exit_code == 2
    missing = call("sensitivity", tmp_path / "none.yaml", *given)
    assert (missing.exit_code, "none.yaml: cannot be read" in missing.stderr) == (3, True)

    def interrupt(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("teritwa.analysis.sensitivity.simulate", interrupt)
    stopped = call("sensitivity", SMALL, *given)
    assert (stopped.exit_code, stopped.stderr.splitlines()[-1]) == (130, "interrupted; nothing was written")
    assert list(tmp_path.iterdir()) == []


def test_failed_runs_of_sensitivity_give_code_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run of draw 1 fails: the tables are written, the failures named, the code is 1."""

    class Broken(Quiet):
        def __init__(self, scenario: Any, draw: int = 0, replicate: int = 0, outcomes: object = None) -> None:
            super().__init__(scenario, draw, replicate)
            if draw == 1:
                raise ArithmeticError("not finite")

    monkeypatch.setattr(mission, "Mission", Broken)
    answer = call("sensitivity", SMALL, "--draws", 3, "--parameters", "war", "-o", tmp_path, "-j", 1)

    assert (answer.exit_code, answer.stdout) == (1, f"{tmp_path / 'island'}\n")
    assert "failed: the scenario itself, draw 1: ArithmeticError: not finite" in answer.stderr


def test_check_prints_mistakes_with_their_place(tmp_path: Path) -> None:
    """A good file and a bad one: the good one is said to be, the bad one's line, column and key are given; code 3."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema: 2\nid: bad\nextnds: baseline\n")
    answer = call("check", SMALL, bad)

    assert answer.exit_code == 3
    good, *mistakes = answer.stdout.splitlines()
    assert good == f"{SMALL}: no mistakes"
    assert f"{bad}:3:1: extnds: unknown key, did you mean 'extends'?" in mistakes


def test_show_prints_a_scenario_with_origins() -> None:
    """The resolved scenario is YAML that says where values came from."""
    answer = call("show", SMALL)

    assert answer.exit_code == 0
    assert answer.stdout.startswith("schema: 2\n")
    assert "island.yaml:" in answer.stdout


def test_show_prints_the_headline_of_a_result(made_up: Callable[..., RunResult]) -> None:
    """Each measure has a line with its quantiles."""
    result = made_up({"displaced": np.arange(0, 5_000_000, 1_000_000)[None, :, None]}, replicates=5)
    answer = call("show", result.path)

    (line,) = [line for line in answer.stdout.splitlines() if line.startswith("displaced")]
    assert line.split() == ["displaced", "2026-01-02", "persons", "200,000", "2,000,000", "3,800,000", "-"]
    assert "5 runs, seed 7" in answer.stdout


def test_show_of_a_result_without_runs(made_up: Callable[..., RunResult]) -> None:
    """A result in which every run failed is shown as such."""
    answer = call("show", made_up(failed={(0, i): "x" for i in range(4)}).path)

    assert (answer.exit_code, "0 runs" in answer.stdout) == (0, True)


def test_show_lists_every_parameter() -> None:
    """Each parameter has a line with its unit, range, grade and source."""
    from teritwa.rules.registry import registry

    lines = call("show", "--parameters").stdout.splitlines()

    assert len(lines) == 1 + len(registry())
    for line, (name, parameter) in zip(lines[1:], sorted(registry().items()), strict=True):
        assert line.split()[0] == name
        assert line.endswith(parameter.source)


@pytest.mark.parametrize(
    "wrong",
    [["show"], ["run", "--replicates", "0"], ["run", "--until", "soon"], ["fly"], ["check"], ["run", "--wings"]],
)
def test_wrong_use_gives_code_2(wrong: list[str]) -> None:
    """A missing argument, a bad number or date, an unknown command or option: code 2."""
    assert call(*wrong).exit_code == 2


def test_progress_elsewhere_is_a_line_each_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty runs of one second each give four lines, with the time left."""
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    with console.progress_told() as told:
        for done in range(1, 41):
            told(done, 1, 40)

    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"{10 * i}/40 runs, 1 failed, {40 - 10 * i} s left" for i in (1, 2, 3, 4)]


def test_progress_on_a_terminal_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the same calls move a bar, which says how many failed."""
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with console.progress_told() as told:
        told(3, 1, 4)

    assert "3/4" in screen.getvalue()
    assert "1 failed" in screen.getvalue()


def test_long_compilation_is_announced(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """When loading the rules takes longer than usual a line says why; when it does not, none."""
    console.prepare_rules()
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(console, "PATIENCE", 0.01)
    monkeypatch.setattr(mission, "warm_up", lambda: time.sleep(0.3))
    console.prepare_rules()
    assert "compiling the rules" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["check", SMALL]])
def test_start_imports_nothing_heavy(arguments: list[object]) -> None:
    """Help and check leave the heavy libraries alone: that is what makes them start at once."""
    program = (
        "import sys; from teritwa.cli import app\n"
        f"try: app({[str(one) for one in arguments]!r})\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert done.stderr.splitlines()[-1] == "[]"


def test_reader_that_leaves_early_is_no_mistake() -> None:
    """A pipe closed by its reader ends the program without a word, as ``head`` expects."""
    process = start("show", "--parameters")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None

    assert (process.stderr.read(), process.wait(timeout=60)) == ("", 1)


def test_module_runs_as_a_program() -> None:
    """``python -m teritwa`` is the command."""
    process = start("check", SMALL)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (0, f"{SMALL}: no mistakes\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_program_goes_on(how: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C or a request to end during a real run: code 130, no traceback, and the line that goes on."""
    process = start("run", SMALL, "-o", tmp_path, "-n", 10000, "-j", 1)
    while len(list(tmp_path.glob("*/runs/*.run"))) < 3:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(how)
    out, err = process.communicate(timeout=120)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1] == f"  teritwa run {SMALL} --out={tmp_path} --replicates=10000 --resume"
    assert len(list(tmp_path.glob("*/runs/*.run"))) < 10000
