"""Extending: what a child inherits, replaces and drops, and which files may be read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.scenario import Scenario, ScenarioError, load
from teritwa.scenario.actions import Coalition, Deploy
from teritwa.scenario.distributions import Distribution

pytestmark = pytest.mark.usefixtures("small")

PARENT = """schema: 2
id: parent
title: The parent
question: Why?
period: {start: 2024-01-01, end: 2024-12-31}
runs: {draws: 2, replicates: 3, seed: 4}
params:
  control.adjustment_time: {uniform: [4, 9], source: a book}
  gangs.fighters: 7000
events:
  - id: a
    date: 2024-02-01
    probability: 0.5
    deploy: {contingent: kenya, officers: 200}
    source: press
  - {id: b, after: a, delay: 5 days, coalition: {active: true}}
  - {id: c, date: 2024-04-01, coalition: {active: false}}
"""
Family = Callable[..., Scenario]


@pytest.fixture
def family(tmp_path: Path) -> Family:
    """Return a function that loads a child of the parent above, given the child's body."""

    def child(body: str) -> Scenario:
        (tmp_path / "parent.yaml").write_text(PARENT)
        (tmp_path / "child.yaml").write_text(
            f"schema: 2\nid: child\ntitle: The child\nextends: parent.yaml\n{body}"
        )
        return load(tmp_path / "child.yaml")

    return child


def test_a_child_that_says_nothing_is_its_parent(family: Family, tmp_path: Path) -> None:
    """Only the name differs: the digest is the same, the question is not inherited."""
    child = family("")
    parent = load(tmp_path / "parent.yaml")
    assert child.digest() == parent.digest()
    assert (child.id, child.title, child.question) == ("child", "The child", "")
    assert (child.draws, child.replicates, child.seed) == (2, 3, 4)


def test_maps_merge_by_key_and_values_are_replaced_whole(family: Family) -> None:
    """A map changes by key; a distribution is one value, replaced with its source."""
    child = family(
        "runs: {replicates: 9}\nparams: {control.adjustment_time: {loguniform: [3, 5]}}\n"
    )
    assert (child.draws, child.replicates, child.seed) == (2, 9, 4)
    assert child.params["control.adjustment_time"] == Distribution("loguniform", (3.0, 5.0))
    assert child.params["gangs.fighters"] == 7000
    assert child.basis == {}
    assert child.origin["params.control.adjustment_time"] == "child.yaml:6"
    assert child.origin["params.gangs.fighters"] == "parent.yaml:9"


def test_events_merge_by_id(family: Family) -> None:
    """The child's keys change an event of the same id; new ones are added, dropped ones removed."""
    child = family(
        "events:\n"
        "  - {id: a, deploy: {officers: 50}}\n"
        "  - {id: c, drop: true}\n"
        "  - {id: d, date: 2024-05-01, prison-break: {escaped: 5}}\n"
    )
    a, b, d = child.events
    assert (a.id, b.id, d.id) == ("a", "b", "d")
    assert a.action == Deploy("kenya", 50, 0)
    assert a.probability == 0.5
    assert a.source == "press"


def test_an_empty_list_of_events_replaces_those_of_the_parent(family: Family) -> None:
    """A list without ids is one value: a child with no events has none."""
    assert len(family("").events) == 3
    assert family("events: []\n").events == ()


def test_another_action_or_time_takes_the_place_of_the_old(family: Family) -> None:
    """A child may turn a date into a delay, or an arrival into something else, by the same id."""
    child = family(
        "events:\n"
        "  - {id: a, coalition: {active: true}}\n"
        "  - {id: b, date: 2024-03-03}\n"
        "  - {id: c, after: a, delay: 9 days}\n"
    )
    a, b, c = child.events
    assert a.action == Coalition(active=True)
    assert (b.after, b.delay, str(b.date)) == (None, 0, "2024-03-03")
    assert (c.date, c.after, c.delay) == (None, "a", 9)


def test_a_delay_alone_changes_only_the_delay(family: Family) -> None:
    """The event that it follows stays if only the delay is given anew."""
    b = family("events:\n  - {id: b, delay: 8 days}\n").events[1]
    assert (b.after, b.delay) == ("a", 8)


def test_a_dropped_event_that_others_need_is_named(family: Family) -> None:
    """The line of the parent that names the dropped event is shown."""
    with pytest.raises(
        ScenarioError, match=r"parent\.yaml:16:20: events\.b\.after: unknown event 'a'"
    ):
        family("events:\n  - {id: a, drop: true}\n")


def test_mistakes_of_parent_and_child_come_together(family: Family, tmp_path: Path) -> None:
    """The child's mistakes are listed first, each with its own file."""
    with pytest.raises(ScenarioError) as caught:
        family(
            "params: {gangs.fighters: 1}\nworls: x\n"
            "events:\n  - {id: c, drop: true, date: 2024-01-01}\n"
        )
    assert [line.split(":")[0] for line in caught.value.problems] == [
        str(tmp_path / "child.yaml")
    ] * 3
    (tmp_path / "parent.yaml").write_text(
        PARENT.replace("probability: 0.5", "probability: 5").replace("schema: 2\n", "")
    )
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "child.yaml")
    assert [Path(line.split(":")[0]).name for line in caught.value.problems] == [
        "child.yaml"
    ] * 3 + ["parent.yaml"] * 2


def chain(folder: Path, names: list[str]) -> Path:
    """Write scenarios that each extend the next, the last extending nothing; return the first."""
    for name, parent in zip(names, [*names[1:], ""], strict=True):
        extends = f"extends: {parent}\n" if parent else ""
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"schema: 2\nid: x\ntitle: X\nperiod: {{end: 2024-12-31}}\n{extends}")
    return folder / names[0]


def test_eight_in_a_row_are_read_and_nine_are_not(tmp_path: Path) -> None:
    """A chain of eight scenarios is allowed."""
    assert load(chain(tmp_path, [f"{number}.yaml" for number in range(8)])).id == "x"
    with pytest.raises(ScenarioError, match="more than 8 scenarios in a row"):
        load(chain(tmp_path, [f"{number}.yaml" for number in range(9)]))


def test_a_circle_is_named_in_full(tmp_path: Path) -> None:
    """Every file of the circle is named, in order."""
    chain(tmp_path, ["a.yaml", "b.yaml", "c.yaml"])
    (tmp_path / "c.yaml").write_text("schema: 2\nid: c\ntitle: C\nextends: a.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.yaml")
    assert caught.value.problems == (
        f"{tmp_path / 'c.yaml'}:4:10: extends: the scenarios extend each other in a circle: "
        "a.yaml extends b.yaml extends c.yaml extends a.yaml",
    )


def test_a_scenario_cannot_extend_itself(tmp_path: Path) -> None:
    """A scenario that extends itself is the shortest circle."""
    chain(tmp_path, ["a.yaml", "a.yaml"])
    (tmp_path / "a.yaml").write_text("schema: 2\nid: a\ntitle: A\nextends: ./a.yaml\n")
    with pytest.raises(ScenarioError, match=r"a\.yaml extends a\.yaml"):
        load(tmp_path / "a.yaml")


def test_a_parent_below_may_extend_one_above_it_within_the_folder(tmp_path: Path) -> None:
    """Files in and below the folder of the loaded scenario may be read."""
    chain(tmp_path, ["a.yaml", "sub/b.yaml"])
    (tmp_path / "sub" / "b.yaml").write_text("schema: 2\nid: b\ntitle: B\nextends: ../c.yaml\n")
    (tmp_path / "c.yaml").write_text("schema: 2\nid: c\ntitle: C\nperiod: {end: 2024-06-30}\n")
    assert load(tmp_path / "a.yaml").days == 366
    with pytest.raises(ScenarioError, match="leaves the scenario's folder"):
        load(tmp_path / "sub" / "b.yaml")


@pytest.mark.parametrize(
    "word",
    [
        "../secret.yaml",
        "../home-too/a.yaml",
        "link.yaml",
        "~/a.yaml",
        "pipe",
        "/dev/zero",
        "a\\0b",
        "http://x/y.yaml",
        "a" * 501,
    ],
)
def test_reading_stays_at_home(word: str, tmp_path: Path) -> None:
    """No path, folder of a similar name, link, pipe or device leads out of the folder."""
    home = tmp_path / "home"
    for folder in (home, tmp_path / "home-too"):
        folder.mkdir()
        (folder / "a.yaml").write_text("schema: 2\nid: a\ntitle: A\nperiod: {end: 2024-12-31}\n")
    (tmp_path / "secret.yaml").write_text("a secret\n")
    (home / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    os.mkfifo(home / "pipe")
    (home / "b.yaml").write_text(f'schema: 2\nid: b\ntitle: B\nextends: "{word}"\n')
    with pytest.raises(ScenarioError) as caught:
        load(home / "b.yaml")
    (line,) = caught.value.problems
    assert line.startswith(f"{home / 'b.yaml'}:4:10: extends: ")
    assert "a secret" not in line


def test_a_world_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    """A parent in a folder below names a world relative to itself."""
    chain(tmp_path, ["a.yaml", "sub/b.yaml"])
    (tmp_path / "sub" / "place").mkdir()
    with (tmp_path / "sub" / "b.yaml").open("a") as file:
        file.write("world: place\n")
    found = load(tmp_path / "a.yaml")
    assert found.world == (tmp_path / "sub" / "place").resolve()
    assert 'world: "sub/place"' in found.resolved()
