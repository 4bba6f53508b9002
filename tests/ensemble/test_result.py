"""Tests of storing and reading: what a folder holds, that it is the same twice, and what damage is noticed."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from teritwa.engine.files import write_whole
from teritwa.ensemble.result import Result, ResultError, find_results, open_result, towns_lost_since
from teritwa.ensemble.run_set import Runs
from teritwa.ensemble.writer import write
from teritwa.rules.registry import OUTCOMES

Make = Callable[..., Result]
MakeRuns = Callable[..., Runs]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_folder_holds_what_the_manifest_lists(made_up: Make) -> None:
    """A result folder has exactly the promised files, each with the hash that the manifest gives."""
    result = made_up()

    names = {path.name for path in result.path.iterdir()}
    listed = {"scenario.yaml", "resolved.yaml", "design.csv", "series.nc", "summary.csv", "failures.csv"}
    assert names == {*listed, "manifest.json"}
    hashes = {name: hashlib.sha256((result.path / name).read_bytes()).hexdigest() for name in listed}
    assert result.manifest["files"] == hashes


def test_same_runs_give_same_bytes(made_up_runs: MakeRuns, tmp_path: Path) -> None:
    """Writing the same runs twice, into two places, gives the same bytes in every file."""
    folders = [write(made_up_runs({"displaced": 5}), tmp_path / place) for place in ("here", "there")]

    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second


def test_every_outcome_is_labelled_and_reads_back(made_up: Make) -> None:
    """Each outcome comes back with its dimensions, unit, meaning and values."""
    displaced = np.arange(4)[None, :, None] * 100_000
    result = made_up({"displaced": displaced, "gang_influence": 0.25})

    for name, outcome in OUTCOMES.items():
        stored = result.dataset[name]
        assert stored.dims == ("draw", "replicate", *outcome.dimensions)
        assert (stored.attrs["units"], stored.attrs["long_name"]) == (outcome.unit, outcome.meaning)
    assert result.runs("displaced")[:, 0].tolist() == [0, 100_000, 200_000, 300_000]
    assert result.runs("displaced").dtype == np.int32
    assert set(result.runs("gang_influence").ravel().tolist()) == {0.25}
    assert result.dates[[0, -1]].astype(str).tolist() == ["2024-12-30", "2026-01-02"]
    assert result.dataset["date"].values[0] == np.datetime64("2024-12-30")
    assert result.labels("district_name") == ["Port", "Hill", "Plain", "Island"]


def test_failed_run_is_listed_and_absent(made_up: Make) -> None:
    """A failed run leaves a gap in the arrays, a line with its cause and a command; the others keep values and type."""
    values = np.arange(4)[None, :, None] + 1
    result = made_up({"displaced": values, "fund_balance": values}, failed={(0, 1): "ValueError: no such thing"})

    assert result.pairs == ((0, 0), (0, 2), (0, 3))
    assert result.runs("displaced")[:, 0].tolist() == [1, 3, 4]
    assert result.runs("displaced").dtype == np.int32
    assert np.isnan(result.dataset["displaced"].values[0, 1]).all()
    assert np.isnan(result.dataset["fund_balance"].values[0, 1]).all()
    (line,) = rows_of(result.path / "failures.csv")
    assert (line["draw"], line["replicate"], line["cause"]) == ("0", "1", "ValueError: no such thing")
    assert line["replay"] == "teritwa run resolved.yaml --out .. --only 0.1"
    assert (result.manifest["completed"], result.manifest["failed"]) == (3, 1)
    assert {row["n"] for row in rows_of(result.path / "summary.csv")} == {"3"}


def test_run_that_never_ran_is_listed_as_interrupted(made_up_runs: MakeRuns, tmp_path: Path) -> None:
    """A run with neither arrays nor a cause was interrupted, and the list says so."""
    runs = made_up_runs()
    runs.completed[0, 3] = False

    (line,) = rows_of(write(runs, tmp_path) / "failures.csv")
    assert (line["replicate"], line["cause"]) == ("3", "interrupted before it ran")


def test_result_without_a_finished_run_opens(made_up: Make) -> None:
    """If every run failed there are failures to read, and asking for an outcome says that there is none."""
    result = made_up(failed={(0, replicate): "OSError: gone" for replicate in range(4)})

    assert result.count == 0
    assert rows_of(result.path / "summary.csv") == []
    with pytest.raises(ResultError, match="no run finished"):
        result.runs("killed")


def test_design_lists_the_drawn_values(made_up: Make) -> None:
    """The design has a row a run and a column a parameter that is uncertain."""
    result = made_up(draws=2, replicates=2, uncertain=("fund.monthly",))

    expected = [
        {"draw": "0", "replicate": "0", "fund.monthly": "10.5"},
        {"draw": "0", "replicate": "1", "fund.monthly": "10.5"},
        {"draw": "1", "replicate": "0", "fund.monthly": "11.5"},
        {"draw": "1", "replicate": "1", "fund.monthly": "11.5"},
    ]
    assert rows_of(result.path / "design.csv") == expected


def test_manifest_names_the_events_for_pictures(made_up: Make, arrival: Callable[..., object]) -> None:
    """A dated event is kept with its day, kind and words."""
    result = made_up(events=(arrival(date(2025, 1, 4), "guatemala arrives"),))

    event = {"date": "2025-01-04", "id": "guatemala-arrives", "kind": "deploy", "label": "guatemala arrives"}
    assert result.manifest["events"] == [event]


def test_failing_write_keeps_the_old_file(tmp_path: Path) -> None:
    """A writer that fails half way leaves the earlier file as it was, and nothing else."""
    path = tmp_path / "kept.txt"
    path.write_text("old")

    def half(temporary: Path) -> None:
        temporary.write_text("ne")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_whole(path, half)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_interrupted_rewrite_is_no_result(
    made_up_runs: MakeRuns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a folder is rewritten it has no manifest, so a half-written result is never taken for a whole one."""
    folder = write(made_up_runs(), tmp_path)

    def full(path: Path, writer: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("teritwa.ensemble.writer.write_whole", full)
    with pytest.raises(OSError, match="no space"):
        write(made_up_runs(), tmp_path)
    with pytest.raises(ResultError, match=r"manifest\.json is missing"):
        open_result(folder)


def test_rewriting_drops_the_old_pictures(made_up: Make) -> None:
    """Pictures of earlier runs, and their numbers, do not stay beside new data; a reader's own notes do."""
    figures = made_up().path / "figures"
    figures.mkdir()
    for name in ("killed.png", "killed.csv", "map.svg", "notes.txt"):
        (figures / name).touch()

    made_up({"displaced": 1})
    assert [path.name for path in figures.iterdir()] == ["notes.txt"]


def test_notebook_shows_the_last_day(made_up: Make) -> None:
    """In a notebook a result shows its quantiles on the last day, in units as read, and its title does no harm."""
    shown = made_up({"displaced": np.arange(4)[None, :, None] * 1000}, title="<script>")._repr_html_()

    assert "<td>displaced</td><td>persons</td><td>150.0</td><td>1,500</td><td>2,850</td>" in shown
    assert "<td>gang_control_capital</td><td>%</td><td>0.00</td>" in shown
    assert "<caption>baseline: &lt;script&gt;. 4 runs, on 2026-01-02</caption>" in shown
    assert "killed.gang" not in shown


def test_damage_is_named(made_up: Make) -> None:
    """A changed and a missing file are both named, at once."""
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
        ("{", "cannot be read as a manifest"),
        ("[]", "cannot be read as a manifest"),
        ("{}", "cannot be read as a manifest"),
        (json.dumps({"schema": 99}), "has form 99, this version of teritwa reads form 1"),
    ],
)
def test_unreadable_manifest_is_explained(tmp_path: Path, content: str, words: str) -> None:
    """A manifest that is not one, or is of another form, gives one clear line."""
    (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(ResultError) as raised:
        open_result(tmp_path)
    (problem,) = raised.value.problems
    assert words in problem


def test_missing_folder_and_folder_of_results(made_up: Make, tmp_path: Path) -> None:
    """A path that is no result says why: it does not exist, or holds several results."""
    result = made_up()

    with pytest.raises(ResultError, match="no such folder"):
        open_result(tmp_path / "nowhere")
    with pytest.raises(ResultError, match="a folder of results"):
        open_result(result.path.parent)


def test_folder_stands_for_the_results_within(made_up: Make) -> None:
    """A folder of results stands for all of them by name; a result for itself."""
    first, second = made_up(), made_up(id="another")

    assert find_results(first.path.parent) == [second.path, first.path]
    assert find_results(first.path) == [first.path]


def test_unknown_outcome_is_named(made_up: Make) -> None:
    """Asking for an outcome that was not recorded lists those that were."""
    with pytest.raises(ResultError, match="no outcome 'peace'; it has aid_access, attacks, attacks_on_state, "):
        made_up().runs("peace")


def held(weeks: int, plain: list[list[float]], island: list[list[float]]) -> np.ndarray:
    """Return gang control (draw, replicate, week, district): the given two weeks, first and last, of two districts."""
    control = np.zeros((1, 4, weeks, 4))
    control[:, :, :, :2] = 1.0
    control[0, :, 0, 2], control[0, :, -1, 2] = plain
    control[0, :, 0, 3], control[0, :, -1, 3] = island
    return control


def test_towns_lost_are_counted_and_named(made_up: Make) -> None:
    """By hand: plain is lost in 3 of 4 runs; island is held from the start in one run and regained in it."""
    control = held(54, [[0.0] * 4, [0.5, 0.9, 0.49, 0.6]], [[0, 0, 0, 0.7], [0.5, 0, 0, 0.1]])
    lost = towns_lost_since(made_up({"gang_influence": control}), date(2025, 1, 2))

    assert lost.net.tolist() == [2, 1, 0, 0]
    assert lost.lost == {"plain": 0.75, "island": 0.25}
    assert lost.regained == {"island": 0.25}
    assert (lost.since, lost.until) == (date(2024, 12, 30), date(2026, 1, 2))


def test_towns_lost_uses_the_last_week_not_after_each_date(made_up: Make) -> None:
    """Nothing changes between two dates in the same stored week."""
    result = made_up({"gang_influence": held(54, [[0.0] * 4, [1.0] * 4], [[0.0] * 4, [0.0] * 4])})

    assert towns_lost_since(result, date(2024, 12, 31), date(2025, 1, 4)).net.tolist() == [0, 0, 0, 0]
    assert towns_lost_since(result, date(2026, 1, 1)).net.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2023, 1, 1), None),
        (date(2025, 6, 1), date(2025, 1, 1)),
        (date(2025, 6, 1), date(2030, 1, 1)),
    ],
)
def test_towns_lost_refuses_dates_it_does_not_have(made_up: Make, since: date, until: date | None) -> None:
    """Dates before the start, after the end or the wrong way round are refused."""
    with pytest.raises(ResultError, match="no towns to count"):
        towns_lost_since(made_up(), since, until)
