"""The map of the page: the cell of each district, and how likely gangs hold it each week."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from teritwa.analysis.control import Control, control
from teritwa.analysis.world_of_result import world_of
from teritwa.engine.formatting import format_date, format_list, format_percent
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import Places, UnknownPlacesError, places_of
from teritwa.report.map_projection import Box, MapProjection, MapView

CHANCE_COLOURS, CHANGE_COLOURS = "cividis_r", "PuOr_r"
"""Colour maps of a chance, dark where gangs hold, and of a change, purple for lower."""

COLOUR_STEPS = 100
"""Steps of each colour map: one a point."""

COLOUR_QUANTILE = 0.99
"""Quantile of changes at which their scale ends: a few large ones would make all others pale."""

NO_MAP = (
    "There is no map: the world of these runs has no cells to draw, or its folder is not where it "
    "was."
)
"""What the page says instead of the maps."""


@dataclass(frozen=True, slots=True)
class MapData:
    """What the page needs to draw its maps and to describe them.

    Attributes:
        cells: The shape of each district, as the data of an SVG path.
        coast: The shape of the coast; an empty text if it is unknown.
        borders: What a reader must know about the borders.
        capital_box: The frame of the capital on the map of the country, as an SVG viewBox.
        views: The maps of the country and of the capital.
        names: The names of the districts.
        scenarios: The names of the scenarios, the baseline first.
        dates: The weeks of the baseline, in words.
        first: The chance in per cent that gangs hold each district in the baseline's first week.
        last: The same in the last week of each scenario.
        colours: The colours of 0 to 100 per cent.
        counts: The number of runs of each scenario.
        script_data: What the script of the page draws from.
    """

    cells: list[str]
    coast: str
    borders: str
    capital_box: Box
    views: tuple[MapView, ...]
    names: list[str]
    scenarios: list[str]
    dates: list[str]
    first: list[int]
    last: list[list[int]]
    colours: list[str]
    counts: list[int]
    script_data: dict[str, Any]

    @property
    def rows_by_name(self) -> list[tuple[int, str]]:
        """Row and name of each district, sorted by name."""
        return sorted(enumerate(self.names), key=lambda entry: entry[1])


def map_context(results: Sequence[Result]) -> dict[str, Any]:
    """Return what the template needs for the maps and their table.

    Args:
        results: The results, the baseline first.

    Returns:
        The variables of the template, by name; without known cells, the reason for no map.
    """
    data = map_data(results)
    if data is None:
        return {"no_map": NO_MAP, "map_script_data": ""}
    heading = "Chance that gangs hold each district"
    last_weeks = [format_date(result.weeks[-1]) for result in results]
    maps = [
        _static_map(f"{heading}, {scenario}, {day}", percents, data)
        for scenario, day, percents in zip(data.scenarios, last_weeks, data.last, strict=True)
    ]
    first = _static_map(f"{heading}, {data.scenarios[0]}, {data.dates[0]}", data.first, data)
    return {
        "no_map": "",
        "map_data": data,
        "map_script_data": _script_json(data.script_data),
        "maps": [maps[0], first, *maps[1:]],
        "map_note": data.borders,
        "gradient": ", ".join(data.colours[::10]),
        "districts": _district_table(data),
    }


def _static_map(caption: str, percents: Sequence[int], data: MapData) -> dict[str, Any]:
    """Return a map for readers without scripts: its caption, description and colours."""
    held = sum(percent >= 50 for percent in percents)
    return {
        "caption": caption,
        "description": (
            f"Gangs hold {held} of {len(percents)} districts in at least half of the runs."
        ),
        "fills": [data.colours[percent] for percent in percents],
    }


def _district_table(data: MapData) -> dict[str, Any]:
    """Return the table of all districts on the first and the last day."""
    runs = format_list([*map(str, sorted(set(data.counts)))])
    return {
        "head": [
            "district",
            f"{data.scenarios[0]}, {data.dates[0]}",
            *(f"{name}, last day" for name in data.scenarios),
        ],
        "rows": [_district_cells(name, row, data) for row, name in data.rows_by_name],
        "caption": f"Share of {runs} runs in which gangs hold each district",
    }


def _district_cells(name: str, row: int, data: MapData) -> list[str]:
    """Return the chances that gangs hold a district, in the first week and in the last weeks."""
    shares = [percents[row] / 100 for percents in (data.first, *data.last)]
    return [name, *map(format_percent, shares)]


def _script_json(data: dict[str, Any]) -> str:
    """Return data as JSON that cannot end the element in which it stands."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def map_data(results: Sequence[Result]) -> MapData | None:
    """Return the maps of several results, or None if their places or the cells are not known.

    Args:
        results: The results, the baseline first.

    Returns:
        The maps, or None.
    """
    baseline = results[0]
    try:
        places = places_of(baseline, world_of(baseline))
    except UnknownPlacesError:
        return None
    if not places.cells:
        return None
    projection = MapProjection(places)
    chances = [control(result) for result in results]
    changes = [control(result, baseline=baseline) for result in results[1:]]
    script_data = _script_data(chances, changes, places)
    return MapData(
        cells=[projection.path(rings) for rings in places.cells],
        coast=projection.path(places.outline),
        borders=places.borders,
        capital_box=projection.capital_box,
        views=(projection.country_view(places), projection.capital_view(places)),
        names=places.names,
        scenarios=script_data["scenarios"],
        dates=script_data["dates"][0],
        first=script_data["chances"][0][0],
        last=[weeks[-1] for weeks in script_data["chances"]],
        colours=script_data["colours"]["chance"],
        counts=script_data["runs"],
        script_data=script_data,
    )


def _script_data(
    chances: Sequence[Control], changes: Sequence[Control], places: Places
) -> dict[str, Any]:
    """Return what the script draws: chances in per cent, changes in points, and their colours."""
    return {
        "dates": [*map(_dates, chances)],
        "names": places.names,
        "scenarios": [chance.result.scenario_id for chance in chances],
        "runs": [chance.count for chance in chances],
        "chances": [*map(_percents, chances)],
        "pairs": [0, *(change.count for change in changes)],
        "changes": [[], *map(_percents, changes)],
        "change_dates": [[], *map(_dates, changes)],
        "limit": _colour_limit(changes),
        "colours": {"chance": _colours(CHANCE_COLOURS), "change": _colours(CHANGE_COLOURS)},
    }


def _dates(shown: Control) -> list[str]:
    """Return the weeks of a map in words."""
    return [*map(format_date, shown.weeks)]


def _percents(shown: Control) -> list[list[int]]:
    """Return the values of a map by week and district, in integer per cent."""
    percents: list[list[int]] = np.rint(100 * shown.values).astype(int).tolist()
    return percents


def _colour_limit(changes: Sequence[Control]) -> int:
    """Return the end of the scale of changes in points: a multiple of 5, at least 5."""
    points = [np.zeros(0), *(np.rint(100 * change.values).ravel() for change in changes)]
    sizes = np.abs(np.concatenate(points))
    sizes = sizes[sizes > 0]
    limit = float(np.quantile(sizes, COLOUR_QUANTILE)) if len(sizes) else 0.0
    return max(5, 5 * ceil(limit / 5))


def _colours(name: str) -> list[str]:
    """Return the colours of a colour map, one a step, as the page writes colours."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    scale = colormaps[name]
    return [to_hex(scale(step / COLOUR_STEPS)) for step in range(COLOUR_STEPS + 1)]
