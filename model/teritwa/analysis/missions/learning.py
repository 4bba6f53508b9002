"""Runs of past missions under draws from the declared priors, and what follows from their figures.

The worlds go through the same code as any other. Each scenario is run once a draw of all uncertain
parameters, a polynomial stands in for each figure between the draws (`calibration.emulator`), and
the population of missions is sampled with it (`population`). What is learned is then tried without
the polynomial, by runs of a group under what the other groups say of it (`left_out`).
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.calibration.emulator import Emulator, fit_emulator
from teritwa.analysis.calibration.observation import residuals_of
from teritwa.analysis.calibration.priors import uncertain_parameters
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.waves import Progress, Wave
from teritwa.analysis.missions.figures import LOCAL, Group, groups, transferable
from teritwa.analysis.missions.population import SPREAD, Population, learn_population
from teritwa.engine.errors import InputError
from teritwa.engine.parameters import Parameter
from teritwa.scenario import Scenario, load
from teritwa.world import load as load_world

RUNS = 2048
"""Runs of each scenario from which the figures are learned; a power of two."""

SEED = 2010
"""Of the design."""

SPREADS = {"half": SPREAD / 2, "once": SPREAD, "twice": 2 * SPREAD}
"""The spreads between missions for which results are shown."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PastMissions:
    """The groups, and how their scenarios are run.

    Attributes:
        groups: The groups.
        runs: Runs of each scenario, a power of two.
        scenarios: The scenarios by name.
    """

    groups: tuple[Group, ...]
    runs: int
    scenarios: Mapping[str, Scenario]

    def parameters(self, name: str) -> tuple[Parameter, ...]:
        """Return the parameters that are drawn in a scenario: all that it does not set itself."""
        scenario = self.scenarios[name]
        drawn = uncertain_parameters(load_world(scenario.world))
        return tuple(one for one in drawn if one.name not in scenario.params)

    def design(self, name: str) -> Array:
        """Return levels of a scenario's parameters, a scrambled Sobol sequence."""
        from scipy.stats import qmc

        return np.asarray(
            qmc.Sobol(len(self.parameters(name)), scramble=True, rng=SEED).random(self.runs)
        )

    def columns(self, name: str) -> list[int]:
        """Return which columns of a design the transferable and then the local parameters are."""
        names = [one.name for one in self.parameters(name)]
        return [names.index(one) for one in (*(p.name for p in transferable()), *LOCAL)]

    def wave(self, name: str, figures: Sequence[Target], first_draw: int) -> Wave:
        """Return the runs of a scenario, of which the first is a given draw."""
        return Wave(self.scenarios[name], self.parameters(name), tuple(figures), first_draw)

    def run(self, name: str, levels: Array, first_draw: int, work: "Work") -> Array:
        """Return the residuals of a scenario's figures at levels of its parameters.

        Args:
            name: The scenario.
            levels: Levels, shape (run, parameter).
            first_draw: The draw of the first run.
            work: Where the runs are kept and who does them.

        Returns:
            Residuals, shape (run, figure); not a number for a run that failed.
        """
        figures = next(one.scenarios[name] for one in self.groups if name in one.scenarios)
        wave = self.wave(name, figures, first_draw)
        found = wave.run(levels, work.folder, work.executor, work.progress)
        return residuals_of(figures, found)


@dataclass(frozen=True)
class Work:
    """Who does runs, where they are kept, and whom to tell."""

    folder: Path
    executor: Executor
    progress: Progress


@dataclass(frozen=True)
class Learned:
    """What past missions say.

    Attributes:
        missions: The groups, and how they were run.
        residuals: Residuals of each scenario's figures by name, shape (run, figure).
        emulators: The emulators by scenario.
        populations: The population by the name of the spread.
    """

    missions: PastMissions
    residuals: Mapping[str, Array]
    emulators: Mapping[str, Emulator]
    populations: Mapping[str, Population]


def make_missions(runs: int = RUNS) -> PastMissions:
    """Return the shipped groups, whose scenarios have no posterior: each parameter is drawn here.

    Args:
        runs: Runs of each scenario, a power of two.

    Raises:
        InputError: If it is no power of two, which the design needs.
    """
    if runs & (runs - 1):
        raise InputError([f"--runs: {runs:,} is no power of two, which the design needs"])
    known = groups()
    names = [name for group in known for name in group.scenarios]
    found = {name: replace(load(name), posterior=None) for name in names}
    return PastMissions(known, runs, found)


def learn(missions: PastMissions, work: Work) -> Learned:
    """Return what the figures of past missions say of each group, of all, and of one more.

    Args:
        missions: The groups and their scenarios.
        work: Where the runs are kept and who does them.
    """
    residuals, emulators = {}, {}
    for name in missions.scenarios:
        levels = missions.design(name)
        found = missions.run(name, levels, 0, work)
        whole = ~np.isnan(found).any(axis=1)
        residuals[name] = found
        emulators[name] = fit_emulator(levels[whole][:, missions.columns(name)], found[whole])
    populations = {
        word: learn_population(missions.groups, emulators, spread)
        for word, spread in SPREADS.items()
    }
    return Learned(missions, residuals, emulators, populations)
