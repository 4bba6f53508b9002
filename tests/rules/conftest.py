"""What the tests of several rules share."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def column() -> Callable[[Any, str], Any]:
    """Return a function that finds a field by a dotted name such as ``control.holder``."""

    def find(tables: Any, name: str) -> Any:
        for part in name.split("."):
            tables = tables[part]
        return tables

    return find
