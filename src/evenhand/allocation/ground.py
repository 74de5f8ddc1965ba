"""The recipients of a problem in class order: what stands under every search for a level.

Called by `whole` and `divisible`. Rows are recipients sorted by class, then by key; a block of classes is a run of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.problem import Problem
from evenhand.fairness.rules import Pieces

Integers = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """Hold recipients in class order.

    Attributes
    ----------
    rows
        Recipient number of each row.
    first
        First row of each class, and one past the last.
    unit
        What is given out in one step, in units times scale: a pack's worth, or 1 for divisible goods.
    held, room
        Per row: held; and how many whole steps it can still take.
    base, start, span, offset
        Floats in steps, to search with: level L of piece k is reached at ``start[k] + (L - base[k]) * span[k]`` steps;
        `offset` is what is held.
    """

    rows: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    unit: int
    pieces: Pieces
    held: Integers
    room: Integers
    base: tuple[float, ...]
    start: tuple[Floats, ...]
    span: tuple[Floats, ...]
    offset: Floats

    def block(self, classes: npt.NDArray[np.int64]) -> Ground:
        """Return the ground of some classes (ascending)."""
        if len(classes) == len(self.first) - 1:
            return self
        sizes = self.first[classes + 1] - self.first[classes]
        first = np.concatenate([[0], np.cumsum(sizes)])
        rows = (
            np.concatenate([np.arange(self.first[c], self.first[c + 1]) for c in classes])
            if len(classes)
            else first[:0]
        )
        return Ground(
            self.rows[rows],
            first,
            self.unit,
            self.pieces.take(rows),
            self.held[rows],
            self.room[rows],
            self.base,
            tuple(s[rows] for s in self.start),
            tuple(s[rows] for s in self.span),
            self.offset[rows],
        )

    def piece(self, level: float) -> int:
        """Return the piece that ends at or above a level and begins below it."""
        return max(0, sum(base < level for base in self.base) - 1)

    def steps(self, level: float) -> Floats:
        """Return how many steps lift each row to the level; may be negative or beyond its room."""
        k = self.piece(level)
        return self.start[k] + (level - self.base[k]) * self.span[k] - self.offset

    def by_class(self, amounts: Integers) -> list[int]:
        """Return the sums of an array over each class, exactly."""
        if not len(amounts):
            return [0] * (len(self.first) - 1)
        if amounts.dtype != np.object_ and float(np.abs(amounts).max()) * len(amounts) >= 2.0**62:
            amounts = amounts.astype(object)
        sizes = np.diff(self.first)
        out = np.zeros(len(sizes), amounts.dtype)
        filled = sizes > 0
        out[filled] = np.add.reduceat(amounts, self.first[:-1][filled])
        return [int(v) for v in out]


def build_ground(problem: Problem, unit: int) -> Ground:
    """Put the recipients of a problem in class order; `unit` is the size of one step."""
    class_of = problem.eligibility.class_of
    count = problem.eligibility.count
    narrow = class_of.astype(np.int16) if count < 2**15 else class_of
    rows = np.argsort(narrow, kind="stable")
    first = np.searchsorted(class_of[rows], np.arange(count + 1))
    pieces = problem.pieces.take(rows)
    held = problem.held[rows]
    room = problem.capacity[rows] // unit
    if room.dtype == np.object_ and all(int(r) < 2**62 for r in room):
        room = room.astype(np.int64)
    step = float(unit)
    return Ground(
        rows,
        first,
        unit,
        pieces,
        held,
        room,
        tuple(float(b) for b in pieces.base),
        tuple(np.asarray(s, np.float64) / step for s in pieces.start),
        tuple(np.asarray(s, np.float64) / (step * g) for s, g in zip(pieces.span, pieces.gain, strict=True)),
        np.asarray(held, np.float64) / step,
    )


def find_bracket(
    total: Callable[[float], float], wanted: float, enough: float, low: float = 0.0, high: float = 1.0
) -> tuple[float, float]:
    """Find two levels between which a growing total passes `wanted`.

    Returns low < high with total(low) <= wanted <= total(high); stops when the totals are at most `enough` apart or the
    floats are next to one another. `low` and `high` are a first guess; total(0) must be at most `wanted`.
    """
    below = total(low) if low > 0 else 0.0
    above = total(high)
    while below > wanted:
        high, above = low, below
        low = low * 0.9 if low > 1e-9 else 0.0
        below = total(low) if low > 0 else 0.0
    while above < wanted:
        low, below = high, above
        high *= 2 if low == 0 or high > 2 * low else 1.1
        above = total(high)
    turn = 0
    while above - below > enough and high - low > 2.0**-50 * high:
        # Regula falsi in turns with halving: steps and jumps make the pure forms of either slow. A guess goes a little to
        # the far side of the answer, so that the bracket narrows from both ends.
        guess = low + (high - low) * (wanted - below) / (above - below) if turn % 3 < 2 else (low + high) / 2
        guess += (high - low) * (0.003 if guess - low < high - guess else -0.003)
        guess = min(max(guess, low + (high - low) * 2.0**-20), high - (high - low) * 2.0**-20)
        here = total(guess)
        if here <= wanted:
            low, below = guess, here
        else:
            high, above = guess, here
        turn += 1
    return low, high
