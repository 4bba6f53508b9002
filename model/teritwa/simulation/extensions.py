"""Extensions: rules outside the package, each a file of its own, or an installed entry point.

A file declares what the package's own rule files declare: parameters, outcomes, companion records,
and rules that say where in the day they are called (`teritwa.engine.extension_points`). Loading it
enters its parameters and outcomes in the registry, and makes a schedule in which its rules are
called. The file's content is part of the name of each kept run. Without extensions nothing of this
is done, and nothing is slower.
"""

import functools
import hashlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from teritwa.engine.compiler import Rule, extension_sources
from teritwa.engine.errors import InputError
from teritwa.engine.extension_points import Companion, ScheduledRule
from teritwa.engine.files import read_limited
from teritwa.engine.parameters import Parameters
from teritwa.engine.records import Array, as_rows, new_table
from teritwa.rules import schedule as shipped_schedule
from teritwa.rules.agents.state import POPULATIONS
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import declare_all
from teritwa.simulation.extended_schedule import extended_schedule, insert_call, shipped_tree

ENTRY_POINTS = "teritwa.extensions"
"""The group under which an installed package names a module of rules."""

PREFIX = "teritwa_extension."
"""How the name of the module of a file begins."""

BYTES_AT_MOST = 1024 * 1024
"""The largest file of rules that is read, some hundred times the package's own."""


@dataclass(frozen=True, slots=True)
class Extension:
    """A file of rules that is loaded."""

    path: Path
    module: ModuleType

    @property
    def rules(self) -> list[tuple[str, ScheduledRule]]:
        """The rules that are called once a day, by name, in the order of the file."""
        return [(n, one) for n, one in vars(self.module).items() if isinstance(one, ScheduledRule)]

    @property
    def helpers(self) -> list[str]:
        """The names of the file's own rules that only other rules call."""
        plain = [one.plain for one in vars(self.module).values() if type(one) is Rule]
        return [one.__name__ for one in plain if one.__module__ == self.module.__name__]

    @property
    def companions(self) -> list[type[Companion]]:
        """The records that stand beside those of a population."""
        return [one for one in self._own_classes() if issubclass(one, Companion)]

    @property
    def is_compiled(self) -> bool:
        """Whether it changes what is compiled: rules, companions or parameters."""
        families = [one for one in self._own_classes() if issubclass(one, Parameters)]
        return bool(self.rules or self.companions or families)

    @property
    def changes_runs(self) -> bool:
        """Whether it changes what a run records; a file of pictures does not."""
        outcomes = [one for one in vars(self.module).values() if isinstance(one, Outcome)]
        return self.is_compiled or bool(outcomes)

    def _own_classes(self) -> list[type]:
        """Return the classes that the file defines and does not import."""
        kinds = [one for one in vars(self.module).values() if isinstance(one, type)]
        return [one for one in kinds if one.__module__ == self.module.__name__]


_loaded: dict[Path, Extension] = {}
_sources: dict[str, bytes] = {}


def loaded() -> tuple[Extension, ...]:
    """Return the extensions of this process, in the order in which they were loaded."""
    return tuple(_loaded.values())


def load_extensions(paths: Iterable[str | Path]) -> None:
    """Load files of rules, and enter what they declare; a file that is loaded already stays.

    Args:
        paths: Python files. They are run: load only what you trust.

    Raises:
        InputError: If a file cannot be read or run, declares a name that is taken, or wants its
            rules in a place that the day does not have.
    """
    for given in paths:
        path = Path(given).resolve()
        if path not in _loaded:
            _load(path, str(given))


def load_entry_points() -> None:
    """Load the modules that installed packages offer as extensions.

    Raises:
        InputError: If a package offers a module that does not exist, or as `load_extensions`.
    """
    for point in importlib.metadata.entry_points(group=ENTRY_POINTS):
        try:
            spec = importlib.util.find_spec(point.module)
        except (ImportError, ValueError) as error:
            raise InputError([f"entry point {point.name!r} of {ENTRY_POINTS}: {error}"]) from None
        if spec is None or spec.origin is None:
            what = f"there is no module {point.module!r}"
            raise InputError([f"entry point {point.name!r} of {ENTRY_POINTS}: {what}"])
        load_extensions([spec.origin])


def _load(path: Path, shown: str) -> None:
    try:
        source = read_limited(path, BYTES_AT_MOST)
    except OSError as error:
        raise InputError([f"{shown}: cannot be read: {error.strerror}"]) from None
    extension = _declared(path, shown)
    for place, kind in enumerate(extension.companions, start=len(companions())):
        kind.stand_at(place)
    _loaded[path] = extension
    if extension.changes_runs:
        _sources[path.name] = source
    if extension.is_compiled:
        extension_sources[path.name] = source
    schedule.cache_clear()
    digest.cache_clear()


def _declared(path: Path, shown: str) -> Extension:
    """Run a file and enter what it declares; raise InputError for whatever it does wrong."""
    try:
        _check_name(path)
        extension = Extension(path, _run(path))
        _check(extension)
        declare_all(iter([extension.module]))
    except InputError as error:
        raise InputError([f"{shown}: {problem}" for problem in error.problems]) from None
    except KeyboardInterrupt:  # the user stops the program, also while a file is loaded
        raise
    except BaseException as error:
        raise InputError([f"{shown}{_line_in(path, error)}: {_words_of(error)}"]) from error
    return extension


def _check_name(path: Path) -> None:
    """Raise InputError if the family of a file could not have its name."""
    if not path.stem.isidentifier():
        rule = "letters, digits and _, with no digit first: it names the family of its parameters"
        raise InputError([f"the name of the file must be made of {rule}"])
    for other in _loaded:
        if other.stem == path.stem:
            raise InputError([f"{other} has the same name and is loaded; rename one of the files"])


def _run(path: Path) -> ModuleType:
    """Run a file as a module; its parameters form a family of the file's name."""
    spec = importlib.util.spec_from_file_location(f"{PREFIX}{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(["is not a Python file"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module


def _words_of(error: BaseException) -> str:
    """Return what a file did wrong: the name and the message of its error."""
    if isinstance(error, SystemExit):
        return "ends the program while it is loaded (sys.exit); a file of rules only declares them"
    return f"{type(error).__name__}: {error}"


def _line_in(path: Path, error: BaseException) -> str:
    """Return the line of a file at which an error came up, as ``:7``, or an empty text."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f":{error.lineno}"
    traceback, line = error.__traceback__, ""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = f":{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return line


def _check(extension: Extension) -> None:
    """Raise InputError if the day lacks a rule's place, or if nothing calls what is declared."""
    problems = []
    if extension.helpers and not extension.rules:
        problems.append("no rule is marked with @scheduled, so the day would call none of them")
    for kind in extension.companions:
        if getattr(kind, "beside", None) not in POPULATIONS:
            allowed = ", ".join(POPULATIONS)
            problems.append(f"{kind.__name__}: beside must name a population: {allowed}")
    tree = shipped_tree()
    for name, one in extension.rules:
        try:
            insert_call(tree, name, one)
        except LookupError as error:
            problems.append(f"{name}: {error.args[0]}")
    if problems:
        raise InputError(problems)


def digests() -> dict[str, str]:
    """Return the SHA-256 of each file of extensions that changes runs, by its name."""
    return {name: hashlib.sha256(source).hexdigest() for name, source in sorted(_sources.items())}


@functools.cache
def digest() -> str:
    """Return a SHA-256 of the sources of all extensions; an empty text without any."""
    if not _sources:
        return ""
    total = hashlib.sha256()
    for name, content in sorted(_sources.items()):
        total.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()


@functools.cache
def schedule() -> Any:
    """Return the module whose ``run_day`` calls the rules of a day, also those of extensions."""
    rules = [(one.module.__name__, *named) for one in loaded() for named in one.rules]
    if not rules:
        return shipped_schedule
    return extended_schedule(rules, f"teritwa_schedule_{digest()[:16]}")


def companions() -> list[type[Companion]]:
    """Return the companion records of all extensions, in the order of the state."""
    return [kind for extension in loaded() for kind in extension.companions]


def companion_tables(
    tables: Mapping[str, Array], rows: Mapping[str, int]
) -> tuple[dict[str, Array], dict[str, int]]:
    """Return an empty table for each companion of the extensions, and the rows that each needs.

    Args:
        tables: The tables of day 0.
        rows: How many rows those need that get more than they have on day 0.

    Returns:
        Both by the name of the companion's class.
    """
    beside = {kind.__name__: kind.beside for kind in companions()}
    made = {kind.__name__: new_table(kind, len(tables[kind.beside])) for kind in companions()}
    return made, {name: rows[table] for name, table in beside.items() if table in rows}


def companions_for_rules(tables: Mapping[str, Array]) -> tuple[Any, ...]:
    """Return the tables of companions as rules see them, in the order of the state."""
    return tuple(as_rows(kind, tables[kind.__name__]) for kind in companions())
