"""`series.nc`: every outcome of every run of an ensemble, as labelled arrays in one netCDF file.

It is filled a few runs at a time, so that the memory it takes does not grow with the number of runs.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.run_set import Book, blocks, missing
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import MANDATES

if TYPE_CHECKING:
    import netCDF4
    import xarray

FORMAT: Final = "NETCDF3_64BIT_OFFSET"
"""Plain netCDF, which every tool reads; it holds nothing of the time or place of writing."""

ROOM = 1 << 15
"""Bytes kept free for the head of a file: all data there is copied whenever an outcome's entry does not fit."""


def pack(book: Book, path: Path, source: str) -> None:
    """Write the runs of a book to ``path``, in order; ``source`` names the program and its version."""
    from xarray.backends import NetCDF4DataStore

    with _made(path) as file:
        file.setncattr("room", np.zeros(ROOM, "i1"))
        _frame(book, source).dump_to_store(NetCDF4DataStore(file))  # type: ignore[no-untyped-call]
        file.delncattr("room")  # its bytes stay free: data once placed are not moved down again
        file.set_fill_off()  # every place is written below, those of missing runs too
        made = _variables(book, file)
        for block in blocks(*book.completed.shape):
            for name, values in _filled(book, *block).items():
                made[name][block] = values


@contextmanager
def _made(path: Path) -> Iterator["netCDF4.Dataset"]:
    """Lend a new file, and close it; raise OSError if the system does not take what is written.

    The library tells that in words only. A file that it then cannot close it frees and keeps open, and would close
    once more when Python forgets it, which ends the program: so it is taken for closed, and its room given back.
    """
    import netCDF4

    file = netCDF4.Dataset(path, "w", format=FORMAT)
    try:
        try:
            yield file
        finally:
            file.close()
    except RuntimeError as error:
        netCDF4.Dataset.__dict__["_isopen"].__set__(file, 0)
        with suppress(FileNotFoundError):  # a file that has no head yet the library removes itself
            os.truncate(path, 0)
        known = [code for code in errno.errorcode if os.strerror(code) == str(error)]
        if not known:
            raise
        raise OSError(known[0], str(error)) from error


@contextmanager
def stored(path: Path) -> Iterator[Mapping[str, "xarray.DataArray"]]:
    """Lend the arrays of a file as they are stored, read as they are used."""
    import xarray

    with xarray.open_dataset(path, engine="netcdf4", mask_and_scale=False, cache=False) as found:
        yield {str(name): array for name, array in found.data_vars.items()}


def _frame(book: Book, source: str) -> "xarray.Dataset":
    """All but the outcomes: coordinates, what is known of districts and forces, and which runs finished."""
    import xarray

    finished = {"long_name": "whether the run finished", "units": "1"}
    completed = xarray.Variable(("draw", "replicate"), book.completed.astype("i1"), finished)
    scenario = book.scenario
    about = {
        "Conventions": "CF-1.11",
        "title": scenario.title,
        "scenario": scenario.id,
        "source": source,
        "seed": str(scenario.seed),
    }
    return xarray.Dataset({"completed": completed}, _coordinates(book), about)


def _coordinates(book: Book) -> dict[str, Any]:
    used = {axis for name in book.outcomes for axis in OUTCOMES[name].dimensions}
    draws, replicates = (np.arange(count) for count in book.completed.shape)
    found: dict[str, Any] = {
        "draw": ("draw", draws, {"long_name": "draw of the uncertain parameters"}),
        "replicate": ("replicate", replicates, {"long_name": "random history under a draw"}),
    }
    for axis, values in book.axes.along.items():
        if axis in used:
            days = np.asarray(values, "datetime64[ns]") if axis in {"date", "week"} else np.asarray(values)
            found[axis] = (axis, days, {"long_name": axis})
    for name, (axis, values, meaning) in book.axes.about.items():
        if axis in used:
            found[name] = (axis, np.asarray(values), {"long_name": meaning})
    return found


def _variables(book: Book, file: "netCDF4.Dataset") -> dict[str, "netCDF4.Variable[Any]"]:
    """Make room for each outcome; whole numbers say which of them stands for a run that is not there."""
    made = {}
    for name in book.outcomes:
        outcome, kind = OUTCOMES[name], np.dtype(OUTCOMES[name].stored)
        gap = None if book.completed.all() or kind.kind == "f" else missing(kind)
        made[name] = file.createVariable(name, kind, ("draw", "replicate", *outcome.dimensions), fill_value=gap)
        made[name].set_auto_maskandscale(False)
        made[name].setncatts({"long_name": outcome.meaning, "units": outcome.unit})
    if "mandate" in made:
        words = " ".join(words.replace(" ", "_") for words in MANDATES)
        made["mandate"].setncatts({"flag_values": np.arange(len(MANDATES), dtype="i1"), "flag_meanings": words})
    return made


def _filled(book: Book, draws: slice, replicates: slice) -> dict[str, NDArray[Any]]:
    """Return the outcomes of a block of runs (draw, replicate, ...), missing values where a run is not there."""
    shape = (draws.stop - draws.start, replicates.stop - replicates.start)
    block = {name: book.room(name, shape) for name in book.outcomes}
    for draw, replicate in np.argwhere(book.completed[draws, replicates]):
        run = book.read(draws.start + int(draw), replicates.start + int(replicate))
        for name, values in block.items():
            values[draw, replicate] = run[name]
    return block
