"""Reading what runs left behind: one `Result` a scenario, its arrays loaded when asked for."""

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
from teritwa.engine.formatting import legible, reading
from teritwa.ensemble.writer import MANIFEST, SCHEMA, SERIES, SUMMARY
from teritwa.rules.registry import OUTCOMES
from teritwa.world import HELD

if TYPE_CHECKING:
    import xarray


class ResultError(InputError):
    """A result is missing, damaged or not comparable; ``problems`` says what is wrong and what to do."""


@dataclass(frozen=True)
class Result:
    """The runs of one scenario as they stand in a folder.

    ``manifest`` says what they are (see `teritwa.ensemble.writer`); ``dataset`` has every outcome with its axes, unit
    and long name (dimensions draw, replicate, then date, week, district, contingent, perpetrator, victim).
    """

    path: Path
    manifest: dict[str, Any]
    seconds: float = 0.0
    """What its runs took to compute, summed over workers, if they ran just now."""

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
        """How many runs finished."""
        return int(self.manifest["completed"])

    @cached_property
    def dataset(self) -> "xarray.Dataset":
        """The arrays, read from the disk as they are used."""
        import xarray

        return xarray.open_dataset(self.path / SERIES, engine="scipy")

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The (draw, replicate) of each run that finished, in the order of `runs`."""
        return tuple((int(draw), int(replicate)) for draw, replicate in np.argwhere(self._completed))

    @cached_property
    def dates(self) -> NDArray[np.datetime64]:
        """The days of the daily outcomes."""
        return np.arange(self.manifest["start"], np.datetime64(self.manifest["end"]) + 1, dtype="datetime64[D]")

    @cached_property
    def weeks(self) -> NDArray[np.datetime64]:
        """The days of the outcomes by place: day 0, 7, 14 ... and the last one."""
        return self.dataset["week"].values.astype("datetime64[D]")

    @cached_property
    def _completed(self) -> NDArray[np.bool_]:
        return self.dataset["completed"].values.astype(bool)

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome of the finished runs, (run, ...) with the outcome's own dimensions and type.

        Raise ResultError if the result does not hold it.
        """
        if outcome not in self.dataset:
            there = ", ".join(self.manifest["outcomes"]) or "nothing, for no run finished"
            raise ResultError([f"{self.path}: has no outcome {outcome!r}; it has {there}"])
        return self.dataset[outcome].values[self._completed].astype(OUTCOMES[outcome].stored, copy=False)

    def labels(self, name: str) -> list[str]:
        """Return the texts along an axis (district, contingent) or of a fact about it (district_name)."""
        return [str(text) for text in self.dataset[name].values]

    def _repr_html_(self) -> str:
        """Show in a notebook what the runs say on their last day, from summary.csv."""
        with (self.path / SUMMARY).open(encoding="utf-8", newline="") as stream:
            last = [row for row in csv.DictReader(stream) if row["date"] == self.manifest["end"]]
        table = []
        for row in last:
            words, scale = reading(row["unit"])
            if "." not in row["outcome"]:
                levels = (legible(scale * float(row[level])) for level in ("q05", "q50", "q95"))
                table.append([row["outcome"], words, *levels])
        caption = f"{self.scenario_id}: {self.title}. {self.count} runs, on {self.manifest['end']}"
        return as_html(caption, ("outcome", "unit", "5 %", "median", "95 %"), table)

    def metropolitan(self) -> NDArray[np.bool_]:
        """Return which districts lie in the metropolitan area."""
        return self.dataset["metropolitan"].values.astype(bool)


def open_result(path: str | Path) -> Result:
    """Open a result folder; raise ResultError unless every file is there and as it was written."""
    folder = Path(path)
    manifest = _manifest(folder)
    problems = []
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file():
            problems.append(f"{folder / name}: is missing; run the scenario again")
        elif file_digest(folder / name) != digest:
            problems.append(f"{folder / name}: has changed since it was written; run the scenario again")
    if problems:
        raise ResultError(problems)
    return Result(folder, manifest)


def is_result(path: str | Path) -> bool:
    """Whether a path is a finished result folder, as far as its manifest tells."""
    return (Path(path) / MANIFEST).is_file()


def find_results(path: str | Path) -> list[Path]:
    """Return the result folders that a path stands for: itself, or those directly within it, by name.

    Raise ResultError if there is none.
    """
    folder = Path(path)
    if is_result(folder):
        return [folder]
    if not folder.exists():
        raise ResultError([f"{folder}: no such folder; make a result with: teritwa run"])
    inside = sorted(child for child in folder.iterdir() if is_result(child)) if folder.is_dir() else []
    if not inside:
        raise ResultError([f"{folder}: holds no result ({MANIFEST} is missing); make one with: teritwa run"])
    return inside


def _manifest(folder: Path) -> dict[str, Any]:
    find_results(folder)
    path = folder / MANIFEST
    if not path.is_file():
        raise ResultError([f"{folder}: is a folder of results, not one result; name one of those within"])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        schema = manifest["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise ResultError([f"{path}: cannot be read as a manifest ({error}); run the scenario again"]) from None
    if schema != SCHEMA:
        raise ResultError([f"{path}: has form {schema}, this version of teritwa reads form {SCHEMA}"])
    return dict(manifest)


@dataclass(frozen=True, slots=True)
class TownsLost:
    """Districts outside the metropolitan area that gangs hold at one date and did not hold at an earlier one.

    ``net`` has, for each run, those lost less those regained; ``lost`` and ``regained`` have the share of
    runs by district id, only districts with a share above zero, the likeliest first.
    """

    since: date
    until: date
    net: NDArray[np.int64]
    lost: dict[str, float]
    regained: dict[str, float]


def towns_lost_since(result: Result, since: date, until: date | None = None) -> TownsLost:
    """Count and name the towns lost between two dates (until: None means the last day).

    Control is stored by the week, so each date means the last stored one not after it. Raise ResultError if
    the dates lie outside the result or are the wrong way round.
    """
    end = until or date.fromisoformat(result.manifest["end"])
    weeks = result.weeks
    first, last = (int(np.searchsorted(weeks, np.datetime64(day), side="right")) - 1 for day in (since, end))
    if first < 0 or first > last or np.datetime64(end) > result.dates[-1]:
        raise ResultError([f"{result.path}: no towns to count from {since} to {end}; it has {weeks[0]} to {weeks[-1]}"])
    outside = ~result.metropolitan()
    held = result.runs("gang_influence")[:, [first, last]][:, :, outside] >= HELD
    lost, regained = held[:, 1] & ~held[:, 0], held[:, 0] & ~held[:, 1]
    towns = np.asarray(result.labels("district"))[outside]
    return TownsLost(
        weeks[first].item(),
        weeks[last].item(),
        lost.sum(axis=1) - regained.sum(axis=1),
        _likeliest(towns, lost.mean(axis=0)),
        _likeliest(towns, regained.mean(axis=0)),
    )


def _likeliest(names: NDArray[np.str_], shares: NDArray[np.float64]) -> dict[str, float]:
    order = np.argsort(-shares, kind="stable")
    return {str(names[i]): float(shares[i]) for i in order if shares[i] > 0}
