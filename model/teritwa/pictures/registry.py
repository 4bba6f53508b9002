"""Pictures that extensions add to those of every result."""

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.pictures.style import house_style, save
from teritwa.pictures.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHIPPED = ("gang_control_capital", "displaced", "harm", "mission", "territory", "map")
"""The names of the pictures that the package itself draws of every result."""

DrawPicture = Callable[[Result], tuple["Figure", Table]]
"""Draws a result; returns the figure and its numbers."""

_NAME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_registered: dict[str, DrawPicture] = {}


def picture(name: str) -> Callable[[DrawPicture], DrawPicture]:
    """Mark a function of an extension as a picture of every result.

    `teritwa.pictures.save_all` writes what it returns into the result's ``figures``: the figure as
    ``NAME.png`` and, beside it, the numbers as ``NAME.csv``. It should import matplotlib in its
    body, because extensions are also loaded where nothing is drawn.

    Args:
        name: Lower-case letters and digits, with hyphens or underscores between them.

    Raises:
        ValueError: The name has other characters, or another picture has it.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name of lower-case letters, digits, - and _")

    def register(draw: DrawPicture) -> DrawPicture:
        known = _registered.get(name, draw)
        # A file that is loaded again after a mistake replaces its own pictures.
        if name in SHIPPED or known.__module__ != draw.__module__:
            raise ValueError(f"there is already a picture {name!r}")
        _registered[name] = draw
        return draw

    return register


def save_registered(result: Result, folder: Path) -> list[Path]:
    """Draw the pictures of extensions into a folder; return the files, none without extensions.

    Raises:
        InputError: An extension's own function failed. The other pictures are drawn all the same.
    """
    saved, problems = [], []
    for name, draw in _registered.items():
        try:
            with house_style():
                figure, numbers = draw(result)
            saved.append(save(figure, folder / f"{name}.png", numbers))
        except OSError:
            raise
        except (Exception, SystemExit) as error:  # whatever code of somebody else may raise
            problems.append(_failure(name, draw, error))
    if problems:
        raise InputError(problems)
    return saved


def _failure(name: str, draw: DrawPicture, error: BaseException) -> str:
    """Return one line about a picture that could not be drawn: file, line, and what was raised."""
    file = draw.__code__.co_filename
    lines = [
        one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file
    ]
    line = lines[-1] if lines else draw.__code__.co_firstlineno
    return f"{file}:{line}: picture {name!r} cannot be drawn: {type(error).__name__}: {error}"
