"""District: a place that the state or a gang holds. Region: several. Link: a route between two.

Destination: a district that is near another, or to which people of it may flee.
"""

from teritwa.engine.records import Record, boolean_field, group, integer_field, real_field

STATE = -1
"""The holder of a district that no gang holds."""

NO_ONE = -1
"""No gang, crew or district."""


class Place(Record):
    """Geography of a district: facts that no rule changes."""

    residents_2015: int = integer_field(
        "persons", "residents of 2015: the weight in shares of people under gangs"
    )
    metropolitan: bool = boolean_field("part of the capital's metropolitan area")
    region: int = integer_field("row", "its region")
    held_on_day_0: bool = boolean_field("held by a gang on day 0")
    port: bool = boolean_field("has a seaport through which goods enter")
    airport: bool = boolean_field("has an airport through which goods enter")
    fuel_terminal: bool = boolean_field("has a fuel terminal")
    prison: bool = boolean_field("has a prison")
    hospitals: int = integer_field("hospitals", "hospitals, open or not")
    highways: int = integer_field("roads", "national roads that meet here")
    first_link: int = integer_field("row", "its links are the rows first_link to last_link - 1")
    last_link: int = integer_field("row", "one past its last link")
    first_destination: int = integer_field(
        "row",
        "its destinations are the rows first_destination to last_destination - 1; its ways too",
    )
    last_destination: int = integer_field("row", "one past its last destination")
    first_host: int = integer_field("row", "the host of its first destination")
    consecutive_hosts: bool = boolean_field("the hosts of its destinations are consecutive rows")
    landmass: int = integer_field("code", "districts with the same code are joined by land")


class People(Record):
    """People in a district, and their trust in the forces."""

    residents: int = integer_field("persons", "at home")
    displaced_hosted: int = integer_field("persons", "displaced persons staying here")
    displaced_from: int = integer_field("persons", "persons displaced from here")
    brigade: int = integer_field("persons", "residents who belong to the self-defence brigade")
    trust: float = real_field("1", "people's trust in the forces, 0 to 1")
    recruitment_pool: float = real_field(
        "1", "people who may be recruited, relative to the country on day 0"
    )
    fighters_on_day_0: int = integer_field("persons", "fighters here on day 0")
    growth_on_day_0: float = real_field("1", "free share of the capacity for members on day 0")
    under_gang: bool = boolean_field("a gang held the district when people last thought of flight")
    fallen_on: int = integer_field(
        "day", "day on which a gang last took the district, or a large negative number"
    )


class LocalServices(Record):
    """Services that work in a district."""

    schools_open: float = real_field("1", "share of the schools that are open, 0 to 1")
    hospitals_open: float = real_field("1", "share of the hospitals that are open, 0 to 1")
    aid_access: float = real_field(
        "1", "share of the displaced staying here whom water and aid reach, 0 to 1"
    )
    goods_supply: float = real_field("1", "share of the goods sent here that arrive, 0 to 1")


class DistrictControl(Record):
    """Who holds a district, and how firmly."""

    gang_influence: float = real_field(
        "1", "share of influence that gangs have; the rest is that of the state"
    )
    holder: int = integer_field("row", "the gang that holds the district, or STATE")
    standing: float = real_field(
        "1", "gang influence that people have long been used to: it follows influence slowly"
    )
    local_offset: float = real_field(
        "1", "influence of day 0 that presence does not explain; it is forgotten"
    )
    neighbour_gang_influence: float = real_field(
        "1", "mean gang influence in neighbouring districts, weighted by residents"
    )
    entrenchment: float = real_field("1", "how far the gangs have dug in, 0 to 1")
    forward_base: bool = boolean_field("a forward base is open here: officers may live here")
    base_force: int = integer_field("code", "whose base it is: POLICE, ARMY or MISSION")
    base_ordered: bool = boolean_field("an event opened the base: no doctrine closes it")
    station: bool = boolean_field("has a police station that works")
    cleared_on: int = integer_field(
        "day", "day on which its crews were last driven into hiding, or -1"
    )
    cleared_from_gang: bool = boolean_field("a gang held it when its crews were last driven out")
    garrisoned: bool = boolean_field("officers stay here, as their doctrine has it")
    attacked_on: int = integer_field(
        "day", "day of the last attack by a gang, or a large negative number"
    )


class ArmedPresence(Record):
    """Armed people in a district, counted again each day and night."""

    garrison: int = integer_field("officers", "officers of mobile units who are quartered here")
    drone_coverage: float = real_field("1", "share of the day that drones watch here, 0 to 1")
    officers_day: float = real_field("officers", "effective officers on duty by day")
    police_engaged: float = real_field(
        "officers", "effective police officers who operate here today"
    )
    army_engaged: float = real_field("officers", "effective soldiers who operate here today")
    mission_engaged: float = real_field(
        "officers", "effective officers of the mission who operate here today"
    )
    search_effort: float = real_field(
        "officers", "effective officers, by day, as far as they search for hidden fighters"
    )
    trust_effort: float = real_field(
        "officers per day", "effective officers, by day, times what their posture does to trust"
    )
    officers_night: float = real_field("officers", "effective officers on duty by night")
    army_night: float = real_field("officers", "those of them who belong to the country's army")
    mission_night: float = real_field("officers", "those of them who belong to the mission")
    fighters: int = integer_field("persons", "gang fighters present")
    members: int = integer_field("persons", "gang fighters present or in hiding")
    claimant_fighters: int = integer_field(
        "persons", "gang fighters present whose crews claim the district"
    )
    effective_fighters: float = real_field(
        "persons", "gang fighters present, weighted by the arms of their gangs"
    )
    first_crew: int = integer_field(
        "row", "the first crew that ever was here, or NO_ONE; each crew names the next"
    )
    last_crew: int = integer_field("row", "the last of these crews, or NO_ONE")
    strongest_claimant: int = integer_field(
        "row", "the strongest crew present that claims the district, or NO_ONE"
    )


class Orders(Record):
    """What draws forces and gangs to a district: recent attacks, dated orders, offensives."""

    recent_attacks: float = real_field("attacks", "decaying count of recent attacks here")
    offensive_factor: float = real_field(
        "1", "factor on attacks while a dated offensive targets the district; 1 otherwise"
    )
    offensive_gang: int = integer_field(
        "row", "the gang that conducts the offensive, or NO_ONE for the whole coalition"
    )
    offensive_nights: int = integer_field(
        "nights", "nights of the dated offensive that targets the district until now, or 0"
    )
    operation_priority: float = real_field(
        "1", "priority given to police operations here by a dated order"
    )
    ordered_posture: int = integer_field(
        "code", "posture that a dated order asks for here, or NO_OPERATIONS"
    )
    believed_fighters: float = real_field(
        "persons", "fighters whom headquarters believes here today"
    )
    assigned: float = real_field("officers", "officers whom operations here can count on today")
    first_unit: int = integer_field(
        "row", "the first unit that the force could send from here, or NO_ONE; each names the next"
    )
    offered: float = real_field(
        "officers", "able officers quartered here, of that force, who may still go out today"
    )
    free_officers: float = real_field(
        "officers", "able officers who may still go here today, of the force that is commanded"
    )
    campaign_since: int = integer_field("day", "first day of the operation under way here, or -1")
    campaign_draw: float = real_field(
        "1", "random number of that operation: it succeeds once its probability exceeds it"
    )
    campaign_ended: int = integer_field(
        "day", "last day of an operation here, or a large negative number"
    )
    target_score: float = real_field("1", "score of the district as a target of operations today")


class Scratch(Record):
    """Values that one rule leaves for the next within a night; they are not used on other days."""

    attack_value: float = real_field(
        "1", "attractiveness of the district to crews tonight: its people, lowered by defenders"
    )
    holder_alliance: int = integer_field(
        "code", "alliance of the holding gang before the coalition; 0 is none, or the state"
    )
    holder_allied: bool = boolean_field("held by a member of the coalition")
    attackers: int = integer_field("persons", "fighters who attack tonight")
    lead_crew: int = integer_field("row", "the crew that leads tonight's attack, or NO_ONE")
    first_attacker: int = integer_field(
        "row", "the first of the crews that attack tonight, or NO_ONE; each names the next"
    )
    fleeing: int = integer_field("persons", "residents who flee from here today")
    fleeing_again: int = integer_field("persons", "displaced people hosted here who flee today")


class LocalCounts(Record):
    """Counts of a district for one day, set to zero at dawn."""

    civilians_killed: int = integer_field("persons", "civilians killed by gangs here today")
    bystanders_killed: int = integer_field("persons", "civilians killed by forces here today")
    kidnapped: int = integer_field("persons", "kidnapped by the crews of this district today")


class LocalTotals(Record):
    """Counts of a district since day 0."""

    killed: int = integer_field("persons", "killed here since day 0, whoever they were")
    arrested: int = integer_field("persons", "members of gangs arrested here since day 0")


class District(Record):
    """A place that can be held: a neighbourhood of the capital, or a commune or town elsewhere."""

    identity: int = integer_field("address", "address of its random numbers: a hash of its id")
    place: Place = group(Place)
    people: People = group(People)
    services: LocalServices = group(LocalServices)
    control: DistrictControl = group(DistrictControl)
    presence: ArmedPresence = group(ArmedPresence)
    orders: Orders = group(Orders)
    night: Scratch = group(Scratch)
    counts: LocalCounts = group(LocalCounts)
    totals: LocalTotals = group(LocalTotals)


class Region(Record):
    """Districts that belong together: families have ties there, and kidnappers work there."""

    identity: int = integer_field("address", "address of its random numbers: a hash of its name")
    fighters_on_day_0: int = integer_field("persons", "fighters there on day 0")
    kidnapping_level: float = real_field(
        "1", "logarithm of how much a fighter there kidnaps, relative to other regions"
    )
    kidnapping_rate: float = real_field(
        "persons per day", "persons whom a fighter there kidnaps today on average"
    )


class Link(Record):
    """A route from one district to another, by land or sea."""

    target: int = integer_field("row", "the district it leads to")
    hours: float = real_field("hours", "travel time")
    sea: bool = boolean_field("by boat")


class Destination(Record):
    """A district that is near another, the origin, or to which its people may flee."""

    host: int = integer_field("row", "the district in which they would stay")
    hours: float = real_field("hours", "travel time by land; infinite where there is no way")
    family: float = real_field("1", "share of the relatives of the origin's people who live there")


class Way(Record):
    """A destination of a district among all of them in the order of their travel times."""

    target: int = integer_field("row", "the district it leads to")
    hours: float = real_field("hours", "travel time by land; infinite where there is no way")


class Candidate(Record):
    """A district or a unit among which the best is looked for; working memory of one rule."""

    number: int = integer_field("row", "the district, or the unit")
    score: float = real_field("1", "the higher the better")
    lot: float = real_field("1", "random number: among equals the lowest comes first")
