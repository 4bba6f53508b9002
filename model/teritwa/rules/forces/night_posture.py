"""Hold (M10): what becomes of a cleared place at night, and when the police come back for good.

The hazard that a hidden crew returns is h0 * exp(-kappa * officers per 1,000 people at night).
Without a forward base officers leave before dark, so that next to nobody holds the place (the
reports of January 2025 say that retaken areas are lost again for want of forward bases, fact S68).
"""

import math

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.institutions import UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import OPERATING, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.districts.presence import Presence, night_vision_share
from teritwa.rules.forces.equipment import Equipment
from teritwa.rules.outcomes import outcome

CREW_RETURNS = decision("hidden crew returns")
STATION_REOPENS = decision("police station reopens")
NEVER = 1.0e9

SOON = 30
"""Days after a clearing within which a return counts as the place being lost again: a definition."""


class NightPosture(Parameters):
    """Night, forward bases and the hazard of losing a cleared place again."""

    night_share_without_base: float = parameter(
        0.05,
        "1",
        between=(0.0, 0.2),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units stay where there is no forward base",
    )
    night_share_with_base: float = parameter(
        0.6,
        "1",
        between=(0.2, 0.9),
        grade="C",
        source="assumption",
        meaning="share of the night that operating units stay where there is a forward base",
    )
    night_share_with_un_base: float = parameter(
        0.8,
        "1",
        between=(0.4, 0.95),
        grade="C",
        source="assumption: UN troops live in the districts in which they have a base",
        meaning="share of the night that UN officers who operate stay where there is a forward base",
    )
    return_hazard: float = parameter(
        0.15,
        "1 per day",
        between=(0.01, 0.6),
        grade="C",
        source="assumption",
        meaning="hazard that a hidden crew returns where nobody holds the place at night",
    )
    holding_effect: float = parameter(
        1.5,
        "1 per officer per 1,000 residents",
        between=(0.1, 3.0),
        grade="C",
        source="assumption",
        meaning="how steeply holding officers lower that hazard",
    )
    station_reopening_rate: float = parameter(
        0.05,
        "1 per day",
        between=(0.005, 0.2),
        grade="C",
        source="assumption",
        meaning="chance that a sacked police station reopens, once its district is quiet",
    )
    quiet_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning="days without an attack, under the state and without a crew, after which a district is quiet",
    )


RECAPTURED = outcome(
    "recaptured",
    "daily.recaptured",
    unit="districts per day",
    meaning="cleared districts to which a crew came back within 30 days of the clearing",
    stored="i2",
)


@rule
def night_share(state: State, contingent: Contingent, based: bool) -> float:
    """Return the share of the night that units of a contingent who operate stay where they are."""
    with_base: float = NightPosture.of(state).night_share_with_base
    without_base: float = NightPosture.of(state).night_share_without_base
    seeing: float = Equipment.of(state).night_vision_share if Equipment.of(state).enabled else 0.0
    if based:
        if contingent.foreign and state.mission.mandate == UN_PEACEKEEPING:
            with_base = NightPosture.of(state).night_share_with_un_base
        return with_base
    return without_base + night_vision_share(contingent) * max(0.0, seeing - without_base)


@rule
def withdraw_at_dusk(state: State) -> None:
    """Operating units leave before dark, but for a small share, unless a forward base lets them stay."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.task == OPERATING:
            based = (
                state.districts[unit.district].control.forward_base
                and state.districts[unit.district].presence.garrison > 0
            )
            unit.night_share = night_share(state, state.contingents[unit.contingent], based)
            if not based:
                unit.district = unit.quarters


@rule
def crew_return_hazard(holding: float, h0: float, kappa: float) -> float:
    """Return the daily hazard that a hidden crew returns, given holding officers per 1,000 people."""
    return h0 * math.exp(-kappa * holding)


@rule
def holding_density(state: State, district: District) -> float:
    """Return the officers who hold a district per 1,000 people: all who stay for the night, on duty or not."""
    staying: float = district.presence.officers_night / Presence.of(state).on_duty_share
    return 1000.0 * staying / max(district.people.residents + district.people.displaced_hosted, 1)


@rule
def crews_return(state: State, randomness: Randomness) -> None:
    """A crew in hiding comes back to its district when nobody stops it at night."""
    night_posture = NightPosture.of(state)
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.hiding > 0:
            district = state.districts[crew.district]
            hazard = crew_return_hazard(
                holding_density(state, district),
                night_posture.return_hazard,
                night_posture.holding_effect,
            )
            if uniform(randomness, CREW_RETURNS, crew.identity) < 1.0 - math.exp(-hazard):
                crew.fighters += crew.hiding
                crew.hiding = 0
                if (
                    district.control.cleared_on >= 0
                    and randomness.day - district.control.cleared_on <= SOON
                ):
                    state.daily.recaptured += 1
                district.control.cleared_on = -1


@rule
def refuge(state: State, number: int) -> int:
    """Return the nearest other district that the state holds, or the same one if there is none."""
    best, shortest = number, NEVER
    for other in range(state.districts.size):
        hours = state.hours[number, other]
        if other != number and state.districts[other].control.holder == STATE and hours < shortest:
            best, shortest = other, hours
    return best


@rule
def abandon_district(state: State, number: int) -> None:
    """A district falls: its station and any forward base are lost, the units based there move to a refuge."""
    state.districts[number].control.station = False
    state.districts[number].control.forward_base = False
    place = refuge(state, number)
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.quarters == number:
            unit.quarters, unit.posted = place, False
            if unit.district == number:
                unit.district = place


@rule
def is_quiet(district: District, day: int, days: int) -> bool:
    """Whether the state holds a district in which no crew stands and nobody attacked for ``days``."""
    return (
        district.control.holder == STATE
        and district.presence.strongest_crew == NO_ONE
        and day - district.control.attacked_on >= days
    )


@rule
def reopen_stations(state: State, randomness: Randomness) -> None:
    """Stations reopen in places that are quiet again, and their units come home."""
    night_posture, day = NightPosture.of(state), randomness.day
    for district in state.districts:
        if not district.control.station and is_quiet(district, day, night_posture.quiet_days):
            number = uniform(randomness, STATION_REOPENS, district.identity)
            district.control.station = number < night_posture.station_reopening_rate
    return_home(state, day, night_posture.quiet_days)


@rule
def return_home(state: State, day: int, days: int) -> None:
    """Units that left their first base return to it once it is quiet and has a station."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.quarters != unit.home and not unit.posted:
            home = state.districts[unit.home]
            if home.control.station and is_quiet(home, day, days):
                unit.quarters = unit.home
