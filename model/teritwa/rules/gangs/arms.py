"""Arms: smuggled in with ease despite an embargo, seized with their bearers, worn out.

Heavy weapons come mostly from the United States (S79). Gangs buy what their fighters lack, as far
as their treasuries and the flow through the borders go; an embargo that is enforced cuts the flow.
A fighter without a firearm counts for little. How many firearms there are is not known: all figures
are assumptions.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Randomness, decision, stochastic_round, uniform
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY
from teritwa.rules.outcomes import outcome

ARRIVES = decision("smuggled arms arrive")
WHO_BUYS = decision("gangs share the smuggled arms")
WEARS_OUT = decision("arms of a gang wear out")
SEIZED = decision("arms are seized with their bearers")


class Arms(Parameters):
    """How firearms come, and what becomes of them."""

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
        meaning="firearms that could be smuggled in if nobody enforced the embargo",
        scales=True,
    )
    embargo_effectiveness: float = parameter(
        0.1,
        "1",
        between=(0.0, 0.95),
        grade="C",
        source="assumption",
        meaning="share of that flow, and of the ammunition with it, that the embargo stops",
        lever="how much is stopped is what a scenario decides",
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
        meaning="share of the firearms of fighters whom forces or brigades kill or arrest that is lost to the gang",
    )
    unarmed_effectiveness: float = parameter(
        0.3,
        "1",
        between=(0.05, 0.8),
        grade="C",
        source="assumption",
        meaning="what a fighter without a firearm counts, against one with it",
    )


GANG_FIREARMS = outcome(
    "gang_firearms",
    "daily.gang_firearms",
    unit="weapons",
    meaning="firearms of gangs",
    stored="i4",
)


@rule
def combat_effectiveness_of(fighters: int, weapons: int, unarmed: float) -> float:
    """Return what a fighter of a gang counts on average: 1 when all have firearms."""
    armed = min(1.0, 1.0 * weapons / max(1, fighters))
    return unarmed + (1.0 - unarmed) * armed


@rule
def lose_firearms(state: State, randomness: Randomness) -> None:
    """Firearms wear out, and are lost with members who were killed or arrested today."""
    arms = Arms.of(state)
    for gang in state.gangs:
        if gang.firearms > 0:
            worn = stochastic_round(
                arms.wear_rate * gang.firearms, uniform(randomness, WEARS_OUT, gang.identity)
            )
            taken = 0
            if gang.losses_today > 0:
                armed = min(1.0, 1.0 * gang.firearms / max(1, gang.members + gang.losses_today))
                taken = stochastic_round(
                    arms.seizure_share * armed * gang.losses_today,
                    uniform(randomness, SEIZED, gang.identity),
                )
            gone = min(gang.firearms, worn + taken)
            gang.firearms -= gone
            state.ledger.firearms_lost += gone


@rule
def count_firearm_demand(state: State) -> int:
    """Note how many firearms each gang lacks and can pay, and return their sum."""
    price, total = Arms.of(state).firearm_price * 100, 0
    for gang in state.gangs:
        lacking = max(0, gang.members - gang.firearms)
        gang.firearm_demand = min(lacking, max(0, gang.treasury) // price)
        total += gang.firearm_demand
    return total


@rule
def buy_firearms(state: State, randomness: Randomness) -> None:
    """Gangs buy what they lack and can pay; if less comes in, they share it in proportion."""
    arms = Arms.of(state)
    price, total = arms.firearm_price * 100, count_firearm_demand(state)
    flow = stochastic_round(
        arms.smuggling_rate * (1.0 - arms.embargo_effectiveness),
        uniform(randomness, ARRIVES, COUNTRY),
    )
    sold = min(total, flow)
    start, seen, before = uniform(randomness, WHO_BUYS, COUNTRY), 0, 0
    for gang in state.gangs:
        if gang.firearm_demand > 0:
            # Systematic sampling: shares in proportion to what is wanted, adding up to what is
            # sold.
            seen += gang.firearm_demand
            until = sold if seen == total else min(sold, int(sold * (1.0 * seen / total) + start))
            bought = min(gang.firearm_demand, until - before)
            before = until
            gang.firearms += bought
            gang.treasury -= bought * price
            state.ledger.firearms_smuggled += bought
            state.ledger.arms_spending += bought * price
        gang.combat_effectiveness = combat_effectiveness_of(
            gang.members, gang.firearms, arms.unarmed_effectiveness
        )


@rule
def count_firearms(state: State) -> None:
    """Count the firearms of all gangs, and forget whom they lost today."""
    state.daily.gang_firearms = 0
    for gang in state.gangs:
        gang.losses_today = 0
        state.daily.gang_firearms += gang.firearms
