"""Tests of finished runs on the disk: what determines their keys, and that damage is noticed."""

import math
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.ensemble.run_store import (
    CorruptRunError,
    RunStore,
    decode_run,
    encode_run,
    run_keys,
)
from teritwa.scenario import Scenario, load
from teritwa.simulation import extensions, model
from teritwa.simulation.model import Mission

OUTCOMES = {
    "control_zone": np.array([[-1, 2, 2], [-1, 0, 127], [3, 0, -128]], "i1"),
    "gang_influence": np.array([[0.5, -0.0], [np.nan, 0.25], [0.5, 0.0]], "f4"),
    "officers_out": np.zeros((3, 0), "f4"),
    "displaced": np.arange(12, dtype="i4"),
    "fund_balance": np.linspace(0, 1, 12),
    "killed": np.ones((12, 5, 3), "i2"),
}
KEY = "0123456789abcdef0123456789abcdef"
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


def key_of(scenario: Scenario, draw: int = 1, replicate: int = 0) -> str:
    """Return the key of one run."""
    return run_keys(scenario.in_draw(draw), draw, replicate + 1)[replicate]


def test_a_run_reads_back() -> None:
    """Names, shapes, types and values are those that were encoded."""
    found = decode_run(KEY, encode_run(KEY, OUTCOMES))
    assert sorted(found) == sorted(OUTCOMES)
    for name, values in OUTCOMES.items():
        assert found[name].dtype == values.dtype
        assert found[name].shape == values.shape
        assert found[name].tobytes() == values.tobytes()


@given(position=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(position: int, bit: int) -> None:
    """Wherever one bit of a file changes, the file is corrupt."""
    content = bytearray(encode_run(KEY, OUTCOMES))
    content[position % len(content)] ^= 1 << bit
    with pytest.raises(CorruptRunError):
        decode_run(KEY, bytes(content))


@given(length=st.integers(0, 10**6))
def test_a_shorter_file_is_noticed(length: int) -> None:
    """A file that ends early is corrupt, and so is one under another key."""
    content = encode_run(KEY, OUTCOMES)
    with pytest.raises(CorruptRunError):
        decode_run(KEY, content[: length % len(content)])
    with pytest.raises(CorruptRunError):
        decode_run(KEY[::-1], content)


def test_a_damaged_run_is_done_again(tmp_path: Path) -> None:
    """Of three stored runs one is corrupt: it is deleted, and the others stay as they are."""
    store, keys = RunStore(tmp_path), [KEY, KEY[::-1], "f" * 32]
    for key in keys:
        store.save(key, encode_run(key, OUTCOMES))
    (tmp_path / f"{KEY}.run").write_bytes(b"nothing")
    assert store.find_intact([*keys, "e" * 32]) == set(keys[1:])
    assert store.count() == 2


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_file_is_no_run(tmp_path: Path, kind: str) -> None:
    """A pipe, which nobody fills, and a device, which never ends, are removed and not read."""
    store, path = RunStore(tmp_path), tmp_path / f"{KEY}.run"
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    assert store.find_intact([KEY]) == set()
    assert not path.is_symlink()
    assert not path.exists()
    assert Path("/dev/zero").exists()


@pytest.mark.parametrize("draw", [0, 3])
def test_a_run_needs_only_the_values_of_its_draw(draw: int) -> None:
    """The scenario of a draw has the values of that draw, number for number and type for type."""
    whole = load("baseline")
    alone = whole.in_draw(draw)
    assert alone.parameters(draw) == whole.parameters(draw)
    types, expected = (
        [type(value) for value in one.parameters(draw).values()] for one in (alone, whole)
    )
    assert types == expected
    assert alone.schedule(draw, 1) == whole.schedule(draw, 1)


@pytest.mark.slow
def test_a_run_of_one_draw_is_that_of_the_scenario() -> None:
    """A mission gives the same outcomes under the values of one draw as under the scenario."""
    whole = load(ISLAND).replace(draws=3, params={"gang_rivalry.rate": "{uniform: [5, 9]}"})
    whole = whole.replace(end=whole.start.replace(day=whole.start.day + 9))
    expected = Mission(whole, 2, 1).run()
    alone = Mission(whole.in_draw(2), 2, 1).run()
    for name, values in expected.items():
        np.testing.assert_array_equal(values, alone[name])


def changed_by_one_ulp(scenario: Scenario) -> Scenario:
    """Return the scenario with one parameter moved to the next larger floating-point number."""
    value = scenario.parameters(1)["gang_rivalry.rate"]
    return scenario.replace(params={"gang_rivalry.rate": math.nextafter(value, math.inf)})


OTHERS: dict[str, Callable[[Scenario], Scenario]] = {
    "one unit in the last place": changed_by_one_ulp,
    "seed": lambda one: one.replace(seed=one.seed + 1),
    "a day more": lambda one: one.replace(end=one.end.fromordinal(one.end.toordinal() + 1)),
    "world": lambda one: replace(one, world=ISLAND.parent / "worlds" / "island"),
    "an event less": lambda one: replace(one, events=one.events[1:]),
}


@pytest.mark.parametrize("change", OTHERS)
def test_whatever_determines_a_run_is_in_its_key(change: str) -> None:
    """Changing one thing that a run follows from changes its key."""
    before = load("baseline")
    rate = before.parameters(1)["gang_rivalry.rate"]
    before = before.replace(params={"gang_rivalry.rate": rate})
    assert key_of(OTHERS[change](before)) != key_of(before)


def test_draw_replicate_code_and_libraries_are_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each draw and replicate has its key; other code or another library gives other keys."""
    scenario = load(ISLAND)
    own = key_of(scenario)
    runs = list(product(range(3), range(3)))
    assert len({key_of(scenario, draw, replicate) for draw, replicate in runs}) == 9
    with monkeypatch.context() as patch:
        patch.setattr(model, "model_digest", lambda: "another")
        assert key_of(scenario) != own
    with monkeypatch.context() as patch:
        patch.setattr("teritwa.ensemble.run_store.library_versions", lambda: ("numpy 0",))
        assert key_of(scenario) != own
    assert key_of(scenario) == own


def test_extensions_are_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run under an extension that is loaded later has another key than one without it."""
    scenario = load(ISLAND)
    own = key_of(scenario)
    with monkeypatch.context() as patch:
        patch.setattr(extensions, "digest", lambda: "digest of an extension")
        assert key_of(scenario) != own
    assert key_of(scenario) == own


def test_texts_order_and_path_are_not_in_the_key(tmp_path: Path) -> None:
    """Comments, order, path, title and the number of runs do not change a key."""
    before = tmp_path / "one.yaml"
    before.write_text(
        "schema: 2\nid: one\ntitle: One\nextends: baseline\nruns: {draws: 3, seed: 5}\n"
        "params: {gang_rivalry.rate: 5}\n"
    )
    after = tmp_path / "deeper" / "other.yaml"
    after.parent.mkdir()
    after.write_text(
        "# a comment\nschema: 2\nparams: {gang_rivalry.rate: 5}\nid: two\ntitle: Other\n"
        "runs: {seed: 5, draws: 9, replicates: 4}\nextends: baseline\n"
    )
    assert key_of(load(before)) == key_of(load(after))


def test_a_run_that_cannot_be_stored_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk is full while a run is written, the error names the file, and none is left."""

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    expected = f"No space left on device: '{tmp_path}/{KEY}.run'"
    with pytest.raises(OSError, match=expected):
        RunStore(tmp_path).save(KEY, b"")
    assert list(tmp_path.iterdir()) == []
