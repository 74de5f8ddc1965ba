"""A solved round as the certificate and tables of a plan folder, and back (docs/reference/plan-folder.md).

Called by `evenhand.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.lines import Lines, sort_lines
from evenhand.allocation.outcome import MICRO, Bound, Outcome, lines_table, lots_table, recipients_table
from evenhand.allocation.problem import Problem, Terms, build_problem
from evenhand.allocation.waterlines import Key, Waterlines, hold_capped, hold_movable, order_waterlines, pairs_at_cap
from evenhand.errors import PlanUnreadable
from evenhand.supply.tables import Tables

FORMAT = "evenhand-certificate/1"


def certificate_of(outcome: Outcome) -> dict[str, Any]:
    """Return the certificate of a solved round, without the hashes that writing adds."""
    terms = outcome.problem.terms
    record: dict[str, Any] = {"format": FORMAT, "rule": terms.rule}
    if terms.rule == "floor-then-weighted":
        record["floor"] = str(terms.floor)
    record |= {
        "date": terms.day.isoformat(),
        "divisible": terms.divisible,
        "max_lots": terms.max_lots,
        "claim": outcome.claim,
        "waterlines": _waterlines(outcome.problem, outcome.water, divisible=terms.divisible),
        "bound": None if outcome.bound is None else _bound(outcome.problem, outcome.bound),
    }
    return record


def _waterlines(problem: Problem, water: Waterlines, *, divisible: bool) -> dict[str, Any]:
    words: list[Any] = []
    for key in water.keys:
        halves = None if key is None else [str(key[0])] if divisible else [str(half) for half in key]
        words.append("unlimited" if halves is None else halves)
    return {
        lot: words[place] if place >= 0 else "none"
        for lot, place in zip(problem.lots.to_list(), water.of_lot.tolist(), strict=True)
    }


def _bound(problem: Problem, bound: Bound) -> dict[str, Any]:
    closed = bound.closed
    gap = None if bound.lowest is None or bound.reached is None else bound.lowest - bound.reached
    return {
        "lowest_level": None if bound.lowest is None else str(bound.lowest),
        "waterlines": _waterlines(problem, bound.water, divisible=True),
        "gap": None if gap is None else str(gap),
        "swaps": "none improving",
        "closed": None if closed is None else {"levels": closed[0], "solver": closed[1], "seconds": closed[2]},
    }


def frames_of(outcome: Outcome) -> dict[str, pl.DataFrame]:
    """Return the tables of a plan folder by file name."""
    frames = {
        "plan.csv": lines_table(outcome),
        "recipients.csv": recipients_table(outcome),
        "lots.csv": lots_table(outcome),
    }
    if outcome.bound is not None:
        frames["bound.csv"] = lines_table(_with_lines(outcome, outcome.bound.lines)).select("lot", "recipient", "packs")
        reached, bound = outcome.bound.levels
        frames["levels.csv"] = pl.DataFrame(
            {"rank": np.arange(1, len(reached) + 1), "level": reached / MICRO, "bound": bound / MICRO}
        )
    return frames


def _with_lines(outcome: Outcome, lines: Lines) -> Outcome:
    received = lines.received(outcome.problem.worth, len(outcome.problem.target), outcome.problem.target.dtype)
    return Outcome(outcome.problem, lines, outcome.water, received)


def outcome_from(tables: Tables, frames: Mapping[str, pl.DataFrame], certificate: Mapping[str, Any]) -> Outcome:
    """Put a solved round together again from its plan folder.

    Raises
    ------
    PlanUnreadable
        The certificate and the tables do not fit together.
    """
    try:
        floor = Fraction(str(certificate.get("floor", "1/5")))
        day = date.fromisoformat(certificate["date"])
        terms = Terms(certificate["rule"], floor, day, certificate["max_lots"], bool(certificate["divisible"]))
        problem = build_problem(tables, terms)
        lines = _read_lines(problem, frames["plan.csv"], divisible=terms.divisible)
        water = _read_waterlines(problem, certificate["waterlines"], pairs_at_cap(problem, lines))
        received = lines.received(problem.worth, len(problem.target), problem.target.dtype)
        if certificate["claim"] == "proved best":
            water = hold_capped(problem, water, received, lines.per, 0 if terms.divisible else problem.unit)
        else:
            water = hold_movable(problem, water, lines, received)
        bound = None
        if certificate["bound"] is not None:
            bound = _read_bound(problem, certificate["bound"], frames)
    except (KeyError, ValueError, TypeError, AttributeError, pl.exceptions.PolarsError, ZeroDivisionError):
        raise PlanUnreadable(
            "the certificate and the tables of this plan do not fit together; `evenhand check` tells more"
        ) from None
    return Outcome(problem, lines, water, received, bound)


def _read_lines(problem: Problem, frame: pl.DataFrame, *, divisible: bool) -> Lines:
    lot = _places(frame["lot"], problem.lots)
    recipient = _places(frame["recipient"], problem.recipients)
    if not divisible:
        packs = frame["packs"].cast(pl.Int64).to_numpy()
        return sort_lines(lot, recipient, packs, (1,) * len(problem.worth))
    shares = [Fraction(text) for text in frame["packs"].to_list()]
    per = 1
    for share, place in zip(shares, lot.tolist(), strict=True):
        amount = share * problem.worth[place]
        per = per * amount.denominator // np.gcd(per, amount.denominator)
    per = int(per)
    amounts = np.array([int(s * problem.worth[k] * per) for s, k in zip(shares, lot.tolist(), strict=True)], object)
    return sort_lines(lot, recipient, amounts, tuple(w * per for w in problem.worth), per)


def _places(names: pl.Series, keys: pl.Series) -> npt.NDArray[np.int64]:
    places = {key: place for place, key in enumerate(keys.to_list())}
    return np.array([places[name] for name in names.to_list()], np.int64)


def _read_waterlines(problem: Problem, record: Mapping[str, Any], at_cap: npt.NDArray[np.bool_] | None) -> Waterlines:
    keys: list[Key | None | str] = []
    for lot in problem.lots.to_list():
        value = record[lot]
        if isinstance(value, str):
            keys.append(None if value == "unlimited" else "none")
        else:
            halves = [Fraction(half) for half in value]
            keys.append((halves[0], halves[-1]))
    return order_waterlines(problem, keys, at_cap)


def _read_bound(problem: Problem, record: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> Bound:
    lines = _read_lines(problem, frames["bound.csv"], divisible=True)
    water = _read_waterlines(problem, record["waterlines"], pairs_at_cap(problem, lines))
    levels = frames["levels.csv"]
    low, reached = (
        (levels[name].str.replace(".", "", literal=True).cast(pl.Int64).to_numpy()) for name in ("bound", "level")
    )
    lowest = None if record["lowest_level"] is None else Fraction(record["lowest_level"])
    gap = None if record["gap"] is None else Fraction(record["gap"])
    closed = record["closed"]
    return Bound(
        lines,
        water,
        lowest,
        None if lowest is None or gap is None else lowest - gap,
        (reached, low),
        None if closed is None else (int(closed["levels"]), str(closed["solver"]), str(closed["seconds"])),
    )
