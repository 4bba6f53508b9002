"""Tests of waves: the same numbers with any executor and any interruption, from own blocks only."""

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

from teritwa.analysis.calibration.priors import values_at
from teritwa.analysis.calibration.targets import Target
from teritwa.analysis.calibration.waves import Wave, simulate_block
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.sampling import parameter_uniform

Array = NDArray[np.float64]
Make = Callable[..., Target]
Change = Callable[[Wave, Array], tuple[Wave, Array]]
SMALL = Path(__file__).parents[3] / "scenarios" / "island.yaml"
NAMES = ("attack.rate", "displacement.recent_attack_days", "casualties.reporting_rate_under_gangs")
RUNS = 7
BLOCKS = 4


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store two runs together, so that seven runs are four blocks, the last of one run."""
    monkeypatch.setattr("teritwa.analysis.calibration.waves.BLOCK", 2)


@pytest.fixture
def small() -> Scenario:
    """Eight days in the small world."""
    scenario = load(SMALL)
    return scenario.replace(draws=1, replicates=1, end=scenario.start + timedelta(7))


@pytest.fixture
def wave(small: Scenario, target: Make) -> Wave:
    """A wave of three parameters, with a target of every statistic in the small world."""
    whole = {"start": date(2024, 1, 2), "end": date(2024, 1, 8)}
    targets = (
        target(name="displaced"),
        target(name="killed, all of it", outcome="killed_counted", statistic="sum", **whole),
        target(name="by forces", outcome="killed_counted.forces", statistic="share", **whole),
        target(name="held", outcome="gang_control_capital", statistic="mean", **whole),
        target(name="outside", outcome="displaced_hosted.outside", statistic="share"),
        target(name="lost", outcome="towns_lost", statistic="change", **whole),
    )
    return Wave(small, tuple(registry()[name] for name in NAMES), targets, 40)


@pytest.fixture
def levels() -> Array:
    """Levels of three parameters in seven runs."""
    return np.linspace(0.05, 0.95, RUNS * len(NAMES)).reshape(RUNS, len(NAMES))[:, [2, 0, 1]]


class QuickMission:
    """A mission that does not run: its displaced encode its draw and parameters."""

    broken: frozenset[int] = frozenset()

    def __init__(
        self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: Any = None
    ) -> None:
        self.number = draw + 1000.0 * scenario.parameters(draw)["attack.rate"] / 7
        self.days, self.draw, self.outcomes = scenario.days, draw, list(outcomes)
        self.world = SimpleNamespace(districts=[SimpleNamespace(metropolitan=True)])

    def run(self) -> dict[str, Array]:
        """Return the requested outcomes, or fail where it should."""
        if self.draw in QuickMission.broken:
            raise ArithmeticError("not finite")
        assert self.outcomes == ["displaced"]
        return {"displaced": np.full(self.days, self.number)}


@pytest.fixture
def quick(wave: Wave, target: Make, monkeypatch: pytest.MonkeyPatch) -> Wave:
    """The wave with one target, and the quick mission in place of the real one."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", QuickMission)
    return replace(wave, targets=(target(),))


@pytest.fixture
def threads() -> Iterator[Executor]:
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def expected(wave: Wave, levels: Array) -> Array:
    """Return the quick mission's quantities in runs at these levels."""
    rates = [values_at(wave.parameters, mine)["attack.rate"] for mine in levels]
    return wave.first_draw + np.arange(len(levels))[:, None] + 1000 * np.array(rates)[:, None] / 7


def silent(done: int, failed: int, total: int) -> None:
    """Ignore the progress."""


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_workers_make_no_difference(
    wave: Wave, levels: Array, threads: Executor, serial: Any, tmp_path: Path
) -> None:
    """One thread, two threads and two processes give the numbers of single missions."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(2, mp_context=context) as processes:
        ways = {"alone": serial, "threads": threads, "processes": processes}
        found = {way: wave.run(levels, tmp_path / way, pool, silent) for way, pool in ways.items()}

    assert not np.isnan(found["alone"]).any()
    for way in ways:
        assert found[way].tobytes() == found["alone"].tobytes(), way
        assert bytes_of(tmp_path / way) == bytes_of(tmp_path / "alone"), way
    assert len(bytes_of(tmp_path / "alone")) == BLOCKS
    assert len({row.tobytes() for row in found["alone"]}) == RUNS
    again = np.concatenate(
        [simulate_block(wave, levels[i : i + 1], wave.first_draw + i) for i in range(RUNS)]
    )
    assert again.tobytes() == found["alone"].tobytes()


@pytest.mark.slow
def test_interrupted_wave_resumes_to_the_same_numbers(
    wave: Wave, levels: Array, serial: Any, tmp_path: Path
) -> None:
    """A wave resumed after two of four blocks has the numbers and files of a whole one."""

    def interrupt(done: int, failed: int, total: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    whole = wave.run(levels, tmp_path / "whole", serial, silent)
    with pytest.raises(KeyboardInterrupt):
        wave.run(levels, tmp_path / "broken", serial, interrupt)
    assert len(bytes_of(tmp_path / "broken")) == 2
    serial.tasks = 0
    resumed = wave.run(levels, tmp_path / "broken", serial, silent)

    assert serial.tasks == BLOCKS - 2
    assert resumed.tobytes() == whole.tobytes()
    assert bytes_of(tmp_path / "broken") == bytes_of(tmp_path / "whole")


@pytest.mark.slow
def test_quantities_are_those_of_a_mission(wave: Wave, levels: Array) -> None:
    """A run has its own parameters and draw: its quantities are read by hand from a mission."""
    from teritwa.simulation.model import Mission

    params = values_at(wave.parameters, levels[0])
    mission = Mission(replace(wave.scenario, params={**wave.scenario.params, **params}), draw=43)
    arrays = mission.run()
    outside = [not district.metropolitan for district in mission.world.districts]
    killed = arrays["killed_counted"][1:8].astype(float)
    # Day 7 is the first record from 5 January on.
    hosted = arrays["displaced_hosted"][1].astype(float)

    (found,) = simulate_block(wave, levels[:1], 43)
    forces = killed[:, 1:4].sum() / killed.sum()
    held = arrays["gang_control_capital"][1:8].astype(float).mean()
    lost = arrays["towns_lost"][7] - arrays["towns_lost"][1]
    displaced, share = arrays["displaced"][4], hosted[outside].sum() / hosted.sum()
    by_hand = [displaced, killed.sum(), forces, held, share, lost]
    assert found.tolist() == pytest.approx(by_hand, rel=1e-12)
    assert 0 < found[4] < 1


def test_each_run_has_its_row_and_its_draw(
    quick: Wave, levels: Array, threads: Executor, tmp_path: Path
) -> None:
    """In any order of blocks, run i is in row i and has draw first + i."""
    found = quick.run(levels, tmp_path, threads, silent)

    np.testing.assert_array_equal(found, expected(quick, levels))


def test_finished_blocks_are_not_run_again(
    quick: Wave, levels: Array, serial: Any, tmp_path: Path
) -> None:
    """With all blocks stored nothing runs; with two deleted, those two run, and no more."""
    first = quick.run(levels, tmp_path, serial, silent)
    assert serial.tasks == BLOCKS
    again = quick.run(levels, tmp_path, serial, silent)
    assert serial.tasks == BLOCKS
    files = bytes_of(tmp_path)
    for name in sorted(files)[1::2]:
        (tmp_path / name).unlink()
    mended = quick.run(levels, tmp_path, serial, silent)

    assert serial.tasks == BLOCKS + 2
    assert first.tobytes() == again.tobytes() == mended.tobytes()
    assert bytes_of(tmp_path) == files


def test_stored_blocks_are_exact(quick: Wave, levels: Array, serial: Any, tmp_path: Path) -> None:
    """Blocks have every digit under the targets' names, and no file is half-written."""
    found = quick.run(levels, tmp_path, serial, silent)

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


def changed_target(field: str, value: object) -> Change:
    """Give the last target another value of a field."""

    def change(wave: Wave, levels: Array) -> tuple[Wave, Array]:
        last = replace(wave.targets[-1], **{field: value})  # type: ignore[arg-type]
        return replace(wave, targets=(*wave.targets[:-1], last)), levels

    return change


def changed_range(wave: Wave, levels: Array) -> tuple[Wave, Array]:
    """Halve the lower end of the last parameter's range."""
    last = wave.parameters[-1]
    wider = replace(last, between=(last.low / 2, last.high))
    return replace(wave, parameters=(*wave.parameters[:-1], wider)), levels


def changed_scenario(**fields: Any) -> Change:
    """Change fields of the scenario."""
    return lambda wave, levels: (
        replace(wave, scenario=wave.scenario.replace(**fields)),
        levels,
    )


OTHERS: dict[str, Change] = {
    "one level in its last place": changed_level,
    "the first draw": lambda wave, levels: (replace(wave, first_draw=wave.first_draw + 1), levels),
    "the end of a target's period": changed_target("end", date(2024, 1, 6)),
    "the start of a target's period": changed_target("start", date(2024, 1, 4)),
    "a target's outcome": changed_target("outcome", "displaced_in_camps"),
    "how a target is read": changed_target("statistic", "mean"),
    "one run less": lambda wave, levels: (wave, levels[:-1]),
    "runs in another order": lambda wave, levels: (wave, levels[::-1]),
    "the last day": changed_scenario(end=date(2024, 1, 9)),
    "the seed": changed_scenario(seed=5),
    "another parameter": changed_scenario(params={"attack.casualty_maximum": 321}),
    "parameters in another order": lambda wave, levels: (
        replace(wave, parameters=wave.parameters[::-1]),
        levels,
    ),
    "a parameter's range": changed_range,
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS.keys())
def test_blocks_of_other_inputs_are_never_read(
    change: Change,
    quick: Wave,
    levels: Array,
    serial: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any difference, even in the last place, has its own folder, and all its runs run."""
    monkeypatch.setattr("teritwa.analysis.calibration.waves.simulate_block", nothing)
    quick.run(levels, tmp_path, serial, silent)
    before, serial.tasks = bytes_of(tmp_path), 0
    wave, other = change(quick, levels)
    wave.run(other, tmp_path, serial, silent)

    assert serial.tasks == -(-len(other) // 2)
    assert len(list(tmp_path.iterdir())) == 2
    assert before.items() <= bytes_of(tmp_path).items()


def nothing(wave: Wave, levels: Array, first: int) -> Array:
    """Stand for runs whose quantities do not matter."""
    return np.zeros((len(levels), len(wave.targets)))


def test_blocks_of_another_model_are_never_read(
    quick: Wave, levels: Array, serial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of the model's code, everything runs again."""
    quick.run(levels, tmp_path, serial, silent)
    monkeypatch.setattr("teritwa.simulation.model.model_digest", lambda: "of another model")
    quick.run(levels, tmp_path, serial, silent)

    assert serial.tasks == 2 * BLOCKS


@pytest.mark.parametrize(
    "field", ["low", "high", "error", "discrepancy", "scale", "fitted", "source"]
)
def test_observed_values_do_not_determine_runs(
    field: str, quick: Wave, levels: Array, serial: Any, tmp_path: Path
) -> None:
    """Another observation or error of a target reads the same blocks."""
    values = {
        "low": 1.0,
        "high": 1e6,
        "error": 0.5,
        "discrepancy": 0.5,
        "scale": "linear",
        "fitted": False,
    }
    other, _ = changed_target(field, values.get(field, "another"))(quick, levels)
    found = quick.run(levels, tmp_path, serial, silent)
    again = other.run(levels, tmp_path, serial, silent)

    assert serial.tasks == BLOCKS
    assert found.tobytes() == again.tobytes()


def test_failed_run_costs_only_itself(
    quick: Wave, levels: Array, serial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed run is not a number; the others, even of its block, are unchanged, also on disk."""
    monkeypatch.setattr(QuickMission, "broken", frozenset({43}))
    found = quick.run(levels, tmp_path, serial, silent)

    others = np.arange(RUNS) != 3
    assert np.isnan(found[3]).all()
    np.testing.assert_array_equal(found[others], expected(quick, levels)[others])
    np.testing.assert_array_equal(quick.run(levels, tmp_path, serial, silent), found)
    assert serial.tasks == BLOCKS


class BrokenMission(QuickMission):
    """A mission that cannot be built for one draw."""

    def __init__(
        self, scenario: Scenario, draw: int = 0, replicate: int = 0, outcomes: Any = None
    ) -> None:
        if draw == 1:
            raise ValueError("no such world")
        super().__init__(scenario, draw, replicate, outcomes)


def test_run_that_cannot_start_is_missing(
    quick: Wave, levels: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose mission cannot be built is not a number; the others are theirs."""
    monkeypatch.setattr("teritwa.simulation.model.Mission", BrokenMission)
    found = simulate_block(quick, levels[:3], 0)

    assert np.isnan(found[:, 0]).tolist() == [False, True, False]


def test_progress_counts_runs_and_failures(
    quick: Wave, levels: Array, serial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each block runs done and failed are reported, in any order of blocks."""
    monkeypatch.setattr(QuickMission, "broken", frozenset({41, 46}))
    reports: list[tuple[int, int, int]] = []
    quick.run(levels, tmp_path, serial, lambda *numbers: reports.append(numbers))

    assert len(reports) == BLOCKS
    assert [one[0] for one in reports] in ([2, 4, 6, 7], [2, 4, 5, 7], [2, 3, 5, 7], [1, 3, 5, 7])
    assert {one[2] for one in reports} == {RUNS}
    assert [one[1] for one in reports] == sorted(one[1] for one in reports)
    assert reports[-1] == (RUNS, 2, RUNS)


def test_progress_of_a_resumed_wave_includes_stored_runs(
    quick: Wave, levels: Array, serial: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs read from disk are done, and those of them that failed have failed."""
    monkeypatch.setattr(QuickMission, "broken", frozenset({40, 46}))
    quick.run(levels, tmp_path, serial, silent)
    (tmp_path / sorted(bytes_of(tmp_path))[-1]).unlink()
    reports: list[tuple[int, int, int]] = []
    quick.run(levels, tmp_path, serial, lambda *numbers: reports.append(numbers))

    assert reports == [(RUNS, 2, RUNS)]


def test_uncertainty_of_a_scenario_is_that_of_the_draw(quick: Wave, levels: Array) -> None:
    """A scenario's distributions take the run's draw, a wave's parameters its levels."""
    uneven = quick.scenario.replace(params={"attack.rate": "{uniform: [1, 2]}"})
    at_level = simulate_block(replace(quick, scenario=uneven), levels[:1], 8)
    other = registry()["casualties.reporting_rate_under_gangs"]
    drawn = replace(quick, scenario=uneven, parameters=(other,))
    by_chance = simulate_block(drawn, levels[:1, :1], 8)

    assert at_level[0, 0] == 8 + 1000 * values_at(quick.parameters, levels[0])["attack.rate"] / 7
    assert by_chance[0, 0] == pytest.approx(
        8 + 1000 * (1 + parameter_uniform(uneven.seed, 8, "attack.rate")) / 7
    )
