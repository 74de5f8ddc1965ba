"""Copying databases as they stood at one moment, while others go on writing.

SQLite copies itself page by page from one snapshot; PostgreSQL by its own programs, pg_dump and pg_restore, which must be on
the machine. Called by `database.backups` alone. Writers wait for the moment in which the snapshots begin, not for the copying.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from evenhand.database.writing import writing
from evenhand.errors import ActionRefused, FileUnreadable, OptionRefused

PAGES_AT_ONCE = 4096
"""Pages copied between two looks at the clock; the snapshot is held throughout, so writers never disturb the copy."""


def snapshots(aliases: list[str], held: ExitStack) -> dict[str, Callable[[Path], None]]:
    """Return what copies each database into a file, all from snapshots that began while nobody wrote any of them."""
    try:
        with ExitStack() as locks:
            if len(aliases) > 1:
                for alias in sorted(aliases, key=lambda one: one != DEFAULT_DB_ALIAS):  # as actions take them
                    locks.enter_context(writing(alias))
            return {
                alias: held.enter_context(
                    (_sqlite_snapshot if connections[alias].vendor == "sqlite" else _postgresql_snapshot)(
                        connections[alias]
                    )
                )
                for alias in aliases
            }
    except OperationalError as error:
        raise ActionRefused(f"no backup was made: {str(error).strip()}") from error


@contextmanager
def _sqlite_snapshot(connection: Any) -> Iterator[Callable[[Path], None]]:
    """Hold a snapshot on a connection of its own, so that what this process is doing is no part of the copy."""
    source = Path(connection.settings_dict["NAME"]).absolute()
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as opened:
        opened.execute("BEGIN")
        opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # the snapshot begins here

        def copy(target: Path) -> None:
            with closing(sqlite3.connect(target)) as made:
                opened.backup(made, pages=PAGES_AT_ONCE)

        yield copy


@contextmanager
def _postgresql_snapshot(connection: Any) -> Iterator[Callable[[Path], None]]:
    """Hold a snapshot on a connection of its own, which lends it to pg_dump."""
    lender = connection.copy()
    try:
        with lender.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        name = str(connection.settings_dict["NAME"])
        yield lambda target: run_on(
            connection, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", name
        )
    finally:
        lender.close()


def run_on(connection: Any, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL against a database of this installation; the password never stands in its arguments."""
    settings = connection.settings_dict
    where = {"PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"]}
    secret = {"PGPASSWORD": settings["PASSWORD"]}
    ask_program(program, *arguments, **{key: str(value) for key, value in (where | secret).items() if value})


def ask_program(program: str, *arguments: str, **environment: str) -> str:
    """Run a program of PostgreSQL and return what it printed."""
    found = shutil.which(program)
    if found is None:
        raise OptionRefused(f"{program} is not on this machine; install PostgreSQL's client programs")
    done = subprocess.run(  # noqa: S603 -- no shell, own words
        [found, *arguments], env=os.environ | environment, capture_output=True, text=True, check=False, errors="replace"
    )
    if done.returncode:
        raise FileUnreadable(
            f"{program} did not finish: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )
    return done.stdout
