"""Common mistakes in a scenario file: one line each, with place, mistake and correction."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from teritwa import world
from teritwa.cli import app
from teritwa.engine.errors import InputError
from teritwa.scenario import ScenarioError, load

HERE = Path(__file__).parent


def blocks(name: str) -> dict[str, tuple[str, str]]:
    """Return text and expected words by name of mistake, from a file of blocks."""
    text = (HERE / name).read_text(encoding="utf-8")
    found = {}
    for block in text.split("=== ")[1:]:
        title, expected, _, body = block.split("\n", 3)
        found[title] = (body, expected)
    return found


# What a text file shows badly stands here.
BEHIND = blocks("mistakes_behind_the_head.txt") | {
    "a number of many digits": (
        f"params: {{control.adjustment_time: {'9' * 5000}}}\n",
        "5000 characters is too long",
    ),
    "text without end": (
        f"question: {'a' * 5000}\n",
        "5:11: question: 5,000 characters are too many",
    ),
    "a key without end": (f"{'a' * 300}: 1\n", "5:1: a key is one word of at most 200 letters"),
    "too many events": (
        "events:\n" + "".join(f"  - {{id: e-{n}}}\n" for n in range(1001)),
        "1001 events are too many",
    ),
    "deep nesting": ("params: " + "[" * 40 + "]" * 40 + "\n", "5:40: nested deeper than 32 levels"),
    "control character": ("question: a\x07b\n", "5:12: control character U+0007 is not allowed"),
    "order of letters turned": ("question: a\u202eb\n", "5:12: control character U+202E is not"),
    "letter without width": ("question: a\u200bb\n", "5:12: control character U+200B is not"),
    "line break that editors do not show": (
        "question: a\u2028b\n",
        "5:12: control character U+2028",
    ),
}
WHOLE = blocks("mistakes_in_the_head.txt")

FILES = {
    "binary": (b"\x89PNG\r\n\x00\x01", "1:1: a binary file"),
    "not UTF-8": (
        "schema: 2\ntitle: Événement\n".encode("latin-1"),
        "2:8: byte 0xc9 is not UTF-8 text",
    ),
    "UTF-16": ("schema: 2\n".encode("utf-16"), "1:1: a binary file"),
    "too large": (
        b"#" * 300_000,
        " cannot be read: it has 300,000 bytes; at most 262,144 are read",
    ),
}


@pytest.mark.parametrize("name", BEHIND)
def test_one_mistake_gives_one_line(name: str, mistakes: Callable[..., tuple[str, ...]]) -> None:
    """Each mistake after a sound head has exactly one line, at its place, with a correction."""
    body, expected = BEHIND[name]
    lines = mistakes(body)
    assert len(lines) == 1, lines
    assert expected in lines[0]
    assert lines[0].startswith("test.yaml:")


@pytest.mark.parametrize("name", WHOLE)
def test_a_mistake_in_the_head_gives_one_line(
    name: str, mistakes: Callable[..., tuple[str, ...]]
) -> None:
    """Each required key of a scenario is asked for once, where it should be."""
    text, expected = WHOLE[name]
    lines = mistakes(text, head="")
    assert len(lines) == 1, lines
    assert f"test.yaml:{expected}" in lines[0]


@pytest.mark.parametrize("name", [*BEHIND, *WHOLE])
def test_the_command_line_prints_it_and_exits_with_3(
    name: str, read: Callable[..., object], head: str, tmp_path: Path
) -> None:
    """`teritwa check` prints the line, exits with 3 and shows no traceback."""
    assert read("")  # the fixture also puts the small world in place
    text = head + BEHIND[name][0] if name in BEHIND else WHOLE[name][0]
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    answer = CliRunner().invoke(app, ["check", str(path)])

    assert answer.exit_code == 3
    assert isinstance(answer.exception, SystemExit)
    assert len([line for line in answer.stdout.splitlines() if line.startswith(str(path))]) == 1


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_text_is_refused(name: str, tmp_path: Path) -> None:
    """A file that is not text is refused in one line that names it, before it is parsed."""
    data, expected = FILES[name]
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert caught.value.problems == (str(caught.value),)
    assert f"{path}:{expected}" in caught.value.problems[0]


@pytest.mark.parametrize("given", ["nowhere.yaml", "folder", "a\0b", "x" * 5000, "basline", ""])
def test_what_is_no_file_is_refused(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing file, a folder or an impossible path has one line, with a similar shipped name."""
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load(given)
    assert len(caught.value.problems) == 1
    assert "cannot be read" in caught.value.problems[0]
    assert ("did you mean 'baseline'" in caught.value.problems[0]) == (given == "basline")


def test_there_are_enough_of_them() -> None:
    """The files of mistakes are read to their end."""
    assert len(BEHIND) + len(WHOLE) + len(FILES) > 100


def test_several_mistakes_are_listed_at_once_in_order(
    mistakes: Callable[..., tuple[str, ...]],
) -> None:
    """All mistakes of a file come together, each once, sorted by line and column."""
    lines = mistakes(
        "params: {control.adjustment_time: 99, war.on: yes}\n"
        "runs: {replicates: 0, drawz: 3}\n"
        "params: {}\n"
        "events:\n"
        "  - {id: b, date: 2024-13-01, probability: 2, base: {district: atlantis, open: off}}\n"
        "  - {id: b, date: 2024-01-01, coalition: {active: true}}\n"
        "  - {id: c, unless: d, coalition: {active: true}}\n"
    )
    places = [tuple(int(part) for part in line.split(":")[1:3]) for line in lines]
    assert places == sorted(places)
    assert len(set(places)) == len(lines) == 12
    assert [line.split(": ")[1] for line in lines] == [
        "params.control.adjustment_time",
        "params.war.on",
        "runs.replicates",
        "runs.drawz",
        "params",
        "events.b.date",
        "events.b.probability",
        "events.b.base.district",
        "events.b.base.open",
        "events.b",
        "events.c",
        "events.c.unless",
    ]


def test_a_broken_world_is_listed_with_the_files_own_mistakes(
    read: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the world cannot be read, its mistakes are listed after those of the file's form."""
    broken = InputError(["districts.csv:2: id: missing"])

    def load_broken(folder: Path | None) -> None:
        raise broken

    monkeypatch.setattr(world, "load", load_broken)
    with pytest.raises(ScenarioError) as caught:
        read("schema: 2\n")
    assert caught.value.problems == (
        "test.yaml:5:1: schema: given twice, first in line 1; a key stands once",
        "districts.csv:2: id: missing",
    )


def test_nonsense_is_refused_quickly(mistakes: Callable[..., tuple[str, ...]]) -> None:
    """Thousands of unknown keys are listed without minutes of search for similar words."""
    lines = mistakes("".join(f"paramz{number}: 1\n" for number in range(5000)))
    assert len(lines) == 5000
