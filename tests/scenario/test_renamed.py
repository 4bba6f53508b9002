"""Names of schema 1: a file that still has them is refused, and each is given its new name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.rules.registry import registry
from teritwa.scenario import ScenarioError, parse
from teritwa.scenario.events import KEYS as EVENT_KEYS
from teritwa.scenario.loading import KEYS
from teritwa.scenario.reader.field_reader import RENAMED
from teritwa.scenario.reader.parameters import renamed_parameters

Mistakes = Callable[..., tuple[str, ...]]

SCHEMA_1 = """schema: 1
id: old
title: Old
says: much
clock: {end: 2024-12-31}
runs: {draws: 2, repeats: 3}
params:
  control.adjustment_time: {times: 2}
events:
  - id: a
    on: 2024-06-25
    chance: 0.5
    mandate: {becomes: support-mission, authorised: 5}
  - id: b
    after: a
    delay: 5 days
    withdraw: {contingent: all, over: 60 days}
"""
PLACES = {
    "says": "4:1",
    "clock": "5:1",
    "runs.repeats": "6:18",
    "params.control.adjustment_time.times": "8:29",
    "events.a.on": "11:5",
    "events.a.chance": "12:5",
    "events.a.mandate.becomes": "13:15",
    "events.b.withdraw.over": "17:33",
}
"""Where each old key of the file above stands."""


def test_a_file_of_schema_1_is_told_what_to_write(mistakes: Mistakes) -> None:
    """The first line names the schema to write; every old key has a line with its new name."""
    lines = mistakes(SCHEMA_1, head="")
    assert lines[0] == (
        "test.yaml:1:9: schema: 1 is an earlier schema, write schema: 2; keys have new names"
    )
    found = {line.split(": ")[1]: line for line in lines if "since schema 2" in line}
    assert found == {
        path: f"test.yaml:{place}: {path}: this key is called {new_name(path)!r} since schema 2"
        for path, place in PLACES.items()
    }
    assert {path.rpartition(".")[2] for path in PLACES} == set(RENAMED)


def new_name(path: str) -> str:
    """Return the new name of the old key at the end of a path."""
    return RENAMED[path.rpartition(".")[2]]


def test_with_the_new_names_the_file_is_sound(read: Callable[..., object]) -> None:
    """What the mistakes say is all there is to do."""
    text = SCHEMA_1.replace("schema: 1", "schema: 2")
    for old, new in RENAMED.items():
        text = text.replace(f"{old}: ", f"{new}: ")
    assert read(text, head="")


def test_no_old_key_is_a_key_of_something_else() -> None:
    """An old key is refused wherever it stands: none has got another meaning at its place."""
    assert set(RENAMED).isdisjoint({*KEYS, *EVENT_KEYS})
    assert set(RENAMED).isdisjoint(RENAMED.values())


@pytest.mark.parametrize(
    ("old", "allowed"),
    [("on", "title: A test\non: 2024-01-01\n"), ("over", "events:\n  - {id: a, over: 3 days}\n")],
)
def test_an_old_key_in_the_wrong_place_is_an_unknown_key(
    mistakes: Mistakes, old: str, allowed: str
) -> None:
    """Where its new name is not allowed either, an old key is unknown like any other."""
    lines = [line for line in mistakes(allowed) if f"{old}: unknown key" in line]
    assert len(lines) == 1
    assert "since schema 2" not in lines[0]


def test_old_parameters_have_new_names() -> None:
    """Every new name is a parameter of the model, no old one is, and no two share a new name."""
    names = renamed_parameters()
    assert len(names) > 150
    assert set(names.values()) <= set(registry())
    assert set(names).isdisjoint(registry())
    assert len(set(names.values())) == len(names)


def test_renaming_a_parameter_moved_no_draw(tmp_path: Path) -> None:
    """What the first edition drew for ``war.rate`` is drawn for ``gang_rivalry.rate``."""
    text = (
        "schema: 2\nid: a\ntitle: A\nperiod: {end: 2024-12-31}\nruns: {seed: 3}\n"
        "params: {gang_rivalry.rate: {uniform: [4, 14], source: assumption}}\n"
    )
    drawn = parse(text, tmp_path / "a.yaml").parameters(0)["gang_rivalry.rate"]
    assert drawn == 4.438063503130141


def test_an_old_parameter_is_told_its_new_name(tmp_path: Path) -> None:
    """Under params and in a change, each old name is refused with the one to write."""
    text = (
        "schema: 2\nid: a\ntitle: A\nperiod: {end: 2024-12-31}\n"
        "params: {clash.ratio: 2}\n"
        "events:\n  - {id: a, date: 2024-02-01, change: {rackets.acts: false}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        parse(text, tmp_path / "a.yaml", "a.yaml")
    assert caught.value.problems == (
        "a.yaml:5:10: params.clash.ratio:"
        " this parameter is called 'operations.clearing_force_ratio' since schema 2",
        "a.yaml:7:40: events.a.change.rackets.acts:"
        " this parameter is called 'extortion.enabled' since schema 2",
    )
