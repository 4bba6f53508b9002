"""How an agent is declared: one class a kind, one field a line, each with its unit and meaning.

A population is a NumPy structured array, one row an agent. Fields that belong together form a
group, itself declared as a record. The class that declares a kind is also how one row looks to
Mesa, to tests and to rules that run as plain Python: an instance is a view of one row, and reading
or writing its attributes reads or writes that row. Compiled rules make no instances.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from teritwa.engine.compiler import interpreted

Kind = TypeVar("Kind", bound="Record")
Kind_co = TypeVar("Kind_co", covariant=True)
Array = npt.NDArray[Any]


class Rows(Protocol[Kind_co]):
    """What a rule sees of a population: rows to walk over or pick by number."""

    @property
    def size(self) -> int:
        """The number of rows."""
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
    """One attribute of a kind: its type in memory, its unit and its meaning."""

    def __init__(self, code: str, unit: str, meaning: str) -> None:
        self.code, self.unit, self.meaning, self.name = code, unit, meaning, ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's name."""
        self.name = name

    def __get__(self, instance: "Record | None", owner: type) -> Any:
        """Return the value in an instance's row; on the class, return the declaration."""
        if instance is None:
            return self
        return instance.columns[self.name].item(instance.row)

    def __set__(self, instance: "Record", value: object) -> None:
        """Write the value into an instance's row."""
        instance.columns[self.name][instance.row] = value


class Group:
    """An attribute of a kind that is a record of fields which belong together."""

    def __init__(self, kind: type["Record"]) -> None:
        self.kind, self.name = kind, ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's name."""
        self.name = name

    def __get__(self, instance: "Record | None", owner: type) -> Any:
        """Return a view of the group in an instance's row; on the class, the declaration."""
        if instance is None:
            return self
        views = instance.__dict__.setdefault("_groups", {})
        if self.name not in views:
            views[self.name] = self.kind().bind_columns(instance.columns[self.name], instance.row)
        return views[self.name]


def integer_field(unit: str, meaning: str) -> Any:
    """Declare a field that counts (64-bit integer)."""
    return Field("i8", unit, meaning)


def real_field(unit: str, meaning: str) -> Any:
    """Declare a field that measures (64-bit float)."""
    return Field("f8", unit, meaning)


def boolean_field(meaning: str) -> Any:
    """Declare a field that is true or false."""
    return Field("?", "true or false", meaning)


def group(kind: type["Record"]) -> Any:
    """Declare a group of fields, which are those of another record."""
    return Group(kind)


class Record:
    """A kind of agent, or a group of its fields. An instance is a view of one row."""

    columns: Mapping[str, Any]
    """The memory of each field by name, an array with one entry a row; of a group, the same."""
    row: int

    def __setattr__(self, name: str, value: object) -> None:
        """Write a field; raise AttributeError for a name that is not declared."""
        kind: Any = type(self)
        if name not in ("columns", "row") and name not in members(kind):
            raise AttributeError(f"{kind.__name__} has no field {name!r}")
        super().__setattr__(name, value)

    def bind(self, table: Array, row: int) -> Self:
        """Point this view at a row of a population and return it."""
        return self.bind_columns(columns_of(type(self), table), row)

    def bind_columns(self, columns: Mapping[str, Any], row: int) -> Self:
        """Point this view at a row of a population given by the memory of its fields."""
        self.columns, self.row = columns, row
        self.__dict__.pop("_groups", None)
        return self


class Views(Rows[Kind]):
    """A population as plain Python sees it: a view a row, made when first asked for."""

    def __init__(self, kind: type[Kind], table: Array) -> None:
        self._kind, self._columns, self._size = kind, columns_of(kind, table), len(table)
        self._views: dict[int, Kind] = {}

    @property
    def size(self) -> int:
        """The number of rows."""
        return self._size

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._size

    def __getitem__(self, row: int) -> Kind:
        """Return the view of a row; raise IndexError beyond the last."""
        if not 0 <= row < self._size:
            raise IndexError(f"row {row} of {self._size}")
        if row not in self._views:
            self._views[row] = self._kind().bind_columns(self._columns, row)
        return self._views[row]

    def __iter__(self) -> Iterator[Kind]:
        """Walk over the views."""
        return (self[row] for row in range(self._size))


def columns_of(kind: type[Record], table: Array) -> dict[str, Any]:
    """Return the memory of each field of a population by name; that of a group is a mapping."""
    return {
        name: columns_of(given.kind, table[name]) if isinstance(given, Group) else table[name]
        for name, given in members(kind).items()  # type: ignore[arg-type]
    }


@functools.cache
def members(kind: Any) -> Mapping[str, Field | Group]:
    """Return the declared fields and groups of a kind, by name, in order."""
    found: dict[str, Field | Group] = {}
    for one in reversed(kind.__mro__):
        declared = vars(one).items()
        found |= {name: given for name, given in declared if isinstance(given, Field | Group)}
    return found


def fields(kind: type[Record]) -> Mapping[str, Field]:
    """Return the fields of a kind by dotted name, such as ``people.residents``, in order."""
    found: dict[str, Field] = {}
    for name, given in members(kind).items():  # type: ignore[arg-type]
        if isinstance(given, Field):
            found[name] = given
        else:
            found |= {f"{name}.{inner}": field for inner, field in fields(given.kind).items()}
    return found


def record_dtype(kind: type[Record]) -> np.dtype[Any]:
    """Return the memory layout of one row; a group is a nested record."""
    layout = [
        (name, given.code if isinstance(given, Field) else record_dtype(given.kind))
        for name, given in members(kind).items()  # type: ignore[arg-type]
    ]
    return np.dtype(layout, align=True)


def new_table(kind: type[Record], size: int) -> Array:
    """Return ``size`` rows of a kind, every field zero or false."""
    return np.zeros(size, record_dtype(kind))


def as_rows(kind: type[Record], table: Array) -> Any:
    """Return a population as rules see it: the array itself when compiled, views otherwise."""
    return Views(kind, table) if interpreted() else table


def single_row(kind: type[Record], table: Array) -> Any:
    """Return the only row of a table as rules see it."""
    return kind().bind(table, 0) if interpreted() else table[0]


def as_numbers(table: Array) -> Array:
    """Return the memory of records whose fields have 64 bits as integers (row, field).

    The array is a view: where 0 is written a count is 0, and a measure 0.0.
    """
    owner = table if table.base is None else table.base
    addresses = [one.__array_interface__["data"][0] for one in (table, owner)]
    shape = (len(table), table.dtype.itemsize // 8)
    offset, strides = addresses[0] - addresses[1], (table.strides[0], 8)
    return np.ndarray(shape, np.int64, owner, offset, strides)
