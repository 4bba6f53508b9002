"""Files that are there whole or not at all, files from others, and tables as text."""

import csv
import errno
import hashlib
import html
import io
import os
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

TEMPORARY = ".tmp"
"""How the name of a file ends that is still being written; leftovers may be removed."""

FORMAT_CHARACTERS = (
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Unicode's category Cf, as ranges of a regular expression. They are not seen, or turn the order of
what is seen, so that two names that look the same may differ."""

# All are of one class, \r too: an alternative would make the search slow.
CONTROL_CHARACTER = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff{FORMAT_CHARACTERS}](?<!\r(?=\n))"
)
"""What no file of text may have: control characters other than tabs and line ends, the Unicode line
breaks that programs count as lines and editors do not, and `FORMAT_CHARACTERS`."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|inf|nan)", re.ASCII | re.IGNORECASE)


class NotRegularError(OSError):
    """A file is none that is read: a pipe, a device, a folder, or too large."""


def read_limited(path: Path, at_most: int) -> bytes:
    """Return the content of a file that somebody else may have made.

    Args:
        path: The file. Reading a pipe may wait for ever, and a device may never end.
        at_most: The most bytes that are read.

    Raises:
        OSError: If the file cannot be read, is not a regular file, or is larger. Its ``strerror``
            says why.
    """
    problem = problem_of_file(path, at_most)
    if problem:
        raise NotRegularError(errno.EINVAL, problem, str(path))
    with path.open("rb") as stream:
        content = stream.read(at_most + 1)
    if len(content) > at_most:  # it grew, or its system does not say its size
        raise OSError(errno.EFBIG, _too_large(len(content), at_most), str(path))
    return content


def problem_of_file(path: Path, at_most: int) -> str:
    """Return why a file is not read, whatever its content; an empty text if it may be.

    Raises:
        OSError: If there is no such file, or the system does not show it.
    """
    try:
        found = path.stat()
    except ValueError:  # a null character in its name
        return "it is not a path"
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "not a file")
        return f"it is {kind}; only regular files are read"
    return _too_large(found.st_size, at_most) if found.st_size > at_most else ""


def _too_large(size: int, at_most: int) -> str:
    """Return that a file is too large."""
    return f"it has {size:,} bytes; at most {at_most:,} are read"


def write_whole(path: Path, writer: Callable[[Path], object]) -> None:
    """Write a file whole or not at all: under a temporary name, flushed to the disk, then renamed.

    The folder is flushed too, so that the name outlives a loss of power. Raise OSError, with the
    path's own name, if the disk is full or may not be written; what stood there before then still
    does.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        writer(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:
        _forget(temporary)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, in UTF-8 with the line ends as given."""
    write_whole(path, lambda temporary: temporary.write_bytes(text.encode()))


def drop_temporary(folder: Path) -> None:
    """Remove what a killed program left half written in a folder."""
    for left in folder.glob(f".*{TEMPORARY}"):
        left.unlink(missing_ok=True)


def as_csv(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Put a table into CSV text with line feeds.

    A text that a spreadsheet would compute as a formula gets an apostrophe in front (`as_text`).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(as_text, header))
    writer.writerows(map(as_text, row) for row in rows)
    return text.getvalue()


def as_text(cell: object) -> object:
    """Return a cell of CSV that no spreadsheet takes for a formula.

    A text that begins with =, +, -, @, a tab or a carriage return and is not a number gets an
    apostrophe in front. So does one that begins with apostrophes before these, so that
    `as_written` always returns what there was.
    """
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def as_written(text: str) -> str:
    """Return the text that `as_text` was given for a cell."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def as_html(caption: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Put a table into HTML for a notebook, whatever its texts contain."""

    def line(kind: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in cells) + "</tr>"

    head, body = line("th", header), "".join(line("td", row) for row in rows)
    head, body = f"<thead>{head}</thead>", f"<tbody>{body}</tbody>"
    return f"<table><caption>{html.escape(caption)}</caption>{head}{body}</table>"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    """Flush a folder's own entries, where the system can (Windows cannot and need not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget(temporary: Path) -> None:
    """Remove a temporary file if it is still there; a folder that may not be written has none."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return
