"""`rule`: a function written for one agent, in plain Python, that runs as machine code.

A rule is compiled by Numba when it is first called, and kept on disk in a folder named by a hash of all sources
that hold rules, and of Numba's version (Numba alone notices a change only in the rule's own file). With the
environment variable NUMBA_DISABLE_JIT=1 the very same function runs as Python: slow, right, and open to any
debugger. Numba itself is imported at the first call, so that reading parameters or checking a file stays quick.
"""

import functools
import hashlib
import importlib.metadata
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

WHERE_RULES_LIVE = ("engine/compiler.py", "engine/randomness.py", "rules")
"""Files and folders of the package that rules and what they call are written in."""

P = ParamSpec("P")
R = TypeVar("R")


def interpreted() -> bool:
    """Whether rules run as plain Python in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


@functools.cache
def cache_folder() -> Path | None:
    """Return the folder that keeps compiled rules, or None where nothing is writable."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(importlib.metadata.version("numba").encode())
    for place in WHERE_RULES_LIVE:
        for source in sorted((package / place).rglob("*.py")) or [package / place]:
            digest.update(source.relative_to(package).as_posix().encode())
            digest.update(source.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "teritwa" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


class Rule(Generic[P, R]):
    """A plain function (`plain`) that compiles itself at its first call."""

    def __init__(self, plain: Callable[P, R]) -> None:
        self.plain = plain
        self._dispatcher: Any = None
        functools.update_wrapper(self, plain)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the rule: compiled, unless NUMBA_DISABLE_JIT=1."""
        if self._dispatcher is None:
            if interpreted():
                return self.plain(*args, **kwargs)
            self._dispatcher = self.dispatcher()
        result: R = self._dispatcher(*args, **kwargs)
        return result

    def dispatcher(self) -> Any:
        """Return Numba's dispatcher of the rule, made once."""
        if self._dispatcher is None:
            self._dispatcher = _dispatcher(self.plain)
        return self._dispatcher


def rule(function: Callable[P, R]) -> Rule[P, R]:
    """Mark a function as a rule: same meaning, compiled on first use."""
    return Rule(function)


def _dispatcher(plain: Callable[..., Any]) -> Any:
    """Compile lazily with Numba, keeping the machine code in our own cache folder."""
    import numba
    from numba.core import config

    _teach_numba()
    made = numba.njit(nogil=True)(plain)
    folder = cache_folder()
    if folder is not None:
        # Numba reads the folder only while caching is switched on, so the user's own setting stays as it was.
        before = config.CACHE_DIR  # type: ignore[attr-defined]  # set from the environment, so not declared
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        try:
            made.enable_caching()
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]
    return made


@functools.cache
def _teach_numba() -> None:
    """Let one rule call another: Numba sees a `Rule` as the dispatcher inside it."""
    from numba.core import types
    from numba.extending import typeof_impl

    @typeof_impl.register(Rule)
    def _(value: Rule[Any, Any], _context: object) -> object:
        return types.Dispatcher(value.dispatcher())
