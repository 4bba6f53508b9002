"""The README: its numbers are those of the reference results, its examples and links work."""

import csv
import importlib.util
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from teritwa.cli import app
from teritwa.scenario import load

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = ROOT / "results" / "reference"
LEVERS = REFERENCE / "levers"
VALIDATION = REFERENCE / "validation"
COLUMNS = (
    ("gang_control_capital", 100.0, "+.1f"),
    ("killed", 1.0, "+,.0f"),
    ("gang_members", 1.0, "+,.0f"),
)
"""What the table of levers shows of each scenario: measure, factor and format."""
HEADLINE = (
    "scenario_median", "scenario_parametric_share", "difference_median", "difference_q05",
    "difference_q95", "better_share", "tie_share",
)  # fmt: skip
"""What the headline table shows of each scenario, all shares."""
SCENARIOS = ("no-mission", "full-deployment", "un-peacekeeping", "funding-collapse")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def blocks(language: str) -> list[str]:
    """Return the code blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def table(name: str) -> list[str]:
    """Return the body of a marked table of the README."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- end {name} -->", README, re.DOTALL)
    assert found
    return found.group(1).strip().split("\n")[2:]


def headline() -> list[str]:
    """Return the headline table, from the reference comparison."""
    found = {
        row["scenario"]: row
        for row in rows(REFERENCE / "comparison" / "comparison.csv")
        if row["outcome"] == "gang_control_capital"
    }
    first = found["no-mission"]
    base, share = (100 * float(first[f"baseline_{key}"]) for key in ("median", "parametric_share"))
    lines = [f"| `baseline` | {base:.1f} % | {share:.0f} % | | | |"]
    for name in SCENARIOS:
        row = found[name]
        value = {key: 100 * float(row[key]) for key in HEADLINE}
        level, share, median, low, high, better, tied = value.values()
        lines.append(
            f"| `{name}` | {level:.1f} % | {share:.0f} % "
            f"| {median:+.1f} ({low:+.1f} to {high:+.1f}) | {better:.0f} % | {tied:.0f} % |"
        )
    return lines


def amount(value: float, target: str) -> str:
    """Return a quantity of a target as text: shares in per cent, people as whole numbers."""
    if "share" in target or target.startswith("capital"):
        return f"{100 * value:.0f} %"
    return f"{value:,.1f}" if target.startswith("towns") else f"{max(value, 0):,.0f}"


def fit() -> list[str]:
    """Return the table of fit, from the tables of the validation."""
    lines = []
    for row in rows(VALIDATION / "fit.csv"):
        name = row["target"]
        low, median, high = (
            amount(float(row[f"posterior_q{at}"]), name) for at in ("05", "50", "95")
        )
        inside = "yes" if row["inside"] == "yes" else "**no**"
        observed = amount(float(row["observed"]), name)
        lines.append(f"| {name} | {observed} | {median} ({low} to {high}) | {inside} |")
    return lines


def prediction() -> list[str]:
    """Return the table of the prediction from June 2024, from the scores of the validation."""
    lines = []
    for row in rows(VALIDATION / "scores_summary.csv"):
        if row["outcome"] == "all":
            continue
        is_share = row["unit"] == "1"
        found = [row[name] for name in ("crps", "persistence_crps", "trend_crps")]
        scores = [score_text(score, is_share) if score else "none" for score in found]
        inside = round(float(row["inside_80"]) * int(row["figures"]))
        outcome = f"`{row['outcome']}` ({'points' if is_share else row['unit']})"
        cells = [outcome, f"{inside} of {row['figures']}", *scores, row["best"]]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def score_text(score: str, is_share: bool) -> str:
    """Return a score as text: of a share in points with a decimal, of people as a whole number."""
    return f"{100 * float(score):,.1f}" if is_share else f"{float(score):,.0f}"


def levers() -> list[str]:
    """Return the table of all scenarios, from the reference comparison of levers."""
    found = {(row["scenario"], row["outcome"]): row for row in rows(LEVERS / "comparison.csv")}
    lines = []
    for name in sorted({scenario for scenario, _ in found}):
        cells = []
        for outcome, scale, form in COLUMNS:
            row = found[name, outcome]
            keys = ("mean_difference", "mean_low", "mean_high")
            mean, low, high = (scale * float(row[key]) for key in keys)
            cells.append(f"{mean:{form}} ({low:{form}} to {high:{form}})")
        better = 100 * float(found[name, COLUMNS[0][0]]["better_share"])
        lines.append(f"| `{name}` | {cells[0]} | {better:.0f} % | {cells[1]} | {cells[2]} |")
    return lines


def recapture_shares() -> list[str]:
    """Return the table of recaptured districts, from the reference comparison of levers."""
    lines = []
    for row in rows(LEVERS / "recapture.csv"):
        if row["scenario"] not in ("baseline", "forward-bases", "hold-force"):
            continue
        share, low, high = (100 * float(row[key]) for key in ("share", "low", "high"))
        difference = ""
        if row["difference"]:
            keys = ("difference", "difference_low", "difference_high")
            mean, least, most = (100 * float(row[key]) for key in keys)
            difference = f"{mean:+.1f} ({least:+.1f} to {most:+.1f})"
        interval = f"{share:.1f} % ({low:.1f} to {high:.1f})"
        lines.append(
            f"| `{row['scenario']}` | {int(row['cleared']):,} | {interval} | {difference} |"
        )
    return lines


def systems() -> list[str]:
    """Return the table of systems, from the tests that hold it."""
    spec = importlib.util.spec_from_file_location("systems", ROOT / "tests" / "test_systems.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["systems"] = module  # where dataclasses look a class's module up
    spec.loader.exec_module(module)
    lines = []
    for system in module.SYSTEMS:
        links = [f"[{Path(name).name}](model/teritwa/rules/{name}.py)" for name in system.files]
        shown = system.shows.__doc__.split(": ", 1)[1]
        test = f"`{system.shows.__name__}`: {shown}"
        lines.append(f"| {system.name} | {', '.join(links)} | `{system.scenario}` | {test} |")
    return lines


TABLES = [
    ("headline", headline),
    ("fit", fit),
    ("prediction", prediction),
    ("levers", levers),
    ("recapture", recapture_shares),
    ("systems", systems),
]


@pytest.mark.parametrize(("name", "made"), TABLES)
def test_tables_hold_the_numbers_of_the_reference_results(
    name: str, made: Callable[[], list[str]]
) -> None:
    """The README shows the numbers of the current reference results."""
    assert table(name) == made(), "\n".join(made())


def test_its_scenario_loads(tmp_path: Path) -> None:
    """The example scenario loads as it stands."""
    (tmp_path / "kenya-only.yaml").write_text(blocks("yaml")[0], encoding="utf-8")

    assert load(tmp_path / "kenya-only.yaml").id == "kenya-only"


def test_its_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The example in Python runs as it stands (fewer days, because it also runs uncompiled)."""
    code = blocks("python")[0].replace("mission.day < 200", "mission.day < 2")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README is ours

    assert capsys.readouterr().out


def test_its_commands_exist() -> None:
    """Every teritwa command that the README names is one of the program's."""
    commands = [one for one in app.registered_commands if one.callback]
    known = {one.name or one.callback.__name__ for one in commands if one.callback}
    lines = [line for block in blocks("sh") for line in re.split(r"&&|\n", block)]
    words = [shlex.split(line.split("#")[0]) for line in lines]
    named = {line[1] for line in words if line and line[0].endswith("/teritwa")}

    assert named
    assert named <= known


def test_its_links_lead_somewhere() -> None:
    """Every relative link and picture of the README is a file of the project."""
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []
