"""Values that may be uncertain: a number with its unit, a switch, or a distribution."""

from dataclasses import dataclass
from decimal import Decimal

from teritwa.engine.parameters import Parameter
from teritwa.scenario.distributions import BOUNDED, FORMS, Distribution, fault
from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import (
    FieldReader,
    ReadingContext,
    kind_of,
    scalar_text,
    unquoted_text,
)
from teritwa.scenario.reader.yaml_tree import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True)
class Multiple:
    """A multiple of the posterior's draw, or else of the model's own value.

    The product is kept within the parameter's range.
    """

    factor: float


Value = float | Distribution | Multiple
_SIZES = {"triangular": 3}
_BESIDE = ("bounds", "source", "note")


@dataclass(frozen=True)
class Quantity:
    """How a number of one kind is written, and what it may be (in its own unit)."""

    unit: str
    low: float
    high: float
    integral: bool = False
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
        """Return a single number or switch in the quantity's unit; raise ValueError otherwise."""
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
            allowed = f"{self.low:,.10g} to {self.high:,.10g}{unit}"
            raise ValueError(f"{value:,.10g} is outside what is allowed, {allowed}")
        return value

    def kept(self, value: float) -> float:
        """Return the number as the model keeps it: a switch as a boolean, a count as an integer."""
        if self.switch:
            return bool(value)
        return round(value) if self.integral else float(value)

    def constant(self, node: Node) -> float:
        """Return a number in range as the model keeps it; raise ValueError if it is none."""
        return self.checked(self.number(node))

    def checked(self, value: float) -> float:
        """Return a number as the model keeps it; raise ValueError if it is not allowed."""
        self.within(value)
        if self.integral and value != round(value):
            raise ValueError(f"{value:,.10g} is not whole, write a whole number")
        return self.kept(value)


def quantity_of(parameter: Parameter) -> Quantity:
    """Return how a parameter of the model is written."""
    low, high = parameter.bounds
    return Quantity(parameter.unit, low, high, parameter.integral, parameter.switch)


def is_value(node: Mapping) -> bool:
    """Whether a map is one value (such as a distribution) rather than a set of keys."""
    return any(key in node.items for key in (*FORMS, "value", "multiply_by", "times", "window"))


def read_value(
    context: ReadingContext, node: Node, path: str, quantity: Quantity
) -> tuple[float | Distribution, dict[str, str]]:
    """Return a value with its ``source`` and ``note``; a mistake gives the lowest value."""
    context.note_origin(path, node.mark)
    if not isinstance(node, Mapping):
        return _constant(context, node, path, quantity), {}
    reader = FieldReader(context, node, path, (*FORMS, "value", *_BESIDE))
    basis = read_basis(reader, node)
    kind = _kind(reader, node)
    if not kind:
        return quantity.low, basis
    if kind == "value":
        return _constant(context, node.items["value"], reader.at("value"), quantity), basis
    return _distribution(reader, kind, quantity), basis


def read_basis(reader: FieldReader, node: Mapping) -> dict[str, str]:
    """Return the source and the note of a value, as far as they are given."""
    return {key: reader.text(key) for key in ("source", "note") if key in node.items}


def _kinds_given(node: Mapping) -> list[str]:
    return [key for key in node.items if key in FORMS or key == "value"]


def _kind(reader: FieldReader, node: Mapping) -> str:
    """Return how a value is given, ``value`` or a key of `FORMS`; an empty text if it is not."""
    context, kinds = reader.context, _kinds_given(node)
    if not kinds and reader.unknown:
        return ""  # the unknown key is the mistake, and is noted already
    if len(kinds) != 1:
        allowed = f"exactly one of {', '.join(FORMS)} or value is allowed"
        given = " and ".join(kinds) or "none"
        context.wrong(node.mark, reader.path, f"{allowed}, given: {given}")
        return ""
    if "bounds" in node.items and kinds[0] not in BOUNDED:
        rule = f"bounds go with {' and '.join(BOUNDED)} only"
        context.wrong(node.keys["bounds"], reader.at("bounds"), rule)
    return kinds[0]


def _constant(context: ReadingContext, node: Node, path: str, quantity: Quantity) -> float:
    try:
        return quantity.constant(node)
    except ValueError as error:
        context.wrong(node.mark, path, str(error))
        return quantity.low


def _distribution(reader: FieldReader, kind: str, quantity: Quantity) -> float | Distribution:
    node = reader.items[kind]
    try:
        if quantity.switch and kind != "choice":
            raise ValueError("a switch takes true, false or choice: {true: weight, false: weight}")
        if kind == "choice":
            found = _read_choice(node, quantity)
        else:
            found = Distribution(
                kind, _read_numbers(node, kind, quantity), _read_bounds(reader, quantity)
            )
        wrong = fault(found)
        if wrong:
            raise ValueError(wrong)
        for end in found.support:
            quantity.within(end)
        return found
    except ValueError as error:
        reader.wrong(kind, str(error))
        return quantity.low


def _read_numbers(node: Node, kind: str, quantity: Quantity) -> tuple[float, ...]:
    size = _SIZES.get(kind, 2)
    if not isinstance(node, Sequence) or len(node.items) != size:
        raise ValueError(f"{kind_of(node)} is given, write {FORMS[kind]}, {size} numbers")
    pure = {"beta": (0, 1), "lognormal": (1,)}.get(kind, ())
    return tuple(
        float(scalars.read_number(unquoted_text(item, "a number")))
        if place in pure
        else quantity.number(item)
        for place, item in enumerate(node.items)
    )


def _read_bounds(reader: FieldReader, quantity: Quantity) -> tuple[float, float] | None:
    node = reader.node("bounds")
    if node is None:
        return None
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise ValueError("write bounds: [lowest, highest]")
    low, high = (quantity.number(item) for item in node.items)
    return low, high


def _read_choice(node: Node, quantity: Quantity) -> Distribution:
    if not isinstance(node, Mapping) or not node.items:
        raise ValueError(f"{kind_of(node)} is given, write choice: {FORMS['choice']}")
    weights = {
        quantity.constant(Scalar(node.keys[key], key)): float(
            scalars.read_number(unquoted_text(item, "a weight"))
        )
        for key, item in node.items.items()
    }
    return Distribution(
        "choice", tuple(sorted(weights)), None, tuple(weights[key] for key in sorted(weights))
    )
