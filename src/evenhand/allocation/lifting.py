"""Whole packs of different worth: let those that stand lowest choose again.

Called by `bounded`. A recipient that stands below the lowest level of the divisible optimum gives its packs back and takes
those that bring it nearest, of what is left and of what others, standing higher, can spare.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenhand.allocation.holdings import Holdings
from evenhand.allocation.rounding import best_pair

Whole = npt.NDArray[np.int64]
_NEAR = 2e-4
"""Recipients nearer below the lowest level of the divisible optimum than this share are left as they are."""
_WORK = 300_000_000
_FEWEST_TRIES = 8
"""In a large round only the very lowest choose again: about as many as this many pairs can be looked through for."""
_WAYS = (1.0, 0.75, 0.5, 0.25)


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
        found = best_pair(holdings, who, main, seconds, np.zeros(len(worth)), wanted, worth, stock)
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
