"""Tests of pictures of extensions: drawn with every result, and free where there are none."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.pictures import picture, registry, save_all
from teritwa.pictures.registry import SHIPPED, save_registered
from teritwa.pictures.tables import Table
from teritwa.simulation.extensions import load_extensions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Make = Callable[..., Result]

EXTENSION = '''"""An extension with a picture alone."""

from teritwa.pictures import picture
from teritwa.pictures.style import new_figure


@picture("last-day")
def last_day(result):
    """Draw the influence of gangs on the last day."""
    values = result.runs("gang_influence")[0, -1].tolist()
    figure = new_figure(2.0)
    figure.subplots().plot(values)
    return figure, {"influence": values}
'''

LOAD = """
import sys
from teritwa.simulation.extensions import load_extensions

load_extensions(sys.argv[1:])
from teritwa.pictures.registry import _registered

print(*_registered, *sorted({"PIL", "matplotlib"} & {*sys.modules}))
"""
"""A program that loads extensions, and prints their pictures and the heavy modules imported."""


@pytest.fixture(autouse=True)
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test without pictures of extensions, and forget those of a test after it."""
    monkeypatch.setattr(registry, "_registered", {})


def influence(result: Result) -> tuple["Figure", Table]:
    """Draw the influence of gangs on the last day, and note a setting in force."""
    from matplotlib import rcParams

    from teritwa.pictures.style import new_figure

    values = result.runs("gang_influence")[0, -1].tolist()
    figure = new_figure(2.0)
    figure.subplots().plot(values)
    return figure, {"influence": values, "grid": [rcParams["grid.color"]] * len(values)}


def test_registered_pictures_are_drawn_last(island: tuple[Result, Path]) -> None:
    """The figure and its numbers stand beside the shipped ones, and share their settings."""
    picture("last-day")(influence)
    result, world = island
    saved = save_all(result, world)

    names = [*SHIPPED[:-1], "last-day"]
    assert [path.stem for path in saved] == names
    files = {path.name for path in (result.path / "figures").iterdir()}
    assert files == {f"{name}.{kind}" for name in names for kind in ("png", "csv")}
    with Image.open(saved[-1]) as image:
        assert image.size[0] == 1200
    with saved[-1].with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    values = result.runs("gang_influence")[0, -1]
    assert [float(row["influence"]) for row in rows] == pytest.approx(values, abs=1e-6)
    assert {row["grid"] for row in rows} == {"#e4e4e4"}


def raises(_: Result) -> tuple["Figure", Table]:
    """Fail as a picture of somebody may."""
    raise RuntimeError("boom")


def returns_nothing(_: Result) -> tuple["Figure", Table]:
    """Forget to return what was drawn."""
    return None  # type: ignore[return-value]


def leaves(_: Result) -> tuple["Figure", Table]:
    """End the program, as if all had gone well."""
    sys.exit(0)


def test_a_picture_that_fails_is_one_line_and_costs_only_itself(
    made_up: Make, tmp_path: Path
) -> None:
    """File, line and what was raised are named, and the other pictures are drawn."""
    picture("a")(raises)
    picture("b")(returns_nothing)
    picture("c")(leaves)
    picture("last-day")(influence)
    with pytest.raises(InputError) as caught:
        save_registered(made_up(), tmp_path)

    first, second, third = caught.value.problems
    line = raises.__code__.co_firstlineno + 2
    assert first == f"{__file__}:{line}: picture 'a' cannot be drawn: RuntimeError: boom"
    assert second.startswith(f"{__file__}:{returns_nothing.__code__.co_firstlineno}: picture 'b' ")
    line = leaves.__code__.co_firstlineno + 2
    assert third == f"{__file__}:{line}: picture 'c' cannot be drawn: SystemExit: 0"
    assert (tmp_path / "last-day.png").exists()


def test_without_extensions_nothing_is_drawn(made_up: Make, tmp_path: Path) -> None:
    """Where no picture is registered, not even a folder is made."""
    assert save_registered(made_up(), tmp_path / "figures") == []
    assert list(tmp_path.glob("figures")) == []


def test_marked_function_stays_what_it_is() -> None:
    """An extension and its tests can call a picture like any other function."""
    assert picture("last-day")(influence) is influence


def test_loading_an_extension_registers_its_picture(tmp_path: Path) -> None:
    """A file is enough, and no drawing library is imported until there is something to draw."""
    path = tmp_path / "last_day.py"
    path.write_text(EXTENSION, encoding="utf-8")
    command = [sys.executable, "-c", LOAD, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["last-day"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        *((name, f"there is already a picture '{name}'") for name in SHIPPED),
        ("Last day", "'Last day' is not a name of lower-case letters, digits, - and _"),
        ("../map", "'../map' is not a name of lower-case letters, digits, - and _"),
        ("", "'' is not a name of lower-case letters, digits, - and _"),
    ],
)
def test_wrong_names_are_reported_with_their_line(tmp_path: Path, name: str, problem: str) -> None:
    """A name that is taken, or that is no name of a file, stops the loading of the file."""
    path = tmp_path / "wrong_name.py"
    path.write_text(EXTENSION.replace("last-day", name), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load_extensions([path])
    assert list(caught.value.problems) == [f"{path}:7: ValueError: {problem}"]


def test_two_extensions_cannot_share_a_name(tmp_path: Path) -> None:
    """The picture of one file is not replaced by that of another, only by its own."""
    picture("last-day")(influence)
    picture("last-day")(influence)
    path = tmp_path / "same_name.py"
    path.write_text(EXTENSION, encoding="utf-8")

    with pytest.raises(InputError, match="there is already a picture 'last-day'"):
        load_extensions([path])
