"""Returns: displaced people go home, late and slowly, as their district becomes safe.

Nobody goes home to a district that a gang holds or has attacked of late. To others people return
the faster the safer they are: where gangs have little influence, and schools and hospitals work.
They go once a week, on a day of their district's own.
`teritwa.rules.population.displacement` declares the parameters.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.displacement import Displacement, is_day_of_the_week
from teritwa.rules.population.hosts import settle

GO_HOME = decision("displaced people go home")
FROM_WHERE = decision("returning people leave their hosts")

RETURNED = outcome(
    "returned",
    "daily.returned",
    unit="persons per day",
    meaning="displaced persons who went home that day",
    stored="i4",
)


@rule
def return_home(state: State, randomness: Randomness) -> None:
    """Let displaced people go home to districts that have been quiet for some time, once a week.

    Runs at midnight, after people fled, given how safe each district is today.
    """
    displacement = Displacement.of(state)
    for origin in range(state.districts.size):
        district = state.districts[origin]
        calm = randomness.day - district.control.attacked_on >= displacement.quiet_days
        away = district.people.displaced_from
        may_return = district.control.holder == STATE and calm
        if away > 0 and may_return and is_day_of_the_week(district, randomness.day):
            number = uniform(randomness, GO_HOME, district.identity)
            share = 1.0 - (1.0 - displacement.return_rate) ** 7
            returning = min(away, stochastic_round(share * state.safety[origin] * away, number))
            if returning > 0:
                where = uniform(randomness, FROM_WHERE, district.identity)
                recall_from_hosts(state, origin, returning, where)


@rule
def recall_from_hosts(state: State, origin: int, returning: int, number: float) -> None:
    """Take returning people from their hosts, in proportion to how many each hosts.

    Systematic sampling: whole persons that add up to ``returning``.

    Args:
        state: The state.
        origin: The row of the district to which they return.
        returning: How many return; at most all who are displaced from there.
        number: A uniform random number in [0, 1).
    """
    place, people = state.districts[origin].place, state.districts[origin].people
    seen, before, away = 0, 0, people.displaced_from
    mark = (1.0 - number) * away / returning  # the first whose turn it is
    for row in range(place.first_destination, place.last_destination):
        hosted = int(state.displaced[row])
        seen += hosted
        if hosted > 0 and seen >= mark and before < returning:
            until = max(before + 1, int(returning * (1.0 * seen / away) + number))
            leaving = min(until, returning) - before
            settle(state, origin, state.destinations[row].host, -min(leaving, hosted))
            before += min(leaving, hosted)
            mark = (before + 1.0 - number) * away / returning
    people.displaced_from -= before
    people.residents += before
    state.daily.returned += before
