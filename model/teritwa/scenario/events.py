"""Events of a scenario: when they happen, whether, and what they do; how they are read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from teritwa.engine.dates import read_date
from teritwa.scenario.actions import ACTIONS, Action, Change
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import (
    FieldReader,
    ReadingContext,
    kind_of,
    scalar_text,
)
from teritwa.scenario.reader.values import Quantity, read_value
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Sequence

EVENTS_AT_MOST = 1_000
TIMING = ("date", "after", "delay")
"""The keys that say when an event happens."""

KEYS = ("id", *TIMING, "probability", "unless", "only_if", "source", *ACTIONS)
_DELAY = Quantity("days", 0, scalars.DAYS_AT_MOST, integral=True, duration=True)


@dataclass(frozen=True)
class Event:
    """Something that happens to the world at most once in a run.

    It happens on a ``date``, or on a day between ``date`` and ``latest``, or ``delay`` days
    ``after`` another event that happened; with a ``probability``; not if ``unless``, and only if
    ``only_if``, happened by that day.
    """

    id: str
    action: Action
    date: datetime.date | None = None
    latest: datetime.date | None = None
    after: str | None = None
    delay: int | Distribution = 0
    probability: float = 1.0
    unless: str | None = None
    only_if: str | None = None
    source: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the ids of the events that decide about this one."""
        return tuple(name for name in (self.after, self.unless, self.only_if) if name is not None)

    @property
    def uncertain(self) -> bool:
        """Whether chance or another event decides if it happens."""
        return self.probability < 1.0 or bool(self.needs)


@dataclass(frozen=True)
class Dated:
    """An event that happens in a run: its day counted from the start (0), its id and its action."""

    day: int
    event: str
    action: Action


def read_events(
    context: ReadingContext, node: Node | None, start: datetime.date
) -> tuple[Event, ...]:
    """Return the events of a scenario, sorted by id.

    Args:
        context: Where mistakes are noted, and the names that may be used.
        node: The list of events, each with an id of its own, or None.
        start: The first simulated day.

    Returns:
        The events; every mistake is noted, also events that wait for each other in a circle.
    """
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        what = f"{kind_of(node)} is given, allowed: a list of events, each with an id"
        context.wrong(node.mark, "events", what)
        return ()
    if len(node.items) > EVENTS_AT_MOST:
        what = f"{len(node.items)} events are too many, at most {EVENTS_AT_MOST}"
        context.wrong(node.mark, "events", what)
        return ()
    named = {_id_of(item): item for item in node.items}
    events = [_read_event(context, item, name, start) for name, item in named.items()]
    _note_contradictions(context, _without_circles(context, events, named), named)
    return tuple(sorted(events, key=lambda event: event.id))


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events so that each comes after those it needs.

    Raises:
        graphlib.CycleError: If events wait for each other.
    """
    by_id = {event.id: event for event in events}
    needs = {event.id: [name for name in event.needs if name in by_id] for event in by_id.values()}
    return tuple(by_id[name] for name in TopologicalSorter(needs).static_order())


def _id_of(node: Node) -> str:
    item = node.items.get("id") if isinstance(node, Mapping) else None
    return getattr(item, "text", "")


def _read_event(context: ReadingContext, node: Node, name: str, start: datetime.date) -> Event:
    reader = FieldReader(context, node, f"events.{name}", KEYS)
    reader.name("id", required=True)
    date, latest = _read_date(reader, start)
    after = _other_event(reader, "after")
    _check_timing(reader)
    action = _read_action(reader)
    _check_dates(reader, action, latest or date)
    return Event(
        name,
        action,
        date,
        latest,
        after,
        _read_delay(reader),
        reader.share("probability", 1.0),
        _other_event(reader, "unless"),
        _other_event(reader, "only_if"),
        reader.text("source"),
    )


def _other_event(reader: FieldReader, key: str) -> str | None:
    """Return the id of another event of the scenario, or None where the key is not given."""
    given = key in reader.items
    return reader.one_of(key, reader.context.events, "event") if given else None


def _check_timing(reader: FieldReader) -> None:
    """Note if it is not said in exactly one way when the event happens."""
    given = [key for key in ("date", "after") if key in reader.items]
    if given == ["after"]:
        reader.node("delay", required=True)
    elif len(given) == 1:
        _check_no_delay(reader)
    elif given or not reader.unknown:  # an unknown key is the mistake, and is noted already
        what = "date and after are both given" if given else "neither date nor after is given"
        allowed = "allowed: exactly one of date: a day, after: event"
        reader.context.wrong(reader.mark, reader.path, f"{what}, {allowed}")


def _check_dates(reader: FieldReader, action: Action, date: datetime.date | None) -> None:
    """Note each date of an action that contradicts ``date``, the last day of its event."""
    node = reader.items.get(action.key)
    if isinstance(node, Mapping):
        for key, what in action.wrong_dates(date):
            reader.context.wrong(node.items[key].mark, f"{reader.at(action.key)}.{key}", what)


def _check_no_delay(reader: FieldReader) -> None:
    """Note a delay beside a date."""
    if "delay" in reader.items:
        what = "delay goes with after: event only"
        reader.context.wrong(reader.keys["delay"], reader.at("delay"), what)


def _read_date(
    reader: FieldReader, start: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the day of an event, or the first and the last day of its window."""
    node = reader.node("date")
    if node is None:
        return None, None
    if not isinstance(node, Mapping):
        return reader.read("date", lambda item: _day(item, start), start), None
    window = FieldReader(reader.context, node, reader.at("date"), ("window",))
    return window.read("window", lambda item: _window(item, start), (start, start), required=True)


def _day(node: Node, start: datetime.date) -> datetime.date:
    day = read_date(scalar_text(node, "a date or {window: [first, last]}"))
    if day < start:
        raise ValueError(f"{day} is before the start, {start}")
    return day


def _window(node: Node, start: datetime.date) -> tuple[datetime.date, datetime.date]:
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise ValueError(f"{kind_of(node)} is given, write window: [first date, last date]")
    first, last = (_day(item, start) for item in node.items)
    if last < first:
        raise ValueError(f"the window ends on {last}, before it begins on {first}")
    return first, last


def _read_delay(reader: FieldReader) -> int | Distribution:
    node = reader.items.get("delay")
    if node is None:
        return 0
    value, _ = read_value(reader.context, node, reader.at("delay"), _DELAY)
    return value if isinstance(value, Distribution) else int(value)


def _read_action(reader: FieldReader) -> Action:
    """Return the one action of an event, or a harmless one where there is a mistake."""
    given = [key for key in reader.items if key in ACTIONS]
    if len(given) == 1:
        action = ACTIONS[given[0]]
        return action.read(reader.context, reader.items[given[0]], reader.at(given[0]))
    if given or not reader.unknown:
        what = f"{' and '.join(given)} are given" if given else "no action is given"
        allowed = f"allowed: exactly one of {', '.join(ACTIONS)}"
        reader.context.wrong(reader.mark, reader.path, f"{what}, {allowed}")
    return Change(())


def _without_circles(
    context: ReadingContext, events: list[Event], named: dict[str, Node]
) -> list[Event]:
    """Return the events that wait for no circle; note one mistake a circle, at its first event."""
    left = {event.id: event for event in events}
    while True:
        try:
            in_order(left.values())
            return list(left.values())
        except CycleError as error:
            circle = list(reversed(error.args[1]))[1:]
            first = min(circle, key=list(named).index)
            place = circle.index(first)
            words = " needs ".join([*circle[place:], *circle[:place], first])
            what = f"events wait for each other in a circle: {words}"
            context.wrong(named[first].mark, f"events.{first}", what)
            left = {name: event for name, event in left.items() if name not in circle}


def _note_contradictions(
    context: ReadingContext, events: list[Event], named: dict[str, Node]
) -> None:
    """Note each event that sets on one day what another sets too: neither comes first."""
    days, before = _days(events), _needed_before(events)
    known: dict[tuple[_Day, str], list[tuple[Event, bool]]] = {}
    for event in sorted(events, key=lambda event: list(named).index(event.id)):
        ours = event.action.sets(context.vocabulary.mission)
        for what in sorted(ours | event.action.adds_to):
            others = known.setdefault((days[event.id], what), [])
            against = [one for one, sets in others if sets or what in ours]
            others.append((event, what in ours))
            wrong = next((one.id for one in against if _is_open(event, one, before)), "")
            _note_unordered(context, named[event.id], event.id, what, wrong)


def _note_unordered(context: ReadingContext, node: Node, event: str, what: str, other: str) -> None:
    """Note that an event sets what another one sets on the same day, if there is another."""
    if other:
        why = f"{what}: {other!r} sets it on the same day, and neither comes first"
        advice = "give them different days, or let one come after: the other"
        context.wrong(node.mark, f"events.{event}", f"{why}; {advice}")


def _is_open(event: Event, other: Event, before: dict[str, set[str]]) -> bool:
    """Whether nothing says which of two events comes first, and both may happen."""
    if event.id in before[other.id] or other.id in before[event.id]:
        return False
    exclusive = (event.unless, other.only_if), (event.only_if, other.unless)
    return event.action != other.action and not any(
        one is not None and one == two for one, two in exclusive
    )


_Day = tuple[str, int]
"""The day of an event: days after an event whose own day is drawn, or after the first of all."""


def _days(events: list[Event]) -> dict[str, _Day]:
    """Return the day of each event, as far as it is the same as another's in every run."""
    days: dict[str, _Day] = {}
    for event in in_order(events):
        days[event.id] = (event.id, 0)
        if event.date is not None and event.latest in (None, event.date):
            days[event.id] = ("", event.date.toordinal())
        elif event.after in days and isinstance(event.delay, int):
            root, offset = days[event.after]
            days[event.id] = (root, offset + event.delay)
    return days


def _needed_before(events: list[Event]) -> dict[str, set[str]]:
    """Return the ids of all events that an event needs, also by way of others, by its id."""
    before: dict[str, set[str]] = {}
    for event in in_order(events):
        before[event.id] = set(event.needs).union(*(before.get(one, ()) for one in event.needs))
    return before
