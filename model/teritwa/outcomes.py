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
    """One reported quantity: its dimensions (beside draw and repeat), unit, meaning and stored type."""

    name: str
    dimensions: tuple[str, ...]
    unit: str
    meaning: str
    stored: str


_DAILY = ("date",)
_PLACES = ("week", "district")
_HARM = ("date", "perpetrator", "victim")

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
        Outcome("kidnapped", _DAILY, "persons per day", "persons kidnapped that day", "i2"),
        Outcome("recruited", _DAILY, "persons per day", "persons who joined gangs that day", "i2"),
        Outcome("attacks", _DAILY, "attacks per day", "attacks by gangs that day", "i2"),
        Outcome("operations", _DAILY, "districts per day", "districts in which forces met gangs that day", "i2"),
        Outcome("cleared", _DAILY, "districts per day", "districts whose crews were driven into hiding that day", "i2"),
        Outcome("lost_again", _DAILY, "districts per day", "cleared districts to which a crew came back that day, "
                "within 30 days of the clearing", "i2"),
        Outcome("newly_displaced", _DAILY, "persons per day", "residents who fled that day", "i4"),
        Outcome("returned", _DAILY, "persons per day", "displaced persons who went home that day", "i4"),
        Outcome("displaced", _DAILY, "persons", "persons displaced and not returned", "i4"),
        Outcome("strength", ("date", "contingent"), "officers", "officers deployed", "i4"),
        Outcome("ready", ("date", "contingent"), "officers", "officers able to operate", "i4"),
        Outcome("fund", _DAILY, "US dollars", "balance of the mission's fund", "f8"),
        Outcome("pledged", _DAILY, "US dollars", "pledged to the mission since day 0", "f8"),
        Outcome("received", _DAILY, "US dollars", "received by the mission since day 0", "f8"),
        Outcome("spent", _DAILY, "US dollars", "spent by the mission since day 0", "f8"),
        Outcome("authorised", _DAILY, "officers", "ceiling of the mandate in force", "i4"),
        Outcome("mandate", _DAILY, "1", "mandate in force: 0 none, 1 support mission, 2 UN peacekeeping", "i1"),
        Outcome("gang_control", _PLACES, "1", "gang influence in the district", "f4"),
        Outcome("zone", _PLACES, "1", "zone of control, 1 (state) to 5 (gang)", "i1"),
        Outcome("residents", _PLACES, "persons", "residents at home", "i4"),
        Outcome("displaced_hosted", _PLACES, "persons", "displaced persons staying there", "i4"),
        Outcome("officers", _PLACES, "officers", "officers of all forces posted there", "i4"),
        Outcome("fighters", _PLACES, "persons", "gang fighters there", "i4"),
    )
}  # fmt: skip
"""Every outcome by name. ``week`` are the dates of days 0, 7, 14 ... and the last day."""
