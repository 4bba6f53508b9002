"""Sections of the validation page on the targets: their fit, and the widths of their intervals."""

from collections.abc import Sequence

from teritwa.analysis.record_tables import yes_or_no
from teritwa.engine.formatting import (
    format_amount,
    format_amount_range,
    format_fixed,
    format_integer,
    format_percent,
)
from teritwa.pictures.fit import OWN_UNIT, observed_text
from teritwa.pictures.tables import Record, number, records
from teritwa.report import findings
from teritwa.report.findings import LIMITED_GROUPS, WIDTH_LIMIT
from teritwa.report.markdown import bullet_list, escape, table
from teritwa.report.validation_notes import NOT_EXPLAINED
from teritwa.report.validation_tables import ValidationTables
from teritwa.report.world_notes import explanation


def fit_section(tables: ValidationTables) -> list[str]:
    """Return the section on the fit to each target, as Markdown."""
    rows = records(tables.fit)
    missed = [row for row in rows if row["inside"] != "yes"]
    header = ("target", "observed", "median", "90 % band", "half-width", "inside")
    misses = [_miss(row) for row in missed] or ["No target misses its 90 % band."]
    return [
        "![Each target with its bands](figures/fit.png)",
        f"{len(rows) - len(missed)} of {len(rows)} targets lie in their 90 % predictive band; if "
        f"the bands are right, some {format_integer(0.9 * len(rows))} should. The targets were "
        "used to find the posterior, so this is fit and not prediction. The band has the error of "
        "the observation in it; the half-width is half of the band over its median.",
        table(header, [_fit_cells(row) for row in rows]),
        "### Targets that were missed",
        "What is said in italics is judgement: no table here shows that it is the reason.",
        bullet_list(misses),
    ]


def _fit_cells(row: Record) -> tuple[str, ...]:
    """Return the cells of one target."""
    return (
        str(row["target"]) + ("" if row["fitted"] == "yes" else " (not fitted)"),
        _observed(row),
        _simulated(row, "posterior_q50"),
        _interval(row),
        format_percent(number(row["half_width"])),
        str(row["inside"]),
    )


def _observed(row: Record) -> str:
    """Return what was observed, with the range that the sources allow where they differ."""
    low, high = number(row["low"]), number(row["high"])
    if low < high and high > 1 and row["group"] not in OWN_UNIT:
        return f"{observed_text(row)} ({format_amount_range(low, high, 'persons')})"
    return observed_text(row)


def _interval(row: Record) -> str:
    """Return the 90 % interval of a target."""
    return f"{_simulated(row, 'posterior_q05')} to {_simulated(row, 'posterior_q95')}"


def _simulated(row: Record, column: str) -> str:
    """Return a simulated value in the unit of its target."""
    value = number(row[column])
    if row["group"] in OWN_UNIT:
        return format_fixed(value, 1)
    if number(row["high"]) <= 1:
        return format_amount(value, "1")
    # The error of the observation can make a count negative, which means none.
    return format_amount(max(value, 0.0), "persons")


def _miss(row: Record) -> str:
    """Return the line on a target that is missed, with the judgement on it in italics."""
    side = findings.side(row)
    known = explanation(str(row["target"]), side)
    low, high = number(row["low"]), number(row["high"])
    overlaps = low <= number(row["posterior_q95"]) and high >= number(row["posterior_q05"])
    more = ""
    if low < high and overlaps:
        more = " The range that the sources leave reaches into the band, its middle does not."
    return (
        f"**{escape(row['target'])}**: observed {_observed(row)}, band {_interval(row)}; the "
        f"model is {side}.{more} "
        f"{f'*{known}*' if known else NOT_EXPLAINED}"
    )


def width_section(tables: ValidationTables) -> list[str]:
    """Return the section on the widths of the intervals, as Markdown."""
    rows, limit = records(tables.fit), format_percent(WIDTH_LIMIT)
    limited, rest = _split(rows, LIMITED_GROUPS)
    kidnapped, others = _split(rest, ("kidnapped",))
    kept = sum(findings.keeps_limit(row) for row in limited)
    header = ("target", "half-width", f"at most {limit}")
    return [
        "A band that is wide enough holds anything. For the killed, the injured and the displaced "
        f"the half-width should be at most {limit}: {kept} of {len(limited)} bands keep to it.",
        table(header, [(*_width_cells(row), _keeps_limit(row)) for row in limited]),
        findings.kidnapping_overdispersion(kidnapped, records(tables.parameters)),
        _width_table(kidnapped),
        "The other targets have no limit. Where a median is near nought, its half-width says "
        "little.",
        _width_table(others),
    ]


def _split(rows: Sequence[Record], groups: Sequence[str]) -> tuple[list[Record], list[Record]]:
    """Return the targets of some groups, and the others."""
    chosen = [row for row in rows if row["group"] in groups]
    return chosen, [row for row in rows if row["group"] not in groups]


def _keeps_limit(row: Record) -> str:
    """Return whether a target keeps the limit, for a cell."""
    return yes_or_no(findings.keeps_limit(row))


def _width_table(rows: Sequence[Record]) -> str:
    """Return the table of the half-widths of targets without a limit."""
    return table(("target", "half-width"), [_width_cells(row) for row in rows])


def _width_cells(row: Record) -> tuple[str, str]:
    """Return a target and the half-width of its interval."""
    return str(row["target"]), format_percent(number(row["half_width"]))
