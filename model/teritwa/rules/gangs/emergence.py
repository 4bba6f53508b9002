"""Emergence: gangs settle again where none is left, rents are to be had and nobody guards them.

A place that was freed of its gangs may have gangs again within a few years. A gang that settles in
a district without fighters is a branch of the gang next door that has most members there or, where
no gang is near, a new gang. A few residents found it. There are more of them where there were many
fighters on day 0: former members, their arms and their names are still there. As on day 0, a gang
that settles under the state is a local group: it takes the district by an attack or not.
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence
from teritwa.rules.gangs.crews import crew_of, find_crew
from teritwa.rules.gangs.extortion import Extortion, rents
from teritwa.rules.gangs.membership import take_from_residents

GANG_TRIES = decision("gang tries to settle in a district without fighters")
GANG_SETTLES = decision("gang that tries to settle succeeds")
FOUNDERS = decision("residents found a gang")
WHICH_GANG = decision("gang that settles in a district")


class Emergence(Parameters):
    """How fast gangs settle in districts without fighters, and with how many members."""

    enabled: bool = switch(meaning="gangs settle in districts without fighters")
    rate: float = parameter(
        1.0,
        "1 per year",
        between=(0.3, 3.0),
        grade="C",
        source="assumption",
        meaning="hazard that a gang settles in a district without fighters and officers, whose "
        "rents are high",
        informed_by="past missions: whether gangs came back after forces left",
    )
    halving_rents: float = parameter(
        300.0,
        "US dollars per day",
        between=(100.0, 1000.0),
        bounds=(0.1, 1_000_000.0),
        grade="C",
        source="assumption: the wages of some 50 fighters",
        meaning="rents of a district at which the hazard is half of that at high rents",
    )
    guard_effect: float = parameter(
        1.0,
        "1 per officer per 1,000 residents",
        between=(0.3, 3.0),
        grade="C",
        source="assumption",
        meaning="how steeply officers who stay at night lower the hazard",
    )
    founders_per_1000: float = parameter(
        0.15,
        "persons per 1,000 people",
        between=(0.05, 0.5),
        grade="C",
        source="assumption: as local groups outside the capital",
        meaning="residents who found a gang where there were no fighters on day 0",
    )
    returning_share: float = parameter(
        0.2,
        "1",
        between=(0.05, 0.5),
        grade="C",
        source="assumption",
        meaning="founders of a gang, relative to the fighters of day 0 in the district",
    )


@rule
def chance_to_settle(
    district: District, emergence: Emergence, available: float, on_duty_share: float
) -> float:
    """Return the probability that who tries to settle in a district without fighters succeeds.

    Args:
        district: The district.
        emergence: The parameters.
        available: The rents that gangs could take there, US dollars a day.
        on_duty_share: The share of officers on duty; those off duty guard as well.
    """
    people = max(1, district.people.residents + district.people.displaced_hosted)
    guards = 1000.0 * district.presence.officers_night / on_duty_share / people
    lure = available / (available + emergence.halving_rents)
    return lure * math.exp(-emergence.guard_effect * guards)


@rule
def count_founders(district: District, emergence: Emergence) -> float:
    """Return how many residents found a gang in a district, on average."""
    people = district.people.residents + district.people.displaced_hosted
    local = 0.001 * emergence.founders_per_1000 * people
    return max(local, emergence.returning_share * district.people.fighters_on_day_0)


@rule
def members_next_door(state: State, gang: int, number: int) -> int:
    """Return the members of a gang in the districts next door by land to a district."""
    place, members = state.districts[number].place, 0
    for row in range(place.first_link, place.last_link):
        link = state.links[row]
        crew = find_crew(state, gang, link.target)
        if not link.sea and crew != NO_ONE:
            members += state.crews[crew].fighters + state.crews[crew].hiding
    return members


@rule
def lot_of_gang(state: State, randomness: Randomness, gang: int, number: int) -> float:
    """Return a gang's lot for a district tonight: the highest settles among equals."""
    place, gang_identity = state.districts[number].identity, state.gangs[gang].identity
    return uniform(randomness, WHICH_GANG, place, gang_identity)


@rule
def gang_next_door(state: State, randomness: Randomness, number: int) -> int:
    """Return the row of the gang with most members next door by land, or NO_ONE."""
    chosen, most, first, place = NO_ONE, 0, 0.0, state.districts[number].place
    for link in range(place.first_link, place.last_link):
        row = state.districts[state.links[link].target].presence.first_crew
        while row != NO_ONE and not state.links[link].sea:
            gang = state.crews[row].gang
            near = members_next_door(state, gang, number)
            if near > 0 and near >= most:
                lot = lot_of_gang(state, randomness, gang, number)
                if near > most or lot > first:
                    chosen, most, first = gang, near, lot
            row = state.crews[row].next_crew
    return chosen


@rule
def gang_to_settle(state: State, randomness: Randomness, number: int) -> int:
    """Return the row of the gang with the strongest claim to settle in a district.

    A gang next door comes first, by its members there. Then come gangs without members, whose row
    a new gang takes, and last the others, by their members elsewhere. Of equals a lot decides.
    """
    chosen, strongest = gang_next_door(state, randomness, number), (-1, 0, 0.0)
    if chosen != NO_ONE:
        return chosen
    for row in range(state.gangs.size):
        members = state.gangs[row].members
        claim = (1 if members == 0 else 0, members, lot_of_gang(state, randomness, row, number))
        if claim > strongest:
            chosen, strongest = row, claim
    return chosen


@rule
def found_gang(state: State, randomness: Randomness, number: int, founders: int) -> None:
    """Let residents of a district found a crew, which claims it unless the state holds it.

    A gang that had no members left is another one from now on: it has no old alliance and no part
    in the coalition, and finds the arms and the cash that the former one left.
    """
    gang = gang_to_settle(state, randomness, number)
    if gang != NO_ONE:
        if state.gangs[gang].members == 0:
            state.gangs[gang].alliance, state.gangs[gang].coalition = 0, False
        crew = state.crews[crew_of(state, gang, number)]
        crew.fighters += founders
        crew.claims_district = state.districts[number].control.holder != STATE
        state.gangs[gang].members += founders
        take_from_residents(state, number, founders)


@rule
def settle_gangs(state: State, randomness: Randomness) -> None:
    """Let gangs settle in districts where no fighter is present or hides.

    Runs at midnight, after recruitment, given the members and officers of tonight.
    """
    trying = 1.0 - math.exp(-Emergence.of(state).rate / 365.0)
    for number in range(state.districts.size):
        district = state.districts[number]
        if (
            district.presence.members == 0
            and uniform(randomness, GANG_TRIES, district.identity) < trying
        ):
            try_to_settle(state, randomness, number)


@rule
def try_to_settle(state: State, randomness: Randomness, number: int) -> None:
    """Let residents of a district without fighters found a gang, unless they are kept from it."""
    emergence, district = Emergence.of(state), state.districts[number]
    available = rents(district, Extortion.of(state))
    chance = chance_to_settle(district, emergence, available, Presence.of(state).on_duty_share)
    if uniform(randomness, GANG_SETTLES, district.identity) < chance:
        lot = uniform(randomness, FOUNDERS, district.identity)
        founders = stochastic_round(count_founders(district, emergence), lot)
        founders = min(founders, district.people.residents)
        if founders > 0:
            found_gang(state, randomness, number, founders)
