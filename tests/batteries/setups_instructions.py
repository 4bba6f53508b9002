"""Runs of the baseline on a machine without some of this one's instructions.

``python tests/batteries/setups_instructions.py [DRAWS] [LAST DAY]`` prints, for each library that
chooses its code by the machine, which outcomes differ without the instructions, from which day on
and by how much, and which records of the last day. The default is three draws of the year 2024. The
first time, the rules are compiled once more.
"""

import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import teritwa
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import load
from teritwa.simulation.model import Mission

DRAWS, UNTIL = 3, "2024-12-31"

WITHOUT = {
    "rules": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "-avx,-avx2,-fma,-avx512f"},
    "numpy": {
        "NPY_DISABLE_CPU_FEATURES": (
            "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512_SKX"
        )
    },
    "openblas": {"OPENBLAS_CORETYPE": "Nehalem"},
    "libm": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"},
}
"""Environment variables that forbid AVX and FMA to Numba (for rules), NumPy, OpenBLAS and glibc."""

ALL = "all of them"

RECORD = "last "
"""How the name of a record of the last day begins, among outcomes."""


@dataclass(frozen=True)
class Difference:
    """An outcome that differs in some runs.

    Attributes:
        outcome: The outcome.
        runs: Number of runs in which it differs.
        first_day: The earliest day on which it differs.
        largest: The largest difference of a value, in the outcome's unit.
        relative: The same, as a share of the outcome's largest value.
        total: The largest change of the sum over all days and districts, as a share of that sum.
    """

    outcome: str
    runs: int
    first_day: int
    largest: float
    relative: float
    total: float


@dataclass(frozen=True)
class Measured:
    """What differs without some instructions.

    Attributes:
        differences: The outcomes that differ.
        unaffected: Libraries that computed as before, because the system ignores the settings.
    """

    differences: list[Difference]
    unaffected: list[str] = field(default_factory=list)


def write_runs(path: Path, draws: int, until: str) -> None:
    """Write outcomes and last records of each draw, and marks of the code that libraries chose."""
    baseline = load("baseline").replace(end=date.fromisoformat(until))
    arrays: dict[str, Any] = {}
    for draw in range(draws):
        mission = Mission(baseline, draw, 0)
        found = {**mission.run(), **dict(records(mission))}
        arrays |= {f"{draw}/{name}": values for name, values in found.items()}
    np.savez(path, **arrays)
    path.with_suffix(".json").write_text(json.dumps(marks()), encoding="utf-8")


def records(mission: Mission) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a mission's records, which are more exact than its outcomes."""
    for name, table in mission.tables.items():
        yield from fields(f"{RECORD}{name}", table)


def fields(name: str, table: Any) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a table by dotted name, those of groups too."""
    if table.dtype.names is None:
        yield name, table
    else:
        for field_name in table.dtype.names:
            yield from fields(f"{name}.{field_name}", table[field_name])


def marks() -> dict[str, str]:
    """Return hashes of values whose last bits depend on the code that a library chose."""
    exponents = np.linspace(-20.0, 20.0, 200001)
    square = np.sin(np.arange(3600.0)).reshape(60, 60)
    found = {
        "libm": np.array([math.exp(exponent) for exponent in exponents]),
        "numpy": np.exp(exponents),
        "openblas": square @ square,
    }
    # Numba obeys its settings, or fails.
    code = f"{os.environ.get('NUMBA_CPU_NAME')} {os.environ.get('NUMBA_CPU_FEATURES')}"
    hashes = {name: hashlib.sha256(values.tobytes()).hexdigest() for name, values in found.items()}
    return {"rules": code, **hashes}


def run_with(
    environment: dict[str, str], draws: int, until: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return outcomes and marks from another process with environment variables."""
    model = str(Path(teritwa.__file__).parents[1])
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "runs.npz"
        finished = subprocess.run(
            [sys.executable, __file__, str(draws), until, str(path)],
            env={**os.environ, "PYTHONPATH": model, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise RuntimeError(finished.stderr)
        with np.load(path) as arrays:
            return dict(arrays), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def differences(default: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    """Return the outcomes and records that are not the same to the bit."""
    unequal: dict[str, list[tuple[Any, Any]]] = {}
    for key, one in default.items():
        if one.tobytes() != other[key].tobytes():
            unequal.setdefault(key.partition("/")[2], []).append((one, other[key]))
    found = [_difference(name, pairs) for name, pairs in unequal.items()]
    return sorted(found, key=lambda one: (one.first_day, one.outcome))


def _difference(name: str, pairs: list[tuple[Any, Any]]) -> Difference:
    """Measure how an outcome differs in those runs where it does."""
    wide = [(one.astype(float), two.astype(float)) for one, two in pairs]
    apart = [np.abs(one - two) for one, two in wide]
    return Difference(
        name,
        len(pairs),
        first_day=_days(name) * min(int(np.argwhere(gap)[0][0]) for gap in apart),
        largest=max(float(gap.max()) for gap in apart),
        relative=max(
            float(gap.max() / np.abs(one).max()) for gap, (one, _) in zip(apart, wide, strict=True)
        ),
        total=max(float(abs(two.sum() / one.sum() - 1.0)) for one, two in wide),
    )


def _days(name: str) -> int:
    """Return the days between the values of an outcome; 0 for a record."""
    if name.startswith(RECORD):
        return 0
    return 7 if OUTCOMES[name].dimensions[0] == "week" else 1


def measure(names: list[str], draws: int = DRAWS, until: str = UNTIL) -> dict[str, Measured]:
    """Return what differs without the instructions, for each library and for all of them."""
    settings = {name: WITHOUT[name] for name in names}
    settings[ALL] = {}
    for name in names:
        settings[ALL] |= WITHOUT[name]
    default, own = run_with({}, draws, until)
    found = {}
    for name, environment in settings.items():
        other, others = run_with(environment, draws, until)
        libraries = names if name == ALL else [name]
        unaffected = [library for library in libraries if own[library] == others[library]]
        found[name] = Measured(differences(default, other), unaffected)
    return found


def main(draws: int, until: str) -> None:
    """Print what differs, a line for each outcome."""
    for name, found in measure(list(WITHOUT), draws, until).items():
        note = f"; {', '.join(found.unaffected)} computed as before" if found.unaffected else ""
        outcomes = [one for one in found.differences if not one.outcome.startswith(RECORD)]
        print(f"without {name}: {len(outcomes)} of {len(OUTCOMES)} outcomes differ{note}")
        for one in found.differences:
            when = "at the end" if one.outcome.startswith(RECORD) else f"from day {one.first_day}"
            print(f"  {one.outcome}: in {one.runs} of {draws} runs {when}", end=", ")
            print(f"by up to {one.largest:.3g} ({one.relative:.1e} of its largest)", end=", ")
            print(f"its sum by {one.total:.1e}")


if __name__ == "__main__":
    given = [*sys.argv[1:3], *(str(DRAWS), UNTIL)[len(sys.argv) - 1 :]]
    if len(sys.argv) > 3:
        write_runs(Path(sys.argv[3]), int(given[0]), given[1])
    else:
        main(int(given[0]), given[1])
