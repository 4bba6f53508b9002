"""Tests of the pooled share of clearings that did not last, against numbers worked out by hand and by simulation."""

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.compare import compare, mean_and_half_interval
from teritwa.analysis.recapture import linearised, recapture_shares, save_recapture
from teritwa.ensemble.result import Result

Make = Callable[..., Result]


def counts(cleared: list[list[int]], lost: list[list[int]]) -> dict[str, NDArray[np.float64]]:
    """Return clearings and losses (draw, replicate, date): the clearings on day 10, the losses on day 20."""
    found = {name: np.zeros((*np.shape(cleared), 369)) for name in ("cleared", "recaptured")}
    found["cleared"][..., 10], found["recaptured"][..., 20] = cleared, lost
    return found


def test_share_and_interval_by_hand(made_up: Make) -> None:
    """30 of 40 lost; the runs' residuals over the mean of 10 clearings are -0.25, 0.25, 0 and 0."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    share, _ = recapture_shares(compare([base, made_up(id="policy")]))

    assert (share.scenario, share.runs, share.cleared, share.recaptured, share.share) == ("baseline", 4, 40, 30, 0.75)
    half = 3.182446305 * math.sqrt(2 * 0.25**2 / 3 / 4)
    assert (share.low, share.high) == pytest.approx((0.75 - half, 0.75 + half))
    assert (share.difference, share.difference_low, share.difference_high) == (None, None, None)


def test_difference_by_hand(made_up: Make) -> None:
    """Shares 0.75 and 0.5: the residuals of the difference are those of the one less those of the other, run by run."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    other = made_up(counts([[10, 10, 10, 10]], [[5, 9, 3, 3]]), id="policy")
    _, share = recapture_shares(compare([base, other]))

    assert (share.share, share.difference) == pytest.approx((0.5, -0.25))
    residuals = np.array([0.0, 0.4, -0.2, -0.2]) - np.array([-0.25, 0.25, 0, 0])
    half = 3.182446305 * math.sqrt((residuals**2).sum() / 3 / 4)
    assert (share.difference_low, share.difference_high) == pytest.approx((-0.25 - half, -0.25 + half))


def test_interval_counts_a_draw_once(made_up: Make) -> None:
    """Two draws of two equal runs: 4 of 8 lost; the residuals of the draws are -0.5 and 0.5, a t of one degree."""
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
    """Run 1 failed in one and run 2 in the other: the difference rests on runs 0 and 3, each share on its own three."""
    base = made_up(counts([[10, 90, 10, 10]], [[5, 90, 5, 10]]), failed={(0, 1): "x"})
    other = made_up(counts([[10, 10, 90, 10]], [[5, 10, 90, 5]]), failed={(0, 2): "x"}, id="policy")
    first, second = recapture_shares(compare([base, other]))

    assert (first.runs, first.cleared, first.recaptured) == (3, 30, 20)
    assert (second.runs, second.cleared, second.recaptured) == (3, 30, 20)
    assert second.difference == pytest.approx(10 / 20 - 15 / 20)


def test_difference_rests_on_the_days_that_both_have(made_up: Make) -> None:
    """A shorter scenario loses half; on its days the baseline has cleared and not yet lost: a difference of 0.5."""
    base = made_up(counts([[10, 10, 20, 0]], [[5, 10, 15, 0]]))
    short = made_up({"cleared": 2, "recaptured": 1}, id="short", end=base.dates[15].item())
    whole, share = recapture_shares(compare([base, short]))

    assert (whole.share, share.share, share.difference) == (0.75, 0.5, 0.5)


def test_table_reads_back(made_up: Make, tmp_path: Path) -> None:
    """The baseline's row is the first and has no difference; what has no value says so."""
    given = counts([[10, 10, 20, 0]], [[5, 10, 15, 0]])
    path = save_recapture(compare([made_up(given), made_up(given, id="same"), made_up(id="none")]), tmp_path)

    with path.open(encoding="utf-8", newline="") as stream:
        first, same, none = csv.DictReader(stream)
    assert list(first) == [
        "scenario", "runs", "cleared", "recaptured", "share", "low", "high",
        "difference", "difference_low", "difference_high",
    ]  # fmt: skip
    assert list(first.values())[:5] == ["baseline", "4", "40", "30", "0.75"]
    assert (first["difference"], first["difference_low"], first["difference_high"]) == ("", "", "")
    assert (same["scenario"], same["difference"], same["difference_high"]) == ("same", "0", "0")
    assert (none["cleared"], none["share"], none["difference"]) == ("0", "nan", "nan")


def covered(values: NDArray[np.float64], draws: NDArray[np.intp], truth: float) -> bool:
    """Whether the interval of a mean holds the truth."""
    mean, half = mean_and_half_interval(values, draws)
    return abs(mean - truth) <= half


def test_intervals_cover_the_truth() -> None:
    """In 500 made-up sets of 30 draws of 2 runs the intervals of a share and of a difference hold at least 9 in 10.

    Draws differ in how easily a district is lost (p, beta with a = 8 and b = 4) and clear more the larger p is:
    10 + 20 p on average. The other scenario clears 10 and loses p / 2 of them. Both truths follow from E p = 2/3 and
    E p squared = 72/156.
    """
    generator = np.random.default_rng(20240625)  # noqa: TID251 - it makes a test's input, no result
    first, second = 8 / 12, 8 * 9 / (12 * 13)
    share = (10 * first + 20 * second) / (10 + 20 * first)
    draws = np.repeat(np.arange(30), 2)
    held = np.zeros((500, 2))
    for one in held:
        p = generator.beta(8, 4, 30)[draws]
        cleared, also = generator.poisson(10 + 20 * p), generator.poisson(10, 60)
        before = linearised(generator.binomial(cleared, p).astype(float), cleared.astype(float))
        after = linearised(generator.binomial(also, p / 2).astype(float), also.astype(float))
        one[:] = covered(before, draws, share), covered(after - before, draws, first / 2 - share)

    assert (held.mean(axis=0) >= 0.9).all()
    assert (held.mean(axis=0) <= 0.99).all()
