"""Judgement beside the tables that holds in any world: what would change our mind."""

TOO_LOW, TOO_HIGH = "too low", "too high"

NOT_EXPLAINED = "This is not explained."

REVISION_CRITERIA = (
    "**A deployment that does not coincide with other change.** Two like quarters or towns, "
    "officers sent to one of them for reasons other than its danger, and counts from before and "
    "after. Then the mission's own effect could be learned, and its prior would no longer decide "
    "the scenarios that rest on it.",
    "**Many more officers and nothing held.** A quarter in which the mission doubles its officers "
    "who can operate, without more cleared places kept for 60 days. It would speak against the "
    "rule that presence holds ground.",
    "**Ground held by few.** Cleared places that stay clear for 60 days without a base or a "
    "police post. It would say that the model's gangs come back too easily.",
    "**Monthly counts by place.** Deaths, injuries, displacement and kidnappings by commune and "
    "month. They would inform parameters that national quarters cannot, and could show the right "
    "totals come from the wrong places.",
    "**Killings by perpetrator every quarter, counted in one way.** A share of state forces or "
    "brigades outside its 90 % band would mean that the right number of deaths has the wrong "
    "causes.",
    "**New figures outside their 90 % band.** One in ten is expected to fall there. Two in a row "
    "of one quantity in the same direction would point to a wrong band rather than to bad luck.",
    "**A simple rule that keeps winning.** If persistence, dressed or not, or a trend beats the "
    "model on the next four quarters as well, its levels should not be used; only differences "
    "between scenarios might still be.",
)
"""Observations that would make us change the model, or stop using it."""
