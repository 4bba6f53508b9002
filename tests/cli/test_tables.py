"""What commands print about results: tables that fit the screen, and what is left out."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis.compare import compare
from teritwa.analysis.measures import HEADLINE_MEASURES, SHOWN
from teritwa.analysis.sensitivity import Sensitivity
from teritwa.analysis.sensitivity_effects import Rank
from teritwa.cli.tables import (
    print_comparison,
    print_headline,
    print_parameters,
    print_runs,
    print_sensitivity,
)
from teritwa.ensemble.result import Result
from teritwa.scenario import Scenario, load
from teritwa.scenario.posterior import read_posterior, shipped_posteriors
from teritwa.scenario.reader.problems import Problems
from teritwa.scenario.vocabulary import registry

MakeResult = Callable[..., Result]


def test_headline_is_a_table_in_line(
    made_up: MakeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    """The columns of the headline begin at the same places in every line."""
    print_headline(made_up({"gang_control_capital": 0.8, "fund_balance": 85e6}))

    _, _, _, header, *lines, blank, note, files = capsys.readouterr().out.splitlines()
    assert (len(lines), blank, files.endswith("summary.csv")) == (SHOWN, "", True)
    place = header.index("when")
    assert all(line[place - 1] == " " and line[place] != " " for line in lines)
    capital = next(line for line in lines if line.startswith("gang_control_capital "))
    fund = next(line for line in lines if line.startswith("fund_balance"))
    assert capital.split()[1:] == ["2026-01-02", "%", "80.0", "80.0", "80.0", "-"]
    assert fund.split()[1:] == ["2026-01-02", "$", "million", "85.0", "85.0", "85.0", "-"]
    assert header.split()[-1] == "parametric"
    assert note.startswith("parametric: share of the variance between runs")


def test_parameters_show_what_a_scenario_sets(capsys: pytest.CaptureFixture[str]) -> None:
    """Values are those of the scenario and its world; without a posterior 2024 informs nothing."""
    scenario = load("island").replace(params={"attack.rate": 1.25})
    print_parameters(scenario)

    header, *lines = capsys.readouterr().out.splitlines()
    given = next(line for line in lines if line.startswith("attack.rate "))
    assert given.split()[1] == "1.25"
    place = header.index("2024 informs it")
    assert {line[place] for line in lines} == {"-"}
    own = registry(scenario.world)
    assert [line.split()[0] for line in lines] == sorted(own)
    assert all(line.endswith(own[line.split()[0]].source) for line in lines)


def informed(scenario: Scenario, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return what the list of parameters says of each one's draws."""
    print_parameters(scenario)
    header, *lines = capsys.readouterr().out.splitlines()
    place = header.index("2024 informs it")
    return {line.split()[0]: line[place:].split("  ")[0] for line in lines}


def test_draws_from_the_priors_are_informed_by_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Draws from the ranges, or from past missions, are not informed; switches are not drawn."""
    priors = read_posterior(shipped_posteriors() / "haiti-priors.csv", Problems())
    words = informed(replace(load("baseline"), posterior=priors), capsys)
    assert len(words) == len(registry())
    assert set(words.values()) == {"no", "past missions", "-"}
    assert words["presence.mission_effect"] == "past missions"
    assert words["displacement.displaced_per_killed"] == "no"
    assert words["arms.embargo_effectiveness"] == words["attack.enabled"] == "-"
    assert words["raid.lethality"] == "-"


def test_parameters_show_what_2024_informs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Draws that are narrower than the range are informed, and those of all of it are not."""
    known = registry()
    first, second = known["attack.rate"], known["displacement.displaced_per_killed"]
    narrow = second.low + (second.high - second.low) * 0.01
    draws = f"{first.low},{second.low}\n{first.high},{narrow}\n"
    (tmp_path / "draws.csv").write_text(f"{first.name},{second.name}\n{draws}", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(
        "schema: 2\nid: a\ntitle: A\nperiod: {end: 2024-12-31}\nposterior: ./draws.csv\n",
        encoding="utf-8",
    )
    words = informed(load(tmp_path / "a.yaml"), capsys)
    assert (words[first.name], words[second.name]) == ("no", "yes")


def test_comparison_tables_give_the_first_measures(
    made_up: MakeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table per scenario, a line per measure; without variance there is no variance reduction."""
    base, others = made_up(), [made_up({"towns_lost": 3}, id="policy"), made_up(id="other")]
    comparison = compare([base, *others])
    print_comparison(comparison)

    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if " against baseline: 4 pairs of runs" in line]) == 2
    towns = [line.split() for line in lines if "towns_lost" in line]
    assert towns[0][2:5] == ["2026-01-02", "0.00", "3.00"]
    assert towns[0][-2:] == ["0/0/100", "-"]
    assert towns[1][-2:] == ["0/100/0", "-"]
    for place, measure in enumerate(HEADLINE_MEASURES):
        count = sum(line.startswith(f"{measure.name} [") for line in lines)
        assert count == (2 if place < SHOWN else 0)
    assert f"comparison.csv has all {len(HEADLINE_MEASURES)} outcomes" in lines[-4]
    assert lines[-3].startswith("MC error: ")
    assert "is not the difference of the two medians" in lines[-2]


@pytest.mark.parametrize("of_haiti", [True, False])
def test_what_the_effect_rests_on_is_said_of_haiti(
    of_haiti: bool,
    made_up: MakeResult,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The effect of a mission is learned from past missions: not in their own worlds."""
    where = "teritwa.analysis.world_of_result.is_of_default_world"
    monkeypatch.setattr(where, lambda _: of_haiti)
    print_comparison(compare([made_up(), made_up(id="other")]))

    assert ("learned from past missions" in capsys.readouterr().err) == of_haiti


def test_comparison_says_what_the_recaptured_share_repeats(
    made_up: MakeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line has the share that the ranges of hazard and delay of return give alone."""
    print_comparison(compare([made_up(), made_up(id="policy")]))

    last = capsys.readouterr().err.splitlines()[-1]
    assert "1 to 21 days) give 63.7 % recaptured within 30 days by themselves" in last


@pytest.mark.parametrize("width", [80, 100, 130])
def test_comparison_fits_a_narrow_screen(
    made_up: MakeResult, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """With large numbers no line is longer than the screen, and no name or number is cut."""
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", str(width))
    base = made_up({"displaced": 1_041_000, "gang_control_capital": 0.85})
    print_comparison(compare([base, made_up({"displaced": 999_000}, id="policy")]))

    lines = screen.getvalue().splitlines()
    assert max(len(line) for line in lines[:-5]) <= width
    numbers = ("1,041,000", "-42,000", "(-42,000 to -42,000)", "100/0/0")
    for word in ("gang_control_national", "% lower /", "equal /", "higher", *numbers):
        assert any(word in line for line in lines)


def test_strongest_parameters_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """At most ten failures, then at most ten ranked parameters with intervals, and chance."""
    sizes = [None, *(2.0 / i for i in range(2, 21))]
    levels = (2.5e6, -1e6, 6e6)
    ranks = [
        Rank(i if i < 13 else None, f"some.p{i}", "C", "fund_balance", *levels, size, i < 13, 0.5)
        for i, size in enumerate(sizes, start=1)
    ]
    chance = Rank(None, "chance", None, "displaced", 9.0, -9.0, 9.0, 0.94, False, 0)
    found = Sensitivity(
        "made", (), (*ranks[:12], chance, *ranks[12:]), tuple(f"run {i}" for i in range(12))
    )
    print_sensitivity(found)

    lines = capsys.readouterr().err.splitlines()
    assert lines[:11] == [*(f"failed: run {i}" for i in range(10)), "failed: 2 further runs"]
    assert lines[11:13] == [
        "  1  some.p1: fund_balance, 2.50 (-1.00 to 6.00) $ million",
        "  2  some.p2: fund_balance, 2.50 (-1.00 to 6.00) $ million, +1.0 standard deviations",
    ]
    assert len(lines) == 11 + 10 + 2
    assert lines[-2] == "  -  chance alone: displaced, up to 0.9 standard deviations"
    assert lines[-1] == "12 of 20 parameters are told apart from chance; ranking.csv lists all"


def test_paths_are_apart_from_messages(
    made_up: MakeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paths alone on standard output, counts and failures on standard error."""
    whole, broken = made_up(), made_up(id="broken", failed={(0, 2): "x"})
    print_runs([whole, broken], 3.2, as_json=False)

    printed = capsys.readouterr()
    assert printed.out.splitlines() == [str(whole.path), str(broken.path)]
    failures = broken.path / "failures.csv"
    assert printed.err.splitlines() == [f"broken: 1 of 4 runs failed: {failures}", "7 runs in 3 s"]


def test_medians_and_spread_reach_the_table(
    made_up: MakeResult, capsys: pytest.CaptureFixture[str]
) -> None:
    """Displaced 1, 2, 3, 4 thousand against 0, 1, 2, 7: by hand the median difference is -1,000."""
    base = made_up({"displaced": 1000 * np.array([1, 2, 3, 4])[None, :, None]})
    other = made_up({"displaced": 1000 * np.array([0, 1, 2, 7])[None, :, None]}, id="policy")
    print_comparison(compare([base, other]))

    line, sentence = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("displaced")
    ]
    words = line.split()
    assert words[3:6] == ["2,500", "1,500", "-1,000"]
    assert words[6:9] == ["(-1,000", "to", "2,400)"]
    assert "75/0/25" in words
    assert sentence == (
        "displaced: Median and mean disagree: lower and higher pairs cancel in the mean."
    )
