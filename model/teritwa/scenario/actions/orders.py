"""Actions that give the forces orders."""

from dataclasses import dataclass
from typing import ClassVar

from teritwa.scenario.actions.action import Action, days_key, known_names, title_of
from teritwa.scenario.actions.context import RunRecords


@dataclass(frozen=True)
class Operation(Action):
    """Police and mission give districts priority together."""

    key: ClassVar[str] = "operation"
    targets: tuple[str, ...] = known_names("districts", "district", "where they are to operate")
    duration: int = days_key("days for which the order lasts", lowest=1)

    def label(self) -> str:
        """Return a few words about the action."""
        return f"operation: {', '.join(map(title_of, self.targets[:2]))}"

    def apply(self, run: RunRecords) -> None:
        """Let the order begin."""
        run.start(self, self.duration)

    def mark(self, run: RunRecords) -> None:
        """Raise the priority of the targets."""
        priority = float(run.tables["parameters"]["tasking"]["priority_factor"][0])
        for name in self.targets:
            run.district(name).orders.operation_priority = priority
