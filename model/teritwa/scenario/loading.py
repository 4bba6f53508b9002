"""Loading a scenario: by the name of a shipped one, from a file, or from text."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from teritwa.engine.errors import InputError
from teritwa.engine.files import read_limited
from teritwa.scenario.events import read_events
from teritwa.scenario.inherit import (
    OWN,
    Chain,
    check_drops,
    merged,
    reason_of,
    relative_to,
    shipped,
    shipped_folder,
)
from teritwa.scenario.posterior import (
    NONE,
    Posterior,
    read_posterior,
    shipped_names,
    shipped_posteriors,
)
from teritwa.scenario.reader.field_reader import FieldReader, ReadingContext, scalar_text
from teritwa.scenario.reader.parameters import read_params, read_sources
from teritwa.scenario.reader.period import Runs, read_period, read_runs
from teritwa.scenario.reader.problems import NOWHERE, Mark, Problems, ScenarioError
from teritwa.scenario.reader.yaml_tree import SIZE_AT_MOST, Mapping, RefusedError, Sequence, decode
from teritwa.scenario.scenario import ORIGIN, START, Scenario
from teritwa.scenario.vocabulary import Vocabulary, vocabulary_of

KEYS = (
    *OWN,
    "world",
    "posterior",
    "period",
    "runs",
    "params",
    "params_from",
    "events",
    "sources",
)

PARAMS_FROM = (ORIGIN, START)
"""From when the parameters of a scenario act, where its posterior knows a past."""

FOLDERS_OF_COMMANDS = (
    "calibration",
    "comparison",
    "missions",
    "scores",
    "sensitivity",
    "validation",
)
"""Folders that commands make beside those of results, which are called after scenarios."""


def load(name_or_path: str | Path) -> Scenario:
    """Return a scenario.

    Args:
        name_or_path: The name of a shipped scenario, or the path of a file.

    Raises:
        ScenarioError: If the file cannot be read or has mistakes; it lists every one.
    """
    problems = Problems()
    path, shown = _locate(name_or_path)
    try:
        text = decode(read_limited(path, SIZE_AT_MOST), shown, problems)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        problems.add(NOWHERE, shown[:200], f"cannot be read: {why}{_hint(shown, problems)}")
        raise ScenarioError(problems.lines()) from None
    except RefusedError:
        raise ScenarioError(problems.lines()) from None
    return parse(text, path, shown, problems)


def parse(text: str, path: Path, shown: str = "", problems: Problems | None = None) -> Scenario:
    """Return a scenario from the text of a file.

    Args:
        text: The text of the file.
        path: The path that it has or would have; ``extends`` and ``world`` start from its folder.
        shown: How mistakes name the file; without it, by its path.
        problems: Where mistakes are noted; without it, they are collected anew.

    Raises:
        ScenarioError: If there are mistakes; it lists every one.
    """
    problems = problems or Problems()
    chain = Chain(problems, path.resolve().parent)
    try:
        chain.add(text, path.resolve(), shown or str(path))
    except RefusedError:
        raise ScenarioError(problems.lines()) from None
    check_drops(chain.trees, problems)
    tree = merged(chain.trees)
    world = _read_world(tree, chain)
    scenario = _read(
        tree, ReadingContext(problems, _names(world, problems), _event_ids(tree)), world, text
    )
    posterior = _read_posterior(tree, chain)
    problems.stop()
    _check_past(tree, scenario.start, posterior, problems)
    problems.stop()
    return replace(scenario, posterior=posterior, folder=path.resolve().parent)


def _check_past(
    tree: Mapping, start: date, posterior: Posterior | None, problems: Problems
) -> None:
    """Note a scenario that does not begin where the past begins that its posterior knows."""
    first = posterior.past_from if posterior else None
    if first is not None and first != start:
        what = f"knows a past from {first}; this scenario begins on {start}"
        remedy = "let it begin there, or name draws without a past"
        problems.add(tree.items["posterior"].mark, "posterior", f"{what}: {remedy}")


def _locate(name_or_path: str | Path) -> tuple[Path, str]:
    shown = str(name_or_path)
    if isinstance(name_or_path, str) and name_or_path in shipped():
        path = shipped_folder() / f"{name_or_path}.yaml"
        return path, str(path)
    return Path(name_or_path), shown


def _hint(shown: str, problems: Problems) -> str:
    if "/" in shown or "." in shown:
        return ""
    return f"; it is no shipped scenario either, {problems.near(shown, shipped())}"


def _event_ids(tree: Mapping) -> frozenset[str]:
    node = tree.items.get("events")
    items = node.items if isinstance(node, Sequence) else ()
    ids = (item.items.get("id") for item in items if isinstance(item, Mapping))
    return frozenset(getattr(name, "text", "") for name in ids)


def _read_world(tree: Mapping, chain: Chain) -> Path | None:
    node = tree.items.get("world")
    if node is None:
        return None
    try:
        word = scalar_text(node, "a folder, relative to this file")
        advice = "a folder relative to this file"
        folder = relative_to(chain.folders[node.mark.file], word, advice)
        if not folder.is_dir():
            raise ValueError(f"no folder {word[:200]!r} here")
        return folder
    except (ValueError, OSError) as error:
        chain.problems.add(node.mark, "world", reason_of(error))
        # Without its world no other name can be judged.
        raise ScenarioError(chain.problems.lines()) from None


def _read_posterior(tree: Mapping, chain: Chain) -> Posterior | None:
    node = tree.items.get("posterior")
    if node is None:
        return None
    try:
        allowed = f"{NONE}, the name of a shipped table of draws, or a file relative to this one"
        word = scalar_text(node, allowed)
        return None if word == NONE else _posterior_called(word, node.mark, chain)
    except (ValueError, OSError) as error:
        chain.problems.add(node.mark, "posterior", reason_of(error))
        return None


def _posterior_called(word: str, mark: Mark, chain: Chain) -> Posterior:
    """Return the posterior that a scenario names; raise ValueError or OSError if it cannot."""
    if word in shipped_names():
        return read_posterior(shipped_posteriors() / f"{word}.csv", chain.problems)
    file = relative_to(chain.folders[mark.file], word, "a file relative to this one")
    if not file.exists():
        near = chain.problems.near(word, (NONE, *shipped_names()))
        known = "no shipped table of draws of that name"
        raise ValueError(f"no file {word[:200]!r} here and {known}, {near}")
    return read_posterior(file, chain.problems, str(Path(mark.file).parent / word))


def _names(world: Path | None, problems: Problems) -> Vocabulary:
    try:
        return vocabulary_of(world)
    except InputError as error:
        raise ScenarioError((*problems.lines(), *error.problems)) from None


def _read(tree: Mapping, context: ReadingContext, world: Path | None, text: str) -> Scenario:
    reader = FieldReader(context, tree, "", KEYS)
    name = reader.name("id", required=True)
    if name in FOLDERS_OF_COMMANDS:
        what = "is the folder of another command beside results; choose another id"
        reader.wrong("id", f"{name!r} {what}")
    start, end = read_period(context, reader)
    runs = read_runs(context, reader.items.get("runs"), Runs())
    params, basis = read_params(context, reader.items.get("params"), "params")
    return Scenario(
        name,
        reader.text("title", required=True),
        reader.text("question"),
        reader.text("background"),
        reader.name("compare_with"),
        world,
        None,
        start,
        end,
        runs.draws,
        runs.replicates,
        runs.seed,
        params,
        read_events(context, reader.items.get("events"), start),
        read_sources(context, reader.items.get("sources")),
        basis,
        context.origin,
        Path(),
        text,
        params_from=(
            reader.one_of("params_from", PARAMS_FROM, "beginning")
            if "params_from" in reader.items
            else ORIGIN
        ),
    )
