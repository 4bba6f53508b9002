"""Mistakes in a world's tables: each is named by file, line and column."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.engine.tables import BYTES_AT_MOST
from teritwa.world import WorldError, load


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file; return its line."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + 1


def problems(folder: Path) -> list[str]:
    """Return the mistakes found in a world, with the file's name instead of its path."""
    with pytest.raises(WorldError) as refused:
        load(folder)
    return [problem.removeprefix(f"{folder}/") for problem in refused.value.problems]


def blocks() -> list[tuple[str, str, str, str]]:
    """Return table, text, replacement and expected words of each mistake in the file of blocks."""
    text = (Path(__file__).parent / "mistakes.txt").read_text(encoding="utf-8")
    found = []
    for block in text.split("=== ")[1:]:
        name, old, new, words, _ = block.split("\n")
        found.append((name, old, new, words))
    return found


MISTAKES = [*blocks(), ("world.csv", ",made up\n", "\n", "row: has 3 fields, must have 4")]


@pytest.mark.parametrize(("name", "old", "new", "words"), MISTAKES)
def test_each_mistake_is_named(folder: Path, name: str, old: str, new: str, words: str) -> None:
    """A spoilt table has a line with file, line, column and what is allowed."""
    line = spoil(folder / name, old, new)
    assert [
        problem
        for problem in problems(folder)
        if problem.startswith(f"{name}:{line}: ") and words in problem
    ]


def test_shares_of_relatives_sum_to_1(folder: Path) -> None:
    """Shares of the capital's relatives that sum to 1.01 are a mistake of the table."""
    spoil(folder / "families.csv", "reedland,0.13", "reedland,0.14")
    wrong = "the shares of 'metropolitan' sum to 1.01; they must sum to 1"
    assert problems(folder) == [f"families.csv:1: share: {wrong}"]


def test_no_mistake_was_lost() -> None:
    """The file of mistakes is read to its end."""
    assert len(MISTAKES) > 60


BROKEN: list[tuple[str, Callable[[Path], object], str]] = [
    ("gangs.csv", lambda path: path.unlink(), "gangs.csv:1: file: cannot be read (No such file"),
    ("gangs.csv", lambda path: path.write_bytes(b""), "gangs.csv:1: file: is empty"),
    (
        "gangs.csv",
        lambda path: path.write_bytes(b"\xff\xfe\x00g"),
        "gangs.csv:1: file: byte 0xff is not UTF-8 text",
    ),
    ("gangs.csv", lambda path: path.write_text('id,name\n"a'), "file: is not CSV"),
    ("donors.csv", lambda path: path.unlink(), "donors.csv:1: file: cannot be read (No such file"),
    ("world.csv", lambda path: path.unlink(), "world.csv:1: file: cannot be read"),
    (
        "world.csv",
        lambda path: path.write_text("key,value,unit,source\nname,X,,s\n"),
        "world.csv:1: start: key is",
    ),
    (
        "world.csv",
        lambda path: path.write_text(path.read_text() + "name,X,,s\n"),
        "name: is already given in line",
    ),
]


@pytest.mark.parametrize(("name", "spoilt", "words"), BROKEN)
def test_broken_files_are_named(
    folder: Path, name: str, spoilt: Callable[[Path], object], words: str
) -> None:
    """A missing, empty, binary or torn file has one line, without mistakes that only follow."""
    spoilt(folder / name)
    found = problems(folder)
    assert any(words in problem for problem in found)
    assert all(problem.startswith(name) for problem in found)


def test_a_table_without_rows(folder: Path) -> None:
    """A world without districts is refused with that message."""
    path = folder / "districts.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "districts.csv:1: row: there are no rows; a world needs at least one" in problems(folder)


@pytest.mark.parametrize(
    ("share", "total"), [("0.4", "1.1"), ("0", "0.7"), ("0.300000002", "1.000000002")]
)
def test_shares_that_are_no_shares_of_one_whole(folder: Path, share: str, total: str) -> None:
    """Donors whose shares do not sum to 1 are one mistake."""
    spoil(folder / "donors.csv", "Main donor,0.3,", f"Main donor,{share},")
    wrong = f"the donors' shares sum to {total}; they must sum to 1, or all be 0"
    assert problems(folder) == [f"donors.csv:1: conditional_share: {wrong}"]


def test_a_spoilt_share_is_one_mistake(folder: Path) -> None:
    """A share that cannot be read is one mistake, and the sum is not another."""
    line = spoil(folder / "donors.csv", "Main donor,0.3,", "Main donor,some,")
    assert problems(folder) == [
        f"donors.csv:{line}: conditional_share: 'some' is not a number from 0 to 1"
    ]


def test_unreachable_districts_are_named(folder: Path) -> None:
    """A district that no chain of links joins to the others is named with its line."""
    path = folder / "links.csv"
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
        if "eastwick" not in line
    ]
    path.write_text("".join(kept), encoding="utf-8")
    assert problems(folder) == [
        "districts.csv:11: id: no chain of links in links.csv joins 'eastwick' to 'amber-airfield'"
    ]


def test_all_mistakes_are_listed_at_once_in_order(folder: Path) -> None:
    """Mistakes of several files come in one error, by table and line, without consequences."""
    spoil(folder / "districts.csv", "brindle,Brindle", "brindle,")
    spoil(folder / "districts.csv", "30000,3,10.5", "x,3,10.5")
    spoil(folder / "crews.csv", "hill-band,hollin", "hill-bend,hollin")
    spoil(folder / "units.csv", ",special,", ",elite,")
    found = problems(folder)
    assert [problem.split(": ")[0:2] for problem in found] == [
        ["districts.csv:2", "residents_2015"],
        ["districts.csv:8", "name"],
        ["crews.csv:12", "gang"],
        ["units.csv:13", "kind"],
    ]


@pytest.mark.parametrize("name", ["gangs.csv", "parameters.csv", "notes.csv"])
def test_what_is_no_regular_file_is_named(folder: Path, name: str) -> None:
    """A pipe in place of a table, or beside the tables, is refused at once instead of hanging."""
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    reason = "it is a named pipe; only regular files are read"
    assert problems(folder) == [f"{name}:1: file: cannot be read ({reason})"]
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    assert problems(folder) == [
        f"{name}:1: file: cannot be read (it is a device; only regular files are read)"
    ]


def test_a_table_that_is_too_large_is_named(folder: Path) -> None:
    """A table above the limit is refused by its size, without being read."""
    with (folder / "gangs.csv").open("ab") as stream:
        stream.truncate(BYTES_AT_MOST + 1)
    reason = "it has 16,777,217 bytes; at most 16,777,216 are read"
    assert problems(folder) == [f"gangs.csv:1: file: cannot be read ({reason})"]


def test_control_characters_are_named(folder: Path) -> None:
    """A name that would recolour a terminal or break a report is one line, with its place."""
    line = spoil(folder / "gangs.csv", "Salt Street", "Salt \x1b[31mStreet")
    what = "control character U+001B is not allowed; a table is plain text, remove it"
    assert problems(folder) == [f"gangs.csv:{line}: file: {what}"]


def test_formulas_are_names(folder: Path) -> None:
    """A name may begin like a formula; an apostrophe from our own CSV is taken away again."""
    spoil(folder / "gangs.csv", "Salt Street", "=1+1")
    spoil(folder / "gangs.csv", "Iron Quay", "'=2+2")
    names = {gang.id: gang.name for gang in load(folder).gangs}
    assert (names["salt-street"], names["iron-quay"]) == ("=1+1", "=2+2")
