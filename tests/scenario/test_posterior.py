"""A posterior: what a table of draws may say, how a scenario names it, and what becomes of a wrong one."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from teritwa.cli import app
from teritwa.engine.errors import InputError
from teritwa.scenario import Scenario, ScenarioError, load
from teritwa.scenario import posterior as tables

TABLE = "control.adjustment_time,gangs.fighters,hold.night_share\n4,6000,0.1\n5.5,7000,0.25\n1e1,12000,.9\n"
HEAD = "schema: 2\nid: test\ntitle: A test\nperiod: {start: 2024-01-01, end: 2024-12-31}\n"
Load = Callable[..., Scenario]
Mistakes = Callable[..., tuple[str, ...]]

pytestmark = pytest.mark.usefixtures("small")


@pytest.fixture
def drawn(tmp_path: Path) -> Load:
    """Return a function that loads a scenario with a table of draws beside it."""

    def from_table(table: str | bytes = TABLE, body: str = "") -> Scenario:
        data = table.encode() if isinstance(table, str) else table
        (tmp_path / "draws.csv").write_bytes(data)
        (tmp_path / "test.yaml").write_text(f"{HEAD}posterior: draws.csv\n{body}", encoding="utf-8")
        return load(tmp_path / "test.yaml")

    return from_table


@pytest.fixture
def wrong(drawn: Load, tmp_path: Path) -> Mistakes:
    """Return a function that loads what cannot be and returns its lines, without the folder they name."""

    def lines(table: str | bytes = TABLE, body: str = "") -> tuple[str, ...]:
        with pytest.raises(ScenarioError) as caught:
            drawn(table, body)
        return tuple(line.removeprefix(f"{tmp_path}/") for line in caught.value.problems)

    return lines


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put a folder with one table, `haiti-1999`, in the place of what comes with the package."""
    folder = tmp_path / "package" / "posteriors"
    folder.mkdir(parents=True)
    (folder / "haiti-1999.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(tables, "shipped_folder", lambda: folder.parent)
    return folder


NO_TABLE = "draws.csv:1:1: cannot be read as a table, write a row of parameters' names, then a row of values"
NAMES = "control.adjustment_time,gangs.fighters\n"
MISTAKES = {
    "unknown parameter": (
        "control.ajustment_time\n5\n",
        "1:1: control.ajustment_time: unknown parameter, did you mean 'control.adjustment_time'?",
    ),
    "unknown in the second column": (
        NAMES.replace("gangs", "gang") + "5,6000\n",
        "1:2: gang.fighters: unknown param",
    ),
    "no name": (
        'control.adjustment_time,""\n5,6\n',
        "1:2: unknown parameter, allowed: control.adjustment_time, gangs.fighters, gangs.members_day0, hold",
    ),
    "hidden letters": (
        "control.adjustment_time,\x1b[31m\n5,6\n",
        "1:2: \\x1b[31m: unknown parameter",
    ),
    "twice the same": (
        "control.adjustment_time,control.adjustment_time\n5,6\n",
        "1:2: control.adjustment_time: stands twice in the first row",
    ),
    "switch": (
        "control.adjustment_time,war.on\n5,true\n",
        "1:2: war.on: a switch is no number that is drawn, set it under par",
    ),
    "too few values": (
        NAMES + "5,6000\n5\n",
        "3:1: draws: 1 values, allowed: one for each of the 2 names",
    ),
    "too many values": (
        NAMES + "5,6000,7\n",
        "2:1: draws: 3 values, allowed: one for each of the 2 names",
    ),
    "nothing in a cell": (NAMES + "5,\n", "2:2: gangs.fighters: '' is no number"),
    "words": (NAMES + "5,many\n", "2:2: gangs.fighters: 'many' is no number, write one such as"),
    "unit": (NAMES + "5 days,6000\n", "2:1: control.adjustment_time: '5 days' is no number"),
    "underscore": (NAMES + "5,6_000\n", "2:2: gangs.fighters: '6_000' is no number"),
    "other digits": (NAMES + "٥,6000\n", "2:1: control.adjustment_time: '٥' is no number"),
    "space": (NAMES + "5, 6000\n", "2:2: gangs.fighters: ' 6000' is no number"),
    "nan": (NAMES + "nan,6000\n", "2:1: control.adjustment_time: nan is no finite number"),
    "nan of another sort": (NAMES + "5,-NaN\n", "2:2: gangs.fighters: -NaN is no finite number"),
    "infinite": (NAMES + "5,inf\n", "2:2: gangs.fighters: inf is no finite number"),
    "infinite by size": (
        NAMES + "1e999,6000\n",
        "2:1: control.adjustment_time: 1e999 is too large for a number",
    ),
    "below the bounds": (
        NAMES + "0.9,6000\n",
        "2:1: control.adjustment_time: 0.9 is outside what is allowed, 1 to 60 days",
    ),
    "above the bounds": (
        NAMES + "5,6000\n6,20001\n",
        "3:2: gangs.fighters: 20,001 is outside what is allowed, 1,000",
    ),
    "no whole number": (
        NAMES + "5,6000.5\n",
        "2:2: gangs.fighters: 6,000.5 is not whole, write a whole number",
    ),
    "no rows": (NAMES, "2:1: draws: there is no row of values"),
    "no rows but blank ones": (f"\n{NAMES}\n\n", "3:1: draws: there is no row of values"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_table_gives_one_line(name: str, wrong: Mistakes) -> None:
    """Each mistake is told once, with the table's file, line and cell, the parameter, and what to write instead."""
    table, expected = MISTAKES[name]
    (line,) = wrong(table)
    assert line.startswith(f"draws.csv:{expected}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        TABLE.replace("4", "é").encode("latin-1"),
        TABLE.encode("utf-16"),
        b'"control.adjustment_time\n5\n',
    ],
    ids=["empty", "blank", "Latin-1", "UTF-16", "quote without end"],
)
def test_what_is_no_table_is_refused(data: bytes, wrong: Mistakes) -> None:
    """A file that holds no table at all gives one line that says what a table is."""
    (line,) = wrong(data)
    assert line.startswith(NO_TABLE)


def test_mistakes_of_scenario_and_table_come_together(wrong: Mistakes) -> None:
    """All at once, those of the scenario first, then those of the table by line."""
    found = wrong(NAMES + "99,6000\n5,nan\n5\n", "params: {war.on: 3}\n")
    assert [line.split(": ")[:2] for line in found] == [
        ["test.yaml:6:18", "params.war.on"], ["draws.csv:2:1", "control.adjustment_time"],
        ["draws.csv:3:2", "gangs.fighters"], ["draws.csv:4:1", "draws"],
    ]  # fmt: skip


def test_the_command_line_tells_a_wrong_table(drawn: Load, tmp_path: Path) -> None:
    """`teritwa check` prints the line and ends with code 3, without a traceback."""
    with pytest.raises(ScenarioError):
        drawn(NAMES + "nan,6000\n")
    answer = CliRunner().invoke(app, ["check", str(tmp_path / "test.yaml")])
    assert answer.exit_code == 3
    assert isinstance(answer.exception, SystemExit)
    assert (
        f"{tmp_path / 'draws.csv'}:2:1: control.adjustment_time: nan is no finite number"
        in answer.stdout.replace("\n", "")
    )


def test_a_table_that_may_not_be_read_is_named(
    drawn: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is there and cannot be opened gives one line at the key."""
    drawn()

    def refuse(path: Path, *args: object) -> None:
        raise PermissionError(13, "not allowed")

    monkeypatch.setattr(tables.Path, "read_bytes", refuse)
    with pytest.raises(ScenarioError, match=r"test\.yaml:5:12: posterior: cannot be read$"):
        drawn()


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        TABLE.replace("\n", "\r\n"),
        "\ufeff" + TABLE,
        TABLE.rstrip("\n"),
        TABLE + "\n\n",
        TABLE.replace("6000", '"6000"').replace("12000", "12000.0"),
    ],
    ids=[
        "plain",
        "line ends of Windows",
        "byte-order mark",
        "last line open",
        "blank lines",
        "quotes and points",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(table: str, drawn: Load) -> None:
    """Line ends, a byte-order mark, quotes and blank lines change no value, and counts are whole."""
    found = drawn(table).posterior
    assert found is not None
    assert (found.draws, found.names) == (
        3,
        ("control.adjustment_time", "gangs.fighters", "hold.night_share"),
    )
    assert [list(found.values(draw).values()) for draw in range(3)] == [
        [4.0, 6000, 0.1], [5.5, 7000, 0.25], [10.0, 12000, 0.9],
    ]  # fmt: skip
    assert [type(value) for value in found.values(2).values()] == [float, int, float]


def test_draws_beyond_the_last_row_begin_again(drawn: Load) -> None:
    """Draw 0 takes row 0, draw 2 row 2, draw 3 row 0 again, and draw 100 row 1."""
    scenario = drawn()
    assert [scenario.parameters(draw)["gangs.fighters"] for draw in (0, 1, 2, 3, 100)] == [
        6000, 7000, 12000, 6000, 7000,
    ]  # fmt: skip


def test_a_posterior_of_the_package_is_named_alone(
    shipped: Path, wrong: Mistakes, tmp_path: Path
) -> None:
    """By its name, also in the resolved file; a misspelt one is told the nearest, one that is broken its file."""
    path = tmp_path / "a.yaml"
    path.write_text(f"{HEAD}posterior: haiti-1999\n", encoding="utf-8")
    found = load(path)
    assert found.posterior == tables.Posterior(shipped / "haiti-1999.csv", found.posterior.sha256)  # type: ignore[union-attr]
    assert 'posterior: "haiti-1999"' in found.resolved()
    path.write_text(f"{HEAD}posterior: haiti-1998\n", encoding="utf-8")
    with pytest.raises(
        ScenarioError,
        match=r"5:12: posterior: no file 'haiti-1998' here .*, did you mean 'haiti-1999'",
    ):
        load(path)
    path.write_text(f"{HEAD}posterior: x\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"of that name, allowed: haiti-1999, none$"):
        load(path)
    (shipped / "haiti-1999.csv").write_text("no.such\n5\n", encoding="utf-8")
    path.write_text(f"{HEAD}posterior: haiti-1999\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"haiti-1999\.csv:1:1: no\.such: unknown parameter"):
        load(path)


def test_the_package_has_a_posterior() -> None:
    """What is shipped is found where the package brings it: the table that the baseline draws from is there."""
    assert "haiti-2024" in tables.shipped_names()
    assert (tables.shipped_posteriors() / "haiti-2024.csv").is_file()


@pytest.mark.parametrize("name", ["none", "haiti-1999", "draws"])
def test_a_file_is_not_taken_for_a_name(name: str, shipped: Path, tmp_path: Path) -> None:
    """A file called like a shipped table, or none, is reached by a path, and the resolved scenario still names it."""
    (tmp_path / name).write_text(TABLE.replace("6000", "6001"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(f"{HEAD}posterior: ./{name}\n", encoding="utf-8")
    found = load(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text(found.resolved(), encoding="utf-8")
    again = load(tmp_path / "b.yaml")
    assert found.posterior == again.posterior
    assert again.parameters(0)["gangs.fighters"] == 6001


def test_a_path_leads_from_the_file_that_names_it(tmp_path: Path) -> None:
    """A parent in a folder below, that extends one beside it, names its table from there, also in its mistakes."""
    sub = tmp_path / "sub"
    sub.mkdir()
    (sub / "draws.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "draws.csv").write_text(TABLE.replace("6000", "6001"), encoding="utf-8")
    (tmp_path / "child.yaml").write_text(
        "schema: 2\nid: child\ntitle: A\nextends: sub/middle.yaml\n", encoding="utf-8"
    )
    (sub / "middle.yaml").write_text(
        "schema: 2\nid: middle\ntitle: A\nextends: parent.yaml\n", encoding="utf-8"
    )
    (sub / "parent.yaml").write_text(f"{HEAD}posterior: draws.csv\n", encoding="utf-8")
    found = load(tmp_path / "child.yaml")
    assert found.parameters(0)["gangs.fighters"] == 6000
    assert 'posterior: "sub/draws.csv"' in found.resolved()
    (sub / "parent.yaml").write_text(f"{HEAD}posterior: ../draws.csv\n", encoding="utf-8")
    assert load(tmp_path / "child.yaml").parameters(0)["gangs.fighters"] == 6001
    (tmp_path / "draws.csv").write_text(NAMES + "5,0\n", encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"/sub/\.\./draws\.csv:2:2: gangs\.fighters: 0 is outside"
    ):
        load(tmp_path / "child.yaml")


def test_a_child_turns_its_parents_posterior_off(tmp_path: Path) -> None:
    """With `none` a child has the defaults, is another scenario, and its resolved text names no posterior."""
    (tmp_path / "draws.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "parent.yaml").write_text(f"{HEAD}posterior: draws.csv\n", encoding="utf-8")
    found = {}
    for body in ("", "posterior: none\n"):
        (tmp_path / "child.yaml").write_text(
            f"schema: 2\nid: a\ntitle: A\nextends: parent.yaml\n{body}", encoding="utf-8"
        )
        found[body] = load(tmp_path / "child.yaml")
    on, off = found.values()
    assert (on.parameters(0)["gangs.fighters"], off.parameters(0)["gangs.fighters"]) == (6000, 8000)
    assert (on.uncertain, off.uncertain) == (
        ("control.adjustment_time", "gangs.fighters", "hold.night_share"),
        (),
    )
    assert off.posterior is None
    assert "posterior" not in off.resolved()
    assert on.digest() != off.digest()


def test_none_where_there_is_none_changes_nothing(drawn: Load, tmp_path: Path) -> None:
    """A scenario without a posterior and one that says so are the same."""
    plain, said = tmp_path / "plain.yaml", tmp_path / "said.yaml"
    plain.write_text(HEAD, encoding="utf-8")
    said.write_text(f"{HEAD}posterior: none\n", encoding="utf-8")
    assert load(plain).digest() == load(said).digest() != drawn().digest()


def test_the_digest_is_of_the_table_and_not_of_its_name(drawn: Load, tmp_path: Path) -> None:
    """One digit changed makes another scenario; a file of another name with the same table does not."""
    before = drawn().digest()
    assert drawn(TABLE.replace("5.5", "5.6")).digest() != before
    (tmp_path / "other.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "test.yaml").write_text(f"{HEAD}posterior: other.csv\n", encoding="utf-8")
    assert load(tmp_path / "test.yaml").digest() == before


def test_a_table_that_changes_after_reading_is_not_used(drawn: Load, tmp_path: Path) -> None:
    """What was read is what runs: a changed file, or one that is gone, is named instead, also by a copy sent away."""
    path = tmp_path / "draws.csv"
    scenario = drawn(TABLE.replace("4,", "4.125,"))
    path.write_text(TABLE.replace("4,", "4.25,"), encoding="utf-8")
    for one in (scenario, pickle.loads(pickle.dumps(scenario))):  # noqa: S301
        with pytest.raises(InputError) as caught:
            one.parameters(0)
        assert caught.value.problems == (
            f"{path}: has changed since the scenario was read; load the scenario again",
        )
    path.unlink()
    with pytest.raises(InputError) as caught:
        scenario.parameters(0)
    assert caught.value.problems == (f"{path}: cannot be read any more: No such file or directory",)


def test_a_scenario_with_a_posterior_travels(drawn: Load) -> None:
    """Workers receive it by pickle, which holds the table's place and not the table, and draw the same."""
    found = drawn(TABLE + "6,6000,0.1\n" * 5000)
    sent = pickle.dumps(found)
    again = pickle.loads(sent)  # noqa: S301
    assert again == found
    assert again.parameters(1) == found.parameters(1)
    assert len(sent) < 5000
