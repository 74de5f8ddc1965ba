"""The changes to a round that might raise one recipient: each an edit of the tables, or of the terms.

Called by `remedies`, which solves them. Nothing is solved here, and the order is by how likely a change is to help.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from evenhand.allocation.eligibility import split_names
from evenhand.allocation.outcome import amounts
from evenhand.allocation.problem import Problem, Terms
from evenhand.reasons.closed_lots import ClosedLot, Earmark, earmark_of, text_of
from evenhand.reasons.explain_parts import earmark_words, lots_words
from evenhand.reasons.standing import Standing, amount_of, find_place
from evenhand.reasons.wording import amount, count, exact, listed, number
from evenhand.supply.columns import AMOUNT_DECIMALS
from evenhand.supply.tables import Tables

_AMOUNT = pl.Decimal(38, AMOUNT_DECIMALS)
_MORE = 100
"""More supply means one pack more for every so many: 1 %."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Hold one changed round.

    Attributes
    ----------
    kind
        "supply", "handles", "earmark", "both", "per week", "capacity", "minimum shipment" or "lot limit".
    action
        The change, as the beginning of a sentence: "With 1% more packs of lot A".
    edits
        The same as what-if edits (`table.key.column=value`); empty where it changes the terms.
    lots
        The lots whose earmark it lifts.
    """

    kind: str
    action: str
    edits: tuple[str, ...]
    tables: Tables
    terms: Terms
    lots: tuple[str, ...] = ()


def list_scenarios(standing: Standing) -> list[Scenario]:
    """Return the changes worth trying for a recipient, the likeliest to help first."""
    if standing.full:
        return list(_more_room(standing))
    found = [
        *_earmarks(standing),
        *_capabilities(standing),
        *_weekly_use(standing),
        *_shipments(standing),
        *_lot_limit(standing),
    ]
    first = {
        "earmark": "earmark",
        "handles": "handles",
        "shelf life": "per week",
        "minimum shipment": "minimum shipment",
        "lot limit": "lot limit",
    }
    limit = standing.limit.removeprefix("no lot: ").partition(": ")[0]
    ahead = [s for s in found if s.kind == first.get(limit)]
    # The first of the likeliest kind, then more supply, then one of each kind, then the rest.
    order = [*ahead[:1], *_supply(standing)]
    kinds = {s.kind for s in order}
    for scenario in found:
        if scenario.kind not in kinds:
            kinds.add(scenario.kind)
            order.append(scenario)
    return [*order, *(s for s in found if not any(s is o for o in order))]


def _supply(standing: Standing) -> Iterator[Scenario]:
    problem = standing.problem
    if standing.unlimited:
        return
    lots = [s for s in np.flatnonzero(standing.open & ~standing.at_cap).tolist() if s not in standing.barriers]
    if not lots:
        return
    more = {s: -(-int(problem.packs[s]) // _MORE) for s in lots}
    packs = [int(q) + more.get(s, 0) for s, q in enumerate(problem.packs.tolist())]
    names = [str(problem.lots[s]) for s in lots]
    which = f"lot {names[0]}" if len(lots) == 1 else f"each of the {count(len(lots), 'lot')} open to it"
    single = max(more.values()) == 1
    total = amount(sum(more.values()), "pack")
    action = f"With 1 more pack of {which}" if single else f"With 1% more packs of {which} ({total})"
    if len(lots) > 1:
        action = (
            f"With 1 more pack of {which} ({total} in all)"
            if single
            else f"With 1% more packs of {which} ({total} in all)"
        )
    edits = tuple(f"lots.{problem.lots[s]}.packs={packs[s]}" for s in lots)
    yield _with_lots(problem, "supply", action, edits, pl.Series("packs", packs, dtype=pl.Int64))


def _capabilities(standing: Standing) -> Iterator[Scenario]:
    closed = [lot for lot in standing.closed if "handles" in lot.reasons]
    helpful = [lot for lot in closed if lot.reasons == ("handles",)]
    wanted = list(dict.fromkeys(lot.missing for lot in helpful))
    if len(wanted) > 1:
        wanted.append(tuple(dict.fromkeys(name for lot in helpful for name in lot.missing)))
    for missing in dict.fromkeys(tuple(sorted(m)) for m in wanted):
        yield _granted(
            standing,
            "handles",
            f"If it could handle {listed(missing, most=len(missing))}",
            missing,
            standing.problem.tables,
        )
    barred = [lot for lot in closed if set(lot.reasons) == {"earmark", "handles"}]
    for missing in dict.fromkeys(tuple(sorted(lot.missing)) for lot in barred):
        lots = [lot.lot for lot in barred if tuple(sorted(lot.missing)) == missing]
        action = f"If it could handle {listed(missing, most=len(missing))}, and {lots_words(lots)} had no earmark"
        yield _granted(standing, "both", action, missing, lift_earmarks(standing.problem.tables, lots), lots)


def _granted(
    standing: Standing, kind: str, action: str, missing: tuple[str, ...], tables: Tables, lots: list[str] | None = None
) -> Scenario:
    has = split_names(text_of(tables.needs, "handles", standing.row))
    cell = ";".join((*has, *missing))
    needs = set_cell(tables.needs, "recipient", standing.key, "handles", cell)
    lifted = [edit for lot in lots or () for edit in _lifting(standing.problem.tables.lots, lot)]
    edits = (f"needs.{standing.key}.handles={cell}", *lifted)
    return Scenario(kind, action, edits, replace(tables, needs=needs), standing.problem.terms)


def _earmarks(standing: Standing) -> Iterator[Scenario]:
    groups: dict[Earmark, list[ClosedLot]] = {}
    for lot in standing.closed:
        if lot.reasons == ("earmark",):
            groups.setdefault(lot.earmark, []).append(lot)
    problem = standing.problem
    place = dict(zip(problem.lots.to_list(), standing.outcome.water.of_lot.tolist(), strict=True))
    supply = {key: int(q) * w for key, q, w in zip(problem.lots.to_list(), problem.packs, problem.worth, strict=True)}

    def likely(pair: tuple[Earmark, list[ClosedLot]]) -> tuple[Any, ...]:
        lots = [lot.lot for lot in pair[1]]
        return (max(place[s] for s in lots) <= standing.place, -sum(supply[s] for s in lots), lots)

    for turn, (earmark, lots) in enumerate(sorted(groups.items(), key=likely)):
        names = [lot.lot for lot in lots]
        meant = f" ({earmark_words(problem.tables, earmark)})" if len(earmark.allowed) + len(earmark.barred) < 3 else ""
        yield without_earmarks(problem, f"Without the earmark of {lots_words(names)}{meant}", names)
        if not turn and len(groups) > 1:
            every = sorted(lot.lot for lots in groups.values() for lot in lots)
            action = f"If all {count(len(every), 'lot')} earmarked for others were open to everybody"
            yield without_earmarks(problem, action, every)


def without_earmarks(problem: Problem, action: str, lots: list[str]) -> Scenario:
    """Return the round in which some lots are open to everybody."""
    edits = tuple(edit for lot in lots for edit in _lifting(problem.tables.lots, lot))
    return Scenario("earmark", action, edits, lift_earmarks(problem.tables, lots), problem.terms, tuple(lots))


def lift_earmarks(tables: Tables, lots: list[str]) -> Tables:
    """Return the tables with some lots open to everybody."""
    columns = [c for c in ("for", "not_for") if c in tables.lots.columns]
    lifted = pl.when(pl.col("lot").is_in(lots)).then(None)
    return replace(tables, lots=tables.lots.with_columns(lifted.otherwise(pl.col(c)).alias(c) for c in columns))


def _lifting(lots: pl.DataFrame, lot: str) -> list[str]:
    earmark = earmark_of(lots, find_place(lots["lot"], lot) or 0)
    return [f"lots.{lot}.{c}=" for c, names in (("for", earmark.allowed), ("not_for", earmark.barred)) if names]


def _weekly_use(standing: Standing) -> Iterator[Scenario]:
    rate = amount_of(standing.problem, "per_week", standing.row)
    slow = any(lot.reasons == ("shelf life",) for lot in standing.closed)
    if rate is None or not (standing.at_cap.any() or slow):
        return
    doubled = Fraction(rate) * 2
    if doubled:
        action = f"If it could use twice as much a week ({exact(doubled)})"
        yield _with_need(standing, "per week", action, "per_week", doubled)
    else:
        yield _with_need(standing, "per week", "If it could use any amount a week", "per_week", None)


def _more_room(standing: Standing) -> Iterator[Scenario]:
    stated = amount_of(standing.problem, "capacity", standing.row)
    short = standing.target - standing.held
    if stated is not None and standing.capacity < short and standing.open.any():
        action = f"If it could take all that it is short of ({exact(short)})"
        yield _with_need(standing, "capacity", action, "capacity", short)


def _shipments(standing: Standing) -> Iterator[Scenario]:
    problem = standing.problem
    barred = [str(problem.lots[s]) for s, barrier in standing.barriers.items() if barrier == "minimum shipment"]
    lots = sorted({*barred, *(lot.lot for lot in standing.closed if lot.reasons == ("minimum shipment",))})
    if lots:
        least = [1 if key in lots else q for key, q in zip(problem.lots.to_list(), problem.least.tolist(), strict=True)]
        edits = tuple(f"lots.{lot}.min_packs=1" for lot in lots)
        action = f"Without the smallest shipment of {lots_words(lots)}"
        yield _with_lots(problem, "minimum shipment", action, edits, pl.Series("min_packs", least, dtype=pl.Int64))


def _lot_limit(standing: Standing) -> Iterator[Scenario]:
    terms = standing.problem.terms
    if terms.max_lots is not None and ("lot limit" in standing.barriers.values() or standing.limit == "lot limit"):
        action = f"If a recipient might get {count(terms.max_lots + 1, 'lot')} instead of {number(terms.max_lots)}"
        yield Scenario("lot limit", action, (), standing.problem.tables, replace(terms, max_lots=terms.max_lots + 1))


def by_targets_alone(problem: Problem) -> Scenario:
    """Return the round shared in proportion to targets alone: as if nobody held anything, with the same room for each."""
    room = amounts(problem.capacity, problem.scale).alias("capacity")
    needs = problem.tables.needs.drop("held", strict=False).with_columns(room)
    terms = replace(problem.terms, rule="equal-coverage")
    return Scenario("rule", "Shared in proportion to targets alone", (), replace(problem.tables, needs=needs), terms)


def _with_lots(problem: Problem, kind: str, action: str, edits: tuple[str, ...], column: pl.Series) -> Scenario:
    tables = replace(problem.tables, lots=problem.tables.lots.with_columns(column))
    return Scenario(kind, action, edits, tables, problem.terms)


def _with_need(standing: Standing, kind: str, action: str, column: str, value: Fraction | None) -> Scenario:
    tables = standing.problem.tables
    needs = set_cell(tables.needs, "recipient", standing.key, column, value)
    edit = f"needs.{standing.key}.{column}={'' if value is None else exact(value).replace(',', '')}"
    return Scenario(kind, action, (edit,), replace(tables, needs=needs), standing.problem.terms)


def set_cell(frame: pl.DataFrame, key: str, row: str, column: str, value: Fraction | str | None) -> pl.DataFrame:
    """Return a table with one cell changed; an amount keeps the column whole where it can."""
    if isinstance(value, Fraction):
        whole = value.denominator == 1 and not (
            column in frame.columns and isinstance(frame.schema[column], pl.Decimal)
        )
        kind: Any = pl.Int64 if whole else _AMOUNT
        cell = pl.lit(int(value) if whole else Decimal(value.numerator) / Decimal(value.denominator)).cast(kind)
    else:
        kind = pl.String if isinstance(value, str) else frame.schema[column]
        cell = pl.lit(value, dtype=kind)
    old = pl.col(column).cast(kind) if column in frame.columns else pl.lit(None, dtype=kind)
    return frame.with_columns(pl.when(pl.col(key) == row).then(cell).otherwise(old).alias(column))
