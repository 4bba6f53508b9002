"""Founding: the records of day 0 are what the tables of the world say, and each run has its own."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from teritwa import noise, world
from teritwa.agents.district import NO_ONE, STATE
from teritwa.founding import (
    ONLY_READ,
    ROOM_FOR_CREWS,
    ROOM_FOR_UNITS,
    as_state,
    contingent_numbers,
    district_numbers,
    found,
    gang_numbers,
    share_out,
)
from teritwa.mechanisms import registry
from teritwa.mechanisms.ledger import BALANCED, check

SMALL = Path(__file__).parent / "worlds" / "small"
PLACES = world.load(SMALL)
VALUES = {name: given.value for name, given in registry().items()} | {
    "gangs.fighters_day0": 6000, "gangs.prisoners_day0": 9000, "contingents.readiness": 0.75,
    "brigade.day0_per_1000": 2.0, "command.coordination_day0": 0.3, "displacement.province_tie": 0.5,
}  # fmt: skip


@pytest.fixture
def tables() -> dict[str, np.ndarray]:
    """Return the tables of day 0 of the small world."""
    return found(PLACES, VALUES)


def place(name: str) -> int:
    """Return the row of a district."""
    return district_numbers(PLACES)[name]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]), (10, [5, 3, 2], [5, 3, 2]), (7, [2, 1, 1], [3, 2, 2]), (1, [1, 1], [1, 0]),
        (0, [3, 4], [0, 0]), (5, [], []), (5, [0, 0], [0, 0]), (3, [0, 1], [0, 3]),
    ],
)  # fmt: skip
def test_whole_things_are_shared_by_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    """10 by thirds is 4, 3, 3: nothing is lost, the largest remainders round up, ties go to the first."""
    assert share_out(total, weights) == parts


def test_districts_have_their_people(tables: dict[str, np.ndarray]) -> None:
    """Amber Docks: 30,000 in 2015, 5 % more on day 0, 900 of them away; held by the Iron Quay; address by id."""
    row = tables["districts"][place("amber-docks")]
    assert (row["residents_2015"], row["residents"], row["away"]) == (30_000, 30_600, 900)
    assert (row["gang_influence"], row["holder"]) == (0.9, gang_numbers(PLACES)["iron-quay"])
    assert (row["metropolitan"], row["artibonite"], row["held_on_day_0"], row["station"]) == (True, False, True, False)
    assert row["identity"] == noise.identity("district amber-docks")
    garrow, gardens = tables["districts"][place("garrow")], tables["districts"][place("amber-gardens")]
    assert (garrow["artibonite"], garrow["metropolitan"]) == (True, False)
    assert (gardens["holder"], gardens["held_on_day_0"], gardens["station"]) == (STATE, False, True)
    assert tables["districts"]["cleared_on"].tolist() == [-1] * 20


def test_everybody_is_somewhere(tables: dict[str, np.ndarray]) -> None:
    """Residents and displaced are the 2015 numbers grown by 5 %; the 4,400 displaced are hosted, none at home."""
    districts, displaced = tables["districts"], tables["displaced"]
    grown = sum(round(row.residents_2015 * 1.05) for row in PLACES.districts)
    assert districts["residents"].sum() + districts["hosted"].sum() == grown
    assert displaced.sum() == districts["hosted"].sum() == 4400
    assert displaced.sum(axis=1).tolist() == [row.away for row in PLACES.districts]
    assert displaced.sum(axis=0).tolist() == districts["hosted"].tolist()
    assert displaced.min() == 0
    assert np.all(np.diag(displaced) == 0)
    assert np.all(districts["hosted"][districts["holder"] != STATE] == 0)


def test_ways_lead_both_ways(tables: dict[str, np.ndarray]) -> None:
    """Each link is there from both ends with its hours; the only way by sea joins docks and Eastwick."""
    links, districts = tables["links"], tables["districts"]
    assert len(links) == 2 * len(PLACES.links)
    ways = {
        (number, int(links["target"][row])): (float(links["hours"][row]), bool(links["sea"][row]))
        for number in range(20)
        for row in range(districts["first_link"][number], districts["last_link"][number])
    }
    for link in PLACES.links:
        ends = place(link.a), place(link.b)
        assert ways[ends] == ways[ends[::-1]] == (link.hours, link.kind == "sea")


def test_travel_times_are_the_shortest_by_land(tables: dict[str, np.ndarray]) -> None:
    """Docks to Gardens by the Ravine takes 0.25 + 0.2 hours; Eastwick, on an island, is out of reach."""
    hours = tables["hours"]
    assert hours[place("amber-docks"), place("amber-gardens")] == pytest.approx(0.45)
    assert np.isinf(hours[place("eastwick"), place("amber-docks")])
    assert np.all(np.diag(hours) == 0.0)
    assert np.allclose(hours, hours.T, rtol=0.0, atol=1e-9)


def test_gangs_have_allies_and_boats(tables: dict[str, np.ndarray]) -> None:
    """Two gangs share an alliance, three a coalition; who has a crew at a harbour has boats."""
    gangs, number = tables["gangs"], gang_numbers(PLACES)
    assert gangs["alliance"][number["salt-street"]] == gangs["alliance"][number["ravine-band"]] != 0
    assert gangs["alliance"][number["iron-quay"]] not in (0, gangs["alliance"][number["salt-street"]])
    assert [name for name, row in number.items() if gangs["coalition"][row]] == [
        "iron-quay",
        "ravine-band",
        "salt-street",
    ]
    assert [name for name, row in number.items() if gangs["boats"][row]] == ["iron-quay"]


def test_crews_share_the_fighters_of_day_0(tables: dict[str, np.ndarray]) -> None:
    """6,000 fighters by weight: the Docks' 60 of 342 is 1,053; crews in places of the state do not contest."""
    crews, crew_at = tables["crews"], tables["crew_at"]
    assert crews["fighters"].sum() == 6000
    assert len(crews) == 12 + ROOM_FOR_CREWS
    row = crew_at[gang_numbers(PLACES)["iron-quay"], place("amber-docks")]
    assert crews["fighters"][row] == round(6000 * 60 / 342)
    assert crews["contests"][row]
    assert not crews["contests"][crew_at[gang_numbers(PLACES)["iron-quay"], place("amber-airfield")]]
    assert (crew_at != NO_ONE).sum() == 12
    assert len(set(crews["identity"][:12].tolist())) == 12


def test_contingents_and_units_agree(tables: dict[str, np.ndarray]) -> None:
    """Each contingent has the officers of its units, ready as the parameter says; the mission has none yet."""
    numbers, contingents, units = contingent_numbers(PLACES), tables["contingents"], tables["units"]
    assert {name: int(contingents["officers"][row]) for name, row in numbers.items()} == {
        "guatemala": 0, "haitian-army": 50, "haitian-police": 210, "haitian-special": 70, "kenya": 0,
        "united-nations": 0,
    }  # fmt: skip
    assert np.all(contingents["readiness"] == 0.75)
    assert contingents["foreign"].tolist() == [row.force == "mission" for row in PLACES.contingents]
    assert (units["officers"].sum(), len(units)) == (330, 14 + ROOM_FOR_UNITS)
    assert units["home"].tolist() == units["quarters"].tolist() == units["district"].tolist()


def test_brigades_stand_next_to_gangs(tables: dict[str, np.ndarray]) -> None:
    """Two per 1,000 in Calder's like: where the state holds and a neighbour is held by a gang; elsewhere none."""
    brigade = tables["districts"]["brigade"]
    assert brigade[place("amber-gardens")] == int(0.002 * 26_250)
    assert brigade[place("amber-docks")] == brigade[place("northgate")] == 0
    assert brigade[place("inver")] == int(0.002 * 11_550)


def test_institution_begins_with_nothing(tables: dict[str, np.ndarray]) -> None:
    """No mandate, no money, the airfield of the capital as base, and as many crews and units as there are."""
    one = tables["institution"][0]
    assert [one[name] for name in ("mandate", "authorised", "fund", "pledged", "monthly")] == [0] * 5
    assert one["headquarters"] == place("amber-airfield")
    assert (one["crews"], one["units"], one["fighters_on_day_0"], one["coordination"]) == (12, 14, 6000, 0.3)
    assert tables["ledger"]["prisoners"][0] == tables["ledger"]["prisoners_on_day_0"][0] == 9000
    assert check(as_state(tables)) == BALANCED


def test_each_run_has_its_own_records() -> None:
    """What one run writes no other sees; what nothing writes is shared."""
    one, two = found(PLACES, VALUES), found(PLACES, VALUES)
    for name, table in one.items():
        assert (table is two[name]) == (name in ONLY_READ), name
        assert np.shares_memory(table, two[name]) == (name in ONLY_READ), name
    state = as_state(one)
    one["districts"]["residents"][3] = 7
    assert state.districts[3]["residents"] == 7
    one["parameters"]["control"]["memory"] = 3.5
    assert state.parameters["control"]["memory"] == 3.5
    assert two["parameters"]["control"]["memory"][0] == VALUES["control.memory"]


def changed(folder: Path, edits: dict[str, tuple[str, str]]) -> Path:
    """Copy the small world with text of some tables replaced."""
    copy = Path(shutil.copytree(SMALL, folder / "world"))
    for name, (before, after) in edits.items():
        text = (copy / name).read_text(encoding="utf-8")
        assert before in text
        (copy / name).write_text(text.replace(before, after), encoding="utf-8")
    return copy


def test_base_without_an_airport_is_in_the_capital(tmp_path: Path) -> None:
    """Where the capital has no airport, its first district is the mission's base."""
    folder = changed(
        tmp_path, {"districts.csv": ("7,10.54,20.18,0.3,state,0,1,0,0,1,", "7,10.54,20.18,0.3,state,0,1,0,0,0,")}
    )
    assert found(world.load(folder), VALUES)["institution"]["headquarters"][0] == place("amber-airfield")
    assert district_numbers(PLACES)["amber-airfield"] == 0


def test_displaced_need_a_host(tmp_path: Path) -> None:
    """A country whose displaced have nowhere to be is refused by name."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "world"))
    lines = (folder / "districts.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    crews = ["gang,district,weight,source"]
    for row in rows[1:]:
        row[10], row[11] = "0.9", "iron-quay"
        crews.append(f"iron-quay,{row[0]},5,made up")
    (folder / "districts.csv").write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    (folder / "crews.csv").write_text("\n".join(crews) + "\n", encoding="utf-8")
    with pytest.raises(world.WorldError, match="displaced but the state holds no place"):
        found(world.load(folder), VALUES)
