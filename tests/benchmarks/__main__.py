"""Benchmarks: every figure of cost in one run, a line each, as a ratio to what it should be.

``python -m tests.benchmarks`` prints all of them, ``python -m tests.benchmarks run twin`` some.
A machine that does nothing else gives the best figures. They are no part of the verdict.
"""

import argparse
from collections.abc import Callable, Mapping

from .commands import (
    measure_compilation,
    measure_ensemble,
    measure_fixed,
    measure_short_commands,
)
from .sizes import measure_large, measure_sizes
from .speed import measure_run, measure_twin

PARTS: Mapping[str, Callable[[], None]] = {
    "run": measure_run,
    "twin": measure_twin,
    "sizes": measure_sizes,
    "large": measure_large,
    "fixed": measure_fixed,
    "compilation": measure_compilation,
    "commands": measure_short_commands,
}


def main() -> None:
    """Print the figures of the parts that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", help=", ".join([*PARTS, "ensemble"]))
    parser.add_argument("--runs", type=int, default=1000, help="runs of the part ensemble")
    given = parser.parse_args()
    chosen = given.parts or [*PARTS, "ensemble"]
    for part in chosen:
        if part == "ensemble":
            measure_ensemble(given.runs)
        else:
            PARTS[part]()


if __name__ == "__main__":
    main()
