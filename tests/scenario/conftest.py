"""A small world and registry of parameters: what a file may say does not depend on our data."""

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from teritwa import world
from teritwa.engine.parameters import Parameter, switch
from teritwa.scenario import Scenario, ScenarioError, load, parse

HEAD = "schema: 2\nid: test\ntitle: A test\nperiod: {start: 2024-01-01, end: 2024-12-31}\n"


def _parameter(
    name: str, value: float, unit: str, between: tuple[float, float], bounds: tuple[float, float]
) -> Parameter:
    """Return a parameter that no rule declares, with its plausible range and its bounds."""
    return Parameter(
        value,
        unit,
        between=between,
        bounds=bounds,
        grade="C",
        source="assumption",
        meaning="made up",
        name=name,
    )


def _switch(name: str) -> Parameter:
    """Return a switch that no rule declares."""
    found: Parameter = dataclasses.replace(switch(meaning="made up"), name=name)
    return found


COVERAGE = "officers per 1,000 residents"
REGISTRY = {
    found.name: found
    for found in (
        _parameter("control.adjustment_time", 8.0, "days", (3, 21), (1, 60)),
        _parameter("gangs.members_day0", 8000, "persons", (5500, 12000), (1000, 20000)),
        _parameter("gangs.fighters", 8000, "persons", (5500, 12000), (1000, 20000)),
        _parameter("hold.night_share", 0.1, "1", (0, 0.9), (0, 1)),
        _parameter("presence.police_coverage_constant", 8.0, COVERAGE, (2, 25), (0, 250)),
        _switch("war.on"),
    )
}
"""The only parameters that scenario files of these tests may name."""


def _rows(*names: str) -> tuple[SimpleNamespace, ...]:
    """Return rows of a table that have only an id."""
    return tuple(SimpleNamespace(id=name) for name in names)


WORLD = SimpleNamespace(
    start=date(2024, 1, 1),
    districts=_rows("solino", "nazon", "ganthier", "delmas-24", "delmas-33"),
    gangs=_rows("400-mawozo", "brooklyn", "ti-bois"),
    contingents=(
        *(
            SimpleNamespace(id=name, force="mission")
            for name in ("kenya", "jamaica", "guatemala", "united-nations")
        ),
        SimpleNamespace(id="haitian-police", force="police"),
        SimpleNamespace(id="haitian-army", force="army"),
    ),
    donors=_rows("united-states", "trust-fund", "further-donors"),
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, Parameter]:
    """Replace Haiti and the model's parameters by the small world and registry; return these."""
    monkeypatch.setattr("teritwa.scenario.vocabulary.registry", lambda folder=None: REGISTRY)
    monkeypatch.setattr(world, "load", lambda folder=None: WORLD)
    return REGISTRY


@pytest.fixture
def read(small: dict[str, Parameter], tmp_path: Path) -> Callable[..., Scenario]:
    """Return a function that reads a scenario from text after the usual head."""

    def from_text(body: str, head: str = HEAD) -> Scenario:
        return parse(head + body, tmp_path / "test.yaml", "test.yaml")

    return from_text


@pytest.fixture
def head() -> str:
    """Return the head of every sound scenario of these tests."""
    return HEAD


@pytest.fixture
def mistakes(read: Callable[..., Scenario]) -> Callable[..., tuple[str, ...]]:
    """Return a function that reads a wrong scenario and returns its mistakes."""

    def lines(body: str, head: str = HEAD) -> tuple[str, ...]:
        with pytest.raises(ScenarioError) as caught:
            read(body, head)
        return caught.value.problems

    return lines


@pytest.fixture
def drawn(small: dict[str, Parameter], tmp_path: Path) -> Callable[..., Scenario]:
    """Return a function that loads a scenario with a table of draws beside it."""

    def from_table(table: str | bytes, body: str = "") -> Scenario:
        data = table.encode() if isinstance(table, str) else table
        (tmp_path / "draws.csv").write_bytes(data)
        (tmp_path / "test.yaml").write_text(f"{HEAD}posterior: draws.csv\n{body}", encoding="utf-8")
        return load(tmp_path / "test.yaml")

    return from_table
