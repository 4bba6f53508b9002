"""Deeds: what the dated events of a scenario do to the records, at dawn, before anybody acts."""

from dataclasses import dataclass, field
from functools import singledispatchmethod

from teritwa.agents.district import NO_ONE
from teritwa.agents.institution import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.agents.record import Array
from teritwa.agents.state import State
from teritwa.founding import contingent_numbers, district_numbers, family_ties, gang_numbers
from teritwa.mechanisms.gangs import break_prisons
from teritwa.noise import Chance
from teritwa.scenario import actions
from teritwa.world import World

FOR_EVER = 1 << 40
"""The end of a mandate that has none, in days."""

_MANDATES = {
    "none": NO_MANDATE,
    "support-mission": SUPPORT_MISSION,
    "un-peacekeeping": UN_PEACEKEEPING,
}


@dataclass
class Deeds:
    """Applies dated actions to one run's records."""

    world: World
    state: State
    parameters: Array
    running: list[tuple[int, actions.Offensive | actions.Operation]] = field(default_factory=list)
    """Offensives and operations under way, each with its first day after."""

    def __post_init__(self) -> None:
        """Look up the rows of names once."""
        self.districts = district_numbers(self.world)
        self.gangs = gang_numbers(self.world)
        self.contingents = contingent_numbers(self.world)
        self.monthly: dict[str, int] = {}

    def expire(self, day: int) -> None:
        """End the offensives and operations whose time is over."""
        kept = [(until, action) for until, action in self.running if until > day]
        if len(kept) < len(self.running):
            self.running = kept
            self._mark_places()

    def _mark_places(self) -> None:
        """Write the running offensives and operations into the districts."""
        districts = self.state.districts
        multiplier = float(self.parameters["attack"]["offensive_multiplier"][0])
        for place in range(len(districts)):
            districts[place]["offensive"], districts[place]["offensive_by"] = 1.0, NO_ONE
            districts[place]["wanted"] = 1.0
        for _, action in self.running:
            for name in action.targets:
                district = districts[self.districts[name]]
                if isinstance(action, actions.Operation):
                    district["wanted"] = 10.0
                else:
                    district["offensive"] = multiplier
                    district["offensive_by"] = self.gangs.get(action.gangs, NO_ONE)

    @singledispatchmethod
    def do(self, action: object, chance: Chance) -> None:
        """Apply an action on the day of ``chance``; raise TypeError for a kind nobody knows."""
        raise TypeError(f"no deed for {type(action).__name__} on day {chance.day}")

    @do.register
    def _deploy(self, action: actions.Deploy, chance: Chance) -> None:
        contingent = self.state.contingents[self.contingents[action.contingent]]
        officers = int(action.officers)
        if contingent["waiting"] == 0:
            contingent["arriving"] = 0.0
        contingent["waiting"] += officers
        contingent["arriving"] += officers / max(1, action.over)

    @do.register
    def _withdraw(self, action: actions.Withdraw, chance: Chance) -> None:
        for row, seed in enumerate(self.world.contingents):
            if action.contingent == seed.id or (action.contingent == "all" and seed.force == "mission"):
                contingent = self.state.contingents[row]
                there = int(contingent["officers"])
                leaving = there if action.officers is None else min(there, action.officers)
                contingent["leaving"] = leaving
                contingent["departing"] = leaving / max(1, action.over)
                contingent["waiting"] = 0

    @do.register
    def _mandate(self, action: actions.Mandate, chance: Chance) -> None:
        institution = self.state.institution
        institution["mandate"] = _MANDATES[action.becomes]
        institution["authorised"] = action.authorised
        until = action.until
        institution["mandate_ends"] = FOR_EVER if until is None else (until - self.world.start).days + 1

    @do.register
    def _money(self, action: actions.Money, chance: Chance) -> None:
        institution = self.state.institution
        institution["pledged"] += action.pledge or 0
        institution["fund"] += action.receive or 0
        institution["received"] += action.receive or 0
        if action.monthly is not None:
            self.monthly[action.donor] = action.monthly
            institution["monthly"] = sum(self.monthly.values())

    @do.register
    def _equipment(self, action: actions.Equipment, chance: Chance) -> None:
        self.state.contingents[self.contingents[action.contingent]]["vehicles"] += action.vehicles
        self.state.ledger["vehicles_delivered"] += action.vehicles

    @do.register
    def _base(self, action: actions.Base, chance: Chance) -> None:
        self.state.districts[self.districts[action.district]]["forward_base"] = action.open

    @do.register
    def _coalition(self, action: actions.Coalition, chance: Chance) -> None:
        self.state.institution["coalition"] = action.active

    @do.register
    def _offensive(self, action: actions.Offensive, chance: Chance) -> None:
        self.running.append((chance.day + action.over, action))
        if action.gangs not in self.gangs:
            self.state.institution["offensive_until"] = chance.day + action.over - 1
        self._mark_places()

    @do.register
    def _operation(self, action: actions.Operation, chance: Chance) -> None:
        self.running.append((chance.day + action.over, action))
        self._mark_places()

    @do.register
    def _prison_break(self, action: actions.PrisonBreak, chance: Chance) -> None:
        break_prisons(self.state, chance, action.escaped)

    @do.register
    def _coordination(self, action: actions.Coordination, chance: Chance) -> None:
        self.state.institution["coordination"] = action.level

    @do.register
    def _change(self, action: actions.Change, chance: Chance) -> None:
        for name, value in action.params:
            family, parameter = name.split(".")
            self.parameters[family][parameter][0] = value
        if any(name.startswith("displacement.") for name, _ in action.params):
            self.state.ties[:] = family_ties(self.world, self.parameters)
        self._mark_places()
