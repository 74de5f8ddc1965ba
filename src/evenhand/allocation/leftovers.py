"""Whole packs of different worth: give out what rounding left, and bring those that hold lots together level.

Called by `bounded`, after `rounding` and again after `lifting`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import Eligibility
from evenhand.allocation.holdings import Holdings
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem
from evenhand.allocation.rounding import amounts_of

Whole = npt.NDArray[np.int64]
_POURINGS = 3
_FEW = 2
"""Packs left per recipient that are given one by one."""


def pour_rest(holdings: Holdings, share: Callable[[Problem], Lines]) -> None:
    """Give what is left: first as divisible goods would go, over lots that recipients already have, then pack by pack.

    Parameters
    ----------
    share
        Solves a problem for divisible goods.
    """
    problem = holdings.problem
    for _ in range(_POURINGS):
        if int(holdings.left.sum()) <= _FEW * len(holdings.have):
            break
        may = (holdings.packs > 0) | ((holdings.lots_used == 0)[:, None] & (holdings.least <= 1))
        caps = np.where(may, holdings.most - holdings.packs, 0)
        own = Eligibility(
            np.arange(len(holdings.have)), (caps > 0) & (holdings.left > 0), caps, np.zeros(caps.shape, np.uint8)
        )
        rest = replace(
            problem,
            held=holdings.have,
            capacity=holdings.top - holdings.have,
            packs=holdings.left.copy(),
            eligibility=own,
        )
        amounts = amounts_of(rest, share(rest))
        packs = np.floor(amounts / np.array([float(w) for w in problem.worth])).astype(np.int64)
        packs[(holdings.packs == 0) & (np.cumsum(packs > 0, axis=1) > holdings.max_lots)] = 0
        if not packs.any():
            break
        for who, lot in zip(*(side.tolist() for side in np.nonzero(packs)), strict=True):
            holdings.give(who, lot, int(packs[who, lot]))
    top_up(holdings)


def level_out(holdings: Holdings, share: Callable[[Problem], Lines]) -> None:
    """Share everything again, as divisible goods, over the lots that recipients have or may yet start; then round down.

    Moves of single packs would come to much the same, a thousand times slower. Who has as much as it can take stays as it
    is: its packs were chosen to fit.
    """
    problem = holdings.problem
    worth = np.array([float(w) for w in problem.worth])
    having = holdings.packs > 0
    smallest = np.where(having, worth, np.inf).min(axis=1)
    free = (holdings.top - holdings.have).astype(float) >= smallest
    support = having & free[:, None]
    stock = holdings.left + np.where(support, holdings.packs, 0).sum(axis=0)
    spare = np.where(free, holdings.max_lots - holdings.lots_used, 0)
    may_start = (spare > 0)[:, None] & (holdings.most > 0) & (holdings.least <= 1) & ~having
    if may_start.any():
        wished = np.where(may_start, _shared_over(holdings, share, support | may_start, stock, free), 0.0)
        place = np.argsort(np.argsort(-wished, axis=1, kind="stable"), axis=1, kind="stable")
        support |= (wished >= worth) & (place < spare[:, None])
    packs = np.floor(_shared_over(holdings, share, support, stock, free) / worth * (1 + 1e-12)).astype(np.int64)
    least = np.where(support, np.minimum(holdings.least, holdings.packs), 0)
    packs = np.where(support, np.maximum(packs, least), 0)
    # Raising shipments to the smallest may ask for too much: then the largest give up some.
    room = problem.capacity.astype(float)
    for who in np.flatnonzero((packs * worth).sum(axis=1) > room).tolist():
        _trim(packs[who], least[who], worth, float((packs[who] * worth).sum() - room[who]))
    for lot in np.flatnonzero(packs.sum(axis=0) > stock).tolist():
        _trim(packs[:, lot], least[:, lot], np.ones(len(free)), float(packs[:, lot].sum() - stock[lot]))
    if (packs.sum(axis=0) > stock).any() or ((packs * worth).sum(axis=1) > room).any():
        return
    for who, lot in zip(*(side.tolist() for side in np.nonzero(support)), strict=True):
        change = int(packs[who, lot] - holdings.packs[who, lot])
        if change:
            holdings.give(who, lot, change)


def _shared_over(
    holdings: Holdings,
    share: Callable[[Problem], Lines],
    support: npt.NDArray[np.bool_],
    stock: Whole,
    free: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Return recipients × lots: how a stock would go to free recipients over some pairs, were it divisible."""
    caps = np.where(support, holdings.most, 0)
    own = Eligibility(np.arange(len(free)), support, caps, np.zeros(support.shape, np.uint8))
    capacity = np.where(free, holdings.problem.capacity, 0)
    again = replace(holdings.problem, capacity=capacity, packs=stock.astype(np.int64), eligibility=own)
    return amounts_of(again, share(again))


def _trim(packs: Whole, least: Whole, worth: npt.NDArray[np.float64], excess: float) -> None:
    """Take so much off some packs, in place, the most numerous first and none below its least."""
    for place in np.argsort(least - packs, kind="stable").tolist():
        if excess <= 0:
            break
        taken = min(int(packs[place] - least[place]), int(-(-excess // worth[place])))
        packs[place] -= taken
        excess -= taken * worth[place]


def top_up(holdings: Holdings) -> None:
    """Give what is left, pack by pack, to the lowest recipient that can take any."""
    levels = holdings.levels()
    heap = [(float(levels[who]), who) for who in range(len(levels))]
    heapq.heapify(heap)
    stocked = set(np.flatnonzero(holdings.left > 0).tolist())
    while heap and stocked:
        _, who = heapq.heappop(heap)
        best: tuple[float, int, int] | None = None
        for lot in sorted(stocked):
            step = holdings.smallest_step(who, lot)
            if step:
                key = (
                    step * holdings.problem.worth[lot] / float(holdings.left[lot] * holdings.problem.worth[lot]),
                    lot,
                    step,
                )
                best = key if best is None or key < best else best
        if best is None:
            continue
        _, lot, step = best
        aim = heap[0][0] if heap else float("inf")
        holdings.give(who, lot, step)
        if holdings.share(who) < aim and holdings.smallest_step(who, lot) == 1:
            holdings.give(who, lot, holdings.packs_until(who, lot, aim))
        if not holdings.left[lot]:
            stocked.discard(lot)
        heapq.heappush(heap, (holdings.share(who), who))
