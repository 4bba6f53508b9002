"""From officers in the country to districts held: what becomes of a force's effort in a result.

Each link of the chain is a mean over runs, with the range of the middle nine tenths of them:
officer-days in the country, those able to operate, those out (operations, garrisons, and patrols on
duty), gang members killed and arrested, districts cleared, and people of the capital under gangs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teritwa.ensemble.result import Result
from teritwa.world.codes import FORCES, PERPETRATORS, VICTIMS


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain, for one force or for all: a quantity over the whole run."""

    force: str
    quantity: str
    unit: str
    mean: float
    low: float
    high: float


def effort(result: Result) -> tuple[Link, ...]:
    """Return the chain of a result: by force as far as it can be told apart, then for all.

    Args:
        result: The result; each of its finished runs counts once.
    """
    links = [link for force in FORCES for link in _of_force(result, force)]
    return (*links, *_of_all(result))


def _of_force(result: Result, force: str) -> list[Link]:
    """Return officer-days of a force and the gang members whom it killed."""
    own = np.array([one == force for one in result.labels("force")])
    found = []
    for outcome, words in (
        ("officers_deployed", "in the country"),
        ("officers_operational", "able to operate"),
        ("officers_out", "out: operations, garrisons, patrols"),
    ):
        days = result.runs(outcome)[:, :, own].sum(axis=(1, 2))
        found.append(_link(force, words, "officer-days", days))
    row, gang = PERPETRATORS.index(force), VICTIMS.index("gang")
    killed = result.runs("killed")[:, :, row, gang].sum(axis=1)
    return [*found, _link(force, "gang members killed", "persons", killed)]


def _of_all(result: Result) -> list[Link]:
    """Return what all forces together reach."""
    found = [
        _link("all", words, unit, result.runs(outcome).sum(axis=1))
        for outcome, words, unit in (
            ("fighters_arrested", "gang members arrested", "persons"),
            ("residents_detained", "residents detained", "persons"),
            ("cleared", "districts cleared", "clearings"),
            ("cleared_from_gangs", "of the capital, from a gang", "clearings"),
            ("recaptured", "of these lost again within 30 days", "clearings"),
        )
    ]
    control = 100.0 * result.runs("gang_control_capital")
    taken = control[:, 0] - control[:, -1]
    return [*found, _link("all", "people of the capital taken from gangs", "points", taken)]


def _link(force: str, quantity: str, unit: str, values: NDArray[np.float64]) -> Link:
    low, high = np.quantile(values, (0.05, 0.95))
    return Link(force, quantity, unit, float(values.mean()), float(low), float(high))


def as_lines(links: Sequence[Link]) -> list[str]:
    """Return the chain as lines of a table."""
    head = f"{'force':8} {'quantity':40} {'mean':>14} {'90 % of runs':>29}  unit"
    return [
        head,
        *(
            f"{one.force:8} {one.quantity:40} {one.mean:14,.1f} "
            f"{one.low:14,.1f} {one.high:14,.1f}  {one.unit}"
            for one in links
        ),
    ]
