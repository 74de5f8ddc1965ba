"""Whole packs of different worth: a good start from the divisible optimum.

Called by `bounded`. The divisible optimum says how much everybody should get, and roughly of which lots. Recipients are
taken from the lowest level up, the small before the large; each gets whole packs of at most two lots (a main one and one
to make up the exact amount) that come nearest to its amount without passing it. What is left is then given pack by pack
to whoever stands lowest.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import NO_CAP, Eligibility
from evenhand.allocation.holdings import Holdings
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem

Whole = npt.NDArray[np.int64]
_SPREAD = 24
"""Packs of the second lot tried around the divisible amount."""
_PRECISE = 1e-4
"""How near below its amount a recipient's packs must come before other main lots than its own are tried."""
_NEAR = 2e-4
"""Recipients nearer below the lowest level of the divisible optimum than this share are left as they are."""
_WORK = 300_000_000
_FEWEST_TRIES = 8
"""In a large round only the very lowest choose again: about as many as this many pairs can be looked through for."""
_WAYS = (1.0, 0.75, 0.5, 0.25)
_SECONDS = 24
"""Second lots tried."""
_POURINGS = 3
_FEW = 2
"""Packs left per recipient that are given one by one."""


def amounts_of(problem: Problem, lines: Lines) -> npt.NDArray[np.float64]:
    """Return recipients × lots: units times scale of a divisible plan, to the nearest float."""
    out = np.zeros((len(problem.target), len(problem.worth)))
    out[lines.recipient, lines.lot] = np.array([int(a) / lines.per for a in lines.amount.tolist()])
    return out


def narrow(problem: Problem, amounts: npt.NDArray[np.float64]) -> Problem | None:
    """Close the pairs that whole packs could not use as the divisible plan does, or return None if there are none.

    Recipients with more lots than the limit keep the largest; shipments below the smallest are closed, unless they are
    all that a recipient has.
    """
    limit = len(problem.worth) if problem.terms.max_lots is None else problem.terms.max_lots
    used = amounts > 0
    too_many = used.sum(axis=1) > limit
    least = problem.least * np.array([float(w) for w in problem.worth])
    too_small = used & (amounts < least) & (problem.least > 1)
    alone = used.sum(axis=1) <= 1
    closed = too_small & ~alone[:, None]
    if too_many.any():
        closed[too_many] |= ~_lots_to_keep(problem, amounts, np.flatnonzero(too_many), limit)
    if not (closed & used).any():
        return None
    eligibility = problem.eligibility
    rows = eligibility.class_of
    caps = np.full(eligibility.open.shape, NO_CAP) if eligibility.caps is None else eligibility.caps
    own = Eligibility(np.arange(len(rows)), eligibility.open[rows] & ~closed, caps[rows], eligibility.reasons[rows])
    if eligibility.caps is None:
        own = replace(own, caps=None)
    return replace(problem, eligibility=own)


def _lots_to_keep(
    problem: Problem, amounts: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], limit: int
) -> npt.NDArray[np.bool_]:
    """Choose the lots of recipients that have too many: those they use most, if they hold enough, else the largest.

    The recipients that need most choose first, and what they need is taken off the lots they choose.
    """
    keep = np.zeros((len(rows), amounts.shape[1]), np.bool_)
    size = np.array([int(q) * float(w) for q, w in zip(problem.packs, problem.worth, strict=True)])
    total = amounts.sum(axis=1)
    for place in np.argsort(-total[rows], kind="stable").tolist():
        who = int(rows[place])
        may = problem.eligibility.open[problem.eligibility.class_of[who]]
        chosen = np.argsort(-amounts[who], kind="stable")[:limit]
        if size[chosen].sum() < total[who]:
            chosen = np.argsort(-np.where(may, size, -1.0), kind="stable")[:limit]
        keep[place, chosen] = True
        missing = total[who]
        for lot in chosen.tolist():
            taken = min(missing, max(size[lot], 0.0))
            size[lot] -= taken
            missing -= taken
    return keep


def round_down(problem: Problem, amounts: npt.NDArray[np.float64]) -> Holdings:
    """Return whole packs near a divisible plan, everything left given to whoever stands lowest."""
    holdings = Holdings(problem)
    total = amounts.sum(axis=1)
    have = problem.held.astype(float) + total
    reached = have / problem.target.astype(float)
    order = np.lexsort((np.arange(len(total)), problem.target.astype(float), reached.round(9)))
    worth = np.array([float(w) for w in problem.worth])
    for who in order.tolist():
        if total[who] > 0:
            _fill(holdings, who, amounts[who], float(total[who]), worth)
    return holdings


def _fill(
    holdings: Holdings, who: int, wished: npt.NDArray[np.float64], total: float, worth: npt.NDArray[np.float64]
) -> None:
    """Give one recipient packs of at most two lots, as near below its amount as they come; more lots only if wished."""
    open_lots = np.flatnonzero((holdings.most[who] > 0) & (holdings.left > 0))
    if not len(open_lots):
        return
    room = float(holdings.top[who] - holdings.have[who])
    total = min(total * (1 + 1e-12), room)
    mains = [s for s in np.argsort(-wished, kind="stable").tolist() if wished[s] > 0 and holdings.left[s] > 0]
    extra = mains[2 : holdings.max_lots]
    for lot in extra:
        packs = min(int(wished[lot] // worth[lot]), int(holdings.left[lot]), int(holdings.most[who, lot]))
        if packs >= holdings.least[lot] and packs:
            holdings.give(who, lot, packs)
            total -= packs * float(worth[lot])
    mains = mains[:2] or open_lots[:2].tolist()
    others = [s for s in open_lots.tolist() if s not in mains]
    seconds = open_lots if holdings.max_lots - holdings.lots_used[who] > 1 else open_lots[:0]
    if len(seconds) > _SECONDS:
        seconds = np.sort(seconds[np.argsort(worth[seconds], kind="stable")[:_SECONDS]])
    best: tuple[float, int, int, int, int] | None = None
    for main in (*mains, *others):
        if best is not None and main not in mains and best[0] >= total * (1 - _PRECISE):
            break
        found = _best_pair(holdings, who, main, seconds, wished, total, worth, holdings.left)
        if found is not None and (best is None or found[0] > best[0] * (1 + 1e-9)):
            best = found
    if best is not None:
        _, main, first, second, more = best
        if first:
            holdings.give(who, main, first)
        if more:
            holdings.give(who, second, more)


def _best_pair(
    holdings: Holdings,
    who: int,
    main: int,
    seconds: Whole,
    wished: npt.NDArray[np.float64],
    total: float,
    worth: Any,
    stock: Whole,
) -> tuple[float, int, int, int, int] | None:
    """Return (amount, main lot, packs, second lot, packs) nearest below `total`."""
    most = int(min(stock[main], holdings.most[who, main]))
    least = int(holdings.least[main])
    alone = min(int(total // worth[main]), most)
    best = (alone * float(worth[main]), main, alone, main, 0) if alone >= least and alone else None
    others = seconds[seconds != main]
    if not len(others):
        return best
    start = np.maximum(np.floor(wished[others] / worth[others]) - _SPREAD // 2, 0)
    start = np.where(wished[others] > 0, start, 0)
    more = (
        start[:, None] + np.arange(_SPREAD + 1) + np.where(start[:, None] == 0, holdings.least[others][:, None] - 1, 0)
    )
    usable = (more <= np.minimum(stock[others], holdings.most[who, others])[:, None]) & (
        more >= holdings.least[others][:, None]
    )
    rest = total - more * worth[others][:, None]
    first = np.minimum(np.floor(rest / worth[main]), most)
    usable &= (rest >= 0) & ((first >= least) | (first == 0))
    amount = np.where(usable, first * worth[main] + more * worth[others][:, None], -1.0)
    place = int(np.argmax(amount))
    row, column = divmod(place, amount.shape[1])
    if amount[row, column] <= 0 or (best is not None and amount[row, column] <= best[0]):
        return best
    return float(amount[row, column]), main, int(first[row, column]), int(others[row]), int(more[row, column])


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


def lift_lowest(holdings: Holdings, goal: float) -> bool:
    """Choose again the packs of recipients that stand below the lowest level of the divisible optimum.

    Takes from others, those standing highest first, what the better choice needs; each choice is kept only if nobody ends
    below where its recipient stood. Says whether anything changed.
    """
    worth = np.array([float(w) for w in holdings.problem.worth])
    levels = holdings.levels()
    changed = False
    tries = max(_FEWEST_TRIES, _WORK // holdings.packs.size)
    for who in np.argsort(levels, kind="stable").tolist():
        if levels[who] >= goal * (1 - _NEAR) or tries == 0:
            break
        if not (holdings.most[who] > 0).any() or holdings.top[who] <= holdings.problem.held[who]:
            continue
        tries -= 1
        # What others can spare may not be enough for the whole way: then go part of it.
        for share in _WAYS:
            aim = float(levels[who]) + share * (goal - float(levels[who]))
            if _choose_again(holdings, who, aim, worth):
                changed = True
                break
    return changed


def _choose_again(holdings: Holdings, who: int, goal: float, worth: npt.NDArray[np.float64]) -> bool:
    before = holdings.share(who)
    kept = (holdings.packs.copy(), holdings.left.copy(), holdings.have.copy(), holdings.lots_used.copy())
    had = float(holdings.have[who])
    for lot in np.flatnonzero(holdings.packs[who]).tolist():
        holdings.give(who, lot, -int(holdings.packs[who, lot]))
    wanted = float(holdings.top[who] - holdings.have[who])
    while wanted > had - float(holdings.have[who]) and holdings.share(who, int(wanted * 0.999)) > goal:
        wanted *= 0.999
    stock = _stock_above(holdings, who, goal)
    room = float(holdings.top[who] - holdings.have[who])
    best = _best_of_all(holdings, who, wanted, worth, stock)
    # Where the smallest shipment is more than the amount, more is better than nothing.
    while (best is None or best[0] <= had - float(holdings.have[who])) and wanted < room:
        wanted = min(wanted * 1.25 + 1, room)
        best = _best_of_all(holdings, who, wanted, worth, stock)
    if best is not None and best[0] > had - float(holdings.have[who]) + 0.5:
        _, main, first, second, more = best
        for lot, packs in ((main, first), (second, more)):
            if packs:
                holdings.give(who, lot, packs)
        if all(_cover(holdings, lot, who, before) for lot in np.flatnonzero(holdings.left < 0).tolist()):
            return True
    holdings.packs, holdings.left, holdings.have, holdings.lots_used = kept
    return False


def _stock_above(holdings: Holdings, who: int, goal: float) -> Whole:
    """Return, per lot, the packs left and those that others could spare without falling below a level."""
    levels = np.maximum(holdings.levels(), 1e-300)
    have = holdings.have.astype(float)
    above = np.where(levels > goal, have * (1 - goal / levels), 0.0)
    above[who] = 0.0
    worth = np.array([float(w) for w in holdings.problem.worth])
    spare = np.minimum(holdings.packs - np.minimum(holdings.least, holdings.packs), np.floor(above[:, None] / worth))
    out: Whole = holdings.left + np.maximum(spare, 0).sum(axis=0).astype(np.int64)
    return out


def _best_of_all(
    holdings: Holdings, who: int, wanted: float, worth: npt.NDArray[np.float64], stock: Whole
) -> tuple[float, int, int, int, int] | None:
    """Return the packs of one or two lots that come nearest below an amount, any lot of which there is stock."""
    open_lots = np.flatnonzero((holdings.most[who] > 0) & (stock > 0))
    seconds = open_lots if holdings.max_lots > 1 else open_lots[:0]
    best: tuple[float, int, int, int, int] | None = None
    for main in open_lots.tolist():
        found = _best_pair(holdings, who, main, seconds, np.zeros(len(worth)), wanted, worth, stock)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best


def _cover(holdings: Holdings, lot: int, spared: int, floor: float) -> bool:
    """Take packs of an overdrawn lot back from those standing highest; say whether nobody falls to `floor`."""
    worth = holdings.problem.worth[lot]
    while holdings.left[lot] < 0:
        able = holdings.may_give_one(lot)
        able[spared] = False
        rows = np.flatnonzero(able)
        if not len(rows):
            return False
        after = holdings.levels(-worth)[rows]
        giver = int(rows[np.argmax(after)])
        if after.max() <= floor:
            return False
        spare = int(holdings.packs[giver, lot]) - int(holdings.least[lot])
        packs = min(-int(holdings.left[lot]), max(1, spare // 8))
        if holdings.share(giver, -packs * worth) <= floor:
            packs = 1
        holdings.give(giver, lot, -packs)
    return True
