"""The population of missions against closed forms: means, spreads, and what is left out."""

from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kstest

from teritwa.analysis.calibration.emulator import Emulator
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.missions import population
from teritwa.analysis.missions.figures import Group, transferable
from teritwa.analysis.missions.population import CHAINS, Population, learn_population

Array = NDArray[np.float64]
ERROR = 0.3
SEEN = {"one": 1.2, "two": 0.4, "three": 0.9}
"""What each group's figure says of the normal score of one parameter."""
PLACE = [one.name for one in transferable()].index("presence.mission_effect")


@dataclass(frozen=True)
class Score:
    """Stands for an emulator: the residual is a parameter's normal score less what was seen."""

    seen: float
    covariance: Array

    def __call__(self, levels: Array) -> Array:
        """Return residuals, shape (row, figure)."""
        return np.asarray(ndtri(levels[:, [PLACE]]) - self.seen)


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chains be short: those of one normal figure a group soon forget their start."""
    monkeypatch.setattr(population, "STEPS", (80, 79, 1))


def figure(error: float = ERROR) -> Target:
    """Return a figure with an error and no discrepancy."""
    return Target(
        "made up",
        "killed",
        "sum",
        low=0.0,
        high=0.0,
        error=error,
        scale="linear",
        discrepancy=0.0,
        fitted=True,
        start=date(2000, 1, 1),
        end=date(2000, 1, 1),
        source="made up",
    )


def learned(spread: float, without: str = "") -> Population:
    """Return the population of three groups with one figure each."""
    groups = [Group(name, name, {name: (figure(),)}, {}) for name in SEEN]
    emulators = {name: cast(Emulator, Score(seen, np.zeros((1, 1)))) for name, seen in SEEN.items()}
    return learn_population(groups, emulators, spread, without)


def expected(spread: float, seen: list[float]) -> tuple[float, float]:
    """Return mean and standard deviation of one mission more: all is normal, so it is conjugate."""
    kept, own = 1.0 - spread**2, spread**2 + ERROR**2
    variance = 1.0 / (1.0 + len(seen) * kept / own)
    mean = variance * np.sqrt(kept) * sum(seen) / own
    return float(np.sqrt(kept) * mean), float(np.sqrt(kept * variance + spread**2))


@pytest.mark.parametrize(("spread", "without"), [(0.225, ""), (0.45, ""), (0.9, ""), (0.45, "two")])
def test_one_mission_more_is_that_of_the_closed_form(spread: float, without: str) -> None:
    """Its mean and standard deviation are those of the conjugate normal, within four errors."""
    found = learned(spread, without)
    scores = ndtri(found.other[:, PLACE])
    mean, deviation = expected(spread, [value for name, value in SEEN.items() if name != without])
    assert abs(scores.mean() - mean) < 4 * deviation / np.sqrt(CHAINS)
    assert abs(scores.std() - deviation) < 4 * deviation / np.sqrt(2 * CHAINS)
    if without:  # it is a mission like any that nobody has seen
        left_out = ndtri(found.groups[without][:, PLACE])
        assert abs(left_out.mean() - mean) < 4 * deviation / np.sqrt(CHAINS)


def test_what_no_figure_depends_on_keeps_its_prior() -> None:
    """All other parameters of each group and of one mission more are uniform over their ranges."""
    found = learned(0.45)
    for levels in (*found.groups.values(), found.other, found.mean):
        others = np.delete(levels, PLACE, axis=1)
        pvalues = np.array([kstest(column, "uniform").pvalue for column in others.T])
        # Of 15 parameters the least p-value is above 0.0005 in 99 of 100 cases.
        assert pvalues.min() > 0.0005


def test_a_mission_is_its_mean_and_its_own_effect() -> None:
    """The score of one mission more is made of the mean's and its own, as the formula has it."""
    found = learned(0.45)
    made = np.sqrt(1 - 0.45**2) * ndtri(found.mean) + 0.45 * found.own
    assert np.allclose(ndtri(found.other), made, atol=1e-6)
