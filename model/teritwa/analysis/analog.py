"""An analog: Cité Soleil raided and left, and raided and held, at the rates of Haiti in 2024.

A logic test and not evidence: no rate is tuned to it, and the small world's quarters and gangs are assumptions. It
asks whether the rules say what anybody would who knows the place, that soldiers who stay hold more than those who
leave. Draw d of both scenarios shares its parameters and its chance.

All definitions but the last were fixed before the first run:

- A quarter is *raided* on the last day of an operation that names it as a target.
- It is *driven out* if, as that day ends, no fighter stands there in the open.
- Gangs are *back* within n days of a raid if on any of the n days after it, as the day ends, a fighter stands there in
  the open, whether one of those who hid or another's; so, nearly always, where nobody was driven out.
- *Returned* are the quarters from which gangs were driven out and in which they are back.
- *Held* is the share of people, among quarters that gangs held on day 0, who live where gangs have at least half of
  the influence; *influence* is the mean gang influence over those people. Both 60 days after the first raid.
- Of a pair the run with less influence does better; a difference below one in a billion is a tie.
- Added after the first run, because a raid that drives nobody out lowers influence for some days all the same: pairs
  are counted by the share that is held, too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa import world
from teritwa.analysis.compare import mean_and_half_interval
from teritwa.analysis.recapture import linearised
from teritwa.engine.errors import InputError
from teritwa.engine.files import as_csv, write_text
from teritwa.engine.formatting import plain
from teritwa.scenario import Scenario, actions, load
from teritwa.world import HELD

LEAVE, HOLD = "cite-soleil-leave", "cite-soleil-hold"
SOON, LATER = 30, 60
"""Days after a raid within which gangs may be back."""
WANTED = 0.9
"""Share of the pairs in which holding should do better than leaving."""
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """One run: quarters that were raided, and of them those driven out, back and returned; control at day 60."""

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
class Line:
    """One number about all runs or pairs with its 95 % interval; ``of`` is how many runs, quarters or pairs it is of.

    Not a number where there is nothing to count. ``scenario`` is ``pairs`` where both make it.
    """

    scenario: str
    measure: str
    value: float
    low: float
    high: float
    of: int


@dataclass(frozen=True)
class Analog:
    """The runs of both scenarios, leaving first, draw by draw."""

    leave: tuple[Row, ...]
    hold: tuple[Row, ...]

    @property
    def passes(self) -> bool:
        """Whether holding does better in as many pairs as it should; ties do not count as better."""
        return bool((self.differences("influence_60") < -TIE).mean() >= WANTED)

    def differences(self, measure: str) -> NDArray[np.float64]:
        """Return by pair a measure under holding less that under leaving."""
        pairs = zip(self.leave, self.hold, strict=True)
        return np.array([float(getattr(two, measure) - getattr(one, measure)) for one, two in pairs])

    def summary(self) -> tuple[Line, ...]:
        """Return what the runs and pairs say together."""
        pairs = [line for name in ("influence_60", "held_60") for line in _of_pairs(name, self.differences(name))]
        return (*_of_runs(self.leave), *_of_runs(self.hold), *pairs)

    def save(self, folder: str | Path) -> Path:
        """Write analog.csv, a row a run, and analog_summary.csv into a folder, made if needed, and return it."""
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        runs = [row for pair in zip(self.leave, self.hold, strict=True) for row in pair]
        write_text(into / "analog.csv", _table([field.name for field in fields(Row)], runs))
        write_text(into / "analog_summary.csv", _table([field.name for field in fields(Line)], self.summary()))
        return into


def analog(draws: int, leave: Scenario | None = None, hold: Scenario | None = None) -> Analog:
    """Run both scenarios, the shipped ones unless others are given, for draws 0 to ``draws`` - 1."""
    first, second = leave or load(LEAVE), hold or load(HOLD)
    return Analog(
        tuple(observe(first, draw) for draw in range(draws)), tuple(observe(second, draw) for draw in range(draws))
    )


def observe(scenario: Scenario, draw: int) -> Row:
    """Run one draw of a scenario, and measure; raise InputError if it raids nothing or ends too soon after a raid."""
    from teritwa.simulation.model import Mission

    raids = raids_of(scenario, draw)
    last = max(raids.values(), default=scenario.days) + LATER
    if last >= scenario.days:
        raise InputError([f"{scenario.id}: needs an operation, and {LATER} days after each until the scenario ends"])
    mission = Mission(scenario, draw, outcomes=())
    districts = mission.tables["districts"]
    people = np.where(districts["place"]["held_on_day_0"], districts["place"]["residents_2015"], 0)
    fighters, influence = np.zeros((last + 1, len(districts)), np.int64), np.zeros((last + 1, len(districts)))
    while mission.day <= last:
        mission.step()
        fighters[mission.day - 1] = districts["presence"]["fighters"]
        influence[mission.day - 1] = districts["control"]["gang_influence"]
    return measured((draw, scenario.id), raids, people, fighters, influence)


def raids_of(scenario: Scenario, draw: int) -> dict[int, int]:
    """Return the day on which each quarter is first raided in a draw, by the quarter's row in the world's table."""
    row = {district.id: number for number, district in enumerate(world.load(scenario.world).districts)}
    found: dict[int, int] = {}
    for dated in scenario.schedule(draw, 0):
        if isinstance(dated.action, actions.Operation):
            for target in dated.action.targets:
                found.setdefault(row[target], dated.day + dated.action.duration - 1)
    return found


def measured(
    run: tuple[int, str],
    raids: Mapping[int, int],
    people: NDArray[np.int64],
    fighters: NDArray[np.int64],
    influence: NDArray[np.float64],
) -> Row:
    """Measure a run (draw, scenario) from its raids, people by quarter, and (day, quarter) as each day ends."""
    gone = {row: day for row, day in raids.items() if fighters[day, row] == 0}

    def back(among: Mapping[int, int], days: int) -> int:
        return sum(bool(fighters[day + 1 : day + 1 + days, row].any()) for row, day in among.items())

    then = influence[min(raids.values()) + LATER]
    return Row(
        *run, len(raids), len(gone), back(raids, SOON), back(raids, LATER), back(gone, SOON), back(gone, LATER),
        float(people[then >= HELD].sum() / people.sum()), float((people * then).sum() / people.sum()),
    )  # fmt: skip


def share(some: int, of: int) -> tuple[float, float, float]:
    """Return a share of independent cases with its 95 % interval (Wilson 1927)."""
    from scipy.stats import binomtest

    if of == 0:
        return float("nan"), float("nan"), float("nan")
    interval = binomtest(some, of).proportion_ci(method="wilson")
    return some / of, float(interval.low), float(interval.high)


def _of_runs(rows: tuple[Row, ...]) -> Iterable[Line]:
    """Say of one scenario how often gangs were back, over quarters and over runs, and what they held."""
    scenario = rows[0].scenario
    counts = {field.name: np.array([getattr(row, field.name) for row in rows], float) for field in fields(Row)[2:]}
    raided = counts["raided"]
    for part, whole in (("driven_out", "raided"), ("back_30", "raided"), ("back_60", "raided"),
                        ("returned_30", "driven_out"), ("returned_60", "driven_out")):  # fmt: skip
        ratio, low, high = _mean(linearised(counts[part], counts[whole]))
        yield Line(scenario, f"{part} of {whole}", ratio, *_within(low, high), int(counts[whole].sum()))
    for part in ("back_30", "back_60"):
        any_back, half = int((counts[part] > 0).sum()), int((2 * counts[part] >= raided).sum())
        yield Line(scenario, f"{part} in any", *share(any_back, len(rows)), len(rows))
        yield Line(scenario, f"{part} in half or more", *share(half, len(rows)), len(rows))
    for part in ("held_60", "influence_60"):
        mean, low, high = _mean(counts[part])
        yield Line(scenario, part, mean, *_within(low, high), len(rows))


def _of_pairs(measure: str, differences: NDArray[np.float64]) -> Iterable[Line]:
    """Say in how many pairs holding did better by a measure, the same, and worse, and by how much on average."""
    better, worse = differences < -TIE, differences > TIE
    for verdict, which in (("better", better), ("the same", ~better & ~worse), ("worse", worse)):
        yield Line("pairs", f"{measure} {verdict}", *share(int(which.sum()), len(which)), len(which))
    yield Line("pairs", f"{measure} hold less leave", *_mean(differences), len(differences))


def _mean(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return a mean over runs with its 95 % interval, which a single run has not."""
    if len(values) < 2:
        return float(values.mean()), float("nan"), float("nan")
    mean, half = mean_and_half_interval(values, np.arange(len(values)))
    return mean, mean - half, mean + half


def _within(low: float, high: float) -> tuple[float, float]:
    """Return an interval of a share cut at 0 and 1."""
    return float(np.maximum(low, 0.0)), float(np.minimum(high, 1.0))


def _table(header: list[str], rows: Iterable[Row | Line]) -> str:
    """Return rows as CSV text."""
    return as_csv(header, ([plain(cell) if isinstance(cell, float) else cell for cell in astuple(row)] for row in rows))
