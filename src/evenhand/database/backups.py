"""Backups: a consistent copy of each database in a file of its own, made while others write, and back again.

Several databases are copied as they stood at one moment (`database.copying`), each into its own file. A backup is written
beside its place and renamed: half a backup never has the name of a whole one. Called by the commands.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from evenhand.database.copying import ask_program, run_on, snapshots
from evenhand.errors import ActionRefused, FileUnreadable, OptionRefused

SQLITE_MARK = b"SQLite format 3\x00"
POSTGRESQL_MARK = b"PGDMP"
RECORDS: Mapping[str, tuple[str, ...]] = {
    DEFAULT_DB_ALIAS: ("access_user", "records_party", "stockbook_entry"),
    "people": ("people_registration", "people_peopleline"),
}
"""Tables by which a database is known, and which tell whether anything was ever recorded in it."""


def write_backup(file: Path, using: str = DEFAULT_DB_ALIAS) -> int:
    """Copy one database into a new file and return its size in bytes; raises as `write_backups` does."""
    return write_backups({using: file})[using]


def write_backups(files: Mapping[str, Path]) -> dict[str, int]:
    """Copy databases into new files, each as it stood at the same moment, and return their sizes in bytes.

    Writers wait for that moment alone, not for the copying.

    Parameters
    ----------
    files
        Database → its file.

    Raises
    ------
    OptionRefused
        A file exists, or cannot be written.
    ActionRefused
        A writer kept a database for so long that there was no such moment.
    """
    for file in files.values():
        if file.exists():
            raise OptionRefused(f"{file} exists; a backup never writes over another one. Give a new name")
    halves = {alias: file.with_name(file.name + ".half") for alias, file in files.items()}
    named: list[Path] = []
    file = next(iter(files.values()))
    try:
        for half in halves.values():
            half.parent.mkdir(parents=True, exist_ok=True)
            half.unlink(missing_ok=True)
            os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with ExitStack() as held:
            for alias, copy in snapshots(list(files), held).items():
                file = files[alias]
                copy(halves[alias])
        for half in halves.values():
            descriptor = os.open(half, os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        for alias, file in files.items():
            os.link(halves[alias], file)  # refuses to write over a file that came meanwhile
            named.append(file)
    except OSError as error:
        _take_away(named)  # one without the others would pass for a backup of everything
        raise OptionRefused(f"{error.filename or file} cannot be written: {error.strerror}") from error
    except sqlite3.Error as error:  # no room for it, or no right to the folder
        raise OptionRefused(f"{file} cannot be written: {error}") from error
    finally:
        _take_away(halves.values())
    return {alias: file.stat().st_size for alias, file in files.items()}


def read_backup(file: Path, using: str = DEFAULT_DB_ALIAS) -> None:
    """Bring a backup back into an empty database of this installation; raises as `read_backups` does."""
    read_backups({using: file})


def read_backups(files: Mapping[str, Path]) -> None:
    """Bring backups back into the empty databases of this installation; each is looked at before any is touched.

    Parameters
    ----------
    files
        Database → its file.

    Raises
    ------
    FileUnreadable
        A file is no backup, is damaged, or comes from the other kind of database or from another database.
    ActionRefused
        A database of this installation holds records already.
    """
    for alias, file in files.items():
        _expect_kind(file, connections[alias].vendor)
    for alias in files:
        if has_records(alias):
            raise ActionRefused(
                "this installation holds records already; restore into a new data folder or an empty database"
            )
    for alias, file in files.items():
        _expect_sound(file, alias, whole=len(files) > 1)
    for alias, file in files.items():
        if connections[alias].vendor == "sqlite":
            _bring_back_sqlite(file, connections[alias])
        else:
            run_on(connections[alias], "pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error",
                 "--single-transaction", f"--dbname={connections[alias].settings_dict['NAME']}", str(file))  # fmt: skip


def has_records(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Say whether anything was ever recorded in a database of this installation."""
    connection = connections[using]
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in RECORDS[using]:
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 -- names of our own
                if cursor.fetchone():
                    return True
    return False


def knows_of(file: Path, application: str) -> bool:
    """Say whether the release that a backup of the first database was made with had an application.

    Of a file that cannot be brought back here it says no; `read_backups` says why.

    Raises
    ------
    FileUnreadable
        The file cannot be read, or is damaged.
    """
    kind = _kind_of(file)
    if kind != connections[DEFAULT_DB_ALIAS].vendor:
        return False
    if kind == "sqlite":
        if not _ask_sqlite(file, "SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'"):
            return False
        return (application,) in _ask_sqlite(file, "SELECT DISTINCT app FROM django_migrations")
    rows = ask_program("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(file))
    return any(line.split("\t")[1:2] == [application] for line in rows.splitlines())


def _kind_of(file: Path) -> str:
    try:
        with file.open("rb") as start:
            mark = start.read(len(SQLITE_MARK))
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}") from error
    return "sqlite" if mark == SQLITE_MARK else "postgresql" if mark.startswith(POSTGRESQL_MARK) else ""


def _expect_kind(file: Path, vendor: str) -> None:
    kind = _kind_of(file)
    if kind != vendor:
        what = f"a backup of {kind}" if kind else "no backup of Evenhand"
        raise FileUnreadable(f"{file} is {what}; this installation is on {vendor}")


def _expect_sound(file: Path, alias: str, *, whole: bool) -> None:
    """Refuse a file that is damaged, or a backup of another database than the one it is to be brought back into.

    Of one database alone, PostgreSQL need not read the whole file first: it brings it back whole or not at all.
    """
    if connections[alias].vendor == "sqlite":
        sound = _ask_sqlite(file, "PRAGMA integrity_check")[0][0]
        if sound != "ok":
            raise FileUnreadable(f"{file} is damaged: {sound}")
        tables = {name for (name,) in _ask_sqlite(file, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    else:
        listed = ask_program("pg_restore", "--list", str(file))
        tables = {words[5] for line in listed.splitlines() if (words := line.split())[3:4] == ["TABLE"]}
        if whole:
            ask_program("pg_restore", f"--file={os.devnull}", str(file))
    if not tables & {*RECORDS[alias]}:
        other = next((one for one, known in RECORDS.items() if tables & {*known}), "")
        what = f"the database '{other}'" if other else "another program's database"
        raise FileUnreadable(
            f"{file} is a backup of {what}, and is not brought back into '{alias}'; name the right file"
        )


def _bring_back_sqlite(file: Path, connection: Any) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_name(target.name + ".half")
    shutil.copyfile(file, half)
    with half.open("rb") as written:
        os.fsync(written.fileno())
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    half.rename(target)


def _ask_sqlite(file: Path, question: str) -> list[Any]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            return opened.execute(question).fetchall()
    except sqlite3.DatabaseError as error:
        raise FileUnreadable(f"{file} is damaged: {error}") from error


def _take_away(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)
