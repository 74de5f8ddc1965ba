"""Progress: on stderr, after a second, and only where somebody is watching."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest

from evenhand.cli import progress as module
from evenhand.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


Watch = Callable[[], Terminal]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Let somebody watch stderr from now on, who has little patience."""

    def begin() -> Terminal:
        terminal = Terminal()
        monkeypatch.setattr("sys.stderr", terminal)  # not earlier: pytest puts its own there when the test begins
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
        return terminal

    return begin


def test_nobody_watching_gets_no_progress() -> None:
    with progress() as report:
        assert report is None


def test_machines_get_no_progress(watch: Watch) -> None:
    watched = watch()
    with progress(quiet=True) as report:
        assert report is None
    assert watched.getvalue() == ""


def test_what_is_quick_shows_nothing(watch: Watch) -> None:
    watched = watch()
    with progress() as report:
        assert report is not None
        report("reading the tables", 0.0)
    assert watched.getvalue() == ""


def test_what_takes_long_shows_the_stage(watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    watched = watch()
    with progress() as report:
        assert report is not None
        report("reading the tables", 0.0)
        time.sleep(0.5)
        report("sharing out", 0.5)
        time.sleep(0.2)
    assert "reading the tables" in watched.getvalue()
    assert "sharing out" in watched.getvalue()
    assert capsys.readouterr().out == ""


def test_an_error_stops_the_bar(watch: Watch) -> None:
    watched = watch()
    with pytest.raises(KeyError), progress():
        raise KeyError("x")
    quiet = watched.getvalue()
    time.sleep(0.3)
    assert watched.getvalue() == quiet
