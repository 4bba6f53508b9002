"""Seeded damage to texts and tables: what editors, spreadsheets, disks and hands do to files."""

import csv
import hashlib
import io
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

ODD_TEXTS = (
    "", " ", "nan", "-inf", "1e999", "-1", "0", "1.5", "99999999999999999999", "9" * 400, "0x10",
    "1_000", "1,5", "٥", "-0", "true", "none", "state", "é", "=1+1", "+1+1", "-3", "@SUM(A1)",
    "\t=1", "'=1", "2024-W01-1", "20240101", "2024-001", "2024-01-01T00:00", "0001-01-01",
    "9999-12-31", "2024-02-30", "1899-12-31", "\x1b[31m", "\x07", "\x00", "\x85", "\u2028",
    "\u202e", "\ufeff", "a\nb", "a\rb", '"', "{", "[", "&a", "*a", "!!x", "#", "a" * 5000,
    "1", "2", "0.5", "12", "2024-01-15", "keeland", "amber-docks", "high", "90 days", "50 %",
)  # fmt: skip
"""Texts that are put in place of others."""


class Dice:
    """Numbers that depend only on a seed: every piece of damage can be made again."""

    def __init__(self, seed: str) -> None:
        self.seed, self.thrown = seed, 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below a limit; 0 if the limit is 0."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed} {self.thrown}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit if limit else 0

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of some items."""
        return items[self.below(len(items))]


def damage_bytes(content: bytes, dice: Dice) -> bytes:
    """Return content with a byte changed, a part cut out, or a part doubled."""
    data, place = bytearray(content), dice.below(len(content))
    length = 1 + dice.below(30)
    kind = dice.below(3)
    if kind == 0 and data:
        data[place] = dice.below(256)
    elif kind == 1:
        del data[place : place + length]
    else:
        data[place:place] = data[place : place + length]
    return bytes(data)


def damage_encoding(content: bytes, dice: Dice) -> bytes:
    """Return content as another program may save it, or not as text at all."""
    text = content.decode("utf-8", "replace") + "é\n"
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: b"\xef\xbb\xbf" + content,
        lambda: b"\xef\xbb\xbf" * 2 + content,
        lambda: text.encode("utf-16"),
        lambda: text.encode("latin-1", "replace"),
        lambda: content.replace(b"\n", b"\r\n"),
        lambda: content.replace(b"\n", b"\r"),
        lambda: content.replace(b",", b";"),
        lambda: content.replace(b",", b"\t"),
        lambda: content.replace(b"\n", b'"\n', 1),
        lambda: content.partition(b"\n")[0],
        lambda: content[: dice.below(len(content))],
        lambda: b"",
        lambda: b"\n" * 1000,
        lambda: bytes(1000),
        lambda: content + b"a" * 200_000,
        lambda: content + b"a," * 20_000,
        lambda: content * (1 + dice.below(20)),
    )
    return dice.choice(kinds)()


def damage_lines(content: bytes, dice: Dice) -> bytes:
    """Return content with a line dropped, doubled, moved, indented, or a word of it replaced."""
    lines = content.decode("utf-8", "replace").split("\n")
    place = dice.below(len(lines))
    words = lines[place].split(" ")
    words[dice.below(len(words))] = dice.choice(ODD_TEXTS)
    kinds: tuple[Callable[[], list[str]], ...] = (
        lambda: lines[:place] + lines[place + 1 :],
        lambda: lines[:place] + [lines[place]] * 2 + lines[place + 1 :],
        lambda: [*lines[:place], *lines[place + 1 :], lines[place]],
        lambda: [*lines[:place], "  " + lines[place], *lines[place + 1 :]],
        lambda: [*lines[:place], lines[place].strip(), *lines[place + 1 :]],
        lambda: [*lines[:place], " ".join(words), *lines[place + 1 :]],
    )
    return "\n".join(dice.choice(kinds)()).encode("utf-8", "replace")


def damage_cells(content: bytes, dice: Dice) -> bytes:
    """Return a table with a cell, or the name of a column, dropped, doubled or replaced."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return content
    row = dice.choice(rows) if dice.below(5) and rows else (rows or [[]])[0]
    place = dice.below(len(row))
    kind = dice.below(4)
    if kind == 0:
        del row[place : place + 1]
    elif kind == 1:
        row[place:place] = row[place : place + 1]
    elif row:
        row[place] = dice.choice(ODD_TEXTS) if kind == 2 else dice.choice(row)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")


def damaged(content: bytes, dice: Dice, kinds: Sequence[Callable[[bytes, Dice], bytes]]) -> bytes:
    """Return content with one piece of damage, or at times two or three."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        content = dice.choice(kinds)(content, dice)
    return content
