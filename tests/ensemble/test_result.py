"""Tests of writing and reading results: what a folder holds, and which damage is noticed."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.engine.files import write_whole
from teritwa.ensemble.manifest import seal_manifest
from teritwa.ensemble.result import Result, ResultError, find_results, open_result
from teritwa.ensemble.run_set import InMemoryRunSet
from teritwa.ensemble.writer import write_result
from teritwa.rules.outcomes import outcome
from teritwa.rules.registry import OUTCOMES
from teritwa.simulation.model import model_digest

Make = Callable[..., Result]
MakeRuns = Callable[..., InMemoryRunSet]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_folder_holds_what_the_manifest_lists(made_up: Make) -> None:
    """A result folder has exactly the documented files, each with the hash in the manifest."""
    result = made_up()

    names = {path.name for path in result.path.iterdir()}
    inputs, outputs = {"scenario.yaml", "resolved.yaml"}, {"series.nc", "summary.csv"}
    listed = inputs | outputs | {"design.csv", "failures.csv"}
    assert names == {*listed, "manifest.json"}
    contents = {name: (result.path / name).read_bytes() for name in listed}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    assert result.manifest["files"] == hashes


def test_same_runs_give_same_bytes(made_up_runs: MakeRuns, tmp_path: Path) -> None:
    """Writing the same runs to two folders gives the same bytes in every file."""
    runs = made_up_runs({"displaced": 5})
    folders = [write_result(runs, tmp_path / place) for place in ("here", "there")]

    first, second = map(bytes_of, folders)
    assert first == second


def test_every_outcome_is_labelled_and_reads_back(made_up: Make) -> None:
    """Each outcome comes back with its dimensions, unit, meaning and values."""
    displaced = np.arange(4)[None, :, None] * 100_000
    result = made_up({"displaced": displaced, "gang_influence": 0.25})

    for name, declared in OUTCOMES.items():
        stored = result.dataset[name]
        assert stored.dims == ("draw", "replicate", *declared.dimensions)
        assert stored.attrs["units"] == declared.unit
        assert stored.attrs["long_name"] == declared.meaning
    assert result.runs("displaced")[:, 0].tolist() == [0, 100_000, 200_000, 300_000]
    assert result.runs("displaced").dtype == np.int32
    assert set(result.runs("gang_influence").ravel().tolist()) == {0.25}
    assert result.dates[[0, -1]].astype(str).tolist() == ["2024-12-30", "2026-01-02"]
    assert result.dataset["date"].values[0] == np.datetime64("2024-12-30")
    assert result.labels("district_name") == ["Port", "Hill", "Plain", "Island"]


def test_failed_run_is_listed_and_absent(made_up: Make) -> None:
    """A failed run leaves a gap in the arrays, and a line with its cause and a command.

    The other runs keep their values and their type.
    """
    values = np.arange(4)[None, :, None] + 1
    failed = {(0, 1): "ValueError: no such thing"}
    result = made_up({"displaced": values, "fund_balance": values}, failed=failed)

    assert result.pairs == ((0, 0), (0, 2), (0, 3))
    assert result.runs("displaced")[:, 0].tolist() == [1, 3, 4]
    assert result.runs("displaced").dtype == np.int32
    assert np.isnan(result.dataset["displaced"].values[0, 1]).all()
    assert np.isnan(result.dataset["fund_balance"].values[0, 1]).all()
    (line,) = rows_of(result.path / "failures.csv")
    assert line == {
        "draw": "0",
        "replicate": "1",
        "cause": "ValueError: no such thing",
        "replay": "teritwa run resolved.yaml --out .. --only 0.1",
    }
    assert (result.manifest["completed"], result.manifest["failed"]) == (3, 1)
    assert {row["n"] for row in rows_of(result.path / "summary.csv")} == {"3"}


def test_run_that_never_ran_is_listed_as_interrupted(
    made_up_runs: MakeRuns, tmp_path: Path
) -> None:
    """A run with neither arrays nor a cause was interrupted, and the list says so."""
    runs = made_up_runs()
    runs.completed[0, 3] = False

    (line,) = rows_of(write_result(runs, tmp_path) / "failures.csv")
    assert (line["replicate"], line["cause"]) == ("3", "interrupted before it ran")


def test_result_without_a_finished_run_opens(made_up: Make) -> None:
    """If every run failed, the failures can be read, and an outcome is reported as missing."""
    result = made_up(failed={(0, replicate): "OSError: gone" for replicate in range(4)})

    assert result.count == 0
    assert rows_of(result.path / "summary.csv") == []
    with pytest.raises(ResultError, match="no run finished"):
        result.runs("killed")


@pytest.mark.parametrize("failed", [{}, {(0, 1): "ValueError: no such thing"}])
@pytest.mark.parametrize("stored", ["i2", "i4", "f4", "f8"])
def test_an_outcome_of_an_extension_is_read_without_it(
    made_up: Make, monkeypatch: pytest.MonkeyPatch, stored: str, failed: dict[tuple[int, int], str]
) -> None:
    """A result opens without the extension that its outcome came from, and has the stored type."""
    own = outcome("own", "daily.own", unit="persons", meaning="own", stored=stored)
    with monkeypatch.context() as patch:
        patch.setitem(OUTCOMES, "own", own)
        path = made_up({"own": np.arange(4)[None, :, None] + 1}, failed=failed).path
    result = open_result(path)

    assert "own" not in OUTCOMES
    assert result.runs("own").dtype == np.dtype(stored)
    assert result.runs("own")[:, 0].tolist() == [replicate + 1 for _, replicate in result.pairs]
    assert result.count == 4 - len(failed)


def test_design_lists_the_drawn_values(made_up: Make) -> None:
    """The design has a row for each run and a column for each uncertain parameter."""
    result = made_up(draws=2, replicates=2, uncertain=("fund.monthly",))

    expected = [
        {"draw": "0", "replicate": "0", "fund.monthly": "10.5"},
        {"draw": "0", "replicate": "1", "fund.monthly": "10.5"},
        {"draw": "1", "replicate": "0", "fund.monthly": "11.5"},
        {"draw": "1", "replicate": "1", "fund.monthly": "11.5"},
    ]
    assert rows_of(result.path / "design.csv") == expected


def test_manifest_names_the_events_for_pictures(
    made_up: Make, arrival: Callable[..., object]
) -> None:
    """A dated event has its day, kind and label."""
    result = made_up(events=(arrival(date(2025, 1, 4), "guatemala arrives"),))

    event = {"id": "guatemala-arrives", "kind": "deploy", "label": "guatemala arrives"}
    assert result.manifest["events"] == [{"date": "2025-01-04", **event}]


def test_failing_write_keeps_the_old_file(tmp_path: Path) -> None:
    """A writer that fails halfway leaves the earlier file as it was, and nothing else."""
    path = tmp_path / "old.txt"
    path.write_text("old")

    def half(temporary: Path) -> None:
        temporary.write_text("ne")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_whole(path, half)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_interrupted_rewrite_is_not_a_result(
    made_up_runs: MakeRuns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a folder is rewritten it has no manifest, so a half-written result is never read."""
    folder = write_result(made_up_runs(), tmp_path)

    def full(path: Path, writer: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("teritwa.ensemble.writer.write_whole", full)
    with pytest.raises(OSError, match="no space"):
        write_result(made_up_runs(), tmp_path)
    with pytest.raises(ResultError, match=r"manifest\.json is missing"):
        open_result(folder)


def test_rewriting_drops_the_old_pictures(made_up: Make) -> None:
    """Figures of earlier runs, and their data, are deleted; a reader's own notes are not."""
    figures = made_up().path / "figures"
    figures.mkdir()
    for name in ("killed.png", "killed.csv", "map.svg", "notes.txt"):
        (figures / name).touch()

    made_up({"displaced": 1})
    assert [path.name for path in figures.iterdir()] == ["notes.txt"]


def test_notebook_shows_the_last_day(made_up: Make) -> None:
    """A notebook shows quantiles on the last day in readable units, and an escaped title."""
    shown = made_up(
        {"displaced": np.arange(4)[None, :, None] * 1000}, title="<script>"
    )._repr_html_()

    numbers = "<td>150.0</td><td>1,500</td><td>2,850</td>"
    assert f"<td>displaced</td><td>persons</td>{numbers}" in shown
    assert "<td>gang_control_capital</td><td>%</td><td>0.00</td>" in shown
    assert "<caption>baseline: &lt;script&gt;. 4 runs, on 2026-01-02</caption>" in shown
    assert "killed.gang" not in shown


def test_damage_is_named(made_up: Make) -> None:
    """A changed and a missing file are both named at once."""
    result = made_up()
    (result.path / "series.nc").write_bytes(b"nothing")
    (result.path / "design.csv").unlink()

    with pytest.raises(ResultError) as raised:
        open_result(result.path)
    named = [Path(problem.split(":")[0]).name for problem in raised.value.problems]
    assert named == ["design.csv", "series.nc"]
    assert "is missing" in raised.value.problems[0]
    assert "has changed" in raised.value.problems[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read as a manifest (line 1, column 2 is not JSON)"),
        ('{"schema": 3,\n seed: 1}', "as a manifest (line 2, column 2 is not JSON)"),
        (f'{{"schema": {"9" * 5000}}}', "cannot be read as a manifest (a number has 5,000 digits)"),
        (b"\xff{}", "cannot be read as a manifest (it is not UTF-8 text)"),
        ("[]", "cannot be read as a manifest"),
        ("{}", "cannot be read as a manifest"),
        (json.dumps({"schema": 1}), "has schema 1, this version of teritwa reads schema 3"),
        ("[" * 100_000, "cannot be read as a manifest (it is nested too deeply)"),
        ('{"schema": NaN}', "cannot be read as a manifest (NaN is not a number)"),
        (json.dumps({"schema": 3}), "cannot be read as a manifest (compare_with is missing)"),
        (json.dumps({"schema": 2}), "has schema 2, this version of teritwa reads schema 3"),
        (json.dumps({"schema": 99}), "has schema 99, this version of teritwa reads schema 3"),
    ],
)
def test_unreadable_manifest_is_explained(tmp_path: Path, content: str | bytes, words: str) -> None:
    """A manifest that is not one, or has another schema, gives one clear line."""
    data = content.encode() if isinstance(content, str) else content
    (tmp_path / "manifest.json").write_bytes(data)

    with pytest.raises(ResultError) as raised:
        open_result(tmp_path)
    (problem,) = raised.value.problems
    assert words in problem


def forge(result: Result, name: str = "", **changes: object) -> None:
    """Change keys of a manifest, and repair the hash of a file if one is named, and its own."""
    manifest = json.loads((result.path / "manifest.json").read_text())
    manifest.pop("sha256")
    if name:
        manifest["files"][name] = hashlib.sha256((result.path / name).read_bytes()).hexdigest()
    (result.path / "manifest.json").write_text(seal_manifest({**manifest, **changes}))


def problem_of(result: Result) -> str:
    """Return the only problem with which a result is refused."""
    with pytest.raises(ResultError) as raised:
        open_result(result.path)
    (problem,) = raised.value.problems
    return problem


def test_a_changed_title_is_noticed(made_up: Make) -> None:
    """Another title is found by the manifest's hash of itself, whatever the layout of the file."""
    result = made_up()
    path = result.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    assert open_result(result.path).title == "The world as it was"

    path.write_text(path.read_text().replace("The world as it was", "Another"))
    assert "manifest.json: has changed since it was written" in problem_of(result)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scenario": "/etc"}, "scenario must be an id of small letters, digits and single"),
        ({"scenario": ".."}, "scenario must be an id"),
        ({"title": None}, "title must be text"),
        ({"title": "\x1b[2J"}, "title must be text"),
        ({"title": "\u202egnp"}, "title must be text"),
        ({"seed": "7"}, "seed must be a whole number, zero or more"),
        ({"seed": True}, "seed must be a whole number, zero or more"),
        ({"end": "20260102"}, "end must be a date such as 2024-06-25"),
        ({"end": "2020-01-01"}, "end lies before start"),
        ({"world": {"name": "Nowhere"}}, "world.digest is missing"),
        ({"world": "Nowhere"}, "world must be a mapping"),
        ({"outcomes": "killed"}, "outcomes must be a list"),
        ({"outcomes": [1]}, "outcomes[0] must be text"),
        ({"events": [{}]}, "events[0].date is missing"),
        ({"packages": {"numpy": 2}}, "packages.numpy must be text"),
        ({"files": {}}, "files.design.csv is missing"),
        ({"more": 1}, "'more' is unknown"),
        ({"failed": 1}, "completed and failed do not add up to draws times replicates"),
    ],
)
def test_a_manifest_has_a_structure(made_up: Make, change: dict[str, Any], words: str) -> None:
    """A key of another type, missing or unknown is named, even where the hash was repaired."""
    result = made_up()
    forge(result, **change)

    problem = problem_of(result)
    assert problem.startswith(f"{result.path / 'manifest.json'}: cannot be read as a manifest")
    assert words in problem


def test_files_outside_the_result_are_not_listed(made_up: Make) -> None:
    """A manifest lists its own files and no path that leads elsewhere."""
    result = made_up()
    forge(result, files={**result.manifest["files"], "../../secret": "0"})

    assert "files.'../../secret' is unknown" in problem_of(result)


@pytest.mark.parametrize("change", [{"id": "other"}, {"seed": 8}, {"title": "Other"}])
def test_a_swapped_series_is_noticed(made_up: Make, change: dict[str, Any]) -> None:
    """The series of other runs is found by the identity in it, with every hash repaired."""
    result, other = made_up({"displaced": 1}), made_up({"displaced": 2}, **{"id": "b", **change})
    (result.path / "series.nc").write_bytes((other.path / "series.nc").read_bytes())
    forge(result, "series.nc")

    words = f"is of other runs (scenario {other.scenario_id!r}, seed '{other.manifest['seed']}')"
    assert f"series.nc: {words} than its manifest ('baseline', seed 7)" in problem_of(result)


@pytest.mark.parametrize(
    "change",
    [{"title": "Other"}, {"seed": 8}, {"model": "x"}, {"outcomes": []}, {"posterior": "x"}],
)
def test_a_manifest_belongs_to_its_series(made_up: Make, change: dict[str, Any]) -> None:
    """What ran is found to be changed though the manifest's hash of itself was repaired."""
    result = made_up()
    forge(result, **change)

    assert "series.nc: is of other runs" in problem_of(result)


def test_a_swapped_design_is_noticed(made_up: Make) -> None:
    """The drawn values belong to the series too, with every hash repaired."""
    result = made_up(uncertain=("fund.monthly",))
    path = result.path / "design.csv"
    path.write_text(path.read_text().replace("10.5", "11.5"))
    forge(result, "design.csv")

    assert "series.nc: is of other runs" in problem_of(result)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_series_is_noticed(made_up: Make, share: float) -> None:
    """A series that is cut off is no netCDF, with every hash repaired."""
    result = made_up()
    path = result.path / "series.nc"
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    forge(result, "series.nc")

    assert "series.nc: cannot be read as netCDF" in problem_of(result)


def test_a_series_says_what_it_is(made_up: Make) -> None:
    """Scenario, inputs, seed, world and model stand in the series as in the manifest."""
    result = made_up()
    attributes, manifest = result.dataset.attrs, result.manifest

    names = ("scenario", "title", "inputs", "seed", "world", "world_digest", "model")
    world = manifest["world"]
    told = [manifest[key] for key in ("scenario", "title", "digest")]
    assert [attributes[name] for name in names] == [
        *told, "7", world["name"], world["digest"], model_digest(),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../../x", "/tmp", "..", "A b", "\x1b"])  # noqa: S108
def test_a_district_that_leads_elsewhere_is_refused(
    made_up: Make, made_up_runs: MakeRuns, name: str
) -> None:
    """A label of the series that is no plain id opens no result: it may become a file's name."""
    coordinates = made_up_runs().coordinates
    labels = {**coordinates.by_dimension, "district": ["port", "hill", "plain", name]}
    with pytest.raises(ResultError, match=r"series\.nc: the district .* has no plain id"):
        made_up(coordinates=replace(coordinates, by_dimension=labels))


def test_figures_that_lead_elsewhere_are_refused(made_up: Make, tmp_path: Path) -> None:
    """Nothing is drawn into, or deleted from, what a link in a result leads to."""
    result = made_up()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.png").touch()
    (result.path / "figures").symlink_to(tmp_path / "mine")

    with pytest.raises(ResultError, match="figures: is a link"):
        _ = result.figures
    with pytest.raises(ResultError, match="figures: is a link"):
        made_up({"displaced": 1})
    assert (tmp_path / "mine" / "photo.png").exists()


def test_missing_folder_and_folder_of_results(made_up: Make, tmp_path: Path) -> None:
    """A path that is not a result is explained: it does not exist, or holds several results."""
    result = made_up()

    with pytest.raises(ResultError, match="no such folder"):
        open_result(tmp_path / "nowhere")
    with pytest.raises(ResultError, match="a folder of results"):
        open_result(result.path.parent)


def test_folder_stands_for_the_results_within(made_up: Make) -> None:
    """A folder of results stands for all of them by name, and a result for itself."""
    first, second = made_up(), made_up(id="another")

    assert find_results(first.path.parent) == [second.path, first.path]
    assert find_results(first.path) == [first.path]


def test_unknown_outcome_is_named(made_up: Make) -> None:
    """Asking for an outcome that was not recorded lists those that were."""
    there = "aid_access, arrested_in_district, attacks, "
    with pytest.raises(ResultError, match=f"no outcome 'peace'; it has {there}"):
        made_up().runs("peace")
