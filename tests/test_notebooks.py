"""The example notebooks run as they are, and print what their text says."""

import re
import runpy
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "scenarios" / "notebooks"
PRINTED = {
    "compare_scenarios": (
        r"able to operate at the end: [+-]\d+ officers .*\n"
        r"median share .* on 2025-01-31: \d+\.\d%\n"
    ),
    "day_by_day": (
        r"Solino: influence .*\nthe same: True\nkilled in 120 days: [\d,]+, .* [\d,]+\n$"
    ),
}
"""What each notebook prints, among other things."""


def test_every_notebook_is_tested() -> None:
    """No example is left out."""
    assert {path.stem for path in NOTEBOOKS.glob("*")} - {"__pycache__"} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_cells_are_marked(name: str) -> None:
    """A notebook begins with a cell of text, and cells of text are comments."""
    cells = re.split(
        r"^# %%", (NOTEBOOKS / f"{name}.py").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert cells[0] == ""
    assert cells[1].startswith(" [markdown]\n# # ")
    texts = [cell for cell in cells[1:] if cell.startswith(" [markdown]\n")]
    assert len(texts) >= 3
    assert all(line.startswith("#") for cell in texts for line in cell.split("\n")[1:] if line)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
def test_notebook_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A notebook run as a script prints what its text says."""
    runpy.run_path(str(NOTEBOOKS / f"{name}.py"))
    assert re.search(PRINTED[name], capsys.readouterr().out)
