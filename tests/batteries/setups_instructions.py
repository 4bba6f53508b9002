"""What becomes of runs of the baseline on a machine without some of this one's instructions.

``python tests/batteries/setups_instructions.py [DRAWS] [LAST DAY]`` prints, for each library that chooses its code by
the machine, which outcomes then differ, from which day on, and by how much, and which records of the last day; without
numbers, for three draws of the year 2024. The first time the rules are compiled once more.
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
    "numpy": {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512_SKX"},
    "openblas": {"OPENBLAS_CORETYPE": "Nehalem"},
    "libm": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"},
}
"""What forbids AVX and FMA to whoever chooses code by the machine: Numba for our rules, NumPy, OpenBLAS, glibc."""

TOGETHER = "all of them"

RECORD = "last "
"""What stands before the name of a record of the last day, among outcomes."""


@dataclass(frozen=True)
class Difference:
    """An outcome that is not the same in some runs: in how many, from which day on at the earliest, by how much."""

    outcome: str
    runs: int
    first_day: int
    largest: float
    """The largest difference of a value, in the outcome's unit."""
    relative: float
    """The same, as a share of the outcome's largest value."""
    total: float
    """The largest change of the sum over all days and places, as a share of that sum."""


@dataclass(frozen=True)
class Measured:
    """What differs without some instructions, and who computed as before: there the system does not heed us."""

    differences: list[Difference]
    unheard: list[str] = field(default_factory=list)


def write_runs(path: Path, draws: int, until: str) -> None:
    """Write all outcomes and last records of the first replicate of each draw, and which code the libraries chose here."""
    baseline, arrays = load("baseline").replace(end=date.fromisoformat(until)), {}
    for draw in range(draws):
        mission = Mission(baseline, draw, 0)
        found = {**mission.run(), **dict(records(mission))}
        arrays |= {f"{draw}/{name}": values for name, values in found.items()}
    np.savez(path, **arrays)  # type: ignore[arg-type]  # its names are those of the arrays
    path.with_suffix(".json").write_text(json.dumps(marks()), encoding="utf-8")


def records(mission: Mission) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a mission's records, which are more exact than its outcomes."""
    for name, table in mission.tables.items():
        for column in table.dtype.names or ():
            if table[column].dtype.kind in "biuf":
                yield f"{RECORD}{name}.{column}", table[column]
        if table.dtype.names is None:
            yield RECORD + name, table


def marks() -> dict[str, str]:
    """Return hashes of values whose last bits tell which code a library chose."""
    places = np.linspace(-20.0, 20.0, 200001)
    square = np.sin(np.arange(3600.0)).reshape(60, 60)
    found = {
        "libm": np.array([math.exp(place) for place in places]),
        "numpy": np.exp(places),
        "openblas": square @ square,
    }
    code = f"{os.environ.get('NUMBA_CPU_NAME')} {os.environ.get('NUMBA_CPU_FEATURES')}"  # it obeys, or fails
    return {"rules": code, **{name: hashlib.sha256(values.tobytes()).hexdigest() for name, values in found.items()}}


def done_with(environment: dict[str, str], draws: int, until: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return outcomes and marks of a process of its own with such an environment."""
    model = str(Path(teritwa.__file__).parents[1])
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "runs.npz"
        done = subprocess.run(
            [sys.executable, __file__, str(draws), until, str(path)],
            env={**os.environ, "PYTHONPATH": model, **environment}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        with np.load(path) as arrays:
            return dict(arrays), json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def differences(usual: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    """Return the outcomes that are not the same to the bit, records of the last day among them."""
    unequal: dict[str, list[tuple[Any, Any]]] = {}
    for place, one in usual.items():
        if one.tobytes() != other[place].tobytes():
            unequal.setdefault(place.partition("/")[2], []).append((one, other[place]))
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
        relative=max(float(gap.max() / np.abs(one).max()) for gap, (one, _) in zip(apart, wide, strict=True)),
        total=max(float(abs(two.sum() / one.sum() - 1.0)) for one, two in wide),
    )


def _days(name: str) -> int:
    """Return the days between the values of an outcome; none are known of a record."""
    if name.startswith(RECORD):
        return 0
    return 7 if OUTCOMES[name].dimensions[0] == "week" else 1


def measured(names: list[str], draws: int = DRAWS, until: str = UNTIL) -> dict[str, Measured]:
    """Return what differs without the instructions, for each library alone and for all of them."""
    settings = {name: WITHOUT[name] for name in names}
    settings[TOGETHER] = {name: value for setting in settings.values() for name, value in setting.items()}
    usual, own = done_with({}, draws, until)
    found = {}
    for name, environment in settings.items():
        other, others = done_with(environment, draws, until)
        asked = names if name == TOGETHER else [name]
        found[name] = Measured(differences(usual, other), [one for one in asked if own[one] == others[one]])
    return found


def main(draws: int, until: str) -> None:
    """Print what differs, a line an outcome."""
    for name, found in measured(list(WITHOUT), draws, until).items():
        unheard = f"; {', '.join(found.unheard)} computed as before" if found.unheard else ""
        outcomes = [one for one in found.differences if not one.outcome.startswith(RECORD)]
        print(f"without {name}: {len(outcomes)} of {len(OUTCOMES)} outcomes differ{unheard}")
        for one in found.differences:
            when = "at the end" if one.outcome.startswith(RECORD) else f"from day {one.first_day}"
            print(f"  {one.outcome}: in {one.runs} of {draws} runs {when}, by up to {one.largest:.3g}", end=" ")
            print(f"({one.relative:.1e} of its largest), its sum by {one.total:.1e}")


if __name__ == "__main__":
    given = [*sys.argv[1:3], *(str(DRAWS), UNTIL)[len(sys.argv) - 1 :]]
    if len(sys.argv) > 3:
        write_runs(Path(sys.argv[3]), int(given[0]), given[1])
    else:
        main(int(given[0]), given[1])
