"""Many write at once: nobody sees an error or waits long, nothing is given twice, nothing is written twice."""

from __future__ import annotations

import random
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from evenhand_cast import NOW, TODAY, make_cast
from ground import Ground, execute
from invariants import check_book
from writers import Writer, all_killed, make_stock, p99, start_writer, start_writers

from evenhand.actions.action import account
from evenhand.database.writing import run_written
from evenhand.errors import RepeatDiffers, StockShort
from evenhand.stockbook.posting import Posting, post

pytestmark = pytest.mark.slow
WRITERS = 32
TURNS = 2
"""While one action waits, every other writer goes by at most so often, in 99 of 100 of the unluckiest writer's waits.

Counted in turns and not in seconds, since a machine that stands still makes all wait and nobody go by. The seconds (half
of one is promised) are measured by the benchmarks.
"""


@pytest.mark.alone
def test_thirty_two_writers_for_a_minute_see_no_error_and_wait_their_turn(
    ground: Ground, how_many: Callable[..., int]
) -> None:
    with ground.here():
        stock = make_stock(make_cast(), offers=8, quantity=10**9)
    seconds, writers = float(how_many(60, long=1_800)), list[Writer]()
    with all_killed(writers):
        writers += start_writers(ground, stock, WRITERS, seconds=seconds)
        ended = [writer.wait() for writer in writers]
    assert set(ended) == {0}, "a caller saw an error"
    told = [line.split()[0] for writer in writers for line in writer.acknowledged]
    with ground.here():
        check_book(told)
    ends = sorted(end for writer in writers for _, end in writer.waits)
    passed = [sorted(bisect_left(ends, end) - bisect_right(ends, begun) for begun, end in one.waits) for one in writers]
    worst = max(one[int(0.99 * len(one))] for one in passed)
    slowest = max(map(p99, writers))
    print(
        f"{len(told) / seconds:.0f} actions a second; worst p99 {slowest:.3f} s, {worst} by others; {max(map(max, passed))} at most"
    )
    assert worst <= TURNS * WRITERS
    fewest = min(len(writer.acknowledged) for writer in writers)
    assert fewest >= len(told) / WRITERS / 2, "one writer was left waiting while others went by"


def test_the_last_unit_goes_to_one(ground: Ground, how_many: Callable[..., int]) -> None:
    """Every unit is the last one in an account of its own, and two processes want it at the same moment."""
    races, takers, at_once = how_many(10_000, long=100_000), 2, 2_500
    with ground.here():
        make_cast()
    for first in range(0, races, at_once):
        with ground.here():
            offers = _single_units(first, min(at_once, races - first))
        writers: list[Writer] = []
        with all_killed(writers):
            start = time.monotonic() + 0.5  # so that they begin together
            writers += [
                start_writer(ground, _taker(offers, f"t{first}-{index}", start), seconds=0.0) for index in range(takers)
            ]
            assert [writer.wait() for writer in writers] == [0] * takers
        won = [int(writer.acknowledged[0].split()[1]) for writer in writers]
        assert sum(won) == len(offers), "a unit was given twice, or to nobody"
        assert min(won) > 0, "one process took everything; nobody raced"
    with ground.here():
        assert execute("SELECT count(*) FROM stockbook_account WHERE stage <> 'outside' AND balance NOT IN (0, 1)") == [
            (0,)
        ]
        taken = execute("SELECT count(*), count(DISTINCT from_account) FROM stockbook_entry WHERE verb = 'withdraw'")
        assert taken == [(races, races)]


def _single_units(first: int, count: int) -> list[str]:
    """Put one unit of each of so many offers into the book; return the offers' refs."""
    from evenhand.records.models import Offer

    refs = [f"OF-{number:010d}" for number in range(first, first + count)]
    given = {"donor_id": "IND", "resource_id": "vaccine-measles", "quantity": 1, "typed": "1", "unit": "dose"}
    Offer.objects.bulk_create(
        [Offer(ref=ref, firmness="pledge", said_on=TODAY, made_at=NOW, **given) for ref in refs], batch_size=500
    )
    postings = [_posting(f"in-{ref}", "offer", "outside", ref, "offered") for ref in refs]
    run_written(lambda: post(postings, action="filling", by="test", recorded=NOW))
    return refs


def _posting(entry: str, verb: str, source: str, offer: str, target: str) -> Posting:
    return Posting(entry, verb, account(source, offer), account(target, offer), "vaccine-measles", 1, TODAY)


def _taker(offers: list[str], name: str, start: float) -> Callable[[int], str]:
    """Return work that tries to take every unit once, in an order that is nearly the same for all."""

    def work(_: int) -> str:
        time.sleep(max(0.0, start - time.monotonic()))
        won = 0
        for ref in offers:
            posting = _posting(f"{name}-{ref}", "withdraw", "offered", ref, "withdrawn")
            try:
                run_written(lambda posting=posting: post([posting], action=name, by=name, recorded=datetime.now(UTC)))
                won += 1
            except StockShort:
                pass
        return f"{name} {won}"

    return work


def test_a_request_sent_again_is_done_once(ground: Ground, how_many: Callable[..., int]) -> None:
    """Requests are sent many times, out of order, by several processes at once; some come back changed and are refused."""
    sent, distinct, processes = how_many(10_000, long=1_000_000), 500, 4
    with ground.here():
        stock = make_stock(make_cast(), offers=4, quantity=10**9)

    def sender(seed: int) -> Callable[[int], str]:
        lot = random.Random(seed)

        def work(_: int) -> str:
            answers: Counter[str] = Counter()
            for _ in range(sent // processes):
                number, changed = lot.randrange(distinct), lot.random() < 0.1
                try:
                    done = stock.distribute(f"r{number}", number, "2" if changed else "1")
                    answers["again" if done.repeated else "done"] += 1
                except RepeatDiffers:
                    answers["refused"] += 1
            return " ".join(f"{what}={count}" for what, count in answers.items())

        return work

    writers: list[Writer] = []
    with all_killed(writers):
        writers += [start_writer(ground, sender(seed), seconds=0.0) for seed in range(processes)]
        assert [writer.wait() for writer in writers] == [0] * processes
    said: Counter[str] = Counter()
    for writer in writers:
        for word in writer.acknowledged[0].split():
            said[word.partition("=")[0]] += int(word.partition("=")[2])
    with ground.here():
        per_action = execute("SELECT action, count(*) FROM stockbook_entry WHERE verb = 'distribute' GROUP BY action")
        assert {count for _, count in per_action} == {1}, "a request was done twice"
        assert len(per_action) == said["done"] == distinct
        check_book([f"r{number}" for number in range(distinct)])
    assert said.total() == sent // processes * processes
    assert said["again"] > sent / 2
    assert said["refused"] > 0
