"""Effects of a posture: the parameters that every posture has, each with its own value and range.

The reference for lethality, losses and bystanders is a raid: its factors are 1 by definition. What
operations are known to arrest and to kill gives the ranges of arrests: next to nobody in raids,
some four for each person killed where entry was announced (Complexo do Alemão, November 2010: 123
to 200 arrested, 37 to 41 killed), and forty and more in searches with detention.
"""

from typing import Any

from teritwa.engine.parameters import PUBLISHED_COUNTS, parameter

ASSUMPTION = "assumption"
OPERATIONS_OF_THE_PAST = "past missions: who was killed and arrested in operations"
"""What informs the losses and arrests of operations."""


def lethality(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the factor on the fighters whom an officer kills in an hour."""
    return _of_operations(value, between, source, "factor on fighters killed per officer-hour")


def losses(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the factor on the officers who die."""
    return _factor(value, between, source, "factor on officers killed")


def bystanders(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the factor on the bystanders killed per fighter killed."""
    meaning = "factor on bystanders killed per fighter killed"
    return _of_operations(value, between, source, meaning)


def coverage(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the factor on what officers cover of their district."""
    return _factor(value, between, source, "factor on what officers cover of their district")


def cost(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the factor on the cost of an officer of the mission."""
    return _factor(value, between, source, "factor on the cost of an officer of the mission")


def arrests(value: float, between: tuple[float, float], source: str) -> Any:
    """Declare the fighters arrested per fighter killed."""
    return parameter(
        value,
        "persons per person killed",
        between=between,
        bounds=(0.0, 1000.0),
        grade="C",
        source=source,
        meaning="fighters arrested per fighter killed",
        informed_by=OPERATIONS_OF_THE_PAST,
    )


def surrender(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the share of the fighters who surrender when they must give way."""
    meaning = "share of the fighters who surrender when they are driven out"
    return _share(value, between, source, meaning)


def search(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the effort against hidden fighters."""
    return _share(value, between, source, "share of officers' effort spent on hidden fighters")


def night_share(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the share of the night that officers stay where they operate."""
    meaning = "share of the night that officers stay where they operate"
    return _share(value, between, source, meaning)


def detentions(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the residents detained for questioning per officer and day."""
    return parameter(
        value,
        "persons per officer and day",
        between=between,
        bounds=(0.0, 10.0),
        grade="C",
        source=source,
        meaning="residents detained for questioning per officer and day",
        informed_by=PUBLISHED_COUNTS if source == ASSUMPTION else OPERATIONS_OF_THE_PAST,
    )


def trust(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare what officers do to trust in a district that they cover."""
    meaning = (
        "share of the missing trust gained in a day where officers cover a whole district, "
        "or of the trust lost, below 0"
    )
    return _effect(value, "1 per day", between, (-0.1, 0.1), source, meaning)


def force_ratio(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the officers that command wants for each fighter whom it believes there."""
    meaning = "officers that command wants for each fighter whom it believes in a target"
    return _effect(value, "officers per fighter", between, (0.01, 100.0), source, meaning)


def patience(value: int, between: tuple[int, int], source: str = ASSUMPTION) -> Any:
    """Declare the days after which an operation is given up."""
    meaning = "days after which an operation is given up"
    return _effect(value, "days", between, (1, 3650), source, meaning)


def hand_over(value: int, between: tuple[int, int], source: str = ASSUMPTION) -> Any:
    """Declare the days without an attack after which a district is handed over."""
    meaning = "days without an attack after which those who stay hand a district over"
    return _effect(value, "days", between, (1, 3650), source, meaning)


def garrison(value: float, between: tuple[float, float], source: str = ASSUMPTION) -> Any:
    """Declare the officers who stay in a cleared district."""
    meaning = "officers who stay in a cleared district, per 1,000 people there"
    return _effect(value, "officers per 1,000 residents", between, (0.0, 200.0), source, meaning)


def _factor(value: float, between: tuple[float, float], source: str, meaning: str) -> Any:
    return _effect(value, "1", between, (0.0, 10.0), source, meaning)


def _of_operations(value: float, between: tuple[float, float], source: str, meaning: str) -> Any:
    """Declare a factor on losses, which operations of the past inform."""
    return parameter(
        value,
        "1",
        between=between,
        bounds=(0.0, 10.0),
        grade="C",
        source=source,
        meaning=meaning,
        informed_by=OPERATIONS_OF_THE_PAST,
    )


def _share(value: float, between: tuple[float, float], source: str, meaning: str) -> Any:
    return _effect(value, "1", between, None, source, meaning)


def _effect(
    value: float,
    unit: str,
    between: tuple[float, float],
    bounds: tuple[float, float] | None,
    source: str,
    meaning: str,
) -> Any:
    """Declare a parameter of a posture, all of which judgement sets."""
    return parameter(
        value, unit, between=between, bounds=bounds, grade="C", source=source, meaning=meaning
    )
