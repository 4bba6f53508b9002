"""Tests of a result folder while runs are made for it: one program at a time, nothing lost by mistake."""

import os
import platform
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.ensemble.folder_lock import NOTE, unfinished, workplace


def test_a_second_program_is_refused_by_name(tmp_path: Path) -> None:
    """While one writes, another is told which process it is, and may begin when that has ended."""
    with workplace(tmp_path / "here", resume=False) as place:
        for resume in (False, True):
            with (
                pytest.raises(
                    InputError, match=f"here: is being written by process {os.getpid()} on {platform.node()}"
                ),
                workplace(tmp_path / "here", resume=resume),
            ):
                pass
        place.done()
    with workplace(tmp_path / "here", resume=False):
        pass


@pytest.mark.parametrize("note", ["", "[]", '{"process": 1}'])
def test_an_unreadable_note_names_nobody(tmp_path: Path, note: str) -> None:
    """If the note cannot be read, the refusal is still one clear line."""
    with workplace(tmp_path, resume=False):
        (tmp_path / NOTE).write_text(note)
        with pytest.raises(InputError, match="by another program; wait for it"), workplace(tmp_path, resume=True):
            pass


def test_what_is_unfinished_is_not_begun_again(tmp_path: Path) -> None:
    """After an interruption only going on is allowed, and keeps what is there; when done, it may begin anew."""
    with workplace(tmp_path, resume=False) as place:
        place.store.keep("a", b"")
    assert unfinished(tmp_path)
    with pytest.raises(InputError, match="holds 1 finished runs"), workplace(tmp_path, resume=False):
        pass
    (tmp_path / "runs" / ".b.run.7.tmp").touch()
    with workplace(tmp_path, resume=True) as place:
        assert place.store.count() == 1
        assert not list(tmp_path.rglob("*.tmp"))
        place.done()
    assert not unfinished(tmp_path)
    with workplace(tmp_path, resume=False) as place:
        assert place.store.count() == 0
