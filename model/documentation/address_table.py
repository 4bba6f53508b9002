"""Which random number serves which decision: the addresses, found from the source of the rules."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from state_table import PACKAGE

USES = {
    "poisson": "Poisson count",
    "stochastic_round": "rounding",
    "normal": "normal number",
    "power_law": "power law",
}
"""What becomes of a number, by the function that takes it."""


ONE_OF_A_KIND = {"COUNTRY": "the country", "ACADEMY": "the police academy"}
"""Identities that are constants of the rules, in words."""


@dataclass(frozen=True)
class Address:
    """One place in the rules where a random number is looked up."""

    decision: str
    rule: str
    identity: str
    item: str
    use: str


def addresses() -> list[Address]:
    """Return every place where a rule looks up a random number, by decision.

    Raises:
        LookupError: If a registered decision is looked up nowhere: its number would be missing
            from the table.
    """
    trees = {path: ast.parse(path.read_text("utf-8")) for path in (PACKAGE / "rules").rglob("*.py")}
    found = [one for path, tree in trees.items() for one in _in_file(path.stem, tree)]
    declared = {words for tree in trees.values() for words in _declared(tree).values()}
    missing = declared - {one.decision for one in found}
    if missing:
        raise LookupError(f"decisions that no rule looks up by name: {', '.join(sorted(missing))}")
    return sorted(found, key=lambda one: (one.decision, one.rule))


def _in_file(module: str, tree: ast.Module) -> Iterator[Address]:
    words = _declared(tree)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for call, use in _look_ups(function):
                arguments = [ast.unparse(one) for one in call.args]
                yield Address(
                    words[arguments[1]],
                    f"{module}.{function.name}",
                    _agent(_local_values(function).get(arguments[2], arguments[2])),
                    arguments[3] if len(arguments) > 3 else "",
                    use,
                )


def _agent(identity: str) -> str:
    """Return whose identity an expression gives, in words."""
    if identity in ONE_OF_A_KIND:
        return ONE_OF_A_KIND[identity]
    owner = identity.removesuffix(".identity")
    return "district" if owner.startswith("state.districts[") else owner


def _declared(tree: ast.Module) -> dict[str, str]:
    """Return the words of the decisions that a file declares, by the name of the constant."""
    return {
        ast.unparse(node.targets[0]): ast.literal_eval(node.value.args[0])
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _called(node.value) == "decision"
    }


def _local_values(function: ast.FunctionDef) -> dict[str, str]:
    """Return what stands behind each name that a function gives to a value."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if both else [(target, value)]
            found |= {ast.unparse(name): ast.unparse(given) for name, given in pairs}
    return found


def _look_ups(function: ast.FunctionDef) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of `uniform` and its like in a function, and what becomes of each number."""
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    named = _uses_of_names(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _called(node) in ("uniform", "two_uniforms"):
            parent = parents[node]
            if isinstance(parent, ast.Assign):
                target = parent.targets[0]
                one = target.elts[0] if isinstance(target, ast.Tuple) else target
                yield node, named.get(ast.unparse(one), "choice")
            else:
                yield node, _use(parent)


def _uses_of_names(function: ast.FunctionDef) -> dict[str, str]:
    """Return what becomes of the numbers that are given a name first."""
    used = (
        (argument.id, _use(node))
        for node in ast.walk(function)
        for argument in _operands(node)
        if isinstance(argument, ast.Name)
    )
    return {name: use for name, use in used if use != "choice"}


def _operands(node: ast.AST) -> Sequence[ast.expr]:
    if isinstance(node, ast.Call):
        return node.args
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []


def _use(node: ast.AST) -> str:
    """Return what a call or comparison makes of a number."""
    if isinstance(node, ast.Compare):
        return "probability"
    return USES.get(_called(node), "choice")


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
