"""Recording: what a run leaves behind, in arrays made before it starts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import numpy as np

from teritwa.agents.record import Array
from teritwa.outcomes import OUTCOMES, PERPETRATORS, VICTIMS
from teritwa.scenario import Scenario
from teritwa.world import HELD, World


def weeks(days: int) -> list[int]:
    """Return the days on which places are recorded: 0, 7, 14 ... and the last."""
    found = list(range(0, days, 7))
    return found if found[-1] == days - 1 else [*found, days - 1]


def coordinates(scenario: Scenario, world: World) -> dict[str, list[object]]:
    """Return the values along each dimension of the outcomes, in order."""
    dates = [scenario.start + timedelta(days=day) for day in range(scenario.days)]
    return {
        "date": list(np.array(dates, "datetime64[D]")),
        "week": list(np.array([dates[day] for day in weeks(scenario.days)], "datetime64[D]")),
        "district": [row.id for row in world.districts],
        "contingent": [row.id for row in world.contingents],
        "perpetrator": list(PERPETRATORS),
        "victim": list(VICTIMS),
    }


class Recording:
    """Arrays by outcome name, filled at the end of each day. Recording draws no chance and changes nothing."""

    def __init__(self, tables: Mapping[str, Array], days: int, outcomes: Iterable[str] | None) -> None:
        self.last = days - 1
        self.districts, self.contingents, self.units = tables["districts"], tables["contingents"], tables["units"]
        self.institution, self.today = tables["institution"], tables["today"]
        self.killed, self.injured = tables["killed"], tables["injured"]
        weights = self.districts["residents_2015"].astype(float)
        capital = np.where(self.districts["metropolitan"], weights, 0.0)
        self.capital = capital / max(capital.sum(), 1.0)
        self.nation = weights / weights.sum()
        places = self.districts["metropolitan"].astype(float)
        self.places = places / max(places.sum(), 1.0)
        self.outside = ~self.districts["metropolitan"]
        sizes = {
            "date": days, "week": len(weeks(days)), "district": len(self.districts),
            "contingent": len(self.contingents), "perpetrator": len(PERPETRATORS), "victim": len(VICTIMS),
        }  # fmt: skip
        names = tuple(OUTCOMES) if outcomes is None else tuple(outcomes)
        self.arrays = {
            name: np.zeros([sizes[axis] for axis in OUTCOMES[name].dimensions], OUTCOMES[name].stored) for name in names
        }
        self.daily = [(name, DAILY[name]) for name in names if name in DAILY]
        self.weekly = [(name, WEEKLY[name]) for name in names if name in WEEKLY]

    def note(self, day: int) -> None:
        """Write down the state as a day ends."""
        self.held = self.districts["gang_influence"] >= HELD
        for name, measure in self.daily:
            self.arrays[name][day] = measure(self)
        if day % 7 == 0 or day == self.last:
            week = day // 7 if day % 7 == 0 else -1
            for name, measure in self.weekly:
                self.arrays[name][week] = measure(self)


def _towns_lost(seen: Recording) -> int:
    """Return the districts outside the capital held now and not on day 0, net of the reverse."""
    before = seen.districts["held_on_day_0"]
    return int((seen.held & seen.outside).sum() - (before & seen.outside).sum())


def _dollars(name: str) -> Callable[[Recording], float]:
    """Return a measure of the institution's money in US dollars."""
    return lambda seen: float(seen.institution[name][0]) / 100.0


def _officers(seen: Recording) -> Array:
    """Return the officers posted in each district, by base."""
    return np.bincount(seen.units["quarters"], weights=seen.units["officers"], minlength=len(seen.districts))


def _zones(seen: Recording) -> Array:
    """Return the zone of each district, as the rule `zone` does for one."""
    return np.minimum(5, 1 + (seen.districts["gang_influence"] * 5.0).astype(np.int64))


Measure = Callable[[Recording], object]

DAILY: dict[str, Measure] = {
    "gang_control_capital": lambda seen: float(seen.capital[seen.held].sum()),
    "gang_control_districts": lambda seen: float(seen.places[seen.held].sum()),
    "gang_control_national": lambda seen: float(seen.nation[seen.held].sum()),
    "towns_lost": _towns_lost,
    "killed": lambda seen: seen.killed,
    "injured": lambda seen: seen.injured,
    "kidnapped": lambda seen: seen.today["kidnapped"][0],
    "recruited": lambda seen: seen.today["recruited"][0],
    "displaced": lambda seen: seen.districts["away"].sum(),
    "strength": lambda seen: seen.contingents["officers"],
    "ready": lambda seen: seen.contingents["ready"],
    "fund": _dollars("fund"),
    "pledged": _dollars("pledged"),
    "received": _dollars("received"),
    "spent": _dollars("spent"),
    "authorised": lambda seen: seen.institution["authorised"][0],
    "mandate": lambda seen: seen.institution["mandate"][0],
}
"""How each daily outcome is read from the records."""

WEEKLY: dict[str, Measure] = {
    "gang_control": lambda seen: seen.districts["gang_influence"],
    "zone": _zones,
    "residents": lambda seen: seen.districts["residents"],
    "displaced_hosted": lambda seen: seen.districts["hosted"],
    "officers": _officers,
    "fighters": lambda seen: seen.districts["fighters"],
}
"""How each weekly outcome by place is read from the records."""
