"""Limits of a run, which the help names: this file imports nothing."""

TIME_LIMIT = 600.0
"""Time that a run may take (s); the longest scenario that ships takes less than a second."""

MEMORY_LIMIT = 2000
"""Memory that a run may take beyond what a worker has at its start (MB); runs take some twenty."""
