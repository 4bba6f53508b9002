"""Trust: what costs it, what wins it, where it drifts, and whom the lack of it drives into gangs."""

import math
from typing import Any

import pytest

from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION, UN_PEACEKEEPING
from teritwa.rules.population.trust import resentment, trust_lost_today, update_trust

VALUES = {
    "trust.baseline": 0.4, "trust.collateral_loss": 0.05, "trust.inaction_loss": 0.03, "trust.protection_gain": 0.01,
    "trust.recovery_time": 200.0, "trust.un_memory_loss": 0.25, "trust.resentment_effect": 2.0,
}  # fmt: skip
DAY = 50
DRIFT = 1 - math.exp(-1 / 200)


def land(country: Any, **values: float) -> Any:
    """Return two places of the state under full gang influence, where nothing but what a test does moves trust."""
    here = country(values={**VALUES, **{f"trust.{name}": value for name, value in values.items()}})
    here.districts["control"]["gang_influence"] = 1.0
    return here.begin()


@pytest.mark.parametrize(
    ("bystanders", "residents", "hosted", "share"),
    [(0, 10_000, 0, 0.0), (1, 10_000, 0, 0.05), (3, 20_000, 10_000, 0.05), (4, 1000, 0, 1.0), (1, 0, 0, 1.0)],
)
def test_harm_to_bystanders_costs_trust(
    country: Any, bystanders: int, residents: int, hosted: int, share: float
) -> None:
    """One dead among 10,000, hosted people included, costs a twentieth of it; no more can be lost than all."""
    here = land(country)
    here.districts["counts"]["bystanders_killed"], here.districts["counts"]["civilians_killed"] = bystanders, 9
    here.districts["people"]["residents"], here.districts["people"]["displaced_hosted"] = residents, hosted
    assert trust_lost_today(here.state, here.state.districts[0], DAY) == pytest.approx(share)


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
    """Attacked today with nobody of the forces there by day or night: 0.03; yesterday's attack is paid for."""
    here = land(country)
    here.districts["control"]["attacked_on"][0], here.districts[field][0] = attacked_on, officers
    assert trust_lost_today(here.state, here.state.districts[0], DAY) == pytest.approx(share)


@pytest.mark.parametrize(
    ("mandate", "takes_over", "share"),
    [
        (UN_PEACEKEEPING, DAY, 0.25), (UN_PEACEKEEPING, DAY - 1, 0.0), (UN_PEACEKEEPING, -1, 0.0),
        (SUPPORT_MISSION, DAY, 0.0), (NO_MANDATE, DAY, 0.0), (SUPPORT_MISSION, DAY + 1, 0.0),
    ],
)  # fmt: skip
def test_the_un_is_remembered_on_the_day_it_comes(country: Any, mandate: int, takes_over: int, share: float) -> None:
    """A quarter of trust is lost in every place on the day of the takeover, and on no other."""
    here = land(country)
    here.mission["mandate"], here.mission["un_takeover_day"] = mandate, takes_over
    for district in here.state.districts:
        assert trust_lost_today(here.state, district, DAY) == share


def test_losses_of_a_day_add_up(country: Any) -> None:
    """A bystander among 1,000, an attack unanswered and the UN's return cost 0.5 + 0.03 + 0.25 of trust."""
    here = land(country, recovery=1500.0)
    here.districts["counts"]["bystanders_killed"][0], here.districts["control"]["attacked_on"][0] = 1, DAY
    here.districts["control"]["holder"] = 0
    here.mission["mandate"], here.mission["un_takeover_day"] = UN_PEACEKEEPING, DAY
    update_trust(here.state, DAY)
    drift = 1 - math.exp(-1 / 1500)
    levels = [0.4 * 0.22, 0.4 * 0.75]
    assert here.districts["people"]["trust"].tolist() == pytest.approx([level + drift * (0.4 - level) for level in levels])


@pytest.mark.parametrize(
    ("holder", "influence", "won"), [(STATE, 0.0, 0.01), (STATE, 0.5, 0.005), (STATE, 1.0, 0.0), (1, 0.0, 0.0)]
)
def test_protection_wins_trust(country: Any, holder: int, influence: float, won: float) -> None:
    """Of the missing 0.6 a hundredth is won a day under the state, half of it at parity, nothing under gangs."""
    here = land(country)
    here.districts["control"]["holder"], here.districts["control"]["gang_influence"] = holder, influence
    update_trust(here.state, DAY)
    level = 0.4 + won * 0.6
    assert here.districts["people"]["trust"].tolist() == pytest.approx([level + DRIFT * (0.4 - level)] * 2)


@pytest.mark.parametrize("trust", [0.0, 0.1, 0.9, 1.0])
def test_trust_drifts_back(country: Any, trust: float) -> None:
    """Left alone, what is missing of the trust of day 0, or above it, shrinks to 1/e in 200 days."""
    here = land(country)
    here.districts["people"]["trust"] = trust
    for day in range(200):
        update_trust(here.state, DAY + day)
    assert here.districts["people"]["trust"].tolist() == pytest.approx([0.4 + (trust - 0.4) / math.e] * 2)


@pytest.mark.parametrize(("bystanders", "influence"), [(1000, 1.0), (0, 0.0)])
def test_trust_stays_a_share(country: Any, bystanders: int, influence: float) -> None:
    """However much is lost or won for however long, trust is neither below 0 nor above 1."""
    here = land(country, protection=0.01, recovery=60.0, usual=0.7)
    here.districts["control"]["gang_influence"], here.districts["people"]["trust"] = influence, 1.0 - influence
    for day in range(500):
        here.districts["counts"]["bystanders_killed"] = bystanders
        update_trust(here.state, day)
        assert 0.0 <= here.districts["people"]["trust"].min() <= here.districts["people"]["trust"].max() <= 1.0
        assert here.finding() == "balanced"


def test_the_capital_is_the_days_figure(country: Any) -> None:
    """3,000 people of 2015 at 0.2 and 1,000 at 0.6 have 0.3 in the mean; other places do not count."""
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, "trust.enabled": False})
    here.districts["people"]["trust"], here.districts["place"]["residents_2015"] = [0.2, 0.6, 0.9], [3000, 1000, 5000]
    here.districts["place"]["metropolitan"] = [True, True, False]
    update_trust(here.state, DAY)
    assert here.today["trust_in_forces"][0] == pytest.approx(0.3)
    here.districts["place"]["metropolitan"] = False
    update_trust(here.state, DAY)
    assert here.today["trust_in_forces"][0] == 0.0


def test_switched_off_trust_stays(country: Any) -> None:
    """Neither dead bystanders nor attacks nor protection nor the UN change it."""
    here = land(country, acts=False)
    here.districts["counts"]["bystanders_killed"], here.districts["control"]["attacked_on"] = 5, DAY
    here.districts["control"]["gang_influence"], here.districts["people"]["trust"] = 0.0, [0.1, 0.9]
    here.mission["mandate"], here.mission["un_takeover_day"] = UN_PEACEKEEPING, DAY
    update_trust(here.state, DAY)
    assert here.districts["people"]["trust"].tolist() == [0.1, 0.9]


@pytest.mark.parametrize(
    ("trust", "joining", "factor"),
    [(0.4, 2.0, 1.0), (0.0, 2.0, 3.0), (0.2, 2.0, 2.0), (0.5, 2.0, 0.5), (0.8, 2.0, 0.0), (0.1, 0.0, 1.0)],
)
def test_resentment_drives_people_into_gangs(country: Any, trust: float, joining: float, factor: float) -> None:
    """As on day 0 as many join as ever; where all trust is lost two more for each; with twice the trust nobody."""
    here = land(country, joining=joining)
    here.districts["people"]["trust"][0] = trust
    assert resentment(here.state, here.state.districts[0]) == pytest.approx(factor)
