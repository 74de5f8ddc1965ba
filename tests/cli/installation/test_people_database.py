"""The people register's database and keys at the shell: made by init, looked at by check-setup, copied and brought back apart."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from evenhand_shell import Shell, make_shell

from evenhand.people.keyring import parse_keyring

STORED = Path(__file__).resolve().parents[2] / "faults" / "fixtures" / "first-release.sqlite3.gz"
HOUSEHOLD = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.server.settings")
import django; django.setup()
from datetime import UTC, date, datetime
from evenhand.people.models import Household, Registration
from evenhand.people.opening import sealer
now = datetime.now(UTC)
row = Registration.objects.create(
    ref="RG-0000000001", title="Camp", party="TCD", purposes={}, fields={}, retain_until=date(2030, 1, 1), opened_by="u-1", opened_at=now,
)
box = sealer().seal("HH-0000000001", "address", "block 7, tent 12")
Household.objects.create(ref="HH-0000000001", registration=row, site="TCD", boxes={"address": box}, made_at=now)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one household in its register; tests change copies of it."""
    shell = make_shell(tmp_path_factory.mktemp("made") / "data")
    assert shell("init", "--name", "test.example/book", "--no-seeds").exit_code == 0
    run_python(shell, HOUSEHOLD)
    return shell.folder


@pytest.fixture
def shell(made: Path, tmp_path: Path) -> Shell:
    shutil.copytree(made, tmp_path / "data")
    return make_shell(tmp_path / "data")


@pytest.fixture
def other(tmp_path: Path) -> Shell:
    """A place where nothing was made yet."""
    return make_shell(tmp_path / "other")


def run_python(shell: Shell, source: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("EVENHAND_", "DJANGO_"))}
    environment |= {"EVENHAND_DATA": str(shell.folder), **shell.environment}
    done = subprocess.run(
        [sys.executable, "-c", source], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def keys_of(shell: Shell) -> Path:
    return shell.folder / "keys" / "people.keys"


def households(shell: Shell) -> int:
    with closing(sqlite3.connect(shell.folder / "people.sqlite3")) as file:
        return int(file.execute("SELECT count(*) FROM people_household").fetchone()[0])


# ── init ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_init_makes_the_register_s_own_database_and_keys_that_nobody_else_reads(other: Shell) -> None:
    answer = other("init", "--no-seeds", "--json").result
    assert answer["people register"] == "SQLite"
    assert "the keys of the people register" in answer["new"]
    assert households(other) == 0
    keys = parse_keyring(keys_of(other).read_text(encoding="ascii"), "the file")
    assert (list(keys.seal), list(keys.index)) == (["1"], ["1"])
    assert stat.S_IMODE(keys_of(other).stat().st_mode) == 0o600
    again = other("init", "--no-seeds", "--json").result
    assert "new" not in again
    assert parse_keyring(keys_of(other).read_text(encoding="ascii"), "the file") == keys


def test_keys_that_are_lost_are_made_anew_only_where_nothing_was_sealed(shell: Shell, other: Shell) -> None:
    other("init", "--no-seeds")
    before = keys_of(other).read_text(encoding="ascii")
    keys_of(other).unlink()
    assert "the keys of the people register" in other("init", "--no-seeds").out
    assert keys_of(other).read_text(encoding="ascii") != before
    keys_of(shell).unlink()
    outcome = shell("init", "--no-seeds")
    assert outcome.exit_code == 0
    assert "copy them back from where you keep them" in outcome.out
    assert not keys_of(shell).exists()


def test_keys_that_come_from_elsewhere_are_not_made(other: Shell) -> None:
    from evenhand.people.keyring import new_keyring

    ring = new_keyring().text().replace("\n", ";")
    assert other("init", "--no-seeds", EVENHAND_PEOPLE_KEYS=ring).exit_code == 0
    assert not keys_of(other).exists()
    assert other("check-setup", EVENHAND_PEOPLE_KEYS=ring).exit_code == 0
    elsewhere = other.folder.parent / "safe" / "people.keys"
    assert other("init", "--no-seeds", EVENHAND_PEOPLE_KEYS=str(elsewhere)).exit_code == 0
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    assert not keys_of(other).exists()


def test_one_database_for_both_is_refused_before_anything_is_made_in_it(other: Shell) -> None:
    address = "postgresql://evenhand@/evenhand"
    outcome = other(
        "init", EVENHAND_DATABASE=address, EVENHAND_PEOPLE_DATABASE="postgresql://registrar@localhost:5432/evenhand"
    )
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "the people register is in the same database as everything else" in outcome.err


@pytest.mark.parametrize(
    "words", [("status",), ("backup", "FILE"), ("check-setup",), ("serve",)], ids=lambda words: words[0]
)
def test_an_installation_from_before_there_was_a_register_is_told_to_run_init(
    shell: Shell, words: tuple[str, ...], tmp_path: Path
) -> None:
    (shell.folder / "people.sqlite3").unlink()
    outcome = shell(*words)
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert "there is no people register at" in outcome.err
    assert "evenhand init" in outcome.err
    assert not (shell.folder / "people.sqlite3").exists()
    keys_of(shell).unlink()
    assert "the keys of the people register" in shell("init", "--no-seeds").out
    assert shell("status").exit_code == 0


def test_people_database_is_a_setting_like_the_other(other: Shell) -> None:
    outcome = other("init", EVENHAND_PEOPLE_DATABASE="mysql://x/y")
    assert outcome.exit_code == 2
    assert "the setting people_database is 'mysql://x/y'; leave it empty for SQLite" in outcome.err


# ── check-setup ──────────────────────────────────────────────────────────────────────────────────────────────────────


def unsafe(shell: Shell, **environment: str) -> list[str]:
    result = shell("check-setup", "--json", **environment).result
    return [one["what"] for one in result["findings"] if one["level"] == "unsafe"]


def test_a_register_that_opens_is_said_to_be_as_it_should_be(shell: Shell) -> None:
    result = shell("check-setup", "--json").result
    assert result["unsafe"] == 0
    said = [one["what"] for one in result["findings"] if one["level"] == "ok"]
    assert {
        "the people register has a database of its own", "what is erased from the people register is written over",
        "the file of the people register's keys can be read by its owner alone", "the keys of the people register open it",
    } <= set(said)  # fmt: skip
    assert len(said) == len(set(said)), "the same is said twice"


def test_whatever_is_wrong_with_the_keys_is_unsafe(shell: Shell) -> None:
    whole, keys = keys_of(shell).read_text(encoding="ascii"), keys_of(shell)
    keys.chmod(0o640)
    assert unsafe(shell) == [f"{keys} can be read or changed by other users (mode 640)"]
    keys.chmod(0o600)
    keys.write_text(whole.replace("seal.1=", "seal.1=AAAA"), encoding="ascii")
    (said,) = unsafe(shell)
    assert "key 1 is not of the form seal.1=..." in said
    keys.unlink()
    assert unsafe(shell) == [f"the file of the people register's keys is not at {keys}"]
    served = shell.folder / "assets" / "people.keys"
    served.parent.mkdir(exist_ok=True)
    served.write_text(whole, encoding="ascii")
    served.chmod(0o600)
    assert unsafe(shell, EVENHAND_PEOPLE_KEYS=str(served)) == [
        f"{served} lies in {served.parent}, which is copied elsewhere"
    ]


def test_keys_that_do_not_open_the_register_are_unsafe(shell: Shell, other: Shell) -> None:
    other("init", "--no-seeds")
    shutil.copy(keys_of(other), keys_of(shell))
    (said,) = unsafe(shell)
    assert said.startswith("the keys of the people register do not open it: address of HH-0000000001")
    assert "block 7" not in said


def test_keys_in_the_settings_file_are_unsafe_and_in_the_environment_they_are_not(shell: Shell) -> None:
    ring = keys_of(shell).read_text(encoding="ascii").strip().replace("\n", ";")
    assert unsafe(shell, EVENHAND_PEOPLE_KEYS=ring) == []
    with (shell.folder / "evenhand.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'people_keys = "{ring}"\n')
    assert unsafe(shell) == ["the keys of the people register stand in evenhand.toml"]
    outcome = shell("check-setup")
    assert not [key for key in ring.split(";") if key.partition("=")[2] in outcome.out + outcome.err]


def test_keys_that_a_program_gives_are_asked_for(shell: Shell) -> None:
    keys = keys_of(shell).rename(shell.folder.parent / "elsewhere")
    assert unsafe(shell, EVENHAND_PEOPLE_KEYS=f"run:cat {keys}") == []
    (said,) = unsafe(shell, EVENHAND_PEOPLE_KEYS="run:cat /nowhere")
    assert "the program of people_keys gave no keys" in said


def test_tables_of_an_older_register_are_unsafe(shell: Shell) -> None:
    with closing(sqlite3.connect(shell.folder / "people.sqlite3")) as file:
        file.execute("DELETE FROM django_migrations WHERE app = 'people' AND name <> '0001_initial'")
        file.commit()
    assert any(one.startswith("people register: the tables are of an older release") for one in unsafe(shell))


# ── backup and restore ───────────────────────────────────────────────────────────────────────────────────────────────


def test_both_are_copied_apart_and_come_back(shell: Shell, other: Shell, tmp_path: Path) -> None:
    file, people = tmp_path / "book.backup", tmp_path / "book.people.backup"
    answer = shell("backup", str(file), "--json").result
    assert answer == {
        "file": str(file), "bytes": file.stat().st_size, "people_file": str(people), "people_bytes": people.stat().st_size,
    }  # fmt: skip
    for one in (file, people):
        assert b"block 7" not in one.read_bytes()
        assert b"seal.1" not in one.read_bytes()
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert b"HH-0000000001" not in file.read_bytes()
    assert "exists; a backup never writes over another one" in shell("backup", str(file)).err

    shutil.copytree(shell.folder / "keys", other.folder / "keys")
    back = other("restore", str(file))
    assert back.exit_code == 0, back.err
    assert "people register" not in back.out
    assert households(other) == 1
    assert unsafe(other) == ["there is no secret for sessions"] or unsafe(other) == []
    assert "holds records already" in other("restore", str(file)).err


def test_a_register_without_its_keys_comes_back_and_is_said_to_be_useless(
    shell: Shell, other: Shell, tmp_path: Path
) -> None:
    shell("backup", str(tmp_path / "book"))
    assert "people.keys. Copy them back" in other("restore", str(tmp_path / "book")).out
    third = make_shell(tmp_path / "third")
    third("init", "--no-seeds", "--operator", "nobody")
    for name in ("evenhand", "people"):
        (third.folder / f"{name}.sqlite3").unlink()
    said = third("restore", str(tmp_path / "book")).out
    assert "the keys of the people register do not open it" in said


def test_the_register_s_file_may_lie_somewhere_else(shell: Shell, other: Shell, tmp_path: Path) -> None:
    file, people = tmp_path / "book", tmp_path / "safe" / "register"
    assert f"--people {people}" in shell("backup", str(file), "--people", str(people)).out
    assert not (tmp_path / "book.people").exists()
    refused = other("restore", str(file))
    assert (refused.exit_code, refused.out) == (2, "")
    assert f"{tmp_path / 'book.people'} is not there" in refused.err
    assert "--without-people" in refused.err
    assert not (other.folder / "evenhand.sqlite3").exists()
    other("restore", str(file), "--people", str(people))
    assert households(other) == 1


def test_everything_else_can_be_brought_back_where_the_register_s_file_is_lost(
    shell: Shell, other: Shell, tmp_path: Path
) -> None:
    shell("backup", str(tmp_path / "book"))
    (tmp_path / "book.people").unlink()
    said = other("restore", str(tmp_path / "book"), "--without-people").out
    assert "Nothing was brought back into the people register; it is empty" in said
    assert households(other) == 0
    contrary = other("restore", str(tmp_path / "book"), "--without-people", "--people", str(tmp_path / "x"))
    assert "contradict each other" in contrary.err


def test_one_file_for_both_is_refused(shell: Shell, tmp_path: Path) -> None:
    outcome = shell("backup", str(tmp_path / "book"), "--people", str(tmp_path / "book"))
    assert outcome.exit_code == 2
    assert "is named for both" in outcome.err


def test_a_backup_from_before_there_was_a_register_comes_back(other: Shell, tmp_path: Path) -> None:
    file = tmp_path / "old.backup"
    file.write_bytes(gzip.decompress(STORED.read_bytes()))
    back = other("restore", str(file))
    assert "Traceback" not in back.err
    assert "restored from" in back.out
    assert households(other) == 0
    assert "the keys of the people register" in other("init", "--no-seeds").out


# ── the demo ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_demo_has_a_register_of_its_own(tmp_path: Path) -> None:
    shell = make_shell(tmp_path / "data")
    assert shell("demo", str(shell.folder)).exit_code == 0
    assert households(shell) == 0
    before = keys_of(shell).read_bytes()
    assert shell("demo", str(shell.folder)).exit_code == 0
    assert keys_of(shell).read_bytes() == before
    assert unsafe(shell) == []
