"""Reading the keys of one map: each mistake is noted where it stands, and reading goes on."""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from teritwa.engine.dates import read_date
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.problems import Mark, Problems
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Scalar, Sequence
from teritwa.scenario.vocabulary import Vocabulary

RENAMED: MappingOf[str, str] = {
    "becomes": "type",
    "chance": "probability",
    "clock": "period",
    "on": "date",
    "over": "duration",
    "repeats": "replicates",
    "says": "background",
    "times": "multiply_by",
}
"""Keys of schema 1 with those that have taken their place."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class ReadingContext:
    """What reading a scenario needs at hand.

    ``problems`` takes the mistakes, ``vocabulary`` has the names that may be used, ``events`` the
    ids of the scenario's own events, and ``origin`` the file and line of each value, by path.
    """

    problems: Problems
    vocabulary: Vocabulary
    events: frozenset[str] = frozenset()
    origin: dict[str, str] = field(default_factory=dict)

    def wrong(self, mark: Mark, path: str, what: str) -> None:
        """Note a mistake at a place; ``path`` is the dotted path of the key."""
        self.problems.add(mark, path, what)

    def note_origin(self, path: str, mark: Mark) -> None:
        """Remember the file and line that a value came from."""
        if mark.file:
            name = mark.file.replace(chr(92), "/").rsplit("/", 1)[-1]
            self.origin[path] = f"{name}:{mark.line}"


def kind_of(node: Node) -> str:
    """Return what a node is, in a user's words."""
    if isinstance(node, Mapping):
        return "a map"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.empty else f"{node.text[:40]!r}"


def scalar_text(node: Node, wanted: str) -> str:
    """Return the text of a single value.

    Args:
        node: The node that should be a single value.
        wanted: What may be written there, for the message.

    Raises:
        ValueError: If the node is a map, a list or nothing.
    """
    if not isinstance(node, Scalar) or node.empty:
        raise ValueError(f"{kind_of(node)} is given, allowed: {wanted}")
    return node.text


def unquoted_text(node: Node, wanted: str) -> str:
    """Return the text of a value that must not stand in quotes, such as a plain number.

    Raises:
        ValueError: If the node is not a single value, or stands in quotes.
    """
    text = scalar_text(node, wanted)
    if isinstance(node, Scalar) and not node.plain:
        raise ValueError(f"{text[:40]!r} in quotes is text, allowed: {wanted}, without quotes")
    return text


class FieldReader:
    """The keys of one map, read one by one.

    Keys that are not allowed are noted at once. A key that is missing or a mistake gives a
    harmless value, so that reading goes on and finds the other mistakes.

    Args:
        context: Where mistakes are noted, and the names that may be used.
        node: The map.
        path: The dotted path of the map in the scenario; empty for the scenario itself.
        keys: The keys that are allowed.
    """

    def __init__(self, context: ReadingContext, node: Node, path: str, keys: Iterable[str]) -> None:
        self.context = context
        self.path = path
        self.mark = node.mark
        self.allowed = tuple(keys)
        self._is_map = isinstance(node, Mapping)
        self.items = node.items if isinstance(node, Mapping) else {}
        self.keys = node.keys if isinstance(node, Mapping) else {}
        if not self._is_map:
            what = f"{kind_of(node)} is given, allowed: a map of {', '.join(self.allowed)}"
            context.wrong(node.mark, path, what)
        self.unknown = [key for key in self.items if key not in self.allowed]
        self._misspelt: set[str] = set()
        for key in self.unknown:
            self._note_unknown(key)

    def _note_unknown(self, key: str) -> None:
        """Note a key that is not allowed, with the one that may have been meant."""
        problems = self.context.problems
        new = RENAMED.get(key)
        if new in self.allowed:
            what, meant = f"this key is called {new!r} since schema 2", new
        else:
            what = f"unknown key, {problems.near(key, self.allowed)}"
            meant = problems.nearest(key, self.allowed)
        self.context.wrong(self.keys[key], self.at(key), what)
        self._misspelt.add(meant)

    def at(self, key: str) -> str:
        """Return the dotted path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def node(self, key: str, required: bool = False) -> Node | None:
        """Return a key's node; note a required key that is missing, unless it is misspelt."""
        node = self.items.get(key)
        if node is not None:
            # The key's place, not the value's: a value may begin on the line below.
            self.context.note_origin(self.at(key), self.keys[key])
        elif required and self._is_map and key not in self._misspelt:
            self.context.wrong(self.mark, self.at(key), "missing, this key is required")
        return node

    def wrong(self, key: str, what: str) -> None:
        """Note a mistake in the value of a key."""
        node = self.items.get(key)
        self.context.wrong(node.mark if node is not None else self.mark, self.at(key), what)

    def read(self, key: str, read: Callable[[Node], _T], default: _T, required: bool = False) -> _T:
        """Return what a function makes of a key's node.

        Args:
            key: The key.
            read: Turns the node into a value, or raises ValueError with what is wrong.
            default: What is returned where the key is missing or a mistake.
            required: Whether a missing key is a mistake.
        """
        node = self.node(key, required)
        if node is None:
            return default
        try:
            return read(node)
        except ValueError as error:
            self.wrong(key, str(error))
            return default

    def text(self, key: str, required: bool = False) -> str:
        """Return text for people ('' if there is none)."""
        return self.read(key, lambda node: _text(node, required), "", required)

    def name(self, key: str, required: bool = False) -> str:
        """Return an id in kebab case."""
        return self.read(key, _name, "", required)

    def switch(self, key: str) -> bool:
        """Return a required true or false."""
        return self.read(key, _switch, False, True)

    def day(self, key: str) -> date | None:
        """Return a date, or None."""
        return self.read(key, lambda node: read_date(scalar_text(node, "a date")), None)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number from ``low`` to ``high``; required where there is no default."""
        given = low if default is None else default
        return self.read(key, lambda node: _integer(node, low, high), given, default is None)

    def number(self, key: str, low: float, high: float) -> float:
        """Return a required number from ``low`` to ``high``."""
        return self.read(
            key,
            lambda node: scalars.read_between(unquoted_text(node, "a number"), low, high),
            low,
            True,
        )

    def share(self, key: str, default: float | None = None) -> float:
        """Return a share from 0 to 1, written 0.3 or 30 %; required where there is no default."""
        return self.read(key, _share, 0.0 if default is None else default, default is None)

    def days(self, key: str, at_least: int = 0, required: bool = False) -> int:
        """Return a duration in whole days; required if it is said to be, or cannot be 0."""
        needed = required or at_least > 0
        return self.read(key, lambda node: _days(node, at_least), at_least, needed)

    def money(self, key: str) -> int | None:
        """Return an amount in US cents, or None."""
        return self.read(
            key, lambda node: scalars.read_money(scalar_text(node, "US dollars")), None
        )

    def one_of(self, key: str, names: Iterable[str], what: str) -> str:
        """Return a required name out of those allowed; ``what`` is the word for such a thing."""
        return self.read(key, lambda node: self._known(node, names, what), "", True)

    def some_of(self, key: str, names: frozenset[str], what: str) -> tuple[str, ...]:
        """Return a required list of allowed names, sorted; each mistake is noted at its item."""
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
                    raise ValueError(f"{what} {name!r} is named twice")
                found.append(name)
            except ValueError as error:
                self.context.wrong(item.mark, self.at(key), str(error))
        return tuple(sorted(found))

    def _known(self, node: Node, names: Iterable[str], what: str) -> str:
        word = scalar_text(node, f"a {what}")
        if word not in names:
            near = self.context.problems.near(word, names)
            raise ValueError(f"unknown {what} {word[:80]!r}, {near}")
        return word


def _text(node: Node, required: bool) -> str:
    text = scalars.printable(scalar_text(node, "text"))
    if required and not text:
        raise ValueError("the text is empty, a few words are needed")
    return text


def _name(node: Node) -> str:
    return scalars.read_name(scalar_text(node, "an id"))


def _switch(node: Node) -> bool:
    return scalars.read_switch(unquoted_text(node, "true or false"))


def _integer(node: Node, low: int, high: int) -> int:
    value = scalars.to_integer(scalars.read_number(unquoted_text(node, "a whole number")))
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
        given = node.text[:40] if isinstance(node, Scalar) else kind_of(node)
        raise ValueError(f"{given} is outside what is allowed, 0 to 1 (or 0 % to 100 %)")
    return share


def _days(node: Node, at_least: int) -> int:
    text = scalar_text(node, "a duration such as 60 days")
    days = scalars.to_integer(scalars.read_duration(text))
    if days < at_least:
        raise ValueError(f"{days} days are too few, at least {at_least}")
    return days
