"""Contingents: officers land as far as mandate and fund allow, form units, and go home.

Officers of the mission land when they are in transit, the mandate has room for them, and there is
money to pay them for some months: the lower of the authorised and the affordable strength is the
ceiling. Contingents share the room in proportion. The country's own forces need neither mandate nor
fund. How contingents are promised and prepared is in `teritwa.rules.mission.force_generation`.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.accounts import Ledger
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.police_unit import ARMY, AT_HOME, FOREIGN, SOLDIERS, SPECIAL, Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.forces.night_posture import refuge
from teritwa.rules.mission.ceiling import note_waiting, remaining_room
from teritwa.rules.outcomes import BY_CONTINGENT, outcome
from teritwa.rules.sharing import part_of, random_start

LANDS = decision("officers of a contingent land")
SHARES_ROOM = decision("contingents share the room under the ceiling")
GOES_HOME = decision("officers of a contingent go home")
LEAVES_UNIT = decision("units from which officers go home")


class Contingents(Parameters):
    """Size of units, and when contingents without pay leave."""

    enabled: bool = switch(meaning="officers in transit land")
    unit_size: int = parameter(
        50,
        "officers",
        between=(20, 150),
        bounds=(1, 5_000),
        grade="C",
        source="assumption: a platoon or company",
        meaning="officers in a unit of a contingent",
    )
    pay_patience: int = parameter(
        120,
        "days",
        between=(30, 365),
        grade="C",
        source="assumption",
        meaning="days of pay that a contingent of the mission bears to be owed before it goes home",
    )
    departure_time: int = parameter(
        60,
        "days",
        between=(14, 180),
        grade="C",
        source="assumption",
        meaning="time that a contingent takes to leave",
    )


OFFICERS_IN_TRANSIT = outcome(
    "officers_in_transit",
    "contingents.in_transit",
    unit="officers",
    meaning="officers who set out and have not landed",
    stored="i4",
    dimensions=BY_CONTINGENT,
)

OFFICERS_CALLED_OFF = outcome(
    "officers_called_off",
    "ledger.officers_called_off",
    unit="officers",
    meaning="officers promised or sent since day 0 who will not come: their contributor withdrew",
    stored="i4",
)

OFFICERS_DEPLOYED = outcome(
    "officers_deployed",
    "contingents.officers",
    unit="officers",
    meaning="officers deployed",
    stored="i4",
    dimensions=BY_CONTINGENT,
)


@rule
def ready_to_land(contingent: Contingent, randomness: Randomness) -> int:
    """Return how many officers of a contingent would land today if there were room for all."""
    if contingent.in_transit == 0:
        return 0
    number = uniform(randomness, LANDS, contingent.identity)
    return min(contingent.in_transit, stochastic_round(contingent.arrival_rate, number))


@rule
def note_landings(state: State, randomness: Randomness) -> tuple[int, int]:
    """Return how many officers of the mission would land today, and how many may.

    Officers in transit whom no room awaits are counted as waiting, on each day.
    """
    in_transit, wanted = 0, 0
    for contingent in state.contingents:
        if contingent.foreign and contingent.in_transit > 0:
            in_transit += contingent.in_transit
            wanted += ready_to_land(contingent, randomness)
    room = remaining_room(state) if in_transit > 0 else 0
    note_waiting(state, max(0, in_transit - room))
    return wanted, room


@rule
def land_officers(state: State, randomness: Randomness) -> None:
    """Let officers in transit land, at the arrival rate of their contingent.

    Officers of the mission land only as far as there is room, which is shared among contingents in
    proportion to those who would land. The country's own forces need no room.
    """
    wanted, room = note_landings(state, randomness)
    start = random_start(max(1, wanted), uniform(randomness, SHARES_ROOM, COUNTRY))
    before = 0
    for row in range(state.contingents.size):
        contingent = state.contingents[row]
        ready = ready_to_land(contingent, randomness)
        if ready > 0:
            landing = ready
            if contingent.foreign:
                landing = part_of(min(wanted, room), before, ready, wanted, start)
                before += ready
            contingent.in_transit -= landing
            state.ledger.officers_landed += landing
            join_units(state, row, landing)


@rule
def join_units(state: State, row: int, landing: int) -> None:
    """Assign officers of contingent ``row`` who landed to its units; form units for the rest."""
    contingent = state.contingents[row]
    left = landing
    for unit_row in range(state.counters.units):
        unit = state.units[unit_row]
        if unit.contingent == row and left > 0:
            joining = min(left, max(0, Contingents.of(state).unit_size - unit.officers))
            unit.officers += joining
            left -= joining
    while left > 0 and not state.counters.out_of_room:
        joining = min(left, Contingents.of(state).unit_size)
        form_unit(state, row, joining)
        left -= joining
    contingent.officers += landing
    state.ledger.officers_joined += landing


@rule
def form_unit(state: State, row: int, officers: int) -> None:
    """Form a unit of contingent ``row`` at headquarters, or at a refuge if that has fallen.

    The identity follows from the contingent and the number of its units, so that the unit has the
    same random numbers in every scenario. If no row is free the run stops at midnight
    (`teritwa.rules.conservation`); `teritwa.simulation.room` keeps enough rows free.
    """
    if state.counters.units == state.units.size:
        state.counters.out_of_room = True
        return
    number = 0
    for unit_row in range(state.counters.units):
        if state.units[unit_row].contingent == row:
            number += 1
    unit = state.units[state.counters.units]
    state.counters.units += 1
    unit.identity = (state.contingents[row].identity * 31 + number) % 4294967296
    contingent = state.contingents[row]
    unit.contingent, unit.task, unit.campaign = row, AT_HOME, NO_ONE
    unit.kind = FOREIGN if contingent.foreign else SOLDIERS if contingent.force == ARMY else SPECIAL
    base = state.mission.headquarters
    if state.districts[base].control.holder != STATE:
        base = refuge(state, base)
    unit.home, unit.quarters, unit.district = state.mission.headquarters, base, base
    unit.officers, unit.night_share = officers, 1.0


@rule
def has_lost_patience(contingent: Contingent, usual: int) -> bool:
    """Return whether a contingent of the mission is owed more pay than it bears.

    Args:
        contingent: Any contingent; the country's own forces do not leave as a whole.
        usual: Days of pay that contingents bear to be owed, unless they have a patience of their
            own.
    """
    patience = usual if contingent.own_patience < 0 else contingent.own_patience
    return contingent.foreign and contingent.unpaid_days > patience


@rule
def repatriate(state: State, randomness: Randomness) -> None:
    """Let officers under orders leave; order a contingent home that is owed too much pay."""
    contingents = Contingents.of(state)
    for row in range(state.contingents.size):
        contingent = state.contingents[row]
        if contingent.officers > 0:
            if contingent.leaving == 0 and has_lost_patience(contingent, contingents.pay_patience):
                days = contingents.departure_time
                order_home(contingent, state.ledger, everybody(contingent), days)
            if contingent.leaving > 0:
                number = uniform(randomness, GOES_HOME, contingent.identity)
                today = stochastic_round(contingent.departure_rate, number)
                remove_from_units(state, randomness, row, min(contingent.leaving, today))
        contingent.leaving = min(contingent.leaving, contingent.officers)


@rule
def everybody(contingent: Contingent) -> int:
    """Return the officers of a contingent who are there, in transit or in preparation."""
    return contingent.officers + contingent.in_transit + contingent.in_preparation


@rule
def order_home(contingent: Contingent, ledger: Ledger, officers: int, days: int) -> None:
    """Order officers of a contingent home over ``days``.

    If they are more than are there, the others are those in preparation and in transit, who do not
    come any more.
    """
    contingent.leaving = min(contingent.leaving, contingent.officers)
    if contingent.leaving == 0:
        contingent.departure_rate = 0.0
    beyond = max(0, officers - contingent.officers)
    preparing = min(beyond, contingent.in_preparation)
    travelling = min(beyond - preparing, contingent.in_transit)
    contingent.in_preparation -= preparing
    contingent.in_transit -= travelling
    ledger.officers_called_off += preparing + travelling
    ordered = min(officers, contingent.officers - contingent.leaving)
    contingent.leaving += ordered
    contingent.departure_rate += 1.0 * ordered / max(1, days)


@rule
def remove_from_units(state: State, randomness: Randomness, row: int, wanted: int) -> None:
    """Remove officers from the units of contingent ``row``, in proportion to their officers."""
    contingent = state.contingents[row]
    there = contingent.officers
    going = min(wanted, there)
    if going <= 0:
        return
    start = random_start(there, uniform(randomness, LEAVES_UNIT, contingent.identity))
    before = 0
    for unit_row in range(state.counters.units):
        unit = state.units[unit_row]
        if unit.contingent == row:
            own = unit.officers
            unit.officers -= part_of(going, before, own, there, start)
            before += own
    contingent.officers -= going
    contingent.leaving -= going
    state.ledger.officers_left += going
