"""Mission: one world under one scenario, one draw and one replicate, a day at a time."""

import functools
import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from teritwa.engine import randomness
from teritwa.engine.recorder import in_one_block
from teritwa.engine.records import Array, Record
from teritwa.rules.agents.district import District
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit
from teritwa.rules.agents.state import to_state
from teritwa.rules.conservation import BALANCED, FINDINGS
from teritwa.rules.registry import parameters_for_rules
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions import RunRecords
from teritwa.simulation import extensions
from teritwa.simulation.data_collection import Recording
from teritwa.simulation.data_collection import coordinates as _coordinates
from teritwa.simulation.initialization import ONLY_READ, initialize
from teritwa.simulation.interventions import Interventions
from teritwa.simulation.known_past import KnownPast
from teritwa.simulation.mesa_import import AgentSet, mesa
from teritwa.simulation.mesa_views import add_views, view_class
from teritwa.simulation.room import rows_needed
from teritwa.world import FIGURES
from teritwa.world import load as load_world

WHERE_THE_MODEL_LIVES = ("engine", "rules", "scenario", "simulation", "world")
"""Rooms of the package that a run follows from."""

KINDS: dict[str, type[Record]] = {
    "districts": District,
    "gangs": Gang,
    "crews": Crew,
    "units": PoliceUnit,
    "contingents": Contingent,
}
"""The populations that Mesa sees, by their name in the state."""


class LedgerError(Exception):
    """A stock appeared or vanished: an error in a mechanism, named with draw, replicate and day."""


class Mission(mesa.Model):  # type: ignore[misc]  # Mesa ships no types
    """One run.

    ``tables`` holds the records, ``state`` is how rules see them; `step` runs a day; `run` runs all
    of them and returns the outcomes. Two missions with the same draw and replicate share their
    noise, whatever their scenarios.

    Args:
        scenario: A scenario, its file or its shipped name.
        draw: The draw of the uncertain parameters.
        replicate: The random history.
        outcomes: Outcomes to record; one alone is a list of one, and None means all.

    Raises:
        InputError: For a mistake in the scenario, or an unknown outcome.
        RoomError: If the scenario leads to more units than a run can hold.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        draw: int = 0,
        replicate: int = 0,
        outcomes: str | Iterable[str] | None = None,
    ) -> None:
        super().__init__(
            seed=0
        )  # Mesa's own generators are not used: chance is looked up (teritwa.engine.randomness)
        scenario = load(scenario) if isinstance(scenario, str | Path) else scenario
        self.scenario, self.draw, self.replicate, self.day = scenario, draw, replicate, 0
        self.world = load_world(scenario.world)
        in_draw = scenario.in_draw(draw)
        self.tables = initialize(self.world, in_draw.parameters(draw))
        self._past = KnownPast(in_draw.history, scenario.start)
        self.tables["months"] = self._past.months(self.tables["months"])
        events = list(in_draw.schedule(draw, replicate))
        rows = rows_needed(self.tables, (event.action for event in events))
        companions, rows_beside = extensions.companion_tables(self.tables, rows)
        self.tables = in_one_block(self.tables | companions, ONLY_READ, rows | rows_beside)
        self.state = to_state(
            self.tables,
            parameters_for_rules(self.tables["parameters"]),
            extensions.companions_for_rules(self.tables),
        )
        self._run_days = extensions.schedule().run_days
        self.randomness = randomness.run_randomness(scenario.seed, draw, replicate)
        records = RunRecords(self.world, self.tables, self.state)
        self.interventions = Interventions(records, events)
        self.recording = Recording(self.tables, scenario.days, outcomes)
        self._seen = dict.fromkeys(KINDS, 0)

    def step(self) -> None:
        """Run one day: events, then the phases; raise LedgerError if a stock does not balance."""
        self._run_until(self.day + 1)

    def run(self) -> dict[str, Array]:
        """Run all days that are left and return the outcomes by name (see `Outcome.dimensions`)."""
        self._run_until(self.scenario.days)
        self.steps = self.day
        return self.recording.outcomes()

    def _run_until(self, end: int) -> None:
        """Run the days before a day, in one compiled call from each event to the next."""
        while self.day < end:
            today = self._past.randomness(self.randomness, self.day)
            self.interventions.begin_day(today)
            stops = end, self.interventions.next_day(self.day), self._past.next_month(self.day)
            days = int(min(stops)) - self.day
            self.day, finding = self._run_days(self.state, today, days, self.recording.recorder)
            if finding != BALANCED:
                raise LedgerError(
                    f"{FINDINGS[finding]} (scenario {self.scenario.id}, draw {self.draw}, "
                    f"replicate {self.replicate}, day {self.day - 1})"
                )

    def _rows(self, name: str) -> int:
        """Return how many rows of a population exist now."""
        if name in ("crews", "units"):
            return int(self.tables["counters"][name][0])
        return len(self.tables[name])

    def _look(self) -> None:
        """Make Mesa's views of all rows that have none yet."""
        for name, kind in KINDS.items():
            there = self._rows(name)
            if there > self._seen[name]:
                first = 1 + sum(self._seen.values())
                add_views(self, kind, self.tables[name], range(self._seen[name], there), first)
                self._seen[name] = there

    @property
    def agents(self) -> AgentSet:
        """Mesa's view of every agent; reading and writing attributes reads and writes records."""
        self._look()
        return self._all_agents

    @property
    def agents_by_type(self) -> dict[type[Any], AgentSet]:
        """Return Mesa's views by kind: ``mission.agents_by_type[PoliceUnit]``."""
        self._look()
        views = self._agents_by_type
        kinds: Iterable[Any] = KINDS.values()
        return {kind: views[view_class(kind)] for kind in kinds}


def model_digest() -> str:
    """Return a SHA-256 of code and tables: all that a run follows from beside its scenario."""
    return _digest_with(extensions.digest())


@functools.cache
def _digest_with(extension_digest: str) -> str:
    """Return the digest of the model with extensions, which may be loaded at any time."""
    package, total = Path(__file__).parents[1], hashlib.sha256(extension_digest.encode())
    for place in WHERE_THE_MODEL_LIVES:
        for source in sorted((package / place).rglob("*.*")):
            if source.suffix in (".py", ".csv") and FIGURES not in source.parts:
                total.update(
                    source.relative_to(package).as_posix().encode() + b"\0" + source.read_bytes()
                )
    return total.hexdigest()


def warm_up() -> float:
    """Compile the rules, or load them from disk, and return the seconds that took."""
    started = time.perf_counter()
    brief = load("baseline")
    Mission(brief.replace(end=brief.start)).run()
    return time.perf_counter() - started


def coordinates(scenario: Scenario) -> dict[str, list[object]]:
    """Return the values along each dimension of a scenario's outcomes."""
    return _coordinates(scenario, load_world(scenario.world))
