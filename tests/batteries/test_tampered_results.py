"""Results that were tampered with: the same answer, or exit code 4 and a line for each file.

A tampering is tried with every command that reads results. Two hundred are tried by default, 2,000
as a battery, which prints its counts (``python -m pytest -m battery -s tests/batteries``).
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from teritwa import cli
from teritwa.engine.errors import InputError
from teritwa.ensemble.run_set import Failure, InMemoryRunSet, coordinates_of
from teritwa.ensemble.writer import write_result
from teritwa.rules.registry import OUTCOMES
from teritwa.scenario import Scenario, parse
from teritwa.world import load as load_world

from .tamperings import KINDS, Target, tamper

ISLAND = Path(__file__).parents[2] / "scenarios" / "worlds" / "island"
SCENARIO = """
schema: 2
id: one
title: The first
world: world
period: {start: 2024-01-01, end: 2024-01-30}
runs: {draws: 2, replicates: 2, seed: 5}
params: {attack.rate: {uniform: [1, 4]}}
"""
DATA = """date,outcome,value,low,high
2024-01-05,displaced,400,,
2024-01-09,displaced,500,,
2024-01-25,displaced,600,550,650
"""

CONCERNED = {
    "garble_cells": ["report", "map", "map against"],
    "link_figures": ["map", "show district"],
}
"""The commands that a tampering concerns, by its kind, where these are not all."""

Files = Mapping[str, str]
"""The hash of files by path."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command did: its exit code, what it printed, and the files that it wrote."""

    code: int
    printed: str
    said: str
    written: Files


@dataclass(slots=True)
class Place:
    """A folder with two results, their world and figures to compare with.

    Attributes:
        root: The folder; all that is written anywhere below it is noticed.
        pristine: A copy of its content as it was.
        expected: The answer of each command without tampering, once it was asked for.
        known: The files before the next command.
        counts: How often a command answered as before, and how often it refused.
    """

    root: Path
    pristine: Path
    expected: dict[str, Answer] = field(default_factory=dict)
    known: Files = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def target(self) -> Target:
        """What is tampered with."""
        results = self.root / "results"
        cells = self.root / "world" / "cells.csv"
        return Target(results / "one", results / "two", cells, self.root / "elsewhere")

    def commands(self) -> dict[str, list[str]]:
        """Return the commands that read the first result, by name."""
        one, two = str(self.target.folder), str(self.target.other)
        data = str(self.root / "data.csv")
        return {
            "show": ["show", one],
            "compare": ["compare", one, two],
            "report": ["report", one, two],
            "map": ["map", one],
            "map against": ["map", two, "--against", one],
            "show district": ["show", one, "--district", "amber-docks"],
            "score": ["score", one, "--data", data, "--origin", "2024-01-10"],
        }

    def restore(self) -> None:
        """Put everything back as it was."""
        for child in self.root.iterdir():
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        shutil.copytree(self.pristine, self.root, dirs_exist_ok=True)
        self.known = self.files()

    def files(self) -> dict[str, str]:
        """Return the hash of every file by its path from the root."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.root.rglob("*")
            if path.is_file()
        }

    def ask(self, command: str) -> Answer:
        """Call a command; a traceback fails the test."""
        outcome = CliRunner().invoke(cli.app, self.commands()[command])
        if outcome.exception and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        files = self.files()
        written = dict(files.items() - self.known.items())
        self.known = files
        return Answer(outcome.exit_code, outcome.stdout, outcome.stderr, written)

    def expect(self, command: str) -> Answer:
        """Return the answer of a command about what was not tampered with."""
        if command not in self.expected:
            self.restore()
            self.expected[command] = self.ask(command)
            assert self.expected[command].code == 0, self.expected[command].said
        return self.expected[command]

    def judge(self, command: str, answer: Answer) -> str:
        """Return what is wrong with an answer; an empty text if nothing is."""
        if answer.code == 4:
            self.counts["refused"] += 1
            return self._wrong_refusal(answer)
        self.counts["the same"] += 1
        expected = self.expect(command)
        same = (answer.printed, answer.written) == (expected.printed, expected.written)
        return "" if answer.code == 0 and same else f"answers {answer}"

    def _wrong_refusal(self, answer: Answer) -> str:
        """Return what is wrong with a refusal: each of its short lines must name a file."""
        files = (str(self.target.folder), str(self.target.cells))
        for line in answer.said.removesuffix("\n").split("\n"):
            if not line.startswith(files) or not line.isprintable() or len(line) > 500:
                return f"says {line[:1000]!r}"
        return f"writes {dict(answer.written)}" if answer.written or answer.printed else ""


def make_runs(scenario: Scenario, offset: int) -> InMemoryRunSet:
    """Return made-up runs of a scenario; the last failed."""
    completed = np.zeros((scenario.draws, scenario.replicates), bool)
    run_set = InMemoryRunSet(scenario, coordinates_of(scenario), completed)
    for draw, replicate in np.ndindex(completed.shape):
        arrays: dict[str, np.ndarray[Any, Any]] = {}
        for name, outcome in OUTCOMES.items():
            shape = run_set.new_array(name, 1, 1).shape[2:]
            values = (np.arange(np.prod(shape)) + offset + draw + 2 * replicate) % 7
            scaled = values / 7 if outcome.unit == "1" else values
            arrays[name] = (scaled % (2 if name == "mandate" else 7)).astype(outcome.stored)
            arrays[name] = arrays[name].reshape(shape)
        run_set.add(draw, replicate, arrays)
    run_set.completed[-1, -1] = False
    run_set.failures.append(Failure(scenario.draws - 1, scenario.replicates - 1, "made up"))
    return run_set


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Two results of a made-up world with cells; no command replays a run."""
    pristine, root = tmp_path / "pristine", tmp_path / "root"
    shutil.copytree(ISLAND, root / "world")
    corners = ((-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1))
    rows = [
        f"{row.id},{row.longitude + x:.3f},{row.latitude + y:.3f}\n"
        for row in load_world(ISLAND).districts
        for x, y in corners
    ]
    (root / "world" / "cells.csv").write_text("district,longitude,latitude\n" + "".join(rows))
    first = parse(SCENARIO, root / "one.yaml")
    second = replace(first, id="two", title="The second", end=date(2024, 1, 30))
    for offset, scenario in enumerate((first, second)):
        write_result(make_runs(scenario, offset), root / "results")
    (root / "data.csv").write_text(DATA)
    (root / "elsewhere").mkdir()
    shutil.copytree(root, pristine)

    def refuse(*_: object) -> None:
        raise InputError(["no run is replayed here"])

    monkeypatch.setattr("teritwa.cli.show.prepare_rules", lambda: None)
    monkeypatch.setattr("teritwa.analysis.district_replay.replay_district", refuse)
    monkeypatch.chdir(root / "elsewhere")
    return Place(root, pristine)


def try_tamperings(place: Place, seeds: range, *, in_turn: bool) -> None:
    """Try each tampering with all commands; one that changes no answer is tried with one command.

    Args:
        place: What is tampered with.
        seeds: The tamperings.
        in_turn: Whether commands take turns in being first, rather than the fastest one is.
    """
    wrong = list[str]()
    for number, seed in enumerate(seeds):
        place.restore()
        what = tamper(seed, place.target)
        place.known = place.files()
        commands = CONCERNED.get(KINDS[seed % len(KINDS)].__name__, list(place.commands()))
        first = number // len(KINDS) % len(commands) if in_turn else 0
        for command in commands[first:] + commands[:first]:
            answer = place.ask(command)
            if problem := place.judge(command, answer):
                wrong.append(f"{what}: {command} {problem}")
            if answer.code == 0:
                break
    print(f"\n{len(seeds)} tamperings: {dict(place.counts)}, wrong {len(wrong)}")
    assert wrong == []
    assert place.counts["refused"] > len(seeds)
    assert place.counts["the same"] > 0


@pytest.mark.slow
def test_sixty_tamperings(place: Place) -> None:
    """No traceback, nothing written elsewhere, and no other answer."""
    try_tamperings(place, range(60), in_turn=False)


@pytest.mark.slow
@pytest.mark.battery
def test_two_thousand_tamperings(place: Place) -> None:
    """The same for other seeds, and every command takes its turn in answering."""
    try_tamperings(place, range(60, 2060), in_turn=True)
