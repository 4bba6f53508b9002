"""Services: how schools and hospitals follow influence, and who stands to be recruited."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from teritwa.rules.population.services import (
    child_share,
    out_of_school,
    recruitment_weight,
    update_recruitment_pool,
    update_services,
)

VALUES = {
    "services.school_age_share": 0.3,
    "services.enrolment_share": 0.8,
    "services.closure_share": 0.7,
    "services.adjustment_time": 20.0,
    "services.programme_support": 0.0,
    "services.programme_jobs": 0.0,
    "services.idle_young_share": 0.1,
    "services.child_recruitment_weight": 0.5,
    "services.displaced_recruitment_weight": 2.0,
}


@pytest.mark.parametrize(("influence", "target"), [(0.0, 1.0), (0.5, 0.65), (1.0, 0.3)])
@pytest.mark.parametrize("before", [0.2, 1.0])
def test_services_follow_influence(
    country: Any, influence: float, target: float, before: float
) -> None:
    """0.7 of schools and hospitals close under gangs; the distance shrinks by exp(-1/20) a day."""
    here = country(values=VALUES)
    here.districts["control"]["gang_influence"] = influence
    here.districts["services"]["schools_open"] = before
    here.districts["services"]["hospitals_open"] = 0.5
    for _ in range(21):
        update_services(here.state)
    left = math.exp(-21 / 20)
    services = here.districts["services"]
    schools, hospitals = (target + (first - target) * left for first in (before, 0.5))
    assert services["schools_open"].tolist() == pytest.approx([schools] * 2)
    assert services["hospitals_open"].tolist() == pytest.approx([hospitals] * 2)


def test_switched_off_nothing_closes(country: Any) -> None:
    """Switched off, schools and hospitals stay as they are, and are counted all the same."""
    here = country(values={**VALUES, "services.enabled": False})
    here.districts["control"]["gang_influence"] = 1.0
    here.districts["services"]["schools_open"] = 0.9
    here.districts["services"]["hospitals_open"] = 0.6
    here.districts["place"]["hospitals"] = 2
    for _ in range(100):
        update_services(here.state)
    assert here.districts["services"]["schools_open"].tolist() == [0.9, 0.9]
    assert here.districts["services"]["hospitals_open"].tolist() == [0.6, 0.6]
    # of 600 children 0.8 * 0.9 go to school
    assert here.daily["out_of_school"][0] == pytest.approx(168, abs=1)
    assert here.daily["hospitals_open"][0] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("schools", "support", "share"),
    [(1.0, 0.0, 0.2), (0.5, 0.0, 0.6), (0.0, 0.0, 1.0), (0.5, 0.5, 0.3), (0.0, 1.0, 0.0)],
)
def test_share_out_of_school(country: Any, schools: float, support: float, share: float) -> None:
    """Of ten children eight go where all schools teach, and four where half of them do.

    A programme brings its share of the others back.
    """
    here = country(values=VALUES)
    here.districts["services"]["schools_open"][0] = schools
    assert out_of_school(here.state.districts[0], here.rules("services"), support) == pytest.approx(
        share
    )


@pytest.mark.parametrize(("support", "children"), [(0.0, 180 + 60), (0.5, 90 + 30), (1.0, 0)])
def test_children_without_school_are_counted(country: Any, support: float, children: int) -> None:
    """Of 300 children in each district 0.6 are out of school in one and 0.2 in the other.

    Children of residents and of displaced persons count alike.
    """
    here = country(
        values={**VALUES, "services.enabled": False, "services.programme_support": support}
    )
    here.districts["people"]["residents"] = [900, 1000]
    here.districts["people"]["displaced_hosted"] = [100, 0]
    here.districts["services"]["schools_open"] = [0.5, 1.0]
    update_services(here.state)
    assert here.daily["out_of_school"][0] == pytest.approx(children, abs=1)


def test_share_of_hospitals_open(country: Any) -> None:
    """Three hospitals of which half treat and one that does make 2.5 of 4.

    A country without hospitals counts as having all open.
    """
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, "services.enabled": False})
    here.districts["place"]["hospitals"] = [3, 1, 0]
    here.districts["services"]["hospitals_open"] = [0.5, 1.0, 0.0]
    update_services(here.state)
    assert here.daily["hospitals_open"][0] == 0.625
    here.districts["place"]["hospitals"] = [1, 0, 0]
    update_services(here.state)
    assert here.daily["hospitals_open"][0] == 0.5
    here.districts["place"]["hospitals"] = 0
    update_services(here.state)
    assert here.daily["hospitals_open"][0] == 1.0


def half_schooled(country: Any, values: Mapping[str, float] = {}) -> Any:
    """Return a district with half of its schools and 1,000 people.

    100 of them are displaced, 60 of those without aid.
    """
    here = country(values={**VALUES, **values})
    here.districts["people"]["residents"][0] = 900
    here.districts["people"]["displaced_hosted"][0] = 100
    here.districts["services"]["schools_open"][0] = 0.5
    here.districts["services"]["aid_access"][0] = 0.4
    return here


@pytest.mark.parametrize(
    ("support", "jobs", "share"),
    [(0.0, 0.0, 0.31), (0.5, 0.0, 0.265), (0.0, 0.5, 0.26), (1.0, 1.0, 0.12)],
)
def test_recruitment_weight(country: Any, support: float, jobs: float, share: float) -> None:
    """Young people, children out of school and displaced persons without aid add up by weight.

    0.1 + 0.3 * 0.6 * 0.5 + 0.06 * 2 = 0.31. Jobs take their share of the young away and a programme
    that of the children; neither reaches the displaced.
    """
    here = half_schooled(country)
    found = recruitment_weight(here.state.districts[0], here.rules("services"), support, jobs)
    assert found == pytest.approx(share)


def test_aid_lowers_the_recruitment_weight(country: Any) -> None:
    """With aid for all displaced persons their part of the weight is zero."""
    here = half_schooled(country)
    here.districts["services"]["aid_access"][0] = 1.0
    found = recruitment_weight(here.state.districts[0], here.rules("services"), 0.0, 0.0)
    assert found == pytest.approx(0.19)


def test_a_single_displaced_person_counts_in_full(country: Any) -> None:
    """In a district of one displaced person without aid the weight is 0.1 + 0.09 + 2."""
    here = half_schooled(country)
    here.districts["people"]["residents"][0] = 0
    here.districts["people"]["displaced_hosted"][0] = 1
    here.districts["services"]["aid_access"][0] = 0.0
    found = recruitment_weight(here.state.districts[0], here.rules("services"), 0.0, 0.0)
    assert found == pytest.approx(2.19)


def test_an_empty_district_has_a_finite_pool(country: Any) -> None:
    """An empty district causes no division by zero and does not count in the mean."""
    here = half_schooled(country)
    here.districts["people"]["residents"][1] = here.districts["services"]["schools_open"][1] = 0
    update_recruitment_pool(here.state)
    assert here.districts["people"]["recruitment_pool"][0] == pytest.approx(1.0)
    here.districts["people"]["residents"] = here.districts["people"]["displaced_hosted"] = 0
    update_services(here.state)
    assert here.daily["out_of_school"][0] == 0
    assert math.isfinite(here.districts["people"]["recruitment_pool"][1])


def test_the_pool_is_relative_to_the_country_on_day_0(country: Any) -> None:
    """Weights of 0.31 and 0.13 are 31/22 and 13/22 of the mean of 0.22, and 1 on average."""
    here = half_schooled(country)
    update_recruitment_pool(here.state)
    assert here.counters["recruitment_pool_day_0"][0] == pytest.approx(0.22)
    assert here.districts["people"]["recruitment_pool"].tolist() == pytest.approx(
        [31 / 22, 13 / 22]
    )
    people = here.districts["people"]["residents"] + here.districts["people"]["displaced_hosted"]
    total = (people * here.districts["people"]["recruitment_pool"]).sum()
    assert total / people.sum() == pytest.approx(1.0)


def test_the_mean_of_day_0_is_taken_once(country: Any) -> None:
    """What closes later is compared with the same day 0."""
    here = half_schooled(country)
    update_recruitment_pool(here.state)
    here.districts["services"]["schools_open"][1] = 0.5  # 0.3 * 0.4 * 0.5 = 0.06 more
    update_recruitment_pool(here.state)
    assert here.districts["people"]["recruitment_pool"].tolist() == pytest.approx(
        [31 / 22, 19 / 22]
    )


@pytest.mark.parametrize(("support", "jobs"), [(0.5, 0.0), (0.0, 0.5), (1.0, 1.0)])
def test_programmes_lower_the_pool_from_day_0(country: Any, support: float, jobs: float) -> None:
    """The mean of day 0 leaves out programmes, so that one that runs from day 0 has an effect."""
    here = half_schooled(
        country, {"services.programme_support": support, "services.programme_jobs": jobs}
    )
    update_recruitment_pool(here.state)
    assert here.counters["recruitment_pool_day_0"][0] == pytest.approx(0.22)
    share = 0.1 * (1 - jobs) + 0.09 * (1 - support) + 0.12
    assert here.districts["people"]["recruitment_pool"][0] == pytest.approx(share / 0.22)


def test_child_share(country: Any) -> None:
    """0.09 of 0.31 are children out of school; a programme for all of them leaves none.

    Where nobody stands to be recruited the share is 0.
    """
    here = half_schooled(country)
    assert child_share(here.state.districts[0], here.rules("services")) == pytest.approx(9 / 31)
    here.parameters["services"]["programme_support"] = 1.0
    assert child_share(here.state.districts[0], here.rules("services")) == 0.0
    here.parameters["services"]["programme_jobs"] = 1.0
    here.districts["people"]["displaced_hosted"] = 0
    assert child_share(here.state.districts[0], here.rules("services")) == 0.0
