"""How Mesa sees the records: one `mesa.Agent` a row, made on request, that is a view of the row.

Inspection, tutorials and Mesa's own tools use these views; no rule does, and an ensemble makes
none.
"""

import functools
import itertools
from collections.abc import Iterable
from typing import Any

from teritwa.engine.records import Array
from teritwa.simulation.mesa_import import mesa


@functools.cache
def view_class(kind: type[Any]) -> type[Any]:
    """Return the class of Mesa agents that are views of rows of a kind."""
    body = {
        "__doc__": kind.__doc__,
        "__module__": kind.__module__,
        "__setattr__": object.__setattr__,  # an agent of Mesa has attributes beside the fields
    }
    return type(kind.__name__, (kind, mesa.Agent), body)


def add_views(
    model: mesa.Model, kind: type[Any], table: Array, numbers: Iterable[int], first: int
) -> None:
    """Register views of some rows with a model; their unique ids count on from ``first``.

    Mesa 3.3 keeps every model that ever made an agent alive through a table of its agents' ids; the
    entry is taken out again, so that a model is freed when nobody uses it.
    """
    mesa.Agent._ids[model] = itertools.count(first)
    view = view_class(kind)  # type: ignore[arg-type]  # mypy misses that a class hashes
    for number in numbers:
        view(model).bind(table, number)
    mesa.Agent._ids.pop(model)
