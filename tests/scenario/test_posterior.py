"""Posteriors: how a table of draws is named, read, kept and drawn from."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.scenario import Scenario, ScenarioError, load
from teritwa.scenario import posterior as tables

NAMED = ("control.adjustment_time", "gangs.fighters", "hold.night_share")
TABLE = ",".join(NAMED) + "\n4,6000,0.1\n5.5,7000,0.25\n1e1,12000,.9\n"
HEAD = "schema: 2\nid: test\ntitle: A test\nperiod: {start: 2024-01-01, end: 2024-12-31}\n"
Load = Callable[..., Scenario]

pytestmark = pytest.mark.usefixtures("small")


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Replace the package's posteriors by a folder with one table, `haiti-1999`."""
    folder = tmp_path / "package" / "posteriors"
    folder.mkdir(parents=True)
    (folder / "haiti-1999.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(tables, "shipped_folder", lambda: folder.parent)
    return folder


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
    """Line ends, a byte-order mark, quotes and blank lines change no value; counts are integers."""
    found = drawn(table).posterior
    assert found is not None
    assert (found.draws, found.names) == (
        3,
        ("control.adjustment_time", "gangs.fighters", "hold.night_share"),
    )
    assert [list(found.values(draw).values()) for draw in range(3)] == [
        [4.0, 6000, 0.1],
        [5.5, 7000, 0.25],
        [10.0, 12000, 0.9],
    ]
    assert [type(value) for value in found.values(2).values()] == [float, int, float]


def test_draws_beyond_the_last_row_begin_again(drawn: Load) -> None:
    """Draw 0 takes row 0, draw 2 row 2, draw 3 row 0 again, and draw 100 row 1."""
    scenario = drawn(TABLE)
    assert [scenario.parameters(draw)["gangs.fighters"] for draw in (0, 1, 2, 3, 100)] == [
        6000,
        7000,
        12000,
        6000,
        7000,
    ]


def test_a_posterior_of_the_package_is_named_alone(shipped: Path, tmp_path: Path) -> None:
    """It is named alone, also in the resolved file; a misspelt name gets the nearest one."""
    path = tmp_path / "a.yaml"
    path.write_text(f"{HEAD}posterior: haiti-1999\n", encoding="utf-8")
    found = load(path)
    assert found.posterior is not None
    assert found.posterior.path == shipped / "haiti-1999.csv"
    assert found.posterior.shipped
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
    """The table from which the baseline draws is found in the package."""
    assert "haiti-priors" in tables.shipped_names()
    assert (tables.shipped_posteriors() / "haiti-priors.csv").is_file()


@pytest.mark.parametrize("name", ["none", "haiti-1999", "draws"])
def test_a_file_is_not_taken_for_a_name(name: str, shipped: Path, tmp_path: Path) -> None:
    """A file named like a shipped table, or `none`, is reached by a path, also when resolved."""
    (tmp_path / name).write_text(TABLE.replace("6000", "6001"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(f"{HEAD}posterior: ./{name}\n", encoding="utf-8")
    found = load(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text(found.resolved(), encoding="utf-8")
    again = load(tmp_path / "b.yaml")
    assert found.posterior == again.posterior
    assert again.parameters(0)["gangs.fighters"] == 6001


def test_a_path_leads_from_the_file_that_names_it(tmp_path: Path) -> None:
    """A parent in another folder names its table from there, and so do its mistakes."""
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
    (tmp_path / "draws.csv").write_text("gangs.fighters\n0\n", encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"/sub/\.\./draws\.csv:2:1: gangs\.fighters: 0 is outside"
    ):
        load(tmp_path / "child.yaml")


def test_a_child_turns_its_parents_posterior_off(tmp_path: Path) -> None:
    """With `none` a child has the defaults, another digest and no posterior when resolved."""
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
    """A scenario without a posterior and one with `none` are the same."""
    plain, said = tmp_path / "plain.yaml", tmp_path / "said.yaml"
    plain.write_text(HEAD, encoding="utf-8")
    said.write_text(f"{HEAD}posterior: none\n", encoding="utf-8")
    assert load(plain).digest() == load(said).digest() != drawn(TABLE).digest()


def test_the_digest_is_of_the_table_and_not_of_its_name(drawn: Load, tmp_path: Path) -> None:
    """One changed digit makes another scenario; the same table under another name does not."""
    before = drawn(TABLE).digest()
    assert drawn(TABLE.replace("5.5", "5.6")).digest() != before
    (tmp_path / "other.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "test.yaml").write_text(f"{HEAD}posterior: other.csv\n", encoding="utf-8")
    assert load(tmp_path / "test.yaml").digest() == before


def test_a_table_that_changes_after_reading_is_not_used(drawn: Load, tmp_path: Path) -> None:
    """A file that has changed or is gone since it was read is refused, also by a pickled copy."""
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
    """Workers receive the table's path by pickle, not the table, and draw the same values."""
    found = drawn(TABLE + "6,6000,0.1\n" * 5000)
    sent = pickle.dumps(found)
    again = pickle.loads(sent)  # noqa: S301
    assert again == found
    assert again.parameters(1) == found.parameters(1)
    assert len(sent) < 5000
