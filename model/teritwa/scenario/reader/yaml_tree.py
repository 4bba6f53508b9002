"""A scenario file as a tree of nodes that know their line and column.

PyYAML's event stream is read rather than its objects: composing crashes on deep nesting, forgets
anchors and lets the last of two equal keys win. Scalars stay text here; `scalars` reads them by our
own rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from teritwa.engine.files import CONTROL_CHARACTER
from teritwa.scenario.reader.problems import Mark, Problems

SIZE_AT_MOST = 256 * 1024
"""The largest scenario file that is read (bytes)."""

DEPTH_AT_MOST = 32

_TAB = re.compile(r"^ *\t", re.MULTILINE)
_KEY_AT_MOST = 200


@dataclass(frozen=True)
class Scalar:
    """A single value as written; ``plain`` is false for text in quotes or in a block."""

    mark: Mark
    text: str
    plain: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing is given (YAML's null)."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True)
class Sequence:
    """A list of nodes."""

    mark: Mark
    items: "tuple[Node, ...]"


@dataclass(frozen=True)
class Mapping:
    """Keys with their nodes, in the order of the file; ``keys`` says where each key stands."""

    mark: Mark
    items: "dict[str, Node]"
    keys: dict[str, Mark] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


class RefusedError(Exception):
    """Reading stops here: what is wrong has been noted."""


def decode(data: bytes, name: str, problems: Problems) -> str:
    """Return the text of a file; note why, and raise RefusedError, if it is not UTF-8."""
    top = Mark(name, 1, 1)
    if b"\0" in data:
        problems.add(top, "", "a binary file, not a scenario; a scenario is UTF-8 text in YAML")
        raise RefusedError
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        where = _mark_after(name, before)
        problems.add(
            where, "", f"byte 0x{data[error.start]:02x} is not UTF-8 text; save the file as UTF-8"
        )
        raise RefusedError from None


def parse(text: str, name: str, problems: Problems) -> Mapping:
    """Return the tree of one file; note why, and raise RefusedError, if it is not a map."""
    problems.file(name)
    _check_characters(text, name, problems)
    try:
        node = _Builder(name, problems).document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        problems.add(
            _mark_of_error(name, error), "", f"not readable as YAML: {_words_of_error(error)}"
        )
        raise RefusedError from None
    if not isinstance(node, Mapping):
        problems.add(
            node.mark, "", "a scenario is a map of keys, such as schema, id, title and events"
        )
        raise RefusedError
    return node


def _check_characters(text: str, name: str, problems: Problems) -> None:
    odd = CONTROL_CHARACTER.search(text)
    if odd:
        code = ord(odd.group()[0])
        where = _mark_after(name, text[: odd.start()])
        problems.add(
            where, "", f"control character U+{code:04X} is not allowed; a scenario is plain text"
        )
        raise RefusedError
    tab = _TAB.search(text)
    if tab:
        where = _mark_after(name, text[: tab.end() - 1])
        problems.add(where, "", "a tab is used for indentation; YAML allows spaces only")
        raise RefusedError


class _Builder:
    """Builds nodes from events and counts their depth, so that it never recurses far."""

    def __init__(self, name: str, problems: Problems) -> None:
        self._name = name
        self._problems = problems
        self._depth = 0

    def document(self, events: Iterator[Any]) -> Node:
        """Return the only document's node; raise RefusedError if there is none or more than one."""
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._refuse(event, "a second document begins; a scenario file holds one")
                node = self._node(next(events), events)
        if node is None or (isinstance(node, Scalar) and node.empty):
            self._problems.add(
                Mark(self._name, 1, 1), "", "the file is empty; a scenario begins with schema: 2"
            )
            raise RefusedError
        return node

    def _node(self, event: Any, events: Iterator[Any]) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"alias *{event.anchor} is not allowed; write the value again")
        if event.anchor is not None:
            self._refuse(
                event, f"anchor &{event.anchor} is not allowed; use extends to share values"
            )
        if event.tag is not None:
            self._refuse(event, f"tag {event.tag} is not allowed; values are plain")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(self._mark(event), event.value, not event.style)
        self._depth += 1
        if self._depth > DEPTH_AT_MOST:
            self._refuse(event, f"nested deeper than {DEPTH_AT_MOST} levels")
        built = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
        node = built(event, events)
        self._depth -= 1
        return node

    def _sequence(self, start: Any, events: Iterator[Any]) -> Node:
        items = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events))
        return Sequence(self._mark(start), tuple(items))

    def _mapping(self, start: Any, events: Iterator[Any]) -> Node:
        items: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events)
            if not isinstance(key, Scalar) or len(key.text) > _KEY_AT_MOST:
                self._refuse(event, f"a key is one word of at most {_KEY_AT_MOST} letters")
            value = self._node(next(events), events)
            if key.text in items:
                first = keys[key.text].line
                self._problems.add(
                    key.mark, key.text, f"given twice, first in line {first}; a key stands once"
                )
                continue
            items[key.text] = value
            keys[key.text] = key.mark
        return Mapping(self._mark(start), items, keys)

    def _mark(self, event: Any) -> Mark:
        return Mark(self._name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: Any, what: str) -> NoReturn:
        self._problems.add(self._mark(event), "", what)
        raise RefusedError


def _mark_after(name: str, before: str) -> Mark:
    return Mark(name, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _mark_of_error(name: str, error: yaml.YAMLError) -> Mark:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Mark(name, mark.line + 1, mark.column + 1) if mark else Mark(name, 1, 1)


def _words_of_error(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    return f"{problem} ({context})" if context else problem
