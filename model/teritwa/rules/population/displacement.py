"""Displacement: the parameters of flight and return, and how safe each district is.

`teritwa.rules.population.flight` says who flees, `teritwa.rules.population.hosts` where to, and
`teritwa.rules.population.returns` who goes home.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, measured, outcome


class Displacement(Parameters):
    """How many people flee, where they go, and how fast they return."""

    enabled: bool = switch(meaning="people flee and return")
    displaced_per_killed: float = parameter(
        120.0,
        "persons displaced per civilian killed",
        between=(40.0, 250.0),
        bounds=(0.0, 100_000.0),
        grade="C",
        source="assumption",
        meaning="persons who flee for each civilian killed by gangs",
    )
    takeover_share: float = parameter(
        0.4,
        "1",
        between=(0.1, 0.8),
        grade="C",
        source="assumption",
        meaning="share of the people of a district who flee when a gang takes it",
    )
    takeover_days: int = parameter(
        10,
        "days",
        between=(3, 30),
        bounds=(1, 365),
        grade="C",
        source="assumption",
        meaning="days over which they flee",
    )
    menace_share: float = parameter(
        0.0004,
        "1 per day",
        between=(0.0001, 0.002),
        grade="C",
        source="assumption; 0.01 in a zone of war (Suleimenova, Bell and Groen 2017)",
        meaning=(
            "share of the people who flee in a day from a district under menace: gangs attacked "
            "it recently, or claim it although the state holds it"
        ),
    )
    daily_share_limit: float = parameter(
        0.25,
        "1 per day",
        between=(0.05, 1.0),
        grade="C",
        source="assumption",
        meaning="largest share of a district's people who can flee in a day",
    )
    return_rate: float = parameter(
        0.0005,
        "1 per day",
        between=(0.0001, 0.003),
        grade="C",
        source="assumption",
        meaning="share of the displaced who go home in a day to a district that is wholly safe",
    )
    quiet_days: int = parameter(
        30,
        "days",
        between=(7, 180),
        grade="C",
        source="assumption",
        meaning=(
            "days without an attack after which people go home to a district that the state holds, "
            "and least days from one takeover that people flee to the next"
        ),
    )
    household_size: int = parameter(
        5,
        "persons",
        between=(3, 6),
        bounds=(1, 100),
        grade="C",
        source="assumption",
        meaning="persons who flee together and stay with the same host",
    )
    family_tie_weight: float = parameter(
        0.4,
        "1",
        between=(0.3, 0.8),
        grade="C",
        source="assumption",
        meaning="share of people who flee to relatives; the others flee to districts near by",
    )
    distance_decay: float = parameter(
        1.2,
        "1",
        between=(0.5, 2.0),
        grade="B",
        source=(
            "assumption on the value; gravity models of flight use 0.5 to 2 "
            "(Saldarriaga and Hua 2019)"
        ),
        meaning="exponent of distance in the choice of a district near by",
    )
    recent_attack_deterrence: float = parameter(
        0.5,
        "1",
        between=(0.0, 1.0),
        grade="C",
        source="assumption",
        meaning=(
            "share of its attraction for people who flee that a district loses "
            "for some days after an attack"
        ),
    )
    recent_attack_days: int = parameter(
        14,
        "days",
        between=(3, 90),
        grade="C",
        source="assumption",
        meaning=(
            "days after an attack during which a district is under menace and attracts fewer "
            "people who flee"
        ),
    )
    services_weight: float = parameter(
        0.3,
        "1",
        between=(0.0, 0.9),
        grade="C",
        source="assumption",
        meaning=(
            "share of its attraction for people who flee that a district loses "
            "without schools, hospitals and aid"
        ),
    )
    network_effect: float = parameter(
        0.5,
        "1",
        between=(0.0, 2.0),
        grade="B",
        source="assumption on the value; Saldarriaga and Hua 2019 find networks of the same origin",
        meaning=(
            "extra attraction of a host for people of an origin, "
            "per share of the origin's displaced who are already there"
        ),
    )


RESIDENTS = outcome(
    "residents",
    "districts.people.residents",
    unit="persons",
    meaning="residents at home",
    stored="i4",
    dimensions=BY_DISTRICT,
)

DISPLACED_HOSTED = outcome(
    "displaced_hosted",
    "districts.people.displaced_hosted",
    unit="persons",
    meaning="displaced persons staying there",
    stored="i4",
    dimensions=BY_DISTRICT,
)


@rule
def is_day_of_the_week(district: District, day: int) -> bool:
    """Return whether a day is the one of the week on which people of a district think of moving.

    Few leave or return in a day, and each move takes time: they are taken together once a week.
    """
    return (day + district.identity) % 7 == 0


@rule
def update_safety(state: State, day: int) -> None:
    """Update how safe each district is for people who flee: 0 where gangs hold, 1 at best.

    Runs at midnight, before people flee. Where the state holds, safety falls with the influence of
    gangs, for some days after an attack, and where schools, hospitals and aid are missing.
    """
    displacement = Displacement.of(state)
    for number in range(state.districts.size):
        district, safety = state.districts[number], 0.0
        if district.control.holder == STATE:
            attacked = day - district.control.attacked_on < displacement.recent_attack_days
            deterrence = displacement.recent_attack_deterrence if attacked else 0.0
            services = district.services
            level = (services.schools_open + services.hospitals_open + services.aid_access) / 3.0
            safety = (1.0 - district.control.gang_influence) * (1.0 - deterrence)
            safety *= 1.0 - displacement.services_weight * (1.0 - level)
        state.safety[number] = safety


@measured("districts.people.displaced_from", unit="persons", label="People displaced", stored="i4")
def displaced(_: Array, displaced_from: Array) -> Array:
    """Return persons displaced and not returned."""
    total: Array = displaced_from.sum(axis=1)
    return total
