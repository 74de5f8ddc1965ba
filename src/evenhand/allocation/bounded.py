"""Packs of different worth, minimum shipments, lot limits: a plan with a proved bound (§4.2).

Called by `solve`. The divisible optimum comes first: its lowest level bounds what whole packs can reach, and it guides the
rounding. Then single packs are moved until no move helps, and a solver tries to close the first levels. Only the bound and
the absence of helpful moves are certified; what the solver says is reported as the solver's word.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from evenhand.allocation.holdings import Holdings
from evenhand.allocation.leftovers import level_out, pour_rest, top_up
from evenhand.allocation.levels import lowest
from evenhand.allocation.lifting import lift_lowest
from evenhand.allocation.lines import Lines
from evenhand.allocation.moves import highest_giver, improve
from evenhand.allocation.outcome import MICRO, Bound, Outcome, open_recipients, round_half_up
from evenhand.allocation.problem import Problem
from evenhand.allocation.proof import confirm_feasible
from evenhand.allocation.rounding import amounts_of, narrow, round_down
from evenhand.allocation.waterlines import Key, hold_movable, order_waterlines, pairs_at_cap

Tell = Callable[[str, float], None]
_LEVELS_SHOWN = 1000
_NARROWINGS = 6
_LIFTS = 4


def bound_of(outcome: Outcome, divisible: Outcome, closed: tuple[int, str, str] | None = None) -> Bound:
    """Put the divisible optimum beside a whole-pack plan."""
    open_rows = open_recipients(outcome.problem)
    reached, best = outcome.levels().take(open_rows), divisible.levels().take(open_rows)
    sides = tuple(np.sort(round_half_up(side.num, side.den, MICRO))[:_LEVELS_SHOWN] for side in (reached, best))
    if not len(open_rows):
        return Bound(divisible.lines, divisible.water, None, None, (sides[0], sides[1]), closed)
    return Bound(
        divisible.lines,
        divisible.water,
        best.at(lowest(best)[0]),
        reached.at(lowest(reached)[0]),
        (sides[0], sides[1]),
        closed,
    )


def start_plan(problem: Problem, divisible: Outcome, share: Callable[[Problem], Lines]) -> Holdings:
    """Return whole packs near the divisible optimum.

    Parameters
    ----------
    share
        Solves a narrower problem for divisible goods.
    """
    amounts = amounts_of(problem, divisible.lines)
    current = problem
    for _ in range(_NARROWINGS):
        narrower = narrow(current, amounts)
        if narrower is None:
            break
        current = narrower
        amounts = amounts_of(problem, share(current))
    holdings = round_down(problem, amounts)
    pour_rest(holdings, share)
    level_out(holdings, share)
    top_up(holdings)
    return holdings


def outcome_of(
    problem: Problem, holdings: Holdings, divisible: Outcome, closed: tuple[int, str, str] | None
) -> Outcome:
    """Confirm a whole-pack plan and put it beside its bound."""
    lines = holdings.lines()
    received = lines.received(problem.worth, len(problem.target), problem.target.dtype)
    keys = move_waterlines(holdings)
    water = order_waterlines(problem, keys, pairs_at_cap(problem, lines))
    confirm_feasible(problem, lines, received, 1, divisible=False)
    water = hold_movable(problem, water, lines, received)
    plain = Outcome(problem, lines, water, received)
    return Outcome(problem, lines, water, received, bound_of(plain, divisible, closed))


def move_waterlines(holdings: Holdings) -> list[Key | None | str]:
    """Return each lot's waterline: the highest key among the last packs that could be given up (condition of one move)."""
    keys: list[Key | None | str] = []
    for lot, packs in enumerate(holdings.problem.packs.tolist()):
        giver = highest_giver(holdings, lot)
        if not packs:
            keys.append("none")
        elif holdings.left[lot]:
            keys.append(None)
        else:
            keys.append(
                (Fraction(0), Fraction(0)) if giver is None else (Fraction(*giver[1][0]), Fraction(*giver[1][1]))
            )
    return keys


def _goal(problem: Problem, divisible: Outcome) -> float:
    """Return the lowest level that anybody who could get something has in the divisible optimum."""
    rows = open_recipients(problem)
    return float(divisible.levels().take(rows).floats().min()) if len(rows) else 0.0


def solve_bounded(
    problem: Problem, divisible: Outcome, share: Callable[[Problem], Lines], *, seconds: float, tell: Tell | None = None
) -> Outcome:
    """Solve a problem whose packs cannot be proved best.

    Parameters
    ----------
    divisible
        The optimum of the same problem for divisible goods.
    seconds
        The solver's budget; 0 leaves it out.
    """
    if tell:
        tell("rounding to whole packs", 0.0)
    holdings = start_plan(problem, divisible, share)
    goal = _goal(problem, divisible)
    for turn in range(_LIFTS):
        lifted = lift_lowest(holdings, goal)
        if lifted:
            pour_rest(holdings, share)
            level_out(holdings, share)
            top_up(holdings)
        elif turn > 0:
            break
        improve(holdings)
    closed = None
    if seconds > 0:
        from evenhand.allocation.closing import close_levels

        holdings, closed = close_levels(problem, holdings, divisible, seconds=seconds, tell=tell)
        improve(holdings)
    return outcome_of(problem, holdings, divisible, closed)
