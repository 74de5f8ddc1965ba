"""What is unsafe is said to be, why, and what to do; what is safe is not complained about; what is unknown is not called safe."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.core.checks import Error, Warning
from hypothesis import given
from hypothesis import strategies as st

from evenhand.database.checks import (
    check_clock,
    check_databases,
    check_debug,
    check_key_file,
    check_secret_key,
    look_at_database,
    times_of_files,
)
from evenhand.database.finding import Finding
from evenhand.database.postgresql import check_postgresql
from evenhand.database.sqlite.checks import (
    check_file_system,
    check_reach_of_file,
    check_sqlite_durability,
    check_sqlite_version,
)

SOUND = {
    "server_version_num": "150018",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "default_transaction_isolation": "read committed",
    "lock_timeout": "30000",
}
MOUNTS = r"""
/dev/vda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/export /srv/shared\040files nfs4 rw 0 0
//server/share /mnt/share cifs rw 0 0
me@server: /mnt/far fuse.sshfs rw 0 0
/dev/vdb1 /mnt/far/disk xfs rw 0 0
overlay /container overlay rw 0 0
/dev/vdc1 /twice ext4 rw 0 0
host /twice 9p rw 0 0
"""
SECRET = "correct-horse-battery-staple-correct-horse-battery-staple"


def assert_helpful(finding: Finding) -> None:
    assert finding.what
    assert (finding.level == "ok") is (finding.why == "") is (finding.what_to_do == "")


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("version", "mode", "level"),
    [
        ((3, 6, 23), "wal", "ok"),
        ((3, 7, 0), "wal", "warning"),
        ((3, 40, 1), "wal", "warning"),
        ((3, 51, 2), "wal", "warning"),
        ((3, 51, 3), "wal", "ok"),
        ((3, 40, 1), "delete", "ok"),
    ],
)
def test_the_wal_reset_fault_is_named_where_it_can_be_met(version: tuple[int, int, int], mode: str, level: str) -> None:
    finding = check_sqlite_version(version, mode)
    assert finding.level == level
    assert_helpful(finding)


@pytest.mark.parametrize(
    ("mode", "synchronous", "mmap_size", "level", "said"),
    [
        ("wal", 2, 0, "ok", ""),
        ("wal", 3, 0, "ok", ""),
        ("wal", 1, 0, "unsafe", "loss of power"),
        ("wal", 2, 4096, "unsafe", "mmap_size is 4096"),
        ("delete", 2, 0, "warning", "journal mode is delete"),
        ("delete", 0, 0, "unsafe", "synchronous is 0"),
        ("memory", 2, 0, "unsafe", "gone when the process ends"),
    ],
)
def test_a_mode_that_can_lose_entries_is_unsafe(
    mode: str, synchronous: int, mmap_size: int, level: str, said: str
) -> None:
    finding = check_sqlite_durability(mode, synchronous, mmap_size)
    assert finding.level == level
    assert said in finding.why
    assert_helpful(finding)


@pytest.mark.parametrize(
    ("file", "level", "said"),
    [
        ("/srv/evenhand/evenhand.sqlite3", "ok", "ext4"),
        ("/run/evenhand.sqlite3", "unsafe", "in memory (tmpfs)"),
        ("/srv/shared files/evenhand.sqlite3", "unsafe", "network file system (nfs4)"),
        ("/mnt/share/evenhand.sqlite3", "unsafe", "cifs"),
        ("/mnt/far/evenhand.sqlite3", "unsafe", "fuse.sshfs"),
        ("/mnt/far/disk/evenhand.sqlite3", "ok", "xfs"),
        ("/mnt/farther/evenhand.sqlite3", "ok", "ext4"),
        ("/container/evenhand.sqlite3", "warning", "container's own layer"),
        ("/twice/evenhand.sqlite3", "unsafe", "9p"),
    ],
)
def test_a_file_where_locks_do_not_hold_is_unsafe(file: str, level: str, said: str) -> None:
    finding = check_file_system(Path(file), MOUNTS)
    assert finding.level == level
    assert said in finding.what
    assert_helpful(finding)


def test_a_file_system_that_cannot_be_known_is_not_called_safe() -> None:
    finding = check_file_system(Path("/srv/evenhand.sqlite3"), "")
    assert finding.level == "warning"
    assert_helpful(finding)


def test_a_database_that_everybody_can_read_is_found(tmp_path: Path) -> None:
    file = tmp_path / "evenhand.sqlite3"
    assert check_reach_of_file(file).level == "ok"
    file.touch()
    levels = {}
    for folder_mode, file_mode in [(0o755, 0o644), (0o700, 0o644), (0o755, 0o600)]:
        tmp_path.chmod(folder_mode)
        file.chmod(file_mode)
        finding = check_reach_of_file(file)
        levels[folder_mode, file_mode] = finding.level
        assert_helpful(finding)
    assert list(levels.values()) == ["warning", "ok", "ok"]


@pytest.mark.only("sqlite")
def test_our_own_sqlite_is_looked_at_and_runs_as_it_should(fresh_database: FreshDatabase) -> None:
    with fresh_database.here():
        found = look_at_database()
    assert any("WAL, synchronous=FULL" in finding.what and finding.level == "ok" for finding in found)
    assert any("SQLite 3." in finding.what for finding in found)
    for finding in found:
        assert_helpful(finding)


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_server_gets_one_line() -> None:
    (finding,) = check_postgresql(SOUND, superuser=False)
    assert finding == Finding("ok", "PostgreSQL 15: every commit is on the disk before it is acknowledged")


@pytest.mark.parametrize(
    ("changed", "level", "said"),
    [
        ({"server_version_num": "130011"}, "unsafe", "PostgreSQL 13"),
        ({"fsync": "off"}, "unsafe", "fsync is off"),
        ({"full_page_writes": "off"}, "unsafe", "full_page_writes is off"),
        ({"synchronous_commit": "off"}, "unsafe", "synchronous_commit is off"),
        ({"default_transaction_isolation": "serializable"}, "warning", "serializable by default"),
        ({"lock_timeout": "0"}, "warning", "lock_timeout is 0"),
    ],
)
def test_each_unsound_setting_of_a_server_is_found(changed: dict[str, str], level: str, said: str) -> None:
    (finding,) = check_postgresql(SOUND | changed, superuser=False)
    assert finding.level == level
    assert said in finding.what
    assert_helpful(finding)


def test_a_superuser_is_warned_of() -> None:
    (finding,) = check_postgresql(SOUND, superuser=True)
    assert (finding.level, finding.what) == ("warning", "Evenhand connects as a superuser")


@pytest.mark.only("postgresql")
def test_the_swift_server_of_the_tests_is_rightly_called_unsafe(fresh_database: FreshDatabase) -> None:
    with fresh_database.here():
        unsafe = {finding.what for finding in look_at_database() if finding.level == "unsafe"}
        messages = check_databases(databases=["default"])
    assert unsafe == {"fsync is off", "full_page_writes is off", "synchronous_commit is off"}
    assert {type(message) for message in messages} == {Error, Warning}
    assert all(message.hint and message.id in ("evenhand.E001", "evenhand.W001") for message in messages)


def test_django_is_told_only_when_it_asks_about_databases() -> None:
    assert check_databases(databases=None) == []


def test_a_database_that_cannot_be_reached_is_a_finding_not_a_crash(fresh_database: FreshDatabase) -> None:
    from django.db import connection

    with fresh_database.here():
        connection.settings_dict["NAME"] = "/nowhere/book"
        (finding,) = look_at_database()
        (message,) = check_databases(databases=["default"])
    assert finding.level == "unsafe"
    assert "cannot be reached" in finding.what
    assert isinstance(message, Error)


# ── the clock, the secrets ───────────────────────────────────────────────────────────────────────────────────────────

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "seen", "level"),
    [
        (NOW, [], "ok"),
        (NOW, [NOW - timedelta(days=300), NOW], "ok"),
        (NOW, [NOW + timedelta(seconds=30)], "ok"),
        (NOW, [NOW - timedelta(days=1), NOW + timedelta(hours=1)], "unsafe"),
        (datetime(1970, 1, 1, tzinfo=UTC), [], "unsafe"),
        (datetime(2025, 12, 31, tzinfo=UTC), [], "unsafe"),
    ],
)
def test_a_clock_that_lags_behind_what_was_recorded_is_unsafe(now: datetime, seen: list[datetime], level: str) -> None:
    finding = check_clock(now, seen)
    assert finding.level == level
    assert_helpful(finding)


def test_a_clock_is_told_the_least_that_it_must_say() -> None:
    assert "later than 2026-01-01 00:00" in check_clock(datetime(1970, 1, 1, tzinfo=UTC)).what
    assert "later than 2027-03-01 12:00" in check_clock(NOW - timedelta(days=2), [NOW]).what


def test_the_times_of_files_are_what_the_clock_is_compared_with(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a").touch()
    os.utime(tmp_path / "a", (NOW.timestamp(), NOW.timestamp()))
    assert times_of_files(tmp_path) == [NOW]


@pytest.mark.parametrize(
    ("debug", "hosts", "level"),
    [
        (False, ["evenhand.example"], "ok"),
        (True, ["localhost", "[::1]"], "warning"),
        (True, ["localhost", "evenhand.example"], "unsafe"),
    ],
)
def test_debug_on_a_server_that_others_reach_is_unsafe(debug: bool, hosts: list[str], level: str) -> None:
    finding = check_debug(debug, hosts)
    assert finding.level == level
    assert ("evenhand.example" in finding.what) is (level == "unsafe")
    assert_helpful(finding)


@pytest.mark.parametrize(
    ("secret", "level"),
    [("", "unsafe"), (SECRET[:49], "unsafe"), ("ab" * 40, "unsafe"), (SECRET, "ok")],
    ids=["none", "short", "dull", "good"],
)
def test_a_secret_that_can_be_guessed_is_unsafe(secret: str, level: str) -> None:
    finding = check_secret_key(secret)
    assert finding.level == level
    assert_helpful(finding)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=4, max_size=60))
def test_no_finding_ever_repeats_the_secret(secret: str) -> None:
    finding: Any = check_secret_key(f"{secret}#")
    assert f"{secret}#" not in finding.what + finding.why + finding.what_to_do


def test_a_signing_key_is_there_and_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "checkpoint.key"
    file.parent.mkdir()
    assert check_key_file(file).level == "unsafe"
    file.touch()
    for mode, level in [(0o600, "ok"), (0o400, "ok"), (0o640, "unsafe"), (0o604, "unsafe"), (0o620, "unsafe")]:
        file.chmod(mode)
        finding = check_key_file(file, [tmp_path / "backups"])
        assert finding.level == level, oct(mode)
        assert_helpful(finding)
    file.chmod(0o600)
    assert check_key_file(file, [tmp_path]).level == "unsafe"
