"""The command run: streams, exit codes, and what is stored of failed and interrupted ensembles."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from teritwa.cli import run as command
from teritwa.ensemble.run import count_stored_runs, run_only
from teritwa.scenario import Scenario, load
from teritwa.simulation import model as mission

Call = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]
FailRuns = Callable[[Callable[[int, int], bool]], None]

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
TWO_RUNS = ["--until", "2024-01-15", "--draws", "1", "-n", "2", "-j", "1"]

pytestmark = pytest.mark.usefixtures("fail_runs")


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no figures of a result; the first tests show that they are drawn."""
    monkeypatch.setattr("teritwa.pictures.save_all", lambda result, world: None)


def stored_files(folder: Path) -> dict[Path, int]:
    """Return the files of stored runs in all results of a folder, with their times of change."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/runs/*.run")}


def second_replicate(draw: int, replicate: int) -> bool:
    """Whether a run is the second of a draw."""
    return replicate == 1


def no_run(draw: int, replicate: int) -> bool:
    """Whether a run is none."""
    return False


def interrupt(*given: object, **named: object) -> None:
    """Act as Ctrl-C."""
    raise KeyboardInterrupt


def test_run_prints_the_path_alone(call: Call, tmp_path: Path) -> None:
    """Standard output holds the path of a result with figures; the rest is on standard error."""
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)

    assert answer.exit_code == 0
    (line,) = answer.stdout.splitlines()
    assert Path(line).parent == tmp_path
    assert (Path(line) / "figures" / "gang_control_capital.png").is_file()
    assert "2 runs in" in answer.stderr


@pytest.mark.usefixtures("without_figures")
def test_run_as_json_prints_one_document(call: Call, tmp_path: Path) -> None:
    """With --json there is one document with the promised keys and nothing else."""
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--json")

    document = json.loads(answer.stdout)
    assert set(document) == {"schema", "command", "runs", "seconds"}
    (run,) = document["runs"]
    assert set(run) == {"scenario", "path", "completed", "failed", "seconds"}
    assert (run["completed"], run["failed"]) == (2, 0)


@pytest.mark.usefixtures("without_figures")
def test_run_takes_its_size_from_the_options(call: Call, tmp_path: Path) -> None:
    """Draws, replicates, seed and the last day reach the result."""
    options = ["--draws", 2, "--replicates", 3, "--seed", 99, "--until", "2024-01-20", "--jobs", 1]
    path = Path(call("run", ISLAND, "-o", tmp_path, *options).stdout.strip())

    manifest = json.loads((path / "manifest.json").read_text())
    keys = ("draws", "replicates", "seed", "end", "completed")
    assert [manifest[key] for key in keys] == [2, 3, 99, "2024-01-20", 6]


def test_failed_run_gives_code_1_and_stores_the_rest(
    call: Call, fail_runs: FailRuns, tmp_path: Path
) -> None:
    """One of two runs fails: standard error names the list, the path is printed, the code is 1.

    The figures are drawn of the other one.
    """
    fail_runs(second_replicate)
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)

    assert answer.exit_code == 1
    path = Path(answer.stdout.strip())
    assert (path / "figures" / "gang_control_capital.png").is_file()
    assert json.loads((path / "manifest.json").read_text())["completed"] == 1
    assert f"1 of 2 runs failed: {path / 'failures.csv'}" in answer.stderr


@pytest.mark.usefixtures("without_figures")
def test_some_failures_may_be_allowed(call: Call, fail_runs: FailRuns, tmp_path: Path) -> None:
    """With one failed run allowed the code is 0, and the list has the command that repeats it."""
    fail_runs(second_replicate)
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--max-failures", 1)

    assert answer.exit_code == 0
    repeat = "teritwa run resolved.yaml --out .. --only 0.1"
    assert repeat in (tmp_path / "island" / "failures.csv").read_text()


@pytest.mark.usefixtures("without_figures")
def test_one_run_is_repeated_and_no_other(call: Call, fail_runs: FailRuns, tmp_path: Path) -> None:
    """A failed run is tried again alone; once it finishes the result is complete."""
    folder = tmp_path / "island"
    fail_runs(second_replicate)
    assert call("run", ISLAND, "-o", tmp_path, *TWO_RUNS).exit_code == 1
    only = ["run", folder / "resolved.yaml", "-o", tmp_path, "-j", 1, "--only", "0.1"]
    again = call(*only)
    said = "island: run 0.1: ArithmeticError: not finite; 1 of 2 runs are stored"
    assert (again.exit_code, again.stderr.splitlines()[-1]) == (1, said)
    before = stored_files(tmp_path)
    fail_runs(no_run)
    again = call(*only)

    assert (again.exit_code, again.stdout) == (0, f"{folder}\n")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads((folder / "manifest.json").read_text())["completed"] == 2


@pytest.mark.parametrize(
    ("only", "code", "words"),
    [
        ("0.9", 3, "0.9: island has draws 0 to 0 and replicates 0 to 1"),
        ("3", 2, "'3': is not DRAW.REPLICATE, such as 3.0"),
    ],
)
def test_a_run_that_does_not_exist_is_refused(
    call: Call, only: str, code: int, words: str, tmp_path: Path
) -> None:
    """A number beyond the ensemble, or no number at all, is explained."""
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--only", only)

    assert answer.exit_code == code
    assert words in " ".join(answer.stderr.replace("│", " ").split())


@pytest.mark.usefixtures("without_figures")
def test_replicates_are_added_and_none_repeated(call: Call, tmp_path: Path) -> None:
    """Two replicates and three more are five; the two stay untouched; other inputs are refused."""
    call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)
    before = stored_files(tmp_path)
    brief = ["-o", tmp_path, "--until", "2024-01-15", "-j", 1]
    answer = call("run", ISLAND, *brief, "--add-replicates", 3)

    assert (answer.exit_code, len(before)) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert json.loads((tmp_path / "island" / "manifest.json").read_text())["completed"] == 5
    other = call("run", ISLAND, *brief, "--seed", 5, "--add-replicates", 3)
    assert other.exit_code == 3
    assert "has other inputs than island now; give the same --seed and --until" in other.stderr
    assert call("run", "baseline", *brief, "--add-replicates", 3).exit_code == 4


def test_a_dry_run_prints_the_cost_and_runs_nothing(call: Call, tmp_path: Path) -> None:
    """How many runs, how many are stored, minutes and megabytes; it stores none."""
    call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--only", "0.0")
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--dry-run")

    assert answer.exit_code == 0
    assert answer.stdout == "island: 2 runs, 1 of them stored; 0.0 minutes, 0 megabytes\n"
    assert len(stored_files(tmp_path)) == 1


def test_a_dry_run_counts_only_the_run_that_is_chosen(call: Call, tmp_path: Path) -> None:
    """One run is done, stored or not; a run that the scenario lacks is refused as without it."""
    given = ["run", ISLAND, "-o", tmp_path, *TWO_RUNS]
    call(*given, "--only", "0.1")
    for only in ("0.0", "0.1"):
        answer = call(*given, "--only", only, "--dry-run")
        assert (answer.exit_code, answer.stdout) == (0, "island: 1 run; 0.0 minutes, 0 megabytes\n")
    missing = call(*given, "--only", "0.2", "--dry-run")
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert "0.2: island has draws 0 to 0 and replicates 0 to 1" in missing.stderr
    assert call(*given, "--only", "none", "--dry-run").exit_code == 2


@pytest.mark.usefixtures("without_figures")
def test_resuming_repeats_nothing(call: Call, tmp_path: Path) -> None:
    """The same command again with --resume leaves every file of a run as it was."""
    call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)
    before = stored_files(tmp_path)
    assert call("run", ISLAND, "-o", tmp_path, *TWO_RUNS, "--resume").exit_code == 0
    assert stored_files(tmp_path) == before


def test_run_of_invalid_files_lists_all_their_mistakes(call: Call, tmp_path: Path) -> None:
    """Two bad files: the mistakes of both, code 3, nothing on standard output, nothing written."""
    for name in ("one", "two"):
        text = f"schema: 2\nid: {name}\nruns: {{draws: none}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    answer = call("run", tmp_path / "one.yaml", tmp_path / "two.yaml", "-o", tmp_path / "out")

    assert (answer.exit_code, answer.stdout) == (3, "")
    assert "one.yaml:3:" in answer.stderr
    assert "two.yaml:3:" in answer.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("without_figures")
def test_run_without_a_scenario_runs_the_demonstration(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demonstration has its own folder, so it replaces no result; two commands follow."""
    monkeypatch.setattr(command, "DEMO", (str(ISLAND), "no-mission"))
    monkeypatch.setattr(command, "DEMO_DRAWS", 1)
    answer = call("run", "-o", tmp_path, "--until", "2024-01-10", "-n", 1, "-j", 1)

    assert answer.exit_code == 0
    folders = [Path(line) for line in answer.stdout.splitlines()]
    assert folders == [tmp_path / "demo" / "island", tmp_path / "demo" / "no-mission"]
    assert json.loads((folders[0] / "manifest.json").read_text())["draws"] == 1
    assert answer.stderr.splitlines()[-3:] == [
        "next, try:",
        f"  teritwa compare {tmp_path / 'demo'}",
        "  teritwa show no-mission",
    ]


def test_interruption_gives_code_130(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with code 130 and the command that resumes."""
    monkeypatch.setattr("teritwa.ensemble.run.run", interrupt)
    answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)

    options = f"--out={tmp_path} --draws=1 --replicates=2 --until=2024-01-15"
    assert answer.exit_code == 130
    assert answer.stderr.splitlines()[-2:] == [
        "interrupted; finished runs are stored; resume with:",
        f"  teritwa run {ISLAND} {options} --resume",
    ]


def test_folder_that_cannot_be_written_gives_one_line(call: Call, tmp_path: Path) -> None:
    """Where a file stands in the way of a folder, the message names it."""
    (tmp_path / "taken").write_text("a file")
    answer = call("run", ISLAND, "-o", tmp_path / "taken", *TWO_RUNS)

    assert answer.exit_code == 1
    assert "taken" in answer.stderr.splitlines()[-1]


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_signals_interrupt_every_command(
    call: Call, sent: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands that run long say what remains; the handlers that were there before come back."""

    def raise_twice(*given: object, **named: object) -> None:
        try:
            signal.raise_signal(sent)  # a closing terminal sends it twice
        finally:
            signal.raise_signal(sent)

    before = signal.getsignal(sent)
    monkeypatch.setattr("teritwa.analysis.calibration.calibrate.calibrate", raise_twice)
    monkeypatch.setattr("teritwa.analysis.sensitivity.sensitivity", raise_twice)
    monkeypatch.setattr("teritwa.report.validation_run.validate", raise_twice)
    for command_line, remains in (
        (["calibrate", "-o", tmp_path], "finished runs are stored; the same command continues"),
        (["validate", "--calibration", tmp_path], "finished runs are stored; the same command"),
        (["sensitivity", ISLAND], "nothing was written"),
    ):
        answer = call(*command_line)
        assert answer.exit_code == 130
        assert f"interrupted; {remains}" in answer.stderr
    assert signal.getsignal(sent) == before


@pytest.mark.usefixtures("without_figures")
def test_ignored_hangups_stay_ignored(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under nohup a closed terminal ends nothing."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr(mission, "warm_up", lambda: signal.raise_signal(signal.SIGHUP))
        answer = call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert answer.exit_code == 0


def refuse_to_compile() -> float:
    """Fail the test: the command should have been refused before."""
    raise AssertionError("the rules are loaded before the command is refused")


def test_what_cannot_run_is_refused_before_rules_are_loaded(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shared ids, no cluster, no such run, an unfinished ensemble, a file for a folder."""
    monkeypatch.setattr(mission, "warm_up", refuse_to_compile)
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "old" / "island").mkdir(parents=True)
    (tmp_path / "old" / "island" / ".unfinished.json").write_text("{}")
    run = ["run", ISLAND, *TWO_RUNS, "-o"]
    for command_line, code, words in (
        (["run", ISLAND, *run[1:], tmp_path], 3, "island: is the id of 2 scenarios"),
        ([*run, tmp_path, "--cluster", "tcp://127.0.0.1:9"], 3, "pip install 'teritwa[cluster]'"),
        ([*run, tmp_path, "--only", "0.9"], 3, "0.9: island has draws 0 to 0"),
        ([*run, tmp_path / "old"], 3, "continue with --resume"),
        ([*run, tmp_path / "file"], 1, f"{tmp_path / 'file'}: Not a directory"),
    ):
        answer = call(*command_line)
        assert (answer.exit_code, answer.stdout) == (code, "")
        assert words in answer.stderr
        assert len(answer.stderr.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "old"]


@pytest.mark.usefixtures("without_figures")
def test_estimate_of_a_million_draws_makes_none(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run of the largest ensemble makes no draw, with or without stored runs."""
    call("run", ISLAND, "-o", tmp_path, *TWO_RUNS)
    made: list[int] = []

    def note(scenario: Scenario, draw: int) -> Scenario:
        made.append(draw)
        return scenario

    monkeypatch.setattr(Scenario, "in_draw", note)
    size = ["--draws", 1_000_000, "-n", 1, "--until", "2024-01-15", "--dry-run"]
    fresh = call("run", ISLAND, "-o", tmp_path / "new", *size)
    there = call("run", ISLAND, "-o", tmp_path, *size)

    assert (fresh.exit_code, there.exit_code, made) == (0, 0, [])
    assert fresh.stdout.startswith("island: 1000000 runs, 0 of them stored; ")
    assert there.stdout.startswith("island: 1000000 runs, at most 2 of them stored; ")


def test_first_run_of_a_large_ensemble_needs_one_draw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are made draw by draw, so an ensemble of any size starts at once."""
    scenario = load(ISLAND).replace(draws=1_000_000, replicates=1)
    made: list[int] = []
    before = Scenario.in_draw

    def note(given: Scenario, draw: int) -> Scenario:
        made.append(draw)
        assert len(made) < 10
        return before(given, draw)

    monkeypatch.setattr(Scenario, "in_draw", note)
    assert count_stored_runs(scenario, tmp_path) == 0
    assert isinstance(run_only(scenario, 0, 0, out=tmp_path, jobs=1), str)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_program_can_be_resumed(
    start: Start, sent: signal.Signals, tmp_path: Path
) -> None:
    """Each signal during a real run: code 130, no traceback, and the command that resumes."""
    process = start("run", ISLAND, "-o", tmp_path, "-n", 10000, "-j", 1)
    while len(stored_files(tmp_path)) < 3:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(sent)
    out, err = process.communicate(timeout=120)

    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    resume = f"  teritwa run {ISLAND} --out={tmp_path} --replicates=10000 --resume"
    assert err.splitlines()[-1] == resume
    assert len(stored_files(tmp_path)) < 10000
