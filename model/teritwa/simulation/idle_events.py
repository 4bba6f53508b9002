"""Which events of a scenario no unit can carry out, as far as it is known before a run.

An order reaches its targets if a unit is posted within reach of them, and a doctrine or a base acts
through the units of its force. Whether units come in time, are able and are free only a run shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from math import inf

from teritwa.scenario import Scenario
from teritwa.scenario.actions import (
    Base,
    Change,
    Coalition,
    Deploy,
    Doctrine,
    Equipment,
    Mandate,
    Money,
    Offensive,
    Operation,
    Pay,
    Pledge,
)
from teritwa.scenario.events import Event
from teritwa.simulation.initialization import headquarters_of
from teritwa.world import World, load
from teritwa.world.codes import COALITION
from teritwa.world.row_numbers import district_numbers

ASKED = Operation | Doctrine | Base | Pay | Offensive | Deploy | Pledge
"""Actions that may be idle."""

REACH, AIR_REACH = "tasking.reach", "equipment.air_reach"
"""Full names of the parameters that say how far units go, hours."""


def idle_events(scenario: Scenario) -> list[str]:
    """Return a line for each event that no unit can carry out: file and line, key, and why.

    Args:
        scenario: The scenario.
    """
    asked = [one for one in scenario.events if isinstance(one.action, ASKED)]
    if not asked:
        return []
    forces = _Forces(scenario, load(scenario.world))
    found = []
    for event in asked:
        key = f"events.{event.id}.{event.action.key}"
        place = scenario.origin.get(f"events.{event.id}.id", scenario.id)
        found += [f"{place}: {key}: {what}" for what in _idle(event, forces)]
    return found


@dataclass
class _Forces:
    """The mobile units that a scenario may have, and where they are posted."""

    scenario: Scenario
    world: World

    @cached_property
    def posts(self) -> dict[str, set[int]]:
        """The districts (rows) in which mobile units of each force are posted, by force."""
        number, force = district_numbers(self.world), self._force
        posts: dict[str, set[int]] = {}
        for unit in self.world.units:
            if unit.kind != "station":
                posts.setdefault(force[unit.contingent], set()).add(number[unit.base])
        for contingent in self._coming():
            if contingent in force:
                posts.setdefault(force[contingent], set()).add(headquarters_of(self.world))
        return posts

    @cached_property
    def _force(self) -> dict[str, str]:
        """The force of each contingent that operates; technical advisers do not."""
        rows = self.world.contingents
        return {row.id: row.force for row in rows if row.terms != "technical"}

    @cached_property
    def mission(self) -> set[str]:
        """The contingents of the mission."""
        return {row.id for row in self.world.contingents if row.force == "mission"}

    @cached_property
    def mandates(self) -> list[Mandate]:
        """The mandates under which somebody may be there."""
        actions = (event.action for event in self.scenario.events)
        return [one for one in actions if isinstance(one, Mandate) and one.authorised > 0]

    @cached_property
    def is_paid(self) -> bool:
        """Whether an event brings money, or the mission needs none: the United Nations' has it."""
        if any(one.officers_sent > 0 for one in self.mandates):
            return True
        paid = [event.action for event in self.scenario.events if isinstance(event.action, Money)]
        brought = any(one.receive or one.monthly for one in paid)
        return brought or not self.scenario.parameters(0)["budget.enabled"]

    def _coming(self) -> Iterable[str]:
        """Yield the contingents that the scenario's events send."""
        for event in self.scenario.events:
            action = event.action
            if isinstance(action, Deploy | Pledge):
                yield action.contingent
            elif isinstance(action, Mandate) and action.officers_sent > 0:
                yield from (row.id for row in self.world.contingents if row.terms == "under-un")

    @property
    def flown(self) -> set[str]:
        """The forces to which an event gives helicopters."""
        actions = (event.action for event in self.scenario.events)
        given = [one for one in actions if isinstance(one, Equipment) and one.helicopters]
        return {self._force[one.contingent] for one in given if one.contingent in self._force}

    @cached_property
    def reach(self) -> tuple[float, float]:
        """The most hours that units go by land and by air, in any draw and after any change."""
        changes = [one.action for one in self.scenario.events if isinstance(one.action, Change)]
        given = [dict(change.params) for change in changes]
        given += [self.scenario.parameters(draw) for draw in range(self.scenario.draws)]
        land, air = (max(one.get(name, 0.0) for one in given) for name in (REACH, AIR_REACH))
        return land, air

    def nearest(self, district: str, forces: Iterable[str]) -> float:
        """Return the hours from a district to the nearest post of some forces."""
        target = district_numbers(self.world)[district]
        hours = _hours_by_land(self.world, target)
        posts = (post for force in forces for post in self.posts.get(force, ()))
        return min((hours.get(post, inf) for post in posts), default=inf)


def _hours_by_land(world: World, start: int) -> dict[int, float]:
    """Return the hours from a district (row) to all that can be reached by land (Dijkstra).

    `teritwa.world.routes` finds them for all districts, with a library that takes longer to load
    than a scenario to check.
    """
    number = district_numbers(world)
    ways: dict[int, list[tuple[int, float]]] = {row: [] for row in number.values()}
    for link in (link for link in world.links if link.kind != "sea"):
        ways[number[link.a]].append((number[link.b], link.hours))
        ways[number[link.b]].append((number[link.a], link.hours))
    found: dict[int, float] = {}
    waiting = [(0.0, start)]
    while waiting:
        hours, row = heappop(waiting)
        if row not in found:
            found[row] = round(hours, 9)
            for other, longer in ways[row]:
                heappush(waiting, (hours + longer, other))
    return found


def _idle(event: Event, forces: _Forces) -> list[str]:
    """Return why an event does nothing; for an order a line for each target."""
    action = event.action
    if isinstance(action, Operation):
        return _idle_order(action, forces)
    if isinstance(action, Pay):
        return _idle_pay(action, forces)
    if isinstance(action, Base):
        return _idle_base(action, forces)
    if isinstance(action, Offensive):
        return _idle_offensive(action, forces.scenario)
    if isinstance(action, Deploy | Pledge):
        return _never_lands(action, forces)
    return _never_there(action.force, forces) if isinstance(action, Doctrine) else []


def _never_lands(action: Deploy | Pledge, forces: _Forces) -> list[str]:
    """Return why no officer of the mission lands: there is no mandate, or no money."""
    if action.contingent not in forces.mission:
        return []
    if not forces.mandates:
        return ["no event gives the mission a mandate with a ceiling, so nobody lands"]
    return [] if forces.is_paid else ["no event brings money, so nobody lands"]


def _idle_order(action: Operation, forces: _Forces) -> list[str]:
    """Return why no unit can go to the targets of an order, a line for each of these."""
    reasons = ((name, _out_of_reach(name, forces)) for name in action.targets)
    return [f"{name}: {why}" for name, why in reasons if why]


def _never_there(force: str, forces: _Forces) -> list[str]:
    """Return that a force has no unit that operates, if it has none."""
    if force in forces.posts:
        return []
    return [f"no unit of the {force} that operates is there on day 0 or sent later"]


def _idle_base(action: Base, forces: _Forces) -> list[str]:
    """Return why nobody can live in a base that opens."""
    force = action.force or "mission"
    reachable = not action.open or forces.nearest(action.district, (force,)) < inf
    lost = [] if reachable else [f"no way by land leads there for a unit of the {force}"]
    return (_never_there(force, forces) if action.open else []) or lost


def _idle_offensive(action: Offensive, scenario: Scenario) -> list[str]:
    """Return that nobody attacks for a coalition that never forms."""
    forms = any(
        isinstance(event.action, Coalition) and event.action.active for event in scenario.events
    )
    if forms or action.gangs != COALITION:
        return []
    return ["the coalition never forms in this scenario, so nobody attacks; name a gang"]


def _idle_pay(action: Pay, forces: _Forces) -> list[str]:
    """Return why a patience has no effect: own forces do not go home."""
    own = {row.id for row in forces.world.contingents if row.force != "mission"}
    if action.patience is None or action.contingent not in own:
        return []
    return [
        "patience: the country's own forces do not go home; unpaid officers quit one by one "
        "(police_attrition.unpaid_quit_factor)"
    ]


def _out_of_reach(district: str, forces: _Forces) -> str:
    """Return why no unit can go to a district; an empty text if one can."""
    if not forces.posts:
        return "no unit that operates is there on day 0 or sent later"
    near, by_air = (forces.nearest(district, some) for some in (forces.posts, forces.flown))
    if near <= forces.scenario.parameters(0)[REACH]:
        return ""  # other draws need not be looked at, which takes milliseconds for each
    land, air = forces.reach
    if near <= land or by_air <= air:
        return ""
    away = f"the nearest is {near:.1f} hours away" if near < inf else "no way by land leads there"
    return f"no unit is posted within reach: {away}, and {REACH} is at most {land:.1f} hours"
