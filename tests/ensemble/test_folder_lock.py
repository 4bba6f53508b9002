"""Tests of the lock of a result folder: one program at a time, and nothing lost by mistake."""

import os
import platform
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.ensemble.folder_lock import UNFINISHED_MARKER, is_unfinished, locked_folder
from teritwa.ensemble.run import check_folders
from teritwa.scenario import load


def test_a_second_program_is_refused_by_name(tmp_path: Path) -> None:
    """While one program writes, another is refused with its process; it may begin afterwards."""
    folder = tmp_path / "here"
    writer = f"process {os.getpid()} on {platform.node()}"
    with locked_folder(folder, resume=False) as locked:
        for resume in (False, True):
            with (
                pytest.raises(InputError, match=f"here: is being written by {writer}"),
                locked_folder(folder, resume=resume),
            ):
                pass
        locked.mark_finished()
    with locked_folder(folder, resume=False):
        pass


@pytest.mark.parametrize("marker", ["", "[]", '{"process": 1}'])
def test_an_unreadable_marker_names_no_process(tmp_path: Path, marker: str) -> None:
    """If the marker cannot be read, the refusal is still one clear line."""
    with locked_folder(tmp_path, resume=False):
        (tmp_path / UNFINISHED_MARKER).write_text(marker)
        with (
            pytest.raises(InputError, match="by another program; wait for it"),
            locked_folder(tmp_path, resume=True),
        ):
            pass


def test_an_unfinished_folder_is_only_resumed(tmp_path: Path) -> None:
    """An interrupted ensemble is resumed and keeps its runs; once whole, it may be restarted."""
    with locked_folder(tmp_path, resume=False) as locked:
        locked.store.save("a", b"")
    assert is_unfinished(tmp_path)
    with (
        pytest.raises(InputError, match="holds 1 finished runs"),
        locked_folder(tmp_path, resume=False),
    ):
        pass
    (tmp_path / "runs" / ".b.run.7.tmp").touch()
    with locked_folder(tmp_path, resume=True) as locked:
        assert locked.store.count() == 1
        assert not list(tmp_path.rglob("*.tmp"))
        locked.mark_finished()
    assert not is_unfinished(tmp_path)
    with locked_folder(tmp_path, resume=False) as locked:
        assert locked.store.count() == 0


def test_a_folder_in_use_is_not_taken_for_an_interrupted_one(tmp_path: Path) -> None:
    """The check before all work names the writer, and not a folder to remove; later it does."""
    scenario = load("island")
    with locked_folder(tmp_path / "island", resume=False):
        for resume in (False, True):
            with pytest.raises(InputError, match="is being written by process"):
                check_folders([scenario], tmp_path, resume=resume)
    with pytest.raises(InputError, match="was interrupted; continue with --resume"):
        check_folders([scenario], tmp_path, resume=False)
    check_folders([scenario], tmp_path, resume=True)
