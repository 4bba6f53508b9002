"""How an agent is declared: one class a kind, one field a line, each with its unit and meaning.

A population is a NumPy structured array, one row an agent. The class that declares a kind is also how Mesa sees
it: an instance looks at one row of an array, and reading or writing its attributes reads or writes that row.
Rules never make instances; they walk over the rows.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from teritwa.engine.compiler import interpreted

Kind_co = TypeVar("Kind_co", covariant=True)
Array = npt.NDArray[Any]


class Rows(Protocol[Kind_co]):
    """What a rule sees of a population: rows to walk over or pick by number, each with the kind's fields."""

    @property
    def size(self) -> int:
        """Return the number of rows."""
        ...

    def __getitem__(self, row: int) -> Kind_co:
        """Return the agent in a row."""
        ...

    def __iter__(self) -> Iterator[Kind_co]:
        """Walk over the agents."""
        ...

    def __len__(self) -> int:
        """Return the number of rows."""
        ...


class Field:
    """One attribute of a kind: its type in memory, unit and meaning."""

    def __init__(self, code: str, unit: str, meaning: str) -> None:
        self.code, self.unit, self.meaning, self.name = code, unit, meaning, ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's name; raise ValueError if a NumPy record has an attribute of that name."""
        if hasattr(np.record, name):
            raise ValueError(f"{owner.__name__}.{name}: the name means something else to NumPy's records")
        self.name = name

    def __get__(self, instance: "Record | None", owner: type) -> Any:
        """Read the field of an instance's row; on the class, return the declaration."""
        if instance is None:
            return self
        return instance.table[self.name][instance.row].item()

    def __set__(self, instance: "Record", value: object) -> None:
        """Write the field of an instance's row."""
        instance.table[self.name][instance.row] = value


def integer_field(unit: str, meaning: str) -> Any:
    """Declare a field that counts (64-bit integer)."""
    return Field("i8", unit, meaning)


def real_field(unit: str, meaning: str) -> Any:
    """Declare a field that measures (64-bit float)."""
    return Field("f8", unit, meaning)


def boolean_field(meaning: str) -> Any:
    """Declare a field that holds or does not (boolean)."""
    return Field("?", "true or false", meaning)


class Record:
    """A kind of agent. An instance is a view of one row of ``table``."""

    table: Array
    row: int

    def look_at(self, table: Array, row: int) -> Self:
        """Point this view at a row of a population and return it."""
        self.table, self.row = table, row
        return self


def fields(kind: type[Record]) -> Mapping[str, Field]:
    """Return the declared fields of a kind, by name, in order."""
    return {name: field for name, field in vars(kind).items() if isinstance(field, Field)}


def record_dtype(kind: type[Record]) -> np.dtype[Any]:
    """Return the memory layout of one row."""
    return np.dtype([(name, field.code) for name, field in fields(kind).items()], align=True)


def new_table(kind: type[Record], size: int) -> Array:
    """Return ``size`` empty rows of a kind, every field zero or false."""
    return np.zeros(size, record_dtype(kind))


def as_rows(table: Array) -> Any:
    """Return a population as rules want it: as it is when compiled, with attributes when interpreted."""
    return table.view(np.recarray) if interpreted() else table


def single_row(table: Array) -> Any:
    """Return the only row of a one-row table, as rules want it."""
    return as_rows(table)[0]
