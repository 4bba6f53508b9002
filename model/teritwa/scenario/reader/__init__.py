"""Strict reading of scenario files: YAML with positions, scalars, values and located mistakes."""
