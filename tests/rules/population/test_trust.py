"""Trust: what lowers and raises it, where it returns to, and its effect on recruitment."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.population.trust import (
    resentment,
    trust_from_officers,
    trust_lost_today,
    update_trust,
)

VALUES = {
    "trust.baseline": 0.4,
    "trust.collateral_loss": 0.05,
    "trust.inaction_loss": 0.03,
    "trust.protection_gain": 0.01,
    "trust.recovery_time": 200.0,
    "trust.un_memory_loss": 0.25,
    "trust.resentment_effect": 2.0,
}
DAY = 50
DRIFT = 1 - math.exp(-1 / 200)


def land(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return two districts of the state under full gang influence, where trust does not change."""
    here = country(values={**VALUES, **values})
    here.districts["control"]["gang_influence"] = 1.0
    return here.begin()


def lost_share(here: Any, row: int) -> float:
    """Return the share of trust that a district loses on the day."""
    state = here.state
    return trust_lost_today(state.districts[row], state.mission, here.rules("trust"), DAY)


@pytest.mark.parametrize(
    ("bystanders", "residents", "hosted", "share"),
    [
        (0, 10_000, 0, 0.0),
        (1, 10_000, 0, 0.05),
        (3, 20_000, 10_000, 0.05),
        (4, 1000, 0, 1.0),
        (1, 0, 0, 1.0),
    ],
)
def test_killed_bystanders_cost_trust(
    country: Any, bystanders: int, residents: int, hosted: int, share: float
) -> None:
    """One bystander killed among 10,000 people costs a twentieth of trust.

    No more than all of it is lost.
    """
    here = land(country)
    here.districts["counts"]["bystanders_killed"] = bystanders
    here.districts["counts"]["civilians_killed"] = 9
    here.districts["people"]["residents"] = residents
    here.districts["people"]["displaced_hosted"] = hosted
    assert lost_share(here, 0) == pytest.approx(share)


@pytest.mark.parametrize(
    ("attacked_on", "field", "officers", "share"),
    [
        (DAY, "officers_night", 0.0, 0.03),
        (DAY, "officers_night", 0.9, 0.03),
        (DAY, "officers_night", 1.0, 0.0),
        (DAY, "police_engaged", 1.0, 0.0),
        (DAY, "army_engaged", 1.0, 0.0),
        (DAY, "mission_engaged", 1.0, 0.0),
        (DAY - 1, "officers_night", 0.0, 0.0),
    ],
)
def test_attacks_that_nobody_answers_cost_trust(
    country: Any, attacked_on: int, field: str, officers: float, share: float
) -> None:
    """An attack today where no force is present costs 0.03, an earlier attack nothing."""
    here = land(country)
    here.districts["control"]["attacked_on"][0] = attacked_on
    here.districts["presence"][field][0] = officers
    assert lost_share(here, 0) == pytest.approx(share)


@pytest.mark.parametrize(
    ("mandate", "takes_over", "share"),
    [
        (UN_PEACEKEEPING, DAY, 0.25),
        (UN_PEACEKEEPING, DAY - 1, 0.0),
        (UN_PEACEKEEPING, -1, 0.0),
        (SUPPORT_MISSION, DAY, 0.0),
        (NO_MANDATE, DAY, 0.0),
        (SUPPORT_MISSION, DAY + 1, 0.0),
    ],
)
def test_the_un_takeover_costs_trust_once(
    country: Any, mandate: int, takes_over: int, share: float
) -> None:
    """A quarter of trust is lost everywhere on the day of the UN takeover, and on no other day."""
    here = land(country)
    here.mission["mandate"], here.mission["un_takeover_day"] = mandate, takes_over
    for row in range(2):
        assert lost_share(here, row) == share


def test_losses_of_a_day_add_up(country: Any) -> None:
    """A bystander among 1,000, an attack and the UN takeover cost 0.5 + 0.03 + 0.25 of trust."""
    here = land(country, {"trust.recovery_time": 1500.0})
    here.districts["counts"]["bystanders_killed"][0] = 1
    here.districts["control"]["attacked_on"][0] = DAY
    here.districts["control"]["holder"] = 0
    here.mission["mandate"], here.mission["un_takeover_day"] = UN_PEACEKEEPING, DAY
    update_trust(here.state, DAY)
    drift = 1 - math.exp(-1 / 1500)
    levels = [0.4 * 0.22, 0.4 * 0.75]
    assert here.districts["people"]["trust"].tolist() == pytest.approx(
        [level + drift * (0.4 - level) for level in levels]
    )


@pytest.mark.parametrize(
    ("holder", "influence", "won"),
    [(STATE, 0.0, 0.01), (STATE, 0.5, 0.005), (STATE, 1.0, 0.0), (1, 0.0, 0.0)],
)
def test_protection_wins_trust(country: Any, holder: int, influence: float, won: float) -> None:
    """Of the missing 0.6 a hundredth is won a day under the state, and half of it at parity.

    Under gangs nothing is won.
    """
    here = land(country)
    here.districts["control"]["holder"] = holder
    here.districts["control"]["gang_influence"] = influence
    update_trust(here.state, DAY)
    level = 0.4 + won * 0.6
    assert here.districts["people"]["trust"].tolist() == pytest.approx(
        [level + DRIFT * (0.4 - level)] * 2
    )


@pytest.mark.parametrize("trust", [0.0, 0.1, 0.9, 1.0])
def test_trust_returns_to_its_baseline(country: Any, trust: float) -> None:
    """The distance of trust to its baseline shrinks to 1/e in 200 days."""
    here = land(country)
    here.districts["people"]["trust"] = trust
    for day in range(200):
        update_trust(here.state, DAY + day)
    assert here.districts["people"]["trust"].tolist() == pytest.approx(
        [0.4 + (trust - 0.4) / math.e] * 2
    )


@pytest.mark.parametrize(("bystanders", "influence"), [(1000, 1.0), (0, 0.0)])
def test_trust_stays_a_share(country: Any, bystanders: int, influence: float) -> None:
    """Trust stays between 0 and 1, whatever is lost or won."""
    here = land(
        country, {"trust.protection_gain": 0.01, "trust.recovery_time": 60.0, "trust.baseline": 0.7}
    )
    here.districts["control"]["gang_influence"] = influence
    here.districts["people"]["trust"] = 1.0 - influence
    for day in range(500):
        here.districts["counts"]["bystanders_killed"] = bystanders
        update_trust(here.state, day)
        found = here.districts["people"]["trust"]
        assert 0.0 <= found.min() <= found.max() <= 1.0
        assert here.finding() == "balanced"


def test_trust_of_the_day_is_that_of_the_capital(country: Any) -> None:
    """The day's trust is the mean over the capital's districts, weighted by residents of 2015."""
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, "trust.enabled": False})
    here.districts["people"]["trust"] = [0.2, 0.6, 0.9]
    here.districts["place"]["residents_2015"] = [3000, 1000, 5000]
    here.districts["place"]["metropolitan"] = [True, True, False]
    update_trust(here.state, DAY)
    assert here.daily["trust_in_forces"][0] == pytest.approx(0.3)
    here.districts["place"]["metropolitan"] = False
    update_trust(here.state, DAY)
    assert here.daily["trust_in_forces"][0] == 0.0


def test_switched_off_trust_stays(country: Any) -> None:
    """Switched off, neither bystanders, attacks, protection nor the UN change trust."""
    here = land(country, {"trust.enabled": False})
    here.districts["counts"]["bystanders_killed"], here.districts["control"]["attacked_on"] = 5, DAY
    here.districts["control"]["gang_influence"], here.districts["people"]["trust"] = 0.0, [0.1, 0.9]
    here.mission["mandate"], here.mission["un_takeover_day"] = UN_PEACEKEEPING, DAY
    update_trust(here.state, DAY)
    assert here.districts["people"]["trust"].tolist() == [0.1, 0.9]


@pytest.mark.parametrize(
    ("trust", "effect", "factor"),
    [
        (0.4, 2.0, 1.0),
        (0.0, 2.0, 3.0),
        (0.2, 2.0, 2.0),
        (0.5, 2.0, 0.5),
        (0.8, 2.0, 0.0),
        (0.1, 0.0, 1.0),
    ],
)
def test_resentment_raises_recruitment(
    country: Any, trust: float, effect: float, factor: float
) -> None:
    """Recruitment is unchanged at the baseline, tripled without trust and 0 at twice the trust."""
    here = land(country, {"trust.resentment_effect": effect})
    here.districts["people"]["trust"][0] = trust
    assert resentment(here.state, here.state.districts[0]) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("effort", "people", "level", "gained"),
    [
        (0.02, 1000, 0.4, 0.002 * 0.6),  # ten officers at 0.002: one per 100 people
        (0.02, 2000, 0.4, 0.001 * 0.6),
        (-0.03, 1000, 0.4, -0.003 * 0.4),
        (0.0, 1000, 0.4, 0.0),
        (1e6, 1000, 0.4, 0.6),
        (-1e6, 1000, 0.4, -0.4),
        (0.02, 0, 0.4, 0.6),
    ],
)
def test_officers_win_or_lose_trust_by_their_posture(
    country: Any, effort: float, people: int, level: float, gained: float
) -> None:
    """At one officer per 100 people trust moves by the posture's share of what is missing, or left.

    It stays between 0 and 1, however many officers there are.
    """
    here = land(country)
    here.districts["presence"]["trust_effort"][0] = effort
    here.districts["people"]["residents"][0] = people
    found = trust_from_officers(here.state.districts[0], level)
    assert found == pytest.approx(gained)
    assert 0.0 <= level + found <= 1.0


def test_a_day_of_officers_moves_trust_before_it_drifts_back(country: Any) -> None:
    """From 0.4, its usual level, trust rises by 0.0012 and then drifts back by its rate."""
    here = land(country)
    here.districts["people"]["trust"] = 0.4
    here.districts["presence"]["trust_effort"] = [0.02, 0.0]
    update_trust(here.state, DAY)
    assert here.districts["people"]["trust"].tolist() == pytest.approx(
        [0.4 + 0.0012 * (1 - DRIFT), 0.4]
    )
