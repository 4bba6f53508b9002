"""Tests of the files of a result: what other programs that read netCDF, CSV and JSON find."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import netcdf_file

from teritwa.engine.files import as_csv, write_text
from teritwa.ensemble import netcdf
from teritwa.ensemble.result import Result, open_result
from teritwa.ensemble.run_set import InMemoryRunSet, coordinates_of, fill_value
from teritwa.ensemble.series_file import SeriesFile
from teritwa.ensemble.writer import package_version, write_result
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario, load
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

Make = Callable[..., Result]


def test_series_are_plain_netcdf(made_up: Make) -> None:
    """Any netCDF reader finds the conventions, dimensions, units and numbers."""
    result = made_up({"displaced": 12_345})

    with netcdf_file(result.path / "series.nc", mmap=False) as file:
        assert file.Conventions == b"CF-1.11"
        assert file.scenario == b"baseline"
        displaced = file.variables["displaced"]
        assert displaced.dimensions == ("draw", "replicate", "date")
        assert displaced.units == b"persons"
        assert set(displaced[:].ravel().tolist()) == {12_345}
        assert file.variables["date"].units == b"days since 2024-12-30 00:00:00"


@pytest.mark.parametrize("lost", [1, 4, 100, 3000, 40_000])
def test_series_that_are_cut_off_are_refused(made_up: Make, lost: int) -> None:
    """A file that lacks its last bytes is not read, be it one: the library would read zeros."""
    path = made_up({"displaced": 12_345}).path / "series.nc"
    SeriesFile(path)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(OSError, match=r"cut off|NetCDF"):
        SeriesFile(path)


def test_each_outcome_keeps_its_stored_type(made_up: Make) -> None:
    """Every outcome is stored in the type of its declaration, so that files stay small."""
    result = made_up()

    with netcdf_file(result.path / "series.nc", mmap=False) as file:
        stored = {name: file.variables[name].data.dtype for name in OUTCOMES}
    assert stored == {name: np.dtype(">" + outcome.stored) for name, outcome in OUTCOMES.items()}


def test_more_than_four_gigabytes_need_another_format(
    made_up: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outcome beyond the limit of the classic format is stored in one without a limit."""
    classic = made_up({"displaced": 12_345})
    assert (classic.path / "series.nc").read_bytes()[:4] == b"CDF\x02"
    expected, labels = classic.runs("displaced"), classic.labels("district_name")

    monkeypatch.setattr(netcdf, "CLASSIC_AT_MOST", 100)
    large = made_up({"displaced": 12_345})
    assert (large.path / "series.nc").read_bytes()[:4] == b"CDF\x05"
    reopened = open_result(large.path)
    assert np.array_equal(reopened.runs("displaced"), expected)
    assert reopened.runs("displaced").dtype == expected.dtype
    assert reopened.labels("district_name") == labels
    assert np.array_equal(reopened.weeks, classic.weeks)
    assert set(reopened.dataset["displaced"].values.ravel().tolist()) == {12_345}


@pytest.mark.parametrize(("draws", "expected"), [(1000, netcdf.CLASSIC), (10**6, "CDF-5")])
def test_the_format_follows_from_the_number_of_runs(draws: int, expected: str) -> None:
    """Ten million runs have outcomes of far more than four gigabytes; none is made for this."""
    scenario = load("baseline")
    completed = np.broadcast_to(np.zeros((1, 1), bool), (draws, 10))
    arrays = {name: np.zeros(0) for name in OUTCOMES}
    run_set = InMemoryRunSet(scenario, coordinates_of(scenario), completed, arrays=arrays)
    found = netcdf.series_format(run_set)

    assert found == (netcdf.WITHOUT_LIMIT if expected == "CDF-5" else expected)


def test_mandate_explains_its_codes(made_up: Make) -> None:
    """The codes of the mandate have their meanings, as CF requires of flags."""
    mandate = made_up().dataset["mandate"].attrs

    assert mandate["flag_values"].tolist() == [0, 1, 2]
    assert mandate["flag_meanings"] == "none support_mission UN_peacekeeping"


def test_districts_and_contingents_have_auxiliary_coordinates(made_up: Make) -> None:
    """Districts have name, residents and whether they are in the capital; contingents a force."""
    result = made_up()

    assert result.labels("district") == ["port", "hill", "plain", "island"]
    assert result.metropolitan().tolist() == [True, True, False, False]
    assert result.dataset["residents_2015"].values.tolist() == [400, 300, 200, 100]
    assert result.labels("force") == ["police", "mission", "mission"]


def test_whole_result_has_no_fill_value(made_up: Make) -> None:
    """Where no run is missing, every reader reads integers as integers."""
    assert made_up().dataset["displaced"].dtype == np.int32


def test_manifest_has_no_time_of_writing(made_up: Make) -> None:
    """The manifest has what ran and the versions; its only dates are those of the simulation."""
    manifest = made_up().manifest

    packages = {"matplotlib", "mesa", "netCDF4", "numba", "numpy", "pandas", "scipy", "xarray"}
    assert set(manifest["packages"]) == packages
    assert manifest["teritwa"] == package_version()
    keys = {
        "schema", "teritwa", "python", "packages", "scenario", "title", "question",
        "compare_with", "digest", "model", "world", "posterior", "start", "end", "seed", "draws",
        "replicates", "completed", "failed", "outcomes", "events", "files", "sha256",
    }  # fmt: skip
    assert set(manifest) == keys


def test_manifest_has_the_hash_of_the_posterior(made_up: Make) -> None:
    """The hash of the table of draws is there, or an empty text if there was none."""
    assert made_up().manifest["posterior"] == ""
    with_posterior = made_up(posterior=SimpleNamespace(sha256="5e3a"))
    assert with_posterior.manifest["posterior"] == "5e3a"


def test_design_lists_what_a_posterior_draws(
    small_scenario: Callable[..., Scenario], tmp_path: Path
) -> None:
    """Parameters of the posterior and distributions have columns of values; a number has none."""
    table = tmp_path / "draws.csv"
    table.write_text(
        "gang_rivalry.rate,membership.fighters_day0,night_posture.return_hazard,attack.rate\n"
        "5,6000,0.1,2\n7.25,7001,0.2,3\n"
    )
    params = {
        "gang_rivalry.rate": {"multiply_by": 2}, "night_posture.return_hazard": 0.3,
        "attack.rate": {"uniform": [1, 4]}, "trust.baseline": {"multiply_by": 0.5},
    }  # fmt: skip
    scenario = replace(
        small_scenario(params=params, days=2), posterior=read_posterior(table, Problems())
    )
    scenario = scenario.replace(draws=3, replicates=2)
    run_set = InMemoryRunSet(scenario, coordinates_of(scenario), np.zeros((3, 2), bool))
    folder = write_result(run_set, tmp_path / "out")
    with (folder / "design.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)

    uncertain = ["attack.rate", "gang_rivalry.rate", "membership.fighters_day0"]
    assert header == ["draw", "replicate", *uncertain]
    assert [row[:2] for row in rows] == [[draw, replicate] for draw in "012" for replicate in "01"]
    assert [row[3:] for row in rows[::2]] == [["10.0", "6000"], ["14.0", "7001"], ["10.0", "6000"]]
    drawn = [scenario.parameters(draw)["attack.rate"] for draw in range(3)]
    assert [float(row[2]) for row in rows[::2]] == drawn
    assert len({row[2] for row in rows}) == 3
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["posterior"] == hashlib.sha256(table.read_bytes()).hexdigest()
    assert load(folder / "resolved.yaml").digest() == scenario.digest()


def test_manifest_is_sorted(made_up: Make) -> None:
    """Keys are sorted, so that two manifests can be compared by eye or by diff."""
    text = (made_up().path / "manifest.json").read_text()

    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("kind", sorted({outcome.stored for outcome in OUTCOMES.values()}))
def test_fill_value_cannot_occur(kind: str) -> None:
    """No outcome can be as low as the fill value of a missing run: all are zero or more."""
    value = np.array(fill_value(np.dtype(kind)), kind)

    assert np.isnan(value) if np.dtype(kind).kind == "f" else value < 0


@given(rows=st.lists(st.tuples(st.integers(), st.text(alphabet='a,"\n;é'))))
def test_csv_keeps_any_text(rows: list[tuple[int, str]]) -> None:
    """Commas, quotation marks and line ends in a cause or a name are read back."""
    import io

    header, *read = csv.reader(io.StringIO(as_csv(["number", "text"], rows)))
    assert header == ["number", "text"]
    assert read == [[str(number), text] for number, text in rows]


def test_text_is_written_as_given(tmp_path: Path) -> None:
    """Letters of Creole and line ends are written unchanged on any system."""
    write_text(tmp_path / "a.txt", "Pòtoprens\nLagonav\r\n")

    assert (tmp_path / "a.txt").read_bytes() == "Pòtoprens\nLagonav\r\n".encode()


def test_other_seed_other_folder_bytes(made_up_runs: Callable[..., Any], made_up: Make) -> None:
    """Another seed changes the manifest and the series."""
    first = {path.name: path.read_bytes() for path in made_up().path.iterdir()}
    second = {path.name: path.read_bytes() for path in made_up(seed=8).path.iterdir()}

    differing = {name for name in first if first[name] != second[name]}
    assert differing == {"manifest.json", "series.nc"}
