"""What went into the runs: every parameter as the baseline has it, and where each result comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from teritwa.analysis.calibration.priors import what_2024_tells
from teritwa.engine.errors import InputError
from teritwa.engine.parameters import GRADES
from teritwa.ensemble.result import Result
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.serialize import text

TELLS = {"yes": "yes", "no": "no", "held at its prior": "no: held at its range", "-": "not drawn"}
"""Whether 2024 informs a parameter, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A parameter of the model, ready to be read."""

    name: str
    meaning: str
    value: str
    unit: str
    span: str
    grade: str
    informed: str
    source: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a result comes from: facts by name, and its scenario as text."""

    scenario: str
    title: str
    question: str
    says: str
    facts: tuple[tuple[str, str], ...]
    resolved: str


def scenario_of(result: Result) -> Scenario | None:
    """Return the scenario that ran, read again from its result; None if this version cannot."""
    try:
        return load(result.path / "resolved.yaml")
    except InputError:
        return None


def parameters(result: Result) -> list[Listed]:
    """Return every parameter: what the scenario sets, or the median of its posterior, or the model's own value."""
    scenario = scenario_of(result)
    told = what_2024_tells(scenario.posterior) if scenario else {}
    own = scenario.params if scenario else {}
    rows = []
    for name, one in sorted(registry().items()):
        median, word = told.get(name, (one.value, "-"))
        value = own.get(name, median)
        shown = f"{value:.4g}" if isinstance(value, float) else text(value)
        span = "either" if one.switch else f"{one.low:g} to {one.high:g}"
        rows.append(
            Listed(
                name,
                one.meaning,
                shown,
                one.unit,
                span,
                one.grade,
                TELLS.get(word, word),
                one.source,
            )
        )
    return rows


def effect_of_the_mission() -> str:
    """Say that the mission's own effect is an assumption, with its range."""
    one = registry()["presence.mission_effect"]
    return (
        "What the mission itself achieves cannot be told from 2024, when its arrival coincides with much else. It "
        f"rests on an assumed range: {one.meaning} lies anywhere between {one.low:g} and {one.high:g} "
        "(presence.mission_effect). Each difference that the mission makes on this page rests on that range and, like "
        "the other numbers of which 2024 tells nothing, is what follows from an assumption."
    )


def origin(result: Result) -> Origin:
    """Return where a result comes from, from its manifest and the files beside it."""
    said = result.manifest
    libraries = ", ".join(f"{name} {version}" for name, version in said["packages"].items())
    facts = (
        ("days", f"{said['start']} to {said['end']}"),
        ("runs", f"{said['completed']} finished, {said['failed']} failed"),
        ("draws of what we do not know, and replicates of each", f"{said['draws']} x {said['replicates']}"),
        ("seed of all chance", str(said["seed"])),
        ("version of teritwa", str(said["teritwa"])),
        ("Python and libraries", f"Python {said['python']}, {libraries}"),
        ("world", f"{said['world']['name']}, SHA-256 {said['world']['digest']}"),
        ("posterior, SHA-256", str(said["posterior"]) or "none: the model's own values"),
        ("inputs, SHA-256", str(said["digest"])),
    )
    scenario = scenario_of(result)
    written = (result.path / "resolved.yaml").read_text(encoding="utf-8")
    return Origin(
        result.scenario_id, result.title, str(said["question"]), scenario.background if scenario else "", facts, written
    )


def failures(results: Sequence[Result]) -> str:
    """Say how many runs failed, and where; nothing if none did."""
    failed = {result.scenario_id: int(result.manifest["failed"]) for result in results if result.manifest["failed"]}
    told = ", ".join(f"{count} of {name}" for name, count in failed.items())
    return f"Runs that failed and are left out: {told} (failures.csv of each has the causes)." if failed else ""


HOW = (
    "Value: what the scenario sets, else the middle of the draws that give 2024 as it was counted. Range: what it "
    "may be; runs draw within it. Grades: "
    + "; ".join(f"{grade}: {meaning}" for grade, meaning in GRADES.items())
    + ". Not drawn are switches and what scenarios decide."
)
"""How to read the table of parameters."""

PROVENANCE = (
    "The same inputs, version and libraries on one machine give the same numbers to the last bit, and this page the "
    "same text. Each run draws the numbers that nobody knows from the posterior, and its chance from the seed."
)
"""What the facts of provenance are for."""
