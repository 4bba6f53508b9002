"""Pages composed from stored tables."""

from teritwa.report.validation import ValidationTables, compose, draw, table_of

__all__ = ["ValidationTables", "compose", "draw", "table_of"]
