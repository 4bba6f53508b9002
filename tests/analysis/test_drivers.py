"""Tests of what lies behind a difference: intermediate outcomes and parameters."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis import drivers
from teritwa.analysis.drivers import (
    FALSE_POSITIVE_RATE,
    MINIMUM_DRAWS,
    intermediate_differences,
    parameter_correlations,
)
from teritwa.ensemble.result import Result

Make = Callable[..., Result]


def test_intermediate_differences_by_hand(made_up: Make) -> None:
    """Of four runs two have ten officers more, one has ten fewer; funds last every other day."""
    base = made_up(
        {"officers_operational": np.array([0, 60, 40]), "fund_balance": 5.0, "gang_members": 100}
    )
    more = np.array([5, 5, 0, -5])[None, :, None, None]
    paid = (np.arange(369) % 2 == 0) * 1.0
    other = made_up(
        {
            "officers_operational": np.array([0, 60, 40]) + more * [0, 1, 1],
            "fund_balance": paid,
            "gang_members": 90,
        },
        id="policy",
    )
    steps = {step.name: step for step in intermediate_differences(base, other)}

    officers = steps["officers of the mission able to operate, mean of all days"]
    assert (officers.before, officers.after, officers.median) == (100.0, 105.0, 5.0)
    assert (officers.lower, officers.same, officers.higher) == (0.25, 0.25, 0.5)
    assert officers.high == 10.0
    days = steps["days on which the mission's fund was not empty"]
    assert (days.before, days.after, days.median, days.lower) == (369.0, 185.0, -184.0, 1.0)
    assert steps["gang members on the last day"].median == -10.0


def test_share_recaptured_is_of_what_was_cleared(made_up: Make) -> None:
    """One of four cleared is recaptured, then two of four; without clearings the share is zero."""
    name = "of the cleared, recaptured within 30 days"
    first = made_up({"cleared_from_gangs": 4, "recaptured": 1})
    second = made_up({"cleared_from_gangs": 4, "recaptured": 2}, id="policy")
    third = made_up({}, id="idle")

    assert [
        step.median for step in intermediate_differences(first, second) if step.name == name
    ] == [0.25]
    assert [step.after for step in intermediate_differences(first, third) if step.name == name] == [
        0.0
    ]


@pytest.fixture
def drawn(made_up: Make) -> Callable[[str, int], Result]:
    """Build a result of n draws of two replicates with 20 drawn parameters and a fixed one."""

    def build(name: str, draws: int) -> Result:
        result = made_up(id=name, draws=draws, replicates=2)
        levels = [((np.arange(draws) * step) % 53).astype(float) for step in range(1, 21)]
        header = ",".join(["draw", "replicate", *(f"p.{i}" for i in range(20)), "p.fixed"])
        rows = [
            ",".join(map(str, [draw, replicate, *(column[draw] for column in levels), 7.0]))
            for draw in range(draws)
            for replicate in range(2)
        ]
        (Path(result.path) / "design.csv").write_text("\n".join([header, *rows, ""]))
        return result

    return build


def test_a_parameter_that_matters_is_found(drawn: Callable[[str, int], Result]) -> None:
    """A difference that falls with p.3 correlates with it, negatively; p.fixed is left out."""
    base, other = drawn("baseline", 50), drawn("policy", 50)
    draws = np.array([draw for draw, _ in base.pairs])
    noise = np.tile([0.5, -0.5], 50)
    found = parameter_correlations(base, other, np.zeros(100), -(((draws * 4.0) % 53) ** 3) + noise)

    assert (found[0].parameter, found[0].beyond_chance) == ("p.3", True)
    assert found[0].correlation == pytest.approx(-1.0)
    assert len(found) == 20
    assert "p.fixed" not in {one.parameter for one in found}


def test_chance_alone_names_hardly_any(drawn: Callable[[str, int], Result]) -> None:
    """Over 40 differences of pure noise few lists hold a name: some 5 in 100 would by chance."""
    base, other = drawn("baseline", 50), drawn("policy", 50)
    lists = []
    for seed in range(40):
        noise = np.sin(np.arange(50) ** 2 * (1.3 + seed)).repeat(2)
        lists.append(
            any(
                one.beyond_chance
                for one in parameter_correlations(base, other, np.zeros(100), noise)
            )
        )
    assert sum(lists) <= 6
    assert FALSE_POSITIVE_RATE == 0.05


@pytest.mark.parametrize(("rate", "beyond"), [(1.0, False), (1.000001, True)])
def test_a_correlation_as_likely_as_the_limit_is_chance(
    made_up: Make, monkeypatch: pytest.MonkeyPatch, rate: float, beyond: bool
) -> None:
    """Differences 0, 1, 1, 0, ... have no correlation with 0 to 11: p = 1, beyond a limit above it.

    Ranks are 1 to 12 and, with ties, six of 3.5 and six of 9.5.
    """
    monkeypatch.setattr(drivers, "FALSE_POSITIVE_RATE", rate)
    base, other = (made_up(id=name, draws=12, replicates=1) for name in ("baseline", "policy"))
    design = "draw,replicate,p\n" + "".join(f"{draw},0,{draw}\n" for draw in range(12))
    for result in (base, other):
        (Path(result.path) / "design.csv").write_text(design)
    difference = np.array([0.0, 1.0, 1.0, 0.0] * 3)
    (found,) = parameter_correlations(base, other, np.zeros(12), difference)
    assert found.correlation == pytest.approx(0.0, abs=1e-15)
    assert found.beyond_chance == beyond


def test_nothing_is_said_of_few_draws_or_no_difference(
    drawn: Callable[[str, int], Result], made_up: Make
) -> None:
    """With fewer draws than it takes, no difference, or nothing drawn, there is no list."""
    few = drawn("baseline", MINIMUM_DRAWS - 1), drawn("policy", MINIMUM_DRAWS - 1)
    values = np.arange(2.0 * (MINIMUM_DRAWS - 1))
    assert parameter_correlations(*few, np.zeros_like(values), values) == []
    many = drawn("baseline", MINIMUM_DRAWS), drawn("policy", MINIMUM_DRAWS)
    values = np.arange(2.0 * MINIMUM_DRAWS)
    assert parameter_correlations(*many, values, values + 1) == []
    assert parameter_correlations(*many, np.zeros_like(values), values) != []
    bare = made_up(draws=MINIMUM_DRAWS), made_up(id="bare", draws=MINIMUM_DRAWS)
    assert (
        parameter_correlations(*bare, np.zeros(4 * MINIMUM_DRAWS), np.arange(4.0 * MINIMUM_DRAWS))
        == []
    )
