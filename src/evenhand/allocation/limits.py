"""Name what keeps each recipient from getting more (`limited_by`), class by class.

Called by `outcome`. The words are data for people; docs/reference/plan-folder.md lists them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.eligibility import CAPABILITY, EARMARK, EXPIRED, OPEN, TOO_SLOW, split_names
from evenhand.allocation.levels import exact_levels
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem
from evenhand.allocation.waterlines import Waterlines, stretch

Bools = npt.NDArray[np.bool_]
_NEAR = 0.02
"""Who comes nearer to its level in the divisible optimum than this share was not held back."""

LIMITS = {
    "waterline": "it stands at the waterline; one more pack would have to come from a recipient that stands no higher",
    "above the waterline": "it already stands above the waterline of every lot open to it",
    "target met": "it has all it needs",
    "capacity": "it can take no more now: its stated capacity is used up",
    "less than a pack": "what it can still take is less than one pack",
    "earmark": "lots that were shared out at a higher level are earmarked for others",
    "handles": "lots that were shared out at a higher level require something it cannot handle",
    "shelf life": "it could not use more of a lot before the lot expires",
    "no lot": "no lot is open to it, because of the reason named",
    "minimum shipment": "what is left for it is smaller than the smallest shipment",
    "lot limit": "it has the largest number of lots allowed",
}
"""Every value of limited_by with its meaning; 'handles' and 'no lot' are followed by ': ' and a name."""


def name_limits(
    problem: Problem,
    water: Waterlines,
    lines: Lines,
    received: npt.NDArray[Any],
    at_cap: Bools | None,
    ceiling: npt.NDArray[np.float64] | None = None,
) -> pl.Series:
    """Return `limited_by` for every recipient.

    Parameters
    ----------
    received
        Units times scale times `lines.per`.
    at_cap
        classes × lots: pairs at a cap of their own; None where there are none.
    ceiling
        For a bounded plan, everybody's level in the divisible optimum: who comes near it was not held back by shipments.
    """
    words: list[str] = ["waterline", "above the waterline", "target met", "capacity", "less than a pack"]
    per = lines.per
    main = _main_line(water, received)
    by_class = [_class_limit(problem, water, k, at_cap, main) for k in range(problem.eligibility.count)]
    place = {word: k for k, word in enumerate(dict.fromkeys([*words, *by_class]))}
    code = np.array([place[word] for word in by_class], np.int8 if len(place) < 128 else np.int32)[
        problem.eligibility.class_of
    ]

    have = stretch(problem.held, per) + received
    smallest = min((w for w, q in zip(problem.worth, problem.packs.tolist(), strict=True) if q), default=1)
    room = stretch(problem.capacity, per) - received
    full = room < (1 if problem.terms.divisible else smallest * per)
    stands = np.isin(code, [place["waterline"]])
    code[stands & (received == 0)] = place["above the waterline"]
    if "capacity" in problem.tables.needs.columns:
        code[full & (room == 0)] = place["capacity"]
        code[full & (room > 0)] = place["less than a pack"]
        short = problem.target - problem.held
        stated = problem.tables.needs["capacity"].is_not_null().to_numpy() & (problem.capacity < short)
        code[full & stated] = place["capacity"]
    else:
        code[full] = place["less than a pack"]
    code[full & (have >= stretch(problem.target, per))] = place["target met"]
    limits = pl.Series("limited_by", list(place), dtype=pl.String).gather(code)
    if ceiling is None:
        return limits
    return _with_shipments(problem, water, lines, limits, have, ~full, ceiling)


def _with_shipments(
    problem: Problem,
    water: Waterlines,
    lines: Lines,
    limits: pl.Series,
    have: npt.NDArray[Any],
    short: Bools,
    ceiling: npt.NDArray[np.float64],
) -> pl.Series:
    """Name those that stand below the waterline of a lot that they could not start: smallest shipment, or lot limit."""
    level = exact_levels(problem.pieces, have).floats()
    short = short & (level < ceiling * (1 - _NEAR))
    used = np.bincount(lines.recipient, minlength=len(have))
    most = len(problem.worth) if problem.terms.max_lots is None else problem.terms.max_lots
    too_small, too_many = np.zeros(len(have), np.bool_), np.zeros(len(have), np.bool_)
    for lot, place in enumerate(water.of_lot.tolist()):
        if place < 0:
            continue
        key = water.keys[place]
        wants = problem.eligibility.open[problem.eligibility.class_of, lot] & short
        wants &= problem.held + problem.capacity - have >= problem.worth[lot]
        wants &= level < (np.inf if key is None else float(key[0]) * (1 - 1e-12))
        wants[lines.recipient[lines.lot == lot]] = False
        too_many |= wants & (used >= most)
        too_small |= wants & (used < most) & bool(problem.least[lot] > 1)
    named = pl.Series(np.where(too_small, 2, np.where(too_many, 1, 0)))
    words = pl.Series(["", "lot limit", "minimum shipment"]).gather(named)
    return limits.zip_with(named == 0, words)


def _main_line(water: Waterlines, received: npt.NDArray[Any]) -> int:
    """Return the place of the waterline that most receivers are held to: who is held to it needs no further reason."""
    places = water.of_recipient[(received > 0) & (water.of_recipient >= 0)]
    return int(np.bincount(places).argmax()) if len(places) else -1


def _class_limit(problem: Problem, water: Waterlines, k: int, at_cap: Bools | None, main: int) -> str:
    """Name what holds a class back, were its recipients not full."""
    reasons = problem.eligibility.reasons[k]
    usable = (reasons == OPEN) & (water.of_lot >= 0)
    capped = np.zeros(len(reasons), np.bool_) if at_cap is None else at_cap[k] & usable
    if not usable.any():
        return _nothing_open(problem, reasons, water)
    held_to = int(np.where(usable & ~capped, water.of_lot, -1).max())
    if held_to >= main >= 0 and not capped.any():
        return "waterline"
    higher = water.of_lot > held_to
    if (higher & (capped | (reasons == TOO_SLOW))).any():
        return "shelf life"
    missing = np.flatnonzero(higher & (reasons == CAPABILITY))
    if len(missing):
        return f"handles: {_capability(problem, missing)}"
    if (higher & (reasons == EARMARK)).any():
        return "earmark"
    return "waterline"


def _nothing_open(problem: Problem, reasons: npt.NDArray[np.uint8], water: Waterlines) -> str:
    stocked = water.of_lot >= 0
    missing = np.flatnonzero(stocked & (reasons == CAPABILITY))
    if len(missing):
        return f"no lot: handles: {_capability(problem, missing)}"
    for reason, word in ((TOO_SLOW, "shelf life"), (EXPIRED, "expired"), (EARMARK, "earmark")):
        if (stocked & (reasons == reason)).any():
            return f"no lot: {word}"
    return "no lot: none has packs"


def _capability(problem: Problem, lots: npt.NDArray[np.int64]) -> str:
    """Return the capabilities that the lots require, in words."""
    cells = problem.tables.lots["requires"].gather(lots).to_list()
    return ", ".join(sorted({name for cell in cells for name in split_names(cell)}))
