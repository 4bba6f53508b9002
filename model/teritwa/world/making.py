"""Making a world: tables of a new place from boundaries, population and, if there are, events."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from teritwa.engine.errors import quoted
from teritwa.engine.files import as_csv, write_text
from teritwa.world.boundaries import Boundary, identity_of, read_boundaries
from teritwa.world.cells import Projection
from teritwa.world.loading import WorldError
from teritwa.world.new_tables import Place, assumptions, new_tables
from teritwa.world.open_data import read_population
from teritwa.world.proposals import propose
from teritwa.world.rows import STATE
from teritwa.world.shapes import area_km2, point_inside

SCENARIO = """\
schema: 2
id: {id}
title: {name}
question: What becomes of the country if nothing changes?
background: >-
  Made from boundaries and population alone. Who holds which place, and with how many fighters, are
  assumptions until they are replaced in the tables.
world: {id}

period: {{start: 2024-01-01, end: 2025-12-31}}
runs: {{draws: 1, replicates: 20, seed: 20240101}}

events: []
"""
"""A scenario of a new world, without a mission."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files from which a world is made."""

    boundaries: Path
    """GeoJSON with a polygon a district."""
    population: Path
    """CSV with the residents of each."""
    key: str
    """The property and column that hold a district's code."""
    events: Path | None = None
    """CSV of events, with the columns of `teritwa.world.proposals.COLUMNS`."""


def make_world(name: str, sources: Sources, parent: Path) -> tuple[Path, Path, list[str]]:
    """Write the tables of a new world, and beside its folder a scenario that runs in it.

    Args:
        name: The name of the country or region; folder and file are named after it.
        sources: Where its districts come from.
        parent: Where folder and scenario are written.

    Returns:
        The folder, the scenario, and what was assumed, a sentence each.

    Raises:
        WorldError: If a file cannot be used; it lists every mistake.
        OSError: If the folder cannot be written.
    """
    called = identity_of(name)
    if not called:
        what = "has no letter of a-z, which the name of a folder needs"
        raise WorldError([f"{quoted(name)}: {what}"])
    folder, scenario = parent / called, parent / f"{called}.yaml"
    _check_free([folder, scenario])
    boundaries = read_boundaries(sources.boundaries, sources.key)
    residents = read_population(
        sources.population, sources.key, [place.code for place in boundaries]
    )
    plane = Projection([ring for place in boundaries for ring in place.rings])
    places, influence = _places(boundaries, residents, plane, sources)
    origin = sources.boundaries.name, sources.population.name
    tables = new_tables(name, places, origin, plane)
    folder.mkdir(parents=True)
    for table, (header, rows) in tables.items():
        write_text(folder / table, as_csv(header, rows))
    write_text(scenario, SCENARIO.format(id=called, name=json.dumps(name, ensure_ascii=False)))
    return folder, scenario, assumptions(places, influence)


def _check_free(paths: Sequence[Path]) -> None:
    """Raise WorldError if a path is taken."""
    taken = [path for path in paths if path.exists()]
    if taken:
        what = "is there already; choose another name or remove it"
        raise WorldError([f"{path}: {what}" for path in taken])


def _places(
    boundaries: Sequence[Boundary],
    residents: Mapping[str, int],
    plane: Projection,
    sources: Sources,
) -> tuple[list[Place], str]:
    """Return the districts, sorted by id, and in words where influence comes from."""
    names = [_name_of(place, sources.key) for place in boundaries]
    counts = [residents[place.code] for place in boundaries]
    proposals, influence = propose(sources.events, boundaries, counts)
    ids = _ids(names, [place.code for place in boundaries])
    made = [
        Place(
            id=ids[row],
            name=names[row],
            boundary=place,
            residents=counts[row],
            area=area_km2(place, plane),
            point=point_inside(place),
            influence=proposals[row],
        )
        for row, place in enumerate(boundaries)
    ]
    return sorted(made, key=lambda place: place.id), influence


def _name_of(place: Boundary, key: str) -> str:
    """Return the name of a place: its property ``name``, or one that goes with its code."""
    by_name = {str(name).lower(): str(value or "") for name, value in place.properties.items()}
    found = (by_name.get(one, "").strip() for one in _names_wanted(key))
    return next((one for one in found if one), place.code)


def _names_wanted(key: str) -> list[str]:
    """Return how the property that holds the name of a place may be called, in lower case.

    Files of the United Nations call the name of ``ADM2_PCODE`` ``ADM2_EN``, ``ADM2_FR`` and so on.
    """
    stem = re.sub(r"_?(pcode|code|id)$", "", key, flags=re.IGNORECASE).lower()
    endings = ("en", "fr", "es", "pt", "ht", "name")
    return ["name", *(f"{stem}_{ending}" for ending in endings), stem]


def _ids(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Return an id for each place: its name, with its code where others have the same name."""
    short = [identity_of(name) for name in names]
    twice = {one for one in short if short.count(one) > 1} | {"", STATE}
    made = [
        identity_of(f"{one} {code}") if one in twice else one
        for one, code in zip(short, codes, strict=True)
    ]
    return _unique(made)


def _unique(names: Sequence[str]) -> list[str]:
    """Return names of which each is given once: others get the number of their row."""
    taken = {one for one in names if names.count(one) > 1} | {""}
    return [
        identity_of(f"{one} place {row}") if one in taken else one for row, one in enumerate(names)
    ]
