"""Resolved scenarios read back to the same; the digest is of what determines results."""

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from teritwa.scenario import Scenario, ScenarioError, parse

Read = Callable[..., Scenario]
HEAD = "schema: 2\nid: test\ntitle: A test\nperiod: {start: 2024-01-01, end: 2024-12-31}\n"
TABLE = "control.adjustment_time,gangs.fighters\n4,6000\n5.5,7000\n"
BODY = """runs: {draws: 2, replicates: 3, seed: 4}
params:
  control.adjustment_time: {uniform: [4, 9], source: made up}  # a comment
  gangs.fighters: 7000
events:
  - id: a
    date: 2024-02-01
    probability: 0.5
    deploy: {contingent: kenya, officers: 200}
    source: press
  - {id: b, date: 2024-03-01, coalition: {active: true}}
"""

days = st.dates(date(2024, 1, 1), date(2026, 1, 1))
arrivals = st.dates(date(2026, 5, 1), date(2026, 5, 31)) | st.integers(0, 30).map(
    lambda number: f"{number} days"
)
ends = st.dates(date(2026, 6, 1), date(2027, 1, 1))  # after every vote and arrival
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")),
    min_size=1,
    max_size=30,
)
durations = st.integers(0, 500).map(lambda number: f"{number} days")
shares = st.floats(0, 1)
numbers = st.lists(st.floats(4, 9), min_size=2, max_size=2, unique=True).map(sorted)
ranges = st.one_of(
    numbers.map(lambda pair: {"uniform": pair}),
    numbers.map(lambda pair: {"loguniform": pair}),
    numbers.map(lambda pair: {"triangular": [pair[0], pair[0], pair[1]]}),
    numbers.map(lambda pair: {"normal": [sum(pair) / 2, 1.0], "bounds": pair}),
    numbers.map(lambda pair: {"lognormal": [sum(pair) / 2, 2.0], "bounds": pair}),
)
distributions = ranges | numbers.map(
    lambda pair: {"choice": {repr(pair[0]): 1.5, repr(pair[1]): 2}}
)
multiples = st.floats(0, 1e300).map(lambda factor: {"multiply_by": factor})
crowds = ranges | st.just({"choice": {"100": 1, "200 officers": 2}})
things = st.integers(1, 999)
equipment = st.dictionaries(
    st.sampled_from(
        ["vehicles", "helicopters", "surveillance_drones", "armed_drones", "night_vision"]
    ),
    things,
    min_size=1,
)
actions = st.one_of(
    st.fixed_dictionaries(
        {
            "contingent": st.sampled_from(["kenya", "haitian-army"]),
            "officers": things | crowds,
            "duration": durations,
        }
    ).map(lambda keys: ("deploy", keys)),
    st.fixed_dictionaries(
        {"contingent": st.just("kenya"), "officers": things | crowds, "preparation": durations}
    ).map(lambda keys: ("pledge", keys)),
    equipment.map(lambda keys: ("equipment", {"contingent": "haitian-police", **keys})),
    st.fixed_dictionaries({"contingent": st.just("all"), "duration": durations}).map(
        lambda keys: ("withdraw", keys)
    ),
    st.fixed_dictionaries(
        {"type": st.just("support-mission"), "authorised": st.integers(0, 9999)},
        optional={"until": ends, "military": st.booleans()},
    ).map(lambda keys: ("mandate", keys)),
    st.fixed_dictionaries(
        {"type": st.just("un-peacekeeping"), "authorised": st.integers(0, 9999)},
        optional={"until": ends, "arrival": arrivals},
    ).map(lambda keys: ("mandate", keys)),
    st.just(("mandate", {"type": "none"})),
    st.fixed_dictionaries(
        {
            "donor": st.sampled_from(["united-states", "trust-fund"]),
            "pledge": st.decimals(0, 10**9, places=2),
        },
        optional={"receive": st.integers(0, 10**9), "monthly": st.integers(0, 10**8)},
    ).map(lambda keys: ("money", keys)),
    st.fixed_dictionaries(
        {
            "donor": st.just("united-states"),
            "monthly": st.decimals(0, 10**8, places=2),
            "in_kind": shares,
        }
    ).map(lambda keys: ("money", keys)),
    st.fixed_dictionaries(
        {"contingent": st.sampled_from(["kenya", "haitian-army", "all"]), "patience": durations},
        optional={"share": shares},
    ).map(lambda keys: ("pay", keys)),
    st.fixed_dictionaries({"level": shares}, optional={"staffed": st.booleans()}).map(
        lambda keys: ("coordination", keys)
    ),
    st.fixed_dictionaries({"staffed": st.booleans()}).map(lambda keys: ("coordination", keys)),
    st.fixed_dictionaries({"district": st.just("solino"), "open": st.booleans()}).map(
        lambda keys: ("base", keys)
    ),
    st.fixed_dictionaries(
        {
            "gangs": st.just("coalition"),
            "targets": st.lists(st.sampled_from(["solino", "nazon"]), min_size=1, unique=True),
            "duration": st.integers(1, 500).map(lambda number: f"{number} days"),
        }
    ).map(lambda keys: ("offensive", keys)),
    st.fixed_dictionaries(
        {"war.on": st.booleans(), "control.adjustment_time": st.floats(3, 21)}
    ).map(lambda keys: ("change", keys)),
)
times = st.one_of(
    days.map(lambda day: {"date": day}),
    st.tuples(days, st.integers(0, 99)).map(
        lambda pair: {"date": {"window": [pair[0], pair[0] + timedelta(pair[1])]}}
    ),
)
delays = st.one_of(
    durations,
    st.tuples(st.integers(0, 50), st.integers(51, 99)).map(
        lambda pair: {"triangular": [f"{pair[0]} days", "50.5 days", f"{pair[1]} days"]}
    ),
    st.just({"choice": {"5 days": 1, "9 days": 2}}),
    st.just({"lognormal": ["30 days", 2.5], "bounds": ["5 days", "300 days"]}),
)


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, object]]:
    """Return some events, later ones depending on earlier ones in every way there is."""
    found: list[dict[str, object]] = []
    for number in range(draw(st.integers(0, 5))):
        name, keys = draw(actions)
        event = {
            "id": f"event-{number}",
            "probability": draw(shares),
            "source": draw(texts),
            name: keys,
        }
        if number and draw(st.booleans()):
            event |= {"after": f"event-{draw(st.integers(0, number - 1))}", "delay": draw(delays)}
        else:
            event |= draw(times)
        if number and draw(st.booleans()):
            event[draw(st.sampled_from(["unless", "only_if"]))] = f"event-{number - 1}"
        found.append(event)
    return found


def yaml(value: object) -> str:
    """Return a value as YAML on one line, written independently of the package."""
    import json

    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(yaml, value))}]"
    if isinstance(value, str) and not value.endswith(" days"):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def same(first: Scenario, second: Scenario) -> bool:
    """Return whether two scenarios differ only in where their values come from."""
    fields = [
        field.name for field in dataclasses.fields(first) if field.name not in ("origin", "given")
    ]
    return all(getattr(first, name) == getattr(second, name) for name in fields)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=events(), time=distributions | multiples, title=texts, note=texts, drawn=st.booleans())
def test_resolved_reads_back_to_the_same(
    read: Read,
    found: list[dict[str, object]],
    time: dict[str, object],
    title: str,
    note: str,
    drawn: bool,
) -> None:
    """Whatever a scenario holds, its resolved text has the same content, digest and parameters."""
    body = "posterior: draws.csv\n" if drawn else ""
    (read("").folder / "draws.csv").write_text(TABLE, encoding="utf-8")
    body += f"sources: {yaml({'a': note})}\n"
    params = {"control.adjustment_time": {**time, "note": note}, "war.on": False}
    body += f"params: {yaml(params)}\n"
    body += f"question: {yaml(title)}\nevents: {yaml(found)}\n"
    try:
        scenario = read(body)
    except ScenarioError as error:
        if all("neither comes first" in problem for problem in error.problems):
            reject()
        raise
    again = parse(scenario.resolved(), scenario.folder / "resolved.yaml")
    assert same(scenario, again)
    assert scenario.digest() == again.digest()
    assert scenario.parameters(1) == again.parameters(1)
    assert again.resolved().count("\n") == scenario.resolved().count("\n")


def test_resolved_says_where_each_value_came_from(read: Read) -> None:
    """Every line that holds a given value ends in its file and line."""
    lines = read(BODY).resolved().splitlines()
    assert (
        '  control.adjustment_time: {uniform: [4.0, 9.0], source: "made up"}  # test.yaml:7'
        in lines
    )
    assert "    probability: 0.5  # test.yaml:12" in lines
    assert "      officers: 200  # test.yaml:13" in lines
    assert "  seed: 4  # test.yaml:5" in lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a comment", ""),
        ("id: test", "id: other"),
        ("title: A test", "title: Another"),
        ("source: press", "source: book"),
        ("source: made up", "note: made up"),
        ("draws: 2, replicates: 3", "replicates: 30, draws: 20"),
        ("[4, 9]", "[4 days, 9.0]"),
        ("gangs.fighters: 7000", "gangs.fighters: 7e3 persons"),
        ("contingent: kenya, officers: 200", "officers: 200, contingent: kenya, duration: 0 days"),
        ("params:", "question: Why?\nparams:"),
    ],
)
def test_the_digest_stays(read: Read, before: str, after: str) -> None:
    """Texts, comments, order of keys, notation and numbers of runs do not determine a run."""
    text = HEAD + BODY
    assert before in text
    assert read(text.replace(before, after), "").digest() == read(text, "").digest()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("seed: 4", "seed: 5"),
        ("2024-12-31", "2024-12-30"),
        ("[4, 9]", "[4, 9.000000000000002]"),
        ("uniform", "loguniform"),
        ("7000", "7001"),
        ("probability: 0.5", "probability: 0.51"),
        ("officers: 200", "officers: 201"),
        ("active: true", "active: false"),
        ("id: b", "id: c"),
    ],
)
def test_the_digest_changes(read: Read, before: str, after: str) -> None:
    """Whatever changes a run changes the digest, down to the last bit of a number."""
    text = HEAD + BODY
    assert before in text
    assert read(text.replace(before, after), "").digest() != read(text, "").digest()


def test_the_order_of_events_does_not_matter(read: Read) -> None:
    """The order of events in a file does not matter."""
    lines = BODY.splitlines(keepends=True)
    assert read("".join([*lines[:5], lines[10], *lines[5:10]])).digest() == read(BODY).digest()


def test_a_worlds_tables_are_part_of_the_digest(read: Read, tmp_path: Path) -> None:
    """A change in a world's tables changes the digest of its scenarios."""
    (tmp_path / "place").mkdir()
    table = tmp_path / "place" / "districts.csv"
    table.write_text("a\n")
    before = read("world: place\n").digest()
    table.write_text("b\n")
    assert len({read("").digest(), before, read("world: place\n").digest()}) == 3
