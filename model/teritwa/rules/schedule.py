"""A day, in order: five phases, each a function that lists its rules, a line each with its reason.

Everybody in a phase reads the state as the phase began: crews write whom they mean to attack before
any attack is resolved, command judges before any unit moves. Where two claim one thing, the order
of their ids decides (who lands under the ceiling, which attack is resolved first), never the order
of rows in a file.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness
from teritwa.engine.records import Array
from teritwa.rules.agents.state import State
from teritwa.rules.conservation import check_conservation
from teritwa.rules.districts.casualties import count_injured, update_recent_killings
from teritwa.rules.districts.control import update_control, update_neighbour_influence
from teritwa.rules.districts.presence import (
    update_day_presence,
    update_gang_presence,
    update_nearest_threat,
    update_night_presence,
)
from teritwa.rules.forces.army_holding import ArmyHolding, occupy_cleared
from teritwa.rules.forces.bases import Bases, count_garrisons, garrison_bases
from teritwa.rules.forces.drone_strikes import strike_from_air
from teritwa.rules.forces.drones import Drones, send_drones
from teritwa.rules.forces.equipment import Equipment, damage_vehicles
from teritwa.rules.forces.night_posture import crews_return, reopen_stations, withdraw_at_dusk
from teritwa.rules.forces.operations import Operations, conduct_operations
from teritwa.rules.forces.police_attrition import PoliceAttrition, lose_officers, post_cadets
from teritwa.rules.forces.readiness import count_operational, update_readiness
from teritwa.rules.forces.tasking import (
    decay_recent_attacks,
    give_orders,
    rank_targets,
    score_targets,
)
from teritwa.rules.gangs.arms import Arms, buy_firearms, count_firearms, lose_firearms
from teritwa.rules.gangs.attack import Attack, combine_attacks, plan_attacks
from teritwa.rules.gangs.attack_resolution import resolve_attacks
from teritwa.rules.gangs.extortion import Extortion, collect_revenue, count_members, pay_wages
from teritwa.rules.gangs.gang_rivalry import GangRivalry, fight_rivals
from teritwa.rules.gangs.kidnapping import Kidnapping, kidnap
from teritwa.rules.gangs.membership import Membership, recruit
from teritwa.rules.gangs.relocation import Relocation, update_entrenchment
from teritwa.rules.mission.budget import settle_accounts
from teritwa.rules.mission.contingents import Contingents, land_officers, repatriate
from teritwa.rules.mission.donors import update_perceived_progress
from teritwa.rules.mission.force_generation import (
    ForceGeneration,
    decide_withdrawal,
    dispatch_prepared,
    update_recent_losses,
)
from teritwa.rules.mission.governance import (
    Governance,
    update_coordination,
    update_elections_secure,
)
from teritwa.rules.mission.mandate import Mandate, update_mandate
from teritwa.rules.population.aid import deliver_aid
from teritwa.rules.population.displacement import Displacement, flee, return_home, update_safety
from teritwa.rules.population.self_defence import (
    SelfDefence,
    self_defence_killings,
    update_brigades,
)
from teritwa.rules.population.services import update_recruitment_pool, update_services
from teritwa.rules.population.trust import update_trust


@rule
def reset_daily_counts(state: State) -> None:
    """Set all counts of the day to zero: the country's, the districts' and the dead."""
    state.killed[:, :] = 0
    state.killed_under_gangs[:, :] = 0
    state.injured[:, :] = 0
    state.daily_numbers[:, :] = 0
    state.local_numbers[:, :] = 0


@rule
def update_institutions(state: State, randomness: Randomness) -> None:
    """Before sunrise: who may be in the country, who comes and goes, what is paid, what works."""
    if Mandate.of(state).enabled:
        update_mandate(state, randomness)  # a lapsed mandate lets nobody land today
    if ForceGeneration.of(state).enabled:
        decide_withdrawal(state, randomness)  # after yesterday's losses
        dispatch_prepared(state, randomness.day)  # who is ready sets out
    repatriate(state, randomness)  # leaving makes room under the ceiling
    if Contingents.of(state).enabled:
        land_officers(state, randomness)  # arrivals serve from today
    update_perceived_progress(
        state, randomness.day
    )  # donors judge what was achieved until yesterday
    settle_accounts(state, randomness.day)  # pays those who are here now
    if Equipment.of(state).enabled:
        update_readiness(state, randomness)  # pay decides repairs and fuel
    if Governance.of(state).enabled:
        update_coordination(state)  # by the leaders and officers of today


@rule
def dawn(state: State, randomness: Randomness, targets: Array) -> None:
    """Before sunrise: institutions act, and command gives its orders from what it believes."""
    reset_daily_counts(state)  # so that the night's dead belong to the day that ends with it
    update_institutions(state, randomness)
    update_gang_presence(state)  # where crews stand is what there is to know
    update_neighbour_influence(state)  # a border is where the state is next door
    count_garrisons(state)  # who lives where as the day begins
    if Bases.of(state).enabled:
        garrison_bases(state)  # before orders: a garrison operates around its base
    score_targets(state, randomness)  # what command believes it is worth
    found = rank_targets(state, targets)
    if Drones.of(state).enabled:
        send_drones(state, targets, found)  # over the places where units will operate
    give_orders(state, randomness, targets, found)  # units set out


@rule
def daytime(state: State, randomness: Randomness) -> None:
    """By day: units stand where they were sent; where crews are, they clash."""
    update_day_presence(state)  # presence counts before any clash changes it
    if Equipment.of(state).enabled:
        damage_vehicles(state, randomness)  # on the way out
    if Operations.of(state).enabled:
        conduct_operations(state, randomness)  # ambush, strike, perhaps a crew disperses
    if Drones.of(state).enabled:
        strike_from_air(state, randomness)  # after operations: at those who are left


@rule
def dusk(state: State, randomness: Randomness) -> None:
    """At dusk: units without a forward base leave, soldiers move into what was cleared."""
    withdraw_at_dusk(state)
    update_gang_presence(state)  # crews after the day's losses
    if ArmyHolding.of(state).enabled:
        occupy_cleared(state, randomness.day)  # before the first night after a clearing
    update_night_presence(state)  # who is left to hold and to defend
    update_nearest_threat(state)  # whom brigades will blame


@rule
def night(state: State, randomness: Randomness) -> None:
    """At night: hidden crews return, gangs fight each other, raid and kidnap, brigades answer."""
    crews_return(state, randomness)  # before raids: a crew that is back may raid
    if GangRivalry.of(state).enabled:
        fight_rivals(state, randomness)  # between gangs, before they turn outwards
    if Attack.of(state).enabled:
        plan_attacks(state, randomness)  # intents, read from the state of dusk
        combine_attacks(state)  # crews with one target attack together
        resolve_attacks(state, randomness)  # who wins, who dies, who stays
    if Kidnapping.of(state).enabled:
        kidnap(state, randomness)
    if SelfDefence.of(state).enabled:
        self_defence_killings(state, randomness)  # brigades kill whom they suspect


@rule
def move_people(state: State, randomness: Randomness) -> None:
    """People as the day ends: who flees and returns, what still works, whom they trust."""
    update_safety(state, randomness.day)
    if Displacement.of(state).enabled:
        flee(state, randomness)  # from today's killings
        return_home(state, randomness)  # to where it was quiet for long
    update_services(state)  # schools and hospitals after the day's change of hands
    deliver_aid(state, randomness.day)  # to those who are displaced now
    update_trust(state, randomness.day)  # before recruitment: resentment of today counts
    if SelfDefence.of(state).enabled:
        update_brigades(state, randomness)  # where gangs killed today


@rule
def update_gangs(state: State, randomness: Randomness) -> None:
    """Gangs as the day ends: they take, pay, buy arms and recruit."""
    if Extortion.of(state).enabled:
        collect_revenue(state)  # from those who are still there
        pay_wages(state)  # wages before arms
    if Membership.of(state).enabled:
        update_recruitment_pool(state)  # who stands to be recruited
        recruit(state, randomness)  # pay of today decides who joins and leaves
    count_members(state)  # members after recruits and losses
    if Arms.of(state).enabled:
        lose_firearms(state, randomness)  # today's losses first, so that they can be replaced
        buy_firearms(state, randomness)
    count_firearms(state)  # as they are at the end of the day


@rule
def midnight(state: State, randomness: Randomness) -> int:
    """As the day ends: control, people and gangs follow; return the finding of the ledger."""
    update_gang_presence(state)  # where crews stand after the night
    update_control(state)  # influence follows the day's and the night's presence
    if Relocation.of(state).enabled:
        update_entrenchment(state)  # where gangs dominate
    move_people(state, randomness)
    update_gangs(state, randomness)
    if PoliceAttrition.of(state).enabled:
        lose_officers(state, randomness)
        post_cadets(state, randomness)
    count_operational(state)  # of those who are still there
    count_injured(state, randomness)  # beside all of the day's dead
    update_recent_killings(state)  # what donors will look at
    update_recent_losses(state)  # what contributors will look at
    update_elections_secure(state)
    reopen_stations(state, randomness)  # stations reopen where it is quiet
    decay_recent_attacks(state)  # command's attention fades
    return check_conservation(state)


@rule
def run_day(state: State, randomness: Randomness, targets: Array) -> int:
    """Run the five phases of a day in order; return the ledger's finding."""
    dawn(state, randomness, targets)
    daytime(state, randomness)
    dusk(state, randomness)
    night(state, randomness)
    return midnight(state, randomness)
