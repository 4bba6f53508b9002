"""Reading the keys of one map: each mistake is noted where it stands and a harmless value put there."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.problems import Mark, Problems
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Scalar, Sequence
from teritwa.scenario.vocabulary import Known

TEXT_AT_MOST = 4000
_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """What reading a scenario needs at hand: where mistakes go, the names known, and the events' own ids."""

    problems: Problems
    known: Known
    events: frozenset[str] = frozenset()
    origin: dict[str, str] = field(default_factory=dict)

    def wrong(self, mark: Mark, path: str, what: str) -> None:
        """Note a mistake."""
        self.problems.add(mark, path, what)

    def note_origin(self, path: str, mark: Mark) -> None:
        """Remember the file and line that a value came from."""
        if mark.file:
            self.origin[path] = f"{mark.file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{mark.line}"


def kind_of(node: Node) -> str:
    """Return what a node is, in a user's words."""
    if isinstance(node, Mapping):
        return "a map"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.empty else f"{node.text[:40]!r}"


def scalar_text(node: Node, wanted: str) -> str:
    """Return the text of a single value; raise ValueError if it is a map, a list or nothing."""
    if not isinstance(node, Scalar) or node.empty:
        raise ValueError(f"{kind_of(node)} is given, allowed: {wanted}")
    return node.text


def unquoted_text(node: Node, wanted: str) -> str:
    """Return the text of a value that must not stand in quotes, such as a plain number."""
    text = scalar_text(node, wanted)
    if isinstance(node, Scalar) and not node.plain:
        raise ValueError(f"{text[:40]!r} in quotes is text, allowed: {wanted}, without quotes")
    return text


def printable(text: str) -> str:
    """Return text for people; raise ValueError for control characters or too much of it."""
    if len(text) > TEXT_AT_MOST:
        raise ValueError(f"{len(text):,} characters are too many, at most {TEXT_AT_MOST:,}")
    for letter in text:
        if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Zl", "Zp"):
            raise ValueError(f"control character U+{ord(letter):04X} is not allowed in text")
    return text.strip()


class Form:
    """The keys of one map, read one by one; keys that are not allowed are noted when it is opened."""

    def __init__(self, reading: Reading, node: Node, path: str, keys: Iterable[str]) -> None:
        self.reading = reading
        self.path = path
        self.mark = node.mark
        self._meant: set[str] = set()
        self._whole = isinstance(node, Mapping)
        self.items = node.items if isinstance(node, Mapping) else {}
        self.keys = node.keys if isinstance(node, Mapping) else {}
        self.allowed = tuple(keys)
        if not isinstance(node, Mapping):
            self.reading.wrong(node.mark, path, f"{kind_of(node)} is given, allowed: a map of {', '.join(keys)}")
        self.strange = [key for key in self.items if key not in self.allowed]
        self._check_keys()

    def _check_keys(self) -> None:
        problems = self.reading.problems
        for key in self.strange:
            self.reading.wrong(self.keys[key], self.at(key), f"unknown key, {problems.near(key, self.allowed)}")
            self._meant.add(problems.nearest(key, self.allowed))

    def at(self, key: str) -> str:
        """Return the dotted path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def node(self, key: str, required: bool = False) -> Node | None:
        """Return a key's node; note a required key that is missing, unless a misspelt one was noted."""
        node = self.items.get(key)
        if node is not None:
            # The key's place, not the value's: a value may begin on the line below.
            self.reading.note_origin(self.at(key), self.keys[key])
        elif required and self._whole and key not in self._meant:
            self.reading.wrong(self.mark, self.at(key), "missing, this key is required")
        return node

    def wrong(self, key: str, what: str) -> None:
        """Note a mistake in the value of a key."""
        node = self.items.get(key)
        self.reading.wrong(node.mark if node is not None else self.mark, self.at(key), what)

    def read(self, key: str, reader: Callable[[Node], _T], otherwise: _T, required: bool = False) -> _T:
        """Return what the reader makes of a key's node; ``otherwise`` if it is missing or a mistake."""
        node = self.node(key, required)
        if node is None:
            return otherwise
        try:
            return reader(node)
        except ValueError as error:
            self.wrong(key, str(error))
            return otherwise

    def text(self, key: str, required: bool = False) -> str:
        """Return text for people ('' if there is none)."""
        return self.read(key, lambda node: _text(node, required), "", required)

    def name(self, key: str, required: bool = False) -> str:
        """Return an id in kebab case."""
        return self.read(key, lambda node: scalars.read_name(scalar_text(node, "an id")), "", required)

    def switch(self, key: str) -> bool:
        """Return a required true or false."""
        return self.read(key, lambda node: scalars.read_switch(unquoted_text(node, "true or false")), False, True)

    def day(self, key: str) -> date | None:
        """Return a date, or None."""
        return self.read(key, lambda node: scalars.read_date(scalar_text(node, "a date")), None)

    def whole(self, key: str, low: int, high: int, otherwise: int | None = None) -> int:
        """Return a whole number from low to high; required where there is nothing otherwise."""
        given = low if otherwise is None else otherwise
        return self.read(key, lambda node: _whole(node, low, high), given, otherwise is None)

    def share(self, key: str, otherwise: float | None = None) -> float:
        """Return a share from 0 to 1, written 0.3 or 30 %; required where there is nothing otherwise."""
        return self.read(key, _share, 0.0 if otherwise is None else otherwise, otherwise is None)

    def days(self, key: str, at_least: int = 0, required: bool = False) -> int:
        """Return a whole duration in days; required if it is said to be or cannot be 0."""
        return self.read(key, lambda node: _days(node, at_least), at_least, required or at_least > 0)

    def money(self, key: str) -> int | None:
        """Return an amount in US cents, or None."""
        return self.read(key, lambda node: scalars.read_money(scalar_text(node, "US dollars")), None)

    def one_of(self, key: str, names: Iterable[str], what: str) -> str:
        """Return a required name out of those known."""
        return self.read(key, lambda node: self._known(node, names, what), "", True)

    def some_of(self, key: str, names: frozenset[str], what: str) -> tuple[str, ...]:
        """Return a required list of known names, sorted; each mistake is noted at its item."""
        node = self.node(key, required=True)
        if node is None:
            return ()
        if not isinstance(node, Sequence) or not node.items:
            self.wrong(key, f"{kind_of(node)} is given, allowed: a list of {what}s, such as [a, b]")
            return ()
        found: list[str] = []
        for item in node.items:
            try:
                name = self._known(item, names, what)
                if name in found:
                    raise ValueError(f"{what} {name!r} stands twice")
                found.append(name)
            except ValueError as error:
                self.reading.wrong(item.mark, self.at(key), str(error))
        return tuple(sorted(found))

    def _known(self, node: Node, names: Iterable[str], what: str) -> str:
        word = scalar_text(node, f"a {what}")
        if word not in names:
            raise ValueError(f"unknown {what} {word[:80]!r}, {self.reading.problems.near(word, names)}")
        return word


def _text(node: Node, required: bool) -> str:
    text = printable(scalar_text(node, "text"))
    if required and not text:
        raise ValueError("the text is empty, a few words are needed")
    return text


def _whole(node: Node, low: int, high: int) -> int:
    value = scalars.whole(scalars.read_number(unquoted_text(node, "a whole number")))
    if not low <= value <= high:
        raise ValueError(f"{value:,} is outside what is allowed, {low:,} to {high:,}")
    return value


def _share(node: Node) -> float:
    value, unit = scalars.read_quantity(scalar_text(node, "a share from 0 to 1"))
    if unit not in ("", "%"):
        raise ValueError(f"unit {unit!r} is unknown, write a share such as 0.3 or 30 %")
    if not unit:
        unquoted_text(node, "a share from 0 to 1")
    share = float(value / 100 if unit else value)
    if not 0 <= share <= 1:
        raise ValueError(f"{node_text(node)} is outside what is allowed, 0 to 1 (or 0 % to 100 %)")
    return share


def _days(node: Node, at_least: int) -> int:
    days = scalars.whole(scalars.read_duration(scalar_text(node, "a duration such as 60 days")))
    if days < at_least:
        raise ValueError(f"{days} days are too few, at least {at_least}")
    return days


def node_text(node: Node) -> str:
    """Return a single value as written, for a message."""
    return node.text[:40] if isinstance(node, Scalar) else kind_of(node)
