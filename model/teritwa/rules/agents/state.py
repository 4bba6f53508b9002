"""State: all records of one run, gathered, so that a rule needs few arguments."""

from typing import Any, NamedTuple

from teritwa.engine.records import Array, Rows
from teritwa.rules.agents.district import District, Link
from teritwa.rules.agents.gang import Crew, Gang
from teritwa.rules.agents.institution import DailyCounts, Donor, Institution, Ledger
from teritwa.rules.agents.police_unit import Contingent, PoliceUnit


class State(NamedTuple):
    """One run's records. ``hours``, ``near``, ``family`` and ``parameters`` are only read by rules."""

    districts: Rows[District]
    links: Rows[Link]
    gangs: Rows[Gang]
    crews: Rows[Crew]
    units: Rows[PoliceUnit]
    contingents: Rows[Contingent]
    donors: Rows[Donor]
    institution: Institution
    ledger: Ledger
    daily: DailyCounts
    crew_at: Array
    """(gang, district): row of the gang's crew there, or NO_ONE."""
    displaced: Array
    """(origin, host): displaced persons, whole."""
    near: Array
    """(origin, host): pull of a host by nearness and size."""
    family: Array
    """(origin, host): share of the origin's families who live there; rows sum to 1."""
    pulls: Array
    """(district): room for a sum over districts that a rule makes; it means nothing between rules."""
    hours: Array
    """(district, district): travel time by land, hours; infinite where there is no way."""
    killed: Array
    """(perpetrator, victim): persons killed today, axes as in `teritwa.rules.outcomes`."""
    killed_under_gangs: Array
    """(perpetrator, victim): those of the killed who died in districts that gangs hold."""
    injured: Array
    """(perpetrator, victim): persons injured today."""
    parameters: Any
    """One record a mechanism, by family name."""
