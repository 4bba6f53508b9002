"""Machine code: how Numba compiles rules, what it knows of their types, and where code is kept.

Only `teritwa.engine.compiler` imports this module, and only when a rule is first compiled, because
importing Numba takes a second.
"""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.imputils import lower_constant
from numba.extending import models, overload_method, register_model, typeof_impl


def dispatcher(plain: Callable[..., Any], folder: Path | None, *, from_python: bool) -> Any:
    """Return a function that Numba compiles when it is first called.

    Args:
        plain: A rule as plain Python.
        folder: Where machine code is kept, or None.
        from_python: Whether Python calls it. What only rules call needs no wrapper, which would
            take longer to compile than most rules.
    """
    # A step of the day takes the state, and perhaps the randomness, and is called once. Any other
    # rule is called for each agent, and passing the whole state costs more than most of them do:
    # the machine code of such a rule is placed into that of its callers. Results stay the same.
    is_step = set(inspect.signature(plain).parameters) <= {"state", "randomness"}
    options: dict[str, Any] = {
        "nogil": True,
        "forceinline": not is_step,
        "no_cpython_wrapper": not from_python,
        "no_cfunc_wrapper": True,
        # Rules make no arrays, and the state outlives the call: nobody need count who refers to
        # its tables. Counting took half of a run.
        "_nrt": False,
    }
    made = numba.njit(**options)(plain)
    # The code of other rules is kept inside that of the steps.
    if folder is not None and (from_python or is_step):
        made._cache = RuleCache(plain, folder / ("from_python" if from_python else "steps"))
    return made


class RuleFiles(CompileResultCacheImpl):
    """What the files of a compiled rule are called, and how they are written and read."""

    def __init__(self, plain: Callable[..., Any], folder: Path) -> None:
        self.folder = folder
        name = f"{plain.__module__}.{plain.__qualname__}-{plain.__code__.co_firstlineno}"
        self._filename_base = name.replace("<", "").replace(">", "")

    @property
    def locator(self) -> "RuleFiles":
        """Numba asks this object where to write."""
        return self

    def ensure_cache_path(self) -> None:
        """Make the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)


class RuleCache(FunctionCache):
    """Numba's cache in a folder that is named after the sources of rules.

    Numba's own keeps apart the code of each copy of the package, by path and date of its files.
    Copies with the same sources share ours.
    """

    def __init__(self, plain: Callable[..., Any], folder: Path) -> None:
        self._name, self._py_func, self._cache_path = repr(plain), plain, str(folder)
        self._impl = RuleFiles(plain, folder)
        files: Any = IndexDataCacheFile
        self._cache_file = files(str(folder), self._impl.filename_base, "")
        self.enable()  # type: ignore[no-untyped-call]


class RuleType(types.Dispatcher):
    """The type of a rule: it is compiled once for a type, and not once for each constant."""

    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        """Return the signature of a call, as Numba asks for it."""
        unliteral: Any = types.unliteral
        named = {name: unliteral(given) for name, given in kws.items()}
        return super().get_call_type(context, tuple(unliteral(given) for given in args), named)


class PartType(types.Type):
    """The type of a class that names a part of the state; at run time nothing is left of it."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"StatePart({path})")


@functools.cache
def teach(rules: type, parts: type) -> None:
    """Teach Numba what rules and parts of the state are.

    Args:
        rules: The class of rules; ``dispatcher()`` is how other rules call one.
        parts: The class of classes that name a part of the state, with a ``state_path``.
    """

    @typeof_impl.register(rules)
    def _rule_type(value: Any, _context: object) -> object:
        return RuleType(value.dispatcher())

    @typeof_impl.register(parts)
    def _part_type(value: Any, _context: object) -> object:
        return PartType(value.state_path)


register_model(RuleType)(models.OpaqueModel)
register_model(PartType)(models.OpaqueModel)


@lower_constant(PartType)  # type: ignore[no-untyped-call,untyped-decorator]
def _constant(context: Any, _builder: object, _type: object, _value: object) -> object:
    return context.get_dummy_value()


# Without annotations: Numba compares the signature with that of the function it returns.
@overload_method(PartType, "of", inline="always")
def _of(part, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001
    """``Part.of(state)`` is the attribute of the state that the part names."""
    made: dict[str, Any] = {"__name__": __name__}  # cached code names the module it is of
    source = f"def of(part, state):\n    return state.{part.path}\n"
    exec(source, made)  # noqa: S102  # the path is made of names of our own classes
    return made["of"]
