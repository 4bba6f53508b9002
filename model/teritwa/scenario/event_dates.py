"""When the events of a scenario happen in one run."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from teritwa.scenario.actions import Action, Dated, Deploy, Event, Pledge
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader.events import in_order
from teritwa.scenario.sampling import OfEvents


def schedule(events: Iterable[Event], start: date, end: date, chance: OfEvents) -> tuple[Dated, ...]:
    """Return what happens from start to end, sorted by day and event id.

    An event sees only what lies before it: ``unless`` and ``only_if`` ask whether the other event happened by
    that day. So neither the end nor anything later changes what comes earlier.
    """
    days: dict[str, int] = {}
    found = []
    for event in in_order(events):
        day = _day(event, days, start, chance)
        if day is None or not _happens(event, day, days, chance):
            continue
        days[event.id] = day
        if day <= (end - start).days:
            found.append(Dated(day, event.id, _settled(event, chance)))
    return tuple(sorted(found, key=lambda dated: (dated.day, dated.event)))


def _day(event: Event, days: dict[str, int], start: date, chance: OfEvents) -> int | None:
    if event.on is None:
        first = days.get(event.after or "")
        return None if first is None else first + _delay(event, chance)
    day = (event.on - start).days
    if event.latest is None:
        return day
    return day + _pick(chance.window(event.id), (event.latest - event.on).days + 1)


def _delay(event: Event, chance: OfEvents) -> int:
    if isinstance(event.delay, Distribution):
        return round(event.delay.quantile(chance.delay(event.id)))
    return event.delay


def _pick(uniform: float, count: int) -> int:
    return min(int(uniform * count), count - 1)


def _happens(event: Event, day: int, days: dict[str, int], chance: OfEvents) -> bool:
    if event.unless is not None and days.get(event.unless, day + 1) <= day:
        return False
    if event.only_if is not None and days.get(event.only_if, day + 1) > day:
        return False
    return event.chance >= 1.0 or chance.happens(event.id) < event.chance


def _settled(event: Event, chance: OfEvents) -> Action:
    action = event.action
    if isinstance(action, Deploy | Pledge) and isinstance(action.officers, Distribution):
        return replace(action, officers=round(action.officers.quantile(chance.officers(event.id))))
    return action
