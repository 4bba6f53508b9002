"""Detention: who is arrested, who is found in hiding, and who leaves prison again.

Hidden fighters are found where officers search for them and people tell what they know. Prisons
have a capacity: what exceeds it is released, beside those whose time is over. Residents who are
detained for questioning are counted apart from gang members; they are held for days, and stay among
the residents.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, poisson, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.districts.presence import Presence, coverage
from teritwa.rules.forces.intelligence import detection
from teritwa.rules.gangs.crews import count_fighters_in
from teritwa.rules.gangs.prison_break import release_into_city
from teritwa.rules.outcomes import BY_DISTRICT, outcome
from teritwa.rules.sharing import part_of, random_start

FOUND = decision("hidden fighters are found")
RELEASED = decision("prisoners are released")
DETAINED = decision("residents are detained")


class Detention(Parameters):
    """How many hidden fighters are found, and how many prisoners are released."""

    enabled: bool = switch(meaning="hidden fighters are found, and prisoners are released")
    find_rate: float = parameter(
        0.1,
        "1 per day",
        between=(0.02, 0.4),
        grade="C",
        source="assumption",
        meaning="share of a district's hidden fighters found in a day, where officers who do "
        "nothing but search cover all of it and know where everybody is",
    )
    prison_capacity: int = parameter(
        14000,
        "persons",
        between=(11000, 20000),
        grade="C",
        source="assumption",
        meaning="prisoners whom the country's prisons hold at most",
        scales=True,
    )
    release_rate: float = parameter(
        0.0007,
        "1 per day",
        between=(0.0002, 0.003),
        grade="C",
        source="assumption: some four years",
        meaning="share of prisoners released in a day",
    )


FIGHTERS_ARRESTED = outcome(
    "fighters_arrested",
    "daily.arrested",
    unit="persons per day",
    meaning="gang members arrested that day",
    stored="i4",
)

ARRESTED_IN_DISTRICT = outcome(
    "arrested_in_district",
    "districts.totals.arrested",
    unit="persons",
    meaning="gang members arrested in the district since day 0",
    stored="i4",
    dimensions=BY_DISTRICT,
)

RESIDENTS_DETAINED = outcome(
    "residents_detained",
    "daily.residents_detained",
    unit="persons per day",
    meaning="residents detained for questioning that day, who are not gang members",
    stored="i4",
)


@rule
def imprison(state: State, row: int, arrested: int) -> None:
    """Enter arrested members of crew ``row`` in the prisons and the ledger."""
    crew = state.crews[row]
    state.gangs[crew.gang].losses_today += arrested
    state.districts[crew.district].totals.arrested += arrested
    state.daily.arrested += arrested
    state.ledger.arrested += arrested
    state.ledger.prisoners += arrested


@rule
def arrest_fighters(state: State, row: int, wanted: int) -> int:
    """Arrest fighters of crew ``row``, at most as many as it has; return the number."""
    crew = state.crews[row]
    arrested = min(crew.fighters, wanted)
    crew.fighters -= arrested
    imprison(state, row, arrested)
    return arrested


@rule
def arrest_among_crews(state: State, number: int, wanted: int, share: float) -> None:
    """Arrest fighters of all crews of a district, in proportion to their fighters.

    Args:
        state: All records of the run.
        number: The district's row.
        wanted: How many are arrested, or all there are.
        share: A uniform random number in [0, 1).
    """
    here, before = count_fighters_in(state, number), 0
    wanted = min(wanted, here)
    if wanted <= 0:
        return
    start, row = random_start(here, share), state.districts[number].presence.first_crew
    while row != NO_ONE:
        own = state.crews[row].fighters
        arrest_fighters(state, row, part_of(wanted, before, own, here, start))
        before += own
        row = state.crews[row].next_crew


@rule
def search_hidden(state: State, randomness: Randomness) -> None:
    """Let officers who search find hidden fighters and arrest them."""
    constant = Presence.of(state).police_coverage_constant
    for row in range(state.counters.crews):
        crew = state.crews[row]
        if crew.hiding > 0:
            district = state.districts[crew.district]
            effort = district.presence.search_effort
            if effort > 0.0:
                people = district.people.residents + district.people.displaced_hosted
                covered = coverage(effort, people, constant)
                rate = Detention.of(state).find_rate * covered * detection(state, district)
                found = poisson(rate * crew.hiding, uniform(randomness, FOUND, crew.identity))
                found = min(crew.hiding, found)
                crew.hiding -= found
                imprison(state, row, found)


@rule
def detain_residents(state: State, randomness: Randomness) -> None:
    """Count the residents whom officers detain for questioning today."""
    for row in range(state.counters.units):
        unit = state.units[row]
        if unit.officers > 0:
            rate = state.postures[unit.posture].detentions * unit.officers
            taken = poisson(rate, uniform(randomness, DETAINED, unit.identity))
            state.daily.residents_detained += taken


@rule
def release_prisoners(state: State, randomness: Randomness) -> None:
    """Release prisoners whose time is over, and those beyond what prisons hold."""
    detention, held = Detention.of(state), state.ledger.prisoners
    number = uniform(randomness, RELEASED, COUNTRY)
    released = stochastic_round(detention.release_rate * held, number)
    released = min(held, max(released, held - detention.prison_capacity))
    state.ledger.prisoners -= released
    state.ledger.released += released
    if released > 0:
        release_into_city(state, released)
