"""Gangs, forces and donors of the shipped world, against what sources say."""

import math
from collections import Counter, defaultdict

import pytest

from teritwa.world import STATE, World, load

NAMED = {
    "103-zonbi",
    "400-mawozo",
    "5-segond",
    "baz-pilate",
    "belekou",
    "boston",
    "brooklyn",
    "canaan",
    "delmas-6",
    "g9",
    "gran-grif",
    "grand-ravine",
    "kokorat-san-ras",
    "krache-dife",
    "kraze-barye",
    "simon-pele",
    "ti-bois",
    "ti-tanyen",
    "wharf-jeremie",
}


@pytest.fixture(scope="module")
def haiti() -> World:
    """The shipped world."""
    return load()


def test_gangs(haiti: World) -> None:
    """There are some 200 gangs with the 19 named ones; 23 to 27 have a crew in the capital."""
    gangs = {row.id for row in haiti.gangs}
    assert gangs >= NAMED
    assert all(gang.startswith("local-") for gang in gangs - NAMED)
    assert 190 <= len(gangs) <= 210
    capital = {row.id for row in haiti.districts if row.metropolitan}
    assert 23 <= len({row.gang for row in haiti.crews if row.district in capital}) <= 27


def test_coalition(haiti: World) -> None:
    """The capital's alliances join the coalition; Artibonite's gangs stay out of it in 2024."""
    joins = {row.id: row.coalition for row in haiti.gangs}
    assert all(row.coalition for row in haiti.gangs if row.alliance != "none")
    assert not joins["gran-grif"]
    assert not joins["kokorat-san-ras"]


def test_fighters(haiti: World) -> None:
    """Crews sum to 8,000 with published sizes: G9 over 1,000, none larger than 1,500."""
    by_gang: Counter[str] = Counter()
    by_region: Counter[str] = Counter()
    region = {row.id: row.region for row in haiti.districts}
    for row in haiti.crews:
        by_gang[row.gang] += row.weight
        by_region[region[row.district]] += row.weight
    assert sum(by_gang.values()) == 8000
    assert sum(by_gang[row.id] for row in haiti.gangs if row.alliance == "g9") > 1000
    assert by_gang.most_common(1) == [("400-mawozo", 1500)]
    assert by_gang["canaan"] == 200
    assert (by_region["metropolitan"] + by_region["ouest"]) / 8000 == pytest.approx(0.78, abs=0.02)
    assert by_region["artibonite"] == max(
        size for name, size in by_region.items() if name != "metropolitan"
    )


def test_holders_outnumber_the_police_where_they_hold(haiti: World) -> None:
    """Where a gang holds a district, its crew is at least ten times the officers based there."""
    crews: dict[str, dict[str, int]] = defaultdict(dict)
    for row in haiti.crews:
        crews[row.district][row.gang] = row.weight
    officers: Counter[str] = Counter()
    for unit in haiti.units:
        officers[unit.base] += unit.officers
    held = [row for row in haiti.districts if row.holder != STATE]
    assert len(held) > 40
    assert [row.id for row in held if crews[row.id][row.holder] < 10 * officers[row.id]] == []


def test_officers(haiti: World) -> None:
    """The police are 5,000, of whom 600 to 1,400 in special units; soldiers are a few hundred."""
    officers: Counter[str] = Counter()
    for row in haiti.units:
        officers[row.contingent] += row.officers
    assert officers["haitian-police"] + officers["haitian-special"] == 5000
    assert 600 <= officers["haitian-special"] <= 1400
    assert 200 <= officers["haitian-army"] <= 500
    assert set(officers) == {"haitian-police", "haitian-special", "haitian-army"}


def test_units_stand_where_they_can(haiti: World) -> None:
    """Station units are where a station works; special units and the army where the state holds."""
    district = {row.id: row for row in haiti.districts}
    stations = {row.base for row in haiti.units if row.kind == "station"}
    assert stations == {
        row.id for row in haiti.districts if row.stations > row.stations_inoperative
    }
    assert {district[row.base].holder for row in haiti.units if row.kind != "station"} == {STATE}
    assert all(30 <= row.officers <= 50 for row in haiti.units if row.kind != "station")


def test_contingents(haiti: World) -> None:
    """The contributors of the sources are there with what they pledged."""
    pledged = {row.id: row.pledged for row in haiti.contingents}
    assert (pledged["kenya"], pledged["benin"], pledged["guatemala"], pledged["bahamas"]) == (
        1000,
        2000,
        150,
        150,
    )
    assert {"jamaica", "belize", "el-salvador", "barbados", "bangladesh", "chad"} <= set(pledged)
    assert pledged["united-nations"] == 0
    forces = {row.id: row.force for row in haiti.contingents}
    assert (forces["haitian-police"], forces["haitian-army"], forces["kenya"]) == (
        "police",
        "army",
        "mission",
    )


def test_terms_of_contingents(haiti: World) -> None:
    """Benin serves in military missions, Barbados and El Salvador only help, the UN on its own."""
    terms = {row.id: row.terms for row in haiti.contingents if row.terms != "any"}
    assert terms == {
        "barbados": "technical",
        "benin": "military",
        "el-salvador": "technical",
        "united-nations": "under-un",
    }


def test_tolerance_of_contingents(haiti: World) -> None:
    """The Bahamas may leave at the first loss, Kenya at some tens, own forces never."""
    tolerance = {row.id: row.casualty_tolerance for row in haiti.contingents}
    assert (tolerance["bahamas"], tolerance["kenya"]) == (1, 30)
    assert min(tolerance[row.id] for row in haiti.contingents if row.force != "mission") == 100_000
    assert max(tolerance[row.id] for row in haiti.contingents if row.force == "mission") <= 300


def test_languages(haiti: World) -> None:
    """Kenya has neither French nor Creole; of the mission, Benin, Chad and the UN have French."""
    speaks = {
        row.id for row in haiti.contingents if {"french", "creole"} & set(row.languages.split())
    }
    assert speaks == {
        "benin",
        "chad",
        "haitian-army",
        "haitian-police",
        "haitian-special",
        "united-nations",
    }


def test_donors(haiti: World) -> None:
    """The United States is the largest donor, and the donors' shares sum to 1."""
    assert [row.id for row in haiti.donors] == [
        "canada",
        "further-donors",
        "trust-fund",
        "united-states",
    ]
    assert math.fsum(row.conditional_share for row in haiti.donors) == pytest.approx(1, abs=1e-9)
    assert max(haiti.donors, key=lambda row: row.conditional_share).id == "united-states"
