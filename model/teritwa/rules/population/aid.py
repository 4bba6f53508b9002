"""Aid: goods that come in by port and airport and pass, or not, along roads that gangs hold; camps without water.

A quarter of the displaced lived in makeshift camps (S53), and in 39 % of the sites there was
neither drinking water nor aid (S54); half of the displaced are children (S15). Goods reach a
district by the best way to it; each district held by gangs on that way, the last one included, lets
only a part pass.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.rules.agents.district import STATE, District
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, outcome


class Aid(Parameters):
    """Camps, and what reaches them."""

    enabled: bool = switch(meaning="aid depends on who holds the ways along which it comes")
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
    meaning="those of them whom neither water nor aid reaches",
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
    """Return the share of goods that a district lets pass."""
    return (1.0 - aid.loss_in_transit) * (
        1.0 if district.control.holder == STATE else aid.passage_share
    )


@rule
def best_supply(state: State, district: District) -> float:
    """Return the share of goods that is in a district: the best of what it gets itself and its neighbours have."""
    best = 1.0 if district.place.port or district.place.airport else 0.0
    for row in range(district.place.first_link, district.place.last_link):
        best = max(best, state.districts[state.links[row].target].services.goods_supply)
    return best * passage_through(district, Aid.of(state))


@rule
def update_supply(state: State) -> None:
    """Count anew how much reaches each district by the best way there, until nothing changes any more."""
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
    """Aid reaches camps as goods arrive; count who lives in camps, who has no aid, and the children."""
    aid, today = Aid.of(state), state.daily
    if aid.enabled and day % 7 == 0:
        update_supply(state)  # goods find new ways within a week
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
