"""Set a plan beside another plan, or beside what really happened: the same measures, who gains, who loses.

Called by `evenhand.plan` (what-if and compare). It shows differences and leaves the judging to people; it never changes
a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from evenhand.allocation.outcome import Outcome
from evenhand.fairness.measures import MEASURES
from evenhand.reasons.differences import (
    tell_gains,
    tell_left_over,
    tell_lowest,
    tell_tables,
    tell_terms,
    tell_total,
)
from evenhand.reasons.happened import read_happened
from evenhand.reasons.sides import Side, side_from, side_of
from evenhand.reasons.wording import amount, exact, listed

SHOWN_CHANGES = 20
"""How many changes the text of a comparison lists before it only counts."""

_AMOUNTS = ("received_left", "received_right", "difference")
_FITS = 2**62

Row = tuple[str, float, float, str]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Hold two plans, or a plan and what happened, side by side.

    Made by `Plan.compare` and `Plan.what_if`.

    Attributes
    ----------
    title
        What is compared, in words.
    left, right
        What the two are called, such as "plan" and "what if".
    measures
        Per measure of `fairness.measures.MEASURES`: its title, its number on the left and on the right, and whether
        "higher" or "lower" numbers are fairer. What recipients held is counted in.
    changes
        Recipients that get another amount, or stand at another level: recipient, name, received_left, received_right,
        difference (right minus left; service units), level_left, level_right. Numbers to six decimals; what is smaller is
        no change. A recipient that one side alone has is there with null on the other, and its difference counts from 0.
        The largest difference first, whether gain or loss; then the largest difference in level; then by key.
    sentences
        Who gains, who loses, the lowest level, what is left over, and where the inputs differ.
    """

    title: str
    left: str
    right: str
    measures: tuple[Row, ...]
    changes: pl.DataFrame
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        measures = [("", self.left, self.right, "fairer")]
        measures += [(title, f"{one:.6f}", f"{other:.6f}", better) for title, one, other, better in self.measures]
        parts = [self.title, "\n".join(self.sentences), _aligned(measures, texts=(0, 3))]
        if self.changes.height:
            sides = (self.left, self.right)
            received, level = [f"received: {side}" for side in sides], [f"level: {side}" for side in sides]
            heads = ("recipient", "name", *received, "difference", *level)
            rows = [_in_words(row) for row in self.changes.head(SHOWN_CHANGES).iter_rows()]
            more = self.changes.height - len(rows)
            parts.append(_aligned([heads, *rows], texts=(0, 1)) + (f"\n... and {more:,} more" if more else ""))
        return "\n\n".join(parts)


def compare_outcomes(before: Outcome, after: Outcome, *, title: str, left: str, right: str) -> Comparison:
    """Compare two solved rounds, also where their recipients, needs, lots or rules differ.

    Levels on both sides are counted by the rule of the first, so that they mean the same; each recipient's level is counted
    from its own needs on that side.
    """
    one, other = side_of(before), side_of(after, before.problem.terms)
    changes, everybody = _changes(one, other)
    sentences = [
        *tell_gains(changes, everybody, left),
        *tell_lowest(one, other),
        *tell_total(one, other, left, right),
        *tell_left_over(before, after),
        *tell_tables(before.problem.tables, after.problem.tables, left, right),
        *tell_terms(before, after, left, right),
    ]
    return Comparison(title, left, right, _measures(one, other), changes, tuple(sentences))


def compare_with_actual(outcome: Outcome, frame: pl.DataFrame, *, notes: Sequence[str] = ()) -> Comparison:
    """Compare a plan with what really happened.

    Parameters
    ----------
    frame
        A table with the columns of `supply.columns.ACTUAL`. Packs and units of a lot become service units exactly, by its
        pack_size and per_person; units without a lot are service units.
    notes
        Sentences about reading the table, to be handed on.

    Raises
    ------
    NameUnknown
        A lot is not in the plan's table.
    """
    happened = read_happened(outcome, frame)
    plan = side_of(outcome)
    planned = plan.received.astype(object) * (happened.parts // plan.parts)
    same = (abs(happened.received - planned) <= happened.slack).astype(np.bool_)
    actual = side_from(outcome.problem, np.where(same, planned, happened.received), happened.parts)
    changes, everybody = _changes(plan, actual)
    sentences = [
        *tell_gains(changes, everybody, "plan"),
        *tell_lowest(plan, actual),
        *tell_total(plan, actual, "plan", "table"),
        *happened.sentences,
        *_tell_capacity(actual),
        *notes,
    ]
    return Comparison(
        "The plan beside what happened", "plan", "actual", _measures(plan, actual), changes, tuple(sentences)
    )


def _tell_capacity(actual: Side) -> list[str]:
    """Find recipients that got more than the tables say they can take."""
    over = actual.received > actual.problem.capacity.astype(object) * actual.per
    names = actual.problem.recipients.filter(pl.Series(over.astype(np.bool_))).to_list()
    if not names:
        return []
    verb = "gets more than it" if len(names) == 1 else "get more than they"
    return [f"{amount(len(names), 'recipient')} {verb} can take, by the table of needs: {listed(names, most=5)}."]


def _measures(one: Side, other: Side) -> tuple[Row, ...]:
    left, right = one.measures(), other.measures()
    return tuple((m.title, getattr(left, m.name), getattr(right, m.name), m.better) for m in MEASURES)


def _changes(one: Side, other: Side) -> tuple[pl.DataFrame, int]:
    """Return the rows that changed, and how many recipients there are in either."""
    left, right = one.table(), other.table()
    if left["received"].dtype != right["received"].dtype:
        wide = pl.col("received").cast(pl.Decimal(38, 6))
        left, right = left.with_columns(wide), right.with_columns(wide)
    both = left.join(right, on="recipient", how="full", coalesce=True, suffix="_right")
    table = both.select(
        "recipient",
        pl.coalesce("name", "name_right").alias("name"),
        pl.col("received").alias("received_left"),
        "received_right",
        (pl.col("received_right").fill_null(0) - pl.col("received").fill_null(0)).alias("difference"),
        pl.col("level").alias("level_left"),
        "level_right",
    )
    changed = pl.col("received_left").ne_missing(pl.col("received_right")) | pl.col("level_left").ne_missing(
        pl.col("level_right")
    )
    apart = (pl.col("level_right").fill_null(0) - pl.col("level_left").fill_null(0)).abs()
    ordered = table.filter(changed).sort(pl.col("difference").abs(), apart, "recipient", descending=[True, True, False])
    return ordered.with_columns(_whole(ordered)), table.height


def _whole(table: pl.DataFrame) -> list[pl.Series]:
    """Return the amounts as Int64 where all of them are whole and fit, else as they are."""
    columns = [table[name] for name in _AMOUNTS]
    there = [column.drop_nulls() for column in columns]
    whole = all((column == column.round(0)).all() and (column.abs() < _FITS).all() for column in there)
    return [column.cast(pl.Int64) for column in columns] if whole else columns


def _in_words(row: tuple[Any, ...]) -> tuple[str, ...]:
    key, name, *numbers = row
    amounts = ["" if v is None else exact(Fraction(v)) for v in numbers[:3]]
    if numbers[2] > 0:
        amounts[2] = f"+{amounts[2]}"
    levels = ["" if v is None else f"{v:.6f}" for v in numbers[3:]]
    return (key, name, *amounts, *levels)


def _aligned(rows: Sequence[tuple[str, ...]], *, texts: tuple[int, ...]) -> str:
    """Return rows as lines with columns under each other: texts to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if place in texts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
