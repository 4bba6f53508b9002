"""Files that are there whole or not at all, and tables as text."""

import csv
import hashlib
import html
import io
import os
from collections.abc import Callable, Iterable
from pathlib import Path

TEMPORARY = ".tmp"
"""How the name of a file ends that is still being written; leftovers may be removed."""


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
    """Put a table into CSV text with line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


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
