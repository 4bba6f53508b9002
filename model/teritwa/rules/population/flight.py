"""Flight: people flee from killings, from gangs that take their district, and from menace.

The displaced of 2024 fled where gangs killed, but most of all where they took or besieged places
(Solino, Nazon, Gressier, Ganthier). Residents and displaced people who stay there flee alike.
`teritwa.rules.population.displacement` declares the parameters and finds hosts.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import outcome
from teritwa.rules.population.displacement import Displacement, place_displaced

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
    for district in state.districts:
        note_takeover(district, randomness.day, displacement.quiet_days)
        count_fleeing(district, randomness, displacement)
    for number in range(state.districts.size):
        night = state.districts[number].night
        if night.fleeing > 0:
            address = state.districts[number].identity
            leave_home(state, number, uniform(randomness, WHERE_TO, address))
        if night.fleeing_again > 0:
            flee_again(state, randomness, number)


@rule
def count_fleeing(district: District, randomness: Randomness, displacement: Displacement) -> None:
    """Set how many residents of a district, and how many people hosted there, flee today."""
    people, night, address = district.people, district.night, district.identity
    share = share_fleeing(district, randomness.day, displacement)
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
def share_fleeing(district: District, day: int, displacement: Displacement) -> float:
    """Return the share of a district's people who flee today, whatever their reason.

    After a takeover the same share flees each day, so that all together are the share declared.
    From menace people leave once a week, on a day of the district's own.
    """
    people = district.people.residents + district.people.displaced_hosted
    if people <= 0:
        return 0.0
    share = displacement.displaced_per_killed * district.counts.civilians_killed / people
    once_a_week = (day + district.identity) % 7 == 0  # few leave in a day, and hosts take time
    if once_a_week and is_menaced(district, day, displacement.recent_attack_days):
        share += 7.0 * displacement.menace_share
    taken = district.people.under_gang and displacement.takeover_share > 0.0
    if taken and day - district.people.fallen_on < displacement.takeover_days:
        staying = max(1.0e-9, 1.0 - displacement.takeover_share)
        share += 1.0 - math.exp(math.log(staying) / displacement.takeover_days)
    return min(displacement.daily_share_limit, share)


@rule
def leave_home(state: State, origin: int, number: float) -> None:
    """Displace the residents who flee from a district today; they stay if no host is safe.

    Args:
        state: The state.
        origin: The district's row.
        number: A uniform random number in [0, 1).
    """
    people, fleeing = state.districts[origin].people, state.districts[origin].night.fleeing
    gone = place_displaced(state, origin, origin, fleeing, number)
    people.residents -= gone
    people.displaced_from += gone
    people.brigade = min(people.brigade, people.residents)
    state.daily.newly_displaced += gone


@rule
def flee_again(state: State, randomness: Randomness, place: int) -> None:
    """Let displaced people flee from the district that hosts them, in proportion to their origins.

    Systematic sampling: whole persons that add up to those who flee today.

    Args:
        state: The state.
        randomness: The random numbers of the day.
        place: The row of the hosting district.
    """
    district, fleeing = state.districts[place], state.districts[place].night.fleeing_again
    lot = uniform(randomness, HOSTED_WHO, district.identity)
    seen, before, everybody = 0, 0, district.people.displaced_hosted
    for origin in range(state.districts.size):
        hosted = state.displaced[origin, place]
        if hosted > 0:
            seen += hosted
            until = min(fleeing, int(fleeing * (1.0 * seen / everybody) + lot))
            moving = min(until - before, hosted)
            before += moving
            if moving > 0:
                origin_identity = state.districts[origin].identity
                where = uniform(randomness, HOSTED_WHERE_TO, district.identity, origin_identity)
                found = place_displaced(state, origin, place, moving, where)
                state.displaced[origin, place] -= found
                district.people.displaced_hosted -= found
