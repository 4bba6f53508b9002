"""Reading the events of a scenario: when they happen, whether, and what they do."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from graphlib import CycleError, TopologicalSorter

from teritwa.scenario import actions
from teritwa.scenario.actions import Action, Event
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import Form, Reading, kind_of, scalar_text
from teritwa.scenario.reader.values import Measure, measure_of, parameters_in, read_value
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Sequence

PEOPLE_AT_MOST = 1_000_000
EVENTS_AT_MOST = 1_000
TIMING = ("on", "after", "delay")
KEYS = ("id", *TIMING, "chance", "unless", "only_if", "source", *actions.NAMES)
MANDATES = ("none", "support-mission", "un-peacekeeping")
_OFFICERS = Measure("officers", 1, PEOPLE_AT_MOST, whole=True)
_DELAY = Measure("days", 0, scalars.DAYS_AT_MOST, whole=True, duration=True)


def read_events(reading: Reading, node: Node | None, start: date) -> tuple[Event, ...]:
    """Return the events sorted by id; every mistake is noted, also events that wait in a circle."""
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        reading.wrong(node.mark, "events", f"{kind_of(node)} is given, allowed: a list of events, each with an id")
        return ()
    if len(node.items) > EVENTS_AT_MOST:
        reading.wrong(node.mark, "events", f"{len(node.items)} events are too many, at most {EVENTS_AT_MOST}")
        return ()
    named = {_id_of(item): item for item in node.items}
    found = [_read_event(reading, item, name, start) for name, item in named.items()]
    _check_circles(reading, found, named)
    return tuple(sorted(found, key=lambda event: event.id))


def _id_of(node: Node) -> str:
    item = node.items.get("id") if isinstance(node, Mapping) else None
    return getattr(item, "text", "")


def _read_event(reading: Reading, node: Node, name: str, start: date) -> Event:
    form = Form(reading, node, f"events.{name}", KEYS)
    form.name("id", required=True)
    on, latest = _read_on(form, start)
    others = reading.events
    after = form.one_of("after", others, "event") if "after" in form.items else None
    _check_timing(form)
    return Event(
        name,
        _read_action(form),
        on,
        latest,
        after,
        _read_delay(form),
        form.share("chance", 1.0),
        form.one_of("unless", others, "event") if "unless" in form.items else None,
        form.one_of("only_if", others, "event") if "only_if" in form.items else None,
        form.text("source"),
    )


def _check_timing(form: Form) -> None:
    given = [key for key in ("on", "after") if key in form.items]
    if len(given) != 1:
        what = "on and after are both given" if given else "neither on nor after is given"
        form.reading.wrong(form.mark, form.path, f"{what}, allowed: exactly one of on: date, after: event")
    elif given == ["on"] and "delay" in form.items:
        form.reading.wrong(form.keys["delay"], form.at("delay"), "delay goes with after: event only")
    elif given == ["after"]:
        form.node("delay", required=True)


def _read_on(form: Form, start: date) -> tuple[date | None, date | None]:
    node = form.node("on")
    if node is None:
        return None, None
    if not isinstance(node, Mapping):
        return form.read("on", lambda item: _day(item, start), start), None
    window = Form(form.reading, node, form.at("on"), ("window",))
    return window.read("window", lambda item: _window(item, start), (start, start), required=True)


def _day(node: Node, start: date) -> date:
    day = scalars.read_date(scalar_text(node, "a date or {window: [first, last]}"))
    if day < start:
        raise ValueError(f"{day} is before the start, {start}")
    return day


def _window(node: Node, start: date) -> tuple[date, date]:
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise ValueError(f"{kind_of(node)} is given, write window: [first date, last date]")
    first, last = (_day(item, start) for item in node.items)
    if last < first:
        raise ValueError(f"the window ends on {last}, before it begins on {first}")
    return first, last


def _read_delay(form: Form) -> int | Distribution:
    node = form.items.get("delay")
    if node is None:
        return 0
    value, _ = read_value(form.reading, node, form.at("delay"), _DELAY)
    return value if isinstance(value, Distribution) else int(value)


def _read_action(form: Form) -> Action:
    given = [key for key in form.items if key in actions.NAMES]
    if len(given) == 1:
        return _READERS[given[0]](form.reading, form.items[given[0]], form.at(given[0]))
    if given or not form.strange:
        what = f"{' and '.join(given)} are given" if given else "no action is given"
        form.reading.wrong(form.mark, form.path, f"{what}, allowed: exactly one of {', '.join(actions.NAMES)}")
    return actions.Coalition(False)


def _read_deploy(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("contingent", "officers", "over"))
    contingent = form.one_of("contingent", reading.known.contingents, "contingent")
    return actions.Deploy(contingent, _read_officers(form), form.days("over"))


def _read_pledge(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("contingent", "officers", "preparation"))
    contingent = form.one_of("contingent", reading.known.mission, "contingent of the mission")
    return actions.Pledge(contingent, _read_officers(form), form.days("preparation", required=True))


def _read_officers(form: Form) -> int | Distribution:
    node = form.node("officers", required=True)
    value = 1.0 if node is None else read_value(form.reading, node, form.at("officers"), _OFFICERS)[0]
    return value if isinstance(value, Distribution) else int(value)


def _read_withdraw(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("contingent", "officers", "over"))
    return actions.Withdraw(
        form.one_of("contingent", reading.known.mission | {"all"}, "contingent of the mission"),
        form.whole("officers", 1, PEOPLE_AT_MOST) if "officers" in form.items else None,
        form.days("over"),
    )


def _read_mandate(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("becomes", "authorised", "until", "military"))
    becomes = form.one_of("becomes", MANDATES, "mandate")
    if becomes != "support-mission" and "military" in form.items:
        what = "military goes with support-mission; a UN operation always is, and none never"
        reading.wrong(form.keys["military"], form.at("military"), what)
    needed = None if becomes in MANDATES[1:] else 0
    return actions.Mandate(
        becomes,
        form.whole("authorised", 0, PEOPLE_AT_MOST, needed),
        form.day("until"),
        form.switch("military") if "military" in form.items else becomes == "un-peacekeeping",
    )


def _read_money(reading: Reading, node: Node, path: str) -> Action:
    amounts = ("pledge", "receive", "monthly")
    form = Form(reading, node, path, ("donor", *amounts))
    _check_any(form, amounts, "no amount")
    donor = form.one_of("donor", reading.known.donors, "donor")
    return actions.Money(donor, *(form.money(key) for key in amounts))


def _check_any(form: Form, keys: Collection[str], what: str) -> None:
    """Note that none of the keys is there, of which at least one must be."""
    if not any(key in form.items for key in keys) and not form.strange:
        form.reading.wrong(form.mark, form.path, f"{what} is given, allowed: at least one of {', '.join(keys)}")


def _read_equipment(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("contingent", *actions.EQUIPMENT))
    _check_any(form, actions.EQUIPMENT, "nothing")
    contingent = form.one_of("contingent", reading.known.contingents, "contingent")
    return actions.Equipment(contingent, *(form.whole(key, 1, PEOPLE_AT_MOST, 0) for key in actions.EQUIPMENT))


def _read_base(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("district", "open"))
    return actions.Base(form.one_of("district", reading.known.districts, "district"), form.switch("open"))


def _read_coalition(reading: Reading, node: Node, path: str) -> Action:
    return actions.Coalition(Form(reading, node, path, ("active",)).switch("active"))


def _read_offensive(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("gangs", "targets", "over"))
    return actions.Offensive(
        form.one_of("gangs", reading.known.gangs | {"coalition"}, "gang"),
        form.some_of("targets", reading.known.districts, "district"),
        form.days("over", at_least=1),
    )


def _read_operation(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("targets", "over"))
    targets = form.some_of("targets", reading.known.districts, "district")
    return actions.Operation(targets, form.days("over", at_least=1))


def _read_prison_break(reading: Reading, node: Node, path: str) -> Action:
    return actions.PrisonBreak(Form(reading, node, path, ("escaped",)).whole("escaped", 1, PEOPLE_AT_MOST))


def _read_coordination(reading: Reading, node: Node, path: str) -> Action:
    form = Form(reading, node, path, ("level", "staffed"))
    _check_any(form, form.allowed, "nothing")
    return actions.Coordination(
        form.share("level") if "level" in form.items else None,
        form.switch("staffed") if "staffed" in form.items else None,
    )


def _read_change(reading: Reading, node: Node, path: str) -> Action:
    if isinstance(node, Mapping) and not node.items:
        reading.wrong(node.mark, path, "nothing is changed, allowed: a map of parameter: value")
    values = []
    for name, item in parameters_in(reading, node, path):
        reading.note_origin(f"{path}.{name}", item.mark)
        if name.endswith("_day0"):
            reading.wrong(item.mark, f"{path}.{name}", "describes day 0 and cannot change later; set it under params")
            continue
        try:
            values.append((name, measure_of(reading.known.parameters[name]).constant(item)))
        except ValueError as error:
            reading.wrong(item.mark, f"{path}.{name}", str(error))
    return actions.Change(tuple(sorted(values)))


_READERS: dict[str, Callable[[Reading, Node, str], Action]] = {
    "deploy": _read_deploy,
    "pledge": _read_pledge,
    "withdraw": _read_withdraw,
    "mandate": _read_mandate,
    "money": _read_money,
    "equipment": _read_equipment,
    "base": _read_base,
    "coalition": _read_coalition,
    "offensive": _read_offensive,
    "operation": _read_operation,
    "prison-break": _read_prison_break,
    "coordination": _read_coordination,
    "change": _read_change,
}


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events so that each comes after those it needs; raise graphlib.CycleError if none can."""
    by_id = {event.id: event for event in events}
    needs = {event.id: [name for name in event.needs if name in by_id] for event in by_id.values()}
    return tuple(by_id[name] for name in TopologicalSorter(needs).static_order())


def _check_circles(reading: Reading, events: list[Event], named: dict[str, Node]) -> None:
    """Note one mistake a circle, at the event of it that stands first."""
    left = {event.id: event for event in events}
    while True:
        try:
            in_order(left.values())
            return
        except CycleError as error:
            circle = list(reversed(error.args[1]))[1:]
            first = min(circle, key=list(named).index)
            turned = circle[circle.index(first) :] + circle[: circle.index(first)]
            words = " needs ".join([*turned, first])
            what = f"events wait for each other in a circle: {words}"
            reading.wrong(named[first].mark, f"events.{first}", what)
            left = {name: event for name, event in left.items() if name not in circle}
