"""Recording: what a run leaves behind, in arrays made before it starts."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import numpy as np

from teritwa.engine.records import Array
from teritwa.rules.outcomes import OUTCOMES, PERPETRATORS, VICTIMS
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
    """Copies of fields of the records at the end of each day, and the outcomes that follow from them.

    Recording draws no chance and changes nothing; what is not asked for is not copied.
    """

    def __init__(self, tables: Mapping[str, Array], days: int, outcomes: Iterable[str] | None) -> None:
        self.districts, self.weeks = tables["districts"], weeks(days)
        self.names = tuple(OUTCOMES) if outcomes is None else tuple(outcomes)
        self.daily: list[tuple[Array, Array]] = []
        self.weekly: list[tuple[Array, Array]] = []
        self.copies: dict[tuple[str, str], Array] = {}
        for name in self.names:
            often = OUTCOMES[name].dimensions[0]
            for source in MEASURES[name][0]:
                if (often, source) not in self.copies:
                    now = _view(tables, source)
                    length = days if often == "date" else len(self.weeks)
                    copies = np.zeros((length, *now.shape), now.dtype)
                    self.copies[often, source] = copies
                    (self.daily if often == "date" else self.weekly).append((now, copies))

    def note(self, day: int) -> None:
        """Copy the state as a day ends; places each week and on the last day."""
        for now, copies in self.daily:
            copies[day] = now
        if day % 7 == 0 or day == self.weeks[-1]:
            for now, copies in self.weekly:
                copies[(day + 6) // 7] = now

    def outcomes(self) -> dict[str, Array]:
        """Return the outcomes by name, as `teritwa.rules.outcomes` describes them."""
        found = {}
        for name in self.names:
            sources, measure = MEASURES[name]
            often = OUTCOMES[name].dimensions[0]
            values = measure(self.districts, *(self.copies[often, source] for source in sources))
            found[name] = np.ascontiguousarray(values).astype(OUTCOMES[name].stored)
        return found


def _view(tables: Mapping[str, Array], source: str) -> Array:
    """Return the memory of a table, or of one field of it: ``table`` or ``table.field``."""
    table, _, field = source.partition(".")
    return tables[table][field] if field else tables[table]


def _share_held(weights: Array, influence: Array) -> Array:
    """Return by day the share of some weight in districts that gangs hold."""
    total = weights.sum()
    held: Array = np.where(influence >= HELD, weights, 0).sum(axis=1)
    return held / (total if total > 0 else 1)


def _towns_lost(districts: Array, influence: Array) -> Array:
    """Return by day the districts outside the capital held now and not on day 0, net of the reverse."""
    outside = ~districts["metropolitan"]
    lost: Array = (influence[:, outside] >= HELD).sum(axis=1) - districts["held_on_day_0"][outside].sum()
    return lost


def _zones(_: Array, influence: Array) -> Array:
    """Return the zones of the districts, as the rule `zone` does for one."""
    return np.minimum(5, 1 + (influence * 5.0).astype(np.int64))


def _posted(districts: Array, quarters: Array, officers: Array) -> Array:
    """Return by week the officers posted in each district, by their quarters."""
    found = np.zeros((len(quarters), len(districts)), np.int64)
    for week, (places, people) in enumerate(zip(quarters, officers, strict=True)):
        np.add.at(found[week], places, people)
    return found


def _as_it_is(_: Array, values: Array) -> Array:
    """Return what was copied."""
    return values


def _counted(_: Array, killed: Array, under_gangs: Array, casualties: Array) -> Array:
    """Return by day and perpetrator the deaths that are counted: all outside places that gangs hold, a share there."""
    counted: Array = killed.sum(axis=2) - (1.0 - casualties["reporting_rate_under_gangs"]) * under_gangs.sum(axis=2)
    return counted


def _injured_counted(_: Array, injured: Array, killed: Array, under_gangs: Array, casualties: Array) -> Array:
    """Return by day and perpetrator the injured who are counted: as large a share as of the dead beside them."""
    dead = np.maximum(killed.sum(axis=2), 1)
    counted: Array = injured.sum(axis=2) * _counted(_, killed, under_gangs, casualties) / dead
    return counted


def _alone(_: Array, values: Array) -> Array:
    """Return a field of a table of one row without the axis of its rows."""
    only: Array = values[:, 0]
    return only


def _dollars(_: Array, cents: Array) -> Array:
    """Return an amount in cents of a table of one row in US dollars."""
    return cents[:, 0] / 100.0


def _of_the_mission(_: Array, things: Array, foreign: Array) -> Array:
    """Return by day the sum of what contingents of the mission have."""
    total: Array = (things * foreign).sum(axis=1)
    return total


Measure = Callable[..., Array]

MEASURES: dict[str, tuple[tuple[str, ...], Measure]] = {
    "gang_control_capital": (
        ("districts.gang_influence",),
        lambda districts, influence: _share_held(districts["residents_2015"] * districts["metropolitan"], influence),
    ),
    "gang_control_districts": (
        ("districts.gang_influence",),
        lambda districts, influence: _share_held(districts["metropolitan"].astype(np.int64), influence),
    ),
    "gang_control_national": (
        ("districts.gang_influence",),
        lambda districts, influence: _share_held(districts["residents_2015"], influence),
    ),
    "towns_lost": (("districts.gang_influence",), _towns_lost),
    "killed": (("killed",), _as_it_is),
    "injured": (("injured",), _as_it_is),
    "killed_counted": (("killed", "killed_under_gangs", "parameters.casualties"), _counted),
    "injured_counted": (("injured", "killed", "killed_under_gangs", "parameters.casualties"), _injured_counted),
    "kidnapped": (("daily.kidnapped",), _alone),
    "recruited": (("daily.recruited",), _alone),
    **{
        name: ((f"daily.{name}",), _alone)
        for name in (
            "attacks",
            "attacks_on_state",
            "operations",
            "cleared",
            "recaptured",
            "newly_displaced",
            "returned",
            "gang_members",
            "children_recruited",
            "gang_firearms",
            "displaced_in_camps",
            "displaced_without_aid",
            "children_displaced",
            "out_of_school",
            "hospitals_open",
            "trust_in_forces",
        )
    },
    "gang_revenue": (("daily.gang_revenue",), _dollars),
    "prisoners": (("ledger.prisoners",), _alone),
    "forward_bases": (("districts.forward_base",), lambda _, bases: bases.sum(axis=1)),
    "vehicles": (("contingents.vehicles", "contingents.foreign"), _of_the_mission),
    "vehicles_broken": (("contingents.vehicles_broken", "contingents.foreign"), _of_the_mission),
    "officers_in_preparation": (("contingents.in_preparation",), _as_it_is),
    "displaced": (("districts.displaced_from",), lambda _, away: away.sum(axis=1)),
    "officers_deployed": (("contingents.officers",), _as_it_is),
    "officers_operational": (("contingents.operational",), _as_it_is),
    "fund_balance": (("institution.fund",), _dollars),
    "funds_pledged": (("institution.pledged",), _dollars),
    "funds_received": (("institution.received",), _dollars),
    "funds_committed": (("institution.committed",), _dollars),
    "costs_unpaid": (("institution.unpaid",), _dollars),
    "funds_spent": (("institution.spent",), _dollars),
    **{
        name: ((f"institution.{name}",), _alone)
        for name in ("mandate", "coordination", "elections_secure", "perceived_progress")
    },
    "officers_authorised": (("institution.authorised",), _alone),
    "schools_open": (("districts.schools_open",), _as_it_is),
    "aid_access": (("districts.aid_access",), _as_it_is),
    "gang_influence": (("districts.gang_influence",), _as_it_is),
    "control_zone": (("districts.gang_influence",), _zones),
    "residents": (("districts.residents",), _as_it_is),
    "displaced_hosted": (("districts.displaced_hosted",), _as_it_is),
    "officers_posted": (("units.quarters", "units.officers"), _posted),
    "gang_fighters": (("districts.fighters",), _as_it_is),
}
"""What each outcome is made of: the fields it needs, and how it follows from the districts and those fields."""
