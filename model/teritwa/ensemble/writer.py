"""Writing one scenario's runs as a result folder: whole files, the same bytes for the same runs.

The folder holds ``scenario.yaml`` (as given), ``resolved.yaml`` (each value with its origin),
``design.csv``, ``series.nc``, ``summary.csv``, ``failures.csv`` and, written last,
``manifest.json`` with the hash of each of them (`teritwa.ensemble.manifest`). Nothing in it depends
on the clock, the machine or the number of workers.
"""

import hashlib
import importlib.metadata
import platform
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teritwa.engine.files import as_csv, drop_temporary, file_digest, write_text, write_whole
from teritwa.ensemble.local_executor import extension_paths
from teritwa.ensemble.manifest import (
    DESIGN,
    MANIFEST,
    SCHEMA,
    SERIES,
    SUMMARY,
    run_identity,
    seal_manifest,
)
from teritwa.ensemble.netcdf import open_series, write_series
from teritwa.ensemble.result import no_link
from teritwa.ensemble.run_set import RunSet
from teritwa.ensemble.summary import HEADER, summarise

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

PACKAGES = ("matplotlib", "mesa", "netCDF4", "numba", "numpy", "pandas", "scipy", "xarray")
"""Packages whose versions the manifest has."""

FIGURE_SUFFIXES = {".png", ".svg", ".gif", ".csv"}
"""Suffixes of figures and of their data: those of earlier runs are deleted."""

REPLAY_COMMAND = "teritwa run resolved.yaml --out .. --only {draw}.{replicate}"
"""Does one failed run again, from within the result folder."""

Table = tuple[list[str], list[list[object]]]
"""Header and rows of a CSV file."""


def write_result(run_set: RunSet, out: Path) -> Path:
    """Write the runs of one scenario to ``out/<scenario id>``.

    The manifest of an earlier result there is deleted first and written last, so that a folder
    with a manifest is whole.

    Args:
        run_set: The runs.
        out: Folder of results.

    Returns:
        The result folder.

    Raises:
        OSError: With the file's name, if the disk is full or may not be written.
        ResultError: If the folder or that of its figures is a link.
    """
    folder = no_link(out / run_set.scenario.id)
    folder.mkdir(parents=True, exist_ok=True)
    _remove_earlier(folder)
    about, texts = _about(run_set), _texts(run_set, folder)
    attributes = _attributes(about, hashlib.sha256(texts[DESIGN].encode()).hexdigest())
    write_whole(folder / SERIES, lambda path: write_series(run_set, path, attributes))
    texts[SUMMARY] = _summary(run_set, folder / SERIES)
    for name, text in texts.items():
        write_text(folder / name, text)
    digests = {name: file_digest(folder / name) for name in [*texts, SERIES]}
    manifest = {**about, **_versions(), **_extensions(), "files": digests}
    write_text(folder / MANIFEST, seal_manifest(manifest))
    return folder


def _remove_earlier(folder: Path) -> None:
    """Delete what was half written, the manifest and the figures of an earlier result."""
    figures = no_link(folder / "figures")
    drop_temporary(folder)
    (folder / MANIFEST).unlink(missing_ok=True)
    drop_temporary(figures)
    for path in figures.glob("*"):
        if path.suffix in FIGURE_SUFFIXES:
            path.unlink()


def _texts(run_set: RunSet, folder: Path) -> dict[str, str]:
    """Return the texts of a result by file name, all but the summary of its series."""
    # A path to another world in the resolved scenario leads from the result folder.
    scenario = replace(run_set.scenario, folder=folder.resolve())
    return {
        "scenario.yaml": scenario.given,
        "resolved.yaml": scenario.resolved(),
        DESIGN: as_csv(*_design(run_set)),
        "failures.csv": as_csv(*_failures(run_set)),
    }


def _summary(run_set: RunSet, series: Path) -> str:
    """Return the text of the summary of a series."""
    with open_series(series) as arrays:
        return as_csv(HEADER, summarise(arrays, run_set.coordinates, run_set.completed))


def _design(run_set: RunSet) -> Table:
    """Return a row a run with the values drawn for it: a column an uncertain parameter.

    Where a past is known its months have columns too, so that the table replays it elsewhere.
    """
    uncertain, months = run_set.scenario.uncertain, _months(run_set.scenario, 0)
    draws, replicates = run_set.completed.shape
    rows: list[list[object]] = []
    for draw in range(draws):
        values = run_set.scenario.parameters(draw)
        drawn = [repr(+values[name]) for name in uncertain]  # a switch is 0 or 1
        drawn += map(repr, _months(run_set.scenario, draw).values())
        rows += [[draw, replicate, *drawn] for replicate in range(replicates)]
    return ["draw", "replicate", *uncertain, *months], rows


def _months(scenario: "Scenario", draw: int) -> dict[str, float]:
    """Return the numbers of the months of a draw by column; none where no past is known."""
    history = scenario.history_of(draw)
    return history.columns() if history else {}


def _failures(run_set: RunSet) -> Table:
    """Return a row a missing run, with its cause and the command that runs it again."""
    extensions = "".join(f" --with {shlex.quote(path)}" for path in extension_paths())
    rows: list[list[object]] = []
    for run in run_set.missing_runs():
        command = REPLAY_COMMAND.format(draw=run.draw, replicate=run.replicate) + extensions
        rows.append([run.draw, run.replicate, run.cause, command])
    return ["draw", "replicate", "cause", "replay"], rows


def _versions() -> dict[str, Any]:
    """Return the schema and the versions in the manifest."""
    return {
        "schema": SCHEMA,
        "teritwa": package_version(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _extensions() -> dict[str, Any]:
    """Return the SHA-256 of each extension for the manifest, which has none without extensions."""
    from teritwa.simulation.extensions import digests

    return {"extensions": digests()} if digests() else {}


def _attributes(about: Mapping[str, Any], design: str) -> dict[str, str]:
    """Return the attributes of a series, by which it is known again.

    Args:
        about: What ran, as the manifest has it.
        design: The SHA-256 of ``design.csv``.
    """
    return {
        "title": about["title"],
        "scenario": about["scenario"],
        "source": f"teritwa {package_version()}",
        "seed": str(about["seed"]),
        "inputs": about["digest"],
        "world": about["world"]["name"],
        "world_digest": about["world"]["digest"],
        "model": about["model"],
        "identity": run_identity(about, design),
    }


def _about(run_set: RunSet) -> dict[str, Any]:
    """Return what ran, for the manifest."""
    from teritwa.simulation.model import model_digest

    scenario = run_set.scenario
    completed = int(run_set.completed.sum())
    history = scenario.history_of(0)
    known = {"origin": history.origin.isoformat()} if history else {}
    return {
        **known,
        "scenario": scenario.id,
        "title": scenario.title,
        "question": scenario.question,
        "compare_with": scenario.compare_with,
        "digest": scenario.digest(),
        "model": model_digest(),
        "world": dict(run_set.coordinates.world),
        "posterior": scenario.posterior.sha256 if scenario.posterior else "",
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        "seed": scenario.seed,
        "draws": run_set.completed.shape[0],
        "replicates": run_set.completed.shape[1],
        "completed": completed,
        "failed": run_set.completed.size - completed,
        "outcomes": run_set.outcome_names,
        "events": _events(scenario),
    }


def _events(scenario: "Scenario") -> list[dict[str, str]]:
    """Return the dated events for figures: earliest date, id, kind of action, and a label."""
    kinds = {event.id: type(event.action).__name__.lower() for event in scenario.events}
    return [
        {"date": day.isoformat(), "id": event, "kind": kinds[event], "label": label}
        for day, event, label in scenario.calendar()
    ]


def package_version() -> str:
    """Return the version of the installed package, or say that it runs from its sources."""
    try:
        return importlib.metadata.version("teritwa")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
