"""The map of the page: the cell of each district, and how likely gangs hold it each week."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.control import Control, control
from teritwa.engine.errors import InputError
from teritwa.engine.formatting import format_date, format_list, format_percent
from teritwa.ensemble.result import Result
from teritwa.pictures.geography import NOTE, Places, check_cells, places_of, world_of
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

    cells: tuple[str, ...]
    coast: str
    capital_box: Box
    views: tuple[MapView, ...]
    names: tuple[str, ...]
    scenarios: tuple[str, ...]
    dates: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[tuple[int, ...], ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]
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
        "map_note": NOTE,
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
    rows = []
    for row, name in data.rows_by_name:
        percents = [data.first[row], *(last[row] for last in data.last)]
        rows.append([name, *(format_percent(percent / 100) for percent in percents)])
    runs = format_list(sorted({str(count) for count in data.counts}, key=int))
    return {
        "head": [
            "district",
            f"{data.scenarios[0]}, {data.dates[0]}",
            *(f"{name}, last day" for name in data.scenarios),
        ],
        "rows": rows,
        "caption": f"Share of {runs} runs in which gangs hold each district",
    }


def _script_json(data: dict[str, Any]) -> str:
    """Return data as JSON that cannot end the element in which it stands."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def map_data(results: Sequence[Result]) -> MapData | None:
    """Return the maps of several results, or None if the cells of their districts are unknown.

    Args:
        results: The results, the baseline first.

    Returns:
        The maps, or None.
    """
    baseline = results[0]
    try:
        places = check_cells(baseline, places_of(baseline, world_of(baseline)))
    except (InputError, OSError):
        return None
    projection = MapProjection(places)
    chances = [control(result) for result in results]
    changes = [control(result, baseline=baseline) for result in results[1:]]
    return MapData(
        cells=tuple(projection.path([ring]) for ring in places.cells),
        coast=projection.path(places.outline),
        capital_box=projection.capital_box,
        views=(projection.country_view(places), projection.capital_view(places)),
        names=tuple(places.names),
        scenarios=tuple(result.scenario_id for result in results),
        dates=tuple(map(format_date, baseline.weeks)),
        first=tuple(_percents(chances[0].values[0])),
        last=tuple(tuple(_percents(chance.values[-1])) for chance in chances),
        colours=tuple(_colours(CHANCE_COLOURS)),
        counts=tuple(result.count for result in results),
        script_data=_script_data(chances, changes, places),
    )


def _script_data(
    chances: Sequence[Control], changes: Sequence[Control], places: Places
) -> dict[str, Any]:
    """Return what the script draws: chances in per cent, changes in points, and their colours."""
    return {
        "dates": [_dates(chance) for chance in chances],
        "names": places.names,
        "scenarios": [chance.result.scenario_id for chance in chances],
        "runs": [chance.count for chance in chances],
        "chances": [_weekly_percents(chance) for chance in chances],
        "pairs": [0, *(change.count for change in changes)],
        "changes": [[], *(_weekly_percents(change) for change in changes)],
        "change_dates": [[], *(_dates(change) for change in changes)],
        "limit": _colour_limit(changes),
        "colours": {"chance": _colours(CHANCE_COLOURS), "change": _colours(CHANGE_COLOURS)},
    }


def _dates(shown: Control) -> list[str]:
    """Return the weeks of a map in words."""
    return [format_date(week) for week in shown.weeks]


def _weekly_percents(shown: Control) -> list[list[int]]:
    """Return the values of a map by week and district, in per cent."""
    return [_percents(week) for week in shown.values]


def _percents(values: NDArray[np.float64]) -> list[int]:
    """Return shares in integer per cent."""
    return [int(value) for value in np.rint(100 * values)]


def _colour_limit(changes: Sequence[Control]) -> int:
    """Return the end of the scale of changes in points: a multiple of 5, at least 5."""
    points = [np.abs(np.rint(100 * change.values)).ravel() for change in changes]
    sizes = np.concatenate(points) if points else np.zeros(0)
    sizes = sizes[sizes > 0]
    limit = float(np.quantile(sizes, COLOUR_QUANTILE)) if len(sizes) else 0.0
    return max(5, 5 * ceil(limit / 5))


def _colours(name: str) -> list[str]:
    """Return the colours of a colour map, one a step, as the page writes colours."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    scale = colormaps[name]
    return [to_hex(scale(step / COLOUR_STEPS)) for step in range(COLOUR_STEPS + 1)]
