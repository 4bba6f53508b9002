"""Reading the results of runs: one `Result` a scenario, its arrays loaded when they are used."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from teritwa.engine.columns import IDENTITY
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_html, file_digest
from teritwa.engine.formatting import display_unit, format_number
from teritwa.ensemble.manifest import (
    DESIGN,
    FAILURES,
    FILES,
    MANIFEST,
    SERIES,
    SUMMARY,
    read_manifest,
    run_identity,
)
from teritwa.ensemble.series_file import SeriesFile

if TYPE_CHECKING:
    import xarray


class ResultError(InputError):
    """A result is missing, damaged or not comparable; ``problems`` says why and what to do."""


def no_link(folder: Path) -> Path:
    """Return a folder that the program names itself, below one that the user named.

    Raises:
        ResultError: If it is a link: in a result of somebody else it may lead anywhere.
    """
    if folder.is_symlink():
        raise ResultError([f"{folder}: is a link; remove it, or name another folder by --out"])
    return folder


@dataclass(frozen=True)
class Result:
    """The runs of one scenario as they stand in a folder.

    Attributes:
        path: The folder.
        manifest: What the runs are (`teritwa.ensemble.manifest`).
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

    @property
    def figures(self) -> Path:
        """The folder of its figures.

        Raises:
            ResultError: If it is a link, which may lead out of the result.
        """
        return no_link(self.path / "figures")

    @cached_property
    def dataset(self) -> "xarray.Dataset":
        """Every outcome with its coordinates, unit and long name, read as it is used.

        Dimensions are draw and replicate, then those of the outcome: date, week, district,
        contingent, perpetrator, victim.
        """
        import xarray

        return xarray.open_dataset(self.path / SERIES, engine="netcdf4")

    @cached_property
    def series(self) -> SeriesFile:
        """The same file as it is stored."""
        return SeriesFile(self.path / SERIES)

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
        return self.series.days("week")

    @cached_property
    def _completed(self) -> NDArray[np.bool_]:
        """Which runs finished (draw, replicate)."""
        return self.series.values("completed").astype(bool)

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome of the finished runs.

        Args:
            outcome: Its name.

        Returns:
            Array (run, ...) with the outcome's own dimensions, of the type that is stored.

        Raises:
            ResultError: If the result does not hold the outcome.
        """
        if outcome not in self.manifest["outcomes"]:
            there = ", ".join(self.manifest["outcomes"]) or "nothing, for no run finished"
            raise ResultError([f"{self.path}: has no outcome {outcome!r}; it has {there}"])
        values = self.series.values(outcome)
        if self._completed.all():
            return values.reshape(-1, *values.shape[2:])
        return values[self._completed]

    def labels(self, name: str) -> list[str]:
        """Return the texts along a dimension, or of an auxiliary coordinate.

        Args:
            name: Such as ``district``, ``contingent``, ``district_name`` or ``force``.
        """
        return self.series.texts(name)

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
        return self.series.values("metropolitan").astype(bool)


def open_result(path: str | Path) -> Result:
    """Open a result folder.

    Damage and mix-ups are found by the hashes of `teritwa.ensemble.manifest`. Ids that become parts
    of file names are checked here, so that no result can lead out of the folder that a user names.

    Args:
        path: The folder.

    Raises:
        ResultError: Unless every file is there and as it was written, and of the same runs.
    """
    folder = Path(path)
    result = Result(folder, _manifest_of(folder))
    problems = [
        f"{folder / name}: {problem}; run the scenario again"
        for name, digest in sorted(result.manifest["files"].items())
        if (problem := _file_problem(folder / name, digest))
    ]
    if not problems and (problem := _series_problem(result)):
        problems = [f"{folder / SERIES}: {problem}; run the scenario again"]
    if problems:
        raise ResultError(problems)
    return result


def _file_problem(path: Path, digest: str) -> str:
    """Return why a file is not as it was written; an empty text if it is."""
    if not path.is_file():
        return "is missing"
    try:
        return "" if file_digest(path) == digest else "has changed since it was written"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _series_problem(result: Result) -> str:
    """Return why a series is not that of a result; an empty text if it is."""
    manifest = result.manifest
    try:
        attributes = result.series.attributes()
        districts = result.labels("district") if "district" in result.series else []
    except Exception as error:  # damaged bytes make the library raise anything
        return f"cannot be read as netCDF ({type(error).__name__})"
    if attributes.get("identity") != run_identity(manifest, manifest["files"][DESIGN]):
        found = (str(attributes.get(key, "none"))[:64] for key in ("scenario", "seed"))
        scenario, seed = map(repr, found)
        ours = f"{manifest['scenario']!r}, seed {manifest['seed']}"
        return f"is of other runs (scenario {scenario}, seed {seed}) than its manifest ({ours})"
    wrong = [name for name in districts if not IDENTITY.fullmatch(name)]
    return f"the district {wrong[0][:64]!r} has no plain id" if wrong else ""


def shipped_world(result: Result) -> Path | None:
    """Return the folder of the shipped world with the tables that ran; None if there is none."""
    from teritwa.ensemble.run_set import tables_digest
    from teritwa.scenario.inherit import shipped_folder

    ran = result.manifest["world"]["digest"]
    folders = sorted((shipped_folder() / "worlds").glob("*/"))
    return next((folder for folder in folders if tables_digest(folder) == ran), None)


def check_finished(results: Iterable[Result]) -> None:
    """Raise ResultError if a result has no finished run, so that there is nothing to read."""
    causes = f"no run finished; {FAILURES} says why; mend that and run the scenario again"
    problems = [f"{result.path}: {causes}" for result in results if result.count == 0]
    if problems:
        raise ResultError(problems)


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


def find_incomplete(path: str | Path) -> list[Path]:
    """Return the folders in a folder of results that hold files of a result but no manifest."""
    folder = Path(path)
    if is_result(folder):
        return []
    return [
        child
        for child in sorted(folder.iterdir())
        if not is_result(child) and any((child / name).is_file() for name in FILES)
    ]


def _manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result folder; raise ResultError unless it can be read."""
    find_results(folder)
    path = folder / MANIFEST
    if not path.is_file():
        reason = "is a folder of results, not one result; name one of those within"
        raise ResultError([f"{folder}: {reason}"])
    try:
        return read_manifest(path)
    except ValueError as error:
        raise ResultError([f"{path}: {error}; run the scenario again"]) from None
