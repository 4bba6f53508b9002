"""The headline measures: one number a run, to compare scenarios and to summarise a result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result
from teritwa.ensemble.summary import PER_DAY
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import PERPETRATORS, VICTIMS

SHOWN = 11
"""How many measures, from the first, are shown on a terminal; files have all of them."""


class FinishedRuns(Protocol):
    """The finished runs of a scenario as measures read them, on disk (`Result`) or in memory."""

    def runs(self, outcome: str) -> NDArray[Any]:
        """Return one outcome, shape (run, ...) with the dimensions of the outcome, in its unit."""

    def labels(self, name: str) -> list[str]:
        """Return the texts of a fact about an axis, such as the force of each contingent."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which scenarios are compared, and the last whole calendar year among them.

    ``days`` and ``year`` are slices of the daily axis; ``last`` is the last day; ``year_label``
    names the year, or the whole period if it holds no whole year; ``label`` names the whole period.
    """

    days: slice
    year: slice
    last: str
    year_label: str
    label: str


@dataclass(frozen=True, slots=True)
class HeadlineMeasure:
    """One number a run: its name, when it is taken and its unit.

    ``when`` is ``last`` (the last day), ``year`` or ``days``. No measure has a better direction: a
    fuller fund may be one that nobody spends, and fewer attacks on districts of the state may mean
    that few such districts are left. ``compute`` takes finished runs and a period and returns one
    value a run, shape (run,), from the outcomes in ``needs``.
    """

    name: str
    when: str
    unit: str
    needs: tuple[str, ...]
    compute: Callable[[FinishedRuns, Period], NDArray[np.float64]]

    def label(self, period: Period) -> str:
        """Return the day or days on which the measure is taken, as text."""
        return {"last": period.last, "year": period.year_label, "days": period.label}[self.when]


def period_of(dates: NDArray[np.datetime64]) -> Period:
    """Return the period that consecutive dates span.

    Args:
        dates: Every day of the period, shape (date,).
    """
    first, last = dates[0], dates[-1]
    whole, label = slice(0, len(dates)), f"{first} to {last}"
    after = (last + 1).astype("datetime64[Y]")
    year = after - 1
    if year.astype("datetime64[D]") < first:
        return Period(whole, whole, str(last), label, label)
    begin = int((year.astype("datetime64[D]") - first).astype(int))
    end = int((after.astype("datetime64[D]") - first).astype(int))
    return Period(whole, slice(begin, end), str(last), str(year), label)


def _last(name: str) -> HeadlineMeasure:
    """Return the measure of an outcome on the last day."""

    def compute(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
        return _daily(runs, name, period)[:, -1]

    foreign = ", mission" if OUTCOMES[name].dimensions[1:] == ("contingent",) else ""
    return HeadlineMeasure(name + foreign, "last", OUTCOMES[name].unit, (name,), compute)


def _mean(name: str) -> HeadlineMeasure:
    """Return the measure of an outcome averaged over the days of the year."""

    def compute(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
        return _floats(_daily(runs, name, period)[:, period.year].mean(axis=1))

    return HeadlineMeasure(f"{name}, mean", "year", OUTCOMES[name].unit, (name,), compute)


def _count(name: str) -> HeadlineMeasure:
    """Return the measure of an outcome added up over the year."""

    def compute(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
        return _floats(_daily(runs, name, period)[:, period.year].sum(axis=1))

    unit = OUTCOMES[name].unit.removesuffix(PER_DAY)
    return HeadlineMeasure(name, "year", unit, (name,), compute)


def _civilians_killed(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
    """Return how many civilians were killed in the year."""
    killed = runs.runs("killed")[:, period.year]
    return _floats(killed[..., VICTIMS.index("civilian")].sum(axis=(1, 2)))


def _killed_between_gangs(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
    """Return how many gang members were killed by gangs in the year."""
    killed = runs.runs("killed")[:, period.year]
    between = killed[:, :, PERPETRATORS.index("gang"), VICTIMS.index("gang")]
    return _floats(between.sum(axis=1))


def clearings(
    runs: FinishedRuns, period: Period
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count districts of the capital cleared while a gang held them, and those recaptured.

    Returns:
        Those recaptured within 30 days and those cleared over all days, each of shape (run,).
    """
    recaptured, cleared = (
        _daily(runs, name, period).sum(axis=1) for name in ("recaptured", "cleared_from_gangs")
    )
    return recaptured, cleared


def _share_recaptured(runs: FinishedRuns, period: Period) -> NDArray[np.float64]:
    """Return the share of the clearings of a run after which a crew was back within 30 days.

    It is 0 in a run that cleared nothing, which flatters scenarios that clear little:
    `teritwa.analysis.recapture` pools the runs instead. Clearings of the last 30 days count as kept
    unless they were recaptured by the end.
    """
    recaptured, cleared = clearings(runs, period)
    return recaptured / np.maximum(cleared, 1.0)


def _daily(runs: FinishedRuns, name: str, period: Period) -> NDArray[np.float64]:
    """Return one series a run: harm over all perpetrators and victims, officers of the mission."""
    values = runs.runs(name)[:, period.days]
    if OUTCOMES[name].dimensions[1:] == ("perpetrator", "victim"):
        return _floats(values.sum(axis=(2, 3)))
    if OUTCOMES[name].dimensions[1:] == ("contingent",):
        return _floats(values[:, :, mission_contingents(runs)].sum(axis=2))
    return _floats(values)


def mission_contingents(runs: FinishedRuns) -> NDArray[np.bool_]:
    """Return which contingents belong to the mission, shape (contingent,)."""
    return np.array([force == "mission" for force in runs.labels("force")])


def daily(result: Result, name: str) -> NDArray[np.float64]:
    """Return one series a run of a daily outcome.

    Args:
        result: A result with finished runs.
        name: Name of the outcome. Harm is added up over perpetrators and victims, and officers over
            the contingents of the mission.

    Returns:
        Shape (run, date), in the unit of the outcome.
    """
    return _daily(result, name, period_of(result.dates))


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return values in double precision."""
    return values.astype(np.float64)


HEADLINE_MEASURES = (
    _last("gang_control_capital"),
    _mean("gang_control_capital"),
    _last("gang_control_national"),
    _last("towns_lost"),
    _count("killed"),
    HeadlineMeasure("killed, civilians", "year", "persons", ("killed",), _civilians_killed),
    _count("kidnapped"),
    _last("displaced"),
    _last("officers_deployed"),
    _last("officers_operational"),
    _last("fund_balance"),
    HeadlineMeasure(
        "killed, gang members by gangs", "year", "persons", ("killed",), _killed_between_gangs
    ),
    _count("attacks_on_state"),
    HeadlineMeasure(
        "recaptured, share of cleared",
        "days",
        "1",
        ("recaptured", "cleared_from_gangs"),
        _share_recaptured,
    ),
    _last("gang_members"),
    _count("recruited"),
    _last("gang_firearms"),
    _mean("gang_revenue"),
    _last("trust_in_forces"),
    _last("coordination"),
    _last("vehicles"),
    _last("funds_received"),
    _last("costs_unpaid"),
    _last("days_paid"),
    _last("days_unpaid"),
    _last("out_of_school"),
    _last("hospitals_open"),
    _last("displaced_without_aid"),
    _mean("elections_secure"),
)
"""What every comparison reports; the first `SHOWN` are also shown on a terminal."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A measure of a result: its 5 %, 50 % and 95 % quantiles over runs, in its unit.

    ``parametric_share`` is the share of the variance between runs that parameters make, which more
    knowledge would lessen; the rest is chance, which nothing would. It is not a number if no draw
    has two replicates, or if runs do not differ.
    """

    name: str
    when: str
    unit: str
    low: float
    median: float
    high: float
    parametric_share: float


def headlines(result: Result) -> list[Headline]:
    """Return every headline measure of a result, in their order."""
    period, draws = period_of(result.dates), np.array([draw for draw, _ in result.pairs])
    rows = []
    for measure in HEADLINE_MEASURES:
        values = measure.compute(result, period)
        low, median, high = (float(level) for level in np.quantile(values, [0.05, 0.5, 0.95]))
        named = (measure.name, measure.label(period), measure.unit)
        rows.append(Headline(*named, low, median, high, parametric_share(values, draws)))
    return rows


def parametric_share(values: NDArray[np.float64], draws: NDArray[np.intp]) -> float:
    """Estimate the share of the variance of runs that lies between draws.

    The estimate is that of one-way random effects (Fisher 1925); below 0 it is 0.

    Args:
        values: Values of runs, shape (run,), in any unit.
        draws: Draw of each run, shape (run,).

    Returns:
        A share from 0 to 1; not a number if no draw has two runs or if all runs are equal.
    """
    groups = [values[draws == draw] for draw in np.unique(draws)]
    within_freedom, between_freedom = len(values) - len(groups), len(groups) - 1
    if within_freedom < 1 or between_freedom < 1 or np.ptp(values) == 0:
        return float("nan")
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / within_freedom
    squares = (len(group) * float((group.mean() - values.mean()) ** 2) for group in groups)
    sizes = np.array([len(group) for group in groups], np.float64)
    usual_size = float((sizes.sum() - (sizes**2).sum() / sizes.sum()) / between_freedom)
    between = max(0.0, (sum(squares) / between_freedom - within) / usual_size)
    return between / (between + within)
