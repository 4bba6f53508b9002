"""`rule`: a function written for one agent, in plain Python, that runs as machine code.

A rule is compiled by Numba when it is first called. Machine code is kept on disk in a folder named
by a hash of all sources that hold rules and of Numba's version, because Numba alone notices a
change only in the rule's own file. With the environment variable NUMBA_DISABLE_JIT=1 the very same
function runs as Python: slow, right, and open to any debugger. Numba itself is imported at the
first call, so that reading parameters or checking a file stays quick.
"""

import functools
import hashlib
import importlib.metadata
import inspect
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

RULE_SOURCES = (
    "engine/compiler.py",
    "engine/extension_points.py",
    "engine/parameters.py",
    "engine/randomness.py",
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
    # A step of the day takes the state, and perhaps the randomness, and is called once. Any other
    # rule is called for each agent, and passing the whole state costs more than most of them do:
    # the machine code of such a rule is placed into that of its callers. Results stay the same.
    is_step = set(inspect.signature(plain).parameters) <= {"state", "randomness"}
    made = numba.njit(nogil=True, forceinline=not is_step)(plain)
    folder = cache_folder()
    if folder is not None:
        # Numba reads the folder only while caching is switched on, so that the user's own
        # setting stays as it was. It is set from the environment, and so not declared.
        before = config.CACHE_DIR  # type: ignore[attr-defined]
        config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        try:
            made.enable_caching()
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]
    return made


@functools.cache
def _teach_numba() -> None:
    """Teach Numba that a `Rule` is the dispatcher inside it, and what a `StatePart` is."""
    from numba.core import types
    from numba.extending import typeof_impl

    @typeof_impl.register(Rule)
    def _rule_type(value: Rule[Any, Any], _context: object) -> object:
        return types.Dispatcher(value.dispatcher())

    _teach_state_parts()


def _teach_state_parts() -> None:
    """Teach Numba that ``Part.of(state)`` is the attribute of the state that the part names."""
    from numba.core import types
    from numba.core.imputils import lower_constant
    from numba.extending import models, overload_method, register_model, typeof_impl

    class PartType(types.Type):
        """The type of a class that names a part of the state; at run time nothing is left."""

        def __init__(self, path: str) -> None:
            self.path = path
            super().__init__(f"StatePart({path})")

    register_model(PartType)(models.OpaqueModel)

    @typeof_impl.register(StatePartMeta)
    def _part_type(value: type[StatePart], _context: object) -> object:
        return PartType(value.state_path)

    @lower_constant(PartType)  # type: ignore[no-untyped-call,untyped-decorator]
    def _constant(context: Any, _builder: object, _type: object, _value: object) -> object:
        return context.get_dummy_value()

    # Without annotations: Numba compares the signature with that of the function it returns.
    @overload_method(PartType, "of", inline="always")
    def _of(part, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
        made: dict[str, Any] = {"__name__": __name__}  # cached code names the module it is of
        source = f"def of(part, state):\n    return state.{part.path}\n"
        exec(source, made)  # noqa: S102  # the path is made of names of our own classes
        return made["of"]
