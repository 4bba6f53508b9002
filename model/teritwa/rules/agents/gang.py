"""Gang: an armed organisation. Crew: its fighters in one district."""

from teritwa.engine.records import Record, boolean_field, integer_field, real_field


class Gang(Record):
    """An armed organisation with allies."""

    identity: int = integer_field("address", "address of its random numbers: a hash of its id")
    alliance: int = integer_field(
        "code", "its alliance before the coalition: gangs of one code do not fight; 0 is none"
    )
    coalition: bool = boolean_field("member of the coalition once that is on")
    boats: bool = boolean_field("reaches districts by sea")
    crews: int = integer_field("crews", "crews that it has, or once had")
    first_crew: int = integer_field("row", "the first of them, or NO_ONE; each names the next")
    members: int = integer_field("persons", "members, including those in hiding")
    revenue_today: int = integer_field("US cents", "revenue of today")
    treasury: int = integer_field("US cents", "cash")
    wage_share_paid: float = real_field("1", "share of today's wages that was paid")
    firearms: int = integer_field("weapons", "firearms")
    firearm_demand: int = integer_field(
        "weapons", "firearms that it wants to buy today and can pay for"
    )
    losses_today: int = integer_field(
        "persons", "members killed or arrested by forces or brigades today, whose arms are seized"
    )
    combat_effectiveness: float = real_field(
        "1", "weight of a fighter in combat, given the share who are armed; 1 when all are"
    )


class Crew(Record):
    """The fighters of one gang in one district."""

    identity: int = integer_field(
        "address", "address of its random numbers: a mix of those of its gang and district"
    )
    gang: int = integer_field("row", "its gang")
    district: int = integer_field("row", "its district")
    fighters: int = integer_field("persons", "present and armed")
    hiding: int = integer_field(
        "persons", "fighters driven into hiding by an operation, who may come back"
    )
    claims_district: bool = boolean_field(
        "claims its district; other crews live there under whoever holds it"
    )
    target: int = integer_field("row", "the district it attacks tonight, or NO_ONE")
    attackers_sent: int = integer_field(
        "persons", "fighters it sends to the attack, less those whom defenders kill"
    )
    reachable_value: float = real_field(
        "1", "weighted sum of the attack value of the districts within its reach"
    )
    next_crew: int = integer_field("row", "the next crew of its district, or NO_ONE")
    next_of_gang: int = integer_field("row", "the next crew of its gang, or NO_ONE")
    next_attacker: int = integer_field(
        "row", "the next of the crews that attack its target tonight, or NO_ONE"
    )
    facing_rivals: float = real_field(
        "persons", "fighters of the crew who face fighters of hostile gangs here or next door"
    )
