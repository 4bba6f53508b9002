"""Write generated tables anew, in the documentation and the draws from priors, or check them.

`python model/documentation/generate.py` writes them; with ``--check`` nothing is written, and the
command fails if a file would change. A table stands between two lines:

    <!-- generated: parameters control -->
    <!-- end generated -->

The words after the colon are the name of a function in `tables.py` or, for what comes from the
reference results, in `reference_tables.py`, and its arguments.
"""

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mission_tables import MISSION_TABLES
from reference_tables import REFERENCE_TABLES
from tables import TABLES

from teritwa.analysis.calibration.priors import prior_table
from teritwa.analysis.missions.effects import shipped_effects
from teritwa.world import load as load_world

ROOT = Path(__file__).parents[2]
FILES = ("CONTRIBUTING.md", "README.md", "model/ODD.md", "model/guide")
"""Files, and folders of files, that may hold generated tables."""

POSTERIORS = ROOT / "scenarios" / "posteriors"
"""Where the tables of draws from the priors are."""

DRAWS, DRAWS_OF_THE_PAST = 256, 64
"""How many draws the shipped scenarios have, and how many those of past missions."""

BLOCK = re.compile(
    r"(<!-- generated: (?P<call>[^>]*?) -->\n)(?P<body>.*?)(<!-- end generated -->)", re.DOTALL
)


def pages() -> list[Path]:
    """Return the Markdown files that may hold generated tables."""
    found: list[Path] = []
    for name in FILES:
        path = ROOT / name
        found += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return [path for path in found if path.is_file()]


def renewed(text: str) -> str:
    """Return a page with each of its generated tables made anew."""

    def replaced(match: re.Match[str]) -> str:
        name, *arguments = match["call"].split()
        lines = (TABLES | REFERENCE_TABLES | MISSION_TABLES)[name](*arguments)
        return "\n".join([match[1].rstrip("\n"), *lines, match[4]])

    return BLOCK.sub(replaced, text)


def _priors_with_missions() -> str:
    """Return draws from the priors in which past missions say what a mission does."""
    return prior_table(DRAWS, shipped_effects())


def _priors_of(place: str) -> str:
    """Return draws from the ranges that the world of a past mission has, also those of its own."""
    return prior_table(DRAWS_OF_THE_PAST, world=load_world(ROOT / "scenarios" / "worlds" / place))


PAST_MISSIONS = ("alemao", "cite-soleil", "kingston", "rio")
"""The worlds of past missions."""

PRIORS: dict[Path, Callable[[], str]] = {
    POSTERIORS / "haiti-priors.csv": _priors_with_missions,
    **{POSTERIORS / f"{one}-priors.csv": partial(_priors_of, one) for one in PAST_MISSIONS},
}
"""The tables of draws from priors, each with what makes it."""


def main() -> int:
    """Write the pages, or check them; return 1 if one is stale and may not be written."""
    check, stale = "--check" in sys.argv[1:], []
    for path in [*PRIORS, *pages()]:  # pages load scenarios, which draw from the priors
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        after = PRIORS[path]() if path in PRIORS else renewed(before)
        if after == before:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not check:
            path.write_text(after, encoding="utf-8")
    for name in stale:
        print(f"{name}: {'is stale, run model/documentation/generate.py' if check else 'written'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
