"""Data collection: what is recorded, when, and from which records."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from teritwa import world
from teritwa.engine.errors import InputError
from teritwa.engine.records import fields
from teritwa.rules.agents.accounts import DailyCounts
from teritwa.rules.agents.district import STATE
from teritwa.rules.districts.control import zone
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario
from teritwa.simulation.data_collection import (
    OutcomeRangeError,
    Recording,
    as_stored,
    weeks,
)
from teritwa.simulation.model import Mission, coordinates
from teritwa.world.codes import PERPETRATORS, VICTIMS


@pytest.mark.parametrize(
    ("days", "found"),
    [(1, [0]), (7, [0, 6]), (8, [0, 7]), (9, [0, 7, 8]), (15, [0, 7, 14]), (17, [0, 7, 14, 16])],
)
def test_weeks_and_the_last_day(days: int, found: list[int]) -> None:
    """Places are recorded every seventh day and on the last, each once."""
    assert weeks(days) == found


@pytest.fixture
def mission(small_scenario: Callable[..., Scenario]) -> Mission:
    """Return a mission of ten days in the small world that has not begun."""
    return Mission(small_scenario(days=10))


def test_coordinates_name_every_axis(small_scenario: Callable[..., Scenario]) -> None:
    """Dates run from first to last day, weeks as above; places and contingents have ids."""
    found = coordinates(small_scenario(days=10))
    assert [str(day) for day in (found["date"][0], found["date"][-1])] == [
        "2024-01-01",
        "2024-01-10",
    ]
    assert found["week"] == [np.datetime64(date(2024, 1, day)) for day in (1, 8, 10)]
    assert found["district"][:2] == ["amber-airfield", "amber-docks"]
    assert found["contingent"][-1] == "united-nations"
    assert (found["perpetrator"], found["victim"]) == (list(PERPETRATORS), list(VICTIMS))


def test_arrays_have_the_axes_and_types_of_their_outcomes(mission: Mission) -> None:
    """Every outcome has the shape of its axes and its declared type."""
    sizes = {name: len(values) for name, values in coordinates(mission.scenario).items()}
    for name, array in mission.run().items():
        assert array.shape == tuple(sizes[axis] for axis in OUTCOMES[name].dimensions)
        assert array.dtype == np.dtype(OUTCOMES[name].stored)
    assert set(mission.run()) == set(OUTCOMES)


@pytest.mark.parametrize(
    ("value", "stored", "fits"),
    [
        (32_767, "i2", True),
        (40_000, "i2", False),
        (-32_769, "i2", False),
        (14_100_623_030, "i4", False),
        (14_100_623_030, "i8", True),
        (1e39, "f4", False),
        (float("inf"), "f4", True),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_an_error(
    value: float, stored: str, fits: bool
) -> None:
    """Nothing wraps in silence: 40,000 in 16 bits is an error that names the outcome.

    What is not finite is kept, and found where a run is checked.
    """
    values = np.array([0, value])
    if fits:
        assert as_stored("killed", values, stored).tolist() == [0, value]
    else:
        with pytest.raises(OutcomeRangeError, match=r"killed: .* does not fit"):
            as_stored("killed", values, stored)


def test_only_what_is_asked_is_kept(mission: Mission) -> None:
    """Only the named outcomes are recorded."""
    recording = Recording(mission.tables, 10, ["killed", "control_zone"])
    recording.note(0)
    assert set(recording.outcomes()) == {"killed", "control_zone"}


def test_one_name_alone_is_a_list_of_one() -> None:
    """A scenario and an outcome may be given by their names, which are not lists of letters."""
    mission = Mission("island", outcomes="killed")
    assert (mission.scenario.id, mission.recording.names) == ("island", ("killed",))


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ("kiled", ("'kiled': is not an outcome; did you mean 'killed'?",)),
        (["killed", "displacd"], ("'displacd': is not an outcome; did you mean 'displaced'?",)),
        ("x", (f"'x': is not an outcome; there are {', '.join(sorted(OUTCOMES))}",)),
        (["killed", 7], (f"'7': is not an outcome; there are {', '.join(sorted(OUTCOMES))}",)),
    ],
)
def test_unknown_outcomes_are_named(given: Any, problems: tuple[str, ...]) -> None:
    """A name that is no outcome is a mistake with the nearest one, or with all of them."""
    with pytest.raises(InputError) as refused:
        Mission("island", outcomes=given)
    assert refused.value.problems == problems


def test_a_single_place_keeps_its_axis(country: Any) -> None:
    """With one district, outcomes by district still have their axis, and money has none."""
    recording = Recording(country(1, []).tables, 1, None)
    recording.note(0)
    found = recording.outcomes()
    assert (found["residents"].tolist(), found["fund_balance"].tolist()) == ([[1000]], [0.0])


def test_control_is_weighed_by_residents_of_2015(mission: Mission) -> None:
    """Docks, Market and Ravine are held: 135 of the capital's 190 thousand, whoever has fled."""
    mission.tables["districts"]["people"]["residents"] = 1
    recording = Recording(mission.tables, 1, None)
    recording.note(0)
    found = {
        name: float(array[0])
        for name, array in recording.outcomes().items()
        if name.startswith("gang_control")
    }
    nation = sum(row.residents_2015 for row in mission.world.districts)
    assert found == pytest.approx(
        {
            "gang_control_capital": 135 / 190,
            "gang_control_districts": 0.5,
            "gang_control_national": (135_000 + 12_000 + 14_000) / nation,
        }
    )


def test_towns_lost_are_net(mission: Mission) -> None:
    """Two towns fall and one is freed: one is lost, the capital aside, whatever the influence."""
    number = {row.id: place for place, row in enumerate(mission.world.districts)}
    control = mission.tables["districts"]["control"]
    recording = Recording(mission.tables, 2, ["towns_lost"])
    recording.note(0)
    control["holder"][[number[name] for name in ("calder", "oakley", "amber-heights")]] = 0
    control["holder"][number["garrow"]] = STATE
    control["gang_influence"] = 1.0
    recording.note(1)
    assert recording.outcomes()["towns_lost"].tolist() == [0, 1]


def test_held_districts_follow_the_holder(mission: Mission) -> None:
    """A district is held by gangs exactly where the holder is a gang, whatever the influence."""
    control = mission.tables["districts"]["control"]
    control["holder"], control["gang_influence"] = STATE, 1.0
    control["holder"][[3, 7]] = [0, 4]
    recording = Recording(mission.tables, 1, ["held_by_gangs"])
    recording.note(0)
    assert np.flatnonzero(recording.outcomes()["held_by_gangs"][0]).tolist() == [3, 7]


def test_counts_and_stocks_are_written_as_they_are(mission: Mission) -> None:
    """Deaths by perpetrator and victim, kidnappings, the displaced, officers, dollars, mandate."""
    tables = mission.tables
    recording = Recording(tables, 5, None)
    for day in range(5):
        recording.note(day)
    tables["killed"][3, 1], tables["injured"][4, 2] = 17, 5
    tables["daily"]["kidnapped"], tables["daily"]["recruited"] = 4, 9
    kenya = tables["contingents"][4]
    kenya["officers"], kenya["operational"] = 400, 310
    fund = {"balance": 123_456, "pledged": 100, "received": 200, "spent": 50}
    for name, cents in fund.items():
        tables["fund"][name] = cents
    tables["mission"]["mandate"], tables["mission"]["authorised"] = 2, 2500
    recording.note(3)
    found = recording.outcomes()
    assert (found["killed"][3].sum(), found["killed"][3, 3, 1]) == (17, 17)
    assert (found["injured"][3].sum(), found["injured"][3, 4, 2]) == (5, 5)
    assert {
        name: found[name][3] for name in ("kidnapped", "recruited", "displaced", "mandate")
    } == {
        "kidnapped": 4,
        "recruited": 9,
        "displaced": 4400,
        "mandate": 2,
    }
    assert found["officers_authorised"][[2, 3]].tolist() == [0, 2500]
    assert (found["officers_deployed"][3, 4], found["officers_operational"][3, 4]) == (400, 310)
    names = ("fund_balance", "funds_pledged", "funds_received", "funds_spent")
    assert [found[name][3] for name in names] == [1234.56, 1.0, 2.0, 0.5]
    assert not found["killed"][[0, 1, 2, 4]].any()


TODAY = [name for name in fields(DailyCounts) if name in OUTCOMES and name != "gang_revenue"]


def test_the_days_counts_have_their_own_outcomes(mission: Mission) -> None:
    """Each count of the day is recorded under its own name, on its day; revenue is in dollars."""
    recording = Recording(mission.tables, 3, [*TODAY, "gang_revenue"])
    assert len(TODAY) > 15
    for place, name in enumerate(TODAY):
        mission.tables["daily"][name] = (
            20 + place if name not in ("hospitals_open", "trust_in_forces") else place / 64
        )
    mission.tables["daily"]["gang_revenue"] = 12_345
    recording.note(1)
    arrays = recording.outcomes()
    for place, name in enumerate(TODAY):
        wanted = 20 + place if name not in ("hospitals_open", "trust_in_forces") else place / 64
        assert arrays[name].tolist() == [0, wanted, 0], name
    assert arrays["gang_revenue"].tolist() == [0.0, 123.45, 0.0]


def test_institutions_have_their_own_outcomes(mission: Mission) -> None:
    """Commitments and unpaid costs in dollars, coordination, perceived progress, elections."""
    recording, tables = Recording(mission.tables, 1, None), mission.tables
    tables["fund"]["committed"], tables["fund"]["costs_unpaid"] = 250, 75
    tables["governance"]["coordination"], tables["governance"]["elections_secure"] = 0.25, True
    tables["mission"]["perceived_progress"], tables["ledger"]["prisoners"] = -0.5, 777
    recording.note(0)
    found = {name: array[0] for name, array in recording.outcomes().items()}
    assert (found["funds_committed"], found["costs_unpaid"]) == (2.5, 0.75)
    assert (found["coordination"], found["perceived_progress"]) == (0.25, -0.5)
    assert (found["elections_secure"], found["prisoners"]) == (1, 777)


def test_things_of_the_mission_are_its_own(mission: Mission) -> None:
    """Vehicles are those of the mission, not of the police; preparation is by contingent."""
    recording, contingents = Recording(mission.tables, 1, None), mission.tables["contingents"]
    contingents["vehicles"], contingents["vehicles_broken"] = (
        [1, 50, 60, 70, 2, 3, 4, 5],
        [6, 80, 90, 95, 0, 1, 0, 2],
    )
    contingents["in_preparation"] = [0, 0, 0, 0, 10, 20, 0, 30]
    recording.note(0)
    found = recording.outcomes()
    assert (found["vehicles"].tolist(), found["vehicles_broken"].tolist()) == ([15], [9])
    assert found["officers_in_preparation"].tolist() == [[0, 0, 0, 0, 10, 20, 0, 30]]


def test_bases_are_counted_each_day(mission: Mission) -> None:
    """Two bases open on day 0 and one on day 1 are counted daily, wherever they are."""
    recording, bases = (
        Recording(mission.tables, 2, ["forward_bases"]),
        mission.tables["districts"]["control"]["forward_base"],
    )
    bases[[4, 19]] = True
    recording.note(0)
    bases[4] = False
    recording.note(1)
    assert recording.outcomes()["forward_bases"].tolist() == [2, 1]


def test_places_are_written_weekly_and_at_the_end(mission: Mission) -> None:
    """Day 7 is week 1, the last day the last week; other days are not recorded."""
    recording = Recording(mission.tables, 10, ["residents"])
    for day in range(10):
        mission.tables["districts"]["people"]["residents"] = day
        recording.note(day)
    assert recording.outcomes()["residents"][:, 0].tolist() == [0, 7, 9]


def test_places_have_their_own_numbers(mission: Mission) -> None:
    """Zones follow the rule, officers are counted at their base, others where they are."""
    tables = mission.tables
    tables["districts"]["control"]["gang_influence"] = np.linspace(0.0, 1.0, 20)
    (
        tables["districts"]["presence"]["fighters"],
        tables["districts"]["people"]["displaced_hosted"],
    ) = np.arange(20), np.arange(20) * 2
    (
        tables["districts"]["services"]["schools_open"],
        tables["districts"]["services"]["aid_access"],
    ) = np.arange(20) / 32, np.arange(20) / 64
    tables["units"]["district"] = 3
    recording = Recording(tables, 1, None)
    recording.note(0)
    arrays = recording.outcomes()
    assert arrays["control_zone"][0].tolist() == [
        zone(influence) for influence in np.linspace(0.0, 1.0, 20).tolist()
    ]
    assert arrays["gang_influence"][0] == pytest.approx(np.linspace(0.0, 1.0, 20))
    assert (arrays["gang_fighters"][0].tolist(), arrays["displaced_hosted"][0].tolist()) == (
        list(range(20)),
        list(range(0, 40, 2)),
    )
    assert arrays["schools_open"][0].tolist() == (np.arange(20) / 32).tolist()
    assert arrays["aid_access"][0].tolist() == (np.arange(20) / 64).tolist()
    by_base = dict.fromkeys(range(20), 0)
    numbers = {
        row.id: place for place, row in enumerate(world.load(mission.world.folder).districts)
    }
    for unit in mission.world.units:
        by_base[numbers[unit.base]] += unit.officers
    assert arrays["officers_posted"][0].tolist() == list(by_base.values())
