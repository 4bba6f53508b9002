"""What an event of a scenario can do: a closed set of small records.

Durations are whole days, money is whole US cents, people and vehicles are whole.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from teritwa.scenario.distributions import Distribution


@dataclass(frozen=True)
class Deploy:
    """Officers of a contingent arrive, evenly spread ``over`` days from the event's day (0: all that day)."""

    contingent: str
    officers: int | Distribution
    over: int = 0


@dataclass(frozen=True)
class Pledge:
    """A contributor promises officers, who are prepared for about ``preparation`` days before they set out."""

    contingent: str
    officers: int | Distribution
    preparation: int


@dataclass(frozen=True)
class Withdraw:
    """Officers of a contingent leave, evenly ``over`` days; no number means all of them.

    Contingent ``all`` means every contingent of the mission.
    """

    contingent: str
    officers: int | None = None
    over: int = 0


@dataclass(frozen=True)
class Mandate:
    """A vote: the mission's legal basis becomes ``none``, ``support-mission`` or ``un-peacekeeping``.

    ``authorised`` is the ceiling of officers; ``until`` the last day in force (None: open); ``military`` whether it
    is for soldiers and not for police alone. The United Nations take over some time after their vote.
    """

    becomes: str
    authorised: int = 0
    until: date | None = None
    military: bool = False


@dataclass(frozen=True)
class Money:
    """A donor promises, pays once, or pays every month from that day on; all in US cents.

    None leaves as it was; ``monthly`` 0 stops the monthly payment.
    """

    donor: str
    pledge: int | None = None
    receive: int | None = None
    monthly: int | None = None


@dataclass(frozen=True)
class Equipment:
    """Armoured vehicles, aircraft, drones and night-vision sets reach a contingent, the country's own included."""

    contingent: str
    vehicles: int = 0
    helicopters: int = 0
    surveillance_drones: int = 0
    armed_drones: int = 0
    night_vision: int = 0


EQUIPMENT = {
    "vehicles": "vehicle",
    "helicopters": "helicopter",
    "surveillance_drones": "surveillance drone",
    "armed_drones": "armed drone",
    "night_vision": "night-vision set",
}
"""What `Equipment` can bring: each field with the word for one of its things."""


@dataclass(frozen=True)
class Base:
    """A forward base opens or closes in a district."""

    district: str
    open: bool


@dataclass(frozen=True)
class Coalition:
    """The gangs' coalition forms or breaks."""

    active: bool


@dataclass(frozen=True)
class Offensive:
    """A gang, or the whole ``coalition``, means to take the targets for ``over`` days, at least 1; who wins is free."""

    gangs: str
    targets: tuple[str, ...]
    over: int


@dataclass(frozen=True)
class Operation:
    """Police and mission give the targets priority together for ``over`` days, at least 1."""

    targets: tuple[str, ...]
    over: int


@dataclass(frozen=True)
class PrisonBreak:
    """Prisoners escape and can be recruited."""

    escaped: int


@dataclass(frozen=True)
class Coordination:
    """How well the country's leaders act together from now on, 0 to 1; whether their security council has a staff.

    None leaves as it was.
    """

    level: float | None = None
    staffed: bool | None = None


@dataclass(frozen=True)
class Change:
    """Parameters take new values, by full name, in the parameter's own unit; a switch is true or false."""

    params: tuple[tuple[str, float], ...]

    def without(self, names: Collection[str]) -> "Change":
        """Return the change of all the other parameters."""
        return Change(tuple((name, value) for name, value in self.params if name not in names))


Action = (
    Deploy
    | Pledge
    | Withdraw
    | Mandate
    | Money
    | Equipment
    | Base
    | Coalition
    | Offensive
    | Operation
    | PrisonBreak
    | Coordination
    | Change
)

# The key of each action in a scenario file.
NAMES: dict[str, type] = {
    "deploy": Deploy,
    "pledge": Pledge,
    "withdraw": Withdraw,
    "mandate": Mandate,
    "money": Money,
    "equipment": Equipment,
    "base": Base,
    "coalition": Coalition,
    "offensive": Offensive,
    "operation": Operation,
    "prison-break": PrisonBreak,
    "coordination": Coordination,
    "change": Change,
}
_KEYS = {kind: name for name, kind in NAMES.items()}


def name_of(action: Action) -> str:
    """Return the action's key in a scenario file."""
    return _KEYS[type(action)]


@dataclass(frozen=True)
class Event:
    """Something that happens to the world at most once in a run.

    It happens ``on`` a day, or on a day between ``on`` and ``latest``, or ``delay`` days ``after`` another
    event that happened; with ``chance``; not if ``unless``, and only if ``only_if``, happened by that day.
    """

    id: str
    action: Action
    on: date | None = None
    latest: date | None = None
    after: str | None = None
    delay: int | Distribution = 0
    chance: float = 1.0
    unless: str | None = None
    only_if: str | None = None
    source: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the ids of the events that decide about this one."""
        return tuple(name for name in (self.after, self.unless, self.only_if) if name is not None)

    @property
    def uncertain(self) -> bool:
        """Whether chance or another event decides if it happens."""
        return self.chance < 1.0 or bool(self.needs)


@dataclass(frozen=True)
class Dated:
    """An event that happens in a run: its day counted from the start (0), its id and what it does."""

    day: int
    event: str
    action: Action


def label_of(action: Action) -> str:
    """Return a few words about an action, for a picture."""
    return _LABELS[type(action)](action)


def _named(identity: str) -> str:
    """Write an id as a name: ``el-salvador`` is El Salvador, ``delmas-24-30`` is Delmas 24-30."""
    return re.sub(r"-(?!\d)|(?<!\d)-", " ", identity).title()


def _amount(money: Any) -> str:
    if money.monthly == 0:
        return f"{_named(money.donor)} stops paying"
    cents = money.receive or money.monthly or money.pledge or 0
    verb = "pays" if money.receive else "pays monthly" if money.monthly else "pledges"
    return f"{_named(money.donor)} {verb} ${cents / 100e6:,.1f} million"


def _officers(action: Any) -> str:
    given = action.officers
    return f"{given:,}" if isinstance(given, int) else "{:,.0f} to {:,.0f}".format(*given.support)


def _mandate(mandate: Any) -> str:
    if mandate.becomes == "un-peacekeeping":
        return "mandate: UN peacekeeping voted"
    return f"mandate: {mandate.becomes.replace('-', ' ')}{', military' if mandate.military else ''}"


def _things(equipment: Any) -> str:
    given = ((getattr(equipment, name), word) for name, word in EQUIPMENT.items())
    return ", ".join(f"{number:,} {word}{'' if number == 1 else 's'}" for number, word in given if number)


def _coordination(coordination: Any) -> str:
    level, staffed = coordination.level, coordination.staffed
    words = [] if level is None else [f"coordination {level:.0%}"]
    words += [] if staffed is None else [f"security council {'staffed' if staffed else 'not staffed'}"]
    return ", ".join(words)


_LABELS: dict[type, Callable[[Any], str]] = {
    Deploy: lambda action: f"{_named(action.contingent)}: {_officers(action)} officers arrive",
    Pledge: lambda action: f"{_named(action.contingent)}: {_officers(action)} officers pledged",
    Withdraw: lambda action: f"{_named(action.contingent)}: officers leave",
    Mandate: _mandate,
    Money: _amount,
    Equipment: lambda action: f"{_named(action.contingent)}: {_things(action)}",
    Base: lambda action: f"forward base {'opens' if action.open else 'closes'}: {_named(action.district)}",
    Coalition: lambda action: f"gang coalition {'forms' if action.active else 'breaks'}",
    Offensive: lambda action: f"offensive: {', '.join(map(_named, action.targets[:2]))}",
    Operation: lambda action: f"operation: {', '.join(map(_named, action.targets[:2]))}",
    PrisonBreak: lambda action: f"{action.escaped:,} prisoners escape",
    Coordination: _coordination,
    Change: lambda action: f"change: {', '.join(name for name, _ in action.params[:2])}",
}
