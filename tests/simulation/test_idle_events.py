"""Events that no unit can carry out are named with their place and the reason, and no others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.scenario import Scenario, load, parse
from teritwa.scenario.inherit import shipped
from teritwa.simulation.idle_events import idle_events

WORLDS = Path(__file__).parents[2] / "scenarios"
HEAD = "schema: 2\nid: made\ntitle: made\nworld: {world}\nperiod: {{end: 2024-03-01}}\n"
ORDER = "{{id: order, date: 2024-01-05, operation: {{targets: [{targets}], duration: 9 days}}}}"
FAR = "no unit is posted within reach: the nearest is"


@pytest.fixture
def made(changed_folder: Callable[[str], Path]) -> Callable[..., Scenario]:
    """Build a scenario of the island, with or without its mobile units, from flow-style events."""

    def build(*events: str, units: str = "", params: str = "") -> Scenario:
        folder = changed_folder(units)
        lines = [f"  - {event}" for event in events]
        text = HEAD.format(world=folder.name) + params + "\n".join(["events:", *lines]) + "\n"
        return parse(text, folder.parent / "made.yaml", "made.yaml")

    return build


@pytest.fixture
def changed_folder(tmp_path: Path) -> Callable[[str], Path]:
    """Return the world of 20 districts with no mobile units of day 0 but those given."""

    def build(units: str) -> Path:
        folder = tmp_path / "island"
        folder.mkdir(exist_ok=True)
        for table in (WORLDS / "worlds" / "island").iterdir():
            if table.is_file():
                (folder / table.name).write_bytes(table.read_bytes())
        rows = (folder / "units.csv").read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if ",special," not in row and ",army," not in row]
        (folder / "units.csv").write_text("\n".join([*kept, units]) + "\n", encoding="utf-8")
        return folder

    return build


POLICE = "special-1,island-police,special,amber-airfield,40,made up"


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_asks_for_what_can_be_done(name: str) -> None:
    """No shipped scenario has an order, a doctrine or a base for units that never are there."""
    assert idle_events(load(name)) == []


def test_an_order_without_a_unit_is_named(made: Callable[..., Scenario]) -> None:
    """Without a mobile unit each target is named with file and line; stations do not go out."""
    scenario = made(ORDER.format(targets="dunmere, calder"))
    why = "no unit that operates is there on day 0 or sent later"
    assert idle_events(scenario) == [
        f"made.yaml:7: events.order.operation: {name}: {why}" for name in ("calder", "dunmere")
    ]


def test_a_base_that_no_road_leads_to_is_named(made: Callable[..., Scenario]) -> None:
    """A unit of the police cannot drive to an island of its own; next door it can."""
    event = "{{id: home, date: 2024-01-05, base: {{district: {0}, open: true, force: police}}}}"
    found = idle_events(made(event.format("eastwick"), units=POLICE))
    assert [line.split(": ", 2)[1:] for line in found] == [
        ["events.home.base", "no way by land leads there for a unit of the police"]
    ]
    assert idle_events(made(event.format("amber-market"), units=POLICE)) == []


def test_patience_of_own_forces_is_named(made: Callable[..., Scenario]) -> None:
    """Police do not go home, whatever their patience; pay, or Keeland's patience, acts."""
    event = "{{id: owed, date: 2024-01-05, pay: {{contingent: {0}, {1}}}}}"
    found = idle_events(made(event.format("island-police", "patience: 9 days")))
    assert len(found) == 1
    assert "events.owed.pay: patience: the country's own forces do not go home" in found[0]
    for acts in (("island-police", "share: 0.5"), ("keeland", "patience: 9 days")):
        assert idle_events(made(event.format(*acts))) == []


def test_only_targets_beyond_reach_are_named(made: Callable[..., Scenario]) -> None:
    """A target is beyond reach by land where travel takes longer than any draw or change allows."""
    order = ORDER.format(targets="amber-airfield, amber-gardens, dunmere")
    near = made(order, units=POLICE, params="params: {tasking.reach: 0.5 hours}\n")
    found = idle_events(near)
    assert [line.split(": ")[2] for line in found] == ["dunmere"]
    assert FAR in found[0]
    assert "tasking.reach is at most 0.5 hours" in found[0]
    change = "{id: longer, date: 2024-02-01, change: {tasking.reach: 40}}"
    assert idle_events(made(order, change, units=POLICE)) == []


def test_helicopters_and_arrivals_reach_farther(made: Callable[..., Scenario]) -> None:
    """Helicopters given to a force carry it to its target, and officers who come are posted too."""
    order = ORDER.format(targets="dunmere")
    reach = "params: {tasking.reach: 0.1, equipment.air_reach: 50}\n"
    for contingent, named in (("island-police", 0), ("island-army", 1)):
        given = "{id: air, date: 2024-01-02, equipment: {contingent: %s, helicopters: 1}}"
        scenario = made(order, given % contingent, units=POLICE, params=reach)
        assert len(idle_events(scenario)) == named
    send = "{id: sent, date: 2024-01-02, deploy: {contingent: island-army, officers: 50}}"
    assert idle_events(made(ORDER.format(targets="amber-airfield"), send)) == []


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ("doctrine: {force: police, operations: raid}", False),
        ("doctrine: {force: mission, operations: raid}", True),
        ("base: {district: dunmere, open: true}", True),
        ("base: {district: dunmere, open: true, force: police}", False),
        ("base: {district: dunmere, open: true, force: army}", True),
        ("base: {district: dunmere, open: false}", False),
    ],
)
def test_a_force_that_never_is_there_is_named(
    made: Callable[..., Scenario], event: str, named: bool
) -> None:
    """A doctrine or a base of a force without units is named, and the close of a base is not."""
    found = idle_events(made(f"{{id: made, date: 2024-01-05, {event}}}", units=POLICE))
    assert len(found) == named
    assert all("that operates is there on day 0 or sent later" in line for line in found)


@pytest.mark.parametrize(
    ("gangs", "events", "said"),
    [
        ("coalition", (), True),
        ("coalition", ("{id: c, date: 2024-01-03, coalition: {active: false}}",), True),
        ("coalition", ("{id: c, date: 2024-02-03, coalition: {active: true}}",), False),
        ("iron-quay", (), False),
    ],
)
def test_an_offensive_of_a_coalition_that_never_forms_is_named(
    made: Callable[..., Scenario], gangs: str, events: tuple[str, ...], said: bool
) -> None:
    """Nobody attacks for a coalition that is never active; a gang attacks for itself."""
    order = (
        "{id: o, date: 2024-01-05, "
        f"offensive: {{gangs: {gangs}, targets: [calder], duration: 9 days}}}}"
    )
    found = idle_events(made(order, *events))
    assert [": events.o.offensive: the coalition never forms" in line for line in found] == (
        [True] * said
    )


COME = "{id: come, date: 2024-01-05, deploy: {contingent: keeland, officers: 30}}"
VOTE = "{id: vote, date: 2024-01-02, mandate: {type: support-mission, authorised: 50}}"
PAYS = "{id: pays, date: 2024-01-02, money: {donor: main-donor, monthly: 1e6}}"
UNITED = "{id: vote, date: 2024-01-02, mandate: {type: un-peacekeeping, authorised: 50}}"
OWN = "{id: own, date: 2024-01-05, deploy: {contingent: island-army, officers: 30}}"


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ((COME,), "no event gives the mission a mandate with a ceiling, so nobody lands"),
        ((COME, VOTE), "no event brings money, so nobody lands"),
        ((COME, VOTE, PAYS), ""),
        ((COME, UNITED), ""),
        ((OWN,), ""),
    ],
)
def test_officers_who_never_land_are_named(
    made: Callable[..., Scenario], events: tuple[str, ...], why: str
) -> None:
    """A mission needs a mandate and money, a UN operation the vote alone, own forces neither."""
    found = idle_events(made(*events, units=POLICE))
    assert found == ([f"made.yaml:7: events.come.deploy: {why}"] if why else [])
