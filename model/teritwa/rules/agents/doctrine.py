"""Posture: how officers act where they are. Doctrine: which postures a force takes."""

from teritwa.engine.records import Record, integer_field, real_field
from teritwa.world.codes import FIRST, POSTURES

RAID, CLEAR_AND_HOLD, CORDON_AND_SEARCH, PATROL, COMMUNITY_POLICING, STATIC_GUARD = range(
    len(POSTURES)
)
"""Postures: the codes of `teritwa.world.codes.POSTURES`."""

NO_OPERATIONS = -1
"""Stands for a posture where a force conducts no operations, or where no order names one."""

AS_THE_POSTURE = -1.0
"""Stands for a number of a doctrine that is that of the posture, or of the model."""

BY_ATTACKS, BY_BORDER, BY_WEAKNESS = range(len(FIRST))
"""Where a force goes first: the codes of `teritwa.world.codes.FIRST`."""


class Posture(Record):
    """What officers do in one posture, as its parameters of today say."""

    coverage: float = real_field("1", "factor on what officers cover of their district")
    lethality: float = real_field("1", "factor on the fighters whom an officer kills in an hour")
    losses: float = real_field("1", "factor on the officers who die")
    bystanders: float = real_field("1", "factor on the bystanders killed per fighter killed")
    arrests: float = real_field("persons per person killed", "fighters arrested per fighter killed")
    surrender: float = real_field(
        "1", "share of the fighters who surrender when they must give way"
    )
    search: float = real_field(
        "1", "effort against hidden fighters, as a share of the officers who are there"
    )
    detentions: float = real_field(
        "persons per officer and day", "residents detained for questioning"
    )
    night_share: float = real_field("1", "share of the night that officers stay where they operate")
    trust: float = real_field(
        "1 per day", "share of the missing trust that officers gain, or lose below 0, in a day"
    )
    cost: float = real_field("1", "factor on the cost of an officer of the mission")
    force_ratio: float = real_field(
        "officers per fighter", "officers wanted for each fighter who is believed there"
    )
    patience: int = integer_field("days", "days after which an operation is given up")
    garrison: float = real_field(
        "officers per 1,000 residents", "officers who stay in a cleared district; 0 is nobody"
    )
    hand_over: int = integer_field(
        "days", "days without an attack after which those who stay hand a district over"
    )


class Doctrine(Record):
    """How one force acts: the postures it takes, and what a scenario changed of them."""

    operations: int = integer_field("code", "posture of its operations, or NO_OPERATIONS")
    at_home: int = integer_field("code", "posture of its mobile units that do not operate")
    first: int = integer_field("code", "BY_ATTACKS, BY_BORDER or BY_WEAKNESS: where it goes first")
    share_out: float = real_field("1", "share of its able officers in mobile units who may be out")
    force_ratio: float = real_field("officers per fighter", "as of a posture; below 0 as it has it")
    patience: int = integer_field("days", "as of a posture; below 0 as it has it")
    garrison: float = real_field(
        "officers per 1,000 residents", "as of a posture; below 0 likewise"
    )
    hand_over: int = integer_field("days", "as of a posture; below 0 as it has it")
    officers_out: float = real_field(
        "officers", "its officers who operate or hold a district today"
    )
