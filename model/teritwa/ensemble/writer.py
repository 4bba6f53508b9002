"""Writing one scenario's runs as a result folder: whole files or none, and the same bytes for the same book.

The folder holds ``scenario.yaml`` (as given), ``resolved.yaml`` (each value with its origin), ``design.csv``,
``series.nc``, ``summary.csv``, ``failures.csv`` and, written last, ``manifest.json`` with the hash of each of
them. Nothing in it depends on the clock, the machine or the number of workers.
"""

import importlib.metadata
import json
import platform
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teritwa.engine.files import as_csv, drop_temporary, file_digest, write_text, write_whole
from teritwa.ensemble.netcdf import pack, stored
from teritwa.ensemble.run_set import Book
from teritwa.ensemble.summary import HEADER, summarise

if TYPE_CHECKING:
    from teritwa.scenario import Scenario

SCHEMA = 1
"""The form of a result folder; a reader refuses another number."""

MANIFEST = "manifest.json"
SERIES = "series.nc"
SUMMARY = "summary.csv"
DRAWN = {".png", ".svg", ".gif", ".csv"}
"""Endings of pictures and of their numbers: those of earlier runs go when new runs are written."""

REPLAY = "teritwa run resolved.yaml --out .. --only {draw}.{replicate}"
"""Does one failed run again, from within the result folder."""


def write(book: Book, out: Path) -> Path:
    """Write the runs of one scenario to ``out/<scenario id>`` and return that folder.

    The manifest of an earlier result there goes first and comes last, so that a folder with a manifest is
    whole. Raise OSError, with the file's name, if the disk is full or may not be written.
    """
    folder = out / book.scenario.id
    folder.mkdir(parents=True, exist_ok=True)
    figures = folder / "figures"
    for place in (folder, figures):
        drop_temporary(place)
    (folder / MANIFEST).unlink(missing_ok=True)
    for drawn in figures.glob("*"):
        if drawn.suffix in DRAWN:
            drawn.unlink()
    write_whole(folder / SERIES, lambda path: pack(book, path, f"teritwa {version()}"))
    with stored(folder / SERIES) as arrays:
        summary = as_csv(HEADER, summarise(arrays, book.axes.along, book.axes.about, book.completed))
    texts = {
        "scenario.yaml": book.scenario.given,
        "resolved.yaml": _resolved(book.scenario, folder),
        "design.csv": as_csv(*_design(book)),
        SUMMARY: summary,
        "failures.csv": as_csv(*_failures(book)),
    }
    for name, text in texts.items():
        write_text(folder / name, text)
    files = {name: file_digest(folder / name) for name in sorted([*texts, SERIES])}
    write_text(folder / MANIFEST, json.dumps(_manifest(book, files), indent=2, sort_keys=True) + "\n")
    return folder


def _resolved(scenario: "Scenario", folder: Path) -> str:
    """The resolved scenario as a file of its new folder: a path to another world leads from there."""
    return replace(scenario, folder=folder.resolve()).resolved()


def _design(book: Book) -> tuple[list[str], list[list[object]]]:
    """Each run with the values drawn for it: one row a run, one column an uncertain parameter."""
    uncertain = book.scenario.uncertain
    rows = []
    for draw in range(book.completed.shape[0]):
        values = book.scenario.parameters(draw)
        drawn = [repr(values[name]) for name in uncertain]
        rows += [[draw, replicate, *drawn] for replicate in range(book.completed.shape[1])]
    return ["draw", "replicate", *uncertain], rows


def _failures(book: Book) -> tuple[list[str], list[list[object]]]:
    """The runs that are not there, each with its cause and what runs it again in this folder."""
    rows: list[list[object]] = [
        [gone.draw, gone.replicate, gone.cause, REPLAY.format(draw=gone.draw, replicate=gone.replicate)]
        for gone in book.missing_runs()
    ]
    return ["draw", "replicate", "cause", "replay"], rows


def _manifest(book: Book, files: Mapping[str, str]) -> dict[str, Any]:
    scenario = book.scenario
    completed = int(book.completed.sum())
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
        "world": dict(book.axes.world),
        "posterior": scenario.posterior.sha256 if scenario.posterior else "",
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        "seed": scenario.seed,
        "draws": book.completed.shape[0],
        "replicates": book.completed.shape[1],
        "completed": completed,
        "failed": book.completed.size - completed,
        "outcomes": book.outcomes,
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
