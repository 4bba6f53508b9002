"""The parameters of a world: an optional table that replaces what the rules declare."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.engine.errors import InputError
from teritwa.rules.registry import FAMILIES, parameter_table, registry
from teritwa.scenario import Scenario, parse
from teritwa.world import ParameterRow, World, WorldError, load

HEADER = "name,value,low,high,grade,source"
Give = Callable[..., World]


@pytest.fixture
def give(folder: Path) -> Give:
    """Return a function that gives the small world a table of parameters, and loads it."""

    def table(*rows: str, header: str = HEADER) -> World:
        (folder / "parameters.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return load(folder)

    return table


@pytest.fixture
def scenario(folder: Path) -> Callable[..., Scenario]:
    """Return a function that reads a scenario of the copy of the small world."""

    def read(body: str = "") -> Scenario:
        text = f"schema: 2\nid: a\ntitle: A\nworld: {folder.name}\nperiod: {{end: 2024-02-01}}\n"
        return parse(text + body, folder.parent / "a.yaml")

    return read


def test_without_a_table_the_declared_values_hold(island: World) -> None:
    """The small world has no table: its parameters are those that the rules declare."""
    assert island.parameters == ()
    declared = [given for kind in FAMILIES.values() for given in kind.declared().values()]
    assert registry(island) == {given.name: given for given in declared}


def test_haiti_is_the_usual_world() -> None:
    """Without a world the parameters are Haiti's, with value, range and source of its table."""
    assert registry() == registry(load())
    assert len(load().parameters) > 50
    for row in load().parameters:
        found = registry()[row.name]
        assert (found.value, found.low, found.high) == (row.value, row.low, row.high)
        assert (found.grade, found.source) == (row.grade, row.source)


def test_a_row_replaces_value_range_grade_and_source(give: Give, island: World) -> None:
    """What a table names is replaced; its name, unit, bounds and meaning stay, as do all others."""
    row = "control.adjustment_time,12.5,10,15,B,a book"
    world = give(row, "membership.fighters_day0,300,200,400,A,a count")
    assert world.parameters[0] == ParameterRow(
        "control.adjustment_time", 12.5, 10.0, 15.0, "B", "a book"
    )
    usual, found = registry(island), registry(world)
    one = found["control.adjustment_time"]
    assert (one.value, one.low, one.high, one.grade, one.source) == (12.5, 10, 15, "B", "a book")
    assert (
        dataclasses.replace(
            one,
            value=usual[one.name].value,
            between=usual[one.name].between,
            grade=usual[one.name].grade,
            source=usual[one.name].source,
        )
        == usual[one.name]
    )
    changed = {"control.adjustment_time", "membership.fighters_day0"}
    assert {name for name in usual if found[name] != usual[name]} == changed
    assert list(found) == list(usual)


def test_a_count_stays_a_count(give: Give) -> None:
    """A whole number of a table is an integer where the parameter counts, else a decimal number."""
    found = registry(
        give(
            "membership.fighters_day0,300,200,400,A,a count",
            "control.adjustment_time,12,10,15,B,a book",
        )
    )
    fighters, time = found["membership.fighters_day0"], found["control.adjustment_time"]
    assert [type(value) for value in (fighters.value, fighters.low, fighters.high)] == [int] * 3
    assert [type(value) for value in (time.value, time.low, time.high)] == [float] * 3
    assert (fighters.integral, time.integral) == (True, False)


def test_the_usual_values_are_not_touched(give: Give) -> None:
    """Another world's table changes neither Haiti's parameters nor the table without values."""
    before = parameter_table({}).tobytes()
    give("control.adjustment_time,12.5,10,15,B,a book")
    assert parameter_table({}).tobytes() == before


def test_runs_of_the_world_have_its_values(give: Give, scenario: Callable[..., Scenario]) -> None:
    """A scenario of the world draws from its values; what the scenario sets itself still wins."""
    give("control.adjustment_time,12.5,10,15,B,a book")
    assert scenario().parameters(0)["control.adjustment_time"] == 12.5
    half = "params: {control.adjustment_time: {multiply_by: 0.9}}\n"
    assert scenario(half).parameters(0)["control.adjustment_time"] == 0.9 * 12.5
    low = "params: {control.adjustment_time: {multiply_by: 0.1}}\n"
    assert scenario(low).parameters(0)["control.adjustment_time"] == 10.0
    own = "params: {control.adjustment_time: 5}\n"
    assert scenario(own).parameters(0)["control.adjustment_time"] == 5.0


def test_the_table_is_part_of_the_scenarios_digest(
    give: Give, scenario: Callable[..., Scenario]
) -> None:
    """Two worlds that differ in a parameter are two worlds."""
    digests = [scenario().digest()]
    for value in (12.5, 12.75):
        give(f"control.adjustment_time,{value},10,15,B,a book")
        digests.append(scenario().digest())
    assert len(set(digests)) == 3


FAULTS = [
    ("control.ajustment_time,5,3,9,B,s", "control.ajustment_time: unknown parameter"),
    ("memory.control,5,3,9,B,s", "memory.control: unknown parameter"),
    (
        "control.adjustment_time,-1,-2,9,B,s",
        "control.adjustment_time: -1 within -2 to 9 does not rise, or is not within 0.1 to 3650",
    ),
    (
        "control.adjustment_time,5,3,1e9,B,s",
        "control.adjustment_time: 5 within 3 to 1e+09 does not rise, or is not within 0.1 to 3650",
    ),
    ("control.adjustment_time,5,6,9,B,s", "control.adjustment_time: 5 within 6 to 9 does not"),
    ("control.adjustment_time,10,3,9,B,s", "control.adjustment_time: 10 within 3 to 9 does not"),
    ("aid.coverage,0.5,0.2,1.5,B,s", "aid.coverage: 0.5 within 0.2 to 1.5 does not rise, or is"),
    ("membership.fighters_day0,300.5,200,400,A,s", "membership.fighters_day0: counts, and takes"),
    ("membership.fighters_day0,300,200.5,400,A,s", "membership.fighters_day0: counts, and takes"),
    ("arms.enabled,1,0,1,A,s", "arms.enabled: a switch has no range; set it in a scenario"),
    ("control.adjustment_time,5,3,9,D,s", "control.adjustment_time: grade 'D', must be one of A"),
]


@pytest.mark.parametrize(("row", "words"), FAULTS, ids=[row for row, _ in FAULTS])
def test_a_row_that_cannot_be_is_named(give: Give, row: str, words: str) -> None:
    """Unknown names, values outside the bounds, fractions of counts and switches are refused."""
    world = give(row)
    with pytest.raises(WorldError) as refused:
        registry(world)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{world.folder / 'parameters.csv'}: {words}")


def test_a_scenario_of_the_world_is_told_the_lines(
    give: Give, folder: Path, scenario: Callable[..., Scenario]
) -> None:
    """Each mistake has the line of its row, in the order of the file, as in every other table."""
    give("memory.control,5,3,9,B,s", "aid.coverage,0.5,0.2,0.9,B,s", "arms.enabled,1,0,1,A,s")
    with pytest.raises(InputError) as refused:
        scenario()
    table = folder / "parameters.csv"
    assert refused.value.problems == (
        f"{table}:2: memory.control: unknown parameter",
        f"{table}:4: arms.enabled: a switch has no range; set it in a scenario",
    )


def test_all_mistakes_of_the_table_come_at_once(give: Give) -> None:
    """Every row with a mistake is listed, in the order of names."""
    world = give(*(row for row, _ in FAULTS[0:2]), "arms.enabled,1,0,1,A,s")
    with pytest.raises(WorldError) as refused:
        registry(world)
    names = [problem.split(": ")[1] for problem in refused.value.problems]
    assert names == ["arms.enabled", "control.ajustment_time", "memory.control"]


MISTAKES = [
    ("Control.x,5,3,9,B,s", "2: name: 'Control.x' is not the full name of a parameter"),
    ("control,5,3,9,B,s", "2: name: 'control' is not the full name of a parameter"),
    ("control.adjustment_time,five,3,9,B,s", "2: value: 'five' is not a number from -1e+12 to"),
    ("control.adjustment_time,5,3,inf,B,s", "2: high: 'inf' is not a number from -1e+12 to"),
    ("control.adjustment_time,5,3,9,,s", "2: grade: '' is not text: at least one visible"),
    ("control.adjustment_time,5,3,9,B, ", "2: source: ' ' is not text: at least one visible"),
    ("control.adjustment_time,5,3,9,B", "2: row: has 5 fields, must have 6"),
]


@pytest.mark.parametrize(("row", "words"), MISTAKES, ids=[row for row, _ in MISTAKES])
def test_a_field_that_cannot_be_read_is_named(
    give: Give, folder: Path, row: str, words: str
) -> None:
    """The table is read as strictly as the others, with line and column of each mistake."""
    with pytest.raises(WorldError) as refused:
        give(row)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{folder / 'parameters.csv'}:{words}")


def test_a_parameter_is_given_once(give: Give) -> None:
    """Two rows of one parameter are a mistake of the second."""
    row = "control.adjustment_time,12.5,10,15,B,a book"
    with pytest.raises(WorldError, match=r"'control\.adjustment_time' is already given in line 2"):
        give(row, row)


def test_an_empty_table_changes_nothing(give: Give, island: World) -> None:
    """A header alone is a table without rows; a file without a header is a mistake."""
    assert registry(give()) == registry(island)
    with pytest.raises(WorldError, match=r"parameters\.csv:1: low: column is missing"):
        give(header=HEADER.replace("low,", ""))


def test_order_of_rows_does_not_matter(give: Give) -> None:
    """Rows are sorted by name, like those of every table."""
    rows = (
        "control.adjustment_time,12.5,10,15,B,a book",
        "aid.coverage,0.5,0.2,0.9,B,a book",
    )
    assert give(*rows) == give(*reversed(rows))
    assert [row.name for row in give(*rows).parameters] == [
        "aid.coverage",
        "control.adjustment_time",
    ]
