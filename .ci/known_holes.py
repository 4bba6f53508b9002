"""Fail if pyproject.toml allows, or the lock holds, a version of a library with a known hole.

No database of holes is asked: those that concern these libraries are listed in known-holes.csv.
"""

import csv
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole: the package, its versions that have it, and its identifier."""

    package: str
    affected: SpecifierSet
    identifier: str


def read_holes(path: Path) -> list[Hole]:
    """Return the holes of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Hole(
                canonicalize_name(row["package"]), SpecifierSet(row["affected"]), row["identifier"]
            )
            for row in csv.DictReader(stream)
        ]


def requirements_of(project: Path) -> list[Requirement]:
    """Return what a pyproject.toml requires to build, to run and to develop."""
    content = tomllib.loads(project.read_text(encoding="utf-8"))
    about = content["project"]
    extras = [text for texts in about.get("optional-dependencies", {}).values() for text in texts]
    texts = [*content["build-system"]["requires"], *about["dependencies"], *extras]
    return [Requirement(text) for text in texts]


def allowed_with_hole(requirement: Requirement, hole: Hole) -> bool:
    """Return whether a requirement allows a version that has the hole.

    Where two ranges meet, the lower end of one lies in the other, so only lower ends are tried. A
    range without a lower end begins at 0.
    """
    ends = _lower_ends(requirement.specifier) + _lower_ends(hole.affected)
    return any(
        requirement.specifier.contains(end, prereleases=True)
        and hole.affected.contains(end, prereleases=True)
        for end in ends
    )


def _lower_ends(versions: SpecifierSet) -> list[str]:
    """Return the versions at which a range begins."""
    return [one.version for one in versions if one.operator in (">=", "==", "~=")] or ["0"]


def problems(
    holes: Sequence[Hole], requirements: Sequence[Requirement], lock: str
) -> Iterator[str]:
    """Yield a line for each requirement that allows a hole and each locked version with one."""
    locked = [
        (canonicalize_name(found["name"]), found["version"]) for found in LOCKED.finditer(lock)
    ]
    for hole in holes:
        for one in requirements:
            if canonicalize_name(one.name) == hole.package and allowed_with_hole(one, hole):
                yield f"pyproject.toml: {one} allows {hole.identifier} ({hole.affected})"
        for name, version in locked:
            if name == hole.package and hole.affected.contains(version, prereleases=True):
                yield f"requirements-dev.txt: {name} {version} has {hole.identifier}"


def main() -> int:
    """Print each problem of this project, and return the exit code."""
    lock = (HERE / "requirements-dev.txt").read_text(encoding="utf-8")
    holes = read_holes(HERE / "known-holes.csv")
    found = list(problems(holes, requirements_of(HERE.parent / "pyproject.toml"), lock))
    print("\n".join([*found, f"{len(found)} versions with known holes, of {len(holes)} listed"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
