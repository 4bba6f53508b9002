"""Counted casualties: fewer are reported where gangs hold."""

from typing import Any

import numpy as np
import pytest

from teritwa.simulation.data_collection import Recording


def counting(
    country: Any, killed: int, under_gangs: int, injured: int, share: float
) -> dict[str, np.ndarray]:
    """Return the outcomes of a day by the numbers killed, killed where gangs hold, and injured."""
    here = country(values={"casualties.reporting_rate_under_gangs": share})
    here.killed[0, 0], here.killed_under_gangs[0, 0], here.injured[0, 2] = (
        killed,
        under_gangs,
        injured,
    )
    recording = Recording(here.tables, 1, ["killed_counted", "injured_counted"])
    recording.note(0)
    return recording.outcomes()


def test_deaths_under_gangs_are_counted_less(country: Any) -> None:
    """Of 10 dead 6 lie under gangs and half of those are counted: 7, and 3.5 of 5 injured."""
    found = counting(country, 10, 6, 5, share=0.5)
    assert found["killed_counted"].tolist() == [[7.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
    assert found["injured_counted"].tolist() == [[3.5, 0.0, 0.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize(("under_gangs", "share"), [(0, 0.5), (6, 1.0), (10, 1.0)])
def test_all_are_counted_where_somebody_looks(country: Any, under_gangs: int, share: float) -> None:
    """If none died under gangs, or all of them are counted, the counts are complete."""
    found = counting(country, 10, under_gangs, 5, share)
    assert (found["killed_counted"][0, 0], found["injured_counted"][0, 0]) == (10.0, 5.0)


def test_a_day_without_dead_counts_none(country: Any) -> None:
    """On a day without deaths nobody is counted, and nothing is divided by zero."""
    found = counting(country, 0, 0, 0, share=0.5)
    assert not found["killed_counted"].any()
    assert not found["injured_counted"].any()


def test_counts_are_by_perpetrator_and_day(country: Any) -> None:
    """Victims are added up; each perpetrator and each day has its own share under gangs."""
    here = country(values={"casualties.reporting_rate_under_gangs": 0.75})
    recording = Recording(here.tables, 2, None)
    here.killed[1], here.killed_under_gangs[1], here.injured[1] = [1, 5, 2], [1, 3, 0], [0, 2, 2]
    here.killed[4, 1], here.killed_under_gangs[4, 1], here.injured[4, 1] = 4, 4, 4
    recording.note(0)
    here.killed[:], here.killed_under_gangs[:], here.injured[:] = 0, 0, 0
    here.killed[2, 0], here.injured[2, 0] = 3, 1
    recording.note(1)
    found = recording.outcomes()
    assert found["killed_counted"].tolist() == [[0, 7, 0, 0, 3, 0], [0, 0, 3, 0, 0, 0]]
    assert found["injured_counted"].tolist() == [[0, 3.5, 0, 0, 3, 0], [0, 0, 1, 0, 0, 0]]


def test_another_share_counts_from_its_day_on(country: Any) -> None:
    """A reporting rate that changes in mid-run holds from that day on."""
    here = country(values={"casualties.reporting_rate_under_gangs": 0.5})
    here.killed[0, 0] = here.killed_under_gangs[0, 0] = 8
    recording = Recording(here.tables, 4, ["killed_counted"])
    for day in range(4):
        if day == 2:
            here.tables["parameters"]["casualties"]["reporting_rate_under_gangs"] = 1.0
        recording.note(day)
    assert recording.outcomes()["killed_counted"][:, 0].tolist() == [4.0, 4.0, 8.0, 8.0]
