"""Tests of the targets: the table agrees with its sources, and runs are read by known rules."""

import csv
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis.calibration.count_table import SCALES, STATISTICS, read_counts, targets
from teritwa.analysis.calibration.targets import PAD, Run, Target, required_outcomes
from teritwa.analysis.observed_levels import observed
from teritwa.engine.errors import InputError
from teritwa.rules.agents.district import STATE
from teritwa.rules.registry import OUTCOMES
from teritwa.simulation.data_collection import weeks
from teritwa.world import DEFAULT_WORLD, FIGURES, load
from teritwa.world.codes import PERPETRATORS

Make = Callable[..., Target]
Facts = Mapping[str, float]
SEEDS = Path(__file__).parents[3] / "seeds"
TABLE = DEFAULT_WORLD / FIGURES / "targets.csv"
ID = re.compile(r"\b(?:S\d{2}|C\d{2}|F\d{3}[a-z]?)\b")
RANGE = re.compile(r"(error|doubt) assumption, range ([\d.]+)-([\d.]+)$")
START = date(2024, 1, 1)

SOURCES: dict[str, tuple[Callable[[Facts], float], Callable[[Facts], float]]] = {
    "killed, 2024 Q1": (lambda f: f["F075"], lambda f: f["F075"]),
    "killed, 2024 Q2": (lambda f: f["F101b"], lambda f: f["F101"]),
    "killed, 2024 Q3": (lambda f: f["F148"], lambda f: f["F148"]),
    "killed, 2024 Q4": (lambda f: f["F179"], lambda f: f["F179"]),
    "killed, 2024": (lambda f: f["F075"] + f["F101b"] + f["F148"] + f["F179"], lambda f: f["F181"]),
    "injured, 2024 Q1": (lambda f: f["F072"], lambda f: f["F072"]),
    "injured, 2024 Q2": (lambda f: f["F101c"], lambda f: f["F101c"]),
    "injured, 2024 Q3": (lambda f: f["F146"], lambda f: f["F146"]),
    "injured, 2024 Q4": (lambda f: f["F175"], lambda f: f["F175"]),
    "kidnapped, 2024 Q1": (lambda f: f["F073"], lambda f: f["F073"]),
    "kidnapped, 2024 Q2": (lambda f: f["F099"], lambda f: f["F099"]),
    "kidnapped, 2024 Q3": (lambda f: f["F147"], lambda f: f["F147"]),
    "kidnapped, 2024 Q4": (lambda f: f["F177"], lambda f: f["F177"]),
    "killed by state forces, share, 2024 Q1": (
        lambda f: f["F077"] / f["F075"],
        lambda f: f["F077"] / f["F075"],
    ),
    "killed by state forces, share, 2024 Q2": (
        lambda f: (f["F102"] - f["F077"]) / f["F101b"],
        lambda f: (f["F102"] - f["F077"]) / f["F101b"],
    ),
    "killed by state forces, share, 2024 Q3": (
        lambda f: f["F307"] / 100,
        lambda f: f["F307"] / 100,
    ),
    "killed by state forces, share, 2024 Q4": (
        lambda f: f["F179b"] / (f["F179"] + f["F175"]),
        lambda f: f["F179b"] / (f["F179"] + f["F175"]),
    ),
    "killed by brigades, 2024 Q1": (lambda f: f["F076"], lambda f: f["F076"]),
    "killed by brigades, 2024 Q3": (
        lambda f: 0.08 * f["F148"],
        lambda f: 0.08 * (f["F148"] + f["F146"]),
    ),
    "killed by brigades, 2024 Q4": (lambda f: 0.13 * f["F179"], lambda f: f["F180"]),
    "displaced, 1 March 2024": (lambda f: f["F068"], lambda f: f["F068"]),
    "displaced, June 2024": (lambda f: f["F096"], lambda f: f["F096"]),
    "displaced, September 2024": (lambda f: f["F145"], lambda f: f["F145"]),
    "displaced, December 2024": (
        lambda f: f["F145"] + 2 / 3 * (f["F174"] - f["F145"]),
        lambda f: f["F174"],
    ),
    "displaced outside the capital, share, June 2024": (
        lambda f: 1 - f["F095"] / 100,
        lambda f: 1 - f["F095"] / 100,
    ),
    "capital held by gangs, September 2024": (lambda f: f["F123"] / 100, lambda f: f["F123"] / 100),
    "capital held by gangs, November 2024 to January 2025": (
        lambda f: f["F159"] / 100,
        lambda f: f["F196"] / 100,
    ),
    "towns lost, 25 June 2024 to 31 January 2025": (lambda f: 2, lambda f: f["S47"]),
    "officers of the mission, June 2024": (lambda f: f["F091"], lambda f: 2 * f["F091"]),
    "officers of the mission, September 2024": (
        lambda f: f["F142"] + f["F127"] + f["F126"],
        lambda f: 430,
    ),
    "officers of the mission, January 2025": (lambda f: 580, lambda f: f["S45"]),
    "Gressier held by gangs, May 2024": (lambda f: f["F087"], lambda f: f["F087"]),
    "Ganthier held by gangs, July 2024": (lambda f: f["F112"], lambda f: f["F112"]),
    "Solino held by gangs, November 2024": (lambda f: f["F160"], lambda f: f["F160"]),
    "Nazon held by gangs, November 2024": (lambda f: f["F160"], lambda f: f["F160"]),
    "Arcahaie held by gangs, December 2024": (lambda f: 0, lambda f: 0),
    "Petion-Ville held by gangs, January 2025": (lambda f: 0, lambda f: 0),
}
"""The lowest and the highest value of each target, from the facts that its source names.

The first landing was called 200 or 400; a place that was attacked and not taken
is a nought that no fact states as a number.
"""


def ids_and_values() -> dict[str, float]:
    """Return every id of the tables of facts, with the value of those that have one."""
    found = {}
    for name in ("facts.csv", "contradictions.csv", "evidence.csv"):
        with (SEEDS / name).open(encoding="utf-8", newline="") as lines:
            found.update(
                {row["id"]: float(row.get("value", "nan")) for row in csv.DictReader(lines)}
            )
    return found


def day(number: int) -> date:
    """Return a day of a made-up run, counted from 0."""
    return START + timedelta(number)


def run(**arrays: object) -> Run:
    """Return a run of outcomes in three districts, the first of them in the capital."""
    return Run(
        {name: np.asarray(values) for name, values in arrays.items()},
        START,
        np.array([True, False, False]),
    )


PARTS = {
    "killed_counted": ("", "forces", *PERPETRATORS),
    "displaced_hosted": ("outside",),
    "officers_deployed": ("mission",),
    "holder": tuple(district.id for district in load().districts),
}
"""What may follow the dot of an outcome; of all others nothing."""


def test_every_source_is_known() -> None:
    """Each row cites facts or contradictions, all of which are in the tables of facts."""
    known = ids_and_values()
    cited = {target.name: ID.findall(target.source) for target in targets()}

    assert [name for name, ids in cited.items() if not ids] == []
    assert [(name, one) for name, ids in cited.items() for one in ids if one not in known] == []


def test_every_assumed_error_is_in_its_stated_range() -> None:
    """Each row says that its error is assumed and in which range, and keeps to it."""
    for target in targets():
        found = RANGE.search(target.source)
        assert found, target.name
        assert (found[1] == "doubt") == target.yes_or_no, target.name
        low, high = float(found[2]), float(found[3])
        assert 0 <= low <= target.error <= high, target.name
        assert low < high


def test_numbers_follow_from_the_facts_they_cite() -> None:
    """The ends of every row follow from the tables of facts, to half a percent."""
    facts = ids_and_values()

    assert set(SOURCES) == {target.name for target in targets()}
    for target in targets():
        low, high = (end(facts) for end in SOURCES[target.name])
        assert target.low == pytest.approx(low, rel=0.005), target.name
        assert target.high == pytest.approx(high, rel=0.005), target.name


def test_rows_are_valid() -> None:
    """Names are unique, ranges and periods are ordered, and every word is known."""
    every = targets()

    assert len({target.name for target in every}) == len(every)
    for target in every:
        name = target.name
        outcome, _, part = target.outcome.partition(".")
        on_a_day = target.statistic in ("value", "held") or part == "outside"
        assert outcome in OUTCOMES, name
        assert part in PARTS.get(outcome, ("",)), name
        assert target.statistic in STATISTICS, name
        assert target.scale in SCALES, name
        assert target.start <= target.end, name
        assert (target.start == target.end) == on_a_day, name
        assert target.observation_error > 0, name
        if target.yes_or_no:
            assert target.low == target.high, name
            assert target.low in (0, 1), name
            assert target.discrepancy == 0, name
            assert target.error < 0.5, name
        else:
            assert 0 < target.low <= target.high, name
            assert target.discrepancy > 0, name


def test_every_cell_is_read() -> None:
    """Every cell is the field of that name, and a target is fitted or not by yes or no."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == len(targets())
    for row, target in zip(rows, targets(), strict=True):
        for name in ("name", "outcome", "statistic", "scale", "office", "source"):
            assert getattr(target, name) == row[name]
        assert (target.start.isoformat(), target.end.isoformat()) == (row["start"], row["end"])
        assert [target.low, target.high, target.error, target.discrepancy] == [
            float(row[name]) for name in ("low", "high", "error", "discrepancy")
        ]
        assert target.fitted is (row["fitted"] == "yes")


def test_table_agrees_with_the_observed_levels() -> None:
    """Where both tables have a quantity, each one's value is in the other's range."""
    shared = 0
    for target in targets():
        for other in observed():
            same = (other.start, other.end) == (target.start, target.end)
            within = (
                target.statistic == "mean"
                and target.start <= other.start == other.end <= target.end
            )
            if other.outcome == target.outcome and (same or within):
                shared += 1
                assert target.low <= other.value <= target.high, target.name
                assert other.low <= target.low <= target.high <= other.high, target.name
    assert shared == 24


@pytest.mark.parametrize(
    ("scale", "low", "high", "middle"),
    [("log", 100, 400, 200), ("linear", 100, 400, 250), ("log", 7, 7, 7)],
)
def test_observed_is_the_middle(
    target: Make, scale: str, low: float, high: float, middle: float
) -> None:
    """The observed value is the geometric middle where errors multiply, else the arithmetic."""
    assert target(scale=scale, low=low, high=high).observed == pytest.approx(middle)


def test_middle_of_every_row_lies_in_its_range() -> None:
    """Every observed value is in the sources' range, and is their value where they agree."""
    for one in targets():
        if one.low == 0:
            assert one.observed == 0
            continue
        assert one.low <= one.observed * (1 + 1e-12)
        assert one.observed <= one.high * (1 + 1e-12)
        middle = math.exp((math.log(one.low) + math.log(one.high)) / 2)
        assert one.observed == pytest.approx(
            middle if one.scale == "log" else (one.low + one.high) / 2
        )


@pytest.mark.parametrize(
    ("scale", "low", "high", "own", "whole"),
    [
        ("log", 100, 100, 0.08, 0.08),
        ("linear", 0.8, 0.8, 0.05, 0.05),
        ("log", 10, 10 * math.exp(math.sqrt(12)), 0.75, 1.25),  # the hypotenuse of 3/4 and 1
        ("linear", 5, 5 + 4 * math.sqrt(12), 3, 5),  # the hypotenuse of 3 and 4
    ],
)
def test_observation_error_includes_the_contradiction(
    target: Make, scale: str, low: float, high: float, own: float, whole: float
) -> None:
    """Where sources differ, the deviation of a uniform distribution adds to the own error."""
    found = target(scale=scale, low=low, high=high, error=own)
    assert found.observation_error == pytest.approx(whole)


def test_residual_by_hand(target: Make) -> None:
    """A ratio is padded by 5 % of the observed value; linear residuals are differences."""
    assert PAD == 0.05
    ratio = target(low=100, high=100).residual(np.array([0.0, 100.0, 205.0]))
    plain = target(low=0.6, high=0.8, scale="linear").residual(np.array([0.5, 0.7, 1.0]))

    np.testing.assert_allclose(ratio, [-math.log(21), 0, math.log(2)], atol=1e-15)
    np.testing.assert_allclose(plain, [-0.2, 0, 0.3], atol=1e-15)


def test_from_residual_inverts_residual() -> None:
    """For every count the observed value has residual 0, and residuals are recovered."""
    for one in (one for one in targets() if not one.yes_or_no):
        simulated = one.observed * np.array([0.0, 0.3, 1.0, 2.5, 40.0])
        assert one.residual(np.array([one.observed]))[0] == 0
        np.testing.assert_allclose(
            one.from_residual(one.residual(simulated)), simulated, rtol=1e-12, atol=1e-9
        )
        np.testing.assert_allclose(
            one.residual(one.from_residual(np.array([-0.3, 0, 2.0]))), [-0.3, 0, 2.0], atol=1e-12
        )


def test_errors_of_residuals(target: Make) -> None:
    """A small error of the quantity moves the residual as stated, on either scale."""
    for one in (target(low=90, high=110), target(low=3, high=4, scale="linear")):
        step = 1e-6
        off = one.observed * math.exp(step) if one.logarithmic else one.observed + step
        slope = one.residual(np.array([off]))[0] / step
        assert one.residual_error == pytest.approx(slope * one.observation_error, rel=1e-5)
        assert one.residual_discrepancy == pytest.approx(slope * one.discrepancy, rel=1e-5)


def test_groups_are_what_is_counted() -> None:
    """The same quantity at other dates has the same group, without dates and shares."""
    assert {target.group for target in targets()} == {
        "killed", "injured", "kidnapped", "killed by state forces", "killed by brigades",
        "displaced", "displaced outside the capital", "capital held by gangs", "towns lost",
        "officers of the mission", "Gressier held by gangs", "Ganthier held by gangs",
        "Solino held by gangs", "Nazon held by gangs", "Arcahaie held by gangs",
        "Petion-Ville held by gangs",
    }  # fmt: skip


def test_required_outcomes_are_named_once(target: Make) -> None:
    """Outcomes are sorted and without their parts; those of the table are nine."""
    two = [
        target(outcome="killed_counted.forces"),
        target(outcome="displaced"),
        target(outcome="killed_counted"),
    ]

    assert required_outcomes(two) == ["displaced", "killed_counted"]
    assert required_outcomes(targets()) == [
        "displaced", "displaced_hosted", "gang_control_capital", "holder", "injured_counted",
        "kidnapped", "killed_counted", "officers_deployed", "towns_lost",
    ]  # fmt: skip


KILLED = np.array(
    [[100, 100, 100, 100, 100], [6, 1, 2, 3, 4], [7, 0, 1, 0, 6], [100, 100, 100, 100, 100]]
)
"""Killed on four days by gang, police, mission, army and brigade."""


@pytest.mark.parametrize(
    ("outcome", "statistic", "value"),
    [
        ("killed_counted", "sum", 30),
        ("killed_counted.brigade", "sum", 10),
        ("killed_counted.forces", "sum", 7),
        ("killed_counted.forces", "share", 7 / 30),
        ("killed_counted.gang", "share", 13 / 30),
    ],
)
def test_sums_and_shares_of_a_period(
    target: Make, outcome: str, statistic: str, value: float
) -> None:
    """Days 1 and 2 count, not the day before or after, over all or some perpetrators."""
    assert PERPETRATORS == ("gang", "police", "mission", "army", "brigade", "individual")
    read = run(killed_counted=KILLED).read(
        target(outcome=outcome, statistic=statistic, start=day(1), end=day(2))
    )

    assert read == pytest.approx(value)


def test_sum_of_small_integers_does_not_overflow(target: Make) -> None:
    """Outcomes of two bytes add up beyond their range, and differences may be negative."""
    many = run(kidnapped=np.array([30000, 30000, 30000], np.int16))
    fewer = run(towns_lost=np.array([5, 30000, -30000], np.int16))

    assert (
        many.read(target(outcome="kidnapped", statistic="sum", start=day(0), end=day(2))) == 90000
    )
    assert (
        fewer.read(target(outcome="towns_lost", statistic="change", start=day(1), end=day(2)))
        == -60000
    )


def test_share_of_nothing_is_zero(target: Make) -> None:
    """Without deaths any share of them is 0, and so is that of nobody displaced."""
    none = run(killed_counted=np.zeros((4, 5)), displaced_hosted=np.zeros((2, 3)))
    of_forces = target(outcome="killed_counted.forces", statistic="share", start=day(0), end=day(3))
    outside = target(
        outcome="displaced_hosted.outside", statistic="share", start=day(1), end=day(1)
    )

    assert (none.read(of_forces), none.read(outside)) == (0, 0)


@pytest.mark.parametrize(
    ("statistic", "first", "last", "value"),
    [
        ("mean", 1, 3, 5),
        ("mean", 0, 4, 23.2),
        ("value", 3, 3, 9),
        ("value", 0, 0, 1),
        ("change", 1, 3, 7),
    ],
)
def test_statistics_of_levels(
    target: Make, statistic: str, first: int, last: int, value: float
) -> None:
    """A mean over the days, the value on a day, and the last less the first day."""
    levels = run(displaced=np.array([1, 2, 4, 9, 100]))

    assert levels.read(
        target(statistic=statistic, start=day(first), end=day(last))
    ) == pytest.approx(value)


@pytest.mark.parametrize("days", [1, 7, 8, 17, 22])
def test_displaced_outside_by_the_day_of_recording(target: Make, days: int) -> None:
    """Districts are recorded weekly and on the last day; a day takes the next record."""
    recorded = weeks(days)
    hosted = np.array(
        [[100 - when, when, 0] if when % 2 else [100 - when, 0, when] for when in recorded]
    )
    a_run = run(displaced_hosted=hosted)

    for asked in range(days):
        outside = target(
            outcome="displaced_hosted.outside", statistic="share", start=day(asked), end=day(asked)
        )
        assert a_run.read(outside) == pytest.approx(
            min(when for when in recorded if when >= asked) / 100
        )


@pytest.mark.parametrize(("days", "held"), [(0, 0), (6, 0), (7, 1), (13, 1), (14, 0)])
def test_a_district_is_held_by_the_record_of_its_week(target: Make, days: int, held: int) -> None:
    """Any holder but the state is a gang; a day is told by the last record until then."""
    holder = np.full((3, 2), STATE)
    holder[1, 1] = 4
    a_run = Run({"holder": holder}, START, np.ones(2, bool), ("solino", "nazon"))
    asked = target(
        outcome="holder.nazon", statistic="held", scale="doubt", start=day(days), end=day(days)
    )

    assert a_run.read(asked) == held


def test_officers_of_a_force_or_of_a_contingent(target: Make) -> None:
    """After the dot stands a force, of which all contingents count, or one contingent."""
    officers = np.array([[9000, 200, 20], [9000, 380, 24]])
    contingents = (("police", "haitian-police"), ("mission", "kenya"), ("mission", "jamaica"))
    a_run = Run({"officers_deployed": officers}, START, np.ones(1, bool), contingents=contingents)
    read = {
        part: a_run.read(target(outcome=f"officers_deployed.{part}", start=day(1), end=day(1)))
        for part in ("mission", "jamaica")
    }

    assert read == {"mission": 404, "jamaica": 24}


HEAD = "name,outcome,statistic,start,end,low,high,error,scale,source"


def test_a_table_of_ones_own_needs_no_more_than_the_count(tmp_path: Path) -> None:
    """Without discrepancy, fitted and office a count has a tenth, is fitted and stands alone."""
    (tmp_path / "own.csv").write_text(
        f"{HEAD}\nkilled,killed_counted,sum,2024-01-01,2024-01-31,10,12,0.1,log,a report\n"
    )
    (only,) = read_counts(tmp_path / "own.csv")

    assert (only.discrepancy, only.fitted, only.office) == (0.1, True, "")
    assert (only.low, only.high, only.source) == (10, 12, "a report")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("kiled,sum,2024-01-01,2024-01-31,10,12,0.1,log", "is not an outcome"),
        ("killed_counted.army2,sum,2024-01-01,2024-01-31,10,12,0.1,log", "is no perpetrator"),
        ("displaced,mean,2024-02-01,2024-01-31,10,12,0.1,log", "is before the start"),
        ("displaced,mean,2024-01-01,2024-01-31,12,10,0.1,log", "is below low"),
        ("displaced,mean,2024-01-01,2024-01-31,0,10,0.1,log", "is not above zero"),
        ("holder.solino,held,2024-01-31,2024-01-31,1,1,0.1,linear", "held goes with doubt"),
        ("displaced,mean,2024-01-01,2024-01-31,1,1,0.1,doubt", "held goes with doubt"),
        ("holder.solino,held,2024-01-31,2024-01-31,0,1,0.1,doubt", "both 0 or both 1"),
        ("holder.solino,held,2024-01-31,2024-01-31,1,1,0.5,doubt", "as likely wrong as right"),
        ("holder,held,2024-01-31,2024-01-31,1,1,0.1,doubt", "name a district after a dot"),
    ],
)
def test_mistakes_of_a_table_are_named_by_line(tmp_path: Path, cells: str, said: str) -> None:
    """Each mistake in a table of counts is said with its line, and nothing is read."""
    (tmp_path / "own.csv").write_text(f"{HEAD}\none,{cells},a report\n")

    with pytest.raises(InputError) as refused:
        read_counts(tmp_path / "own.csv")
    problems = refused.value.problems
    assert any(said in problem for problem in problems)
    assert all(":2: " in problem for problem in problems)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    """A header alone counts nothing."""
    (tmp_path / "own.csv").write_text(HEAD + "\n")

    with pytest.raises(InputError, match="has no row below its header"):
        read_counts(tmp_path / "own.csv")
