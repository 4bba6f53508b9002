"""Published figures, and what a result says of the same days."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import PER_DAY
from teritwa.rules.outcomes import Outcome
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import FORCES, PERPETRATORS

KNOWN_UNTIL = date(2025, 1, 31)
"""The last day of which the model and the figures that ship with it know anything."""

BY_PERPETRATOR = {who: (who,) for who in PERPETRATORS} | {"forces": FORCES}
"""The perpetrators that a part of an outcome means: one of them, or police, army and mission."""

SHARE = ".share"
"""What follows a part that is given as a share of the whole: ``killed_counted.forces.share``."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One published figure: a stock on a day (start equals end), or a count or share over a period.

    ``outcome`` is a name of `teritwa.rules.registry.OUTCOMES`, with the perpetrator (``forces``:
    police, army and mission), force or contingent after a dot, and ``.share`` after a perpetrator
    whose share of all it is; ``value`` is in the unit of the outcome; ``low`` and ``high`` bound
    the truth as the source sees it, both None if the source gives no range.
    """

    outcome: str
    start: date
    end: date
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def days(self) -> int:
        """The number of days it covers."""
        return (self.end - self.start).days + 1

    @property
    def middle(self) -> float:
        """The middle of its days, as an ordinal number of days."""
        return (self.start.toordinal() + self.end.toordinal()) / 2

    @property
    def is_count(self) -> bool:
        """Whether it is added up over its days, not read on one."""
        return is_count(self.outcome)

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return is_share(self.outcome)

    @property
    def unit(self) -> str:
        """The unit of its value."""
        return "1" if self.is_share else outcome_of(self.outcome).unit.removesuffix(PER_DAY)


def outcome_of(name: str) -> Outcome:
    """Return the outcome that a name, with or without a dot, refers to."""
    return OUTCOMES[name.partition(".")[0]]


def is_known(name: str) -> bool:
    """Return whether a name refers to an outcome, which that of an absent extension does not."""
    return name.partition(".")[0] in OUTCOMES


def is_of_period(name: str) -> bool:
    """Return whether a figure of a name is of a period, and not read on a day."""
    return outcome_of(name).unit.endswith(PER_DAY)


def is_share(name: str) -> bool:
    """Return whether what a name refers to lies between 0 and 1."""
    return name.endswith(SHARE) or outcome_of(name).unit == "1"


def is_count(name: str) -> bool:
    """Return whether what a name refers to is added up over days."""
    return is_of_period(name) and not is_share(name)


def comparable_names(result: Result) -> tuple[str, ...]:
    """Return every name under which a result can be compared with figures.

    These are its daily outcomes, in total and by perpetrator (also as a share of all), force or
    contingent. The mandate is left out because it is a code, and outcomes of extensions that are
    not loaded are unknown here.
    """
    found = []
    for name in result.manifest["outcomes"]:
        if _is_comparable(name):
            parts = _parts(result, OUTCOMES[name])
            found += [f"{name}.{part}" if part else name for part in parts]
    return tuple(found)


def _is_comparable(name: str) -> bool:
    """Return whether an outcome is known, daily and no code."""
    return name in OUTCOMES and OUTCOMES[name].dimensions[0] == "date" and name != "mandate"


def _parts(result: Result, outcome: Outcome) -> list[str]:
    """Return what may follow the dot after the name of an outcome; nothing for the total."""
    if "contingent" in outcome.dimensions:
        return sorted({*result.labels("force"), *result.labels("contingent")})
    if "perpetrator" in outcome.dimensions:
        return ["", *BY_PERPETRATOR, *(part + SHARE for part in BY_PERPETRATOR)]
    return [""]


def simulated_values(result: Result, observation: Observation) -> NDArray[np.float64]:
    """Return the values of a result on the days of an observation.

    Args:
        result: A result with finished runs whose days include those of the observation.
        observation: A figure whose name is comparable with the result.

    Returns:
        One value a run, shape (run,), in the unit of the observation; a share of nothing is 0.
    """
    name, _, part = observation.outcome.partition(".")
    days = np.array([observation.start, observation.end], "datetime64[D]")
    first, last = np.searchsorted(result.dates, days)
    axes = outcome_of(name).dimensions
    values = result.runs(name)[:, first : last + 1].astype(np.float64).sum(axis=1)
    if "victim" in axes:
        values = values.sum(axis=2)
    if "perpetrator" in axes:
        values = _by_perpetrator(values, part)
    if "contingent" in axes:
        forces, contingents = result.labels("force"), result.labels("contingent")
        chosen = [part in both for both in zip(forces, contingents, strict=True)]
        values = values[:, chosen].sum(axis=1)
    return np.asarray(values)


def _by_perpetrator(values: NDArray[np.float64], part: str) -> NDArray[np.float64]:
    """Return what a part of the name means of values by run and perpetrator, shape (run,)."""
    whole: NDArray[np.float64] = values.sum(axis=1)
    if not part:
        return whole
    chosen = [PERPETRATORS.index(who) for who in BY_PERPETRATOR[part.removesuffix(SHARE)]]
    found: NDArray[np.float64] = values[:, chosen].sum(axis=1)
    if part.endswith(SHARE):
        return np.divide(found, whole, out=np.zeros_like(found), where=whole > 0)
    return found


def comparison_problem(result: Result, observation: Observation) -> str:
    """Return why an observation cannot be compared with a result; nothing if it can."""
    if observation.outcome not in comparable_names(result):
        return f"is not an outcome that {result.path} can be scored on"
    if observation.start != observation.end and not is_of_period(observation.outcome):
        return "is read on a day, not over a period"
    return period_problem(result, observation.start, observation.end)


def period_problem(result: Result, start: date, end: date) -> str:
    """Return that some of the days lie outside those of a result; nothing if none does."""
    first, last = (day.item() for day in result.dates[[0, -1]])
    if first <= start and end <= last:
        return ""
    return f"lies outside the days of {result.path}, {first} to {last}"
