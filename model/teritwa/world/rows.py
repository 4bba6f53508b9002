"""Rows of a world's tables: what is known of each place, road, gang and contingent on day 0.

Each class is one CSV file, and each of its fields is a column of the same name. Every ``source*``
column names a publication or says *assumption*.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from teritwa.engine.columns import (
    choice,
    date,
    flag,
    full_name,
    identity,
    integer,
    number,
    optional,
    text,
    words,
)
from teritwa.world.codes import FORCES, TERMS, UNIT_KINDS

STATE = "state"
"""The holder of a district that no gang holds."""

HELD = 0.5
"""Share of influence from which a gang counts as holding a district."""


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A place that can be held: a neighbourhood of the capital, elsewhere a commune or town."""

    id: str = identity()
    """Its name in scenario files and other tables."""
    name: str = text()
    """Its name in pictures."""
    commune: str = text()
    """The commune that it is, or is a part of."""
    department: str = text()
    """The department, by which pictures group districts."""
    region: str = identity()
    """Home region of its residents, to which family ties lead; the capital is one of its own."""
    metropolitan: bool = flag()
    """Whether it belongs to the capital's metropolitan area."""
    residents_2015: int = integer(1)
    """Persons by the estimate of 2015, by which districts are weighted."""
    area_km2: float = number(0.01, 1_000_000)
    """Area, km2."""
    latitude: float = number(-90, 90)
    """Degrees north of a point inside."""
    longitude: float = number(-180, 180)
    """Degrees east of a point inside."""
    gang_influence: float = number(0, 1)
    """Share of influence of all gangs together, 0 to 1."""
    holder: str = identity()
    """``state``, or the id of the gang that holds it if gang influence is 0.5 or more."""
    displaced_from: int = integer()
    """Residents who are displaced on day 0, persons."""
    stations: int = integer()
    """Police stations and posts, working or not."""
    stations_inoperative: int = integer()
    """Those of the stations that do not work."""
    port: bool = flag()
    """Whether it has a sea port, where tolls are taken."""
    airport: bool = flag()
    """Whether it has an airport; the mission has its base at that of the capital."""
    fuel_terminal: bool = flag()
    """Whether it has a fuel terminal."""
    hospitals: int = integer()
    """Hospitals."""
    prisons: int = integer()
    """Prisons."""
    source_residents: str = text()
    """Where the residents come from."""
    source_position: str = text()
    """Where the position comes from."""
    source_influence: str = text()
    """Where influence and holder come from."""
    source_assets: str = text()
    """Where stations, ports and so on come from."""
    pcode: str = optional(text(), "")
    """Its code in the common operational datasets of the United Nations."""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link between two districts, open both ways; `a` comes before `b` in the alphabet."""

    a: str = identity()
    """One of the two districts."""
    b: str = identity()
    """The other."""
    kind: str = choice(("street", "national-road", "road", "track", "sea"))
    """What joins them; all but ``sea`` are by land."""
    hours: float = number(0.01, 240)
    """Travel time by vehicle or boat in peace, hours."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class GangRow:
    """An armed organisation; unnamed local groups are named after their place."""

    id: str = identity()
    """Its name in scenario files and other tables."""
    name: str = text()
    """Its name in pictures."""
    alliance: str = identity()
    """Its alliance apart from the coalition, by a name of the world's own, or ``none``."""
    coalition: bool = flag()
    """Whether it belongs to the coalition, once that is active."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class CrewRow:
    """A gang's fighters in one district."""

    gang: str = identity()
    """The gang."""
    district: str = identity()
    """Where they are."""
    weight: int = integer(1)
    """Fighters relative to other crews: persons, if ``size`` is their sum by 8,000. All together
    are the parameter ``membership.fighters_day0`` times ``size``."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A police or army unit that exists on day 0."""

    id: str = identity()
    """Its name, by which its chance is drawn."""
    contingent: str = identity()
    """The force that it belongs to."""
    kind: str = choice(UNIT_KINDS[:3])
    """A station, a mobile special unit, or soldiers."""
    base: str = identity()
    """The district that it belongs and returns to."""
    officers: int = integer(1)
    """Persons available."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class ContingentRow:
    """A force that sends units, and its terms."""

    id: str = identity()
    """Its name in scenario files and other tables."""
    name: str = text()
    """Its name in pictures."""
    country: str = text()
    """The country that sends it."""
    force: str = choice(FORCES)
    """Police or army of the country itself, or the mission."""
    military: bool = flag()
    """Whether its people are soldiers (or soldiers and police) rather than police alone."""
    terms: str = choice(TERMS)
    """When it serves, as in `TERMS`; the country's own forces have `any`."""
    pledged: int = integer()
    """Officers promised to the mission; 0 for the country's own forces."""
    casualty_tolerance: int = integer(1)
    """Recent losses of the mission at which it is as likely to leave as to stay, persons killed."""
    languages: str = words()
    """Languages that its officers speak."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class DonorRow:
    """A donor of the mission."""

    id: str = identity()
    """Its name in scenario files."""
    name: str = text()
    """Its name in pictures."""
    conditional_share: float = number(0, 1)
    """Its share of what donors add if they see success; all shares sum to 1, or all are 0."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """Where relatives of a region's people live, if not in that region; the table is optional."""

    region: str = identity()
    """The region of the people."""
    lives_in: str = identity()
    """A region in which relatives of theirs live."""
    share: float = number(0, 1)
    """The share of their relatives who live there; the shares of a region sum to 1."""
    source: str = text()
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter's value and range in this world, in place of those that the rules declare."""

    name: str = full_name()
    """Its full name, ``family.field``."""
    value: float = number(-1e12, 1e12)
    """The value where no scenario gives another, in the parameter's own unit."""
    low: float = number(-1e12, 1e12)
    """The lowest plausible value."""
    high: float = number(-1e12, 1e12)
    """The highest plausible value."""
    grade: str = text()
    """A, B or C: how well the value is founded."""
    source: str = text()
    """Where value and range come from, or *assumption*."""


@dataclass(frozen=True, slots=True)
class Basics:
    """The few numbers of ``world.csv``."""

    name: str = text()
    """The name of the country."""
    start: datetime.date = date()  # it declares a field
    """The first day that the tables describe."""
    population_growth: float = number(0.1, 10)
    """Persons on day 0 per resident of 2015."""
    displaced_on_day_0: int = integer()
    """The sum of the districts' `displaced_from`, persons."""
    capital: str = text()
    """The name of the capital, for pictures."""
    size: float = number(0.001, 1e6)
    """Gang fighters, in units of 8,000; numbers for a whole country are scaled by it."""
    languages: str = optional(words(), "")
    """Languages that the people speak; without the key, those of the country's own forces."""
    borders: str = optional(text(), "")
    """Where the borders in ``cells.csv`` come from; without the key they were computed."""
    headquarters: str = optional(text(), "")
    """District of the mission's base; without the key the capital's airport, or where there is none
    the district with the most people that the state holds."""


@dataclass(frozen=True, slots=True)
class World:
    """A country on day 0. Its tuples are sorted: links by ends, crews by gang, others by id."""

    name: str
    start: datetime.date
    population_growth: float
    displaced_on_day_0: int
    capital: str
    size: float
    languages: str
    """Languages that the people speak, words with spaces between."""
    borders: str
    """Where the borders in ``cells.csv`` come from; empty if they were computed."""
    headquarters: str
    """District of the mission's base; empty if the tables do not name it."""
    districts: tuple[DistrictRow, ...]
    links: tuple[LinkRow, ...]
    gangs: tuple[GangRow, ...]
    crews: tuple[CrewRow, ...]
    units: tuple[UnitRow, ...]
    contingents: tuple[ContingentRow, ...]
    donors: tuple[DonorRow, ...]
    families: tuple[FamilyRow, ...]
    parameters: tuple[ParameterRow, ...]
    folder: Path

    def __hash__(self) -> int:
        """Return a hash of a few facts: tables made from a world are looked up by it each run."""
        return hash((self.name, self.folder, len(self.districts)))
