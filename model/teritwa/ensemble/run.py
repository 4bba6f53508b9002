"""Ensembles: every draw and replicate of every scenario, on any ``concurrent.futures`` executor.

Each finished run is stored at once, as one file (`teritwa.ensemble.run_store`), and is not done
again when an ensemble is resumed. A run that fails is listed with its cause in ``failures.csv``,
and its place in the arrays has the fill value, so that the others keep their partners.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from teritwa.engine.arguments import as_list
from teritwa.engine.errors import InputError
from teritwa.ensemble.executors import open_executor
from teritwa.ensemble.folder_lock import (
    RUNS_FOLDER,
    check_not_in_use,
    check_not_interrupted,
    check_writable,
    locked_folder,
)
from teritwa.ensemble.manifest import MANIFEST, read_manifest
from teritwa.ensemble.result import Result
from teritwa.ensemble.run_set import InMemoryRunSet, RunSet, coordinates_of
from teritwa.ensemble.run_store import RunStore, StoredRunSet
from teritwa.ensemble.tasks import record_output, remaining_tasks, run_tasks, single_task
from teritwa.ensemble.writer import write_result
from teritwa.scenario import Scenario, load
from teritwa.simulation.data_collection import outcome_names

ScenarioLike = Scenario | str | Path
"""A scenario, its file or its shipped name."""

Progress = Callable[[int, int, int], None]
"""Called after each run with the number of runs that are done, that failed, and that there are."""


def run(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    *,
    out: str | Path = "results",
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    resume: bool = False,
) -> list[Result]:
    """Run every draw and replicate of each scenario and write a result folder for each.

    Each run is stored as soon as it is done, and a scenario's result is written after its last
    run. Worker processes import the calling script, so a script keeps its call under
    ``if __name__ == "__main__":``.

    Args:
        scenarios: Scenarios, files or shipped names; one alone is a list of one.
        out: Folder of results, where each scenario has a folder of its id.
        jobs: Number of local processes; None means one a core, and 1 stays in this process.
        executor: An executor to use instead; it is not closed.
        progress: Called after each run.
        resume: Whether runs that are stored already are not done again.

    Returns:
        The results, in the order of the scenarios.

    Raises:
        InputError: For a mistake in a scenario, two scenarios with one id, a folder that another
            program writes or an earlier one left unfinished, or a script without the main guard.
        OSError: If the disk is full.
    """
    chosen = _as_scenarios(scenarios)
    check_unique_ids(chosen)
    check_folders(chosen, Path(out), resume=resume)
    with ExitStack() as stack:
        pool = stack.enter_context(open_executor(jobs, executor))  # may fail: nothing is written
        folders = [
            stack.enter_context(locked_folder(Path(out) / scenario.id, resume=resume))
            for scenario in chosen
        ]
        run_sets = [
            _open_run_set(scenario, folder.store)
            for scenario, folder in zip(chosen, folders, strict=True)
        ]
        results = {}
        for index in _complete(run_sets, pool, progress):
            results[index] = _write(run_sets[index], Path(out))
            folders[index].mark_finished()
    return [results[index] for index in range(len(run_sets))]


def run_only(
    scenario: Scenario | str | Path,
    draw: int,
    replicate: int,
    *,
    out: str | Path = "results",
    jobs: int | None = None,
    executor: Executor | None = None,
) -> Result | str:
    """Do one run of an ensemble, again or for the first time, and store it.

    Args:
        scenario: A scenario, a file or a shipped name.
        draw: The draw.
        replicate: The replicate.
        out: Folder of results.
        jobs: Number of local processes, as in `run`.
        executor: An executor to use instead; it is not closed.

    Returns:
        The result if this was the last run of the ensemble; else the cause if the run failed,
        and an empty text if it finished.

    Raises:
        InputError: As in `run`, and if the ensemble has no such run.
        OSError: If the disk is full.
    """
    (chosen,) = _as_scenarios(scenario)
    check_has_run(chosen, draw, replicate)
    with (
        open_executor(jobs, executor) as pool,
        locked_folder(Path(out) / chosen.id, resume=True) as folder,
    ):
        run_set = _open_run_set(chosen, folder.store)
        run_set.completed[draw, replicate] = False
        for task, output in run_tasks([single_task(run_set, draw, replicate)], pool):
            record_output(run_set, task, output)
        if run_set.completed.all():
            result = _write(run_set, Path(out))
            folder.mark_finished()
            return result
    return run_set.failures[0].cause if run_set.failures else ""


def simulate(
    scenarios: ScenarioLike | Iterable[ScenarioLike],
    *,
    outcomes: str | Iterable[str] | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[InMemoryRunSet]:
    """Run as `run` does, but keep the outcomes in memory.

    Args:
        scenarios: Scenarios, files or shipped names; one alone is a list of one.
        outcomes: Outcomes to record; one alone is a list of one, and None means all.
        jobs: Number of local processes, as in `run`.
        executor: An executor to use instead; it is not closed.
        progress: Called after each run.

    Returns:
        The runs of each scenario, in the order of the scenarios.

    Raises:
        InputError: For a mistake in a scenario, an unknown outcome, or a script without the main
            guard.
    """
    recorded = None if outcomes is None else outcome_names(outcomes)
    run_sets = []
    for scenario in _as_scenarios(scenarios):
        completed = np.zeros((scenario.draws, scenario.replicates), bool)
        run_sets.append(InMemoryRunSet(scenario, coordinates_of(scenario), completed))
    with open_executor(jobs, executor) as pool:
        for _ in _complete(run_sets, pool, progress, recorded):
            pass
    return run_sets


def _write(run_set: RunSet, out: Path) -> Result:
    """Write the result of a run set and return it; what was just written needs no check."""
    path = write_result(run_set, out)
    return Result(path, read_manifest(path / MANIFEST), run_set.seconds)


def count_stored_runs(scenario: Scenario, out: Path) -> int:
    """Return the number of a scenario's runs that are stored and would not be done again.

    Args:
        scenario: The scenario.
        out: Folder of results.
    """
    return int(_open_run_set(scenario, _store_of(scenario, out)).completed.sum())


def count_stored_files(scenario: Scenario, out: Path) -> int:
    """Return the number of runs in a scenario's folder, whichever ensemble they are of.

    Args:
        scenario: The scenario.
        out: Folder of results.
    """
    return _store_of(scenario, out).count()


def _store_of(scenario: Scenario, out: Path) -> RunStore:
    """Return the store of a scenario's runs."""
    return RunStore(out / scenario.id / RUNS_FOLDER)


def check_has_run(scenario: Scenario, draw: int, replicate: int) -> None:
    """Raise InputError if a scenario's ensemble has no run of this draw and replicate."""
    if not (0 <= draw < scenario.draws and 0 <= replicate < scenario.replicates):
        there = f"draws 0 to {scenario.draws - 1} and replicates 0 to {scenario.replicates - 1}"
        raise InputError([f"{draw}.{replicate}: {scenario.id} has {there}"])


def check_folders(scenarios: Sequence[Scenario], out: Path, *, resume: bool) -> None:
    """Check the result folders before anything is compiled, run or written.

    Args:
        scenarios: The scenarios.
        out: Folder of results.
        resume: Whether runs that are stored stay.

    Raises:
        InputError: Another program writes a folder, or one was interrupted and is not resumed.
        OSError: A folder cannot be written.
    """
    for scenario in scenarios:
        check_writable(out / scenario.id)
        check_not_in_use(out / scenario.id)  # first: what another program writes is not left over
        check_not_interrupted(out / scenario.id, resume=resume)


def check_unique_ids(scenarios: Sequence[Scenario]) -> None:
    """Raise InputError if scenarios share an id, for they would share a result folder."""
    ids = [scenario.id for scenario in scenarios]
    shared = sorted({name for name in ids if ids.count(name) > 1})
    if shared:
        raise InputError([
            f"{name}: is the id of {ids.count(name)} scenarios; each needs its own"
            for name in shared
        ])  # fmt: skip


def _as_scenarios(scenarios: ScenarioLike | Iterable[ScenarioLike]) -> list[Scenario]:
    """Return scenarios that may be given by their files or their shipped names."""
    given = as_list(scenarios, (Scenario, str, Path))
    return [one if isinstance(one, Scenario) else load(one) for one in given]


def _open_run_set(scenario: Scenario, store: RunStore) -> StoredRunSet:
    """Return the runs of a scenario, of which those that are stored already are completed.

    Keys of draws take milliseconds each, so none are made once all stored files are accounted for.
    """
    completed = np.zeros((scenario.draws, scenario.replicates), bool)
    run_set = StoredRunSet(scenario, coordinates_of(scenario), completed, store=store)
    others = store.count()
    for draw in range(scenario.draws):
        if others == 0:
            break
        keys = run_set.keys_of(draw)
        intact = store.find_intact(keys)
        completed[draw] = [key in intact for key in keys]
        others -= len(intact)
    return run_set


def _complete(
    run_sets: Sequence[RunSet],
    executor: Executor,
    progress: Progress | None,
    outcomes: Sequence[str] | None = None,
) -> Iterator[int]:
    """Do the remaining runs of run sets; yield the position of each when it has no more."""
    left = [int((~run_set.completed).sum()) for run_set in run_sets]
    total = sum(run_set.completed.size for run_set in run_sets)
    done, failed = total - sum(left), 0
    yield from (index for index, count in enumerate(left) if count == 0)
    for task, output in run_tasks(remaining_tasks(run_sets), executor, outcomes):
        failed += not record_output(run_sets[task.run_set], task, output)
        done += 1
        left[task.run_set] -= 1
        if progress is not None:
            progress(done, failed, total)
        if left[task.run_set] == 0:
            yield task.run_set
