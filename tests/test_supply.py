"""Libraries: no version that is allowed or locked has a known hole, and the check sees holes."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

CI = Path(__file__).parents[1] / ".ci"
LOCK = 'pillow==13.0.0 \\\n    --hash=sha256:00\nsetuptools==59.8.0 ; sys_platform == "darwin" \\\n'


@pytest.fixture(scope="module")
def check() -> ModuleType:
    """Load the script of the check."""
    about = importlib.util.spec_from_file_location("known_holes", CI / "known_holes.py")
    assert about is not None
    assert about.loader is not None
    module = importlib.util.module_from_spec(about)
    sys.modules[about.name] = module  # dataclasses look their module up
    about.loader.exec_module(module)
    return module


def test_project_has_no_known_hole(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither bounds nor lock fall into a listed hole; each hole is listed once, sorted, by CVE."""
    assert check.main() == 0, capsys.readouterr().out
    holes = check.read_holes(CI / "known-holes.csv")
    named = [(hole.package, hole.identifier) for hole in holes]
    assert len(set(named)) == len(named) > 30
    assert [hole.package for hole in holes] == sorted(hole.package for hole in holes)
    assert all(identifier.startswith("CVE-") for _, identifier in named)


@pytest.mark.parametrize(
    ("required", "affected", "allowed"),
    [
        ("jinja2>=3.1,<4", "<3.1.6", True),
        ("jinja2>=3.1.6,<4", "<3.1.6", False),
        ("jinja2>=3.1.6,<4", "<=3.1.6", True),
        ("jinja2>=3,<3.1.4", "<3.1.3", True),
        ("pillow>=10.3,<14", ">=11.2.0,<11.3.0", True),
        ("pillow>=11.3,<14", ">=11.2.0,<11.3.0", False),
        ("pillow>=10,<11", ">=11.2.0,<11.3.0", False),
        ("distributed", "<2026.1.0", True),
        ("uv==0.8.5", "<0.8.6", True),
        ("uv==0.8.6", "<0.8.6", False),
        ("uv~=0.8.5", "<0.8.6", True),
    ],
)
def test_holes_in_a_range_are_seen(
    check: ModuleType, required: str, affected: str, allowed: bool
) -> None:
    """A hole counts if any allowed version has it: at the lower bound, above it, or without one."""
    hole = check.Hole("any", SpecifierSet(affected), "CVE-0")
    assert check.allowed_with_hole(Requirement(required), hole) is allowed


def test_each_problem_is_a_line(check: ModuleType) -> None:
    """Bounds and locked versions are named with the hole, however a name is written."""
    holes = [
        check.Hole("setuptools", SpecifierSet("<78.1.1"), "CVE-1"),
        check.Hole("pillow", SpecifierSet(">=10.3,<12.1.1"), "CVE-2"),
    ]
    assert list(check.problems(holes, [Requirement("Pillow>=11,<14")], LOCK)) == [
        "requirements-dev.txt: setuptools 59.8.0 has CVE-1",
        "pyproject.toml: Pillow<14,>=11 allows CVE-2 (<12.1.1,>=10.3)",
    ]
    assert list(check.problems(holes, [Requirement("Pillow>=12.2,<14")], "pillow==13.0.0")) == []
