"""Rules: the same function as Python and as machine code, and a cache without stale code."""

import importlib.metadata
import math
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numba
import numpy as np
import pytest

from teritwa.engine import compiler
from teritwa.engine.compiler import StatePart, cache_folder, interpreted, rule

Table = namedtuple("Table", ("parameters",))
Families = namedtuple("Families", ("made",))


@rule
def doubled(number: float) -> float:
    """Return twice a number."""
    return 2.0 * number


@rule
def length(wide: float, high: float) -> float:
    """Return twice a diagonal: one rule that calls another."""
    return doubled(math.sqrt(wide * wide + high * high))


class Made(StatePart):
    """A part of a state that only this test knows."""

    state_path = "parameters.made"
    rate: float

    @classmethod
    def of(cls, state: Any) -> Self:
        """Return the part of a state."""
        found: Self = state.parameters.made
        return found


@rule
def growth(state: Any, days: float) -> float:
    """Return what a rule makes of a part of its state."""
    return doubled(Made.of(state).rate * days)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep compiled rules in a folder of the test's own, and forget it afterwards."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compiler._folder_of.cache_clear()
    yield tmp_path
    compiler._folder_of.cache_clear()


@pytest.fixture
def compiling(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that compiles a rule, also where rules run as Python otherwise."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    return compiler.Rule


def test_rule_keeps_what_it_wraps() -> None:
    """A rule has the name and the docstring of its function, and the function as ``plain``."""
    names = [getattr(function, "__name__", "") for function in (length, length.plain)]
    assert names == ["length", "length"]
    assert length.__doc__ == length.plain.__doc__
    assert doubled.plain(1.5) == 3.0


def test_interpreted_is_asked_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """NUMBA_DISABLE_JIT decides: unset, empty and 0 mean compiled."""
    answers = []
    for value in ("", "0", "1"):
        monkeypatch.setenv("NUMBA_DISABLE_JIT", value)
        answers.append(interpreted())
    monkeypatch.delenv("NUMBA_DISABLE_JIT")
    assert [*answers, interpreted()] == [False, False, True, False]


def test_disabled_rule_runs_as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without compilation a rule takes what no machine code would, such as a multiple of text."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    repeated = rule(lambda text: text * 2)
    assert repeated("ab") == "abab"


def test_compiled_rule_calls_another_and_is_cached(
    own_cache: Path, compiling: Callable[..., Any]
) -> None:
    """Machine code gives what Python gives, also through a rule it calls, and only we keep it."""
    before = getattr(numba.config, "CACHE_DIR")  # noqa: B009  # it is not declared
    machine = compiling(length.plain)
    assert machine(3.0, 4.0) == 10.0
    assert machine(6.0, 8.0) == 20.0
    assert machine.dispatcher() is machine.dispatcher()
    assert before == getattr(numba.config, "CACHE_DIR")  # noqa: B009
    assert list(own_cache.rglob("*.nbc"))


def test_copies_of_a_package_share_machine_code(
    own_cache: Path, compiling: Callable[..., Any], tmp_path: Path
) -> None:
    """Machine code that one copy of a file has left serves a copy elsewhere, whatever its date."""
    found = []
    for place in ("one", "another"):
        path = tmp_path / place / "made.py"
        path.parent.mkdir()
        path.write_text("def tripled(number):\n    return 3.0 * number\n")
        made: dict[str, Any] = {"__name__": "made"}
        exec(compile(path.read_text(), str(path), "exec"), made)  # noqa: S102  # as an import would
        machine = compiling(made["tripled"])
        assert machine(2.0) == 6.0
        found.append(sum(machine._from_python.stats.cache_hits.values()))
    assert found == [0, 1]
    assert len(list(own_cache.rglob("*.nbc"))) == 1


def test_a_rule_is_compiled_once_for_its_constants(compiling: Callable[..., Any]) -> None:
    """Two calls of a rule with constants of one type need one form of it, not two."""
    inner = compiling(doubled.plain)

    def both(number: float) -> float:
        return inner(1) + inner(2) + number  # type: ignore[no-any-return]

    assert compiling(both)(1.0) == 7.0
    assert len(inner.dispatcher().signatures) == 1


def test_rules_reach_a_part_of_the_state(
    compiling: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``Part.of(state)`` is the same record compiled and as plain Python, seen as it is now."""
    values = np.zeros(1, np.dtype([("rate", "f8")]))
    values["rate"] = 1.5
    state = Table(Families(values[0]))
    machine = compiling(growth.plain)
    assert machine(state, 4.0) == 12.0
    values["rate"] = 2.0
    assert machine(state, 4.0) == 16.0
    plain = SimpleNamespace(parameters=SimpleNamespace(made=SimpleNamespace(rate=2.0)))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert compiler.Rule(growth.plain)(plain, 4.0) == 16.0


def test_cache_is_named_after_the_sources(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change in any file that holds rules, another Numba or an extension has another folder."""
    found = [cache_folder()]
    compiler._folder_of.cache_clear()
    assert found == [cache_folder()]
    assert found[0] is not None
    assert found[0].parent == own_cache / "teritwa"
    for content in (b"one", b"another"):
        with monkeypatch.context() as loaded:
            loaded.setitem(compiler.extension_sources, "mine", content)
            found.append(cache_folder())
    assert cache_folder() == found[0]
    compiler._folder_of.cache_clear()
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "another")
    found.append(cache_folder())
    compiler._folder_of.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"changed")
    found.append(cache_folder())
    assert None not in found
    assert len(set(found)) == 5


def test_rules_live_where_the_cache_looks() -> None:
    """Every file of the package that makes a rule is among those that name the cache."""
    package = Path(compiler.__file__).parents[1]
    sources = package.rglob("*.py")
    users = {path for path in sources if "\n@rule\n" in path.read_text(encoding="utf-8")}
    places = [package / place for place in compiler.RULE_SOURCES]
    watched = {path for place in places for path in [place, *place.rglob("*")]}
    assert len(users) > 30
    assert users <= watched
    assert [place for place in places if not place.exists()] == []


def test_nothing_writable_means_no_cache(
    compiling: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no folder can be made, rules compile without a cache and still run."""
    occupied = tmp_path / "a file"
    occupied.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    assert cache_folder() is None
    assert compiling(doubled.plain)(4.0) == 8.0
