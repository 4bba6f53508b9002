"""What all commands write on standard error: progress, and why nothing moves."""

import io
import os
import sys
import time

import pytest

from teritwa.cli import console
from teritwa.engine import compiler
from teritwa.simulation import model as mission


def test_progress_elsewhere_is_a_line_each_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty runs of one second each give four lines, with the time left."""
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    with console.show_progress() as progress:
        for done in range(1, 41):
            progress(done, 1, 40)

    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"{10 * i}/40 runs, 1 failed, {40 - 10 * i} s left" for i in (1, 2, 3, 4)]


def test_waiting_is_said_at_once_and_then_for_how_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first line comes before anything is done, and others follow while it lasts."""
    monkeypatch.undo()  # announcements are left out of the other tests
    monkeypatch.setattr(console, "WAITING_INTERVAL", 0.05)
    with console.waiting("drawing"):
        assert capsys.readouterr().err == "drawing ...\n"
        time.sleep(0.2)
    first, *_ = capsys.readouterr().err.splitlines()
    assert first == "drawing: 0 s"
    time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the same calls move a bar, which says how many runs failed."""
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with console.show_progress() as progress:
        progress(3, 1, 4)

    assert "3/4" in screen.getvalue()
    assert "1 failed" in screen.getvalue()


def compile_two_rules() -> float:
    """Act as Numba does when it compiles two rules."""
    from numba.core import event

    for _ in range(2):
        with event.trigger_event("numba:compile"):
            pass
    return 0.0


def test_compilation_is_announced_once_and_loading_never(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Loading prints nothing, however long it takes; the first rule that compiles prints a line."""
    monkeypatch.setattr(console, "NOTICE_DELAY", 0.01, raising=False)
    monkeypatch.setattr(mission, "warm_up", lambda: time.sleep(0.3))
    console.prepare_rules()
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(mission, "warm_up", compile_two_rules)
    console.prepare_rules()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("compiling the rules: once after each installation or change")


def test_compilation_without_a_cache_names_the_folder_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing can be kept, the line says so, and not that rules are compiled once."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    compiler._folder_of.cache_clear()
    monkeypatch.setattr(mission, "warm_up", compile_two_rules)
    try:
        console.prepare_rules()
    finally:
        compiler._folder_of.cache_clear()

    assert capsys.readouterr().err == (
        f"compiling the rules, some minutes at each start: cannot write {os.devnull}/teritwa; "
        "make it writable, or set XDG_CACHE_HOME to a folder that is\n"
    )


def test_message_to_a_closed_terminal_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the terminal is closed, a message cannot be written, and that ends nothing."""

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Closed())
    console.print_message("interrupted")


def test_expected_time_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds below a hundred, minutes above."""
    console.print_expected_time(66, 12.6)
    console.print_expected_time(4000, 399.0)

    lines = capsys.readouterr().err.splitlines()
    assert lines == ["66 runs, about 13 s", "4,000 runs, about 7 min"]
