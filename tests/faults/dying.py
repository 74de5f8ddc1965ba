"""Processes that die at a chosen point of what they do to the database.

A point is a number and a mode: before or after the n-th thing done (a statement, the commit), during it (PostgreSQL: sent,
and dead before the answer), or at the n-th step inside SQLite's own machine. BEGIN is no point: nothing has begun.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connections
from ground import Ground

DIED, FAILED = 86, 87
SECONDS = 60
STEPS_OF_SQLITE = 20
"""Instructions of SQLite's machine between two points inside a statement."""


@dataclass(frozen=True)
class Point:
    """Name one point of a run: mode "before", "after", "during" or "inside", and a number from 1."""

    mode: str
    number: int


@dataclass(frozen=True)
class Death:
    """Say how a process ended: whether it died at its point, what it had acknowledged, how much it had done."""

    died: bool
    acknowledged: str
    statements: int = 0
    steps: int = 0


def run_until(ground: Ground, point: Point | None, do: Callable[[], Any]) -> Death:
    """Fork; do something in the child, which dies at the point; return what came of it.

    The child acknowledges over a pipe, as a server answers: only after the action has returned.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(SECONDS)
        try:
            counting = _Counting(point, ground.names)
            with ground.here():
                done = counting.run(do)
            os.write(writer, f"{done.action} {counting.number} {counting.steps}".encode())
            os._exit(0)
        except BaseException:  # whatever it was, it must not become a second run of the tests
            traceback.print_exc(file=sys.__stderr__)
            os._exit(FAILED)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read().split()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, DIED), f"the child ended with {status} at {point}"
    assert (status == 0) == bool(said)
    return Death(status == DIED, said[0] if said else "", *(int(number) for number in said[1:]))


class _Counting:
    """Count what is done to the databases, and die when it is time."""

    def __init__(self, point: Point | None, aliases: Iterable[str]) -> None:
        self.aliases = tuple(aliases)
        self.point = point or Point("never", 0)
        self.number = self.steps = 0

    def run(self, do: Callable[[], Any]) -> Any:
        with ExitStack() as wrapped:
            for alias in self.aliases:
                self._watch(connections[alias])
                wrapped.enter_context(connections[alias].execute_wrapper(self._statement))
            return do()

    def _watch(self, connection: Any) -> None:
        connection.ensure_connection()
        raw, commit = connection.connection, connection._commit

        def counted_commit() -> None:
            self._around(commit, raw, lambda: raw.pgconn.send_query(b"COMMIT"))

        connection._commit = counted_commit
        if connection.vendor == "sqlite" and self.point.mode in ("inside", "never"):
            raw.set_progress_handler(self._step, STEPS_OF_SQLITE)

    def _step(self) -> int:
        self.steps += 1
        if self.point == Point("inside", self.steps):
            os._exit(DIED)
        return 0

    def _statement(self, execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN"):
            return execute(sql, values, many, context)

        raw = context["connection"].connection

        def send() -> None:
            cursor = context["cursor"].cursor
            first = values[0] if many else values
            text = cursor.mogrify(sql, first) if first else sql
            raw.pgconn.send_query(text.encode())

        return self._around(lambda: execute(sql, values, many, context), raw, send)

    def _around(self, do: Callable[[], Any], raw: Any, send: Callable[[], None]) -> Any:
        self.number += 1
        if self.point.number != self.number:
            return do()
        if self.point.mode == "before":
            os._exit(DIED)
        if self.point.mode == "during":
            send()
            raw.pgconn.flush()
            os._exit(DIED)
        result = do()
        if self.point.mode == "after":
            os._exit(DIED)
        return result


def points_of(vendor: str, whole: Death, most: int) -> Sequence[Point]:
    """Return points of a run that was counted whole: every statement first, then evenly inside SQLite's machine."""
    modes = ("before", "after") if vendor == "sqlite" else ("before", "during", "after")
    points = [Point(mode, number) for number in range(1, whole.statements + 1) for mode in modes]
    if vendor == "sqlite" and most > len(points):
        left = min(most - len(points), whole.steps)
        points += [Point("inside", 1 + index * whole.steps // left) for index in range(left)]
    return points
