"""Rules: the same function as Python and as machine code, and a cache that never serves stale code."""

import importlib.metadata
import math
from collections.abc import Iterator
from pathlib import Path

import numba
import pytest

from teritwa.engine import compiler
from teritwa.engine.compiler import cache_folder, interpreted, rule


@rule
def doubled(number: float) -> float:
    """Return twice a number."""
    return 2.0 * number


@rule
def length(wide: float, high: float) -> float:
    """Return twice a diagonal: one rule that calls another."""
    return doubled(math.sqrt(wide * wide + high * high))


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep compiled rules in a folder of the test's own, and forget it afterwards."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache_folder.cache_clear()
    yield tmp_path
    cache_folder.cache_clear()


def test_rule_keeps_what_it_wraps() -> None:
    """A rule has the name and the docstring of its function, and the function itself under ``plain``."""
    assert (length.__name__, length.__doc__) == (length.plain.__name__, length.plain.__doc__)
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
    """With compilation switched off a rule takes what no machine code would, such as a fraction of text."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    repeated = rule(lambda text: text * 2)
    assert repeated("ab") == "abab"


def test_compiled_rule_calls_another_and_is_cached(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Machine code gives what Python gives, also through a rule it calls, and is kept in our folder only."""
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    before = numba.config.CACHE_DIR
    machine = compiler.Rule(length.plain)
    assert machine(3.0, 4.0) == 10.0
    assert machine(6.0, 8.0) == 20.0
    assert machine.dispatcher() is machine.dispatcher()
    assert machine.dispatcher().signatures
    assert before == numba.config.CACHE_DIR
    assert list(own_cache.rglob("*.nbc"))


def test_cache_is_named_after_the_sources(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed rule, helper or constant in any file that holds rules, or another Numba, has another folder."""
    first = cache_folder()
    cache_folder.cache_clear()
    assert first == cache_folder()
    assert first is not None
    assert first.parent == own_cache / "teritwa"
    cache_folder.cache_clear()
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "another")
    other = cache_folder()
    cache_folder.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"changed")
    assert len({first, other, cache_folder()}) == 3


def test_rules_live_where_the_cache_looks() -> None:
    """Every file of the package that makes a rule is among those whose change names another cache."""
    package = Path(compiler.__file__).parent
    users = {path for path in package.rglob("*.py") if "\n@rule\n" in path.read_text(encoding="utf-8")}
    watched = {path for place in compiler.WHERE_RULES_LIVE for path in [package / place, *(package / place).rglob("*")]}
    assert len(users) > 10
    assert users <= watched


def test_nothing_writable_means_no_cache(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder can be made, rules compile without a cache and still run."""
    occupied = tmp_path / "a file"
    occupied.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    assert cache_folder() is None
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 0)
    assert compiler.Rule(doubled.plain)(4.0) == 8.0
