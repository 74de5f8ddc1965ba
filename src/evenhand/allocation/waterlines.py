"""The waterlines of a solved round: one key per lot, and what follows for every recipient (§4.2).

Called by `solve`, `proof` and `outcome`. A waterline is a key (level before, level after); None stands for infinity (packs
left over). For divisible goods a pack shrinks to nothing and both halves are the level itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import NO_CAP
from evenhand.allocation.levels import Ratios, exact_levels, highest, key_order, lowest
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem
from evenhand.allocation.split import Block
from evenhand.fairness.rules import Pieces

Integers = npt.NDArray[Any]
Key = tuple[Fraction, Fraction]
Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Waterlines:
    """Hold waterlines in ascending order, and which one each lot and recipient is held to.

    Attributes
    ----------
    keys
        Distinct and ascending; the last is always None, infinity.
    of_lot
        Place in `keys` per lot; -1 for a lot with no packs.
    of_recipient
        Place in `keys` per recipient; -1 where no lot is open to it.
    own
        Recipients that stand above the waterline of all lots still open to them, because the others are at their pair
        caps: held to the key of their own last pack.
    """

    keys: tuple[Key | None, ...]
    of_lot: Ranks
    of_recipient: Ranks
    own: dict[int, Key] = field(default_factory=dict)

    def key_of(self, recipient: int) -> Key | None | str:
        """Return a recipient's waterline: a key, None for infinity, "none" where no lot is open to it."""
        if recipient in self.own:
            return self.own[recipient]
        place = int(self.of_recipient[recipient])
        return self.keys[place] if place >= 0 else "none"


def highest_last_key(problem: Problem, rows: npt.NDArray[np.int64], have: Integers, unit: int) -> Key:
    """Return the highest key among the last packs of some recipients that have `have` in all, each pack worth `unit`."""
    pieces = problem.pieces.take(rows)
    before = exact_levels(pieces, have - unit)
    top = np.array(highest(before))
    after = exact_levels(pieces.take(top), have[top])
    return before.at(int(top[0])), after.at(lowest(after)[0])


def block_waterlines(
    problem: Problem, blocks: list[Block], left: list[int], *, divisible: bool
) -> list[Key | None | str]:
    """Return the waterline of each lot: "none" without packs, None (infinity) with packs left over."""
    found: list[Key | None | str] = ["none" if not q else None for q in problem.packs.tolist()]
    touched = [False] * len(found)
    for block in blocks:
        key = None if block.full or not len(block.lots) else _block_key(problem, block, divisible)
        for lot in block.lots.tolist():
            old = found[lot]
            higher = touched[lot] and isinstance(old, tuple) and key is not None and key_order(old) > key_order(key)
            if not higher and not (touched[lot] and old is None):
                found[lot] = key
            touched[lot] = True
    return [None if rest > 0 else key for key, rest in zip(found, left, strict=True)]


def _block_key(problem: Problem, block: Block, divisible: bool) -> Key:
    if divisible and block.level is not None:
        return block.level, block.level
    got = np.flatnonzero(block.amounts > 0)
    rows = block.rows[got]
    if not divisible:
        return highest_last_key(problem, rows, problem.held[rows] + block.amounts[got] * problem.unit, problem.unit)
    have = problem.held[rows] + problem.capacity[rows]
    levels = exact_levels(problem.pieces.take(rows), have, below=True)
    level = levels.at(highest(levels)[0])
    return level, level


def order_waterlines(
    problem: Problem,
    keys: list[Key | None | str],
    at_cap: npt.NDArray[np.bool_] | None,
    used: npt.NDArray[np.bool_] | None = None,
) -> Waterlines:
    """Put waterlines in order and find each recipient's: the highest among the lots open to it.

    Parameters
    ----------
    at_cap
        classes × lots: pairs that stand at their own cap, and are therefore not open any more; None where there are none.
    used
        classes × lots: what the lots are given to. Two blocks may tie in level and differ only in the second half of the
        key; a lot is then raised to the waterline of those who receive it, so that condition 2 holds. None to take the
        keys as they are.
    """
    # Told apart by their integers: the hash of a fraction of large integers costs more than all the rest.
    parts = {_integers(key): key for key in keys if isinstance(key, tuple)}
    finite = sorted(parts.values(), key=key_order)
    place = {_integers(key): k for k, key in enumerate(finite)}
    infinite = len(finite)
    of_lot = np.array(
        [infinite if k is None else -1 if isinstance(k, str) else place[_integers(k)] for k in keys], np.int64
    )
    usable = problem.eligibility.open & (of_lot >= 0)
    if at_cap is not None:
        usable &= ~at_cap
    while True:
        of_class = np.where(usable, of_lot, -1).max(axis=1, initial=-1)
        if used is None:
            break
        raised = np.maximum(of_lot, np.where(used, of_class[:, None], -1).max(axis=0, initial=-1))
        if (raised == of_lot).all():
            break
        of_lot = raised
    return Waterlines((*finite, None), of_lot, of_class[problem.eligibility.class_of])


def _integers(key: Key) -> tuple[int, int, int, int]:
    return key[0].numerator, key[0].denominator, key[1].numerator, key[1].denominator


def pairs_used(problem: Problem, lines: Lines) -> npt.NDArray[np.bool_]:
    """Return classes × lots: which class gets something of which lot."""
    used = np.zeros(problem.eligibility.open.shape, np.bool_)
    used[problem.eligibility.class_of[lines.recipient], lines.lot] = True
    return used


def hold_capped(problem: Problem, water: Waterlines, received: Integers, per: int, unit: int) -> Waterlines:
    """Hold recipients with pair caps of their own to the key of their last pack, where that is higher.

    Parameters
    ----------
    received
        Units times scale times `per`.
    unit
        A pack's worth; 0 for divisible goods.
    """
    caps = problem.eligibility.caps
    if caps is None:
        return water
    capped = np.atleast_1d((caps < NO_CAP).any(axis=1))[problem.eligibility.class_of]
    rows = np.flatnonzero(capped & (received > 0))
    if not len(rows):
        return water
    have = (stretch(problem.held, per) + received)[rows]
    part = _stretched(problem.pieces.take(rows), per)
    before = exact_levels(part, have - unit, below=unit == 0)
    after = before if unit == 0 else exact_levels(part, have)
    own: dict[int, Key] = {}
    for k, row in enumerate(rows.tolist()):
        last = (before.at(k), after.at(k))
        held_to = water.key_of(row)
        if held_to == "none" or (isinstance(held_to, tuple) and key_order(last) > key_order(held_to)):
            own[row] = last
    return replace(water, own=own)


def hold_movable(problem: Problem, water: Waterlines, lines: Lines, received: Integers) -> Waterlines:
    """Hold receivers of whole packs of different worth to the highest key of a pack they could give up, where that is higher."""
    movable = np.flatnonzero((lines.amount == 1) | (lines.amount > problem.least[lines.lot]))
    rows = lines.recipient[movable]
    worth = np.array(problem.worth, problem.target.dtype)[lines.lot[movable]]
    have = (problem.held + received)[rows]
    pieces = problem.pieces.take(rows)
    before, after = exact_levels(pieces, have - worth), exact_levels(pieces, have)
    own: dict[int, Key] = {}
    for k, row in enumerate(rows.tolist()):
        last = (before.at(k), after.at(k))
        held_to = own.get(row, water.key_of(row))
        if held_to == "none" or (isinstance(held_to, tuple) and key_order(last) > key_order(held_to)):
            own[row] = last
    return replace(water, own=own)


def _stretched(pieces: Pieces, per: int) -> Pieces:
    starts, spans = (tuple(stretch(s, per) for s in part) for part in (pieces.start, pieces.span))
    return Pieces(pieces.base, pieces.gain, starts, spans)


def stretch(amounts: Integers, per: int) -> Integers:
    """Return amounts times `per`, in Python integers where `per` is more than 1."""
    return amounts if per == 1 else amounts.astype(object) * per


def levels_around(problem: Problem, have: Integers, per: int) -> tuple[Ratios, Ratios]:
    """Return the level just below and the level at what everybody has, `have` in units times scale times `per`."""
    fine = _stretched(problem.pieces, per)
    return exact_levels(fine, have, below=True), exact_levels(fine, have)


def pairs_at_cap(problem: Problem, lines: Lines) -> npt.NDArray[np.bool_] | None:
    """Return classes × lots: pairs that stand at a cap of their own; None where no pair has one."""
    caps = problem.eligibility.caps
    if caps is None:
        return None
    rows = problem.eligibility.class_of[lines.recipient]
    limits = caps[rows, lines.lot]
    at_cap = np.zeros(caps.shape, np.bool_)
    for k in np.flatnonzero(limits < NO_CAP).tolist():
        lot = int(lines.lot[k])
        at_cap[rows[k], lot] = int(lines.amount[k]) >= int(limits[k]) * lines.pack[lot]
    return at_cap
