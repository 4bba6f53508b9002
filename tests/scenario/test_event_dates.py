"""When events happen: by their own random numbers, by earlier events, and not after the end."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from teritwa.scenario import Scenario
from teritwa.scenario.actions import Deploy, Pledge
from teritwa.scenario.sampling import STRATA, parameter_uniform

Read = Callable[..., Scenario]
MANY = range(2000)

EVENTS = """events:
  - {id: vote, date: 2024-03-01, probability: 0.4, coalition: {active: true}}
  - id: force
    after: vote
    delay: {uniform: [30 days, 90 days]}
    deploy: {contingent: kenya, officers: {uniform: [100, 300]}}
  - {id: lapse, date: 2024-03-03, unless: vote, withdraw: {contingent: all, duration: 60 days}}
  - {id: party, date: 2024-03-03, only_if: vote, coordination: {level: 1}}
  - {id: early, date: 2024-02-01, unless: vote, coordination: {level: 0}}
  - {id: some-day, date: {window: [2024-05-01, 2024-05-10]}, coalition: {active: false}}
"""


def runs(scenario: Scenario) -> list[dict[str, int]]:
    """Return the days by event of many runs."""
    return [
        {dated.event: dated.day for dated in scenario.schedule(0, replicate)} for replicate in MANY
    ]


def test_probabilities_and_conditions_hold(read: Read) -> None:
    """A vote passes as often as its probability says; what depends on it follows in each run."""
    found = runs(read(EVENTS))
    passed = [run for run in found if "vote" in run]
    # Standard error 0.011: five of them.
    assert 0.4 - 0.055 < len(passed) / len(MANY) < 0.4 + 0.055
    for run in found:
        assert ("vote" in run) == ("force" in run) == ("party" in run) == ("lapse" not in run)
        # What comes later cannot hinder what comes before.
        assert run["early"] == 31


def test_windows_and_delays_are_filled_evenly(read: Read) -> None:
    """All days of a window are equally likely, the first and the last too; so are delays."""
    found = runs(read(EVENTS))
    days = Counter(run["some-day"] for run in found)
    assert sorted(days) == list(range(121, 131))
    assert min(days.values()) > 200 - 5 * 13.4
    delays = [run["force"] - run["vote"] for run in found if "force" in run]
    assert (min(delays), max(delays)) == (30, 90)
    assert abs(sum(delays) / len(delays) - 60) < 5 * 17.3 / len(delays) ** 0.5


def test_a_fixed_delay_is_kept(read: Read) -> None:
    """An event with a fixed delay happens exactly then, also along a chain."""
    scenario = read(
        "events:\n"
        "  - {id: c, after: b, delay: 0 days, coalition: {active: true}}\n"
        "  - {id: b, after: a, delay: 2 weeks, coalition: {active: true}}\n"
        "  - {id: a, date: 2024-01-11, coalition: {active: true}}\n"
    )
    assert [(dated.event, dated.day) for dated in scenario.schedule(0, 0)] == [
        ("a", 10),
        ("b", 24),
        ("c", 24),
    ]


@pytest.mark.parametrize(
    "before", ["deploy: {contingent: kenya,", "pledge: {contingent: kenya, preparation: 9 days,"]
)
def test_drawn_officers_are_whole_and_within_the_range(read: Read, before: str) -> None:
    """The size of an uncertain arrival or pledge is an integer within the range."""
    scenario = read(EVENTS.replace("deploy: {contingent: kenya,", before))
    happened = [dated for replicate in MANY for dated in scenario.schedule(0, replicate)]
    sent = [dated.action for dated in happened if dated.event == "force"]
    drawn = {action.officers for action in sent if isinstance(action, Deploy | Pledge)}
    assert {type(action) for action in sent} == {Pledge if "pledge" in before else Deploy}
    assert all(isinstance(officers, int) and 100 <= officers <= 300 for officers in drawn)
    assert len(drawn) > 100


def test_other_events_names_and_order_change_nothing(read: Read) -> None:
    """An event keeps its random numbers under another title, in another order, with new events."""
    first_line, *items = EVENTS.split("  - ")
    more = "{id: more, date: 2024-02-02, probability: 0.5, coalition: {active: true}}\n"
    other = "  - ".join([first_line, *reversed(items), more])
    head = "schema: 2\nid: other\ntitle: Other\nperiod: {end: 2024-12-31}\n"
    first, second = runs(read(EVENTS)), runs(read(other, head))
    for run in second:
        run.pop("more", None)
    assert first == second


def test_draws_replicates_and_seeds_differ(read: Read) -> None:
    """Other replicates, draws and seeds are other histories; the same address is the same one."""
    scenario = read(EVENTS)
    histories = [
        tuple(scenario.schedule(0, 0)),
        tuple(scenario.schedule(0, 1)),
        tuple(scenario.schedule(1, 0)),
        tuple(scenario.replace(seed=2).schedule(0, 0)),
    ]
    assert len(set(histories)) == 4
    assert tuple(scenario.schedule(0, 0)) == histories[0]


def test_nothing_happens_after_the_end_and_the_end_changes_nothing_before(read: Read) -> None:
    """A shorter scenario is the beginning of the longer one; nothing happens after the end."""
    scenario = read(EVENTS)
    short = scenario.replace(end=date(2024, 3, 2))
    for replicate in range(50):
        whole = scenario.schedule(0, replicate)
        assert short.schedule(0, replicate) == tuple(dated for dated in whole if dated.day <= 61)
    late = read(EVENTS + "  - {id: late, date: 2025-05-01, coalition: {active: true}}\n")
    assert late.schedule(0, 3) == scenario.schedule(0, 3)
    assert [entry[1] for entry in late.calendar()] == [
        "early",
        "vote",
        "lapse",
        "party",
        "some-day",
    ]


def test_what_happens_is_in_order_of_days_and_then_of_needs(read: Read) -> None:
    """Events are in the order of days; on one day an event comes after what it waits for."""
    scenario = read(EVENTS)
    for replicate in range(20):
        days = [dated.day for dated in scenario.schedule(0, replicate)]
        assert days == sorted(days)
    chained = read(
        "events:\n"
        "  - {id: z, date: 2024-02-01, coalition: {active: true}}\n"
        "  - {id: m, after: z, delay: 0 days, coalition: {active: false}}\n"
        "  - {id: a, after: m, delay: 0 days, coalition: {active: true}}\n"
    )
    assert [dated.event for dated in chained.schedule(0, 0)] == ["z", "m", "a"]


def test_an_event_comes_after_what_it_needs_by_way_of_one_that_does_not_happen(read: Read) -> None:
    """With m that never happens between them, z still comes before what needs it through m."""
    scenario = read(
        "events:\n"
        "  - {id: z, date: 2024-02-01, coalition: {active: true}}\n"
        "  - {id: m, date: 2024-02-01, unless: z, coalition: {active: true}}\n"
        "  - {id: a, date: 2024-02-01, unless: m, coalition: {active: false}}\n"
    )
    for replicate in range(20):
        assert [dated.event for dated in scenario.schedule(0, replicate)] == ["z", "a"]


def test_either_of_two_on_one_day_is_no_contradiction(read: Read) -> None:
    """What happens only if a vote passes, and what happens unless it does, exclude each other."""
    scenario = read(
        "events:\n"
        "  - {id: vote, date: 2024-02-01, probability: 0.5, coordination: {level: 1}}\n"
        "  - {id: yes, date: 2024-02-02, only_if: vote, coalition: {active: true}}\n"
        "  - {id: no, date: 2024-02-02, unless: vote, coalition: {active: false}}\n"
        "  - {id: same, date: 2024-02-02, only_if: vote, coalition: {active: true}}\n"
    )
    counts = Counter(dated.event for run in MANY for dated in scenario.schedule(0, run))
    assert counts["yes"] == counts["same"] == counts["vote"] == len(MANY) - counts["no"]


def test_no_name_decides_which_event_of_a_day_comes_first(read: Read) -> None:
    """Where windows meet on a day, each of two events comes first in about half of the runs."""
    scenario = read(
        "events:\n"
        "  - {id: a, date: {window: [2024-02-01, 2024-02-02]}, coalition: {active: true}}\n"
        "  - {id: b, date: {window: [2024-02-01, 2024-02-02]}, coalition: {active: false}}\n"
    )
    met = [scenario.schedule(0, replicate) for replicate in MANY]
    first = [run[0].event for run in met if run[0].day == run[1].day]
    # Half of 2,000 runs: standard errors 22 and 0.016, five of them.
    assert abs(len(first) - 1000) < 112
    assert abs(first.count("a") / len(first) - 0.5) < 0.08


def test_a_higher_probability_only_adds_events(read: Read) -> None:
    """A higher probability keeps the event in each run in which it happened before."""
    low, high = (
        runs(read(EVENTS)),
        runs(read(EVENTS.replace("probability: 0.4", "probability: 0.6"))),
    )
    assert all("vote" in more for less, more in zip(low, high, strict=True) if "vote" in less)
    assert sum("vote" in run for run in high) > sum("vote" in run for run in low)


def test_uncertain_parameters_are_drawn_once_a_draw(read: Read) -> None:
    """All parameters have a value; a drawn one differs between draws, within its distribution."""
    text = "params: {control.adjustment_time: {uniform: [4, 9]}, gangs.fighters: 7000}\n"
    scenario = read(text)
    drawn = [scenario.parameters(draw)["control.adjustment_time"] for draw in MANY]
    assert scenario.parameters(0).keys() == {
        "control.adjustment_time",
        "gangs.fighters",
        "gangs.members_day0",
        "hold.night_share",
        "presence.police_coverage_constant",
        "war.on",
    }
    assert scenario.parameters(0)["gangs.fighters"] == 7000
    assert scenario.parameters(0)["war.on"] is True
    assert abs(sum(drawn) / len(drawn) - 6.5) < 5 * 5 / 12**0.5 / len(drawn) ** 0.5
    assert all(4 <= value <= 9 for value in drawn)
    other = read(
        "params:\n  hold.night_share: {uniform: [0, 0.5]}\n"
        "  control.adjustment_time: {uniform: [4, 9]}\n"
    )
    assert [other.parameters(draw)["control.adjustment_time"] for draw in range(9)] == drawn[:9]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gangs.fighters: {uniform: [6000, 9000]}", int),
        ("war.on: {choice: {true: 1, false: 1}}", bool),
        ("hold.night_share: {uniform: [0, 0.5]}", float),
    ],
)
def test_drawn_values_keep_their_kind(read: Read, text: str, kind: type) -> None:
    """Drawn counts are integers, and drawn switches are true or false."""
    scenario = read(f"params: {{{text}}}\n")
    name = text.partition(":")[0]
    values = {scenario.parameters(draw)[name] for draw in range(20)}
    assert {type(value) for value in values} == {kind}
    assert len(values) > 1


def test_draws_are_stratified_and_stand_alone() -> None:
    """Each block has one uniform in each equal part, by parameter; a draw depends on no other."""
    one, other = (
        [parameter_uniform(1, draw, name) for draw in range(2 * STRATA)] for name in ("a.b", "c.d")
    )

    for block in (one[:STRATA], one[STRATA:], other[:STRATA]):
        assert sorted(int(number * STRATA) for number in block) == list(range(STRATA))
    assert one[:STRATA] != other[:STRATA]
    assert one[:STRATA] != one[STRATA:]
    assert one[7] == parameter_uniform(1, 7, "a.b")
    assert 0.0 <= min(one) <= max(one) < 1.0
