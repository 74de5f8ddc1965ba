"""A whole-pack plan while it is being made: packs per recipient and lot, and what may still be given.

Used by `rounding`, `moves` and `closing`, for packs of different worth, minimum shipments and lot limits. Floats order,
exact integers decide.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import NO_CAP
from evenhand.allocation.levels import exact_levels
from evenhand.allocation.lines import Lines, sort_lines
from evenhand.allocation.problem import Problem
from evenhand.errors import OptionRefused

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Exact = tuple[int, int]
"""A fraction that is not reduced: numerator, denominator > 0."""
Key = tuple[Exact, Exact]
"""Level before a pack and after it."""
_MOST_PAIRS = 10_000_000


def deserves_before(left: Key, right: Key) -> bool:
    """Say whether a key comes strictly before another: a lower level before, then a higher level after (§4.2)."""
    one, other = left[0][0] * right[0][1], right[0][0] * left[0][1]
    if one != other:
        return one < other
    return left[1][0] * right[1][1] > right[1][0] * left[1][1]


class Holdings:
    """Hold packs per recipient and lot, with what is left of each lot and of each recipient's room.

    Attributes
    ----------
    packs
        recipients × lots.
    left
        Packs left per lot.
    have
        Per recipient, units times scale: held and received.
    top
        The most a recipient may have: held plus capacity.
    most
        recipients × lots: the pair's own cap, 0 where the lot is closed.
    """

    def __init__(self, problem: Problem) -> None:
        n, m = len(problem.target), len(problem.worth)
        if n * m > _MOST_PAIRS:
            raise OptionRefused(
                f"packs of different worth, minimum shipments and lot limits are worked out pair by pair, and {n:,} recipients "
                f"times {m:,} lots are more than {_MOST_PAIRS:,} pairs: use one pack worth, or split the round"
            )
        eligibility = problem.eligibility
        caps = np.where(eligibility.open, NO_CAP if eligibility.caps is None else eligibility.caps, 0)
        caps = np.minimum(caps, problem.packs)
        self.problem = problem
        self.most: Whole = caps[eligibility.class_of]
        self.packs: Whole = np.zeros((n, m), np.int64)
        self.left: Whole = problem.packs.copy()
        self.have = problem.held.copy()
        self.top = problem.held + problem.capacity
        self.worth = np.array(problem.worth, problem.target.dtype)
        self.least = problem.least
        self.max_lots = m if problem.terms.max_lots is None else problem.terms.max_lots
        self.lots_used: Whole = np.zeros(n, np.int64)
        pieces = problem.pieces
        self._pieces = [
            (base.numerator, base.denominator, gain, start.tolist(), span.tolist())
            for base, gain, start, span in zip(pieces.base, pieces.gain, pieces.start, pieces.span, strict=True)
        ]

    def give(self, who: int, lot: int, packs: int) -> None:
        """Give packs of a lot to a recipient; take them back where `packs` is negative."""
        before = self.packs[who, lot]
        self.packs[who, lot] += packs
        self.left[lot] -= packs
        self.have[who] += packs * self.problem.worth[lot]
        self.lots_used[who] += int(before + packs > 0) - int(before > 0)

    def may_take_one(self, lot: int) -> Bools:
        """Say who could take one more pack of a lot, were there one."""
        held = self.packs[:, lot]
        newcomer = (self.least[lot] <= 1) & (self.lots_used < self.max_lots)
        out: Bools = (held < self.most[:, lot]) & (self.have + self.worth[lot] <= self.top) & ((held > 0) | newcomer)
        return out

    def can_take_one(self, who: int, lot: int) -> bool:
        """Say whether one recipient could take one more pack of a lot, were there one."""
        held = self.packs[who, lot]
        if held == 0 and (self.least[lot] > 1 or self.lots_used[who] >= self.max_lots):
            return False
        return bool(held < self.most[who, lot] and self.have[who] + self.problem.worth[lot] <= self.top[who])

    def can_give_one(self, who: int, lot: int) -> bool:
        """Say whether one recipient could give one pack of a lot away."""
        held = self.packs[who, lot]
        return bool(held == 1 or held > self.least[lot])

    def may_give_one(self, lot: int) -> Bools:
        """Say who could give one pack of a lot away."""
        held = self.packs[:, lot]
        out: Bools = (held > 0) & ((held == 1) | (held > self.least[lot]))
        return out

    def smallest_step(self, who: int, lot: int) -> int:
        """Return the fewest packs of a lot that a recipient could take now from what is left; 0 if none."""
        if self.packs[who, lot]:
            step = 1
        elif self.lots_used[who] < self.max_lots:
            step = int(self.least[lot])
        else:
            return 0
        fits = (
            self.packs[who, lot] + step <= self.most[who, lot]
            and self.have[who] + step * self.problem.worth[lot] <= self.top[who]
        )
        return step if fits and step <= self.left[lot] else 0

    def levels(self, extra: int = 0) -> Floats:
        """Return the levels, as floats, that recipients would have with `extra` units times scale more."""
        return exact_levels(self.problem.pieces, self.have + extra).floats()

    def level(self, who: int, extra: int = 0) -> Exact:
        """Return one recipient's exact level, as (numerator, denominator), with `extra` units times scale more."""
        have = int(self.have[who]) + extra
        found = (0, 1)
        for top, bottom, gain, start, span in self._pieces:
            if have >= start[who] and span[who] > 0:
                found = (top * span[who] + bottom * gain * (have - start[who]), bottom * span[who])
        return found

    def step_key(self, who: int, lot: int, step: int) -> Key:
        """Return the key of the pack of a lot that lifts a recipient from `step` to `step + 1` packs more than it has."""
        worth = self.problem.worth[lot]
        return self.level(who, step * worth), self.level(who, (step + 1) * worth)

    def share(self, who: int, extra: int = 0) -> float:
        """Return one recipient's level as a float, with `extra` units times scale more."""
        top, bottom = self.level(who, extra)
        return top / bottom

    def packs_until(self, who: int, lot: int, aim: float) -> int:
        """Return how many more packs of a lot lift a recipient to a level, as far as it may have them; at least 1."""
        worth = self.problem.worth[lot]
        room = int(self.top[who] - self.have[who]) // worth
        low, high = 1, max(1, min(int(self.left[lot]), int(self.most[who, lot] - self.packs[who, lot]), room))
        while low < high:
            middle = (low + high) // 2
            top, bottom = self.level(who, middle * worth)
            low, high = (low, middle) if top >= aim * bottom else (middle + 1, high)
        return low

    def lines(self) -> Lines:
        """Return the plan as lines."""
        who, lot = np.nonzero(self.packs)
        return sort_lines(lot, who, self.packs[who, lot], (1,) * len(self.problem.worth))
