"""Sections of the validation page on method, prediction, analog and failures."""

from collections.abc import Container, Mapping, Sequence

from teritwa.analysis.calibration.prediction import SCENARIOS
from teritwa.engine.formatting import format_fixed, format_integer, format_list
from teritwa.pictures.analog import MEASURES
from teritwa.pictures.tables import Record, records
from teritwa.report import findings, prediction_findings, validation_failures
from teritwa.report.markdown import bullet_list, table
from teritwa.report.prediction_findings import SIMPLE_RULES
from teritwa.report.validation_notes import REVISION_CRITERIA
from teritwa.report.validation_tables import ValidationTables
from teritwa.report.world_notes import world_notes

FACTS: Mapping[str, str] = {
    "particles": "pasts that were followed",
    "draws": "rows of the posterior",
    "distinct_histories": "distinct histories among them",
    "distinct_parameters": "distinct sets of parameters",
    "distinct_first_quarters": "distinct first quarters",
    "ancestors": "pasts of the beginning from which they descend",
    "largest_family": "rows that descend from the one of these from which most do",
    "parameters": "uncertain parameters",
    "targets": "targets",
    "fitted_targets": "targets that were fitted",
    "origin": "the last day of which counts were used",
    "left_out_inside": "counts in their 80 % interval, each predicted from all others",
    "left_out_counts": "of so many counts",
    "left_out_p": "probability of as bad a number if the intervals are right",
    "left_out_brier": "Brier score of places, each predicted from all others",
    "model": "SHA-256 of the rules and tables that made it",
    "posterior": "SHA-256 of the posterior",
    "shipped": "it is the posterior that ships",
}
"""Facts on how the page was made, in the order of the page; other facts follow them."""


def method_section(tables: ValidationTables) -> list[str]:
    """Return the section on how the page was made, as Markdown."""
    facts = tables.facts_by_name
    names = [name for name in FACTS if name in facts]
    names += [name for name in facts if name not in FACTS]
    return [
        "The model of the world as it was, held to what was counted. `teritwa calibrate` found "
        "the parameters under which it gives 2024, errors allowed for; `teritwa validate` made "
        "this page. What was simulated or fitted is told from the tables beside this page. "
        "Explanations of misses and what would change our mind are judgement, and say so.",
        "The calibration looks at runs of the prior first. A linear model of them says roughly "
        f"which of all {len(records(tables.parameters))} uncertain parameters and of the moods go "
        "with what was counted. From there it follows many pasts at once, each with its own "
        "parameters, moods and chance. Those that do not fit are dropped, those that fit are taken "
        "more often, and each is then moved: some of its numbers are drawn anew, and the new past "
        "is kept or not by how it meets all counts (a sequential Monte Carlo sampler, which weighs "
        "out what the linear model got wrong). A row of the posterior is one past, and each run of "
        "it replays that past up to the origin. What a count cannot be expected to meet, its own "
        "error and the model's discrepancy, is allowed for; errors of one office go together, and "
        "the discrepancy has a memory.",
        table(("what", "value"), [(FACTS.get(name, name), _fact(facts[name])) for name in names]),
    ]


def _fact(value: object) -> str:
    """Return a fact; an integer with thousands separators."""
    text = str(value)
    return format_integer(int(text)) if text.isdecimal() else text


def prediction_section(tables: ValidationTables) -> list[str]:
    """Return the section on the prediction in time, as Markdown."""
    summary = prediction_findings.sort_by_outcome(records(tables.scores_summary))
    figures = prediction_findings.sort_by_outcome(records(tables.scores))
    wins = [line for row in summary for line in prediction_findings.winning_rules(row, figures)]
    rule_scores = [f"CRPS {rule}" for rule in SIMPLE_RULES.values()]
    summary_header = ("outcome", "figures", "in the 80 %", "share", "CRPS model", "if right",
                      *rule_scores, "CRPS skill", "interval skill", "compared")  # fmt: skip
    figure_header = ("outcome", "days", "figure", "80 % interval", "inside", "persistence", "trend",
                     "80 % of dressed persistence")  # fmt: skip
    nowhere = "Nowhere: the model has the lowest CRPS wherever there is a rule to compare it with."
    return [
        *_PREDICTION_METHOD,
        *_prediction_pictures(set(map(str, tables.scores["origin"]))),
        table(summary_header, map(prediction_findings.summary_cells, summary)),
        _FEW_FIGURES,
        _coverage(figures),
        "### Where a simple rule wins, and why",
        bullet_list(wins or [nowhere]),
        "### Each figure",
        table(figure_header, map(prediction_findings.figure_cells, figures)),
    ]


def _coverage(figures: Sequence[Record]) -> str:
    """Return whether the 80 % intervals held as many figures as they should."""
    held, count, probability = prediction_findings.coverage_test(figures)
    return (
        "Counting each figure once, whatever the number of its forecasts, "
        f"{held} of {count} lie in their 80 % interval; the exact probability of a number as "
        "far off, if the intervals are "
        f"right and figures independent, is {format_fixed(probability, 2)}. Figures of one quarter "
        "are not independent, so it says less than that."
    )


def _prediction_pictures(origins: Container[str]) -> list[str]:
    """Return the pictures of the predictions from those origins that have scores."""
    drawn = [day for day in map(str, SCENARIOS) if day in origins]
    return [f"![Prediction from {day}](figures/prediction-{day}.png)" for day in drawn]


_PREDICTION_METHOD = (
    "The same method, fitted only to what was counted until "
    f"{format_list([str(day) for day in SCENARIOS])}, "
    "and told only the plans known that day, is held against the figures of the two quarters "
    "that followed. Rules and ranges were written with all of 2024 known; only fit and plans did "
    "not know it.",
    "CRPS is the mean distance of the runs from the figure, less half of that between two runs; "
    "less is better, and for a single number it is the distance. *If right* is what the model "
    "would score on average if figures came from its own runs. Persistence says that the last "
    "figure stays, the trend that the line through the figures of the last year goes on. Dressed "
    "persistence says that the last figure stays with a spread: a random walk on the scale of "
    "logarithms (of log odds for shares), as wide as the changes of the outcome's own record, or "
    "those of all outcomes where it has fewer than two or repeats one figure.",
    "Skill is 1 less the model's score as a share of that of dressed persistence: 0 is as good, "
    "below 0 is worse. The interval score is the width of the 80 % interval and ten times the "
    "distance of a figure outside.",
)
_FEW_FIGURES = (
    "In the row of all, skill is the median over the outcomes, so that no outcome decides it "
    "alone. The figures are few: shares of so few cannot tell a coverage of 80 % from one that is "
    "somewhat lower or higher."
)


def analog_section(tables: ValidationTables) -> list[str]:
    """Return the section on the analog, as Markdown."""
    rows = records(tables.analog_summary)
    header = ("scenario", "measure", "value", "95 % interval", "of")
    return [
        "![The analog](figures/analog.png)",
        "**This is a logic test, not evidence.** In a small world a quarter is raided and left, "
        "or raided and held. It asks whether the rules say that soldiers who stay hold more than "
        "those who leave. Its quarters and gangs are assumptions, and nothing here is compared "
        "with an observation. To pass it does not make the model true.",
        findings.analog_verdict(rows),
        table(header, findings.analog_rows(rows, MEASURES)),
    ]


def failures_section(tables: ValidationTables) -> list[str]:
    """Return the section on what failed, as Markdown."""
    summary = prediction_findings.sort_by_outcome(records(tables.scores_summary))
    failures = [
        *validation_failures.fit_failures(records(tables.fit)),
        *validation_failures.left_out_failures(tables.facts_by_name),
        *validation_failures.recovery_failures(records(tables.recovery)),
        *validation_failures.prediction_failures(summary),
        *validation_failures.analog_failures(records(tables.analog_summary)),
    ]
    none = "Nothing failed by these rules. That is no proof that the model is right."
    return [
        "Made by rule from the tables: targets outside their band, bands above the limit, "
        "coverage that is off, simple rules that win.",
        bullet_list(failures or [none]),
        "Known beside that, from runs and not from these tables:",
        bullet_list([one.note for one in world_notes("error")]),
    ]


def post_fit_changes_section(_: ValidationTables) -> list[str]:
    """Return the section on what was changed in the model after a fit was seen."""
    return [bullet_list([one.note for one in world_notes("changed")])]


def revision_section(_: ValidationTables) -> list[str]:
    """Return the section on what would make us change the model."""
    return [
        "Judgement. These observations would make us change the model, or stop using it:",
        bullet_list(REVISION_CRITERIA),
    ]


def commands_section(_: ValidationTables) -> list[str]:
    """Return the section on the commands that make the page."""
    return [
        "```sh\nteritwa calibrate\nteritwa validate\n```",
        "The first finds the posterior, the second runs the rest and writes this page and its "
        "pictures.",
    ]
