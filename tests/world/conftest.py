"""The small world, which tests of worlds read and spoil."""

import shutil
from pathlib import Path

import pytest

from teritwa.world import World, load

SMALL = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"


@pytest.fixture
def island() -> World:
    """Return the small world."""
    return load(SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the small world's folder to spoil."""
    return shutil.copytree(SMALL, tmp_path / "small")
