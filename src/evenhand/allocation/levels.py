"""Levels of recipients, in floats to search with and in exact integers to decide with.

Called by `whole`, `divisible`, `waterlines`, `proof` and `outcome`. A float here never decides anything: it narrows down, and exact
integers settle what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.fairness.rules import Pieces

Integers = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
_ULPS = 2.0**-49
"""Eight units in the last place: a quotient of two exact integers is off by at most three."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """Hold exact numbers num/den, one per row; den > 0."""

    num: Integers
    den: Integers

    def floats(self) -> Floats:
        """Return the nearest floats, off by at most three units in the last place."""
        if self.num.dtype == np.object_:  # Python divides integers of any size; as floats they might not exist
            quotients: Floats = (self.num / self.den).astype(np.float64)
            return quotients
        out: Floats = np.asarray(self.num, np.float64) / np.asarray(self.den, np.float64)
        return out

    def at(self, row: int) -> Fraction:
        """Return one of them."""
        return Fraction(int(self.num[row]), int(self.den[row]))

    def take(self, rows: Integers) -> Ratios:
        """Return some of them, in the order of `rows`."""
        return Ratios(self.num[rows], self.den[rows])


def exact_levels(pieces: Pieces, have: Integers, *, below: bool = False) -> Ratios:
    """Return the exact level of recipients that have `have` (units times scale), one per recipient.

    Parameters
    ----------
    below
        At a jump (an empty tier), take the level just below instead of the level at.
    """
    if len(pieces.base) == 1:
        start, span = pieces.start[0], pieces.span[0]
        return Ratios((have - start) * pieces.gain[0], span)
    num = np.zeros_like(have)
    den = np.ones_like(have)
    for base, gain, start, span in zip(pieces.base, pieces.gain, pieces.start, pieces.span, strict=True):
        usable = (have > start) if below else (have >= start)
        usable = usable & (span > 0)
        top, bottom = base.numerator, base.denominator
        num = np.where(usable, top * span + bottom * gain * (have - start), num)
        den = np.where(usable, bottom * span, den)
    return Ratios(num, den)


def rank(ratios: Ratios) -> npt.NDArray[np.int64]:
    """Return dense ranks: equal numbers share one, exactly.

    Fractions in lowest terms are equal only if they are the same; unequal ones whose floats are too near to tell apart are
    compared with Python's integers.

    Examples
    --------
    >>> rank(Ratios(np.array([2, 1, 3]), np.array([4, 3, 6]))).tolist()
    [1, 0, 1]
    """
    if not len(ratios.num):
        return np.zeros(0, np.int64)
    common = np.gcd(ratios.num, ratios.den)
    num, den = ratios.num // common, ratios.den // common
    value = Ratios(num, den).floats()
    if num.dtype == np.object_:
        pairs = sorted(set(zip(num.tolist(), den.tolist(), strict=True)), key=lambda pair: Fraction(*pair))
        place = {pair: k for k, pair in enumerate(pairs)}
        return np.array([place[pair] for pair in zip(num.tolist(), den.tolist(), strict=True)], np.int64)
    order = np.lexsort((den, num, value))
    value, num, den = value[order], num[order], den[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (num[1:] != num[:-1]) | (den[1:] != den[:-1])
    close = np.zeros(len(order), np.bool_)
    close[1:] = new[1:] & (value[1:] - value[:-1] <= np.abs(value[1:]) * _ULPS)
    ranks = np.cumsum(new) - 1
    if close.any():
        ranks = _settle(ranks, num, den, close, new)
    out = np.empty(len(order), np.int64)
    out[order] = ranks
    return out


def _settle(
    ranks: npt.NDArray[np.int64], num: Integers, den: Integers, close: npt.NDArray[np.bool_], new: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Order again, exactly, each run of distinct numbers whose floats are too near to trust."""
    heads = np.flatnonzero(new)
    near = close[heads]
    place = np.arange(len(heads))
    k = 0
    while k < len(heads):
        stop = k + 1
        while stop < len(heads) and near[stop]:
            stop += 1
        if stop - k > 1:
            run = sorted(range(k, stop), key=lambda j: Fraction(int(num[heads[j]]), int(den[heads[j]])))
            for position, j in enumerate(run):
                place[j] = k + position
        k = stop if stop > k + 1 else _next_near(near, k + 1)
    return place[ranks]


def _next_near(near: npt.NDArray[np.bool_], start: int) -> int:
    later = np.flatnonzero(near[start:])
    return start + int(later[0]) - 1 if len(later) else len(near)


def highest(ratios: Ratios) -> list[int]:
    """Return the rows that hold the highest number, exactly; all of them where several are equal."""
    value = ratios.floats()
    top = value.max()
    rows = np.flatnonzero(value >= top - abs(top) * _ULPS)
    num, den = ratios.num[rows], ratios.den[rows]
    if len(rows) == 1 or bool(((num == num[0]) & (den == den[0])).all()):
        return [int(row) for row in rows]
    found: list[int] = []
    above, below = 0, 0  # the best so far, as above / below
    for row, one, other in zip(rows.tolist(), num.tolist(), den.tolist(), strict=True):
        ahead = one * below - above * other if found else 1
        if ahead > 0:
            above, below, found = one, other, [row]
        elif ahead == 0:
            found.append(row)
    return found


def lowest(ratios: Ratios) -> list[int]:
    """Return the rows that hold the lowest number, exactly."""
    return highest(Ratios(-ratios.num, ratios.den))


def compare_keys(left: tuple[Fraction, Fraction], right: tuple[Fraction, Fraction]) -> int:
    """Compare two keys (level before, level after): the lower level before first, then the higher level after (§4.2)."""
    if left[0] != right[0]:
        return -1 if left[0] < right[0] else 1
    if left[1] != right[1]:
        return -1 if left[1] > right[1] else 1
    return 0


key_order = cmp_to_key(compare_keys)
