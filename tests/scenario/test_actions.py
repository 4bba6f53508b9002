"""Actions: how they are read from a file and written to one, and the mistakes in them."""

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from teritwa.scenario import Scenario, actions
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.events import KEYS
from teritwa.scenario.serialize import text as as_yaml

EVENT = "events:\n  - id: a\n    date: 2024-06-25\n"
SOME = Distribution("uniform", (100.0, 300.0))
Read = Callable[..., Scenario]
Mistakes = Callable[..., tuple[str, ...]]

CASES: list[tuple[str, actions.Action, dict[str, object]]] = [
    (
        "deploy: {contingent: kenya, officers: 200}",
        actions.Deploy("kenya", 200, 0),
        {"contingent": "kenya", "officers": 200, "duration": "0 days"},
    ),
    (
        "deploy: {contingent: kenya, officers: 200 officers, duration: 6 weeks}",
        actions.Deploy("kenya", 200, 42),
        {"contingent": "kenya", "officers": 200, "duration": "42 days"},
    ),
    (
        "deploy: {contingent: haitian-army, officers: {uniform: [100, 300]}}",
        actions.Deploy("haitian-army", SOME, 0),
        {"contingent": "haitian-army", "officers": SOME, "duration": "0 days"},
    ),
    (
        "pledge: {contingent: kenya, officers: 383, preparation: 12 weeks}",
        actions.Pledge("kenya", 383, 84),
        {"contingent": "kenya", "officers": 383, "preparation": "84 days"},
    ),
    (
        "pledge: {contingent: kenya, officers: {uniform: [100, 300]}, preparation: 0 days}",
        actions.Pledge("kenya", SOME, 0),
        {"contingent": "kenya", "officers": SOME, "preparation": "0 days"},
    ),
    (
        "withdraw: {contingent: all, duration: 60 days}",
        actions.Withdraw("all", None, 60),
        {"contingent": "all", "duration": "60 days"},
    ),
    (
        "withdraw: {contingent: kenya, officers: 5}",
        actions.Withdraw("kenya", 5, 0),
        {"contingent": "kenya", "officers": 5, "duration": "0 days"},
    ),
    (
        "withdraw: {contingent: haitian-police, officers: 5}",
        actions.Withdraw("haitian-police", 5, 0),
        {"contingent": "haitian-police", "officers": 5, "duration": "0 days"},
    ),
    (
        "pay: {contingent: haitian-police, share: 40 %}",
        actions.Pay("haitian-police", 0.4, None),
        {"contingent": "haitian-police", "share": 0.4},
    ),
    (
        "pay: {contingent: all, share: 1, patience: 8 weeks}",
        actions.Pay("all", 1.0, 56),
        {"contingent": "all", "share": 1.0, "patience": "56 days"},
    ),
    (
        "mandate: {type: none}",
        actions.Mandate("none", 0, None, military=False),
        {"type": "none", "authorised": 0},
    ),
    (
        "mandate: {type: support-mission, authorised: 2500, until: 2025-10-02}",
        actions.Mandate("support-mission", 2500, date(2025, 10, 2), military=False),
        {
            "type": "support-mission",
            "authorised": 2500,
            "until": date(2025, 10, 2),
            "military": False,
        },
    ),
    (
        "mandate: {type: support-mission, authorised: 2500, military: true}",
        actions.Mandate("support-mission", 2500, None, military=True),
        {"type": "support-mission", "authorised": 2500, "military": True},
    ),
    (
        "mandate: {type: un-peacekeeping, authorised: 5000}",
        actions.Mandate("un-peacekeeping", 5000, None, military=True),
        {"type": "un-peacekeeping", "authorised": 5000},
    ),
    (
        "mandate: {type: un-peacekeeping, authorised: 5000, arrival: 20 days}",
        actions.Mandate("un-peacekeeping", 5000, None, military=True, arrival=20),
        {"type": "un-peacekeeping", "authorised": 5000, "arrival": "20 days"},
    ),
    (
        "mandate: {type: un-peacekeeping, authorised: 9, arrival: 2025-01-31, until: 2025-01-31}",
        actions.Mandate(
            "un-peacekeeping", 9, date(2025, 1, 31), military=True, arrival=date(2025, 1, 31)
        ),
        {
            "type": "un-peacekeeping",
            "authorised": 9,
            "until": date(2025, 1, 31),
            "arrival": date(2025, 1, 31),
        },
    ),
    (
        "money: {donor: trust-fund, pledge: 18e6}",
        actions.Money("trust-fund", 18_000_000_00, None, None),
        {"donor": "trust-fund", "pledge": Decimal(18_000_000)},
    ),
    (
        "money: {donor: trust-fund, receive: 110.3 million USD, monthly: 0.01}",
        actions.Money("trust-fund", None, 110_300_000_00, 1),
        {"donor": "trust-fund", "receive": Decimal(110_300_000), "monthly": Decimal("0.01")},
    ),
    (
        "money: {donor: trust-fund, monthly: 0}",
        actions.Money("trust-fund", None, None, 0),
        {"donor": "trust-fund", "monthly": Decimal(0)},
    ),
    (
        "money: {donor: trust-fund, monthly: 10e6, in_kind: 90 %}",
        actions.Money("trust-fund", None, None, 10_000_000_00, 0.9),
        {"donor": "trust-fund", "monthly": Decimal(10_000_000), "in_kind": 0.9},
    ),
    (
        "equipment: {contingent: kenya, vehicles: 10}",
        actions.Equipment("kenya", 10),
        {"contingent": "kenya", "vehicles": 10},
    ),
    (
        "equipment: {contingent: haitian-police, surveillance_drones: 3, armed_drones: 1,"
        " helicopters: 2, night_vision: 200}",
        actions.Equipment("haitian-police", 0, 2, 3, 1, 200),
        {
            "contingent": "haitian-police",
            "helicopters": 2,
            "surveillance_drones": 3,
            "armed_drones": 1,
            "night_vision": 200,
        },
    ),
    (
        "base: {district: solino, open: true}",
        actions.Base("solino", open=True),
        {"district": "solino", "open": True},
    ),
    (
        "base: {district: solino, open: true, force: army}",
        actions.Base("solino", open=True, force="army"),
        {"district": "solino", "open": True, "force": "army"},
    ),
    ("coalition: {active: false}", actions.Coalition(active=False), {"active": False}),
    (
        "offensive: {gangs: coalition, targets: [solino, nazon], duration: 4 weeks}",
        actions.Offensive("coalition", ("nazon", "solino"), 28),
        {"gangs": "coalition", "targets": ("nazon", "solino"), "duration": "28 days"},
    ),
    (
        "offensive: {gangs: brooklyn, targets: [solino], duration: 1 day}",
        actions.Offensive("brooklyn", ("solino",), 1),
        {"gangs": "brooklyn", "targets": ("solino",), "duration": "1 days"},
    ),
    (
        "operation: {targets: [solino], duration: 3 days}",
        actions.Operation(("solino",), 3),
        {"targets": ("solino",), "duration": "3 days"},
    ),
    (
        "operation: {targets: [solino], duration: 3 days, posture: cordon-and-search}",
        actions.Operation(("solino",), 3, "cordon-and-search"),
        {"targets": ("solino",), "duration": "3 days", "posture": "cordon-and-search"},
    ),
    (
        "doctrine: {force: mission, operations: clear-and-hold, at_home: community-policing,"
        " first: border, share_out: 40 %, force_ratio: 3, garrison: 4.5, patience: 3 weeks,"
        " hand_over: 90 days}",
        actions.Doctrine(
            "mission",
            "clear-and-hold",
            "community-policing",
            "border",
            0.4,
            3.0,
            4.5,
            21,
            90,
        ),
        {
            "force": "mission",
            "operations": "clear-and-hold",
            "at_home": "community-policing",
            "first": "border",
            "share_out": 0.4,
            "force_ratio": 3.0,
            "garrison": 4.5,
            "patience": "21 days",
            "hand_over": "90 days",
        },
    ),
    (
        "doctrine: {force: army, operations: none}",
        actions.Doctrine("army", "none"),
        {"force": "army", "operations": "none"},
    ),
    (
        "doctrine: {force: police, share_out: 0, garrison: 0}",
        actions.Doctrine("police", share_out=0.0, garrison=0.0),
        {"force": "police", "share_out": 0.0, "garrison": 0.0},
    ),
    ("prison-break: {escaped: 4600}", actions.PrisonBreak(4600), {"escaped": 4600}),
    ("coordination: {level: 40 %}", actions.Coordination(0.4, None), {"level": 0.4}),
    ("coordination: {staffed: true}", actions.Coordination(None, staffed=True), {"staffed": True}),
    (
        "coordination: {level: 0, staffed: false}",
        actions.Coordination(0.0, staffed=False),
        {"level": 0.0, "staffed": False},
    ),
    (
        "change: {war.on: false, control.adjustment_time: 5 days, gangs.fighters: 6e3}",
        actions.Change(
            (("control.adjustment_time", 5.0), ("gangs.fighters", 6000), ("war.on", False))
        ),
        {"control.adjustment_time": 5.0, "gangs.fighters": 6000, "war.on": False},
    ),
]
NEEDED = {
    "deploy": ("contingent", "officers"),
    "pledge": ("contingent", "officers", "preparation"),
    "withdraw": ("contingent",),
    "pay": ("", "contingent"),
    "mandate": ("type",),
    "money": ("", "donor"),
    "equipment": ("", "contingent"),
    "base": ("district", "open"),
    "coalition": ("active",),
    "offensive": ("duration", "gangs", "targets"),
    "operation": ("duration", "targets"),
    "doctrine": ("", "force"),
    "prison-break": ("escaped",),
    "coordination": ("",),
    "change": ("",),
}
"""The mistakes of an action without keys, in order: the keys, and where empty the action itself."""


def test_every_action_of_the_package_has_its_key() -> None:
    """Each class of the package stands in the table under its own key, which an event may use."""
    package = actions.__name__
    declared = {
        kind for kind in actions.Action.__subclasses__() if kind.__module__.startswith(package)
    }
    assert set(actions.ACTIONS.values()) == declared
    assert [action.key for action in actions.ACTIONS.values()] == list(actions.ACTIONS)
    assert set(actions.ACTIONS) <= set(KEYS)


def test_every_action_is_read_here() -> None:
    """The table of this file leaves no action out."""
    declared = set(actions.ACTIONS.values())
    assert {type(action) for _, action, _ in CASES} == declared


@pytest.mark.parametrize(("text", "expected", "written"), CASES, ids=[case[0] for case in CASES])
def test_an_action_is_read(
    read: Read, text: str, expected: actions.Action, written: dict[str, object]
) -> None:
    """A map of a file becomes the action, with durations in days and money in cents."""
    (event,) = read(f"{EVENT}    {text}\n").events
    assert event.action == expected
    assert {name: type(value) for name, value in vars(event.action).items()} == {
        name: type(value) for name, value in vars(expected).items()
    }


@pytest.mark.parametrize(("text", "expected", "written"), CASES, ids=[case[0] for case in CASES])
def test_an_action_is_written_as_a_file_gives_it(
    read: Read, text: str, expected: actions.Action, written: dict[str, object]
) -> None:
    """What is given is written in order, what follows from it is not, and it reads back."""
    assert expected.written() == written
    assert list(expected.written()) == list(written)
    (event,) = read(f"{EVENT}    {expected.key}: {as_yaml(written)}\n").events
    assert event.action == expected


@pytest.mark.parametrize("kind", actions.ACTIONS.values(), ids=lambda kind: kind.key)
def test_every_key_says_what_it_means(kind: type[actions.Action]) -> None:
    """Each field of an action is a key with a meaning; a change has parameters in their place."""
    names = [one.name for one in dataclasses.fields(kind)]
    if kind is actions.Change:
        assert (list(kind.keys()), names) == ([], ["params"])
        return
    assert list(kind.keys()) == names
    assert [name for name, key in kind.keys().items() if not key.meaning] == []


@pytest.mark.parametrize("name", actions.ACTIONS)
def test_an_action_without_keys_names_what_it_needs(name: str, mistakes: Mistakes) -> None:
    """Of an empty map each key without a default is missing; some actions need one of several."""
    lines = mistakes(f"{EVENT}    {name}: {{}}\n")
    paths = [line.split(": ")[1] for line in lines]
    whole = f"events.a.{name}"
    assert paths == [f"{whole}.{key}" if key else whole for key in NEEDED[name]]
    assert all("missing, this key is required" in line for line in lines if f"{whole}." in line)


def test_a_change_leaves_out_what_is_held_throughout() -> None:
    """A change without some of its parameters is the change of the others, and may be empty."""
    change = actions.Change((("a.b", 1.0), ("c.d", 2.0)))
    assert change.without(["a.b", "x.y"]) == actions.Change((("c.d", 2.0),))
    assert change.without({"a.b", "c.d"}).params == ()


def test_a_change_names_each_of_its_mistakes(mistakes: Mistakes) -> None:
    """Wrong values, unknown names and what describes day 0 are all noted, the rest is read."""
    lines = mistakes(
        f"{EVENT}    change:\n"
        "      control.adjustment_time: 61\n"
        "      gangs.fighters: 6000\n"
        "      gangs.fihters: 6000\n"
        "      gangs.members_day0: 6000\n"
        "      war.on: 2\n"
    )
    assert [line.split(": ")[:2] for line in lines] == [
        ["test.yaml:9:32", "events.a.change.control.adjustment_time"],
        ["test.yaml:11:7", "events.a.change.gangs.fihters"],
        ["test.yaml:12:27", "events.a.change.gangs.members_day0"],
        ["test.yaml:13:15", "events.a.change.war.on"],
    ]


def test_a_change_knows_where_its_values_stand(read: Read) -> None:
    """The line of each changed parameter is kept for the resolved scenario."""
    found = read(f"{EVENT}    change:\n      war.on: false\n      gangs.fighters: 6000\n")
    assert found.origin["events.a.change.war.on"] == "test.yaml:9"
    assert "      gangs.fighters: 6000  # test.yaml:10" in found.resolved().splitlines()


def test_an_action_needs_a_label_and_an_effect() -> None:
    """A class without words for pictures, or without an effect on a run, cannot be made."""
    for method in ("label", "apply"):
        others = {"label", "apply"} - {method}
        kind: Any = type("Half", (actions.Action,), {name: lambda self: "" for name in others})
        with pytest.raises(TypeError, match=method):
            kind()


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("doctrine: {force: navy, operations: raid}", "force", "navy"),
        ("doctrine: {force: police, operations: patrol}", "operations", "patrol"),
        ("doctrine: {force: police, at_home: raid}", "at_home", "raid"),
        ("doctrine: {force: police, first: luck}", "first", "luck"),
        ("doctrine: {force: police, share_out: 1.2}", "share_out", "1.2"),
        ("doctrine: {force: police, force_ratio: -1}", "force_ratio", "outside"),
        ("doctrine: {force: police, force_ratio: 101}", "force_ratio", "outside"),
        ("doctrine: {force: police, garrison: some}", "garrison", "some"),
        ("doctrine: {force: police, patience: 0 days}", "patience", "0"),
        ("doctrine: {force: police, hand_over: 5}", "hand_over", "5"),
        (
            "operation: {targets: [solino], duration: 3 days, posture: patrol}",
            "posture",
            "patrol",
        ),
        ("operation: {targets: [solino], duration: 3 days, posture: none}", "posture", "none"),
    ],
)
def test_mistakes_in_orders_and_doctrines(
    mistakes: Mistakes, text: str, path: str, words: str
) -> None:
    """An unknown word, a posture of the wrong kind and a number out of range are named, once."""
    (line,) = mistakes(f"{EVENT}    {text}\n")
    assert f".{path}: " in line
    assert words in line


def test_a_doctrine_needs_more_than_a_force(mistakes: Mistakes) -> None:
    """A doctrine that changes nothing is a mistake."""
    (line,) = mistakes(f"{EVENT}    doctrine: {{force: police}}\n")
    assert "events.a.doctrine" in line
