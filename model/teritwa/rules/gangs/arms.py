"""Arms: gangs buy smuggled firearms, and lose them to wear and to seizures.

Firearms are smuggled in, also under an embargo. Gangs buy the firearms that their fighters lack, up
to what their treasuries can pay and what crosses the borders. Smugglers bring more where gangs earn
more, and less where the embargo is enforced. A fighter without a firearm is less effective than one
with a firearm. The number of firearms in the country is not known, so all figures are assumptions.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.gang import Gang
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.gangs.extortion import Extortion
from teritwa.rules.outcomes import outcome

ARRIVES = decision("smuggled arms arrive")
WHO_BUYS = decision("gangs share the smuggled arms")
WEARS_OUT = decision("arms of a gang wear out")
SEIZED = decision("arms are seized with their bearers")


class Arms(Parameters):
    """How many firearms gangs have, buy and lose, and what a fighter without one is worth."""

    enabled: bool = switch(meaning="firearms are bought, wear out and are seized")
    firearms_per_fighter_day0: float = parameter(
        1.0,
        "weapons per fighter",
        between=(0.4, 1.5),
        grade="C",
        source="assumption",
        meaning="firearms for each fighter on day 0",
    )
    smuggling_rate: float = parameter(
        20.0,
        "weapons per day",
        between=(3.0, 100.0),
        grade="C",
        source="assumption",
        meaning=(
            "firearms that could be smuggled in at the gangs' revenue of the first day if nobody "
            "enforced the embargo"
        ),
        scales=True,
    )
    embargo_effectiveness: float = parameter(
        0.1,
        "1",
        between=(0.0, 0.95),
        grade="C",
        source="assumption",
        meaning="share of the smuggled firearms and ammunition that the embargo stops",
        lever="a scenario decides how strictly the embargo is enforced",
    )
    firearm_price: int = parameter(
        1500,
        "US dollars per weapon",
        between=(300, 6000),
        bounds=(1, 100_000),
        grade="C",
        source="assumption",
        meaning="price of a smuggled firearm with its ammunition",
    )
    wear_rate: float = parameter(
        0.001,
        "1 per day",
        between=(0.0002, 0.005),
        grade="C",
        source="assumption: half in two years",
        meaning="share of firearms that break or run out of ammunition in a day",
    )
    seizure_share: float = parameter(
        0.7,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning=(
            "share of the firearms of fighters killed or arrested by forces or brigades "
            "that the gang loses"
        ),
    )
    unarmed_effectiveness: float = parameter(
        0.3,
        "1",
        between=(0.05, 0.8),
        grade="C",
        source="assumption",
        meaning="effectiveness of a fighter without a firearm, relative to one with a firearm",
    )


GANG_FIREARMS = outcome(
    "gang_firearms",
    "daily.gang_firearms",
    unit="weapons",
    meaning="firearms of gangs",
    stored="i4",
)


@rule
def combat_effectiveness_of(fighters: int, firearms: int, unarmed: float) -> float:
    """Return the mean combat effectiveness of a gang's fighters.

    Args:
        fighters: The gang's fighters.
        firearms: The gang's firearms.
        unarmed: The effectiveness of a fighter without a firearm, 0 to 1.

    Returns:
        A number from ``unarmed``, where nobody has a firearm, to 1, where everybody has one.
    """
    armed = min(1.0, 1.0 * firearms / max(1, fighters))
    return unarmed + (1.0 - unarmed) * armed


@rule
def lose_firearms(state: State, randomness: Randomness) -> None:
    """Remove firearms that wear out and firearms of members killed or arrested today.

    Runs at midnight, before gangs buy firearms, so that they can replace today's losses.
    """
    arms = Arms.of(state)
    for gang in state.gangs:
        if gang.firearms > 0:
            worn = stochastic_round(
                arms.wear_rate * gang.firearms, uniform(randomness, WEARS_OUT, gang.identity)
            )
            seized = count_seized_firearms(gang, arms.seizure_share, randomness)
            lost = min(gang.firearms, worn + seized)
            gang.firearms -= lost
            state.ledger.firearms_lost += lost


@rule
def count_seized_firearms(gang: Gang, seizure_share: float, randomness: Randomness) -> int:
    """Return how many firearms a gang loses with the members it lost today."""
    if gang.losses_today <= 0:
        return 0
    # The members who were lost are taken to be as well armed as the gang was before the losses.
    armed = min(1.0, 1.0 * gang.firearms / max(1, gang.members + gang.losses_today))
    return stochastic_round(
        seizure_share * armed * gang.losses_today, uniform(randomness, SEIZED, gang.identity)
    )


@rule
def count_firearm_demand(state: State) -> int:
    """Record how many firearms each gang lacks and can pay for, and return the sum over gangs."""
    price, total = Arms.of(state).firearm_price * 100, 0  # treasuries are in US cents
    for gang in state.gangs:
        lacking = max(0, gang.members - gang.firearms)
        gang.firearm_demand = min(lacking, max(0, gang.treasury) // price)
        total += gang.firearm_demand
    return total


@rule
def relative_revenue(state: State) -> float:
    """Return what gangs took today relative to the first day, ransoms left out; 1 on that day.

    Ransoms are left out because they come in few and large sums, also on the first day. If gangs
    took nothing on the first day, or extortion is switched off, the revenue counts as unchanged.
    """
    extortion = Extortion.of(state)
    if not extortion.enabled:
        return 1.0
    ransoms = 100.0 * extortion.mean_ransom * state.daily.kidnapped
    today = max(0.0, state.daily.gang_revenue - ransoms)
    if state.counters.steady_revenue_day_0 <= 0.0:
        state.counters.steady_revenue_day_0 = today
    first = state.counters.steady_revenue_day_0
    return 1.0 * today / first if first > 0.0 else 1.0


@rule
def buy_firearms(state: State, randomness: Randomness) -> None:
    """Let gangs buy the firearms they lack and can pay for, up to what is smuggled in today.

    Runs at midnight, after wages. Smugglers bring firearms in proportion to the gangs' revenue. If
    gangs demand more than is smuggled in, they share it in
    proportion to their demand. The combat effectiveness of each gang is then updated.
    """
    arms, demand = Arms.of(state), count_firearm_demand(state)
    inflow = stochastic_round(
        arms.smuggling_rate * relative_revenue(state) * (1.0 - arms.embargo_effectiveness),
        uniform(randomness, ARRIVES, COUNTRY),
    )
    sell_firearms(state, min(demand, inflow), demand, uniform(randomness, WHO_BUYS, COUNTRY))
    for gang in state.gangs:
        gang.combat_effectiveness = combat_effectiveness_of(
            gang.members, gang.firearms, arms.unarmed_effectiveness
        )


@rule
def sell_firearms(state: State, sold: int, demand: int, number: float) -> None:
    """Sell firearms to the gangs that demand them, in proportion to their demand.

    Systematic sampling: whole firearms that add up to ``sold``.

    Args:
        state: The state.
        sold: How many firearms are sold, at most ``demand``.
        demand: The demand of all gangs, in firearms.
        number: A uniform random number in [0, 1).
    """
    price = Arms.of(state).firearm_price * 100  # treasuries are in US cents
    seen, before = 0, 0
    for gang in state.gangs:
        if gang.firearm_demand > 0:
            seen += gang.firearm_demand
            until = sold
            if seen < demand:
                until = min(sold, int(sold * (1.0 * seen / demand) + number))
            bought = min(gang.firearm_demand, until - before)
            before = until
            gang.firearms += bought
            gang.treasury -= bought * price
            state.ledger.firearms_smuggled += bought
            state.ledger.arms_spending += bought * price


@rule
def count_firearms(state: State) -> None:
    """Count the firearms of all gangs at the end of the day, and reset the gangs' daily losses."""
    state.daily.gang_firearms = 0
    for gang in state.gangs:
        gang.losses_today = 0
        state.daily.gang_firearms += gang.firearms
