"""The command check: every mistake with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from teritwa.scenario import load
from teritwa.simulation.model import Mission
from teritwa.simulation.room import UNITS_AT_MOST, RoomError
from teritwa.world import load as load_world

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"

ARMY = """schema: 2
id: army
title: An army of many units
extends: island
params: {{contingents.unit_size: 1}}
events:
  - id: army
    date: 2024-01-02
    deploy: {{contingent: island-army, officers: {officers}}}
"""

FAR = """schema: 2
id: far
title: An order that no unit reaches
extends: island
params: {tasking.reach: 0.01}
runs: {draws: 1, replicates: 1}
events:
  - id: far
    date: 2024-01-02
    operation: {targets: [eastwick], duration: 9 days}
"""


def test_check_prints_mistakes_with_their_place(
    call: Callable[..., Result], tmp_path: Path
) -> None:
    """A good file is said to be good; of a bad one line, column and key are printed; code 3."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema: 2\nid: bad\nextnds: baseline\n")
    answer = call("check", ISLAND, bad)

    assert answer.exit_code == 3
    good, *mistakes = answer.stdout.splitlines()
    assert good == f"{ISLAND}: no mistakes"
    assert f"{bad}:3:1: extnds: unknown key, did you mean 'extends'?" in mistakes


@pytest.mark.parametrize("command", ["check", "show", "run"])
def test_an_order_beyond_reach_is_a_warning(
    call: Callable[..., Result], tmp_path: Path, command: str
) -> None:
    """Check, show and run say on standard error, with file and line, which order reaches nobody.

    It is no mistake: the exit code is 0.
    """
    path = tmp_path / "far.yaml"
    path.write_text(FAR, encoding="utf-8")
    answer = call(command, path, *(["--dry-run"] if command == "run" else []))
    assert answer.exit_code == 0
    warning = next(line for line in answer.stderr.splitlines() if line.startswith("warning"))
    assert warning.startswith("warning: far.yaml:8: events.far.operation: eastwick: no unit is ")


def test_check_names_what_no_run_has_room_for(call: Callable[..., Result], tmp_path: Path) -> None:
    """As many officers as units fit are no mistake, and one more is, as when the run begins."""
    found = load(str(ISLAND))
    world = load_world(found.world)
    sent = sum(event.action.officers_sent for event in found.schedule(0, 0))
    most = UNITS_AT_MOST - len(world.units) - len(world.contingents) - sent
    for officers, code in ((most, 0), (most + 1, 3)):
        path = tmp_path / f"{code}.yaml"
        path.write_text(ARMY.format(officers=officers), encoding="utf-8")
        answer = call("check", path)
        reason = "" if code == 0 else str(refusal(path))
        said = f"events: run 0.0 cannot begin: {reason}" if reason else "no mistakes"
        assert (answer.exit_code, answer.stdout) == (code, f"{path}: {said}\n")
    assert f"{sent + most + 1:,} officers in units of 1 are more than 1,000,000 units" in reason
    Mission(tmp_path / "0.yaml")


def refusal(path: Path) -> RoomError:
    """Return the error with which a run of a scenario does not begin."""
    with pytest.raises(RoomError) as refused:
        Mission(path)
    return refused.value


def test_officers_of_an_uncertain_number_are_checked(
    call: Callable[..., Result], tmp_path: Path
) -> None:
    """Where the number of officers is a distribution, the largest must have room."""
    file = tmp_path / "army.yaml"
    file.write_text(ARMY.format(officers="{uniform: [10, 20]}"), encoding="utf-8")
    assert call("check", file).exit_code == 0
