"""The command holders: what each gang of a result holds, and what it needs."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result as Answer

import teritwa
from teritwa.analysis.holders import holder_names, holding_rows
from teritwa.ensemble.result import Result, ResultError
from teritwa.scenario import Scenario
from teritwa.world import load

Call = Callable[..., Answer]
ISLAND = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"


@pytest.fixture
def island(small_scenario: Callable[..., Scenario], tmp_path: Path) -> Result:
    """Two runs of 16 days on the island."""
    scenario = small_scenario(days=16).replace(replicates=2)
    return teritwa.run([scenario], out=tmp_path, jobs=1)[0]


def test_what_each_gang_holds(call: Call, island: Result) -> None:
    """On day 0 gangs hold what the tables say; all together hold what is held in each week."""
    answer = call("holders", island.path)
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    first = {row["gang"]: row for row in rows if row["week"] == str(island.weeks[0])}
    assert {name: int(float(row["districts_q50"])) for name, row in first.items()} == {
        "iron-quay": 2,
        "reed-band": 1,
        "salt-street": 2,
    }
    people = {name: int(float(row["people_q50"])) for name, row in first.items()}
    assert people == {"iron-quay": 42_000, "reed-band": 14_000, "salt-street": 105_000}
    names = holder_names(island)
    held = island.runs("held_by_gangs")
    assert ((names != "state") == (held == 1)).all()
    known = [row.holder for row in load(ISLAND).districts]
    assert names[0, 0].tolist() == known
    assert {row["n"] for row in rows} == {"2"}


def test_quantiles_by_hand(island: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gang that holds one district in one of two runs holds half of one in the median."""
    holder = np.full((2, len(island.weeks), 20), -1)
    holder[0, :, 0] = 1
    monkeypatch.setattr(Result, "runs", lambda *_: holder)
    rows = holding_rows(island)
    assert len(rows) == len(island.weeks)
    gang = load(ISLAND).gangs[1]
    assert rows[0][:2] == [gang.id, gang.name]
    assert rows[0][4] == 0.5
    assert rows[0][7] == load(ISLAND).districts[0].residents_2015 / 2


@pytest.mark.parametrize("world", ["Nowhere", "Haiti"])
def test_the_world_that_ran_must_be_there(
    call: Call, made_up: Callable[..., Result], world: str
) -> None:
    """Without the tables of its world nobody knows the gangs of a result."""
    result = made_up({"holder": 0}, world=world)
    with pytest.raises(ResultError, match="tables of its world are not there"):
        holding_rows(result)
    answer = call("holders", result.path)
    assert answer.exit_code == 4
    assert "tables of its world" in answer.stderr
