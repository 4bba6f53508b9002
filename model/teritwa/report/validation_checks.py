"""How far to trust it: which counts of 2024 the runs hold, and what the validation that ships found."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from teritwa.analysis.calibration.tables import blurred
from teritwa.analysis.calibration.targets import Run, Target, needed, targets
from teritwa.ensemble.result import Result
from teritwa.pictures.prediction import HEADS
from teritwa.report.verdicts import joined
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario.inherit import shipped_folder

Record = Mapping[str, str]

ALL = "all"
"""The row of the scores that sums up all outcomes."""


@dataclass(frozen=True, slots=True)
class Count:
    """One published count of 2024 beside the same quantity in runs, ready to be read.

    ``inside`` says whether it lies in the 90 % band of the runs, ``with_error`` whether in that of the runs with the
    count's own error added.
    """

    name: str
    published: str
    median: str
    band: str
    inside: bool
    with_error: bool


def counts(result: Result) -> list[Count]:
    """Return each count of 2024 that falls wholly into a result on Haiti, beside its runs; none for another world."""
    if not _on_haiti(result):
        return []
    start, end = (date.fromisoformat(str(result.manifest[key])) for key in ("start", "end"))
    chosen = [target for target in targets() if start <= target.start and target.end <= end]
    there = {name for name in needed(chosen) if name in result.dataset}
    chosen = [target for target in chosen if set(needed([target])) <= there]
    arrays = {name: result.runs(name) for name in sorted(there)}
    inside = result.metropolitan()
    runs = [Run({name: values[i] for name, values in arrays.items()}, start, inside) for i in range(result.count)]
    return [_count(target, np.array([run.read(target) for run in runs])) for target in chosen]


def _count(target: Target, simulated: np.ndarray) -> Count:
    low, median, high = (float(level) for level in np.quantile(simulated, [0.05, 0.5, 0.95]))
    wide = target.at(np.quantile(blurred(target, target.distance(simulated)), [0.05, 0.95]))
    published = _written(target, target.observed)
    if target.low < target.high:
        published += f" ({_written(target, target.low)} to {_written(target, target.high)})"
    return Count(
        target.name,
        published,
        _written(target, median),
        f"{_written(target, low)} to {_written(target, high)}",
        low <= target.observed <= high,
        bool(wide[0] <= target.observed <= wide[1]),
    )


def _written(target: Target, value: float) -> str:
    name = target.outcome.partition(".")[0]
    if target.how == "share" or name == "displaced_hosted" or OUTCOMES[name].unit == "1":
        return f"{100 * value:.1f} %"
    return f"{value:.1f}" if OUTCOMES[name].unit == "districts" else f"{value:,.0f}"


def counted_in_short(found: Sequence[Count]) -> str:
    """Say how many counts of 2024 lie in the band of these runs."""
    if not found:
        return "No published count falls into these runs: they are not of Haiti, or of other days."
    missed = [one.name for one in found if not one.with_error]
    return (
        f"Of {len(found)} published counts of 2024, {sum(one.inside for one in found)} lie within the 90 % band of the "
        f"baseline's runs, and {sum(one.with_error for one in found)} if the error of the count itself is allowed for. "
        + (f"Missed even so: {joined(missed)}." if missed else "None is missed then.")
        + " These counts were used to find the parameters, so this is fit and not prediction."
    )


def validation_folder() -> Path:
    """Return the folder of the validation's tables: beside the shipped scenarios, or in the checkout."""
    installed = shipped_folder() / "validation"
    return installed if installed.is_dir() else shipped_folder().parent / "results" / "reference" / "validation"


def validated() -> list[str]:
    """Say in sentences what the validation that ships found; nothing where its tables are not there."""
    folder = validation_folder()
    if not all((folder / f"{name}.csv").is_file() for name in ("fit", "scores_summary", "parameters")):
        return []
    fit, scores, parameters = (_read(folder / f"{name}.csv") for name in ("fit", "scores_summary", "parameters"))
    return [fitted(fit), informed(parameters), *predicted(scores)]


def _read(path: Path) -> list[Record]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fitted(fit: Sequence[Record]) -> str:
    """Say how many targets the calibrated model holds, and which it misses."""
    missed = [row["target"] for row in fit if row["inside"] != "yes"]
    told = f"; it misses {joined([f'“{name}”' for name in missed])}" if missed else ""
    return (
        f"With the error of each count allowed for, the calibrated model holds {len(fit) - len(missed)} of {len(fit)} "
        f"figures of 2024 in its 90 % band{told}."
    )


def informed(parameters: Sequence[Record]) -> str:
    """Say how many parameters 2024 tells anything of."""
    known = sum(row["informed"] == "yes" for row in parameters)
    return (
        f"Of {len(parameters)} uncertain parameters 2024 informs {known}; of the others only a range is known, and "
        "runs draw from it."
    )


def predicted(scores: Sequence[Record]) -> list[str]:
    """Say how a prediction from June 2024 fared against simple rules."""
    each = [row for row in scores if row["outcome"] != ALL]
    best: dict[str, list[str]] = {}
    for row in each:
        best.setdefault(row["best"], []).append(HEADS.get(row["outcome"], row["outcome"]).partition(",")[0])
    told = "; ".join(f"{rule} for {joined(names)}" for rule, names in best.items())
    simpler = sum(row["best"] != "model" for row in each)
    beaten = (
        f" For {simpler} of {len(each)} outcomes a simple rule came closer than the model, so its levels are no "
        "forecast; and differences between scenarios cannot be held against anything. They are what follows from what "
        "is assumed, and no more."
        if simpler
        else ""
    )
    lines = [
        "Fitted only to what was known by June 2024 and held against what was counted later, the closest was: "
        f"{told}. (Persistence: all stays as it was. Trend: it goes on as it went.){beaten}"
    ]
    for row in scores:
        if row["outcome"] == ALL:
            kept, figures = round(float(row["inside_80"]) * float(row["figures"])), int(float(row["figures"]))
            lines.append(
                f"Over all figures the model's score is {float(row['crps']):.2f}, the trend's "
                f"{float(row['trend_crps']):.2f} and persistence's {float(row['persistence_crps']):.2f} (less is "
                f"better); {kept} of {figures} figures lay in its 80 % intervals, where 80 % should."
            )
    return lines


def cannot(result: Result) -> list[tuple[str, str]]:
    """List what the model cannot tell: what, and why."""
    known = " No figure from after January 2025 was used to set it, and none is shown." if _on_haiti(result) else ""
    return [
        (
            "What will happen.",
            "It says what would follow if, under rules and ranges that are written down. It does not know elections, "
            f"deals, or what outsiders decide.{known}",
        ),
        (
            "How much the mission achieves.",
            "That number is an assumption (see the answers). What the page tells of the mission is what would follow "
            "from the assumed range.",
        ),
        (
            "Where and when exactly.",
            "Districts are the finest place, positions of neighbourhoods are approximate, and in any one run it is "
            "chance where and when things happen. Only shares over many runs mean anything.",
        ),
        (
            "Whether a difference between two scenarios is right.",
            "No other course was ever run in the world, so no difference on this page could be held against one. What "
            "could be tested, levels, is told below.",
        ),
        ("Whom to attack, and where.", "It must not be used to plan operations."),
    ]


def _on_haiti(result: Result) -> bool:
    return bool(result.manifest["world"]["name"] == "Haiti")
