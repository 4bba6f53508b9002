"""The map of a world on its first day: whose influence is where, before anything has run."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from teritwa.pictures.geography import WorldPlaces, places_in
from teritwa.pictures.map_axes import draw_cells, name_towns, show_country
from teritwa.pictures.style import house_style, new_figure, save, title_figure, write_note

if TYPE_CHECKING:
    from matplotlib.figure import Figure
