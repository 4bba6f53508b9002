"""What scenarios state differently, in words."""

from collections.abc import Callable

from teritwa.ensemble.result import Result
from teritwa.report.scenario_differences import (
    NO_DIFFERENCE,
    UNREADABLE,
    describe_event,
    event_differences,
    parameter_differences,
    stated_differences,
)
from teritwa.scenario import load

Make = Callable[..., Result]


def test_events_that_differ_are_listed_once_each() -> None:
    """Stopping the main donor adds and drops one event; a scenario does not differ from itself."""
    before, after = load("baseline"), load("funding-collapse")

    assert event_differences(before, after) == {
        "more": ["more: United States stops paying (support-stops; on 2025-02-01)"],
        "fewer": ["without: Trust Fund pays monthly $2.3 million (fund-2025; on 2025-01-31)"],
        "that differ": [],
    }
    assert not any(event_differences(before, before).values())


def test_a_difference_that_few_words_do_not_show_is_written_in_full() -> None:
    """A renewed mandate differs in words; a change that the words hide is as the file has it."""
    lines = event_differences(load("baseline"), load("full-deployment"))["that differ"]

    mandate = "mandate: support mission (renewal-2024; on 2024-09-30) becomes: "
    assert any(line.startswith(mandate) for line in lines)
    assert any("with chance 50 %" in line for line in lines)
    for line in event_differences(load("baseline"), load("handover"))["that differ"]:
        first, becomes, second = line.partition(" becomes: ")
        assert not becomes or not second.startswith(f"{first} (nothing becomes nothing")


def test_when_and_how_likely_an_event_is_described() -> None:
    """A window, a probability, an event that follows another, and a condition are in the words."""
    events = {event.id: event for event in load("baseline").events}

    assert describe_event(events["coalition-falls-out"]) == (
        "gang coalition breaks (coalition-falls-out; between 2025-02-01 and 2025-12-31, with "
        "chance 10 %)"
    )
    assert "after lapse" in describe_event(events["lapse-withdrawal"])
    assert "unless renewal-2025" in describe_event(events["lapse"])


def test_parameters_that_differ_have_their_meaning() -> None:
    """A parameter set by one scenario stands with its meaning and both values."""
    before = load("baseline")
    after = before.replace(params={"budget.cost_per_officer_month": 9000.0})

    (line,) = parameter_differences(before, after)
    assert line.startswith("budget.cost_per_officer_month (")
    assert line.endswith("): 9000, instead of not set")
    assert parameter_differences(after, after) == []


def test_what_a_scenario_states_is_counted(of_haiti: Make) -> None:
    """The summary counts events more, fewer and different; equal scenarios state the same."""
    base, other = of_haiti(), of_haiti(id="policy")
    for result, name in ((base, "baseline"), (other, "full-deployment")):
        (result.path / "resolved.yaml").write_text(load(name).resolved())
    summary, lines = stated_differences(base, other)

    assert summary == (
        "Beside baseline, the scenario has 8 events more, 1 event fewer, 10 events that differ."
    )
    assert len(lines) == 19
    assert stated_differences(base, base) == (NO_DIFFERENCE, [])


def test_parameters_are_counted_after_events(of_haiti: Make) -> None:
    """One number set otherwise is one number, and its line stands last."""
    base, other = of_haiti(), of_haiti(id="policy")
    baseline = load("baseline")
    settings = {"budget.cost_per_officer_month": 9000.0}
    (base.path / "resolved.yaml").write_text(baseline.resolved())
    (other.path / "resolved.yaml").write_text(baseline.replace(params=settings).resolved())
    summary, lines = stated_differences(base, other)

    assert summary.endswith("the scenario has 1 number set otherwise.")
    assert [line.partition(" ")[0] for line in lines] == ["budget.cost_per_officer_month"]


def test_scenarios_that_cannot_be_read_again_are_named_as_such(made_up: Make) -> None:
    """A result whose scenario this version cannot read has no list of differences."""
    assert stated_differences(made_up(), made_up(id="policy")) == (UNREADABLE, [])
