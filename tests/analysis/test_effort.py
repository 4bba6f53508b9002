"""Effort: the chain from officers to districts, against sums worked out by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from teritwa.analysis.effort import Link, as_lines, effort
from teritwa.ensemble.result import Result
from teritwa.world.codes import PERPETRATORS, VICTIMS

Make = Callable[..., Result]


def chain(result: Result) -> dict[tuple[str, str], Link]:
    """Return the links by force and quantity."""
    return {(link.force, link.quantity): link for link in effort(result)}


def test_officer_days_are_those_of_the_force(made_up: Make) -> None:
    """2 police, and 3 and 5 officers of the mission, on 369 days; the army has nobody."""
    days = np.array([2.0, 3.0, 5.0])
    result = made_up(
        {"officers_deployed": days, "officers_operational": days - 1, "officers_out": days / 2}
    )
    found = chain(result)
    expected = {
        ("police", "in the country"): 2 * 369,
        ("mission", "in the country"): 8 * 369,
        ("army", "in the country"): 0,
        ("police", "able to operate"): 1 * 369,
        ("mission", "able to operate"): 6 * 369,
        ("police", "out: operations, garrisons, patrols"): 1 * 369,
        ("mission", "out: operations, garrisons, patrols"): 4 * 369,
    }
    assert {key: found[key].mean for key in expected} == pytest.approx(expected)
    assert {found[key].unit for key in expected} == {"officer-days"}


def test_kills_are_those_of_the_force(made_up: Make) -> None:
    """Gang members whom police kill count for the police; bystanders and officers do not."""
    killed = np.zeros((len(PERPETRATORS), len(VICTIMS)))
    killed[PERPETRATORS.index("police"), VICTIMS.index("gang")] = 2
    killed[PERPETRATORS.index("mission"), VICTIMS.index("gang")] = 1
    killed[PERPETRATORS.index("police"), VICTIMS.index("civilian")] = 7
    killed[PERPETRATORS.index("brigade"), VICTIMS.index("gang")] = 9
    found = chain(made_up({"killed": killed}))
    kills = [found[force, "gang members killed"].mean for force in ("police", "army", "mission")]
    assert kills == [2 * 369, 0, 369]


def test_a_link_is_a_mean_with_the_middle_nine_tenths(made_up: Make) -> None:
    """Of runs with 0, 10, 20 and 30 arrests the mean is 15; 90 % lie from 1.5 to 28.5."""
    arrests = np.zeros((1, 4, 369))
    arrests[0, :, 7] = [0, 10, 20, 30]
    link = chain(made_up({"fighters_arrested": arrests}))["all", "gang members arrested"]
    assert (link.mean, link.low, link.high, link.unit) == pytest.approx(
        (15.0, 1.5, 28.5, "persons")
    )


def test_a_run_that_failed_does_not_count(made_up: Make) -> None:
    """Of four runs the one with 90 detained failed: the mean is that of the other three."""
    detained = np.zeros((1, 4, 369))
    detained[0, :, 3] = [3, 90, 6, 9]
    result = made_up({"residents_detained": detained}, failed={(0, 1): "x"})
    assert chain(result)["all", "residents detained"].mean == pytest.approx(6.0)


def test_districts_and_people_taken(made_up: Make) -> None:
    """Clearings add up over the days; people taken from gangs are first less last, in points."""
    control = np.linspace(0.8, 0.5, 369)
    result = made_up(
        {"cleared": 2, "cleared_from_gangs": 1, "recaptured": 1, "gang_control_capital": control}
    )
    found = chain(result)
    assert found["all", "districts cleared"].mean == 2 * 369
    assert found["all", "of the capital, from a gang"].mean == 369
    assert found["all", "of these lost again within 30 days"].mean == 369
    taken = found["all", "people of the capital taken from gangs"]
    assert taken.mean == pytest.approx(30.0)
    assert taken.unit == "points"


def test_the_chain_runs_from_officers_to_districts(made_up: Make) -> None:
    """Four links of each force come first, then six of all, and each is a line below the head."""
    links = effort(made_up())
    assert [link.force for link in links] == [
        *(["police"] * 4), *(["army"] * 4), *(["mission"] * 4), *(["all"] * 6),
    ]  # fmt: skip
    lines = as_lines(links)
    assert len(lines) == len(links) + 1
    for line, link in zip(lines[1:], links, strict=True):
        assert line.startswith(link.force)
        assert line.endswith(link.unit)
        assert link.quantity in line
