"""Travel: destinations are found, and ways between places far apart have a length."""

import math
from typing import Any

import pytest

from teritwa.rules.agents.district import NO_ONE
from teritwa.rules.districts.travel import FAR, destination_to, hours_between


def three(country: Any, *, consecutive: bool) -> Any:
    """Return three districts of which the first has the others, the last only itself, near."""
    here = country(3, [(0, 1), (1, 2)])
    place = here.districts["place"]
    place["consecutive_hosts"], place["landmass"] = consecutive, [0, 0, 1]
    place["first_destination"][2], place["first_host"][2] = 8, 2
    here.set_hours({(0, 1): 1.5})
    return here


@pytest.mark.parametrize("consecutive", [True, False])
def test_destinations_are_found(country: Any, consecutive: bool) -> None:
    """Each pair has its row, found at once or by a search; what is too far has none."""
    here = three(country, consecutive=consecutive)
    for origin in range(2):
        for host in range(3):
            assert destination_to(here.state, origin, host) == 3 * origin + host
    assert [destination_to(here.state, 2, host) for host in range(3)] == [NO_ONE, NO_ONE, 8]


def test_ways_beyond_the_lists_have_a_length(country: Any) -> None:
    """Ways that are listed take their hours; others are far, or infinite without land between."""
    here = three(country, consecutive=False)
    assert hours_between(here.state, 0, 1) == 1.5
    assert hours_between(here.state, 2, 0) == math.inf
    here.districts["place"]["landmass"] = 0
    assert hours_between(here.state, 2, 0) == FAR
