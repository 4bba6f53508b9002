"""Words of the world's tables and of scenario files for what rules know by a code.

The code of a word is its place in its tuple.
"""

FORCES = ("police", "army", "mission")
"""Who sends units: the Haitian police, the Haitian army, the foreign mission."""

UNIT_KINDS = ("station", "special", "army", "foreign")
"""What a unit is: a station's officers, a mobile special unit, soldiers, foreign officers."""

TERMS = ("any", "military", "technical", "under-un")
"""When a contingent serves: in any mission; in a military one only; never in operations; under
the United Nations only."""

PERPETRATORS = ("gang", "police", "mission", "army", "brigade")
"""Who harms: the order of the axis in outcomes."""

VICTIMS = ("civilian", "gang", "officer")
"""Who is harmed: the order of the axis in outcomes."""

MANDATES = ("none", "support mission", "UN peacekeeping")
"""What the foreign operation may be."""
