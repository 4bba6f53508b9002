"""Writing one scenario's runs as a result folder: whole files or none, and the same bytes for the same runs.

The folder holds ``scenario.yaml`` (as given), ``resolved.yaml`` (each value with its origin), ``design.csv``,
``series.nc``, ``summary.csv``, ``failures.csv`` and, written last, ``manifest.json`` with the hash of each of
them. Nothing in it depends on the clock, the machine or the number of workers.
"""

import csv
import hashlib
import importlib.metadata
import io
import json
import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.outcomes import MANDATES, OUTCOMES
from teritwa.summary import HEADER, summarise

if TYPE_CHECKING:
    import xarray

    from teritwa.scenario import Scenario

SCHEMA = 1
"""The form of a result folder; a reader refuses another number."""

MANIFEST = "manifest.json"
SERIES = "series.nc"
DRAWN = {".png", ".svg", ".csv"}
"""Endings of pictures and of their numbers: those of earlier runs go when new runs are written."""

REPLAY = (
    'python -c "from teritwa.scenario import load; from teritwa.mission import Mission; '
    "Mission(load('resolved.yaml'), draw={draw}, repeat={repeat}).run()\""
)
"""Runs one failed run again, from within the result folder, with its whole traceback."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that did not finish, and why, in one line."""

    draw: int
    repeat: int
    cause: str


@dataclass(frozen=True, slots=True)
class Axes:
    """What stands along the axes of a scenario's outcomes.

    ``along`` has the values of each axis by name (date, week, district, contingent, perpetrator, victim);
    ``about`` has what is known of each district (name, metropolitan, residents_2015) and contingent (force),
    as ``{name: (axis, values, meaning)}``; ``world`` is the world's name and the hash of its tables.
    """

    along: Mapping[str, Sequence[Any]]
    about: Mapping[str, tuple[str, Sequence[Any], str]]
    world: Mapping[str, str]


@dataclass(slots=True)
class Runs:
    """The runs of one scenario: arrays (draw, repeat, ...) by outcome, and which runs they hold.

    The place of a run that failed keeps the type's missing value: not a number, or the lowest integer.
    """

    scenario: "Scenario"
    axes: Axes
    completed: NDArray[np.bool_]
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    """What the runs took to compute, summed over workers; told to the user, never stored."""

    def keep(self, draw: int, repeat: int, outcomes: Mapping[str, NDArray[Any]]) -> None:
        """Store the arrays of one finished run."""
        for name, values in outcomes.items():
            if name not in self.arrays:
                kind = np.dtype(OUTCOMES[name].stored)
                self.arrays[name] = np.full((*self.completed.shape, *values.shape), missing(kind), kind)
            self.arrays[name][draw, repeat] = values
        self.completed[draw, repeat] = True

    def missing_runs(self) -> list[Failure]:
        """Every run that is not there, in order; one without a cause never ran."""
        causes = {(failure.draw, failure.repeat): failure for failure in self.failures}
        absent = [(int(draw), int(repeat)) for draw, repeat in np.argwhere(~self.completed)]
        return [causes.get(run, Failure(*run, "interrupted before it ran")) for run in absent]


def missing(kind: np.dtype[Any]) -> float | int:
    """What stands for a value that is not there, in a stored type."""
    return float("nan") if kind.kind == "f" else int(np.iinfo(kind).min)


def write(runs: Runs, out: Path) -> Path:
    """Write the runs of one scenario to ``out/<scenario id>`` and return that folder.

    The manifest of an earlier result there goes first and comes last, so that a folder with a manifest is
    whole.
    """
    folder = out / runs.scenario.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    for drawn in (folder / "figures").glob("*"):
        if drawn.suffix in DRAWN:
            drawn.unlink()
    texts = {
        "scenario.yaml": runs.scenario.given,
        "resolved.yaml": _resolved(runs.scenario, folder),
        "design.csv": as_csv(*_design(runs)),
        "summary.csv": as_csv(HEADER, summarise(runs.arrays, runs.axes.along, runs.axes.about, runs.completed)),
        "failures.csv": as_csv(*_failures(runs)),
    }
    for name, text in texts.items():
        write_text(folder / name, text)
    series = _dataset(runs)
    write_whole(folder / SERIES, lambda path: series.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT"))
    files = {name: file_digest(folder / name) for name in sorted([*texts, SERIES])}
    write_text(folder / MANIFEST, json.dumps(_manifest(runs, files), indent=2, sort_keys=True) + "\n")
    return folder


def write_whole(path: Path, writer: Callable[[Path], object]) -> None:
    """Let ``writer`` fill a temporary file beside ``path``, flush it to the disk, then give it its name."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        writer(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, in UTF-8 with the line ends as given."""
    write_whole(path, lambda temporary: temporary.write_bytes(text.encode()))


def as_csv(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Put a table into CSV text with line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _resolved(scenario: "Scenario", folder: Path) -> str:
    """The resolved scenario as a file of its new folder: a path to another world leads from there."""
    return replace(scenario, folder=folder.resolve()).resolved()


def _design(runs: Runs) -> tuple[list[str], list[list[object]]]:
    """Each run with the values drawn for it: one row a run, one column an uncertain parameter."""
    uncertain = runs.scenario.uncertain
    rows = []
    for draw in range(runs.completed.shape[0]):
        values = runs.scenario.parameters(draw)
        drawn = [repr(values[name]) for name in uncertain]
        rows += [[draw, repeat, *drawn] for repeat in range(runs.completed.shape[1])]
    return ["draw", "repeat", *uncertain], rows


def _failures(runs: Runs) -> tuple[list[str], list[list[object]]]:
    """The runs that are not there, each with its cause and what runs it again in this folder."""
    rows: list[list[object]] = [
        [gone.draw, gone.repeat, gone.cause, REPLAY.format(draw=gone.draw, repeat=gone.repeat)]
        for gone in runs.missing_runs()
    ]
    return ["draw", "repeat", "cause", "replay"], rows


def _dataset(runs: Runs) -> "xarray.Dataset":
    """Assemble the labelled arrays with CF attributes."""
    import xarray

    variables = {name: _variable(name, values, runs) for name, values in sorted(runs.arrays.items())}
    variables["completed"] = xarray.Variable(
        ("draw", "repeat"),
        runs.completed.astype("i1"),
        {"long_name": "whether the run finished", "units": "1"},
    )
    scenario = runs.scenario
    return xarray.Dataset(
        variables,
        _coordinates(runs),
        {
            "Conventions": "CF-1.11",
            "title": scenario.title,
            "scenario": scenario.id,
            "source": f"teritwa {version()}",
            "seed": str(scenario.seed),
        },
    )


def _variable(name: str, values: NDArray[Any], runs: Runs) -> "xarray.Variable":
    import xarray

    outcome = OUTCOMES[name]
    attributes: dict[str, Any] = {"long_name": outcome.meaning, "units": outcome.unit}
    if name == "mandate":
        attributes["flag_values"] = np.arange(len(MANDATES), dtype="i1")
        attributes["flag_meanings"] = " ".join(words.replace(" ", "_") for words in MANDATES)
    variable = xarray.Variable(("draw", "repeat", *outcome.dimensions), values, attributes)
    if not runs.completed.all() and values.dtype.kind == "i":
        variable.encoding["_FillValue"] = missing(values.dtype)
    return variable


def _coordinates(runs: Runs) -> dict[str, Any]:
    used = {axis for name in runs.arrays for axis in OUTCOMES[name].dimensions}
    found: dict[str, Any] = {
        "draw": (
            "draw",
            np.arange(runs.completed.shape[0]),
            {"long_name": "draw of the uncertain parameters"},
        ),
        "repeat": (
            "repeat",
            np.arange(runs.completed.shape[1]),
            {"long_name": "random history under a draw"},
        ),
    }
    for axis, values in runs.axes.along.items():
        if axis in used:
            days = np.asarray(values, "datetime64[ns]") if axis in {"date", "week"} else np.asarray(values)
            found[axis] = (axis, days, {"long_name": axis})
    for name, (axis, values, meaning) in runs.axes.about.items():
        if axis in used:
            found[name] = (axis, np.asarray(values), {"long_name": meaning})
    return found


def _manifest(runs: Runs, files: Mapping[str, str]) -> dict[str, Any]:
    scenario = runs.scenario
    completed = int(runs.completed.sum())
    return {
        "schema": SCHEMA,
        "teritwa": version(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in ("mesa", "numba", "numpy", "scipy", "xarray")},
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "compare_with": scenario.compare_with,
        "digest": scenario.digest(),
        "world": dict(runs.axes.world),
        "posterior": scenario.posterior.sha256 if scenario.posterior else "",
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        "seed": scenario.seed,
        "draws": runs.completed.shape[0],
        "repeats": runs.completed.shape[1],
        "completed": completed,
        "failed": runs.completed.size - completed,
        "outcomes": sorted(runs.arrays),
        "events": _events(scenario),
        "files": dict(files),
    }


def _events(scenario: "Scenario") -> list[dict[str, str]]:
    """The dated events of a scenario, for pictures: when (at the earliest), which, what kind, a few words."""
    kinds = {event.id: type(event.action).__name__.lower() for event in scenario.events}
    return [
        {"date": day.isoformat(), "id": event, "kind": kinds[event], "label": label}
        for day, event, label in scenario.calendar()
    ]


def version() -> str:
    """Return the version of the package that is installed, or say that it runs from its sources."""
    try:
        return importlib.metadata.version("teritwa")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
