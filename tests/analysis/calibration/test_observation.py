"""Tests of the likelihood: what goes together, by hand."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from teritwa.analysis.calibration.observation import (
    MEMORY_DAYS,
    OFFICE_CORRELATION,
    count_covariance,
    discrepancy_covariance,
    log_likelihood,
)
from teritwa.analysis.calibration.targets import PAD, Target

Make = Callable[..., Target]


def test_errors_of_one_office_go_together(target: Make) -> None:
    """Two counts of one office have half of the product of their errors in common; others none."""
    first, second = target(error=0.1, office="A"), target(error=0.2, office="A")
    other, alone = target(error=0.2, office="B"), target(error=0.3)
    found = count_covariance([first, second, other, alone]) * (1 + PAD) ** 2

    assert np.diag(found) == pytest.approx([0.01, 0.04, 0.04, 0.09])
    assert found[0, 1] == pytest.approx(OFFICE_CORRELATION * 0.02)
    assert (found[0, 2], found[0, 3], found[2, 3]) == (0.0, 0.0, 0.0)


def test_discrepancy_has_a_memory_within_an_outcome(target: Make) -> None:
    """After the memory's days e of it is left, and another outcome shares none of it."""
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + int(n)) for n in (0, MEMORY_DAYS)]
    first, second = (target(start=day, end=day, discrepancy=0.1) for day in days)
    other = target(outcome="kidnapped", start=days[0], end=days[0])
    found = discrepancy_covariance([first, second, other]) * (1 + PAD) ** 2

    assert found[0, 1] == pytest.approx(0.01 * np.exp(-1.0))
    assert found[0, 2] == 0.0


def test_likelihood_of_one_count_is_normal(target: Make) -> None:
    """A run one standard deviation off loses half a unit, one on the count loses nothing."""
    one = target(scale="linear", error=3.0, discrepancy=4.0)
    found = log_likelihood([one], np.array([[100.0], [105.0], [90.0]]))

    assert found == pytest.approx([0.0, -0.5, -2.0])


def test_likelihood_of_a_yes_is_its_doubt(target: Make) -> None:
    """A run that agrees has one less the doubt, one that does not has the doubt."""
    held = target(scale="doubt", statistic="held", low=1.0, high=1.0, error=0.1)
    found = log_likelihood([held], np.array([[1.0], [0.0]]))

    assert found == pytest.approx(np.log([0.9, 0.1]))


def test_run_that_failed_cannot_be(target: Make) -> None:
    """What is not a number has no likelihood."""
    assert log_likelihood([target()], np.array([[np.nan]]))[0] == -np.inf


def test_errors_that_go_together_forgive_a_common_miss(target: Make) -> None:
    """Counts of one office that are all too high are likelier than some too high, some too low."""
    pair = [target(office="A", discrepancy=0.0), target(office="A", discrepancy=0.0)]
    alike, unlike = log_likelihood(pair, np.array([[110.0, 110.0], [110.0, 91.0]]))

    assert alike > unlike
