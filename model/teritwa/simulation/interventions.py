"""Deeds: what the dated events of a scenario do to the records, at dawn, before anybody acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatchmethod

from teritwa.engine.randomness import Randomness
from teritwa.engine.records import Array
from teritwa.rules.agents.district import NO_ONE, District
from teritwa.rules.agents.institution import NO_MANDATE, SUPPORT_MISSION, Donor, Institution, Ledger
from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.agents.state import State
from teritwa.rules.gangs.membership import break_prisons
from teritwa.rules.mission.contingents import order_home
from teritwa.rules.mission.force_generation import begin_preparation
from teritwa.rules.mission.mandate import vote_for_un
from teritwa.rules.population.destination_weights import nearness
from teritwa.scenario import actions
from teritwa.simulation.initialization.row_numbers import (
    contingent_numbers,
    district_numbers,
    donor_numbers,
    gang_numbers,
)
from teritwa.simulation.initialization.size import scale_to_size
from teritwa.world import World

FOR_EVER = 1 << 40
"""The end of a mandate that has none, in days."""


@dataclass
class Deeds:
    """Applies dated actions to one run's records, given as tables and as the state that rules see."""

    world: World
    tables: Mapping[str, Array]
    state: State
    running: list[tuple[int, actions.Offensive | actions.Operation]] = field(default_factory=list)
    """Offensives and operations under way, each with its first day after."""

    def __post_init__(self) -> None:
        """Look up the rows of names once."""
        self.districts = district_numbers(self.world)
        self.gangs = gang_numbers(self.world)
        self.contingents = contingent_numbers(self.world)
        self.institution = Institution().look_at(self.tables["institution"], 0)
        self.donors = donor_numbers(self.world)
        self.today = Randomness(0, 0, 0)

    def expire(self, day: int) -> None:
        """End the offensives and operations whose time is over."""
        kept = [(until, action) for until, action in self.running if until > day]
        if len(kept) < len(self.running):
            self.running = kept
            self._mark_places()

    def do(self, action: object, randomness: Randomness) -> None:
        """Apply an action on the day of ``today``; raise TypeError for a kind nobody knows."""
        self.today = randomness
        self._do(action)

    def _district(self, name: str) -> District:
        return District().look_at(self.tables["districts"], self.districts[name])

    def _contingent(self, name: str) -> Contingent:
        return Contingent().look_at(self.tables["contingents"], self.contingents[name])

    def _mark_places(self) -> None:
        """Write the running offensives and operations into the districts."""
        table = self.tables["districts"]
        table["offensive_factor"], table["offensive_gang"], table["operation_priority"] = 1.0, NO_ONE, 1.0
        attack, command = self.tables["parameters"]["attack"][0], self.tables["parameters"]["tasking"][0]
        for _, action in self.running:
            for district in map(self._district, action.targets):
                if isinstance(action, actions.Operation):
                    district.operation_priority = float(command["priority_factor"])
                else:
                    district.offensive_factor = float(attack["offensive_multiplier"])
                    district.offensive_gang = self.gangs.get(action.gangs, NO_ONE)

    @singledispatchmethod
    def _do(self, action: object) -> None:
        raise TypeError(f"no deed for {type(action).__name__}")

    @_do.register
    def _deploy(self, action: actions.Deploy) -> None:
        contingent = self._contingent(action.contingent)
        officers = int(action.officers)  # type: ignore[arg-type]  # a schedule holds no distributions
        if contingent.in_transit == 0:
            contingent.arrival_rate = 0.0
        contingent.in_transit += officers
        contingent.arrival_rate += officers / max(1, action.over)

    @_do.register
    def _pledge(self, action: actions.Pledge) -> None:
        officers = int(action.officers)  # type: ignore[arg-type]  # a schedule holds no distributions
        begin_preparation(self.state, self.today, self.contingents[action.contingent], officers, action.preparation)

    @_do.register
    def _withdraw(self, action: actions.Withdraw) -> None:
        for seed in self.world.contingents:
            if action.contingent == seed.id or (action.contingent == "all" and seed.force == "mission"):
                contingent = self._contingent(seed.id)
                wanted = contingent.officers if action.officers is None else action.officers
                order_home.plain(contingent, wanted, action.over)

    @_do.register
    def _mandate(self, action: actions.Mandate) -> None:
        ends = FOR_EVER if action.until is None else (action.until - self.world.start).days + 1
        if action.becomes == "un-peacekeeping":
            vote_for_un(self.state, self.today, action.authorised, ends)
            return
        one, there = self.institution, action.becomes != "none"
        one.mandate = SUPPORT_MISSION if there else NO_MANDATE
        one.authorised = action.authorised if there else 0
        one.military, one.mandate_ends = action.military, ends
        if one.un_takeover_day >= self.today.day:  # the mission that is there stays until the United Nations come
            one.mandate_ends = max(ends, one.un_takeover_day + 1)
        if not there:
            one.un_takeover_day = -1  # a vote for the United Nations that waits is off

    @_do.register
    def _money(self, action: actions.Money) -> None:
        self.institution.pledged += action.pledge or 0
        self.institution.fund += action.receive or 0
        self.institution.received += action.receive or 0
        if action.monthly is not None:
            donor = Donor().look_at(self.tables["donors"], self.donors[action.donor])
            donor.monthly_payment, donor.paying = action.monthly, action.monthly > 0

    @_do.register
    def _equipment(self, action: actions.Equipment) -> None:
        row = self.contingents[action.contingent]
        for thing in actions.EQUIPMENT:
            self.tables["contingents"][thing][row] += getattr(action, thing)
        Ledger().look_at(self.tables["ledger"], 0).vehicles_delivered += action.vehicles

    @_do.register
    def _base(self, action: actions.Base) -> None:
        self._district(action.district).forward_base = action.open

    @_do.register
    def _coalition(self, action: actions.Coalition) -> None:
        self.institution.coalition = action.active

    @_do.register
    def _offensive(self, action: actions.Offensive) -> None:
        self.running.append((self.today.day + action.over, action))
        if action.gangs not in self.gangs:
            last = self.today.day + action.over - 1
            self.institution.offensive_until = max(self.institution.offensive_until, last)
        self._mark_places()

    @_do.register
    def _operation(self, action: actions.Operation) -> None:
        self.running.append((self.today.day + action.over, action))
        self._mark_places()

    @_do.register
    def _prison_break(self, action: actions.PrisonBreak) -> None:
        break_prisons(self.state, self.today, action.escaped)

    @_do.register
    def _coordination(self, action: actions.Coordination) -> None:
        if action.level is not None:
            self.institution.leaders_coordination = action.level
        if action.staffed is not None:
            self.institution.council_staffed = action.staffed

    @_do.register
    def _change(self, action: actions.Change) -> None:
        parameters = self.tables["parameters"]
        for name, value in scale_to_size(dict(action.params), self.world.size).items():
            family, parameter = name.split(".")
            parameters[family][parameter][0] = value
            if name == "displacement.distance_decay":
                self.state.near[:] = nearness(self.world, value)
        self._mark_places()
