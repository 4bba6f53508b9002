"""Initialization: the records of day 0 balance, and each run has its own."""

from collections.abc import Callable
from typing import Any

import numpy as np

from teritwa.engine.compiler import interpreted
from teritwa.engine.records import fields
from teritwa.rules.agents.accounts import DailyCounts, Ledger
from teritwa.rules.agents.institutions import NO_MANDATE
from teritwa.rules.agents.state import SINGLES, State
from teritwa.rules.conservation import BALANCED, check_conservation
from teritwa.simulation.initialization import ONLY_READ
from teritwa.world import World
from teritwa.world.row_numbers import district_numbers

Tables = dict[str, np.ndarray]
StateOf = Callable[[Tables], State]


def value(record: Any, path: str) -> Any:
    """Return a field of a record as rules see it: views as plain Python, memory when compiled."""
    for name in path.split("."):
        record = getattr(record, name) if interpreted() else record[name]
    return record


def test_institutions_begin_with_nothing(island: World, tables: Tables) -> None:
    """There is no mandate, money or arrival; the base is the capital's airfield."""
    expected = {
        "mission.mandate": NO_MANDATE,
        "mission.un_takeover_day": -1,
        "mission.started_on": -1,
        "mission.headquarters": district_numbers(island)["amber-airfield"],
        "governance.leaders_coordination": 0.3,
        "governance.coordination": 0.3,
        "governance.recent_killings": 12.0,
        "coalition.offensive_until": -1,
        "counters.crews": 12,
        "counters.units": 14,
        "counters.fighters_on_day_0": 6000,
        "counters.contacts_on_day_0": tables["crews"]["facing_rivals"].sum(),
    }
    found = {
        f"{name}.{field}": tables[name][field][0].item()
        for name in ("mission", "fund", "governance", "coalition", "counters")
        for field in fields(SINGLES[name])
    }
    assert set(expected) <= set(found)
    assert found == dict.fromkeys(found, 0) | expected


def test_ledger_begins_with_the_stocks(tables: Tables, state_of: StateOf) -> None:
    """The ledger's stocks of day 0 are those of the tables, from people to cash."""
    ledger, districts = tables["ledger"][0], tables["districts"]
    assert (
        ledger["residents_on_day_0"]
        == districts["people"]["residents"].sum() + districts["people"]["displaced_hosted"].sum()
    )
    assert (ledger["fighters_on_day_0"], ledger["officers_on_day_0"]) == (6000, 330)
    assert ledger["prisoners"] == ledger["prisoners_on_day_0"] == 9000
    assert ledger["firearms_on_day_0"] == tables["gangs"]["firearms"].sum() > 4400
    assert ledger["cash_on_day_0"] == tables["gangs"]["treasury"].sum() == 6000 * 25 * 3 * 100
    for name in fields(Ledger):
        assert name.endswith("on_day_0") or name == "prisoners" or ledger[name] == 0, name
    assert {check_conservation(state_of(tables), day) for day in range(28)} == {BALANCED}


def test_nothing_has_happened_today(tables: Tables) -> None:
    """The day's counts and the tables of casualties are zero."""
    assert tables["daily"][0].tolist() == (0,) * len(fields(DailyCounts))
    assert not tables["killed"].any()
    assert not tables["injured"].any()


def test_each_run_has_its_own_records(
    day_0: Callable[..., Tables], values: dict[str, float], state_of: StateOf
) -> None:
    """No run sees what another writes; tables that nothing writes are shared."""
    one, two = day_0(), day_0()
    for name, table in one.items():
        assert (table is two[name]) == (name in ONLY_READ), name
        assert np.shares_memory(table, two[name]) == (name in ONLY_READ), name
    state = state_of(one)
    one["districts"]["people"]["residents"][3] = 7
    assert value(state.districts[3], "people.residents") == 7
    one["parameters"]["control"]["adjustment_time"] = 3.5
    assert value(state.parameters, "control.adjustment_time") == 3.5
    assert two["parameters"]["control"]["adjustment_time"][0] == values["control.adjustment_time"]


def test_other_values_are_another_day_0(day_0: Callable[..., Tables]) -> None:
    """Tables made for some values are not returned for others, in whatever order."""
    few, many, again = (
        day_0({"membership.fighters_day0": fighters}) for fighters in (5500, 12000, 5500)
    )
    assert [int(one["crews"]["fighters"].sum()) for one in (few, many, again)] == [
        5500,
        12000,
        5500,
    ]
