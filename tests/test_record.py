"""Runs change from quarter to quarter as the record of 2022 to 2024 did."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from teritwa.analysis.record_changes import changes_of, periods_of, record
from teritwa.ensemble.result import Result
from teritwa.ensemble.run import run
from teritwa.scenario import load
from teritwa.scenario.posterior import read_posterior, shipped_posteriors
from teritwa.scenario.reader.problems import Problems

pytestmark = pytest.mark.battery

DRAWS = 32

COUNTS = {
    "homicides a year, police files": 1,
    "homicides, police files": 5,
    "injured for each killed, United Nations": 4,
    "kidnapped a year, United Nations": 2,
    "kidnapped, United Nations": 7,
    "killed in police operations, United Nations": 3,
    "killed, United Nations": 4,
}
"""How many changes each series of the record has."""

MISFITS = ["homicides a year, police files"]


@pytest.fixture(scope="module")
def unfitted(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Runs of two years from ranges alone: what they change by is the model's, not a fit's."""
    priors = read_posterior(shipped_posteriors() / "haiti-priors.csv", Problems())
    scenario = replace(load("baseline"), posterior=priors).replace(draws=DRAWS, replicates=1)
    return run([scenario], out=tmp_path_factory.mktemp("record"), jobs=2)[0]


def test_changes_agree_with_the_record(unfitted: Result) -> None:
    """For each series but one the record lies between the 5 and the 95 % quantile of runs.

    Each quantile is of the root mean square of as many changes in a row as the record has. The one
    is a single change, that homicides more than doubled from 2022 to 2023: a trend, which moods
    about a level have in fewer than one run of twenty.
    """
    found = changes_of(unfitted)

    assert [one.series for one in found if not one.agrees] == MISFITS
    assert {one.series: one.count for one in found} == COUNTS


def test_without_moods_runs_change_too_little(unfitted: Result, tmp_path: Path) -> None:
    """Moods are what makes runs change as much: without them most series change less."""
    priors = read_posterior(shipped_posteriors() / "haiti-priors.csv", Problems())
    still = replace(load("baseline"), posterior=priors)
    still = still.replace(draws=DRAWS, replicates=1, params={"moods.enabled": False})
    without = changes_of(run([still], out=tmp_path, jobs=2)[0])
    pairs = list(zip(without, changes_of(unfitted), strict=True))

    assert all(one.median < other.median for one, other in pairs)
    assert sum(not one.agrees for one in without) > 0


def test_periods_of_two_years(unfitted: Result) -> None:
    """Two whole years have eight quarters, the first from 1 January to 31 March."""
    found = periods_of(unfitted, 3)

    assert len(found) == 8
    assert [str(day) for day in found[0]] == ["2024-01-01", "2024-03-31"]
    assert str(found[-1][1]) == "2025-12-31"


def test_record_has_one_office_a_series() -> None:
    """No series mixes police files with counts of the United Nations, and none has a gap."""
    rows = record()
    for name in {row.series for row in rows}:
        own = [row for row in rows if row.series == name]
        gaps = [(later.start - earlier.end).days for earlier, later in pairwise(own)]
        assert set(gaps) == {1}
