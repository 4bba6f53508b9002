"""An analog: a place raided and left, and raided and held, at the rates of the default world.

This is a logic test and not evidence: no rate is tuned to it, and the districts and gangs of the
small world are assumptions. It asks whether the rules agree with what anybody who knows the place
would say: soldiers who stay hold more than soldiers who leave. Draw d of both scenarios shares its
parameters and its random numbers.

All definitions but the last were fixed before the first run:

- A quarter is *raided* on the last day of an operation that names it as a target.
- It is *driven out* if, as that day ends, no fighter stands there in the open.
- Gangs are *back* within n days of a raid if on any of the n days after it, as the day ends, a
  fighter stands there in the open, whether one of those who hid or another's; so they nearly always
  are where nobody was driven out.
- *Returned* are the quarters from which gangs were driven out and in which they are back.
- *Held* is the share of people, among quarters that gangs held on day 0, who live where gangs have
  at least half of the influence; *influence* is the mean gang influence over those people. Both are
  taken 60 days after the first operation begins, on the same day in both scenarios.
- In a pair, the run with less influence does better; a difference below one in a billion is a tie.
- Added after the first run, because a raid that drives nobody out still lowers influence for some
  days: pairs are also counted by the share that is held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa import world
from teritwa.analysis.cluster_robust import linearised_ratio, mean_and_half_interval
from teritwa.analysis.record_tables import records_csv
from teritwa.engine.errors import InputError
from teritwa.engine.files import write_text
from teritwa.rules.agents.district import STATE
from teritwa.scenario import Scenario, actions, load

LEAVE, HOLD = "cite-soleil-leave", "cite-soleil-hold"
SOON, LATER = 30, 60
"""Days after a raid within which gangs may be back."""
REQUIRED_SHARE = 0.9
"""Share of the pairs in which holding should do better than leaving."""
TIE = 1e-9
RATIOS = (
    ("driven_out", "raided"),
    ("back_30", "raided"),
    ("back_60", "raided"),
    ("returned_30", "driven_out"),
    ("returned_60", "driven_out"),
)
"""Numerator and denominator of the shares of quarters that are summarised."""


@dataclass(frozen=True, slots=True)
class AnalogRun:
    """One run: quarters raided, driven out, back and returned; control 60 days after the start."""

    draw: int
    scenario: str
    raided: int
    driven_out: int
    back_30: int
    back_60: int
    returned_30: int
    returned_60: int
    held_60: float
    influence_60: float


@dataclass(frozen=True, slots=True)
class AnalogEstimate:
    """One number about all runs or pairs with its 95 % interval.

    ``of`` is the number of runs, quarters or pairs behind it. The value is not a number if there is
    nothing to count. ``scenario`` is ``pairs`` if it is about both scenarios.
    """

    scenario: str
    measure: str
    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Analog:
    """The runs of both scenarios, each in the order of the draws."""

    leave: tuple[AnalogRun, ...]
    hold: tuple[AnalogRun, ...]

    @property
    def passes(self) -> bool:
        """Whether holding does better in enough pairs; ties do not count as better."""
        return bool((self.differences("influence_60") < -TIE).mean() >= REQUIRED_SHARE)

    def differences(self, measure: str) -> NDArray[np.float64]:
        """Return a measure under holding minus that under leaving.

        Args:
            measure: Name of a field of `AnalogRun`.

        Returns:
            One difference a pair, shape (draw,), in the unit of the measure.
        """
        pairs = zip(self.leave, self.hold, strict=True)
        return np.array(
            [float(getattr(two, measure) - getattr(one, measure)) for one, two in pairs]
        )

    def summary(self) -> tuple[AnalogEstimate, ...]:
        """Return estimates over the runs of each scenario, and over pairs."""
        estimates = [*_of_runs(self.leave), *_of_runs(self.hold)]
        for measure in ("influence_60", "held_60"):
            estimates += _of_pairs(measure, self.differences(measure))
        return tuple(estimates)

    def save(self, folder: str | Path) -> Path:
        """Write analog.csv, a row a run, and analog_summary.csv.

        Args:
            folder: Where to write; the folder is made if it does not exist.

        Returns:
            The folder.
        """
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        runs = [run for pair in zip(self.leave, self.hold, strict=True) for run in pair]
        write_text(into / "analog.csv", records_csv(AnalogRun, runs))
        write_text(into / "analog_summary.csv", records_csv(AnalogEstimate, self.summary()))
        return into


def analog(draws: int, leave: Scenario | None = None, hold: Scenario | None = None) -> Analog:
    """Run both scenarios and measure each run.

    Args:
        draws: Number of draws; each has one run of each scenario.
        leave: The scenario that leaves; without one, the shipped one.
        hold: The scenario that holds; without one, the shipped one.

    Raises:
        InputError: A scenario raids nothing or ends too soon after a raid.
    """
    first, second = leave or load(LEAVE), hold or load(HOLD)
    return Analog(
        tuple(run_and_measure(first, draw) for draw in range(draws)),
        tuple(run_and_measure(second, draw) for draw in range(draws)),
    )


def run_and_measure(scenario: Scenario, draw: int) -> AnalogRun:
    """Run one draw of a scenario and measure it.

    Raises:
        InputError: The scenario raids nothing or ends too soon after a raid.
    """
    from teritwa.simulation.model import Mission

    raids = raids_of(scenario, draw)
    last = max(raids.values(), default=scenario.days) + LATER
    if last >= scenario.days:
        needs = f"needs an operation, and {LATER} days after each until the scenario ends"
        raise InputError([f"{scenario.id}: {needs}"])
    mission = Mission(scenario, draw, outcomes=())
    districts = mission.tables["districts"]
    place, shape = districts["place"], (last + 1, len(districts))
    people = np.where(place["held_on_day_0"], place["residents_2015"], 0)
    fighters, influence, held = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape, bool)
    while mission.day <= last:
        mission.step()
        fighters[mission.day - 1] = districts["presence"]["fighters"]
        influence[mission.day - 1] = districts["control"]["gang_influence"]
        held[mission.day - 1] = districts["control"]["holder"] != STATE
    day = first_operation(scenario, draw) + LATER
    return measure_run((draw, scenario.id), raids, people, fighters, (held[day], influence[day]))


def first_operation(scenario: Scenario, draw: int) -> int:
    """Return the day, counted from 0, on which the first operation of a draw begins."""
    dated = scenario.schedule(draw, 0)
    return min(one.day for one in dated if isinstance(one.action, actions.Operation))


def raids_of(scenario: Scenario, draw: int) -> dict[int, int]:
    """Return the day on which each quarter is first raided in a draw.

    Returns:
        The last day of the first operation, counted from 0, by the row of the quarter in the table
        of districts.
    """
    districts = world.load(scenario.world).districts
    row = {district.id: number for number, district in enumerate(districts)}
    found: dict[int, int] = {}
    for dated in scenario.schedule(draw, 0):
        if isinstance(dated.action, actions.Operation):
            for target in dated.action.targets:
                found.setdefault(row[target], dated.day + dated.action.duration - 1)
    return found


def measure_run(
    run: tuple[int, str],
    raids: Mapping[int, int],
    people: NDArray[np.int64],
    fighters: NDArray[np.int64],
    control: tuple[NDArray[np.bool_], NDArray[np.float64]],
) -> AnalogRun:
    """Measure a run.

    Args:
        run: Draw and id of the scenario.
        raids: Day of the raid, counted from 0, by row of the quarter.
        people: People who count, shape (district,).
        fighters: Fighters in the open as each day ends, shape (day, district).
        control: Whether a gang holds, and gang influence, a share, 60 days after the first
            operation begins, shape (district,) both.
    """
    driven_out = {row: day for row, day in raids.items() if fighters[day, row] == 0}

    def back(quarters: Mapping[int, int], days: int) -> int:
        """Count the quarters with a fighter in the open on any of the days after the raid."""
        return sum(
            bool(fighters[day + 1 : day + 1 + days, row].any()) for row, day in quarters.items()
        )

    held_at_60, at_60 = control
    return AnalogRun(
        *run, len(raids), len(driven_out), back(raids, SOON), back(raids, LATER),
        back(driven_out, SOON), back(driven_out, LATER),
        float(people[held_at_60].sum() / people.sum()),
        float((people * at_60).sum() / people.sum()),
    )  # fmt: skip


def share_with_interval(count: int, of: int) -> tuple[float, float, float]:
    """Return a share of independent cases and the bounds of its 95 % interval (Wilson 1927).

    Without any case, all three are not numbers.
    """
    from scipy.stats import binomtest

    if of == 0:
        return float("nan"), float("nan"), float("nan")
    interval = binomtest(count, of).proportion_ci(method="wilson")
    return count / of, float(interval.low), float(interval.high)


def _of_runs(runs: tuple[AnalogRun, ...]) -> Iterator[AnalogEstimate]:
    """Yield how often gangs were back in one scenario, over quarters and runs, and their hold."""
    scenario, count, values = runs[0].scenario, len(runs), _values(runs)
    for part, whole in RATIOS:
        ratio, low, high = _mean_with_interval(linearised_ratio(values[part], values[whole]))
        bounds, quarters = _within_0_and_1(low, high), int(values[whole].sum())
        yield AnalogEstimate(scenario, f"{part} of {whole}", ratio, *bounds, quarters)
    for part in ("back_30", "back_60"):
        any_back = int((values[part] > 0).sum())
        half = int((2 * values[part] >= values["raided"]).sum())
        for name, found in (("any", any_back), ("half or more", half)):
            share = share_with_interval(found, count)
            yield AnalogEstimate(scenario, f"{part} in {name}", *share, count)
    for part in ("held_60", "influence_60"):
        mean, low, high = _mean_with_interval(values[part])
        yield AnalogEstimate(scenario, part, mean, *_within_0_and_1(low, high), count)


def _values(runs: tuple[AnalogRun, ...]) -> dict[str, NDArray[np.float64]]:
    """Return the numbers of runs by field, each of shape (run,)."""
    names = [field.name for field in fields(AnalogRun)[2:]]
    return {name: np.array([getattr(run, name) for run in runs], float) for name in names}


def _of_pairs(measure: str, differences: NDArray[np.float64]) -> Iterator[AnalogEstimate]:
    """Yield in how many pairs holding did better, the same and worse, and the mean difference."""
    better, worse, pairs = differences < -TIE, differences > TIE, len(differences)
    for verdict, which in (("better", better), ("the same", ~better & ~worse), ("worse", worse)):
        share = share_with_interval(int(which.sum()), pairs)
        yield AnalogEstimate("pairs", f"{measure} {verdict}", *share, pairs)
    mean = _mean_with_interval(differences)
    yield AnalogEstimate("pairs", f"{measure} hold less leave", *mean, pairs)


def _mean_with_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return a mean over runs with its 95 % interval, which a single run does not have."""
    if len(values) < 2:
        return float(values.mean()), float("nan"), float("nan")
    mean, half = mean_and_half_interval(values, np.arange(len(values)))
    return float(mean), float(mean - half), float(mean + half)


def _within_0_and_1(low: float, high: float) -> tuple[float, float]:
    """Return the interval of a share cut at 0 and 1."""
    return float(np.maximum(low, 0.0)), float(np.minimum(high, 1.0))
