"""The program as a whole: wrong use, a quick start, closed pipes, the order of its commands."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
import typer.core
import typer.main
from typer.testing import Result

from teritwa.cli import app

Call = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"
SOURCES = Path(__file__).parents[2] / "model"
HEAVY = ("mesa", "matplotlib", "numba", "pandas", "scipy", "xarray")
COMMANDS = [
    "run", "check", "show", "compare", "effort", "holders", "score", "sensitivity", "map",
    "report", "calibrate", "missions", "validate",
]  # fmt: skip


def test_commands_are_in_files_of_their_names() -> None:
    """The help lists the commands in a fixed order, and each stands in the file of its name."""
    names, modules = [], []
    for one in app.registered_commands:
        assert one.callback is not None
        names.append(one.name or one.callback.__name__)
        modules.append(one.callback.__module__)
    assert names == COMMANDS
    assert modules == [f"teritwa.cli.{name}" for name in COMMANDS]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_its_options(call: Call, command: str) -> None:
    """The help of each command begins with what it does, and explains each option and argument."""
    answer = call(command, "--help")
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    unexplained = [one.name for one in group.commands[command].params if not vars(one)["help"]]

    assert (answer.exit_code, unexplained) == (0, [])
    assert (group.commands[command].help or "").split("\n")[0].endswith(".")


@pytest.mark.parametrize(
    "wrong",
    [
        ["show"],
        ["show", "baseline", "--run", "0.0"],
        ["run", "--replicates", "0"],
        ["run", "--until", "soon"],
        ["run", "--wings"],
        ["check"],
        ["fly"],
    ],
)
def test_wrong_use_gives_code_2(call: Call, wrong: list[str]) -> None:
    """A missing argument, a bad number or date, an unknown command or option: code 2."""
    assert call(*wrong).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], (*HEAVY, "numpy", "yaml", "pydantic", "concurrent.futures")),
        *((([one, "--help"]), (*HEAVY, "numpy", "yaml", "pydantic")) for one in COMMANDS),
        (["check", ISLAND], HEAVY),
        (["check", "full-deployment"], HEAVY),
        (["show", "baseline"], HEAVY),
    ],
)
def test_start_imports_nothing_heavy(arguments: list[object], heavy: tuple[str, ...]) -> None:
    """Help, check and show import no heavy library: that is what makes them start quickly."""
    program = (
        "import sys; from teritwa.cli import app\n"
        f"try: app({[str(one) for one in arguments]!r})\n"
        f"finally: print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments", [["map", "none"], ["report", "none"], ["compare", "none"], ["effort", "none"]]
)
def test_what_takes_long_says_so_before_it_loads_anything(
    start: Start, arguments: list[object]
) -> None:
    """The first line comes at once, even if the command then finds a mistake."""
    process = start(*arguments)
    _, err = process.communicate(timeout=60)

    assert err.splitlines()[0].endswith(" ...")


def test_reader_that_leaves_early_is_not_an_error(start: Start) -> None:
    """A pipe closed by its reader ends the program without a message, as ``head`` expects."""
    process = start("show", "--parameters")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None

    assert (process.stderr.read(), process.wait(timeout=60)) == ("", 1)


def test_module_runs_as_a_program(start: Start) -> None:
    """``python -m teritwa`` is the command."""
    process = start("check", ISLAND)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (0, f"{ISLAND}: no mistakes\n", "")


ASCII = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["check", "D\u00e9j\u00e0.yaml"], 3),
        (["show", "D\u00e9j\u00e0.yaml"], 3),
        (["show", "baseline"], 0),
        (["show", "--parameters"], 0),
        (["compare", "\u00cele"], 4),
    ],
)
def test_output_that_holds_only_ascii_stops_nothing(
    start: Start, arguments: list[str], code: int
) -> None:
    """Letters that the terminal lacks become escapes; the exit code is that of the command."""
    process = start(*arguments, **ASCII)
    out, err = process.communicate(timeout=120)

    assert process.returncode == code, err
    assert "Traceback" not in err
    assert (out + err).isascii()
