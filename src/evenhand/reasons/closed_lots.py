"""Which lots with packs may not go to a recipient, with all the reasons at once.

Called by `standing` and `scenarios`. `eligibility` keeps the first reason of each class, which is enough to solve; a person
wants to know them all, or lifting one earmark would seem to open a lot that also has to be kept cold.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from evenhand.allocation.eligibility import NO_CAP, OPEN, TOO_SLOW, split_names, usable_days
from evenhand.allocation.problem import Problem

CLOSED_BY = ("earmark", "handles", "expired", "shelf life", "capacity", "minimum shipment")
"""Why a lot with packs may not go to a recipient; a lot may be closed for several reasons at once."""


@dataclass(frozen=True, slots=True)
class Earmark:
    """Hold whom a lot is meant for: names of groups or recipients, as in `supply.columns.LOTS`."""

    allowed: tuple[str, ...]
    barred: tuple[str, ...]

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.allowed or self.barred)


@dataclass(frozen=True, slots=True)
class ClosedLot:
    """Hold a lot with packs that may not go to a recipient.

    Attributes
    ----------
    reasons
        Of `CLOSED_BY`, in that order.
    missing
        Capabilities it requires and the recipient lacks.
    """

    lot: str
    reasons: tuple[str, ...]
    earmark: Earmark
    missing: tuple[str, ...] = ()


def pack_worth(problem: Problem, lot: int) -> Fraction:
    """Return the service units of one pack."""
    return Fraction(problem.worth[lot], problem.scale)


def text_of(table: pl.DataFrame, column: str, row: int) -> str:
    """Return a cell of text, "" where there is none."""
    return str(table[column][row] or "") if column in table.columns else ""


def earmark_of(lots: pl.DataFrame, lot: int) -> Earmark:
    """Return the earmark of a lot."""
    return Earmark(split_names(text_of(lots, "for", lot)), split_names(text_of(lots, "not_for", lot)))


def find_closed(problem: Problem, row: int, of_class: int, capacity: Fraction) -> tuple[ClosedLot, ...]:
    """Find every lot with packs that may not go to a recipient, with all the reasons."""
    tables = problem.tables
    key = tables.needs["recipient"][row]
    groups = set(tables.groups["group"].unique().to_list())
    names = set(tables.groups.filter(pl.col("recipient") == key)["group"].to_list()) | ({key} - groups)
    handles = set(split_names(text_of(tables.needs, "handles", row)))
    days = usable_days(tables.lots, problem.terms.day)
    caps = problem.eligibility.caps
    found = []
    for lot in np.flatnonzero(problem.packs > 0).tolist():
        earmark = earmark_of(tables.lots, lot)
        missing = tuple(n for n in split_names(text_of(tables.lots, "requires", lot)) if n not in handles)
        day, worth = days[lot], pack_worth(problem, lot)
        least = int(problem.least[lot]) if not problem.terms.divisible else 1
        most = int(NO_CAP) if caps is None else int(caps[of_class, lot])
        reason = int(problem.eligibility.reasons[of_class, lot])
        large = not problem.terms.divisible and 0 < capacity < worth
        holds = {
            "earmark": bool(names & set(earmark.barred)) or bool(earmark.allowed and not names & set(earmark.allowed)),
            "handles": bool(missing),
            "expired": day is not None and day < 0,
            "shelf life": reason == TOO_SLOW,
            "capacity": large,
            "minimum shipment": reason == OPEN
            and not large
            and least > 1
            and (0 < capacity < least * worth or least > most),
        }
        reasons = tuple(word for word in CLOSED_BY if holds[word])
        if reasons:
            found.append(ClosedLot(str(tables.lots["lot"][lot]), reasons, earmark, missing))
    return tuple(found)
