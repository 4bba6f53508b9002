"""Surrender: fighters in hiding give up, one by one."""

from teritwa.engine.extension_points import scheduled
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, uniform
from teritwa.rules.agents.state import State

SURRENDERS = decision("hidden fighters surrender")


class Surrender(Parameters):
    """How fast hidden fighters give up."""

    enabled: bool = switch(meaning="fighters in hiding surrender")
    weekly_rate: float = parameter(
        0.02,
        "1 per week",
        between=(0.0, 0.1),
        grade="C",
        source="assumption",
        meaning="share of hidden fighters who surrender in a week",
    )


@scheduled("night", before="crews_return")
def surrender(state: State, randomness: Randomness) -> None:
    """Some fighters in hiding become residents of their crew's district."""
    rules = Surrender.of(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if rules.enabled and crew.hiding > 0:
            number = uniform(randomness, SURRENDERS, crew.identity)
            gone = min(crew.hiding, poisson(rules.weekly_rate / 7.0 * crew.hiding, number))
            crew.hiding -= gone
            state.districts[crew.district].people.residents += gone
            state.ledger.deserted += gone
