"""What is kept of what past missions say: tables of figures, groups, parameters and rates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.analog import HOLD, LEAVE, Analog, analog
from teritwa.analysis.calibration.priors import prior, values_at
from teritwa.analysis.missions.effects import EFFECTS
from teritwa.analysis.missions.figures import transferable
from teritwa.analysis.missions.gains import table_name
from teritwa.analysis.missions.learning import SPREADS, Learned
from teritwa.analysis.missions.left_out import (
    GroupScore,
    Prediction,
    coverage,
    group_scores,
    predicted_levels,
)
from teritwa.analysis.missions.population import Population
from teritwa.analysis.missions.rates import Population as RatePopulation
from teritwa.analysis.missions.rates import Rate, populations, rates
from teritwa.analysis.record_tables import records_csv, yes_or_no
from teritwa.engine.files import as_csv, write_text
from teritwa.scenario import load
from teritwa.scenario.posterior import read_posterior
from teritwa.scenario.reader.problems import Problems

PAIRS = 64
"""Pairs of runs of one place, raided and left against raided and held."""

QUANTILES = (0.05, 0.5, 0.95)
BAND = (0.1, 0.5, 0.9)

Array = NDArray[np.float64]


def save(learned: Learned, predictions: Sequence[Prediction], folder: Path) -> Path:
    """Write all tables.

    Args:
        learned: What was learned.
        predictions: The figures of each group, predicted from the others.
        folder: Where to write; it is made if it does not exist.

    Returns:
        The table of draws of what one mission more does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "figures.csv", figures_csv(predictions))
    write_text(folder / "groups.csv", records_csv(GroupScore, group_scores(predictions)))
    write_text(folder / "left-out.csv", summary_csv(predictions))
    write_text(folder / "parameters.csv", parameters_csv(learned))
    write_text(folder / "rates.csv", records_csv(Rate, rates()))
    write_text(folder / "rates_of_groups.csv", records_csv(RatePopulation, populations(rates())))
    for word, population in learned.populations.items():
        write_text(folder / f"{table_name(word)}.csv", effects_csv(population.other))
    return folder / f"{EFFECTS}.csv"


def effects_csv(levels: Array) -> str:
    """Return draws of the transferable parameters as a table that a scenario can name.

    Args:
        levels: Their levels, shape (draw, parameter).
    """
    known = transferable()
    rows = [values_at(known, row) for row in levels]
    return as_csv([one.name for one in known], ([repr(v) for v in row.values()] for row in rows))


def figures_csv(predictions: Sequence[Prediction]) -> str:
    """Return a row a figure: what was counted, and what was predicted without and with others."""
    words = ("10", "50", "90")
    header = [
        "group", "scenario", "figure", "counted_low", "counted_high",
        *(f"prior_q{word}" for word in words), *(f"predicted_q{word}" for word in words),
        "prior_log_score", "predicted_log_score", "place_in_prediction", "in_80_percent_interval",
    ]  # fmt: skip
    return as_csv(header, (_figure_cells(one) for one in predictions))


def _figure_cells(one: Prediction) -> list[str]:
    bands = (one.band(residuals, BAND) for residuals in (one.prior, one.predicted))
    numbers = [
        one.figure.low,
        one.figure.high,
        *(float(value) for band in bands for value in band),
        one.log_score(one.prior),
        one.log_score(one.predicted),
        one.place(one.predicted),
    ]
    inside = yes_or_no(one.covers(one.predicted))
    return [
        one.group,
        one.scenario,
        one.figure.name,
        *(f"{round(n, 9) + 0.0:.4g}" for n in numbers),
        inside,
    ]


def summary_csv(predictions: Sequence[Prediction]) -> str:
    """Return how often intervals held the figures, and the Brier scores of yes-or-no figures."""
    held, figures, probability = coverage(predictions)
    asked = [one for one in predictions if one.is_yes_or_no]
    rows = [
        ("figures in their 80 % interval", f"{held}", figures),
        ("p-value of a coverage of 80 %", f"{probability:.3g}", figures),
    ]
    for words, what in (("the range alone", "prior"), ("the other groups", "predicted")):
        rows.append((f"Brier score, from {words}", _mean_brier(asked, what), len(asked)))
    return as_csv(["quantity", "value", "of"], ([str(cell) for cell in row] for row in rows))


def _mean_brier(asked: Sequence[Prediction], what: str) -> str:
    """Return the mean Brier score of one of the predictions; nothing if there is none."""
    scores = [one.brier(getattr(one, what)) for one in asked]
    return f"{np.mean(scores):.3f}" if scores else ""


def parameters_csv(learned: Learned) -> str:
    """Return a row a parameter: its range, each group's own, the mean, and one mission more."""
    once = learned.populations["once"]
    whose: dict[str, Array] = {
        **{name.replace("-", "_"): levels for name, levels in once.groups.items()},
        "mean": once.mean,
        **{f"other_{word}": learned.populations[word].other for word in SPREADS},
    }
    header = ["parameter", "unit", "low", "high"]
    header += [f"{who}_q{round(100 * q):02d}" for who in whose for q in QUANTILES]
    return as_csv(header, _parameter_rows(whose))


def _parameter_rows(whose: Mapping[str, Array]) -> Iterator[list[str]]:
    for number, one in enumerate(transferable()):
        quantile = prior(one).quantile
        levels = [np.quantile(found[:, number], q) for found in whose.values() for q in QUANTILES]
        numbers = [one.low, one.high, *(quantile(float(level)) for level in levels)]
        yield [one.name, one.unit, *(f"{value:.4g}" for value in numbers)]


def left_and_held(learned: Learned, population: Population, folder: Path) -> Analog:
    """Return pairs of a place left against held, under what the other groups say.

    Args:
        learned: What was learned.
        population: The population without the figures of that place.
        folder: Where the table of draws is written.
    """
    name = "cite-soleil"
    levels = predicted_levels(learned, name, population.groups[name])
    known = learned.missions.parameters(name)
    rows = [values_at(known, row) for row in levels]
    path = folder / "left-out-cite-soleil.csv"
    header = [one.name for one in known]
    write_text(path, as_csv(header, ([repr(v) for v in row.values()] for row in rows)))
    posterior = read_posterior(path, Problems())
    leave, hold = (replace(load(one), posterior=posterior) for one in (LEAVE, HOLD))
    return analog(PAIRS, leave, hold)
