"""Prison breaks: where escaped prisoners go. Dated events of a scenario bring them about.

The parameters are those of `teritwa.rules.gangs.membership`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.membership import Membership

PRISONER_JOINS = decision("escaped prisoners join crews")


@rule
def break_prisons(state: State, randomness: Randomness, escaped: int) -> None:
    """Let prisoners escape: a share joins crews of the capital, the others become residents.

    This is not a rule of the day: dated events of a scenario call it.

    Args:
        state: The state.
        randomness: The noise of the run today.
        escaped: How many prisoners escape; at most all of them do.
    """
    out = min(escaped, state.ledger.prisoners)
    share = Membership.of(state).escapee_joining_share
    joining = stochastic_round(share * out, 0.5)  # to the nearest whole number
    fighters = 0
    for row in range(state.counters.crews):
        if is_in_capital(state, state.crews[row]):
            fighters += state.crews[row].fighters
    if fighters > 0:
        add_escapees(state, joining, fighters, uniform(randomness, PRISONER_JOINS, COUNTRY))
    else:
        joining = 0
    state.ledger.prisoners -= out
    state.ledger.escaped += out
    state.ledger.escaped_to_gangs += joining
    release_into_city(state, out - joining)


@rule
def is_in_capital(state: State, crew: Crew) -> bool:
    """Whether a crew stands in the capital."""
    return state.districts[crew.district].place.metropolitan


@rule
def add_escapees(state: State, joining: int, fighters: int, number: float) -> None:
    """Distribute escaped prisoners over the crews of the capital, by their fighters.

    Systematic sampling: whole persons, in proportion to fighters, that add up to ``joining``.

    Args:
        state: The state.
        joining: How many escaped prisoners join crews.
        fighters: The fighters of all crews of the capital, at least one.
        number: A uniform random number in [0, 1).
    """
    seen, before = 0, 0
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if is_in_capital(state, crew):
            seen += crew.fighters
            until = joining
            if seen < fighters:
                until = min(joining, int(joining * (1.0 * seen / fighters) + number))
            crew.fighters += until - before
            before = until


@rule
def release_into_city(state: State, people: int) -> None:
    """Make people residents of the most populous district with a prison.

    Where no district has a prison, the most populous of all takes them.
    """
    largest = 0
    for number in range(state.districts.size):
        district, best = state.districts[number], state.districts[largest]
        # Districts with a prison come before those without.
        here = (district.place.prison, district.people.residents)
        if here > (best.place.prison, best.people.residents):
            largest = number
    state.districts[largest].people.residents += people
