"""Tests of the validation's pictures: what is drawn is what the tables say, and nothing covers anything."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.pictures.parameters import HELD, every_picture, informed, informed_picture, numbers
from teritwa.pictures.prediction import MEASURES, analog_picture, paired, prediction_picture
from teritwa.pictures.style import Table, save
from teritwa.pictures.validation import fit_numbers, fit_picture, number, records, recovery_picture

LEVELS = ("q05", "q25", "q50", "q75", "q95")


def target(name: str, observed: float, **other: object) -> dict[str, object]:
    """Return a row of fit: prior from half to double what was observed, posterior from 0.8 to 1.3 of it."""
    row: dict[str, object] = {
        "target": name,
        "group": name.split(",", maxsplit=1)[0],
        "fitted": "yes",
        "observed": observed,
    }
    row |= {"low": observed, "high": observed}
    for part, ratios in (
        ("prior", (0.5, 0.7, 1.0, 1.4, 2.0)),
        ("model", (0.85, 0.9, 1, 1.1, 1.2)),
        ("posterior", (0.8, 0.9, 1.0, 1.1, 1.3)),
    ):
        row |= {f"{part}_{level}": ratio * observed for level, ratio in zip(LEVELS, ratios, strict=True)}
    return row | {"half_width": 0.25, "inside": "yes"} | other


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.fixture
def fit() -> Table:
    """Four targets: one hit, one missed, one not fitted and far off, and towns, which have no ratio."""
    far = {f"posterior_{level}": 20.0 * (i + 1) for i, level in enumerate(LEVELS)}
    towns = {"low": 2.0, "high": 7.0, "posterior_q05": -2.0, "prior_q05": 0.0}
    return table(
        [
            target("killed, 2024 Q1", 1660.0),
            target("killed, 2024 Q2", 900.0, inside="no", low=850.0, high=950.0),
            target("killed, 2024", 10.0, fitted="no", **far),
            target("towns lost, 25 June 2024 to 31 January 2025", 4.5, **towns),
        ]
    )


def mark_of(axes: Any, gid: str) -> Any:
    """Return the marks drawn under a name."""
    (mark,) = [line for line in axes.get_lines() if line.get_gid() == gid]
    return mark


def texts(figure: Any) -> list[Any]:
    """Return everything that is written on a figure outside its legends and ticks."""
    return [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]


def assert_free(figure: Any) -> None:
    """Assert that no text covers another or leaves the picture."""
    figure.draw_without_rendering()
    ticks = [tick.label1 for axes in figure.axes for tick in (*axes.yaxis._update_ticks(), *axes.xaxis._update_ticks())]
    written = [text for text in (*texts(figure), *ticks) if text.get_text()]
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    boxes = [part.get_window_extent() for part in (*written, *legends)]
    for i, box in enumerate(boxes):
        assert box.count_overlaps(boxes[:i]) == 0, written[i] if i < len(written) else "legend"
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1, written[i]
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1


def test_fit_draws_its_table(fit: Table) -> None:
    """Bars of the first target are the ratios of its quantiles; the towns keep their own unit."""
    ratios, towns = fit_picture(fit, 512, 64)[1]
    drawn = fit_numbers(fit)

    bars = [[(bar.get_x(), bar.get_x() + bar.get_width()) for bar in one] for one in ratios.containers[:4]]
    names = (("prior", "q05", "q95"), ("posterior", "q05", "q95"), ("posterior", "q25", "q75"), ("model", "q05", "q95"))
    for (bar,), (part, low, high) in zip(bars, names, strict=True):
        assert bar == pytest.approx((drawn[f"{part}_{low}"][0], drawn[f"{part}_{high}"][0]))
        assert bar[0] * 1660 == pytest.approx(number(fit[f"{part}_{low}"][0]))
    assert mark_of(towns, "towns lost, 25 June 2024 to 31 January 2025").get_xdata().tolist() == [4.5]
    assert towns.containers[1][0].get_x() == -2.0


def test_misses_and_unfitted_targets_are_marked(fit: Table) -> None:
    """A miss is filled and said in words; what was not fitted is a square and named so; a band too far has an arrow."""
    figure, (ratios, _) = fit_picture(fit, 512, 64)

    assert [text.get_text() for text in ratios.texts].count("missed") == 1
    assert mark_of(ratios, "killed, 2024 Q2").get_markerfacecolor() != "white"
    assert mark_of(ratios, "killed, 2024 Q1").get_markerfacecolor() == "white"
    assert mark_of(ratios, "killed, 2024").get_marker() == "s"
    assert "2024 (not fitted)" in [label.get_text() for label in ratios.get_yticklabels()]
    assert [line.get_marker() for line in ratios.get_lines()].count(">") == 1
    assert any("n = 512 runs" in text.get_text() and "n = 64 draws" in text.get_text() for text in figure.texts)
    assert_free(figure)


def test_cells_read_from_csv_are_numbers() -> None:
    """Text, flags and numbers count alike; an empty cell is not a number."""
    assert [number(cell) for cell in ("1.5", 2, True, False, np.float64(3))] == [1.5, 2, 1, 0, 3]
    assert all(np.isnan(number(cell)) for cell in ("", None, "nan"))


def test_recovery_draws_its_tables() -> None:
    """Coverage, its two standard errors and the counts of ranks are read back from the axes."""
    rows = [
        {"part": part, "level": level, "ensemble": name, "coverage": level - away, "standard_error": 0.02,
         "data_sets": 60, "parameters": 9}
        for stage, part in ((1, "emulator"), (2, "weights"))
        for level in (0.5, 0.8, 0.9)
        for name, away in (("as calibrated", 0.01 * stage), ("half the spread", 0.25))
    ]  # fmt: skip
    places = [
        {"part": part, "place": i, "count": 10 + i % stage}
        for stage, part in ((1, "emulator"), (2, "weights"))
        for i in range(40)
    ]
    figure, panels = recovery_picture(table(rows), table(places))

    own, half = panels[0, 1].containers
    assert own.lines[0].get_ydata() == pytest.approx([0.48, 0.78, 0.88])
    assert own.lines[2][0].get_segments()[0][:, 1] == pytest.approx([0.44, 0.52])
    assert half.lines[0].get_ydata() == pytest.approx([0.25, 0.55, 0.65])
    (bars,) = panels[1, 1].containers
    assert [bar.get_height() for bar in bars] == [10 + i % 2 for i in range(40)]
    assert_free(figure)


def parameters(known: int, count: int) -> Table:
    """Return a table of parameters of which the first are informed and the last is held."""
    rows = []
    for i in range(count):
        said = "yes" if i < known else HELD if i == count - 1 else "no"
        levels = {f"level_{name}": min(0.1 + 0.15 * j + 0.001 * i, 1.0) for j, name in enumerate(LEVELS)}
        rows.append({"parameter": f"kidnapping.a_long_name_{i}", "spread": 0.8 - 0.01 * i, "informed": said} | levels)
    return table(rows)


def test_informed_parameters_stand_best_known_first() -> None:
    """Of six parameters three are informed; the smallest spread is on top with its levels."""
    given = parameters(3, 6)
    figure, axes = informed_picture(given, 64)

    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [f"kidnapping.a_long_name_{i}" for i in (2, 1, 0)]
    assert [row["spread"] for row in informed(given)] == [0.78, 0.79, 0.8]
    wide = axes.collections[0].get_segments()[0]
    assert wide[:, 0] == pytest.approx([given["level_q05"][2], given["level_q95"][2]])
    assert any("3 of 6 parameters; n = 64 draws" in text.get_text() for text in figure.texts)
    assert_free(figure)


def test_no_parameter_informed_is_said() -> None:
    """A calibration that teaches nothing has a picture that says so."""
    axes = informed_picture(parameters(0, 3), 64)[1]

    assert "2024 informs no parameter" in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("count", [2, 7, 170])
def test_every_parameter_is_drawn_once(count: int) -> None:
    """However many there are, each name stands in one column and the medians are those of the table."""
    given = parameters(1, count)
    figure, panels = every_picture(given, 64)

    labels = [label.get_text() for axes in panels for label in axes.get_yticklabels()]
    assert labels == list(given["parameter"])
    dots = [line.get_xdata()[0] for axes in panels for line in axes.get_lines() if line.get_marker() == "o"]
    assert dots == pytest.approx([number(level) for level in given["level_q50"]])
    assert_free(figure)


def scores() -> tuple[Table, Table]:
    """Return three scored figures, one outside its 90 % interval and one without a trend, and a history."""
    rows = []
    for outcome, start, end, value, known in (
        ("killed_counted", "2024-07-01", "2024-09-30", 1200.0, 1100.0),
        ("killed_counted", "2024-10-01", "2024-12-31", 1700.0, 1100.0),
        ("gang_control_capital", "2024-09-21", "2024-09-21", 0.8, ""),
    ):
        middle = 0.8 if value < 1 else 1100.0
        row = {"outcome": outcome, "start": start, "end": end, "value": value, "runs": 64, "median": middle}
        for level, away in ((50, 0.1), (80, 0.15), (90, 0.2)):
            row |= {f"low_{level}": middle * (1 - away), f"high_{level}": middle * (1 + away)}
        rows.append(row | {"inside_90": int(value < 1700), "persistence": middle, "trend": known})
    known = [
        {"outcome": "killed_counted", "start": "2024-04-01", "end": "2024-06-30", "value": 945.0},
        {"outcome": "killed_counted", "start": "2024-07-01", "end": "2024-09-30", "value": 1.0},
        {"outcome": "towns_lost", "start": "2023-01-01", "end": "2023-01-01", "value": 1.0},
    ]
    return table(rows), table(known)


def test_prediction_draws_figures_intervals_and_rules() -> None:
    """Intervals, figures and both rules are read back; what ends after the origin is no history."""
    figure, (killed, capital) = prediction_picture(*scores(), date(2024, 6, 30))

    ends = [[segment[:, 1].tolist() for segment in one.get_segments()] for one in killed.collections[:3]]
    assert ends[0] == [pytest.approx([880, 1320])] * 2
    assert ends[1] == [pytest.approx([935, 1265])] * 2
    assert ends[2] == [pytest.approx([990, 1210])] * 2
    marks = {
        gid: [line.get_ydata()[0] for line in killed.get_lines() if line.get_gid() == gid]
        for gid in ("figure", "trend")
    }
    assert marks == {"figure": [1200, 1700, 945], "trend": [1100, 1100]}
    colours = [line.get_markerfacecolor() for line in killed.get_lines() if line.get_gid() == "figure"]
    assert [colour == "white" for colour in colours] == [True, False, True]
    assert [line.get_ydata()[0] for line in capital.get_lines() if line.get_gid() == "persistence"] == [0.8]
    assert killed.get_xlim() == capital.get_xlim()
    assert any("n = 64 runs; nothing after 2024-06-30" in text.get_text() for text in figure.texts)
    assert_free(figure)


def analogs() -> tuple[Table, Table]:
    """Return a summary and the runs of an analog of two pairs; nobody was driven out under leaving."""
    rows: list[dict[str, object]] = []
    for scenario, value in (("leave", 0.9), ("hold", 0.4)):
        for measure in MEASURES:
            none = scenario == "leave" and measure.startswith("returned")
            numbers = {"value": np.nan if none else value, "low": np.nan if none else value - 0.1, "high": 0.95}
            rows.append({"scenario": scenario, "measure": measure, **numbers, "of": 0 if none else 2})
    for measure in ("influence_60", "held_60"):
        for verdict, share in (("better", 0.5), ("the same", 0.5), ("worse", 0.0)):
            line = {"measure": f"{measure} {verdict}", "value": share, "low": 0.0, "high": 1.0, "of": 2}
            rows.append({"scenario": "pairs", **line})
    runs = [
        {"draw": draw, "scenario": name, "influence_60": value}
        for draw, pair in enumerate([(0.9, 0.5), (0.6, 0.6)])
        for name, value in zip(("leave", "hold"), pair, strict=True)
    ]
    return table(rows), table(runs)


def test_analog_draws_its_summary_and_pairs() -> None:
    """Values by scenario, shares of verdicts and the paired differences are those of the tables."""
    summary, runs = analogs()
    figure, panels = analog_picture(summary, runs)

    held = [one for one in panels[0].containers if one.lines[0].get_gid() == "hold: influence_60"]
    assert held[0].lines[0].get_xdata().tolist() == [0.4]
    widths = [bar.get_width() for one in panels[1].containers for bar in one]
    assert widths == [0.5, 0.5, 0.0, 0.5, 0.5, 0.0]
    assert paired(runs, ["leave", "hold"]) == pytest.approx([-0.4, 0.0])
    assert sum(bar.get_height() for bar in panels[2].patches) == 2
    assert [text.get_text() for text in panels[0].texts].count("no case") == 2
    assert any("logic test, not evidence" in text.get_text() for text in figure.texts)
    assert_free(figure)


def test_numbers_beside_the_pictures_and_the_same_bytes_twice(fit: Table, tmp_path: Path) -> None:
    """The CSV has a row a target, and two drawings are the same file."""
    first, second = (save(fit_picture(fit, 8, 4)[0], tmp_path / f"{i}.png", fit_numbers(fit)) for i in range(2))

    assert first.read_bytes() == second.read_bytes()
    assert len(first.with_suffix(".csv").read_text().splitlines()) == 5
    given = parameters(1, 3)
    assert list(numbers(records(given))["spread"]) == list(given["spread"])
