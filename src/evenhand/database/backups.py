"""Backups: a consistent copy of the whole database in one file, made while others write, and back again.

SQLite copies itself page by page from one snapshot; PostgreSQL by its own pg_dump and pg_restore, which must be on the
machine. Called by the commands. A backup is written beside its place and renamed: half a backup never has the name of
a whole one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from django.db import connection

from evenhand.errors import ActionRefused, FileUnreadable, OptionRefused

SQLITE_MARK = b"SQLite format 3\x00"
POSTGRESQL_MARK = b"PGDMP"
PAGES_AT_ONCE = 4096
"""Pages copied between two looks at the clock; the snapshot is held throughout, so writers never disturb the copy."""


def write_backup(file: Path) -> int:
    """Copy the database into a new file and return its size in bytes.

    Raises
    ------
    OptionRefused
        The file exists, or cannot be written.
    """
    if file.exists():
        raise OptionRefused(f"{file} exists; a backup never writes over another one. Give a new name")
    half = file.with_name(file.name + ".half")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        if connection.vendor == "sqlite":
            _copy_sqlite(Path(connection.settings_dict["NAME"]), half)
        else:
            _run("pg_dump", "--format=custom", f"--file={half}")
        descriptor = os.open(half, os.O_RDWR)
        try:
            os.fchmod(descriptor, 0o600)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.link(half, file)  # refuses to write over a file that came meanwhile
    except OSError as error:
        raise OptionRefused(f"{error.filename or file} cannot be written: {error.strerror}") from error
    except sqlite3.Error as error:  # no room for it, or no right to the folder
        raise OptionRefused(f"{file} cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return file.stat().st_size


def read_backup(file: Path) -> None:
    """Bring a backup back into the empty database of this installation.

    Raises
    ------
    FileUnreadable
        The file is no backup, is damaged, or comes from the other kind of database.
    ActionRefused
        The database of this installation holds records already.
    """
    try:
        with file.open("rb") as start:
            mark = start.read(len(SQLITE_MARK))
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}") from error
    kind = "sqlite" if mark == SQLITE_MARK else "postgresql" if mark.startswith(POSTGRESQL_MARK) else ""
    if kind != connection.vendor:
        what = f"a backup of {kind}" if kind else "no backup of Evenhand"
        raise FileUnreadable(f"{file} is {what}; this installation is on {connection.vendor}")
    if _has_records():
        raise ActionRefused(
            "this installation holds records already; restore into a new data folder or an empty database"
        )
    if kind == "sqlite":
        _bring_back_sqlite(file, Path(connection.settings_dict["NAME"]))
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction",
             f"--dbname={connection.settings_dict['NAME']}", str(file), named=False)  # fmt: skip


def _has_records() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in ("access_user", "records_party", "stockbook_entry"):
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 -- names of our own
                if cursor.fetchone():
                    return True
    return False


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy from a connection of its own, so that what this process is doing is no part of the copy."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as opened,
        closing(sqlite3.connect(target)) as made,
    ):
        opened.execute("BEGIN")
        opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # the snapshot begins here
        opened.backup(made, pages=PAGES_AT_ONCE)


def _bring_back_sqlite(file: Path, target: Path) -> None:
    opened = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        sound = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise FileUnreadable(f"{file} is damaged: {error}") from error
    finally:
        opened.close()
    if sound != "ok":
        raise FileUnreadable(f"{file} is damaged: {sound}")
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".half")
    shutil.copyfile(file, half)
    with half.open("rb") as written:
        os.fsync(written.fileno())
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    half.rename(target)


def _run(program: str, *arguments: str, named: bool = True) -> None:
    """Run a program of PostgreSQL against this installation's database; the password never stands in its arguments."""
    settings = connection.settings_dict
    where = {"PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"]}
    secret = {"PGPASSWORD": settings["PASSWORD"]}
    environment = os.environ | {key: str(value) for key, value in (where | secret).items() if value}
    found = shutil.which(program)
    if found is None:
        raise OptionRefused(f"{program} is not on this machine; install PostgreSQL's client programs")
    command = [found, *arguments, *([str(settings["NAME"])] if named else [])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- no shell, own words
    if done.returncode:
        raise FileUnreadable(
            f"{program} did not finish: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
