"""Django's SQLite backend, durable and with one writer at a time.

Chosen by ``ENGINE = "evenhand.database.sqlite"``; called by Django alone (which is why it is named ``base``). On every
connection: WAL, ``synchronous=FULL``, foreign keys, recursive triggers, a busy timeout. Around everything that may
write, from before BEGIN until after COMMIT or ROLLBACK, the write lock of ``lock.py``: it makes writers wait their turn
instead of failing or starving, and keeps two of them from meeting in the WAL-reset fault of SQLite before 3.51.3.
Reading takes no lock and never waits. It must never map the file into memory, and never write without the lock.

The rule: a statement that may write takes the lock first, and whenever SQLite is in no transaction the lock is given
back. BEGIN, COMMIT, a savepoint, an implicit transaction, a statement in autocommit need no rule of their own.

Options, beside those of Django's own backend:

``lock_timeout``
    Seconds to wait for another writer before the action is refused with a sentence. 30.
"""

from __future__ import annotations

import os
import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.sqlite3 import base as django_sqlite

from evenhand.database.sqlite.lock import WriteLock

PATIENCE = 30.0
"""Seconds that a writer waits for another one, where the settings do not say."""

UNDONE = (
    "SQLite has already undone this transaction because of an earlier error (a full disk, for one); nothing of it was "
    "kept, and nothing more can be done in it. Begin the action anew."
)

ON_EVERY_CONNECTION = ("synchronous = FULL", "recursive_triggers = ON", "mmap_size = 0")

_ONLY_READS = re.compile(
    r"""(?:\s|--[^\n]*\n|/\*.*?\*/)*
    (?: (?:select|values|explain)\b
      | with\b (?! .* \b(?:insert|update|delete|replace)\b )
      | pragma\s+ (?: \w+_(?:info|xinfo|list|check)\b | (?:query_only|data_version)\s*;?\s*$ )
      | vacuum\b .* \binto\b )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_live: weakref.WeakSet[DatabaseWrapper] = weakref.WeakSet()
_carried: list[tuple[Path, Any]] = []


class _LockingCursor(django_sqlite.SQLiteCursorWrapper):
    """Take the write lock before a statement that may write, and give it back as soon as no transaction is open.

    The rows of a statement in autocommit that writes and answers (INSERT ... RETURNING) are fetched at once: SQLite
    commits when the last row has been read, and by then the lock would have been given back.
    """

    def __init__(self, wrapper: DatabaseWrapper, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._wrapper = wrapper
        self._rows: Iterator[Any] | None = None

    @contextmanager
    def _writing(self, query: str) -> Iterator[None]:
        self._rows = None
        if self._wrapper.was_undone():
            raise OperationalError(UNDONE)
        if self._wrapper.reading or _ONLY_READS.match(query):
            yield
            return
        self._wrapper.take_lock()
        try:
            yield
            if self.description is not None and not self.connection.in_transaction:
                self._rows = iter(super().fetchall())
        finally:
            self._wrapper.give_back_lock()

    def execute(self, query: str, params: Any = None) -> _LockingCursor:
        with self._writing(query):
            super().execute(query, params)
        return self

    def executemany(self, query: str, param_list: Iterable[Any]) -> _LockingCursor:
        with self._writing(query):
            super().executemany(query, param_list)
        return self

    def executescript(self, sql_script: str) -> _LockingCursor:
        with self._writing("script"):
            super().executescript(sql_script)
        return self

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)

    def fetchone(self) -> Any:
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        size = self.arraysize if size is None else size
        if self._rows is None:
            return super().fetchmany(size)
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self._rows is None else list(self._rows)


class DatabaseWrapper(django_sqlite.DatabaseWrapper):
    """Be Django's connection to one SQLite file, under the write lock of that file."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.reading = False
        self.begun = False
        self.lock: WriteLock | None = None
        self.patience = PATIENCE
        self.must_exist = False

    def get_connection_params(self) -> dict[str, Any]:
        """Read the options, and refuse those that would make the database unsafe."""
        parameters: dict[str, Any] = super().get_connection_params()
        self.patience = float(parameters.pop("lock_timeout", PATIENCE))
        self.must_exist = bool(parameters.pop("must_exist", False))
        parameters.setdefault("timeout", self.patience)
        if "mmap_size" in str(self.settings_dict["OPTIONS"].get("init_command", "")).lower():
            raise ImproperlyConfigured(
                f"DATABASES[{self.alias!r}]['OPTIONS']['init_command'] sets mmap_size; take it out: a SQLite file that "
                "is mapped into memory can be damaged by a stray write."
            )
        self.lock = None if self.is_in_memory_db() else WriteLock(lock_file(parameters["database"]))
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file as the module says, and turn it to WAL if nobody has."""
        if self.lock is not None and any(self.lock.path == carried for carried, _ in _carried):
            raise OperationalError(
                f"{conn_params['database']} was open when this process was forked from its parent, and SQLite cannot be carried across a "
                "fork. Close the connections before forking, or start a new process."
            )
        if self.must_exist and not Path(conn_params["database"]).exists():
            # SQLite would make an empty one, and what is written there would be lost when the disk comes back.
            raise OperationalError(f"unable to open database file: {conn_params['database']} is not there any more")
        connection = super().get_new_connection(conn_params)
        with ExitStack() as undo:
            undo.callback(connection.close)
            for setting in ON_EVERY_CONNECTION:
                connection.execute(f"PRAGMA {setting}")
            if self.lock is not None and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                self.take_lock()  # once in the life of a file: the switch to WAL writes
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                finally:
                    self.lock.release()
            undo.pop_all()
        _live.add(self)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor that knows the lock."""
        return self.connection.cursor(factory=partial(_LockingCursor, self))

    def take_lock(self) -> None:
        """Take the write lock, or refuse in a sentence when another writer keeps it longer than `lock_timeout`."""
        if self.lock is None or self.lock.held:
            return
        try:
            held = self.lock.acquire(self.patience)
        except OSError as error:
            raise OperationalError(
                f"the write lock {self.lock.path} cannot be opened ({error.strerror}); whoever writes the database "
                "must be able to write in its folder."
            ) from error
        if not held:
            raise OperationalError(
                f"another writer has kept the database for more than {self.patience:g} seconds; nothing was written. "
                f"Try again, or look at what process {self.lock.holder() or '(unknown)'} is doing."
            )

    def give_back_lock(self) -> None:
        """Let the next writer in, unless a transaction is still open."""
        if self.lock is not None and not (self.connection is not None and self.connection.in_transaction):
            self.lock.release()

    def was_undone(self) -> bool:
        """Say whether SQLite rolled back on its own what Django still believes to be an open transaction.

        The statements after it would be in autocommit, each for itself, and the commit would confirm what is not there.
        """
        return self.begun and not (self.connection is not None and self.connection.in_transaction)

    @contextmanager
    def reading_only(self) -> Iterator[None]:
        """Begin transactions without the lock, and have SQLite refuse every write, while the block lasts."""
        self.ensure_connection()
        self.connection.execute("PRAGMA query_only = ON")
        self.reading = True
        try:
            yield
        finally:
            self.reading = False
            if self.connection is not None:
                self.connection.execute("PRAGMA query_only = OFF")

    def _start_transaction_under_autocommit(self) -> None:
        try:
            self.cursor().execute("BEGIN DEFERRED" if self.reading else "BEGIN IMMEDIATE")
            self.begun = True
        finally:
            if not self.begun:
                # Django believes that nothing has begun and will neither commit nor roll back.
                if self.connection is not None and self.connection.in_transaction:
                    with suppress(sqlite3.Error):
                        self.connection.rollback()
                self.give_back_lock()

    def _set_autocommit(self, autocommit: bool) -> None:
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave Django's inner methods out
        finally:
            self.give_back_lock()  # Python commits what is open when autocommit is turned on

    def _commit(self) -> None:
        if self.was_undone():
            raise OperationalError(UNDONE)
        try:
            super()._commit()  # type: ignore[misc]  # the stubs leave Django's inner methods out
            self.begun = False
        finally:
            self.give_back_lock()

    def _rollback(self) -> None:
        self.begun = False
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave Django's inner methods out
        finally:
            self.give_back_lock()

    def _close(self) -> None:
        # The last connection to close copies the WAL into the file. If another process holds the lock, it has the
        # database open, so this connection is not the last: it need not wait, and a reader never does.
        if self.lock is not None and not self.lock.held:
            with suppress(OSError):
                self.lock.acquire(0)
        self.begun = False
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave Django's inner methods out
        finally:
            if self.lock is not None:
                self.lock.release()


def lock_file(name: str | os.PathLike[str]) -> Path:
    """Return the lock file of a database, the same one by whatever name, link or URI the database is reached.

    Examples
    --------
    >>> lock_file("file:/srv/evenhand.sqlite3?cache=private").name
    'evenhand.sqlite3.lock'
    """
    path = os.fspath(name)
    if path.startswith("file:"):
        path = unquote(urlsplit(path).path)
    return Path(os.path.realpath(path) + ".lock")


def _leave_the_parents_connections() -> None:
    """Put what a forked child inherited out of reach: to use it, or even to close it, may damage the file."""
    for wrapper in tuple(_live):
        if wrapper.connection is not None and wrapper.lock is not None:
            _carried.append((wrapper.lock.path, wrapper.connection))
            wrapper.connection = None
    _live.clear()


os.register_at_fork(after_in_child=_leave_the_parents_connections)
