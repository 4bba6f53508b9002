"""Reading the results of runs: one `Result` a scenario, its arrays loaded when they are used."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.errors import InputError
from teritwa.engine.files import as_html, file_digest
from teritwa.engine.formatting import display_unit, format_number
from teritwa.ensemble.writer import MANIFEST, SCHEMA, SERIES, SUMMARY

if TYPE_CHECKING:
    import xarray


class ResultError(InputError):
    """A result is missing, damaged or not comparable; ``problems`` says why and what to do."""


@dataclass(frozen=True)
class Result:
    """The runs of one scenario as they stand in a folder.

    Attributes:
        path: The folder.
        manifest: What the runs are (`teritwa.ensemble.writer`).
        seconds: Time that the runs took, summed over workers (s), if they ran just now.
    """

    path: Path
    manifest: dict[str, Any]
    seconds: float = 0.0

    @property
    def scenario_id(self) -> str:
        """The id of the scenario that ran."""
        return str(self.manifest["scenario"])

    @property
    def title(self) -> str:
        """The scenario's title as its file gives it."""
        return str(self.manifest["title"])

    @property
    def count(self) -> int:
        """The number of runs that finished."""
        return int(self.manifest["completed"])

    @cached_property
    def dataset(self) -> "xarray.Dataset":
        """Every outcome with its coordinates, unit and long name, read as it is used.

        Dimensions are draw and replicate, then those of the outcome: date, week, district,
        contingent, perpetrator, victim.
        """
        import xarray

        return xarray.open_dataset(self.path / SERIES, engine="scipy")

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The draw and replicate of each run that finished, in the order of `runs`."""
        found = np.argwhere(self._completed)
        return tuple((int(draw), int(replicate)) for draw, replicate in found)

    @cached_property
    def dates(self) -> NDArray[np.datetime64]:
        """The days of the daily outcomes."""
        first, last = self.manifest["start"], np.datetime64(self.manifest["end"])
        return np.arange(first, last + 1, dtype="datetime64[D]")

    @cached_property
    def weeks(self) -> NDArray[np.datetime64]:
        """The days of the outcomes by district: day 0, 7, 14 ... and the last one."""
        return self.dataset["week"].values.astype("datetime64[D]")

    @cached_property
    def _completed(self) -> NDArray[np.bool_]:
        """Which runs finished (draw, replicate)."""
        return self.dataset["completed"].values.astype(bool)

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome of the finished runs.

        Args:
            outcome: Its name.

        Returns:
            Array (run, ...) with the outcome's own dimensions, of the type that is stored.

        Raises:
            ResultError: If the result does not hold the outcome.
        """
        if outcome not in self.dataset:
            there = ", ".join(self.manifest["outcomes"]) or "nothing, for no run finished"
            raise ResultError([f"{self.path}: has no outcome {outcome!r}; it has {there}"])
        array = self.dataset[outcome]
        # Where a run is missing, xarray reads integers as floats. The stored type is big-endian.
        stored = np.dtype(array.encoding["dtype"]).newbyteorder("=")
        return array.values[self._completed].astype(stored, copy=False)

    def labels(self, name: str) -> list[str]:
        """Return the texts along a dimension, or of an auxiliary coordinate.

        Args:
            name: Such as ``district``, ``contingent``, ``district_name`` or ``force``.
        """
        return [str(text) for text in self.dataset[name].values]

    def _repr_html_(self) -> str:
        """Show in a notebook the quantiles on the last day, from summary.csv."""
        with (self.path / SUMMARY).open(encoding="utf-8", newline="") as stream:
            last = [row for row in csv.DictReader(stream) if row["date"] == self.manifest["end"]]
        table = []
        for row in last:
            unit, scale = display_unit(row["unit"])
            if "." not in row["outcome"]:
                levels = (
                    format_number(scale * float(row[level])) for level in ("q05", "q50", "q95")
                )
                table.append([row["outcome"], unit, *levels])
        runs = f"{self.count} runs, on {self.manifest['end']}"
        header = ("outcome", "unit", "5 %", "median", "95 %")
        return as_html(f"{self.scenario_id}: {self.title}. {runs}", header, table)

    def metropolitan(self) -> NDArray[np.bool_]:
        """Return which districts lie in the metropolitan area (district)."""
        return self.dataset["metropolitan"].values.astype(bool)


def open_result(path: str | Path) -> Result:
    """Open a result folder.

    Args:
        path: The folder.

    Raises:
        ResultError: Unless every file is there and as it was written.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    problems = []
    for name, digest in manifest["files"].items():
        file = folder / name
        if not file.is_file():
            problems.append(f"{file}: is missing; run the scenario again")
        elif file_digest(file) != digest:
            problems.append(f"{file}: has changed since it was written; run the scenario again")
    if problems:
        raise ResultError(problems)
    return Result(folder, manifest)


def is_result(path: str | Path) -> bool:
    """Return whether a path is a finished result folder, as far as its manifest says."""
    return (Path(path) / MANIFEST).is_file()


def find_results(path: str | Path) -> list[Path]:
    """Return the result folders that a path stands for.

    Args:
        path: A result folder, which stands for itself, or a folder of them.

    Returns:
        The result folders, sorted by name.

    Raises:
        ResultError: If there is none.
    """
    folder = Path(path)
    if is_result(folder):
        return [folder]
    if not folder.exists():
        raise ResultError([f"{folder}: no such folder; make a result with: teritwa run"])
    children = sorted(folder.iterdir()) if folder.is_dir() else []
    results = [child for child in children if is_result(child)]
    if not results:
        missing = f"holds no result ({MANIFEST} is missing)"
        raise ResultError([f"{folder}: {missing}; make one with: teritwa run"])
    return results


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result folder; raise ResultError unless it can be read."""
    find_results(folder)
    path = folder / MANIFEST
    if not path.is_file():
        reason = "is a folder of results, not one result; name one of those within"
        raise ResultError([f"{folder}: {reason}"])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        schema = manifest["schema"]
    except (ValueError, KeyError, TypeError) as error:
        reason = f"cannot be read as a manifest ({error}); run the scenario again"
        raise ResultError([f"{path}: {reason}"]) from None
    if schema != SCHEMA:
        reason = f"has schema {schema}, this version of teritwa reads schema {SCHEMA}"
        raise ResultError([f"{path}: {reason}; run the scenario again"])
    return dict(manifest)


@dataclass(frozen=True, slots=True)
class TownsLost:
    """Districts outside the metropolitan area that gangs gained between two dates.

    Attributes:
        since: The first date.
        until: The last date.
        net: Districts lost less districts regained (run).
        lost: Share of runs in which a district was lost, by district id; only shares above zero,
            the largest first.
        regained: Share of runs in which a district was regained, in the same form.
    """

    since: date
    until: date
    net: NDArray[np.int64]
    lost: dict[str, float]
    regained: dict[str, float]


def towns_lost_since(result: Result, since: date, until: date | None = None) -> TownsLost:
    """Count and name the towns that were lost between two dates.

    Control is stored by the week, so each date means the last stored one not after it.

    Args:
        result: The runs.
        since: The first date.
        until: The last date; None means the last day.

    Raises:
        ResultError: If a date lies outside the result, or the first comes after the last.
    """
    first, last = _weeks_of(result, since, until or date.fromisoformat(result.manifest["end"]))
    outside = ~result.metropolitan()
    held = result.runs("held_by_gangs")[:, [first, last]][:, :, outside] == 1
    lost, regained = held[:, 1] & ~held[:, 0], held[:, 0] & ~held[:, 1]
    towns = np.asarray(result.labels("district"))[outside]
    return TownsLost(
        result.weeks[first].item(),
        result.weeks[last].item(),
        lost.sum(axis=1) - regained.sum(axis=1),
        _largest_first(towns, lost.mean(axis=0)),
        _largest_first(towns, regained.mean(axis=0)),
    )


def _weeks_of(result: Result, since: date, until: date) -> tuple[int, int]:
    """Return the positions of the weeks of two dates; raise ResultError unless it has both."""
    weeks, days = result.weeks, (np.datetime64(since), np.datetime64(until))
    first, last = (int(np.searchsorted(weeks, day, side="right")) - 1 for day in days)
    if first < 0 or first > last or days[1] > result.dates[-1]:
        there = f"it has {weeks[0]} to {weeks[-1]}"
        raise ResultError([f"{result.path}: no towns to count from {since} to {until}; {there}"])
    return first, last


def _largest_first(names: NDArray[np.str_], shares: NDArray[np.float64]) -> dict[str, float]:
    """Return the shares above zero by name, the largest first."""
    order = np.argsort(-shares, kind="stable")
    return {str(names[i]): float(shares[i]) for i in order if shares[i] > 0}
