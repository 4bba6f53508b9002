"""Force generation: how long preparation takes, terms, and contributors who withdraw."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from teritwa.engine.randomness import normal, run_randomness, uniform
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.agents.police_unit import (
    ANY_MISSION,
    AT_HOME,
    FOREIGN,
    MILITARY_ONLY,
    OPERATING,
    TECHNICAL_HELP,
    UNDER_UN,
)
from teritwa.rules.forces.campaigns import is_mobile
from teritwa.rules.forces.dispatch import command
from teritwa.rules.mission.force_generation import (
    LOSES_HEART,
    PREPARES,
    begin_preparation,
    decide_withdrawal,
    dispatch_prepared,
    terms_met,
    update_recent_losses,
    withdrawal_hazard_of,
)
from teritwa.rules.schedule import update_institutions

VALUES = {
    "force_generation.delay_spread": 0.5,
    "force_generation.arrival_rate": 8.0,
    "force_generation.withdrawal_hazard": 0.01,
    "force_generation.loss_memory": 20.0,
    "contingents.departure_time": 50,
    "mandate.enabled": False,
}
NEVER_ENDS = 1 << 40


def contributor(
    country: Any, preparing: int = 0, terms: int = ANY_MISSION, values: Mapping[str, float] = {}
) -> Any:
    """Return a support mission with officers in preparation and a fund that is never short."""
    here = country(2, values={**VALUES, **values})
    here.contingents["in_preparation"][2], here.contingents["terms"][2] = preparing, terms
    here.mission["mandate"], here.mission["mandate_ends"] = SUPPORT_MISSION, NEVER_ENDS
    here.mission["authorised"] = 10_000
    here.fund["balance"] = here.fund["received"] = 10**12
    return here.begin()


def test_preparation_takes_a_lognormal_multiple(country: Any) -> None:
    """Officers promised on day d for 60 days are ready on day d + 60 * exp(0.5 z), rounded.

    z is the contingent's random number of the day.
    """
    for day in (0, 7, 300):
        for row in range(3):
            here, today = contributor(country), run_randomness(9, 0, 0, day)
            begin_preparation(here.state, today, row, 383, 60)
            factor = math.exp(0.5 * normal(uniform(today, PREPARES, 3000 + row)))
            assert here.contingents["ready_on"][row] == day + math.floor(60 * factor + 0.5)
            assert here.contingents["in_preparation"].tolist() == [
                383 if other == row else 0 for other in range(3)
            ]


@pytest.mark.parametrize(("announced", "ready"), [(60, 64), (1, 5), (0, 4)])
def test_without_spread_preparation_takes_what_was_announced(
    country: Any, announced: int, ready: int
) -> None:
    """At a spread of 0 sixty days from day 4 end on day 64, and none end on the same day."""
    here = contributor(country, values={"force_generation.delay_spread": 0.0})
    begin_preparation(here.state, run_randomness(9, 0, 0, 4), 2, 10, announced)
    assert here.contingents["ready_on"][2] == ready


def test_preparation_is_as_often_late_as_early(country: Any) -> None:
    """Over 1,000 promises the logarithm of the delay has mean 0 and standard deviation 0.5.

    The tolerance is 4.65 standard errors.
    """
    logs = []
    for day in range(1000):
        here = contributor(country)
        begin_preparation(here.state, run_randomness(9, 0, 0, day), 2, 1, 100_000)
        logs.append(math.log((here.contingents["ready_on"][2] - day) / 100_000))
    assert abs(np.mean(logs)) < 4.65 * 0.5 / 1000**0.5
    assert abs(np.std(logs) - 0.5) < 4.65 * 0.5 / 2000**0.5


def test_two_promises_are_ready_with_the_later(country: Any) -> None:
    """Officers of two promises add up and are ready on the later day."""
    for first, second in ((100, 20), (20, 100)):
        here = contributor(country, values={"force_generation.delay_spread": 0.0})
        begin_preparation(here.state, run_randomness(9, 0, 0, 0), 2, 383, first)
        begin_preparation(here.state, run_randomness(9, 0, 0, 0), 2, 17, second)
        assert here.contingents["in_preparation"][2] == 400
        assert here.contingents["ready_on"][2] == 100


@pytest.mark.parametrize(
    ("mandate", "military", "served"),
    [
        (NO_MANDATE, False, []),
        (NO_MANDATE, True, []),
        (SUPPORT_MISSION, False, [ANY_MISSION, TECHNICAL_HELP]),
        (SUPPORT_MISSION, True, [ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP]),
        (UN_PEACEKEEPING, False, [ANY_MISSION, TECHNICAL_HELP, UNDER_UN]),
        (UN_PEACEKEEPING, True, [ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP, UNDER_UN]),
    ],
)
def test_under_which_mandate_contingents_serve(
    country: Any, mandate: int, military: bool, served: list[int]
) -> None:
    """Nobody serves without a mandate, and each contingent serves under its terms only."""
    here = contributor(country)
    here.mission["mandate"], here.mission["military"] = mandate, military
    found = []
    for terms in (ANY_MISSION, MILITARY_ONLY, TECHNICAL_HELP, UNDER_UN):
        here.contingents["terms"][2] = terms
        if terms_met(here.state.contingents[2], here.state.mission):
            found.append(terms)
    assert found == served


def test_prepared_officers_set_out(country: Any) -> None:
    """Ready on day 30, nobody of 383 sets out on day 29 and all do on day 30, landing 8 a day."""
    here = contributor(country, 383)
    here.contingents["ready_on"][2] = 30
    dispatch_prepared(here.state, 29)
    assert (here.contingents["in_preparation"][2], here.contingents["in_transit"][2]) == (383, 0)
    here.contingents["arrival_rate"][2] = 99.0  # left of an earlier wave that has landed
    dispatch_prepared(here.state, 30)
    names = ["in_preparation", "in_transit", "arrival_rate"]
    assert here.contingents[names][2].tolist() == (0, 383, 8.0)
    dispatch_prepared(here.state, 31)
    assert here.contingents[names][2].tolist() == (0, 383, 8.0)


def test_a_wave_joins_one_that_is_landing(country: Any) -> None:
    """Officers who join others in transit add numbers and rates: 100 at 5 become 140 at 13."""
    here = contributor(country, 40)
    here.contingents["in_transit"][2], here.contingents["arrival_rate"][2] = 100, 5.0
    dispatch_prepared(here.state, 0)
    assert (here.contingents["in_transit"][2], here.contingents["arrival_rate"][2]) == (140, 13.0)


@pytest.mark.parametrize("terms", [MILITARY_ONLY, UNDER_UN])
def test_prepared_officers_wait_for_their_terms(country: Any, terms: int) -> None:
    """Prepared soldiers wait through 100 days of a police mission and set out under the UN."""
    here = contributor(country, 2000, terms)
    for day in range(100):
        dispatch_prepared(here.state, day)
    assert (here.contingents["in_preparation"][2], here.contingents["in_transit"][2]) == (2000, 0)
    here.mission["mandate"], here.mission["military"] = UN_PEACEKEEPING, True
    dispatch_prepared(here.state, 100)
    assert (here.contingents["in_preparation"][2], here.contingents["in_transit"][2]) == (0, 2000)


def test_a_military_mandate_is_enough_for_soldiers(country: Any) -> None:
    """A military support mission brings those whose terms ask for it, and not those of the UN."""
    here = contributor(country)
    here.contingents["terms"] = [UNDER_UN, MILITARY_ONLY, MILITARY_ONLY]
    here.contingents["in_preparation"] = [5, 6, 7]
    dispatch_prepared(here.state, 99)
    assert here.contingents["in_transit"].tolist() == [0, 0, 0]
    here.mission["military"] = True
    dispatch_prepared(here.state, 100)
    assert here.contingents["in_transit"].tolist() == [0, 6, 7]
    assert here.contingents["in_preparation"].tolist() == [5, 0, 0]


@pytest.mark.parametrize(
    ("terms", "goes"),
    [(ANY_MISSION, True), (MILITARY_ONLY, True), (UNDER_UN, True), (TECHNICAL_HELP, False)],
)
def test_technical_help_never_operates(country: Any, terms: int, goes: bool) -> None:
    """When every mobile unit is sent out, units of technical help stay at home."""
    here = contributor(country, terms=terms)
    here.unit(2, 0, 50, kind=FOREIGN)
    here.crew(0, 0, 500)
    here.begin()
    here.doctrines["share_out"] = 1.0
    here.districts["orders"]["target_score"] = [1.0, 0.0]
    here.districts["orders"]["believed_fighters"] = 50.0
    assert is_mobile(here.state, here.state.units[0]) == goes
    command(here.state, run_randomness(9, 0, 0, 1))
    assert here.units["task"][0] == (OPERATING if goes else AT_HOME)


@pytest.mark.parametrize(
    ("losses", "tolerance", "hazard"),
    [
        (30.0, 30.0, 0.01),
        (6.0, 30.0, 0.0004),
        (60.0, 30.0, 0.04),
        (0.0, 30.0, 0.0),
        (6.0, 1.0, 0.36),
        (6.0, 0.0, 0.36),
        (60.0, 1e5, 3.6e-9),
    ],
)
def test_withdrawal_hazard(losses: float, tolerance: float, hazard: float) -> None:
    """The hazard is 0.01 a day at tolerated losses and grows with their square.

    At least one officer is tolerated.
    """
    assert withdrawal_hazard_of(losses, tolerance, 0.01) == pytest.approx(hazard)


def test_when_contributors_withdraw(country: Any) -> None:
    """At twice the tolerated losses officers go home on days with a number below 1 - exp(-0.04)."""
    days = []
    for day in range(200):
        here, today = contributor(country, 70), run_randomness(9, 0, 0, day)
        here.unit(2, 0, 100)
        here.contingents["in_transit"][2], here.contingents["casualty_tolerance"][2] = 30, 30.0
        here.mission["recent_losses"] = 60.0
        decide_withdrawal(here.state, today)
        home = uniform(today, LOSES_HEART, 3002) < 1.0 - math.exp(-0.04)
        found = [
            here.contingents[name][2]
            for name in ("in_preparation", "in_transit", "leaving", "departure_rate", "officers")
        ]
        assert found == ([0, 0, 100, 2.0, 100] if home else [70, 30, 0, 0.0, 100])
        days.append(home)
    assert 0 < sum(days) < 25


def test_half_withdraw_in_ninety_days_at_tolerated_losses(country: Any) -> None:
    """At a hazard of ln 2 / 90 and tolerated losses, about 150 of 300 withdraw in 90 days."""
    left = 0
    for seed in range(300):
        here = contributor(
            country, 1, values={"force_generation.withdrawal_hazard": math.log(2.0) / 90.0}
        )
        here.contingents["casualty_tolerance"][2] = here.mission["recent_losses"] = 10.0
        for day in range(90):
            decide_withdrawal(here.state, run_randomness(seed, 0, 0, day))
        left += int(here.contingents["in_preparation"][2] == 0)
    assert abs(left - 150) < 4.65 * (300 * 0.25) ** 0.5


def test_more_losses_never_prevent_a_withdrawal(country: Any) -> None:
    """With the same random numbers, who withdraws after few losses also withdraws after many."""
    left = []
    for losses in (5.0, 20.0, 80.0):
        gone = set()
        for day in range(300):
            here = contributor(country, 1)
            here.contingents["casualty_tolerance"][2], here.mission["recent_losses"] = 10.0, losses
            decide_withdrawal(here.state, run_randomness(9, 0, 0, day))
            if here.contingents["in_preparation"][2] == 0:
                gone.add(day)
        left.append(gone)
    assert left[0] < left[1] < left[2]


@pytest.mark.parametrize("losses", [0.0, 1e9])
def test_haitian_forces_never_withdraw(country: Any, losses: float) -> None:
    """Police and army never withdraw, and without losses the mission does not either."""
    here = contributor(country)
    for row in range(3):
        here.unit(row, 0, 10)
    here.contingents["in_transit"] = 5
    here.contingents["in_preparation"] = 5
    here.contingents["casualty_tolerance"] = 1.0
    here.mission["recent_losses"] = losses
    decide_withdrawal(here.state, run_randomness(9, 0, 0, 3))
    stays = losses == 0.0
    for name, kept, left in (("in_transit", 5, 0), ("in_preparation", 5, 0), ("leaving", 0, 10)):
        assert here.contingents[name].tolist() == [
            *([0, 0] if name == "leaving" else [5, 5]),
            kept if stays else left,
        ]


def test_a_second_withdrawal_changes_nothing(country: Any) -> None:
    """A contributor whose officers are all leaving cannot make them leave faster."""
    here = contributor(country, values={"force_generation.withdrawal_hazard": 0.05})
    here.unit(2, 0, 100)
    here.contingents["casualty_tolerance"][2], here.mission["recent_losses"] = 1.0, 1e9
    for day in range(5):
        decide_withdrawal(here.state, run_randomness(9, 0, 0, day))
    assert (here.contingents["leaving"][2], here.contingents["departure_rate"][2]) == (100, 2.0)


def test_recent_losses_decay(country: Any) -> None:
    """Seven killed count as 7/e after 20 days, and two a day for long as 2 / (1 - exp(-1/20))."""
    here = contributor(country)
    here.daily["mission_killed"] = 7
    update_recent_losses(here.state)
    assert here.mission["recent_losses"][0] == 7.0
    here.daily["mission_killed"] = 0
    for _ in range(20):
        update_recent_losses(here.state)
    assert here.mission["recent_losses"][0] == pytest.approx(7.0 / math.e)
    here.daily["mission_killed"] = 2
    for _ in range(600):
        update_recent_losses(here.state)
    assert here.mission["recent_losses"][0] == pytest.approx(2.0 / (1.0 - math.exp(-0.05)))


def test_officers_who_wait_for_their_terms_are_counted(country: Any) -> None:
    """70 prepared officers whose contributor serves under the UN alone wait, and are counted."""
    here = contributor(country, 70)
    here.contingents["terms"][2] = UNDER_UN
    dispatch_prepared(here.state, 30)
    assert here.contingents["in_preparation"][2] == here.daily["officers_awaiting_terms"][0] == 70


def test_from_promise_to_officers(country: Any) -> None:
    """100 officers promised for 10 days land 8 a day from the tenth day until all have landed."""
    here = contributor(country, values={"force_generation.delay_spread": 0.0})
    begin_preparation(here.state, run_randomness(9, 0, 0, 0), 2, 100, 10)
    for day in range(40):
        update_institutions(here.state, run_randomness(9, 0, 0, day))
        assert here.contingents["officers"][2] == min(100, 8 * max(0, day - 9))
        found = here.contingents[["in_preparation", "in_transit"]][2].tolist()
        assert found == ((100, 0) if day < 10 else (0, 100 - here.contingents["officers"][2]))
        assert here.finding() == "balanced"


@pytest.mark.parametrize("enabled", [False, True])
def test_switched_off_nobody_sets_out_or_withdraws(country: Any, enabled: bool) -> None:
    """Switched off, prepared officers stay and the heaviest losses change nothing."""
    here = contributor(country, 70, values={"force_generation.enabled": enabled})
    here.unit(2, 0, 100)
    here.begin()
    update_institutions(here.state, run_randomness(9, 0, 0, 1))
    found = here.contingents[["in_preparation", "in_transit"]][2].tolist()
    assert found == ((0, 62) if enabled else (70, 0))
    here.contingents["casualty_tolerance"][2], here.mission["recent_losses"] = 1.0, 1e9
    update_institutions(here.state, run_randomness(9, 0, 0, 2))
    assert (here.contingents["leaving"][2] > 0) == enabled
    assert here.finding() == "balanced"
