"""Actions about gangs: their coalition, their offensives, and prisoners who escape."""

from dataclasses import dataclass
from typing import ClassVar

from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.gangs.prison_break import break_prisons
from teritwa.scenario.actions.action import (
    Action,
    days_key,
    integer_key,
    known_name,
    known_names,
    switch_key,
    title_of,
)
from teritwa.scenario.actions.context import RunRecords
from teritwa.world.codes import COALITION


@dataclass(frozen=True)
class Coalition(Action):
    """The gangs' coalition forms or breaks."""

    key: ClassVar[str] = "coalition"
    active: bool = switch_key("true: its members act as one, false: each for itself")

    def label(self) -> str:
        """Return a few words about the action."""
        return f"gang coalition {'forms' if self.active else 'breaks'}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: whether there is a coalition."""
        return frozenset(("the coalition",))

    def apply(self, run: RunRecords) -> None:
        """Let the coalition act as one, or not."""
        run.coalition.active = self.active


@dataclass(frozen=True)
class Offensive(Action):
    """A gang, or the whole coalition, means to take districts; who wins is left open.

    A district has one offensive at a time: one that begins later takes the place of another.
    """

    key: ClassVar[str] = "offensive"
    gangs: str = known_name(
        "gangs", "gang", "the gang; coalition: its members", also=frozenset((COALITION,))
    )
    targets: tuple[str, ...] = known_names("districts", "district", "the districts it is after")
    duration: int = days_key("days for which it lasts", lowest=1)

    def label(self) -> str:
        """Return a few words about the action."""
        return f"offensive: {', '.join(map(title_of, self.targets[:2]))}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: the offensive on each target."""
        return frozenset(f"the offensive on {name}" for name in self.targets)

    def apply(self, run: RunRecords) -> None:
        """Let the offensive begin."""
        if self.gangs not in run.gangs:
            last_day = run.day + self.duration - 1
            run.coalition.offensive_until = max(run.coalition.offensive_until, last_day)
        run.start(self, self.duration)

    def mark(self, run: RunRecords) -> None:
        """Raise the pull of the targets on the gangs that it is for."""
        factor = float(run.tables["parameters"]["attack"]["offensive_multiplier"][0])
        for name in self.targets:
            district = run.district(name)
            district.orders.offensive_factor = factor
            district.orders.offensive_gang = run.gangs.get(self.gangs, NO_ONE)


@dataclass(frozen=True)
class PrisonBreak(Action):
    """Prisoners escape and can be recruited."""

    key: ClassVar[str] = "prison-break"
    escaped: int = integer_key("how many escape")

    def label(self) -> str:
        """Return a few words about the action."""
        return f"{self.escaped:,} prisoners escape"

    def apply(self, run: RunRecords) -> None:
        """Let the prisoners out."""
        break_prisons(run.state, run.randomness, self.escaped)
