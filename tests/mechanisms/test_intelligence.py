"""Intelligence: what is seen, and what people tell."""

from typing import Any

import pytest

from teritwa.mechanisms.intelligence import detection

VALUES = {"intelligence.visible": 0.5, "intelligence.cooperation": 0.4}


@pytest.mark.parametrize(("influence", "known"), [(0.0, 0.7), (0.5, 0.6), (1.0, 0.5)])
def test_people_tell_less_where_gangs_dominate(country: Any, influence: float, known: float) -> None:
    """Half is seen; of the other half people tell 0.4 under the state, 0.2 at parity, nothing under gangs."""
    here = country(values=VALUES)
    here.districts["gang_influence"][0] = influence
    assert detection(here.state.districts[0], here.rules("intelligence")) == pytest.approx(known)
