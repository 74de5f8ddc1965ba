"""Whole packs of different worth: a good start from the divisible optimum.

Called by `bounded`. The divisible optimum says how much everybody should get, and roughly of which lots. Recipients are
taken from the lowest level up, the small before the large; each gets whole packs of at most two lots (a main one and one
to make up the exact amount) that come nearest to its amount without passing it. `leftovers` gives out what is left.
"""

from __future__ import annotations

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
_SECONDS = 24
"""Second lots tried."""


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
        found = best_pair(holdings, who, main, seconds, wished, total, worth, holdings.left)
        if found is not None and (best is None or found[0] > best[0] * (1 + 1e-9)):
            best = found
    if best is not None:
        _, main, first, second, more = best
        if first:
            holdings.give(who, main, first)
        if more:
            holdings.give(who, second, more)


def best_pair(
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
