"""Officers of the twin: contingents, their units, and where units are by day and night."""

from dataclasses import dataclass
from typing import Any

from teritwa.simulation.mesa_import import mesa

from .district import MISSION, District


@dataclass
class Contingent:
    """The officers that one authority sends."""

    force: int
    readiness: float


class PoliceUnit(mesa.Agent):  # type: ignore[misc]  # Mesa ships no types
    """A formation that acts as one."""

    def __init__(self, model: Any, contingent: Contingent, home: District) -> None:
        super().__init__(model)
        self.contingent, self.identity = contingent, 0
        self.home = self.quarters = self.district = home
        self.station = False
        self.officers, self.coverage = 0, 1.0  # coverage is that of its posture at home
        self.operation: District | None = None
        self.operates_in: District | None = None
        self.turn = 0.0

    @property
    def able(self) -> float:
        """Return the officers who are able to operate."""
        return self.officers * self.contingent.readiness

    @property
    def effective(self) -> float:
        """Return the officers who are able, weighted by their effect."""
        presence = self.model.values.presence
        weight: float = presence.mission_effect if self.contingent.force == MISSION else 1.0
        return self.able * weight

    @property
    def mobile(self) -> bool:
        """Return whether the unit can go out."""
        return not self.station and self.officers > 0

    def go(self) -> None:
        """Go out to the operation, if the unit is on one."""
        self.operates_in = self.operation if self.mobile else None
        if self.operates_in is not None:
            self.district = self.operates_in

    def be_present_by_day(self) -> None:
        """Add those on duty to the officers of the district, or all where the unit operates."""
        if self.operates_in is not None:
            self.district.officers_by_day += self.effective
            self.district.police_engaged += self.effective
        else:
            share = self.model.values.presence.on_duty_share * self.coverage
            self.district.officers_by_day += self.effective * share

    def withdraw(self) -> None:
        """Return before dark, unless the posture keeps the unit for most of the night."""
        if self.operates_in is not None and self.model.values.raid.night_share < 0.5:
            self.district = self.quarters

    def be_present_by_night(self) -> None:
        """Add those on duty to the officers who hold and defend a district by night."""
        force, on_duty = self.contingent.force, self.model.values.presence.on_duty_share
        if self.operates_in is None:
            self.quarters.watch(force, on_duty * self.effective * self.coverage)
        else:
            share, strength = self.model.values.raid.night_share, on_duty * self.effective
            self.operates_in.watch(force, share * strength)
            self.quarters.watch(force, (1.0 - share) * strength)

    def return_home(self, day: int) -> None:
        """Move back to the first base once it is quiet there and has a station."""
        if self.quarters is not self.home and self.home.station and self.home.is_quiet(day):
            self.quarters = self.home
