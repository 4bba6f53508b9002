"""What sound scenario files mean: values with units, events, and strict scalars."""

import dataclasses
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from teritwa.engine.parameters import Parameter
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions import Change
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader import scalars

EVENT = "events:\n  - id: a\n    date: 2024-06-25\n"
Read = Callable[..., Scenario]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("control.adjustment_time: 5", 5.0),
        ("control.adjustment_time: 5.5 days", 5.5),
        ("control.adjustment_time: 1e1", 10.0),
        ("gangs.fighters: 6e3", 6000),
        ("gangs.fighters: 6000 persons", 6000),
        ("hold.night_share: 30 %", 0.3),
        ("hold.night_share: 0.3", 0.3),
        ("hold.night_share: .3", 0.3),
        ("presence.police_coverage_constant: 5 officers per 1,000 residents", 5.0),
        ("war.on: false", False),
        ("control.adjustment_time: {value: 5 days, source: made up}", 5.0),
        ("control.adjustment_time: {uniform: [4, 9]}", Distribution("uniform", (4.0, 9.0))),
        (
            "control.adjustment_time: {triangular: [4 days, 5, 9 days]}",
            Distribution("triangular", (4.0, 5.0, 9.0)),
        ),
        ("hold.night_share: {uniform: [10 %, 20 %]}", Distribution("uniform", (0.1, 0.2))),
        (
            "control.adjustment_time: {normal: [8, 2], bounds: [4, 12]}",
            Distribution("normal", (8.0, 2.0), (4.0, 12.0)),
        ),
        (
            "war.on: {choice: {true: 1, false: 3}}",
            Distribution("choice", (False, True), None, (3.0, 1.0)),
        ),
        (
            "gangs.fighters: {choice: {9000: 1, 6000: 3}}",
            Distribution("choice", (6000, 9000), None, (3.0, 1.0)),
        ),
    ],
)
def test_a_value_is_read_in_the_parameters_own_unit(
    read: Read, text: str, expected: object
) -> None:
    """Numbers, per cents, switches and distributions become values of the model."""
    (found,) = read(f"params:\n  {text}\n").params.values()
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("control.adjustment_time", 1.0),
        ("control.adjustment_time", 60.0),
        ("gangs.fighters", 20_000),
        ("hold.night_share", 1.0),
    ],
)
def test_a_value_outside_the_range_is_accepted_within_the_bounds(
    read: Read, small: dict[str, Parameter], name: str, value: float
) -> None:
    """A number, a distribution, a change and Python may leave the plausible range."""
    assert not small[name].low <= value <= small[name].high
    text = f"params:\n  {name}: {value}\n{EVENT}    change: {{{name}: {value}}}\n"
    found = read(text)
    assert found.params == {name: value}
    assert found.parameters(0)[name] == value
    assert found.events[0].action == Change(((name, value),))
    assert read("").replace(params={name: value}).params == {name: value}
    edge = f"{{choice: {{{value}: 1, {small[name].value}: 1}}}}"
    assert read(f"params: {{{name}: {edge}}}\n").params[name] == Distribution(
        "choice", tuple(sorted((value, small[name].value))), None, (1.0, 1.0)
    )


def test_an_event_keeps_when_and_whether(read: Read) -> None:
    """Date, window, delay, probability, conditions and source are kept; events are sorted by id."""
    text = """events:
  - id: z
    date: {window: [2024-02-01, 2024-03-01]}
    probability: 40 %
    source: made up
    coalition: {active: true}
  - id: b
    after: z
    delay: {uniform: [30 days, 90 days]}
    unless: c
    only_if: z
    coalition: {active: false}
  - {id: c, after: z, delay: 2 weeks, coalition: {active: false}}
"""
    b, c, z = read(text).events
    assert (z.date, z.latest, z.probability, z.source) == (
        date(2024, 2, 1),
        date(2024, 3, 1),
        0.4,
        "made up",
    )
    assert (b.after, b.delay) == ("z", Distribution("uniform", (30.0, 90.0)))
    assert (b.unless, b.only_if, c.delay) == ("c", "z", 14)
    assert set(b.needs) == {"z", "c"}


def test_the_head_is_read(read: Read) -> None:
    """Question, background, runs, sources, days and the text as given are kept."""
    text = (
        "question: Why?\nbackground: much\ncompare_with: other\n"
        "runs: {draws: 3, replicates: 4, seed: 7}\n"
        "sources: {S1: a book, S2: another}\n"
        "params: {control.adjustment_time: {value: 5, source: S1, note: hm}}\n"
    )
    found = read(text)
    assert (found.question, found.background, found.compare_with) == ("Why?", "much", "other")
    assert (found.draws, found.replicates, found.seed, found.days) == (3, 4, 7, 366)
    assert found.sources == {"S1": "a book", "S2": "another"}
    assert found.basis == {"control.adjustment_time": {"source": "S1", "note": "hm"}}
    assert found.given.endswith(text)
    assert found.origin["params.control.adjustment_time"] == "test.yaml:10"
    assert found.origin["runs.seed"] == "test.yaml:8"


def test_a_scenario_is_immutable_and_travels(read: Read) -> None:
    """Workers receive a scenario by pickle, and nothing can change it."""
    found = read(EVENT + "    coalition: {active: true}\n")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.seed = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "days"), [("60 days", 60), ("1 day", 1), ("6 weeks", 42), ("1.5 weeks", 10.5)]
)
def test_durations(text: str, days: float) -> None:
    """Days and weeks are the units of time."""
    assert scalars.read_duration(text) == Decimal(str(days))


@pytest.mark.parametrize("text", ["", "days", "3 months", "-1 days", "1e9 days", "٣ days"])
def test_what_is_no_duration(text: str) -> None:
    """Months differ in length, and time does not run backwards."""
    with pytest.raises(ValueError, match=r"days|no number"):
        scalars.read_duration(text)


def test_cents_are_exact() -> None:
    """Money is decimal: ten cents are ten cents, and half a cent is refused."""
    assert scalars.read_money("0.1 million USD") == 10_000_000
    assert scalars.read_money("0.29") == 29
    with pytest.raises(ValueError, match="whole"):
        scalars.read_money("0.005")
    with pytest.raises(ValueError, match="too large"):
        scalars.read_money("1e15")


@pytest.mark.usefixtures("small")
def test_windows_line_ends_and_a_byte_order_mark_are_text(tmp_path: Path) -> None:
    """A byte-order mark and Windows line ends are read like any other text."""
    path = tmp_path / "a.yaml"
    path.write_bytes(
        b"\xef\xbb\xbfschema: 2\r\nid: a\r\ntitle: A\r\n"
        b"period: {end: 2024-12-31}\r\nquestion: \xc3\x89?\r\n"
    )
    assert load(path).question == "É?"
