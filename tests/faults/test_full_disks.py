"""The disk is full or will not write: the action is refused, nothing of it stays, and the next one works when there is room.

SQLite alone: what PostgreSQL does on a full disk is PostgreSQL's, and the failing statements stand for it. Three ways: the file
may not grow by another page; the kernel refuses to let a file grow (RLIMIT_FSIZE), in whichever of the files it is met;
and a file system of sixteen megabytes that is really full, where this machine lets us make one.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.db import DatabaseError, OperationalError, connection
from evenhand_cast import make_cast
from ground import Ground, execute
from invariants import check_book
from writers import make_stock

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]
BIG = "seen by nobody; " * 1_500
"""A reason long enough that an action needs new pages."""


def test_a_file_that_may_not_grow(ground: Ground, how_many: Callable[..., int]) -> None:
    lot = random.Random(1)
    with ground.here():
        stock = make_stock(make_cast(), offers=4, quantity=10**9)
        full = number = 0
        told = []
        while full < how_many(500, long=20_000):
            number += 1
            before = _state()
            pages = execute("PRAGMA page_count")[0][0]
            execute(f"PRAGMA max_page_count = {pages + lot.choice((0, 0, 1, 2))}")
            try:
                told.append(_lose(stock, f"r{number}"))
            except OperationalError as error:
                full += 1
                assert "full" in str(error) or "undone" in str(error)  # noqa: PT017 -- it need not fail every time
                assert not connection.in_atomic_block
                assert _state() == before
            execute("PRAGMA max_page_count = 1073741823")
            if full % 50 == 1:
                told.append(_lose(stock, f"r{number}-again"))
                check_book(told, audited=False)
        assert execute("PRAGMA integrity_check") == [("ok",)]
        check_book(told)


def test_a_kernel_that_refuses_to_write(ground: Ground, how_many: Callable[..., int]) -> None:
    lot = random.Random(2)
    with ground.here():
        stock = make_stock(make_cast(), offers=4, quantity=10**9)
        execute("PRAGMA wal_autocheckpoint = 40")  # so that the refusal also meets the copying of the log into the file
        execute("PRAGMA wal_checkpoint(TRUNCATE)")
        failed = number = 0
        told = []
        files = [Path(ground.fresh.name + end) for end in ("-wal", "-wal", "")]
        while failed < how_many(200, long=10_000):
            number += 1
            before = _state()
            with _no_file_larger_than(lot.randrange(max(1, files[number % 3].stat().st_size))):
                try:
                    told.append(_lose(stock, f"r{number}"))
                    done = True
                except DatabaseError:
                    failed += 1
                    done = False
            assert not connection.in_atomic_block
            assert (_state() == before) != done
            if not done:
                told.append(_lose(stock, f"r{number}"))  # the same id, when there is room again
        assert execute("PRAGMA integrity_check") == [("ok",)]
        check_book(told)


def test_a_full_file_system(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    with _mounted(small):
        name = shutil.copy(fresh_database.name, str(small / "evenhand.sqlite3"))
        ground = Ground(FreshDatabase("sqlite", small, name, {}, fresh_database.blocker))
        with ground.here():
            stock = make_stock(make_cast(), offers=4, quantity=10**9)
            told: list[str] = []
            ballast = small / "ballast"
            refused = 0
            for number in range(60):
                _fill(ballast)
                before = _state()
                try:
                    told.append(_lose(stock, f"r{number}"))
                except DatabaseError:
                    refused += 1
                    assert _state() == before
                ballast.unlink()
                told.append(_lose(stock, f"r{number}-again"))
            assert refused > 10
            assert execute("PRAGMA integrity_check") == [("ok",)]
            check_book(told)


def _state() -> list[Any]:
    """Return what changes with every action; `check_book` looks at everything now and then."""
    return execute("SELECT size, peaks, (SELECT count(*) FROM access_actionline) FROM stockbook_head")


def _lose(stock: Any, request: str) -> str:
    """Do an action that writes much: a loss with a long reason."""
    from evenhand.actions.stock import lose_stock

    acting = stock.cast("focal-tcd", request=request, reason=BIG)
    given = {"party": "TCD", "offer": stock.offers[0], "quantity": "1", "cause": "theft"}
    return str(lose_stock(acting, **given).action)


@contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    """Have the kernel refuse to write beyond a size; Python ignores the signal, so the write itself fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small file system, and not everywhere")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(ballast: Path) -> None:
    """Take every byte that is free."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
