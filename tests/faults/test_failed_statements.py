"""The n-th statement fails, for every n: once, or from then on. The action is refused, nothing of it stays, the next works.

In the same process and on the same connection, as on a server that lives on after the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any

import pytest
from book_scene import LESS, STEPS, Scene
from django.db import DatabaseError, OperationalError, connection
from ground import Ground, state_here
from invariants import check_book

pytestmark = pytest.mark.slow
TOTAL = {"sqlite": (12_000, 300_000), "postgresql": (8_000, 200_000)}


@pytest.mark.parametrize("name", STEPS)
def test_a_failed_statement_leaves_nothing(
    name: str, scene: Scene, ground: Ground, how_many: Callable[..., int]
) -> None:
    usual, long = TOTAL[ground.vendor]
    weights = {step: LESS.get(step, 1.0) for step in STEPS}
    wanted = ceil(how_many(usual, long=long) * weights[name] / sum(weights.values()))
    with ground.here():
        before = state_here()
        failed = turn = 0
        while failed < wanted:
            failed += _sweep(lambda turn=turn: STEPS[name](scene, f"turn-{turn}", turn))
            assert state_here() == before, "something of a failed action stayed"
            turn += 1
        check_book([STEPS[name](scene, "at-last", 0).action])


def _sweep(do: Callable[[], Any]) -> int:
    """Fail each statement once, then each and all after it; return how many failed.

    The sweep is over when the action was done before the fault could come; that one is rolled back from outside.
    """
    failed = 0
    for lasting in (False, True):
        number = done = 0
        while not done:
            number += 1
            fault = _Fault(number, lasting)
            try:
                with connection.execute_wrapper(fault), _never_committed():
                    do()
            except _DoneBefore:
                assert not fault.failed, f"statement {number} failed and nobody was told"
                done = 1
            except OperationalError:
                assert fault.failed, "an error that nobody made"
            assert not connection.in_atomic_block
            failed += fault.failed
    return failed


class _DoneBefore(DatabaseError):
    """Take the place of a commit, when all statements are done: a commit that failed."""


@contextmanager
def _never_committed() -> Iterator[None]:
    def commit() -> None:
        raise _DoneBefore

    connection._commit = commit  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del connection._commit  # type: ignore[attr-defined]


class _Fault:
    """Fail the n-th statement, and if it is lasting all that come after it; BEGIN never fails."""

    def __init__(self, number: int, lasting: bool) -> None:
        self.number, self.lasting = number, lasting
        self.seen = self.failed = 0

    def __call__(self, execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("BEGIN"):
            self.seen += 1
            if self.seen == self.number or (self.lasting and self.seen > self.number):
                self.failed += 1
                raise OperationalError("disk I/O error, made on purpose")
        return execute(sql, values, many, context)
