"""What drove a difference, in words: what the scenarios state, what differed on the way, what it goes with."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from teritwa.analysis.compare import common
from teritwa.analysis.control import Control, control
from teritwa.analysis.drivers import CHANCE, FEWEST, Companion, Step, companions, on_the_way
from teritwa.analysis.measures import MEASURES, period_of
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result
from teritwa.report.verdicts import SUBJECTS, Subject, amount, between, change, joined, percent
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.events import Event
from teritwa.scenario.serialize import event_lines, text

TOP = 5
"""So many parameters that a difference goes with are named."""

PLACES = 4
"""So many districts are named that differ most."""

OFTEN = 0.66
"""From this share of pairs on, what differed on the way is told in the sentence above its table."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """What may lie behind the difference of one scenario, ready to be read."""

    scenario: str
    stated: tuple[str, ...]
    stated_in_short: str
    way: str
    where: str
    steps: tuple[tuple[str, ...], ...]
    goes_with: tuple[str, ...]


def drivers(base: Result, other: Result) -> Drivers:
    """Return what lies behind the difference of a scenario from the baseline."""
    steps = on_the_way(base, other)
    summary, stated = _stated(base, other)
    found = tuple(_goes_with(subject, base, other) for subject in SUBJECTS)
    told = way(steps), where(control(other, baseline=base))
    return Drivers(other.scenario_id, tuple(stated), summary, *told, tuple(map(_cells, steps)), found)


def _stated(base: Result, other: Result) -> tuple[str, list[str]]:
    """Return in short how much a scenario states otherwise than the baseline, and then each of it."""
    try:
        before, after = (load(result.path / "resolved.yaml") for result in (base, other))
    except InputError:
        return "What the scenario states cannot be read again by this version, or where its result lies now.", []
    parts = {**different_events(before, after), "set otherwise": different_params(before, after)}
    told = ", ".join(
        f"{len(lines)} {'number' if 'set' in kind else 'event'}{'' if len(lines) == 1 else 's'} {kind}"
        for kind, lines in parts.items()
        if lines
    )
    short = f"Beside {base.scenario_id}, the scenario has {told}." if told else _NOTHING
    return short, [line for lines in parts.values() for line in lines]


_NOTHING = "The two scenarios state the same events and numbers."


def different_events(before: Scenario, after: Scenario) -> dict[str, list[str]]:
    """Say which events only one of two scenarios has, and which differ."""
    old, new = ({event.id: event for event in one.events} for one in (before, after))
    both = [(old[name], new[name]) for name in new if name in old and _content(old[name]) != _content(new[name])]
    return {
        "more": [f"more: {described(new[name])}" for name in new if name not in old],
        "fewer": [f"without: {described(old[name])}" for name in old if name not in new],
        "that differ": [f"{described(one)} becomes: {described(two)}{_otherwise(one, two)}" for one, two in both],
    }


def _content(event: Event) -> list[object]:
    return [getattr(event, field.name) for field in fields(Event) if field.name != "source"]


def _otherwise(one: Event, two: Event) -> str:
    """Return what differs, as the files have it, where the few words about both events are the same."""
    if described(one) != described(two):
        return ""
    old, new = ([line.strip() for line in event_lines(event, {}) if "source:" not in line] for event in (one, two))
    was, now = ([line for line in mine if line not in theirs] for mine, theirs in ((old, new), (new, old)))
    return f" ({'; '.join(was) or 'nothing'} becomes {'; '.join(now) or 'nothing'})"


def described(event: Event) -> str:
    """Say what an event does, when, and how likely."""
    when = f"on {event.date}" if event.date else f"after {event.after}"
    if event.date and event.latest:
        when = f"between {event.date} and {event.latest}"
    chance = f", with chance {100 * event.probability:.3g} %" if event.probability < 1 else ""
    unless = "".join(
        f", {word} {name}" for word, name in (("unless", event.unless), ("only if", event.only_if)) if name
    )
    return f"{event.action.label()} ({event.id}; {when}{chance}{unless})"


def different_params(before: Scenario, after: Scenario) -> list[str]:
    """Say which parameters two scenarios set differently."""
    known = registry()
    lines = []
    for name in sorted({*before.params, *after.params}):
        was, now = (text(one.params[name]) if name in one.params else "not set" for one in (before, after))
        if was != now:
            lines.append(f"{name} ({known[name].meaning}): {now}, instead of {was}")
    return lines


def way(steps: Sequence[Step]) -> str:
    """Say what differed on the way in most pairs, in the order of the table."""
    told = []
    for step in steps:
        share, word = max((step.lower, "lower"), (step.higher, "higher"))
        if share >= OFTEN:
            told.append(f"{step.name}: {word} in {percent(share)} of pairs ({change(step.median, step.unit)})")
    if not told:
        return f"Nothing that was looked at on the way differs in the same direction in {100 * OFTEN:.0f} % of pairs."
    head = f"Different in the same direction in at least {100 * OFTEN:.0f} % of pairs (median difference)"
    return f"{head}: {'; '.join(told)}."


def where(shown: Control) -> str:
    """Say which districts differ most on the last day, of those that differ by more than chance would."""
    week = len(shown.weeks) - 1
    clear = np.flatnonzero(shown.is_clear(week) & (shown.values[week] != 0))
    if len(clear) == 0:
        return "In no district does the chance that gangs hold it differ on the last day beyond its 95 % interval."
    names = shown.result.labels("district_name")
    most = sorted(clear, key=lambda i: (-abs(shown.values[week, i]), i))[:PLACES]
    told = joined([f"{names[i]} ({change(shown.values[week, i], '1')})" for i in most])
    return (
        f"In {len(clear)} of {len(names)} districts the chance that gangs hold them differs on the last day beyond its "
        f"95 % interval, which some may do by chance; most in {told}."
    )


def _cells(step: Step) -> tuple[str, ...]:
    shares = " / ".join(percent(share).removesuffix(" %") for share in (step.lower, step.same, step.higher))
    spread = f"{change(step.median, step.unit)} ({between(step.low, step.high, step.unit)})"
    before, after = (amount(value, step.unit) for value in (step.before, step.after))
    return f"{step.name}{_unit(step.unit)}", before, after, spread, shares


def _unit(unit: str) -> str:
    return "" if unit in ("1", "persons", "districts", "days", "officers", "attacks") else f" [{unit}]"


def _goes_with(subject: Subject, base: Result, other: Result) -> str:
    measure = next(one for one in MEASURES if one.name == subject.outcome)
    period = period_of(common(base, other)[2])
    return goes_with(subject, companions(base, other, measure.of(base, period), measure.of(other, period)))


def goes_with(subject: Subject, found: Sequence[Companion]) -> str:
    """Say which unknown parameters a difference goes with, or plainly that none stands out."""
    head = f"{subject.head}:"
    if not found:
        return f"{head} there is no difference, or there are fewer than {FEWEST} draws to look at."
    beyond = [one for one in found if one.beyond_chance]
    if not beyond:
        return (
            f"{head} no single unknown number stands out from what chance alone would give; what they do may be spread "
            "over many, or too small to see in so few draws."
        )
    more = f"; {len(beyond) - TOP} more stand out less" if len(beyond) > TOP else ""
    return f"{head} the difference goes with {joined([_named(one) for one in beyond[:TOP]])}{more}."


def _named(one: Companion) -> str:
    known = registry().get(one.parameter)
    meaning = f"{known.meaning}, " if known else ""
    return f"{one.parameter} ({meaning}rank correlation {_signed(one.correlation)})"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


HOW = (
    "Differences are averaged over the replicates of a draw and ranked against each drawn parameter (Spearman). A "
    "parameter is named only where chance alone would put any name on a list in fewer than "
    f"{100 * CHANCE:.0f} of 100 lists. A plus means that higher values of the parameter go with a higher "
    "difference. To go with something is not to cause it."
)
"""How the parameters of a difference were looked for."""
