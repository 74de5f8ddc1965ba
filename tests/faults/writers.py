"""Processes that write without pause, and say over a pipe what was acknowledged to them.

They are forked, so that hundreds can be started and killed; whoever forks them has no database open. A writer that finds
the server gone asks again with the same id, as a caller should, and never gives up by itself.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from evenhand_cast import Cast
from ground import Ground

LAST = 280
"""Seconds after which a writer that should have ended is stopped."""

Work = Callable[[int], str]
"""Number of the piece of work → the id of the action that was acknowledged."""


@dataclass
class Writer:
    """One process that writes, and what it has acknowledged so far."""

    pid: int
    pipe: int
    said: bytes = b""
    acknowledged: list[str] = field(default_factory=list)
    ended: bool = False

    def listen(self) -> None:
        """Take in what the writer has said by now."""
        while not self.ended and select.select([self.pipe], [], [], 0)[0]:
            text = os.read(self.pipe, 1 << 16)
            if not text:
                self.ended = True
                os.close(self.pipe)
            *lines, self.said = (self.said + text).split(b"\n")
            self.acknowledged += [line.decode() for line in lines]

    @property
    def waits(self) -> list[tuple[float, float]]:
        """Return when each action of a timed writer began and ended, by the one clock of the machine."""
        return [(float(begun), float(end)) for _, begun, end in map(str.split, self.acknowledged)]

    def kill(self, how: int = signal.SIGKILL) -> int:
        """Kill it, hear its last words, return how it ended."""
        os.kill(self.pid, how)
        return self.wait()

    def wait(self) -> int:
        """Hear it to its end and return how it ended."""
        while not self.ended:
            select.select([self.pipe], [], [])
            self.listen()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def start_writer(ground: Ground, work: Work, *, seconds: float = 600.0) -> Writer:
    """Fork a process that does one piece of work after the other, at least one, for so long or until it is killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(int(seconds) + LAST)
        try:
            end = time.monotonic() + seconds
            with ground.here():
                number = 0
                while not number or time.monotonic() < end:
                    number += 1
                    os.write(writer, (work(number) + "\n").encode())
            os._exit(0)
        except BaseException:  # whatever it was, it must not become a second run of the tests
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)
    os.close(writer)
    os.set_blocking(reader, False)
    return Writer(child, reader)


def start_writers(ground: Ground, stock: Stock, count: int, *, seconds: float) -> list[Writer]:
    """Fork so many that hand out one unit after the other; each acknowledges with the action's id, when it began and when it ended."""

    def timed(name: str) -> Work:
        def work(number: int) -> str:
            begun = time.monotonic()
            done = stock.distribute(f"{name}-{number}", number)
            return f"{done.action} {begun:.6f} {time.monotonic():.6f}"

        return work

    return [start_writer(ground, timed(f"w{index}"), seconds=seconds) for index in range(count)]


def p99(writer: Writer) -> float:
    """Return the seconds within which 99 of 100 actions of a timed writer ended."""
    waits = sorted(end - begun for begun, end in writer.waits)
    return waits[int(0.99 * len(waits))]


@contextmanager
def all_killed(writers: list[Writer]) -> Iterator[None]:
    """Let no writer outlive a test that failed."""
    try:
        yield
    finally:
        for writer in writers:
            if not writer.ended:
                writer.kill()


@dataclass(frozen=True)
class Stock:
    """Much of several offers, received by Chad: refs of the offers."""

    cast: Cast
    offers: tuple[str, ...]

    def distribute(self, request: str, number: int, quantity: str = "1") -> Any:
        """Hand out of one of the offers, under an id."""
        from evenhand.actions.stock import distribute_stock

        offer = self.offers[number % len(self.offers)]
        return distribute_stock(self.cast("focal-tcd", request=request), party="TCD", offer=offer, quantity=quantity)


def make_stock(cast: Cast, offers: int, quantity: int) -> Stock:
    """Offer, send and receive, in boxes so large that no test empties them (or with a single dose in each)."""
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.offers import make_offer
    from evenhand.actions.receipts import receive_consignment

    refs = [
        make_offer(
            cast("donor-ind", request=f"offer-{number}"),
            donor="IND", resource="vaccine-measles", quantity=str(quantity), meant_for="TCD",
        ).ref
        for number in range(offers)
    ]  # fmt: skip
    lines = ";".join(f"{ref}={quantity}" for ref in refs)
    sent = plan_consignment(cast("donor-ind", request="plan"), origin="IND", destination="TCD", lines=lines).ref
    dispatch_consignment(cast("donor-ind", request="dispatch"), consignment=sent)
    receive_consignment(cast("focal-tcd", request="receive"), consignment=sent)
    return Stock(cast, tuple(refs))
