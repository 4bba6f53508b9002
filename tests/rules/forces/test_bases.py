"""Forward bases: which units move in, who stays at night, and what happens when a base closes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.doctrine import RAID
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    ARMY,
    AT_HOME,
    FOREIGN,
    MISSION,
    OPERATING,
    POLICE,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
)
from teritwa.rules.forces.army_holding import hand_over
from teritwa.rules.forces.bases import (
    count_garrisons,
    garrison_bases,
    leave_closed_bases,
    nearest_available_unit,
)
from teritwa.rules.forces.dispatch import command
from teritwa.rules.forces.night_posture import abandon_district, withdraw_at_dusk
from teritwa.rules.mission.budget import cost_of_bases
from teritwa.rules.schedule import dawn

VALUES = {
    "bases.garrison_size": 50,
    "tasking.mission_share_out": 0.6,
    "raid.force_ratio": 1.0,
    "mandate.enabled": False,
    "raid.night_share": 0.05,
    "night_posture.night_share_with_base": 0.6,
}
TODAY = run_randomness(9, 0, 0, 1)


def mission(country: Any, units: int = 3, values: Mapping[str, float] = {}) -> Any:
    """Return mission units of 50 officers at home in district 0.

    Travel from there takes 1 hour to district 1, 3 hours to 2 and 2 hours to 3.
    """
    here = country(4, [(0, 1), (1, 2), (2, 3)], values={**VALUES, **values})
    here.set_hours({(0, 1): 1.0, (0, 2): 3.0, (0, 3): 2.0})
    for _ in range(units):
        here.unit(2, 0, 50, kind=FOREIGN)
    return here.begin()


def morning(here: Any) -> None:
    """Count garrisons and garrison bases, as each day does."""
    count_garrisons(here.state)
    garrison_bases(here.state, TODAY)


def test_garrisons_are_mobile_units(country: Any) -> None:
    """Officers of all mobile units quartered in a district count, those of a station do not."""
    here = mission(country, 2)
    here.units["quarters"][0], here.units["district"][0] = 2, 3
    for kind, officers in ((SPECIAL, 5), (SOLDIERS, 7), (STATION, 900)):
        here.unit(0, 2, officers, kind=kind)
    here.districts["presence"]["garrison"] = 99
    count_garrisons(here.state)
    assert here.districts["presence"]["garrison"].tolist() == [50, 0, 62, 0]


def test_the_nearest_unit_moves(country: Any) -> None:
    """The unit nearest to the base moves."""
    here = mission(country)
    here.units["quarters"][:3] = [2, 0, 3]
    here.set_hours({(0, 1): 1.0, (2, 1): 3.0, (3, 1): 2.0})
    assert nearest_available_unit(here.state, TODAY, 1) == 1


def test_of_equally_near_units_a_lot_decides_for_the_run(country: Any) -> None:
    """Each of two units moves first in half of 400 runs, in whichever row, and on every day."""
    found = []
    for identities in ([7, 8], [8, 7]):
        here = mission(country, 2)
        here.units["identity"][:2] = identities
        runs = []
        for run in range(400):
            days = {
                nearest_available_unit(here.state, run_randomness(run, 0, 0, day), 1)
                for day in (1, 2, 3)
            }
            assert len(days) == 1
            runs.append(identities[days.pop()])
        found.append(runs)
    assert found[0] == found[1]
    assert abs(found[0].count(7) - 200) < 4.65 * 10


@pytest.mark.parametrize("lacking", [0.25, 0.8])
def test_a_unit_larger_than_what_is_lacking_moves_in_by_chance(
    country: Any, lacking: float
) -> None:
    """A unit of 50 moves into a base for 12 or 40 with the probability of that part.

    The answer lasts for the run, so that a base has its size on average however large units are.
    """
    moved = 0
    for run in range(400):
        here = mission(country, 2, values={"bases.garrison_size": int(50 * lacking)})
        here.districts["control"]["forward_base"][1] = True
        for day in range(3):
            count_garrisons(here.state)
            garrison_bases(here.state, run_randomness(run, 0, 0, day))
            moved += int(here.units["posted"].sum()) if day == 0 else 0
        assert here.units["posted"].sum() <= 1
    likely = int(50 * lacking) / 50
    assert abs(moved - 400 * likely) < 4.65 * (400 * likely * (1 - likely)) ** 0.5


def test_one_unit_is_offered_to_a_random_base(country: Any) -> None:
    """Of two bases each gets the only unit on half of 400 days, in whichever row it stands."""
    found = []
    for identities in ([1, 2, 3, 4], [1, 3, 2, 4]):
        days = []
        for day in range(400):
            here = mission(country, 1)
            here.set_hours({(0, 1): 1.0, (0, 2): 1.0, (0, 3): 1.0})
            here.districts["identity"] = identities
            here.districts["control"]["forward_base"][1:3] = True
            count_garrisons(here.state)
            garrison_bases(here.state, run_randomness(9, 0, 0, day))
            days.append(identities[here.units["quarters"][0]])
        found.append(days)
    assert found[0] == found[1]
    assert abs(found[0].count(2) - 200) < 4.65 * 10


@pytest.mark.parametrize(
    ("force", "kind"), [(POLICE, SPECIAL), (ARMY, SOLDIERS), (MISSION, FOREIGN)]
)
def test_each_force_lives_in_its_own_bases(country: Any, force: int, kind: int) -> None:
    """A base of police, army or mission gets units of that force, and loses them when it closes.

    Stations never move. The fund pays bases of the mission alone.
    """
    here = mission(country, 0)
    for contingent, own in ((POLICE, SPECIAL), (ARMY, SOLDIERS), (MISSION, FOREIGN)):
        here.unit(contingent, 0, 50, kind=own)
    here.unit(POLICE, 0, 50, kind=STATION)
    control = here.districts["control"]
    control["forward_base"][2], control["base_force"][2] = True, force
    morning(here)
    assert here.units["posted"][:4].tolist() == [row == force for row in range(4)]
    assert (here.units["quarters"][force], here.units["kind"][force]) == (2, kind)
    cost = cost_of_bases(here.state, 0)
    assert (cost > 0) == (force == MISSION)
    hand_over(here.state, 500)
    assert here.units["posted"][force]
    control["forward_base"][2] = False
    morning(here)
    assert here.units["quarters"][force] == 0
    assert not here.units["posted"].any()


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", STATION), ("contingent", 0), ("contingent", 1), ("posted", True), ("officers", 0)],
)
def test_which_units_do_not_move(country: Any, name: str, value: int) -> None:
    """Stations, units of another force, who live in a base, and empty units do not move."""
    here = mission(country, 1)
    assert nearest_available_unit(here.state, TODAY, 1) == 0
    here.units[name][0] = value
    assert nearest_available_unit(here.state, TODAY, 1) == NO_ONE


def test_technical_help_garrisons_nothing(country: Any) -> None:
    """Contingents of technical help garrison no base."""
    here = mission(country, 1)
    for terms, row in ((TECHNICAL_HELP, NO_ONE), (ANY_MISSION, 0)):
        here.contingents["terms"][2] = terms
        assert nearest_available_unit(here.state, TODAY, 1) == row


def test_a_base_gets_one_unit_a_day_until_it_has_its_garrison(country: Any) -> None:
    """A base for 100 officers gets 50 on the first day, 50 on the second, and then nobody."""
    here = mission(country, values={"bases.garrison_size": 100})
    here.districts["control"]["forward_base"][2] = True
    found = []
    for _ in range(3):
        morning(here)
        found.append(here.units["quarters"][:3].tolist())
        assert here.districts["presence"]["garrison"][2] == 50 * found[-1].count(2)
        assert here.units["posted"][:3].tolist() == [place == 2 for place in found[-1]]
        assert here.units["district"][:3].tolist() == found[-1]
    assert [sorted(places) for places in found] == [[0, 0, 2], [0, 2, 2], [0, 2, 2]]
    assert here.units["home"][:3].tolist() == [0, 0, 0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize(("size", "posted"), [(50, 1), (100, 2)])
def test_a_garrison_of_just_the_size_is_complete(country: Any, size: int, posted: int) -> None:
    """Units of 50 fill a base for 50 with one and a base for 100 with two."""
    here = mission(country, values={"bases.garrison_size": size})
    here.districts["control"]["forward_base"][2] = True
    for _ in range(4):
        morning(here)
    assert here.units["posted"].sum() == posted


def test_each_base_gets_a_unit_of_its_own(country: Any) -> None:
    """Two bases get one unit each on the same day; a third base finds none left."""
    here = mission(country, 2)
    here.districts["control"]["forward_base"][1:] = True
    for _ in range(2):
        morning(here)
        assert here.units["posted"][:2].all()
        assert len(set(here.units["quarters"][:2].tolist()) - {0}) == 2


def test_without_bases_or_units_nobody_moves(country: Any) -> None:
    """Without open bases, or without units, nobody moves."""
    here = mission(country)
    morning(here)
    assert here.units["quarters"][:3].tolist() == [0, 0, 0]
    assert not here.units["posted"].any()
    here = mission(country, 0)
    here.districts["control"]["forward_base"] = True
    morning(here)
    assert here.districts["presence"]["garrison"].sum() == 0


def test_a_base_that_lost_its_garrison_gets_another(country: Any) -> None:
    """When a garrison has no officers left, the next unit moves in."""
    here = mission(country, 2)
    here.districts["control"]["forward_base"][1] = True
    morning(here)
    here.units["officers"][here.units["posted"]] = 0
    morning(here)
    assert here.units["quarters"][:2].tolist() == [1, 1]


def test_a_garrison_operates_around_its_base(country: Any) -> None:
    """A garrison operates in its own district while crews are there, and nowhere else.

    Others go where command sends them: the garrison counts as out, so that one unit may go.
    """
    here = mission(country, 3, values={"tasking.reach": 1.5})
    here.units["quarters"][0], here.units["posted"][0] = 2, True
    here.crew(0, 1, 100)
    here.crew(0, 2, 100)
    here.begin()
    here.doctrines["share_out"][2] = 0.67
    here.districts["orders"]["target_score"] = [0.0, 9.0, 1.0, 0.0]
    here.districts["orders"]["believed_fighters"] = 100.0
    command(here.state, TODAY)
    assert here.units["task"][0] == OPERATING
    assert sorted(here.units["task"][1:3].tolist()) == [AT_HOME, OPERATING]
    assert (here.units["district"][0], sorted(here.units["district"][1:3].tolist())) == (2, [0, 1])
    here.districts["presence"]["fighters"][2] = 0
    command(here.state, TODAY)
    assert here.units["task"][0] == AT_HOME
    assert (here.units["district"][0], sorted(here.units["district"][1:3].tolist())) == (2, [0, 1])


@pytest.mark.parametrize(("garrison", "share"), [(50, 0.6), (1, 0.6), (0, 0.05)])
def test_a_base_counts_for_the_night_with_a_garrison_only(
    country: Any, garrison: int, share: float
) -> None:
    """Units stay at night at a base with a garrison, and leave one without."""
    here = mission(country, 1)
    here.districts["control"]["forward_base"][1] = True
    here.unit(0, 0, 40, kind=SPECIAL, task=OPERATING)
    here.units["district"][1], here.units["posture"][1] = 1, RAID
    here.unit(2, 1, garrison, kind=FOREIGN)
    count_garrisons(here.state)
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][1] == share
    assert here.units["district"][1] == (1 if garrison else 0)


def test_units_leave_a_base_that_goes_to_another_force(country: Any) -> None:
    """Police who live in a base go home when it becomes the army's; a soldier's unit moves in."""
    here = country(2, [(0, 1)], values={"bases.garrison_size": 10})
    here.unit(0, 0, 10, kind=SPECIAL)
    here.unit(1, 0, 10, kind=SOLDIERS)
    control = here.districts["control"]
    control["forward_base"][1], control["base_force"][1] = True, POLICE
    here.begin()
    garrison_bases(here.state, run_randomness(5, 0, 0, 1))
    assert here.units["quarters"][:2].tolist() == [1, 0]
    control["base_force"][1] = ARMY
    garrison_bases(here.state, run_randomness(5, 0, 0, 2))
    assert here.units["quarters"][:2].tolist() == [0, 1]
    assert here.units["posted"][:2].tolist() == [False, True]


def test_nobody_moves_where_no_road_leads(country: Any) -> None:
    """A base without a way by land stays empty."""
    here = country(2, [(0, 1)], values={"bases.garrison_size": 10})
    here.unit(0, 0, 10, kind=SPECIAL)
    here.districts["control"]["forward_base"][1] = True
    here.set_hours({(0, 1): np.inf})
    here.begin()
    garrison_bases(here.state, run_randomness(5, 0, 0, 1))
    assert here.units["quarters"][0] == 0


def test_units_leave_a_base_that_is_closed(country: Any) -> None:
    """Units of a closed base go home; other units, and soldiers who hold a district, stay."""
    here = mission(country)
    here.unit(1, 1, 50, kind=SOLDIERS)
    here.units["quarters"][:4], here.units["posted"][:4] = [1, 2, 0, 1], [True, True, False, True]
    here.districts["control"]["forward_base"][2] = True
    leave_closed_bases(here.state)
    assert here.units["quarters"][:4].tolist() == [0, 2, 0, 1]
    assert here.units["posted"][:4].tolist() == [False, True, False, True]


def test_units_of_a_closed_base_are_free_the_same_morning(country: Any) -> None:
    """Units of a closed base go home before bases are garrisoned, and may move on at once."""
    here = mission(country, 1)
    for place, base in ((1, 1), (0, None), (3, 3)):
        here.districts["control"]["forward_base"] = [number == base for number in range(4)]
        morning(here)
        assert here.units[["quarters", "posted"]][0].tolist() == (place, base is not None)


def test_garrisons_are_updated_when_units_move(country: Any) -> None:
    """After moves in the morning garrisons equal those of a new count."""
    for before, after in ((1, 2), (1, None)):
        here = mission(country, 2)
        for base in (before, after):
            here.districts["control"]["forward_base"] = [number == base for number in range(4)]
            morning(here)
            found = here.districts["presence"]["garrison"].tolist()
            count_garrisons(here.state)
            assert found == here.districts["presence"]["garrison"].tolist()


def test_units_do_not_go_home_to_a_lost_district(country: Any) -> None:
    """Where a gang holds the mission's home, units stay at their former base and are free."""
    here = mission(country, 1)
    here.units["quarters"][0] = 1
    here.units["posted"][0] = True
    here.districts["control"]["holder"][0] = 0
    leave_closed_bases(here.state)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (1, False)
    here.districts["control"]["forward_base"][3] = True
    morning(here)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (3, True)


def test_the_garrison_of_a_lost_base_moves_to_another(country: Any) -> None:
    """When gangs take a district its garrison withdraws and moves into another base next day."""
    here = mission(country, 1)
    here.districts["control"]["forward_base"][1:3] = True
    morning(here)
    assert here.units["quarters"][0] == 1
    abandon_district(here.state, 1)
    assert (here.units["posted"][0], here.districts["control"]["forward_base"][1]) == (False, False)
    morning(here)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (2, True)


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_nobody_moves_into_bases(country: Any, enabled: bool) -> None:
    """Switched off, bases stay empty however many are open."""
    here = mission(country, values={"bases.enabled": enabled})
    here.districts["control"]["forward_base"][1:] = True
    for day in range(3):
        dawn(here.state, run_randomness(9, 0, 0, day))
    assert bool(here.units["posted"][:3].all()) == enabled
    assert bool(here.districts["presence"]["garrison"][1:].any()) == enabled
