"""A claim that is repeated with other numbers: each number beside its day, on one scale where the units are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenhand.lookups.statements import Statement
from evenhand.web.said.telling import amount_of


@dataclass(frozen=True, slots=True)
class Grown:
    """Hold one number of a thread.

    Attributes
    ----------
    part
        What its bar shows, None where the units are not all the same.
    """

    statement: Statement
    day: date | None
    amount: str
    part: Fraction | None


@dataclass(frozen=True, slots=True)
class Growth:
    """Hold the numbers of a thread in the order in which they were said, and what a whole bar stands for."""

    rows: Sequence[Grown]
    scale: Fraction | None


def growing(statements: Iterable[Statement]) -> Growth:
    """Return the numbers of a thread."""
    rows = list(statements)
    numbers = [Fraction(one.quantity) for one in rows if one.quantity is not None]
    alike = len({one.unit.casefold() for one in rows if one.quantity is not None}) == 1
    scale = max(numbers) if alike and numbers and max(numbers) > 0 else None
    return Growth(
        [
            Grown(
                one, one.said_on or one.published, amount_of(one.quantity, one.unit),
                Fraction(one.quantity) if scale and one.quantity is not None else None,
            )
            for one in rows
        ],
        scale,
    )  # fmt: skip
