"""What drove a difference, in words."""

from collections.abc import Callable

import numpy as np

from teritwa.analysis.control import control
from teritwa.analysis.drivers import Companion, Step
from teritwa.ensemble.result import Result
from teritwa.report.drivers import (
    TOP,
    described,
    different_events,
    different_params,
    drivers,
    goes_with,
    way,
    where,
)
from teritwa.report.verdicts import SUBJECTS
from teritwa.scenario import load

Make = Callable[..., Result]


def test_events_that_differ_are_told_once_each() -> None:
    """Stopping the main donor adds one event and drops one; a scenario beside itself differs in nothing."""
    before, after = load("baseline"), load("funding-collapse")

    assert different_events(before, after) == {
        "more": ["more: United States stops paying (support-stops; on 2025-02-01)"],
        "fewer": ["without: Trust Fund pays monthly $2.3 million (fund-2025; on 2025-01-31)"],
        "that differ": [],
    }
    assert not any(different_events(before, before).values())


def test_an_event_that_differs_in_what_few_words_do_not_say_is_told_in_full() -> None:
    """A renewed mandate differs in words; a change that the words do not tell is given as the file has it."""
    told = different_events(load("baseline"), load("full-deployment"))["that differ"]

    assert any(line.startswith("mandate: support mission (renewal-2024; on 2024-09-30) type: ") for line in told)
    assert any("with chance 50 %" in line for line in told)
    lasting = load("baseline"), load("handover")
    for line in different_events(*lasting)["that differ"]:
        first, becomes, second = line.partition(" type: ")
        assert not becomes or not second.startswith(f"{first} (nothing becomes nothing")


def test_when_and_how_likely_an_event_is_described() -> None:
    """A window, a chance, an event that waits for another, and a condition are all in the words."""
    events = {event.id: event for event in load("baseline").events}

    assert described(events["coalition-falls-out"]) == (
        "gang coalition breaks (coalition-falls-out; between 2025-02-01 and 2025-12-31, with chance 10 %)"
    )
    assert "after lapse" in described(events["lapse-withdrawal"])
    assert "unless renewal-2025" in described(events["lapse"])


def test_parameters_that_differ_have_their_meaning() -> None:
    """A parameter set by one scenario is told with its meaning and both values; the same in both is not."""
    before = load("baseline")
    after = before.replace(params={"budget.cost_per_officer_month": 9000.0})

    (line,) = different_params(before, after)
    assert line.startswith("budget.cost_per_officer_month (")
    assert line.endswith("): 9000, instead of not set")
    assert different_params(after, after) == []


def step(name: str, lower: float, higher: float) -> Step:
    """Return a step that is lower and higher in these shares of pairs."""
    return Step(name, "officers", 100.0, 90.0, -10.0, -20.0, 5.0, lower, 1 - lower - higher, higher)


def test_the_way_tells_what_differs_in_most_pairs() -> None:
    """From 66 % of pairs on a step is told, with its side and its median; below, none is."""
    assert way([step("officers", 0.66, 0.3), step("money", 0.65, 0.35)]) == (
        "Different in the same direction in at least 66 % of pairs (median difference): officers: lower in 66 % of "
        "pairs (−10)."
    )
    assert way([step("money", 0.5, 0.5)]).startswith("Nothing that was looked at on the way")


def test_companions_in_words() -> None:
    """Parameters beyond chance are named with meaning and correlation, at most five; without one the page says so."""
    strong = [Companion("budget.cost_per_officer_month", -0.7, True)]
    weak = [Companion("budget.cost_per_officer_month", -0.2, False)]
    many = [Companion(f"p.{i}", 0.9, True) for i in range(TOP + 2)]

    assert goes_with(SUBJECTS[2], strong) == (
        "Number of people killed: the difference goes with budget.cost_per_officer_month (all costs of an officer in the mission "
        "for a month, rank correlation −0.70)."
    )
    assert goes_with(SUBJECTS[2], weak).endswith("or too small to see in so few draws.")
    assert goes_with(SUBJECTS[2], []).endswith("fewer than 10 draws to look at.")
    assert goes_with(SUBJECTS[2], many).endswith("; 2 more stand out less.")


def test_inputs_that_cannot_be_read_again_are_said_so(made_up: Make) -> None:
    """A result whose scenario this version cannot read has no list of events, and the rest of its drivers."""
    found = drivers(made_up(), made_up(id="policy"))

    assert found.stated == ()
    assert found.stated_in_short.startswith("What the scenario states cannot be read again")
    assert len(found.goes_with) == len(SUBJECTS)
    assert all(len(cells) == 5 for cells in found.steps)


def test_what_a_scenario_states_is_counted(of_haiti: Make) -> None:
    """The summary counts events more, fewer and different; scenarios alike state the same."""
    base, other = of_haiti(), of_haiti(id="policy")
    for result, name in ((base, "baseline"), (other, "full-deployment")):
        (result.path / "resolved.yaml").write_text(load(name).resolved())
    found = drivers(base, other)

    assert (
        found.stated_in_short
        == "Beside baseline, the scenario has 8 events more, 1 event fewer, 10 events that differ."
    )
    assert len(found.stated) == 19
    assert drivers(base, base).stated_in_short == "The two scenarios state the same events and numbers."


def test_places_that_differ_most_are_named(made_up: Make) -> None:
    """A district freed in all four runs is named; one freed in three is not: its half interval is 0.8, by hand."""
    held = np.full((1, 4, 1, 4), 0.9)
    freed = held.copy()
    freed[:, :, :, 1] = freed[:, :3, :, 2] = 0.1
    base, other = made_up({"gang_influence": held}), made_up({"gang_influence": freed}, id="policy")

    assert where(control(other, baseline=base)) == (
        "In 1 of 4 districts the chance that gangs hold them differs on the last day beyond its 95 % interval, which "
        "some may do by chance; most in Hill (−100.0 points)."
    )
    assert where(control(base, baseline=base)) == (
        "In no district does the chance that gangs hold it differ on the last day beyond its 95 % interval."
    )
