"""The parameters and the sources of a scenario, each by its key."""

import csv
import functools
from collections.abc import Iterable
from pathlib import Path

from teritwa.scenario.reader import scalars
from teritwa.scenario.reader.field_reader import (
    FieldReader,
    ReadingContext,
    kind_of,
    scalar_text,
    unquoted_text,
)
from teritwa.scenario.reader.values import (
    Multiple,
    Quantity,
    Value,
    quantity_of,
    read_basis,
    read_value,
)
from teritwa.scenario.reader.yaml_tree import Mapping, Node

_RENAMED = Path(__file__).parent / "renamed_parameters.csv"


def read_params(
    context: ReadingContext, node: Node | None, path: str
) -> tuple[dict[str, Value], dict[str, dict[str, str]]]:
    """Return the values of parameters by full name, and the source and note of each."""
    values: dict[str, Value] = {}
    bases: dict[str, dict[str, str]] = {}
    for name, item in parameters_in(context, node, path):
        quantity = quantity_of(context.vocabulary.parameters[name])
        if isinstance(item, Mapping) and not {"multiply_by", "times"}.isdisjoint(item.items):
            values[name], basis = _read_multiple(context, item, f"{path}.{name}", quantity)
        else:
            values[name], basis = read_value(context, item, f"{path}.{name}", quantity)
        if basis:
            bases[name] = basis
    return values, bases


def parameters_in(
    context: ReadingContext, node: Node | None, path: str
) -> Iterable[tuple[str, Node]]:
    """Return the known parameters of a map with their nodes; unknown names are noted."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        context.wrong(
            node.mark, path, f"{kind_of(node)} is given, allowed: a map of parameter: value"
        )
        return ()
    parameters = context.vocabulary.parameters
    for name in node.items:
        if name in parameters:
            continue
        new = renamed_parameters().get(name)
        if new in parameters:
            what = f"this parameter is called {new!r} since schema 2"
        else:
            what = f"unknown parameter, {context.problems.near(name, parameters)}"
        context.wrong(node.keys[name], f"{path}.{name}", what)
    return [(name, item) for name, item in node.items.items() if name in parameters]


@functools.cache
def renamed_parameters() -> dict[str, str]:
    """Return the parameters of schema 1 by name, with the names that have taken their place."""
    with _RENAMED.open(encoding="utf-8", newline="") as file:
        return {row["before"]: row["now"] for row in csv.DictReader(file)}


@functools.cache
def former_names() -> dict[str, str]:
    """Return the names of schema 1 by the names that have taken their place."""
    return {now: before for before, now in renamed_parameters().items()}


def read_sources(context: ReadingContext, node: Node | None) -> dict[str, str]:
    """Return the texts of the scenario's sources by key."""
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        context.wrong(
            node.mark, "sources", f"{kind_of(node)} is given, allowed: a map of key: text"
        )
        return {}
    found = {}
    for key, item in node.items.items():
        context.note_origin(f"sources.{key}", item.mark)
        try:
            found[scalars.printable(key)] = scalars.printable(scalar_text(item, "text"))
        except ValueError as error:
            context.wrong(item.mark, f"sources.{key}", str(error))
    return found


def _read_multiple(
    context: ReadingContext, node: Mapping, path: str, quantity: Quantity
) -> tuple[Value, dict[str, str]]:
    context.note_origin(path, node.mark)
    reader = FieldReader(context, node, path, ("multiply_by", "source", "note"))
    basis = read_basis(reader, node)
    if "multiply_by" not in node.items:
        return quantity.low, basis
    try:
        factor = float(scalars.read_number(unquoted_text(node.items["multiply_by"], "a number")))
        if quantity.switch or factor < 0:
            raise ValueError(
                "a switch has no multiples" if quantity.switch else f"{factor:g} is below zero"
            )
        return Multiple(factor), basis
    except ValueError as error:
        reader.wrong("multiply_by", str(error))
        return quantity.low, basis
