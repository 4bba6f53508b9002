"""Values that may be uncertain: a number with its unit, a switch, or a distribution."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from teritwa.engine.parameters import Parameter
from teritwa.scenario.distributions import BOUNDED, FORMS, Distribution, fault
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import (
    Form,
    Reading,
    kind_of,
    printable,
    scalar_text,
    unquoted_text,
)
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True)
class Times:
    """A multiple of what would stand without it: of the posterior's draw, or of the model's own value.

    It is kept within the parameter's range.
    """

    factor: float


Value = float | Distribution | Times
_SIZES = {"triangular": 3}
_BESIDE = ("bounds", "source", "note")


@dataclass(frozen=True)
class Measure:
    """How a number of one kind is written, and what it may be (in its own unit)."""

    unit: str
    low: float
    high: float
    whole: bool = False
    switch: bool = False
    duration: bool = False

    @property
    def pure(self) -> bool:
        """Whether it is a pure number, such as a share."""
        return self.unit == "1" or self.unit.startswith("share")

    @property
    def words(self) -> str:
        """Return what may be written, for a message."""
        return "a plain number or a number of %" if self.pure else f"a number of {self.unit}"

    def number(self, node: Node) -> float:
        """Return a single number or switch in the measure's unit; raise ValueError if it is neither."""
        if self.switch:
            return scalars.read_switch(unquoted_text(node, "true or false"))
        text = scalar_text(node, self.words)
        if self.duration:
            return float(scalars.read_duration(text))
        value, unit = scalars.read_quantity(text)
        if not unit:
            unquoted_text(node, self.words)
        return float(self._in_unit(value, unit))

    def _in_unit(self, value: Decimal, unit: str) -> Decimal:
        if unit == "%" and self.pure:
            return value / 100
        if unit and self.unit not in (unit, f"{unit}s"):
            raise ValueError(f"unit {unit[:40]!r} is wrong here, allowed: {self.words}")
        return value

    def within(self, value: float) -> float:
        """Return the number if it is in range, else raise ValueError."""
        if not self.low <= value <= self.high:
            unit = "" if self.pure else f" {self.unit}"
            raise ValueError(f"{value:,.10g} is outside what is allowed, {self.low:,.10g} to {self.high:,.10g}{unit}")
        return value

    def kept(self, value: float) -> float:
        """Return the number as the model keeps it: a switch as a truth value, a count as an integer."""
        if self.switch:
            return bool(value)
        return round(value) if self.whole else float(value)

    def constant(self, node: Node) -> float:
        """Return a number in range as the model keeps it; raise ValueError if it is none."""
        return self.checked(self.number(node))

    def checked(self, value: float) -> float:
        """Return a number as the model keeps it; raise ValueError if it is out of range or not whole where it must."""
        self.within(value)
        if self.whole and value != round(value):
            raise ValueError(f"{value:,.10g} is not whole, write a whole number")
        return self.kept(value)


def measure_of(parameter: Parameter) -> Measure:
    """Return how a parameter of the model is written."""
    return Measure(parameter.unit, parameter.low, parameter.high, parameter.whole, parameter.switch)


def is_value(node: Mapping) -> bool:
    """Whether a map is one value (a distribution or a value with its source) rather than a set of keys."""
    return any(key in node.items for key in (*FORMS, "value", "times", "window"))


def read_value(
    reading: Reading, node: Node, path: str, measure: Measure
) -> tuple[float | Distribution, dict[str, str]]:
    """Return a value and its ``source`` and ``note``; mistakes are noted, and the lowest value returned."""
    reading.note_origin(path, node.mark)
    if not isinstance(node, Mapping):
        return _constant(reading, node, path, measure), {}
    form = Form(reading, node, path, (*FORMS, "value", *_BESIDE))
    basis: dict[str, str] = {key: form.text(key) for key in ("source", "note") if key in node.items}
    kinds = [key for key in node.items if key in FORMS or key == "value"]
    if len(kinds) != 1:
        given = " and ".join(kinds) or "none"
        if kinds or not form.strange:
            allowed = f"exactly one of {', '.join(FORMS)} or value is allowed"
            reading.wrong(node.mark, path, f"{allowed}, given: {given}")
        return measure.low, basis
    kind = kinds[0]
    if "bounds" in node.items and kind not in BOUNDED:
        reading.wrong(node.keys["bounds"], form.at("bounds"), f"bounds go with {' and '.join(BOUNDED)} only")
    if kind == "value":
        return _constant(reading, node.items["value"], form.at("value"), measure), basis
    return _distribution(form, kind, measure), basis


def _read_times(reading: Reading, node: Mapping, path: str, measure: Measure) -> tuple[Value, dict[str, str]]:
    reading.note_origin(path, node.mark)
    form = Form(reading, node, path, ("times", "source", "note"))
    basis: dict[str, str] = {key: form.text(key) for key in ("source", "note") if key in node.items}
    try:
        factor = float(scalars.read_number(unquoted_text(node.items["times"], "a number")))
        if measure.switch or factor < 0:
            raise ValueError("a switch has no multiples" if measure.switch else f"{factor:g} is below zero")
        return Times(factor), basis
    except ValueError as error:
        form.wrong("times", str(error))
        return measure.low, basis


def _constant(reading: Reading, node: Node, path: str, measure: Measure) -> float:
    try:
        return measure.constant(node)
    except ValueError as error:
        reading.wrong(node.mark, path, str(error))
        return measure.low


def _distribution(form: Form, kind: str, measure: Measure) -> float | Distribution:
    node = form.items[kind]
    try:
        if measure.switch and kind != "choice":
            raise ValueError("a switch takes true, false or choice: {true: weight, false: weight}")
        if kind == "choice":
            found = _read_choice(node, measure)
        else:
            found = Distribution(kind, _read_numbers(node, kind, measure), _read_bounds(form, measure))
        wrong = fault(found)
        if wrong:
            raise ValueError(wrong)
        for end in found.support:
            measure.within(end)
        return found
    except ValueError as error:
        form.wrong(kind, str(error))
        return measure.low


def _read_numbers(node: Node, kind: str, measure: Measure) -> tuple[float, ...]:
    size = _SIZES.get(kind, 2)
    if not isinstance(node, Sequence) or len(node.items) != size:
        raise ValueError(f"{kind_of(node)} is given, write {FORMS[kind]}, {size} numbers")
    pure = {"beta": (0, 1), "lognormal": (1,)}.get(kind, ())
    return tuple(
        float(scalars.read_number(unquoted_text(item, "a number"))) if place in pure else measure.number(item)
        for place, item in enumerate(node.items)
    )


def _read_bounds(form: Form, measure: Measure) -> tuple[float, float] | None:
    node = form.node("bounds")
    if node is None:
        return None
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise ValueError("write bounds: [lowest, highest]")
    low, high = (measure.number(item) for item in node.items)
    return low, high


def _read_choice(node: Node, measure: Measure) -> Distribution:
    if not isinstance(node, Mapping) or not node.items:
        raise ValueError(f"{kind_of(node)} is given, write choice: {FORMS['choice']}")
    weights = {
        measure.constant(Scalar(node.keys[key], key)): float(scalars.read_number(unquoted_text(item, "a weight")))
        for key, item in node.items.items()
    }
    return Distribution("choice", tuple(sorted(weights)), None, tuple(weights[key] for key in sorted(weights)))


def read_params(reading: Reading, node: Node | None, path: str) -> tuple[dict[str, Value], dict[str, dict[str, str]]]:
    """Return the values of parameters by full name, and the source and note of those that have one."""
    values: dict[str, Value] = {}
    bases: dict[str, dict[str, str]] = {}
    for name, item in parameters_in(reading, node, path):
        measure = measure_of(reading.known.parameters[name])
        if isinstance(item, Mapping) and "times" in item.items:
            values[name], basis = _read_times(reading, item, f"{path}.{name}", measure)
        else:
            values[name], basis = read_value(reading, item, f"{path}.{name}", measure)
        if basis:
            bases[name] = basis
    return values, bases


def parameters_in(reading: Reading, node: Node | None, path: str) -> Iterable[tuple[str, Node]]:
    """Return the known parameters of a map with their nodes; unknown names are noted."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        reading.wrong(node.mark, path, f"{kind_of(node)} is given, allowed: a map of parameter: value")
        return ()
    parameters = reading.known.parameters
    for name in node.items:
        if name not in parameters:
            near = reading.problems.near(name, parameters)
            reading.wrong(node.keys[name], f"{path}.{name}", f"unknown parameter, {near}")
    return [(name, item) for name, item in node.items.items() if name in parameters]


def read_sources(reading: Reading, node: Node | None) -> dict[str, str]:
    """Return the texts of the scenario's sources by key."""
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        reading.wrong(node.mark, "sources", f"{kind_of(node)} is given, allowed: a map of key: text")
        return {}
    found = {}
    for key, item in node.items.items():
        reading.note_origin(f"sources.{key}", item.mark)
        try:
            found[printable(key)] = printable(scalar_text(item, "text"))
        except ValueError as error:
            reading.wrong(item.mark, f"sources.{key}", str(error))
    return found
