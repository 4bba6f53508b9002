"""The ledger: it is silent about a sound state, and names every kind of stock that appears or vanishes."""

from typing import Any

import numpy as np
import pytest

from teritwa.mechanisms.ledger import BALANCED, FINDINGS, check


def sound(country: Any) -> Any:
    """Return a country with something of every stock."""
    here = country(3, [(0, 1), (1, 2)])
    here.crew(0, 0, 40, hiding=10)
    here.unit(0, 1, 30)
    here.unit(2, 2, 20)
    here.contingents["vehicles"][2], here.contingents["broken"][2] = 5, 2
    here.districts["brigade"], here.contingents["waiting"] = 10, 4
    here.displaced[0] = [0, 60, 40]
    here.districts["away"], here.districts["hosted"] = [100, 0, 0], [0, 60, 40]
    here.ledger["prisoners"] = 500
    here.institution["received"], here.institution["spent"], here.institution["fund"] = 900, 300, 600
    return here.begin()


def test_a_sound_state_is_balanced(country: Any) -> None:
    """Nothing is found where nothing is wrong."""
    here = sound(country)
    assert check(here.state) == BALANCED
    assert here.finding() == FINDINGS[BALANCED] == "balanced"


@pytest.mark.parametrize(
    ("table", "field", "row", "change", "says"),
    [
        ("districts", "residents", 1, 1, "people appear or vanish"),
        ("ledger", "civilians_killed", 0, 1, "people appear or vanish"),
        ("ledger", "escaped", 0, 1, "people appear or vanish"),
        ("crews", "fighters", 0, 1, "fighters appear or vanish"),
        ("crews", "hiding", 0, -1, "fighters appear or vanish"),
        ("ledger", "fighters_killed", 0, 1, "fighters appear or vanish"),
        ("units", "officers", 0, 1, "officers appear or vanish"),
        ("contingents", "officers", 2, -1, "officers appear or vanish"),
        ("ledger", "officers_joined", 0, 1, "officers appear or vanish"),
        ("ledger", "prisoners", 0, -1, "prisoners appear or vanish"),
        ("contingents", "vehicles", 2, 1, "vehicles appear or vanish"),
        ("contingents", "broken", 2, -1, "vehicles appear or vanish"),
        ("ledger", "vehicles_destroyed", 0, 1, "vehicles appear or vanish"),
        ("institution", "fund", 0, 1, "money appears or vanishes"),
        ("institution", "spent", 0, -1, "money appears or vanishes"),
        ("districts", "away", 0, 1, "displaced persons do not add up by origin and host"),
        ("districts", "hosted", 2, -1, "displaced persons do not add up by origin and host"),
    ],
)
def test_one_person_or_cent_too_many_is_found(
    country: Any, table: str, field: str, row: int, change: int, says: str
) -> None:
    """A single unit of any stock or flow that has no other side is found, and named."""
    here = sound(country)
    here.tables[table][field][row] += change
    assert here.finding() == says


def test_displaced_who_change_hosts_alone_are_found(country: Any) -> None:
    """The table of the displaced must agree with the districts in both directions."""
    here = sound(country)
    here.displaced[0] = [0, 59, 41]
    assert here.finding() == "displaced persons do not add up by origin and host"


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("districts", "residents"), ("districts", "hosted"), ("districts", "away"), ("districts", "brigade"),
        ("crews", "fighters"), ("crews", "hiding"), ("units", "officers"), ("contingents", "officers"),
        ("contingents", "waiting"), ("contingents", "vehicles"), ("contingents", "broken"), ("ledger", "prisoners"),
        ("institution", "fund"),
    ],
)  # fmt: skip
def test_negative_stocks_are_found(country: Any, table: str, field: str) -> None:
    """No stock may fall below zero, even where its flows would agree."""
    here = sound(country)
    here.tables[table][field][0] = -1
    assert here.finding() == "a stock is negative"


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.001, 1.001])
@pytest.mark.parametrize(("table", "field"), [("districts", "gang_influence"), ("contingents", "readiness")])
def test_shares_stay_between_zero_and_one(country: Any, table: str, field: str, value: float) -> None:
    """A share below 0, above 1, or no number at all is found."""
    here = sound(country)
    here.tables[table][field][1] = value
    assert here.finding() == "a share is not a finite number between 0 and 1"


@pytest.mark.parametrize("field", ["heat", "score"])
def test_what_is_no_number_is_found(country: Any, field: str) -> None:
    """An infinite attention of command is found, so that it cannot spread."""
    here = sound(country)
    here.districts[field][2] = np.inf
    assert here.finding() == "a share is not a finite number between 0 and 1"
