"""Tables of the guide on past missions, whose numbers come from the reference results."""

from collections.abc import Callable
from math import prod

from reference_tables import REFERENCE, ROOT, paragraph, read
from tables import table

from teritwa.analysis.missions.effects import EFFECTS
from teritwa.analysis.missions.figures import groups
from teritwa.engine.formatting import MINUS, format_fixed, format_percent, format_significant

MISSIONS = REFERENCE / "missions"
POSTERIORS = ROOT / "scenarios" / "posteriors"


def mission_groups() -> list[str]:
    """Return how well each group of past missions is predicted from the others."""
    header = ("group", "figures", "from the range alone", "from the other groups", "difference")
    return table(header, (_mission_group(one) for one in read(MISSIONS / "groups.csv")))


def _mission_group(one: dict[str, str]) -> list[str]:
    titles = {group.name: group.title for group in groups()}
    prior, predicted, better, error = (
        _signed(float(one[name]), 2) for name in ("prior", "predicted", "better", "error")
    )
    return [titles[one["group"]], one["figures"], prior, predicted, f"{better} ± {error}"]


def mission_figures() -> list[str]:
    """Return each figure of past missions beside what the other groups predict."""
    header = (
        "scenario",
        "figure",
        "counted",
        "predicted, with its error: median (10 to 90 %)",
        "within 80 %",
    )
    return table(header, (_mission_figure(one) for one in read(MISSIONS / "figures.csv")))


def _mission_figure(one: dict[str, str]) -> list[str]:
    low, high, least, middle, most = (
        format_significant(float(one[name]), digits=3)
        for name in (
            "counted_low", "counted_high", "predicted_q10", "predicted_q50", "predicted_q90"
        )
    )  # fmt: skip
    counted = low if low == high else f"{low} to {high}"
    inside = one["in_80_percent_interval"]
    return [f"`{one['scenario']}`", one["figure"], counted, f"{middle} ({least} to {most})", inside]


def mission_summary() -> list[str]:
    """Return in words how many figures were predicted, and which groups better than before."""
    rows = {one["quantity"]: one for one in read(MISSIONS / "left-out.csv")}
    held = rows["figures in their 80 % interval"]
    chance = rows["p-value of a coverage of 80 %"]["value"]
    before, brier = (
        rows[f"Brier score, from the {who}"]["value"] for who in ("range alone", "other groups")
    )
    scores = {one["group"]: float(one["better"]) for one in read(MISSIONS / "groups.csv")}
    better = [group.title for group in groups() if scores[group.name] > 0.0]
    worse = [group.title for group in groups() if scores[group.name] <= 0.0]
    return paragraph(
        f"{held['value']} of {held['of']} figures lie in their interval of 80 % (an exact test of "
        f"80 % has the p-value {chance}). The other groups help to predict "
        f"{' and '.join(better) or 'no group'}, and make {' and '.join(worse) or 'none'} worse. "
        f"Who holds a place has a Brier score of {brier}, from the ranges alone {before} (less is "
        "better)."
    )


def mission_gains() -> list[str]:
    """Return what a full deployment takes by doctrine, at each spread between missions."""
    header = (
        "doctrine", "spread between missions", "points taken: mean (95 %)", "5 to 95 % of draws",
        "share of the variance between missions (90 %)",
    )  # fmt: skip
    return table(header, (_mission_gain(one) for one in read(MISSIONS / "gains.csv")))


def _mission_gain(one: dict[str, str]) -> list[str]:
    mean, mean_low, mean_high, low, high = (
        _signed(float(one[name]), 1)
        for name in ("mean", "mean_low", "mean_high", "draw_low", "draw_high")
    )
    share, least, most = (
        format_percent(float(one[name]))
        for name in ("between_missions", "between_low", "between_high")
    )
    taken, between = f"{mean} ({mean_low} to {mean_high})", f"{share} ({least} to {most})"
    return [one["doctrine"], one["spread"], taken, f"{low} to {high}", between]


def _signed(value: float, digits: int) -> str:
    """Write a number with some digits, and a minus as one is printed."""
    return format_fixed(value, digits).replace("-", MINUS)


def mission_effort() -> list[str]:
    """Return a paragraph on the effect of officers times the share sent out."""
    drawn, before = (read(POSTERIORS / f"{name}.csv") for name in (EFFECTS, "cite-soleil-priors"))
    learned, assumed = (_product(rows) for rows in (drawn, before))
    return paragraph(
        "In runs of 2024 the effect of an officer and the share sent out enter almost alone "
        f"as a product. Over the draws it is {learned}; before any mission is seen it is {assumed}."
    )


def _product(rows: list[dict[str, str]]) -> str:
    """Return the median and the middle nine tenths of effect times share sent out."""
    names = ("presence.mission_effect", "tasking.mission_share_out")
    values = sorted(prod(float(row[name]) for name in names) for row in rows)
    low, middle, high = (values[int(share * len(values))] for share in (0.05, 0.5, 0.95))
    ends = f"{format_significant(low)} to {format_significant(high)}"
    return f"{format_significant(middle)} (90 %: {ends})"


MISSION_TABLES: dict[str, Callable[..., list[str]]] = {
    one.__name__: one
    for one in (mission_groups, mission_figures, mission_gains, mission_effort, mission_summary)
}
"""What a marker may ask for, by the name of the function."""
