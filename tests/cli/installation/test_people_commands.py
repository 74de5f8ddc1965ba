"""`evenhand people`: counts that tell nobody, a new key in the file, what the book misses; no command shows a person."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from evenhand_shell import Shell, make_shell

from evenhand.people.keyring import read_keyring


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def shell(folder: Path) -> Shell:
    made = make_shell(folder)
    assert made("init", "--no-seeds").exit_code == 0
    return made


def test_an_empty_register_counts_nobody_and_misses_nothing(shell: Shell) -> None:
    counted, settled = shell("people", "count", "--json"), shell("people", "settle")
    assert (counted.exit_code, json.loads(counted.out)["result"]["registrations"]) == (0, [])
    assert (settled.exit_code, "holds everything" in settled.out) == (0, True)


def test_a_new_key_stands_in_front_in_a_private_file(shell: Shell, folder: Path) -> None:
    file = folder / "keys/people.keys"
    before = read_keyring("", file)
    done = shell("people", "rekey", "--new-key", "--as", "operator")
    after = read_keyring("", file)
    assert (done.exit_code, "seal.2" in done.out) == (0, True)
    assert list(after.seal) == ["2", "1"]
    assert (after.seal["1"], after.index) == (before.seal["1"], before.index)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = file.read_text(encoding="ascii")
    assert not [one for one in (*done.out.split(), *done.err.split()) if len(one) > 8 and one in held]


def test_nobody_else_makes_a_key(shell: Shell, folder: Path) -> None:
    before = (folder / "keys/people.keys").read_bytes()
    assert shell("user", "add", "ida", "--as", "operator").exit_code == 0
    assert shell("user", "grant", "ida", "--role", "auditor", "--as", "operator").exit_code == 0
    outcome = shell("people", "rekey", "--new-key", "--as", "ida")
    assert (outcome.exit_code, "takes the role operator" in outcome.err) == (2, True)
    assert shell("people", "rekey", "--new-key").exit_code == 2
    assert (folder / "keys/people.keys").read_bytes() == before


def test_keys_that_are_in_no_file_are_renewed_where_they_are_kept(folder: Path, shell: Shell) -> None:
    keys = (folder / "keys/people.keys").read_text(encoding="ascii").replace("\n", ";")
    outcome = make_shell(folder, EVENHAND_PEOPLE_KEYS=keys)("people", "rekey", "--new-key", "--as", "operator")
    assert (outcome.exit_code, "are in no file" in outcome.err) == (2, True)
