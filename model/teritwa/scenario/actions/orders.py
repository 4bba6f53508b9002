"""Actions that give the forces orders and doctrines."""

from dataclasses import dataclass
from typing import ClassVar

from teritwa.rules.agents.doctrine import NO_OPERATIONS
from teritwa.scenario.actions.action import (
    Action,
    ActionKey,
    action_key,
    days_key,
    known_names,
    require_one,
    share_key,
    title_of,
    word_key,
)
from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.reader.field_reader import FieldReader
from teritwa.world.codes import FIRST, FORCES, POSTURES

OPERATIONS, PRESENCES = POSTURES[:3], POSTURES[3:]
"""Postures of operations, and those of units that are present and do not operate."""

NONE = "none"
"""Stands for no operations of a force's own."""


def _number_key(meaning: str, lowest: float, highest: float) -> ActionKey:
    """Return a key that is a number in a range and need not be given."""

    def read(reader: FieldReader, key: str) -> float | None:
        return reader.number(key, lowest, highest) if key in reader.items else None

    return ActionKey(meaning, read)


def _optional_days(meaning: str) -> ActionKey:
    def read(reader: FieldReader, key: str) -> int | None:
        return reader.days(key, 1, required=True) if key in reader.items else None

    return ActionKey(meaning, read, lambda days: f"{days} days")


def _read_force(reader: FieldReader, key: str) -> str:
    return reader.one_of(key, FORCES, "force")


@dataclass(frozen=True)
class Operation(Action):
    """Police, army and mission give districts priority together, in a posture if one is given.

    They send mobile units that are free and within reach; a force without operations of its own, as
    the army at the start, joins in those of orders.
    """

    key: ClassVar[str] = "operation"
    targets: tuple[str, ...] = known_names("districts", "district", "where they are to operate")
    duration: int = days_key("days for which the order lasts", lowest=1)
    posture: str | None = word_key(
        OPERATIONS, "posture", f"one of {', '.join(OPERATIONS)}; as doctrine has it, if not given"
    )

    def label(self) -> str:
        """Return a few words about the action."""
        return f"operation: {', '.join(map(title_of, self.targets[:2]))}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: the posture ordered in each target, if one is given."""
        named = () if self.posture is None else self.targets
        return frozenset(f"the posture ordered in {name}" for name in named)

    def apply(self, run: RunRecords) -> None:
        """Let the order begin."""
        run.start(self, self.duration)

    def mark(self, run: RunRecords) -> None:
        """Raise the priority of the targets."""
        priority = float(run.tables["parameters"]["tasking"]["priority_factor"][0])
        for name in self.targets:
            orders = run.district(name).orders
            orders.operation_priority = priority
            if self.posture is not None:
                orders.ordered_posture = POSTURES.index(self.posture)


@dataclass(frozen=True)
class Doctrine(Action):
    """A force changes how it acts, from then on; what is not given stays as it is."""

    key: ClassVar[str] = "doctrine"
    force: str = action_key(ActionKey(f"one of {', '.join(FORCES)}", _read_force))
    operations: str | None = word_key(
        (*OPERATIONS, NONE), "posture", f"posture of its operations: {', '.join(OPERATIONS)}, none"
    )
    at_home: str | None = word_key(
        PRESENCES, "posture", f"posture of units that do not operate: {', '.join(PRESENCES)}"
    )
    first: str | None = word_key(FIRST, "preference", f"where it goes first: {', '.join(FIRST)}")
    share_out: float | None = share_key("share of its able officers who may be out at once")
    force_ratio: float | None = action_key(
        _number_key("officers wanted for each fighter believed in a target", 0.01, 100.0), None
    )
    garrison: float | None = action_key(
        _number_key("officers who stay in a cleared district, per 1,000 people", 0.0, 1000.0), None
    )
    patience: int | None = action_key(
        _optional_days("days after which an operation is given up"), None
    )
    hand_over: int | None = action_key(
        _optional_days("days without an attack after which a district is handed over"), None
    )

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if nothing but the force is given."""
        require_one(reader, tuple(cls.keys())[1:], "nothing")

    def label(self) -> str:
        """Return a few words about the action."""
        given = [getattr(self, name) for name in ("operations", "at_home") if getattr(self, name)]
        return f"{self.force}: {', '.join(given) or 'doctrine changes'}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: each part of the doctrine that is given."""
        given = (key for key in tuple(self.keys())[1:] if getattr(self, key) is not None)
        return frozenset(f"{key} of the {self.force}" for key in given)

    def apply(self, run: RunRecords) -> None:
        """Write what is given into the force's doctrine."""
        doctrine = run.doctrine(FORCES.index(self.force))
        if self.operations is not None:
            no = self.operations == NONE
            doctrine.operations = NO_OPERATIONS if no else POSTURES.index(self.operations)
        if self.at_home is not None:
            doctrine.at_home = POSTURES.index(self.at_home)
        if self.first is not None:
            doctrine.first = FIRST.index(self.first)
        for name in ("share_out", "force_ratio", "garrison", "patience", "hand_over"):
            if getattr(self, name) is not None:
                setattr(doctrine, name, getattr(self, name))
