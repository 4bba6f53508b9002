"""Numbers of the model: what a parameter must say of itself, and how mistakes of users travel."""

import pickle

import pytest

from teritwa.engine.parameters import GRADES, InputError, Parameters, parameter

GOOD = {"unit": "days", "between": (3.0, 21.0), "grade": "C", "source": "assumption", "meaning": "how long"}


class Made(Parameters):
    """Parameters of a mechanism that does not exist."""

    memory: float = parameter(8.0, **GOOD)
    people: int = parameter(5, **GOOD)
    on: bool = parameter(True, **{**GOOD, "between": (0, 1)})
    not_one: float = 3.0


def test_parameters_are_declared_under_their_full_names() -> None:
    """Each field that is a parameter is listed, in order, with the name a scenario file writes; others are not."""
    found = Made.declared("made")
    assert {field: given.name for field, given in found.items()} == {
        "memory": "made.memory", "people": "made.people", "on": "made.on",
    }  # fmt: skip
    assert (found["memory"].low, found["memory"].high, found["memory"].unit) == (3.0, 21.0, "days")


def test_parameters_know_what_they_count() -> None:
    """An integer counts, a boolean switches, a float measures: never two of them."""
    found = Made.declared("made").values()
    assert [(given.whole, given.switch) for given in found] == [(False, False), (True, False), (False, True)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"between": (9.0, 21.0)}, "value 8.0 outside its own range 9.0 to 21.0"),
        ({"between": (1.0, 7.0)}, "outside its own range"),
        ({"grade": "D"}, "must be one of A, B, C"),
        ({"source": ""}, "needs a unit, a source"),
        ({"meaning": ""}, "needs a unit, a source"),
        ({"unit": ""}, "needs a unit, a source"),
    ],
)
def test_parameter_that_cannot_be_is_refused(change: dict[str, object], says: str) -> None:
    """A value outside its range, an unknown grade, and a missing unit, source or meaning are errors at import."""
    with pytest.raises(ValueError, match=says):
        parameter(8.0, **{**GOOD, **change})  # type: ignore[arg-type]


def test_every_grade_is_explained() -> None:
    """The three grades of evidence are those of the list, each in words."""
    assert list(GRADES) == ["A", "B", "C"]
    assert all(len(words.split()) > 4 for words in GRADES.values())


def test_input_error_tells_every_mistake() -> None:
    """An error lists its problems a line each, and reaches another process whole."""
    error = InputError(["a.yaml:1:2: x: wrong", "a.yaml:3:4: y: wrong"])
    assert str(error).splitlines() == list(error.problems)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), again.problems) == (InputError, error.problems)
