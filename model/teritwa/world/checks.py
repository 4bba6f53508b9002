"""What must hold between the tables of a world: names, holders with crews, sums, ways everywhere."""

import math
from dataclasses import dataclass
from typing import Any

from teritwa.engine.columns import did_you_mean
from teritwa.engine.tables import Key, Table
from teritwa.world.rows import (
    HELD,
    STATE,
    Basics,
    ContingentRow,
    CrewRow,
    DistrictRow,
    DonorRow,
    GangRow,
    LinkRow,
    ParameterRow,
    UnitRow,
)

CLOSE = 1e-9
"""How far from 1 shares may sum that were written as decimals."""


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
    parameters: Table[ParameterRow]

    def each(self) -> tuple[Table[Any], ...]:
        """Return the tables in the order in which their mistakes are told."""
        return (
            self.basics,
            self.districts,
            self.links,
            self.gangs,
            self.crews,
            self.units,
            self.contingents,
            self.donors,
            self.parameters,
        )


def check(tables: Tables) -> list[str]:
    """Return all mistakes: those found in reading, and those between the tables."""
    for table in (tables.districts, tables.gangs, tables.contingents):
        if table.readable and not table.lines:
            table.say(1, "row", "there is none; a world needs at least one")
    if (STATE,) in tables.gangs.lines:
        tables.gangs.say_of((STATE,), "id", f"{STATE!r} is the holder of what no gang holds, not a gang")
    for key, district in tables.districts.rows.items():
        _check_district(tables.districts, key, district)
    for pair, link in tables.links.rows.items():
        if link.a >= link.b:
            problem = f"{link.a!r} must come before {link.b!r} in the alphabet; each pair stands once"
            tables.links.say_of(pair, "a", problem)
    _check_names(tables)
    _check_holders(tables)
    _check_reach(tables)
    _check_away(tables)
    _check_terms(tables.contingents)
    _check_waits(tables.donors)
    return [problem for table in tables.each() for problem in table.problems()]


def _check_district(table: Table[DistrictRow], key: Key, district: DistrictRow) -> None:
    """Say where two columns of a district contradict each other."""
    gang, influence = district.holder != STATE, district.gang_influence
    if (influence >= HELD) != gang:
        wanted = repr(STATE) if gang else "a gang"
        problem = (
            f"{district.holder!r} with gang_influence {influence:g}; from {HELD:g} a gang, below the state"
        )
        table.say_of(key, "holder", f"{problem}: must be {wanted}")
    if district.stations_inoperative > district.stations:
        problem = f"{district.stations_inoperative} is more than the stations, {district.stations}"
        table.say_of(key, "stations_inoperative", problem)
    if district.displaced_from > district.residents_2015:
        table.say_of(
            key,
            "displaced_from",
            f"{district.displaced_from} is more than the residents, {district.residents_2015}",
        )
    if district.metropolitan != (district.region == "metropolitan"):
        problem = f"{district.region!r} with metropolitan {int(district.metropolitan)}"
        table.say_of(key, "region", f"{problem}; the capital's districts, and only they, are 'metropolitan'")


def _check_names(tables: Tables) -> None:
    """Say which rows name a district, gang or contingent that is not there."""
    for column in ("a", "b"):
        _check_known(tables.links, column, tables.districts, "district")
    _check_known(tables.districts, "holder", tables.gangs, "gang", (STATE,))
    _check_known(tables.crews, "gang", tables.gangs, "gang")
    _check_known(tables.crews, "district", tables.districts, "district")
    _check_known(tables.units, "base", tables.districts, "district")
    _check_known(tables.units, "contingent", tables.contingents, "contingent")


def _check_known(table: Table[Any], column: str, other: Table[Any], what: str, also: Key = ()) -> None:
    if not other.readable:
        return
    known = [*also, *(key[0] for key in other.lines)]
    names = set(known)
    for key, row in table.rows.items():
        given = getattr(row, column)
        if given not in names:
            problem = f"{given!r} is no {what} of {other.path.name}{did_you_mean(given, known)}"
            table.say_of(key, column, problem)


def _check_holders(tables: Tables) -> None:
    """Say which districts are held by a gang without a crew there."""
    for key, district in tables.districts.rows.items():
        known = (district.holder,) in tables.gangs.rows and tables.crews.readable
        if known and (district.holder, district.id) not in tables.crews.lines:
            problem = f"{district.holder!r} has no crew here; a holder needs a row in crews.csv"
            tables.districts.say_of(key, "holder", problem)


def _check_reach(tables: Tables) -> None:
    """Say which districts no chain of links joins to the first one, if districts and links are right."""
    if tables.districts.faults or tables.links.faults or not tables.districts.rows:
        return
    beside: dict[str, list[str]] = {key[0]: [] for key in tables.districts.rows}
    for link in tables.links.rows.values():
        beside[link.a].append(link.b)
        beside[link.b].append(link.a)
    first = next(iter(beside))
    reached, ahead = {first}, [first]
    while ahead:
        found = [other for other in beside[ahead.pop()] if other not in reached]
        reached.update(found)
        ahead.extend(found)
    for name in sorted(set(beside) - reached):
        tables.districts.say_of((name,), "id", f"no chain of links in links.csv joins {name!r} to {first!r}")


def _check_away(tables: Tables) -> None:
    """Say if the displaced do not come from somewhere, if both tables are right."""
    if tables.districts.faults or tables.basics.faults:
        return
    total = tables.basics.rows[()].displaced_on_day_0
    away = sum(district.displaced_from for district in tables.districts.rows.values())
    if away != total:
        line = tables.basics.lines["displaced_on_day_0",]
        problem = f"{total} is not the sum of the districts' displaced_from, {away}"
        tables.basics.say(line, "displaced_on_day_0", problem)


def _check_terms(contingents: Table[ContingentRow]) -> None:
    """Say which of the country's own forces have terms of their own."""
    for key, contingent in contingents.rows.items():
        if contingent.force != "mission" and contingent.terms != "any":
            problem = f"{contingent.terms!r} with force {contingent.force!r}; only the mission has terms: must be 'any'"
            contingents.say_of(key, "terms", problem)


def _check_waits(donors: Table[DonorRow]) -> None:
    """Say if the shares of those who wait are no shares of one whole, if the table is right."""
    total = math.fsum(donor.conditional_share for donor in donors.rows.values())
    if not donors.faults and total != 0 and abs(total - 1) > CLOSE:
        donors.say(1, "conditional_share", f"the donors' shares sum to {total:.10g}; they must sum to 1, or all be 0")
