"""Interventions: the dated actions of a scenario are applied at dawn, before any rule acts."""

import math
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

    def next_day(self, today: int) -> float:
        """Return the first day after today on which something is to be done; infinity if none."""
        ends = [end for end, _ in self.records.orders]
        dated = [event.day for event in self.events[:1]]
        return min((day for day in (*ends, *dated) if day > today), default=math.inf)
