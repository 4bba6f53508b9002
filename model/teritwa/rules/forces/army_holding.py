"""Army holding: soldiers stay in districts that the police cleared, until they hand them over.

An army may hold what the police retake, if it has people, equipment and ammunition. By default it
holds nothing, and a scenario switches this mechanism on. Soldiers move into the district that was
cleared last, as many as have equipment. After the district has been quiet for long enough, its
station reopens, its police return, and the soldiers are free for the next district.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, uniform
from teritwa.rules.agents.district import NO_ONE, STATE, District
from teritwa.rules.agents.police_unit import SOLDIERS, PoliceUnit
from teritwa.rules.agents.state import State
from teritwa.rules.forces.bases import move_quarters
from teritwa.rules.forces.night_posture import refuge
from teritwa.rules.forces.tasking import Tasking

CHOOSES_PLACE = decision("soldiers choose among districts cleared on one day")
CHOOSES_FIRST = decision("one of the soldiers' units chooses first")


class ArmyHolding(Parameters):
    """How the army holds cleared districts."""

    enabled: bool = switch(
        meaning="soldiers of the army hold cleared districts",
        source="assumption",
        value=False,
    )
    equipped_share: float = parameter(
        0.5,
        "1",
        between=(0.1, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the soldiers who can hold cleared districts at the same time",
        lever="a scenario decides how many soldiers are equipped to hold",
    )
    company_size: int = parameter(
        50,
        "soldiers",
        between=(20, 300),
        bounds=(1, 10_000),
        grade="C",
        source="assumption: a platoon or company",
        meaning="soldiers assigned to hold one cleared district",
    )
    days_to_occupy: int = parameter(
        7,
        "days",
        between=(1, 30),
        grade="C",
        source="assumption",
        meaning="days after a clearing within which soldiers may be sent to the district",
    )
    handover_days: int = parameter(
        45,
        "days",
        between=(14, 180),
        grade="C",
        source="assumption",
        meaning="days without an attack, under state control, after which soldiers hand a district "
        "over to the police",
    )


@rule
def count_posted_soldiers(state: State) -> int:
    """Return the number of soldiers who hold cleared districts now."""
    posted = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        posted += unit.officers if unit.kind == SOLDIERS and unit.posted else 0
    return posted


@rule
def count_soldiers(state: State) -> int:
    """Return the number of soldiers in the country."""
    total = 0
    for row in range(state.counters.units):
        unit = state.units[row]
        total += unit.officers if unit.kind == SOLDIERS else 0
    return total


@rule
def needs_holding(district: District, day: int, days: int) -> bool:
    """Return whether a district was cleared within ``days`` and its crew has not come back."""
    # A crew that comes back resets the day of the clearing to -1.
    return district.control.cleared_on >= 0 and day - district.control.cleared_on <= days


@rule
def place_to_hold(state: State, randomness: Randomness, unit: PoliceUnit) -> int:
    """Return the district to which a unit moves to hold it, or NO_ONE.

    It is the one cleared last among those within the unit's reach that lack soldiers; of several
    that were cleared on one day a random one.
    """
    army_holding, day = ArmyHolding.of(state), randomness.day
    best, latest, company = NO_ONE, -1.0, unit.identity
    # Soldiers do not return to a district that they have already handed over.
    days = min(army_holding.days_to_occupy, army_holding.handover_days - 1)
    place, reach = state.districts[unit.quarters].place, Tasking.of(state).reach
    for row in range(place.first_destination, place.last_destination):
        way = state.ways[row]
        if way.hours > reach:
            break  # all others are farther
        district = state.districts[way.target]
        lacks_soldiers = district.presence.garrison < army_holding.company_size
        if lacks_soldiers and needs_holding(district, day, days):
            # The random part, below one day, decides among districts cleared on the same day.
            drawn = uniform(randomness, CHOOSES_PLACE, district.identity, company)
            cleared_on = district.control.cleared_on + drawn
            if cleared_on > latest:
                best, latest = way.target, cleared_on
    return best


@rule
def hand_over(state: State, day: int) -> None:
    """Withdraw soldiers from districts that are safe, and from those that gangs retook.

    A safe district goes to the police: its station reopens. Soldiers in a base of theirs stay.
    """
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind == SOLDIERS and unit.posted and not unit.based:
            district = state.districts[unit.quarters]
            handed = may_be_handed_over(district, day, ArmyHolding.of(state).handover_days)
            if handed:
                district.control.station = True
            if handed or is_retaken(district):
                unit.posted = False
                return_to_base(state, row)


@rule
def is_retaken(district: District) -> bool:
    """Return whether a gang holds a district and has a crew there that claims it."""
    return district.control.holder != STATE and district.presence.claimant_fighters > 0


@rule
def return_to_base(state: State, row: int) -> None:
    """Move a unit to its home district, or to the nearest refuge if the home has fallen."""
    home = state.units[row].home
    fallen = state.districts[home].control.holder != STATE
    move_quarters(state, row, refuge(state, home) if fallen else home)


@rule
def may_be_handed_over(district: District, day: int, days: int) -> bool:
    """Return whether the state holds a district that has been quiet for at least ``days``.

    Quiet means that no crew is there, and that the last attack or clearing is ``days`` ago.
    """
    last = max(district.control.attacked_on, district.control.cleared_on)
    empty = district.presence.fighters == 0
    return district.control.holder == STATE and empty and day - last >= days


@rule
def lot_of_soldiers(randomness: Randomness, unit: PoliceUnit) -> float:
    """Return the lot of a unit of soldiers today: the one with the lowest chooses first."""
    return uniform(randomness, CHOOSES_FIRST, unit.identity)


@rule
def next_free_soldiers(state: State, randomness: Randomness, after: float) -> int:
    """Return the row of the free unit of soldiers with the lowest lot above ``after``."""
    best, lowest = NO_ONE, 1.0
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.kind == SOLDIERS and not unit.posted and unit.officers > 0:
            lot = lot_of_soldiers(randomness, unit)
            if after < lot < lowest:
                best, lowest = row, lot
    return best


@rule
def occupy_cleared(state: State, randomness: Randomness) -> None:
    """Move free soldiers at dusk into recently cleared districts, as far as equipment allows.

    The equipment of a part of a unit counts as enough for all of it from one half on. A lot decides
    which unit chooses first.
    """
    hand_over(state, randomness.day)
    posted = count_posted_soldiers(state)
    limit = ArmyHolding.of(state).equipped_share * count_soldiers(state)
    row = next_free_soldiers(state, randomness, -1.0)
    while row != NO_ONE:
        unit = state.units[row]
        lot = lot_of_soldiers(randomness, unit)
        if posted + 0.5 * unit.officers <= limit:
            number = place_to_hold(state, randomness, unit)
            if number != NO_ONE:
                move_quarters(state, row, number)
                unit.posted, unit.operated_in, unit.night_share = True, number, 1.0
                posted += unit.officers
        row = next_free_soldiers(state, randomness, lot)
