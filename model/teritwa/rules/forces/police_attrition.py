"""Police attrition: officers of the Haitian police quit, and cadets replace some of them.

1,663 of about 14,000 left in 2023 (UN Secretary-General, January 2024); 796 cadets were in training
at its end.
"""

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
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.police_unit import POLICE, STATION, PoliceUnit
from teritwa.rules.agents.state import State

OFFICERS_QUIT = decision("officers quit")
CADETS_JOIN = decision("cadets join")
IS_NEEDIEST = decision("cadets choose among equally needy stations")
ACADEMY = identity("police academy")


class PoliceAttrition(Parameters):
    """How fast officers quit, and how many cadets join."""

    enabled: bool = switch(meaning="Haitian officers quit and cadets join")
    annual_rate: float = parameter(
        11.2,
        "% per year",
        between=(8.0, 16.0),
        grade="C",
        source="assumption",
        meaning="share of Haitian officers who leave the force in a year",
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
    """Remove the Haitian officers and soldiers who quit today."""
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
def lot_of_station(randomness: Randomness, unit: PoliceUnit) -> float:
    """Return a station's lot of today: of equally needy ones the lowest gets a cadet."""
    return uniform(randomness, IS_NEEDIEST, unit.identity)


@rule
def neediest_station(state: State, randomness: Randomness) -> int:
    """Return the row of the police station with most people per officer, or NO_ONE.

    Only stations in districts that the state holds count. Of equals a random one is taken.
    """
    best, highest, first = NO_ONE, 0.0, 1.0
    for row in range(state.counters.units):
        unit = state.units[row]
        district, contingent = state.districts[unit.district], state.contingents[unit.contingent]
        of_police = unit.kind == STATION and contingent.force == POLICE
        if of_police and district.control.holder == STATE:
            need = 1.0 * district.place.residents_2015 / (unit.officers + 1.0)
            if need >= highest:
                lot = lot_of_station(randomness, unit)
                if need > highest or lot < first:
                    best, highest, first = row, need, lot
    return best


@rule
def post_cadets(state: State, randomness: Randomness) -> None:
    """Post each cadet who joins today to the neediest police station."""
    joining = stochastic_round(
        PoliceAttrition.of(state).cadets_per_year / 365.0, uniform(randomness, CADETS_JOIN, ACADEMY)
    )
    for _ in range(joining):
        best = neediest_station(state, randomness)
        if best != NO_ONE:
            unit = state.units[best]
            unit.officers += 1
            state.contingents[unit.contingent].officers += 1
            state.ledger.officers_joined += 1
