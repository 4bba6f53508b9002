"""`rule`: a function written for one agent, in plain Python, that runs as machine code.

A rule is compiled by Numba when it is first called (`teritwa.engine.machine_code`). Machine code is
kept on disk in a folder named by a hash of all sources that hold rules and of Numba's version,
because Numba alone notices a change only in the rule's own file. With the environment variable
NUMBA_DISABLE_JIT=1 the very same function runs as Python: slow, right, and open to any debugger.
Numba itself is imported at the first call, so that reading parameters or checking a file stays
quick.
"""

import functools
import hashlib
import importlib.metadata
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

RULE_SOURCES = (
    "engine/compiler.py",
    "engine/extension_points.py",
    "engine/machine_code.py",
    "engine/parameters.py",
    "engine/randomness.py",
    "engine/recorder.py",
    "engine/records.py",
    "rules",
    "world/codes.py",
    "world/rows.py",
)
"""Files and folders of the package that rules, and what they call, are written in."""

P = ParamSpec("P")
R = TypeVar("R")

extension_sources: dict[str, bytes] = {}
"""The sources of the loaded extensions that change what is compiled, by name."""


def interpreted() -> bool:
    """Whether rules run as plain Python in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def cache_folder() -> Path | None:
    """Return the folder that keeps compiled rules, or None where nothing is writable."""
    return _folder_of(tuple(sorted(extension_sources.items())))


@functools.cache
def _folder_of(extensions: tuple[tuple[str, bytes], ...]) -> Path | None:
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(importlib.metadata.version("numba").encode())
    for place in RULE_SOURCES:
        for source in sorted((package / place).rglob("*.py")) or [package / place]:
            digest.update(source.relative_to(package).as_posix().encode())
            digest.update(source.read_bytes())
    for name, content in extensions:
        digest.update(name.encode() + b"\0" + content)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "teritwa" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


class StatePartMeta(type):
    """The class of classes that name a part of the state."""


class StatePart(metaclass=StatePartMeta):
    """A class that names a part of the state: a rule writes ``Part.of(state)`` to reach it.

    A subclass gives the method ``of`` the type that it returns.
    """

    state_path: ClassVar[str]
    """What stands behind ``state.`` to reach the part."""


class Rule(Generic[P, R]):
    """A plain function (`plain`) that compiles itself at its first call."""

    def __init__(self, plain: Callable[P, R]) -> None:
        self.plain = plain
        self._from_python: Any = None
        self._from_rules: Any = None
        functools.update_wrapper(self, plain)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the rule: compiled, unless NUMBA_DISABLE_JIT=1."""
        if self._from_python is None:
            if interpreted():
                return self.plain(*args, **kwargs)
            self._from_python = _dispatcher(self.plain, from_python=True)
        result: R = self._from_python(*args, **kwargs)
        return result

    def dispatcher(self) -> Any:
        """Return Numba's dispatcher of the rule for calls from other rules, made once."""
        if self._from_rules is None:
            self._from_rules = _dispatcher(self.plain, from_python=False)
        return self._from_rules


def rule(function: Callable[P, R]) -> Rule[P, R]:
    """Mark a function as a rule: same meaning, compiled on first use."""
    return Rule(function)


def _dispatcher(plain: Callable[..., Any], *, from_python: bool) -> Any:
    """Return Numba's dispatcher of a function that Python calls, or that rules call."""
    from teritwa.engine import machine_code

    machine_code.teach(Rule, StatePartMeta)
    return machine_code.dispatcher(plain, cache_folder(), from_python=from_python)
