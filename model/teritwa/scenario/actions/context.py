"""The records of one run as an action changes them: by the names that scenario files use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from teritwa.engine.randomness import Randomness
from teritwa.engine.records import Array, Views
from teritwa.rules.agents.accounts import Ledger
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.doctrine import NO_OPERATIONS, Doctrine
from teritwa.rules.agents.institutions import (
    Donor,
    GangCoalition,
    GovernanceStatus,
    MissionFund,
    MissionStatus,
)
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State
from teritwa.world import World
from teritwa.world.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)


class Order(Protocol):
    """An action that goes on for some days and marks districts while it does."""

    def mark(self, run: "RunRecords") -> None:
        """Write what the order means into the districts that it names."""


@dataclass
class RunRecords:
    """One run's records: ``tables`` for writing by name, ``state`` for calling rules.

    ``randomness`` is that of the day on which an action is applied.
    """

    world: World
    tables: Mapping[str, Array]
    state: State
    randomness: Randomness = field(default_factory=lambda: Randomness(0, 0, 0))
    orders: list[tuple[int, Order]] = field(default_factory=list)
    """Orders under way, each with the first day on which it is over."""

    def __post_init__(self) -> None:
        """Look up the rows of names, and where their fields lie, once."""
        self.districts = district_numbers(self.world)
        self.gangs = gang_numbers(self.world)
        self.contingents = contingent_numbers(self.world)
        self.donors = donor_numbers(self.world)
        self._districts = Views(District, self.tables["districts"])
        self._contingents = Views(Contingent, self.tables["contingents"])
        self._donors = Views(Donor, self.tables["donors"])
        self._doctrines = Views(Doctrine, self.tables["doctrines"])
        self.mission = MissionStatus().bind(self.tables["mission"], 0)
        self.fund = MissionFund().bind(self.tables["fund"], 0)
        self.governance = GovernanceStatus().bind(self.tables["governance"], 0)
        self.coalition = GangCoalition().bind(self.tables["coalition"], 0)
        self.ledger = Ledger().bind(self.tables["ledger"], 0)

    @property
    def day(self) -> int:
        """The day on which actions are applied, counted from 0."""
        return self.randomness.day

    def district(self, name: str) -> District:
        """Return a view of a district by id."""
        return self._districts[self.districts[name]]

    def contingent(self, name: str) -> Contingent:
        """Return a view of a contingent by id."""
        return self._contingents[self.contingents[name]]

    def donor(self, name: str) -> Donor:
        """Return a view of a donor by id."""
        return self._donors[self.donors[name]]

    def doctrine(self, force: int) -> Doctrine:
        """Return a view of the doctrine of a force by its code."""
        return self._doctrines[force]

    def start(self, order: Order, days: int) -> None:
        """Let an order begin today and last for some days."""
        self.orders.append((self.day + days, order))
        self.mark_districts()

    def end_orders(self, day: int) -> None:
        """End the orders that are over on a day."""
        ongoing = [(end, order) for end, order in self.orders if end > day]
        if len(ongoing) < len(self.orders):
            self.orders = ongoing
            self.mark_districts()

    def mark_districts(self) -> None:
        """Write the orders under way into the districts, and nothing else."""
        table = self.tables["districts"]
        table["orders"]["offensive_factor"], table["orders"]["offensive_gang"] = 1.0, NO_ONE
        table["orders"]["operation_priority"] = 1.0
        table["orders"]["ordered_posture"] = NO_OPERATIONS
        for _, order in self.orders:
            order.mark(self)
