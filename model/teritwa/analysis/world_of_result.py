"""The folder of the world in which the runs of a result took place."""

from pathlib import Path

from teritwa.ensemble.result import Result, ResultError, shipped_world
from teritwa.world import DEFAULT_WORLD


def world_of(result: Result) -> Path | None:
    """Return the folder of the world that ran, from the stored scenario; None: the default world.

    The path in the scenario starts from the result. Where it leads nowhere, since the result was
    moved or copied, a shipped world with the same tables takes its place.

    Raises:
        ResultError: The stored scenario cannot be read.
    """
    import yaml

    path = result.path / "resolved.yaml"
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ResultError([f"{path}: is not a scenario; run the scenario again"]) from None
    named = written.get("world") if isinstance(written, dict) else None
    if named is None:
        return None
    folder = (result.path / str(named)).resolve()
    return folder if folder.is_dir() else shipped_world(result) or folder


def is_of_default_world(result: Result) -> bool:
    """Return whether a result is of the default world, to whose counts the model is calibrated."""
    return world_of(result) in (None, DEFAULT_WORLD)
