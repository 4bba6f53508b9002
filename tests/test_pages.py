"""README and guide: examples and commands work, links lead somewhere, numbers have their word.

Tables are written by model/documentation/generate.py, whose ``--check`` holds them.
"""

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from teritwa.analysis.recapture import prior_share
from teritwa.cli import app
from teritwa.report.cautions import recapture_caution
from teritwa.scenario import Scenario, load
from teritwa.scenario.actions.orders import Doctrine

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "results" / "reference"
GUIDE = ROOT / "model" / "guide"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", REFERENCE / "README.md"]
PAGES += sorted(GUIDE.glob("*.md"))
SHOWN = {
    "gang_control_capital": "capital held by gangs",
    "killed": "people killed",
    "gang_members": "gang members",
    "displaced": "people displaced",
}
"""The outcomes of the guide's tables, as it names them."""


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def joined(text: str) -> str:
    """Return a page with its lines joined, so that wrapped sentences can be found."""
    return " ".join(text.split())


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as forges make them."""
    heads = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_generated_tables_are_current() -> None:
    """Every generated table and sentence, of the ODD too, is what its source gives now."""
    command = [sys.executable, str(ROOT / "model" / "documentation" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_readme_is_a_front_page() -> None:
    """It has at most 150 lines; prose has at most 100 columns."""
    lines = README.splitlines()
    assert len(lines) <= 150
    prose = re.sub(r"```.*?```", "", README, flags=re.DOTALL).splitlines()
    long = [line for line in prose if len(line) > 100 and not line.startswith(("|", "![", "<!--"))]
    assert long == []


def test_its_scenario_loads(tmp_path: Path) -> None:
    """The example scenario loads as it stands."""
    (tmp_path / "kenya-only.yaml").write_text(blocks(README, "yaml")[0], encoding="utf-8")

    assert load(tmp_path / "kenya-only.yaml").id == "kenya-only"


def test_the_scenario_of_the_guide_loads(tmp_path: Path) -> None:
    """The example of a doctrine and an operation loads, and has each key of a doctrine."""
    example = blocks((GUIDE / "scenarios.md").read_text(encoding="utf-8"), "yaml")[0]
    path = tmp_path / "hold-and-search.yaml"
    path.write_text(example, encoding="utf-8")

    assert load(path).id == "hold-and-search"
    missing = [name for name in tuple(Doctrine.keys()) if f"      {name}: " not in example]
    assert missing == []


def test_its_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The example in Python runs as it stands (fewer days, because it also runs uncompiled)."""
    code = blocks(README, "python")[0].replace("mission.day < 200", "mission.day < 2")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README is ours

    assert capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_exist(page: Path) -> None:
    """Every teritwa command that a page names is one of the program's."""
    commands = [one for one in app.registered_commands if one.callback]
    known = {one.name or one.callback.__name__ for one in commands if one.callback}
    known |= {str(group.name) for group in app.registered_groups}
    shell = "\n".join(blocks(page.read_text(encoding="utf-8"), "sh")).replace("\\\n", " ")
    words = [shlex.split(line, comments=True) for line in re.split(r"&&|\n", shell)]
    named = {line[1] for line in words if line and Path(line[0]).name == "teritwa"}

    assert named <= known
    assert named or "teritwa run" not in shell


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture of a page is a file of the project, its anchor a heading."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_guide_has_every_page_in_its_index() -> None:
    """The index links each page, and README and CONTRIBUTING link the index."""
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in GUIDE.glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"\]\((\w+\.md)\)", index))
    for page in (README, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        assert "](model/guide/README.md)" in page


def test_a_sentence_stands_wherever_mean_and_median_differ_in_sign() -> None:
    """Each such scenario and outcome has its sentence in the guide, and no other has one."""
    text = joined((GUIDE / "levers.md").read_text(encoding="utf-8"))
    found = set(re.findall(r"- `([\w-]+)`, ([\w ]+): Median and mean disagree", text))
    wanted = set()
    for row in rows(REFERENCE / "comparison" / "comparison.csv"):
        median, mean = (float(row[name]) for name in ("difference_median", "mean_difference"))
        agree = (median > 0) == (mean > 0) and (median < 0) == (mean < 0)
        if row["outcome"] in SHOWN and not agree:
            wanted.add((row["scenario"], SHOWN[row["outcome"]]))
    assert found == wanted


def test_what_the_bands_leave_out_is_said_with_the_numbers_of_the_validation() -> None:
    """README and the page on trust have the coverage of the project's own prediction."""
    (whole,) = [
        row
        for row in rows(REFERENCE / "validation" / "scores_summary.csv")
        if row["outcome"] == "all"
    ]
    inside = sum(int(row["inside_80"]) for row in rows(REFERENCE / "validation" / "scores.csv"))
    for text in (README, (GUIDE / "trust.md").read_text(encoding="utf-8")):
        assert f"{inside} of {whole['figures']} figures lay in the 80 % interval" in joined(text)
        assert "what no count could show is in no band" in joined(text)
        assert "as well as chance" not in joined(text)


def test_the_recaptured_share_stands_beside_its_prior() -> None:
    """Each row has what the prior alone gives, and the caution stands below."""
    text = (GUIDE / "levers.md").read_text(encoding="utf-8")
    part = text.partition("## What is recaptured")[2]
    table = [line for line in part.splitlines() if line.startswith("| `")]
    assert table
    alone = f"| {100 * prior_share():.1f} % |"
    assert all(alone in line for line in table)
    base = next(row for row in rows(REFERENCE / "comparison" / "recapture.csv"))
    numbers = (float(base[key]) for key in ("share", "low", "high", "cleared"))
    assert base["scenario"] == "baseline"
    assert recapture_caution(*numbers) in joined(part)


def scenarios_remade() -> list[str]:
    """Return the scenarios of the command that makes the reference results."""
    text = (REFERENCE / "remake").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:shown|further)=\((.*?)\)$", text, re.DOTALL | re.MULTILINE)
    return [name for found in lists for name in found.split()]


def is_pair_of_the_baseline(scenario: Scenario, baseline: Scenario) -> bool:
    """Return whether a scenario has the world, posterior and days of the baseline."""
    keys = ("world", "posterior", "start", "end", "seed")
    return all(getattr(scenario, key) == getattr(baseline, key) for key in keys)


def test_one_ensemble_has_every_scenario_that_forms_pairs_with_the_baseline() -> None:
    """The command runs each shipped scenario of the baseline's world, posterior and days, once."""
    baseline, names = load("baseline"), scenarios_remade()
    shipped = {path.stem: load(path.stem) for path in (ROOT / "scenarios").glob("*.yaml")}
    pairs = [name for name, one in shipped.items() if is_pair_of_the_baseline(one, baseline)]
    assert sorted(names) == sorted(pairs)
    assert len(names) == 17


def test_both_command_lines_stand() -> None:
    """The two command lines install and run, and the first names the scenarios that are shown."""
    first, second = blocks(README, "sh")[:2]
    shown = scenarios_remade()[:5]
    assert f"teritwa run {' '.join(shown)} && .venv/bin/teritwa compare\n" in first
    assert second.startswith('.venv/bin/pip install -e ".[dev]" && ')
