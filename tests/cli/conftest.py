"""Run commands as a person does, in a folder of their own, and compare what they print with golden files."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from evenhand.cli import main

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one command did: the words typed, its exit code, what it printed."""

    words: tuple[str, ...]
    exit_code: int
    out: str
    err: str

    def __str__(self) -> str:
        typed = " ".join(("evenhand", *self.words))
        err = f"--- stderr\n{self.err}" if self.err else ""
        return f"$ {typed}\n{self.out}{err}--- exit code {self.exit_code}\n"


Run = Callable[..., Outcome]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tables of a small round, where commands are run."""
    for table in (HERE / "round").glob("*.csv"):
        shutil.copy(table, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "40")
    return tmp_path


@pytest.fixture
def run(room: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in the room."""

    def run_one(*words: str) -> Outcome:
        capsys.readouterr()
        exit_code = main(list(words))
        captured = capsys.readouterr()
        return Outcome(words, exit_code, captured.out, captured.err)

    return run_one


@pytest.fixture
def golden(update_golden: bool) -> Callable[[str, object], None]:
    """Compare text with tests/cli/golden/<name>.txt, exactly; `pytest --update-golden` writes it anew."""

    def compare(name: str, text: object) -> None:
        file = HERE / "golden" / f"{name}.txt"
        if update_golden:
            file.write_text(str(text), encoding="utf-8", newline="\n")
        assert file.is_file(), f"no golden file {name}.txt; make it with: pytest tests/cli --update-golden"
        assert str(text) == file.read_text(encoding="utf-8")

    return compare


ROUND = ("needs.csv", "lots.csv", "--groups", "groups.csv", "--date", "2021-03-01")
"""The words that share out the room's tables; the date fixes the shelf life, so that every day gives the same plan."""


@pytest.fixture
def planned(run: Run, room: Path) -> Path:
    """A room in which plan/ has been written."""
    outcome = run("allocate", *ROUND)
    assert outcome.exit_code == 0, outcome.err
    return room


@pytest.fixture
def on_a_terminal(room: Path) -> Callable[..., str]:
    """Run a command with a pseudo-terminal as stdout and return what the screen gets.

    Its stderr is none, so that no progress bar, which depends on the speed of the machine, comes into it.
    """

    def run_on_one(*words: str, columns: int = 100, lines: int = 40) -> str:
        ours, theirs = pty.openpty()
        environment = os.environ | {"COLUMNS": str(columns), "LINES": str(lines), "TERM": "xterm-256color"}
        command = [sys.executable, "-m", "evenhand", *words]
        with subprocess.Popen(
            command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment, cwd=room
        ) as process:
            os.close(theirs)
            chunks: list[bytes] = []
            while True:
                try:
                    chunk = os.read(ours, 65536)
                except OSError:  # Linux says EIO when the other side has closed
                    break
                if not chunk:
                    break
                chunks.append(chunk)
            assert process.wait() == 0
        os.close(ours)
        return b"".join(chunks).decode().replace("\r\n", "\n")

    return run_on_one
