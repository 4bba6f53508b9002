"""Uncertain values: distributions as inverse cumulative functions, one uniform a draw.

Plain sampling and designed samples (Latin hypercube, Sobol) share this one path.
"""

import math
from dataclasses import dataclass

# What each kind takes, in words that a mistake can show.
FORMS = {
    "uniform": "[lowest, highest]",
    "loguniform": "[lowest, highest], above zero",
    "triangular": "[lowest, likeliest, highest]",
    "normal": "[mean, standard deviation] with bounds: [lowest, highest]",
    "lognormal": "[median, factor above 1] with bounds: [lowest, highest]",
    "beta": "[a, b], both above zero",
    "choice": "{value: weight, ...}",
}
BOUNDED = ("normal", "lognormal")


@dataclass(frozen=True)
class Distribution:
    """A distribution of one number, in the number's own unit.

    ``numbers`` are those of `FORMS` (for ``choice`` the values, rising); ``bounds`` cut ``normal``
    and ``lognormal``; ``weights`` belong to ``choice`` and need not sum to 1.
    """

    kind: str
    numbers: tuple[float, ...]
    bounds: tuple[float, float] | None = None
    weights: tuple[float, ...] = ()

    @property
    def support(self) -> tuple[float, float]:
        """Return the lowest and the highest value that can come."""
        if self.bounds is not None:
            return self.bounds
        if self.kind == "beta":
            return 0.0, 1.0
        return self.numbers[0], self.numbers[-1]

    def quantile(self, uniform: float) -> float:
        """Return the value below which a share ``uniform`` (0 to 1) of the distribution lies."""
        low, high = self.support
        return min(max(_QUANTILES[self.kind](self, uniform), low), high)


def fault(found: Distribution) -> str:
    """Return what is wrong with the numbers of a distribution, or an empty text."""
    return _FAULTS[found.kind](found)


def _fault_of_choice(found: Distribution) -> str:
    if not found.weights or min(found.weights) < 0 or sum(found.weights) <= 0:
        return "weights must not be below zero and must not all be zero"
    return ""


def _fault_of_rising(found: Distribution) -> str:
    if list(found.numbers) != sorted(found.numbers):
        return f"{list(found.numbers)} does not rise, write {FORMS[found.kind]}"
    if found.kind == "loguniform" and found.numbers[0] <= 0:
        return f"{found.numbers[0]} is not above zero, write {FORMS[found.kind]}"
    return ""


def _fault_of_beta(found: Distribution) -> str:
    if min(found.numbers) <= 0:
        return f"{list(found.numbers)} must be above zero, write {FORMS[found.kind]}"
    return ""


def _fault_of_bounded(found: Distribution) -> str:
    if found.bounds is None:
        return f"bounds are missing, write {FORMS[found.kind]}"
    if found.bounds[0] >= found.bounds[1]:
        return f"bounds {list(found.bounds)} do not rise, write bounds: [lowest, highest]"
    wrong = _fault_of_spread(found.numbers, found.bounds[0], found.kind)
    if wrong:
        return wrong
    low, high = _cut(found)
    return "" if high > low else "the bounds leave nothing of the distribution"


def _fault_of_spread(numbers: tuple[float, ...], lowest: float, kind: str) -> str:
    centre, spread = numbers
    if kind == "normal":
        return f"standard deviation {spread} is not above zero" if spread <= 0 else ""
    if centre <= 0 or spread <= 1 or lowest < 0:
        return "the median must be above zero, the factor above 1 and the bounds not below zero"
    return ""


_FAULTS = {
    "uniform": _fault_of_rising,
    "loguniform": _fault_of_rising,
    "triangular": _fault_of_rising,
    "normal": _fault_of_bounded,
    "lognormal": _fault_of_bounded,
    "beta": _fault_of_beta,
    "choice": _fault_of_choice,
}


def _uniform(found: Distribution, uniform: float) -> float:
    low, high = found.numbers
    return low + uniform * (high - low)


def _loguniform(found: Distribution, uniform: float) -> float:
    low, high = found.numbers
    return low * math.exp(uniform * (math.log(high) - math.log(low)))


def _triangular(found: Distribution, uniform: float) -> float:
    low, top, high = found.numbers
    if high == low:
        return low
    if uniform < (top - low) / (high - low):
        return low + math.sqrt(uniform * (high - low) * (top - low))
    return high - math.sqrt((1 - uniform) * (high - low) * (high - top))


def _scaled(found: Distribution, value: float) -> float:
    """Return a value as a number of standard deviations from the centre."""
    centre, spread = found.numbers
    if found.kind == "normal":
        return (value - centre) / spread
    return (math.log(value) - math.log(centre) if value > 0 else -math.inf) / math.log(spread)


def _cut(found: Distribution) -> tuple[float, float]:
    from scipy.special import ndtr

    low, high = found.support
    return float(ndtr(_scaled(found, low))), float(ndtr(_scaled(found, high)))


def _bounded(found: Distribution, uniform: float) -> float:
    from scipy.special import ndtri

    low, high = _cut(found)
    deviations = float(ndtri(low + uniform * (high - low)))
    centre, spread = found.numbers
    if found.kind == "normal":
        return centre + spread * deviations
    return centre * math.exp(min(deviations * math.log(spread), 700.0))


def _beta(found: Distribution, uniform: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(*found.numbers, uniform))


def _choice(found: Distribution, uniform: float) -> float:
    remaining = uniform * sum(found.weights)
    for value, weight in zip(found.numbers, found.weights, strict=True):
        if remaining < weight:
            return value
        remaining -= weight
    return found.numbers[-1]


_QUANTILES = {
    "uniform": _uniform,
    "loguniform": _loguniform,
    "triangular": _triangular,
    "normal": _bounded,
    "lognormal": _bounded,
    "beta": _beta,
    "choice": _choice,
}
