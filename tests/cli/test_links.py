"""Links in results of somebody else: nothing is written, and nothing deleted, where they lead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result as Answer

from teritwa.ensemble.folder_lock import locked_folder
from teritwa.ensemble.result import Result, ResultError

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return a folder of files that nobody may touch."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("a.run", ".b.tmp", "photo.png", "comparison.csv"):
        (folder / name).touch()
    return folder


def link(place: Path, mine: Path) -> None:
    """Put a link to a folder in a place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(mine)


@pytest.mark.parametrize("place", ["comparison", "comparison/figures"])
def test_compare_writes_into_no_link(
    call: Call, made_up: MakeResult, mine: Path, place: str
) -> None:
    """Neither the folder of a comparison nor that of its pictures may be a link; --out may."""
    results = made_up().path.parent
    made_up(id="policy")
    link(results / place, mine)
    before = sorted(mine.iterdir())
    answer = call("compare", results)

    assert answer.exit_code == 4
    assert answer.stderr.splitlines()[-1].endswith(
        f"{place}: is a link; remove it, or name another folder by --out"
    )
    assert sorted(mine.iterdir()) == before
    assert call("compare", results, "--out", mine).exit_code == 0


@pytest.mark.parametrize("place", ["scores", "scores/baseline"])
def test_score_writes_into_no_link(
    call: Call, made_up: MakeResult, mine: Path, place: str, tmp_path: Path
) -> None:
    """Neither the folder of all scores nor that of a scenario may be a link."""
    result = made_up({"displaced": 500}, replicates=5)
    data = tmp_path / "later.csv"
    data.write_text("date,outcome,value,low,high\n2025-03-31,displaced,600,,\n", encoding="utf-8")
    link(result.path.parent / place, mine)
    before = sorted(mine.iterdir())
    answer = call("score", result.path, "--data", data)

    assert (answer.exit_code, "is a link" in answer.stderr) == (4, True)
    assert sorted(mine.iterdir()) == before


@pytest.mark.parametrize("place", ["", "runs"])
@pytest.mark.parametrize("resume", [False, True])
def test_runs_are_neither_stored_nor_deleted_behind_a_link(
    tmp_path: Path, mine: Path, place: str, resume: bool
) -> None:
    """A result's folder, or its folder of runs, that is a link is refused before it is cleared."""
    link(tmp_path / "results" / "island" / place, mine)
    before = sorted(mine.iterdir())
    with (
        pytest.raises(ResultError, match="is a link; remove it"),
        locked_folder(tmp_path / "results" / "island", resume=resume),
    ):
        pass
    assert sorted(mine.iterdir()) == before
