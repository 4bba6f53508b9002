"""Recorder: words of a run's memory, copied as a day ends.

All tables of a run lie in one block of memory, so that a compiled rule copies what is recorded by
the places of its words, whatever tables and fields they belong to.
"""

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.records import Array

WORD = 8
"""Bytes of a word; every field but a truth value fills one."""


class Recorder(NamedTuple):
    """What is copied each day, and what once a week and on the last day."""

    memory: Array
    """(word): the tables of the run, as 64-bit integers."""
    daily_places: Array
    """(item): places in ``memory`` that are copied each day."""
    daily: Array
    """(day, item): their copies."""
    weekly_places: Array
    """(item): places in ``memory`` that are copied each week."""
    weekly: Array
    """(week, item): their copies."""
    last_day: int
    """The last day of the run, which is copied as a week is."""


@rule
def record(recorder: Recorder, day: int) -> None:
    """Copy the words of a day: some each day, others on days 0, 7, 14 ... and on the last."""
    for item in range(len(recorder.daily_places)):
        recorder.daily[day, item] = recorder.memory[recorder.daily_places[item]]
    if day % 7 == 0 or day == recorder.last_day:
        week = (day + 6) // 7
        for item in range(len(recorder.weekly_places)):
            recorder.weekly[week, item] = recorder.memory[recorder.weekly_places[item]]


def in_one_block(
    tables: Mapping[str, Array], apart: Collection[str] = (), rows: Mapping[str, int] | None = None
) -> dict[str, Array]:
    """Return copies of tables that lie one after the other in one block of memory.

    Args:
        tables: Tables whose rows have a whole number of words.
        apart: Names of tables that are returned as they are, because runs share them.
        rows: How many rows tables get that need more than they have. The further rows are zero, and
            as long as nobody writes there they take no memory.
    """
    shapes = {
        name: ((rows or {}).get(name, len(table)), *table.shape[1:])
        for name, table in tables.items()
        if name not in apart
    }
    words = {
        name: math.prod(shape) * tables[name].dtype.itemsize // WORD
        for name, shape in shapes.items()
    }
    memory = np.zeros(sum(words.values()), np.int64)
    made, first = dict(tables), 0
    for name, shape in shapes.items():
        table, ours = tables[name], memory[first : first + words[name]]
        made[name] = ours.view(table.dtype).reshape(shape)
        made[name][: len(table)] = table
        first += words[name]
    return made


def memory_of(tables: Mapping[str, Array]) -> Array:
    """Return the block of memory in which `in_one_block` has put tables."""
    memory: Array = tables["daily"].base  # type: ignore[assignment]  # never None after that
    return memory


def places_of(memory: Array, view: Array) -> Array:
    """Return the place in memory of the word that holds each element of a view, row by row."""
    first = view.__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    places = np.full(view.shape, first, np.int64)
    for axis, stride in enumerate(view.strides):
        steps = stride * np.arange(view.shape[axis])
        places += steps.reshape([-1 if one == axis else 1 for one in range(view.ndim)])
    return places.ravel() // WORD


def values_of(memory: Array, view: Array, words: Array) -> Array:
    """Return copied words as values of the type and shape of a view (copy, ...).

    Args:
        memory: The memory of the run.
        view: The fields that were copied.
        words: Their copies (copy, element).
    """
    shape = (len(words), *view.shape)
    if view.dtype.itemsize == WORD:
        return np.ascontiguousarray(words).view(view.dtype).reshape(shape)
    first = view.__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    of_word = np.ascontiguousarray(words).view(np.uint8).reshape(len(words), -1, WORD)
    return of_word[:, :, first % WORD].astype(view.dtype).reshape(shape)
