"""Scenarios: where parameters come from, multiples of them, and what differs between draws."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.scenario import Scenario, ScenarioError, parse
from teritwa.scenario.actions import Change
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader.values import Multiple

DRAWN = ("control.adjustment_time", "gangs.fighters", "hold.night_share")
TABLE = ",".join(DRAWN) + "\n4,6000,0.1\n5.5,7001,0.25\n10,11999,0.9\n"
Read = Callable[..., Scenario]


@pytest.fixture
def drawn(read: Read, tmp_path: Path) -> Read:
    """Return a function that reads a scenario which draws from the table above."""
    (tmp_path / "draws.csv").write_text(TABLE, encoding="utf-8")
    return lambda body="": read(f"posterior: draws.csv\n{body}")


def values(scenario: Scenario, name: str) -> list[float]:
    """Return a parameter of the three draws."""
    return [scenario.parameters(draw)[name] for draw in range(3)]


def test_what_no_one_names_keeps_the_models_value(drawn: Read) -> None:
    """A parameter that nothing sets has its default in every draw."""
    assert values(drawn(), "presence.police_coverage_constant") == [8.0] * 3
    assert values(drawn(), "war.on") == [True] * 3
    assert set(drawn().parameters(0)) == {
        "control.adjustment_time",
        "gangs.members_day0",
        "gangs.fighters",
        "hold.night_share",
        "presence.police_coverage_constant",
        "war.on",
    }


def test_the_scenario_wins_over_its_posterior(drawn: Read) -> None:
    """A number or a distribution under params replaces the table's values; the others stay."""
    found = drawn("params: {control.adjustment_time: 8, hold.night_share: {uniform: [0.3, 0.4]}}\n")
    assert values(found, "control.adjustment_time") == [8.0] * 3
    shares = values(found, "hold.night_share")
    assert all(0.3 <= share <= 0.4 for share in shares)
    assert len(set(shares)) == 3
    assert values(found, "gangs.fighters") == [6000, 7001, 11999]


@pytest.mark.parametrize(
    ("name", "factor", "expected"),
    [
        ("control.adjustment_time", "1.5", [6.0, 8.25, 15.0]),
        ("control.adjustment_time", "1", [4.0, 5.5, 10.0]),
        ("control.adjustment_time", "0.7", [3.0, 0.7 * 5.5, 7.0]),
        ("control.adjustment_time", "0", [3.0, 3.0, 3.0]),
        ("control.adjustment_time", "3", [12.0, 16.5, 21.0]),
        ("control.adjustment_time", "1e300", [21.0, 21.0, 21.0]),
        ("gangs.fighters", "1.5", [9000, 10502, 12000]),
        ("gangs.fighters", "0.93", [5580, 6511, 11159]),
        ("gangs.fighters", "0.1", [5500, 5500, 5500]),
        ("hold.night_share", "2", [0.2, 0.5, 0.9]),
        ("hold.night_share", "0", [0.0, 0.0, 0.0]),
        ("presence.police_coverage_constant", "1.25", [10.0, 10.0, 10.0]),
        ("presence.police_coverage_constant", "9", [25.0, 25.0, 25.0]),
    ],
)
def test_a_multiple_of_the_draw_or_the_default(
    drawn: Read, name: str, factor: str, expected: list[float]
) -> None:
    """A multiple of the posterior's or the model's value stays in the range; counts are rounded."""
    found = values(drawn(f"params: {{{name}: {{multiply_by: {factor}}}}}\n"), name)
    assert found == pytest.approx(expected, rel=1e-15)
    assert {type(value) for value in found} == {int if name == "gangs.fighters" else float}


def test_a_multiple_of_a_default_needs_no_posterior(read: Read) -> None:
    """Without a posterior it is the model's own value that is multiplied."""
    assert (
        values(
            read("params: {control.adjustment_time: {multiply_by: 0.5}}\n"),
            "control.adjustment_time",
        )
        == [4.0] * 3
    )


def test_a_multiple_keeps_its_source(read: Read) -> None:
    """A factor is a value like any other: its source and note go with it."""
    found = read(
        "params: {control.adjustment_time: {multiply_by: 50e-2, source: a book, note: hm}}\n"
    )
    assert found.params == {"control.adjustment_time": Multiple(0.5)}
    assert found.basis == {"control.adjustment_time": {"source": "a book", "note": "hm"}}
    assert (
        '  control.adjustment_time: {multiply_by: 0.5, source: "a book", note: "hm"}  # test.yaml:5'
        in found.resolved().split("\n")
    )


def test_a_child_replaces_a_multiple_whole(read: Read, tmp_path: Path) -> None:
    """A multiple replaces a parent's distribution as a whole, and a value replaces a multiple."""
    (tmp_path / "parent.yaml").write_text(
        "schema: 2\nid: a\ntitle: A\nperiod: {end: 2024-12-31}\n"
        "params:\n"
        "  control.adjustment_time: {multiply_by: 2, note: hm}\n"
        "  hold.night_share: {uniform: [0.1, 0.2], source: a book}\n"
    )
    child = (
        "schema: 2\nid: b\ntitle: B\nextends: parent.yaml\n"
        "params:\n"
        "  control.adjustment_time: {value: 5}\n"
        "  hold.night_share: {multiply_by: 3}\n"
    )
    assert read("")  # the fixture puts the small registry in place
    found = parse(child, tmp_path / "child.yaml")
    assert found.params == {"control.adjustment_time": 5.0, "hold.night_share": Multiple(3.0)}
    assert found.basis == {}


def test_a_multiple_can_be_set_from_python(drawn: Read) -> None:
    """As a dictionary or as the text of a file; a wrong one is refused."""
    sound: tuple[object, ...] = ({"multiply_by": 2}, "{multiply_by: 2.0}")
    for given in sound:
        found = drawn().replace(params={"control.adjustment_time": given})
        assert values(found, "control.adjustment_time") == [8.0, 11.0, 20.0]
        assert (
            "  control.adjustment_time: {multiply_by: 2.0}  # set for this run"
            in found.resolved().splitlines()
        )
    wrong: tuple[object, ...] = (
        {"multiply_by": -1},
        {"multiply_by": math.nan},
        {"multiply_by": "x"},
        {"multiply_by": 2, "value": 3},
    )
    for given in wrong:
        with pytest.raises(ScenarioError, match=r"^params\.control\.adjustment_time\.\w+: "):
            drawn().replace(params={"control.adjustment_time": given})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", DRAWN),
        (
            "params: {control.adjustment_time: 5, gangs.fighters: {value: 6000}}\n",
            ("hold.night_share",),
        ),
        (
            "params: {war.on: false}\n",
            DRAWN,
        ),
        (
            "params:\n  control.adjustment_time: {multiply_by: 2}\n"
            "  presence.police_coverage_constant: {multiply_by: 2}\n",
            DRAWN,
        ),
        (
            "params:\n  control.adjustment_time: {uniform: [4, 9]}\n"
            "  war.on: {choice: {true: 1, false: 1}}\n",
            (*DRAWN, "war.on"),
        ),
    ],
)
def test_uncertain_is_what_differs_between_draws(
    drawn: Read, body: str, expected: tuple[str, ...]
) -> None:
    """What is drawn from the posterior or a distribution, also multiplied; not what is set."""
    assert drawn(body).uncertain == expected


def test_nothing_is_uncertain_where_nothing_is_drawn(read: Read) -> None:
    """A multiple of a default is one number."""
    assert (
        read(
            "params: {control.adjustment_time: {multiply_by: 2}, gangs.fighters: 6000}\n"
        ).uncertain
        == ()
    )
    assert read("params: {control.adjustment_time: {uniform: [4, 9]}}\n").uncertain == (
        "control.adjustment_time",
    )


def test_a_multiple_of_one_is_not_its_own_value(drawn: Read) -> None:
    """The digest differs between a factor and a number, and between factors."""
    bodies = (
        "",
        *(
            f"params: {{control.adjustment_time: {item}}}\n"
            for item in ("8", "{multiply_by: 8}", "{multiply_by: 8.000000000000002}")
        ),
    )
    assert len({drawn(body).digest() for body in bodies}) == 4


def test_throughout_takes_the_place_of_a_draw(drawn: Read) -> None:
    """One value from the first day to the last, whatever posterior, multiple or event says."""
    body = (
        "params: {control.adjustment_time: {multiply_by: 2}}\n"
        "events:\n  - id: a\n    date: 2024-02-01\n"
        "    change: {control.adjustment_time: 9, gangs.fighters: 9000}\n"
    )
    found = drawn(body).throughout({"control.adjustment_time": 7})
    assert values(found, "control.adjustment_time") == [7.0] * 3
    assert found.uncertain == ("gangs.fighters", "hold.night_share")
    assert found.events[0].action == Change((("gangs.fighters", 9000),))


def test_a_distribution_is_drawn_alike_beside_a_posterior(read: Read, drawn: Read) -> None:
    """A parameter's draw has its own random numbers: a posterior of others does not change it."""
    body = "params: {presence.police_coverage_constant: {uniform: [4, 9]}}\n"
    name = "presence.police_coverage_constant"
    assert values(drawn(body), name) == values(read(body), name)
    assert drawn(body).params[name] == Distribution("uniform", (4.0, 9.0))
