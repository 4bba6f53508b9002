"""The README: its numbers are those of the reference results, its examples work, its links lead somewhere."""

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
COLUMNS = (("gang_control_capital", 100.0, "+.1f"), ("killed", 1.0, "+,.0f"), ("gang_members", 1.0, "+,.0f"))
"""What the table of levers shows of each scenario: measure, factor and form."""
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
    """Write the headline table from the reference comparison."""
    found = {
        row["scenario"]: row
        for row in rows(REFERENCE / "comparison" / "comparison.csv")
        if row["outcome"] == "gang_control_capital"
    }
    first = found["no-mission"]
    base, unknown = 100 * float(first["baseline_median"]), 100 * float(first["baseline_parametric_share"])
    lines = [f"| `baseline` | {base:.1f} % | {unknown:.0f} % | | | |"]
    for name in SCENARIOS:
        row = found[name]
        median, low, high = (100 * float(row[key]) for key in ("difference_median", "difference_q05", "difference_q95"))
        lines.append(
            f"| `{name}` | {100 * float(row['scenario_median']):.1f} % | {100 * float(row['scenario_parametric_share']):.0f} % "
            f"| {median:+.1f} ({low:+.1f} to {high:+.1f}) "
            f"| {100 * float(row['better_share']):.0f} % | {100 * float(row['tie_share']):.0f} % |"
        )
    return lines


def amount(value: float, target: str) -> str:
    """Write a quantity of a target as a reader wants it: shares in per cent, people whole."""
    if "share" in target or target.startswith("capital"):
        return f"{100 * value:.0f} %"
    return f"{value:,.1f}" if target.startswith("towns") else f"{max(value, 0):,.0f}"


def fit() -> list[str]:
    """Write the table of fit from the validation's tables."""
    lines = []
    for row in rows(VALIDATION / "fit.csv"):
        name = row["target"]
        low, median, high = (amount(float(row[f"posterior_q{at}"]), name) for at in ("05", "50", "95"))
        inside = "yes" if row["inside"] == "yes" else "**no**"
        lines.append(f"| {name} | {amount(float(row['observed']), name)} | {median} ({low} to {high}) | {inside} |")
    return lines


def prediction() -> list[str]:
    """Write the table of the prediction from June 2024 from the validation's scores."""
    lines = []
    for row in rows(VALIDATION / "scores_summary.csv"):
        if row["outcome"] != "all":
            scale = 100.0 if row["unit"] == "1" else 1.0
            scores = [
                f"{scale * float(row[name]):,.{1 if scale > 1 else 0}f}" if row[name] else "none"
                for name in ("crps", "persistence_crps", "trend_crps")
            ]
            inside = round(float(row["inside_80"]) * int(row["figures"]))
            unit = "points" if scale > 1 else row["unit"]
            lines.append(
                f"| `{row['outcome']}` ({unit}) | {inside} of {row['figures']} | {' | '.join(scores)} | {row['best']} |"
            )
    return lines


def levers() -> list[str]:
    """Write the table of all scenarios from the reference comparison of levers."""
    found = {(row["scenario"], row["outcome"]): row for row in rows(LEVERS / "comparison.csv")}
    lines = []
    for name in sorted({scenario for scenario, _ in found}):
        cells = []
        for outcome, scale, form in COLUMNS:
            row = found[name, outcome]
            mean, low, high = (scale * float(row[key]) for key in ("mean_difference", "mean_low", "mean_high"))
            cells.append(f"{mean:{form}} ({low:{form}} to {high:{form}})")
        better = 100 * float(found[name, COLUMNS[0][0]]["better_share"])
        lines.append(f"| `{name}` | {cells[0]} | {better:.0f} % | {cells[1]} | {cells[2]} |")
    return lines


def recapture_shares() -> list[str]:
    """Write the table of clearings lost again from the reference comparison of levers."""
    lines = []
    for row in rows(LEVERS / "recapture.csv"):
        if row["scenario"] in ("baseline", "forward-bases", "hold-force"):
            share, low, high = (100 * float(row[key]) for key in ("share", "low", "high"))
            difference = ""
            if row["difference"]:
                less, least, most = (
                    100 * float(row[key]) for key in ("difference", "difference_low", "difference_high")
                )
                difference = f"{less:+.1f} ({least:+.1f} to {most:+.1f})"
            lines.append(
                f"| `{row['scenario']}` | {int(row['cleared']):,} | {share:.1f} % ({low:.1f} to {high:.1f}) "
                f"| {difference} |"
            )
    return lines


def systems() -> list[str]:
    """Write the table of systems from the tests that hold it."""
    spec = importlib.util.spec_from_file_location("systems", ROOT / "tests" / "test_systems.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["systems"] = module  # where dataclasses look a class's module up
    spec.loader.exec_module(module)
    lines = []
    for system in module.SYSTEMS:
        files = ", ".join(f"[{name}](model/teritwa/mechanisms/{name}.py)" for name in system.files)
        shown = system.shows.__doc__.split(": ", 1)[1]
        test = f"`{system.shows.__name__}`: {shown}"
        lines.append(f"| {system.name} | {files} | `{system.scenario}` | {test} |")
    return lines


TABLES = [
    ("headline", headline),
    ("fit", fit),
    ("prediction", prediction),
    ("levers", levers),
    ("lost again", recapture_shares),
    ("systems", systems),
]


@pytest.mark.parametrize(("name", "made"), TABLES)
def test_tables_hold_the_numbers_of_the_reference_results(name: str, made: Callable[[], list[str]]) -> None:
    """Whoever changes the model makes the reference results anew, and the README with them."""
    assert table(name) == made(), "\n".join(made())


def test_its_scenario_loads(tmp_path: Path) -> None:
    """The example scenario is sound as it stands."""
    (tmp_path / "kenya-only.yaml").write_text(blocks("yaml")[0], encoding="utf-8")

    assert load(tmp_path / "kenya-only.yaml").id == "kenya-only"


def test_its_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The example in Python runs as it stands (on fewer days, for it also runs uncompiled)."""
    code = blocks("python")[0].replace("mission.day < 200", "mission.day < 2")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README is ours

    assert capsys.readouterr().out


def test_its_commands_exist() -> None:
    """Every teritwa command that the README names is one of the program's."""
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    words = [shlex.split(line.split("#")[0]) for block in blocks("sh") for line in re.split(r"&&|\n", block)]
    named = {line[1] for line in words if line and line[0].endswith("/teritwa")}

    assert named
    assert named <= known


def test_its_links_lead_somewhere() -> None:
    """Every relative link and picture of the README is a file of the project."""
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []
