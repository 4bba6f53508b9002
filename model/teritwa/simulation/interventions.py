"""Interventions: the dated actions of a scenario are applied at dawn, before any rule acts."""

from dataclasses import dataclass

from teritwa.engine.randomness import Randomness
from teritwa.scenario.actions import RunRecords
from teritwa.scenario.events import Dated


@dataclass
class Interventions:
    """Applies the events of one run, in order, to its records."""

    records: RunRecords
    events: list[Dated]
    """What is still to come, sorted by day."""

    def begin_day(self, randomness: Randomness) -> None:
        """End the orders that are over, and apply the events of a day."""
        self.records.randomness = randomness
        self.records.end_orders(randomness.day)
        while self.events and self.events[0].day <= randomness.day:
            self.events.pop(0).action.apply(self.records)
