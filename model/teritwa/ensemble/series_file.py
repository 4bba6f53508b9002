"""Reading ``series.nc`` as it is stored.

`Result.dataset` has the same as labelled arrays, for people. The libraries for these take longer to
load than most commands need in all.
"""

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.netcdf_header import find_places


class SeriesFile:
    """An open file: its attributes, and its variables by name."""

    def __init__(self, path: Path) -> None:
        """Open a file; raise OSError if it is no netCDF, or cut off."""
        import netCDF4

        self._file, self._places = netCDF4.Dataset(path), find_places(path)
        self._bytes = np.memmap(path, np.uint8, "r")
        # The library reads what is missing as zeros.
        if any(first + size > len(self._bytes) for first, size in self._places.values()):
            raise OSError(errno.EIO, "the file is cut off", str(path))

    def __contains__(self, name: object) -> bool:
        """Whether there is a variable of a name."""
        return name in self._file.variables

    def names(self) -> Iterable[str]:
        """Return the names of all variables."""
        return self._file.variables.keys()

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of the file."""
        return {name: self._file.getncattr(name) for name in self._file.ncattrs()}

    def values(self, name: str) -> NDArray[Any]:
        """Return a variable as it is stored; letters become texts."""
        variable = self._file[name]
        if variable.dtype.kind == "S":
            return np.asarray(variable[:])
        # Faster than by the library, which reads eight kilobytes at a time.
        first, size = self._places[name]
        stored = self._bytes[first : first + size].view(variable.dtype.newbyteorder(">"))
        return np.array(stored, variable.dtype).reshape(variable.shape)

    def texts(self, name: str) -> list[str]:
        """Return a variable as texts."""
        return [str(text) for text in self.values(name)]

    def days(self, name: str) -> NDArray[np.datetime64]:
        """Return a variable that counts days from a day, as days."""
        unit, _, first = str(self._file[name].units).partition(" since ")
        if unit != "days":
            raise ValueError(f"{name} counts {unit}, not days")
        count = self.values(name).astype("timedelta64[D]")
        return np.datetime64(first[:10], "D") + count
