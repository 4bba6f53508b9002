"""Forward bases: who moves in, who does not, and what becomes of them when a base closes."""

from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import run_randomness
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    FOREIGN,
    OPERATING,
    SOLDIERS,
    SPECIAL,
    STATION,
    TECHNICAL_HELP,
)
from teritwa.rules.forces.bases import count_garrisons, garrison_bases, leave_closed_bases, nearest_available_unit
from teritwa.rules.forces.night_posture import abandon_district, withdraw_at_dusk
from teritwa.rules.forces.tasking import give_orders
from teritwa.rules.schedule import dawn

VALUES = {
    "bases.garrison_size": 80, "tasking.mission_sent_probability": 0.8, "mandate.enabled": False,
    "night_posture.night_share_without_base": 0.05, "night_posture.night_share_with_base": 0.6,
}  # fmt: skip
TODAY = run_randomness(9, 0, 0, 1)


def mission(country: Any, units: int = 3, **values: float) -> Any:
    """Return units of 50 of the mission at their home, place 0, 1 hour from place 1, 3 from 2 and 2 from 3."""
    here = country(4, [(0, 1), (1, 2), (2, 3)], values={**VALUES, **values})
    here.hours[0], here.hours[:, 0] = [0.0, 1.0, 3.0, 2.0], [0.0, 1.0, 3.0, 2.0]
    for _ in range(units):
        here.unit(2, 0, 50, kind=FOREIGN)
    return here.begin()


def morning(here: Any) -> None:
    """Count garrisons and man bases as each day does."""
    count_garrisons(here.state)
    garrison_bases(here.state)


def test_garrisons_are_mobile_units(country: Any) -> None:
    """Officers who are quartered in a place count, of whatever mobile kind; those of a police station do not."""
    here = mission(country, 2)
    here.units["quarters"][0], here.units["district"][0] = 2, 3
    for kind, officers in ((SPECIAL, 5), (SOLDIERS, 7), (STATION, 900)):
        here.unit(0, 2, officers, kind=kind)
    here.districts["presence"]["garrison"] = 99
    count_garrisons(here.state)
    assert here.districts["presence"]["garrison"].tolist() == [50, 0, 62, 0]


def test_the_nearest_unit_moves(country: Any) -> None:
    """Of three units the one that is 1 hour from the base goes, not those 2 and 3 hours off; of two the first."""
    here = mission(country)
    here.units["quarters"][:3] = [2, 0, 3]
    here.hours[:, 1] = [1.0, 0.0, 3.0, 2.0]
    assert nearest_available_unit(here.state, 1) == 1
    here.units["quarters"][:3] = 0
    assert nearest_available_unit(here.state, 1) == 0


@pytest.mark.parametrize(
    ("name", "value"), [("kind", STATION), ("kind", SPECIAL), ("kind", SOLDIERS), ("posted", True), ("officers", 0)]
)
def test_who_does_not_move(country: Any, name: str, value: int) -> None:
    """No unit of the country's own forces, none that lives in a base already, none without officers."""
    here = mission(country, 1)
    assert nearest_available_unit(here.state, 1) == 0
    here.units[name][0] = value
    assert nearest_available_unit(here.state, 1) == NO_ONE


def test_technical_help_garrisons_nothing(country: Any) -> None:
    """Helpers who do not operate live in no forward base."""
    here = mission(country, 1)
    for terms, row in ((TECHNICAL_HELP, NO_ONE), (ANY_MISSION, 0)):
        here.contingents["terms"][2] = terms
        assert nearest_available_unit(here.state, 1) == row


def test_a_base_gets_one_unit_a_day_until_it_has_its_garrison(country: Any) -> None:
    """80 are to live in a base: 50 on the first day, 100 on the second, nobody more on the third."""
    here = mission(country)
    here.districts["control"]["forward_base"][2] = True
    found = []
    for _ in range(3):
        morning(here)
        found.append(here.units["quarters"][:3].tolist())
        assert here.districts["presence"]["garrison"][2] == 50 * found[-1].count(2)
        assert here.units["posted"][:3].tolist() == [place == 2 for place in found[-1]]
        assert here.units["district"][:3].tolist() == found[-1]
    assert found == [[2, 0, 0], [2, 2, 0], [2, 2, 0]]
    assert here.units["home"][:3].tolist() == [0, 0, 0]
    assert here.finding() == "balanced"


def test_each_base_gets_a_unit_of_its_own(country: Any) -> None:
    """Two bases take one unit each on the same day, never the same; a third finds nobody left."""
    here = mission(country, 2)
    here.districts["control"]["forward_base"][1:] = True
    morning(here)
    assert here.units["quarters"][:2].tolist() == [1, 2]
    morning(here)
    assert here.units["quarters"][:2].tolist() == [1, 2]


def test_where_no_base_is_open_nobody_moves(country: Any) -> None:
    """Without bases, and without units, everybody stays at home."""
    here = mission(country)
    morning(here)
    assert here.units["quarters"][:3].tolist() == [0, 0, 0]
    assert not here.units["posted"].any()
    here = mission(country, 0)
    here.districts["control"]["forward_base"] = True
    morning(here)
    assert here.districts["presence"]["garrison"].sum() == 0


def test_a_base_that_lost_its_people_gets_others(country: Any) -> None:
    """When the garrison's officers are dead or gone home the next unit moves in."""
    here = mission(country, 2)
    here.districts["control"]["forward_base"][1] = True
    morning(here)
    here.units["officers"][0] = 0
    morning(here)
    assert here.units["quarters"][:2].tolist() == [1, 1]


def test_a_garrison_operates_around_its_base(country: Any) -> None:
    """Sent out, it goes to its own district while command wants anything there, else where its reach allows."""
    here = mission(country, 2, **{"tasking.reach": 1.5})
    here.units["quarters"][0], here.units["posted"][0] = 2, True
    here.districts["orders"]["recent_attacks"], here.districts["orders"]["target_score"] = 1e6, [0.0, 9.0, 1.0, 0.0]
    targets = np.array([1, 0, 0, 0, 0, 0, 0, 0])
    give_orders(here.state, TODAY, targets, 1)
    assert here.units["task"][:2].tolist() == [OPERATING, OPERATING]
    assert here.units["district"][:2].tolist() == [2, 1]
    here.districts["orders"]["target_score"][2] = 0.0
    give_orders(here.state, TODAY, targets, 1)
    assert here.units["district"][:2].tolist() == [1, 1]


@pytest.mark.parametrize(("garrison", "share"), [(50, 0.6), (1, 0.6), (0, 0.05)])
def test_a_base_counts_for_the_night_with_a_garrison_only(country: Any, garrison: int, share: float) -> None:
    """A base in which nobody lives lets nobody stay after dark; with a garrison whoever operates there stays."""
    here = mission(country, 1)
    here.districts["control"]["forward_base"][1] = True
    here.unit(0, 0, 40, kind=SPECIAL, task=OPERATING)
    here.units["district"][1] = 1
    here.unit(2, 1, garrison, kind=FOREIGN)
    count_garrisons(here.state)
    withdraw_at_dusk(here.state)
    assert here.units["night_share"][1] == share
    assert here.units["district"][1] == (1 if garrison else 0)


def test_units_leave_a_base_that_is_closed(country: Any) -> None:
    """They go home and are free for another base; units elsewhere, and soldiers who hold a place, stay."""
    here = mission(country)
    here.unit(1, 1, 50, kind=SOLDIERS)
    here.units["quarters"][:4], here.units["posted"][:4] = [1, 2, 0, 1], [True, True, False, True]
    here.districts["control"]["forward_base"][2] = True
    leave_closed_bases(here.state)
    assert here.units["quarters"][:4].tolist() == [0, 2, 0, 1]
    assert here.units["posted"][:4].tolist() == [False, True, False, True]


def test_who_leaves_a_closed_base_is_free_the_same_morning(country: Any) -> None:
    """Before bases are manned those of a closed one go home, and may be sent to another at once."""
    here = mission(country, 1)
    for place, base in ((1, 1), (0, None), (3, 3)):
        here.districts["control"]["forward_base"] = [number == base for number in range(4)]
        morning(here)
        assert here.units[["quarters", "posted"]][0].tolist() == (place, base is not None)


def test_garrisons_are_right_after_units_moved(country: Any) -> None:
    """Whoever moved in the morning counts where the unit lives now, not where it lived: as if counted anew."""
    for before, after in ((1, 2), (1, None)):
        here = mission(country, 2)
        for base in (before, after):
            here.districts["control"]["forward_base"] = [number == base for number in range(4)]
            morning(here)
            found = here.districts["presence"]["garrison"].tolist()
            count_garrisons(here.state)
            assert found == here.districts["presence"]["garrison"].tolist()


def test_units_do_not_go_home_to_a_place_that_is_lost(country: Any) -> None:
    """Where a gang holds the mission's home they stay at what was their base, and are free to move into another."""
    here = mission(country, 1)
    here.units["quarters"][0], here.units["posted"][0], here.districts["control"]["holder"][0] = 1, True, 0
    leave_closed_bases(here.state)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (1, False)
    here.districts["control"]["forward_base"][3] = True
    morning(here)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (3, True)


def test_a_base_that_falls_is_left_and_may_be_manned_elsewhere(country: Any) -> None:
    """When gangs take the place its garrison withdraws, is posted no longer, and the next morning mans another base."""
    here = mission(country, 1)
    here.districts["control"]["forward_base"][1:3] = True
    morning(here)
    assert here.units["quarters"][0] == 1
    abandon_district(here.state, 1)
    assert (here.units["posted"][0], here.districts["control"]["forward_base"][1]) == (False, False)
    morning(here)
    assert (here.units["quarters"][0], here.units["posted"][0]) == (2, True)


@pytest.mark.parametrize("acts", [True, False])
def test_switched_off_nobody_moves_into_bases(country: Any, acts: bool) -> None:
    """Off, bases stay empty, however many are open, and so let nobody stay for the night."""
    here = mission(country, **{"bases.enabled": acts})
    here.districts["control"]["forward_base"][1:] = True
    for day in range(3):
        dawn(here.state, run_randomness(9, 0, 0, day), np.zeros(8, np.int64))
    assert bool(here.units["posted"][:3].all()) == acts
    assert bool(here.districts["presence"]["garrison"][1:].any()) == acts
