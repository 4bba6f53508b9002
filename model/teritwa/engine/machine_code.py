"""Machine code: how Numba compiles rules, what it knows of their types, and where code is kept.

Only `teritwa.engine.compiler` imports this module, and only when a rule is first compiled, because
importing Numba takes a second.
"""

import functools
import hashlib
import inspect
import types as python_types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.imputils import lower_builtin, lower_constant
from numba.core.typed_passes import NoPythonSupportedFeatureValidation
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    signature,
)
from numba.extending import models, register_model, typeof_impl

LONGEST_NAME = 200
"""Characters that the name of a type may have."""

PART_OF = "Part.of"
"""Under what name Numba knows the method of parts of the state."""


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
        "pipeline_class": Whole if from_python else Part,
    }
    made = numba.njit(**options)(plain)
    if folder is not None and from_python:  # the code of all that it calls is kept with it
        made._cache = RuleCache(plain, folder)
    return made


class WholeLibrary(JITCodeLibrary):
    """The code of a rule that Python calls, with that of all rules that it calls."""

    def finalize(self) -> None:
        """Bring together the code of all rules that are called, however deep, each once."""
        found = dict.fromkeys(self._linking_libraries)
        waiting = list(found)
        while waiting:
            called = waiting.pop()
            if isinstance(called, PartLibrary):
                new = [one for one in called._linking_libraries if one not in found]
                found.update(dict.fromkeys(new))
                waiting += new
        self._linking_libraries = list(found)
        super().finalize()  # type: ignore[no-untyped-call]

    def _optimize_final_module(self) -> None:
        """Optimize twice: after the first time all parts stand in one function."""
        for _ in range(2):
            passes, builder = self._codegen._module_pass_manager()  # type: ignore[no-untyped-call]
            passes.run(self._final_module, builder)


class PartLibrary(JITCodeLibrary):
    """The code of a rule that only rules call.

    It becomes part of theirs before it is optimized and turned into machine code: to do so for each
    rule, with all that it calls in turn, took half of the time and of the memory.
    """

    @property
    def codegen(self) -> Any:
        """Numba tells it where what a function refers to is, which needs no answer here."""
        return python_types.SimpleNamespace(set_env=lambda *_: None)

    def finalize(self) -> None:
        """Make no machine code, and leave what the rule calls to those who call the rule."""
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._finalized = True


@register_pass(mutates_CFG=False, analysis_only=True)  # type: ignore[no-untyped-call]
class MakeLibrary(FunctionPass):
    """Give a rule the library of its compiler, and types brief names, before it is lowered."""

    _name = "make_library"

    def __init__(self) -> None:
        """Do nothing; Numba asks for it."""
        super().__init__()  # type: ignore[no-untyped-call]

    def run_pass(self, state: Any) -> bool:
        """Make the library and shorten names; nothing else changes."""
        made = state.pipeline.library_class(state.targetctx.codegen(), state.func_id.func_qualname)
        if state.pipeline.library_class is WholeLibrary:
            made.enable_object_caching()
        state.library = made
        for kind in state.args:
            name_briefly(kind)
        return False


def name_briefly(kind: types.Type) -> None:
    """Name a type of named tuples by its class and a hash of what it holds.

    Numba names the state by all fields of all tables, and makes this a part of the name of each
    rule that takes the state: half of the memory of compiling.
    """
    if isinstance(kind, types.NamedTuple) and len(kind.name) > LONGEST_NAME:
        digest = hashlib.sha256(kind.name.encode()).hexdigest()
        kind.name = f"{kind.instance_class.__name__}_{digest[:16]}"


class Whole(CompilerBase):
    """Compiles rules that Python calls."""

    library_class: type[JITCodeLibrary] = WholeLibrary

    def define_pipelines(self) -> list[Any]:
        """Return Numba's own passes, with ours before the last."""
        builder: Any = DefaultPassBuilder
        passes = builder.define_nopython_pipeline(self.state)
        passes.add_pass_after(MakeLibrary, NoPythonSupportedFeatureValidation)
        passes.finalize()
        return [passes]


class Part(Whole):
    """Compiles rules that only rules call."""

    library_class = PartLibrary


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


@infer_getattr
class PartAttributes(AttributeTemplate):
    """What a rule may ask of a part of the state: its method ``of``."""

    key = PartType

    def resolve_of(self, part: Any) -> Any:
        """Return the type of ``Part.of``: a method that returns an attribute of the state."""
        context = self.context

        class Of(AbstractTemplate):
            key = PART_OF

            def generic(self, args: Any, kws: Any) -> Any:  # noqa: ARG002
                (state,) = args
                return signature(  # type: ignore[no-untyped-call]
                    functools.reduce(context.resolve_getattr, part.path.split("."), state),
                    state,
                    recvr=part,
                )

        return types.BoundFunction(Of, part)


@lower_builtin(PART_OF, PartType, types.Any)  # type: ignore[no-untyped-call,untyped-decorator]
def _of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """``Part.of(state)`` is the attribute of the state that the part names."""
    part, kind = sig.args
    value = args[1]
    for name in part.path.split("."):
        value = context.get_getattr(kind, name)(context, builder, kind, value, name)
        kind = context.typing_context.resolve_getattr(kind, name)
    return value
