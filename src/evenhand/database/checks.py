"""Is the ground safe? Findings about the database, its file, the clock and the keys, in plain sentences.

For ``evenhand check-setup`` and, through :func:`check_databases`, for Django's own ``check``. Everything about settings
takes plain values, so that it can be asked about an installation that is not running. It changes nothing, and it never
calls safe what it could not look at.

Source
------
The WAL-reset fault: sqlite.org/wal.html, "The WAL-Reset Bug" (3.7.0 to 3.51.2, fixed in 3.51.3). Locks on network file
systems: sqlite.org/howtocorrupt.html, section 2.1. PostgreSQL: the manual, "Write Ahead Log" (fsync,
synchronous_commit, full_page_writes). Length of a secret: Django's check security.W009.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.core.checks import CheckMessage, Error, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

Level = Literal["ok", "warning", "unsafe"]

FIRST_FAULTY, FIRST_REPAIRED = (3, 7, 0), (3, 51, 3)
OLDEST_POSTGRESQL = 14
FIRST_YEAR = 2026
SECRET_LENGTH = 50
SECRET_LETTERS = 5
NETWORK = re.compile(r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|virtiofs|vboxsf|vmhgfs|fuse\..*|fuse")
VANISHING = {"tmpfs": "memory", "ramfs": "memory", "overlay": "a container's own layer"}
MOUNTS = Path("/proc/mounts")


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing about an installation.

    Attributes
    ----------
    level
        "ok"; "warning": it works, and something would be better; "unsafe": entries, keys or people may come to harm.
    what
        What was found.
    why
        Why it matters; "" where it is ok.
    what_to_do
        What would be better; "" where it is ok.
    """

    level: Level
    what: str
    why: str = ""
    what_to_do: str = ""


def look_at_database(using: str = DEFAULT_DB_ALIAS) -> tuple[Finding, ...]:
    """Return what is to be said about a database of the settings, asking the database itself."""
    connection = connections[using]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                return _look_at_sqlite(cursor, str(connection.settings_dict["NAME"]))
            return _look_at_postgresql(cursor)
    except DatabaseError as error:
        return (
            Finding(
                "unsafe",
                f"the database '{using}' cannot be reached: {str(error).strip()}",
                "nothing can be said about it, and nothing can be recorded in it.",
                "Check that it runs, and the setting that says where it is.",
            ),
        )


def check_databases(*, databases: Sequence[str] | None = None, **_ignored: Any) -> list[CheckMessage]:
    """Answer Django's ``check --database``: warnings as warnings, what is unsafe as errors.

    Register it where applications become ready: ``register(check_databases, Tags.database)``.
    """
    messages: list[CheckMessage] = []
    for alias in databases or ():
        for finding in look_at_database(alias):
            if finding.level != "ok":
                kind, code = (Error, "E001") if finding.level == "unsafe" else (Warning, "W001")
                messages.append(kind(f"{finding.what}: {finding.why}", hint=finding.what_to_do, id=f"evenhand.{code}"))
    return messages


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _look_at_sqlite(cursor: Any, name: str) -> tuple[Finding, ...]:
    import sqlite3

    def pragma(setting: str) -> str:
        answer = cursor.execute(f"PRAGMA {setting}").fetchone()
        return str(answer[0]) if answer else ""

    mode = pragma("journal_mode")
    return (
        check_sqlite_version(sqlite3.sqlite_version_info, mode),
        check_sqlite_durability(mode, int(pragma("synchronous")), int(pragma("mmap_size") or 0)),
        check_file_system(Path(name)),
        check_reach_of_file(Path(name)),
    )


def check_sqlite_version(version: tuple[int, int, int], journal_mode: str) -> Finding:
    """Find the WAL-reset fault: a version that has it, in the mode that meets it.

    Examples
    --------
    >>> check_sqlite_version((3, 51, 3), "wal").level, check_sqlite_version((3, 40, 1), "wal").level
    ('ok', 'warning')
    """
    said = ".".join(map(str, version))
    if not FIRST_FAULTY <= version < FIRST_REPAIRED or journal_mode != "wal":
        return Finding("ok", f"SQLite {said}, journal mode {journal_mode}")
    return Finding(
        "warning",
        f"SQLite {said} has the WAL-reset fault",
        "two connections that write or checkpoint at the same moment can damage the file. Evenhand's write lock never "
        "lets two write at once, so it is safe as long as no other program writes this file.",
        "SQLite 3.51.3 or newer would be better, and for a team's server PostgreSQL. Open the file with other tools "
        "for reading only.",
    )


def check_sqlite_durability(journal_mode: str, synchronous: int, mmap_size: int) -> Finding:
    """Check that what was acknowledged survives a loss of power, given the three pragmas as SQLite answers them."""
    wrong = []
    if journal_mode == "memory":
        wrong.append("the database or its journal is in memory, and gone when the process ends")
    elif journal_mode != "wal":
        wrong.append(f"journal mode is {journal_mode} and not wal, so readers and writers wait for one another")
    if synchronous < 2:
        wrong.append(f"synchronous is {synchronous} and not 2 (FULL), so a loss of power can lose acknowledged entries")
    if mmap_size > 0:
        wrong.append(f"mmap_size is {mmap_size} and not 0, so a stray write in memory can damage the file")
    if not wrong:
        return Finding("ok", "every commit is on the disk before it is acknowledged (WAL, synchronous=FULL, no mmap)")
    level: Level = (
        "warning" if journal_mode not in ("wal", "memory") and synchronous >= 2 and not mmap_size else "unsafe"
    )
    return Finding(
        level,
        "SQLite does not run in the mode that Evenhand sets",
        "; ".join(wrong) + ".",
        "Use ENGINE evenhand.database.sqlite on a local disk, and take init_command out of the OPTIONS.",
    )


def check_file_system(file: Path, mounts: str | None = None) -> Finding:
    """Find a database file where locks do not hold or that does not outlast a restart.

    Parameters
    ----------
    file
        The database's file.
    mounts
        What stands in /proc/mounts; read from there when None.
    """
    if mounts is None:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.is_file() else ""
    kind = _kind_of_file_system(Path(os.path.realpath(file)), mounts)
    if not kind:
        return Finding(
            "warning",
            f"the file system under {file} is not known",
            "on a network file system locks do not hold, and the file can be damaged.",
            "Make sure that it is a local disk.",
        )
    if NETWORK.fullmatch(kind):
        return Finding(
            "unsafe",
            f"{file} is on a network file system ({kind})",
            "locks and shared memory do not hold there, so two writers can damage the file.",
            "Move the data folder to a local disk, or use PostgreSQL.",
        )
    if kind in VANISHING:
        return Finding(
            "unsafe" if VANISHING[kind] == "memory" else "warning",
            f"{file} is in {VANISHING[kind]} ({kind})",
            "what is recorded is gone after a restart."
            if VANISHING[kind] == "memory"
            else "it goes with the container.",
            "Move the data folder to a disk, or to a volume of the container.",
        )
    return Finding("ok", f"the database's file is on a local disk ({kind})")


def _kind_of_file_system(file: Path, mounts: str) -> str:
    """Return the type of the longest mount point above a file; the last line wins, as the last mount does."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        if file.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def check_reach_of_file(file: Path) -> Finding:
    """Find a database file that any user of the machine can read."""
    try:
        open_file, open_folder = file.stat().st_mode & stat.S_IROTH, file.parent.stat().st_mode & stat.S_IXOTH
    except OSError:
        return Finding("ok", f"{file} is not there yet")
    if not (open_file and open_folder):
        return Finding("ok", "other users of this machine cannot read the database's file")
    return Finding(
        "warning",
        f"every user of this machine can read {file}",
        "the records of every party, and the accounts, stand in it.",
        f"chmod 700 {file.parent}",
    )


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _look_at_postgresql(cursor: Any) -> tuple[Finding, ...]:
    names = ("server_version_num", "fsync", "synchronous_commit", "full_page_writes", "default_transaction_isolation")
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*names, "lock_timeout"]])
    values = dict(cursor.fetchall())
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return check_postgresql(values, superuser=bool(cursor.fetchone()[0]))


def check_postgresql(values: dict[str, str], *, superuser: bool) -> tuple[Finding, ...]:
    """Check a server's settings as ``pg_settings`` gives them, and the role that Evenhand uses.

    Parameters
    ----------
    values
        server_version_num, fsync, synchronous_commit, full_page_writes, default_transaction_isolation, lock_timeout.
    superuser
        Whether the role is one.
    """
    found = []
    version = int(values["server_version_num"]) // 10_000
    if version < OLDEST_POSTGRESQL:
        found.append(
            Finding(
                "unsafe",
                f"PostgreSQL {version} is older than {OLDEST_POSTGRESQL}",
                "it gets no repairs any more, and Evenhand is not tested on it.",
                "Move to a version that is supported.",
            )
        )
    for setting, harm in {
        "fsync": "a crash of the machine can damage the whole database",
        "full_page_writes": "a crash of the machine can damage pages that were being written",
        "synchronous_commit": "a crash can lose entries that were already acknowledged",
    }.items():
        if values[setting] == "off":
            found.append(Finding("unsafe", f"{setting} is off", f"{harm}.", f"Set {setting} = on in postgresql.conf."))
    if values["default_transaction_isolation"] != "read committed":
        found.append(
            Finding(
                "warning",
                f"transactions are {values['default_transaction_isolation']} by default",
                "after waiting for the write lock they would look at the state from before it, and fail.",
                "Set default_transaction_isolation = 'read committed'.",
            )
        )
    if values["lock_timeout"] == "0":
        found.append(
            Finding(
                "warning",
                "lock_timeout is 0, so a writer waits for another one without end",
                "one hanging action would make all others hang.",
                "Set it for Evenhand's role: ALTER ROLE ... SET lock_timeout = '30s'.",
            )
        )
    if superuser:
        found.append(
            Finding(
                "warning",
                "Evenhand connects as a superuser",
                "a superuser can switch off what keeps entries from being changed or deleted.",
                "Make a role that owns nothing but this database, and name it in the setting.",
            )
        )
    return tuple(found) or (
        Finding("ok", f"PostgreSQL {version}: every commit is on the disk before it is acknowledged"),
    )


# ── the clock, the secrets ───────────────────────────────────────────────────────────────────────────────────────────


def check_clock(now: datetime, seen: Iterable[datetime] = ()) -> Finding:
    """Compare the clock with times that were surely in the past: of files, of the newest entry.

    Parameters
    ----------
    now, seen
        Aware times.
    """
    latest = max(seen, default=now)
    if now.year < FIRST_YEAR or latest - now > timedelta(minutes=1):
        earliest = max(latest, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        return Finding(
            "unsafe",
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, and it must be later than {earliest:%Y-%m-%d %H:%M}",
            "entries would be recorded before those they follow, and needs would lapse late.",
            "Set the clock, and keep it right with NTP.",
        )
    return Finding("ok", f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def times_of_files(folder: Path) -> list[datetime]:
    """Return when the files of a folder (not of folders in it) were last changed, for :func:`check_clock`."""
    return [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in folder.glob("*") if file.is_file()]


def check_debug(debug: bool, hosts: Sequence[str] = ()) -> Finding:
    """Find a server that shows its insides to whoever meets an error."""
    if not debug:
        return Finding("ok", "debug is off")
    others = [host for host in hosts if host not in ("localhost", "127.0.0.1", "[::1]")]
    return Finding(
        "unsafe" if others else "warning",
        "debug is on" + (f", and the server answers to {', '.join(others)}" if others else ""),
        "whoever meets an error sees settings, queries and records.",
        "Set debug to no.",
    )


def check_secret_key(secret: str) -> Finding:
    """Find a missing or a guessable secret of sessions and forms."""
    if len(secret) >= SECRET_LENGTH and len(set(secret)) >= SECRET_LETTERS:
        return Finding("ok", "the secret of sessions and forms is long enough")
    return Finding(
        "unsafe",
        f"the secret of sessions and forms has {len(secret)} letters" if secret else "there is no secret for sessions",
        f"with fewer than {SECRET_LETTERS} different letters or less than {SECRET_LENGTH} in all it can be guessed, and "
        "whoever knows it can sign in as anybody.",
        "Run evenhand init, which makes one.",
    )


def check_key_file(file: Path, away_from: Iterable[Path] = ()) -> Finding:
    """Check the file of the key that signs checkpoints: there, readable by its owner alone, outside what is copied.

    Parameters
    ----------
    file
        The key's file.
    away_from
        Folders that are copied elsewhere, such as that of the backups.
    """
    try:
        mode = file.stat().st_mode
    except OSError:
        return Finding(
            "unsafe",
            f"there is no signing key at {file}",
            "without it no checkpoint can be signed, and nobody can prove that the stock book was not changed.",
            "Run evenhand init, or copy the key back from where you keep it.",
        )
    harm = "whoever reads it can sign checkpoints of a false stock book."
    if mode & 0o077:
        said = f"{file} can be read or changed by other users (mode {stat.S_IMODE(mode):o})"
        return Finding("unsafe", said, harm, f"chmod 600 {file}")
    for folder in away_from:
        if file.resolve().is_relative_to(folder.resolve()):
            said = f"{file} lies in {folder}, which is copied elsewhere"
            return Finding("unsafe", said, harm, "Keep it outside, with a copy on paper or in a safe.")
    return Finding("ok", "the signing key can be read by its owner alone")
