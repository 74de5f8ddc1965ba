"""PostgreSQL is stopped as if it had crashed, again and again, under its writers; nothing acknowledged is lost or done twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from database_harness import FreshDatabase
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from evenhand_cast import make_cast
from ground import Ground, execute
from invariants import check_book
from postgresql_server import PostgresqlServer
from writers import Stock, Writer, all_killed, make_stock, start_writer

pytestmark = [pytest.mark.slow, pytest.mark.only("postgresql")]
WRITERS = 16


@pytest.fixture
def durable(fresh_database: FreshDatabase) -> Iterator[tuple[Ground, PostgresqlServer]]:
    """A server as it comes from initdb: fsync and synchronous_commit on, unlike the harness's own."""
    server = PostgresqlServer()
    server.start()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as session:
        session.execute("CREATE DATABASE evenhand")
    before = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = str(server.folder)
    moved = FreshDatabase("postgresql", fresh_database.folder, "evenhand", {}, fresh_database.blocker)
    try:
        yield Ground(moved), server
    finally:
        connection.settings_dict["HOST"] = before
        server.remove()


def test_nothing_acknowledged_is_lost_when_the_server_dies(
    durable: tuple[Ground, PostgresqlServer], how_many: Callable[..., int]
) -> None:
    ground, server = durable
    with ground.here():
        call_command("migrate", verbosity=0)
        stock = make_stock(make_cast(), offers=8, quantity=10**9)
    writers: list[Writer] = []
    with all_killed(writers):
        writers += [start_writer(ground, _stubborn(stock, index)) for index in range(WRITERS)]
        for _ in range(how_many(15, long=500)):
            heard = _heard(writers)
            end = time.monotonic() + 30
            while _heard(writers) < heard + WRITERS and time.monotonic() < end:
                time.sleep(0.05)
            assert _heard(writers) > heard, "the writers never came back"
            server.stop("immediate")
            server.start()
        end = time.monotonic() + 30
        while not all(writer.acknowledged for writer in writers) and time.monotonic() < end:
            time.sleep(0.1)
            _heard(writers)
    told = [request for writer in writers for request in writer.acknowledged]
    with ground.here():
        check_book(told)
        counted = Counter(
            action for (action,) in execute("SELECT action FROM stockbook_entry WHERE verb = 'distribute'")
        )
        lost_answers = execute("SELECT count(*) FROM access_actionline WHERE name = 'stock distribute'")[0][0] - len(
            told
        )
    assert set(counted.values()) == {1}, "an action was done twice"
    assert 0 <= lost_answers <= WRITERS, "at most the action that each was at when it was stopped went unacknowledged"


def _heard(writers: list[Writer]) -> int:
    for writer in writers:
        writer.listen()
        assert not writer.ended, "a writer gave up"
    return sum(len(writer.acknowledged) for writer in writers)


def _stubborn(stock: Stock, index: int) -> Callable[[int], str]:
    """Return work that asks again with the same id while the server is away."""

    def work(number: int) -> str:
        while True:
            try:
                done: Any = stock.distribute(f"s{index}-{number}", number)
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.05)
            else:
                return str(done.action)

    return work
