"""The day: each rule of a phase has its line, and the phases follow each other from dawn to midnight."""

from typing import Any

import numpy as np

from teritwa.day import start_counts, whole_day
from teritwa.mechanisms.ledger import BALANCED
from teritwa.noise import chance


def test_counts_begin_at_zero(country: Any) -> None:
    """Yesterday's dead, injured, kidnapped and fled are not counted again."""
    here = country()
    here.killed[:], here.injured[:] = 3, 2
    for name in here.today.dtype.names:
        here.today[name] = 5
    here.districts["civilians_killed"] = 4
    start_counts(here.state)
    assert here.killed.sum() + here.injured.sum() + here.districts["civilians_killed"].sum() == 0
    assert here.today[0].tolist() == (0,) * len(here.today.dtype.names)


def test_an_empty_country_stays_as_it_is(country: Any) -> None:
    """Without gangs, officers or money a hundred days change nobody's life and no influence."""
    here = country(3, [(0, 1), (1, 2)]).begin()
    before = here.districts[["residents", "hosted", "away", "gang_influence", "holder"]].tolist()
    for day in range(100):
        assert whole_day(here.state, chance(1, 0, 0, day), np.zeros(8, np.int64)) == BALANCED
        assert here.killed.sum() == here.today["kidnapped"][0] == 0
    assert here.districts[["residents", "hosted", "away", "gang_influence", "holder"]].tolist() == before


def test_gangs_alone_take_the_country(country: Any) -> None:
    """With fighters in every place and no police every place is held after a month, and people have died."""
    here = country(3, [(0, 1), (1, 2)], values={"gangs.recruitment": 0.1})
    for place in range(3):
        here.crew(place, place, 200)
    here.begin()
    dead = 0
    for day in range(30):
        assert whole_day(here.state, chance(1, 0, 0, day), np.zeros(8, np.int64)) == BALANCED
        dead += here.killed.sum()
    assert np.all(here.districts["gang_influence"] > 0.9)
    assert here.districts["holder"].tolist() == [0, 1, 2]
    assert dead > 0
