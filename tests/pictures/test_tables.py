"""Tests of tables: cells are numbers whether they were made or read from CSV."""

import numpy as np

from teritwa.pictures.tables import number


def test_cells_read_from_csv_are_numbers() -> None:
    """Text, flags and numbers count alike; an empty cell is not a number."""
    assert [number(cell) for cell in ("1.5", 2, True, False, np.float64(3))] == [1.5, 2, 1, 0, 3]
    assert all(np.isnan(number(cell)) for cell in ("", None, "nan"))
