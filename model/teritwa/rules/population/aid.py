"""Aid: which displaced people receive water and aid, depending on who holds the roads.

A part of the displaced lives in camps, and a part is children. Goods enter the country by seaports
and airports, and reach a district by the best way to it. Each district on that way that gangs hold,
the last one included, lets only a part of the goods pass.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class Aid(Parameters):
    """Who among the displaced needs aid, and how much of it arrives."""

    enabled: bool = switch(meaning="aid depends on who holds the districts that it passes through")
    camp_share: float = parameter(
        0.25,
        "1",
        between=(0.15, 0.35),
        grade="C",
        source="assumption",
        meaning="share of the displaced who live in camps",
    )
    child_share: float = parameter(
        0.5,
        "1",
        between=(0.45, 0.6),
        grade="C",
        source="assumption",
        meaning="share of the displaced who are children",
    )
    coverage: float = parameter(
        0.65,
        "1",
        between=(0.4, 0.95),
        grade="C",
        source="assumption",
        meaning="share of the displaced whom water and aid reach where all goods arrive",
    )
    loss_in_transit: float = parameter(
        0.02,
        "1",
        between=(0.0, 0.1),
        grade="C",
        source="assumption",
        meaning="share of the goods that is lost or used up in each district on the way",
    )
    passage_share: float = parameter(
        0.6,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the goods that passes a district that gangs hold",
    )


DISPLACED_IN_CAMPS = outcome(
    "displaced_in_camps",
    "daily.displaced_in_camps",
    unit="persons",
    meaning="displaced persons who live in camps",
    stored="i4",
)

DISPLACED_WITHOUT_AID = outcome(
    "displaced_without_aid",
    "daily.displaced_without_aid",
    unit="persons",
    meaning="displaced persons in camps whom neither water nor aid reaches",
    stored="i4",
)

CHILDREN_DISPLACED = outcome(
    "children_displaced",
    "daily.children_displaced",
    unit="persons",
    meaning="displaced persons under 18",
    stored="i4",
)

AID_ACCESS = outcome(
    "aid_access",
    "districts.services.aid_access",
    unit="1",
    meaning="share of the displaced there whom water and aid reach",
    stored="f4",
    dimensions=BY_DISTRICT,
)


@rule
def passage_through(district: District, aid: Aid) -> float:
    """Return the share of the goods in transit that a district lets pass, 0 to 1."""
    return (1.0 - aid.loss_in_transit) * (
        1.0 if district.control.holder == STATE else aid.passage_share
    )


@rule
def best_supply(state: State, district: District) -> float:
    """Return the share of the goods that reaches a district, given what reaches its neighbours.

    All goods reach a district with a seaport or an airport. Another gets its goods from the
    neighbour with most. In either case the district itself lets only its own share pass.
    """
    best = 1.0 if district.place.port or district.place.airport else 0.0
    for row in range(district.place.first_link, district.place.last_link):
        best = max(best, state.districts[state.links[row].target].services.goods_supply)
    return best * passage_through(district, Aid.of(state))


@rule
def update_supply(state: State) -> None:
    """Recompute the share of the goods that reaches each district by the best way to it.

    The shares start at zero and rise step by step along the links until none changes.
    """
    for district in state.districts:
        district.services.goods_supply = 0.0
    moving = True
    while moving:
        moving = False
        for district in state.districts:
            found = best_supply(state, district)
            if found > district.services.goods_supply:
                district.services.goods_supply = found
                moving = True


@rule
def deliver_aid(state: State, day: int) -> None:
    """Update access to aid, and count displaced people in camps, without aid, and under 18.

    Runs at midnight, after people have moved. Counts go on where the mechanism is off; access to
    aid then stays as it is.

    Args:
        state: The state.
        day: Today, counted from 0.
    """
    aid, today = Aid.of(state), state.daily
    if aid.enabled and day % 7 == 0:
        update_supply(state)  # once a week: goods take some days to find a new way
    camps, without, displaced = 0.0, 0.0, 0
    for district in state.districts:
        if aid.enabled:
            district.services.aid_access = aid.coverage * district.services.goods_supply
        here = aid.camp_share * district.people.displaced_hosted
        camps += here
        without += here * (1.0 - district.services.aid_access)
        displaced += district.people.displaced_hosted
    today.displaced_in_camps, today.displaced_without_aid = int(camps), int(without)
    today.children_displaced = int(aid.child_share * displaced)
