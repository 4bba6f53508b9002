"""Tests of the history of a district over all runs: choice of district and run, and the weeks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teritwa.analysis.district_history import (
    DistrictHistory,
    district_history,
    find_district,
    find_run,
)
from teritwa.engine.errors import InputError
from teritwa.ensemble.result import Result, ResultError
from teritwa.scenario import load, parse

Make = Callable[..., Result]

FOUR_RUNS = [
    [0.1, 0.6, 0.6, 0.6, 0.6],  # falls on 8 January
    [
        0.1,
        0.1,
        0.5,
        0.2,
        0.7,
    ],  # falls on the 15th, is regained on the 22nd, falls again on the 29th
    [0.1, 0.1, 0.1, 0.1, 0.1],  # never falls
    [0.9, 0.9, 0.4, 0.4, 0.4],  # is held from the first day and regained on the 15th
]


@pytest.fixture
def four(made_up: Make) -> Result:
    """Return four runs of five weeks with four histories of the port, and none of the others."""
    control = np.zeros((1, 4, 5, 4))
    control[0, :, :, 0] = FOUR_RUNS
    return made_up({"gang_influence": control}, start=date(2024, 1, 1), end=date(2024, 1, 29))


@pytest.fixture
def port(four: Result) -> DistrictHistory:
    """Return the history of the port in the four runs."""
    return district_history(four, 0, None)


def test_chance_by_week_by_hand(port: DistrictHistory) -> None:
    """Gangs hold the port in 1, 2, 2, 1 and 2 of 4 runs; an influence of exactly half counts."""
    assert port.held.mean(axis=0).tolist() == [0.25, 0.5, 0.5, 0.25, 0.5]
    assert [str(day) for day in port.weeks] == [f"2024-01-{day:02d}" for day in (1, 8, 15, 22, 29)]


def test_first_falls_by_hand(port: DistrictHistory) -> None:
    """Two runs have a first fall; what gangs hold from the first day has not fallen."""
    assert port.first_falls == [date(2024, 1, 8), date(2024, 1, 15)]
    assert port.fallen_share.tolist() == [0.0, 0.25, 0.5, 0.5, 0.5]
    assert port.falls.sum(axis=1).tolist() == [1, 2, 0, 0]


def test_regained_by_hand(port: DistrictHistory) -> None:
    """The state regains the port once in the second run and once in the last."""
    assert port.regained.sum(axis=1).tolist() == [0, 1, 0, 1]


def test_one_week_has_no_changes(made_up: Make) -> None:
    """In a result of a single day nothing falls and nothing is regained."""
    history = district_history(
        made_up({"gang_influence": 0.9}, start=date(2024, 1, 1), end=date(2024, 1, 1)), 0, None
    )
    assert (history.first_falls, history.regained.sum(), history.fallen_share.tolist()) == (
        [],
        0,
        [0.0],
    )


@pytest.mark.parametrize("wanted", ["plain", "PLAIN", " Plain ", "Pláin"])
def test_districts_are_found_whatever_the_letters(four: Result, wanted: str) -> None:
    """Case, spaces and accents make no difference."""
    assert find_district(four, wanted) == 2


def test_ids_and_names_are_the_same_place(made_up: Make) -> None:
    """In Haiti Delmas 24-30 is found by its id and by its name, and Leogane without its accents."""
    from teritwa.ensemble.run_set import coordinates_of

    result = made_up(
        replicates=1, end=date(2024, 12, 31), coordinates=coordinates_of(load("baseline"))
    )
    assert find_district(result, "delmas-24-30") == find_district(result, "Delmas 24-30")
    assert result.labels("district_name")[find_district(result, "leogane")] == "Léogâne"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("prot", "did you mean Port?"), ("lain", "did you mean Plain, Island?"), ("", "4 are known"),
     ("xyz", "4 are known, among them Port, Hill")],
)  # fmt: skip
def test_unknown_district_names_the_nearest(four: Result, wanted: str, said: str) -> None:
    """One line says what is wrong and what may have been meant."""
    with pytest.raises(InputError) as raised:
        find_district(four, wanted)
    (line,) = raised.value.problems
    assert line.startswith(f"district {wanted!r}: is not in this world; ")
    assert said in line


def test_which_run_is_meant(made_up: Make) -> None:
    """It is the first that finished, or the one given by draw and replicate."""
    result = made_up(failed={(0, 0): "x"}, draws=2)
    assert find_run(result, None) == (0, 1)
    assert find_run(result, "1.3") == (1, 3)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("0.0", "is not in"), ("9.0", "draws 0 to 1, replicates 0 to 3"),
     ("x", "is not DRAW.REPLICATE"), ("1", "is not DRAW"),
     ("-1.0", "is not DRAW")],
)  # fmt: skip
def test_a_run_that_is_not_there(made_up: Make, wanted: str, said: str) -> None:
    """A run that failed, was never part of the result, or is not a run gives one line."""
    with pytest.raises(InputError, match=said):
        find_run(made_up(failed={(0, 0): "x"}, draws=2), wanted)


def test_without_runs_there_is_no_history(made_up: Make) -> None:
    """A result in which every run failed says so."""
    with pytest.raises(ResultError, match="no run finished"):
        find_run(made_up(failed={(0, i): "x" for i in range(4)}), None)


def test_events_that_name_the_place(four: Result) -> None:
    """Offensives and operations are found by target, bases by district; others are left out."""
    events = """
schema: 2
id: three
title: Three
period: {end: 2024-12-31}
events:
  - id: a
    date: 2024-02-01
    offensive: {gangs: coalition, targets: [kenscoff, delmas-33, solino], duration: 9 days}
  - {id: b, date: 2024-03-01, probability: 0.5, operation: {targets: [solino], duration: 9 days}}
  - {id: c, date: 2024-04-01, base: {district: solino, open: true}}
  - {id: d, date: 2024-05-01, base: {district: kenscoff, open: true}}
  - {id: e, date: 2024-06-01, coalition: {active: false}}
"""

    class Solino:
        """A result whose first district is Solino."""

        weeks, pairs = four.weeks, four.pairs
        runs, metropolitan = four.runs, four.metropolitan

        def labels(self, name: str) -> list[str]:
            """Return ids or names."""
            return ["solino"] if name == "district" else ["Solino"]

    solino: Any = Solino()
    history = district_history(solino, 0, parse(events, Path("three.yaml")))
    found = [
        (date(2024, 2, 1), "offensive"),
        (date(2024, 3, 1), "operation?"),
        (date(2024, 4, 1), "forward base opens"),
    ]
    assert list(history.events or ()) == found
