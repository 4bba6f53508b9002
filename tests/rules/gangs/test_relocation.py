"""Pressure: crews that are driven out shift to where nobody looks or hide, and gangs left alone dig in."""

import math
from typing import Any

import pytest

from teritwa.engine.randomness import run_randomness, stochastic_round, uniform
from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.forces.operations import drive_into_hiding
from teritwa.rules.gangs.relocation import (
    SHIFTS,
    least_covered,
    relocate_crew,
    required_force_ratio,
    update_entrenchment,
)
from teritwa.rules.schedule import midnight

VALUES = {
    "relocation.shift_share": 0.3, "relocation.entrenchment_time": 100.0, "relocation.entrenchment_effect": 0.5, "operations.clearing_force_ratio": 3.0,
}  # fmt: skip
TODAY = run_randomness(22, 0, 0, 6)
STAR = [(0, 1), (0, 2), (0, 3)]


def star(country: Any, fighters: int = 100, **values: float) -> Any:
    """Return a crew of gang 0 in place 0, from which ways lead to places with 8, 5 and 9 officers."""
    here = country(4, STAR, values={**VALUES, **{f"pressure.{name}": value for name, value in values.items()}})
    here.crew(0, 0, fighters, hiding=7)
    here.districts["presence"]["officers_day"] = [50.0, 8.0, 5.0, 9.0]
    return here.begin()


@pytest.mark.parametrize("influence", [0.0, 0.6, 1.0])
def test_gangs_dig_in_where_they_dominate(country: Any, influence: float) -> None:
    """The distance to their influence shrinks by exp(-1/100) a day, whether works are dug or decay."""
    here = country(2, values=VALUES)
    here.districts["control"]["gang_influence"], here.districts["control"]["entrenchment"] = influence, [0.0, 0.8]
    for _ in range(50):
        update_entrenchment(here.state)
    left = math.exp(-0.5)
    expected = [influence * (1 - left), influence + (0.8 - influence) * left]
    assert here.districts["control"]["entrenchment"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("dug_in", "acts", "needed"), [(0.0, True, 3.0), (0.8, True, 4.2), (1.0, True, 4.5), (1.0, False, 3.0)]
)
def test_more_officers_are_needed_where_gangs_have_dug_in(
    country: Any, dug_in: float, acts: bool, needed: float
) -> None:
    """Three officers a fighter usually, half as many more against gangs that have dug in wholly; off, always three."""
    here = country(values={**VALUES, "relocation.enabled": acts})
    here.districts["control"]["entrenchment"][0] = dug_in
    assert required_force_ratio(here.state, here.state.districts[0]) == pytest.approx(needed)


@pytest.mark.parametrize(
    ("officers", "place"),
    [([50.0, 8.0, 5.0, 9.0], 2), ([0.0, 8.0, 8.0, 8.0], 1), ([0.0, 9.0, 7.0, 7.0], 2), ([0.0, 0.0, 0.0, 0.0], 1)],
)
def test_the_least_covered_place_next_door(country: Any, officers: list[float], place: int) -> None:
    """Of the neighbours the one with fewest officers by day, of equals the first; the place itself never."""
    here = star(country)
    here.districts["presence"]["officers_day"] = officers
    assert least_covered(here.state, 0) == place


def test_nobody_shifts_over_the_sea_or_further(country: Any) -> None:
    """A way by sea does not count, and whoever has no other way shifts nowhere."""
    here = star(country)
    here.links["sea"][here.links["target"] == 2] = True
    assert least_covered(here.state, 0) == 1
    here.links["sea"] = True
    assert least_covered(here.state, 0) == NO_ONE
    assert least_covered(here.state, 1) == NO_ONE
    assert least_covered(country(1, []).state, 0) == NO_ONE


def test_a_share_shifts_to_a_new_crew_that_holds_nothing(country: Any) -> None:
    """Of 100 fighters 30 become their gang's crew where 5 officers are; it lives there and does not contest it."""
    here = star(country)
    relocate_crew(here.state, TODAY, 0)
    assert here.crews["fighters"][:2].tolist() == [70, 30]
    assert here.crews[["gang", "district", "hiding", "contests"]][1].tolist() == (0, 2, 0, False)
    assert (here.counters["crews"][0], here.crew_at[0, 2]) == (2, 1)
    assert here.finding() == "balanced"


def test_a_share_joins_the_crew_of_its_gang(country: Any) -> None:
    """Where their gang stands already the 30 join it; another gang's crew there is left alone."""
    here = star(country)
    here.crew(1, 2, 11)
    own = here.crew(0, 2, 20)
    here.begin()
    relocate_crew(here.state, TODAY, 0)
    assert here.crews["fighters"][:3].tolist() == [70, 11, 50]
    assert here.crews["claims_district"][own]
    assert here.counters["crews"][0] == 3


@pytest.mark.parametrize("fighters", [1, 2, 3, 5, 8])
def test_small_crews_shift_by_chance(country: Any, fighters: int) -> None:
    """0.3 of a few are rounded by chance, never to more than there are, and on average to 0.3 of them."""
    shifted = []
    for day in range(200):
        here, today = star(country, fighters), run_randomness(22, 0, 0, day)
        relocate_crew(here.state, today, 0)
        moved = stochastic_round(0.3 * fighters, uniform(today, SHIFTS, 4000))
        assert here.crews["fighters"][:2].tolist() == [fighters - moved, moved]
        shifted.append(moved)
    assert abs(sum(shifted) - 60 * fighters) < 4.65 * (200 * 0.25) ** 0.5


def test_who_does_not_shift_hides(country: Any) -> None:
    """Driven out, 30 of 100 are next door at once and 70 hide beside the 7 who hid before."""
    here = star(country)
    drive_into_hiding(here.state, TODAY, 0)
    assert here.crews["fighters"][:2].tolist() == [0, 30]
    assert here.crews["hiding"][:2].tolist() == [77, 0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("reason", ["off", "no share", "by sea", "no row"])
def test_where_nobody_can_shift_all_hide(country: Any, reason: str) -> None:
    """Switched off, at a share of nought, without a way by land or a free row, all 100 hide."""
    here = star(country, acts=reason != "off", shift=0.0 if reason == "no share" else 0.3)
    here.links["sea"] = reason == "by sea"
    if reason == "no row":
        here.counters["crews"] = len(here.crews)
    drive_into_hiding(here.state, TODAY, 0)
    assert (here.crews["fighters"].sum(), here.crews["hiding"][0]) == (0, 107)
    assert here.finding() == "balanced"


def test_pressure_moves_gangs_on_and_on(country: Any) -> None:
    """Along a way of three places fighters who are driven out of the second shift to the less covered end."""
    here = country(3, [(0, 1), (1, 2)], values=VALUES)
    here.crew(0, 0, 1000)
    here.begin()
    here.districts["presence"]["officers_day"] = [9.0, 5.0, 1.0]
    drive_into_hiding(here.state, TODAY, 0)
    drive_into_hiding(here.state, TODAY, 1)
    assert here.crews["district"][:3].tolist() == [0, 1, 2]
    assert here.crews["fighters"][:3].tolist() == [0, 0, 90]
    assert here.crews["hiding"][:3].tolist() == [700, 210, 0]
    assert here.finding() == "balanced"


@pytest.mark.parametrize("acts", [True, False])
def test_nobody_digs_in_when_switched_off(country: Any, acts: bool) -> None:
    """As a day ends gangs have dug in where they dominate; switched off, their works stay as they are."""
    here = country(1, [], values={**VALUES, "relocation.enabled": acts})
    here.districts["control"]["gang_influence"], here.districts["control"]["entrenchment"], here.districts["control"]["holder"] = 0.9, 0.2, 0
    here.begin()
    midnight(here.state, TODAY)
    step = 1 - math.exp(-0.01) if acts else 0.0
    assert here.districts["control"]["entrenchment"][0] == pytest.approx(0.2 + step * 0.7)
