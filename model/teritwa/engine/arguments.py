"""What a caller may give in two ways: one thing, or several of them."""

from collections.abc import Iterable
from typing import Any


def as_list(given: Any, kinds: type | tuple[type, ...]) -> list[Any]:
    """Return things as a list; one thing alone stands for a list of itself.

    A text alone would otherwise be taken for a list of its letters.

    Args:
        given: One thing, or an iterable of them.
        kinds: The type of one thing, or several.
    """
    several: Iterable[Any] = [given] if isinstance(given, kinds) else given
    return list(several)
