"""Headquarters of the twin: where the police operate, with which units, and for how long."""

import math
from typing import Any

from teritwa.rules.forces.dispatch import (
    CREW_CLEARED,
    GOES_FIRST,
    JOINS_OPERATION,
    TARGET_FIRST,
)
from teritwa.rules.forces.tasking import BELIEF_DAYS, JUDGES

from .chance import normal
from .district import POLICE, District
from .police import PoliceUnit


class Headquarters:
    """Those who command the police."""

    def __init__(self, model: Any) -> None:
        self.model, self.values, self.free = model, model.values, dict[District, float]()

    def lot(self, decision: int, identity: int, item: int = 0) -> float:
        """Return a random number that lasts as long as a belief."""
        period = self.model.day // BELIEF_DAYS
        return self.model.uniform(  # type: ignore[no-any-return]
            decision, identity, item, day=period
        )

    def command(self) -> None:
        """Let operations go on, end and begin, and give each unit its task."""
        model = self.model
        for district in model.districts:
            self.judge(district)
        self.end_operations()
        self.begin_operations()
        for district in model.districts:
            if district.operation_since == model.day:
                district.operation_draw = model.uniform(CREW_CLEARED, district.identity)
        for unit in model.units:
            unit.go()

    def begin_operations(self) -> None:
        """Send units to the best targets, as far as officers are free near them."""
        units = [
            unit for unit in self.model.units if unit.contingent.force == POLICE and unit.mobile
        ]
        self.count_free(units)
        for district in self.targets() if units else []:
            free, wanted = self.free[district], self.wanted(district)
            begun = district.operation_since >= 0
            least = 0.0 if begun else self.values.tasking.least_share * wanted
            if free > 0.0 and free >= least:
                self.send(units, district, min(wanted, free))

    def judge(self, district: District) -> None:
        """Score a district as a target, and estimate its fighters, with an error."""
        district.score = district.believed = 0.0
        if district.fighters > 0 and (district.metropolitan or district.claimants > 0):
            unknown = 1.0 - self.model.detection(district)
            error = normal(self.lot(JUDGES, district.identity))
            mistaken = math.exp(self.values.tasking.judgement_error * unknown * error)
            district.score, district.believed = mistaken, district.fighters * mistaken

    def is_over(self, district: District) -> bool:
        """Return whether an operation has succeeded, or is given up."""
        since, patience = district.operation_since, self.values.raid.patience
        given_up: bool = self.model.day - since >= patience
        return since < 0 or district.fighters == 0 or given_up

    def end_operations(self) -> None:
        """Release units whose operation is over, and count those who go on."""
        for district in self.model.districts:
            district.assigned = 0.0
        for unit in self.model.units:
            unit.district = unit.quarters
            self.carry_on(unit)
        for district in self.model.districts:
            if district.operation_since >= 0 and district.assigned <= 0.0:
                district.operation_since, district.operation_ended = -1, self.model.day
            elif district.operation_since < 0 and district.assigned > 0.0:
                district.operation_since = self.model.day

    def carry_on(self, unit: PoliceUnit) -> None:
        """Release a unit whose operation is over, or count it there."""
        if unit.operation is not None:
            if self.is_over(unit.operation) or not unit.mobile:
                unit.operation = None
            else:
                unit.operation.assigned += unit.able

    def count_free(self, units: list[PoliceUnit]) -> None:
        """Count the officers who may still go to each district: a share of those near it."""
        share = self.values.tasking.own_share_out * math.exp(self.model.mood_of_operations)
        share, offered = max(0.0, min(1.0, share)), dict.fromkeys(self.model.districts, 0.0)
        for unit in units:
            unit.turn = self.lot(GOES_FIRST, unit.identity)
            committed = unit.able if unit.operation is not None else 0.0
            offered[unit.quarters] += share * unit.able - committed
        self.free = dict.fromkeys(self.model.districts, 0.0)
        for district, officers in offered.items():
            self.offer(district, officers)

    def offer(self, quarters: District, officers: float) -> None:
        """Add officers to those who may go to the districts near their quarters."""
        for district, hours in quarters.hours_to.items():
            if hours <= self.values.tasking.reach:
                self.free[district] += officers

    def wanted(self, district: District) -> float:
        """Return how many officers are still wanted for a district."""
        wanted: float = self.values.raid.force_ratio * district.believed - district.assigned
        return wanted

    def may_go(self, district: District) -> bool:
        """Return whether the police may go to a district, if they have the officers."""
        if district.score <= 0.0 or self.wanted(district) <= 0.0:
            return False
        if district.operation_since >= 0:
            return not self.is_over(district)
        rested: bool = self.model.day - district.operation_ended >= self.values.tasking.rest_days
        return rested

    def targets(self) -> list[District]:
        """Return the districts where the police may go, the best first."""
        tasking, found = self.values.tasking, []
        for district in self.model.districts:
            if self.may_go(district):
                deep = tasking.deep_territory_weight
                score = district.score * (
                    deep + (1.0 - deep) * (1.0 - district.influence_next_door)
                )
                score *= tasking.baseline_attacks + district.recent_attacks
                lot = self.model.uniform(TARGET_FIRST, district.identity)
                found.append((-score, lot, district))
        return [district for _, _, district in sorted(found, key=lambda one: one[:2])]

    def send(self, units: list[PoliceUnit], district: District, wanted: float) -> None:
        """Send the nearest free units to a district, as many officers as are wanted."""
        near = []
        for unit in units:
            hours = district.hours_to.get(unit.quarters, math.inf)
            if unit.operation is None and hours <= self.values.tasking.reach:
                near.append((hours, unit.turn, unit))
        for _, _, unit in sorted(near, key=lambda one: one[:2]):
            if wanted <= 0.0:
                break
            part, officers = min(unit.able, wanted), unit.able
            lot = self.lot(JOINS_OPERATION, unit.identity, district.identity)
            self.offer(unit.quarters, -part)
            wanted -= part
            if part >= officers or lot * officers < part:
                unit.operation = district
                district.assigned += officers
                if district.operation_since < 0:
                    district.operation_since = self.model.day
