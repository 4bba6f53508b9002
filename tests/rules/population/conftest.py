"""What the tests of several rules of the population share."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

VALUES = {
    "displacement.displaced_per_killed": 200.0,
    "displacement.daily_share_limit": 0.25,
    "displacement.menace_share": 0.0,
    "displacement.takeover_share": 0.0,
    "displacement.return_rate": 0.003,
    "displacement.quiet_days": 30,
    "displacement.household_size": 1,
    "displacement.family_tie_weight": 0.6,
    "displacement.recent_attack_deterrence": 0.5,
    "displacement.recent_attack_days": 14,
    "displacement.network_effect": 2.0,
    "displacement.services_weight": 0.3,
}
LINE = [(0, 1), (1, 2), (2, 3)]


@pytest.fixture
def line(country: Any) -> Callable[..., Any]:
    """Return a function that makes four districts in a line, with fixed parameters."""

    def make(values: Mapping[str, float] = {}, size: int = 4) -> Any:
        return country(size, LINE[: size - 1], values={**VALUES, **values})

    return make


@pytest.fixture
def refuge(line: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes four safe districts of 100,000 people each.

    From district 0 the pulls of the others by nearness are 1:2:1, and by family 0:0:1.
    """

    def make(values: Mapping[str, float] = {}) -> Any:
        here = line(values)
        here.districts["people"]["residents"], here.safety[:] = 100_000, 1.0
        here.by_pair("near")[0], here.by_pair("family")[0] = (
            [5.0, 1.0, 2.0, 1.0],
            [0.5, 0.0, 0.0, 0.5],
        )
        return here.begin()

    return make
