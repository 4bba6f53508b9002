"""Values for a scenario that come from Python, with the same checks as those of a file."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader.field_reader import ReadingContext
from teritwa.scenario.reader.parameters import read_params
from teritwa.scenario.reader.period import Runs, fault_of_end, read_runs
from teritwa.scenario.reader.problems import NOWHERE, Problems, ScenarioError
from teritwa.scenario.reader.values import Value
from teritwa.scenario.reader.yaml_tree import Mapping, Node, RefusedError, Scalar, Sequence, parse
from teritwa.scenario.serialize import distribution_values, text
from teritwa.scenario.vocabulary import vocabulary_of


@dataclass(frozen=True)
class Overrides:
    """Values that replace a scenario's own: last day, parameters, draws, replicates, seed."""

    end: date | None
    params: MappingOf[str, object]
    runs: MappingOf[str, int]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of the values that are replaced."""
        given = [*(f"runs.{key}" for key in self.runs), *(f"params.{name}" for name in self.params)]
        return (*given, "period.end") if self.end is not None else tuple(given)

    def origin(self, before: MappingOf[str, str]) -> dict[str, str]:
        """Return the origin by path once these values stand in the place of others."""
        inside = tuple(f"{path}." for path in self.paths)
        kept = {path: place for path, place in before.items() if not f"{path}.".startswith(inside)}
        return {**kept, **dict.fromkeys(self.paths, "set for this run")}


@dataclass(frozen=True)
class Checked:
    """Overrides as the model takes them."""

    runs: Runs
    params: dict[str, Value]
    basis: dict[str, dict[str, str]]


def check(overrides: Overrides, before: Runs, start: date, world: Path | None) -> Checked:
    """Return overrides as the model takes them; raise ScenarioError naming every mistake."""
    problems = Problems()
    context = ReadingContext(problems, vocabulary_of(world))
    runs = read_runs(context, _node(overrides.runs, "runs", problems), before)
    wrong = "" if overrides.end is None else fault_of_end(start, overrides.end)
    if wrong:
        problems.add(NOWHERE, "period.end", wrong)
    params, basis = read_params(context, _node(overrides.params, "params", problems), "params")
    problems.stop()
    return Checked(runs, params, basis)


def _node(value: object, key: str, problems: Problems) -> Node:
    """Return a Python value as a node without a place; text is read as a file's would be."""
    if isinstance(value, Distribution):
        return _node(distribution_values(value), key, problems)
    if isinstance(value, MappingOf):
        items = {str(name): _node(item, f"{key}.{name}", problems) for name, item in value.items()}
        return Mapping(NOWHERE, items, dict.fromkeys(items, NOWHERE))
    if isinstance(value, list | tuple):
        return Sequence(NOWHERE, tuple(_node(item, key, problems) for item in value))
    if isinstance(value, str):
        is_map = value.lstrip().startswith("{")
        return _parsed(value, key, problems) if is_map else Scalar(NOWHERE, value)
    return Scalar(NOWHERE, text(value))


def _parsed(value: str, key: str, problems: Problems) -> Node:
    try:
        return parse(value, key, problems)
    except RefusedError:
        raise ScenarioError(problems.lines()) from None
