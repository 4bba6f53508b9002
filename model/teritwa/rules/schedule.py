"""Schedule of a day: five phases, each a function that lists its rules and why they come there.

Actors in a phase read the state as the phase began: crews choose their targets before any attack is
resolved, and headquarters scores targets before any unit moves. Where two agents compete for one
thing, the order of their ids decides (who lands under the ceiling, which attack is resolved first),
never the order of rows in a file.
"""

from teritwa.engine.compiler import rule
from teritwa.engine.randomness import Randomness
from teritwa.engine.recorder import Recorder, record
from teritwa.rules.agents.state import State
from teritwa.rules.conservation import BALANCED, check_conservation
from teritwa.rules.districts.casualties import update_recent_killings
from teritwa.rules.districts.control import update_control, update_neighbour_influence
from teritwa.rules.districts.injuries import count_injured
from teritwa.rules.districts.presence import (
    find_strongest_claimants,
    update_day_presence,
    update_gang_presence,
    update_night_presence,
)
from teritwa.rules.forces.army_holding import ArmyHolding, occupy_cleared
from teritwa.rules.forces.bases import Bases, count_garrisons, garrison_bases
from teritwa.rules.forces.clearing import conduct_operations
from teritwa.rules.forces.detention import (
    Detention,
    detain_residents,
    release_prisoners,
    search_hidden,
)
from teritwa.rules.forces.dispatch import command
from teritwa.rules.forces.doctrine import update_postures
from teritwa.rules.forces.drone_strikes import strike_from_air
from teritwa.rules.forces.drones import Drones, send_drones
from teritwa.rules.forces.equipment import Equipment, damage_vehicles
from teritwa.rules.forces.garrisons import garrison_cleared, release_garrisons
from teritwa.rules.forces.night_posture import crews_return, reopen_stations, withdraw_at_dusk
from teritwa.rules.forces.operations import Operations
from teritwa.rules.forces.police_attrition import PoliceAttrition, lose_officers, post_cadets
from teritwa.rules.forces.readiness import count_operational, update_readiness
from teritwa.rules.forces.tasking import decay_recent_attacks, score_targets
from teritwa.rules.gangs.arms import Arms, buy_firearms, count_firearms, lose_firearms
from teritwa.rules.gangs.attack import Attack
from teritwa.rules.gangs.attack_planning import combine_attacks, plan_attacks
from teritwa.rules.gangs.attack_resolution import resolve_attacks
from teritwa.rules.gangs.emergence import Emergence, settle_gangs
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
from teritwa.rules.moods import Moods, update_moods
from teritwa.rules.population.aid import deliver_aid
from teritwa.rules.population.displacement import Displacement, update_safety
from teritwa.rules.population.everyday_violence import EverydayViolence, kill_in_disputes
from teritwa.rules.population.flight import flee
from teritwa.rules.population.returns import return_home
from teritwa.rules.population.self_defence import (
    SelfDefence,
    self_defence_killings,
    update_brigades,
)
from teritwa.rules.population.services import update_recruitment_pool, update_services
from teritwa.rules.population.trust import update_trust


@rule
def reset_daily_counts(state: State) -> None:
    """Set all counts of the day to zero, for the country and for each district."""
    state.killed[:, :] = 0
    state.killed_under_gangs[:, :] = 0
    state.injured[:, :] = 0
    state.daily_numbers[:, :] = 0
    state.local_numbers[:, :] = 0


@rule
def update_institutions(state: State, randomness: Randomness) -> None:
    """Update mandate, contingents, funding, readiness and coordination before sunrise."""
    if Mandate.of(state).enabled:
        update_mandate(state, randomness)  # first: under a lapsed mandate nobody lands
    if ForceGeneration.of(state).enabled:
        decide_withdrawal(state, randomness)  # given the losses until yesterday
        dispatch_prepared(state, randomness.day)  # so that they can land today
    repatriate(state, randomness)  # departures make room under the ceiling
    if Contingents.of(state).enabled:
        land_officers(state, randomness)  # before orders: arrivals serve from today
    update_perceived_progress(state, randomness.day)  # donors see results until yesterday
    settle_accounts(state, randomness.day)  # after arrivals: all officers present are paid
    if Equipment.of(state).enabled:
        update_readiness(state, randomness)  # after payment, which decides repairs and fuel
    if Governance.of(state).enabled:
        update_coordination(state)  # given the leaders and officers of today


@rule
def dawn(state: State, randomness: Randomness) -> None:
    """Run the rules before sunrise: institutions act, and headquarters gives orders."""
    reset_daily_counts(state)  # first: a day includes the night that ends it
    if Moods.of(state).enabled:
        update_moods(state, randomness)  # before anybody acts on them
    update_institutions(state, randomness)  # who is present, and able to operate
    update_gang_presence(state)  # headquarters judges where crews are
    update_neighbour_influence(state)  # targets next to the state score higher
    count_garrisons(state)  # before bases are garrisoned
    if Bases.of(state).enabled:
        garrison_bases(state, randomness)  # before orders: units operate around their base
    update_postures(state)  # a change of doctrine or posture acts from today
    release_garrisons(state, randomness.day)  # before orders: who is free can be sent
    score_targets(state, randomness)  # what headquarters believes
    command(state, randomness)  # operations go on, end and begin; units move after all is decided
    if Drones.of(state).enabled:
        send_drones(state)  # over the districts where units operate


@rule
def daytime(state: State, randomness: Randomness) -> None:
    """Run the rules of the day: units operate where they were sent, and fight the crews there."""
    update_day_presence(state)  # before losses change it
    if Equipment.of(state).enabled:
        damage_vehicles(state, randomness)  # on the way to operations
    if Operations.of(state).enabled:
        conduct_operations(state, randomness)  # after all units are in place
    if Detention.of(state).enabled:
        search_hidden(state, randomness)  # after operations, which drive crews into hiding
        detain_residents(state, randomness)  # beside the search
    if Drones.of(state).enabled:
        strike_from_air(state, randomness)  # after operations: against fighters who remain


@rule
def dusk(state: State, randomness: Randomness) -> None:
    """Run the rules at dusk: units without a base leave, soldiers occupy cleared districts."""
    garrison_cleared(state, randomness)  # before units leave: some stay in what they cleared
    withdraw_at_dusk(state)  # before presence at night is counted
    update_gang_presence(state)  # given the day's losses
    if ArmyHolding.of(state).enabled:
        occupy_cleared(state, randomness)  # before the first night after a clearing
    update_night_presence(state)  # after movements: officers who hold and defend


@rule
def night(state: State, randomness: Randomness) -> None:
    """Run the rules at night: crews return, fight, attack and kidnap; brigades and others kill."""
    crews_return(state, randomness)  # before attacks: a crew that returns may attack
    if GangRivalry.of(state).enabled:
        fight_rivals(state, randomness)  # before attacks: losses weaken attackers
    if Attack.of(state).enabled:
        plan_attacks(state, randomness)  # all crews choose before any attack
        combine_attacks(state, randomness)  # crews with the same target attack together
        resolve_attacks(state, randomness)  # one district after the other
    if Kidnapping.of(state).enabled:
        kidnap(state, randomness)  # by the crews that are left
    if SelfDefence.of(state).enabled:
        self_defence_killings(state, randomness)  # after the attacks and kidnappings of the night
    if EverydayViolence.of(state).enabled:
        kill_in_disputes(state, randomness)  # after officers by day and by night are known


@rule
def move_people(state: State, randomness: Randomness) -> None:
    """Update displacement, services, aid, trust and self-defence as the day ends."""
    update_safety(state, randomness.day)  # before people choose where to go
    if Displacement.of(state).enabled:
        flee(state, randomness)  # from killings, takeovers and menace
        return_home(state, randomness)  # to districts that have long been quiet
    update_services(state)  # given who holds each district now
    deliver_aid(state, randomness.day)  # after displacement: to all who are displaced now
    update_trust(state, randomness.day)  # before recruitment, which resentment raises
    if SelfDefence.of(state).enabled:
        update_brigades(state, randomness)  # given the killings of today


@rule
def update_gangs(state: State, randomness: Randomness) -> None:
    """Update revenue, wages, members and arms of gangs as the day ends."""
    if Extortion.of(state).enabled:
        collect_revenue(state)  # after displacement: from people still there
        pay_wages(state)  # before arms: wages have priority
    if Membership.of(state).enabled:
        update_recruitment_pool(state)  # before recruitment, which depends on it
        recruit(state, randomness)  # after wages, which decide who joins and leaves
    if Emergence.of(state).enabled:
        settle_gangs(state, randomness)  # after recruitment: founders recruit from tomorrow on
    count_members(state)  # after recruitment and losses
    if Arms.of(state).enabled:
        lose_firearms(state, randomness)  # before purchases, which replace losses
        buy_firearms(state, randomness)  # with the cash left after wages
    count_firearms(state)  # as they are at the end of the day


@rule
def midnight(state: State, randomness: Randomness) -> int:
    """Run the rules that end the day; return the result of `check_conservation`."""
    update_gang_presence(state)  # given the night's losses
    find_strongest_claimants(state, randomness)  # one of them may hold the district
    update_control(state, randomness.day)  # after presence by day and by night is known
    if Relocation.of(state).enabled:
        update_entrenchment(state)  # given control of today
    move_people(state, randomness)  # given control and killings of today
    update_gangs(state, randomness)  # after people, from whom gangs take and recruit
    if PoliceAttrition.of(state).enabled:
        lose_officers(state, randomness)  # before cadets, who go where officers lack
        post_cadets(state, randomness)  # to stations after the day's losses
    count_operational(state)  # after all losses and arrivals
    count_injured(state, randomness)  # given all deaths of the day
    update_recent_killings(state)  # donors respond to it tomorrow
    update_recent_losses(state)  # contributors respond to it tomorrow
    update_elections_secure(state)  # given control of today
    if Detention.of(state).enabled:
        release_prisoners(state, randomness)  # after the arrests of today
    reopen_stations(state, randomness)  # after the last attack of the day is known
    decay_recent_attacks(state)  # after today's attacks were added
    return check_conservation(state, randomness.day)


@rule
def run_day(state: State, randomness: Randomness) -> int:
    """Run the five phases of a day in order.

    Args:
        state: All records of the run.
        randomness: The random numbers of the day.

    Returns:
        The result of `check_conservation`.
    """
    dawn(state, randomness)
    daytime(state, randomness)
    dusk(state, randomness)
    night(state, randomness)
    return midnight(state, randomness)


@rule
def run_days(
    state: State, randomness: Randomness, days: int, recorder: Recorder
) -> tuple[int, int]:
    """Run days on which no event acts, and record each as it ends.

    Args:
        state: All records of the run.
        randomness: The random numbers of the first of these days.
        days: How many there are.
        recorder: What is recorded.

    Returns:
        The day after the last that was run, and the result of `check_conservation`; the days end
        with the first on which a stock does not balance.
    """
    day, finding = randomness.day, BALANCED
    while day < randomness.day + days and finding == BALANCED:
        finding = run_day(state, Randomness(randomness.first, randomness.second, day))
        record(recorder, day)
        day += 1
    return day, finding
