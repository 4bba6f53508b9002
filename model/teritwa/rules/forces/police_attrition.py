"""The Haitian police wears out: officers quit, cadets replace some of them.

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
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.police_unit import POLICE, STATION
from teritwa.rules.agents.state import State

OFFICERS_QUIT = decision("officers quit")
CADETS_JOIN = decision("cadets join")
ACADEMY = identity("police academy")


class PoliceAttrition(Parameters):
    """How the Haitian police shrinks and grows."""

    enabled: bool = switch(meaning="Haitian officers quit and cadets join")
    annual_rate: float = parameter(
        11.2,
        "% per year",
        between=(8.0, 16.0),
        grade="C",
        source="assumption",
        meaning="share of Haitian officers who leave the force in a year",
    )
    cadets_per_year: int = parameter(
        300,
        "officers per year",
        between=(0, 800),
        grade="C",
        source="assumption",
        meaning="new officers a year among those available",
        scales=True,
    )


@rule
def lose_officers(state: State, randomness: Randomness) -> None:
    """Haitian officers and soldiers quit at a yearly rate."""
    rate = PoliceAttrition.of(state).annual_rate / 36500.0
    for row in range(state.counters.units):
        unit = state.units[row]
        contingent = state.contingents[unit.contingent]
        if not contingent.foreign and unit.officers > 0:
            gone = min(
                unit.officers,
                poisson(rate * unit.officers, uniform(randomness, OFFICERS_QUIT, unit.identity)),
            )
            unit.officers -= gone
            contingent.officers -= gone
            state.ledger.officers_left += gone


@rule
def post_cadets(state: State, randomness: Randomness) -> None:
    """Each cadet joins the station with most people an officer, among those in places that the state holds."""
    joining = stochastic_round(
        PoliceAttrition.of(state).cadets_per_year / 365.0, uniform(randomness, CADETS_JOIN, ACADEMY)
    )
    for _ in range(joining):
        best = -1
        need = 0.0
        for row in range(state.counters.units):
            unit = state.units[row]
            district = state.districts[unit.district]
            if (
                unit.kind == STATION
                and district.control.holder == STATE
                and state.contingents[unit.contingent].force == POLICE
            ):
                short = 1.0 * district.place.residents_2015 / (unit.officers + 1.0)
                if short > need:
                    best, need = row, short
        if best >= 0:
            unit = state.units[best]
            unit.officers += 1
            state.contingents[unit.contingent].officers += 1
            state.ledger.officers_joined += 1
