"""Consistency between the tables of a world: names, holders, sums and links."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from teritwa.engine.errors import quoted
from teritwa.engine.tables import Key, Table
from teritwa.world.codes import ALL, COALITION
from teritwa.world.rows import (
    HELD,
    STATE,
    Basics,
    ContingentRow,
    CrewRow,
    DistrictRow,
    DonorRow,
    FamilyRow,
    GangRow,
    LinkRow,
    ParameterRow,
    UnitRow,
)

TOLERANCE = 1e-9
"""How far the sum of shares may be from 1: they are written as decimals."""


@dataclass(slots=True)
class Tables:
    """All tables of a world as read."""

    basics: Table[Basics]
    districts: Table[DistrictRow]
    links: Table[LinkRow]
    gangs: Table[GangRow]
    crews: Table[CrewRow]
    units: Table[UnitRow]
    contingents: Table[ContingentRow]
    donors: Table[DonorRow]
    families: Table[FamilyRow]
    parameters: Table[ParameterRow]

    def each(self) -> tuple[Table[Any], ...]:
        """Return the tables in the order in which their mistakes are listed."""
        return (
            self.basics,
            self.districts,
            self.links,
            self.gangs,
            self.crews,
            self.units,
            self.contingents,
            self.donors,
            self.families,
            self.parameters,
        )


def find_problems(tables: Tables) -> list[str]:
    """Return all mistakes, those of each table and those between tables, a line each."""
    for table in (tables.districts, tables.gangs, tables.contingents):
        if table.readable and not table.lines:
            table.add_fault(1, "row", "there are no rows; a world needs at least one")
    _note_reserved(tables)
    for key, district in tables.districts.rows.items():
        _note_contradictions(tables.districts, key, district)
    _note_order(tables.links)
    _note_unknown_names(tables)
    _note_holders_without_crew(tables)
    _note_unreachable(tables)
    _note_sum_of_displaced(tables)
    _note_homeless(tables.districts)
    _note_terms(tables.contingents)
    _note_sum_of_shares(tables.donors)
    _note_mixed_regions(tables.districts)
    _note_families(tables)
    return [problem for table in tables.each() for problem in table.problems()]


def _note_reserved(tables: Tables) -> None:
    """Note ids that mean something else where scenarios name a gang or a contingent."""
    for table, name, meaning in (
        (tables.gangs, STATE, "that no gang holds a district; a gang"),
        (tables.gangs, COALITION, "all members of the coalition; a gang"),
        (tables.contingents, ALL, "every contingent of the mission; a contingent"),
    ):
        if (name,) in table.lines:
            table.add_fault_of((name,), "id", f"{name!r} means {meaning} needs another id")


def _note_contradictions(table: Table[DistrictRow], key: Key, district: DistrictRow) -> None:
    """Note where two columns of a district contradict each other."""
    gang, influence = district.holder != STATE, district.gang_influence
    if (influence >= HELD) != gang:
        given = f"{district.holder!r} with gang_influence {influence:g}"
        rule = f"from {HELD:g} a gang, below the state"
        wanted = repr(STATE) if gang else "a gang"
        table.add_fault_of(key, "holder", f"{given}; {rule}: must be {wanted}")
    if district.stations_inoperative > district.stations:
        problem = f"{district.stations_inoperative} is more than the stations, {district.stations}"
        table.add_fault_of(key, "stations_inoperative", problem)
    if district.displaced_from > district.residents_2015:
        problem = f"{district.displaced_from} is more than the residents, {district.residents_2015}"
        table.add_fault_of(key, "displaced_from", problem)


def _note_order(links: Table[LinkRow]) -> None:
    """Note the links whose ends are not in alphabetical order."""
    for pair, link in links.rows.items():
        if link.a >= link.b:
            order = f"{link.b!r} comes first in the alphabet: write it as a, and {link.a!r} as b"
            links.add_fault_of(pair, "a", f"{order}; each pair is listed once")


def _note_unknown_names(tables: Tables) -> None:
    """Note the rows that name a district, gang or contingent that does not exist."""
    districts, gangs, contingents = tables.districts, tables.gangs, tables.contingents
    for table, column in (
        (tables.links, "a"),
        (tables.links, "b"),
        (tables.crews, "district"),
        (tables.units, "base"),
    ):
        _note_unknown(table, column, districts, "district")
    _note_unknown(districts, "holder", gangs, "gang", (STATE,))
    _note_unknown(tables.crews, "gang", gangs, "gang")
    _note_unknown(tables.units, "contingent", contingents, "contingent")
    _note_unknown_headquarters(tables.basics, districts)


def _note_unknown_headquarters(basics: Table[Basics], districts: Table[DistrictRow]) -> None:
    """Note a district of the mission's base that does not exist."""
    known = [key[0] for key in districts.lines]
    for row in basics.rows.values():
        if row.headquarters and districts.readable and row.headquarters not in known:
            near = basics.did_you_mean(row.headquarters, known)
            problem = f"{quoted(row.headquarters)} is not a district of districts.csv{near}"
            basics.add_fault_of(("headquarters",), "headquarters", problem)


def _note_unknown(
    table: Table[Any], column: str, other: Table[Any], what: str, also: Key = ()
) -> None:
    """Note the rows of a table whose column names no row of another table."""
    if not other.readable:
        return
    known = [*also, *(key[0] for key in other.lines)]
    names = set(known)
    for key, row in table.rows.items():
        given = getattr(row, column)
        if given not in names:
            near = table.did_you_mean(given, known)
            problem = f"{quoted(given)} is not a {what} of {other.path.name}{near}"
            table.add_fault_of(key, column, problem)


def _note_holders_without_crew(tables: Tables) -> None:
    """Note the districts that are held by a gang without a crew there."""
    if not tables.crews.readable:
        return
    for key, district in tables.districts.rows.items():
        gang = district.holder
        if (gang,) in tables.gangs.rows and (gang, district.id) not in tables.crews.lines:
            problem = f"{gang!r} has no crew here; a holder needs a row in crews.csv"
            tables.districts.add_fault_of(key, "holder", problem)


def _note_unreachable(tables: Tables) -> None:
    """Note the districts that no chain of links joins to the first, if both tables are right."""
    districts = tables.districts
    if districts.faults or tables.links.faults or not districts.rows:
        return
    first, *_ = (key[0] for key in districts.rows)
    reached = _reachable(first, tables.links.rows.values())
    for key in districts.rows:
        if key[0] not in reached:
            problem = f"no chain of links in links.csv joins {key[0]!r} to {first!r}"
            districts.add_fault_of(key, "id", problem)


def _reachable(first: str, links: Iterable[LinkRow]) -> set[str]:
    """Return the districts that can be reached from one of them, itself included."""
    neighbours: dict[str, list[str]] = {}
    for link in links:
        neighbours.setdefault(link.a, []).append(link.b)
        neighbours.setdefault(link.b, []).append(link.a)
    reached, ahead = {first}, [first]
    while ahead:
        found = set(neighbours.get(ahead.pop(), ())) - reached
        reached |= found
        ahead.extend(found)
    return reached


def _note_sum_of_displaced(tables: Tables) -> None:
    """Note if the displaced do not all come from a district, if both tables are right."""
    if tables.districts.faults or tables.basics.faults:
        return
    total = tables.basics.rows[()].displaced_on_day_0
    found = sum(district.displaced_from for district in tables.districts.rows.values())
    if found != total:
        problem = f"{total} is not the sum of the districts' displaced_from, {found}"
        tables.basics.add_fault_of(("displaced_on_day_0",), "displaced_on_day_0", problem)


def _note_homeless(districts: Table[DistrictRow]) -> None:
    """Note the districts whose displaced people no other district can host."""
    safe = {key for key, row in districts.rows.items() if _is_safe(row)}
    for key, row in districts.rows.items():
        if row.displaced_from > 0 and not safe - {key}:
            problem = f"{row.displaced_from} flee, but the state holds no place to host them"
            districts.add_fault_of(key, "displaced_from", problem)


def _is_safe(district: DistrictRow) -> bool:
    """Return whether the state holds a district, so that people may flee there."""
    return district.holder == STATE and district.gang_influence < 1.0


def _note_terms(contingents: Table[ContingentRow]) -> None:
    """Note the forces of the country itself that have terms, which only the mission has."""
    for key, contingent in contingents.rows.items():
        if contingent.force != "mission" and contingent.terms != "any":
            given = f"{contingent.terms!r} with force {contingent.force!r}"
            rule = "only the mission has terms: must be 'any'"
            contingents.add_fault_of(key, "terms", f"{given}; {rule}")


def _note_sum_of_shares(donors: Table[DonorRow]) -> None:
    """Note if the donors' shares do not sum to 1 although some are above 0."""
    if donors.faults:
        return
    total = math.fsum(donor.conditional_share for donor in donors.rows.values())
    if total != 0 and abs(total - 1) > TOLERANCE:
        problem = f"the donors' shares sum to {total:.10g}; they must sum to 1, or all be 0"
        donors.add_fault(1, "conditional_share", problem)


def _note_mixed_regions(districts: Table[DistrictRow]) -> None:
    """Note the districts whose region lies mostly on the other side of the capital's border."""
    count = Counter((row.region, row.metropolitan) for row in districts.rows.values())
    for key, district in districts.rows.items():
        others = count[district.region, not district.metropolitan]
        if others >= count[district.region, district.metropolitan]:
            given = f"{district.region!r} with metropolitan {int(district.metropolitan)}"
            rule = "a region lies in the capital or outside it, and others of this one differ"
            districts.add_fault_of(key, "region", f"{given}; {rule}")


def _note_families(tables: Tables) -> None:
    """Note regions that no district has, and shares of relatives that do not sum to 1."""
    families = tables.families
    if tables.districts.faults or families.faults:
        return
    regions = sorted({district.region for district in tables.districts.rows.values()})
    for key, row in families.rows.items():
        for column in ("region", "lives_in"):
            given = getattr(row, column)
            if given not in regions:
                near = families.did_you_mean(given, regions)
                problem = f"{quoted(given)} is not the region of a district{near}"
                families.add_fault_of(key, column, problem)
    _note_sums_of_families(families)


def _note_sums_of_families(families: Table[FamilyRow]) -> None:
    """Note regions whose shares of relatives do not sum to 1."""
    shares: dict[str, list[float]] = {}
    for row in families.rows.values():
        shares.setdefault(row.region, []).append(row.share)
    for region, parts in shares.items():
        total = math.fsum(parts)
        if abs(total - 1.0) > TOLERANCE:
            problem = f"the shares of {region!r} sum to {total:.10g}; they must sum to 1"
            families.add_fault(1, "share", problem)
