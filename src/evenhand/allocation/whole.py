"""Whole packs of one worth: which packs a block's recipients deserve first.

Called by `split`. The packs that recipients could get are put in the order of their keys (§4.2), ties by the recipient's
own key, and the first N are taken. Floats find two levels that enclose the N-th key; the packs between them are then
ordered exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.ground import Ground, find_bracket
from evenhand.allocation.levels import exact_levels, highest, lowest, rank
from evenhand.errors import PlanNotProved

Integers = npt.NDArray[Any]
Counts = npt.NDArray[np.int64]
_SLACK = 2.0**-48
"""Sixteen units in the last place of everything that enters a step count: more than its five roundings can lose."""
_SAMPLE = 40_000


def first_packs(ground: Ground, wanted: int) -> Counts:
    """Return how many of the `wanted` most deserving packs each row gets; all of its room where there are enough.

    Parameters
    ----------
    wanted
        Packs, >= 0.
    """
    room: Counts = ground.room.astype(np.int64)
    if int(room.sum()) <= wanted:
        return room
    if wanted == 0:
        return np.zeros_like(room)

    limit = room.astype(np.float64)

    def total(level: float) -> float:
        steps = ground.steps(level)
        np.ceil(steps, out=steps)
        np.clip(steps, 0.0, limit, out=steps)
        return float(steps.sum())

    low, high = _enclose(ground, room, wanted, total)
    for widen in (2.0**-40, 2.0**-30, 2.0**-20, 2.0**-10, 1.0):
        floor = low * (1 - widen)
        least = _packs(ground, room, floor, -1.0) if floor > 0 else np.zeros_like(room)
        most = _packs(ground, room, high * (1 + widen), 1.0)
        if least.sum() <= wanted <= most.sum():
            taken = _settle(ground, least, most, wanted)
            if _in_order(ground, room, taken):
                return taken
    raise PlanNotProved("no level was found at which the packs are used up; please report this with the tables")


def _in_order(ground: Ground, room: Counts, taken: Counts) -> bool:
    """Say whether no pack that was left out comes before one that was taken, exactly."""
    got, more = np.flatnonzero(taken > 0), np.flatnonzero(taken < room)
    if not len(got) or not len(more):
        return True
    have = ground.held + taken * ground.unit
    last = exact_levels(ground.pieces.take(got), have[got] - ground.unit)
    following = exact_levels(ground.pieces.take(more), have[more])
    top, bottom = np.array(highest(last)), np.array(lowest(following))
    high, low = last.at(int(top[0])), following.at(int(bottom[0]))
    if high != low:
        return high < low
    tops = exact_levels(ground.pieces.take(got[top]), have[got[top]])
    bottoms = exact_levels(ground.pieces.take(more[bottom]), have[more[bottom]] + ground.unit)
    return tops.at(lowest(tops)[0]) >= bottoms.at(highest(bottoms)[0])


def _enclose(ground: Ground, room: Counts, wanted: int, total: Callable[[float], float]) -> tuple[float, float]:
    """Find the bracket, from a sample of the rows first where there are many."""
    enough = max(2048.0, len(room) / 64)
    if len(room) <= 4 * _SAMPLE:
        return find_bracket(total, wanted, enough)
    step = len(room) // _SAMPLE
    part = slice(None, None, step)
    start = tuple(s[part].copy() for s in ground.start)
    span = tuple(s[part].copy() for s in ground.span)
    offset, limit = ground.offset[part].copy(), room[part].astype(np.float64)

    def sampled(level: float) -> float:
        k = ground.piece(level)
        return float(np.clip(np.ceil(start[k] + (level - ground.base[k]) * span[k] - offset), 0, limit).sum())

    low, high = find_bracket(sampled, min(wanted / step, float(limit.sum())), 1.0)
    return find_bracket(total, wanted, enough, low * 0.995, high * 1.005)


def _packs(ground: Ground, room: Counts, level: float, side: float) -> Counts:
    """Return packs whose key may be (side 1) or must be (side -1) below the level, whatever the floats' rounding did."""
    k = ground.piece(level)
    reach = (abs(level) + abs(ground.base[k])) * ground.span[k]
    slack = _SLACK * (ground.start[k] + ground.offset + reach + 1.0)
    steps = np.ceil(ground.steps(level) + side * slack)
    out: Counts = np.clip(steps, 0, room).astype(np.int64)
    return out


def _settle(ground: Ground, least: Counts, most: Counts, wanted: int) -> Counts:
    """Choose exactly among the packs between two bounds."""
    open_rows = np.flatnonzero(most > least)
    spread = (most - least)[open_rows]
    row = np.repeat(open_rows, spread)
    within = np.arange(len(row)) - np.repeat(np.cumsum(spread) - spread, spread)
    before = ground.held[row] + (least[row] + within) * ground.unit
    pieces = ground.pieces.take(row)
    lower = rank(exact_levels(pieces, before))
    upper = rank(exact_levels(pieces, before + ground.unit))
    order = np.lexsort((ground.rows[row], -upper, lower))
    taken = row[order[: wanted - int(least.sum())]]
    out: Counts = least + np.bincount(taken, minlength=len(least))
    return out
