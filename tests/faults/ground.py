"""A database that is put back as it was in milliseconds, and what stands in it, in one number.

For the tests of faults: something dies or fails on a copy, the copy is compared with what it may be, and thrown away. Where a
test asks for the people register too (`ground_of_both`), its database is kept, put back and compared with the first one.
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
from database_harness import PEOPLE, SERVER, FreshDatabase
from django.apps import apps
from django.db import connection, connections, router
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
    """One database, or both, a kept copy of each, and a way back to that copy."""

    fresh: FreshDatabase
    kept: str = ""
    _server: list[Any] = field(default_factory=list)
    _sessions: dict[str, Any] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        return self.fresh.vendor

    @property
    def names(self) -> dict[str, str]:
        """Return what Django calls the NAME of each database that is kept and compared, by alias."""
        return {"default": self.fresh.name} | ({PEOPLE: self.fresh.people} if self.fresh.both else {})

    @contextmanager
    def here(self) -> Iterator[None]:
        """Point Django's connections at it; closed again afterwards, so that a process can be forked."""
        with self.fresh.here():
            yield

    def keep(self) -> None:
        """Keep it as it stands, in place of whatever was kept; nobody may be connected."""
        for name in self.names.values():
            if self.vendor == "sqlite":
                with closing(sqlite3.connect(name)) as file:
                    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copyfile(name, _kept(self.vendor, name))
            else:
                self.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", _kept(self.vendor, name))
                self.on_server("CREATE DATABASE {} TEMPLATE {}", _kept(self.vendor, name), name)
        self.kept = _kept(self.vendor, self.fresh.name)

    def put_back(self) -> None:
        """Make it what was kept."""
        self._hang_up()
        for name in self.names.values():
            if self.vendor == "sqlite":
                for end in ("-wal", "-shm"):
                    Path(name + end).unlink(missing_ok=True)
                shutil.copyfile(_kept(self.vendor, name), name)
            else:
                self.on_server("DROP DATABASE {} WITH (FORCE)", name)
                self.on_server("CREATE DATABASE {} TEMPLATE {}", name, _kept(self.vendor, name))

    def close(self) -> None:
        """Let go of the server and drop what was kept there."""
        self._hang_up()
        if self.vendor == "postgresql" and self.kept:
            for name in self.names.values():
                self.on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", _kept(self.vendor, name))
        self.let_go()

    def _hang_up(self) -> None:
        while self._sessions:
            self._sessions.popitem()[1].close()

    def let_go(self) -> None:
        """Close what is open to the server."""
        self._hang_up()
        while self._server:
            self._server.pop().close()

    def described(self) -> list[str]:
        """Return what another process needs to reach it."""
        both = "both" if self.fresh.both else ""
        return [self.vendor, str(self.fresh.folder), self.fresh.name, self.kept, self.fresh.people, both]

    @classmethod
    def read(cls, described: list[str]) -> Ground:
        """Return the ground that another process described; here nothing keeps Django from its database."""
        vendor, folder, name, kept, people, both = described
        return cls(FreshDatabase(vendor, Path(folder), name, {}, _Open(), people, bool(both)), kept)

    def on_server(self, statement: str, *names: str) -> None:
        """Run a statement on the server itself, beside every database of it."""
        if not self._server:
            self._server.append(
                psycopg.connect(f"host={os.environ[SERVER]} user=postgres dbname=postgres", autocommit=True)
            )
        self._server[0].execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def state(self) -> str:
        """Return the digest of every row, once whoever was writing is done or dead."""
        return " ".join(self._state(alias, name) for alias, name in self.names.items())

    def _state(self, alias: str, name: str) -> str:
        if self.vendor == "sqlite":
            with closing(sqlite3.connect(name)) as file:
                assert file.execute("PRAGMA quick_check").fetchall() == [("ok",)]
                return state_of(file, alias)
        if alias not in self._sessions:
            # The child inherits this connection and never speaks on it; it ends by _exit, which closes nothing.
            self._sessions[alias] = psycopg.connect(f"host={os.environ[SERVER]} user=postgres dbname={name}")
        with self._sessions[alias].transaction():
            self._sessions[alias].execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])
            return state_of(self._sessions[alias], alias)


def _kept(vendor: str, name: str) -> str:
    return str(Path(name).with_name(f"kept-{Path(name).name}")) if vendor == "sqlite" else f"{name}_kept"


def state_of(session: Any, alias: str = "default") -> str:
    """Return the digest of every row of every table, running numbers aside: a rollback leaves gaps in those."""
    digest = hashlib.sha256()
    if not isinstance(session, sqlite3.Connection):  # all in one question, which the server answers
        parts = [
            f"SELECT '{table}', md5(string_agg(it::text, chr(10) ORDER BY it::text)) FROM (SELECT {columns} FROM {table}) it"
            for table, columns in _columns(alias)
        ]
        return repr(sorted(map(repr, session.execute(" UNION ALL ".join(parts)).fetchall())))
    for table, columns in _columns(alias):
        rows = session.execute(f"SELECT {columns} FROM {table}").fetchall()
        digest.update(f"{table}:{len(rows)}\n".encode())
        for row in sorted(map(repr, rows)):
            digest.update(row.encode())
    return digest.hexdigest()


@contextmanager
def elsewhere(ground: Ground, folder: Path, number: int) -> Iterator[None]:
    """Point Django's connections at an installation that is not there yet."""
    fresh = ground.fresh
    if ground.vendor == "sqlite":
        names = {alias: str(folder / f"{alias}-restored-{number}.sqlite3") for alias in ground.names}
    else:
        names = {alias: f"{name}_restored" for alias, name in ground.names.items()}
        for name in names.values():
            ground.on_server("CREATE DATABASE {}", name)
    try:
        with dataclasses.replace(fresh, name=names["default"], people=names.get(PEOPLE, fresh.people)).here():
            yield
    finally:
        if ground.vendor == "postgresql":
            for name in names.values():
                ground.on_server("DROP DATABASE {} WITH (FORCE)", name)


def state_here(alias: str = "default") -> str:
    """Return the same of the database that Django's connection reaches."""
    connections[alias].ensure_connection()
    return state_of(connections[alias].connection, alias)


_read: dict[str, list[tuple[str, str]]] = {}


def _columns(alias: str) -> list[tuple[str, str]]:
    """Return every table of Evenhand in a database with the columns that say something."""
    if alias not in _read:
        _read[alias] = [
            (
                model._meta.db_table,
                ", ".join(f'"{column.column}"' for column in model._meta.concrete_fields if not _is_running(column)),
            )
            for model in apps.get_models()
            if model.__module__.startswith("evenhand.") and router.allow_migrate_model(alias, model)
        ]
    return _read[alias]


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
