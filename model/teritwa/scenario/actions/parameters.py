"""The action that changes parameters of the model from a day on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Self

from teritwa.rules.population.destination_weights import nearness
from teritwa.rules.registry import scale_to_size
from teritwa.scenario.actions.action import Action
from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.reader.field_reader import ReadingContext
from teritwa.scenario.reader.parameters import parameters_in
from teritwa.scenario.reader.values import quantity_of
from teritwa.scenario.reader.yaml_tree import Mapping, Node


@dataclass(frozen=True)
class Change(Action):
    """Parameters take new values, by full name, each in its own unit; a switch is true or false."""

    key: ClassVar[str] = "change"
    params: tuple[tuple[str, float], ...]

    @classmethod
    def read(cls, context: ReadingContext, node: Node, path: str) -> Self:
        """Return the change that a map of parameters describes; mistakes are noted."""
        if isinstance(node, Mapping) and not node.items:
            what = "nothing is changed, allowed: a map of parameter: value"
            context.wrong(node.mark, path, what)
        values = []
        for name, item in parameters_in(context, node, path):
            context.note_origin(f"{path}.{name}", item.mark)
            if name.endswith("_day0"):
                what = "describes day 0 and cannot change later; set it under params"
                context.wrong(item.mark, f"{path}.{name}", what)
                continue
            try:
                quantity = quantity_of(context.vocabulary.parameters[name])
                values.append((name, quantity.constant(item)))
            except ValueError as error:
                context.wrong(item.mark, f"{path}.{name}", str(error))
        return cls(tuple(sorted(values)))

    def written(self) -> dict[str, object]:
        """Return the parameters and their values as a file gives them."""
        return dict(self.params)

    def without(self, names: Collection[str]) -> "Change":
        """Return the change of all the other parameters."""
        return Change(tuple((name, value) for name, value in self.params if name not in names))

    def label(self) -> str:
        """Return a few words about the action."""
        return f"change: {', '.join(name for name, _ in self.params[:2])}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: its parameters."""
        return frozenset(name for name, _ in self.params)

    def apply(self, run: RunRecords) -> None:
        """Write the values, scaled to the size of the world, into the run's parameters."""
        parameters = run.tables["parameters"]
        for name, value in scale_to_size(dict(self.params), run.world.size).items():
            family, parameter = name.split(".")
            parameters[family][parameter][0] = value
            if name == "displacement.distance_decay":
                run.state.near[:] = nearness(run.world, value)
        run.mark_districts()
