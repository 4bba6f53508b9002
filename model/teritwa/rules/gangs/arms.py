"""Arms: smuggled in with ease despite an embargo, seized with their bearers, worn out.

Heavy weapons come mostly from the United States (S79). Gangs buy what their fighters lack, as far as their
treasuries and the flow through the borders go; an embargo that is enforced cuts the flow. A fighter without a
firearm counts for little. How many firearms there are is not known: all figures are assumptions.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.parameters import Parameters, parameter, switch
from teritwa.engine.randomness import Chance, decision, uniform, whole
from teritwa.rules.agents.state import State
from teritwa.rules.districts.casualties import COUNTRY

ARRIVES = decision("smuggled arms arrive")
WHO_BUYS = decision("gangs share the smuggled arms")
WEARS_OUT = decision("arms of a gang wear out")
SEIZED = decision("arms are seized with their bearers")


class Arms(Parameters):
    """How firearms come, and what becomes of them."""

    acts: bool = switch(meaning="firearms are bought, wear out and are seized")
    per_fighter_day0: float = parameter(
        1.0,
        "weapons per fighter",
        between=(0.4, 1.5),
        grade="C",
        source="assumption",
        meaning="firearms for each fighter on day 0",
    )
    smuggling: float = parameter(
        20.0,
        "weapons per day",
        between=(3.0, 100.0),
        grade="C",
        source="assumption",
        meaning="firearms that could be smuggled in if nobody enforced the embargo",
    )
    embargo: float = parameter(
        0.1,
        "1",
        between=(0.0, 0.95),
        grade="C",
        source="assumption; weapons come in with ease despite an embargo (S79)",
        meaning="share of that flow, and of the ammunition with it, that the embargo stops",
    )
    price: int = parameter(
        1500,
        "US dollars per weapon",
        between=(300, 6000),
        grade="C",
        source="assumption",
        meaning="price of a smuggled firearm with its ammunition",
    )
    wear: float = parameter(
        0.001,
        "1 per day",
        between=(0.0002, 0.005),
        grade="C",
        source="assumption: half in two years",
        meaning="share of firearms that break or run out of ammunition in a day",
    )
    seized: float = parameter(
        0.7,
        "1",
        between=(0.2, 1.0),
        grade="C",
        source="assumption",
        meaning="share of the firearms of fighters whom forces or brigades kill or arrest that is lost to the gang",
    )
    unarmed: float = parameter(
        0.3,
        "1",
        between=(0.05, 0.8),
        grade="C",
        source="assumption",
        meaning="what a fighter without a firearm counts, against one with it",
    )


@rule
def might(fighters: int, weapons: int, unarmed: float) -> float:
    """Return what a fighter of a gang counts on average: 1 when all have firearms."""
    armed = min(1.0, 1.0 * weapons / max(1, fighters))
    return unarmed + (1.0 - unarmed) * armed


@rule
def lose_arms(state: State, chance: Chance) -> None:
    """Firearms wear out, and are lost with members who were killed or arrested today."""
    arms = state.parameters.arms
    for gang in state.gangs:
        if gang.weapons > 0:
            worn = whole(arms.wear * gang.weapons, uniform(chance, WEARS_OUT, gang.identity))
            taken = 0
            if gang.lost > 0:
                armed = min(1.0, 1.0 * gang.weapons / max(1, gang.fighters + gang.lost))
                taken = whole(arms.seized * armed * gang.lost, uniform(chance, SEIZED, gang.identity))
            gone = min(gang.weapons, worn + taken)
            gang.weapons -= gone
            state.ledger.weapons_lost += gone


@rule
def count_wanted(state: State) -> int:
    """Note how many firearms each gang lacks and can pay, and return their sum."""
    price, total = state.parameters.arms.price * 100, 0
    for gang in state.gangs:
        lacking = max(0, gang.fighters - gang.weapons)
        gang.wanted = min(lacking, max(0, gang.treasury) // price)
        total += gang.wanted
    return total


@rule
def buy_arms(state: State, chance: Chance) -> None:
    """Gangs buy what they lack and can pay; if less comes in, they share it in proportion."""
    arms = state.parameters.arms
    price, total = arms.price * 100, count_wanted(state)
    flow = whole(arms.smuggling * (1.0 - arms.embargo), uniform(chance, ARRIVES, COUNTRY))
    sold = min(total, flow)
    start, seen, before = uniform(chance, WHO_BUYS, COUNTRY), 0, 0
    for gang in state.gangs:
        if gang.wanted > 0:
            # Systematic sampling: shares in proportion to what is wanted, adding up to what is sold.
            seen += gang.wanted
            until = sold if seen == total else min(sold, int(sold * (1.0 * seen / total) + start))
            bought = min(gang.wanted, until - before)
            before = until
            gang.weapons += bought
            gang.treasury -= bought * price
            state.ledger.weapons_smuggled += bought
            state.ledger.arms_bill += bought * price
        gang.might = might(gang.fighters, gang.weapons, arms.unarmed)


@rule
def count_arms(state: State) -> None:
    """Count the firearms of all gangs, and forget whom they lost today."""
    state.today.weapons = 0
    for gang in state.gangs:
        gang.lost = 0
        state.today.weapons += gang.weapons
