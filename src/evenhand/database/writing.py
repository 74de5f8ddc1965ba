"""One writer at a time, and a snapshot for readers, the same on SQLite and on PostgreSQL.

For ``actions`` (``writing``, ``run_written``) and for exports, audits and lookups that read more than once
(``reading``). It must never know what is written.

Why one lock on PostgreSQL too: entries have a dense sequence and their Merkle leaf in the same transaction, so their
writers are serial whatever the database could do. Taking one lock *first* makes every action serial, hence
serialisable, with READ COMMITTED, no order of row locks to keep, no deadlock and no retry. See
docs/mechanisms/one-writer.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.utils import DatabaseError, InterfaceError

from evenhand.database.sqlite.base import DatabaseWrapper as LockedSqlite

WRITE_LOCK = 0x4556_454E_4841_4E44
"""The advisory lock of PostgreSQL that writers take: the letters EVENHAND as a number."""

ATTEMPTS = 5
ROLLED_BACK = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock: PostgreSQL has undone the transaction, also when COMMIT was sent."""

LOCK_NOT_AVAILABLE = "55P03"
_READING: ContextVar[frozenset[str]] = ContextVar("reading", default=frozenset())
_Result = TypeVar("_Result")


def vendor(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return "sqlite" or "postgresql": which kind of database an alias of the settings is."""
    return connections[using].vendor


@contextmanager
def writing(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Open a transaction that is alone in writing from its first statement to its commit.

    Inside another one it is a savepoint of that one. Nothing of it is seen by others, or stays, unless it ends well.

    Parameters
    ----------
    using
        Which database of the settings. An action that writes two of them enters "default" first, always.

    Raises
    ------
    django.db.OperationalError
        Another writer kept the lock longer than the settings allow (SQLite: option ``lock_timeout``; PostgreSQL: its
        own ``lock_timeout``). Nothing was written.
    """
    with transaction.atomic(using=using):
        _take_lock(using)
        yield


def run_written(function: Callable[[], _Result], *, using: str = DEFAULT_DB_ALIAS, attempts: int = ATTEMPTS) -> _Result:
    """Run a function inside :func:`writing`, again where the database undid it or was lost before commit.

    A connection lost after COMMIT was sent is never tried again: nobody can know whether it was done. The caller then
    repeats the action with the same id, which changes nothing where it was done.

    Parameters
    ----------
    function
        What to run; it must be sound to run again from the start after a rollback.
    attempts
        How often at most, ≥ 1. Inside another transaction it is run once, since that one would have to begin again.

    Raises
    ------
    django.db.DatabaseError
        As the last attempt left it.
    """
    connection = connections[using]
    for attempt in range(1, attempts + 1):
        nested = connection.in_atomic_block
        raw = connection.connection
        sent = committed = False

        def note_commit() -> None:
            nonlocal committed
            committed = True

        try:
            connection.ensure_connection()
            raw = connection.connection
            with writing(using):
                transaction.on_commit(note_commit, using=using)
                result = function()
                sent = True
        except (DatabaseError, InterfaceError) as error:
            undone = sqlstate(error) in ROLLED_BACK or (not sent and _is_lost(raw))
            if committed or nested or not undone or attempt == attempts:
                raise
            time.sleep(0.01 * 2**attempt)
        else:
            return result
    raise ValueError(f"attempts is {attempts}; it must be 1 or more")


@contextmanager
def reading(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Read from one snapshot of the database, without waiting for writers and without making them wait.

    The database refuses every write in it. Inside a transaction it reads what that transaction sees, which is one
    snapshot if it is :func:`writing`, because nobody else writes meanwhile.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif isinstance(connection, LockedSqlite):
        with connection.reading_only(), transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1")  # the first read chooses the snapshot, not BEGIN
            with _noted(using):
                yield
    else:
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT 1")
            with _noted(using):
                yield


def only_reads(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Say whether this is inside :func:`reading` and no other transaction: everything it sees was committed."""
    return using in _READING.get()


@contextmanager
def _noted(using: str) -> Iterator[None]:
    token = _READING.set(_READING.get() | {using})
    try:
        yield
    finally:
        _READING.reset(token)


def sqlstate(error: BaseException) -> str:
    """Return the five letters by which PostgreSQL names an error, or "" where there are none."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def _take_lock(using: str) -> None:
    connection = connections[using]
    if connection.vendor != "postgresql":
        return  # the SQLite backend took its lock before BEGIN
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise OperationalError(
            "another writer has kept the database for longer than PostgreSQL's lock_timeout; nothing was written. "
            "Try again, or look at pg_stat_activity for what it is doing."
        ) from error


def _is_lost(raw: Any) -> bool:
    """Say whether psycopg's connection is gone; Django may have put a new one in its place by now."""
    return raw is None or bool(getattr(raw, "closed", False))
