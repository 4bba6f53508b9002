"""What every action has in common: declared keys, from which files are read and written.

Durations are whole days, money is whole US cents, people and vehicles are whole numbers.
"""

import datetime
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Self

from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import FieldReader, ReadingContext
from teritwa.scenario.reader.values import Quantity, read_value
from teritwa.scenario.reader.yaml_tree import Node

PEOPLE_AT_MOST = 1_000_000
"""Largest number of people or things that one action can name."""

_OFFICERS = Quantity("officers", 1, PEOPLE_AT_MOST, integral=True)


@dataclass(frozen=True, slots=True)
class ActionKey:
    """One key of an action: what it means, and how it is read from a file and written to one."""

    meaning: str
    read: Callable[[FieldReader, str], Any]
    write: Callable[[Any], object] = lambda value: value


@dataclass(frozen=True)
class Action(ABC):
    """What an event does to the records of a run.

    A subclass declares its keys as fields, with the functions below. None stands for a key that
    is not given and leaves things as they are.
    """

    key: ClassVar[str]
    """The action's key in a scenario file."""

    @classmethod
    def keys(cls) -> Mapping[str, ActionKey]:
        """Return the declared keys by name, in order."""
        return {one.name: one.metadata["key"] for one in fields(cls) if "key" in one.metadata}

    @classmethod
    def read(cls, context: ReadingContext, node: Node, path: str) -> Self:
        """Return the action that a node of a file describes; mistakes are noted in ``context``."""
        reader = FieldReader(context, node, path, tuple(cls.keys()))
        cls.check(reader)
        return cls(**{name: key.read(reader, name) for name, key in cls.keys().items()})

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note the mistakes that no key shows by itself; most actions have none."""

    def written(self) -> dict[str, object]:
        """Return the keys and values as a file gives them; what is not given is left out."""
        given = ((name, key, getattr(self, name)) for name, key in self.keys().items())
        return {
            name: key.write(value)
            for name, key, value in given
            if value is not None and not self.implied(name, value)
        }

    def wrong_dates(self, date: datetime.date | None) -> tuple[tuple[str, str], ...]:
        """Return the keys whose date contradicts that of the event, each with what is wrong.

        Args:
            date: The last day on which the event may happen; None if it has no date.
        """
        return ()

    def implied(self, name: str, value: object) -> bool:
        """Whether a value follows from the others, so that a file must not state it."""
        return False

    @property
    def officers_sent(self) -> int:
        """The most officers who may form new units because of the action."""
        return 0

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action gives a new value, in words; most actions only add to things.

        Args:
            mission: The ids of the mission's contingents, which ``all`` stands for.
        """
        return frozenset()

    @property
    def adds_to(self) -> frozenset[str]:
        """What the action adds to and another may set, in the words of `sets`."""
        return frozenset()

    @abstractmethod
    def label(self) -> str:
        """Return a few words about the action, for a picture."""

    @abstractmethod
    def apply(self, run: RunRecords) -> None:
        """Change the records of a run as the action says."""


def action_key(key: ActionKey, default: Any = MISSING) -> Any:
    """Declare a key of an action; a default is what the action has where the key is not given."""
    return field(metadata={"key": key}, default=default)


def known_name(kind: str, word: str, meaning: str, also: frozenset[str] = frozenset()) -> Any:
    """Declare a required key that names one thing of the world.

    Args:
        kind: Attribute of `Vocabulary` that holds the names, such as ``contingents``.
        word: What such a thing is called in a message, such as ``contingent``.
        meaning: What the key means.
        also: Further words that are allowed.
    """

    def read(reader: FieldReader, key: str) -> str:
        names: frozenset[str] = getattr(reader.context.vocabulary, kind)
        return reader.one_of(key, names | also, word)

    return action_key(ActionKey(meaning, read))


def known_names(kind: str, word: str, meaning: str) -> Any:
    """Declare a required key that lists things of the world; arguments as for `known_name`."""

    def read(reader: FieldReader, key: str) -> tuple[str, ...]:
        return reader.some_of(key, getattr(reader.context.vocabulary, kind), word)

    return action_key(ActionKey(meaning, read))


def officers_key(meaning: str) -> Any:
    """Declare a required number of officers, which may be a distribution."""

    def read(reader: FieldReader, key: str) -> int | Distribution:
        node = reader.node(key, required=True)
        if node is None:
            return 1
        value, _ = read_value(reader.context, node, reader.at(key), _OFFICERS)
        return value if isinstance(value, Distribution) else int(value)

    return action_key(ActionKey(meaning, read))


def integer_key(meaning: str, lowest: int = 1, default: int | None = None) -> Any:
    """Declare a whole number of people or things; required without a default."""

    def read(reader: FieldReader, key: str) -> int:
        return reader.integer(key, lowest, PEOPLE_AT_MOST, default)

    return action_key(ActionKey(meaning, read), MISSING if default is None else default)


def optional_integer_key(meaning: str, lowest: int = 1) -> Any:
    """Declare a whole number of people or things that need not be given."""

    def read(reader: FieldReader, key: str) -> int | None:
        given = key in reader.items
        return reader.integer(key, lowest, PEOPLE_AT_MOST) if given else None

    return action_key(ActionKey(meaning, read), None)


def days_key(meaning: str, lowest: int = 0, *, required: bool = False) -> Any:
    """Declare a duration in whole days; it must be given if it is required or cannot be zero."""

    def read(reader: FieldReader, key: str) -> int:
        return reader.days(key, lowest, required)

    default = MISSING if required or lowest > 0 else 0
    return action_key(ActionKey(meaning, read, lambda days: f"{days} days"), default)


def optional_days_key(meaning: str) -> Any:
    """Declare a duration in whole days that need not be given."""

    def read(reader: FieldReader, key: str) -> int | None:
        return reader.days(key) if key in reader.items else None

    return action_key(ActionKey(meaning, read, lambda days: f"{days} days"), None)


def money_key(meaning: str) -> Any:
    """Declare an amount in US cents that need not be given."""

    def read(reader: FieldReader, key: str) -> int | None:
        return reader.money(key)

    return action_key(ActionKey(meaning, read, scalars.write_money), None)


def share_key(meaning: str) -> Any:
    """Declare a share from 0 to 1 that need not be given."""

    def read(reader: FieldReader, key: str) -> float | None:
        return reader.share(key) if key in reader.items else None

    return action_key(ActionKey(meaning, read), None)


def switch_key(meaning: str, *, required: bool = True) -> Any:
    """Declare a value that is true or false."""

    def read(reader: FieldReader, key: str) -> bool | None:
        return reader.switch(key) if required or key in reader.items else None

    return action_key(ActionKey(meaning, read), MISSING if required else None)


def word_key(allowed: tuple[str, ...], word: str, meaning: str) -> Any:
    """Declare a key that is one of some words and need not be given.

    Args:
        allowed: The words.
        word: What they are called in a message, such as ``posture``.
        meaning: What the key means.
    """

    def read(reader: FieldReader, key: str) -> str | None:
        return reader.one_of(key, allowed, word) if key in reader.items else None

    return action_key(ActionKey(meaning, read), None)


def require_one(reader: FieldReader, keys: tuple[str, ...], missing: str) -> None:
    """Note a mistake where none of the keys is given, of which at least one is needed.

    Args:
        reader: The reader of the action's map.
        keys: The keys of which one is needed.
        missing: What is missing, in words such as ``no amount``.
    """
    if not any(key in reader.items for key in keys) and not reader.unknown:
        allowed = f"allowed: at least one of {', '.join(keys)}"
        reader.context.wrong(reader.mark, reader.path, f"{missing} is given, {allowed}")


def title_of(identity: str) -> str:
    """Write an id as a name: ``old-harbour`` is Old Harbour, ``quay-24-30`` is Quay 24-30."""
    return re.sub(r"-(?!\d)|(?<!\d)-", " ", identity).title()


def officers_in_words(officers: int | Distribution) -> str:
    """Write a number of officers, or the range of a distribution."""
    if isinstance(officers, int):
        return f"{officers:,}"
    low, high = officers.support
    return f"{low:,.0f} to {high:,.0f}"
