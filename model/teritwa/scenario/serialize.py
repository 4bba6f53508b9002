"""A scenario as text: all of it with the origin of each value, and a hash of what counts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from teritwa.scenario.distributions import Distribution
from teritwa.scenario.events import Event
from teritwa.scenario.reader.values import Multiple

_FORMS = {Decimal: "f", date: "%Y-%m-%d"}


def resolved_lines(header: Mapping[str, object], origin: Mapping[str, str]) -> list[str]:
    """Return the lines of simple keys and maps of one level (``{"period": {"start": ...}}``)."""
    lines = []
    for key, value in header.items():
        if isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [
                _line(f"  {_key(name)}", item, origin.get(f"{key}.{name}"))
                for name, item in value.items()
            ]
        else:
            lines.append(_line(key, value, origin.get(key)))
    return lines


def event_lines(event: Event, origin: Mapping[str, str]) -> list[str]:
    """Return the lines of one event in the list of events."""
    path, kept = f"events.{event.id}", {"id": event.id, **_timing(event)}
    for key in ("unless", "only_if", "source"):
        kept |= {key: getattr(event, key)} if getattr(event, key) else {}
    lines = [_line(f"    {key}", value, origin.get(f"{path}.{key}")) for key, value in kept.items()]
    name = event.action.key
    lines += [f"    {name}:"]
    for key, value in event.action.written().items():
        lines.append(_line(f"      {_key(key)}", value, origin.get(f"{path}.{name}.{key}")))
    return [f"  - {lines[0].lstrip()}", *lines[1:]]


def _timing(event: Event) -> dict[str, object]:
    """Return when an event happens, and how likely, as the file writes it."""
    kept: dict[str, object] = {}
    if event.date is not None:
        window = {"window": [event.date, event.latest]}
        kept["date"] = event.date if event.latest is None else window
    if event.after is not None:
        kept |= {"after": event.after, "delay": _duration(event.delay)}
    if event.probability != 1.0:
        kept["probability"] = event.probability
    return kept


def distribution_values(found: Distribution) -> dict[str, object]:
    """Return a distribution as the file writes it."""
    if found.kind == "choice":
        return {
            "choice": {
                text(value): weight
                for value, weight in zip(found.numbers, found.weights, strict=True)
            }
        }
    bounds = {} if found.bounds is None else {"bounds": list(found.bounds)}
    return {found.kind: list(found.numbers), **bounds}


def text(value: object) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, Distribution):
        value = distribution_values(value)
    if isinstance(value, Multiple):
        value = {"multiply_by": value.factor}
    if isinstance(value, bool | int | float | Decimal | date):
        return _plain_text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(text(item) for item in value)}]"
    # JSON's quoted text is YAML's, but for what we refuse in text anyway.
    return json.dumps(str(value), ensure_ascii=False)


def _plain_text(value: float | Decimal | date) -> str:
    """Return a switch, a number or a date as YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else format(value, _FORMS[type(value)])


def _duration(given: int | Distribution) -> object:
    """Return days with their unit, which the file demands of each number that has one."""
    if isinstance(given, int):
        return f"{given} days"
    values = distribution_values(given)
    if given.kind == "choice":
        pairs = zip(given.numbers, given.weights, strict=True)
        return {"choice": {f"{number!r} days": weight for number, weight in pairs}}
    if given.kind != "beta":
        pure = given.numbers[1:] if given.kind == "lognormal" else ()
        values[given.kind] = [*_with_days(given.numbers[: len(given.numbers) - len(pure)]), *pure]
    if given.bounds is not None:
        values["bounds"] = _with_days(given.bounds)
    return values


def _with_days(numbers: tuple[float, ...]) -> list[str]:
    return [f"{number!r} days" for number in numbers]


def _key(key: str) -> str:
    plain = all(
        part.isalnum() and part.isascii()
        for part in key.replace(".", "_").replace("-", "_").split("_")
    )
    return key if plain and key else json.dumps(key, ensure_ascii=False)


def _line(key: str, value: object, origin: str | None) -> str:
    return f"{key}: {text(value)}{f'  # {origin}' if origin else ''}"


def digest(content: object, world: Path | None) -> str:
    """Return a SHA-256 of what determines results: a scenario's content and its world's tables."""
    found = hashlib.sha256(json.dumps(_canonical(content), sort_keys=True).encode())
    for path in sorted(world.glob("*.csv")) if world else ():
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _canonical(value: object) -> object:
    """Return a value made of what JSON knows; an object's class is part of it."""
    if is_dataclass(value):
        inside = {field.name: _canonical(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__, **inside}
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
