"""The command map: which files it writes, and what it says when it cannot."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from teritwa.cli import common, mapping
from teritwa.ensemble import run as ensemble
from teritwa.ensemble.result import Result
from teritwa.pictures import geography
from teritwa.scenario import load

Make = Callable[..., Result]
DAYS = {"start": date(2024, 1, 1), "end": date(2024, 2, 10)}
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


@pytest.fixture
def haiti(made_up: Make) -> Make:
    """Build a result of Haiti's districts over six weeks."""
    axes = ensemble.axes(load("baseline").replace(end=DAYS["end"]))
    values = np.linspace(0, 1, 195)
    return lambda **more: made_up({"gang_influence": values}, axes=axes, **{**DAYS, **more})


def teritwa(*arguments: object) -> tuple[int, list[str], str]:
    """Call the command line in this process; return its code, the files that it names by name, and what it says."""
    assert any(command.callback is mapping.map_ for command in common.app.registered_commands)
    answer = CliRunner().invoke(common.app, ["map", *map(str, arguments)])
    if answer.exception and not isinstance(answer.exception, SystemExit | typer.Exit):
        raise answer.exception
    for line in answer.stdout.splitlines():
        assert Path(line).stat().st_size > 1000
    return answer.exit_code, [Path(line).name for line in answer.stdout.splitlines()], answer.stderr


def test_everything_of_one_result(haiti: Make) -> None:
    """Map and tiles of the last day, tiles of six dates and the raster, in the result's figures, numbers beside."""
    result = haiti()
    code, names, said = teritwa(result.path)

    at = "chance-2024-02-10.png"
    assert (code, said) == (0, "")
    assert names == [f"map-{at}", f"tiles-{at}", "tiles-chance.png", "territory-chance.png"]
    files = {path.name for path in (result.path / "figures").iterdir()}
    assert files == {name for png in names for name in (png, png.replace(".png", ".csv"))}


def test_a_date_a_view_and_another_folder(haiti: Make, tmp_path: Path) -> None:
    """The files are named by the view and the stored week; the result stays as it was."""
    result = haiti()
    code, names, _ = teritwa(result.path, "--date", "2024-01-20", "--view", "control", "-o", tmp_path / "pictures")

    assert code == 0
    assert names[:2] == ["map-control-2024-01-15.png", "tiles-control-2024-01-15.png"]
    assert (tmp_path / "pictures" / names[0]).is_file()
    assert not (result.path / "figures").exists()


def test_against_another_result_with_a_gif(haiti: Make) -> None:
    """The change is named by what it is held against, and the weeks move."""
    code, names, _ = teritwa(haiti(id="policy").path, "--against", haiti().path, "--animate")

    assert code == 0
    assert names[0] == "map-chance-against-baseline-2024-02-10.png"
    assert names[-1] == "map-chance-against-baseline.gif"


def test_a_world_without_cells_gets_tiles(made_up: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said in one line that there is no map; the tiles and the raster are drawn."""
    scenario = load(str(ISLAND)).replace(end=DAYS["end"])
    result = made_up({"gang_influence": 0.7}, axes=ensemble.axes(scenario), **DAYS)
    monkeypatch.setattr(geography, "world_of", lambda _: scenario.world)
    code, names, said = teritwa(result.path, "--animate")

    assert code == 0
    assert names == ["tiles-chance-2024-02-10.png", "tiles-chance.png", "territory-chance.png"]
    assert said.count("\n") == 1
    assert "no cells.csv, so there is no map" in said


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--date", "2023-12-31"], 4, "no control on 2023-12-31; it has 2024-01-01 to 2024-02-10"),
        (["--date", "31.12.2023"], 2, "Invalid value"),
        (["--view", "mood"], 2, "'mood' is none of chance, control"),
        (["--against", "nowhere"], 4, "nowhere: no such folder"),
    ],
)
def test_mistakes_are_told_in_a_line(haiti: Make, options: list[str], code: int, words: str) -> None:
    """Wrong use ends with 2, results that do not fit with 4; no picture is left."""
    result = haiti()
    ended, names, said = teritwa(result.path, *options)

    assert (ended, names) == (code, [])
    assert words in " ".join(said.replace("│", " ").split())
    assert not (result.path / "figures").exists()


def test_results_that_are_no_pairs_do_not_fit(haiti: Make) -> None:
    """Another seed: the reason is one line, the code 4."""
    code, _, said = teritwa(haiti(id="policy", seed=8).path, "--against", haiti().path)

    assert code == 4
    assert said.count("\n") == 1
    assert "seed is 8, not 7" in said


def test_a_result_of_unknown_places_does_not_fit(made_up: Make) -> None:
    """Districts that are not those of the world it names: one line, code 4."""
    code, names, said = teritwa(made_up().path)

    assert (code, names, said.count("\n")) == (4, [], 1)
    assert "has other districts" in said
