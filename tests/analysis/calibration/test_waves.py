"""Tests of waves of runs: the same numbers whoever runs them and however often interrupted, and never another's."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from teritwa.analysis.calibration.priors import uncertain, values_at
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.waves import Wave, quantities
from teritwa.scenario import Scenario, load
from teritwa.scenario.sampling import of_parameter

Array = NDArray[np.float64]
Make = Callable[..., Target]
SMALL = Path(__file__).parents[3] / "scenarios" / "island.yaml"
NAMES = ("attack.rate", "displacement.recent_attack_days", "casualties.reporting_rate_under_gangs")
RUNS = 7
BLOCKS = 4


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep two runs together, so that seven runs are four blocks, the last of one run."""
    monkeypatch.setattr("teritwa.analysis.calibration.waves.BLOCK", 2)


@pytest.fixture
def small() -> Scenario:
    """Eight days in the small world."""
    scenario = load(SMALL)
    return scenario.replace(draws=1, replicates=1, end=scenario.start + timedelta(7))


@pytest.fixture
def wave(small: Scenario, target: Make) -> Wave:
    """A wave of three parameters, with a target of every kind in the small world."""
    whole = {"start": date(2024, 1, 2), "end": date(2024, 1, 8)}
    targets = (
        target(name="displaced"),
        target(name="killed, all of it", outcome="killed_counted", how="sum", **whole),
        target(name="by forces", outcome="killed_counted.forces", how="share", **whole),
        target(name="held", outcome="gang_control_capital", how="mean", **whole),
        target(name="outside", outcome="displaced_hosted.outside", how="share"),
        target(name="lost", outcome="towns_lost", how="rise", **whole),
    )
    known = {one.name: one for one in uncertain()}
    return Wave(small, tuple(known[name] for name in NAMES), targets, 40)


@pytest.fixture
def levels() -> Array:
    """Seven runs' levels of three parameters."""
    return np.linspace(0.05, 0.95, RUNS * len(NAMES)).reshape(RUNS, len(NAMES))[:, [2, 0, 1]]


class Quick:
    """A mission that says which one it is, without running: displaced by draw and parameters."""

    broken: frozenset[int] = frozenset()

    def __init__(self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: Any = None) -> None:
        self.number = draw + 1000.0 * scenario.parameters(draw)["attack.rate"] / 7
        self.days, self.draw, self.outcomes = scenario.days, draw, list(outcomes)
        self.world = SimpleNamespace(districts=[SimpleNamespace(metropolitan=True)])

    def run(self) -> dict[str, Array]:
        """Return what is asked for; fail where it should."""
        if self.draw in Quick.broken:
            raise ArithmeticError("not finite")
        assert self.outcomes == ["displaced"]
        return {"displaced": np.full(self.days, self.number)}


@pytest.fixture
def quick(wave: Wave, target: Make, monkeypatch: pytest.MonkeyPatch) -> Wave:
    """The wave with one target and the quick mission in the place of the real one."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", Quick)
    return replace(wave, targets=(target(),))


@pytest.fixture
def threads() -> Iterator[Executor]:
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def expected(wave: Wave, levels: Array) -> Array:
    """Return what the quick mission gives in runs at these levels."""
    rates = [values_at(wave.parameters, mine)["attack.rate"] for mine in levels]
    return wave.first + np.arange(len(levels))[:, None] + 1000 * np.array(rates)[:, None] / 7


def silent(done: int, failed: int, total: int) -> None:
    """Tell nobody."""


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_workers_make_no_difference(wave: Wave, levels: Array, threads: Executor, at_once: Any, tmp_path: Path) -> None:
    """One thread, two threads and two processes give the same numbers and files, those of single missions."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        ways = {"alone": at_once, "threads": threads, "processes": processes}
        found = {way: wave.run(levels, tmp_path / way, pool, silent) for way, pool in ways.items()}

    assert not np.isnan(found["alone"]).any()
    for way in ways:
        assert found[way].tobytes() == found["alone"].tobytes(), way
        assert bytes_of(tmp_path / way) == bytes_of(tmp_path / "alone"), way
    assert len(bytes_of(tmp_path / "alone")) == BLOCKS
    assert len({row.tobytes() for row in found["alone"]}) == RUNS
    again = np.concatenate([quantities(wave, levels[i : i + 1], wave.first + i) for i in range(RUNS)])
    assert again.tobytes() == found["alone"].tobytes()


@pytest.mark.slow
def test_interrupted_wave_goes_on_to_the_same_numbers(wave: Wave, levels: Array, at_once: Any, tmp_path: Path) -> None:
    """Interrupted after two of four blocks and taken up again: the numbers and the files of one that was not."""

    def interrupt(done: int, failed: int, total: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    whole = wave.run(levels, tmp_path / "whole", at_once, silent)
    with pytest.raises(KeyboardInterrupt):
        wave.run(levels, tmp_path / "broken", at_once, interrupt)
    assert len(bytes_of(tmp_path / "broken")) == 2
    at_once.tasks = 0
    resumed = wave.run(levels, tmp_path / "broken", at_once, silent)

    assert at_once.tasks == BLOCKS - 2
    assert resumed.tobytes() == whole.tobytes()
    assert bytes_of(tmp_path / "broken") == bytes_of(tmp_path / "whole")


@pytest.mark.slow
def test_quantities_are_those_of_a_mission(wave: Wave, levels: Array) -> None:
    """A run has its own parameters and the draw of its place: what a mission of these gives, read by hand."""
    from teritwa.simulation.model import Mission

    params = values_at(wave.parameters, levels[0])
    mission = Mission(replace(wave.scenario, params={**wave.scenario.params, **params}), draw=43)
    arrays = mission.run()
    outside = [not district.place.metropolitan for district in mission.world.districts]
    killed = arrays["killed_counted"][1:8].astype(float)
    hosted = arrays["displaced_hosted"][1].astype(float)  # day 7, the first record from 5 January on

    (found,) = quantities(wave, levels[:1], 43)
    forces = killed[:, 1:4].sum() / killed.sum()
    held = arrays["gang_control_capital"][1:8].astype(float).mean()
    lost = arrays["towns_lost"][7] - arrays["towns_lost"][1]
    by_hand = [arrays["displaced"][4], killed.sum(), forces, held, hosted[outside].sum() / hosted.sum(), lost]
    assert found.tolist() == pytest.approx(by_hand, rel=1e-12)
    assert 0 < found[4] < 1


def test_each_run_has_its_row_and_its_draw(quick: Wave, levels: Array, threads: Executor, tmp_path: Path) -> None:
    """Whatever block finishes first, run i stands in row i and took draw first + i."""
    found = quick.run(levels, tmp_path, threads, silent)

    np.testing.assert_array_equal(found, expected(quick, levels))


def test_nothing_finished_is_done_again(quick: Wave, levels: Array, at_once: Any, tmp_path: Path) -> None:
    """With all blocks there nothing is handed to a worker; with two deleted, those two are, and no more."""
    first = quick.run(levels, tmp_path, at_once, silent)
    assert at_once.tasks == BLOCKS
    again = quick.run(levels, tmp_path, at_once, silent)
    assert at_once.tasks == BLOCKS
    files = bytes_of(tmp_path)
    for name in sorted(files)[1::2]:
        (tmp_path / name).unlink()
    mended = quick.run(levels, tmp_path, at_once, silent)

    assert at_once.tasks == BLOCKS + 2
    assert first.tobytes() == again.tobytes() == mended.tobytes()
    assert bytes_of(tmp_path) == files


def test_block_on_the_disk_is_what_was_found(quick: Wave, levels: Array, at_once: Any, tmp_path: Path) -> None:
    """Blocks keep every digit, under the targets' names, and leave nothing half-written beside them."""
    found = quick.run(levels, tmp_path, at_once, silent)

    names = [Path(name).name for name in sorted(bytes_of(tmp_path))]
    assert names == ["000000.csv", "000002.csv", "000004.csv", "000006.csv"]
    texts = [text.decode().splitlines() for _, text in sorted(bytes_of(tmp_path).items())]
    assert {lines[0] for lines in texts} == {'"displaced, 5 January"'}
    assert [float(line) for lines in texts for line in lines[1:]] == found[:, 0].tolist()


def changed_level(wave: Wave, levels: Array) -> tuple[Wave, Array]:
    """Move one level by one unit in the last place."""
    other = levels.copy()
    other[-1, -1] = np.nextafter(other[-1, -1], 1)
    return wave, other


def changed_target(field: str, value: object) -> Callable[[Wave, Array], tuple[Wave, Array]]:
    """Give the last target another value of a field."""
    return lambda wave, levels: (
        replace(wave, targets=(*wave.targets[:-1], replace(wave.targets[-1], **{field: value}))),  # type: ignore[arg-type]
        levels,
    )


OTHERS: dict[str, Callable[[Wave, Array], tuple[Wave, Array]]] = {
    "one level in its last place": changed_level,
    "the first draw": lambda wave, levels: (replace(wave, first=wave.first + 1), levels),
    "the end of a target's period": changed_target("end", date(2024, 1, 6)),
    "the start of a target's period": changed_target("start", date(2024, 1, 4)),
    "a target's outcome": changed_target("outcome", "displaced_in_camps"),
    "how a target is read": changed_target("how", "mean"),
    "one run less": lambda wave, levels: (wave, levels[:-1]),
    "runs in another order": lambda wave, levels: (wave, levels[::-1]),
    "the last day": lambda wave, levels: (
        replace(wave, scenario=wave.scenario.replace(end=wave.scenario.end + timedelta(1))),
        levels,
    ),
    "the seed": lambda wave, levels: (replace(wave, scenario=wave.scenario.replace(seed=5)), levels),
    "another parameter": lambda wave, levels: (
        replace(wave, scenario=wave.scenario.replace(params={"attack.casualty_maximum": 321})),
        levels,
    ),
    "parameters in another order": lambda wave, levels: (replace(wave, parameters=wave.parameters[::-1]), levels),
    "a parameter's range": lambda wave, levels: (
        replace(
            wave, parameters=(*wave.parameters[:-1], replace(wave.parameters[-1], high=wave.parameters[-1].high * 2))
        ),
        levels,
    ),
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS.keys())
def test_blocks_of_other_inputs_are_never_read(
    change: Callable[[Wave, Array], tuple[Wave, Array]], quick: Wave, levels: Array, at_once: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whatever differs, if only in its last place, has a folder of its own, and all its runs are done."""
    monkeypatch.setattr("teritwa.analysis.calibration.waves.quantities", nothing)
    quick.run(levels, tmp_path, at_once, silent)
    before, at_once.tasks = bytes_of(tmp_path), 0
    wave, other = change(quick, levels)
    wave.run(other, tmp_path, at_once, silent)

    assert at_once.tasks == -(-len(other) // 2)
    assert len(list(tmp_path.iterdir())) == 2
    assert before.items() <= bytes_of(tmp_path).items()


def nothing(wave: Wave, levels: Array, first: int) -> Array:
    """Stand for runs whose quantities do not matter."""
    return np.zeros((len(levels), len(wave.targets)))


def test_blocks_of_another_model_are_never_read(
    quick: Wave, levels: Array, at_once: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the model's code has changed, everything is run again."""
    quick.run(levels, tmp_path, at_once, silent)
    monkeypatch.setattr("teritwa.simulation.model.model_digest", lambda: "of another model")
    quick.run(levels, tmp_path, at_once, silent)

    assert at_once.tasks == 2 * BLOCKS


@pytest.mark.parametrize("field", ["low", "high", "spread", "structural", "scale", "fitted", "source"])
def test_what_is_only_compared_with_costs_no_runs(
    field: str, quick: Wave, levels: Array, at_once: Any, tmp_path: Path
) -> None:
    """What was observed and how well is not among what determines a run: another observation reads the same blocks."""
    values = {"low": 1.0, "high": 1e6, "spread": 0.5, "structural": 0.5, "scale": "plain", "fitted": False}
    other, _ = changed_target(field, values.get(field, "another"))(quick, levels)
    found = quick.run(levels, tmp_path, at_once, silent)
    again = other.run(levels, tmp_path, at_once, silent)

    assert at_once.tasks == BLOCKS
    assert found.tobytes() == again.tobytes()


def test_failing_run_costs_only_itself(
    quick: Wave, levels: Array, at_once: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that raises is not a number; the others, also of its block, are what they would have been, on disk too."""
    monkeypatch.setattr(Quick, "broken", frozenset({43}))
    found = quick.run(levels, tmp_path, at_once, silent)

    others = np.arange(RUNS) != 3
    assert np.isnan(found[3]).all()
    np.testing.assert_array_equal(found[others], expected(quick, levels)[others])
    np.testing.assert_array_equal(quick.run(levels, tmp_path, at_once, silent), found)
    assert at_once.tasks == BLOCKS


class Refuses(Quick):
    """A mission that in one run cannot even be made."""

    def __init__(self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: Any = None) -> None:
        if draw == 1:
            raise ValueError("no such world")
        super().__init__(scenario, draw, replicate, outcomes)


def test_run_that_cannot_begin_is_missing(quick: Wave, levels: Array, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose mission cannot be made is no number, like one that cannot end, and the others are theirs."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", Refuses)
    found = quantities(quick, levels[:3], 0)

    assert np.isnan(found[:, 0]).tolist() == [False, True, False]


def test_progress_counts_runs_and_failures(
    quick: Wave, levels: Array, at_once: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told block by block: runs done, up to all, and how many of those failed, in whatever order they finish."""
    monkeypatch.setattr(Quick, "broken", frozenset({41, 46}))
    told: list[tuple[int, int, int]] = []
    quick.run(levels, tmp_path, at_once, lambda *numbers: told.append(numbers))

    assert len(told) == BLOCKS
    assert [one[0] for one in told] in ([2, 4, 6, 7], [2, 4, 5, 7], [2, 3, 5, 7], [1, 3, 5, 7])
    assert {one[2] for one in told} == {RUNS}
    assert [one[1] for one in told] == sorted(one[1] for one in told)
    assert told[-1] == (RUNS, 2, RUNS)


def test_progress_of_a_resumed_wave_counts_what_was_there(
    quick: Wave, levels: Array, at_once: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs read from the disk are done, and those of them that failed have failed."""
    monkeypatch.setattr(Quick, "broken", frozenset({40, 46}))
    quick.run(levels, tmp_path, at_once, silent)
    (tmp_path / sorted(bytes_of(tmp_path))[-1]).unlink()
    told: list[tuple[int, int, int]] = []
    quick.run(levels, tmp_path, at_once, lambda *numbers: told.append(numbers))

    assert told == [(RUNS, 2, RUNS)]


def test_scenario_s_own_chance_is_that_of_the_draw(quick: Wave, levels: Array) -> None:
    """What a scenario leaves to chance comes from the run's draw, and a wave's own parameters from its levels."""
    uneven = quick.scenario.replace(params={"attack.rate": "{uniform: [1, 2]}"})
    at_level = quantities(replace(quick, scenario=uneven), levels[:1], 8)
    other = next(one for one in uncertain() if one.name == "casualties.reporting_rate_under_gangs")
    by_chance = quantities(replace(quick, scenario=uneven, parameters=(other,)), levels[:1, :1], 8)

    assert at_level[0, 0] == 8 + 1000 * values_at(quick.parameters, levels[0])["attack.rate"] / 7
    assert by_chance[0, 0] == pytest.approx(8 + 1000 * (1 + of_parameter(uneven.seed, 8, "attack.rate")) / 7)
