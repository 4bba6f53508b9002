"""Officers of the twin: contingents, and the units that stay where they live."""

from dataclasses import dataclass
from typing import Any

from teritwa.simulation.mesa_import import mesa

from .district import District


@dataclass
class Contingent:
    """The officers that one authority sends."""

    force: int
    readiness: float


class PoliceUnit(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """A formation that acts as one."""

    def __init__(self, model: Any, contingent: Contingent, home: District) -> None:
        super().__init__(model)
        self.contingent = contingent
        self.home = self.quarters = self.district = home
        self.officers, self.coverage = 0, 1.0

    @property
    def on_duty(self) -> float:
        """Return the effective officers on duty at any time."""
        presence = self.model.values.presence
        strength: float = self.officers * self.contingent.readiness
        if self.contingent.force == 2:
            strength *= presence.mission_effect
        return strength

    def be_present_by_day(self) -> None:
        """Add those on duty to the officers of the district."""
        share = self.model.values.presence.on_duty_share * self.coverage
        self.district.officers_by_day += self.on_duty * share

    def be_present_by_night(self) -> None:
        """Add those on duty to the officers who hold and defend the district by night."""
        share = self.model.values.presence.on_duty_share
        self.quarters.watch(self.contingent.force, share * self.on_duty * self.coverage)

    def return_home(self, day: int) -> None:
        """Move back to the first base once it is quiet there and has a station."""
        if self.quarters is not self.home and self.home.station and self.home.is_quiet(day):
            self.quarters = self.home
