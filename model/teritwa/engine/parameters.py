"""What a number of the model is: its value, unit, bounds, range, grade and source.

A mechanism declares its parameters as fields of one small class, whose family name is that of its
file:

    class Control(Parameters):
        coverage_floor: float = parameter(
            0.1, "1", between=(0.02, 0.3), grade="C", source="assumption", meaning="..."
        )

Scenario files name them ``control.coverage_floor``; a rule reads them as
``Control.of(state).coverage_floor``.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, ClassVar, Self

from teritwa.engine.compiler import StatePart

GRADES = {
    "A": "several empirical studies or quasi-experiments agree",
    "B": "one good study or a well-tested operational model",
    "C": "theory or judgement: swept as an uncertainty, never tuned in silence",
}
"""How well a value is founded."""

BEYOND = 10.0
"""How far above the plausible a number may be set: what is larger is a slip of the unit."""

PUBLISHED_COUNTS = "published counts"
"""What may inform a parameter: the counts that a calibration uses."""


@dataclass(frozen=True)
class Parameter:
    """One number of a mechanism, with all that a reader asks of it.

    A table of a world may replace value, range, grade and source.

    Raises:
        ValueError: If the value is outside its range, the range outside the bounds, the grade
            is not one of `GRADES`, or unit, source or meaning are missing.
    """

    value: float
    """The value where neither a world nor a scenario gives another; an integer counts."""
    unit: str
    """Its unit; "1" for a share or another pure number."""
    _: KW_ONLY
    between: tuple[float, float]
    """The range of plausible values, from which it is drawn."""
    grade: str
    """How well the value is founded, a key of `GRADES`."""
    source: str
    """A publication, a fact of ``seeds/``, or the word *assumption*."""
    meaning: str
    """What it means, for a table."""
    bounds: tuple[float, ...] = ()
    """The lowest and highest value it can have at all. Where none are given, a share is within 0
    and 1, and any other number within 0 and `BEYOND` times the highest plausible value."""
    scales: bool = False
    """Whether it counts something in a whole country and grows with a world's size."""
    lever: str = ""
    """Why it is a choice of policy and not ignorance; empty where it is not."""
    informed_by: str = PUBLISHED_COUNTS
    """What may inform it."""
    name: str = ""
    """Its full name, ``family.field``; within the class of its family, that of the field."""

    def __post_init__(self) -> None:
        """Fill in the bounds and check the declaration."""
        low, high = self.between
        if not self.bounds:
            object.__setattr__(self, "bounds", self._usual_bounds())
        if not self.bounds[0] <= low <= self.value <= high <= self.bounds[1]:
            ends = f"its own range {low} to {high}, or bounds {self.bounds}"
            raise ValueError(f"value {self.value} outside {ends}")
        if self.grade not in GRADES:
            raise ValueError(f"grade {self.grade!r}: must be one of {', '.join(GRADES)}")
        if not (self.source and self.meaning and self.unit):
            raise ValueError("a parameter needs a unit, a source (or assumption) and a meaning")

    def _usual_bounds(self) -> tuple[float, float]:
        is_share = self.unit == "1" and self.high <= 1.0
        return 0.0, 1.0 if is_share else BEYOND * self.high

    @property
    def low(self) -> float:
        """The lowest plausible value."""
        return self.between[0]

    @property
    def high(self) -> float:
        """The highest plausible value."""
        return self.between[1]

    @property
    def integral(self) -> bool:
        """Whether the parameter counts things: an integer in the file and in the model."""
        return isinstance(self.value, int) and not isinstance(self.value, bool)

    @property
    def switch(self) -> bool:
        """Whether the parameter turns a mechanism on or off."""
        return isinstance(self.value, bool)

    @property
    def field(self) -> str:
        """The name within its family."""
        return self.name.rpartition(".")[2]

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the name within the family."""
        object.__setattr__(self, "name", name)

    def __get__(self, instance: "Parameters | None", owner: type) -> Any:
        """Return the value in a run; on the class, return the declaration."""
        if instance is None:
            return self
        return instance.columns[self.field].item(0)


parameter: Callable[..., Any] = Parameter
"""Declare a parameter: a `Parameter`, which the class that holds it types as a rule reads it."""


def switch(*, meaning: str, source: str = "assumption", value: bool = True) -> Any:
    """Declare whether a mechanism, or a part of it, is on: ``true`` or ``false`` in a file."""
    limits = (False, True)
    return parameter(
        value,
        "true or false",
        between=limits,
        bounds=limits,
        grade="C",
        source=source,
        meaning=meaning,
    )


class Parameters(StatePart):
    """The numbers of one mechanism: each field a `Parameter`, addressed as ``family.field``.

    An instance is a view of the values in one run.
    """

    family: ClassVar[str]
    """The name of the file in which the class stands."""

    columns: Mapping[str, Any]

    def __init_subclass__(cls) -> None:
        """Name the family after its file."""
        super().__init_subclass__()
        cls.family = cls.__module__.rpartition(".")[2]
        cls.state_path = f"parameters.{cls.family}"

    @classmethod
    def declared(cls) -> Mapping[str, Parameter]:
        """Return the parameters by field name, each carrying its full name ``family.field``."""
        return {
            field: replace(given, name=f"{cls.family}.{field}")
            for field, given in vars(cls).items()
            if isinstance(given, Parameter)
        }

    @classmethod
    def of(cls, state: Any) -> Self:
        """Return the family's values in a run, as a rule reads them."""
        found: Self = getattr(state.parameters, cls.family)
        return found

    def bind(self, columns: Mapping[str, Any]) -> Self:
        """Point this view at the values of a run and return it."""
        self.columns = columns
        return self
