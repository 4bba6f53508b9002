"""Operations of the twin: the police fight crews, bystanders die, and crews may be driven out."""

import math
from typing import Any

from teritwa.rules.forces.clearing import SURRENDERS
from teritwa.rules.forces.operations import (
    BYSTANDERS_KILLED,
    FIGHTERS_ARRESTED,
    FIGHTERS_KILLED,
    OFFICERS_KILLED,
    WHO_IS_ARRESTED,
    WHO_IS_KILLED,
)

from .chance import poisson, share_out, stochastic_round
from .district import BY_POLICE, POLICE, District


class Operation:
    """One day of the police in one district with crews."""

    def __init__(self, model: Any, district: District) -> None:
        self.model, self.district = model, district
        self.values, self.raid = model.values.operations, model.values.raid
        self.officers, self.armed = district.police_engaged, district.armed_fighters

    def uniform(self, decision: int) -> float:
        """Return the district's random number of today for a decision about the police."""
        return self.model.uniform(  # type: ignore[no-any-return]
            decision, self.district.identity, POLICE
        )

    def conduct(self) -> None:
        """Let crews ambush officers, officers strike crews, and crews perhaps give way."""
        self.ambush()
        self.strike()
        values = self.values
        joint = values.uncoordinated_share
        joint = self.officers * (joint + (1.0 - joint) * self.model.coordination)
        ratio = joint / self.armed if self.armed > 0.0 else 1.0e9
        odds = values.clearing_exponent * (math.log(values.clearing_force_ratio) - math.log(ratio))
        if self.district.operation_draw < 1.0 / (1.0 + math.exp(odds)):
            self.drive_out()

    def ambush(self) -> None:
        """Let crews kill officers."""
        rate = self.values.ambush_loss_rate * self.values.duration_hours * self.raid.losses
        rate *= self.armed * self.officers / (self.officers + self.armed)
        wanted = poisson(rate, self.uniform(OFFICERS_KILLED))
        self.model.kill_officers(self.district, wanted, POLICE)

    def strike(self) -> None:
        """Let the police kill and arrest fighters, and kill bystanders."""
        district, values, raid = self.district, self.values, self.raid
        known = self.model.detection(district)
        density = 1000.0 * district.fighters / max(1, district.people)
        contact = known * density / (density + values.contact_constant)
        kills = raid.lethality * (
            values.lethality * self.officers * values.duration_hours * contact
        )
        dead = poisson(kills, self.uniform(FIGHTERS_KILLED))
        for crew, number in self.among_crews(dead, WHO_IS_KILLED):
            crew.lose(BY_POLICE, district, number)
        collateral = raid.bystanders * values.collateral_ratio * (1.0 - known) * kills
        bystanders = poisson(collateral, self.uniform(BYSTANDERS_KILLED))
        self.model.kill_civilians(BY_POLICE, district, bystanders)
        arrests = poisson(raid.arrests * kills, self.uniform(FIGHTERS_ARRESTED))
        for crew, number in self.among_crews(arrests, WHO_IS_ARRESTED):
            crew.fighters -= number

    def among_crews(self, wanted: int, decision: int) -> list[tuple[Any, int]]:
        """Divide losses among the crews of the district, in proportion to their fighters."""
        crews = self.district.crews
        claims = [crew.fighters for crew in crews]
        lost = min(wanted, sum(claims))
        if lost <= 0:
            return []
        return list(zip(crews, share_out(lost, claims, self.uniform(decision)), strict=True))

    def drive_out(self) -> None:
        """Drive all crews into hiding; a share of their fighters surrenders."""
        for crew in self.district.crews:
            if crew.fighters > 0:
                share = self.raid.surrender * crew.fighters
                crew.fighters -= min(
                    crew.fighters, stochastic_round(share, crew.uniform(SURRENDERS))
                )
                crew.hiding, crew.fighters = crew.hiding + crew.fighters, 0
        self.district.cleared_on, self.district.offset = self.model.day, 0.0
