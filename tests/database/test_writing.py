"""Writers are alone, readers see one moment, and what is tried again was surely not done; on both databases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from database_harness import FreshDatabase
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from evenhand.database.writing import reading, run_written, sqlstate, writing

IMPORTS = "import sys\nfrom django.db import connection\nfrom evenhand.database.writing import reading, writing\n"
HOLD = IMPORTS + "with writing():\n  print('in', flush=True)\n  sys.stdin.readline()\n"
COUNT = (
    IMPORTS
    + """
for _ in range(int(sys.argv[1])):
    with writing(), connection.cursor() as cursor:
        cursor.execute("SELECT n FROM t WHERE id = 1")
        cursor.execute("UPDATE t SET n = %s WHERE id = 1", [cursor.fetchone()[0] + 1])
"""
)


@pytest.fixture
def book(fresh_database: FreshDatabase) -> Iterator[FreshDatabase]:
    """A fresh database with a table `t`, which "default" reaches for the length of the test."""
    with fresh_database.here():
        execute("CREATE TABLE t (id integer PRIMARY KEY, n integer UNIQUE)")
        execute("INSERT INTO t VALUES (1, 0)")
        yield fresh_database


def execute(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def add(n: int) -> int:
    execute("INSERT INTO t VALUES (%s, %s)", n, n)
    return n


def numbers() -> list[int]:
    return [n for (n,) in execute("SELECT n FROM t ORDER BY n")]


def fail(sqlstate: str) -> None:
    execute(f"DO $$ BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{sqlstate}'; END $$")


@contextmanager
def writer_elsewhere(book: FreshDatabase) -> Iterator[None]:
    process = book.start(HOLD)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        yield
    finally:
        process.communicate("end\n", timeout=30)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_ends_well_stays(book: FreshDatabase) -> None:
    with writing():
        add(5)
    assert numbers() == [0, 5]


def test_what_fails_leaves_nothing(book: FreshDatabase) -> None:
    def write_and_fail() -> None:
        with writing():
            add(5)
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert numbers() == [0]


def test_one_inside_another_is_undone_alone(book: FreshDatabase) -> None:
    def write_twice() -> None:
        with writing():
            add(6)
            add(6)

    with writing():
        add(5)
        with pytest.raises(IntegrityError):
            write_twice()
        add(7)
    assert numbers() == [0, 5, 7]


def test_writers_who_read_before_they_write_lose_nothing(book: FreshDatabase) -> None:
    processes = [book.start(COUNT, "40") for _ in range(5)]
    for process in processes:
        _, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
    assert numbers() == [200]


def test_who_waits_too_long_for_another_writer_is_told(book: FreshDatabase, database_vendor: str) -> None:
    connection.ensure_connection()
    if database_vendor == "postgresql":
        execute("SET lock_timeout = '100ms'")
    else:
        connection.patience = 0.1
    with writer_elsewhere(book), pytest.raises(OperationalError, match=r"another writer has kept.*nothing"):
        run_written(lambda: add(5))
    assert run_written(lambda: add(5)) == 5
    assert numbers() == [0, 5]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reader_sees_one_moment_while_others_write(book: FreshDatabase) -> None:
    with reading():
        assert numbers() == [0]
        book.run(COUNT, "3")
        assert numbers() == [0]
    assert numbers() == [3]


def test_the_moment_is_that_of_entering_not_of_the_first_question(book: FreshDatabase) -> None:
    with reading():
        book.run(COUNT, "3")
        assert numbers() == [0]


def test_a_reader_does_not_wait_for_a_writer(book: FreshDatabase) -> None:
    begun = time.monotonic()
    with writer_elsewhere(book), reading():
        assert numbers() == [0]
    assert time.monotonic() - begun < 20  # a writer's patience is 30


def test_a_reader_cannot_write(book: FreshDatabase) -> None:
    def write() -> None:
        with reading():
            add(5)

    def write_inside() -> None:
        with reading(), writing():
            add(5)

    for attempt in (write, write_inside):
        with pytest.raises(DatabaseError, match=r"readonly|read-only"):
            attempt()
    add(6)
    assert numbers() == [0, 6]


def test_reading_inside_writing_sees_what_was_written(book: FreshDatabase) -> None:
    with writing():
        add(5)
        with reading():
            assert numbers() == [0, 5]
        add(6)
    assert numbers() == [0, 5, 6]


# ── trying again ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_result_of_the_function_comes_back(book: FreshDatabase) -> None:
    assert run_written(lambda: add(5)) == 5
    assert numbers() == [0, 5]


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_what_postgresql_undid_is_done_again(book: FreshDatabase, state: str) -> None:
    tries = []

    def write() -> int:
        tries.append(add(5))
        if len(tries) < 3:
            fail(state)
        return len(tries)

    assert run_written(write) == 3
    assert numbers() == [0, 5]


@pytest.mark.only("postgresql")
def test_it_gives_up_after_the_attempts_it_was_given(book: FreshDatabase) -> None:
    tries = []

    def write() -> None:
        tries.append(1)
        fail("40001")

    with pytest.raises(DatabaseError, match="on purpose"):
        run_written(write, attempts=2)
    assert len(tries) == 2


def test_no_attempts_at_all_is_a_mistake(book: FreshDatabase) -> None:
    with pytest.raises(ValueError, match="attempts is 0; it must be 1 or more"):
        run_written(lambda: add(5), attempts=0)


def test_another_error_is_not_tried_again(book: FreshDatabase) -> None:
    tries = []

    def write() -> None:
        tries.append(1)
        add(5)
        add(5)

    with pytest.raises(IntegrityError) as caught:
        run_written(write)
    assert len(tries) == 1
    assert sqlstate(caught.value) in ("", "23505")
    assert numbers() == [0]


@pytest.mark.only("postgresql")
def test_inside_another_transaction_it_is_run_once_since_that_one_would_have_to_begin_again(
    book: FreshDatabase,
) -> None:
    tries = []

    def write() -> None:
        tries.append(1)
        fail("40001")

    with transaction.atomic(), pytest.raises(DatabaseError, match="on purpose"):
        run_written(write)
    assert len(tries) == 1


@pytest.mark.only("postgresql")
def test_a_connection_that_was_already_dead_is_replaced(book: FreshDatabase) -> None:
    ((process,),) = execute("SELECT pg_backend_pid()")
    book.run(IMPORTS + f"connection.cursor().execute('SELECT pg_terminate_backend({process}, 5000)')")
    assert run_written(lambda: add(5)) == 5


@pytest.mark.only("postgresql")
def test_a_connection_lost_before_commit_is_replaced(book: FreshDatabase) -> None:
    tries = []

    def write() -> int:
        tries.append(add(5))
        if len(tries) == 1:
            execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return len(tries)

    assert run_written(write) == 2
    assert numbers() == [0, 5]


@pytest.mark.only("postgresql")
def test_a_connection_lost_after_commit_was_sent_is_never_tried_again(book: FreshDatabase) -> None:
    tries = []

    def write() -> None:
        tries.append(add(5))
        raw = connection.connection
        commit = raw.commit

        def commit_and_lose() -> None:
            commit()
            raw.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        raw.commit = commit_and_lose

    with pytest.raises(OperationalError, match="closed the connection"):
        run_written(write)
    assert tries == [5]
    assert numbers() == [0, 5]  # it was done; only the answer was lost


@pytest.mark.only("postgresql")
def test_a_failure_after_commit_is_not_a_reason_to_do_it_again(book: FreshDatabase) -> None:
    tries = []

    def write() -> None:
        tries.append(add(5))
        transaction.on_commit(lambda: fail("40001"))

    with pytest.raises(DatabaseError, match="on purpose"):
        run_written(write)
    assert tries == [5]
    assert numbers() == [0, 5]
