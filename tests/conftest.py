"""What tests make up: results with given values, records set by hand, a world of 20 districts."""

import os
import pickle
import shutil
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Before NumPy is imported: the threads of its linear algebra wait for each other where workers, or
# other programs, have the cores, and small matrices then take ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import settings

from teritwa.cli import console
from teritwa.engine.compiler import interpreted
from teritwa.engine.files import as_csv
from teritwa.engine.randomness import Randomness
from teritwa.engine.recorder import in_one_block
from teritwa.engine.records import new_table
from teritwa.ensemble.result import Result, open_result
from teritwa.ensemble.run_set import Coordinates, Failure, InMemoryRunSet
from teritwa.ensemble.writer import write_result
from teritwa.rules.agents.district import NO_ONE, STATE
from teritwa.rules.agents.doctrine import NO_OPERATIONS, PATROL
from teritwa.rules.agents.gang import Crew
from teritwa.rules.agents.police_unit import (
    ARMY,
    AT_HOME,
    MISSION,
    POLICE,
    STATION,
    PoliceUnit,
)
from teritwa.rules.agents.state import POPULATIONS, SINGLES, to_state
from teritwa.rules.conservation import BALANCED, FINDINGS, TABLE_DAYS, check_conservation
from teritwa.rules.districts.presence import find_strongest_claimants
from teritwa.rules.forces.doctrine import update_postures
from teritwa.rules.gangs.crews import enter_crew
from teritwa.rules.population.destination_weights import nearest_first
from teritwa.rules.registry import FAMILIES, OUTCOMES, parameter_table, parameters_for_rules
from teritwa.scenario import Scenario, load, parse
from teritwa.scenario.history import History
from teritwa.scenario.inherit import shipped_folder
from teritwa.simulation.initialization.forces import doctrines_of
from teritwa.simulation.initialization.gangs import count_gangs_of_day_0
from teritwa.world import HELD
from teritwa.world.codes import PERPETRATORS, POSTURES, VICTIMS

# The same examples each time, however slow the machine: a red verdict is then about the change.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Let several workers take the files in the order below, not the one with most tests first."""
    config.option.loadscopereorder = False  # of pytest-xdist; without it nothing reads this


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first: the short ones then keep all workers busy to the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def without_announcements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say nothing of what is begun: most tests look at what is said of it afterwards."""
    monkeypatch.setattr(console, "announce", lambda what: None)
    monkeypatch.setattr(console, "WAITING_INTERVAL", 1e6)


@pytest.fixture(scope="session", autouse=True)
def hang_up_is_heard() -> None:
    """Let a hang-up end processes again: a suite started by ``nohup`` inherits that it does not."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


DISTRICTS = ("port", "hill", "plain", "island")
CONTINGENTS = ("haitian-police", "kenya", "jamaica")


@dataclass(frozen=True)
class MadeUpScenario:
    """What storing asks of a scenario, without a file behind it."""

    id: str = "baseline"
    title: str = "The world as it was"
    question: str = "What if nothing changes?"
    compare_with: str = ""
    start: date = date(2024, 12, 30)
    end: date = date(2026, 1, 2)
    draws: int = 1
    replicates: int = 4
    seed: int = 7
    posterior: SimpleNamespace | None = None
    uncertain: tuple[str, ...] = ()
    events: tuple[SimpleNamespace, ...] = ()
    folder: Path = Path()
    given: str = "schema: 2\nid: made-up\n"
    world: str = "Haiti"

    def resolved(self) -> str:
        """Return what a resolved scenario might look like."""
        where = "" if self.world == "Haiti" else "world: ../worlds/nowhere\n"
        return f"schema: 2\nid: {self.id}\n{where}"

    def digest(self) -> str:
        """Return a hash that tells scenarios apart."""
        return f"digest of {self.id}"

    def parameters(self, draw: int) -> dict[str, float]:
        """Return a value that tells draws apart."""
        return {"fund.monthly": 10.5 + draw}

    def history_of(self, draw: int) -> None:
        """Return that nothing of the past is known."""

    def calendar(self) -> tuple[tuple[date, str, str], ...]:
        """Return the dated events."""
        return tuple((event.date, event.id, event.label) for event in self.events)


class Deploy:
    """Stands for an action of this name."""


def coordinates_made_up(scenario: MadeUpScenario, world: str) -> Coordinates:
    """Return coordinates of the made-up districts and contingents over the scenario's days."""
    days = [scenario.start + timedelta(i) for i in range((scenario.end - scenario.start).days + 1)]
    weeks = [day for i, day in enumerate(days) if i % 7 == 0 or i == len(days) - 1]
    by_dimension: dict[str, Sequence[Any]] = {
        "date": days, "week": weeks, "district": list(DISTRICTS), "contingent": list(CONTINGENTS),
        "perpetrator": list(PERPETRATORS), "victim": list(VICTIMS),
    }  # fmt: skip
    auxiliary: dict[str, tuple[str, Sequence[Any], str]] = {
        "district_name": ("district", [name.title() for name in DISTRICTS], "name of the district"),
        "metropolitan": ("district", [1, 1, 0, 0], "1 within the capital"),
        "residents_2015": ("district", [400, 300, 200, 100], "residents in 2015"),
        "force": (
            "contingent",
            ["police", "mission", "mission"],
            "force the contingent belongs to",
        ),
    }
    return Coordinates(by_dimension, auxiliary, {"name": world, "digest": f"digest of {world}"})


@pytest.fixture(scope="session")
def made_up_runs() -> Callable[..., InMemoryRunSet]:
    """Build the runs of a made-up scenario.

    Values are broadcast over (draw, replicate, ...); outcomes without a value are zero.
    """

    def build(
        values: dict[str, Any] | None = None, failed: dict[tuple[int, int], str] | None = None,
        world: str = "Nowhere", coordinates: Coordinates | None = None, **scenario: Any,
    ) -> InMemoryRunSet:  # fmt: skip
        made = MadeUpScenario(**scenario, world=world)
        coordinates = coordinates or coordinates_made_up(made, world)
        completed = np.zeros((made.draws, made.replicates), bool)
        runs = InMemoryRunSet(made, coordinates, completed)  # type: ignore[arg-type]
        shapes = {
            name: runs.new_array(name, made.draws, made.replicates).shape for name in OUTCOMES
        }
        given = dict(values or {})
        if "gang_influence" in given:  # as in a run, a gang holds from one half of the influence on
            given.setdefault("held_by_gangs", np.asarray(given["gang_influence"]) >= HELD)
        whole = {name: np.broadcast_to(given.get(name, 0), shape) for name, shape in shapes.items()}
        for draw, replicate in np.ndindex(made.draws, made.replicates):
            cause = (failed or {}).get((draw, replicate))
            if cause:
                runs.failures.append(Failure(draw, replicate, cause))
            else:
                one = {
                    name: whole[name][draw, replicate].astype(outcome.stored)
                    for name, outcome in OUTCOMES.items()
                }
                runs.add(draw, replicate, one)
        return runs

    return build


class ResultsOnce:
    """Writes each made-up result once; who wants an equal one has a copy, to change as he likes."""

    def __init__(self, make: Callable[..., InMemoryRunSet], folder: Path) -> None:
        self._make, self._folder = make, folder
        self._written: dict[bytes, Path] = {}

    def write(self, folder: Path, *given: Any, **named: Any) -> Path:
        """Write a result into a folder; return the folder of the result within."""
        outcomes = [(name, one.stored, one.dimensions) for name, one in OUTCOMES.items()]
        try:
            key = pickle.dumps((given, named, outcomes))
        except (AttributeError, pickle.PicklingError):  # something that is defined within a test
            return write_result(self._make(*given, **named), folder)
        if key not in self._written:
            place = self._folder / str(len(self._written))
            self._written[key] = write_result(self._make(*given, **named), place)
        written = self._written[key]
        if (folder / written.name).exists():  # a result that replaces another one
            return write_result(self._make(*given, **named), folder)
        return Path(shutil.copytree(written, folder / written.name))


@pytest.fixture(scope="session")
def results_once(
    made_up_runs: Callable[..., InMemoryRunSet], tmp_path_factory: pytest.TempPathFactory
) -> ResultsOnce:
    """The made-up results that were written in this process."""
    return ResultsOnce(made_up_runs, tmp_path_factory.mktemp("made-up"))


@pytest.fixture
def made_up(tmp_path: Path, results_once: ResultsOnce) -> Callable[..., Result]:
    """Build a made-up result: written to a folder named after its scenario, and opened."""
    folder = tmp_path / "made-up"
    return lambda *given, **named: open_result(results_once.write(folder, *given, **named))


@pytest.fixture
def arrival() -> Callable[[date, str], SimpleNamespace]:
    """Build a dated event of a made-up scenario."""
    return lambda on, label: SimpleNamespace(
        date=on, id=label.replace(" ", "-"), label=label, action=Deploy()
    )


SMALL = Path(__file__).parents[1] / "scenarios" / "worlds" / "island"


class Country:
    """Records made by hand: a few districts with ways between them, and whoever a test puts there.

    Every district has 1,000 people, belongs to the state, and has all schools, hospitals and aid.
    Contingents 0, 1 and 2 are the police, the army and the mission, all able to operate in full;
    every fighter is armed and paid, and both donors give. ``values`` are parameters by full name.
    """

    def __init__(
        self,
        places: int = 2,
        ways: Iterable[tuple[int, int]] = ((0, 1),),
        values: dict[str, float] | None = None,
    ) -> None:
        directed = sorted([*ways, *((b, a) for a, b in ways)])
        sizes = {
            "districts": places, "links": len(directed), "gangs": 3, "crews": 8, "units": 8,
            "regions": 2, "contingents": 3, "donors": 2, "postures": len(POSTURES), "doctrines": 3,
            "destinations": places**2, "ways": places**2, "candidates": max(places, 8),
            "months": 1,
        }  # fmt: skip
        self.tables = {name: new_table(kind, sizes[name]) for name, kind in POPULATIONS.items()}
        self.tables |= {name: new_table(kind, 1) for name, kind in SINGLES.items()}
        self.tables |= {
            name: np.zeros((6, 3), np.int64) for name in ("killed", "killed_under_gangs", "injured")
        }
        self.tables |= {
            "allied_fighters": np.zeros((places, 3), np.int64),
            "displaced": np.zeros(places**2, np.int64),
            "hosted": np.zeros(places**2, np.int64),
            "near": np.full(places**2, 1.0 / places),
            "safety": np.zeros(places),
            "pulls": np.zeros(places),
            "guide": np.zeros(places, np.int64),
            "assaulted": np.zeros(places, np.int64),
            "parameters": parameter_table(values or {}),
        }
        self.links["target"], self.links["hours"] = [b for _, b in directed], 1.0
        starts = [sum(a < place for a, _ in directed) for place in range(places + 1)]
        self.districts["place"]["first_link"], self.districts["place"]["last_link"] = (
            starts[:-1],
            starts[1:],
        )
        rows = np.arange(places**2)
        self.destinations["host"], self.destinations["family"] = rows % places, 1.0 / places
        self.destinations["hours"] = (1.0 - np.eye(places)).ravel()
        first = places * np.arange(places)
        self.districts["place"]["first_destination"] = first
        self.districts["place"]["last_destination"] = first + places
        self.districts["place"]["consecutive_hosts"] = True
        self.set_hours({})
        self._fill()
        self.tables = in_one_block(self.tables)
        self.state = to_state(self.tables, parameters_for_rules(self.tables["parameters"]))
        update_postures(self.state)

    def _fill(self) -> None:
        districts, contingents = self.districts, self.contingents
        for first, name in enumerate(("districts", "gangs", "contingents"), start=1):
            self.tables[name]["identity"] = 1000 * first + np.arange(len(self.tables[name]))
        districts["place"]["residents_2015"] = districts["people"]["residents"] = 1000
        districts["place"]["metropolitan"] = True
        districts["control"]["holder"], districts["control"]["attacked_on"] = STATE, -1000
        districts["control"]["base_force"] = MISSION
        districts["people"]["fallen_on"], self.regions["identity"] = -1000, [6000, 6001]
        orders, presence = districts["orders"], districts["presence"]
        orders["offensive_factor"], orders["operation_priority"] = 1.0, 1.0
        orders["offensive_gang"] = NO_ONE
        orders["ordered_posture"], orders["campaign_since"] = NO_OPERATIONS, -1
        orders["campaign_ended"] = -1000
        self.gangs["first_crew"] = NO_ONE
        presence["strongest_claimant"] = presence["first_crew"] = presence["last_crew"] = NO_ONE
        districts["night"]["lead_crew"] = districts["night"]["first_attacker"] = NO_ONE
        contingents["force"], contingents["readiness"] = [POLICE, ARMY, MISSION], 1.0
        contingents["foreign"], contingents["cost_factor"] = [False, False, True], 1.0
        contingents["casualty_tolerance"] = 1.0e9
        contingents["pay_share"], contingents["cost_share_paid"] = 1.0, 1.0
        contingents["own_patience"] = -1
        self.gangs["wage_share_paid"], self.gangs["combat_effectiveness"] = 1.0, 1.0
        self.donors["paying"] = True
        self.tables["doctrines"] = doctrines_of()
        self.units["campaign"], self.units["posture"] = NO_ONE, PATROL
        for name in ("schools_open", "hospitals_open", "aid_access", "goods_supply"):
            districts["services"][name] = 1.0
        districts["people"]["recruitment_pool"] = 1.0
        districts["people"]["trust"] = self.parameters["trust"]["baseline"][0]
        self.mission["un_takeover_day"] = self.mission["started_on"] = -1
        self.governance["coordination"] = 1.0
        self.coalition["offensive_until"] = -1

    def __getattr__(self, name: str) -> Any:
        """Return the table of a name."""
        if name == "tables" or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]

    def by_pair(self, name: str) -> Any:
        """Return a number for each pair (origin, host): a view, to be written.

        They are ``displaced``, ``near``, or a field of destinations.
        """
        fields = self.destinations.dtype.names
        table = self.destinations[name] if name in fields else self.tables[name]
        return table.reshape(len(self.districts), -1)

    def set_hours(self, hours: Mapping[tuple[int, int], float]) -> None:
        """Set the hours of the ways between pairs of districts, there and back."""
        for (one, other), length in hours.items():
            self.by_pair("hours")[one, other] = self.by_pair("hours")[other, one] = length
        first = self.districts["place"]["first_destination"]
        self.ways[:] = nearest_first(self.destinations, first)

    def set_influence(self, influence: Any, places: Any = slice(None)) -> None:
        """Give gangs an influence; from one half of it on gang 0 holds, as after a day's end."""
        control = self.districts["control"]
        control["gang_influence"][places] = influence
        held = control["gang_influence"][places] >= HELD
        control["holder"][places] = np.where(held, 0, STATE)
        self.districts["people"]["under_gang"][places] = held

    def rules(self, name: str) -> Any:
        """Return the parameters of a mechanism, as rules take them."""
        kind = FAMILIES[name]
        return kind.of(self.state) if interpreted() else self.tables["parameters"][name][0]

    def crew(self, gang: int, district: int, fighters: int, hiding: int = 0) -> int:
        """Put a gang's crew into a district; return its row."""
        row = int(self.counters["crews"][0])
        crew = Crew().bind(self.crews, row)
        crew.identity, crew.gang, crew.district = 4000 + row, gang, district
        crew.fighters, crew.hiding, crew.claims_district = fighters, hiding, True
        crew.target = crew.next_attacker = NO_ONE
        self.counters["crews"] = row + 1
        enter_crew(self.state, row)
        return row

    def unit(
        self,
        contingent: int,
        district: int,
        officers: int,
        kind: int = STATION,
        task: int = AT_HOME,
    ) -> int:
        """Put a unit of a contingent into a district, which is its base; return its row."""
        row = int(self.counters["units"][0])
        unit = PoliceUnit().bind(self.units, row)
        unit.identity, unit.contingent, unit.kind = 5000 + row, contingent, kind
        unit.home = unit.quarters = unit.district = unit.operated_in = district
        unit.task, unit.officers, unit.night_share = task, officers, 1.0
        unit.campaign, unit.posture = NO_ONE, PATROL
        self.contingents["officers"][contingent] += officers
        self.counters["units"] = row + 1
        return row

    def begin(self) -> "Country":
        """Take what is there as day 0, for the ledger and for rates by the fighters of day 0."""
        ledger, people = self.ledger, self.districts["people"]
        self.by_pair("hosted")[:] = self.by_pair("displaced").T
        fighters = self.crews["fighters"].sum() + self.crews["hiding"].sum()
        ledger["residents_on_day_0"] = people["residents"].sum() + people["displaced_hosted"].sum()
        ledger["fighters_on_day_0"] = self.counters["fighters_on_day_0"] = fighters
        ledger["officers_on_day_0"] = self.units["officers"].sum()
        on_the_way = self.contingents["in_preparation"].sum() + self.contingents["in_transit"].sum()
        ledger["officers_sent"] = on_the_way
        ledger["prisoners_on_day_0"] = ledger["prisoners"]
        for row in range(len(self.gangs)):
            own = self.crews["gang"][: self.counters["crews"][0]] == row
            here = self.crews[: self.counters["crews"][0]][own]
            self.gangs["members"][row] = here["fighters"].sum() + here["hiding"].sum()
        ledger["firearms_on_day_0"] = self.gangs["firearms"].sum()
        ledger["cash_on_day_0"] = self.gangs["treasury"].sum()
        ledger["vehicles_delivered"] = (
            self.contingents["vehicles"].sum() + self.contingents["vehicles_broken"].sum()
        )
        count_gangs_of_day_0(self.tables)
        find_strongest_claimants(self.state, Randomness(0, 0, 0))
        return self

    def finding(self) -> str:
        """Return what the ledger says, in words."""
        found = (check_conservation(self.state, day) for day in range(TABLE_DAYS))
        return FINDINGS[next((one for one in found if one != BALANCED), BALANCED)]


@pytest.fixture
def country() -> type[Country]:
    """Make countries by hand."""
    return Country


@pytest.fixture
def small_scenario() -> Callable[..., Scenario]:
    """Build a scenario of the world of 20 districts from its events, parameters and days."""

    def build(
        events: str = "",
        params: dict[str, object] | None = None,
        days: int = 30,
        world: Path = SMALL,
    ) -> Scenario:
        end = date(2024, 1, 1) + timedelta(days - 1)
        text = f"schema: 2\nid: made\ntitle: made\nworld: {world.name}\nperiod: {{end: {end}}}\n"
        given = parse(text + (f"events:\n{events}" if events else ""), world.parent / "made.yaml")
        return given.replace(seed=11, params=params or {})

    return build


@pytest.fixture
def with_past(tmp_path: Path) -> Callable[..., Scenario]:
    """Load the island with a posterior of two rows that know a past, and more lines of its own."""

    def make(past: History, more: str = "") -> Scenario:
        rows = [{"membership.recruitment_rate": value} | past.columns() for value in (0.5, 1.5)]
        table = as_csv(list(rows[0]), [map(repr, row.values()) for row in rows])
        (tmp_path / "known.csv").write_text(table)
        shipped = shipped_folder().resolve()
        text = (shipped / "island.yaml").read_text().replace("world: worlds/island", "")
        if not (tmp_path / "island").exists():
            (tmp_path / "island").symlink_to(shipped / "worlds" / "island")
        (tmp_path / "own.yaml").write_text(f"{text}\nworld: island\nposterior: ./known.csv\n{more}")
        return load(tmp_path / "own.yaml")

    return make
