"""Sentences about a finished plan that a careful secretary would add by hand.

Called by `evenhand.plan`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from evenhand.allocation.eligibility import usable_days
from evenhand.allocation.outcome import Outcome

_SHOWN = 5


def notes_on(outcome: Outcome) -> tuple[str, ...]:
    """Return notes: lots that nobody can use in time, and recipients whose lots together outrun their weekly use."""
    return (*_expired(outcome), *_too_much_in_time(outcome))


def _expired(outcome: Outcome) -> list[str]:
    problem = outcome.problem
    days = usable_days(problem.tables.lots, problem.terms.day)
    late = [key for key, d in zip(problem.lots.to_list(), days, strict=True) if d is not None and d < 0]
    if not late:
        return []
    note = (
        f"{_named(late, 'lot')} can be used by nobody: it expires before it arrives or before the round's date, "
        f"{problem.terms.day}; if the date is wrong, give the right one (--date)"
    )
    return [note]


def _too_much_in_time(outcome: Outcome) -> list[str]:
    """Find recipients that get more, over all lots, than their weekly use allows until the last of these expires."""
    problem, lines = outcome.problem, outcome.lines
    days = usable_days(problem.tables.lots, problem.terms.day)
    if "per_week" not in problem.tables.needs.columns or all(d is None for d in days):
        return []
    rate = problem.tables.needs["per_week"]
    last = np.array([-1 if d is None else max(d, 0) for d in days])
    limited = last[lines.lot] >= 0
    total = np.zeros(len(rate), object)
    longest = np.zeros(len(rate), np.int64)
    per_unit = problem.scale * lines.per
    worth = np.array([Fraction(w * lines.per, p) for w, p in zip(problem.worth, lines.pack, strict=True)], object)
    for k in np.flatnonzero(limited).tolist():
        who, lot = int(lines.recipient[k]), int(lines.lot[k])
        if rate[who] is None:
            continue
        total[who] += int(lines.amount[k]) * worth[lot]
        longest[who] = max(longest[who], last[lot])
    names = problem.recipients
    over = [
        names[who]
        for who in np.flatnonzero(total > 0).tolist()
        if total[who] * 7 > Fraction(rate[who]) * int(longest[who]) * per_unit
    ]
    if not over:
        return []
    note = (
        f"{_named(over, 'recipient')} may not use everything before it expires: the weekly limit holds for each lot, and "
        "several lots together are more; state the total as capacity to prevent it"
    )
    return [note]


def _named(names: list[str], kind: str) -> str:
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
    return f"{kind} {shown}" if len(names) == 1 else f"{len(names):,} {kind}s ({shown})"
