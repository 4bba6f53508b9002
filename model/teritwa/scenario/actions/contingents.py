"""Actions about contingents: officers are pledged, arrive and leave; equipment reaches them."""

from dataclasses import dataclass
from typing import ClassVar

from teritwa.rules.agents.police_unit import Contingent
from teritwa.rules.mission.contingents import everybody, order_home
from teritwa.rules.mission.force_generation import begin_preparation
from teritwa.scenario.actions.action import (
    Action,
    days_key,
    integer_key,
    known_name,
    officers_in_words,
    officers_key,
    optional_days_key,
    optional_integer_key,
    require_one,
    share_key,
    title_of,
)
from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.reader.field_reader import FieldReader
from teritwa.world.codes import ALL

OFFICERS = "officers of"


def _settled(officers: int | Distribution) -> int:
    """Return a number of officers; in a run none is a distribution any more."""
    return int(officers)  # type: ignore[arg-type]


def _at_most(officers: int | Distribution) -> int:
    """Return the largest number of officers that there may be."""
    return officers if isinstance(officers, int) else round(officers.support[1])


def _meant(run: RunRecords, name: str) -> list[Contingent]:
    """Return the contingent of a name, or those of the mission if it is ALL."""
    rows = run.world.contingents
    return [
        run.contingent(row.id)
        for row in rows
        if row.id == name or (name == ALL and row.force == "mission")
    ]


def _of_each(what: str, name: str, mission: frozenset[str]) -> frozenset[str]:
    """Return words about each contingent that a name means."""
    return frozenset(f"{what} {one}" for one in (mission if name == ALL else (name,)))


@dataclass(frozen=True)
class Deploy(Action):
    """Officers of a contingent set out and arrive evenly over a duration (0 days: all at once).

    Where officers of the contingent are still in transit, the rates of arrival add up.
    """

    key: ClassVar[str] = "deploy"
    contingent: str = known_name("contingents", "contingent", "whose officers arrive")
    officers: int | Distribution = officers_key("how many arrive")
    duration: int = days_key("days over which they arrive")

    def label(self) -> str:
        """Return a few words about the action."""
        return f"{title_of(self.contingent)}: {officers_in_words(self.officers)} officers arrive"

    @property
    def officers_sent(self) -> int:
        """The officers who arrive."""
        return _at_most(self.officers)

    @property
    def adds_to(self) -> frozenset[str]:
        """The officers of the contingent."""
        return frozenset((f"{OFFICERS} {self.contingent}",))

    def apply(self, run: RunRecords) -> None:
        """Add the officers to those in transit."""
        contingent, officers = run.contingent(self.contingent), _settled(self.officers)
        if contingent.in_transit == 0:
            contingent.arrival_rate = 0.0
        contingent.in_transit += officers
        run.ledger.officers_sent += officers
        contingent.arrival_rate += officers / max(1, self.duration)


@dataclass(frozen=True)
class Pledge(Action):
    """A contributor promises officers, who are prepared before they set out."""

    key: ClassVar[str] = "pledge"
    contingent: str = known_name("mission", "contingent of the mission", "whose officers come")
    officers: int | Distribution = officers_key("how many are promised")
    preparation: int = days_key("days of preparation, on average", required=True)

    def label(self) -> str:
        """Return a few words about the action."""
        return f"{title_of(self.contingent)}: {officers_in_words(self.officers)} officers pledged"

    @property
    def officers_sent(self) -> int:
        """The officers who are promised."""
        return _at_most(self.officers)

    @property
    def adds_to(self) -> frozenset[str]:
        """The officers of the contingent."""
        return frozenset((f"{OFFICERS} {self.contingent}",))

    def apply(self, run: RunRecords) -> None:
        """Let the officers' preparation begin."""
        row, officers = run.contingents[self.contingent], _settled(self.officers)
        begin_preparation(run.state, run.randomness, row, officers, self.preparation)


@dataclass(frozen=True)
class Withdraw(Action):
    """Officers of a contingent leave, spread evenly over a duration; without a number all do.

    If they are more than are there, others who were to come do not. Officers of the country's own
    forces leave the service.
    """

    key: ClassVar[str] = "withdraw"
    contingent: str = known_name(
        "contingents",
        "contingent",
        "whose officers leave; all: those of every contingent of the mission",
        also=frozenset((ALL,)),
    )
    officers: int | None = optional_integer_key("how many leave; all, if not given")
    duration: int = days_key("days over which they leave")

    def label(self) -> str:
        """Return a few words about the action."""
        return f"{title_of(self.contingent)}: officers leave"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: how many of the contingent are left."""
        return _of_each(OFFICERS, self.contingent, mission)

    def apply(self, run: RunRecords) -> None:
        """Order the officers home."""
        for contingent in _meant(run, self.contingent):
            officers = everybody.plain(contingent) if self.officers is None else self.officers
            order_home.plain(contingent, run.ledger, officers, self.duration)


@dataclass(frozen=True)
class Pay(Action):
    """A contingent is paid in part from then on, or bears to be owed more or less pay.

    The state pays its own forces, the fund pays those of the mission as far as it has money. A
    share of 1 pays in full again.
    """

    key: ClassVar[str] = "pay"
    contingent: str = known_name(
        "contingents",
        "contingent",
        "who is paid; all: every contingent of the mission",
        also=frozenset((ALL,)),
    )
    share: float | None = share_key("share of the pay that is granted from then on, 0 to 1")
    patience: int | None = optional_days_key(
        "days of pay that it bears to be owed before it goes home (own forces quit one by one)"
    )

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if nothing is given."""
        require_one(reader, ("share", "patience"), "nothing")

    def label(self) -> str:
        """Return a few words about the action."""
        name = title_of(self.contingent)
        if self.share is not None:
            return f"{name}: {self.share:.0%} of pay"
        return f"{name}: patience of {self.patience} days"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: share of the pay or patience of the contingent."""
        given = (key for key in ("share", "patience") if getattr(self, key) is not None)
        return frozenset[str]().union(
            *(_of_each(f"pay {key} of", self.contingent, mission) for key in given)
        )

    def apply(self, run: RunRecords) -> None:
        """Set what is given."""
        for contingent in _meant(run, self.contingent):
            if self.share is not None:
                contingent.pay_share = self.share
            if self.patience is not None:
                contingent.own_patience = self.patience


@dataclass(frozen=True)
class Equipment(Action):
    """Vehicles, aircraft, drones and night-vision sets reach a contingent, also one at home."""

    key: ClassVar[str] = "equipment"
    contingent: str = known_name("contingents", "contingent", "whom it reaches")
    vehicles: int = integer_key("armoured vehicles", default=0)
    helicopters: int = integer_key("helicopters", default=0)
    surveillance_drones: int = integer_key("surveillance drones", default=0)
    armed_drones: int = integer_key("armed drones", default=0)
    night_vision: int = integer_key("night-vision sets, one an officer", default=0)

    WORDS: ClassVar[dict[str, str]] = {
        "vehicles": "vehicle",
        "helicopters": "helicopter",
        "surveillance_drones": "surveillance drone",
        "armed_drones": "armed drone",
        "night_vision": "night-vision set",
    }
    """The word for one thing of each kind."""

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if nothing is given."""
        require_one(reader, tuple(cls.WORDS), "nothing")

    def implied(self, name: str, value: object) -> bool:
        """Whether none of a thing is given."""
        return value == 0

    def label(self) -> str:
        """Return a few words about the action."""
        given = ((getattr(self, name), word) for name, word in self.WORDS.items())
        things = [f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in given if n]
        return f"{title_of(self.contingent)}: {', '.join(things)}"

    def apply(self, run: RunRecords) -> None:
        """Add the things to the contingent's own, and enter the vehicles in the ledger."""
        contingent = run.contingent(self.contingent)
        contingent.vehicles += self.vehicles
        contingent.helicopters += self.helicopters
        contingent.surveillance_drones += self.surveillance_drones
        contingent.armed_drones += self.armed_drones
        contingent.night_vision += self.night_vision
        run.ledger.vehicles_delivered += self.vehicles
