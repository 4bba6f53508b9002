"""Tests of the pooled share of clearings that did not last, against numbers worked out by hand."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import exp1

from teritwa.analysis import recapture
from teritwa.analysis.calibration.priors import prior
from teritwa.analysis.compare import compare
from teritwa.analysis.recapture import (
    prior_share,
    recapture_shares,
    return_delay,
    return_hazard,
    save_recapture,
)
from teritwa.ensemble.result import Result

Make = Callable[..., Result]


def counts(cleared: list[list[int]], lost: list[list[int]]) -> dict[str, NDArray[np.float64]]:
    """Return clearings on day 10 and recaptures on day 20, (draw, replicate, date)."""
    found = {
        name: np.zeros((*np.shape(cleared), 369)) for name in ("cleared_from_gangs", "recaptured")
    }
    found["cleared_from_gangs"][..., 10], found["recaptured"][..., 20] = cleared, lost
    return found


def test_share_and_interval_by_hand(made_up: Make) -> None:
    """30 of 40 lost; the runs' residuals over the mean of 10 clearings are -0.25, 0.25, 0 and 0."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    share, _ = recapture_shares(compare([base, made_up(id="policy")]))

    assert (share.scenario, share.runs, share.cleared, share.recaptured, share.share) == (
        "baseline",
        4,
        40,
        30,
        0.75,
    )
    half = 3.182446305 * math.sqrt(2 * 0.25**2 / 3 / 4)
    assert (share.low, share.high) == pytest.approx((0.75 - half, 0.75 + half))
    assert (share.difference, share.difference_low, share.difference_high) == (None, None, None)


def test_difference_by_hand(made_up: Make) -> None:
    """For shares 0.75 and 0.5, residuals are subtracted run by run."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    other = made_up(counts([[10, 10, 10, 10]], [[5, 9, 3, 3]]), id="policy")
    _, share = recapture_shares(compare([base, other]))

    assert (share.share, share.difference) == pytest.approx((0.5, -0.25))
    residuals = np.array([0.0, 0.4, -0.2, -0.2]) - np.array([-0.25, 0.25, 0, 0])
    half = 3.182446305 * math.sqrt((residuals**2).sum() / 3 / 4)
    assert (share.difference_low, share.difference_high) == pytest.approx(
        (-0.25 - half, -0.25 + half)
    )


def test_interval_counts_a_draw_once(made_up: Make) -> None:
    """For two draws of two equal runs, the residuals are -0.5 and 0.5, with a t of one degree."""
    base = made_up(counts([[2, 2], [2, 2]], [[0, 0], [2, 2]]), draws=2, replicates=2)
    share, same = recapture_shares(compare([base, made_up(id="policy", draws=2, replicates=2)]))

    half = 12.7062047 * 0.5
    assert (share.share, share.low, share.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half))
    assert math.isnan(same.share)
    assert (same.cleared, math.isnan(same.difference or 0.0)) == (0, True)


def test_a_scenario_beside_its_equal_differs_by_nothing(made_up: Make) -> None:
    """The paired difference of equal runs is 0 without any width, though each share has some."""
    given = counts([[10, 10, 20, 5]], [[5, 10, 15, 1]])
    base, share = recapture_shares(compare([made_up(given), made_up(given, id="policy")]))

    assert (share.difference, share.difference_low, share.difference_high) == (0, 0, 0)
    assert share.low == base.low < share.share


def test_only_common_runs_make_the_difference(made_up: Make) -> None:
    """If run 1 failed in one and run 2 in the other, the difference rests on runs 0 and 3."""
    base = made_up(counts([[10, 90, 10, 10]], [[5, 90, 5, 10]]), failed={(0, 1): "x"})
    other = made_up(counts([[10, 10, 90, 10]], [[5, 10, 90, 5]]), failed={(0, 2): "x"}, id="policy")
    first, second = recapture_shares(compare([base, other]))

    assert (first.runs, first.cleared, first.recaptured) == (3, 30, 20)
    assert (second.runs, second.cleared, second.recaptured) == (3, 30, 20)
    assert second.difference == pytest.approx(10 / 20 - 15 / 20)


def test_difference_rests_on_the_days_that_both_have(made_up: Make) -> None:
    """On the days of a shorter scenario the baseline has cleared and not yet lost anything."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    short = made_up(
        {"cleared_from_gangs": 2, "recaptured": 1}, id="short", end=base.dates[15].item()
    )
    whole, share = recapture_shares(compare([base, short]))

    assert (whole.share, share.share, share.difference) == (0.75, 0.5, 0.5)


def test_share_of_the_prior_by_its_integral() -> None:
    """Over a log-uniform hazard the mean of 1 - exp(-n h) is 1 less a difference of E1 integrals.

    A crew may come back on n = 31 - d nights for a delay of d days. The delay is independent of the
    hazard, log-uniform from 1 to 21 and rounded to whole days.
    """
    low, high = return_hazard().between or (0.0, 0.0)
    first, last = (int(edge) for edge in return_delay().between or (0, 0))
    assert (low, high, first, last) == (0.01, 0.2, 1, 21)
    assert prior(return_hazard()).kind == prior(return_delay()).kind == "loguniform"
    shares = {
        delay: 1 - (exp1((31 - delay) * low) - exp1((31 - delay) * high)) / math.log(high / low)
        for delay in range(first, last + 1)
    }
    weights = {
        delay: math.log(min(delay + 0.5, last) / max(delay - 0.5, first)) / math.log(last / first)
        for delay in shares
    }
    exact = sum(weights[delay] * shares[delay] for delay in shares)

    assert prior_share() == pytest.approx(exact, abs=1e-3)


def test_a_longer_delay_lowers_the_prior_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a delay of one day certain the share is that of 30 nights; of 21 days, that of 10."""
    low, high = return_hazard().between or (0.0, 0.0)
    for delay in (1, 21):
        fixed = replace(return_delay(), between=(delay, delay + 0.1), value=delay)
        monkeypatch.setattr(recapture, "return_delay", lambda fixed=fixed: fixed)
        nights = 31 - delay
        exact = 1 - (exp1(nights * low) - exp1(nights * high)) / math.log(high / low)
        assert prior_share() == pytest.approx(exact, abs=1e-4)


def test_table_reads_back(made_up: Make, tmp_path: Path) -> None:
    """The baseline's row is the first and has no difference; what has no value says so."""
    given = counts([[10, 10, 20, 0]], [[5, 10, 15, 0]])
    path = save_recapture(
        compare([made_up(given), made_up(given, id="same"), made_up(id="none")]), tmp_path
    )

    with path.open(encoding="utf-8", newline="") as stream:
        first, same, none = csv.DictReader(stream)
    assert list(first) == [
        "scenario", "runs", "cleared", "recaptured", "share", "low", "high",
        "prior_share", "difference", "difference_low", "difference_high",
    ]  # fmt: skip
    assert list(first.values())[:5] == ["baseline", "4", "40", "30", "0.75"]
    assert {row["prior_share"] for row in (first, same, none)} == {f"{prior_share():.6f}"}
    assert (first["difference"], first["difference_low"], first["difference_high"]) == ("", "", "")
    assert (same["scenario"], same["difference"], same["difference_high"]) == ("same", "0", "0")
    assert (none["cleared"], none["share"], none["difference"]) == ("0", "nan", "nan")
