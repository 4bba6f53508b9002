"""The dictionary of a world's tables, from the declarations of their columns."""

import ast
import csv
import inspect
import itertools
from dataclasses import MISSING, fields
from typing import Any

from teritwa.analysis.observed_levels import ObservedLevel
from teritwa.engine.columns import column_of
from teritwa.world import DEFAULT_WORLD, cells, rows

FILES = {
    "world": rows.Basics,
    "districts": rows.DistrictRow,
    "links": rows.LinkRow,
    "gangs": rows.GangRow,
    "crews": rows.CrewRow,
    "units": rows.UnitRow,
    "contingents": rows.ContingentRow,
    "donors": rows.DonorRow,
    "families": rows.FamilyRow,
    "parameters": rows.ParameterRow,
    "cells": cells.CellRow,
    "outline": cells.OutlineRow,
    "figures/observed": ObservedLevel,
}
"""The class of the rows of each table."""

EXAMPLE_AT_MOST = 30
"""Characters of an example."""


def world_table(name: str) -> list[str]:
    """Return the columns of one table: meaning, what is allowed, default, and an example of Haiti.

    Args:
        name: The name of the file without its ending.
    """
    kind = FILES[name]
    meanings, examples = _meanings(kind), _examples(name)
    header = ("column", "meaning", "allowed", "without it", "in Haiti")
    lines = [header, ("---",) * len(header)]
    for each in fields(kind):
        default = "must be there" if each.default is MISSING else str(each.default) or "empty"
        allowed = column_of(kind, each.name).allowed
        meaning = meanings[each.name].replace("``", "`")
        lines.append((f"`{each.name}`", meaning, allowed, default, examples.get(each.name, "")))
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _meanings(kind: type) -> dict[str, str]:
    """Return the text below each field of a class, by the field's name."""
    (tree,) = ast.parse(inspect.getsource(kind)).body
    body: list[Any] = getattr(tree, "body", [])
    found = {}
    for field, below in itertools.pairwise(body):
        is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            found[field.target.id] = " ".join(str(below.value.value).split()).rstrip(".")
    return found


def _examples(name: str) -> dict[str, str]:
    """Return a value of each column in the tables of Haiti."""
    with (DEFAULT_WORLD / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    row = {one["key"]: one["value"] for one in table} if name == "world" else table[0]
    return {
        key: text if len(text) <= EXAMPLE_AT_MOST else f"{text[: EXAMPLE_AT_MOST - 1]}…"
        for key, text in row.items()
    }
