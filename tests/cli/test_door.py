"""The door: exit codes, sentences instead of tracebacks, one JSON shape, quiet pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from evenhand import cli
from evenhand.cli.application import COMMANDS
from evenhand.errors import PlanNotProved

EVENHAND = [sys.executable, "-m", "evenhand"]


@pytest.mark.parametrize("command", [command.__name__ for command in COMMANDS])
def test_every_command_has_help_in_plain_sentences(run, golden: Callable[[str, object], None], command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.exit_code == 0
    assert outcome.err == ""
    golden(f"help_{command}", outcome)


def test_help_lists_every_command(run, golden: Callable[[str, object], None]) -> None:
    outcome = run("--help")
    assert all(command.__name__ in outcome.out for command in COMMANDS)
    golden("help", outcome)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["alocate"], "No such command 'alocate'. Did you mean 'allocate'? Try 'evenhand --help'."),
        (["allocate"], "Missing argument 'NEEDS'. Try 'evenhand allocate --help'."),
        (["columns", "neds"], "no table 'neds'; did you mean 'needs'?"),
        (["check"], "no plan to check; name its folder, as in: evenhand check plan/"),
    ],
)
def test_a_mistake_gets_one_sentence_on_stderr_and_exit_code_2(run, words: list[str], sentence: str) -> None:
    outcome = run(*words)
    assert (outcome.exit_code, outcome.out, outcome.err) == (2, "", f"{sentence}\n")


def test_a_mistake_in_json_has_the_documented_body(run) -> None:
    outcome = run("columns", "neds", "--json")
    body = json.loads(outcome.out)
    assert outcome.exit_code == 2
    assert list(body) == ["command", "ok", "error"]
    assert body["error"] == {
        "code": "name-unknown",
        "message": "no table 'neds'; did you mean 'needs'?",
        "fields": {"kind": "table", "name": "neds"},
        "errors": [],
    }
    assert outcome.err == "no table 'neds'; did you mean 'needs'?\n"


def test_a_plan_that_fails_its_own_check_ends_with_exit_code_3(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_words: list[str]) -> None:
        raise PlanNotProved("the plan failed its own check")

    monkeypatch.setattr("evenhand.cli.application.make_application", lambda _: lambda *_, **__: refuse([]))
    outcome = run("version")
    assert (outcome.exit_code, outcome.err) == (3, "the plan failed its own check\n")


def test_control_c_ends_with_130_and_no_traceback(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    outcome = run("version")
    assert (outcome.exit_code, outcome.err) == (cli.INTERRUPTED, "\nInterrupted.\n")


def test_control_c_inside_a_command_is_not_mistaken_for_success(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evenhand.cli.columns.list_columns", interrupt)
    outcome = run("columns")
    assert (outcome.exit_code, outcome.out) == (cli.INTERRUPTED, "")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    with subprocess.Popen([*EVENHAND, "columns", "needs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_terminal_gets_colour_and_a_pipe_gets_none(on_a_terminal, golden: Callable[[str, object], None]) -> None:
    shown = on_a_terminal("columns", "groups")
    assert "\x1b[" in shown
    piped = subprocess.run([*EVENHAND, "columns", "groups"], capture_output=True, text=True, check=True).stdout
    assert "\x1b[" not in piped
    golden("terminal_columns", shown)
