"""Relocation: crews that are driven out move or hide, and gangs left alone entrench themselves."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.forces.clearing import drive_into_hiding
from teritwa.rules.gangs.crews import find_crew
from teritwa.rules.gangs.relocation import (
    SHIFTS,
    least_covered,
    relocate_crew,
    update_entrenchment,
)
from teritwa.rules.schedule import midnight

VALUES = {
    "relocation.shift_share": 0.3,
    "relocation.entrenchment_time": 100.0,
    "relocation.entrenchment_effect": 0.5,
}
TODAY = run_randomness(22, 0, 0, 6)
STAR = [(0, 1), (0, 2), (0, 3)]


def star(country: Any, fighters: int = 100, values: Mapping[str, float] = {}) -> Any:
    """Return a crew in district 0, whose neighbours have 8, 5 and 9 officers."""
    here = country(4, STAR, values={**VALUES, **values})
    here.crew(0, 0, fighters, hiding=7)
    here.districts["presence"]["officers_day"] = [50.0, 8.0, 5.0, 9.0]
    return here.begin()


@pytest.mark.parametrize("influence", [0.0, 0.6, 1.0])
def test_entrenchment_follows_influence(country: Any, influence: float) -> None:
    """The distance of entrenchment to gang influence shrinks by exp(-1/100) a day."""
    here = country(2, values=VALUES)
    here.districts["control"]["gang_influence"] = influence
    here.districts["control"]["entrenchment"] = [0.0, 0.8]
    for _ in range(50):
        update_entrenchment(here.state)
    left = math.exp(-0.5)
    expected = [influence * (1 - left), influence + (0.8 - influence) * left]
    assert here.districts["control"]["entrenchment"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("officers", "places"),
    [
        ([50.0, 8.0, 5.0, 9.0], [2]),
        ([0.0, 8.0, 8.0, 8.0], [1, 2, 3]),
        ([0.0, 9.0, 7.0, 7.0], [2, 3]),
    ],
)
def test_the_least_covered_neighbour(
    country: Any, officers: list[float], places: list[int]
) -> None:
    """The neighbour with fewest officers by day is chosen, of equals each as often, never home."""
    here = star(country)
    here.districts["presence"]["officers_day"] = officers
    runs = 300 if len(places) > 1 else 3
    found = [least_covered(here.state, run_randomness(9, run, 0, 1), 0) for run in range(runs)]
    likely = 1.0 / len(places)
    for place in range(4):
        expected = runs * likely if place in places else 0.0
        assert abs(found.count(place) - expected) <= 4.65 * (expected * (1.0 - likely)) ** 0.5


def test_nobody_relocates_by_sea(country: Any) -> None:
    """Neighbours by sea do not count, and a district without others has none."""
    here = star(country)
    here.links["sea"][here.links["target"] == 2] = True
    assert least_covered(here.state, run_randomness(9, 0, 0, 1), 0) == 1
    here.links["sea"] = True
    assert least_covered(here.state, run_randomness(9, 0, 0, 1), 0) == NO_ONE
    assert least_covered(here.state, TODAY, 1) == NO_ONE
    assert least_covered(country(1, []).state, TODAY, 0) == NO_ONE


def test_a_share_forms_a_new_crew_without_a_claim(country: Any) -> None:
    """Of 100 fighters 30 form a crew in the least covered district, which they do not claim."""
    here = star(country)
    relocate_crew(here.state, TODAY, 0)
    assert here.crews["fighters"][:2].tolist() == [70, 30]
    assert here.crews[["gang", "district", "hiding", "claims_district"]][1].tolist() == (
        0,
        2,
        0,
        False,
    )
    assert (here.counters["crews"][0], find_crew(here.state, 0, 2)) == (2, 1)
    assert here.finding() == "balanced"


def test_a_share_joins_the_crew_of_its_gang(country: Any) -> None:
    """Where the gang has a crew the 30 fighters join it; another gang's crew is left alone."""
    here = star(country)
    here.crew(1, 2, 11)
    own = here.crew(0, 2, 20)
    here.begin()
    relocate_crew(here.state, TODAY, 0)
    assert here.crews["fighters"][:3].tolist() == [70, 11, 50]
    assert here.crews["claims_district"][own]
    assert here.counters["crews"][0] == 3


@pytest.mark.parametrize("fighters", [1, 2, 3, 5, 8])
def test_small_crews_relocate_at_random(country: Any, fighters: int) -> None:
    """A share of 0.3 of few fighters is rounded at random, with its mean kept."""
    shifted = []
    for day in range(200):
        here, today = star(country, fighters), run_randomness(22, 0, 0, day)
        relocate_crew(here.state, today, 0)
        moved = stochastic_round(0.3 * fighters, uniform(today, SHIFTS, 4000))
        assert here.crews["fighters"][:2].tolist() == [fighters - moved, moved]
        shifted.append(moved)
    assert abs(sum(shifted) - 60 * fighters) < 4.65 * (200 * 0.25) ** 0.5


def test_fighters_who_do_not_relocate_hide(country: Any) -> None:
    """Of 100 fighters driven out 30 relocate and 70 hide with the 7 who were hiding before."""
    here = star(country)
    drive_into_hiding(here.state, TODAY, 0, 0.0)
    assert here.crews["fighters"][:2].tolist() == [0, 30]
    assert here.crews["hiding"][:2].tolist() == [77, 0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("reason", ["off", "no share", "by sea"])
def test_all_hide_where_nobody_can_relocate(country: Any, reason: str) -> None:
    """All 100 hide if relocation is off, its share is 0, or no link by land is left."""
    here = star(
        country,
        values={
            "relocation.enabled": reason != "off",
            "relocation.shift_share": 0.0 if reason == "no share" else 0.3,
        },
    )
    here.links["sea"] = reason == "by sea"
    drive_into_hiding(here.state, TODAY, 0, 0.0)
    assert (here.crews["fighters"].sum(), here.crews["hiding"][0]) == (0, 107)
    assert here.finding() == "balanced"


def test_repeated_pressure_moves_crews_on(country: Any) -> None:
    """Along a line of three districts a crew driven out twice relocates twice.

    The second move is to the less covered end.
    """
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.crew(0, 0, 1000)
    here.begin()
    here.districts["presence"]["officers_day"] = [9.0, 5.0, 1.0]
    drive_into_hiding(here.state, TODAY, 0, 0.0)
    drive_into_hiding(here.state, TODAY, 1, 0.0)
    assert here.crews["district"][:3].tolist() == [0, 1, 2]
    assert here.crews["fighters"][:3].tolist() == [0, 0, 90]
    assert here.crews["hiding"][:3].tolist() == [700, 210, 0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("enabled", [True, False])
def test_switched_off_entrenchment_stays(country: Any, enabled: bool) -> None:
    """As a day ends entrenchment follows influence; switched off, it stays as it is."""
    here = country(1, [], values={**VALUES, "relocation.enabled": enabled})
    here.districts["control"]["gang_influence"] = 0.9
    here.districts["control"]["entrenchment"] = 0.2
    here.districts["control"]["holder"] = 0
    here.begin()
    midnight(here.state, TODAY)
    step = 1 - math.exp(-0.01) if enabled else 0.0
    above = here.districts["control"]["gang_influence"][0] - 0.2
    assert here.districts["control"]["entrenchment"][0] == pytest.approx(0.2 + step * above)
