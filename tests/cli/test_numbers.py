"""Numbers on the command line: no option ends in a traceback, whatever number it is given."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.models import OptionInfo
from typer.testing import CliRunner, Result

from teritwa.cli import app
from teritwa.ensemble.executors import TimeLimitedExecutor
from teritwa.ensemble.local_executor import LocalExecutor

Call = Callable[..., Result]

ISLAND = str(Path(__file__).parents[2] / "scenarios" / "island.yaml")
NEEDS = {"run": [ISLAND], "sensitivity": [ISLAND]}
"""Arguments without which a command is not begun."""

ODD = [
    "nan", "-nan", "inf", "-inf", "0", "-0", "-1", "0.0", "1e30", "1e-30", "1e400", "9" * 30,
    "9" * 5000, "-" + "9" * 5000, "9" * 5000 + ".0", "0." + "9" * 5000, "0x10", "1_000",
    "٣", "", " ",
]  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from(ODD),
    st.integers().map(str),
    st.floats().map(repr),
    st.integers(0, 10**9).map(lambda draw: f"{draw}.0"),
)


def options_with_numbers() -> list[tuple[str, str]]:
    """Return each command and option that takes a number, or two as DRAW.REPLICATE."""
    found = []
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        hints = get_type_hints(command.callback, include_extras=True)
        for argument, hint in hints.items():
            plain, *rest = get_args(hint) or (hint,)
            option = next((one for one in rest if isinstance(one, OptionInfo)), None)
            is_number = {int, float} & {plain, *get_args(plain)}
            if option and (is_number or option.metavar == "DRAW.REPLICATE"):
                names = [one for one in option.param_decls or () if one.startswith("--")]
                found.append((name, (names or [f"--{argument.replace('_', '-')}"])[0]))
    return found


def stop(*given: object, **named: object) -> None:
    """Stand for what takes long."""
    raise KeyboardInterrupt


def test_options_with_numbers_are_found() -> None:
    """The property below is about all of these, and about those that will be added."""
    found = options_with_numbers()

    assert {("run", "--time-limit"), ("run", "--only"), ("show", "--run")} <= set(found)
    assert {name for name, _ in found} >= {"run", "show", "sensitivity", "calibrate", "validate"}


@pytest.mark.parametrize(("command", "option"), options_with_numbers())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=NUMBERS)
def test_no_number_ends_in_a_traceback(
    command: str,
    option: str,
    number: str,
    fail_runs: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is taken or refused by a documented code, in a few lines and with nothing run."""
    for long in (
        "teritwa.ensemble.run.run",
        "teritwa.ensemble.run.run_only",
        "teritwa.analysis.calibration.calibrate.calibrate",
        "teritwa.analysis.sensitivity.sensitivity",
        "teritwa.report.validation_run.validate",
    ):
        monkeypatch.setattr(long, stop)
    arguments = [command, *NEEDS.get(command, ()), f"{option}={number}"]
    answer = CliRunner().invoke(app, arguments, env={"COLUMNS": "100"})

    assert answer.exception is None or isinstance(answer.exception, SystemExit), number
    assert answer.exit_code in (2, 3, 4, 130)
    assert len(answer.stderr) < 2000


@pytest.mark.parametrize("limit", ["inf", "nan", "-1", "0", "1e30"])
def test_a_limit_that_no_clock_has_is_refused(call: Call, limit: str, tmp_path: Path) -> None:
    """Infinite, undefined and negative time limits are wrong use, and nothing is written."""
    answer = call("run", ISLAND, "-o", tmp_path, f"--time-limit={limit}")

    assert answer.exit_code == 2
    assert "--time-limit" in answer.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_largest_limits_can_be_kept() -> None:
    """A task is done under the largest time and memory that the command line allows."""
    with LocalExecutor(1, 1e6, 10**9) as pool:
        assert pool.submit(math.factorial, 5).result(timeout=600) == 120
        limited = TimeLimitedExecutor(pool, 1e6)
        assert limited.submit(math.factorial, 5).result(timeout=600) == 120
