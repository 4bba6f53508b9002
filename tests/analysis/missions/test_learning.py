"""The whole way from runs of a past mission to what is learned, on a short and small one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis.missions import population
from teritwa.analysis.missions.figures import LOCAL, groups, transferable
from teritwa.analysis.missions.gains import table_name
from teritwa.analysis.missions.learning import PastMissions, Work, learn, make_missions
from teritwa.analysis.missions.left_out import predict_all, predicted_levels
from teritwa.analysis.missions.population import CHAINS
from teritwa.analysis.missions.tables import save
from teritwa.ensemble.executors import open_executor
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

RUNS = 64


def short_mission() -> PastMissions:
    """Return one group whose scenario lasts forty days, with a figure of its tenth day."""
    whole = make_missions(1024)
    group = next(one for one in groups() if one.name == "kingston")
    scenario = whole.scenarios["kingston"]
    day = scenario.start + timedelta(10)
    figure = replace(
        group.figures[0],
        name="killed by anybody",
        outcome="killed",
        start=scenario.start,
        end=day,
        low=3.0,
        high=9.0,
    )
    short = replace(scenario, end=scenario.start + timedelta(39), events=())
    return PastMissions(
        (replace(group, scenarios={"kingston": (figure,)}),), RUNS, {"kingston": short}
    )


def test_designs_draw_all_that_a_scenario_does_not_set() -> None:
    """The columns of a design are found by name; what transfers comes first, then local ones."""
    missions = make_missions(1024)
    for name in missions.scenarios:
        known, columns = missions.parameters(name), missions.columns(name)
        names = [known[column].name for column in columns]
        assert names == [*(one.name for one in transferable()), *LOCAL]
        assert missions.design(name).shape == (1024, len(known))
        assert not {one.name for one in known} & set(missions.scenarios[name].params)


@pytest.mark.slow
def test_a_mission_is_run_learned_predicted_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs are kept and read again; tables have their rows, and draws can be a posterior."""
    monkeypatch.setattr(population, "STEPS", (40, 39, 1))
    missions = short_mission()
    with open_executor(1) as executor:
        work = Work(tmp_path / "runs", executor, lambda done, failed, total: None)
        learned = learn(missions, work)
        assert learned.residuals["kingston"].shape == (RUNS, 1)
        assert np.ptp(learned.residuals["kingston"]) > 0.1
        again = missions.run("kingston", missions.design("kingston"), 0, work)
        assert (again == learned.residuals["kingston"]).all()
        predictions = predict_all(learned, work)
    effects = save(learned, predictions, tmp_path)
    found = read_posterior(effects, Problems())
    assert found.draws == CHAINS
    assert found.names == tuple(one.name for one in transferable())
    for spread in ("half", "twice"):
        assert (tmp_path / f"{table_name(spread)}.csv").is_file()
    rows = (tmp_path / "parameters.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(transferable())
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8").count("\n") == 2
    assert date.fromisoformat("2009-06-01") == missions.scenarios["kingston"].start


def test_predicted_levels_replace_what_transfers_alone() -> None:
    """All other columns are those of the design."""
    missions = make_missions(1024)
    learned = type("Learned", (), {"missions": missions})()
    given = np.full((8, len(transferable())), 0.25)
    levels = predicted_levels(learned, "rio", given)
    columns = missions.columns("rio")[: len(transferable())]
    assert (levels[:, columns] == 0.25).all()
    others = np.delete(np.arange(levels.shape[1]), columns)
    assert (levels[:, others] == missions.design("rio")[:8][:, others]).all()
