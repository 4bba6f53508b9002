"""Mistakes in a scenario file: where they are, what they are, and what may have been meant."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from teritwa.engine.errors import InputError

# Looking for a near word costs about 5 ms with many names: a file of nonsense must not take
# minutes.
SUGGESTIONS_AT_MOST = 60
LISTED_AT_MOST = 20


class ScenarioError(InputError):
    """A scenario cannot be used; ``problems`` has one line a mistake, in the order of the file."""


@dataclass(frozen=True)
class Mark:
    """Where something stands: the file as the user named it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


# For values that come from Python, which have no place in a file.
NOWHERE = Mark("", 0, 0)


class Problems:
    """The mistakes found so far: each once, sorted by position when raised."""

    def __init__(self) -> None:
        self._found: dict[tuple[Mark, str], str] = {}
        self._files: list[str] = []
        self._looked_up = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def count(self) -> int:
        """The number of mistakes."""
        return len(self._found)

    def add(self, mark: Mark, key: str, what: str) -> None:
        """Note one mistake of a key at a place; a second one there counts as the same."""
        self.file(mark.file)
        self._found.setdefault((mark, key), what)

    def file(self, name: str) -> None:
        """Note a file of the chain, so that its mistakes are listed in the order of reading."""
        if name not in self._files:
            self._files.append(name)

    def near(self, word: str, allowed: Iterable[str]) -> str:
        """Return what to say after an unknown word: the nearest one, or those allowed."""
        names = sorted(allowed)
        found = self.nearest(word, names)
        if found:
            return f"did you mean {found!r}?"
        odd = odd_letter(word)
        if odd:
            return odd
        if len(names) <= LISTED_AT_MOST:
            return f"allowed: {', '.join(names)}" if names else "there is none to choose from"
        return f"{len(names)} are known, among them {', '.join(names[:3])}"

    def nearest(self, word: str, names: Iterable[str]) -> str:
        """Return the allowed name most like the word, or an empty text."""
        self._looked_up += 1
        if self._looked_up > SUGGESTIONS_AT_MOST or len(word) > 100:
            return ""
        found = get_close_matches(word, list(names), n=1, cutoff=0.6)
        return found[0] if found else ""

    def lines(self) -> tuple[str, ...]:
        """Return one line a mistake, by file, line and column."""
        order = sorted(
            self._found.items(),
            key=lambda item: (self._files.index(item[0][0].file), *_place(item[0])),
        )
        return tuple(_line(mark, key, what) for (mark, key), what in order)

    def stop(self) -> None:
        """Raise ScenarioError if there is any mistake."""
        if self._found:
            raise ScenarioError(self.lines())


def odd_letter(word: str) -> str:
    """Name the first letter that is not plain ASCII, such as a Cyrillic o; else return ''."""
    for letter in word:
        if ord(letter) > 127:
            return f"note the letter {letter!r} ({unicodedata.name(letter, 'unnamed')})"
    return ""


def _place(item: tuple[Mark, str]) -> tuple[int, int, str]:
    mark, key = item
    return mark.line, mark.column, key


def _line(mark: Mark, key: str, what: str) -> str:
    place = f"{mark}: " if mark.file else ""
    named = f"{key}: " if key else ""
    return f"{place}{named}{what}".replace("\n", " ")
