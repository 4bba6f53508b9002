"""Tests of what is written for reading: numbers, units and tables."""

import io
import sys
from collections.abc import Callable

import numpy as np
import pytest

from teritwa.analysis.compare import compare
from teritwa.analysis.measures import MEASURES, SHOWN
from teritwa.analysis.sensitivity import Rank, Sensitivity
from teritwa.cli.console import (
    print_headline,
    print_parameters,
    tell_comparison,
    tell_expected,
    tell_runs,
    tell_sensitivity,
)
from teritwa.engine.formatting import legible, reading
from teritwa.ensemble.result import Result
from teritwa.rules.registry import registry
from teritwa.scenario import load

Make = Callable[..., Result]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-0.001, "0.00"),
        (0.126, "0.13"),
        (12.34, "12.3"),
        (-512.3, "-512.3"),
        (1234.5, "1,234"),
        (-1_041_000.0, "-1,041,000"),
    ],
)
def test_numbers_arelegible(value: float, text: str) -> None:
    """Large numbers have no decimals, small ones two, and nothing is a negative zero."""
    assert legible(value) == text


def test_shares_read_as_per_cent_and_dollars_in_millions() -> None:
    """A unit that nobody reads is turned into one that people do; others stay."""
    assert reading("1") == ("%", 100.0)
    assert reading("US dollars") == ("$ million", 1e-6)
    assert reading("officers") == ("officers", 1.0)


def test_headline_is_a_table_in_line(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """The columns of the headline begin at the same places in every line."""
    print_headline(made_up({"gang_control_capital": 0.8, "fund_balance": 85e6}))

    _, _, _, header, *lines, blank, reading, files = capsys.readouterr().out.splitlines()
    assert (len(lines), blank, files.endswith("summary.csv")) == (SHOWN, "", True)
    place = header.index("when")
    assert all(line[place - 1] == " " and line[place] != " " for line in lines)
    capital = next(line for line in lines if line.startswith("gang_control_capital "))
    fund = next(line for line in lines if line.startswith("fund_balance"))
    assert capital.split()[1:] == ["2026-01-02", "%", "80.0", "80.0", "80.0", "-"]
    assert fund.split()[1:] == ["2026-01-02", "$", "million", "85.0", "85.0", "85.0", "-"]
    assert reading.startswith("not known: ")


def test_parameters_show_what_a_scenario_sets(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that a scenario gives stands in place of the model's own; without a posterior nothing is told of 2024."""
    print_parameters(load("island").replace(params={"attack.rate": 1.25}))

    header, *lines = capsys.readouterr().out.splitlines()
    given = next(line for line in lines if line.startswith("attack.rate "))
    assert given.split()[1] == "1.25"
    place = header.index("2024 informs it")
    assert {line[place] for line in lines} == {"-"}
    assert given.endswith(registry()["attack.rate"].source)


def test_parameters_tell_what_2024_informs(capsys: pytest.CaptureFixture[str]) -> None:
    """Under the shipped posterior each drawn number says whether 2024 informs it; switches and policy say nothing."""
    print_parameters(load("baseline"))

    header, *lines = capsys.readouterr().out.splitlines()
    place = header.index("2024 informs it")
    words = {line.split()[0]: line[place:].split("  ")[0] for line in lines}
    assert len(words) == len(registry())
    assert set(words.values()) == {"yes", "no", "held at its prior", "-"}
    assert words["presence.mission_effect"] == "held at its prior"
    assert words["displacement.displaced_per_killed"] == "yes"
    assert words["arms.embargo_effectiveness"] == words["attack.enabled"] == "-"


def test_comparison_tables_give_the_first_measures(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """A table a scenario, a line a measure, the others in the file; what never differed has no replicates to save."""
    base, others = made_up(), [made_up({"towns_lost": 3}, id="policy"), made_up(id="other")]
    comparison = compare([base, *others])
    tell_comparison(comparison)

    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if " beside baseline: 4 pairs of runs" in line]) == 2
    towns = [line.split() for line in lines if "towns_lost" in line]
    assert towns[0][2:5] == ["2026-01-02", "0.00", "3.00"]
    assert towns[0][-4:] == ["0%", "less", "0%", "-"]
    assert towns[1][-4:] == ["0%", "less", "100%", "-"]
    for measure in MEASURES:
        assert sum(line.startswith(f"{measure.name} [") for line in lines) == 2 * (measure in MEASURES[:SHOWN])
    assert f"comparison.csv has all {len(MEASURES)} outcomes" in lines[-3]
    assert lines[-2].startswith("band moves: ")
    assert "cannot be told from 2024" in lines[-1]


@pytest.mark.parametrize("width", [80, 100, 130])
def test_comparison_fits_a_narrow_screen(made_up: Make, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """With large numbers no line is longer than the screen, and no name or number is cut."""
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", str(width))
    base = made_up({"displaced": 1_041_000, "gang_control_capital": 0.85})
    tell_comparison(compare([base, made_up({"displaced": 999_000}, id="policy")]))

    lines = screen.getvalue().splitlines()
    assert max(len(line) for line in lines[:-3]) <= width
    for word in ("gang_control_national", "1,041,000", "-42,000", "(-42,000 to -42,000)", "100% less", "tied"):
        assert any(word in line for line in lines)


def test_what_a_sensitivity_analysis_takes_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds below a hundred, minutes above."""
    tell_expected(66, 12.6)
    tell_expected(4000, 399.0)

    assert capsys.readouterr().err.splitlines() == ["66 runs, some 13 s", "4,000 runs, some 7 min"]


def test_strongest_parameters_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten at most and only what is felt; an infinite effect is put in words; failures come first, ten at most."""
    ranks = [
        Rank(i, f"some.p{i}", "C", "fund_balance", 1.0, float("-inf") if i == 1 else 2.0 / i, i < 13, 0.5)
        for i in range(1, 21)
    ]
    tell_sensitivity(Sensitivity("made", (), tuple(ranks), tuple(f"run {i}" for i in range(12))))

    lines = capsys.readouterr().err.splitlines()
    assert lines[:11] == [*(f"failed: run {i}" for i in range(10)), "failed: 2 further runs"]
    assert lines[11:13] == ["  1  some.p1: fund, varies only by it", "  2  some.p2: fund, +1.0 standard deviations"]
    assert len(lines) == 11 + 10 + 1
    assert lines[-1] == "12 of 20 parameters are felt; ranking.csv has their order"


def test_runs_are_told_apart_from_messages(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Paths alone on standard output, counts and failures on standard error."""
    whole, broken = made_up(), made_up(id="broken", failed={(0, 2): "x"})
    tell_runs([whole, broken], 3.2, as_json=False)

    told = capsys.readouterr()
    assert told.out.splitlines() == [str(whole.path), str(broken.path)]
    failures = broken.path / "failures.csv"
    assert told.err.splitlines() == [f"broken: 1 of 4 runs failed: {failures}", "7 runs in 3 s"]


def test_medians_and_spread_reach_the_table(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Displaced 1, 2, 3, 4 thousand against 0, 1, 2, 7: by hand the median difference is -1,000, 75 % are better."""
    base = made_up({"displaced": 1000 * np.array([1, 2, 3, 4])[None, :, None]})
    other = made_up({"displaced": 1000 * np.array([0, 1, 2, 7])[None, :, None]}, id="policy")
    tell_comparison(compare([base, other]))

    (line,) = [line for line in capsys.readouterr().err.splitlines() if "displaced" in line]
    words = line.split()
    assert words[3:6] == ["2,500", "1,500", "-1,000"]
    assert words[6:9] == ["(-1,000", "to", "2,400)"]
    assert "75%" in words
