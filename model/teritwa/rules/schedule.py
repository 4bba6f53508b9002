"""A day, in order: five phases, each one compiled function that lists its rules, a line each with its reason.

Everybody in a phase reads the state as the phase began: crews write whom they mean to attack before any attack is
resolved, command judges before any unit moves. Where two
claim one thing, the order of their ids decides (who lands under the ceiling, which attack is resolved first), never
the order of rows in a file.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Chance
from teritwa.engine.records import Array
from teritwa.rules.agents.state import State
from teritwa.rules.conservation import check
from teritwa.rules.districts.casualties import count_injured, remember_harm
from teritwa.rules.districts.control import look_around, update_control
from teritwa.rules.districts.presence import (
    look_for_menace,
    stand_by_day,
    stand_by_night,
    stand_gangs,
)
from teritwa.rules.forces.army_holding import hold_cleared
from teritwa.rules.forces.bases import count_garrisons, man_bases
from teritwa.rules.forces.drones import send_drones, strike_from_air
from teritwa.rules.forces.equipment import count_ready, hit_vehicles, make_ready
from teritwa.rules.forces.night_posture import crews_return, reoccupy, withdraw_at_dusk
from teritwa.rules.forces.operations import operate
from teritwa.rules.forces.police_attrition import post_cadets, wear_out
from teritwa.rules.forces.tasking import fade_heat, give_orders, judge, rank_targets
from teritwa.rules.gangs.arms import buy_arms, count_arms, lose_arms
from teritwa.rules.gangs.attack import gather_attacks, plan_attacks
from teritwa.rules.gangs.attack_resolution import resolve_attacks
from teritwa.rules.gangs.extortion import collect, muster, pay_wages
from teritwa.rules.gangs.gang_rivalry import wage_war
from teritwa.rules.gangs.kidnapping import kidnap
from teritwa.rules.gangs.membership import recruit
from teritwa.rules.gangs.relocation import dig_in
from teritwa.rules.mission.budget import settle_accounts
from teritwa.rules.mission.contingents import go_home as contingents_go_home
from teritwa.rules.mission.contingents import land
from teritwa.rules.mission.donors import perceive
from teritwa.rules.mission.force_generation import prepare, reconsider, remember_losses
from teritwa.rules.mission.governance import coordinate, judge_elections
from teritwa.rules.mission.mandate import watch_mandate
from teritwa.rules.population.aid import bring_aid
from teritwa.rules.population.displacement import flee, go_home, judge_safety
from teritwa.rules.population.self_defence import gather_brigades, lynch
from teritwa.rules.population.services import count_idle, open_services
from teritwa.rules.population.trust import weigh_trust


@rule
def start_counts(state: State) -> None:
    """Set the day's counts to zero."""
    state.killed[:, :] = 0
    state.killed_under_gangs[:, :] = 0
    state.injured[:, :] = 0
    today = state.today
    today.kidnapped, today.recruited, today.attacks, today.operations = 0, 0, 0, 0
    today.cleared, today.lost_again, today.newly_displaced, today.returned = 0, 0, 0, 0
    today.attacks_on_state, today.children_recruited, today.mission_killed, today.takings = 0, 0, 0, 0
    today.executed = 0
    for district in state.districts:
        district.civilians_killed, district.bystanders_killed, district.kidnapped = 0, 0, 0


@rule
def arrive(state: State, chance: Chance) -> None:
    """Institutions before sunrise: who may be here, who comes and goes, what is paid, what works."""
    rules = state.parameters
    if rules.mandate.acts:
        watch_mandate(state, chance)  # a lapsed mandate lets nobody land today
    if rules.contributors.acts:
        reconsider(state, chance)  # after yesterday's losses
        prepare(state, chance.day)  # who is ready sets out
    contingents_go_home(state, chance)  # leaving makes room under the ceiling
    if rules.contingents.acts:
        land(state, chance)  # arrivals serve from today
    perceive(state, chance.day)  # donors judge what was achieved until yesterday
    settle_accounts(state, chance.day)  # pays those who are here now
    if rules.equipment.acts:
        make_ready(state, chance)  # pay decides repairs and fuel
    if rules.politics.acts:
        coordinate(state)  # by the leaders and officers of today


@rule
def dawn(state: State, chance: Chance, targets: Array) -> None:
    """Before sunrise: institutions act, and command gives its orders from what it believes."""
    start_counts(state)  # so that the night's dead belong to the day that ends with it
    arrive(state, chance)
    stand_gangs(state)  # where crews stand is what there is to know
    look_around(state)  # a border is where the state is next door
    count_garrisons(state)  # who lives where as the day begins
    if state.parameters.bases.acts:
        man_bases(state)  # before orders: a garrison operates around its base
    judge(state, chance)  # what command believes it is worth
    found = rank_targets(state, targets)
    if state.parameters.drones.acts:
        send_drones(state, targets, found)  # over the places where units will operate
    give_orders(state, chance, targets, found)  # units set out


@rule
def daytime(state: State, chance: Chance) -> None:
    """By day: units stand where they were sent; where crews are, they clash."""
    stand_by_day(state)  # presence counts before any clash changes it
    if state.parameters.equipment.acts:
        hit_vehicles(state, chance)  # on the way out
    if state.parameters.clash.acts:
        operate(state, chance)  # ambush, strike, perhaps a crew disperses
    if state.parameters.drones.acts:
        strike_from_air(state, chance)  # after operations: at those who are left


@rule
def dusk(state: State, day: int) -> None:
    """At dusk: units without a forward base leave, soldiers move into what was cleared."""
    withdraw_at_dusk(state)
    stand_gangs(state)  # crews after the day's losses
    if state.parameters.holding.acts:
        hold_cleared(state, day)  # before the first night after a clearing
    stand_by_night(state)  # who is left to hold and to defend
    look_for_menace(state)  # whom brigades will blame


@rule
def night(state: State, chance: Chance) -> None:
    """At night: hidden crews return, gangs fight each other, raid and kidnap, brigades answer."""
    crews_return(state, chance)  # before raids: a crew that is back may raid
    if state.parameters.war.acts:
        wage_war(state, chance)  # between gangs, before they turn outwards
    if state.parameters.attack.acts:
        plan_attacks(state, chance)  # intents, read from the state of dusk
        gather_attacks(state)  # crews with one target attack together
        resolve_attacks(state, chance)  # who wins, who dies, who stays
    if state.parameters.kidnapping.acts:
        kidnap(state, chance)
    if state.parameters.brigade.acts:
        lynch(state, chance)  # brigades kill whom they suspect


@rule
def move_people(state: State, chance: Chance) -> None:
    """People as the day ends: who flees and returns, what still works, whom they trust."""
    rules = state.parameters
    judge_safety(state, chance.day)
    if rules.displacement.acts:
        flee(state, chance)  # from today's killings
        go_home(state, chance)  # to where it was quiet for long
    open_services(state)  # schools and hospitals after the day's change of hands
    bring_aid(state, chance.day)  # to those who are displaced now
    weigh_trust(state, chance.day)  # before recruitment: resentment of today counts
    if rules.brigade.acts:
        gather_brigades(state, chance)  # where gangs killed today


@rule
def keep_gangs(state: State, chance: Chance) -> None:
    """Gangs as the day ends: they take, pay, buy arms and recruit."""
    rules = state.parameters
    if rules.rackets.acts:
        collect(state)  # from those who are still there
        pay_wages(state)  # wages before arms
    if rules.gangs.recruits:
        count_idle(state)  # who stands to be recruited
        recruit(state, chance)  # pay of today decides who joins and leaves
    muster(state)  # members after recruits and losses
    if rules.arms.acts:
        lose_arms(state, chance)  # today's losses first, so that they can be replaced
        buy_arms(state, chance)
    count_arms(state)  # as they are at the end of the day


@rule
def midnight(state: State, chance: Chance) -> int:
    """As the day ends: control follows presence, people and gangs follow; return the ledger's finding."""
    stand_gangs(state)  # where crews stand after the night
    update_control(state)  # influence follows the day's and the night's presence
    if state.parameters.pressure.acts:
        dig_in(state)  # where gangs dominate
    move_people(state, chance)
    keep_gangs(state, chance)
    if state.parameters.police.acts:
        wear_out(state, chance)
        post_cadets(state, chance)
    count_ready(state)  # of those who are still there
    count_injured(state, chance)  # beside all of the day's dead
    remember_harm(state)  # what donors will look at
    remember_losses(state)  # what contributors will look at
    judge_elections(state)
    reoccupy(state, chance)  # stations reopen where it is quiet
    fade_heat(state)  # command's attention fades
    return check(state)


@rule
def whole_day(state: State, chance: Chance, targets: Array) -> int:
    """Run the five phases of a day in order; return the ledger's finding."""
    dawn(state, chance, targets)
    daytime(state, chance)
    dusk(state, chance.day)
    night(state, chance)
    return midnight(state, chance)
