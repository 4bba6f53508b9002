"""The option --with: extensions reach the commands, their worker processes and the names of runs.

An extension stays in the process that loads it, so commands that load one have a process of their
own; those that are refused are called here.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner
from typer.testing import Result as Called

from teritwa.cli import app
from teritwa.cli.run_ensembles import EnsembleRequest
from teritwa.ensemble.result import Result, open_result
from teritwa.simulation.extensions import BYTES_AT_MOST, loaded

Answer = tuple[int, str, str]
Call = Callable[..., Called]

EXTENSION = Path(__file__).parent / "weighted_fighters.py"
SOURCES = Path(__file__).parents[2] / "model"
SCENARIO = """schema: 2
id: weighted
title: The island with weighted fighters
extends: island
period: {end: 2024-01-10}
runs: {draws: 1, replicates: 2}
"""
WEIGHT = "params: {weighted_fighters.weight: 2.0}\n"


ONE_AFTER_ANOTHER = """
import json, sys
from typer.testing import CliRunner
from teritwa.cli import app
answers = [CliRunner().invoke(app, command) for command in json.load(sys.stdin)]
print(json.dumps([(answer.exit_code, answer.stdout, answer.stderr) for answer in answers]))
"""
"""A program that calls commands and prints what they answer."""


def finish(*arguments: object, site: Path | None = None, given: str = "") -> Answer:
    """Run Python with rules as plain Python; return its code, its output and its messages."""
    places = [str(place) for place in (SOURCES, site) if place is not None]
    environment = {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [sys.executable, *(str(argument) for argument in arguments)],
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a scenario of ten days that sets the parameter of the extension."""
    path = tmp_path_factory.mktemp("scenario") / "weighted.yaml"
    path.write_text(SCENARIO + WEIGHT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def weighted(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Run the scenario with the extension in two worker processes."""
    out = tmp_path_factory.mktemp("weighted")
    code, printed, said = finish(
        "-m", "teritwa", "run", scenario, "--with", EXTENSION, "-o", out, "-j", 2
    )
    assert (code, printed) == (0, f"{out / 'weighted'}\n"), said
    return open_result(out / "weighted")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the scenario without the extension in this process; return its file."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "plain.yaml").write_text(SCENARIO, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("teritwa.pictures.save_all", lambda result, world: None)
        command = ["run", str(folder / "plain.yaml"), "-o", str(folder), "-j", "1"]
        assert CliRunner().invoke(app, command).exit_code == 0
    return folder / "plain.yaml"


@pytest.fixture(scope="module")
def answers(
    scenario: Path, weighted: Result, plain: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """Call commands with the extension, one after another in one process.

    That each of them loads the file shows in what becomes of a broken one.
    """
    brief = tmp_path_factory.mktemp("brief") / "brief.yaml"
    brief.write_text((SCENARIO + WEIGHT).replace("2024-01-10", "2024-01-03"), encoding="utf-8")
    moved = ["--parameters", "weighted_fighters", "--draws", 8, "-j", 1, "-o", scenario.parent]
    commands: dict[str, list[object]] = {
        "dry run of plain runs": ["run", plain, "-o", plain.parent, "-j", 1, "--dry-run"],
        "dry run": ["run", scenario, "-o", weighted.path.parent, "--dry-run"],
        "check": ["check", scenario],
        "show": ["show", scenario],
        "show parameters": ["show", scenario, "--parameters"],
        "sensitivity": ["sensitivity", brief, *moved],
    }
    texts = [[*map(str, command), "--with", str(EXTENSION)] for command in commands.values()]
    code, printed, said = finish("-c", ONE_AFTER_ANOTHER, given=json.dumps(texts))
    assert code == 0, said
    found = [(code, out, err) for code, out, err in json.loads(printed)]
    return dict(zip(commands, found, strict=True))


def test_worker_processes_load_extensions(weighted: Result) -> None:
    """Two processes record the outcome of the extension, with the weight of the scenario."""
    values = weighted.runs("weighted_fighters")

    assert values.sum() > 0
    assert np.array_equal(values, 2 * weighted.runs("gang_fighters"))
    assert "weighted_fighters" in weighted.manifest["outcomes"]


def test_runs_with_an_extension_have_other_names_and_the_same_outcomes(
    weighted: Result, plain: Path, answers: dict[str, Answer], call: Call
) -> None:
    """Stored runs without it do not count as runs with it; a rule that changes nothing does not."""
    without = call("run", plain, "-o", plain.parent, "-j", 1, "--dry-run").stdout
    assert without == "weighted: 2 runs, 2 of them stored; 0.0 minutes, 0 megabytes\n"
    assert answers["dry run of plain runs"][1].startswith("weighted: 2 runs, 0 of them stored; ")
    before = open_result(plain.parent / "weighted")
    names = before.manifest["outcomes"]
    assert set(weighted.manifest["outcomes"]) - set(names) == {"weighted_fighters"}
    for name in names:
        assert np.array_equal(before.runs(name), weighted.runs(name)), name


def test_stored_runs_count_with_the_same_extension_only(
    scenario: Path, weighted: Result, answers: dict[str, Answer], tmp_path: Path
) -> None:
    """Stored runs count with the extension that made them, and not with a changed one."""
    changed = tmp_path / EXTENSION.name
    changed.write_text(EXTENSION.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    command = ["run", scenario, "-o", weighted.path.parent, "--dry-run", "--with", changed]

    assert "2 of them stored" in answers["dry run"][1]
    assert "0 of them stored" in finish("-m", "teritwa", *command)[1]


def test_check_knows_the_names_of_an_extension(
    scenario: Path, answers: dict[str, Answer], call: Call
) -> None:
    """Without the extension its parameter is a mistake in the scenario, with it there is none."""
    refused = call("check", scenario)
    unknown = "params.weighted_fighters.weight: unknown parameter"
    assert (refused.exit_code, unknown in refused.stdout) == (3, True)
    assert answers["check"] == (0, f"{scenario}: no mistakes\n", "")


def test_show_knows_the_names_of_an_extension(answers: dict[str, Answer]) -> None:
    """The scenario is shown, and the parameter is listed with the value of the scenario."""
    code, printed, _ = answers["show"]
    assert (code, "weighted_fighters.weight: 2" in printed) == (0, True)
    code, printed, _ = answers["show parameters"]
    (line,) = [row for row in printed.splitlines() if row.startswith("weighted_fighters.weight ")]
    assert (code, line.split()[1]) == (0, "2")


def test_sensitivity_moves_the_parameters_of_an_extension(
    scenario: Path, answers: dict[str, Answer]
) -> None:
    """The family of an extension can be chosen; its parameter acts on nothing and has no rank."""
    code, _, said = answers["sensitivity"]

    assert code == 0
    assert said.splitlines()[-1].startswith("0 of 1 parameters are told apart")
    path = scenario.parent / "weighted" / "ranking.csv"
    table = path.read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:2] for row in table] == [
        ["rank", "parameter"], ["", "chance"], ["", "weighted_fighters.weight"],
    ]  # fmt: skip


def test_an_installed_extension_needs_no_option(tmp_path: Path) -> None:
    """A module that an installed package names under the entry point is loaded by the commands."""
    about = tmp_path / "weights-1.0.dist-info"
    about.mkdir()
    shutil.copy(EXTENSION, tmp_path)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: weights\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[teritwa.extensions]\nw = weighted_fighters\n")
    code, printed, _ = finish("-m", "teritwa", "show", "--parameters", site=tmp_path)

    assert code == 0
    assert any(line.startswith("weighted_fighters.weight ") for line in printed.splitlines())


def answer_of(called: Called) -> Answer:
    """Return code, output and messages of a command."""
    return called.exit_code, called.stdout, called.stderr


@pytest.mark.parametrize("command", ["run", "check", "show", "sensitivity"])
def test_a_mistake_in_an_extension_gives_code_3(command: str, call: Call, tmp_path: Path) -> None:
    """A missing file and a file that fails are named in one line each, before anything is done."""
    missing, broken = tmp_path / "none.py", tmp_path / "broken.py"
    broken.write_text('"""Broken."""\n\nraise ValueError("a mistake")\n', encoding="utf-8")

    absent = f"{missing}: cannot be read: No such file or directory\n"
    assert answer_of(call(command, "island", "--with", missing)) == (3, "", absent)
    failing = f"{broken}:3: ValueError: a mistake\n"
    assert answer_of(call(command, "island", "--with", broken)) == (3, "", failing)
    assert loaded() == ()


def test_only_regular_files_are_loaded(call: Call, tmp_path: Path) -> None:
    """A pipe would be waited for and a device read for ever: each is refused in one line."""
    pipe, large = tmp_path / "pipe.py", tmp_path / "large.py"
    os.mkfifo(pipe)
    large.write_bytes(b"\n" * (BYTES_AT_MOST + 1))
    refusals = {
        pipe: "it is a named pipe; only regular files are read",
        Path(os.devnull): "it is a device; only regular files are read",
        tmp_path: "it is a folder; only regular files are read",
        large: "it has 1,048,577 bytes; at most 1,048,576 are read",
    }
    for path, reason in refusals.items():
        refused = answer_of(call("check", "island", "--with", path))
        assert refused == (3, "", f"{path}: cannot be read: {reason}\n")


def test_a_file_that_ends_the_program_is_a_mistake(call: Call, tmp_path: Path) -> None:
    """An ensemble that is not run at all never passes for one that went well."""
    path = tmp_path / "leaves.py"
    path.write_text("import sys\n\nsys.exit(0)\n", encoding="utf-8")
    answer = answer_of(call("run", "island", "--with", path, "-o", tmp_path))
    wrong = "ends the program while it is loaded (sys.exit); a file of rules only declares them"
    assert answer == (3, "", f"{path}:3: {wrong}\n")


def test_the_command_that_resumes_names_the_extensions() -> None:
    """Without them the resumed ensemble would have other runs."""
    overrides = {"draws": None, "replicates": 2, "seed": None, "end": None}
    files = [Path("one.py"), Path("a folder/two.py")]
    request = EnsembleRequest(["baseline"], Path("results"), overrides, files)

    options = "--out=results --replicates=2 --with=one.py '--with=a folder/two.py'"
    assert request.resume_command() == f"teritwa run baseline {options} --resume"
