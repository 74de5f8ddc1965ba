"""What really happened, in the exact units of a plan: read from a table, and judged by the plan's own tables.

Called by `comparison`. Says what a table does that a plan may not (over-drawn lots, earmarks, capabilities), in neutral
words: a table may be right where the plan's inputs were not. Changes nothing about the table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.eligibility import CAPABILITY, EARMARK, EXPIRED, TOO_SLOW
from evenhand.allocation.outcome import MICRO, Integers, Outcome
from evenhand.allocation.problem import Problem
from evenhand.errors import NameUnknown
from evenhand.reasons.wording import amount, exact, listed

NO_LOT = -1
_SHOWN = 3

CLOSED = {
    EARMARK: "that the lot's earmark does not name",
    CAPABILITY: "that cannot handle what the lot requires, by the table of needs",
    EXPIRED: "although the lot expires before it can be used, by the table of lots",
    TOO_SLOW: "that could not use a pack before the lot expires, by the table of needs",
}
"""What is said of lines of a lot that is closed to their recipients, by reason."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Hold what recipients got, exactly.

    Attributes
    ----------
    received
        Per recipient, in `parts` parts of a service unit each.
    slack
        Per recipient, in the same: what rounding the table's numbers to six decimals can explain; 0 for whole packs.
    sentences
        What a person should know about the table.
    """

    received: Integers
    parts: int
    slack: Integers
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hold the rows of the table as numbers.

    Attributes
    ----------
    lot, recipient
        Places in the plan's tables; `NO_LOT` where a row names none.
    units, packs
        In millionths; 0 where a row does not say.
    in_units, in_packs
        Which of the two a row says.
    """

    lot: npt.NDArray[np.int64]
    recipient: npt.NDArray[np.int64]
    units: Integers
    packs: Integers
    in_units: npt.NDArray[np.bool_]
    in_packs: npt.NDArray[np.bool_]


def read_happened(outcome: Outcome, frame: pl.DataFrame) -> Happened:
    """Return what recipients got by a table with the columns of `supply.columns.ACTUAL`.

    Units of a lot become service units by its per_person, packs by its pack_size too, exactly. Where a row has packs and
    units, units count, since fractions of packs lose more when they are rounded. Units without a lot are service units.

    Raises
    ------
    NameUnknown
        A lot is not in the plan's table.
    """
    problem = outcome.problem
    frame, strangers = _known_rows(problem, frame)
    rows = _number_rows(problem, frame)
    lots = problem.tables.lots
    each = lots["per_person"].to_list() if "per_person" in lots.columns else [1] * lots.height
    per_unit = [*(1 / Fraction(v) for v in each), Fraction(1)]  # the last is for NO_LOT
    per_pack = [*(Fraction(worth, problem.scale) for worth in problem.worth), Fraction(1)]
    parts = math.lcm(problem.scale * outcome.lines.per, *(MICRO * f.denominator for f in (*per_unit, *per_pack)))
    unit, pack = (np.array([int(f * parts / MICRO) for f in factors], object) for factors in (per_unit, per_pack))

    worth = np.where(rows.in_units, unit[rows.lot], pack[rows.lot])
    given = np.where(rows.in_units, rows.units, rows.packs) * worth
    # Only a plan of divisible goods holds amounts that six decimals cannot.
    slack = worth if problem.terms.divisible else np.zeros(len(worth), object)
    apart = abs(rows.packs * pack[rows.lot] - rows.units * unit[rows.lot]) > pack[rows.lot] + unit[rows.lot]
    odd = int((rows.in_units & rows.in_packs & (rows.lot != NO_LOT) & apart.astype(np.bool_)).sum())
    sentences = [
        *strangers,
        *_without_lot(frame, rows),
        *(
            [f"In {amount(odd, 'row')} of the table packs and units do not fit together; units are counted."]
            if odd
            else []
        ),
        *_over_drawn(problem, rows, given, slack, pack * MICRO),
        *_not_open(problem, rows),
    ]
    recipients = len(problem.target)
    return Happened(
        _added(given, rows.recipient, recipients), parts, _added(slack, rows.recipient, recipients), tuple(sentences)
    )


def _added(amounts: Integers, places: npt.NDArray[np.int64], size: int) -> Integers:
    """Add amounts up by place."""
    out = np.zeros(size, object)
    np.add.at(out, places, amounts)
    return out


def _known_rows(problem: Problem, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    known = frame["recipient"].is_in(problem.recipients.implode())
    if known.all():
        return frame, []
    names = frame.filter(~known)["recipient"].unique().sort().to_list()
    left_out = int((~known).sum())
    rows, named = amount(left_out, "row"), listed(names, most=5)
    return frame.filter(known), [
        f"{rows} of the table is not counted, for recipients that are not in needs: {named}."
        if left_out == 1
        else f"{rows} of the table are not counted, for recipients that are not in needs: {named}."
    ]


def _number_rows(problem: Problem, frame: pl.DataFrame) -> _Rows:
    places = {key: place for place, key in enumerate(problem.recipients.to_list())}
    lots: dict[str | None, int] = {key: place for place, key in enumerate(problem.lots.to_list())}
    lots[None] = NO_LOT
    named = frame["lot"].to_list() if "lot" in frame.columns else [None] * frame.height
    for name in named:
        if name not in lots:
            raise NameUnknown("lot", str(name), problem.lots.to_list())
    nothing = pl.Series([None] * frame.height, dtype=pl.Int64)
    units = frame["units"] if "units" in frame.columns else nothing
    packs = frame["packs"] if "packs" in frame.columns else nothing
    return _Rows(
        np.array([lots[name] for name in named], np.int64),
        np.array([places[key] for key in frame["recipient"].to_list()], np.int64),
        _millionths(units),
        _millionths(packs),
        units.is_not_null().to_numpy(),
        packs.is_not_null().to_numpy(),
    )


def _millionths(column: pl.Series) -> Integers:
    filled: list[Any] = column.fill_null(0).to_list()
    return np.array([int(v * MICRO) if isinstance(v, Decimal) else v * MICRO for v in filled], object)


def _without_lot(frame: pl.DataFrame, rows: _Rows) -> list[str]:
    nameless = int((rows.lot == NO_LOT).sum())
    if not nameless:
        return []
    if nameless == frame.height:
        return ["The table names no lots, so its units are taken for service units."]
    if nameless == 1:
        return [f"{amount(nameless, 'row')} of the table names no lot, so its units are taken for service units."]
    return [f"{amount(nameless, 'row')} of the table name no lot, so their units are taken for service units."]


def _over_drawn(problem: Problem, rows: _Rows, given: Integers, slack: Integers, pack: Integers) -> list[str]:
    """Find lots of which the table hands out more packs than there are.

    Parameters
    ----------
    given, slack
        Per row, in parts of a service unit.
    pack
        Parts per pack, by lot.
    """
    size = len(problem.worth) + 1  # the last place takes what names no lot
    drawn, most = _added(given, rows.lot, size), _added(slack, rows.lot, size)
    over = [
        f"{key}: {exact(Fraction(drawn[s], pack[s]))} of {amount(int(problem.packs[s]), 'pack')}"
        for s, key in enumerate(problem.lots.to_list())
        if drawn[s] > int(problem.packs[s]) * pack[s] + most[s]
    ]
    return (
        [f"The table hands out more of {amount(len(over), 'lot')} than there is ({listed(over, most=5)})."]
        if over
        else []
    )


def _not_open(problem: Problem, rows: _Rows) -> list[str]:
    """Find lines of a lot that is closed to the recipient, by reason."""
    some = (rows.lot != NO_LOT) & ((rows.units > 0) | (rows.packs > 0)).astype(np.bool_)
    pairs = np.unique(np.column_stack([rows.lot[some], rows.recipient[some]]), axis=0)
    reasons = problem.eligibility.reasons[problem.eligibility.class_of[pairs[:, 1]], pairs[:, 0]]
    said = []
    for reason, words in CLOSED.items():
        found = pairs[reasons == reason]
        if len(found):
            shown = ", ".join(
                f"{problem.lots[lot]} to {problem.recipients[who]}" for lot, who in found[:_SHOWN].tolist()
            )
            more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
            lines = amount(len(found), "line")
            said.append(
                f"{lines} goes to a recipient {words} ({shown}{more})."
                if len(found) == 1
                else f"{lines} go to recipients {words} ({shown}{more})."
            )
    return said
