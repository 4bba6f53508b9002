"""Tests of finished runs on the disk: what names them, that damage is noticed, and that nothing is mixed."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teritwa.ensemble.run_store import DamagedError, Store, decoded, encoded, names, single
from teritwa.scenario import Scenario, load
from teritwa.simulation import model as mission
from teritwa.simulation.model import Mission

OUTCOMES = {
    "displaced": np.arange(12, dtype="i4"),
    "fund_balance": np.linspace(0, 1, 12),
    "killed": np.ones((12, 5, 3), "i2"),
}
NAME = "0123456789abcdef0123456789abcdef"
ISLAND = Path(__file__).parents[2] / "scenarios" / "island.yaml"


def name_of(scenario: Scenario, draw: int = 1, replicate: int = 0) -> str:
    """Return the name of one run."""
    return names(single(scenario, draw), draw, replicate + 1)[replicate]


def test_a_run_reads_back() -> None:
    """Names, shapes, types and values are those that were written."""
    found = decoded(NAME, encoded(NAME, OUTCOMES))
    assert sorted(found) == sorted(OUTCOMES)
    for name, values in OUTCOMES.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(place: int, bit: int) -> None:
    """Wherever one bit of a file changes, the file is refused."""
    content = bytearray(encoded(NAME, OUTCOMES))
    content[place % len(content)] ^= 1 << bit
    with pytest.raises(DamagedError):
        decoded(NAME, bytes(content))


@given(length=st.integers(0, 10**6))
def test_a_shorter_file_is_noticed(length: int) -> None:
    """A file that ends early is refused, as is one under another's name."""
    content = encoded(NAME, OUTCOMES)
    with pytest.raises(DamagedError):
        decoded(NAME, content[: length % len(content)])
    with pytest.raises(DamagedError):
        decoded(NAME[::-1], content)


def test_a_damaged_run_is_done_again(tmp_path: Path) -> None:
    """Of three runs that are there one is damaged: it goes, the others stay as they are."""
    store, called = Store(tmp_path), [NAME, NAME[::-1], "f" * 32]
    for name in called:
        store.keep(name, encoded(name, OUTCOMES))
    (tmp_path / f"{NAME}.run").write_bytes(b"nothing")
    assert store.sound([*called, "e" * 32]) == set(called[1:])
    assert store.count() == 2


@pytest.mark.parametrize("draw", [0, 3])
def test_one_draw_is_all_that_a_run_needs(draw: int) -> None:
    """Sent alone, the values of a draw are those of the scenario, number for number and type for type."""
    whole = load("baseline")
    alone = single(whole, draw)
    assert alone.parameters(draw) == whole.parameters(draw)
    assert [type(value) for value in alone.parameters(draw).values()] == [
        type(value) for value in whole.parameters(draw).values()
    ]
    assert alone.schedule(draw, 1) == whole.schedule(draw, 1)


@pytest.mark.slow
def test_a_run_of_one_draw_is_that_of_the_scenario() -> None:
    """A mission under the values of one draw gives what it gives under the whole scenario, outcome by outcome."""
    whole = load(ISLAND).replace(draws=3, params={"gang_rivalry.rate": "{uniform: [5, 9]}"})
    whole = whole.replace(end=whole.start.replace(day=whole.start.day + 9))
    given, alone = Mission(whole, 2, 1).run(), Mission(single(whole, 2), 2, 1).run()
    for name, values in given.items():
        np.testing.assert_array_equal(values, alone[name])


def changed_by_one_ulp(scenario: Scenario) -> Scenario:
    """Return the scenario with one parameter moved to the next number that there is."""
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
def test_whatever_determines_a_run_is_in_its_name(change: str) -> None:
    """Changing one thing that a run follows from changes its name."""
    before = load("baseline")
    before = before.replace(params={"gang_rivalry.rate": before.parameters(1)["gang_rivalry.rate"]})
    assert name_of(OTHERS[change](before)) != name_of(before)


def test_draw_repeat_code_and_libraries_are_in_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws and replicates have names of their own; other code of the model or another library gives others."""
    scenario = load(ISLAND)
    own = name_of(scenario)
    assert len({name_of(scenario, draw, replicate) for draw in range(3) for replicate in range(3)}) == 9
    with monkeypatch.context() as patch:
        patch.setattr(mission, "model_digest", lambda: "another")
        assert name_of(scenario) != own
    with monkeypatch.context() as patch:
        patch.setattr("teritwa.ensemble.run_store.libraries", lambda: ("numpy 0",))
        assert name_of(scenario) != own
    assert name_of(scenario) == own


def test_texts_order_and_place_are_not_in_the_name(tmp_path: Path) -> None:
    """Comments, the order of keys, the name of the file, its title and how many runs there are change no name."""
    before = tmp_path / "one.yaml"
    before.write_text(
        "schema: 2\nid: one\ntitle: One\nextends: baseline\nruns: {draws: 3, seed: 5}\nparams: {gang_rivalry.rate: 5}\n"
    )
    after = tmp_path / "deeper" / "other.yaml"
    after.parent.mkdir()
    after.write_text(
        "# a comment\nschema: 1\nparams: {gang_rivalry.rate: 5}\nid: two\ntitle: Other\nruns: {seed: 5, draws: 9, replicates: 4}\n"
        "extends: baseline\n"
    )
    assert name_of(load(before)) == name_of(load(after))


def test_a_run_that_cannot_be_kept_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full while a run is written: the error names the file, and nothing is left of it."""

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=f"No space left on device: '{tmp_path}/{NAME}.run'"):
        Store(tmp_path).keep(NAME, b"")
    assert list(tmp_path.iterdir()) == []
