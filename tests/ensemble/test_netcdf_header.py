"""Places of variables in files of netCDF's classic formats, against the library's own reading."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from teritwa.ensemble.netcdf_header import find_places

VALUES = {
    "letters": np.array([[b"a", b"b"], [b"c", b"d"], [b"e", b"f"]]),
    "small": np.arange(3, dtype="i1"),
    "middle": np.arange(6, dtype="i4").reshape(3, 2) * -70_000,
    "large": np.linspace(0, 1, 3),
    "single": np.array(7, "i2"),
}


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"])
def test_values_lie_where_the_header_says(tmp_path: Path, kind: str) -> None:
    """The bytes at a place are the values that were written, whatever the format."""
    path = tmp_path / "file.nc"
    with netCDF4.Dataset(path, "w", format=kind) as file:  # type: ignore[arg-type]
        file.setncatts({"title": "odd", "numbers": np.arange(3, dtype="i2")})
        for name, length in (("row", 3), ("column", 2)):
            file.createDimension(name, length)
        for name, values in VALUES.items():
            dimensions = ("row", "column")[: values.ndim]
            variable = file.createVariable(name, values.dtype, dimensions)
            variable.units = "persons"
            variable[...] = values
    places, content = find_places(path), path.read_bytes()
    assert list(places) == list(VALUES)
    for name, values in VALUES.items():
        first, size = places[name]
        assert (
            content[first : first + size] == values.astype(values.dtype.newbyteorder(">")).tobytes()
        )


@pytest.mark.parametrize("content", [b"", b"CDF", b"\x89HDF\r\n\x1a\n" * 9, b"CDF\x02" + bytes(3)])
def test_what_is_no_whole_header_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another format, and a file that ends within its header, are errors and no endless reading."""
    path = tmp_path / "file.nc"
    path.write_bytes(content)
    with pytest.raises(OSError, match=r"netCDF|cut off"):
        find_places(path)


def test_a_damaged_header_is_refused_as_such(tmp_path: Path) -> None:
    """Whatever byte of the header is another one, places are found or OSError is raised."""
    path = tmp_path / "file.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.createDimension("row", 3)
        file.createVariable("é" * 9, "i4", ("row",))[...] = np.arange(3)
    whole = path.read_bytes()
    refused = 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            find_places(path)
        except OSError:
            refused += 1
    assert refused > len(whole) / 4
