"""What all commands write on standard error: progress, and why nothing moves."""

import io
import sys
import time

import pytest

from teritwa.cli import console
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


def test_long_compilation_is_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line explains the wait if loading the rules takes long; if it does not, there is none."""
    monkeypatch.setattr(mission, "warm_up", lambda: 0.0)
    console.prepare_rules()
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(console, "NOTICE_DELAY", 0.01)
    monkeypatch.setattr(mission, "warm_up", lambda: time.sleep(0.3))
    console.prepare_rules()
    assert capsys.readouterr().err.startswith("compiling the rules")


def test_expected_time_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds below a hundred, minutes above."""
    console.print_expected_time(66, 12.6)
    console.print_expected_time(4000, 399.0)

    lines = capsys.readouterr().err.splitlines()
    assert lines == ["66 runs, about 13 s", "4,000 runs, about 7 min"]
