"""The command line: thin over the functions of the same names.

Results go to standard output (paths, tables asked for, or one JSON document with ``--json``), all else to
standard error. Exit codes: 0 done, 1 a run failed, 2 wrong use, 3 an invalid file, 4 a missing or
incompatible result, 130 interrupted with finished work kept. Heavy libraries are imported by the command
that needs them.
"""

# The order of these lines is the order of the commands in the help.
from teritwa.cli import running as running  # isort: skip
from teritwa.cli import judging as judging  # isort: skip
from teritwa.cli import mapping as mapping  # isort: skip
from teritwa.cli import reporting as reporting  # isort: skip
from teritwa.cli import calibrating as calibrating  # isort: skip
from teritwa.cli.common import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    app(prog_name="teritwa")
