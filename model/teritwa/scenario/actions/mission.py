"""Actions about the mission as an institution: its mandate, money, bases and coordination."""

import datetime
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from teritwa.rules.agents.institutions import NO_MANDATE, SUPPORT_MISSION
from teritwa.rules.mission.mandate import NOT_NAMED, vote_for_un
from teritwa.scenario.actions.action import (
    PEOPLE_AT_MOST,
    Action,
    ActionKey,
    action_key,
    known_name,
    money_key,
    require_one,
    share_key,
    switch_key,
    title_of,
    word_key,
)
from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.reader.field_reader import FieldReader
from teritwa.world.codes import FORCES

NO_MISSION, MISSION, PEACEKEEPING = "none", "support-mission", "un-peacekeeping"
"""Types of a mandate as scenario files write them."""

TYPES = (NO_MISSION, MISSION, PEACEKEEPING)

DATE = re.compile(r"[0-9]{4}-.*")
"""What a date begins like; anything else is a duration."""

FOR_EVER = 1 << 40
"""The last day of a mandate that has none, in days."""


def _type_given(reader: FieldReader) -> str:
    """Return the type of the mandate that is read, or an empty text."""
    return getattr(reader.items.get("type"), "text", "")


def _read_type(reader: FieldReader, key: str) -> str:
    return reader.one_of(key, TYPES, "mandate")


def _read_ceiling(reader: FieldReader, key: str) -> int:
    """Return the ceiling, which a mandate that allows officers must state."""
    needed = _type_given(reader) in (MISSION, PEACEKEEPING)
    return reader.integer(key, 0, PEOPLE_AT_MOST, None if needed else 0)


def _read_until(reader: FieldReader, key: str) -> datetime.date | None:
    return reader.day(key)


def _read_arrival(reader: FieldReader, key: str) -> datetime.date | int | None:
    """Return the day on which a UN operation takes over, or the days from its vote to then."""
    text = getattr(reader.items.get(key), "text", "")
    if key not in reader.items:
        return None
    return reader.day(key) if DATE.fullmatch(text) else reader.days(key)


def _write_arrival(arrival: datetime.date | int) -> object:
    return arrival if isinstance(arrival, datetime.date) else f"{arrival} days"


def _read_military(reader: FieldReader, key: str) -> bool:
    """Return whether the mandate is for soldiers; without the key only a UN operation is."""
    given = key in reader.items
    return reader.switch(key) if given else _type_given(reader) == PEACEKEEPING


@dataclass(frozen=True)
class Mandate(Action):
    """A vote on the legal basis of the foreign operation.

    The United Nations take over some time after their vote: on the day of ``arrival``, or after the
    time of the parameter `mandate.un_transition_time`.
    """

    key: ClassVar[str] = "mandate"
    type: str = action_key(ActionKey(f"one of {', '.join(TYPES)}", _read_type))
    authorised: int = action_key(ActionKey("ceiling of officers", _read_ceiling), 0)
    until: datetime.date | None = action_key(
        ActionKey("last day in force; open, if not given", _read_until), None
    )
    military: bool = action_key(
        ActionKey("for soldiers, not for police alone", _read_military), default=False
    )
    arrival: datetime.date | int | None = action_key(
        ActionKey(
            "when a UN operation takes over: a date, or days after the vote; by chance, if not "
            "given",
            _read_arrival,
            _write_arrival,
        ),
        None,
    )

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if ``military`` is given where the type decides it."""
        if _type_given(reader) != MISSION and "military" in reader.items:
            what = f"military goes with {MISSION}; a UN operation always is, and none never"
            reader.context.wrong(reader.keys["military"], reader.at("military"), what)
        if _type_given(reader) != PEACEKEEPING and "arrival" in reader.items:
            what = f"arrival goes with {PEACEKEEPING}, other mandates are in force at once"
            reader.context.wrong(reader.keys["arrival"], reader.at("arrival"), what)

    def wrong_dates(self, date: datetime.date | None) -> tuple[tuple[str, str], ...]:
        """Return what is wrong with the order of vote, arrival and end."""
        days = {"date": date, "arrival": self._arrival_after(date), "until": self.until}
        given = [(key, day) for key, day in days.items() if day is not None]
        words = {"date": "the mandate's own date", "arrival": "the arrival"}
        return tuple(
            (key, f"{later} is before {words[before]}, {earlier}")
            for (before, earlier), (key, later) in pairwise(given)
            if later < earlier
        )

    def _arrival_after(self, vote: datetime.date | None) -> datetime.date | None:
        """Return the day of arrival after a vote, as far as the file says it."""
        if isinstance(self.arrival, int):
            return None if vote is None else vote + datetime.timedelta(self.arrival)
        return self.arrival

    def implied(self, name: str, value: object) -> bool:
        """Whether the type says whether the mandate is military."""
        return name == "military" and self.type != MISSION

    def label(self) -> str:
        """Return a few words about the action."""
        if self.type == PEACEKEEPING:
            return "mandate: UN peacekeeping voted"
        return f"mandate: {self.type.replace('-', ' ')}{', military' if self.military else ''}"

    @property
    def officers_sent(self) -> int:
        """The ceiling of a UN operation, which sends troops up to it."""
        return self.authorised if self.type == PEACEKEEPING else 0

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: the mandate."""
        return frozenset(("the mandate",))

    @property
    def adds_to(self) -> frozenset[str]:
        """The parameter by which a UN operation's arrival is drawn, which a change may set."""
        return frozenset(("mandate.un_transition_time",))

    def apply(self, run: RunRecords) -> None:
        """Put the mandate in force, or let the transition to the United Nations begin."""
        end = FOR_EVER if self.until is None else (self.until - run.world.start).days + 1
        if self.type == PEACEKEEPING:
            arrival = self._day_of_arrival(run)
            vote_for_un(run.state, run.randomness, self.authorised, end, arrival)
            return
        mission, exists = run.mission, self.type != NO_MISSION
        mission.mandate = SUPPORT_MISSION if exists else NO_MANDATE
        mission.authorised = self.authorised if exists else 0
        mission.military, mission.mandate_ends = self.military, end
        if mission.un_takeover_day >= run.day:
            # The mission that is there stays until the United Nations come.
            mission.mandate_ends = max(end, mission.un_takeover_day + 1)
        if not exists:
            # A vote for the United Nations that has not taken effect yet is off.
            mission.un_takeover_day = -1

    def _day_of_arrival(self, run: RunRecords) -> int:
        """Return the day on which a UN operation takes over, or NOT_NAMED."""
        if self.arrival is None:
            return NOT_NAMED
        if isinstance(self.arrival, int):
            return run.day + self.arrival
        return max(run.day, (self.arrival - run.world.start).days)


@dataclass(frozen=True)
class Money(Action):
    """A donor promises, pays once, or pays every month from that day on.

    ``monthly`` of 0 stops the monthly payment. Help in kind pays costs of the day for which it is
    given, and cannot be saved.
    """

    key: ClassVar[str] = "money"
    donor: str = known_name("donors", "donor", "who pays")
    pledge: int | None = money_key("what is promised")
    receive: int | None = money_key("what is paid that day")
    monthly: int | None = money_key("what is paid each month from then on")
    in_kind: float | None = share_key(
        "share of the monthly payment that is goods and services, 0 to 1; 0, if not given"
    )

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if no amount is given, or a share in kind of nothing."""
        require_one(reader, ("pledge", "receive", "monthly"), "no amount")
        if "in_kind" in reader.items and "monthly" not in reader.items:
            what = "in_kind goes with monthly: what is paid at once is cash"
            reader.context.wrong(reader.keys["in_kind"], reader.at("in_kind"), what)

    def label(self) -> str:
        """Return a few words about the action."""
        if self.monthly == 0:
            return f"{title_of(self.donor)} stops paying"
        cents = self.receive or self.monthly or self.pledge or 0
        verb = "pays" if self.receive else "pays monthly" if self.monthly else "pledges"
        return f"{title_of(self.donor)} {verb} ${cents / 100e6:,.1f} million"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: the donor's monthly payment, if one is given."""
        return frozenset(() if self.monthly is None else (f"monthly payment of {self.donor}",))

    def apply(self, run: RunRecords) -> None:
        """Enter the amounts in the mission's fund."""
        fund = run.fund
        fund.pledged += self.pledge or 0
        fund.balance += self.receive or 0
        fund.received += self.receive or 0
        if self.monthly is not None:
            donor = run.donor(self.donor)
            in_kind = int(self.monthly * (self.in_kind or 0.0) + 0.5)
            donor.monthly_payment, donor.monthly_in_kind = self.monthly - in_kind, in_kind
            donor.paying = self.monthly > 0


@dataclass(frozen=True)
class Base(Action):
    """A forward base opens or closes in a district; no doctrine closes what an event opened."""

    key: ClassVar[str] = "base"
    district: str = known_name("districts", "district", "where")
    open: bool = switch_key("true opens the base, false closes it")
    force: str | None = word_key(
        FORCES,
        "force",
        f"whose base opens, one of {', '.join(FORCES)}, the mission's if not given; or whose "
        "alone closes",
    )

    def label(self) -> str:
        """Return a few words about the action."""
        whose = f" of the {self.force}" if self.force else ""
        happens = "opens" if self.open else "closes"
        return f"forward base{whose} {happens}: {title_of(self.district)}"

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: the base in its district."""
        return frozenset((f"the base in {self.district}",))

    def apply(self, run: RunRecords) -> None:
        """Open the base, or close it if it belongs to the force that is named."""
        control = run.district(self.district).control
        force = FORCES.index(self.force or "mission")
        if self.open:
            control.base_force = force
        elif self.force and control.base_force != force:
            return
        control.forward_base = control.base_ordered = self.open


@dataclass(frozen=True)
class Coordination(Action):
    """How well the country's leaders act together, and whether their council has a staff."""

    key: ClassVar[str] = "coordination"
    level: float | None = share_key("how well leaders act together from then on, 0 to 1")
    staffed: bool | None = switch_key("whether the security council has a staff", required=False)

    @classmethod
    def check(cls, reader: FieldReader) -> None:
        """Note if nothing is given."""
        require_one(reader, tuple(cls.keys()), "nothing")

    def label(self) -> str:
        """Return a few words about the action."""
        words = [] if self.level is None else [f"coordination {self.level:.0%}"]
        if self.staffed is not None:
            words.append(f"security council {'staffed' if self.staffed else 'not staffed'}")
        return ", ".join(words)

    def sets(self, mission: frozenset[str]) -> frozenset[str]:
        """Return what the action sets: what is given."""
        given = (key for key in self.keys() if getattr(self, key) is not None)
        return frozenset(f"coordination {key}" for key in given)

    def apply(self, run: RunRecords) -> None:
        """Set what is given."""
        if self.level is not None:
            run.governance.leaders_coordination = self.level
        if self.staffed is not None:
            run.governance.council_staffed = self.staffed
