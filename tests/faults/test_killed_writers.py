"""Writers are killed with SIGKILL under load: what was acknowledged stays, and the others go on."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import pytest
from evenhand_cast import make_cast
from ground import Ground
from invariants import check_book
from writers import Writer, all_killed, make_stock, start_writer

pytestmark = pytest.mark.slow
KILLS = {"sqlite": (300, 6_000), "postgresql": (200, 4_000)}
AT_ONCE = 4
CHECKED_EVERY = 50


def test_what_a_killed_writer_was_told_is_in_the_book(ground: Ground, how_many: Callable[..., int]) -> None:
    usual, long = KILLS[ground.vendor]
    wanted = how_many(usual, long=long)
    lot = random.Random(20260302)
    with ground.here():
        stock = make_stock(make_cast(), offers=8, quantity=10**9)
    dead: list[Writer] = []
    writers: list[Writer] = []

    def start() -> None:
        name = f"w{len(dead) + len(writers)}"
        writers.append(start_writer(ground, lambda number: stock.distribute(f"{name}-{number}", number).action))

    with all_killed(writers):
        while len(dead) < wanted:
            while len(writers) < AT_ONCE:
                start()
            time.sleep(lot.uniform(0.0, 0.1))
            victim = writers.pop(lot.randrange(AT_ONCE))
            assert victim.kill() == -signal.SIGKILL
            dead.append(victim)
            for writer in writers:
                writer.listen()
            if len(dead) % CHECKED_EVERY == 0:
                while (
                    writers
                ):  # the last ones die too: nobody has the file open when it is looked at, or when one is forked
                    dead.append(writers.pop())
                    dead[-1].kill()
                told = [request for writer in dead for request in writer.acknowledged]
                with ground.here():
                    check_book(told)
    assert len(told) > wanted / 2, "the writers hardly got to write; nothing was tried"
