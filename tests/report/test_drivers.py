"""Drivers of a difference, in words."""

from collections.abc import Callable

import numpy as np

from teritwa.analysis.control import control
from teritwa.analysis.drivers import IntermediateDifference, ParameterCorrelation
from teritwa.ensemble.result import Result
from teritwa.report.drivers import (
    MAX_PARAMETERS,
    association_sentence,
    describe_drivers,
    district_sentence,
    intermediate_sentence,
)
from teritwa.report.scenario_differences import UNREADABLE
from teritwa.report.verdicts import KEY_OUTCOMES
from teritwa.rules.registry import registry

Make = Callable[..., Result]


def difference(name: str, lower: float, higher: float) -> IntermediateDifference:
    """Return an intermediate outcome that is lower and higher in these shares of pairs."""
    same = 1 - lower - higher
    return IntermediateDifference(
        name, "officers", 100.0, 90.0, -10.0, -20.0, 5.0, lower, same, higher
    )


def test_intermediate_outcomes_are_named_if_they_differ_in_most_pairs() -> None:
    """From 66 % of pairs an outcome is named, with its side and its median; below, none is."""
    assert intermediate_sentence(
        [difference("officers", 0.66, 0.3), difference("money", 0.65, 0.35)]
    ) == (
        "Different in the same direction in at least 66 % of pairs (median difference): officers: "
        "lower in 66 % of pairs (−10)."
    )
    none = intermediate_sentence([difference("money", 0.5, 0.5)])
    assert none.startswith("Nothing that was looked at on the way")


def test_associations_in_words() -> None:
    """Parameters beyond chance are named with their meaning, at most five; or that none is."""
    killed, name = KEY_OUTCOMES[2], "budget.cost_per_officer_month"
    many = [ParameterCorrelation(f"p.{i}", 0.9, True) for i in range(MAX_PARAMETERS + 2)]

    assert association_sentence(killed, [ParameterCorrelation(name, -0.7, True)]) == (
        "Number of people killed: the difference goes with budget.cost_per_officer_month "
        f"({registry()[name].meaning}, rank correlation −0.70)."
    )
    weak = association_sentence(killed, [ParameterCorrelation(name, -0.2, False)])
    assert weak.endswith("or too small to see in so few draws.")
    assert association_sentence(killed, []).endswith("fewer than 10 draws to look at.")
    assert association_sentence(killed, many).endswith("; 2 more stand out less.")


def test_drivers_without_readable_scenarios(made_up: Make) -> None:
    """Where this version cannot read the scenarios, all drivers but the stated ones are there."""
    drivers = describe_drivers(made_up(), made_up(id="policy"))

    assert (drivers.stated, drivers.stated_summary) == ((), UNREADABLE)
    assert len(drivers.associations) == len(KEY_OUTCOMES)
    assert all(len(cells) == 5 for cells in drivers.intermediate_rows)


def test_districts_that_differ_most_are_named(made_up: Make) -> None:
    """A district freed in all four runs is named; one freed in three is not.

    The half interval of the latter is 0.8, by hand.
    """
    held = np.ones((1, 4, 1, 4), int)
    freed = held.copy()
    freed[:, :, :, 1] = freed[:, :3, :, 2] = 0
    base, other = made_up({"held_by_gangs": held}), made_up({"held_by_gangs": freed}, id="policy")

    assert district_sentence(control(other, baseline=base)) == (
        "In 1 of 4 districts the chance that gangs hold them differs on the last day beyond its "
        "95 % interval, which some may do by chance; most in Hill (−100.0 points)."
    )
    assert district_sentence(control(base, baseline=base)) == (
        "In no district does the chance that gangs hold it differ on the last day beyond its 95 % "
        "interval."
    )
