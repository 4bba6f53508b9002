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
COLUMNS = (("gang_control_capital", 100.0, "+.1f"), ("killed", 1.0, "+,.0f"), ("members", 1.0, "+,.0f"))
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
    base = float(found["no-mission"]["baseline_median"])
    lines = [f"| `baseline` | {100 * base:.1f} % | | | |"]
    for name in SCENARIOS:
        row = found[name]
        median, low, high = (100 * float(row[key]) for key in ("difference_median", "difference_q05", "difference_q95"))
        lines.append(
            f"| `{name}` | {100 * float(row['scenario_median']):.1f} % | {median:+.1f} ({low:+.1f} to {high:+.1f}) "
            f"| {100 * float(row['better_share']):.0f} % | {100 * float(row['tie_share']):.0f} % |"
        )
    return lines


def fit() -> list[str]:
    """Write the table of fit from the reference results and what was counted."""
    quarters = {
        row["quarter"]: row
        for row in rows(REFERENCE / "baseline" / "figures" / "killed.csv")
        if row["outcome"] == "killed"
    }
    summary = {(row["date"], row["outcome"]): row for row in rows(REFERENCE / "baseline" / "summary.csv")}

    def line(what: str, counted: str, row: dict[str, str], source: str, scale: float = 1.0, form: str = ",.0f") -> str:
        median, low, high = (format(scale * float(row[key]), form) for key in ("q50", "q05", "q95"))
        return f"| {what} | {counted} | {median} ({low} to {high}) | {source} |"

    lines = [
        line(f"killed, {name}", counted, quarters[name], "BINUH")
        for name, counted in (("2024 Q1", "1,660"), ("2024 Q2", "945"), ("2024 Q3", "1,223"), ("2024 Q4", "1,732"))
    ]
    new_year = "2025-01-01"
    lines.append(line("injured in 2024", "2,213", summary[new_year, "injured"], "BINUH"))
    lines.append(line("kidnapped in 2024", "1,494", summary[new_year, "kidnapped"], "BINUH"))
    lines.append(line("displaced, end of 2024", "1,041,000", summary[new_year, "displaced"], "IOM"))
    control = [("1 September 2024", "80", "2024-09-01"), ("1 January 2025", "85", new_year)]
    lines += [
        line(f"capital held, {day}, %", counted, summary[date, "gang_control_capital"], "UN", 100.0, ".1f")
        for day, counted, date in control
    ]
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


def lost_again() -> list[str]:
    """Write the table of clearings lost again from the reference comparison of levers."""
    lines = []
    for row in rows(LEVERS / "lost_again.csv"):
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


TABLES = [("headline", headline), ("fit", fit), ("levers", levers), ("lost again", lost_again), ("systems", systems)]


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
