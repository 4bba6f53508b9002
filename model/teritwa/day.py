"""A day, in order: five phases, each one compiled function that lists its rules, a line each with its reason.

Everybody in a phase reads the state as the phase began: crews write whom they mean to attack before any attack is
resolved, command judges before any unit moves. Where two
claim one thing, the order of their ids decides (who lands under the ceiling, which attack is resolved first), never
the order of rows in a file.
"""

from teritwa.agents.record import Array
from teritwa.agents.state import State
from teritwa.compiled import rule
from teritwa.mechanisms.attack import gather_attacks, plan_attacks
from teritwa.mechanisms.brigade import gather_brigades, lynch
from teritwa.mechanisms.clash import operate
from teritwa.mechanisms.command import fade_heat, give_orders, judge
from teritwa.mechanisms.contingents import count_ready, land, make_ready
from teritwa.mechanisms.contingents import go_home as contingents_go_home
from teritwa.mechanisms.control import look_around, update_control
from teritwa.mechanisms.displacement import flee, go_home, judge_safety
from teritwa.mechanisms.fund import settle_accounts, watch_mandate
from teritwa.mechanisms.gangs import recruit
from teritwa.mechanisms.harm import count_injured
from teritwa.mechanisms.hold import crews_return, reoccupy, withdraw_at_dusk
from teritwa.mechanisms.kidnapping import kidnap
from teritwa.mechanisms.ledger import check
from teritwa.mechanisms.police import post_cadets, wear_out
from teritwa.mechanisms.presence import look_for_menace, stand_by_day, stand_by_night, stand_gangs
from teritwa.mechanisms.raid import resolve_attacks
from teritwa.mechanisms.war import wage_war
from teritwa.noise import Chance


@rule
def start_counts(state: State) -> None:
    """Set the day's counts to zero."""
    state.killed[:, :] = 0
    state.injured[:, :] = 0
    today = state.today
    today.kidnapped, today.recruited, today.attacks, today.operations = 0, 0, 0, 0
    today.cleared, today.lost_again, today.newly_displaced, today.returned = 0, 0, 0, 0
    for district in state.districts:
        district.civilians_killed = 0


@rule
def dawn(state: State, chance: Chance, targets: Array) -> None:
    """Before sunrise: institutions act, and command gives its orders from what it believes."""
    start_counts(state)  # so that the night's dead belong to the day that ends with it
    watch_mandate(state, chance.day)  # a lapsed mandate lets nobody land today
    contingents_go_home(state, chance)  # leaving makes room under the ceiling
    land(state, chance)  # arrivals serve from today
    settle_accounts(state, chance.day)  # pays those who are here now
    make_ready(state, chance)  # pay decides repairs and fuel
    stand_gangs(state)  # where crews stand is what there is to know
    look_around(state)  # a border is where the state is next door
    judge(state, chance)  # what command believes it is worth
    give_orders(state, chance, targets)  # units set out


@rule
def daytime(state: State, chance: Chance) -> None:
    """By day: units stand where they were sent; where crews are, they clash."""
    stand_by_day(state)  # presence counts before any clash changes it
    operate(state, chance)  # ambush, strike, perhaps a crew disperses


@rule
def dusk(state: State) -> None:
    """At dusk: units without a forward base leave."""
    withdraw_at_dusk(state)
    stand_by_night(state)  # who is left to hold and to defend
    stand_gangs(state)  # crews after the day's losses
    look_for_menace(state)  # whom brigades will blame


@rule
def night(state: State, chance: Chance) -> None:
    """At night: hidden crews return, gangs fight each other, raid and kidnap, brigades answer."""
    crews_return(state, chance)  # before raids: a crew that is back may raid
    wage_war(state, chance)  # between gangs, before they turn outwards
    plan_attacks(state, chance)  # intents, read from the state of dusk
    gather_attacks(state)  # crews with one target attack together
    resolve_attacks(state, chance)  # who wins, who dies, who stays
    kidnap(state, chance)
    lynch(state, chance)  # brigades kill whom they suspect


@rule
def midnight(state: State, chance: Chance) -> int:
    """As the day ends: people move, membership and control follow; return the ledger's finding."""
    stand_gangs(state)  # where crews stand after the night
    update_control(state)  # influence follows the day's and the night's presence
    judge_safety(state, chance.day)
    flee(state, chance)  # from today's killings
    go_home(state, chance)  # to where it was quiet for long
    gather_brigades(state, chance)  # where gangs killed today
    recruit(state, chance)
    wear_out(state, chance)
    post_cadets(state, chance)
    count_ready(state)  # of those who are still there
    count_injured(state, chance)  # beside all of the day's dead
    reoccupy(state, chance)  # stations reopen where it is quiet
    fade_heat(state)  # command's attention fades
    return check(state)


@rule
def whole_day(state: State, chance: Chance, targets: Array) -> int:
    """Run the five phases of a day in order; return the ledger's finding."""
    dawn(state, chance, targets)
    daytime(state, chance)
    dusk(state)
    night(state, chance)
    return midnight(state, chance)
