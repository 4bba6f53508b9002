"""Parameters: what each must say of itself, what it can be, and how a rule reads its value."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from teritwa.engine.parameters import (
    BEYOND,
    GRADES,
    PUBLISHED_COUNTS,
    Parameter,
    Parameters,
    parameter,
    switch,
)

GOOD: dict[str, Any] = {
    "unit": "days",
    "between": (3.0, 21.0),
    "grade": "C",
    "source": "assumption",
    "meaning": "how long",
}


class Made(Parameters):
    """Parameters of a mechanism that does not exist."""

    memory: float = parameter(8.0, **GOOD)
    people: int = parameter(5, **GOOD)
    enabled: bool = switch(meaning="whether it acts")
    not_one: float = 3.0


def declared(value: float = 8.0, **changes: Any) -> Parameter:
    """Return a sound declaration with some changes."""
    found: Parameter = parameter(value, **(GOOD | changes))
    return found


def test_parameters_are_declared_under_their_full_names() -> None:
    """Each parameter is listed in order by family and field; the family is the file's name."""
    found = Made.declared()
    assert Made.family == "test_parameters"
    assert {field: given.name for field, given in found.items()} == {
        "memory": "test_parameters.memory",
        "people": "test_parameters.people",
        "enabled": "test_parameters.enabled",
    }
    assert [given.field for given in found.values()] == list(found)
    assert (found["memory"].low, found["memory"].high, found["memory"].unit) == (3.0, 21.0, "days")


def test_parameters_know_what_they_count() -> None:
    """An integer counts, a boolean switches, a float measures: never two of them."""
    found = Made.declared().values()
    assert [(given.integral, given.switch) for given in found] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_a_switch_is_on_or_off() -> None:
    """A switch is on unless declared otherwise, and can be nothing but true or false."""
    found = [switch(meaning="m"), switch(meaning="m", value=False, source="a book")]
    assert [(one.value, one.source, one.grade) for one in found] == [
        (True, "assumption", "C"),
        (False, "a book", "C"),
    ]
    assert (
        {one.bounds for one in found} == {(False, True)} == {(one.low, one.high) for one in found}
    )


@pytest.mark.parametrize(
    ("changes", "bounds"),
    [
        ({}, (0.0, 21.0 * BEYOND)),
        ({"bounds": (-5.0, 30.0)}, (-5.0, 30.0)),
        ({"value": 0.5, "unit": "1", "between": (0.2, 0.9)}, (0.0, 1.0)),
        ({"value": 1.0, "unit": "1", "between": (1.0, 1.0)}, (0.0, 1.0)),
        ({"value": 2.0, "unit": "1", "between": (0.5, 3.0)}, (0.0, 3.0 * BEYOND)),
        ({"value": -1.0, "between": (-2.0, 0.0), "bounds": (-9.0, 0.0)}, (-9.0, 0.0)),
    ],
)
def test_bounds_are_wider_than_the_range(
    changes: dict[str, Any], bounds: tuple[float, float]
) -> None:
    """Shares are within 0 and 1, other numbers within 0 and a multiple of the largest plausible."""
    assert declared(**changes).bounds == bounds


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"between": (9.0, 21.0)}, "value 8.0 outside its own range 9.0 to 21.0"),
        ({"between": (1.0, 7.0)}, "outside its own range"),
        ({"bounds": (4.0, 30.0)}, r"or bounds \(4.0, 30.0\)"),
        ({"bounds": (0.0, 20.0)}, "or bounds"),
        ({"between": (-1.0, 21.0)}, "or bounds"),
        ({"grade": "D"}, "must be one of A, B, C"),
        ({"source": ""}, "needs a unit, a source"),
        ({"meaning": ""}, "needs a unit, a source"),
        ({"unit": ""}, "needs a unit, a source"),
    ],
)
def test_parameter_that_cannot_be_is_refused(changes: dict[str, Any], words: str) -> None:
    """A value outside range or bounds, an unknown grade and a missing text fail at import."""
    with pytest.raises(ValueError, match=words):
        declared(**changes)


def test_traits_are_kept() -> None:
    """A parameter scales, is a lever, or has evidence of its own only if it is declared so."""
    plain = declared()
    assert (plain.scales, plain.lever, plain.informed_by) == (False, "", PUBLISHED_COUNTS)
    special = declared(scales=True, lever="a law", informed_by="a census")
    assert (special.scales, special.lever, special.informed_by) == (True, "a law", "a census")
    with pytest.raises(TypeError):
        declared(scale=True)


def test_a_class_shows_declarations_and_an_instance_values() -> None:
    """On the class an attribute is the declaration; on an instance the value in a run's memory."""
    columns = {"memory": np.array([4.5]), "people": np.array([7]), "enabled": np.array([False])}
    here = Made().bind(columns)
    assert Made.memory.meaning == "how long"  # type: ignore[attr-defined]
    assert (here.memory, here.people, here.enabled) == (4.5, 7, False)
    assert [type(value) for value in (here.memory, here.people, here.enabled)] == [float, int, bool]
    columns["memory"][0] = 9.25
    assert here.memory == 9.25


def test_a_rule_reaches_its_family_through_the_state() -> None:
    """``of`` returns the family's values in the state of a run, by the path that Numba follows."""
    here = Made().bind({"memory": np.array([4.5])})
    state = SimpleNamespace(parameters=SimpleNamespace(test_parameters=here))
    assert Made.of(state) is here
    assert Made.state_path == "parameters.test_parameters"


def test_every_grade_is_explained() -> None:
    """The three grades of evidence are those of the list, each in words."""
    assert list(GRADES) == ["A", "B", "C"]
    assert all(len(words.split()) > 4 for words in GRADES.values())
