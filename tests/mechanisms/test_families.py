"""The registry of parameters: every one by its full name, and a table of them as rules take it."""

import pytest

from teritwa.mechanisms import FAMILIES, parameter_record, parameter_table, registry


def test_table_holds_what_the_registry_says() -> None:
    """Without other values each parameter has its own, in the type of what it is."""
    table = parameter_table({})
    for name, given in registry().items():
        family, field = name.split(".")
        found = table[family][field][0]
        assert found == given.value
        assert found.dtype.kind == ("b" if given.switch else "i" if given.whole else "f"), name


def test_values_replace_by_full_name() -> None:
    """What is given replaces one parameter and no other, and rules see it."""
    usual = parameter_table({})
    table = parameter_table({"control.memory": 4.5})
    assert parameter_record(table)["control"]["memory"] == 4.5
    table["control"]["memory"] = usual["control"]["memory"]
    assert table.tobytes() == usual.tobytes()


def test_unknown_name_is_refused() -> None:
    """A name that no mechanism declares is a KeyError, not a silent nothing."""
    with pytest.raises(KeyError, match=r"control\.memmory"):
        parameter_table({"control.memmory": 1.0})


def test_every_family_is_a_file_with_its_own_class() -> None:
    """Each family's class stands in the file of its name."""
    assert {name: kind.__module__ for name, kind in FAMILIES.items()} == {
        name: f"teritwa.mechanisms.{name}" for name in FAMILIES
    }
