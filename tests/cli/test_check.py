"""The command check: every mistake with its place."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


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
