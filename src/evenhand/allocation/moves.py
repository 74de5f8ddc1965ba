"""Move single packs until no move helps: the last thing done to a bounded plan, and what its certificate says (§4.2).

Called by `bounded`. For every lot, the highest key among the last packs of those that could give one up must not be above
the lowest key among the next packs of those that could take one. The first of these two keys is the lot's waterline.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from evenhand.allocation.holdings import Holdings, Key, deserves_before

_NEAR = 1e-11
"""Floats nearer than this, relative to their size, are compared exactly."""


def improve(holdings: Holdings) -> int:
    """Move single packs until no move helps; return how many were moved.

    Each move makes the plan better in the leximin order, so there is an end to it.
    """
    lots = [lot for lot in range(len(holdings.problem.worth)) if holdings.problem.packs[lot]]
    moved, quiet = 0, 0
    while quiet < len(lots):
        for lot in lots:
            step = _settle(holdings, lot)
            moved += step
            quiet = 0 if step else quiet + 1
            if quiet >= len(lots):
                break
    return moved


def _settle(holdings: Holdings, lot: int) -> int:
    """Move packs of one lot until that helps nobody; return how many."""
    moved = _move_in_turn(holdings, lot)
    # The turns go by floats. Whether anything is left to do is decided exactly, and rarely is there.
    while True:
        taker, giver = lowest_taker(holdings, lot), highest_giver(holdings, lot)
        if taker is None or (not holdings.left[lot] and (giver is None or not deserves_before(taker[1], giver[1]))):
            return moved
        if holdings.left[lot]:
            holdings.give(taker[0], lot, 1)
        else:
            assert giver is not None
            holdings.give(giver[0], lot, -1)
            holdings.give(taker[0], lot, 1)
        moved += 1 + _move_in_turn(holdings, lot)


def _move_in_turn(holdings: Holdings, lot: int) -> int:
    """Move packs of one lot from whoever stands highest to whoever stands lowest, while it helps; return how many."""
    worth = holdings.problem.worth[lot]
    takers, givers = np.flatnonzero(holdings.may_take_one(lot)), np.flatnonzero(holdings.may_give_one(lot))
    low = _Queue(zip(holdings.levels()[takers].tolist(), takers.tolist(), strict=True))
    high = _Queue(zip((-holdings.levels(-worth)[givers]).tolist(), givers.tolist(), strict=True))
    moved = 0
    while (taker := low.first()) is not None:
        if holdings.left[lot]:
            giver, packs = None, holdings.packs_until(taker, lot, low.second())
        else:
            giver = high.first()
            if giver is None:
                break
            if not deserves_before(holdings.step_key(taker, lot, 0), holdings.step_key(giver, lot, -1)):
                break
            packs = _how_many(holdings, lot, giver, taker)
            holdings.give(giver, lot, -packs)
        holdings.give(taker, lot, packs)
        moved += packs
        for who in (taker, giver):
            if who is not None:
                low.put(who, holdings.share(who) if holdings.can_take_one(who, lot) else None)
                high.put(who, -holdings.share(who, -worth) if holdings.can_give_one(who, lot) else None)
    return moved


class _Queue:
    """Hold recipients in the order of a number that may change."""

    def __init__(self, entries: Iterable[tuple[float, int]]) -> None:
        self._heap = list(entries)
        self._now = {who: number for number, who in self._heap}
        heapq.heapify(self._heap)

    def put(self, who: int, number: float | None) -> None:
        """Change a recipient's number; None takes it out."""
        if number is None:
            self._now.pop(who, None)
        elif self._now.get(who) != number:
            self._now[who] = number
            heapq.heappush(self._heap, (number, who))

    def first(self) -> int | None:
        """Return the recipient with the lowest number."""
        while self._heap and self._now.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][1] if self._heap else None

    def second(self) -> float:
        """Return the lowest number but one, or one that is lower and outdated."""
        return min((entry[0] for entry in self._heap[1:3]), default=float("inf"))


def _how_many(holdings: Holdings, lot: int, giver: int, taker: int) -> int:
    """Return how many packs can be moved one after the other, each of them for the better; at least one is."""
    least = int(holdings.least[lot])
    held = int(holdings.packs[giver, lot])
    room = int(holdings.top[taker] - holdings.have[taker]) // holdings.problem.worth[lot]
    most = min(held - least if held > least else 1, room, int(holdings.most[taker, lot] - holdings.packs[taker, lot]))

    def helps(step: int) -> bool:
        return deserves_before(holdings.step_key(taker, lot, step - 1), holdings.step_key(giver, lot, -step))

    low, high = 1, max(1, most)
    guess = min(max(_guess(holdings, lot, giver, taker), low), high)
    for aim in (guess, guess + 1, guess - 1):
        if low < aim <= high:
            low, high = (aim, high) if helps(aim) else (low, aim - 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if helps(middle) else (low, middle - 1)
    return low


def _guess(holdings: Holdings, lot: int, giver: int, taker: int) -> int:
    """Return about how many packs bring two recipients level, were their levels straight lines."""
    worth = holdings.problem.worth[lot]
    high, low = holdings.share(giver), holdings.share(taker)
    falls, rises = high - holdings.share(giver, -worth), holdings.share(taker, worth) - low
    return int((high - low + rises) / (falls + rises))


def lowest_taker(holdings: Holdings, lot: int) -> tuple[int, Key] | None:
    """Return the recipient whose next pack of a lot has the lowest key, among those that could take one."""
    rows = np.flatnonzero(holdings.may_take_one(lot))
    if not len(rows):
        return None
    value = holdings.levels()[rows]
    bottom = value.min()
    near = rows[value <= bottom + abs(bottom) * _NEAR]
    return _first(near, lambda who: holdings.step_key(who, lot, 0), deserves_before)


def highest_giver(holdings: Holdings, lot: int) -> tuple[int, Key] | None:
    """Return the recipient whose last pack of a lot has the highest key, among those that could give one up."""
    rows = np.flatnonzero(holdings.may_give_one(lot))
    if not len(rows):
        return None
    value = holdings.levels(-holdings.problem.worth[lot])[rows]
    top = value.max()
    near = rows[value >= top - abs(top) * _NEAR]
    return _first(near, lambda who: holdings.step_key(who, lot, -1), lambda one, other: deserves_before(other, one))


def _first(
    rows: npt.NDArray[np.int64], key: Callable[[int], Key], before: Callable[[Key, Key], bool]
) -> tuple[int, Key]:
    """Return the recipient whose key comes first in an order, exactly; the first of equals."""
    best = (int(rows[0]), key(int(rows[0])))
    for who in rows[1:].tolist():
        other = key(who)
        if before(other, best[1]):
            best = (who, other)
    return best
