"""Districts of the twin: people, who covers them, and who holds them."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teritwa.simulation.mesa_import import mesa

if TYPE_CHECKING:
    from .gangs import Crew, Gang

POLICE, ARMY, MISSION = range(3)
BY_GANG, BY_POLICE, BY_MISSION, BY_ARMY, BY_BRIGADE = range(5)
CIVILIAN, FIGHTER, OFFICER = range(3)
LN_3 = math.log(3.0)


@dataclass
class Road:
    """A way from one district to the next."""

    target: "District"
    hours: float
    sea: bool


def coverage(armed: float, people: int, constant: float) -> float:
    """Return the share of a district that armed people cover."""
    if armed <= 0.0:
        return 0.0
    density = 1000.0 * armed / max(people, 1)
    return 1.0 - math.exp(-density * LN_3 / constant)


class District(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """A place that the state or a gang holds."""

    def __init__(self, model: Any, identity: int, residents_2015: int) -> None:
        super().__init__(model)
        self.identity, self.residents_2015 = identity, residents_2015
        self.roads: list[Road] = []
        self.hours_to: dict[District, float] = {}  # by land, of those near enough to be known
        self.residents = self.hosted = self.brigade = 0
        self.trust = self.aid_access = self.schools_open = 0.0
        self.influence = self.standing = self.offset = self.influence_next_door = 0.0
        self.holder: Gang | None = None
        self.station, self.attacked_on = False, -1000
        self.crews: list[Crew] = []
        self.fighters = self.members = self.claimants = 0
        self.armed_fighters = 0.0
        self.allied: dict[int, int] = {}
        self.officers_by_day = self.officers_by_night = 0.0
        self.army_by_night = self.mission_by_night = 0.0
        self.fighters_on_day_0, self.free_on_day_0, self.recruitment_pool = 0, 1.0, 1.0
        self.attack_value, self.recent_attacks = 0.0, 0.0
        self.metropolitan, self.cleared_on = False, -1
        self.score = self.believed = self.assigned = self.police_engaged = 0.0
        self.operation_since, self.operation_ended, self.operation_draw = -1, -1000, 0.0
        self.attackers: list[Crew] = []

    @property
    def people(self) -> int:
        """Return all who live here now."""
        return self.residents + self.hosted

    def count_fighters(self) -> None:
        """Count the fighters who are here, by alliance, by claim and by their arms."""
        self.fighters = self.members = self.claimants = 0
        self.armed_fighters, self.allied = 0.0, {}
        for crew in self.crews:
            self.members += crew.fighters + crew.hiding
            self.fighters += crew.fighters
            self.armed_fighters += crew.fighters * crew.gang.effectiveness
            if crew.claims:
                self.claimants += crew.fighters
            side = crew.gang.alliance
            self.allied[side] = self.allied.get(side, 0) + crew.fighters

    def look_next_door(self) -> None:
        """Take in the gangs' influence next door, weighted by residents."""
        weight = total = 0.0
        for road in self.roads:
            weight += road.target.residents_2015 * road.target.influence
            total += road.target.residents_2015
        self.influence_next_door = weight / total if total > 0.0 else 0.0

    def clear_day(self) -> None:
        """Forget the officers of yesterday."""
        self.officers_by_day = self.police_engaged = 0.0

    def clear_night(self) -> None:
        """Forget the officers of last night."""
        self.officers_by_night = self.army_by_night = self.mission_by_night = 0.0

    def watch(self, force: int, strength: float) -> None:
        """Add officers who are on duty at night."""
        self.officers_by_night += strength
        if force == ARMY:
            self.army_by_night += strength
        if force == MISSION:
            self.mission_by_night += strength

    def presence_share(self) -> float:
        """Return the influence that presence alone would give the gangs."""
        control, presence = self.model.values.control, self.model.values.presence
        police_constant = presence.police_coverage_constant
        gangs = coverage(self.claimants, self.people, presence.gang_coverage_constant)
        gangs += control.spillover * self.influence_next_door
        day = coverage(self.officers_by_day, self.people, police_constant)
        night = coverage(self.officers_by_night, self.people, police_constant)
        authority = control.authority * (self.trust / max(self.model.values.trust.baseline, 0.01))
        total = gangs + 0.5 * (day + night) + authority
        return gangs / total if total > 0.0 else 0.5

    def update_influence(self, day: int) -> None:
        """Move influence towards presence and standing, and standing towards influence."""
        control = self.model.values.control
        weight, share = 1.0 - control.standing_weight, self.presence_share()
        if day == 0:
            self.standing, self.offset = self.influence, weight * (self.influence - share)
        target = weight * share + (1.0 - weight) * self.standing + self.offset
        target = min(1.0, max(0.0, target))
        step = 1.0 - math.exp(-1.0 / control.adjustment_time)
        self.influence += step * (target - self.influence)
        step = 1.0 - math.exp(-1.0 / control.standing_time)
        self.standing += step * (self.influence - self.standing)
        self.offset *= 1.0 - (1.0 - math.exp(-1.0 / control.offset_time))

    def name_holder(self) -> None:
        """Name who holds the district; the police leave what the state loses."""
        before, crew = self.holder, self.strongest_claimant()
        if self.influence < 0.5:
            self.holder = None
        elif crew is not None:
            self.holder = crew.gang
        if before is None and self.holder is not None:
            self.abandon()

    def strongest_claimant(self) -> "Crew | None":
        """Return the largest crew that claims the district; of equals a lot for the run decides."""
        claimants = [crew for crew in self.crews if crew.claims and crew.fighters > 0]
        most = max((crew.fighters for crew in claimants), default=0)
        largest = [crew for crew in claimants if crew.fighters == most]
        if len(largest) > 1:
            return min(largest, key=lambda crew: crew.lot_of_run())
        return largest[0] if largest else None

    def refuge(self) -> "District":
        """Return the nearest district that the state holds, the largest of equally near ones."""
        best, nearest = self, math.inf
        for other, hours in self.hours_to.items():
            if other is not self and other.holder is None and hours < math.inf:
                larger = other.residents_2015 > best.residents_2015
                if hours < nearest or (hours == nearest and larger):
                    best, nearest = other, hours
        return best

    def abandon(self) -> None:
        """Close the station, and send away the units that live here."""
        self.station, refuge = False, self.refuge()
        for unit in self.model.units:
            if unit.quarters is self:
                unit.quarters = refuge
                if unit.district is self:
                    unit.district = refuge

    def is_quiet(self, day: int) -> bool:
        """Return whether the state holds the district, without crews and attacks for a while."""
        quiet = day - self.attacked_on >= self.model.values.night_posture.quiet_days
        return self.holder is None and self.fighters == 0 and quiet
