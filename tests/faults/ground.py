"""A database that is put back as it was in milliseconds, and what stands in it, in one number.

For the tests of faults: something dies or fails on a copy, the copy is compared with what it may be, and thrown away.
A SQLite file is never open when a process is forked; PostgreSQL's own connections of a test are never used by a child.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from database_harness import SERVER, FreshDatabase
from django.apps import apps
from django.db import connection
from django.db.models import AutoField, BigAutoField, Model
from psycopg import sql

from evenhand.database.writing import WRITE_LOCK


class _Open:
    """Stand where pytest-django's blocker stands in a test."""

    @contextmanager
    def unblock(self) -> Iterator[None]:
        yield


@dataclass
class Ground:
    """One database, a kept copy of it, and a way back to that copy."""

    fresh: FreshDatabase
    kept: str = ""
    _server: list[Any] = field(default_factory=list)
    _session: list[Any] = field(default_factory=list)

    @property
    def vendor(self) -> str:
        return self.fresh.vendor

    @contextmanager
    def here(self) -> Iterator[None]:
        """Point Django's connection at it; closed again afterwards, so that a process can be forked."""
        with self.fresh.here():
            yield

    def keep(self) -> None:
        """Keep it as it stands, in place of whatever was kept; nobody may be connected."""
        if self.vendor == "sqlite":
            with closing(sqlite3.connect(self.fresh.name)) as file:
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.kept = str(Path(self.fresh.name).with_name("kept.sqlite3"))
            shutil.copyfile(self.fresh.name, self.kept)
        else:
            self.kept = self.fresh.name + "_kept"
            self.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.kept)
            self.on_server("CREATE DATABASE {} TEMPLATE {}", self.kept, self.fresh.name)

    def put_back(self) -> None:
        """Make it what was kept."""
        if self.vendor == "sqlite":
            for end in ("-wal", "-shm"):
                Path(self.fresh.name + end).unlink(missing_ok=True)
            shutil.copyfile(self.kept, self.fresh.name)
        else:
            while self._session:
                self._session.pop().close()
            self.on_server("DROP DATABASE {} WITH (FORCE)", self.fresh.name)
            self.on_server("CREATE DATABASE {} TEMPLATE {}", self.fresh.name, self.kept)

    def close(self) -> None:
        """Let go of the server and drop what was kept there."""
        while self._session:
            self._session.pop().close()
        if self.vendor == "postgresql" and self.kept:
            self.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.kept)
        self.let_go()

    def let_go(self) -> None:
        """Close what is open to the server."""
        for connections in (self._session, self._server):
            while connections:
                connections.pop().close()

    def described(self) -> list[str]:
        """Return what another process needs to reach it."""
        return [self.vendor, str(self.fresh.folder), self.fresh.name, self.kept]

    @classmethod
    def read(cls, described: list[str]) -> Ground:
        """Return the ground that another process described; here nothing keeps Django from its database."""
        vendor, folder, name, kept = described
        return cls(FreshDatabase(vendor, Path(folder), name, {}, _Open()), kept)

    def on_server(self, statement: str, *names: str) -> None:
        """Run a statement on the server itself, beside every database of it."""
        if not self._server:
            self._server.append(
                psycopg.connect(f"host={os.environ[SERVER]} user=postgres dbname=postgres", autocommit=True)
            )
        self._server[0].execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def state(self) -> str:
        """Return the digest of every row, once whoever was writing is done or dead."""
        if self.vendor == "sqlite":
            with closing(sqlite3.connect(self.fresh.name)) as file:
                assert file.execute("PRAGMA quick_check").fetchall() == [("ok",)]
                return state_of(file)
        if not self._session:
            # The child inherits this connection and never speaks on it; it ends by _exit, which closes nothing.
            self._session.append(psycopg.connect(f"host={os.environ[SERVER]} user=postgres dbname={self.fresh.name}"))
        with self._session[0].transaction():
            self._session[0].execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])
            return state_of(self._session[0])


def state_of(session: Any) -> str:
    """Return the digest of every row of every table, running numbers aside: a rollback leaves gaps in those."""
    digest = hashlib.sha256()
    if not isinstance(session, sqlite3.Connection):  # all in one question, which the server answers
        parts = [
            f"SELECT '{table}', md5(string_agg(it::text, chr(10) ORDER BY it::text)) FROM (SELECT {columns} FROM {table}) it"
            for table, columns in _columns()
        ]
        return repr(sorted(map(repr, session.execute(" UNION ALL ".join(parts)).fetchall())))
    for table, columns in _columns():
        rows = session.execute(f"SELECT {columns} FROM {table}").fetchall()
        digest.update(f"{table}:{len(rows)}\n".encode())
        for row in sorted(map(repr, rows)):
            digest.update(row.encode())
    return digest.hexdigest()


@contextmanager
def elsewhere(ground: Ground, folder: Path, number: int) -> Iterator[None]:
    """Point Django's connection at an installation that is not there yet."""
    if ground.vendor == "sqlite":
        with dataclasses.replace(ground.fresh, name=str(folder / f"restored-{number}.sqlite3")).here():
            yield
        return
    name = f"{ground.fresh.name}_restored"
    ground.on_server("CREATE DATABASE {}", name)
    try:
        with dataclasses.replace(ground.fresh, name=name).here():
            yield
    finally:
        ground.on_server("DROP DATABASE {} WITH (FORCE)", name)


def state_here() -> str:
    """Return the same of the database that Django's connection reaches."""
    connection.ensure_connection()
    return state_of(connection.connection)


_read: list[tuple[str, str]] = []


def _columns() -> list[tuple[str, str]]:
    """Return every table of Evenhand with the columns that say something."""
    if not _read:
        for model in apps.get_models():
            if model.__module__.startswith("evenhand."):
                names = [f'"{column.column}"' for column in model._meta.concrete_fields if not _is_running(column)]
                _read.append((model._meta.db_table, ", ".join(names)))
    return _read


def _is_running(column: Any) -> bool:
    target: type[Model] | None = column.remote_field.model if column.remote_field else None
    if target is not None:
        return isinstance(target._meta.pk, AutoField | BigAutoField) and column.target_field.primary_key
    return isinstance(column, AutoField | BigAutoField)


def execute(statement: str, *values: Any) -> list[Any]:
    """Run a statement on Django's connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
