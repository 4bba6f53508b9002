"""How the command run does ensembles: where, and what an interruption leaves."""

import errno
import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from teritwa.cli import console
from teritwa.cli.common import FAILED, INTERRUPTED
from teritwa.cli.console import (
    ShowProgress,
    prepare_rules,
    print_message,
    runs_in_words,
    show_progress,
    waiting,
)
from teritwa.engine.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from teritwa.scenario import Scenario

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a full disk: the ensemble can be resumed once there is space."""

OPTION_NAMES = {"end": "until"}
"""Options whose names differ from those of the scenario's fields."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """Where runs are done, and their limits.

    Attributes:
        jobs: Number of local processes; None means one per core.
        cluster: Address of a Dask scheduler; None means local processes.
        seconds: Time limit of a run.
        megabytes: Memory limit of a run.
    """

    jobs: int | None
    cluster: str | None
    seconds: float
    megabytes: int

    @contextmanager
    def executor(self) -> Iterator["Executor"]:
        """Context manager yielding an executor for runs, after the rules are loaded.

        Raises:
            InputError: The cluster does not answer, or does not fit; nothing is compiled then.
        """
        from teritwa.ensemble.executors import open_cluster, open_executor

        if self.cluster is not None:
            with open_cluster(self.cluster, time_limit=self.seconds) as pool:
                prepare_rules()
                yield pool
        else:
            prepare_rules()
            seconds, megabytes = self.seconds, self.megabytes
            with open_executor(self.jobs, time_limit=seconds, memory_limit=megabytes) as pool:
                yield pool


@dataclass(frozen=True, slots=True)
class EnsembleRequest:
    """What the command run is asked for.

    Attributes:
        names: Files or shipped names of scenarios, as given.
        out: Folder for results.
        overrides: Values of scenario fields that replace those of the files; None replaces none.
        extensions: Files of extensions, as given; None if there are none.
        scenarios: The scenarios, once they are loaded.
    """

    names: list[str]
    out: Path
    overrides: dict[str, Any]
    extensions: Sequence[Path] | None
    scenarios: tuple["Scenario", ...] = ()

    def load(self, add_replicates: int | None = None) -> "EnsembleRequest":
        """Return the request with its scenarios loaded.

        Args:
            add_replicates: Replicates per draw to add to the existing results; None means to take
                draws and replicates from the options and the files.

        Raises:
            ResultError: Replicates are to be added, and there is no result.
            InputError: Scenarios have mistakes, of which all are named, two have one id, or the
                existing results have other inputs, differ in size or are unfinished.
        """
        from teritwa.ensemble.run import check_unique_ids
        from teritwa.scenario import load

        scenarios, problems = [], list[str]()
        for name in self.names:
            try:
                scenarios.append(load(name).replace(**self.overrides))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        check_unique_ids(scenarios)
        loaded = replace(self, scenarios=tuple(scenarios))
        return loaded if add_replicates is None else loaded._extend(add_replicates)

    def _extend(self, add_replicates: int) -> "EnsembleRequest":
        """Return the request with the draws of the existing results and more replicates."""
        sizes = {_size(self.out / scenario.id, scenario) for scenario in self.scenarios}
        if len(sizes) > 1:
            reason = "the results differ in draws or replicates; add to one at a time"
            raise InputError([f"{self.out}: {reason}"])
        ((draws, replicates),) = sizes
        size = {"draws": draws, "replicates": replicates + add_replicates}
        return replace(self, overrides=self.overrides | size).load()

    def resume_command(self) -> str:
        """Return the command that resumes the request."""
        given = [("out", self.out), *self.overrides.items()]
        given += [("with", file) for file in self.extensions or ()]
        options = [
            f"--{OPTION_NAMES.get(name, name)}={value}"
            for name, value in given
            if value is not None
        ]
        return shlex.join(["teritwa", "run", *self.names, *options, "--resume"])


def _size(folder: Path, scenario: "Scenario") -> tuple[int, int]:
    """Return draws and replicates of a result; raise InputError if it is not one of a scenario."""
    from teritwa.ensemble.folder_lock import is_unfinished
    from teritwa.ensemble.result import open_result

    if is_unfinished(folder):
        raise InputError([f"{folder}: is unfinished; finish it with --resume first"])
    manifest = open_result(folder).manifest
    if manifest["digest"] != scenario.digest():
        reason = f"has other inputs than {scenario.id} now; give the same --seed and --until"
        raise InputError([f"{folder}: {reason}"])
    return manifest["draws"], manifest["replicates"]


def run_all(
    request: EnsembleRequest, options: WorkerOptions, *, resume: bool, as_json: bool
) -> int:
    """Do all runs, draw the results, print where they are, and return the number of failed runs.

    Args:
        request: The request, its scenarios loaded.
        options: Where runs are done.
        resume: Whether stored runs are not repeated.
        as_json: Whether to print one JSON document instead of paths.
    """
    from teritwa.cli.tables import print_runs
    from teritwa.ensemble.run import check_folders, run

    started, chosen = time.monotonic(), request.scenarios
    check_folders(chosen, request.out, resume=resume)
    with _resumable(request):
        with options.executor() as pool, show_progress() as progress:
            update = _and_pack(progress)
            results = run(chosen, out=request.out, executor=pool, progress=update, resume=resume)
        with waiting("drawing"):
            from teritwa.pictures import save_all

            for scenario, result in zip(chosen, results, strict=True):
                save_all(result, scenario.world)
    print_runs(results, time.monotonic() - started, as_json)
    return sum(result.manifest["failed"] for result in results)


def _and_pack(progress: ShowProgress) -> ShowProgress:
    """Return a function that shows progress and, after the last run, says what follows."""

    def update(done: int, failed: int, total: int) -> None:
        progress(done, failed, total)
        if done == total:
            console.announce("packing the results")

    return update


@contextmanager
def _resumable(request: EnsembleRequest) -> Iterator[None]:
    """Context manager that prints the command that resumes an interrupted ensemble."""
    try:
        yield
    except KeyboardInterrupt:
        command = f"resume with:\n  {request.resume_command()}"
        print_message(f"interrupted; finished runs are stored; {command}")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        if error.errno not in NO_SPACE:
            raise
        command = f"free some space and resume with: {request.resume_command()}"
        print_message(f"{error.filename}: {error.strerror}; finished runs are stored; {command}")
        raise typer.Exit(FAILED) from None


def run_one(request: EnsembleRequest, only: str, options: WorkerOptions) -> None:
    """Do one run of each scenario and store it; print the result if the run completes it.

    Args:
        request: The request, its scenarios loaded.
        only: The run, as DRAW.REPLICATE.
        options: Where the run is done.

    Raises:
        typer.Exit: A run failed.
        typer.BadParameter: ``only`` is not DRAW.REPLICATE.
        InputError: A scenario has no such run.
    """
    from teritwa.ensemble.run import check_folders

    which = _chosen_run(request, only)
    check_folders(request.scenarios, request.out, resume=True)
    with options.executor() as pool:
        finished = [_run_one(one, which, request.out, pool) for one in request.scenarios]
    if not all(finished):
        raise typer.Exit(FAILED)


def _run_one(scenario: "Scenario", which: tuple[int, int], out: Path, pool: "Executor") -> bool:
    """Do one run of a scenario, print what became of it, and return whether it finished."""
    from teritwa.ensemble.result import Result
    from teritwa.ensemble.run import count_stored_runs, run_only

    draw, replicate = which
    answer = run_only(scenario, draw, replicate, out=out, executor=pool)
    if isinstance(answer, Result):
        print(answer.path)
        return True
    total = scenario.draws * scenario.replicates
    stored = f"{count_stored_runs(scenario, out)} of {total} runs are stored"
    print_message(f"{scenario.id}: run {draw}.{replicate}: {answer or 'finished'}; {stored}")
    return not answer


def print_estimates(request: EnsembleRequest, jobs: int | None, only: str | None) -> None:
    """Print the number of runs of each scenario, of stored ones, and the cost of the others.

    Args:
        request: The request, its scenarios loaded.
        jobs: Number of local processes; None means one per core.
        only: The only run to do, as DRAW.REPLICATE, stored or not; None means all.

    Raises:
        typer.BadParameter: ``only`` is not DRAW.REPLICATE.
        InputError: A scenario has no such run.
    """
    from teritwa.ensemble.cost_estimate import DRAWS_LOOKED_UP, estimate_cost

    which = None if only is None else _chosen_run(request, only)
    prepare_rules()
    for scenario in request.scenarios:
        cost = estimate_cost(scenario, request.out, jobs=jobs, only=which)
        at_most = "at most " if cost.stored and scenario.draws > DRAWS_LOOKED_UP else ""
        stored = "" if which else f", {at_most}{cost.stored} of them stored"
        runs = f"{cost.scenario}: {runs_in_words(cost.runs)}{stored}"
        print(f"{runs}; {cost.minutes:.1f} minutes, {cost.megabytes:.0f} megabytes")


def _chosen_run(request: EnsembleRequest, only: str) -> tuple[int, int]:
    """Return draw and replicate of the only run; raise as `run_one` if it is none of a scenario."""
    from teritwa.ensemble.run import check_has_run
    from teritwa.ensemble.run_set import parse_run

    try:
        which = parse_run(only)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--only") from None
    for scenario in request.scenarios:
        check_has_run(scenario, *which)
    return which
