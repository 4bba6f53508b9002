"""Tests of what is written for reading: numbers, units and tables."""

from collections.abc import Callable

import numpy as np
import pytest

from teritwa.analysis.compare import compare
from teritwa.results import Result
from teritwa.terminal import _reading, _short, print_headline, print_parameters, tell_comparison, tell_runs

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
def test_numbers_are_short(value: float, text: str) -> None:
    """Large numbers have no decimals, small ones two, and nothing is a negative zero."""
    assert _short(value) == text


def test_shares_read_as_per_cent_and_dollars_in_millions() -> None:
    """A unit that nobody reads is turned into one that people do; others stay."""
    assert _reading("1") == ("%", 100.0)
    assert _reading("US dollars") == ("$ million", 1e-6)
    assert _reading("officers") == ("officers", 1.0)


def test_headline_is_a_table_in_line(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """The columns of the headline begin at the same places in every line."""
    print_headline(made_up({"gang_control_capital": 0.8, "fund": 85e6}))

    _, _, _, header, *lines = capsys.readouterr().out.splitlines()
    place = header.index("when")
    assert all(line[place - 1] == " " and line[place] != " " for line in lines)
    capital = next(line for line in lines if line.startswith("gang_control_capital "))
    fund = next(line for line in lines if line.startswith("fund"))
    assert capital.split()[1:] == ["2026-01-02", "%", "80.0", "80.0", "80.0"]
    assert fund.split()[1:] == ["2026-01-02", "$", "million", "85.0", "85.0", "85.0"]


def test_parameters_show_what_a_scenario_sets(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that a scenario gives stands in place of the model's own."""
    from teritwa.mechanisms import registry

    name, parameter = sorted(registry().items())[0]
    print_parameters({name: "from the scenario"})

    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith(name)
    assert "from the scenario" in line
    assert line.endswith(parameter.source)


def test_comparison_tables_give_every_measure(made_up: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """A table a scenario, a line a measure; what was never different has no repeats to save."""
    base, others = made_up(), [made_up({"towns_lost": 3}, id="policy"), made_up(id="other")]
    comparison = compare([base, *others])
    tell_comparison(comparison)

    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if " beside baseline: 4 pairs of runs" in line]) == 2
    towns = [line.split() for line in lines if "towns_lost" in line]
    assert towns[0][2:5] == ["2026-01-02", "0.00", "3.00"]
    assert towns[0][-4:] == ["0%", "less", "0%", "-"]
    assert towns[1][-4:] == ["0%", "less", "100%", "-"]
    assert "cannot be told from 2024" in lines[-1]


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
