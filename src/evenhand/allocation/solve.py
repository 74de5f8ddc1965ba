"""The engine's one entrance: from sound tables to a solved round.

Called by `evenhand.plan`. Chooses the way (whole packs of one worth, divisible goods, or bounded), puts lines and
waterlines together, and lets nothing out that `proof` does not confirm.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from evenhand.allocation.bounded import solve_bounded
from evenhand.allocation.ground import build_ground
from evenhand.allocation.lines import Lines, sort_lines
from evenhand.allocation.outcome import Outcome
from evenhand.allocation.pour import hand_out
from evenhand.allocation.problem import Problem
from evenhand.allocation.proof import confirm_even, confirm_feasible
from evenhand.allocation.split import Block, split
from evenhand.allocation.waterlines import block_waterlines, hold_capped, order_waterlines, pairs_at_cap, pairs_used

Integers = npt.NDArray[Any]
Tell = Callable[[str, float], None]


def solve(problem: Problem, *, seconds: float = 2.0, tell: Tell | None = None) -> Outcome:
    """Solve a problem, by the way that fits it, and confirm the result.

    Parameters
    ----------
    seconds
        For packs of different worth and the like: the solver's budget to close the first levels; 0 to leave it out.
    tell
        Called with a stage and the share of it that is done.

    Raises
    ------
    PlanNotProved
        The plan failed its own check.
    """
    if not problem.terms.divisible and not problem.equal_packs:
        divisible = solve_even(problem, divisible=True, tell=tell)
        return solve_bounded(
            problem, divisible, lambda narrower: share_out(narrower, divisible=True)[0], seconds=seconds, tell=tell
        )
    return solve_even(problem, divisible=problem.terms.divisible, tell=tell)


def solve_even(problem: Problem, *, divisible: bool, tell: Tell | None = None) -> Outcome:
    """Solve a problem of divisible goods, or of whole packs of one worth without further conditions, and confirm it.

    Raises
    ------
    PlanNotProved
        The plan failed its own check.
    """
    lines, blocks = share_out(problem, divisible=divisible, tell=tell)
    received = lines.received(problem.worth, len(problem.target), problem.target.dtype)
    left = [int(q) * p - g for q, p, g in zip(problem.packs, lines.pack, lines.given(), strict=True)]
    keys = block_waterlines(problem, blocks, left, divisible=divisible)
    water = order_waterlines(problem, keys, pairs_at_cap(problem, lines), pairs_used(problem, lines))
    unit = 0 if divisible else problem.unit
    water = hold_capped(problem, water, received, lines.per, unit)
    confirm_feasible(problem, lines, received, lines.per, divisible=divisible)
    confirm_even(problem, lines, water, received, lines.per, divisible=divisible)
    return Outcome(problem, lines, water, received)


def pour_order(problem: Problem) -> npt.NDArray[np.int64]:
    """Return the lots in the order poured: the fewest eligible recipients first, then the smallest, then by key."""
    sizes = np.bincount(problem.eligibility.class_of, minlength=problem.eligibility.count)
    eligible = (problem.eligibility.open * sizes[:, None]).sum(axis=0)
    size = np.array([int(q) * w for q, w in zip(problem.packs, problem.worth, strict=True)], object)
    return np.array(sorted(range(len(size)), key=lambda s: (int(eligible[s]), size[s], s)), np.int64)


def share_out(problem: Problem, *, divisible: bool, tell: Tell | None = None) -> tuple[Lines, list[Block]]:
    """Return the lines and the blocks of the fairest plan; within a block everybody is held to one level."""
    ground = build_ground(problem, 1 if divisible else problem.unit)
    worth = problem.worth if divisible else (1,) * len(problem.worth)
    supply = [int(q) * w for q, w in zip(problem.packs, worth, strict=True)]
    order = pour_order(problem)
    progress = (lambda share: tell("sharing out", share)) if tell else None
    blocks = split(ground, problem.eligibility, supply, worth, order, divisible=divisible, tell=progress)
    return _collect(problem, blocks, order, divisible), blocks


def _collect(problem: Problem, blocks: list[Block], order: npt.NDArray[np.int64], divisible: bool) -> Lines:
    """Hand out the flows of every block to its recipients and put the lines in order."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    lots: list[Any] = []
    recipients: list[Any] = []
    amounts: list[tuple[Integers, int]] = []
    for block in blocks:
        turn = np.argsort(place[block.lots], kind="stable")
        by_class = block.flows[turn].T
        classes, within = np.nonzero(by_class)
        row, share, given = hand_out(block.amounts, by_class[classes, within])
        lots.append(block.lots[turn[within[share]]])
        recipients.append(block.rows[row])
        amounts.append((given, block.per))
    per = math.lcm(*(p for _, p in amounts)) if divisible else 1
    parts = [a.astype(object) * (per // p) if divisible else a.astype(np.int64) for a, p in amounts]
    nothing = np.zeros(0, np.int64)
    pack = tuple(w * per for w in problem.worth) if divisible else (1,) * len(problem.worth)
    return sort_lines(
        np.concatenate([nothing, *lots]),
        np.concatenate([nothing, *recipients]),
        np.concatenate(parts) if parts else nothing,
        pack,
        per,
    )
