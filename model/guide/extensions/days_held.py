"""Days held: for how long each district has been held by whoever holds it."""

from teritwa.engine.extension_points import Companion, scheduled
from teritwa.engine.randomness import Randomness
from teritwa.engine.records import integer_field
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class Tenure(Companion):
    """What is remembered of each district."""

    beside = "districts"
    holder: int = integer_field("row", "who held it yesterday")
    days: int = integer_field("days", "days in a row under one holder")


DAYS_HELD = outcome(
    "days_held",
    "Tenure.days",
    unit="days",
    meaning="days in a row for which one gang, or the state, has held the district",
    stored="i4",
    dimensions=BY_DISTRICT,
)


@scheduled("midnight", after="update_control")
def count_days_held(state: State, randomness: Randomness) -> None:
    """A change of hands begins the count anew."""
    tenure = Tenure.of(state)
    for number in range(state.districts.size):
        holder = state.districts[number].control.holder
        same = holder == tenure[number].holder and randomness.day > 0
        tenure[number].days = tenure[number].days + 1 if same else 1
        tenure[number].holder = holder
