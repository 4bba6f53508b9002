"""The headline measures: one number a run, for comparing scenarios and for reading a result at a glance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import PER_DAY
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import PERPETRATORS, VICTIMS

LESS, MORE = "less", "more"

SHOWN = 11
"""How many measures, from the first, are read on a terminal; files have all of them."""


class Finished(Protocol):
    """The finished runs of a scenario as measures read them, on the disk (`Result`) or in memory."""

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome, (run, ...) with the outcome's own dimensions."""

    def labels(self, name: str) -> list[str]:
        """Return the texts of a fact about an axis, such as the force of each contingent."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which scenarios are compared: all of them, and the last whole calendar year among them.

    ``days`` and ``year`` are slices of the daily axis; ``year_label`` names the year, or the whole period
    when it holds no whole year; ``label`` names the whole period.
    """

    days: slice
    year: slice
    last: str
    year_label: str
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a run: its name, when it is taken (``last``, ``year`` or ``days``), unit and which way is better.

    ``better`` is about the number alone: fewer attacks on districts of the state may also mean that few are left.
    ``of`` takes finished runs and a period and returns a float64 array, one value a run, from the outcomes ``needs``.
    """

    name: str
    when: str
    unit: str
    better: str
    needs: tuple[str, ...]
    of: Callable[[Finished, Period], NDArray[np.float64]]

    def label(self, period: Period) -> str:
        """Say when the measure is taken, in words."""
        return {"last": period.last, "year": period.year_label, "days": period.label}[self.when]


def period_of(dates: NDArray[np.datetime64]) -> Period:
    """Return the period that consecutive dates span."""
    first, last = dates[0], dates[-1]
    whole, label = slice(0, len(dates)), f"{first} to {last}"
    after = (last + 1).astype("datetime64[Y]")
    year = after - 1
    if year.astype("datetime64[D]") < first:
        return Period(whole, whole, str(last), label, label)
    begin = int((year.astype("datetime64[D]") - first).astype(int))
    end = int((after.astype("datetime64[D]") - first).astype(int))
    return Period(whole, slice(begin, end), str(last), str(year), label)


def _last(name: str, better: str) -> Measure:
    """What an outcome is on the last day."""

    def of(runs: Finished, period: Period) -> NDArray[np.float64]:
        return _daily(runs, name, period)[:, -1]

    foreign = ", mission" if OUTCOMES[name].dimensions[1:] == ("contingent",) else ""
    return Measure(name + foreign, "last", OUTCOMES[name].unit, better, (name,), of)


def _mean(name: str, better: str) -> Measure:
    """What an outcome is on a day of the year, on average."""

    def of(runs: Finished, period: Period) -> NDArray[np.float64]:
        return _floats(_daily(runs, name, period)[:, period.year].mean(axis=1))

    return Measure(f"{name}, mean", "year", OUTCOMES[name].unit, better, (name,), of)


def _count(name: str, better: str) -> Measure:
    """How many there were in the year."""

    def of(runs: Finished, period: Period) -> NDArray[np.float64]:
        return _floats(_daily(runs, name, period)[:, period.year].sum(axis=1))

    return Measure(name, "year", OUTCOMES[name].unit.removesuffix(PER_DAY), better, (name,), of)


def _civilians_killed(runs: Finished, period: Period) -> NDArray[np.float64]:
    killed = runs.runs("killed")[:, period.year]
    return _floats(killed[..., VICTIMS.index("civilian")].sum(axis=(1, 2)))


def _killed_between_gangs(runs: Finished, period: Period) -> NDArray[np.float64]:
    killed = runs.runs("killed")[:, period.year]
    return _floats(killed[:, :, PERPETRATORS.index("gang"), VICTIMS.index("gang")].sum(axis=1))


def clearings(runs: Finished, period: Period) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how often a run lost a cleared district again within 30 days, and how often it cleared one."""
    lost, cleared = (_daily(runs, name, period).sum(axis=1) for name in ("recaptured", "cleared"))
    return lost, cleared


def _share_recaptured(runs: Finished, period: Period) -> NDArray[np.float64]:
    """Return the share of a run's clearings after which a crew was back within 30 days.

    It is 0 in a run that cleared nothing, which flatters scenarios that clear little:
    `teritwa.analysis.recapture` pools the runs instead. Clearings of the last 30 days count as kept unless they
    were lost by the end.
    """
    lost, cleared = clearings(runs, period)
    return lost / np.maximum(cleared, 1.0)


def _daily(runs: Finished, name: str, period: Period) -> NDArray[np.float64]:
    """One series a run: harm summed over who did and suffered it, officers over the mission's contingents."""
    values = runs.runs(name)[:, period.days]
    if OUTCOMES[name].dimensions[1:] == ("perpetrator", "victim"):
        return _floats(values.sum(axis=(2, 3)))
    if OUTCOMES[name].dimensions[1:] == ("contingent",):
        return _floats(values[:, :, mission_contingents(runs)].sum(axis=2))
    return _floats(values)


def mission_contingents(runs: Finished) -> NDArray[np.bool_]:
    """Return which contingents belong to the mission."""
    return np.array([force == "mission" for force in runs.labels("force")])


def daily(result: Result, name: str) -> NDArray[np.float64]:
    """Return one series a run (run, date): harm in sum, officers of the mission in sum."""
    return _daily(result, name, period_of(result.dates))


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    return values.astype(np.float64)


MEASURES = (
    _last("gang_control_capital", LESS),
    _mean("gang_control_capital", LESS),
    _last("gang_control_national", LESS),
    _last("towns_lost", LESS),
    _count("killed", LESS),
    Measure("killed, civilians", "year", "persons", LESS, ("killed",), _civilians_killed),
    _count("kidnapped", LESS),
    _last("displaced", LESS),
    _last("officers_deployed", MORE),
    _last("officers_operational", MORE),
    _last("fund_balance", MORE),
    Measure("killed, gang members by gangs", "year", "persons", LESS, ("killed",), _killed_between_gangs),
    _count("attacks_on_state", LESS),
    Measure("recaptured, share of cleared", "days", "1", LESS, ("recaptured", "cleared"), _share_recaptured),
    _last("gang_members", LESS),
    _count("recruited", LESS),
    _last("gang_firearms", LESS),
    _mean("gang_revenue", LESS),
    _last("trust_in_forces", MORE),
    _last("coordination", MORE),
    _last("vehicles", MORE),
    _last("funds_received", MORE),
    _last("costs_unpaid", LESS),
    _last("out_of_school", LESS),
    _last("hospitals_open", MORE),
    _last("displaced_without_aid", LESS),
    _mean("elections_secure", MORE),
)
"""What every comparison reports; the first `SHOWN` are also read on a terminal."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A measure of a result: its 5 %, 50 % and 95 % quantiles over runs, and how much of their spread is ignorance.

    ``unknown`` is the share of the variance between runs that parameters make, which more knowledge would lessen; the
    rest is chance, which nothing would. It is not a number where no draw has two replicates, or runs do not differ.
    """

    name: str
    when: str
    unit: str
    low: float
    median: float
    high: float
    unknown: float


def headlines(result: Result) -> list[Headline]:
    """Return each measure of a result."""
    period, draws = period_of(result.dates), np.array([draw for draw, _ in result.pairs])
    rows = []
    for measure in MEASURES:
        values = measure.of(result, period)
        low, median, high = (float(level) for level in np.quantile(values, [0.05, 0.5, 0.95]))
        named = (measure.name, measure.label(period), measure.unit)
        rows.append(Headline(*named, low, median, high, unknown_share(values, draws)))
    return rows


def unknown_share(values: NDArray[np.float64], draws: NDArray[np.intp]) -> float:
    """Return the share of the variance of runs that lies between draws (one-way random effects, Fisher 1925).

    Not a number where no draw has two runs or all runs are equal; an estimate below 0 is 0.
    """
    groups = [values[draws == draw] for draw in np.unique(draws)]
    within_freedom, between_freedom = len(values) - len(groups), len(groups) - 1
    if within_freedom < 1 or between_freedom < 1 or np.ptp(values) == 0:
        return float("nan")
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / within_freedom
    spread = sum(len(group) * float((group.mean() - values.mean()) ** 2) for group in groups) / between_freedom
    sizes = np.array([len(group) for group in groups], np.float64)
    usual = float((sizes.sum() - (sizes**2).sum() / sizes.sum()) / between_freedom)
    between = max(0.0, (spread - within) / usual)
    return between / (between + within)
