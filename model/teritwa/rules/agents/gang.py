"""Gang: an armed organisation. Crew: its fighters in one district."""

from teritwa.engine.records import Record, real, truth, whole


class Gang(Record):
    """An armed organisation with allies."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    alliance: int = whole("code", "its alliance before the coalition: gangs of one code do not fight; 0 is alone")
    coalition: bool = truth("member of Viv Ansanm once the coalition is on")
    boats: bool = truth("reaches places by sea")
    fighters: int = whole("persons", "members, those in hiding included")
    takings: int = whole("US cents", "what its rackets brought today")
    treasury: int = whole("US cents", "cash")
    paid: float = real("1", "share of today's wages that was paid")
    weapons: int = whole("weapons", "firearms")
    wanted: int = whole("weapons", "firearms that it would buy today and can pay")
    lost: int = whole("persons", "members killed or arrested by forces or brigades today: their arms are taken")
    might: float = real("1", "what a fighter counts in a fight, by how many are armed; 1 when all are")


class Crew(Record):
    """The fighters of one gang in one district."""

    identity: int = whole("address", "where its chance is looked up: a mix of its gang's and district's")
    gang: int = whole("row", "its gang")
    district: int = whole("row", "its district")
    fighters: int = whole("persons", "present and armed")
    hiding: int = whole("persons", "driven into hiding by a clearing operation; they may come back")
    contests: bool = truth("means to hold its district; other crews live there under whoever holds it")
    target: int = whole("row", "the district it attacks tonight, or NO_ONE")
    sent: int = whole("persons", "fighters it sends to the attack")
    reach: float = real("1", "how much there is to attack within its reach, weighed")
    rivals: float = real("persons", "fighters of hostile gangs here and next door")
