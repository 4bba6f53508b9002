"""How the command line runs ensembles: where, what is kept when they are stopped, and which line goes on."""

import errno
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import typer

from teritwa.cli.common import FAILED, INTERRUPTED
from teritwa.cli.console import progress_told, say, tell_runs
from teritwa.engine.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from teritwa.scenario import Scenario

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when nothing more can be written: with room made, the ensemble goes on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs are done: by how many local processes or on which cluster, and what a run may take."""

    jobs: int | None
    cluster: str | None
    seconds: float
    megabytes: int

    @contextmanager
    def workers(self) -> Iterator["Executor"]:
        """Lend the workers; raise InputError if there is no such cluster."""
        from teritwa.ensemble.executors import cluster, workers

        if self.cluster is not None:
            with cluster(self.cluster, seconds=self.seconds) as pool:
                yield pool
        else:
            with workers(self.jobs, seconds=self.seconds, megabytes=self.megabytes) as pool:
                yield pool


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a request to end (SIGTERM) be what Ctrl-C is: what has finished is kept."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Scenarios by name, where their results go, what the options change in them, and what comes of it."""

    names: list[str]
    out: Path
    changes: dict[str, Any]
    chosen: tuple["Scenario", ...] = ()

    def loaded(self) -> "Wanted":
        """Return the same with its scenarios; raise one InputError with the mistakes of all of them."""
        from teritwa.scenario import load

        found, problems = [], list[str]()
        for name in self.names:
            try:
                found.append(load(name).replace(**self.changes))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return replace(self, chosen=tuple(found))

    def with_more(self, replicates: int) -> "Wanted":
        """Return the same with more replicates than the results have, and as many draws.

        Raise ResultError if there is none, and InputError if it has other inputs or is being added to already.
        """
        counts = {self._counts(scenario) for scenario in self.chosen}
        if len(counts) > 1:
            raise InputError([f"{self.out}: the results differ in draws or replicates; add to one at a time"])
        ((draws, before),) = counts
        changes = self.changes | {"draws": draws, "replicates": before + replicates}
        return replace(self, changes=changes).loaded()

    def _counts(self, scenario: "Scenario") -> tuple[int, int]:
        from teritwa.ensemble.folder_lock import unfinished
        from teritwa.ensemble.result import open_result

        folder = self.out / scenario.id
        if unfinished(folder):
            raise InputError([f"{folder}: is unfinished; go on with --resume first"])
        manifest = open_result(folder).manifest
        if manifest["digest"] != scenario.digest():
            raise InputError([f"{folder}: has other inputs than {scenario.id} now; give the same --seed and --until"])
        return manifest["draws"], manifest["replicates"]

    def again(self) -> str:
        """Return the command that goes on with what has been begun."""
        given = {"out": self.out, **{{"end": "until"}.get(name, name): value for name, value in self.changes.items()}}
        options = [f"--{name}={value}" for name, value in given.items() if value is not None]
        return shlex.join(["teritwa", "run", *self.names, *options, "--resume"])


def do_all(wanted: Wanted, place: Place, *, resume: bool, as_json: bool) -> int:
    """Run everything, draw and tell it, and return how many runs failed; when stopped, say which line goes on."""
    from teritwa.ensemble import run as ensemble
    from teritwa.pictures import save_all

    begun = time.monotonic()
    try:
        with place.workers() as pool, progress_told() as progress:
            results = ensemble.run(wanted.chosen, out=wanted.out, executor=pool, progress=progress, resume=resume)
    except KeyboardInterrupt:
        say(f"interrupted; the runs that had finished are kept; go on with:\n  {wanted.again()}")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        where = f"{error.filename}: {error.strerror}"
        say(f"{where}; the runs that had finished are kept; make room and go on with: {wanted.again()}")
        raise typer.Exit(FAILED) from None
    for scenario, result in zip(wanted.chosen, results, strict=True):
        save_all(result, scenario.world)
    tell_runs(results, time.monotonic() - begun, as_json)
    return sum(result.manifest["failed"] for result in results)


def do_one(wanted: Wanted, only: str, place: Place) -> None:
    """Do the run ``only`` (draw.replicate) of each scenario, keep it, and print the result if it was the last."""
    from teritwa.ensemble import run as ensemble
    from teritwa.ensemble.result import Result

    draw, replicate = _numbers(only)
    failed = False
    with place.workers() as pool:
        for scenario in wanted.chosen:
            answer = ensemble.run_only(scenario, draw, replicate, out=wanted.out, executor=pool)
            if isinstance(answer, Result):
                print(answer.path)
                continue
            failed = failed or bool(answer)
            kept = f"{ensemble.kept_runs(scenario, wanted.out)} of {scenario.draws * scenario.replicates} runs are kept"
            say(f"{scenario.id}: run {only}: {answer or 'finished'}; {kept}")
    if failed:
        raise typer.Exit(FAILED)


def tell_estimates(wanted: Wanted, jobs: int | None) -> None:
    """Print a line a scenario: its runs, those that are kept, and what the others will take."""
    from teritwa.ensemble.cost_estimate import estimate

    for scenario in wanted.chosen:
        found = estimate(scenario, wanted.out, jobs=jobs)
        print(
            f"{found.scenario}: {found.runs} runs, {found.kept} of them kept; "
            f"{found.minutes:.1f} minutes, {found.megabytes:.0f} megabytes"
        )


def _numbers(only: str) -> tuple[int, int]:
    """Read which run is meant."""
    draw, dot, replicate = only.partition(".")
    if not (dot and draw.isdecimal() and replicate.isdecimal()):
        raise typer.BadParameter(f"{only!r} is not DRAW.REPEAT, such as 3.0", param_hint="--only")
    return int(draw), int(replicate)
