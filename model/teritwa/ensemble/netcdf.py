"""`series.nc`: every outcome of every run of an ensemble, as labelled arrays in one netCDF file.

The file is written a few runs at a time, so that memory does not grow with the number of runs.
"""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.netcdf_header import find_places
from teritwa.ensemble.run_set import RunSet, fill_value, run_chunks
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import MANDATES

if TYPE_CHECKING:
    import netCDF4

CLASSIC: Final = "NETCDF3_64BIT_OFFSET"
"""The format that every tool reads; it holds no time or place of writing."""

WITHOUT_LIMIT: Final = "NETCDF3_64BIT_DATA"
"""The same with lengths of 64 bits (CDF-5): the netCDF library reads it, and so xarray and R do."""

CLASSIC_AT_MOST = 2**32 - 4
"""Bytes of an outcome that the classic format holds at most."""

Format = Literal["NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]

HEADER_RESERVE = 1 << 15
"""Bytes reserved for a file's header: whenever it outgrows them, all data there is copied."""


def write_series(run_set: RunSet, path: Path, attributes: Mapping[str, str]) -> None:
    """Write the runs of a scenario to a netCDF file.

    Args:
        run_set: The runs.
        path: The file.
        attributes: What the runs are.

    Raises:
        OSError: If the disk is full or may not be written.
    """
    with _new_file(path, series_format(run_set)) as file:
        file.setncattr("room", np.zeros(HEADER_RESERVE, "i1"))
        _write_metadata(run_set, attributes, file)
        file.delncattr("room")  # its bytes stay free: data once placed are not moved down again
        file.set_fill_off()  # every place is written below, those of missing runs too
        _create_variables(run_set, file)
    _write_runs(run_set, path)


def _write_runs(run_set: RunSet, path: Path) -> None:
    """Write the outcomes to their places in a file, which the library does in small pieces."""
    places, (_, replicates) = find_places(path), run_set.completed.shape
    with path.open("rb+") as stream:
        for draws, of_draw in run_chunks(*run_set.completed.shape):
            run = draws.start * replicates + of_draw.start
            for name, values in _read_chunk(run_set, draws, of_draw).items():
                stream.seek(places[name].first + run * values[0, 0].nbytes)
                stream.write(values.astype(values.dtype.newbyteorder(">")).data)


def series_format(run_set: RunSet) -> Format:
    """Return the format of the file of some runs: the classic one, unless an outcome is too large.

    Args:
        run_set: The runs.
    """
    of_a_run = (run_set.new_array(name, 1, 1).nbytes for name in run_set.outcome_names)
    largest = run_set.completed.size * max(of_a_run, default=0)
    return CLASSIC if largest <= CLASSIC_AT_MOST else WITHOUT_LIMIT


@contextmanager
def _new_file(path: Path, file_format: Format) -> Iterator["netCDF4.Dataset"]:
    """Context manager yielding a new file; raise OSError if the system refuses what is written.

    The library reports that in words only. If it then cannot close a file, it frees the file but
    still calls it open, and would close it once more when Python deletes the object, which ends
    the program. So the file is marked as closed, and its space on the disk is given back.
    """
    import netCDF4

    file = netCDF4.Dataset(path, "w", format=file_format)
    try:
        try:
            yield file
        finally:
            file.close()
    except RuntimeError as error:
        netCDF4.Dataset.__dict__["_isopen"].__set__(file, 0)
        with suppress(FileNotFoundError):  # the library itself removes a file without a header
            os.truncate(path, 0)
        known = [code for code in errno.errorcode if os.strerror(code) == str(error)]
        if not known:
            raise
        raise OSError(known[0], str(error)) from error


@contextmanager
def open_series(path: Path) -> Iterator[Mapping[str, "netCDF4.Variable[Any]"]]:
    """Context manager yielding the variables of a file by name, as stored and read as sliced.

    Args:
        path: The file.
    """
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        yield file.variables


def _write_metadata(
    run_set: RunSet, attributes: Mapping[str, str], file: "netCDF4.Dataset"
) -> None:
    """Write all but the outcomes: attributes, which runs finished, and coordinates."""
    draws, replicates = run_set.completed.shape
    file.createDimension("draw", draws)
    file.createDimension("replicate", replicates)
    file.setncatts({"Conventions": "CF-1.11", **attributes})
    completed = file.createVariable("completed", "i1", ("draw", "replicate"))
    completed.setncatts({"long_name": "whether the run finished", "units": "1"})
    completed[:] = run_set.completed.astype("i1")
    _write_labels(file, "draw", range(draws), "draw of the uncertain parameters")
    _write_labels(file, "replicate", range(replicates), "random history under a draw")
    used = set().union(*(OUTCOMES[name].dimensions for name in run_set.outcome_names))
    for dimension, values in run_set.coordinates.by_dimension.items():
        if dimension in used:
            file.createDimension(dimension, len(values))
            _write_labels(file, dimension, values, dimension)
    auxiliary = run_set.coordinates.auxiliary
    there = [name for name, (dimension, _, _) in auxiliary.items() if dimension in used]
    for name in there:
        dimension, values, meaning = auxiliary[name]
        _write_labels(file, name, values, meaning, dimension)
    if there:
        file.setncattr("coordinates", " ".join(sorted(there)))


def _write_labels(
    file: "netCDF4.Dataset", name: str, values: Sequence[Any], meaning: str, dimension: str = ""
) -> None:
    """Write a variable along a dimension, or along that of its own name."""
    labels, attributes = _as_labels(name, values)
    dimensions = [dimension or name]
    if labels.ndim > 1:
        width = labels.shape[1]
        dimensions.append(f"string{width}")
        if dimensions[1] not in file.dimensions:
            file.createDimension(dimensions[1], width)
    variable = file.createVariable(name, labels.dtype, dimensions)
    variable.setncatts({"long_name": meaning, **attributes})
    variable.set_auto_chartostring(False)
    variable[:] = labels


def _as_labels(name: str, values: Sequence[Any]) -> tuple[NDArray[Any], dict[str, str]]:
    """Return labels as CF has them, and its attributes: letters, days since the first, integers."""
    if name in {"date", "week"}:
        days = np.asarray(values, "datetime64[D]")
        attributes = {"units": f"days since {days[0]} 00:00:00", "calendar": "proleptic_gregorian"}
        return (days - days[0]).astype("i4"), attributes
    labels = np.asarray(values)
    if labels.dtype.kind != "U":
        return np.asarray(values, "i4"), {}  # raises an error where a value does not fit
    texts = np.char.encode(labels, "utf-8")
    return texts.view("S1").reshape(len(texts), texts.dtype.itemsize), {"_Encoding": "utf-8"}


def _create_variables(run_set: RunSet, file: "netCDF4.Dataset") -> None:
    """Create a variable an outcome; integers declare which value stands for a missing run."""
    for name in run_set.outcome_names:
        outcome, dtype = OUTCOMES[name], np.dtype(OUTCOMES[name].stored)
        fill = None if run_set.completed.all() or dtype.kind == "f" else fill_value(dtype)
        dimensions = ("draw", "replicate", *outcome.dimensions)
        variable = file.createVariable(name, dtype, dimensions, fill_value=fill)
        variable.setncatts({"long_name": outcome.meaning, "units": outcome.unit})
    if "mandate" in file.variables:
        values = np.arange(len(MANDATES), dtype="i1")
        meanings = " ".join(meaning.replace(" ", "_") for meaning in MANDATES)
        file["mandate"].setncatts({"flag_values": values, "flag_meanings": meanings})


def _read_chunk(run_set: RunSet, draws: slice, replicates: slice) -> dict[str, NDArray[Any]]:
    """Return the outcomes of a chunk of runs (draw, replicate, ...), fill values where missing."""
    shape = (draws.stop - draws.start, replicates.stop - replicates.start)
    chunk = {name: run_set.new_array(name, *shape) for name in run_set.outcome_names}
    for draw, replicate in np.argwhere(run_set.completed[draws, replicates]):
        run = run_set.read(draws.start + int(draw), replicates.start + int(replicate))
        for name, values in chunk.items():
            values[draw, replicate] = run[name]
    return chunk
