"""Rows of a world's tables: what is known of each place, road, gang, unit and contingent on day 0.

Each class is one CSV file; a field is a column of the same name. Every ``source*`` column names a publication
or says *assumption*.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from teritwa.engine.columns import (
    choice,
    day,
    flag,
    full_name,
    identity,
    number,
    text,
    whole,
    words,
)
from teritwa.world.codes import FORCES, TERMS, UNIT_KINDS

REGIONS = ("metropolitan", "ouest", "grand-sud", "artibonite", "centre", "grand-nord")
"""Home regions, to which family ties lead; `metropolitan` is the capital."""
STATE = "state"
"""The holder of a district that no gang holds."""
HELD = 0.5
"""Share of influence from which a gang counts as holding a district."""


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A place that can be held: a neighbourhood of the capital, elsewhere a commune or a town of one."""

    id: str = identity()
    name: str = text()
    commune: str = text()
    department: str = text()
    region: str = choice(REGIONS)
    """Home region of its people."""
    metropolitan: bool = flag()
    """Whether it belongs to the capital's metropolitan area."""
    residents_2015: int = whole(1)
    """Persons by the estimate of 2015: the weights of the headline. 2024: times `World.population_growth`."""
    area_km2: float = number(0.01, 1_000_000)
    latitude: float = number(-90, 90)
    """Degrees north of a point inside."""
    longitude: float = number(-180, 180)
    """Degrees east of a point inside."""
    gang_influence: float = number(0, 1)
    """Share of influence of all gangs together."""
    holder: str = identity()
    """`state` or the id of the gang that holds it; a gang exactly if the influence is at least one half."""
    displaced_from: int = whole()
    """Persons from here who are displaced on day 0."""
    stations: int = whole()
    """Police stations and posts, working or not."""
    stations_inoperative: int = whole()
    port: bool = flag()
    airport: bool = flag()
    fuel_terminal: bool = flag()
    hospitals: int = whole()
    prisons: int = whole()
    source_residents: str = text()
    source_position: str = text()
    source_influence: str = text()
    source_assets: str = text()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A way between two districts, open both ways; `a` comes before `b` in the alphabet."""

    a: str = identity()
    b: str = identity()
    kind: str = choice(("street", "national-road", "road", "track", "sea"))
    hours: float = number(0.01, 240)
    """Travel time by vehicle or boat in peace."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class GangRow:
    """An armed organisation; unnamed local groups are told by the place they sit in."""

    id: str = identity()
    name: str = text()
    alliance: str = choice(("g9", "g-pep", "none"))
    """Its alliance before the coalition."""
    coalition: bool = flag()
    """Whether it joins Viv Ansanm on 29 February 2024."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class CrewRow:
    """A gang's fighters in one district."""

    gang: str = identity()
    district: str = identity()
    weight: int = whole(1)
    """Relative number of fighters; their total is a parameter of the model (persons, if it is 8,000)."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A police unit or an army unit that is there on day 0."""

    id: str = identity()
    contingent: str = identity()
    kind: str = choice(UNIT_KINDS[:3])
    base: str = identity()
    """District it belongs to and returns to."""
    officers: int = whole(1)
    """Persons available."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class ContingentRow:
    """Who sends units, and on which terms."""

    id: str = identity()
    name: str = text()
    country: str = text()
    force: str = choice(FORCES)
    military: bool = flag()
    """Whether its people are soldiers (or soldiers and police) rather than police alone."""
    terms: str = choice(TERMS)
    """Serves in any mission; only in a military one; helps but never operates; only under the UN. Own forces: any."""
    pledged: int = whole()
    """Officers promised to the mission; 0 for the country's own forces."""
    casualty_tolerance: int = whole(1)
    """Officers of the mission killed within some months at which it is as likely to leave as not."""
    languages: str = words()
    """Languages that its officers speak."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class DonorRow:
    """Who pays for the mission."""

    id: str = identity()
    name: str = text()
    conditional_share: float = number(0, 1)
    """Its share of what donors together would add if they saw success; a world's shares sum to 1, or all are 0."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """What a world knows of a parameter, in place of what the rules declare."""

    name: str = full_name()
    """Its full name, family and field."""
    value: float = number(-1e12, 1e12)
    low: float = number(-1e12, 1e12)
    """The lowest plausible value."""
    high: float = number(-1e12, 1e12)
    """The highest plausible value."""
    grade: str = text()
    """A, B or C."""
    source: str = text()


@dataclass(frozen=True, slots=True)
class Basics:
    """The few numbers of ``world.csv``."""

    name: str = text()
    start: datetime.date = day()  # noqa: RUF009 - it declares a field
    """The first day that the tables describe."""
    population_growth: float = number(0.1, 10)
    """Persons on day 0 for each resident of 2015."""
    displaced_on_day_0: int = whole()
    """Persons; the sum of the districts' `displaced_from`."""
    capital: str = text()
    size: float = number(0.001, 1)
    """Gang fighters of this world for each of Haiti's: the model's numbers for a whole country are scaled by it."""


@dataclass(frozen=True, slots=True)
class World:
    """A country on day 0. Every tuple is sorted (by id; links by a, b; crews by gang, district)."""

    name: str
    start: datetime.date
    population_growth: float
    displaced_on_day_0: int
    capital: str
    size: float
    districts: tuple[DistrictRow, ...]
    links: tuple[LinkRow, ...]
    gangs: tuple[GangRow, ...]
    crews: tuple[CrewRow, ...]
    units: tuple[UnitRow, ...]
    contingents: tuple[ContingentRow, ...]
    donors: tuple[DonorRow, ...]
    parameters: tuple[ParameterRow, ...]
    folder: Path
