"""Words of tables, scenario files and outcomes for what rules know by a code.

The code of a word is its position in its tuple.
"""

FORCES = ("police", "army", "mission")
"""Forces: the country's own police, its own army, the foreign mission."""

ALL = "all"
"""What a scenario calls every contingent of the mission together."""

COALITION = "coalition"
"""What a scenario calls all members of the coalition together."""

UNIT_KINDS = ("station", "special", "army", "foreign")
"""Kinds of units: a station's officers, a mobile special unit, soldiers, foreign officers."""

TERMS = ("any", "military", "technical", "under-un")
"""When a contingent serves: in any mission; only in a military one; never in operations; only
under the United Nations."""

POSTURES = (
    "raid",
    "clear-and-hold",
    "cordon-and-search",
    "patrol",
    "community-policing",
    "static-guard",
)
"""What officers do where they are: three kinds of operations, and three ways to be present."""

FIRST = ("attacks", "border", "weakness")
"""Where a force goes first: where attacks were recent, next to the state's ground, or where
fewest fighters are believed."""

PERPETRATORS = ("gang", "police", "mission", "army", "brigade", "individual")
"""Perpetrators of violence, in the order of the axis of outcomes; individuals act for no group."""

VICTIMS = ("civilian", "gang", "officer")
"""Victims of violence, in the order of the axis of outcomes."""

MANDATES = ("none", "support mission", "UN peacekeeping")
"""What the foreign operation can be."""
