"""An extension for tests: its rule changes nothing, and gives one more outcome by district."""

from teritwa.engine.extension_points import Companion, scheduled
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness
from teritwa.engine.records import real_field
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class WeightedFighters(Parameters):
    """The weight of a fighter."""

    weight: float = parameter(
        1.0, "1", between=(0.5, 4.0), grade="C", source="assumption", meaning="weight of a fighter"
    )


class FighterWeights(Companion):
    """What the rule notes for each district."""

    beside = "districts"
    total: float = real_field("persons", "weighted number of gang fighters")


WEIGHTED_FIGHTERS = outcome(
    "weighted_fighters",
    "FighterWeights.total",
    unit="persons",
    meaning="weighted number of gang fighters",
    stored="f4",
    dimensions=BY_DISTRICT,
)


@scheduled("midnight")
def weigh_fighters(state: State, randomness: Randomness) -> None:
    """Note the weighted number of fighters of each district."""
    weights, rows = WeightedFighters.of(state), FighterWeights.of(state)
    for number in range(state.districts.size):
        rows[number].total = weights.weight * state.districts[number].presence.fighters
