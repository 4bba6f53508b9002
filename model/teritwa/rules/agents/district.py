"""District: a place that can be held."""

from teritwa.engine.records import Record, real, truth, whole

STATE = -1
"""The holder of a district that no gang holds."""

NO_ONE = -1
"""No gang, crew or district."""


class District(Record):
    """A neighbourhood of metropolitan Port-au-Prince, or a commune or town elsewhere."""

    identity: int = whole("address", "where its chance is looked up: a hash of its id")
    residents_2015: int = whole("persons", "residents of 2015: the fixed weight of the headline")
    metropolitan: bool = truth("part of metropolitan Port-au-Prince")
    artibonite: bool = truth("in the department of Artibonite")
    held_on_day_0: bool = truth("held by a gang on day 0")
    port: bool = truth("has a seaport through which goods enter")
    airport: bool = truth("has an airport through which goods enter")
    fuel_terminal: bool = truth("has a fuel terminal")
    prison: bool = truth("has a prison")
    hospitals: int = whole("hospitals", "hospitals, open or not")
    highways: int = whole("roads", "national roads that meet here")
    first_link: int = whole("row", "its links are the rows first_link to last_link - 1 of the links")
    last_link: int = whole("row", "one past its last link")

    residents: int = whole("persons", "at home")
    hosted: int = whole("persons", "displaced persons staying here")
    away: int = whole("persons", "persons displaced from here")
    brigade: int = whole("persons", "residents who belong to the self-defence brigade")

    trust: float = real("1", "people's trust in the forces, 0 to 1")
    supply: float = real("1", "share of the goods that set out for here and arrive, 0 to 1")
    schools: float = real("1", "share of the schools that teach, 0 to 1")
    clinics: float = real("1", "share of the hospitals that treat, 0 to 1")
    aided: float = real("1", "share of the displaced staying here whom water and aid reach, 0 to 1")
    idle: float = real("1", "how many stand to be recruited, against the country on day 0")
    entrenched: float = real("1", "how far the gangs have dug in, 0 to 1")

    gang_influence: float = real("1", "share of influence that gangs have; the rest is the state's")
    holder: int = whole("row", "the gang that holds the district, or STATE")
    holder_alliance: int = whole("code", "the holding gang's old alliance; 0 is alone, or the state")
    holder_allied: bool = truth("held by a member of the coalition")
    forward_base: bool = truth("a forward base is open here: officers may live here, away from home")
    garrison: int = whole("officers", "officers of mobile units who are quartered here")
    station: bool = truth("has a police station that works")
    cleared_on: int = whole("day", "day on which its crew was last driven into hiding, or -1")
    attacked_on: int = whole("day", "day of the last attack by a gang, or a large negative number")

    watched: float = real("1", "share of the day that drones watch here, 0 to 1")
    officers_day: float = real("officers", "effective officers on duty by day")
    police_engaged: float = real("officers", "effective Haitian police who operate here today")
    army_engaged: float = real("officers", "effective soldiers of the Haitian army who operate here today")
    mission_engaged: float = real("officers", "effective officers of the mission who operate here today")
    officers_night: float = real("officers", "effective officers on duty by night")
    army_night: float = real("officers", "those of them who belong to the Haitian army")
    mission_night: float = real("officers", "those of them who belong to the mission")
    fighters: int = whole("persons", "gang fighters present")
    contesting: int = whole("persons", "gang fighters present whose crews mean to hold the district")
    strongest: int = whole("row", "the crew present with most fighters, or NO_ONE")
    crew_gang: int = whole("row", "the gang of that crew, or NO_ONE")
    crew_alliance: int = whole("code", "that gang's old alliance; 0 is alone")
    crew_fighters: int = whole("persons", "that crew's fighters")
    contender: int = whole("row", "the strongest crew present that means to hold the district, or NO_ONE")
    contender_fighters: int = whole("persons", "that crew's fighters")
    menace: int = whole("row", "the strongest crew here or next door, or NO_ONE")
    threat: float = real("1", "residents-weighted share of gang influence next door")

    heat: float = real("attacks", "recent attacks here, fading: what command sees")
    offensive: float = real("1", "factor on raids while a dated offensive aims here; 1 otherwise")
    offensive_by: int = whole("row", "the gang that the offensive is for, or NO_ONE for the whole coalition")
    wanted: float = real("1", "priority given to police operations here by a dated order")
    score: float = real("1", "how much command wants an operation here today")

    appeal: float = real("1", "pull of the district on crews tonight: its people, lowered by defenders")
    attackers: int = whole("persons", "fighters who attack tonight")
    attacker: int = whole("row", "the crew that leads tonight's attack, or NO_ONE")
    civilians_killed: int = whole("persons", "civilians killed by gangs here today")
    bystanders_killed: int = whole("persons", "civilians killed by police, army or mission here today")
    kidnapped: int = whole("persons", "kidnapped by crews of here today")
    leaving: int = whole("persons", "people who flee from here today")
    safety: float = real("1", "how attractive the district is to people who flee; 0 where gangs hold")


class Link(Record):
    """A way from one district to another, by land or sea."""

    target: int = whole("row", "the district it leads to")
    hours: float = real("hours", "travel time")
    sea: bool = truth("by boat")
