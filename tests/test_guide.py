"""The guide for those who extend the model: its examples work as a user runs them."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from teritwa.analysis.comparison_row import ComparisonRow
from teritwa.ensemble.result import open_result
from teritwa.rules.registry import OUTCOMES

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "model" / "guide" / "extending.md"
EXTENSIONS = ROOT / "model" / "guide" / "extensions"
EXAMPLES = sorted(path.name for path in EXTENSIONS.glob("*.py"))
SCENARIO = """schema: 2
id: small
title: The island for a month
extends: island
period: {end: 2024-01-31}
runs: {draws: 2, replicates: 1}
"""
SURRENDER = """
import sys
from teritwa.simulation.extensions import load_extensions

load_extensions(sys.argv[1:])

from teritwa import load
from teritwa.simulation.model import Mission

for enabled in (True, False):
    values = {"surrender.weekly_rate": 0.1, "surrender.enabled": enabled}
    values |= {"membership.enabled": False, "night_posture.return_hazard": 0.0}
    mission = Mission(load("island").replace(params=values), 0)
    crews, districts = mission.tables["crews"], mission.tables["districts"]
    row = crews["fighters"].argmax()
    crews["hiding"][row], crews["fighters"][row] = crews["fighters"][row], 0
    number = crews["district"][row]
    districts["control"]["holder"][number], districts["control"]["gang_influence"][number] = -1, 0
    for _ in range(10):
        mission.step()
    print(mission.tables["ledger"]["deserted"][0])
"""
"""A program that drives the largest crew into hiding, and prints how many of it surrender."""

OUTCOME_WORDS = (
    "camp",
    "cleared",
    "coordination",
    "crew",
    "displaced",
    "district",
    "firearms",
    "gang control",
    "gang influence",
    "held",
    "mandate",
    "officers",
    "operational",
    "recaptured",
    "residents",
    "towns lost",
    "zone of control",
)
"""Words of outcomes, their labels and meanings, that mean something of their own here."""

COMPARISON_WORDS = ("baseline", "difference", "interval", "parametric share", "scenario")
"""Words of the columns of a comparison."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the small world with all three examples, as the guide says, rules as plain Python."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    given = [option for name in EXAMPLES for option in ("--with", str(EXTENSIONS / name))]
    run_in(folder, "run", "small.yaml", "--out", "with", *given)
    return folder


def environment() -> dict[str, str]:
    """Return the variables under which a program runs this package with rules as plain Python."""
    return {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT / "model")}


def run_in(folder: Path, *arguments: str) -> None:
    """Run a command of the program in a folder, with rules as plain Python."""
    command = [sys.executable, "-m", "teritwa", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stderr


def test_the_examples_are_about_thirty_lines() -> None:
    """A rule, an outcome and a picture are shown, none longer than a screen."""
    assert EXAMPLES == ["contested.py", "days_held.py", "surrender.py"]
    for name in EXAMPLES:
        assert len((EXTENSIONS / name).read_text(encoding="utf-8").splitlines()) <= 45


def test_the_rule_acts(tmp_path: Path) -> None:
    """Of a crew in hiding where the state holds some give up; none do when it is off."""
    script = tmp_path / "script.py"
    script.write_text(SURRENDER, encoding="utf-8")
    command = [sys.executable, str(script), str(EXTENSIONS / "surrender.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    with_rule, without = (int(word) for word in done.stdout.split())
    assert with_rule > 0
    assert without == 0


def test_the_outcome_counts_days(folder: Path) -> None:
    """After the first day every district has one day behind it; none has more than have passed."""
    result = open_result(folder / "with" / "small")
    days = result.runs("days_held")
    passed = (result.weeks - result.dates[0]).astype(int) + 1
    assert (days[:, 0] == 1).all()
    assert (days >= 1).all()
    assert (days <= passed[None, :, None]).all()
    assert days[:, -1].max() == passed[-1]


def test_the_picture_is_drawn_with_its_numbers(folder: Path) -> None:
    """The picture stands among those of the result; its numbers follow from the runs."""
    figures = folder / "with" / "small" / "figures"
    assert (figures / "contested.png").stat().st_size > 10_000
    with (figures / "contested.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    result = open_result(folder / "with" / "small")
    share = 100 * result.runs("held_by_gangs")[:, -1].mean(axis=0)
    known = dict(zip(result.labels("district_name"), share, strict=True))
    assert len(rows) == min(15, ((share > 0) & (share < 100)).sum())
    for row in rows:
        assert float(row["held_by_gangs"]) == pytest.approx(known[row["district"]])
    distance = [abs(float(row["held_by_gangs"]) - 50) for row in rows]
    assert np.all(np.diff(distance) >= 0)


def test_the_guide_shows_the_examples() -> None:
    """Each example stands in the guide as it is run, and is linked."""
    text = GUIDE.read_text(encoding="utf-8")
    for name in EXAMPLES:
        assert (EXTENSIONS / name).read_text(encoding="utf-8") in text
        assert f"](extensions/{name})" in text


def glossary() -> dict[str, str]:
    """Return the words of the guide's glossary with their meanings."""
    rows = GUIDE.read_text(encoding="utf-8").partition("## Glossary")[2].splitlines()
    pairs = [line.strip("|").split("|") for line in rows if line.startswith("|")]
    found = {word.strip(): meaning.strip() for word, meaning in pairs[2:]}
    return {one.strip(): meaning for word, meaning in found.items() for one in word.split(",")}


def test_the_glossary_explains_the_words_of_tables_and_plots() -> None:
    """Words that name outcomes, columns of comparisons and their labels are explained."""
    known = glossary()
    assert len(known) >= 40
    named = " ".join(f"{one.name} {one.label} {one.meaning}" for one in OUTCOMES.values())
    shown = f"{named} {' '.join(ComparisonRow.__dataclass_fields__)}".lower().replace("_", " ")
    asked = [*OUTCOME_WORDS, *COMPARISON_WORDS]
    assert [word for word in asked if word not in shown] == []
    assert [word for word in asked if word not in known] == []


def test_no_word_of_the_glossary_is_idle() -> None:
    """Every word of the glossary is used in the package's own declarations or pages."""
    pages = [*(ROOT / "model" / "teritwa").rglob("*.py"), ROOT / "README.md", ROOT / "model/ODD.md"]
    text = re.sub(r"[_\-]", " ", " ".join(page.read_text(encoding="utf-8") for page in pages))
    idle = [word for word in glossary() if word.replace("-", " ") not in text.lower()]
    assert idle == []
