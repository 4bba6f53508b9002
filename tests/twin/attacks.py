"""Attacks of the twin: who wins, who dies, and whether the attackers stay."""

from typing import Any

from teritwa.rules.gangs.attack_resolution import (
    ATTACK_SIZE,
    ATTACK_STAYS,
    ATTACK_WON,
    REPELLED_SIZE,
)
from teritwa.rules.gangs.defence import (
    ATTACKERS_KILLED,
    DEFENDERS_KILLED,
    WHO_DIES,
    WHO_KILLS,
)

from .chance import poisson, power_law, share_out, stochastic_round
from .district import BY_ARMY, BY_BRIGADE, BY_GANG, BY_MISSION, BY_POLICE, District, coverage


def odds(attackers: float, defending: float) -> float:
    """Return the probability that attackers are stronger than defenders."""
    if attackers <= 0.0:
        return 0.0
    return attackers * attackers / (attackers * attackers + defending * defending)


class Attack:
    """One night's attack of all crews that chose one district."""

    def __init__(self, model: Any, district: District) -> None:
        self.model, self.district, self.crews = model, district, district.attackers
        self.values = model.values.attack
        self.leader = max(self.crews, key=lambda crew: (crew.sent, -crew.lot_to_lead()))
        self.gang, self.attackers = self.leader.gang, sum(crew.sent for crew in self.crews)
        together = model.coalition_active and self.gang.coalition
        allies = self.values.allies_per_attacker if together else 0.0
        self.strength = self.attackers * self.gang.effectiveness * (1.0 + allies)

    def uniform(self, decision: int, item: int = 0) -> float:
        """Return the district's random number of tonight for a decision."""
        return self.model.uniform(  # type: ignore[no-any-return]
            decision, self.district.identity, item
        )

    def resolve(self, day: int) -> None:
        """Let the attack be won or repelled, people die, and attackers stay."""
        friendly = self.gang.is_at_home(self.district)
        defending = 0.0 if friendly else self.model.defenders(self.district)
        won = self.uniform(ATTACK_WON) < odds(self.strength, defending)
        self.kill_civilians(repelled=not won)
        if not friendly:
            self.district.attacked_on = day
            self.district.recent_attacks += 1.0
            self.kill_attackers(repelled=not won)
            self.kill_officers()
            if won and self.uniform(ATTACK_STAYS) < self.staying(defending):
                self.occupy()

    def kill_civilians(self, *, repelled: bool) -> None:
        """Kill residents, fewer of them if the attack is repelled."""
        values = self.values
        size: float = power_law(
            values.casualty_exponent, 1.0 * values.casualty_maximum, self.uniform(ATTACK_SIZE)
        )
        usual = self.model.lethality * (values.repelled_casualty_factor if repelled else 1.0)
        dead = stochastic_round(usual * size, self.uniform(REPELLED_SIZE))
        self.model.kill_civilians(BY_GANG, self.district, dead)

    def staying(self, defending: float) -> float:
        """Return the probability that attackers who won stay."""
        values, district = self.values, self.district
        constant = self.model.values.presence.gang_coverage_constant
        covered = coverage(1.0 * self.attackers, district.people, constant)
        superiority = odds(self.strength, values.staying_ratio * defending)
        staying: float = values.raid_staying * values.takeover_probability * covered * superiority
        return staying

    def occupy(self) -> None:
        """Let attackers and their friends move in; the police leave."""
        for crew in self.crews:
            if self.gang.is_friend(crew.gang):
                crew.settle(self.district)
        self.district.offset = 0.0
        if self.district.holder is None:
            self.district.abandon()

    def kill_attackers(self, *, repelled: bool) -> None:
        """Let each kind of defenders kill attackers, together at most all of them."""
        district, left = self.district, self.attackers
        police = district.officers_by_night - district.army_by_night - district.mission_by_night
        brigade = self.model.values.self_defence.defence_weight * district.brigade
        parts = {
            BY_POLICE: police, BY_ARMY: district.army_by_night,
            BY_MISSION: district.mission_by_night, BY_BRIGADE: brigade,
        }  # fmt: skip
        lethality = self.values.defender_lethality
        lethality *= self.values.repelled_lethality_factor if repelled else 1.0
        hits = [
            poisson(lethality * part, self.uniform(ATTACKERS_KILLED, kind)) if part > 0.0 else 0
            for kind, part in parts.items()
        ]
        if sum(hits) > 0:
            killed = share_out(min(sum(hits), left), hits, self.uniform(WHO_KILLS))
            for kind, dead in zip(parts, killed, strict=True):
                if dead > 0:
                    self.kill_among_attackers(kind, dead)

    def kill_among_attackers(self, kind: int, dead: int) -> None:
        """Kill attackers of all crews, in proportion to those who are left."""
        lost = share_out(dead, [crew.sent for crew in self.crews], self.uniform(WHO_DIES, kind))
        for crew, number in zip(self.crews, lost, strict=True):
            crew.sent -= crew.lose(kind, self.district, number)

    def kill_officers(self) -> None:
        """Let attackers kill officers where officers defend."""
        if self.district.officers_by_night > 0.0:
            rate = self.values.officer_loss_rate * self.attackers * self.gang.effectiveness
            wanted = poisson(rate, self.uniform(DEFENDERS_KILLED))
            self.model.kill_officers(self.district, wanted)
