"""The command show: scenarios, results, parameters, and the history of a district."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result as Answer

from teritwa.ensemble import run as ensemble
from teritwa.ensemble.result import Result
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario

Call = Callable[..., Answer]
MakeResult = Callable[..., Result]

ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"

pytestmark = pytest.mark.usefixtures("without_rules")


@pytest.fixture
def island(small_scenario: Callable[..., Scenario], tmp_path: Path) -> Result:
    """Two runs of 16 days on the island."""
    scenario = small_scenario(days=16).replace(replicates=2)
    return ensemble.run([scenario], out=tmp_path, jobs=1)[0]


def test_a_scenario_is_printed_with_origins(call: Call) -> None:
    """The resolved scenario is YAML that says where values came from."""
    answer = call("show", ISLAND)

    assert answer.exit_code == 0
    assert answer.stdout.startswith("schema: 2\n")
    assert "island.yaml:" in answer.stdout


def test_the_headline_of_a_result_is_printed(call: Call, made_up: MakeResult) -> None:
    """Each measure has a line with its quantiles."""
    displaced = np.arange(0, 5_000_000, 1_000_000)[None, :, None]
    answer = call("show", made_up({"displaced": displaced}, replicates=5).path)

    (line,) = [line for line in answer.stdout.splitlines() if line.startswith("displaced")]
    head, levels = ["displaced", "2026-01-02", "persons"], ["200,000", "2,000,000", "3,800,000"]
    assert line.split() == [*head, *levels, "-"]
    assert "5 runs, seed 7" in answer.stdout


def test_all_districts_are_printed(call: Call, island: Result) -> None:
    """A row a district; deaths and arrests there add up to those of the country in each run."""
    answer = call("show", island.path, "--districts")
    assert answer.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert [row["district"] for row in rows] == island.labels("district")
    for count, outcome in (("killed", "killed_in_district"), ("arrested", "arrested_in_district")):
        last = island.runs(outcome)[:, -1]
        assert [float(row[f"{count}_q50"]) for row in rows] == np.median(last, axis=0).tolist()
    killed = island.runs("killed").sum(axis=(1, 2, 3))
    assert island.runs("killed_in_district")[:, -1].sum(axis=1).tolist() == killed.tolist()
    arrested = island.runs("fighters_arrested").sum(axis=1)
    assert island.runs("arrested_in_district")[:, -1].sum(axis=1).tolist() == arrested.tolist()
    assert killed.min() > 0
    held = island.runs("held_by_gangs").mean(axis=0)
    assert [float(row["held_first"]) for row in rows] == held[0].tolist()
    assert {row["n"] for row in rows} == {"2"}


def test_districts_are_those_of_a_result(call: Call) -> None:
    """Without a result there is nothing to print."""
    answer = call("show", "--districts")
    assert answer.exit_code == 2
    assert "needs a result" in answer.stderr


def test_a_result_without_runs_is_shown(call: Call, made_up: MakeResult) -> None:
    """A result in which every run failed is shown as such."""
    answer = call("show", made_up(failed={(0, i): "x" for i in range(4)}).path)

    assert (answer.exit_code, "0 runs" in answer.stdout) == (0, True)


def test_every_parameter_is_listed(call: Call) -> None:
    """Each parameter has a line that ends with its source."""
    lines = call("show", "--parameters").stdout.splitlines()

    assert len(lines) == 1 + len(registry())
    for line, (name, parameter) in zip(lines[1:], sorted(registry().items()), strict=True):
        assert line.split()[0] == name
        assert line.endswith(parameter.source)


def test_a_history_is_printed_and_drawn(call: Call, island: Result) -> None:
    """All runs and the first in sentences, then the path of a figure; the second time the same."""
    first, second = (call("show", island.path, "--district", "amber DOCKS") for _ in range(2))

    lines = first.stdout.splitlines()
    assert first.exit_code == 0
    where = "Amber Docks, in the capital: 2 runs, 1 January 2024 to 16 January 2024."
    assert lines[0].startswith(where)
    assert lines[1] == "Gangs hold it in 100 % of the runs at the start and in 100 % at the end."
    assert "Run 0.0, told day by day by running it again:" in lines
    path = island.path / "figures" / "district-amber-docks.png"
    assert lines[-1] == f"drawn: {path}"
    assert path.is_file()
    assert path.with_suffix(".csv").read_text().startswith("what,date,share,")
    assert first.stdout == second.stdout


def test_another_run_has_its_own_figure(call: Call, island: Result) -> None:
    """The requested run is described, and its figure does not replace that of the first run."""
    answer = call("show", island.path, "--district", "brindle", "--run", "0.1")

    assert "Run 0.1, told day by day" in answer.stdout
    assert answer.stdout.splitlines()[-1].endswith("district-brindle-0.1.png")


def test_what_cannot_be_repeated_is_described_by_week(call: Call, made_up: MakeResult) -> None:
    """If the scenario cannot be read, stored outcomes are described, and a message says why."""
    control = np.zeros((1, 4, 5, 4))
    control[0, 0, :, 0] = [0.1, 0.6, 0.6, 0.4, 0.4]
    days = {"start": date(2024, 1, 1), "end": date(2024, 1, 29)}
    result = made_up({"gang_influence": control, "held_by_gangs": control >= 0.5}, **days)
    answer = call("show", result.path, "--district", "Port")

    assert answer.exit_code == 0
    assert "so the history of the run is by week, from what is stored of it" in answer.stderr
    falls = "held by the state at the start; by 8 January 2024 it falls"
    regained = "by 22 January 2024 the state regains it; held by the state at the end."
    assert f"Run 0.0, by the week: {falls}; {regained}" in answer.stdout
    assert (result.path / "figures" / "district-port.png").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--district", "prot"], "district 'prot': is not in this world; did you mean Port?"),
        (["--district", "port", "--run", "7.7"], "run 7.7: is not in "),
        (
            ["--district", "port", "--run", "first"],
            "run 'first': is not DRAW.REPLICATE, such as 3.0",
        ),
    ],
)
def test_mistakes_are_one_line(
    call: Call, made_up: MakeResult, options: list[str], said: str
) -> None:
    """An unknown place or run: code 3, no standard output, one line on standard error."""
    answer = call("show", made_up().path, *options)

    assert (answer.exit_code, answer.stdout) == (3, "")
    (line,) = answer.stderr.splitlines()
    assert line.startswith(said)


def test_without_runs_there_is_no_history(call: Call, made_up: MakeResult) -> None:
    """A result in which every run failed is reported in one line, with code 4."""
    result = made_up(failed={(0, i): "x" for i in range(4)})
    answer = call("show", result.path, "--district", "port")

    assert (answer.exit_code, answer.stdout) == (4, "")
    assert answer.stderr.splitlines() == [answer.stderr.strip()]
    assert "no run finished; failures.csv says why" in answer.stderr


def test_a_scenario_has_no_history(call: Call) -> None:
    """A district of a scenario has code 4; a run without a district is wrong use."""
    assert call("show", "baseline", "--district", "solino").exit_code == 4
    assert call("show", "baseline", "--run", "0.0").exit_code == 2
    assert call("show", "--district", "solino").exit_code == 2


def test_a_folder_without_a_manifest_is_no_scenario(call: Call, made_up: MakeResult) -> None:
    """A damaged result is reported as one, with its code."""
    path = made_up().path
    (path / "manifest.json").unlink()
    answer = call("show", path)

    assert answer.exit_code == 4
    assert f"{path}: holds no result (manifest.json is missing)" in answer.stderr
