"""``python -m teritwa`` is the command ``teritwa``."""

from teritwa.cli import main

main()
