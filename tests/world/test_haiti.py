"""The shipped world: totals that sources give, and what the model needs to hold on day 0."""

import csv
import datetime
import json
import math
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from teritwa.world import HAITI, HELD, REGIONS, STATE, World, load

NAMED = {
    "103-zonbi", "400-mawozo", "5-segond", "baz-pilate", "belekou", "boston", "brooklyn", "canaan", "delmas-6",
    "g9", "gran-grif", "grand-ravine", "kokorat-san-ras", "krache-dife", "kraze-barye", "simon-pele", "ti-bois",
    "ti-tanyen", "wharf-jeremie",
}  # fmt: skip
DEPARTMENT_SIZES = {
    "Artibonite": 15, "Centre": 12, "Grand'Anse": 12, "Nippes": 11, "Nord": 19, "Nord-Est": 13,
    "Nord-Ouest": 10, "Ouest": 20, "Sud": 18, "Sud-Est": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def haiti() -> World:
    """The shipped world."""
    return load()


def test_day_0(haiti: World) -> None:
    """The tables describe Haiti on 1 January 2024."""
    assert (haiti.name, haiti.start, haiti.folder) == ("Haiti", datetime.date(2024, 1, 1), HAITI)


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
    assert {row.region for row in haiti.districts} == set(REGIONS)
    assert {row.commune for row in haiti.districts if row.metropolitan} == {
        "Port-au-Prince", "Delmas", "Carrefour", "Pétion-Ville", "Cité Soleil", "Tabarre", "Croix-des-Bouquets",
    }  # fmt: skip


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
    """With Solino, Nazon and Delmas 24-30 the share is the 85 % that the UN gave for November 2024."""
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
    """There are 412 police stations, one a commune at least, and the 45 inoperative ones stand where gangs are."""
    assert sum(row.stations for row in haiti.districts) == 412
    assert sum(row.stations_inoperative for row in haiti.districts) == 45
    assert sum(row.stations_inoperative for row in haiti.districts if row.holder == STATE) == 0
    stations: Counter[str] = Counter()
    for row in haiti.districts:
        stations[row.commune] += row.stations
    assert min(stations.values()) >= 1


def test_assets_stand_where_they_are(haiti: World) -> None:
    """The capital's port, airport and fuel terminal have their district; prisons and ports are as many as known."""
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


def test_gangs(haiti: World) -> None:
    """The 19 named gangs are there, some 200 in all, of which 23 to 27 have a crew in the capital."""
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
    """Crews sum to 8,000 with sizes as published: G9 and its members over 1,000, none larger than 1,500."""
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
    """In each district that a gang holds, its crew is at least ten times the officers based there."""
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
    """The Haitian police available are 5,000, of which special units 600 to 1,400; the army is a few hundred."""
    officers: Counter[str] = Counter()
    for row in haiti.units:
        officers[row.contingent] += row.officers
    assert officers["haitian-police"] + officers["haitian-special"] == 5000
    assert 600 <= officers["haitian-special"] <= 1400
    assert 200 <= officers["haitian-army"] <= 500
    assert set(officers) == {"haitian-police", "haitian-special", "haitian-army"}


def test_units_stand_where_they_can(haiti: World) -> None:
    """Station units stand where a station works; special units and the army where the state holds."""
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
    """Benin wants a military answer, Barbados and El Salvador only help, the UN comes with its mandate alone."""
    terms = {row.id: row.terms for row in haiti.contingents if row.terms != "any"}
    assert terms == {
        "barbados": "technical", "benin": "military", "el-salvador": "technical", "united-nations": "under-un",
    }  # fmt: skip


def test_tolerance_of_contingents(haiti: World) -> None:
    """The Bahamas may leave at the first loss, Kenya at some tens, own forces never: none could lose so many."""
    tolerance = {row.id: row.casualty_tolerance for row in haiti.contingents}
    assert (tolerance["bahamas"], tolerance["kenya"]) == (1, 30)
    assert min(tolerance[row.id] for row in haiti.contingents if row.force != "mission") == 100_000
    assert max(tolerance[row.id] for row in haiti.contingents if row.force == "mission") <= 300


def test_languages(haiti: World) -> None:
    """Most Kenyans speak neither French nor Creole; of the contributors only Benin, Chad and the UN have French."""
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
    """Who pays for the mission, with the United States as the largest; their shares are of one whole."""
    assert [row.id for row in haiti.donors] == [
        "canada",
        "further-donors",
        "trust-fund",
        "united-states",
    ]
    assert math.fsum(row.conditional_share for row in haiti.donors) == pytest.approx(1, abs=1e-9)
    assert max(haiti.donors, key=lambda row: row.conditional_share).id == "united-states"


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
        ("gressier", "leogane"), ("jacmel", "leogane"), ("gonaives", "l-estere"), ("hinche", "thomonde"),
        ("croix-des-bouquets-town", "ganthier"), ("bon-repos", "mirebalais"), ("canaan", "source-matelas"),
        ("camp-perrin", "les-cayes"), ("cap-haitien", "plaine-du-nord"),
    ],
)  # fmt: skip
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
    """Influence is said to be an assumption in each district, and who holds Solino or Thomazeau is not."""
    with (HAITI / "districts.csv").open(encoding="utf-8", newline="") as file:
        source = {row["id"]: row["source_influence"] for row in csv.DictReader(file)}
    assert all("assumption" in text for text in source.values())
    assert "2023" in source["thomazeau"]
    assert "November 2024" in source["solino"]


def test_reading_the_world_imports_nothing_heavy() -> None:
    """Loading Haiti needs the standard library alone, so that the command line starts at once."""
    code = "import json, sys; from teritwa.world import load; load(); print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "scipy", "numba", "mesa", "xarray", "matplotlib"}
    assert heavy & set(json.loads(run.stdout)) == set()
