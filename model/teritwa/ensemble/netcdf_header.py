"""Where a file of netCDF's classic formats has the values of its variables, from its own header.

The netCDF library does not tell. It reads and writes eight kilobytes at a time, and reads what is
missing at the end of a file as zeros.
"""

import errno
from math import prod
from pathlib import Path
from typing import BinaryIO, NamedTuple

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
"""Bytes of a value, by the number of its type in a header."""

WIDTHS = {b"CDF\x01": (4, 4), b"CDF\x02": (4, 8), b"CDF\x05": (8, 8)}
"""Bytes of a length and of a place in a file, by how the file begins."""


class Place(NamedTuple):
    """The bytes of a variable in a file."""

    first: int
    size: int


def find_places(path: Path) -> dict[str, Place]:
    """Return where each variable of a file is.

    Args:
        path: The file. It has no dimension that grows, as ours have none.

    Raises:
        OSError: If it has another format, ends within its header, or has a damaged one.
    """
    with path.open("rb") as stream:
        try:
            return _Header(stream).places()
        except (LookupError, ValueError) as error:
            raise OSError(errno.EIO, f"the header of the file is damaged: {error}") from None


class _Header:
    """The header of a file: lists of dimensions, attributes and variables, in this order.

    Numbers are big-endian; names and values are filled up to a multiple of four bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Begin to read; raise OSError if the file has another format."""
        self._stream = stream
        begin = self._read(4)
        if begin not in WIDTHS:
            raise OSError(errno.EIO, "the file is no netCDF of a classic format")
        self._length, self._place = WIDTHS[begin]

    def places(self) -> dict[str, Place]:
        """Return where each variable is."""
        self._number(self._length)  # how often the file has grown
        lengths = []
        for _ in range(self._count()):
            self._name()
            lengths.append(self._number(self._length))
        self._skip_attributes()
        return dict(self._variable(lengths) for _ in range(self._count()))

    def _variable(self, lengths: list[int]) -> tuple[str, Place]:
        """Read a variable; return its name and its place."""
        name = self._name()
        dimensions = [self._number(self._length) for _ in range(self._number(self._length))]
        self._skip_attributes()
        kind = self._number(4)
        self._number(self._length)  # its size, filled up
        values = prod(lengths[dimension] for dimension in dimensions)
        return name, Place(self._number(self._place), values * SIZES[kind])

    def _skip_attributes(self) -> None:
        """Read a list of attributes."""
        for _ in range(self._count()):
            self._name()
            kind = self._number(4)
            self._filled(self._number(self._length) * SIZES[kind])

    def _count(self) -> int:
        """Read what begins a list: what it lists, and how many."""
        self._number(4)
        return self._number(self._length)

    def _name(self) -> str:
        """Read a name."""
        return self._filled(self._number(self._length)).decode()

    def _filled(self, size: int) -> bytes:
        """Read some bytes, and those that fill up the last four."""
        return self._read(size + -size % 4)[:size]

    def _number(self, size: int) -> int:
        """Read a number."""
        return int.from_bytes(self._read(size), "big")

    def _read(self, size: int) -> bytes:
        """Read some bytes; raise OSError if there are less."""
        found = self._stream.read(size)
        if len(found) < size:
            raise OSError(errno.EIO, "the file is cut off within its header")
        return found
