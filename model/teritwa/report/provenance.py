"""What went into the runs: every parameter of the baseline, and the provenance of each result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from teritwa.analysis.calibration.priors import summarise_posterior
from teritwa.analysis.missions.effects import EFFECT, is_learned, learned_interval
from teritwa.engine.errors import InputError
from teritwa.engine.formatting import format_exact, format_significant
from teritwa.engine.parameters import GRADES, Parameter
from teritwa.ensemble.result import Result
from teritwa.rules.registry import registry
from teritwa.scenario import Scenario, load
from teritwa.scenario.serialize import text
from teritwa.world import load as load_world

INFORMED = {
    "yes": "yes",
    "no": "no",
    "past missions": "informed by missions",
    "-": "not drawn",
}
"""Whether counts inform a parameter, in the words of the page."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter of the model as the page shows it."""

    name: str
    meaning: str
    value: str
    unit: str
    range: str
    grade: str
    informed: str
    source: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """The provenance of a result: facts by name, and its scenario as text."""

    scenario: str
    title: str
    question: str
    background: str
    facts: tuple[tuple[str, str], ...]
    resolved: str


def _scenario_of(result: Result) -> Scenario | None:
    """Return the scenario that ran, read from its result; None if this version cannot."""
    try:
        return load(result.path / "resolved.yaml")
    except InputError:
        return None


def parameter_rows(result: Result) -> list[ParameterRow]:
    """Return every parameter with its value in the runs of a result.

    Args:
        result: The result, of which the stored scenario is read.

    Returns:
        The parameters by name. The value is what the scenario sets, else the median of the
        posterior, else the default.
    """
    scenario = _scenario_of(result)
    posterior = summarise_posterior(scenario.posterior) if scenario else {}
    settings = scenario.params if scenario else {}
    rows = []
    for name, parameter in sorted(_parameters_of(scenario).items()):
        median, informed = posterior.get(name, (parameter.value, "-"))
        rows.append(_parameter_row(name, parameter, settings.get(name, median), informed))
    return rows


def _parameters_of(scenario: Scenario | None) -> Mapping[str, Parameter]:
    """Return the parameters of the world of a scenario, by name."""
    return registry(load_world(scenario.world) if scenario else None)


def _parameter_row(name: str, parameter: Parameter, value: object, informed: str) -> ParameterRow:
    """Return a parameter as the page shows it."""
    low, high = format_exact(parameter.low), format_exact(parameter.high)
    return ParameterRow(
        name=name,
        meaning=parameter.meaning,
        value=_format_setting(value),
        unit=parameter.unit,
        range="either" if parameter.switch else f"{low} to {high}",
        grade=parameter.grade,
        informed=INFORMED.get(informed, informed),
        source=parameter.source,
    )


def _format_setting(value: object) -> str:
    """Return the value of a parameter: what is not a number as scenario files have it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text(value)
    return format_exact(value) if isinstance(value, int) else format_significant(value, digits=4)


def mission_effect_caveat(result: Result) -> str:
    """Return sentences on what the effect of the mission in a result rests on."""
    scenario = _scenario_of(result)
    effect = _parameters_of(scenario)[EFFECT]
    low, high = format_exact(effect.low), format_exact(effect.high)
    begin = (
        "What the mission itself achieves cannot be told from counts, since its arrival coincides "
        "with much else. "
    )
    if scenario is None or not is_learned(scenario.posterior):
        return begin + (
            f"It rests on an assumed range: {effect.meaning} lies anywhere between {low} and "
            f"{high} ({EFFECT}). Each difference that the mission makes on this page rests on "
            "that range and, like the other numbers of which counts tell nothing, is what follows "
            "from an assumption."
        )
    least, most = (format_significant(value) for value in learned_interval(EFFECT))
    return begin + (
        "It is learned from past operations against gangs, which were put through the same rules "
        f"as three groups: {effect.meaning} lies between {least} and {most} in nine of ten draws "
        f"({EFFECT}), where {low} to {high} was the range before. Three groups cannot tell how "
        "far missions differ: that spread is an assumption, and each difference that the mission "
        "makes on this page rests on it."
    )


def provenance_of(result: Result) -> Provenance:
    """Return the provenance of a result, from its manifest and its stored scenario.

    Args:
        result: The result.

    Returns:
        The provenance; without the background of a scenario that this version cannot read.
    """
    scenario = _scenario_of(result)
    return Provenance(
        scenario=result.scenario_id,
        title=result.title,
        question=str(result.manifest["question"]),
        background=scenario.background if scenario else "",
        facts=_facts(result.manifest),
        resolved=(result.path / "resolved.yaml").read_text(encoding="utf-8"),
    )


def _facts(manifest: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the facts of a manifest, by name."""
    libraries = ", ".join(f"{name} {version}" for name, version in manifest["packages"].items())
    return (
        ("days", f"{manifest['start']} to {manifest['end']}"),
        ("runs", f"{manifest['completed']} finished, {manifest['failed']} failed"),
        (
            "draws of what we do not know, and replicates of each",
            f"{manifest['draws']} x {manifest['replicates']}",
        ),
        ("seed of all chance", str(manifest["seed"])),
        ("version of teritwa", str(manifest["teritwa"])),
        ("Python and libraries", f"Python {manifest['python']}, {libraries}"),
        ("world", f"{manifest['world']['name']}, SHA-256 {manifest['world']['digest']}"),
        ("posterior, SHA-256", str(manifest["posterior"]) or "none: the model's own values"),
        ("inputs, SHA-256", str(manifest["digest"])),
    )


def failed_runs_warning(results: Sequence[Result]) -> str:
    """Return how many runs of which scenarios failed; an empty text if none did."""
    failed = [
        f"{result.manifest['failed']} of {result.scenario_id}"
        for result in results
        if result.manifest["failed"]
    ]
    if not failed:
        return ""
    return (
        f"Runs that failed and are left out: {', '.join(failed)} (failures.csv of each has the "
        "causes)."
    )


PARAMETERS_NOTE = (
    "Value: what the scenario sets, else the middle of the draws that give what was counted. "
    "Range: what it may be; runs draw within it. Grades: "
    + "; ".join(f"{grade}: {meaning}" for grade, meaning in GRADES.items())
    + ". Not drawn are switches and what scenarios decide."
)
"""How to read the table of parameters."""

REPRODUCIBILITY_NOTE = (
    "The same inputs, version and libraries on one machine give the same numbers to the last bit, "
    "and this page the same text. Each run draws the numbers that nobody knows from the posterior, "
    "and its chance from the seed."
)
"""What the facts of provenance are for."""
