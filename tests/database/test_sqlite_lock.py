"""SQLite's backend: everything that may write holds the one lock, to the end of COMMIT; nothing that reads waits for it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connection
from django.db.utils import ConnectionHandler
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.database.sqlite.base import _ONLY_READS, lock_file
from evenhand.database.sqlite.lock import WriteLock
from evenhand.database.writing import reading, writing

pytestmark = pytest.mark.only("sqlite")

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, n integer UNIQUE)"
IMPORTS = "import sys, os, time\nfrom django.db import connection, transaction\n"
HOLD = IMPORTS + "with transaction.atomic():\n  print('in', flush=True)\n  sys.stdin.readline()\n"


@pytest.fixture
def book(fresh_database: FreshDatabase) -> Iterator[FreshDatabase]:
    """A fresh database with a table `t`, which "default" reaches for the length of the test."""
    with fresh_database.here():
        execute(TABLE)
        yield fresh_database


def execute(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def write(*written: int) -> None:
    with writing():
        for n in written:
            execute("INSERT INTO t (n) VALUES (%s)", n)


def numbers() -> list[int]:
    return [n for (n,) in execute("SELECT n FROM t ORDER BY n")]


def is_free() -> bool:
    other = WriteLock(connection.lock.path)
    try:
        return other.acquire(0)
    finally:
        other.release()


@contextmanager
def held_elsewhere(book: FreshDatabase) -> Iterator[int]:
    """Have another process hold the lock in an open transaction; give its id."""
    process = book.start(HOLD)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        yield process.pid
    finally:
        process.communicate("end\n", timeout=30)


class Watched:
    """Stand for sqlite3's connection, and call `before` when one of its methods is called."""

    def __init__(self, raw: Any, method: str, before: Callable[[], None]) -> None:
        self._raw, self._method, self._before = raw, method, before

    def __getattr__(self, name: str) -> Any:
        if name == self._method:
            self._before()
        return getattr(self._raw, name)


# ── settings of a connection ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_connection_is_durable_and_checks_its_references(book: FreshDatabase) -> None:
    pragmas = ["journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "mmap_size", "busy_timeout"]
    for _ in range(2):
        assert [execute(f"PRAGMA {pragma}")[0][0] for pragma in pragmas if pragma != "mmap_size"] == [
            *("wal", 2, 1, 1, 30_000)
        ]
        assert execute("PRAGMA mmap_size") in ([], [(0,)])
        connection.close()


def test_mapping_the_file_into_memory_is_refused(tmp_path: Path, django_db_blocker: Any) -> None:
    options = {"init_command": "PRAGMA mmap_size=1000000"}
    with django_db_blocker.unblock(), pytest.raises(ImproperlyConfigured, match="mmap_size"):
        backend(tmp_path / "book.sqlite3", **options).ensure_connection()


def test_a_database_in_memory_has_no_lock_file(
    tmp_path: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with django_db_blocker.unblock():
        memory = backend(":memory:")
        with memory.cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute("INSERT INTO t VALUES (1, 1) RETURNING n")
            assert cursor.fetchall() == [(1,)]
        memory.connection.close()
    assert list(tmp_path.iterdir()) == []


def test_one_file_has_one_lock_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "book.sqlite3").touch()
    (tmp_path / "link").symlink_to(tmp_path / "book.sqlite3")
    names = [tmp_path / "book.sqlite3", str(tmp_path / "link"), f"file:{tmp_path}/book.sqlite3?cache=private"]
    assert {lock_file(name) for name in names} == {(tmp_path / "book.sqlite3.lock").resolve()}


def backend(name: str | Path, **options: Any) -> Any:
    handler = ConnectionHandler({"default": {"ENGINE": "evenhand.database.sqlite", "NAME": name, "OPTIONS": options}})
    return handler["default"]


# ── who waits ────────────────────────────────────────────────────────────────────────────────────────────────────────

WRITE_FOR_SECONDS = """
import sys, time
from django.db import connection
from evenhand.database.writing import writing
me, seconds = int(sys.argv[1]), float(sys.argv[2])
connection.ensure_connection()
print("ready", flush=True); sys.stdin.readline()
end, waits = time.monotonic() + seconds, []
while time.monotonic() < end:
    begun = time.perf_counter()
    with writing(), connection.cursor() as cursor:
        waits.append(time.perf_counter() - begun)
        cursor.execute("INSERT INTO t (n) VALUES (%s)", [me * 1_000_000 + len(waits)])
        cursor.execute("UPDATE t SET n = n - 1 WHERE id = 1")
waits.sort()
print(len(waits), waits[int(0.99 * len(waits))])
"""


def write_together(book: FreshDatabase, processes: int, seconds: float) -> list[tuple[int, float]]:
    """Return for each process how often it wrote and the 99th percentile of its waits."""
    execute("INSERT INTO t VALUES (1, 0)")
    connection.close()
    running = [book.start(WRITE_FOR_SECONDS, str(me), str(seconds)) for me in range(1, processes + 1)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    said = []
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        out, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        said.append((int(out.split()[0]), float(out.split()[1])))
    return said


@pytest.mark.parametrize("processes", [4, pytest.param(32, marks=pytest.mark.slow)])
def test_writers_take_turns_without_an_error_and_nobody_starves(book: FreshDatabase, processes: int) -> None:
    said = write_together(book, processes, seconds=processes / 4)
    counts = [count for count, _ in said]
    assert min(counts) >= sum(counts) / processes / 4
    assert max(wait for _, wait in said) <= 2  # 0.06 s where nothing else runs; starved, it would be the whole run
    assert execute("SELECT n FROM t WHERE id = 1") == [(-sum(counts),)]
    assert execute("SELECT count(*) - 1 FROM t") == [(sum(counts),)]
    assert execute("PRAGMA integrity_check") == [("ok",)]


def test_threads_exclude_each_other_as_processes_do(book: FreshDatabase) -> None:
    execute("INSERT INTO t VALUES (1, 0)")
    failures = []

    def count() -> None:
        try:
            for _ in range(50):
                with writing():
                    ((n,),) = execute("SELECT n FROM t WHERE id = 1")
                    execute("UPDATE t SET n = %s WHERE id = 1", n + 1)
        except OperationalError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert numbers() == [200]


def test_nothing_that_reads_ever_waits(book: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    execute("INSERT INTO t VALUES (1, 7)")
    connection.close()
    waits = []
    acquire = WriteLock.acquire

    def watched(lock: WriteLock, seconds: float) -> bool:
        waits.append(seconds)
        return acquire(lock, seconds)

    monkeypatch.setattr(WriteLock, "acquire", watched)
    with held_elsewhere(book):
        assert numbers() == [7]  # a new connection, in autocommit
        with reading():
            assert numbers() == [7]
        execute("WITH seven AS (SELECT 7 AS n) SELECT t.n FROM t JOIN seven USING (n)")
        execute("PRAGMA table_info(t)")
        connection.close()
    assert set(waits) <= {0}  # closing asks once


def test_who_waits_too_long_is_told_for_whom(book: FreshDatabase) -> None:
    connection.ensure_connection()
    connection.patience = 0.1
    with held_elsewhere(book) as process:
        for attempt in (lambda: execute("INSERT INTO t VALUES (1, 1)"), lambda: writing().__enter__()):
            with pytest.raises(
                OperationalError, match=f"more than 0.1 seconds; nothing was written.*process {process} "
            ):
                attempt()
    execute("INSERT INTO t VALUES (1, 1)")
    assert numbers() == [1]


def test_whoever_gave_up_waiting_does_not_keep_the_lock(book: FreshDatabase) -> None:
    lock, other = WriteLock(connection.lock.path), WriteLock(connection.lock.path)
    assert lock.acquire(0)
    assert not other.acquire(0.05)
    lock.release()
    end = time.monotonic() + 5
    while not is_free() and time.monotonic() < end:
        time.sleep(0.01)  # the thread that waited may have the lock for a moment before it closes it
    assert is_free()


def test_a_lock_that_cannot_be_opened_is_refused_in_a_sentence(book: FreshDatabase) -> None:
    connection.ensure_connection()
    connection.lock = WriteLock(book.folder / "nowhere" / "evenhand.sqlite3.lock")
    with pytest.raises(OperationalError, match=r"cannot be opened \(No such file.*must be able to write in its folder"):
        execute("INSERT INTO t VALUES (1, 1)")
    assert numbers() == []


# ── how long the lock is held ────────────────────────────────────────────────────────────────────────────────────────


def test_the_lock_is_held_until_commit_has_returned(book: FreshDatabase) -> None:
    free_at_commit = []
    with writing():
        execute("INSERT INTO t VALUES (1, 1)")
        connection.connection = Watched(connection.connection, "commit", lambda: free_at_commit.append(is_free()))
    assert free_at_commit == [False]
    assert is_free()


def test_closing_holds_the_lock_since_it_may_copy_the_log_into_the_file(book: FreshDatabase) -> None:
    free_at_close = []
    execute("INSERT INTO t VALUES (1, 1)")
    connection.connection = Watched(connection.connection, "close", lambda: free_at_close.append(is_free()))
    connection.close()
    assert free_at_close == [False]
    assert is_free()


def test_closing_beside_a_writer_leaves_the_log_alone(book: FreshDatabase) -> None:
    execute("INSERT INTO t VALUES (1, 1)")
    with held_elsewhere(book):
        log = Path(f"{connection.settings_dict['NAME']}-wal")
        before = log.read_bytes()
        connection.close()
        assert before
        assert log.read_bytes() == before


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_writer_that_dies_frees_the_lock_and_leaves_nothing(book: FreshDatabase, sent: int) -> None:
    script = HOLD.replace("  print(", "  connection.cursor().execute('INSERT INTO t VALUES (1, 1)')\n  print(")
    process = book.start(script)
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    assert not is_free()
    process.send_signal(sent)
    process.communicate(timeout=30)
    connection.patience = 5.0
    execute("INSERT INTO t VALUES (2, 2)")
    assert numbers() == [2]


def test_a_savepoint_neither_takes_nor_frees_the_lock(book: FreshDatabase) -> None:
    with writing():
        execute("INSERT INTO t VALUES (1, 1)")
        with pytest.raises(IntegrityError):
            write(2, 2)
        assert not is_free()
    assert is_free()
    assert numbers() == [1]


@pytest.mark.parametrize("failure", [OperationalError, KeyboardInterrupt])
def test_a_failure_right_after_begin_leaves_neither_a_transaction_nor_the_lock(
    book: FreshDatabase, failure: type[BaseException]
) -> None:
    def fail_after_begin(run: Any, sql: str, *rest: Any) -> None:
        run(sql, *rest)
        raise failure("on purpose")

    connection.ensure_connection()
    with connection.execute_wrapper(fail_after_begin), pytest.raises(failure, match="on purpose"), writing():
        raise AssertionError("it must not come this far")
    assert not connection.connection.in_transaction
    assert is_free()
    with writing():
        execute("INSERT INTO t VALUES (1, 1)")
    assert numbers() == [1]


def test_a_transaction_that_sqlite_undid_is_never_committed_nor_continued(book: FreshDatabase) -> None:
    execute("INSERT INTO t VALUES (1, 1)")

    def write_on() -> None:
        with writing():
            execute("INSERT INTO t VALUES (2, 2)")
            with pytest.raises(IntegrityError):
                execute("INSERT OR ROLLBACK INTO t VALUES (3, 1)")
            with pytest.raises(OperationalError, match="already undone"):
                execute("INSERT INTO t VALUES (4, 4)")

    with pytest.raises(OperationalError, match="already undone"):
        write_on()
    assert is_free()
    assert numbers() == [1]
    with writing():
        execute("INSERT INTO t VALUES (2, 2)")
    assert numbers() == [1, 2]


def test_rows_of_a_writing_statement_are_there_and_the_lock_is_not(book: FreshDatabase) -> None:
    several = "INSERT INTO t VALUES (%s, %s), (%s, %s), (%s, %s) RETURNING n"
    with connection.cursor() as cursor:
        cursor.execute(several, [1, 10, 2, 20, 3, 30])
        assert is_free()
        assert cursor.fetchone() == (10,)
        assert cursor.fetchmany(1) == [(20,)]
        assert list(cursor) == [(30,)]
        assert (cursor.fetchone(), cursor.fetchmany(), cursor.fetchall()) == (None, [], [])
        cursor.execute("SELECT n FROM t ORDER BY n")  # the cursor forgets the rows it had put by
        assert [cursor.fetchone(), cursor.fetchmany(1), cursor.fetchall()] == [(10,), [(20,)], [(30,)]]


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1", True),
        ("  -- why\n /* what */ select 1", True),
        ("EXPLAIN QUERY PLAN SELECT 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", False),
        ("WITH a AS (SELECT 1)\nDELETE FROM t", False),
        ("VACUUM INTO 'copy'", True),
        ("VACUUM", False),
        ("PRAGMA table_info(t)", True),
        ("PRAGMA integrity_check", True),
        ("PRAGMA journal_mode = DELETE", False),
        ("PRAGMA wal_checkpoint(TRUNCATE)", False),
        ("PRAGMA optimize", False),
        ("INSERT INTO t VALUES (1, 1)", False),
        ("CREATE TABLE selected (n)", False),
        ("BEGIN IMMEDIATE", False),
        ("SAVEPOINT s", False),
        ("", False),
    ],
)
def test_a_statement_takes_the_lock_unless_it_surely_only_reads(statement: str, reads: bool) -> None:
    assert bool(_ONLY_READS.match(statement)) is reads


STEPS: dict[str, tuple[type[Exception], ...]] = {
    "SELECT * FROM t": (),
    "INSERT INTO t (n) VALUES (abs(random())) RETURNING id": (),
    "INSERT INTO t (id) VALUES (1)": (IntegrityError,),
    "INSERT OR ROLLBACK INTO t (id) VALUES (1)": (IntegrityError,),
    "BEGIN": (OperationalError,),
    "BEGIN IMMEDIATE": (OperationalError,),
    "SAVEPOINT s": (),
    "RELEASE s": (OperationalError,),
    "ROLLBACK TO s": (OperationalError,),
    "COMMIT": (OperationalError,),
    "ROLLBACK": (OperationalError,),
    "nonsense": (OperationalError,),
    "commit()": (),
    "rollback()": (),
    "turn autocommit on or off": (),
}
"""What may be done to a connection, and how it may fail."""


@settings(max_examples=50, deadline=None)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_after_any_statements_the_lock_is_held_if_and_only_if_a_transaction_is_open(
    steps: list[str], tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        book = backend(tmp_path_factory.mktemp("law") / "book.sqlite3")
        with book.cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute("INSERT INTO t VALUES (1, 1)")
        for step in steps:
            with suppress(*STEPS[step]):
                if step.endswith("()"):
                    getattr(book, step[:-2])()
                elif step.startswith("turn"):
                    book.set_autocommit(not book.get_autocommit())
                else:
                    book.cursor().execute(step)
            assert book.lock.held is book.connection.in_transaction, step
        held = book.lock
        book.close()
        assert not held.held


# ── forks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_open_connection_carried_across_a_fork_is_refused(book: FreshDatabase) -> None:
    said = book.run(
        IMPORTS
        + """
connection.ensure_connection()
if not (child := os.fork()):
    try:
        connection.cursor().execute("INSERT INTO t VALUES (1, 1)")
    except Exception as error:
        print(error, flush=True)
    os._exit(0)
os.waitpid(child, 0)
connection.cursor().execute("INSERT INTO t VALUES (2, 2)")
connection.close()
if not (child := os.fork()):
    connection.cursor().execute("INSERT INTO t VALUES (3, 3)")
    connection.close()
    os._exit(0)
os.waitpid(child, 0)
"""
    )
    assert "was open when this process was forked" in said
    assert numbers() == [2, 3]


def test_a_forked_child_does_not_keep_its_parents_lock(book: FreshDatabase) -> None:
    process = book.start(
        IMPORTS
        + """
with transaction.atomic():
    if not (child := os.fork()):
        os.close(1); os.close(2)
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
"""
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    assert not is_free()
    process.kill()
    process.wait(30)
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()  # type: ignore[union-attr]  # all three are pipes
    try:
        connection.patience = 5.0
        execute("INSERT INTO t VALUES (1, 1)")
        assert numbers() == [1]
    finally:
        os.kill(child, signal.SIGKILL)
