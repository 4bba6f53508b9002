"""The shipped scenarios: they can be read, and each does what its name says."""

import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teritwa import world
from teritwa.scenario import Scenario, ScenarioError, actions, load, parse, shipped
from teritwa.scenario.inherit import shipped_folder
from teritwa.scenario.posterior import read_posterior, shipped_posteriors
from teritwa.scenario.reader.problems import Problems

NAMES = ("baseline", "full-deployment", "funding-collapse", "no-mission", "un-peacekeeping")
ARTICLES_END = date(2025, 1, 31)


def deployed(scenario: Scenario, replicate: int = 0) -> Counter[str]:
    """Return the officers who arrive by contingent in one run."""
    found: Counter[str] = Counter()
    for dated in scenario.schedule(0, replicate):
        if isinstance(dated.action, actions.Deploy):
            assert isinstance(dated.action.officers, int)
            found[dated.action.contingent] += dated.action.officers
    return found


def monthly(scenario: Scenario, donor: str) -> list[tuple[int, int]]:
    """Return (day, US dollars a month) of each change in a donor's monthly payment."""
    return [
        (dated.day, dated.action.monthly // 100)
        for dated in scenario.schedule(0, 0)
        if isinstance(dated.action, actions.Money)
        and dated.action.donor == donor
        and dated.action.monthly is not None
    ]


def test_all_are_found() -> None:
    """The package finds its scenarios."""
    assert set(NAMES) <= set(shipped())


@pytest.mark.parametrize("name", shipped())
def test_each_says_what_it_is_and_reads_back(name: str) -> None:
    """Each has a title, a question, a background and a source for every event, and reads back."""
    scenario = load(name)
    assert scenario.id == name
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.background
    assert [event.id for event in scenario.events if not event.source] == []
    assert (
        parse(scenario.resolved(), scenario.folder / "resolved.yaml").digest() == scenario.digest()
    )
    assert scenario.compare_with in ("", *shipped())


@pytest.mark.parametrize("name", shipped())
def test_what_lies_after_the_articles_is_an_assumption(name: str) -> None:
    """Nothing dated after January 2025 is stated as known, except the voted end of a mandate."""
    for event in load(name).events:
        if event.date is not None and event.date > ARTICLES_END and event.id != "lapse":
            assert "assumption" in event.source or "pledged" in event.source, event.id


def test_the_baselines_arrivals_are_those_counted() -> None:
    """About 400 by August 2024, 590 in early January 2025, 800 at its end, and nobody after."""
    scenario = load("baseline")
    for day, low, high in (
        ("2024-08-31", 380, 420),
        ("2025-01-05", 580, 600),
        ("2025-01-31", 780, 820),
    ):
        assert low <= deployed(scenario.replace(end=date.fromisoformat(day))).total() <= high
    assert deployed(scenario).total() == deployed(scenario.replace(end=ARTICLES_END)).total()


def test_the_baselines_fund_has_received_what_was_reported() -> None:
    """18 million by April, 21 by June, 85 of 110.3 pledged at the end of 2024."""
    received, pledged = Counter[date](), 0
    for event in load("baseline").events:
        action = event.action
        if isinstance(action, actions.Money) and action.donor == "trust-fund" and event.date:
            received[event.date] += (action.receive or 0) // 100
            pledged += (action.pledge or 0) // 100
    for day, amount in (("2024-04-30", 18e6), ("2024-06-30", 21e6), ("2024-12-31", 85e6)):
        assert (
            sum(money for when, money in received.items() if when <= date.fromisoformat(day))
            == amount
        )
    assert pledged == 110_300_000


def test_the_mandate_is_renewed_or_lapses() -> None:
    """In each run the second renewal passes, or the mandate ends two days later and all leave."""
    scenario = load("baseline")
    renewed = 0
    for replicate in range(200):
        happened = {dated.event for dated in scenario.schedule(0, replicate)}
        assert ("renewal-2025" in happened) != ("lapse" in happened)
        assert ("lapse" in happened) == ("lapse-withdrawal" in happened)
        renewed += "renewal-2025" in happened
    # Standard error 4.2: five of them.
    assert 180 - 21 <= renewed <= 200


def test_no_mission_brings_nobody_and_nothing() -> None:
    """No officer, vehicle or dollar arrives, and there is no mandate; other events stay."""
    scenario = load("no-mission")
    mission = (
        actions.Deploy
        | actions.Pledge
        | actions.Equipment
        | actions.Money
        | actions.Withdraw
        | actions.Base
    )
    assert not [event.id for event in scenario.events if isinstance(event.action, mission)]
    assert [
        event.action for event in scenario.events if isinstance(event.action, actions.Mandate)
    ] == [actions.Mandate("none")]
    kept = {
        event.id
        for event in load("baseline").events
        if not isinstance(event.action, mission | actions.Mandate)
    }
    assert kept == {event.id for event in scenario.events} - {"no-mandate"}


def test_full_deployment_is_exactly_the_plan() -> None:
    """2,500 officers arrive within ten months, none beyond the pledges, and are paid for."""
    scenario = load("full-deployment")
    arrived = deployed(scenario)
    assert arrived.total() == 2500
    assert arrived["kenya"] == 1000
    pledges = {row.id: row.pledged for row in world.load().contingents}
    assert {name: officers for name, officers in arrived.items() if officers > pledges[name]} == {}
    ends = [
        (event.date or scenario.start).toordinal() + event.action.duration
        for event in scenario.events
        if isinstance(event.action, actions.Deploy)
    ]
    assert max(ends) <= date(2025, 4, 25).toordinal()
    last = monthly(scenario, "further-donors")[-1][1] + monthly(scenario, "united-states")[-1][1]
    assert last == 2500 * 20_000


def test_nobody_promises_more_than_was_pledged() -> None:
    """In the baseline, arrivals and promises are no more than each contributor's pledge."""
    pledged = {row.id: row.pledged for row in world.load().contingents}
    promised: Counter[str] = Counter()
    for event in load("baseline").events:
        if isinstance(event.action, actions.Deploy | actions.Pledge):
            assert isinstance(event.action.officers, int)
            promised[event.action.contingent] += event.action.officers
    assert {name: officers for name, officers in promised.items() if officers > pledged[name]} == {}
    assert promised["kenya"] == 1000


def test_un_peacekeeping_votes_or_renews() -> None:
    """In each run the UN votes and the mission is not renewed, or all is as in the baseline."""
    scenario, baseline = load("un-peacekeeping"), load("baseline")
    voted = 0
    for replicate in range(200):
        happened = {dated.event: dated for dated in scenario.schedule(0, replicate)}
        if "un-vote" not in happened:
            assert set(happened.values()) == set(baseline.schedule(0, replicate))
            continue
        voted += 1
        assert {"renewal-2024", "renewal-2025", "lapse"} & set(happened) == set()
        assert happened["un-vote"].action == actions.Mandate(
            "un-peacekeeping", 5000, None, military=True
        )
    # Standard error 6.5: five of them.
    assert 140 - 33 <= voted <= 140 + 33


def test_un_troops_are_left_to_the_model() -> None:
    """No event lands UN troops: when and how many is the rules' to say, from the vote on."""
    troops = actions.Deploy | actions.Pledge
    sent = [
        event.action for event in load("un-peacekeeping").events if isinstance(event.action, troops)
    ]
    assert sent
    assert "united-nations" not in {action.contingent for action in sent}


def test_funding_collapse_differs_from_its_first_of_february_only() -> None:
    """Until the donor stops all is as in the baseline; afterwards nobody pays any more."""
    collapse, baseline = load("funding-collapse"), load("baseline")
    day = (date(2025, 1, 30) - baseline.start).days
    for replicate in range(20):
        before = [dated for dated in baseline.schedule(0, replicate) if dated.day <= day]
        assert [dated for dated in collapse.schedule(0, replicate) if dated.day <= day] == before
    assert monthly(collapse, "united-states")[-1] == ((date(2025, 2, 1) - baseline.start).days, 0)
    later = [dated.action for dated in collapse.schedule(0, 0) if dated.day > day]
    assert not [
        action
        for action in later
        if isinstance(action, actions.Money) and (action.receive or action.monthly)
    ]


def test_a_scenario_of_another_place_uses_its_names() -> None:
    """A scenario that names the made-up world knows its districts and not Haiti's."""
    place = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
    district = world.load(place).districts[0].id
    text = (
        "schema: 2\nid: elsewhere\ntitle: Elsewhere\n"
        "world: ../../scenarios/worlds/island\nperiod: {end: 2024-03-31}\n"
        f"events:\n  - {{id: base, date: 2024-02-01, base: {{district: {district}, open: true}}}}\n"
    )
    here = Path(__file__).parent / "elsewhere.yaml"
    scenario = parse(text, here)
    assert scenario.world == place.resolve()
    assert parse(scenario.resolved(), here).digest() == scenario.digest()
    with pytest.raises(ScenarioError, match="unknown district 'solino'"):
        parse(text.replace(f"district: {district}", "district: solino"), here)


DAMAGE = st.lists(
    st.tuples(st.integers(0, 20_000), st.sampled_from(["set", "cut", "copy"]), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(sorted(shipped_folder().glob("*.yaml"))), damage=DAMAGE)
def test_damaged_files_never_give_a_traceback(
    path: Path, damage: list[tuple[int, str, int]]
) -> None:
    """Damaged copies of shipped files are read and read back, or refused in lines with a place."""
    data = bytearray(path.read_bytes())
    for place, change, value in damage:
        at = place % len(data)
        if change == "set":
            data[at] = value
        elif change == "cut":
            del data[at : at + value % 30 + 1]
        else:
            data[at:at] = data[value * 7 % len(data) :][: value % 30]
    began = time.monotonic()
    problems = mistakes_of(data.decode("utf-8", "replace"), path)
    assert time.monotonic() - began < 2
    assert [
        line for line in problems if not line.startswith(str(path.parent)) or "\n" in line
    ] == []


def mistakes_of(text: str, path: Path) -> tuple[str, ...]:
    """Return the mistakes of a text; if there are none, it must read back to the same."""
    try:
        scenario = parse(text, path)
    except ScenarioError as error:
        return error.problems
    assert parse(scenario.resolved(), path).digest() == scenario.digest()
    return ()


def test_checking_a_scenario_loads_nothing_heavy() -> None:
    """Reading a shipped scenario imports no library that takes long to load."""
    code = (
        "import sys; from teritwa.scenario import load; load('full-deployment');"
        "heavy = ('numba', 'mesa', 'scipy', 'pandas', 'xarray', 'matplotlib');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_calendar_says_what_may_not_happen() -> None:
    """The renewal of 2025 and the lapse are marked as uncertain; what happened is not."""
    words = {event: label for _, event, label in load("baseline").calendar()}

    assert words["renewal-2025"] == "mandate: support mission?"
    assert words["mandate-2023"] == "mandate: support mission"
    assert words["lapse"] == "mandate: none?"


@pytest.mark.parametrize(
    "table", sorted(shipped_posteriors().glob("*.csv")), ids=lambda path: path.stem
)
def test_shipped_posteriors_stand_the_check_of_others(table: Path, tmp_path: Path) -> None:
    """The values of a shipped table, which are trusted when it is read, are all in their ranges."""
    copy = tmp_path / "draws.csv"
    copy.write_bytes(table.read_bytes())
    problems = Problems()
    read_posterior(copy, problems)
    assert not problems
