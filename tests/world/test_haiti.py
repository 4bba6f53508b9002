"""The shipped world: totals that sources give, and what the model needs to hold on day 0."""

import csv
import datetime
import json
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from teritwa.world import DEFAULT_WORLD, HELD, STATE, World, load

DEPARTMENT_SIZES = {
    "Artibonite": 15,
    "Centre": 12,
    "Grand'Anse": 12,
    "Nippes": 11,
    "Nord": 19,
    "Nord-Est": 13,
    "Nord-Ouest": 10,
    "Ouest": 20,
    "Sud": 18,
    "Sud-Est": 10,
}


@pytest.fixture(scope="module")
def haiti() -> World:
    """The shipped world."""
    return load()


def test_day_0(haiti: World) -> None:
    """The tables describe Haiti on 1 January 2024."""
    assert (haiti.name, haiti.start, haiti.folder) == (
        "Haiti",
        datetime.date(2024, 1, 1),
        DEFAULT_WORLD,
    )


def test_haiti_is_read_once() -> None:
    """Loading Haiti again gives the same object, so that a run does not read its tables again."""
    assert load() is load()


def test_residents_of_the_capital_and_the_nation(haiti: World) -> None:
    """Residents sum to the estimates of 2015, in the capital and in the nation."""
    assert sum(row.residents_2015 for row in haiti.districts if row.metropolitan) == 2_915_731
    assert sum(row.residents_2015 for row in haiti.districts) == 10_911_810


def test_residents_of_2024(haiti: World) -> None:
    """Growth since 2015 gives the nation's estimate of 2024, 11,867,032, within 0.05 %."""
    nation = sum(row.residents_2015 for row in haiti.districts) * haiti.population_growth
    assert nation == pytest.approx(11_867_032, rel=5e-4)


def test_all_communes_are_there(haiti: World) -> None:
    """The 140 communes are there, in their ten departments."""
    communes = {(row.department, row.commune) for row in haiti.districts}
    assert Counter(department for department, _ in communes) == DEPARTMENT_SIZES
    assert sum(DEPARTMENT_SIZES.values()) == 140


def test_home_regions(haiti: World) -> None:
    """Each home region has districts, and the capital's is the seven metropolitan communes."""
    regions = {"metropolitan", "ouest", "grand-sud", "artibonite", "centre", "grand-nord"}
    assert {row.region for row in haiti.districts} == regions
    assert {row.lives_in for row in haiti.families} == regions - {"metropolitan"}
    assert {row.commune for row in haiti.districts if row.metropolitan} == {
        "Port-au-Prince",
        "Delmas",
        "Carrefour",
        "Pétion-Ville",
        "Cité Soleil",
        "Tabarre",
        "Croix-des-Bouquets",
    }


def test_towns_that_the_record_names_are_districts(haiti: World) -> None:
    """Towns that the record names apart from their commune can be held apart from it."""
    towns = {
        "fond-parisien",
        "la-croix-perisse",
        "liancourt",
        "pont-sonde",
        "savien",
        "source-matelas",
    }
    assert towns <= {row.id for row in haiti.districts}


def test_headline_on_day_0(haiti: World) -> None:
    """Gangs hold or influence 79.96 % of the capital's residents."""
    capital = [row for row in haiti.districts if row.metropolitan]
    held = sum(row.residents_2015 for row in capital if row.gang_influence >= HELD)
    assert held / sum(row.residents_2015 for row in capital) == pytest.approx(0.7996, abs=0.001)


def test_the_fall_of_november_2024_makes_85_percent(haiti: World) -> None:
    """With Solino, Nazon and Delmas 24-30 the share is the UN's 85 % of November 2024."""
    capital = [row for row in haiti.districts if row.metropolitan]
    fallen = {"solino", "nazon-christ-roi", "delmas-24-30"}
    held = sum(
        row.residents_2015 for row in capital if row.gang_influence >= HELD or row.id in fallen
    )
    assert held / sum(row.residents_2015 for row in capital) == pytest.approx(0.85, abs=0.005)


def test_towns_outside_the_capital(haiti: World) -> None:
    """Towns known to be held on day 0 are, and towns that fell or held out later are not."""
    holder = {row.id: row.holder for row in haiti.districts}
    assert holder["thomazeau"] == "400-mawozo"
    assert holder["source-matelas"] == "ti-tanyen"
    assert holder["savien"] == "gran-grif"
    assert holder["la-croix-perisse"] == "kokorat-san-ras"
    later = (
        "ganthier",
        "gressier",
        "arcahaie",
        "pont-sonde",
        "kenscoff",
        "fond-parisien",
        "liancourt",
    )
    assert {holder[town] for town in later} == {STATE}


def test_displaced_on_day_0(haiti: World) -> None:
    """The displaced of day 0 come from somewhere: 315,000, nine in ten from gang-held places."""
    away = {row.id: row.displaced_from for row in haiti.districts}
    assert sum(away.values()) == haiti.displaced_on_day_0 == 315_000
    held = sum(row.displaced_from for row in haiti.districts if row.holder != STATE)
    assert held / 315_000 > 0.9


def test_police_stations(haiti: World) -> None:
    """There are 412 stations, one per commune at least; the 45 inoperative are in gangs' places."""
    assert sum(row.stations for row in haiti.districts) == 412
    assert sum(row.stations_inoperative for row in haiti.districts) == 45
    assert sum(row.stations_inoperative for row in haiti.districts if row.holder == STATE) == 0
    stations: Counter[str] = Counter()
    for row in haiti.districts:
        stations[row.commune] += row.stations
    assert min(stations.values()) >= 1


def test_assets_stand_where_they_are(haiti: World) -> None:
    """Ports, airports, fuel terminal, prisons and hospitals are in the districts of the sources."""
    assert {row.id for row in haiti.districts if row.airport} == {
        "airport-mais-gate",
        "cap-haitien",
    }
    assert {row.id for row in haiti.districts if row.fuel_terminal} == {"varreux"}
    ports = {row.id for row in haiti.districts if row.port}
    assert {"la-saline", "cap-haitien", "gonaives", "saint-marc", "les-cayes"} <= ports
    assert sum(row.prisons for row in haiti.districts) == 19
    prisons = {row.id for row in haiti.districts if row.prisons}
    assert {"downtown", "croix-des-bouquets-town"} <= prisons
    assert sum(row.hospitals for row in haiti.districts if not row.metropolitan) >= 133


def test_land_is_one_but_for_islands(haiti: World) -> None:
    """Every district can be reached by land but the islands' four, which hang on by sea."""
    beside: dict[str, set[str]] = defaultdict(set)
    for link in haiti.links:
        if link.kind != "sea":
            beside[link.a].add(link.b)
            beside[link.b].add(link.a)
    reached, ahead = {"downtown"}, ["downtown"]
    while ahead:
        found = beside[ahead.pop()] - reached
        reached |= found
        ahead += found
    islands = {"anse-a-galets", "pointe-a-raquette", "ile-a-vache", "la-tortue"}
    assert {row.id for row in haiti.districts} - reached == islands
    afloat = {name for link in haiti.links if link.kind == "sea" for name in (link.a, link.b)}
    assert afloat & islands == islands


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("gressier", "leogane"),
        ("jacmel", "leogane"),
        ("gonaives", "l-estere"),
        ("hinche", "thomonde"),
        ("croix-des-bouquets-town", "ganthier"),
        ("bon-repos", "mirebalais"),
        ("canaan", "source-matelas"),
        ("camp-perrin", "les-cayes"),
        ("cap-haitien", "plaine-du-nord"),
    ],
)
def test_national_roads(haiti: World, a: str, b: str) -> None:
    """The national roads run where they do, at speeds of 20 to 50 km/h."""
    link = {(row.a, row.b): row for row in haiti.links}[min(a, b), max(a, b)]
    assert link.kind == "national-road"
    assert 0.1 <= link.hours <= 3


def test_gangs_reach_arcahaie_and_la_gonave_by_boat(haiti: World) -> None:
    """The waterfront of the capital has boats to Arcahaie and La Gonave."""
    boats = {(row.a, row.b) for row in haiti.links if row.kind == "sea"}
    assert {
        ("arcahaie", "la-saline"),
        ("anse-a-galets", "la-saline"),
        ("anse-a-galets", "wharf-jeremie"),
    } <= boats


def test_assumptions_are_told_from_facts() -> None:
    """Influence is marked as an assumption everywhere; Solino and Thomazeau have a source."""
    with (DEFAULT_WORLD / "districts.csv").open(encoding="utf-8", newline="") as file:
        source = {row["id"]: row["source_influence"] for row in csv.DictReader(file)}
    assert all("assumption" in text for text in source.values())
    assert "2023" in source["thomazeau"]
    assert "November 2024" in source["solino"]


def test_reading_the_world_imports_nothing_heavy() -> None:
    """Loading Haiti needs the standard library alone, so that the command line starts at once."""
    code = (
        "import json, sys; from teritwa.world import load; load();"
        "print(json.dumps(sorted(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "scipy", "numba", "mesa", "xarray", "matplotlib"}
    assert heavy & set(json.loads(run.stdout)) == set()
