"""Turn sound tables into the exact integers that the engine computes with.

Called by `evenhand.allocation.solve`. Every quantity becomes a whole number: service units times `scale`, where the
scale is the least that makes targets, held, capacities, tiers and pack worths whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.eligibility import Eligibility, find_eligibility
from evenhand.errors import OptionRefused
from evenhand.fairness.rules import Pieces, get_rule, level_pieces
from evenhand.supply.columns import AMOUNT_DECIMALS
from evenhand.supply.tables import Tables

Integers = npt.NDArray[Any]
_MICRO = 10**AMOUNT_DECIMALS
_SAFE = 2**62
"""Products below this are exact in 64 bits, with room for one addition."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold the terms of a round: everything that is neither need nor lot.

    Attributes
    ----------
    max_lots
        The most different lots one recipient may get; None for no limit.
    divisible
        Packs may be split (money, bulk goods).
    """

    rule: str
    floor: Fraction
    day: date
    max_lots: int | None = None
    divisible: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Hold one allocation problem in exact integers (DESIGN.md 4.1).

    Attributes
    ----------
    scale
        Whole units per service unit; `target`, `held`, `capacity` and `worth` are in these.
    worth
        Units of a pack, per lot.
    packs
        Packs there are, per lot, int64.
    eligibility
        Classes of recipients with the same lots open to them.
    """

    tables: Tables
    terms: Terms
    scale: int
    target: Integers
    held: Integers
    capacity: Integers
    pieces: Pieces
    worth: tuple[int, ...]
    packs: npt.NDArray[np.int64]
    least: npt.NDArray[np.int64]
    eligibility: Eligibility

    @property
    def recipients(self) -> pl.Series:
        """Return the keys of the recipients."""
        return self.tables.needs["recipient"]

    @property
    def lots(self) -> pl.Series:
        """Return the keys of the lots."""
        return self.tables.lots["lot"]

    @property
    def unit(self) -> int:
        """Return the worth of a pack where all are worth the same: of the first lot that has any."""
        return next((w for w, q in zip(self.worth, self.packs.tolist(), strict=True) if q), 1)

    @property
    def equal_packs(self) -> bool:
        """Say whether whole packs can be proved best: equal worth, no minimum shipment, no lot limit (§4.2)."""
        used = [w for w, q in zip(self.worth, self.packs.tolist(), strict=True) if q]
        return len(set(used)) <= 1 and not bool((self.least[self.packs > 0] > 1).any()) and self.terms.max_lots is None


def pack_worths(lots: pl.DataFrame) -> list[Fraction]:
    """Return the service units of one pack of each lot: pack_size / per_person, exactly.

    Examples
    --------
    >>> pack_worths(pl.DataFrame({"lot": ["A"], "pack_size": [100], "per_person": [2]}))
    [Fraction(50, 1)]
    """
    ones = [1] * lots.height
    sizes = lots["pack_size"].to_list() if "pack_size" in lots.columns else ones
    each = lots["per_person"].to_list() if "per_person" in lots.columns else ones
    return [Fraction(size) / Fraction(per) for size, per in zip(sizes, each, strict=True)]


def build_problem(tables: Tables, terms: Terms) -> Problem:
    """Build the exact problem of a round.

    Raises
    ------
    NameUnknown
        The rule does not exist.
    OptionRefused
        `max_lots` is below 1, or `max_lots` or smallest shipments stand together with divisible goods.
    """
    get_rule(terms.rule)
    if terms.max_lots is not None and terms.max_lots < 1:
        raise OptionRefused(f"max-lots is {terms.max_lots}; a recipient must be allowed at least 1 lot")
    if terms.divisible and terms.max_lots is not None:
        raise OptionRefused("max-lots limits whole packs; leave it out for divisible goods")
    needs, lots = tables.needs, tables.lots
    if terms.divisible and "min_packs" in lots.columns and (large := lots.filter(pl.col("min_packs") > 1)).height:
        raise OptionRefused(
            f"lot {large['lot'][0]} has a smallest shipment of {large['min_packs'][0]} packs, and divisible goods have none; "
            "leave min_packs out, or share whole packs"
        )
    worths = pack_worths(lots)
    tier_names = sorted((c for c in needs.columns if c.startswith("tier_")), key=lambda name: int(name[5:]))
    amounts = [c for c in ("target", "held", "capacity", "per_week", *tier_names) if c in needs.columns]
    finest = _MICRO if any(isinstance(needs.schema[c], pl.Decimal) for c in amounts) else 1
    scale = math.lcm(finest, *(w.denominator for w in worths))
    if terms.rule == "floor-then-weighted":
        scale *= terms.floor.denominator

    largest = max((_largest(needs[c]) for c in amounts), default=1)
    weighted = terms.rule in ("need-weighted", "floor-then-weighted") and "weight" in needs.columns
    weight_scale = _MICRO if weighted and isinstance(needs.schema["weight"], pl.Decimal) else 1
    heaviest = math.ceil(_largest(needs["weight"])) * weight_scale if weighted else 1
    depth = len(tier_names) + 2
    kind = np.int64 if depth * 4 * (largest + 1) * scale * heaviest * terms.floor.denominator < _SAFE else np.object_

    target = scaled(needs["target"], scale, kind)
    held = scaled(needs["held"], scale, kind) if "held" in needs.columns else np.zeros_like(target)
    capacity = np.maximum(target - held, 0)
    if "capacity" in needs.columns:
        stated = needs["capacity"].is_not_null().to_numpy()
        capacity = np.where(stated, scaled(needs["capacity"].fill_null(0), scale, kind), capacity)
    pieces = level_pieces(
        terms.rule,
        target,
        weight=scaled(needs["weight"], weight_scale, kind) if weighted else None,
        weight_scale=weight_scale,
        tiers=[scaled(needs[c].fill_null(0), scale, kind) for c in tier_names],
        floor=terms.floor,
    )
    packs = lots["packs"].to_numpy().astype(np.int64)
    least = (
        lots["min_packs"].to_numpy().astype(np.int64) if "min_packs" in lots.columns else np.ones(len(packs), np.int64)
    )
    worth = tuple(int(w * scale) for w in worths)
    eligibility = find_eligibility(tables, terms.day, capacity, worth, packs, scale)
    return Problem(tables, terms, scale, target, held, capacity, pieces, worth, packs, least, eligibility)


def scaled(column: pl.Series, scale: int, kind: Any) -> Integers:
    """Return an amount column times `scale`, exactly, as int64 or Python integers."""
    if isinstance(column.dtype, pl.Decimal):
        micro = (column.cast(pl.Decimal(38, AMOUNT_DECIMALS)) * _MICRO).cast(pl.Int64).to_numpy()
        if scale % _MICRO == 0:
            whole: Integers = micro.astype(kind) * (scale // _MICRO)
            return whole
        exact: Integers = (micro.astype(object) * scale // _MICRO).astype(kind)
        return exact
    plain: Integers = column.to_numpy().astype(kind) * scale
    return plain


def _largest(column: pl.Series) -> int:
    return math.ceil(column.cast(pl.Float64).max() or 0)  # type: ignore[arg-type]  # max of a Float64 column is a float
