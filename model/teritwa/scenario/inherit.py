"""The files of a scenario, and the one tree that results when each child overrides its parent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from teritwa.engine.files import read_limited
from teritwa.scenario.actions import ACTIONS
from teritwa.scenario.events import TIMING
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import kind_of, scalar_text, unquoted_text
from teritwa.scenario.reader.problems import Problems
from teritwa.scenario.reader.values import is_value
from teritwa.scenario.reader.yaml_tree import (
    SIZE_AT_MOST,
    Mapping,
    Node,
    RefusedError,
    Scalar,
    Sequence,
    decode,
    parse,
)

SCHEMA = 2
CHAIN_AT_MOST = 8

# These say what one file is; a child does not take them over.
OWN = ("schema", "id", "title", "question", "background", "extends", "compare_with")
_HERE = Path(__file__).resolve()


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: in the wheel, or in the checkout."""
    installed = _HERE.parents[1] / "shipped"
    return installed if installed.is_dir() else _HERE.parents[3] / "scenarios"


def shipped() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package, sorted."""
    return tuple(sorted(path.stem for path in shipped_folder().glob("*.yaml")))


@dataclass(slots=True)
class Chain:
    """The files of a scenario, the child first; ``folders`` has the folder of each file."""

    problems: Problems
    home: Path
    files: list[Path] = field(default_factory=list)
    trees: list[Mapping] = field(default_factory=list)
    folders: dict[str, Path] = field(default_factory=dict)

    def add(self, text: str, path: Path, name: str) -> None:
        """Read one file and then its parents; raise RefusedError if one cannot be read."""
        tree = parse(text, name, self.problems)
        _check_schema(tree, self.problems)
        self.files.append(path)
        self.trees.append(_with_ids(tree, self.problems))
        self.folders[name] = path.parent
        node = tree.items.get("extends")
        if node is not None:
            self._add_parent(node, path, name)

    def _add_parent(self, node: Node, path: Path, name: str) -> None:
        try:
            word = scalar_text(node, "a path or a shipped name")
            parent = self._find(word, path.parent)
            if parent in self.files:
                names = [file.name for file in [*self.files[self.files.index(parent) :], parent]]
                raise ValueError(
                    f"the scenarios extend each other in a circle: {' extends '.join(names)}"
                )
            if len(self.files) >= CHAIN_AT_MOST:
                raise ValueError(f"more than {CHAIN_AT_MOST} scenarios in a row")
            data = read_limited(parent, SIZE_AT_MOST)
        except (ValueError, OSError) as error:
            self.problems.add(node.mark, "extends", reason_of(error))
            raise RefusedError from None
        shown = str(Path(name).parent / word) if word not in shipped() else str(parent)
        self.problems.file(shown)
        self.add(decode(data, shown, self.problems), parent, shown)

    def _find(self, word: str, folder: Path) -> Path:
        """Return a parent's file; raise ValueError if it is missing or not at home."""
        if word in shipped():
            return (shipped_folder() / f"{word}.yaml").resolve()
        if len(word) > 500 or "\0" in word:
            raise ValueError("the path is too long or is not a path")
        found = relative_to(folder, word, "a path from this file's folder")
        if not any(found.is_relative_to(root.resolve()) for root in (self.home, shipped_folder())):
            raise ValueError(f"{word!r} leaves the scenario's folder, which is not allowed")
        if not found.exists():
            near = self.problems.near(Path(word).stem, shipped())
            raise ValueError(f"no file {word!r} here and no shipped scenario of that name, {near}")
        return found


def relative_to(folder: Path, word: str, advice: str) -> Path:
    """Return a path that a file gives relative to a folder.

    Raises:
        ValueError: If it is not a relative path; the message ends with advice what to write.
    """
    if Path(word).is_absolute() or word.startswith("~"):
        raise ValueError(f"{word[:200]!r} is not a relative path, write {advice}")
    return (folder / word).resolve()


def reason_of(error: ValueError | OSError) -> str:
    """Return why a file that a scenario names is not read: what is wrong with its path, or it."""
    if isinstance(error, OSError):
        return f"{Path(error.filename).name[:200]!r} cannot be read: {error.strerror}"
    return str(error)


def merged(trees: Iterable[Mapping]) -> Mapping:
    """Return one tree from a chain, the child first; each node keeps the place it came from."""
    first, *parents = trees
    lower: Mapping | None = None
    for tree in reversed([first, *parents]):
        inherited = (
            {}
            if lower is None
            else {key: lower.items[key] for key in lower.items if key not in OWN}
        )
        keys = {} if lower is None else lower.keys
        base = Mapping(tree.mark, inherited, keys)
        lower = _over(tree, base)
    return first if lower is None else _without_drops(lower)


def _without_drops(tree: Mapping) -> Mapping:
    node = tree.items.get("events")
    if not isinstance(node, Sequence):
        return tree
    kept = tuple(item for item in node.items if not (isinstance(item, Mapping) and _drops(item)))
    return Mapping(tree.mark, {**tree.items, "events": Sequence(node.mark, kept)}, tree.keys)


def _over(child: Mapping, parent: Mapping) -> Mapping:
    items = dict(parent.items)
    for key, node in child.items.items():
        items[key] = _merge(node, items[key]) if key in items else node
    return Mapping(child.mark, items, {**parent.keys, **child.keys})


def _merge(child: Node, parent: Node) -> Node:
    """Return a child's node over its parent's: maps by key, events by id, all else replaced."""
    if isinstance(child, Mapping) and isinstance(parent, Mapping):
        return child if is_value(child) or is_value(parent) else _over(child, parent)
    if isinstance(child, Sequence) and isinstance(parent, Sequence):
        return _merge_by_id(child, parent)
    return child


def _merge_by_id(child: Sequence, parent: Sequence) -> Sequence:
    items = dict(_ids(parent))
    if not items or not _ids(child):
        return child
    for name, node in _ids(child).items():
        if name in items and not _drops(node):
            items[name] = _over(node, _without_rivals(node, items[name]))
        else:
            items[name] = node
    return Sequence(child.mark, tuple(items.values()))


def _without_rivals(child: Mapping, parent: Mapping) -> Mapping:
    """Return a parent's event without what the child replaces as a whole: action or time."""
    gone = _rivals(child, ACTIONS)
    if _rivals(child, TIMING) != set(TIMING) - {"delay"}:  # a delay alone replaces no other time
        gone |= _rivals(child, TIMING)
    kept = {key: node for key, node in parent.items.items() if key not in gone}
    return Mapping(parent.mark, kept, parent.keys)


def _rivals(child: Mapping, group: Iterable[str]) -> set[str]:
    """Return the keys of a group that a child leaves out, if it gives one of them."""
    absent = {key for key in group if key not in child.items}
    return absent if len(absent) < len(tuple(group)) else set()


def _ids(node: Sequence) -> dict[str, Mapping]:
    found = {}
    for item in node.items:
        name = item.items.get("id") if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and isinstance(name, Scalar):
            found[name.text] = item
    return found


def _drops(node: Mapping) -> bool:
    return "drop" in node.items


def _check_schema(tree: Mapping, problems: Problems) -> None:
    node = tree.items.get("schema")
    if node is None:
        problems.add(tree.mark, "schema", f"missing, this key is required; write schema: {SCHEMA}")
        return
    try:
        number = scalars.to_integer(scalars.read_number(unquoted_text(node, f"{SCHEMA}")))
        if number > SCHEMA:
            raise ValueError(
                f"{number} is newer than this version reads, at most {SCHEMA}; update teritwa"
            )
        if number < SCHEMA:
            raise ValueError(
                f"{number} is an earlier schema, write schema: {SCHEMA}; keys have new names"
            )
    except ValueError as error:
        problems.add(node.mark, "schema", str(error))


def _with_ids(tree: Mapping, problems: Problems) -> Mapping:
    """Return the tree with only those events that can be told apart; the others are noted."""
    node = tree.items.get("events")
    if not isinstance(node, Sequence):
        return tree
    kept: dict[str, Node] = {}
    for item in node.items:
        name = item.items.get("id") if isinstance(item, Mapping) else None
        if not isinstance(item, Mapping):
            problems.add(
                item.mark,
                "events",
                f"{kind_of(item)} is given, allowed: an event with id and action",
            )
        elif not isinstance(name, Scalar) or name.empty:
            problems.add(item.mark, "events", "an event has no id, this key is required")
        elif name.text in kept:
            problems.add(
                name.mark, f"events.{name.text}", "an event of this id stands already in this file"
            )
        else:
            kept[name.text] = item
    return Mapping(
        tree.mark, {**tree.items, "events": Sequence(node.mark, tuple(kept.values()))}, tree.keys
    )


def check_drops(trees: Iterable[Mapping], problems: Problems) -> None:
    """Note each ``drop`` that is not just true, or drops what is not inherited."""
    standing: set[str] = set()
    for tree in reversed(list(trees)):
        node = tree.items.get("events")
        for name, item in _ids(node).items() if isinstance(node, Sequence) else ():
            if not _drops(item):
                standing.add(name)
                continue
            _check_drop(name, item, standing, problems)
            standing.discard(name)


def _check_drop(name: str, item: Mapping, standing: set[str], problems: Problems) -> None:
    drop = item.items["drop"]
    path = f"events.{name}.drop"
    if not isinstance(drop, Scalar) or drop.text != "true" or not drop.plain:
        problems.add(drop.mark, path, "allowed: true, or leave the key out to keep the event")
    elif len(item.items) > 2:
        problems.add(
            item.keys["drop"], path, "an event that is dropped has no other keys than id and drop"
        )
    elif name not in standing:
        near = problems.near(name, standing)
        problems.add(
            item.mark, f"events.{name}", f"there is no inherited event of this id to drop, {near}"
        )
