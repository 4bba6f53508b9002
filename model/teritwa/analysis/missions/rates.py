"""Rates that were seen directly in past operations, and their spread between groups of missions.

This uses no model: each rate is a ratio of two counts with their doubt, on a logarithmic scale.
Groups are put together as random effects (DerSimonian and Laird 1986); operations of one group are
averaged first. It says how far missions differ at all, and where the runs of `learning` should lie.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

TABLE = Path(__file__).parent / "rates.csv"

LEAST_ERROR = 0.1
"""Smallest standard deviation of the logarithm of a rate: no count of an operation is exact."""

NORMAL_90 = 1.6448536269514722
"""Standard deviations to the ends of an interval of 90 %."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of one operation: its estimate, and the standard deviation of its logarithm."""

    group: str
    operation: str
    rate: str
    value: float
    deviation: float
    source: str


@dataclass(frozen=True, slots=True)
class Population:
    """A rate over groups: their mean, its 90 % interval, and that of one mission more.

    ``between`` is the standard deviation of its logarithm between groups.
    """

    rate: str
    groups: int
    mean: float
    low: float
    high: float
    other_low: float
    other_high: float
    between: float


def rates() -> tuple[Rate, ...]:
    """Return the rates of all operations, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(_rate(row) for row in csv.DictReader(stream))


def _rate(row: dict[str, str]) -> Rate:
    part, whole = float(row["part"]), float(row["whole"])
    widths = [
        math.log(float(row[f"{name}_high"]) / float(row[f"{name}_low"]))
        for name in ("part", "whole")
    ]
    # What lies between low and high is taken as the middle nine tenths of a normal distribution.
    deviation = math.hypot(*widths) / (2.0 * NORMAL_90)
    return Rate(
        row["group"],
        row["operation"],
        row["rate"],
        part / whole,
        max(deviation, LEAST_ERROR),
        row["source"],
    )


def populations(seen: Sequence[Rate]) -> tuple[Population, ...]:
    """Return each rate over its groups.

    Args:
        seen: The rates of operations.
    """
    names = dict.fromkeys(one.rate for one in seen)
    return tuple(_population(name, [one for one in seen if one.rate == name]) for name in names)


def _population(name: str, own: Sequence[Rate]) -> Population:
    groups = dict.fromkeys(one.group for one in own)
    pairs = [_averaged([one for one in own if one.group == group]) for group in groups]
    logs, variances = (np.array(column) for column in zip(*pairs, strict=True))
    between = between_groups(logs, variances)
    weights = 1.0 / (variances + between**2)
    mean, error = float(weights @ logs / weights.sum()), float(1.0 / math.sqrt(weights.sum()))
    # Few groups tell little of their own spread: Student's t with as many degrees of freedom as
    # there are groups beyond the first (Higgins, Thompson and Spiegelhalter 2009).
    width = float(student.ppf(0.95, max(1, len(pairs) - 1)))
    low, high = _interval(mean, width * error)
    other_low, other_high = _interval(mean, width * math.hypot(error, between))
    return Population(name, len(groups), math.exp(mean), low, high, other_low, other_high, between)


def _interval(mean: float, half: float) -> tuple[float, float]:
    """Return the ends of an interval of a logarithm, as a rate."""
    return math.exp(mean - half), math.exp(mean + half)


def _averaged(own: Sequence[Rate]) -> tuple[float, float]:
    """Return the mean logarithm of a group's operations and its variance, equally weighted."""
    logs = np.array([math.log(one.value) for one in own])
    variances = np.array([one.deviation**2 for one in own])
    return float(logs.mean()), float(variances.sum() / len(own) ** 2)


def between_groups(logs: Array, variances: Array) -> float:
    """Return the standard deviation between groups by the method of moments, at least 0.

    Args:
        logs: Logarithms of the groups' rates, shape (group,).
        variances: Variances of their own errors, shape (group,).
    """
    if len(logs) < 2:
        return 0.0
    weights = 1.0 / variances
    mean = weights @ logs / weights.sum()
    excess = float(weights @ (logs - mean) ** 2) - (len(logs) - 1)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    return math.sqrt(max(0.0, excess / scale))
