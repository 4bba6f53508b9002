"""Tests of the mission's dashboard: contingents, money, mandate and bases are as in the table."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.ensemble.result import Result
from teritwa.ensemble.run_set import coordinates_of
from teritwa.pictures.mission import NAMED, dashboard, dashboard_table
from teritwa.pictures.style import save
from teritwa.scenario import load

Make = Callable[..., Result]


def labels(axes: Any) -> list[str]:
    """Return the entries of a legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def top_of(axes: Any, label: str) -> float:
    """Return the highest edge of a labelled area."""
    (area,) = [area for area in axes.collections if area.get_label() == label]
    return float(area.get_paths()[0].vertices[:, 1].max())


def line_of(axes: Any, label: str) -> list[float]:
    """Return the heights of a labelled line."""
    (line,) = [line for line in axes.get_lines() if line.get_label() == label]
    return [float(value) for value in line.get_ydata()]


@pytest.fixture
def mission(made_up: Make) -> Result:
    """Return four runs: 400 Kenyans, 0 to 60 Jamaicans, 100 promised, three with a mandate."""
    officers = np.zeros((1, 4, 1, 3))
    officers[..., 0], officers[..., 1], officers[0, :, 0, 2] = 5000, 400, [0, 20, 40, 60]
    values = {
        "officers_deployed": officers,
        "officers_operational": 0.5 * officers,
        "officers_in_preparation": np.array([0, 60, 40]),
        "officers_authorised": np.array([0, 1000, 1000, 2000])[None, :, None],
        "mandate": np.array([0, 1, 1, 2])[None, :, None],
        "fund_balance": 1e6 * np.array([10, 20, 30, 40])[None, :, None],
        "forward_bases": np.array([0, 1, 1, 2])[None, :, None],
    }
    return made_up(values, world="Haiti")


def test_numbers_by_hand(mission: Result) -> None:
    """Means of contingents, medians of sums and shares of mandates are those by hand."""
    table = dashboard_table(mission)
    first = {name: column[0] for name, column in table.items()}
    assert first["date"] == "2024-12-30"
    assert (
        first["officers_deployed kenya mean"],
        first["officers_deployed jamaica mean"],
        first["officers_in_preparation mean"],
    ) == (
        400,
        30,
        100,
    )
    assert "officers_deployed haitian-police mean" not in first
    assert [first[f"officers_deployed q{level}"] for level in ("05", "25", "50", "75", "95")] == [
        403,
        415,
        430,
        445,
        457,
    ]
    assert (
        first["officers_operational q50"],
        first["officers_authorised mean"],
        first["officers_authorised q50"],
    ) == (
        215,
        1000,
        1000,
    )
    assert (first["fund_balance q50"], first["forward_bases q50"], first["n"]) == (25e6, 1, 4)
    shares = [first[f"share {words}"] for words in ("none", "support mission", "UN peacekeeping")]
    assert shares == [0.25, 0.5, 0.25]


def test_the_stack_adds_up(mission: Result) -> None:
    """Kenya to 400, with Jamaica 430, with those promised 530; the dotted ceiling is the mean."""
    axes = dashboard(mission)[1][0]
    stack = ("Kenya", "Jamaica", "promised, in preparation")
    assert [top_of(axes, label) for label in stack] == [400, 430, 530]
    assert set(line_of(axes, "authorised")) == {1000.0}
    assert labels(axes) == ["authorised", "promised, in preparation", "Jamaica", "Kenya"]


def test_panels_draw_the_table(mission: Result) -> None:
    """Medians and bands of officers, fund and bases are the table's; money is in millions."""
    table = dashboard_table(mission)
    _, deployed, ready, fund, mandate, bases = dashboard(mission)[1]
    assert line_of(deployed, "deployed, median") == list(table["officers_deployed q50"])
    assert line_of(deployed, "authorised, median") == list(table["officers_authorised q50"])
    assert (top_of(deployed, "90 % of runs"), top_of(deployed, "50 % of runs")) == (457, 445)
    assert line_of(ready, "able to operate, median") == list(table["officers_operational q50"])
    assert line_of(ready, "deployed, median") == list(table["officers_deployed q50"])
    assert set(line_of(fund, "median")) == {25.0}
    assert [top_of(mandate, words) for words in ("UN peacekeeping", "support mission", "none")] == [
        25,
        75,
        100,
    ]
    assert set(line_of(bases, "median")) == {1.0}
    assert labels(mandate) == ["none", "support mission", "UN peacekeeping"]


def test_published_officers_stand_on_its_day(mission: Result) -> None:
    """Two published figures lie within the days, of January 2025; their sources are named."""
    figure, panels = dashboard(mission)
    (dots,) = [bars for bars in panels[1].containers if bars.get_label() == "published"]
    assert dots.lines[0].get_ydata().tolist() == [590, 787]
    assert any("published: Press; Open encyclopedia" in text.get_text() for text in figure.texts)


def test_smaller_contingents_share_a_colour(made_up: Make) -> None:
    """The six largest of eleven contingents have names; the other five share an entry."""
    coordinates = coordinates_of(load("baseline"))
    names = [str(name) for name in coordinates.by_dimension["contingent"]]
    mission = [force == "mission" for force in coordinates.auxiliary["force"][1]]
    officers = np.where(mission, 10 * np.cumsum(mission), 5000)
    result = made_up(
        {"officers_deployed": officers},
        coordinates=coordinates,
        replicates=1,
        start=date(2024, 1, 1),
        end=date(2025, 12, 31),
    )
    panel, table = dashboard(result)[1][0], dashboard_table(result)
    ours = [name.replace("-", " ").title() for name, own in zip(names, mission, strict=True) if own]
    assert (len(ours), NAMED) == (11, 6)
    assert labels(panel)[::-1] == [
        *ours[:-7:-1],
        "5 others",
        "promised, in preparation",
        "authorised",
    ]
    assert set(table["officers_deployed 5 others mean"]) == {float(10 + 20 + 30 + 40 + 50)}


def test_without_a_mission_the_panels_say_so(made_up: Make) -> None:
    """Without officers, money and bases, five panels say so; the mandate is none in all runs."""
    figure, panels = dashboard(made_up())
    said = [[text.get_text() for text in axes.texts] for axes in panels]
    rarely = ["none in at least 95 % of runs"]
    assert said == [["none in any run"], rarely, rarely, rarely, [], rarely]
    assert top_of(panels[4], "none") == 100
    assert all(axes.get_ylim()[0] == 0 for axes in panels)
    figure.draw_without_rendering()


def test_only_what_is_about_the_mission_is_named(
    made_up: Make, arrival: Callable[..., object]
) -> None:
    """An arrival is named above and drawn in every panel; an offensive of gangs is left out."""
    from types import SimpleNamespace

    class Offensive:
        """Stands for an action of this name."""

    attack = SimpleNamespace(
        date=date(2025, 6, 1), id="attack", label="offensive: port", action=Offensive()
    )
    figure, panels = dashboard(
        made_up(events=(arrival(date(2025, 3, 1), "officers arrive"), attack))
    )
    names = [text.get_text() for text in figure.axes[0].texts]
    assert "officers arrive" in names
    assert "offensive: port" not in names
    lines = [
        [line for line in axes.get_lines() if line.get_color() == "#d9d9d9"] for axes in panels
    ]
    assert [len(drawn) for drawn in lines] == [1] * len(panels)


def test_nothing_is_clipped(mission: Result) -> None:
    """All texts and legends lie within the picture, and no legend covers another."""
    figure, panels = dashboard(mission)
    figure.draw_without_rendering()
    for axes in figure.axes:
        box: Any = axes.get_tightbbox()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
    boxes = [axes.get_legend().get_window_extent() for axes in panels]
    assert all(box.count_overlaps(boxes[:i]) == 0 for i, box in enumerate(boxes))


def test_same_bytes_twice(mission: Result, tmp_path: Path) -> None:
    """Drawn twice, the picture is the same file."""
    files = [
        save(dashboard(mission)[0], tmp_path / f"{i}.png", dashboard_table(mission))
        for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()
