"""Model: one run day by day, Mesa's views of its records, and its digest."""

import gc
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from teritwa.rules.agents.district import District
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario
from teritwa.simulation import extensions
from teritwa.simulation import model as mission_module
from teritwa.simulation.mesa_views import view_class
from teritwa.simulation.model import (
    KINDS,
    WHERE_THE_MODEL_LIVES,
    LedgerError,
    Mission,
    model_digest,
    warm_up,
)

PACKAGE = Path(mission_module.__file__).parents[1]
ARRIVAL = """
  - id: law
    date: 2024-01-01
    mandate: {type: support-mission, authorised: 500}
  - id: pay
    date: 2024-01-01
    money: {donor: main-donor, receive: 100e6}
  - id: they-come
    date: 2024-01-02
    deploy: {contingent: keeland, officers: 120}
"""


@pytest.fixture
def mission(small_scenario: Callable[..., Scenario]) -> Mission:
    """Return a mission of four days in the small world; 120 officers arrive on the second."""
    return Mission(small_scenario(ARRIVAL, {"contingents.unit_size": 50}, days=4))


def test_a_run_is_all_its_days(mission: Mission) -> None:
    """Run does all remaining days and returns all outcomes; running again changes nothing."""
    mission.step()
    assert (mission.day, mission.steps) == (1, 1)
    found = mission.run()
    assert (mission.day, mission.steps) == (4, 4)
    assert set(found) == set(OUTCOMES)
    before = {name: array.copy() for name, array in found.items()}
    again = mission.run()
    assert all(np.array_equal(again[name], before[name]) for name in before)
    assert found["officers_deployed"][:, 4].tolist() == [0, 120, 120, 120]


def test_days_run_together_or_one_by_one_alike() -> None:
    """Events, orders that end, the day's records and the recording: a step a day or all at once."""
    path = Path(__file__).parents[1] / "everything.yaml"
    together, apart = Mission(path), Mission(path)
    found = together.run()
    while apart.day < apart.scenario.days:
        apart.step()
    assert apart.steps == together.steps == apart.scenario.days
    for name, array in apart.recording.outcomes().items():
        assert array.tobytes() == found[name].tobytes(), name
    for name, table in apart.tables.items():
        assert table.tobytes() == together.tables[name].tobytes(), name


def test_mission_is_a_mesa_model(mission: Mission) -> None:
    """The mission is a Mesa model with agents of every kind, each with an id of its own."""
    assert isinstance(mission, mesa.Model)
    assert isinstance(mission.agents, AgentSet)
    ids = [agent.unique_id for agent in mission.agents]
    assert sorted(ids) == list(range(1, len(ids) + 1))
    sizes = {kind.__name__: len(agents) for kind, agents in mission.agents_by_type.items()}
    assert sizes == {"District": 20, "Gang": 5, "Crew": 12, "PoliceUnit": 14, "Contingent": 8}
    assert (
        set(mission.agents_by_type)
        == set(KINDS.values())
        == {District, Gang, Crew, PoliceUnit, Contingent}
    )


def test_views_are_agents_of_their_kind(mission: Mission) -> None:
    """A view is both a PoliceUnit and a mesa.Agent of this model, one class a kind."""
    unit = mission.agents_by_type[PoliceUnit][0]
    assert isinstance(unit, PoliceUnit)
    assert isinstance(unit, mesa.Agent)
    assert type(unit) is view_class(PoliceUnit)
    assert (type(unit).__name__, unit.model) == ("PoliceUnit", mission)


def test_views_write_through(mission: Mission) -> None:
    """What is set on a view is in the records at once, and the reverse."""
    units = mission.agents_by_type[PoliceUnit]
    assert sum(unit.officers for unit in units) == 330
    units[3].officers = 33
    assert mission.tables["units"]["officers"][3] == 33
    mission.tables["units"]["officers"][3] = 30
    assert units[3].officers == 30
    districts = mission.agents_by_type[District].select(
        lambda district: district.place.metropolitan
    )
    assert len(districts) == 6


def test_new_units_are_seen(mission: Mission) -> None:
    """The 120 officers who landed form three units with ids of their own; old views stay."""
    before = list(mission.agents_by_type[PoliceUnit])
    mission.run()
    after = list(mission.agents_by_type[PoliceUnit])
    assert after[: len(before)] == before
    assert [unit.officers for unit in after[14:]] == [50, 50, 20]
    ids = [agent.unique_id for agent in mission.agents]
    assert len(set(ids)) == len(ids)


def test_views_change_no_result(small_scenario: Callable[..., Scenario]) -> None:
    """A run whose agents are viewed every day has the same records as one without views."""
    seen, unseen = Mission(small_scenario(days=5)), Mission(small_scenario(days=5))
    for _ in range(5):
        seen.step()
        assert len(seen.agents) >= 59
    assert seen.tables["districts"].tolist() != unseen.tables["districts"].tolist()
    unseen.run()
    assert all(
        table.tolist() == unseen.tables[name].tolist() for name, table in seen.tables.items()
    )


def test_models_are_freed(small_scenario: Callable[..., Scenario]) -> None:
    """A model whose agents were viewed is freed when nobody uses it: Mesa holds no reference."""
    mission = Mission(small_scenario(days=2))
    mission.run()
    assert len(mission.agents) >= 59
    gone = weakref.ref(mission)
    del mission
    gc.collect()
    assert gone() is None


def test_a_stock_that_vanishes_stops_the_run(mission: Mission) -> None:
    """A lost person ends the run on the same day, with scenario, draw, replicate and day."""
    mission.step()
    mission.tables["districts"]["people"]["residents"][7] -= 1
    with pytest.raises(
        LedgerError,
        match=r"^people appear or vanish \(scenario made, draw 0, replicate 0, day 1\)$",
    ):
        mission.step()


def test_the_digest_is_of_all_that_a_run_follows_from() -> None:
    """Every module that a run loads is part of the digest, and each named folder exists."""
    script = (
        "import sys, teritwa.simulation.model as m; m.load('baseline').schedule(0, 0);"
        "print(*sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    names = [name.split(".")[1] for name in done.stdout.split() if name.startswith("teritwa.")]
    assert "rules" in names
    assert set(names) <= set(WHERE_THE_MODEL_LIVES)
    assert [place for place in WHERE_THE_MODEL_LIVES if not (PACKAGE / place).exists()] == []


def fresh_digest() -> str:
    """Return the digest of the model, computed anew from the files."""
    return mission_module._digest_with.__wrapped__(extensions.digest())


def test_the_digest_follows_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extension that is loaded after the first run makes another model."""
    before = model_digest()
    with monkeypatch.context() as loaded:
        loaded.setattr(extensions, "digest", lambda: "of an extension")
        assert model_digest() != before
    assert model_digest() == before


@pytest.mark.parametrize(
    ("place", "differs"),
    [
        ("rules/districts/casualties.py", True),
        ("rules/schedule.py", True),
        ("engine/randomness.py", True),
        ("scenario/sampling.py", True),
        ("scenario/actions/gangs.py", True),
        ("simulation/model.py", True),
        ("world/data/haiti/links.csv", True),
        ("pictures/displacement.py", False),
        ("ensemble/writer.py", False),
        ("world/notes.txt", False),
    ],
)
def test_the_digest_of_the_model_changes_with_it(
    place: str, differs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change in the model's code or tables is another model; pictures and notes do not count."""
    copy = tmp_path / "teritwa"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("teritwa.simulation.model.__file__", str(copy / "simulation" / "model.py"))
    assert fresh_digest() == model_digest()
    with (copy / place).open("a", encoding="utf-8") as file:
        file.write("#")
    assert (fresh_digest() != model_digest()) == differs


def test_a_file_that_moves_makes_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text under another name counts as another."""
    copy = tmp_path / "teritwa"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    rules = copy / "rules" / "districts"
    (rules / "casualties.py").rename(rules / "casualty.py")
    monkeypatch.setattr("teritwa.simulation.model.__file__", str(copy / "simulation" / "model.py"))
    assert fresh_digest() != model_digest()


def test_warming_up_returns_its_time() -> None:
    """Warming up runs a day of the baseline and returns how long it took, seconds."""
    assert 0.0 < warm_up() < 300.0
