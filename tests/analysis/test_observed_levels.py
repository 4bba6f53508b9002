"""What was counted in a world: its own figures, those of no other, and mistakes by line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from teritwa.analysis.observed_levels import observed, observed_of, publishers
from teritwa.analysis.reference_forecasts import shipped
from teritwa.analysis.world_of_result import is_of_default_world
from teritwa.ensemble.result import Result
from teritwa.pictures.fans import published_of
from teritwa.world import DEFAULT_WORLD, WorldError

HEAD = "outcome,start,end,value,low,high,unit,source\n"
TWO = (
    'kidnapped,2024-02-01,2024-02-29,20,18,25,persons,"Council, report of March 2024"\n'
    'kidnapped,2024-01-01,2024-01-31,10,10,12,persons,"Council, report of February 2024"\n'
)


@pytest.fixture
def world(tmp_path: Path) -> Callable[[str], Path]:
    """Return the folder of a world with a table of figures."""

    def write(rows: str) -> Path:
        (tmp_path / "figures").mkdir()
        (tmp_path / "figures" / "observed.csv").write_text(HEAD + rows, encoding="utf-8")
        return tmp_path

    return write


def test_a_world_without_the_table_has_no_figures(tmp_path: Path) -> None:
    """The figures of the default world are not shown elsewhere."""
    assert observed(tmp_path) == ()
    assert shipped(tmp_path) == ()
    assert len(observed()) == len(observed(DEFAULT_WORLD)) > 20


def test_figures_are_those_of_the_world(world: Callable[[str], Path]) -> None:
    """They keep the order of their table; a period holds what lies wholly within it."""
    folder = world(TWO)
    assert [one.value for one in observed(folder)] == [20, 10]
    january = observed_of("kidnapped", date(2024, 1, 1), date(2024, 2, 28), folder)
    assert [one.value for one in january] == [10]
    assert [one.high for one in shipped(folder)] == [25, 12]
    assert publishers(observed(folder)) == "Council"


def test_mistakes_are_listed_by_line(world: Callable[[str], Path]) -> None:
    """Each mistake has file, line and column."""
    folder = world(TWO + "killed,yesterday,2024-01-31,many,1,2,persons,made up\n")
    with pytest.raises(WorldError) as refused:
        observed(folder)
    places = [problem.split(": ")[:2] for problem in refused.value.problems]
    table = folder / "figures" / "observed.csv"
    assert places == [[f"{table}:4", "start"], [f"{table}:4", "value"]]


def test_dots_of_another_world_are_not_drawn(made_up: Callable[..., Result]) -> None:
    """A result of the default world has its figures, one of a world without a table has none."""
    quarter = {"start": date(2024, 1, 1), "end": date(2024, 3, 31)}
    here = made_up(world="Haiti", **quarter)
    assert is_of_default_world(here)
    assert len(published_of(here, "kidnapped")) == 1
    elsewhere = made_up(**quarter)
    assert not is_of_default_world(elsewhere)
    assert published_of(elsewhere, "kidnapped") == []
