"""Mistakes of users: listed together, and whole in another process."""

import pickle

from teritwa.engine.errors import InputError
from teritwa.scenario import ScenarioError
from teritwa.world import WorldError


def test_input_error_lists_every_mistake() -> None:
    """An error lists its problems one a line and reaches another process whole."""
    error = InputError(["a.yaml:1:2: x: wrong", "a.yaml:3:4: y: wrong"])
    assert str(error).splitlines() == list(error.problems)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), again.problems) == (InputError, error.problems)


def test_mistakes_of_worlds_and_scenarios_are_input_errors() -> None:
    """One ``except`` catches what a user gave wrongly, and each kind keeps its type on the way."""
    for kind in (WorldError, ScenarioError):
        again = pickle.loads(pickle.dumps(kind(("a", "b"))))  # noqa: S301 - our own bytes
        assert (type(again), again.problems) == (kind, ("a", "b"))
        assert isinstance(again, InputError)
