"""Outcomes: names, axes and units of the declared list, and the codes of the casualty tables."""

import numpy as np

from teritwa.rules.districts import casualties
from teritwa.rules.registry import OUTCOMES
from teritwa.world.codes import MANDATES, PERPETRATORS, VICTIMS


def test_casualty_tables_have_the_axes_of_the_outcomes() -> None:
    """The codes that rules write with are the positions of the names on the axes."""
    by = (
        casualties.BY_GANG,
        casualties.BY_POLICE,
        casualties.BY_MISSION,
        casualties.BY_ARMY,
        casualties.BY_BRIGADE,
    )
    assert [PERPETRATORS[code] for code in by] == ["gang", "police", "mission", "army", "brigade"]
    of = (casualties.CIVILIAN, casualties.FIGHTER, casualties.OFFICER)
    assert [VICTIMS[code] for code in of] == ["civilian", "gang", "officer"]
    assert MANDATES == ("none", "support mission", "UN peacekeeping")


def test_every_outcome_is_described() -> None:
    """Each outcome has its own name, known axes, a unit, a meaning and a stored type."""
    axes = {"date", "week", "district", "contingent", "perpetrator", "victim"}
    for name, outcome in OUTCOMES.items():
        assert outcome.name == name
        assert set(outcome.dimensions) <= axes
        assert outcome.dimensions[0] in ("date", "week")
        assert outcome.unit
        assert outcome.meaning
        assert np.dtype(outcome.stored).kind in "if"
