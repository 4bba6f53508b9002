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
    events = event_differences(before, after)
    parameters = parameter_differences(before, after)
    counts = [
        f"{format_count(len(lines), 'event')} {kind}" for kind, lines in events.items() if lines
    ]
    if parameters:
        counts.append(f"{format_count(len(parameters), 'number')} set otherwise")
    lines = [line for kind in events.values() for line in kind] + parameters
    if not counts:
        return NO_DIFFERENCE, lines
    return f"Beside {baseline.scenario_id}, the scenario has {', '.join(counts)}.", lines


def event_differences(before: Scenario, after: Scenario) -> dict[str, list[str]]:
    """Return the events that only one of two scenarios has, and those that differ.

    Args:
        before: The baseline.
        after: The other scenario.

    Returns:
        A line on each event, by kind of difference: more, fewer, that differ.
    """
    old, new = ({event.id: event for event in scenario.events} for scenario in (before, after))
    shared = [(old[name], new[name]) for name in new if name in old]
    return {
        "more": [f"more: {describe_event(new[name])}" for name in new if name not in old],
        "fewer": [f"without: {describe_event(old[name])}" for name in old if name not in new],
        "that differ": [
            f"{describe_event(was)} becomes: {describe_event(now)}{_file_difference(was, now)}"
            for was, now in shared
            if _content(was) != _content(now)
        ],
    }


def _content(event: Event) -> list[object]:
    """Return the fields of an event without its source."""
    return [getattr(event, field.name) for field in fields(Event) if field.name != "source"]


def _file_difference(was: Event, now: Event) -> str:
    """Return what differs in the files of two events that `describe_event` describes alike."""
    if describe_event(was) != describe_event(now):
        return ""
    old, new = _event_lines(was), _event_lines(now)
    removed = "; ".join(line for line in old if line not in new)
    added = "; ".join(line for line in new if line not in old)
    return f" ({removed or 'nothing'} becomes {added or 'nothing'})"


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
