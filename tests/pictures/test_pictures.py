"""Tests of pictures: what is drawn is what the table beside it says, and the same twice."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest

from teritwa.analysis.compare import compare
from teritwa.ensemble.result import Result
from teritwa.pictures import (
    comparison,
    comparison_table,
    fan,
    fan_table,
    save,
    save_all,
    save_comparison,
)

Make = Callable[..., Result]


def labels(axes: Any) -> list[str]:
    """Return the entries of a legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def line_of(axes: Any, label: str) -> np.ndarray[Any, Any]:
    """Return the heights of a labelled line."""
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return np.asarray(line.get_ydata(), float)


@pytest.fixture
def rising(made_up: Make) -> Result:
    """Return five runs whose control rises by day and by run, in a world that is Haiti by name."""
    days = np.arange(369) / 369
    control = 0.6 + 0.2 * days[None, None, :] + 0.02 * np.arange(5)[None, :, None]
    return made_up(
        {"gang_control_capital": control, "displaced": 700_000}, replicates=5, world="Haiti"
    )


def test_fan_draws_its_table(rising: Result) -> None:
    """Median, bands and example runs on the axes are the numbers of the table."""
    axes: Any = fan(rising)[1]
    table: Any = fan_table(rising)

    np.testing.assert_allclose(line_of(axes, "median"), table["q50"])
    wide, narrow = axes.collections[:2]
    assert (wide.get_label(), narrow.get_label()) == ("90 % of runs", "50 % of runs")
    for band, low, high in ((wide, "q05", "q95"), (narrow, "q25", "q75")):
        heights = band.get_paths()[0].vertices[:, 1]
        assert (heights.min(), heights.max()) == pytest.approx((min(table[low]), max(table[high])))
    np.testing.assert_allclose(line_of(axes, "single runs"), table["draw 0 replicate 0"])


def test_fan_numbers_by_hand(rising: Result) -> None:
    """Five runs from 0.60 to 0.68: the median is 0.64, quartiles are 0.62 and 0.66."""
    table = fan_table(rising)

    first = [table[name][0] for name in ("date", "q05", "q25", "q50", "q75", "q95", "n")]
    assert first[0] == "2024-12-30"
    assert first[1:] == pytest.approx([0.604, 0.62, 0.64, 0.66, 0.676, 5], abs=1e-6)


def test_fan_explains_itself(rising: Result) -> None:
    """The legend names what is drawn, the title the scenario and n, and a note the sources."""
    figure, axes = fan(rising)

    assert labels(axes) == ["90 % of runs", "50 % of runs", "single runs", "median", "published"]
    texts = " ".join(text.get_text() for part in figure.axes for text in part.texts)
    texts += figure.axes[0].get_title("left")
    assert "The world as it was" in texts
    assert "n = 5 runs (1 draw x 5 replicates)" in texts
    assert any("United Nations" in text.get_text() for text in figure.texts)


def test_published_figures_stand_where_they_were_counted(rising: Result) -> None:
    """Of the shares only January 2025 lies in these days: 0.85 on the 5th."""
    axes: Any = fan(rising)[1]

    (dots,) = [bars for bars in axes.containers if bars.get_label() == "published"]
    assert dots.lines[0].get_ydata().tolist() == [0.85]
    days = np.asarray(dots.lines[0].get_xdata(), "datetime64[D]")
    assert days.tolist() == [date(2025, 1, 5)]


def test_no_published_figures_in_another_world(made_up: Make) -> None:
    """A world that is not Haiti has no dots."""
    axes = fan(made_up({"gang_control_capital": 0.5}))[1]

    assert "published" not in labels(axes)


def test_shares_keep_a_span_and_counts_their_zero(made_up: Make) -> None:
    """The axis of a share that hardly changes spans 30 points; a count is drawn from zero."""
    result = made_up({"gang_control_capital": 0.8, "displaced": 500_000})

    low, high = fan(result)[1].get_ylim()
    assert high - low == pytest.approx(0.3, abs=0.011)
    assert fan(result, "displaced")[1].get_ylim()[0] == 0


def test_event_names_do_not_overlap(made_up: Make, arrival: Callable[..., object]) -> None:
    """Of forty events in a month, names do not overlap; events without a name are counted."""
    events = tuple(
        arrival(date(2025, 3, 1 + i % 28), f"contingent {i} of officers arrives") for i in range(40)
    )
    figure = fan(made_up({"gang_control_capital": 0.5}, events=events))[0]

    figure.draw_without_rendering()
    strip = figure.axes[0]
    boxes = [
        text.get_window_extent() for text in strip.texts if text.get_text().startswith("contingent")
    ]
    assert 3 <= len(boxes) < 40
    for i, box in enumerate(boxes):
        assert box.count_overlaps(boxes[:i]) == 0
        assert box.x1 <= figure.bbox.x1
    assert any(f"{40 - len(boxes)} further events" in text.get_text() for text in strip.texts)


def test_comparison_has_a_line_and_a_panel_a_scenario(made_up: Make) -> None:
    """Five scenarios have five medians and four panels, each with its difference and its shares."""
    control = 0.8 + 0.01 * np.arange(4)[None, :, None]
    base = made_up({"gang_control_capital": control})
    steps = {"higher": 0.05, "same": 0.0, "lower": -0.05, "lowest": -0.1}
    others = [
        made_up({"gang_control_capital": control + step}, id=name) for name, step in steps.items()
    ]
    compared = compare([base, *others])
    axes = comparison(compared)[1]

    assert labels(axes[0]) == ["90 % of baseline", "baseline", *steps]
    assert [panel.get_title("left") for panel in axes[1:]] == list(steps)
    for panel, step in zip(axes[1:], steps.values(), strict=True):
        np.testing.assert_allclose(panel.get_lines()[0].get_ydata(), 100 * step, atol=1e-4)
        assert panel.get_lines()[1].get_ydata() == [0, 0]
    chances = [panel.texts[0].get_text() for panel in axes[1:]]
    assert chances[0] == "last day: lower 0 %,\nequal 0 %, higher 100 % of 4"
    assert chances[1] == "last day: lower 0 %,\nequal 100 %, higher 0 % of 4"
    assert chances[3] == "last day: lower 100 %,\nequal 0 %, higher 0 % of 4"
    colours = {line.get_color() for line in axes[0].get_lines()}
    assert len(colours) == 5


@pytest.mark.parametrize("count", [1, 4, 5, 6])
def test_nothing_in_a_comparison_covers_anything(made_up: Make, count: int) -> None:
    """For any number of scenarios, titles of panels, legend and notes do not overlap."""
    base = made_up({"gang_control_capital": 0.8}, world="Haiti")
    names = (
        "air-and-night",
        "full-deployment",
        "schools-and-jobs",
        "seventeen-thousand",
        "un-peacekeeping",
        "x",
    )
    others = [
        made_up({"gang_control_capital": 0.7}, id=name, world="Haiti") for name in names[:count]
    ]
    figure, (top, *panels) = comparison(compare([base, *others]))

    figure.draw_without_rendering()
    boxes = [
        top.get_legend().get_window_extent(),
        *(text.get_window_extent() for text in figure.texts),
    ]
    boxes += [panel._left_title.get_window_extent() for panel in panels]
    boxes += [panel.texts[0].get_window_extent() for panel in panels]
    dates = [axes.xaxis.get_tightbbox() for axes in (top, *panels)]
    assert len(panels) == count
    for i, box in enumerate(boxes):
        assert box.count_overlaps([*boxes[:i], *dates]) == 0
        assert figure.bbox.fully_containsy(box.y0)
        assert figure.bbox.fully_containsy(box.y1)


def test_comparison_table_by_hand(made_up: Make) -> None:
    """One pair rises by 0.1, three fall: on each day lower is 0.75, and equal 0."""
    step = np.array([0.1, -0.1, -0.1, -0.1])[None, :, None]
    base = made_up({"gang_control_capital": 0.5})
    other = made_up({"gang_control_capital": 0.5 + step}, id="policy")
    table = comparison_table(compare([base, other]))

    rows = [row for row in zip(*table.values(), strict=True) if row[1] == "difference"]
    assert len(rows) == 369
    assert (rows[0][0], rows[0][-3:]) == ("policy", (0.75, 0.0, 4))
    assert rows[0][5] == pytest.approx(-0.1)


def haiti(made_up: Make, monkeypatch: pytest.MonkeyPatch, influence: float) -> tuple[Result, Path]:
    """Return a made-up result, and the folder of a world in which its districts are squares."""
    result = made_up({"gang_influence": np.array([influence, 0.4, 0.0, 1.0])})
    folder = result.path.parent / "world"
    folder.mkdir(exist_ok=True)
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    lines = [
        f"{name},{-72 + i + x},{18 + y}"
        for i, name in enumerate(result.labels("district"))
        for x, y in corners
    ]
    (folder / "cells.csv").write_text("\n".join(["district,longitude,latitude", *lines, ""]))

    class Row:
        def __init__(self, i: int, name: str) -> None:
            self.id, self.name, self.department, self.residents_2015 = (
                name,
                name.title(),
                "Here",
                10,
            )
            self.longitude, self.latitude = -71.5 + i, 18.5 + i / 10

    class Place:
        districts = tuple(Row(i, name) for i, name in enumerate(result.labels("district")))
        borders = ""

    monkeypatch.setattr("teritwa.pictures.geography.load", lambda _: Place)
    return result, folder


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_same_picture_twice_has_the_same_bytes(rising: Result, tmp_path: Path, kind: str) -> None:
    """Neither the time nor the user's own settings of Matplotlib reach the file."""
    first = save(fan(rising)[0], tmp_path / f"first.{kind}", fan_table(rising))
    with matplotlib.rc_context({"font.size": 20, "lines.linewidth": 9, "axes.facecolor": "red"}):
        second = save(fan(rising)[0], tmp_path / f"second.{kind}", fan_table(rising))

    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".csv").read_bytes() == second.with_suffix(".csv").read_bytes()


def test_numbers_beside_the_picture_are_the_table(rising: Result, tmp_path: Path) -> None:
    """The CSV has the columns and values of the table, written plainly."""
    path = save(
        fan(rising, "displaced")[0], tmp_path / "displaced.png", fan_table(rising, "displaced")
    )

    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 369
    assert (rows[0]["date"], rows[0]["q50"], rows[0]["n"]) == ("2024-12-30", "700000", "5")


def test_dollars_in_a_title_are_no_formula(made_up: Make, tmp_path: Path) -> None:
    """A title with two dollar signs is drawn as it stands."""
    result = made_up({"gang_control_capital": 0.5}, title=r"$5 or $6 \frac a month")

    assert save(fan(result)[0], tmp_path / "dollars.png", fan_table(result)).stat().st_size > 10_000


def test_all_pictures_of_a_scenario(made_up: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each picture has its numbers beside it; without cells there is no map, without runs none."""
    result, folder = haiti(made_up, monkeypatch, influence=0.9)

    names = ["gang_control_capital", "displaced", "harm", "mission", "territory", "map"]
    assert [path.stem for path in save_all(result, folder)] == names
    files = {path.name for path in (result.path / "figures").iterdir()}
    assert files == {f"{name}.{kind}" for name in names for kind in ("png", "csv")}
    assert [path.stem for path in save_all(result, folder.parent)] == names[:-1]
    assert save_all(made_up(failed={(0, i): "x" for i in range(4)})) == []


def test_pictures_of_a_comparison(made_up: Make, tmp_path: Path) -> None:
    """Control and the displaced are drawn into the comparison's folder."""
    compared = compare([made_up(), made_up(id="policy")])

    saved = save_comparison(compared, tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in saved] == [
        "figures/gang_control_capital.png",
        "figures/displaced.png",
    ]


def test_many_scenarios_are_drawn_in_several_pictures(made_up: Make, tmp_path: Path) -> None:
    """Eight scenarios beside the baseline make two pictures; two make one, and none of the old."""
    base, others = made_up(), [made_up(id=f"policy-{i}") for i in range(8)]
    saved = save_comparison(compare([base, *others]), tmp_path)

    names = ["gang_control_capital", "gang_control_capital-2", "displaced", "displaced-2"]
    assert [path.stem for path in saved] == names
    drawn = []
    for path in saved[:2]:
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
            drawn.append({row["scenario"] for row in csv.DictReader(stream)} - {"baseline"})
    assert drawn == [{f"policy-{i}" for i in range(6)}, {"policy-6", "policy-7"}]
    save_comparison(compare([base, *others[:2]]), tmp_path)
    left = {path.name for path in (tmp_path / "figures").iterdir()}
    assert left == {f"{name}.{kind}" for name in names[::2] for kind in ("png", "csv")}
