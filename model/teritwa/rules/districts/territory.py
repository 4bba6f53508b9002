"""Territory: which places and how many people gangs hold, as outcomes and as donors see it.

Who holds a district is decided in `teritwa.rules.districts.control`.
"""

import numpy as np

from teritwa.engine.compiler import rule
from teritwa.engine.records import Array
from teritwa.rules.agents.district import STATE
from teritwa.rules.agents.state import State
from teritwa.rules.outcomes import BY_DISTRICT, measured, outcome

HOLDER = outcome(
    "holder",
    "districts.control.holder",
    unit="1",
    meaning="gang that holds the district, by its place among the ids of the world's gangs in the "
    "order of the alphabet, from 0; -1 the state",
    stored="i4",
    dimensions=BY_DISTRICT,
)


@rule
def share_held_by_gangs(state: State, capital: bool) -> float:
    """Return the share of the people of 2015 whose district a gang holds now.

    Args:
        state: All records of the run.
        capital: Whether only the capital counts, or the nation.
    """
    held, total = 0, 0
    for district in state.districts:
        if district.place.metropolitan or not capital:
            total += district.place.residents_2015
            held += district.place.residents_2015 if district.control.holder != STATE else 0
    return 1.0 * held / max(1, total)


def _share_held(weights: Array, holder: Array) -> Array:
    """Return by day (time) the share of weights (district) in districts that gangs hold."""
    total = weights.sum()
    held: Array = (holder != STATE).astype(float) @ weights.astype(float)  # whole numbers: exact
    return held / (total if total > 0 else 1)


@measured(
    "districts.control.holder",
    unit="1",
    label="Held by gangs",
    stored="i1",
    dimensions=BY_DISTRICT,
)
def held_by_gangs(_: Array, holder: Array) -> Array:
    """Return whether a gang holds the district, 1 or 0."""
    held: Array = (holder != STATE).astype(np.int64)
    return held


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the capital",
    stored="f4",
)
def gang_control_capital(districts: Array, holder: Array) -> Array:
    """Return share of the capital's people (where they lived in 2015) in districts gangs hold."""
    place = districts["place"]
    return _share_held(place["residents_2015"] * place["metropolitan"], holder)


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the capital's districts",
    stored="f4",
)
def gang_control_districts(districts: Array, holder: Array) -> Array:
    """Return share of the capital's districts that gangs hold."""
    return _share_held(districts["place"]["metropolitan"].astype(np.int64), holder)


@measured(
    "districts.control.holder",
    unit="1",
    label="Gang control of the nation",
    stored="f4",
)
def gang_control_national(districts: Array, holder: Array) -> Array:
    """Return share of the nation's people (where they lived in 2015) in districts gangs hold."""
    return _share_held(districts["place"]["residents_2015"], holder)


@measured(
    "districts.control.holder",
    unit="districts",
    label="Towns lost to gangs outside the capital",
    stored="i4",
)
def towns_lost(districts: Array, holder: Array) -> Array:
    """Return towns outside the capital that gangs hold now and not on day 0, less the reverse."""
    place = districts["place"]
    outside = ~place["metropolitan"]
    held = (holder[:, outside] != STATE).sum(axis=1)
    lost: Array = held - place["held_on_day_0"][outside].sum()
    return lost


@measured(
    "districts.control.gang_influence",
    unit="1",
    label="Zone of control",
    stored="i1",
    dimensions=BY_DISTRICT,
)
def control_zone(_: Array, influence: Array) -> Array:
    """Return zone of control, 1 (state) to 5 (gang), as the rule `zone` does for one district."""
    return np.minimum(5, 1 + (influence * 5.0).astype(np.int64))
