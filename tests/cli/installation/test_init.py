"""`evenhand init` and `check-setup`: folder, keys, settings, tables, lists, the first operator; what is unsafe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from evenhand_shell import Shell, make_shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def shell(folder: Path) -> Shell:
    return make_shell(folder)


def test_init_makes_everything_and_a_second_run_changes_nothing(shell: Shell, folder: Path) -> None:
    first = shell("init", "--name", "test.example/book", "--no-seeds")
    assert first.exit_code == 0, first.err
    before = {file: file.read_bytes() for file in (folder / "keys").iterdir()} | {
        0: (folder / "evenhand.toml").read_bytes()
    }
    assert shell("init", "--name", "other.example/book", "--no-seeds").exit_code == 0
    after = {file: file.read_bytes() for file in (folder / "keys").iterdir()} | {
        0: (folder / "evenhand.toml").read_bytes()
    }
    assert before == after


def test_nobody_else_can_read_the_folder_or_the_keys(shell: Shell, folder: Path) -> None:
    shell("init", "--no-seeds")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in (folder / "keys").iterdir())


def test_the_seeds_are_planted_once(shell: Shell) -> None:
    assert "parties 249" in shell("init").out
    again = shell("init")
    assert again.exit_code == 0
    assert "parties 249" not in again.out


def test_without_an_installation_a_command_says_how_to_make_one(shell: Shell) -> None:
    outcome = shell("need", "list")
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "make one with: evenhand init" in outcome.err


def test_help_is_given_without_an_installation(shell: Shell) -> None:
    outcome = shell("need", "draft", "--help")
    assert outcome.exit_code == 0
    assert "--quantity" in outcome.out


def test_a_fresh_installation_is_safe_and_a_careless_one_is_not(shell: Shell, folder: Path) -> None:
    shell("init", "--no-seeds")
    assert shell("check-setup").exit_code == 0
    (folder / "keys" / "checkpoint.key").chmod(0o644)
    careless = shell(
        "check-setup", EVENHAND_DEBUG="yes", EVENHAND_HOSTS="book.example.org", EVENHAND_SECRET_KEY="short"
    )
    assert careless.exit_code == 1
    assert careless.out.startswith("3 unsafe")
    assert "can be read or changed by other users" in careless.out
    assert "debug is on" in careless.out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nmae = 'x'", "there is no setting 'nmae'; did you mean 'name'?"),
        ("name = ", "cannot be read as TOML"),
        ("hosts = ['a']", "hosts must be text, a number or yes/no"),
        ("database = 'mysql://x/y'", "write postgresql://user:password@host/name"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_a_sentence(
    shell: Shell, folder: Path, text: str, sentence: str
) -> None:
    folder.mkdir()
    (folder / "evenhand.toml").write_text(text, encoding="utf-8")
    outcome = shell("status")
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err
