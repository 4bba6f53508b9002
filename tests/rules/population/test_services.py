"""Schools and hospitals: how they follow influence, who is out of school, and who stands to be recruited."""

import math
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
    "services.school_age_share": 0.3, "services.enrolment_share": 0.8, "services.closure_share": 0.7, "services.adjustment_time": 20.0,
    "services.programme_support": 0.0, "services.programme_jobs": 0.0, "services.idle_young_share": 0.1, "services.child_recruitment_weight": 0.5,
    "services.displaced_recruitment_weight": 2.0,
}  # fmt: skip


@pytest.mark.parametrize(("influence", "heading"), [(0.0, 1.0), (0.5, 0.65), (1.0, 0.3)])
@pytest.mark.parametrize("before", [0.2, 1.0])
def test_services_follow_influence(country: Any, influence: float, heading: float, before: float) -> None:
    """0.7 of schools and hospitals close under gangs; the way there shrinks by exp(-1/20) a day, in both directions."""
    here = country(values=VALUES)
    here.districts["control"]["gang_influence"] = influence
    here.districts["services"]["schools_open"], here.districts["services"]["hospitals_open"] = before, 0.5
    for _ in range(21):
        update_services(here.state)
    left = math.exp(-21 / 20)
    assert here.districts["services"]["schools_open"].tolist() == pytest.approx([heading + (before - heading) * left] * 2)
    assert here.districts["services"]["hospitals_open"].tolist() == pytest.approx([heading + (0.5 - heading) * left] * 2)


def test_switched_off_nothing_closes(country: Any) -> None:
    """Schools and hospitals stay as they are, whoever dominates; they are counted all the same."""
    here = country(values={**VALUES, "services.enabled": False})
    here.districts["control"]["gang_influence"], here.districts["services"]["schools_open"], here.districts["services"]["hospitals_open"] = 1.0, 0.9, 0.6
    here.districts["place"]["hospitals"] = 2
    for _ in range(100):
        update_services(here.state)
    assert here.districts["services"]["schools_open"].tolist() == [0.9, 0.9]
    assert here.districts["services"]["hospitals_open"].tolist() == [0.6, 0.6]
    # of 600 children 0.8 * 0.9 go to school
    assert here.today["out_of_school"][0] == pytest.approx(168, abs=1)
    assert here.today["hospitals_open"][0] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("schools", "support", "share"),
    [(1.0, 0.0, 0.2), (0.5, 0.0, 0.6), (0.0, 0.0, 1.0), (0.5, 0.5, 0.3), (0.0, 1.0, 0.0)],
)
def test_who_is_out_of_school(country: Any, schools: float, support: float, share: float) -> None:
    """Of ten children eight go where all schools teach, four where half do; a programme brings its share back."""
    here = country(values=VALUES)
    here.districts["services"]["schools_open"][0] = schools
    assert out_of_school(here.state.districts[0], here.rules("services"), support) == pytest.approx(share)


@pytest.mark.parametrize(("support", "children"), [(0.0, 180 + 60), (0.5, 90 + 30), (1.0, 0)])
def test_children_without_school_are_counted(country: Any, support: float, children: int) -> None:
    """Of 300 children of 900 residents and 100 hosted 0.6 are out of school, of 300 elsewhere 0.2."""
    here = country(values={**VALUES, "services.enabled": False, "services.programme_support": support})
    here.districts["people"]["residents"], here.districts["people"]["displaced_hosted"] = [900, 1000], [100, 0]
    here.districts["services"]["schools_open"] = [0.5, 1.0]
    update_services(here.state)
    assert here.today["out_of_school"][0] == pytest.approx(children, abs=1)


def test_hospitals_are_counted_where_they_stand(country: Any) -> None:
    """Three hospitals of which half treat and one that does make 2.5 of 4; without any, none is closed."""
    here = country(3, [(0, 1), (1, 2)], values={**VALUES, "services.enabled": False})
    here.districts["place"]["hospitals"], here.districts["services"]["hospitals_open"] = [3, 1, 0], [0.5, 1.0, 0.0]
    update_services(here.state)
    assert here.today["hospitals_open"][0] == 0.625
    here.districts["place"]["hospitals"] = [1, 0, 0]
    update_services(here.state)
    assert here.today["hospitals_open"][0] == 0.5
    here.districts["place"]["hospitals"] = 0
    update_services(here.state)
    assert here.today["hospitals_open"][0] == 1.0


def needy(country: Any, **values: float) -> Any:
    """Return a place with half of its schools, of whose 1,000 people 100 are displaced, 60 of them without aid."""
    here = country(values={**VALUES, **{f"services.{name}": value for name, value in values.items()}})
    here.districts["people"]["residents"][0], here.districts["people"]["displaced_hosted"][0] = 900, 100
    here.districts["services"]["schools_open"][0], here.districts["services"]["aid_access"][0] = 0.5, 0.4
    return here


@pytest.mark.parametrize(
    ("support", "jobs", "share"), [(0.0, 0.0, 0.31), (0.5, 0.0, 0.265), (0.0, 0.5, 0.26), (1.0, 1.0, 0.12)]
)
def test_who_stands_to_be_recruited(country: Any, support: float, jobs: float, share: float) -> None:
    """0.1 young, 0.3 * 0.6 children at 0.5, 0.06 displaced without aid at 2: 0.1 + 0.09 + 0.12 in a person.

    Work takes its share of the young away, a programme that of the children; neither reaches the displaced.
    """
    here = needy(country)
    assert recruitment_weight(here.state.districts[0], here.rules("services"), support, jobs) == pytest.approx(share)


def test_aid_takes_recruits_from_the_gangs(country: Any) -> None:
    """With aid for all of the displaced they are no more likely to join than others: 0.19 is left."""
    here = needy(country)
    here.districts["services"]["aid_access"][0] = 1.0
    assert recruitment_weight(here.state.districts[0], here.rules("services"), 0.0, 0.0) == pytest.approx(0.19)


def test_a_single_displaced_person_counts_in_full(country: Any) -> None:
    """In a place of one person, displaced and without aid, 0.1 + 0.09 + 2 stand to be recruited a head."""
    here = needy(country)
    here.districts["people"]["residents"][0], here.districts["people"]["displaced_hosted"][0], here.districts["services"]["aid_access"][0] = 0, 1, 0.0
    assert recruitment_weight(here.state.districts[0], here.rules("services"), 0.0, 0.0) == pytest.approx(2.19)


def test_where_nobody_lives_there_is_nothing_to_divide_by(country: Any) -> None:
    """An empty place makes no error and counts for nothing in the country's mean."""
    here = needy(country)
    here.districts["people"]["residents"][1] = here.districts["services"]["schools_open"][1] = 0
    update_recruitment_pool(here.state)
    assert here.districts["people"]["recruitment_pool"][0] == pytest.approx(1.0)
    here.districts["people"]["residents"] = here.districts["people"]["displaced_hosted"] = 0
    update_services(here.state)
    assert here.today["out_of_school"][0] == 0
    assert math.isfinite(here.districts["people"]["recruitment_pool"][1])


def test_the_country_on_day_0_is_the_measure(country: Any) -> None:
    """0.31 here and 0.13 elsewhere make 0.22 on day 0: 31/22 and 13/22, and 1 in the mean of the people."""
    here = needy(country)
    update_recruitment_pool(here.state)
    assert here.counters["recruitment_pool_day_0"][0] == pytest.approx(0.22)
    assert here.districts["people"]["recruitment_pool"].tolist() == pytest.approx([31 / 22, 13 / 22])
    people = here.districts["people"]["residents"] + here.districts["people"]["displaced_hosted"]
    assert (people * here.districts["people"]["recruitment_pool"]).sum() / people.sum() == pytest.approx(1.0)


def test_the_measure_is_taken_once(country: Any) -> None:
    """What closes later raises the count against the same day 0."""
    here = needy(country)
    update_recruitment_pool(here.state)
    here.districts["services"]["schools_open"][1] = 0.5  # 0.3 * 0.4 * 0.5 = 0.06 more
    update_recruitment_pool(here.state)
    assert here.districts["people"]["recruitment_pool"].tolist() == pytest.approx([31 / 22, 19 / 22])


@pytest.mark.parametrize(("support", "jobs"), [(0.5, 0.0), (0.0, 0.5), (1.0, 1.0)])
def test_programmes_lower_the_count_from_the_first_day_on(country: Any, support: float, jobs: float) -> None:
    """The measure leaves programmes apart, so that one that runs from day 0 shows."""
    here = needy(country, support=support, jobs=jobs)
    update_recruitment_pool(here.state)
    assert here.counters["recruitment_pool_day_0"][0] == pytest.approx(0.22)
    share = 0.1 * (1 - jobs) + 0.09 * (1 - support) + 0.12
    assert here.districts["people"]["recruitment_pool"][0] == pytest.approx(share / 0.22)


def test_children_among_those_who_may_be_recruited(country: Any) -> None:
    """0.09 of 0.31 are children out of school; a programme that reaches all leaves none; nobody is nobody's share."""
    here = needy(country)
    assert child_share(here.state.districts[0], here.rules("services")) == pytest.approx(9 / 31)
    here.parameters["services"]["programme_support"] = 1.0
    assert child_share(here.state.districts[0], here.rules("services")) == 0.0
    here.parameters["services"]["programme_jobs"], here.districts["people"]["displaced_hosted"] = 1.0, 0
    assert child_share(here.state.districts[0], here.rules("services")) == 0.0
