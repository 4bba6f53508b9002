"""The command line: each command is in a file of its name and calls the function of its name.

Results go to standard output (paths, requested tables, or one JSON document with ``--json``),
messages and progress to standard error. Exit codes: 0 success, 1 a run failed, 2 wrong use,
3 an invalid file, 4 a missing or incompatible result, 130 interrupted (finished runs are stored).
Each command imports heavy libraries itself, so that the program starts quickly.
"""

import io
import os
import sys

# Before NumPy is imported: runs are spread over processes, and within one the threads of linear
# algebra gain nothing, take a tenth of a second to start, and sum in an order of their own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The order of these lines is the order of the commands in the help.
from teritwa.cli import run as run  # isort: skip
from teritwa.cli import check as check  # isort: skip
from teritwa.cli import show as show  # isort: skip
from teritwa.cli import compare as compare  # isort: skip
from teritwa.cli import effort as effort  # isort: skip
from teritwa.cli import holders as holders  # isort: skip
from teritwa.cli import score as score  # isort: skip
from teritwa.cli import sensitivity as sensitivity  # isort: skip
from teritwa.cli import map as map  # noqa: A004  # isort: skip
from teritwa.cli import report as report  # isort: skip
from teritwa.cli import calibrate as calibrate  # isort: skip
from teritwa.cli import missions as missions  # isort: skip
from teritwa.cli import validate as validate  # isort: skip
from teritwa.cli import world as world  # isort: skip
from teritwa.cli.common import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and exit with its code.

    Characters that the encoding of the output lacks are written as escapes, and stop nothing.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="teritwa")
