"""Files that exist whole or not at all, and tables as text."""

import errno
import hashlib
from pathlib import Path

import pytest

from teritwa.engine.files import (
    TEMPORARY,
    as_csv,
    as_html,
    drop_temporary,
    file_digest,
    write_text,
    write_whole,
)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The new content is under the old name, and nothing else is left in the folder."""
    path = tmp_path / "a.txt"
    write_text(path, "old\n")
    write_whole(path, lambda temporary: temporary.write_bytes(b"new\r\n"))
    assert path.read_bytes() == b"new\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """A full disk is an error with the file's own name; what was there before still is."""
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def fail(temporary: Path) -> None:
        temporary.write_text("ne")
        raise OSError(errno.ENOSPC, "No space left on device", str(temporary))

    with pytest.raises(OSError, match="No space left") as failed:
        write_whole(path, fail)
    assert (failed.value.errno, failed.value.filename) == (errno.ENOSPC, str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_another_error_leaves_the_old_file_too(tmp_path: Path) -> None:
    """An error that is not of the disk is raised as it is, and no temporary file stays."""

    def fail(temporary: Path) -> None:
        temporary.write_text("ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.txt", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The error has the path that was asked for, not that of the temporary file."""
    path = tmp_path / "nowhere" / "a.txt"
    with pytest.raises(OSError, match="No such file") as failed:
        write_text(path, "text")
    assert failed.value.filename == str(path)


def test_leftovers_of_a_killed_program_are_removed(tmp_path: Path) -> None:
    """Only hidden files with the ending of temporary ones are removed."""
    kept = [tmp_path / name for name in ("a.txt", f"a{TEMPORARY}", ".hidden")]
    for path in (*kept, tmp_path / f".a.txt.123{TEMPORARY}"):
        path.touch()
    drop_temporary(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)


def test_csv_has_line_feeds_and_quotes() -> None:
    """Fields are quoted where they need it, and lines end in a line feed on every system."""
    assert as_csv(["a", "b"], [[1, 'x,"y"'], [2.5, ""]]) == 'a,b\n1,"x,""y"""\n2.5,\n'


def test_html_shows_any_text() -> None:
    """Caption, header and cells are escaped, so that no text becomes markup."""
    found = as_html("A & B", ["<x>"], [["1 < 2"]])
    assert found == (
        "<table><caption>A &amp; B</caption><thead><tr><th>&lt;x&gt;</th></tr></thead>"
        "<tbody><tr><td>1 &lt; 2</td></tr></tbody></table>"
    )


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """The digest is the SHA-256 of the content, whatever the name."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 1000)
    assert file_digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
