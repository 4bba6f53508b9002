"""What a number of the model is: its value, unit, range, grade and source; and what a user's mistake is.

A mechanism declares its parameters as fields of one small class:

    class Control(Parameters):
        memory: float = parameter(8.0, "days", between=(3, 21), grade="C", source="assumption", meaning="...")

Scenario files name them ``control.adjustment_time``. Nothing here imports more than the standard library.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

GRADES = {
    "A": "several empirical studies or quasi-experiments agree",
    "B": "one good study or a well-tested operational model",
    "C": "theory or judgement: swept as an uncertainty, never tuned in silence",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a mechanism, with all that a reader asks of it.

    ``low`` and ``high`` bound what a scenario may set; ``source`` names a publication or says *assumption*.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    meaning: str

    @property
    def whole(self) -> bool:
        """Whether the parameter counts things (an integer in the file and in the model)."""
        return isinstance(self.value, int) and not isinstance(self.value, bool)

    @property
    def switch(self) -> bool:
        """Whether the parameter turns a mechanism on or off."""
        return isinstance(self.value, bool)


def parameter(value: float, unit: str, *, between: tuple[float, float], grade: str, source: str, meaning: str) -> Any:
    """Declare a parameter of the class around it; raise ValueError if it cannot be what it says it is."""
    low, high = between
    if not low <= value <= high:
        raise ValueError(f"value {value} outside its own range {low} to {high}")
    if grade not in GRADES:
        raise ValueError(f"grade {grade!r}: must be one of {', '.join(GRADES)}")
    if not source or not meaning or not unit:
        raise ValueError("a parameter needs a unit, a source (or the word assumption) and a meaning")
    return Parameter("", value, unit, low, high, grade, source, meaning)


def switch(*, meaning: str, source: str = "assumption", value: bool = True) -> Any:
    """Declare whether a mechanism, or a part of it, acts: ``true`` or ``false`` in a scenario file."""
    return parameter(value, "true or false", between=(False, True), grade="C", source=source, meaning=meaning)


class Parameters:
    """The numbers of one mechanism: each field a `Parameter`, addressed as ``family.field``."""

    @classmethod
    def declared(cls, family: str) -> Mapping[str, Parameter]:
        """Return the parameters by field name, each carrying its full name ``family.field``."""
        found = {}
        for field, given in vars(cls).items():
            if isinstance(given, Parameter):
                found[field] = replace(given, name=f"{family}.{field}")
        return found
