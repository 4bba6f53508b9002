"""Tests of the picture of the fit: what is drawn is what the tables say, and nothing is covered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teritwa.pictures.fit import fit_picture, fit_table
from teritwa.pictures.style import save
from teritwa.pictures.tables import Table, number

LEVELS = ("q05", "q25", "q50", "q75", "q95")
Free = Callable[[Any], None]


def table(rows: list[dict[str, object]]) -> Table:
    """Return rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def target(name: str, observed: float, **other: object) -> dict[str, object]:
    """Return a row of fit: the prior is 0.5 to 2 of what was observed, the posterior 0.8 to 1.3."""
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
        row |= {
            f"{part}_{level}": ratio * observed for level, ratio in zip(LEVELS, ratios, strict=True)
        }
    return row | {"half_width": 0.25, "inside": "yes"} | other


@pytest.fixture
def fit() -> Table:
    """Return four targets: a hit, a miss, one not fitted and far off, and one without a ratio."""
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


def test_fit_draws_its_table(fit: Table) -> None:
    """Bars of the first target are the ratios of its quantiles; the towns keep their own unit."""
    ratios, towns = fit_picture(fit, 512, 64)[1]
    drawn = fit_table(fit)

    bars = [
        [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in one]
        for one in ratios.containers[:4]
    ]
    names = (
        ("prior", "q05", "q95"),
        ("posterior", "q05", "q95"),
        ("posterior", "q25", "q75"),
        ("model", "q05", "q95"),
    )
    for (bar,), (part, low, high) in zip(bars, names, strict=True):
        assert bar == pytest.approx((drawn[f"{part}_{low}"][0], drawn[f"{part}_{high}"][0]))
        assert bar[0] * 1660 == pytest.approx(number(fit[f"{part}_{low}"][0]))
    assert mark_of(towns, "towns lost, 25 June 2024 to 31 January 2025").get_xdata().tolist() == [
        4.5
    ]
    assert towns.containers[1][0].get_x() == -2.0


def test_misses_and_unfitted_targets_are_marked(fit: Table, assert_free: Free) -> None:
    """A miss is filled and named; a target not fitted is a square; a wide band has an arrow."""
    figure, (ratios, _) = fit_picture(fit, 512, 64)

    assert [text.get_text() for text in ratios.texts].count("missed") == 1
    assert mark_of(ratios, "killed, 2024 Q2").get_markerfacecolor() != "white"
    assert mark_of(ratios, "killed, 2024 Q1").get_markerfacecolor() == "white"
    assert mark_of(ratios, "killed, 2024").get_marker() == "s"
    assert "2024 (not fitted)" in [label.get_text() for label in ratios.get_yticklabels()]
    assert [line.get_marker() for line in ratios.get_lines()].count(">") == 1
    assert any(
        "n = 512 runs" in text.get_text() and "n = 64 draws" in text.get_text()
        for text in figure.texts
    )
    assert_free(figure)


def test_numbers_beside_the_pictures_and_the_same_bytes_twice(fit: Table, tmp_path: Path) -> None:
    """The CSV has one row for each target, and two drawings are the same file."""
    first, second = (
        save(fit_picture(fit, 8, 4)[0], tmp_path / f"{i}.png", fit_table(fit)) for i in range(2)
    )

    assert first.read_bytes() == second.read_bytes()
    assert len(first.with_suffix(".csv").read_text().splitlines()) == 5
