"""The twin: the territorial core of the model in plain Mesa objects, written a second time.

It covers presence by day and night, coverage, influence, standing and holders, influence next door,
moods, rivalry, planning, combining and resolving attacks, settling, defence, membership with its
pool of recruits, and the police: what they know, where and with which units they raid, losses,
arrests, crews in hiding and their return, lost and reopened stations and the refuge of units. It
does not cover dated events but the coalition's, nor postures but raid, patrol and guard,
displacement, services, aid, trust, brigades that change, money, arms, kidnapping, new gangs,
relocation, search and prisons, equipment, and the mission: scenarios switch them off.

Day 0 is that of the product. Chance is looked up by the product's addresses, so that both agree.
"""

import math
from types import SimpleNamespace

import numpy as np

from teritwa.engine import randomness
from teritwa.rules.districts.casualties import COUNTRY, UNIT_LOSES
from teritwa.rules.forces.night_posture import STATION_REOPENS
from teritwa.rules.moods import LETHALITY_DRIFT, MONTH, OFFENSIVES_DRIFT, OPERATIONS_DRIFT
from teritwa.scenario.history import MOODS, KnownMonth
from teritwa.simulation.mesa_import import mesa

from .attacks import Attack
from .chance import Randomness, normal, share_out
from .district import BY_GANG, CIVILIAN, OFFICER, District
from .gangs import Crew, Gang, free_share
from .headquarters import Headquarters
from .operations import Operation
from .police import PoliceUnit


class Twin(mesa.Model):  # type: ignore[misc]  # Mesa ships no types
    """One run of the territorial core; `found` in `founding` fills it with districts and agents."""

    def __init__(self, values: SimpleNamespace, key: Randomness) -> None:
        super().__init__(seed=0)
        self.values, self.key, self.day = values, key, 0
        self.districts: list[District] = []
        self.gangs: list[Gang] = []
        self.crews: list[Crew] = []
        self.units: list[PoliceUnit] = []
        self.coalition_active, self.coalition_changes = False, dict[int, bool]()
        self.mood_of_attacks = self.mood_of_lethality = self.mood_of_operations = 0.0
        self.moods_ahead, self.days_of_moods_left = dict[str, float](), 0
        self.known_months, self.keys = dict[int, KnownMonth](), dict[int, Randomness]()
        self.coordination, self.headquarters = 0.0, Headquarters(self)
        self.fighters_on_day_0, self.contacts_on_day_0, self.pool_on_day_0 = 0, 0, 0.0
        self.killed = np.zeros((0, 0), np.int64)

    # Chance and counts

    def uniform(self, decision: int, identity: int, item: int = 0, day: int | None = None) -> float:
        """Return a random number of today, or of another day, by its address."""
        key = self.key._replace(day=self.day if day is None else day)
        return randomness.uniform(key, decision, identity, item)

    def two_uniforms(self, decision: int, identity: int) -> tuple[float, float]:
        """Return two random numbers of today by their address."""
        return randomness.two_uniforms(self.key._replace(day=self.day), decision, identity)

    def count_deaths(self, perpetrator: int, victim: int, dead: int) -> None:
        """Enter deaths in the table of the day."""
        self.killed[perpetrator, victim] += dead

    def kill_officers(self, district: District, wanted: int, force: int = -1) -> None:
        """Kill officers of a force, or of all, who are in a district, at most all."""
        units = [
            unit
            for unit in self.units
            if unit.district is district and force in (-1, unit.contingent.force)
        ]
        claims = [unit.officers for unit in units]
        dead = min(wanted, sum(claims))
        if dead > 0:
            number = self.uniform(UNIT_LOSES, district.identity, force + 1)
            for unit, lost in zip(units, share_out(dead, claims, number), strict=True):
                unit.officers -= lost
            self.count_deaths(BY_GANG, OFFICER, dead)

    def kill_civilians(self, perpetrator: int, district: District, wanted: int) -> None:
        """Kill residents of a district, at most all."""
        dead = min(wanted, district.residents)
        if dead > 0:
            district.residents -= dead
            district.brigade = min(district.brigade, district.residents)
            self.count_deaths(perpetrator, CIVILIAN, dead)

    @property
    def lethality(self) -> float:
        """Return the factor of its mood on the civilians killed in an attack."""
        return math.exp(self.mood_of_lethality)

    def defenders(self, district: District) -> float:
        """Return the strength that defends a district at night, in officers."""
        weight: float = self.values.self_defence.defence_weight
        return district.officers_by_night + weight * district.brigade

    def detection(self, district: District) -> float:
        """Return the share of a district's fighters that the forces detect."""
        values, tips = self.values.intelligence, 0.0
        if values.enabled:
            heard = 1.0 - values.lost_tips_share * (1.0 - self.coordination)
            tips = district.trust * (1.0 - values.intimidation_share * district.influence) * heard
        known: float = values.visible_share + (1.0 - values.visible_share) * tips
        return known

    # The day

    def step(self) -> None:
        """Run one day, with the chance of its month where that is known."""
        self.key = self.keys.get(self.day, self.key)
        self.dawn()
        self.daytime()
        self.dusk()
        self.night()
        self.midnight()
        self.day += 1

    def dawn(self) -> None:
        """Move the moods, and look at the districts."""
        self.killed[:] = 0
        self.coalition_active = self.coalition_changes.get(self.day, self.coalition_active)
        if self.values.moods.enabled:
            self.update_moods()
        for district in self.districts:
            district.count_fighters()
            district.look_next_door()
        self.headquarters.command()

    def daytime(self) -> None:
        """Count who is present by day, and let the police operate."""
        for district in self.districts:
            district.clear_day()
        for unit in self.units:
            unit.be_present_by_day()
        if self.values.operations.enabled:
            for district in self.districts:
                if district.police_engaged > 0.0 and district.fighters > 0:
                    Operation(self, district).conduct()

    def dusk(self) -> None:
        """Withdraw those who operate, and count who stays by night."""
        for district in self.districts:
            district.count_fighters()
            district.clear_night()
        for unit in self.units:
            unit.withdraw()
            unit.be_present_by_night()

    def night(self) -> None:
        """Let crews come back, fight rivals and attack."""
        for crew in self.crews:
            crew.come_back(self.day)
        if self.values.gang_rivalry.enabled:
            self.fight_rivals()
        if self.values.attack.enabled:
            self.plan_attacks()
            for district in self.districts:
                if district.attackers:
                    Attack(self, district).resolve(self.day)

    def midnight(self) -> None:
        """Update control, members of gangs, and stations."""
        for district in self.districts:
            district.count_fighters()
        for district in self.districts:
            district.update_influence(self.day)
            district.name_holder()
        if self.values.membership.enabled:
            self.update_pool()
            for crew in self.crews:
                if crew.fighters + crew.hiding > 0:
                    crew.change_membership()
        self.reopen_stations()
        for district in self.districts:
            district.recent_attacks *= math.exp(-1.0 / self.values.tasking.attack_memory)

    # Rules that concern the whole country

    def update_moods(self) -> None:
        """Move the intent to attack, its lethality and the tempo of operations by a day.

        Each goes along a straight line to where it is at the end of its month.
        """
        known = self.known_months.get(self.day)
        begins = self.days_of_moods_left == 0
        if begins:
            self.days_of_moods_left = known.days if known else MONTH
        for name, decision, parameter in (
            ("mood_of_attacks", OFFENSIVES_DRIFT, "offensives"),
            ("mood_of_lethality", LETHALITY_DRIFT, "lethality"),
            ("mood_of_operations", OPERATIONS_DRIFT, "operations"),
        ):
            if begins:
                drawn = normal(self.uniform(decision, COUNTRY))
                number = known.numbers[MOODS.index(parameter)] if known else drawn
                self.moods_ahead[name] = self.step_of_mood(name, parameter, number)
            level = getattr(self, name)
            share = 1.0 / self.days_of_moods_left
            setattr(self, name, level + share * (self.moods_ahead[name] - level))
        self.days_of_moods_left -= 1

    def step_of_mood(self, name: str, parameter: str, number: float) -> float:
        """Return the level of a mood a month after the last one, by a standard normal number."""
        moods = self.values.moods
        spread, time = (getattr(moods, f"{parameter}_{what}") for what in ("spread", "time"))
        kept = math.exp(-1.0 / (time / self.days_of_moods_left))
        shock = spread * math.sqrt(1.0 - kept * kept) * number
        return float(kept * self.moods_ahead.get(name, 0.0) + shock)

    def count_contacts(self) -> int:
        """Let all crews face their rivals; return how many fighters do."""
        for crew in self.crews:
            crew.face_rivals()
        return sum(crew.facing for crew in self.crews)

    def fight_rivals(self) -> None:
        """Let crews that face enemies kill and die."""
        rivalry, usual = self.values.gang_rivalry, self.contacts_on_day_0
        rate = rivalry.rate / (usual if usual > 0 else max(1, self.fighters_on_day_0))
        if self.coalition_active:
            rate *= 1.0 - rivalry.truce_effect
        self.count_contacts()
        for crew in self.crews:
            if crew.facing > 0:
                crew.fight_rivals(rate)

    def plan_attacks(self) -> None:
        """Let each crew choose a target, and gather the crews by target."""
        attack = self.values.attack
        for district in self.districts:
            people, district.attackers = district.people / 1000.0, []
            guarded = self.defenders(district) / max(0.001, people)
            district.attack_value = people / (1.0 + guarded / attack.halving_density)
        intent = math.exp(self.mood_of_attacks)
        per_fighter = intent * attack.rate / max(1, self.fighters_on_day_0)
        for crew in self.crews:
            crew.plan_attack(per_fighter)
            if crew.target is not None:
                crew.target.attackers.append(crew)

    def update_pool(self) -> None:
        """Update who may be recruited in each district, relative to the country on day 0."""
        if self.pool_on_day_0 <= 0.0:
            total = people = 0.0
            for district in self.districts:
                total += district.people * self.recruitment_weight(district, 0.0, 0.0)
                people += district.people
            self.pool_on_day_0 = total / max(1.0, people)
        services = self.values.services
        for district in self.districts:
            support, jobs = services.programme_support, services.programme_jobs
            weight = self.recruitment_weight(district, support, jobs)
            district.recruitment_pool = weight / max(self.pool_on_day_0, 1.0e-9)

    def recruitment_weight(self, district: District, support: float, jobs: float) -> float:
        """Return how many people gangs may recruit, per person of a district."""
        services = self.values.services
        absent = (1.0 - services.enrolment_share * district.schools_open) * (1.0 - support)
        young: float = services.idle_young_share * (1.0 - jobs)
        children: float = services.school_age_share * absent * services.child_recruitment_weight
        unaided = (1.0 - district.aid_access) * district.hosted / max(1, district.people)
        weight: float = services.displaced_recruitment_weight
        return young + children + weight * unaided

    def reopen_stations(self) -> None:
        """Reopen stations where it is quiet, and let units return to their first base."""
        rate = self.values.night_posture.station_reopening_rate
        for district in self.districts:
            if not district.station and district.is_quiet(self.day):
                district.station = self.uniform(STATION_REOPENS, district.identity) < rate
        for unit in self.units:
            unit.return_home(self.day)

    def record_day_0(self) -> None:
        """Record with what later days are compared."""
        self.fighters_on_day_0 = sum(crew.fighters for crew in self.crews)
        for district in self.districts:
            district.count_fighters()
            district.fighters_on_day_0 = district.members
            district.free_on_day_0 = free_share(district)
        self.contacts_on_day_0 = self.count_contacts()
