"""The option --with: extensions reach the commands, their worker processes and the names of runs.

An extension stays in the process that loads it, so each command here is a process of its own.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble.result import Result, open_result

Start = Callable[..., "subprocess.Popen[str]"]
Finish = Callable[..., tuple[int, str, str]]

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


@pytest.fixture
def finish(start: Start) -> Finish:
    """Run a command to its end with rules as plain Python; return its code, output and messages."""

    def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
        process = start(*arguments, NUMBA_DISABLE_JIT="1", **environment)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    return run


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Write a scenario of ten days that sets the parameter of the extension."""
    path = tmp_path / "weighted.yaml"
    path.write_text(SCENARIO + WEIGHT, encoding="utf-8")
    return path


def outcomes(result: Result) -> dict[str, np.ndarray[Any, Any]]:
    """Return the stored outcomes of a result (run, ...) by name."""
    return {name: result.runs(name) for name in result.manifest["outcomes"]}


def stored_names(result: Result) -> set[str]:
    """Return the names of the stored runs of a result."""
    return {path.name for path in (result.path / "runs").glob("*.run")}


def test_worker_processes_load_extensions(finish: Finish, scenario: Path, tmp_path: Path) -> None:
    """Two processes record the outcome with the scenario's weight, as this process would alone."""
    given = ["run", scenario, "--with", EXTENSION]
    code, out, err = finish(*given, "-o", tmp_path / "two", "-j", 2)
    assert (code, out) == (0, f"{tmp_path / 'two' / 'weighted'}\n"), err
    code, out, err = finish(*given, "-o", tmp_path / "one", "-j", 1)
    assert (code, out) == (0, f"{tmp_path / 'one' / 'weighted'}\n"), err

    two, one = (open_result(tmp_path / name / "weighted") for name in ("two", "one"))
    weighted = two.runs("weighted_fighters")
    assert weighted.sum() > 0
    assert np.array_equal(weighted, 2 * two.runs("gang_fighters"))
    alone = outcomes(one)
    assert all(np.array_equal(values, alone[name]) for name, values in outcomes(two).items())
    assert stored_names(two) == stored_names(one)


def test_an_extension_changes_the_names_of_runs_and_nothing_else(
    finish: Finish, tmp_path: Path
) -> None:
    """Runs without it are not taken for runs with it; its rule leaves other outcomes untouched."""
    (tmp_path / "plain.yaml").write_text(SCENARIO, encoding="utf-8")
    given = ["run", tmp_path / "plain.yaml", "-j", 1]
    assert finish(*given, "-o", tmp_path / "without")[0] == 0
    assert finish(*given, "-o", tmp_path / "with", "--with", EXTENSION)[0] == 0

    without, within = (open_result(tmp_path / name / "weighted") for name in ("without", "with"))
    assert len(stored_names(without) | stored_names(within)) == 4
    before, after = outcomes(without), outcomes(within)
    assert set(after) - set(before) == {"weighted_fighters"}
    assert all(np.array_equal(values, after[name]) for name, values in before.items())


def test_a_dry_run_counts_stored_runs_of_the_same_extensions(
    finish: Finish, scenario: Path, tmp_path: Path
) -> None:
    """A stored run counts with the extension it was made with, and not with a changed one."""
    other = tmp_path / "weighted_fighters.py"
    other.write_text(EXTENSION.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    given = ["run", scenario, "-o", tmp_path / "out", "-j", 1]
    assert finish(*given, "--with", EXTENSION, "--only", "0.0")[0] == 0

    same = finish(*given, "--with", EXTENSION, "--dry-run")
    changed = finish(*given, "--with", other, "--dry-run")
    assert same[:2] == (0, "weighted: 2 runs, 1 of them stored; 0.0 minutes, 0 megabytes\n")
    assert changed[1].startswith("weighted: 2 runs, 0 of them stored; ")


def test_check_and_show_know_the_names_of_an_extension(finish: Finish, scenario: Path) -> None:
    """With the extension the scenario has no mistake, and its parameter is listed."""
    code, out, _ = finish("check", scenario)
    assert code == 3
    assert "weighted_fighters.weight" in out
    assert finish("check", scenario, "--with", EXTENSION) == (0, f"{scenario}: no mistakes\n", "")
    code, out, _ = finish("show", scenario, "--with", EXTENSION)
    assert code == 0
    assert "weighted_fighters.weight" in out
    code, out, _ = finish("show", scenario, "--parameters", "--with", EXTENSION)
    (line,) = [line for line in out.splitlines() if line.startswith("weighted_fighters.weight ")]
    assert (code, line.split()[1]) == (0, "2")


def test_sensitivity_moves_the_parameters_of_an_extension(
    finish: Finish, scenario: Path, tmp_path: Path
) -> None:
    """The family of an extension can be named; its parameter moves no measure."""
    given = ["--parameters", "weighted_fighters", "--draws", 2, "-j", 1, "-o", tmp_path]
    assert finish("sensitivity", scenario, "--with", EXTENSION, *given)[0] == 0

    table = (tmp_path / "weighted" / "ranking.csv").read_text(encoding="utf-8").splitlines()
    (row,) = table[1:]
    assert row.startswith("1,weighted_fighters.weight,C,")


def test_an_installed_extension_is_loaded_by_itself(finish: Finish, tmp_path: Path) -> None:
    """A package that names a module under the entry point needs no option."""
    site = tmp_path / "site"
    about = site / "weights-1.0.dist-info"
    about.mkdir(parents=True)
    shutil.copy(EXTENSION, site)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: weights\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[teritwa.extensions]\nw = weighted_fighters\n")
    code, out, _ = finish("show", "--parameters", PYTHONPATH=f"{SOURCES}:{site}")

    assert code == 0
    assert any(line.startswith("weighted_fighters.weight ") for line in out.splitlines())


@pytest.mark.parametrize("command", ["run", "check", "show", "sensitivity"])
def test_a_mistake_in_an_extension_gives_code_3(
    finish: Finish, command: str, tmp_path: Path
) -> None:
    """A missing file and a file that fails are named in one line each, before anything is done."""
    missing, broken = tmp_path / "none.py", tmp_path / "broken.py"
    broken.write_text('"""Broken."""\n\nraise ValueError("a mistake")\n', encoding="utf-8")

    code, out, err = finish(command, "island", "--with", missing)
    assert (code, out, err) == (3, "", f"{missing}: cannot be read: No such file or directory\n")
    code, out, err = finish(command, "island", "--with", broken)
    assert (code, out, err) == (3, "", f"{broken}:3: ValueError: a mistake\n")


def test_the_command_that_resumes_names_the_extensions(tmp_path: Path) -> None:
    """Without them the resumed ensemble would have other runs."""
    from teritwa.cli.run_ensembles import EnsembleRequest

    overrides = {"draws": None, "replicates": 2, "seed": None, "end": None}
    files = [Path("one.py"), Path("a folder/two.py")]
    request = EnsembleRequest(["baseline"], Path("results"), overrides, files)

    options = "--out=results --replicates=2 --with=one.py '--with=a folder/two.py'"
    assert request.resume_command() == f"teritwa run baseline {options} --resume"


def test_a_result_says_which_outcomes_it_has(
    finish: Finish, scenario: Path, tmp_path: Path
) -> None:
    """The manifest and the summary list the outcome of the extension; the headline needs it not."""
    assert finish("run", scenario, "-o", tmp_path, "--with", EXTENSION, "-j", 1)[0] == 0
    folder = tmp_path / "weighted"

    assert "weighted_fighters" in json.loads((folder / "manifest.json").read_text())["outcomes"]
    code, out, err = finish("show", folder)
    assert (code, err) == (0, "")
    assert "2 runs, seed " in out
