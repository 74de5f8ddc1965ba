"""Divisible goods: the one level at which a block's recipients use up an amount exactly.

Called by `split` and, for the proved bound, by `bounded`. Floats find the level roughly; the level itself is then solved
for as a fraction, from exact sums over the recipients that are being raised, until they are the right ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.ground import Ground, find_bracket
from evenhand.allocation.levels import exact_levels, highest
from evenhand.errors import PlanNotProved

Integers = npt.NDArray[Any]
_TURNS = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """Hold a block filled to one level.

    Attributes
    ----------
    level
        None where everybody is full.
    amounts
        Per row, units times scale times `per`, exact Python integers.
    per
        Common denominator.
    """

    level: Fraction | None
    amounts: Integers
    per: int


def fill(ground: Ground, wanted: int) -> Filled:
    """Raise a block's rows until they have taken `wanted` units times scale; fill them where there is enough.

    The ground must have unit 1.
    """
    if sum(ground.by_class(ground.room)) <= wanted:
        return Filled(None, ground.room.astype(object), 1)
    if wanted == 0:
        return Filled(Fraction(0), np.zeros(len(ground.room), object), 1)
    limit = ground.room.astype(np.float64)

    def total(level: float) -> float:
        return float(np.clip(ground.steps(level), 0.0, limit).sum())

    low, high = find_bracket(total, float(wanted), float(wanted) * 1e-9)
    level = Fraction(low) + (Fraction(high) - Fraction(low)) / 2
    k = ground.piece(high)
    for _ in range(_TURNS):
        raised, full = _members(ground, level, k)
        above = _sum(ground.room[full]) - _sum((ground.held - ground.pieces.start[k])[raised])
        across = _sum(ground.pieces.span[k][raised])
        if across == 0:
            level = _top(ground, full, raised, k)
            k = max(0, sum(base < level for base in ground.pieces.base) - 1)
            break
        exact = ground.pieces.base[k] + Fraction(ground.pieces.gain[k] * (wanted - above), across)
        if exact == level:
            break
        beyond = k + 1 < len(ground.pieces.base) and exact > ground.pieces.base[k + 1]
        if beyond or (exact <= ground.pieces.base[k] and k > 0):
            k += 1 if beyond else -1
        level = exact
    else:
        raise PlanNotProved("no exact level was found for divisible goods; please report this with the tables")
    raised, full = _members(ground, level, k)
    return _amounts(ground, level, k, raised, full)


def _members(ground: Ground, level: Fraction, k: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Say which rows are being raised at a level, and which are full: exactly, floats deciding only clear cases."""
    reach = ground.start[k] + (float(level) - ground.base[k]) * ground.span[k]
    taken = reach - ground.offset
    limit = ground.room.astype(np.float64)
    slack = 2.0**-46 * (ground.start[k] + ground.offset + abs(float(level) - ground.base[k]) * ground.span[k] + limit)
    above, full = taken > 0, taken >= limit
    near = (np.abs(taken) <= slack) | (np.abs(taken - limit) <= slack)
    rise, gain = level - ground.pieces.base[k], ground.pieces.gain[k]
    for row in np.flatnonzero(near).tolist():
        exact = (
            Fraction(int(ground.pieces.start[k][row]) - int(ground.held[row]))
            + rise * int(ground.pieces.span[k][row]) / gain
        )
        above[row] = exact > 0
        full[row] = exact >= int(ground.room[row])
    return above & ~full, full


def _amounts(
    ground: Ground, level: Fraction, k: int, raised: npt.NDArray[np.bool_], full: npt.NDArray[np.bool_]
) -> Filled:
    rise, gain = level - ground.pieces.base[k], ground.pieces.gain[k]
    per = gain * rise.denominator
    amounts = np.zeros(len(ground.room), object)
    amounts[full] = ground.room[full].astype(object) * per
    start, held, span = (a[raised].astype(object) for a in (ground.pieces.start[k], ground.held, ground.pieces.span[k]))
    amounts[raised] = (start - held) * per + rise.numerator * span
    return Filled(level, amounts, per)


def _top(ground: Ground, full: npt.NDArray[np.bool_], raised: npt.NDArray[np.bool_], k: int) -> Fraction:
    """Return the level just below which the best-served receivers stand, where nobody is between two levels."""
    taken = np.where(full, ground.room, np.where(raised, ground.pieces.start[k] - ground.held, 0))
    rows = np.flatnonzero(taken > 0)
    if not len(rows):
        return Fraction(0)
    levels = exact_levels(ground.pieces.take(rows), ground.held[rows] + taken[rows], below=True)
    return levels.at(highest(levels)[0])


def _sum(values: Integers) -> int:
    if not len(values):
        return 0
    if values.dtype != np.object_ and float(np.abs(values).max()) * len(values) >= 2.0**62:
        values = values.astype(object)
    return int(values.sum())
