"""Who ends level with a recipient, and who stands lower and why its packs could not have gone there.

Called by `explain` and its sentences; computes, says nothing. Whole columns at once: a round may have a million recipients.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import CAPABILITY, EARMARK, OPEN
from evenhand.allocation.levels import Ratios
from evenhand.allocation.outcome import Outcome
from evenhand.allocation.waterlines import levels_around, pairs_at_cap
from evenhand.reasons.standing import Standing

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

WHY_NOT = ("nothing", "earmark", "handles", "shelf life", "full", "shipment", "several")
"""Why packs could not have gone to a recipient that stands lower; "several" where lots differ; the first never occurs."""
_NOTHING, _EARMARK, _HANDLES, _SHELF, _FULL, _SHIPMENT, _SEVERAL = range(len(WHY_NOT))
_NEAR = 1e-12


@dataclass(frozen=True, slots=True)
class Lower:
    """Hold the recipients that stand lower than one recipient would with its last pack taken away.

    Attributes
    ----------
    rows
        Their numbers, the lowest first.
    lowest
        The level of the lowest; None where nobody stands lower.
    why
        How many could not have used its packs, by reason (`WHY_NOT`); empty where it received none.
    """

    rows: Rows
    lowest: Fraction | None
    why: dict[str, int]


def find_level_with(standing: Standing) -> Rows:
    """Find the other recipients that received something, could take more, and are held to the same waterline."""
    outcome, problem = standing.outcome, standing.problem
    if standing.place < 0 or standing.unlimited or standing.by_its_own:
        return np.zeros(0, np.int64)
    per = outcome.lines.per
    step = per if problem.terms.divisible else smallest_pack(outcome)
    room = (
        problem.capacity * per - outcome.received
        if per == 1
        else problem.capacity.astype(object) * per - outcome.received
    )
    held_to = (outcome.water.of_recipient == standing.place) & (outcome.received > 0)
    held_to &= (room > 0) if problem.terms.divisible else (room >= step)
    if outcome.bound is None:
        line = float(standing.waterline or 0)
        have = outcome.have()
        if problem.terms.divisible:
            low, high = (r.floats() for r in levels_around(problem, have, per))
        else:
            low, high = (
                outcome.levels(have - np.where(outcome.received > 0, step, 0)).floats(),
                outcome.levels(have).floats(),
            )
        held_to &= (low <= line * (1 + _NEAR)) & (high >= line * (1 - _NEAR))
    held_to[[standing.row, *outcome.water.own]] = False
    return np.flatnonzero(held_to)


def smallest_pack(outcome: Outcome) -> int:
    """Return the units of the smallest pack there is."""
    problem = outcome.problem
    return min((w for w, q in zip(problem.worth, problem.packs.tolist(), strict=True) if q), default=1)


def find_lower(standing: Standing) -> Lower:
    """Find who stands lower, and why none of it could have used this recipient's packs."""
    outcome, problem = standing.outcome, standing.problem
    have = outcome.have()
    levels = outcome.levels(have)
    if not standing.given_lots:
        limit = standing.level
    elif problem.terms.divisible:
        limit = levels_around(problem, have, outcome.lines.per)[0].at(standing.row)
    else:
        least = max(problem.worth[s] for s in standing.given_lots)
        less = have.copy()
        less[standing.row] -= least
        limit = outcome.levels(less).at(standing.row)
    rows = rows_below(levels, limit)
    if not len(rows):
        return Lower(rows, None, {})
    rows = rows[np.argsort(levels.take(rows).floats(), kind="stable")]
    why: dict[str, int] = {}
    if standing.given_lots:
        codes, counts = np.unique(_why_not(standing, rows), return_counts=True)
        why = {WHY_NOT[c]: n for c, n in zip(codes.tolist(), counts.tolist(), strict=True)}
    return Lower(rows, levels.at(int(rows[0])), why)


def rows_below(levels: Ratios, limit: Fraction) -> Rows:
    """Return the rows whose number is below `limit`, exactly.

    Examples
    --------
    >>> rows_below(Ratios(np.array([1, 2, 3]), np.array([3, 6, 9])), Fraction(1, 3)).tolist()
    []
    """
    value, line = levels.floats(), float(limit)
    below = value < line
    near = np.flatnonzero(np.abs(value - line) <= abs(line) * _NEAR)
    if len(near):
        num, den = levels.num[near].astype(object), levels.den[near].astype(object)
        below[near] = (num * limit.denominator < den * limit.numerator).astype(np.bool_)
    return np.flatnonzero(below)


def _why_not(standing: Standing, rows: Rows) -> npt.NDArray[np.uint8]:
    """Return, for each of some recipients, why none of the lots that `standing` got could have gone there (`WHY_NOT`)."""
    outcome, problem = standing.outcome, standing.problem
    per, divisible = outcome.lines.per, problem.terms.divisible
    class_of = problem.eligibility.class_of[rows]
    at_cap = pairs_at_cap(problem, outcome.lines)
    room: Any = (
        (problem.capacity[rows].astype(object) * per - outcome.received[rows])
        if per != 1
        else (problem.capacity[rows] - outcome.received[rows])
    )
    combined = np.zeros(0, np.uint8)
    for lot in standing.given_lots:
        reasons = problem.eligibility.reasons[class_of, lot]
        code = np.full(len(rows), _NOTHING, np.uint8)
        if not divisible:
            code[_shipment_bars(standing, rows, lot)] = _SHIPMENT
        code[np.asarray(room < (1 if divisible else problem.worth[lot] * per), np.bool_)] = _FULL
        if at_cap is not None:
            code[at_cap[class_of, lot]] = _SHELF
        code[reasons != OPEN] = _SHELF
        code[reasons == CAPABILITY] = _HANDLES
        code[reasons == EARMARK] = _EARMARK
        if not len(combined):
            combined = code
            continue
        some = (combined == _NOTHING) | (code == _NOTHING)
        combined = np.where(some, _NOTHING, np.where(combined == code, code, _SEVERAL)).astype(np.uint8)
    return combined


def _shipment_bars(standing: Standing, rows: Rows, lot: int) -> Bools:
    """Say for whom a smallest shipment or the limit on lots stands against moving one pack of a lot."""
    outcome, problem = standing.outcome, standing.problem
    lines = outcome.lines
    least, most = int(problem.least[lot]), problem.terms.max_lots
    mine = lines.amount[(lines.lot == lot) & (lines.recipient == standing.row)]
    if 0 < int(mine[0]) - 1 < least:
        return np.ones(len(rows), np.bool_)
    new = ~np.isin(rows, lines.recipient[lines.lot == lot])
    barred = new & (least > 1)
    if most is not None:
        barred |= new & (np.bincount(lines.recipient, minlength=len(problem.target))[rows] >= most)
    return np.asarray(barred, np.bool_)
