"""Police attrition: officers of the country's police quit, and cadets replace some of them."""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import (
    Randomness,
    decision,
    identity,
    poisson,
    stochastic_round,
    uniform,
)
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.police_unit import POLICE, STATION, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.ranking import put_candidate, rank_candidates, sift_down

OFFICERS_QUIT = decision("officers quit")
CADETS_JOIN = decision("cadets join")
IS_NEEDIEST = decision("cadets choose among equally needy stations")
ACADEMY = identity("police academy")


class PoliceAttrition(Parameters):
    """How fast officers quit, and how many cadets join."""

    enabled: bool = switch(meaning="police officers quit and cadets join")
    annual_rate: float = parameter(
        11.2,
        "% per year",
        between=(8.0, 16.0),
        grade="C",
        source="assumption",
        meaning="share of police officers who leave the force in a year",
    )
    unpaid_quit_factor: float = parameter(
        4.0,
        "1",
        between=(1.0, 12.0),
        bounds=(0.0, 100.0),
        grade="C",
        source="assumption",
        meaning="factor on the rate of leaving the force while nothing is paid",
    )
    cadets_per_year: int = parameter(
        300,
        "officers per year",
        between=(0, 800),
        grade="C",
        source="assumption",
        meaning="cadets who join the available officers in a year",
        scales=True,
    )


@rule
def quit_rate(annual_rate: float, unpaid_factor: float, share_paid: float) -> float:
    """Return the share of officers who quit in a day; it rises with the share that is not paid.

    Args:
        annual_rate: Share who quit while all is paid, % per year.
        unpaid_factor: Factor on it while nothing is paid.
        share_paid: Share of the pay that is paid.
    """
    # From % per year to 1 per day.
    return annual_rate / 36500.0 * (1.0 + (unpaid_factor - 1.0) * (1.0 - share_paid))


@rule
def lose_officers(state: State, randomness: Randomness) -> None:
    """Remove the officers and soldiers of the country who quit today."""
    attrition = PoliceAttrition.of(state)
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        if not contingent.foreign and unit.officers > 0:
            rate = quit_rate(
                attrition.annual_rate, attrition.unpaid_quit_factor, contingent.cost_share_paid
            )
            gone = min(
                unit.officers,
                poisson(rate * unit.officers, uniform(randomness, OFFICERS_QUIT, unit.identity)),
            )
            unit.officers -= gone
            contingent.officers -= gone
            state.ledger.officers_left += gone


@rule
def need(state: State, unit: PoliceUnit) -> float:
    """Return how many people share an officer of a station, if one more joins it."""
    return 1.0 * state.districts[unit.district].place.residents_2015 / (unit.officers + 1.0)


@rule
def takes_cadets(state: State, unit: PoliceUnit) -> bool:
    """Return whether a unit is a police station in a district that the state holds."""
    of_police = unit.kind == STATION and state.contingents[unit.contingent].force == POLICE
    return of_police and state.districts[unit.district].control.holder == STATE


@rule
def list_stations(state: State, randomness: Randomness, joining: int) -> int:
    """Write the police stations that may get a cadet into ``candidates``.

    They are those in districts that the state holds, without such as are less needy than another
    would be if it got all cadets. Of equally needy ones a random one comes first.

    Args:
        state: The state.
        randomness: The random numbers of the day.
        joining: How many cadets join today.

    Returns:
        How many there are.
    """
    stations, highest = 0, 0.0
    for row in range(state.counters.units):
        if takes_cadets(state, state.units[row]):
            highest = max(highest, need(state, state.units[row]))
    for row in range(state.counters.units):
        unit = state.units[row]
        if takes_cadets(state, unit) and need(state, unit) * (1.0 + joining) >= highest:
            lot = uniform(randomness, IS_NEEDIEST, unit.identity)
            put_candidate(state, stations, row, need(state, unit), lot)
            stations += 1
    return stations


@rule
def post_cadets(state: State, randomness: Randomness) -> None:
    """Post each cadet who joins today to the police station with most people per officer."""
    joining = stochastic_round(
        PoliceAttrition.of(state).cadets_per_year / 365.0, uniform(randomness, CADETS_JOIN, ACADEMY)
    )
    stations = list_stations(state, randomness, joining) if joining > 0 else 0
    rank_candidates(state, stations)
    for _ in range(joining if stations > 0 else 0):
        neediest = state.candidates[0]
        unit = state.units[neediest.number]
        unit.officers += 1
        state.contingents[unit.contingent].officers += 1
        state.ledger.officers_joined += 1
        neediest.score = need(state, unit)
        sift_down(state, 0, stations)
