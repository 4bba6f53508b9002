"""Gang: an armed organisation. Crew: its fighters in one district."""

from teritwa.agents.record import Record, real, truth, whole


class Gang(Record):
    """An armed organisation with allies."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    alliance: int = whole("code", "its alliance before the coalition: gangs of one code do not fight; 0 is alone")
    coalition: bool = truth("member of Viv Ansanm once the coalition is on")
    boats: bool = truth("reaches places by sea")


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
