"""What a run reports: the name, shape, unit and meaning of each outcome, the same in code, files and plots."""

from dataclasses import dataclass

PERPETRATORS = ("gang", "police", "mission", "army", "brigade")
"""Who harmed. The order is that of the arrays' axis."""

VICTIMS = ("civilian", "gang", "officer")
"""Who was harmed. The order is that of the arrays' axis."""

MANDATES = ("none", "support mission", "UN peacekeeping")
"""What the foreign operation may be: the codes 0, 1 and 2 of the outcome `mandate`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reported quantity: its dimensions (beside draw and replicate), unit, meaning and stored type."""

    name: str
    dimensions: tuple[str, ...]
    unit: str
    meaning: str
    stored: str


_DAILY = ("date",)
_PLACES = ("week", "district")
_HARM = ("date", "perpetrator", "victim")
_BY_PERPETRATOR = ("date", "perpetrator")

OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome("gang_control_capital", _DAILY, "1", "share of the capital's people (where they lived in 2015) "
                "whose district has a gang influence of at least one half", "f4"),
        Outcome("gang_control_districts", _DAILY, "1", "share of the capital's districts held so", "f4"),
        Outcome("gang_control_national", _DAILY, "1", "share of the nation's people (where they lived in 2015) "
                "whose district is held so", "f4"),
        Outcome("towns_lost", _DAILY, "districts", "districts outside the capital held by gangs now and not on "
                "day 0, net of the reverse", "i2"),
        Outcome("killed", _HARM, "persons per day", "persons killed that day", "i2"),
        Outcome("injured", _HARM, "persons per day", "persons injured that day", "i2"),
        Outcome("killed_counted", _BY_PERPETRATOR, "persons per day", "those of the killed whom the United Nations "
                "would count: fewer where gangs hold the district", "f4"),
        Outcome("injured_counted", _BY_PERPETRATOR, "persons per day", "those of the injured whom it would count",
                "f4"),
        Outcome("kidnapped", _DAILY, "persons per day", "persons kidnapped that day", "i2"),
        Outcome("recruited", _DAILY, "persons per day", "persons who joined gangs that day", "i2"),
        Outcome("attacks", _DAILY, "attacks per day", "attacks by gangs that day", "i2"),
        Outcome("attacks_on_state", _DAILY, "attacks per day", "those of them on districts the state holds", "i2"),
        Outcome("operations", _DAILY, "districts per day", "districts in which forces met gangs that day", "i2"),
        Outcome("cleared", _DAILY, "districts per day", "districts whose crews were driven into hiding that day", "i2"),
        Outcome("recaptured", _DAILY, "districts per day", "cleared districts to which a crew came back that day, "
                "within 30 days of the clearing", "i2"),
        Outcome("newly_displaced", _DAILY, "persons per day", "residents who fled that day", "i4"),
        Outcome("returned", _DAILY, "persons per day", "displaced persons who went home that day", "i4"),
        Outcome("displaced", _DAILY, "persons", "persons displaced and not returned", "i4"),
        Outcome("gang_members", _DAILY, "persons", "gang members, those in hiding included", "i4"),
        Outcome("children_recruited", _DAILY, "persons per day", "those of the recruits who are under 18", "i2"),
        Outcome("prisoners", _DAILY, "persons", "people in prison", "i4"),
        Outcome("gang_firearms", _DAILY, "weapons", "firearms of gangs", "i4"),
        Outcome("gang_revenue", _DAILY, "US dollars per day", "what gangs took that day", "f8"),
        Outcome("displaced_in_camps", _DAILY, "persons", "displaced persons who live in camps", "i4"),
        Outcome("displaced_without_aid", _DAILY, "persons", "those of them whom neither water nor aid reaches", "i4"),
        Outcome("children_displaced", _DAILY, "persons", "displaced persons under 18", "i4"),
        Outcome("out_of_school", _DAILY, "persons", "children of school age without a school", "i4"),
        Outcome("hospitals_open", _DAILY, "1", "share of the country's hospitals that treat", "f4"),
        Outcome("trust_in_forces", _DAILY, "1", "people's trust in the forces, mean over the capital's people", "f4"),
        Outcome("coordination", _DAILY, "1", "how well the forces act together", "f4"),
        Outcome("elections_secure", _DAILY, "1", "1 where the stated security condition for elections is met", "i1"),
        Outcome("perceived_progress", _DAILY, "1", "what donors believe the mission has achieved", "f4"),
        Outcome("forward_bases", _DAILY, "bases", "forward bases that are open", "i2"),
        Outcome("vehicles", _DAILY, "vehicles", "armoured vehicles of the mission that work", "i4"),
        Outcome("vehicles_broken", _DAILY, "vehicles", "armoured vehicles of the mission out of commission", "i4"),
        Outcome("officers_in_preparation", ("date", "contingent"), "officers", "officers promised and in preparation", "i4"),
        Outcome("officers_deployed", ("date", "contingent"), "officers", "officers deployed", "i4"),
        Outcome("officers_operational", ("date", "contingent"), "officers", "officers able to operate", "i4"),
        Outcome("fund_balance", _DAILY, "US dollars", "balance of the mission's fund", "f8"),
        Outcome("funds_pledged", _DAILY, "US dollars", "pledged to the mission since day 0", "f8"),
        Outcome("funds_committed", _DAILY, "US dollars", "committed since day 0 because the mission seemed to succeed", "f8"),
        Outcome("funds_received", _DAILY, "US dollars", "received by the mission since day 0", "f8"),
        Outcome("funds_spent", _DAILY, "US dollars", "spent by the mission since day 0", "f8"),
        Outcome("costs_unpaid", _DAILY, "US dollars", "costs of the mission since day 0 that nobody paid", "f8"),
        Outcome("officers_authorised", _DAILY, "officers", "ceiling of the mandate in force", "i4"),
        Outcome("mandate", _DAILY, "1", "mandate in force: 0 none, 1 support mission, 2 UN peacekeeping", "i1"),
        Outcome("gang_influence", _PLACES, "1", "gang influence in the district", "f4"),
        Outcome("control_zone", _PLACES, "1", "zone of control, 1 (state) to 5 (gang)", "i1"),
        Outcome("residents", _PLACES, "persons", "residents at home", "i4"),
        Outcome("displaced_hosted", _PLACES, "persons", "displaced persons staying there", "i4"),
        Outcome("schools_open", _PLACES, "1", "share of the district's schools that teach", "f4"),
        Outcome("aid_access", _PLACES, "1", "share of the displaced there whom water and aid reach", "f4"),
        Outcome("officers_posted", _PLACES, "officers", "officers of all forces posted there", "i4"),
        Outcome("gang_fighters", _PLACES, "persons", "gang fighters there", "i4"),
    )
}  # fmt: skip
"""Every outcome by name. ``week`` are the dates of days 0, 7, 14 ... and the last day."""
