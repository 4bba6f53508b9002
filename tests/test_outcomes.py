"""Outcomes: one list of names, axes and units, in step with the harm tables and with what is recorded."""

from teritwa.mechanisms import harm
from teritwa.outcomes import MANDATES, OUTCOMES, PERPETRATORS, VICTIMS
from teritwa.recording import DAILY, WEEKLY


def test_harm_tables_have_the_axes_of_the_outcomes() -> None:
    """The codes that rules write with are the places of the names on the axes."""
    by = (harm.BY_GANG, harm.BY_POLICE, harm.BY_MISSION, harm.BY_ARMY, harm.BY_BRIGADE)
    assert [PERPETRATORS[code] for code in by] == ["gang", "police", "mission", "army", "brigade"]
    assert [VICTIMS[code] for code in (harm.CIVILIAN, harm.FIGHTER, harm.OFFICER)] == ["civilian", "gang", "officer"]
    assert MANDATES == ("none", "support mission", "UN peacekeeping")


def test_every_outcome_is_recorded_once() -> None:
    """What is listed is measured daily or weekly, as its axes say, and carries its unit and meaning."""
    assert set(DAILY) | set(WEEKLY) == set(OUTCOMES)
    assert {name for name, outcome in OUTCOMES.items() if outcome.dimensions[0] == "week"} == set(WEEKLY)
    assert all(outcome.name == name and outcome.unit and outcome.meaning for name, outcome in OUTCOMES.items())
