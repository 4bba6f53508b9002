"""Values for a scenario that come from Python, with the same checks as those of a file."""

from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader.field_reader import Reading
from teritwa.scenario.reader.period import Runs, fault_of_end, read_runs
from teritwa.scenario.reader.problems import NOWHERE, Problems, ScenarioError
from teritwa.scenario.reader.values import Value, read_params
from teritwa.scenario.reader.yaml_tree import Mapping, Node, RefusedError, Scalar, Sequence, parse
from teritwa.scenario.serialize import distribution_values, text
from teritwa.scenario.vocabulary import known


@dataclass(frozen=True)
class Wanted:
    """What shall be otherwise: a last day, values of parameters, and draws, repeats or a seed by name."""

    end: date | None
    params: Map[str, object]
    runs: Map[str, int]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of what shall be otherwise."""
        given = [*(f"runs.{key}" for key in self.runs), *(f"params.{name}" for name in self.params)]
        return (*given, "clock.end") if self.end is not None else tuple(given)

    def origin(self, before: Map[str, str]) -> dict[str, str]:
        """Return the origin by path once these values stand in the place of others."""
        inside = tuple(f"{path}." for path in self.paths)
        kept = {path: place for path, place in before.items() if not f"{path}.".startswith(inside)}
        return {**kept, **dict.fromkeys(self.paths, "set for this run")}


@dataclass(frozen=True)
class Checked:
    """The values that were wanted, checked."""

    runs: Runs
    params: dict[str, Value]
    basis: dict[str, dict[str, str]]


def check(wanted: Wanted, before: Runs, start: date, world: Path | None) -> Checked:
    """Return the wanted values as the model takes them; raise ScenarioError naming every mistake."""
    problems = Problems()
    reading = Reading(problems, known(world))
    runs = read_runs(reading, _node(wanted.runs, "runs", problems), before)
    wrong = "" if wanted.end is None else fault_of_end(start, wanted.end)
    if wrong:
        problems.add(NOWHERE, "clock.end", wrong)
    params, basis = read_params(reading, _node(wanted.params, "params", problems), "params")
    problems.stop()
    return Checked(runs, params, basis)


def _node(value: object, key: str, problems: Problems) -> Node:
    """Return a Python value as a node without a place; text is read as a file's would be."""
    if isinstance(value, Distribution):
        return _node(distribution_values(value), key, problems)
    if isinstance(value, Map):
        items = {str(name): _node(item, f"{key}.{name}", problems) for name, item in value.items()}
        return Mapping(NOWHERE, items, dict.fromkeys(items, NOWHERE))
    if isinstance(value, list | tuple):
        return Sequence(NOWHERE, tuple(_node(item, key, problems) for item in value))
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return _parsed(value, key, problems)
    return Scalar(NOWHERE, value if isinstance(value, str) else text(value))


def _parsed(value: str, key: str, problems: Problems) -> Node:
    try:
        return parse(value, key, problems)
    except RefusedError:
        raise ScenarioError(problems.lines()) from None
