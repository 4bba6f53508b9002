"""Flight: people flee from killings, from gangs that take their district, and from menace.

People flee where gangs kill, but most of all where they take or besiege places. Residents and
displaced people who stay there flee alike. `teritwa.rules.population.displacement` declares the
parameters, and `teritwa.rules.population.hosts` finds hosts.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.travel import destination_to
from teritwa.rules.moods import mood_factor
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.displacement import Displacement, is_day_of_the_week
from teritwa.rules.population.hosts import settle, settle_at_hosts, share_hosts

FLEE = decision("residents flee")
HOSTED_FLEE = decision("hosted people flee again")
HOSTED_WHO = decision("hosted people who flee have their origins")
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
    """Let people flee from each district from which they have reason to flee today.

    Runs at midnight. Residents flee first, then the displaced people hosted there. All numbers are
    set before anybody moves, so that the order of districts does not decide who flees.
    """
    displacement = Displacement.of(state)
    usual = mood_factor(state.moods.flight)
    for district in state.districts:
        note_takeover(district, randomness.day, displacement.quiet_days)
        count_fleeing(district, randomness, displacement, usual)
    for number in range(state.districts.size):
        night = state.districts[number].night
        if night.fleeing + night.fleeing_again > 0 and share_hosts(state, number):
            leave_home(state, randomness, number)
            flee_again(state, randomness, number)


@rule
def count_fleeing(
    district: District, randomness: Randomness, displacement: Displacement, usual: float
) -> None:
    """Set how many residents of a district, and how many people hosted there, flee today.

    Args:
        district: The district.
        randomness: The random numbers of the day.
        displacement: The parameters.
        usual: Factor on all who flee: how readily people flee these days.
    """
    people, night, address = district.people, district.night, district.identity
    share = share_fleeing(district, randomness.day, displacement, usual)
    night.fleeing = night.fleeing_again = 0
    if share > 0.0:
        leaving = stochastic_round(share * people.residents, uniform(randomness, FLEE, address))
        night.fleeing = min(people.residents, leaving)
        leaving = stochastic_round(
            share * people.displaced_hosted, uniform(randomness, HOSTED_FLEE, address)
        )
        night.fleeing_again = min(people.displaced_hosted, leaving)


@rule
def note_takeover(district: District, day: int, least_days: int) -> None:
    """Note the day on which a gang took a district, unless one took it shortly before."""
    under_gang = district.control.holder != STATE
    people = district.people
    if under_gang and not people.under_gang and day - people.fallen_on > least_days:
        people.fallen_on = day
    people.under_gang = under_gang


@rule
def is_menaced(district: District, day: int, memory: int) -> bool:
    """Whether people fear for their district: attacked recently, or claimed but not held by a gang.

    Args:
        district: The district.
        day: Today, counted from 0.
        memory: Days after an attack during which people fear the next.
    """
    attacked: bool = day - district.control.attacked_on < memory
    contested = district.control.holder == STATE and district.presence.claimant_fighters > 0
    return attacked or contested


@rule
def share_fleeing(district: District, day: int, displacement: Displacement, usual: float) -> float:
    """Return the share of a district's people who flee today, whatever their reason.

    After a takeover the same share flees each day, so that all together are the share declared.
    From menace people leave once a week, on a day of the district's own.

    Args:
        district: The district.
        day: Today, counted from 0.
        displacement: The parameters.
        usual: Factor on the share: how readily people flee these days.
    """
    people = district.people.residents + district.people.displaced_hosted
    if people <= 0:
        return 0.0
    share = displacement.displaced_per_killed * district.counts.civilians_killed / people
    menaced = is_menaced(district, day, displacement.recent_attack_days)
    if menaced and is_day_of_the_week(district, day):
        share += 7.0 * displacement.menace_share
    taken = district.people.under_gang and displacement.takeover_share > 0.0
    if taken and day - district.people.fallen_on < displacement.takeover_days:
        staying = max(1.0e-9, 1.0 - displacement.takeover_share)
        share += 1.0 - math.exp(math.log(staying) / displacement.takeover_days)
    return min(displacement.daily_share_limit, usual * share)


@rule
def leave_home(state: State, randomness: Randomness, origin: int) -> None:
    """Displace the residents who flee from a district today.

    Args:
        state: The state, with the shares of hosts in ``pulls``.
        randomness: The random numbers of the day.
        origin: The district's row.
    """
    district = state.districts[origin]
    people, fleeing = district.people, district.night.fleeing
    where = uniform(randomness, WHERE_TO, district.identity) if fleeing > 0 else 0.0
    itself = destination_to(state, origin, origin)
    gone = settle_at_hosts(state, origin, itself, fleeing, where)
    people.residents -= gone
    people.displaced_from += gone
    people.brigade = min(people.brigade, people.residents)
    state.daily.newly_displaced += gone


@rule
def flee_again(state: State, randomness: Randomness, place: int) -> None:
    """Let displaced people flee from the district that hosts them, in proportion to their origins.

    Args:
        state: The state, with the shares of hosts in ``pulls``.
        randomness: The random numbers of the day.
        place: The row of the hosting district.
    """
    district = state.districts[place]
    if district.night.fleeing_again > 0:
        number = uniform(randomness, HOSTED_WHO, district.identity)
        flee_by_origin(state, randomness, place, number)


@rule
def flee_by_origin(state: State, randomness: Randomness, place: int, number: float) -> None:
    """Let displaced people of each origin flee from the district that hosts them.

    Systematic sampling: whole persons that add up to those who flee today.

    Args:
        state: The state, with the shares of hosts in ``pulls``.
        randomness: The random numbers of the day.
        place: The row of the hosting district.
        number: A uniform random number in [0, 1).
    """
    district, fleeing = state.districts[place], state.districts[place].night.fleeing_again
    seen, before, everybody = 0, 0, district.people.displaced_hosted
    mark = (1.0 - number) * everybody / fleeing  # the first whose turn it is
    for row in range(district.place.first_destination, district.place.last_destination):
        hosted = int(state.hosted[row])
        seen += hosted
        if hosted > 0 and seen >= mark and before < fleeing:
            until = max(before + 1, int(fleeing * (1.0 * seen / everybody) + number))
            moving = min(until, fleeing) - before
            before += moving
            mark = (before + 1.0 - number) * everybody / fleeing
            found = move_on(state, randomness, row, place, min(moving, hosted))
            settle(state, state.destinations[row].host, place, -found)


@rule
def move_on(state: State, randomness: Randomness, row: int, place: int, people: int) -> int:
    """Let displaced people of one origin flee again; return how many found another host.

    Args:
        state: The state, with the shares of hosts in ``pulls``.
        randomness: The random numbers of the day.
        row: The row of the destination from the district that hosts them to their origin.
        place: The row of that district.
        people: How many flee.
    """
    origin = state.destinations[row].host
    where = uniform(
        randomness,
        HOSTED_WHERE_TO,
        state.districts[place].identity,
        state.districts[origin].identity,
    )
    return settle_at_hosts(state, place, row, people, where)
