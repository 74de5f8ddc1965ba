"""Check a solved round before anybody sees it: feasibility and the four conditions of §4.2, exactly, whole arrays at once.

Called by `solve`, for every plan. It is the maker's own conscience, not the proof: that is `evenhand.certificates`, which
shares no code with this and reads only the written files. A plan that fails here raises, whatever the reason.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.eligibility import NO_CAP
from evenhand.allocation.levels import Ratios, exact_levels, highest, key_order, lowest
from evenhand.allocation.lines import Lines
from evenhand.allocation.problem import Problem
from evenhand.allocation.waterlines import Key, Waterlines, levels_around, stretch
from evenhand.errors import PlanNotProved

Integers = npt.NDArray[Any]


def confirm_feasible(problem: Problem, lines: Lines, received: Integers, per: int, *, divisible: bool) -> None:
    """Confirm that a plan uses no more than there is, gives nobody more than it can take, and respects every earmark.

    Raises
    ------
    PlanNotProved
        It does not.
    """
    given = lines.given()
    _demand((lines.amount > 0).all(), "a line gives nothing")
    _demand(
        all(g <= int(q) * p for g, q, p in zip(given, problem.packs, lines.pack, strict=True)), "a lot is overdrawn"
    )
    _demand((received <= stretch(problem.capacity, per)).all(), "a recipient gets more than it can take")
    class_of = problem.eligibility.class_of[lines.recipient]
    _demand(problem.eligibility.open[class_of, lines.lot].all(), "a lot went to a recipient it is not open to")
    if problem.eligibility.caps is not None:
        caps = problem.eligibility.caps[class_of, lines.lot]
        own = np.flatnonzero(caps < NO_CAP)
        _demand(
            all(int(lines.amount[k]) <= int(caps[k]) * lines.pack[int(lines.lot[k])] for k in own.tolist()),
            "a recipient gets more of a lot than it can use in time",
        )
    if divisible:
        return
    _demand((lines.amount >= problem.least[lines.lot]).all(), "a shipment is smaller than the lot's smallest")
    if problem.terms.max_lots is not None:
        most = np.bincount(lines.recipient, minlength=1).max()
        _demand(most <= problem.terms.max_lots, "a recipient gets more lots than the limit")


def confirm_even(
    problem: Problem, lines: Lines, water: Waterlines, received: Integers, per: int, *, divisible: bool
) -> None:
    """Confirm conditions 1 to 4 for divisible goods or whole packs of one worth.

    Raises
    ------
    PlanNotProved
        A condition is broken.
    """
    have = stretch(problem.held, per) + received
    most = stretch(problem.capacity, per)
    if divisible:
        last, after = levels_around(problem, have, per)
        below, above = (last, last), (after, after)
        room = received < most
    else:
        unit = problem.unit
        level = exact_levels(problem.pieces, have)
        below = (exact_levels(problem.pieces, have - np.where(received > 0, unit, 0)), level)
        above = (level, exact_levels(problem.pieces, have + unit))
        room = received + unit <= most
    caps = problem.eligibility.caps
    single = np.zeros(len(have), np.bool_)
    lowest_used = np.full(len(have), len(water.keys))
    if caps is not None:
        single = np.atleast_1d((caps < NO_CAP).any(axis=1))[problem.eligibility.class_of]
        np.minimum.at(lowest_used, lines.recipient, water.of_lot[lines.lot])
    _demand(
        (water.of_lot[lines.lot] >= water.of_recipient[lines.recipient]).all(),
        "condition 2: a lot went above its waterline",
    )
    for place, key in enumerate(water.keys):
        held_to = water.of_recipient == place
        got = np.flatnonzero(held_to & (received > 0) & ~single)
        if key is not None and len(got):
            _demand(_at_most(below, got, key), "condition 3: a last pack lies above the waterline")
        short = np.flatnonzero(held_to & room)
        if len(short):
            _demand(
                key is not None and _at_least(above, short, key), "condition 3: a next pack lies below the waterline"
            )
    if caps is not None:
        _demand_singles(water, above, received > 0, room, np.flatnonzero(single), lowest_used)
    left = [int(q) * p - g for q, p, g in zip(problem.packs, lines.pack, lines.given(), strict=True)]
    infinite = len(water.keys) - 1
    _demand(
        all(water.of_lot[s] == infinite for s, rest in enumerate(left) if rest),
        "condition 4: a lot with packs left has a waterline",
    )


def _demand_singles(
    water: Waterlines,
    above: tuple[Ratios, Ratios],
    got: npt.NDArray[np.bool_],
    room: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    lowest_used: npt.NDArray[np.int64],
) -> None:
    """Check recipients with pair caps one by one: a pair at its cap does not hold its recipient to the lot's waterline."""
    for row in rows.tolist():
        held_to = water.key_of(row)
        if held_to == "none":
            continue
        if got[row]:
            used = water.keys[int(lowest_used[row])]
            over = used is not None and (held_to is None or key_order(used) < key_order(held_to))  # type: ignore[arg-type]  # a key
            _demand(not over, "condition 2: a lot went above its waterline")
        if room[row]:
            low = held_to is None or key_order((above[0].at(row), above[1].at(row))) < key_order(held_to)  # type: ignore[arg-type]  # a key
            _demand(not low, "condition 3: a next pack lies below the waterline")


def _at_most(keys: tuple[Ratios, Ratios], rows: npt.NDArray[np.int64], limit: Key) -> bool:
    """Say whether the highest of some keys is at most `limit`."""
    before = keys[0].take(rows)
    top = np.array(highest(before))
    number = before.at(int(top[0]))
    if number != limit[0]:
        return number < limit[0]
    after = keys[1].take(rows[top])
    return after.at(lowest(after)[0]) >= limit[1]


def _at_least(keys: tuple[Ratios, Ratios], rows: npt.NDArray[np.int64], limit: Key) -> bool:
    """Say whether the lowest of some keys is at least `limit`."""
    before = keys[0].take(rows)
    bottom = np.array(lowest(before))
    number = before.at(int(bottom[0]))
    if number != limit[0]:
        return number > limit[0]
    after = keys[1].take(rows[bottom])
    return after.at(highest(after)[0]) <= limit[1]


def _demand(holds: Any, broken: str) -> None:
    if not holds:
        raise PlanNotProved(
            f"the plan failed its own check ({broken}); it was not returned. Please report this with the tables."
        )
