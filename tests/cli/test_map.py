"""The command map: which files it writes, and what it says when it cannot."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result as Answer

from teritwa.analysis import world_of_result
from teritwa.ensemble.result import Result
from teritwa.ensemble.run_set import coordinates_of
from teritwa.scenario import load
from teritwa.world import DEFAULT_WORLD

Draw = Callable[..., tuple[int, list[str], str]]
MakeResult = Callable[..., Result]

DAYS = {"start": date(2024, 1, 1), "end": date(2024, 2, 10)}
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


@pytest.fixture
def haiti(made_up: MakeResult) -> MakeResult:
    """Build a result of Haiti's districts over six weeks."""
    coordinates = coordinates_of(load("baseline").replace(end=DAYS["end"]))
    values = np.linspace(0, 1, 195)
    return lambda **more: made_up(
        {"gang_influence": values},
        coordinates=coordinates,
        **{"world": "Haiti", **DAYS, **more},
    )


@pytest.fixture
def draw(call: Callable[..., Answer]) -> Draw:
    """Call map; return its code, the names of the files that it prints, and what it says."""

    def run(*arguments: object) -> tuple[int, list[str], str]:
        answer = call("map", *arguments)
        paths = [Path(line) for line in answer.stdout.splitlines()]
        assert all(path.stat().st_size > 1000 for path in paths)
        return answer.exit_code, [path.name for path in paths], answer.stderr

    return run


def test_everything_of_one_result(draw: Draw, haiti: MakeResult) -> None:
    """Map and tiles of the last day, tiles of six dates and all weeks, each with its numbers."""
    result = haiti()
    code, names, said = draw(result.path)

    at = "chance-2024-02-10.png"
    assert (code, said) == (0, "")
    assert names == [f"map-{at}", f"tiles-{at}", "tiles-chance.png", "territory-chance.png"]
    files = {path.name for path in (result.path / "figures").iterdir()}
    assert files == {*names, *(png.replace(".png", ".csv") for png in names)}


def test_a_date_a_view_and_another_folder(draw: Draw, haiti: MakeResult, tmp_path: Path) -> None:
    """The files are named by the view and the stored week; the result stays as it was."""
    result = haiti()
    given = ["--date", "2024-01-20", "--view", "control", "-o", tmp_path / "pictures"]
    code, names, _ = draw(result.path, *given)

    assert code == 0
    assert names[:2] == ["map-control-2024-01-15.png", "tiles-control-2024-01-15.png"]
    assert (tmp_path / "pictures" / names[0]).is_file()
    assert not (result.path / "figures").exists()


def test_against_another_result_with_a_gif(draw: Draw, haiti: MakeResult) -> None:
    """The names of the files say what the change is measured against; the weeks move."""
    code, names, _ = draw(haiti(id="policy").path, "--against", haiti().path, "--animate")

    assert code == 0
    assert names[0] == "map-chance-against-baseline-2024-02-10.png"
    assert names[-1] == "map-chance-against-baseline.gif"


def test_a_world_without_cells_gets_tiles(
    draw: Draw, made_up: MakeResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says that there is no map; the tiles and all weeks are drawn."""
    scenario = load(str(ISLAND)).replace(end=DAYS["end"])
    result = made_up({"gang_influence": 0.7}, coordinates=coordinates_of(scenario), **DAYS)
    monkeypatch.setattr(world_of_result, "world_of", lambda _: scenario.world)
    code, names, said = draw(result.path, "--animate")

    assert code == 0
    assert names == ["tiles-chance-2024-02-10.png", "tiles-chance.png", "territory-chance.png"]
    assert said.count("\n") == 1
    assert "its world has no cells.csv; only tiles are drawn" in said


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--date", "2023-12-31"], 4, "no control on 2023-12-31; it has 2024-01-01 to 2024-02-10"),
        (["--date", "31.12.2023"], 2, "Invalid value"),
        (["--view", "mood"], 2, "'mood' is not one of chance, control"),
        (["--against", "nowhere"], 4, "nowhere: no such folder"),
    ],
)
def test_mistakes_are_reported_in_a_line(
    draw: Draw, haiti: MakeResult, options: list[str], code: int, words: str
) -> None:
    """Wrong use ends with 2, results that do not fit with 4; no figure is left."""
    result = haiti()
    ended, names, said = draw(result.path, *options)

    assert (ended, names) == (code, [])
    assert words in " ".join(said.replace("│", " ").split())
    assert not (result.path / "figures").exists()


def test_results_that_are_not_pairs_do_not_fit(draw: Draw, haiti: MakeResult) -> None:
    """Another seed: the reason is one line, the code 4."""
    code, _, said = draw(haiti(id="policy", seed=8).path, "--against", haiti().path)

    assert code == 4
    assert said.count("\n") == 1
    assert "seed is 8, not 7" in said


def test_a_result_of_unknown_places_does_not_fit(draw: Draw, made_up: MakeResult) -> None:
    """Districts that are not those of the world that the result names: one line, code 4."""
    code, names, said = draw(made_up(world="Haiti").path)

    assert (code, names, said.count("\n")) == (4, [], 1)
    assert "has other districts" in said


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (("hinche,-72", "hinche,west"), "longitude: 'west"),
        (("hinche,", "hynche,"), "district: 'hynche' is not a district of this world; did you"),
        (("hinche,-72", '"hinche,-72'), "file: is not CSV"),
    ],
)
def test_garbled_cells_are_named(
    draw: Draw,
    haiti: MakeResult,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    spoil: tuple[str, str],
    words: str,
) -> None:
    """Cells that are no numbers, or of an unknown district, end with 4 and lines that name them."""
    world = shutil.copytree(DEFAULT_WORLD, tmp_path / "world")
    text = (world / "cells.csv").read_text(encoding="utf-8")
    (world / "cells.csv").write_text(text.replace(*spoil), encoding="utf-8")
    monkeypatch.setattr(world_of_result, "world_of", lambda _: world)
    result = haiti()
    code, names, said = draw(result.path)

    assert (code, names) == (4, [])
    assert said.startswith(f"{world / 'cells.csv'}:")
    assert words in said
    assert not (result.path / "figures").exists()
