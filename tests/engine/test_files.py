"""Files that exist whole or not at all, and tables as text."""

import csv
import errno
import hashlib
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from teritwa.engine.files import (
    CONTROL_CHARACTER,
    TEMPORARY,
    as_csv,
    as_html,
    as_text,
    as_written,
    drop_temporary,
    file_digest,
    read_limited,
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


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "=", "-", "'=1", "''-A1", "-1 %"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    """A text that a spreadsheet would compute gets an apostrophe in front."""
    assert as_text(text) == f"'{text}"
    assert as_written(f"'{text}") == text


def test_csv_has_no_formulas() -> None:
    """Header and cells are written as texts, and numbers as numbers."""
    assert as_csv(["-a", "b"], [["=1+1", "-3"], [-2.5, "+4 %"]]) == "'-a,b\n'=1+1,-3\n-2.5,'+4 %\n"


@pytest.mark.parametrize(
    "cell", ["-3", "+0.70", "-1e-05", "-.5", "-inf", -3, -2.5, True, None, "", "a=b", "'", "'tis"]
)
def test_numbers_and_plain_texts_stay(cell: object) -> None:
    """A negative number stays a number, and other texts are written and read as they are."""
    assert as_text(cell) is cell
    assert as_written(str(cell)) == str(cell)


def test_shipped_tables_have_no_formulas() -> None:
    """No cell of a table that we ship would change if it were written or read anew."""
    root = Path(__file__).parents[2]
    for path in [*root.glob("results/**/*.csv"), *root.glob("scenarios/**/*.csv")]:
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)):
            assert [as_text(cell) for cell in row] == row
            assert [as_written(cell) for cell in row] == row


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A pipe, a device, a folder, a socket and what is no path are refused with a reason."""
    os.mkfifo(tmp_path / "pipe")
    given = {"pipe": "a named pipe", "/dev/zero": "a device", ".": "a folder"}
    for name, kind in given.items():
        with pytest.raises(OSError, match=f"it is {kind}; only regular files are read") as refused:
            read_limited(tmp_path / name, 10)
        assert refused.value.filename == str(tmp_path / name)
    with pytest.raises(OSError, match="it is not a path"):
        read_limited(tmp_path / "a\0b", 10)


def test_only_small_files_are_read(tmp_path: Path) -> None:
    """A file is read up to the limit, also where its system says that it is empty."""
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    assert read_limited(path, 10) == b"0123456789"
    with pytest.raises(OSError, match="it has 10 bytes; at most 9 are read"):
        read_limited(path, 9)
    if Path("/proc/self/status").exists():
        with pytest.raises(OSError, match="at most 9 are read"):
            read_limited(Path("/proc/self/status"), 9)


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


def test_no_text_has_characters_that_are_not_seen() -> None:
    """All control and format characters that Unicode knows are refused, and no visible letter is.

    The list is written out because looking through Unicode takes longer than a command may.
    """
    allowed = {"\t", "\n"}
    for letter in map(chr, range(sys.maxunicode + 1)):
        kind = unicodedata.category(letter)
        if kind in ("Cc", "Cf", "Zl", "Zp"):
            assert bool(CONTROL_CHARACTER.search(letter)) == (letter not in allowed), hex(
                ord(letter)
            )
        elif kind not in ("Cn", "Cs", "Co"):
            assert not CONTROL_CHARACTER.search(letter), hex(ord(letter))
    assert not CONTROL_CHARACTER.search("a\r\nb")
