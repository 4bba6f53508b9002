"""Flight: people flee from districts in which gangs kill, residents and displaced people alike.

The number of people who flee follows the civilians killed: in 2024 some 250 persons were displaced
for each. `teritwa.rules.population.displacement` declares the parameters and finds hosts.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.displacement import Displacement, place_displaced

FLEE = decision("residents flee")
HOSTED_FLEE = decision("hosted people flee again")
HOSTED_WHERE_TO = decision("hosted people who flee choose where to go")
WHERE_TO = decision("fleeing people choose where to go")

NEWLY_DISPLACED = outcome(
    "newly_displaced",
    "daily.newly_displaced",
    unit="persons per day",
    meaning="residents who fled that day",
    stored="i4",
)


@rule
def flee(state: State, randomness: Randomness) -> None:
    """Let people flee from each district in which gangs killed civilians today.

    Runs at midnight. Residents flee first, then the displaced people hosted there. All numbers are
    set before anybody moves, so that the order of districts does not decide who flees.
    """
    for district in state.districts:
        district.night.fleeing = count_fleeing(district, randomness, Displacement.of(state))
    for origin in range(state.districts.size):
        district = state.districts[origin]
        if district.night.fleeing > 0:
            leave_home(state, origin, uniform(randomness, WHERE_TO, district.identity))
            flee_again(state, randomness, origin)


@rule
def count_fleeing(district: District, randomness: Randomness, displacement: Displacement) -> int:
    """Return how many residents of a district flee today, by the civilians killed there."""
    killed, residents = district.counts.civilians_killed, district.people.residents
    people = residents + district.people.displaced_hosted
    if killed <= 0 or people <= 0:
        return 0
    share = displacement.displaced_per_killed * killed / people
    share = min(displacement.daily_share_limit, share)
    number = uniform(randomness, FLEE, district.identity)
    return min(residents, stochastic_round(share * residents, number))


@rule
def leave_home(state: State, origin: int, number: float) -> None:
    """Displace the residents who flee from a district today; they stay if no host is safe.

    Args:
        state: The state.
        origin: The district's row.
        number: A uniform random number in [0, 1).
    """
    district = state.districts[origin]
    gone = place_displaced(state, origin, origin, district.night.fleeing, number)
    people = district.people
    people.residents -= gone
    people.displaced_from += gone
    people.brigade = min(people.brigade, people.residents)
    state.daily.newly_displaced += gone


@rule
def flee_again(state: State, randomness: Randomness, place: int) -> None:
    """Let displaced people flee from the district that hosts them, by the same share as residents.

    Args:
        state: The state.
        randomness: The noise of the run today.
        place: The row of the hosting district, whose residents have already left.
    """
    district = state.districts[place]
    fleeing = district.night.fleeing
    share = 1.0 * fleeing / max(1, district.people.residents + fleeing)
    for origin in range(state.districts.size):
        hosted = state.displaced[origin, place]
        if hosted > 0:
            number = uniform(randomness, HOSTED_FLEE, district.identity, origin)
            moving = min(hosted, stochastic_round(share * hosted, number))
            where = uniform(randomness, HOSTED_WHERE_TO, district.identity, origin)
            found = place_displaced(state, origin, place, moving, where)
            state.displaced[origin, place] -= found
            district.people.displaced_hosted -= found
