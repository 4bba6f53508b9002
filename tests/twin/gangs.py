"""Gangs and crews of the twin: rivalry, targets of attacks, recruits and deserters."""

import math
from typing import Any

from teritwa.engine.randomness import identity
from teritwa.rules.districts.presence import IS_STRONGEST
from teritwa.rules.forces.night_posture import CREW_RETURNS
from teritwa.rules.gangs.attack_planning import CREW_ATTACKS, CREW_TARGET, LEADS, SENT_OUT
from teritwa.rules.gangs.attack_resolution import SETTLES
from teritwa.rules.gangs.gang_rivalry import BYSTANDER, RIVALS_KILL
from teritwa.rules.gangs.membership import CREW_CHANGES, HIDDEN_CHANGE
from teritwa.simulation.mesa_import import mesa

from .chance import poisson, stochastic_round
from .district import BY_GANG, FIGHTER, District, Road

CREW_BORN = identity("crew of a gang in a district")
LEAST_CAPACITY = 1.0e-9


class Gang(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """An armed organisation with allies."""

    def __init__(self, model: Any, identity: int) -> None:
        super().__init__(model)
        self.identity, self.alliance = identity, 0
        self.coalition = self.boats = False
        self.effectiveness = 1.0
        self.crews: list[Crew] = []

    def is_friend(self, other: "Gang") -> bool:
        """Return whether two gangs act together."""
        allied = self.alliance > 0 and self.alliance == other.alliance
        partners = self.coalition and other.coalition and self.model.coalition_active
        return self is other or allied or partners

    def is_at_home(self, district: District) -> bool:
        """Return whether the gang or a friend holds a district."""
        return district.holder is not None and self.is_friend(district.holder)

    def pull(self, district: District) -> float:
        """Return how strongly a district attracts an attack tonight."""
        return 0.0 if self.is_at_home(district) else district.attack_value

    def crew_in(self, district: District) -> "Crew":
        """Return the gang's crew in a district, a new one if it has none."""
        for crew in self.crews:
            if crew.district is district:
                return crew
        return Crew(self.model, self, district)


class Crew(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """The fighters of one gang in one district."""

    def __init__(self, model: Any, gang: Gang, district: District) -> None:
        super().__init__(model)
        self.gang, self.district = gang, district
        self.identity = (gang.identity * 31 + district.identity * 17 + CREW_BORN) % 2**32
        self.fighters = self.hiding = 0
        self.claims = False
        self.target: District | None = None
        self.sent = self.facing = 0
        for crews in (model.crews, gang.crews, district.crews):
            crews.append(self)

    def uniform(self, decision: int, item: int = 0) -> float:
        """Return the crew's random number of today for a decision."""
        return self.model.uniform(decision, self.identity, item)  # type: ignore[no-any-return]

    def lot_of_run(self) -> float:
        """Return the crew's lot for the run: of equals the lowest is the strongest."""
        return self.model.uniform(IS_STRONGEST, self.identity, day=0)  # type: ignore[no-any-return]

    def lot_to_lead(self) -> float:
        """Return the crew's lot of tonight: of equals the lowest leads the attack."""
        return self.uniform(LEADS)

    def lose(self, perpetrator: int, district: District, wanted: int) -> int:
        """Let fighters of the crew die in a district; return how many do."""
        dead = min(wanted, self.fighters)
        if dead > 0:
            self.fighters -= dead
            self.model.count_deaths(perpetrator, FIGHTER, dead)
        return max(0, dead)

    def come_back(self, day: int) -> None:
        """Come out of hiding, if the crew is strong enough for who is there by night."""
        posture, home = self.model.values.night_posture, self.district
        if self.hiding == 0 or day - home.cleared_on < posture.return_delay:
            return
        guards = home.officers_by_night / self.model.values.presence.on_duty_share
        guards += self.model.values.self_defence.defence_weight * home.brigade
        hidden, wanted = self.hiding * self.gang.effectiveness, posture.guard_ratio * guards
        strength = hidden * hidden / (hidden * hidden + wanted * wanted) if hidden > 0.0 else 0.0
        if self.uniform(CREW_RETURNS) < 1.0 - math.exp(-posture.return_hazard * strength):
            self.fighters, self.hiding = self.fighters + self.hiding, 0
            home.cleared_on = -1

    # Rivalry

    def face_rivals(self) -> None:
        """Count how many of the crew face hostile fighters here or next door by land."""
        self.facing = 0
        if self.fighters > 0:
            near = [road.target for road in self.district.roads if not road.sea]
            hostile = self.hostile_in(self.district) + sum(map(self.hostile_in, near))
            if self.gang.alliance == 0:
                hostile -= self.fighters
                hostile -= sum(crew.fighters for crew in self.gang.crews if crew.district in near)
            self.facing = max(0, min(self.fighters, hostile))

    def hostile_in(self, district: District) -> int:
        """Return the fighters in a district who are not of the gang's old alliance."""
        friends = district.allied.get(self.gang.alliance, 0) if self.gang.alliance > 0 else 0
        return sum(district.allied.values()) - friends

    def fight_rivals(self, rate: float) -> None:
        """Let people die in fights with rivals: bystanders, and fighters of the crew."""
        dead = poisson(rate * self.facing, self.uniform(RIVALS_KILL))
        share = self.model.values.gang_rivalry.bystander_share
        bystanders = sum(self.uniform(BYSTANDER, item) < share for item in range(dead))
        self.model.kill_civilians(BY_GANG, self.district, bystanders)
        self.lose(BY_GANG, self.district, dead - bystanders)

    # Attacks

    def company(self) -> tuple[int, int, int]:
        """Return with how many fighters the crew acts as one, and the address of their chance."""
        together = self.model.coalition_active and self.gang.coalition
        if self.gang.alliance == 0 and not together:
            return self.fighters, self.identity, 0
        if together:
            friends, side = sum(self.district.allied.values()), 0
        else:
            side = self.gang.alliance
            friends = self.district.allied.get(side, 0)
        return max(self.fighters, friends), self.district.identity, side

    def can_reach(self, road: Road) -> bool:
        """Return whether the crew attacks over a road, or over the sea with boats."""
        near: bool = road.hours <= self.model.values.attack.reach
        return near and (self.gang.boats or not road.sea)

    def weigh_targets(self) -> list[tuple[District, float]]:
        """Return the districts that the crew may attack and their pulls, its own first."""
        home, attack = self.district, self.model.values.attack
        pull = self.gang.pull(home)
        targets = [(home, pull if pull > 0.0 else attack.home_pull * home.people / 1000.0)]
        for road in home.roads:
            if self.can_reach(road):
                pull = self.gang.pull(road.target)
                if pull > 0.0:
                    targets.append((road.target, pull))
        return targets

    def plan_attack(self, per_fighter: float) -> None:
        """Decide whether to attack tonight, where, and with how many fighters."""
        self.target, self.sent = None, 0
        if self.fighters == 0:
            return
        attack = self.model.values.attack
        company, who, side = self.company()
        rate = per_fighter * company * self.gang.effectiveness
        lot = self.model.uniform(CREW_ATTACKS, who, side)
        if lot >= max(1.0, attack.home_pull) * rate:
            return
        targets = self.weigh_targets()
        prey = len(targets) > 1 or self.gang.pull(self.district) > 0.0
        if lot < 1.0 - math.exp(-(1.0 if prey else attack.home_pull) * rate):
            self.target = choose(targets, self.model.uniform(CREW_TARGET, who, side))
            self.sent = stochastic_round(attack.sent_share * self.fighters, self.uniform(SENT_OUT))
            if self.sent == 0:
                self.target = None

    def settle(self, district: District) -> None:
        """Move a share of the attackers who are left into a district, and claim it."""
        share = self.model.values.attack.settling_share * self.sent
        moved, there = stochastic_round(share, self.uniform(SETTLES)), self.gang.crew_in(district)
        self.fighters -= moved
        there.fighters += moved
        there.claims = True

    # Membership

    def change_membership(self) -> None:
        """Recruit residents of the district, and let members desert."""
        membership, home = self.model.values.membership, self.district
        growth = membership.recruitment_rate / 700.0 * home.recruitment_pool * resentment(home)
        growth *= free_share(home) / home.free_on_day_0
        joining, leaving = max(0.0, growth), max(0.0, -growth) + membership.desertion_rate / 700.0
        joins, leaves = self.model.two_uniforms(CREW_CHANGES, self.identity)
        joined, left = (
            poisson(joining * self.fighters, joins),
            poisson(leaving * self.fighters, leaves),
        )
        joined_hidden = left_hidden = 0
        if self.hiding > 0:
            joins, leaves = self.model.two_uniforms(HIDDEN_CHANGE, self.identity)
            joined_hidden = poisson(membership.dormancy * joining * self.hiding, joins)
            left_hidden = poisson(leaving * self.hiding, leaves)
        joined = min(joined, home.residents)
        joined_hidden = min(joined_hidden, home.residents - joined)
        left, left_hidden = min(left, self.fighters), min(left_hidden, self.hiding)
        self.fighters += joined - left
        self.hiding += joined_hidden - left_hidden
        home.residents -= joined + joined_hidden
        home.brigade = min(home.brigade, home.residents)
        home.residents += left + left_hidden


def choose(targets: list[tuple[District, float]], number: float) -> District:
    """Return a target, drawn in proportion to the pulls."""
    total = 0.0
    for _, pull in targets:
        total += pull
    left, chosen = number * total, targets[0][0]
    for district, pull in targets:
        if left < 0.0:
            break
        chosen = district
        left -= pull
    return chosen


def capacity(district: District) -> float:
    """Return how many members of gangs a district can have."""
    membership = district.model.values.membership
    ruled = district.holder is not None or district.claimants > 0
    share = membership.capacity_share if ruled else membership.local_capacity_share
    usual = membership.capacity_ratio * district.fighters_on_day_0
    most: float = max(LEAST_CAPACITY, share * district.people, usual)
    return most


def free_share(district: District) -> float:
    """Return the share of a district's capacity for members that is free."""
    free: float = 1.0 - district.members / capacity(district)
    return free


def resentment(district: District) -> float:
    """Return the factor of missing trust on recruitment."""
    trust = district.model.values.trust
    missing = trust.baseline - district.trust
    factor: float = 1.0 + trust.resentment_effect * missing / max(trust.baseline, 0.01)
    return max(0.0, factor)
