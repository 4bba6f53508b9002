"""Tables: rows by key from a CSV file, and every mistake by line and column."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.engine.columns import choice, identity, integer, text
from teritwa.engine.files import as_csv
from teritwa.engine.key_values import read_pairs
from teritwa.engine.tables import (
    BYTES_AT_MOST,
    FAULTS_AT_MOST,
    FIELDS_AT_MOST,
    SUGGESTIONS_AT_MOST,
    Table,
    read_records,
    read_table,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A row that two columns identify."""

    a: str = identity()
    b: str = identity()
    hours: int = integer(1)


@dataclass(frozen=True, slots=True)
class Basics:
    """A row that is given as keys and values."""

    name: str = text()
    size: int = integer(1)
    kind: str = choice(("island", "mainland"))


Write = Callable[[str | bytes], Path]
Links = Callable[[str], Table[Link]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file and returns its path."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


@pytest.fixture
def links(write: Write) -> Links:
    """Return a function that reads a table of links."""
    return lambda content: read_table(write(content), Link, ("a", "b"))


def faults(table: Table[Link] | Table[Basics]) -> list[str]:
    """Return the mistakes of a table without the path of its file."""
    return [problem.removeprefix(f"{table.path}:") for problem in table.problems()]


def test_rows_are_sorted_by_key(links: Links) -> None:
    """Rows and columns may be in any order; each row keeps its line."""
    table = links("hours,b,a\n3,z,m\n\n1,c,b\n2,b,b\n")
    assert list(table.rows.items()) == [
        (("b", "b"), Link("b", "b", 2)),
        (("b", "c"), Link("b", "c", 1)),
        (("m", "z"), Link("m", "z", 3)),
    ]
    assert table.lines == {("m", "z"): 2, ("b", "c"): 4, ("b", "b"): 5}
    assert (table.readable, table.faults) == (True, [])


def test_all_mistakes_of_rows_are_listed(links: Links) -> None:
    """A row with mistakes is left out but keeps its line; reading goes on to the end."""
    table = links("a,b,hours\nA,B,0\nc,d,1\nc,d,2\ne,f\ng,h,x\n")
    assert faults(table) == [
        "2: a: 'A' is not an id: a-z, 0-9 and single hyphens",
        "2: b: 'B' is not an id: a-z, 0-9 and single hyphens",
        "2: hours: '0' is not a whole number from 1 to 1000000000",
        "4: a: 'c d' is already given in line 3",
        "5: row: has 2 fields, must have 3",
        "6: hours: 'x' is not a whole number from 1 to 1000000000",
    ]
    assert list(table.rows) == [("c", "d")]
    assert table.lines == {("A", "B"): 2, ("c", "d"): 3, ("g", "h"): 6}


def test_all_mistakes_of_a_header_are_listed(links: Links) -> None:
    """With a wrong header no row is read, and none is blamed."""
    table = links("a,a,houres\nx,y,z\n")
    assert faults(table) == [
        "1: a: column is given twice",
        "1: b: column is missing",
        "1: houres: unknown column; known: a, b, hours; did you mean 'hours'?",
        "1: hours: column is missing",
    ]
    assert (table.readable, table.rows, table.lines) == (False, {}, {})


def test_further_columns_are_left_alone(links: Links) -> None:
    """Columns of a user's own are not read, whatever stands in them and however they are called."""
    table = links("note,a,hours,b,note\nx,c,1,d,\n,e,2,f,y\n")
    assert (table.readable, table.faults) == (True, [])
    assert list(table.rows) == [("c", "d"), ("e", "f")]


def test_a_header_alone_is_a_table_without_rows(links: Links) -> None:
    """No rows are no mistake of the table itself."""
    table = links("a,b,hours\n")
    assert (table.readable, table.rows, table.faults) == (True, {}, [])


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "is empty; the first line names the columns"),
        (b"\n\n", 1, "is empty; the first line names the columns"),
        (b"a\xff", 1, "byte 0xff is not UTF-8 text; save the table as UTF-8"),
        (
            b"a,b\nc\xff,d\n",
            2,
            "byte 0xff is not UTF-8 text; save the table as UTF-8",
        ),
        (
            b"a,b\nc,d\ne\x1b[31m,f\n",
            3,
            "control character U+001B is not allowed; a table is plain text, remove it",
        ),
        (
            b"a,b\nc,d\re,f\n",
            2,
            "control character U+000D is not allowed; a table is plain text, remove it",
        ),
        (
            "a,b\nc,d\ne\u200b,f\n".encode(),
            3,
            "control character U+200B is not allowed; a table is plain text, remove it",
        ),
        (
            "\ufeffa,b\nc\ufeff,d\n".encode(),
            2,
            "control character U+FEFF is not allowed; a table is plain text, remove it",
        ),
        (
            b"a," * FIELDS_AT_MOST + b"\n",
            1,
            "has 10,001 fields in a row; at most 10,000 are read",
        ),
        (b'a,b\n"c', 2, 'is not CSV: a quotation mark (") is opened and never closed'),
        (
            b'a,b\n"c"d,e\n',
            2,
            'is not CSV: after a closing quotation mark (") stands a comma; write "" within quotes',
        ),
        (
            b"a,b\n" + b"c" * 131_073 + b",d\n",
            2,
            "is not CSV: a field has more than 131,072 characters",
        ),
    ],
)
def test_files_that_are_no_tables(write: Write, content: bytes, line: int, reason: str) -> None:
    """An empty file, another encoding and an open quote are mistakes with a line."""
    path = write(content)
    with pytest.raises(ValueError, match=r"is |has ") as refused:
        read_records(path)
    assert refused.value.args == (line, reason)
    table = read_table(path, Link, ("a", "b"))
    assert faults(table) == [f"{line}: file: {reason}"]
    assert not table.readable


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    """A file that does not exist is named, with the system's reason."""
    table = read_table(tmp_path / "nowhere.csv", Link, ("a", "b"))
    reason = "cannot be read (No such file or directory)"
    assert table.problems() == [f"{tmp_path / 'nowhere.csv'}:1: file: {reason}"]


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe, which would hang, a device, which never ends, and a folder are named."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path, kind in ((pipe, "named pipe"), (Path("/dev/zero"), "device"), (tmp_path, "folder")):
        table = read_table(path, Link, ("a", "b"))
        reason = f"it is a {kind}; only regular files are read"
        assert table.problems() == [f"{path}:1: file: cannot be read ({reason})"]


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    """A file that is one byte too large is not read; one of the limit is."""
    path = tmp_path / "large.csv"
    path.write_bytes(b"a" * 100 + b"\n" * (BYTES_AT_MOST - 100))
    assert read_records(path) == [(1, ["a" * 100])]
    with path.open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(ValueError, match="cannot be read") as refused:
        read_records(path)
    reason = "it has 16,777,217 bytes; at most 16,777,216 are read"
    assert refused.value.args == (1, f"cannot be read ({reason})")


def test_garbage_ends_after_a_thousand_mistakes(links: Links) -> None:
    """Of many wrong rows some are listed, and no other table is judged by what was not read."""
    table = links("a,b,hours\n" + "".join(f"a,b{row},x\n" for row in range(5000)))
    assert len(table.faults) == FAULTS_AT_MOST + 1
    assert faults(table)[-1] == (
        "1002: row: after 1,000 mistakes the rest is not read; mend these first"
    )
    assert not table.readable


def test_few_misspelt_names_are_looked_up() -> None:
    """The nearest name is looked up for the first misspelt ones only, since that takes long."""
    table: Table[Link] = Table(Path("t.csv"))
    found = [table.did_you_mean("lnks", ["links"]) for _ in range(SUGGESTIONS_AT_MOST + 2)]
    assert found == ["; did you mean 'links'?"] * SUGGESTIONS_AT_MOST + ["", ""]


def test_a_mistake_is_one_line_whatever_the_table_says(links: Links) -> None:
    """Long texts are cut and line breaks shown as such."""
    (wrong,) = faults(links(f'a,b,hours\nc,d,"1\n{"2" * 5000}"\n'))
    assert wrong.startswith(rf"3: hours: '1\n{'2' * 38}...' is not a whole number")


LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])


@given(st.lists(st.text(LETTERS | st.sampled_from("'=+-@\t1e.")), min_size=2, max_size=5))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    """Every text, formulas and apostrophes too, is read back from our CSV as it was."""
    path = tmp_path_factory.getbasetemp() / "back.csv"
    path.write_bytes(as_csv(cells, [cells]).encode())
    assert [record for _, record in read_records(path)] == [cells, cells]


def test_records_keep_their_lines(write: Write) -> None:
    """A record ends on its line, also after a quoted line break; blank lines are skipped."""
    path = write('\ufeffa,b\r\n\r\n"c\nd",e\r\nf,"g,""h"""\r\n')
    assert read_records(path) == [(1, ["a", "b"]), (4, ["c\nd", "e"]), (5, ["f", 'g,"h"'])]


def test_keys_and_values_are_one_row(write: Write) -> None:
    """Pairs in any order become the only row, whose key is empty."""
    table = read_pairs(
        write("key,value,unit,source\nsize,5,km,s\nkind,island,,s\nname,X,,s\n"), Basics
    )
    assert table.rows == {(): Basics("X", 5, "island")}
    assert table.lines == {("size",): 2, ("kind",): 3, ("name",): 4}
    assert table.faults == []


def test_all_mistakes_of_pairs_are_listed(write: Write) -> None:
    """Unknown, repeated, wrong and missing keys have a line each, and there is no row."""
    table = read_pairs(
        write("key,value,unit,source\nsize,0,km,s\nsize,5,km,s\nsise,5,km,s\nname,X\n"), Basics
    )
    assert faults(table) == [
        "1: kind: key is missing",
        "1: name: key is missing",
        "2: size: '0' is not a whole number from 1 to 1000000000",
        "3: size: is already given in line 2",
        "4: sise: unknown key; allowed: name, size, kind; did you mean 'size'?",
        "5: row: has 2 fields, must have 4",
    ]
    assert table.rows == {}


def test_pairs_of_a_wrong_header_have_no_missing_keys(write: Write) -> None:
    """With a wrong header only the header is a mistake."""
    table = read_pairs(write("key,amount,unit,source\nsize,5,km,s\n"), Basics)
    assert [fault.split(": ")[1] for fault in faults(table)] == ["amount", "value"]


def test_mistakes_can_be_added_by_key() -> None:
    """What other tables find wrong is listed at the line of the row, in the file's order."""
    table: Table[Link] = Table(Path("t.csv"), lines={("b",): 7, ("a",): 9})
    table.add_fault_of(("a",), "x", "second")
    table.add_fault_of(("b",), "y", "first")
    table.add_fault(1, "z", "at the top")
    assert table.problems() == [
        "t.csv:1: z: at the top",
        "t.csv:7: y: first",
        "t.csv:9: x: second",
    ]
