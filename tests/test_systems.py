"""Each system of the sources acts: a shipped scenario uses it, and its effect ends without it.

The runs have the model's own values, because the question is whether a rule acts. What it does
under uncertain parameters is for the posterior and for `teritwa compare`.

    python tests/test_systems.py

prints which of these tests fail when which system is switched off (some minutes).
"""

import functools
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa.engine.records import Array
from teritwa.scenario import load
from teritwa.simulation.model import Mission
from teritwa.world import load as load_world

pytestmark = pytest.mark.slow

Settings = Mapping[str, float]
"""Parameters by full name that replace those of a scenario for the whole run."""

DRAWS = 6
WORLD = load_world()
CAPITAL = np.array([row.metropolitan for row in WORLD.districts])
MISSION = np.array([row.force == "mission" for row in WORLD.contingents])
HAITIAN_POLICE = np.array([row.force == "police" for row in WORLD.contingents])


@dataclass(frozen=True)
class System:
    """A system of the sources.

    Attributes:
        name: What the sources call it.
        files: The files of its mechanisms, below the folder of rules.
        scenario: The shipped scenario that uses it.
        shows: Asserts its effect, under the given parameters.
        off: The parameters that switch it off.
        in_each_run: Whether each run must show the effect, so that one without it refutes it.
    """

    name: str
    files: tuple[str, ...]
    scenario: str
    shows: Callable[[Settings], None]
    off: Settings
    in_each_run: bool = False


def day(year: int, month: int, number: int) -> int:
    """Return the day of a date, counted from the start of 2024."""
    return (date(year, month, number) - date(2024, 1, 1)).days


@functools.cache
def _run(name: str, draw: int, settings: tuple[tuple[str, float], ...]) -> dict[str, Array]:
    """Return the outcomes of one run, which is done once."""
    scenario = replace(load(name), posterior=None).throughout(dict(settings))
    return Mission(scenario.replace(end=min(scenario.end, date(2025, 12, 31))), draw).run()


def runs(name: str, settings: Settings, outcome: str) -> Array:
    """Return an outcome of a scenario's first draws under some parameters (run, day, ...)."""
    given = tuple(sorted(settings.items()))
    return np.array([_run(name, draw, given)[outcome] for draw in range(DRAWS)]).astype(float)


def mission_officers(name: str, settings: Settings, outcome: str = "officers_deployed") -> Array:
    """Return the mission's officers (run, day)."""
    total: Array = runs(name, settings, outcome)[:, :, MISSION].sum(axis=2)
    return total


def shows_the_haitian_police(settings: Settings) -> None:
    """Haitian police: more officers leave than join, and 5 to 20 % are lost in two years."""
    officers = runs("baseline", settings, "officers_deployed")[:, :, HAITIAN_POLICE].sum(axis=2)
    left = officers[:, -1] / officers[:, 0]
    assert ((left > 0.8) & (left < 0.95)).all()


def shows_the_mission(settings: Settings) -> None:
    """The mission: in every run more than 2,000 officers serve at once, and gangs lose members."""
    deployed = mission_officers("full-deployment", settings)
    killed = runs("full-deployment", settings, "killed")[:, :, 2].sum(axis=(1, 2))
    assert (deployed.max(axis=1) > 2000).all()
    assert (killed > 0).all()


def shows_the_contributors(settings: Settings) -> None:
    """Contributors: some pledges arrive after January 2025, and Benin never serves under police."""
    deployed = runs("baseline", settings, "officers_deployed")
    benin = [row.id for row in WORLD.contingents].index("benin")
    assert mission_officers("baseline", settings)[:, day(2025, 2, 1) :].max() > 900
    assert deployed[:, :, benin].max() == 0


def shows_money(settings: Settings) -> None:
    """Money: when the main donor stops, readiness halves before a tenth of the officers leave."""
    after = slice(day(2025, 2, 1), None)
    deployed = mission_officers("funding-collapse", settings)[:, after]
    operational = mission_officers("funding-collapse", settings, "officers_operational")[:, after]
    halved = (operational < 0.5 * operational[:, :1]).argmax(axis=1)
    later = np.arange(deployed.shape[1]) > halved[:, None]
    fewer = (deployed < 0.9 * deployed.max(axis=1, keepdims=True)) & later
    assert (halved > 0).all()
    assert (deployed[np.arange(DRAWS), halved] >= 0.9 * deployed[:, 0]).all()
    assert fewer.any()


def shows_the_mandate(settings: Settings) -> None:
    """Mandate: only without a veto the United Nations take over and nearly reach their ceiling."""
    mandate = runs("un-peacekeeping", settings, "mandate")
    deployed = mission_officers("un-peacekeeping", settings)
    passed = (mandate == 2).any(axis=1)
    assert 0 < passed.sum() < DRAWS
    assert (deployed[passed, -1] > 4000).all()
    assert (deployed[~passed, -1] < 2500).all()


def shows_equipment(settings: Settings) -> None:
    """Equipment: helicopters, drones and night vision cost gangs members in every pair of runs."""
    equipped = runs("air-and-night", settings, "gang_members")[:, -1]
    baseline = runs("baseline", settings, "gang_members")[:, -1]
    assert (equipped - baseline < -100).all()


def shows_bases(settings: Settings) -> None:
    """Forward bases: officers live in the districts of the bases."""
    bases = [row.id in BASES for row in WORLD.districts]
    living = [
        runs(name, settings, "officers_posted")[:, day(2024, 10, 15) // 7][:, bases]
        for name in ("baseline", BASED)
    ]
    more = (living[1] - living[0]).sum(axis=1)
    assert (more >= 40).all()  # nearly one more garrison, some of whom died


BASED = "forward-bases"
BASES = ("solino", "delmas-19", "nazon-christ-roi", "route-de-freres", "tabarre-centre")


def share_recaptured(name: str, settings: Settings) -> float:
    """Return the share of clearings of all runs after which a crew returned within 30 days."""
    return float(
        runs(name, settings, "recaptured").sum() / runs(name, settings, "cleared_from_gangs").sum()
    )


def shows_the_holding_force(settings: Settings) -> None:
    """Holding force: a smaller share of cleared districts is recaptured where soldiers stay."""
    without = share_recaptured("hold-force", {"army_holding.enabled": False})
    assert share_recaptured("hold-force", settings) < without - 0.01


def bystander_ratio(settings: Settings) -> float:
    """Return civilians killed per gang member killed by the Haitian police under all levers."""
    killed = runs("best-case", settings, "killed")[:, :, 1].sum(axis=(0, 1))
    return float(killed[0] / killed[1])


def shows_intelligence(settings: Settings) -> None:
    """Intelligence: forces that people trust kill fewer bystanders per gang member."""
    high = bystander_ratio({"trust.baseline": 0.7, **settings})
    low = bystander_ratio({"trust.baseline": 0.1, **settings})
    assert high < 0.95 * low


def shows_gangs(settings: Settings) -> None:
    """Gangs: without their coalition they kill each other, and attack the state less."""
    after = slice(day(2025, 2, 1), None)
    dead = [
        runs(name, settings, "killed")[:, after, 0, 1].sum(axis=1)
        for name in ("baseline", "coalition-breaks")
    ]
    raids = [
        runs(name, settings, "attacks_on_state")[:, after].sum()
        for name in ("baseline", "coalition-breaks")
    ]
    assert (dead[1] > 1.2 * dead[0]).sum() >= DRAWS - 1
    assert raids[1] < raids[0]


def shows_arms(settings: Settings) -> None:
    """Arms: an embargo leaves gangs fewer firearms and fewer attacks in every pair of runs."""
    for outcome in ("gang_firearms", "attacks"):
        apart = [
            runs(name, settings, outcome)[:, day(2025, 1, 1) :].sum(axis=1)
            for name in ("embargo", "baseline")
        ]
        assert (apart[0] < apart[1]).all()


def shows_recruitment(settings: Settings) -> None:
    """Recruitment: schools and jobs make gangs at least a tenth smaller in every pair of runs."""
    members = [
        runs(name, settings, "gang_members")[:, -1] for name in ("schools-and-jobs", "baseline")
    ]
    assert (members[0] < 0.9 * members[1]).all()


def shows_harm(settings: Settings) -> None:
    """Harm: gangs, police and brigades kill; kidnappings are half to twice those reported."""
    kidnapped = np.median(runs("baseline", settings, "kidnapped")[:, :366].sum(axis=1))
    killed = np.median(runs("baseline", settings, "killed")[:, :366].sum(axis=(1, 3)), axis=0)
    assert 1494 / 2 < kidnapped < 1494 * 2
    assert killed[0] > 1000
    assert killed[1] > 500
    assert killed[4] > 200


def shows_displacement(settings: Settings) -> None:
    """Displacement: the displaced nearly double in a year, more than half outside the capital."""
    displaced = runs("baseline", settings, "displaced")
    hosted = runs("baseline", settings, "displaced_hosted")[:, 52]
    assert (displaced[:, 365] > 2 * 315_000 * 0.9).all()
    assert (hosted[:, ~CAPITAL].sum(axis=1) > 0.5 * hosted.sum(axis=1)).all()


def shows_services(settings: Settings) -> None:
    """Schools and aid: under all levers schools reopen, and aid reaches some districts better."""
    schools = [
        runs(name, settings, "schools_open")[:, -1][:, CAPITAL].mean()
        for name in ("best-case", "baseline")
    ]
    aid = runs("baseline", settings, "aid_access")[:, -1]
    assert schools[0] > schools[1] + 0.02
    assert (aid.max(axis=1) > 1.5 * aid.min(axis=1)).all()


def shows_trust(settings: Settings) -> None:
    """Trust: people trust a United Nations operation less, in every run in which there is one."""
    there = (runs("un-peacekeeping", settings, "mandate") == 2).any(axis=1)
    trust = [
        runs(name, settings, "trust_in_forces")[there, -1]
        for name in ("un-peacekeeping", "baseline")
    ]
    assert (trust[0] < trust[1] - 0.005).all()
    assert there.any()


def shows_politics(settings: Settings) -> None:
    """Politics: forces are coordinated if the council agrees and has staff, and not otherwise."""
    level = [runs(name, settings, "coordination")[:, -1] for name in ("baseline", "best-case")]
    assert (level[0] < 0.4).all()
    assert (level[1] > 0.6).all()


SYSTEMS = (
    System(
        "Haitian police",
        ("forces/police_attrition", "forces/tasking", "forces/dispatch"),
        "baseline",
        shows_the_haitian_police,
        {"police_attrition.enabled": False},
        in_each_run=True,
    ),
    System(
        "the mission",
        ("mission/contingents", "forces/operations", "forces/campaigns"),
        "full-deployment",
        shows_the_mission,
        {"contingents.enabled": False},
        in_each_run=True,
    ),
    System(
        "contributors",
        ("mission/force_generation",),
        "baseline",
        shows_the_contributors,
        {"force_generation.enabled": False},
    ),
    System(
        "money",
        ("mission/budget", "mission/donors"),
        "funding-collapse",
        shows_money,
        {"budget.enabled": False},
    ),
    System(
        "mandate and UN transition",
        ("mission/mandate",),
        "un-peacekeeping",
        shows_the_mandate,
        {"mandate.enabled": False},
    ),
    System(
        "equipment",
        ("forces/equipment", "forces/drones"),
        "air-and-night",
        shows_equipment,
        {"equipment.enabled": False, "drones.enabled": False},
        in_each_run=True,
    ),
    System(
        "forward bases and night",
        ("forces/bases", "forces/night_posture"),
        BASED,
        shows_bases,
        {"bases.enabled": False},
        in_each_run=True,
    ),
    System(
        "holding force",
        ("forces/army_holding",),
        "hold-force",
        shows_the_holding_force,
        {"army_holding.enabled": False},
    ),
    System(
        "intelligence and language",
        ("forces/intelligence",),
        "best-case",
        shows_intelligence,
        {"intelligence.enabled": False},
    ),
    System(
        "gangs",
        (
            "gangs/attack",
            "gangs/attack_resolution",
            "gangs/gang_rivalry",
            "gangs/relocation",
            "gangs/extortion",
        ),
        "coalition-breaks",
        shows_gangs,
        {"attack.enabled": False, "gang_rivalry.enabled": False},
    ),
    System(
        "arms",
        ("gangs/arms",),
        "embargo",
        shows_arms,
        {"arms.enabled": False},
        in_each_run=True,
    ),
    System(
        "recruitment",
        ("gangs/membership", "population/services"),
        "schools-and-jobs",
        shows_recruitment,
        {"membership.enabled": False},
        in_each_run=True,
    ),
    System(
        "civilians killed, hurt, kidnapped",
        ("districts/casualties", "gangs/kidnapping", "population/self_defence"),
        "baseline",
        shows_harm,
        {"kidnapping.enabled": False, "self_defence.enabled": False},
    ),
    System(
        "displacement",
        ("population/displacement",),
        "baseline",
        shows_displacement,
        {"displacement.enabled": False},
        in_each_run=True,
    ),
    System(
        "aid, schools, hospitals",
        ("population/aid", "population/services"),
        "best-case",
        shows_services,
        {"aid.enabled": False, "services.enabled": False},
    ),
    System(
        "the population's trust",
        ("population/trust",),
        "un-peacekeeping",
        shows_trust,
        {"trust.enabled": False},
    ),
    System(
        "politics",
        ("mission/governance",),
        "best-case",
        shows_politics,
        {"governance.enabled": False},
        in_each_run=True,
    ),
)
"""One row a system of the sources, in the order of the guide's table."""


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_the_system_acts(system: System) -> None:
    """The effect of the system is there."""
    system.shows({})


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_what_it_shows_is_gone_when_it_is_switched_off(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the system the same test fails, so it tests this mechanism and nothing else.

    What must hold in each run is refuted by the first one, and no other is done.
    """
    if system.in_each_run:
        monkeypatch.setitem(globals(), "DRAWS", 1)
    with pytest.raises(AssertionError):
        system.shows(system.off)


def test_runs_are_those_of_the_baseline_until_the_coalition_breaks() -> None:
    """What gangs do without their coalition, shown above, begins on the day on which it breaks."""
    broken = day(2025, 2, 1)
    for outcome in ("killed", "attacks_on_state", "attacks", "gang_members"):
        baseline, divided = (runs(name, {}, outcome) for name in ("baseline", "coalition-breaks"))
        assert (baseline[:, :broken] == divided[:, :broken]).all(), outcome


def test_files_and_scenarios_of_systems_exist() -> None:
    """The table of systems names files and scenarios that exist."""
    root = Path(__file__).parents[1]
    for system in SYSTEMS:
        assert (root / "scenarios" / f"{system.scenario}.yaml").exists()
        for name in system.files:
            assert (root / "model" / "teritwa" / "rules" / f"{name}.py").exists()


def column(number: int) -> list[bool]:
    """Return which tests fail when one system, given by its number, is switched off."""
    failed = []
    for system in SYSTEMS:
        try:
            system.shows(SYSTEMS[number].off)
            failed.append(False)
        except AssertionError:
            failed.append(True)
    return failed


def main() -> int:
    """Print the matrix; return 1 if a test does not fail without its own system."""
    with ProcessPoolExecutor() as pool:
        columns = list(pool.map(column, range(len(SYSTEMS))))
    width = max(len(system.name) for system in SYSTEMS)
    sys.stdout.write("test of (rows), with this system switched off (columns): x fails, . passes\n")
    numbers = "".join(f"{number:4d}" for number in range(1, len(SYSTEMS) + 1))
    sys.stdout.write(" " * width + numbers + "\n")
    for row, system in enumerate(SYSTEMS):
        marks = "".join("   x" if failed[row] else "   ." for failed in columns)
        sys.stdout.write(f"{system.name:{width}}{marks}  {row + 1}\n")
    return int(not all(failed[number] for number, failed in enumerate(columns)))


if __name__ == "__main__":
    sys.exit(main())
