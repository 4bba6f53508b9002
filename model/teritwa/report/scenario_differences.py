"""What a scenario states differently from the baseline: its events and its parameters, in words."""

from dataclasses import fields

from teritwa.engine.errors import InputError
from teritwa.engine.formatting import format_count, format_significant
from teritwa.ensemble.result import Result
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.events import Event
from teritwa.scenario.serialize import event_lines, text

UNREADABLE = (
    "What the scenario states cannot be read again by this version, or where its result lies now."
)
NO_DIFFERENCE = "The two scenarios state the same events and numbers."


def stated_differences(baseline: Result, other: Result) -> tuple[str, list[str]]:
    """Return what a scenario states differently from the baseline.

    Args:
        baseline: The result of the baseline.
        other: The result of the scenario.

    Returns:
        A sentence with the number of differences, and a line on each.
    """
    try:
        before, after = (load(result.path / "resolved.yaml") for result in (baseline, other))
    except InputError:
        return UNREADABLE, []
    lines, counts = list[str](), list[str]()
    for kind, events in event_differences(before, after).items():
        lines += events
        counts += [f"{format_count(len(events), 'event')} {kind}"] if events else []
    if parameters := parameter_differences(before, after):
        lines += parameters
        counts.append(f"{format_count(len(parameters), 'number')} set otherwise")
    if not counts:
        return NO_DIFFERENCE, []
    return f"Beside {baseline.scenario_id}, the scenario has {', '.join(counts)}.", lines


def event_differences(before: Scenario, after: Scenario) -> dict[str, list[str]]:
    """Return the events that only one of two scenarios has, and those that differ.

    Args:
        before: The baseline.
        after: The other scenario.

    Returns:
        A line on each event, by kind of difference: more, fewer, that differ.
    """
    old, new = _events_by_id(before), _events_by_id(after)
    shared = [(old[name], event) for name, event in new.items() if name in old]
    changed = [(was, now) for was, now in shared if _content(was) != _content(now)]
    return {
        "more": [f"more: {text}" for text in _describe_others(new, old)],
        "fewer": [f"without: {text}" for text in _describe_others(old, new)],
        "that differ": [_describe_change(was, now) for was, now in changed],
    }


def _events_by_id(scenario: Scenario) -> dict[str, Event]:
    """Return the events of a scenario by id."""
    return {event.id: event for event in scenario.events}


def _describe_others(events: dict[str, Event], known: dict[str, Event]) -> list[str]:
    """Return the descriptions of events that are not among known ones, all by id."""
    return [describe_event(event) for name, event in events.items() if name not in known]


def _content(event: Event) -> list[object]:
    """Return the fields of an event without its source."""
    return [getattr(event, field.name) for field in fields(Event) if field.name != "source"]


def _describe_change(was: Event, now: Event) -> str:
    """Return two versions of an event; as in their files where their descriptions are equal."""
    text = f"{describe_event(was)} becomes: {describe_event(now)}"
    if describe_event(was) != describe_event(now):
        return text
    old, new = _event_lines(was), _event_lines(now)
    return f"{text} ({_lines_without(old, new)} becomes {_lines_without(new, old)})"


def _lines_without(lines: list[str], others: list[str]) -> str:
    """Return the lines that are not among others, or that there are none."""
    return "; ".join(line for line in lines if line not in others) or "nothing"


def _event_lines(event: Event) -> list[str]:
    """Return the lines of an event in a file, without its source."""
    return [line.strip() for line in event_lines(event, {}) if "source:" not in line]


def describe_event(event: Event) -> str:
    """Return what an event does, when, with what probability and on which condition."""
    when = f"on {event.date}" if event.date else f"after {event.after}"
    if event.date and event.latest:
        when = f"between {event.date} and {event.latest}"
    if event.probability < 1:
        when += f", with chance {format_significant(100 * event.probability)} %"
    if event.unless:
        when += f", unless {event.unless}"
    if event.only_if:
        when += f", only if {event.only_if}"
    return f"{event.action.label()} ({event.id}; {when})"


def parameter_differences(before: Scenario, after: Scenario) -> list[str]:
    """Return a line on each parameter that two scenarios set differently.

    Args:
        before: The baseline.
        after: The other scenario.

    Returns:
        The lines, with the meaning of each parameter and both values.
    """
    parameters = registry()
    lines = []
    for name in sorted({*before.params, *after.params}):
        was, now = (_setting(scenario, name) for scenario in (before, after))
        if was != now:
            lines.append(f"{name} ({parameters[name].meaning}): {now}, instead of {was}")
    return lines


def _setting(scenario: Scenario, name: str) -> str:
    """Return what a scenario sets a parameter to."""
    return text(scenario.params[name]) if name in scenario.params else "not set"
