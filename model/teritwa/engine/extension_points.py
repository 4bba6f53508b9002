"""What a rule outside the package declares: where it stands in the day, and fields of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from teritwa.engine.compiler import Rule, StatePart
from teritwa.engine.records import Record, Rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule of an extension is called: in which phase, before or after which rule."""

    phase: str
    before: str = ""
    after: str = ""

    @property
    def neighbour(self) -> str:
        """The rule beside which it is called; empty at the end of a phase."""
        return self.before or self.after


class ScheduledRule(Rule[..., None]):
    """A rule that knows where it is called."""

    def __init__(self, plain: Callable[..., None], place: Place) -> None:
        super().__init__(plain)
        self.place = place


def scheduled(
    phase: str, *, before: str = "", after: str = ""
) -> Callable[[Callable[..., None]], "ScheduledRule"]:
    """Mark a function of state and randomness as a rule that is called once a day.

    Args:
        phase: The phase of the day: a function of `teritwa.rules.schedule` that takes state and
            randomness, such as ``night`` or ``midnight``.
        before: The rule of that phase before which it is called.
        after: The rule after which it is called; with neither it is the last of its phase.

    Raises:
        ValueError: If both ``before`` and ``after`` are given.
    """
    if before and after:
        raise ValueError("a rule stands before a rule or after one, not both")

    def mark(function: Callable[..., None]) -> "ScheduledRule":
        return ScheduledRule(function, Place(phase, before, after))

    return mark


class Companion(Record, StatePart):
    """Further fields of each row of a population, for the rules of an extension.

    A subclass names the population in ``beside`` (a table of the state, such as ``districts``);
    its row ``i`` belongs to row ``i`` there. All fields begin at zero.
    """

    beside: ClassVar[str]
    place: ClassVar[int] = -1
    """Its place among the companions of the state, from when its file is loaded."""

    @classmethod
    def stand_at(cls, place: int) -> None:
        """Take a place among the companions of the state."""
        cls.place, cls.state_path = place, f"companions[{place}]"

    @classmethod
    def of(cls, state: Any) -> Rows[Self]:
        """Return the rows of the companion in a run, as a rule reads and writes them."""
        found: Rows[Self] = state.companions[cls.place]
        return found
