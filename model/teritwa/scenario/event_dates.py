"""When the events of a scenario happen in one run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from teritwa.scenario.actions import Action, Deploy, Pledge
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.events import Dated, Event, in_order
from teritwa.scenario.sampling import EventSampler


def schedule(
    events: Iterable[Event], start: date, end: date, sampler: EventSampler
) -> tuple[Dated, ...]:
    """Return what happens from start to end, in order.

    On one day an event comes after those it needs; else a looked-up number decides, and no name
    does. An event sees only what lies before it: ``unless`` and ``only_if`` ask whether the other
    event happened by that day. So neither the end nor anything later changes what comes earlier.
    """
    days: dict[str, int] = {}
    places: dict[str, tuple[int, int]] = {}
    found = []
    for event in in_order(events):
        day = _day(event, days, start, sampler)
        if day is None:
            continue
        places[event.id] = day, _place(event, day, places)
        if not _happens(event, day, days, sampler):
            continue
        days[event.id] = day
        if day <= (end - start).days:
            found.append(Dated(day, event.id, _settled(event, sampler)))
    return tuple(sorted(found, key=lambda one: (*places[one.event], sampler.order(one.event))))


def known_events(events: Iterable[Event], origin: date) -> frozenset[str]:
    """Return the ids of the events that can happen by a day, and of those that follow on them."""
    known: set[str] = set()
    for event in in_order(events):
        if event.after in known if event.date is None else event.date <= origin:
            known.add(event.id)
    return frozenset(known)


def _place(event: Event, day: int, places: Mapping[str, tuple[int, int]]) -> int:
    """Return the place of an event in its day: after all those of the day that it needs.

    Also after one that does not happen: others may stand before that.
    """
    needed = (places[name] for name in event.needs if name in places)
    return 1 + max((place for other, place in needed if other == day), default=0)


def _day(event: Event, days: dict[str, int], start: date, sampler: EventSampler) -> int | None:
    if event.date is None:
        first = days.get(event.after or "")
        return None if first is None else first + _delay(event, sampler)
    day = (event.date - start).days
    if event.latest is None:
        return day
    return day + _pick(sampler.window(event.id), (event.latest - event.date).days + 1)


def _delay(event: Event, sampler: EventSampler) -> int:
    if isinstance(event.delay, Distribution):
        return round(event.delay.quantile(sampler.delay(event.id)))
    return event.delay


def _pick(uniform: float, count: int) -> int:
    return min(int(uniform * count), count - 1)


def _happens(event: Event, day: int, days: dict[str, int], sampler: EventSampler) -> bool:
    if event.unless is not None and days.get(event.unless, day + 1) <= day:
        return False
    if event.only_if is not None and days.get(event.only_if, day + 1) > day:
        return False
    return event.probability >= 1.0 or sampler.happens(event.id) < event.probability


def _settled(event: Event, sampler: EventSampler) -> Action:
    action = event.action
    if isinstance(action, Deploy | Pledge) and isinstance(action.officers, Distribution):
        return replace(action, officers=round(action.officers.quantile(sampler.officers(event.id))))
    return action
