"""Quantities of a whole column: from numbers and units to whole base units, exactly, by the resources' own packs.

Used by the checks of needs, offers and entries. The same answers as `records.quantities.read_quantity`, and for a row that
is refused its very sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.problems import Problems
from evenhand.errors import InputRefused
from evenhand.ledger.entries import LARGEST_QUANTITY
from evenhand.records.quantities import read_quantity, units_of

MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Units:
    """Hold, for each row, its resource, the unit of its numbers, and how many base units that is (null: unknown)."""

    resource: pl.Series
    unit: pl.Series
    size: pl.Series


def read_units(resource: pl.Series, unit: pl.Series, known: Known, problems: Problems) -> Units:
    """Return the unit of each row, the base unit where none is said.

    A unit that the resource lacks, and money of which nobody said whether it is dollars or cents, are reported.
    """
    silent = [one.key for one in known.resources.values() if one.kind == "money" and one.packs]
    unsaid = unit.is_null() & resource.is_in(silent).fill_null(value=False)
    problems.add_all(unsaid, "unit", lambda i: _say_unsaid(known, resource[i]))
    usual = {one.key: one.base_unit for one in known.resources.values()}
    named = unit.fill_null(resource.replace_strict(usual, default=None, return_dtype=pl.String)).alias("unit")
    if unit.null_count() == len(unit):
        return Units(resource, named, pl.Series("size", [1]).new_from_index(0, len(unit)).set(named.is_null(), None))
    pairs = pl.DataFrame([resource.alias("resource"), named])
    size = pairs.join(known.units, on=["resource", "unit"], how="left", maintain_order="left")["size"]
    lacking = size.is_null() & resource.is_in(known.resource_keys.implode()).fill_null(value=False)
    problems.add_all(lacking, "unit", lambda i: say_quantity(known, resource[i], "1", named[i], "unit"))
    return Units(resource, named, size)


def base_units(numbers: pl.Series, units: Units, known: Known, problems: Problems, *, least: int = 1) -> pl.Series:
    """Return exact numbers of units as whole base units; what makes none is reported, and null."""
    column = numbers.name
    product = pl.DataFrame([numbers.to_physical().alias("number"), units.size]).select(
        pl.col("number") * pl.col("size").cast(pl.Int128)
    )
    million = pl.lit(MILLION, dtype=pl.Int128)
    low, high = pl.lit(least, dtype=pl.Int128), pl.lit(LARGEST_QUANTITY, dtype=pl.Int128)
    number = pl.col("number")
    whole = number // million
    wrong = product.select((number % million != 0) | (whole < low) | (whole > high)).to_series()
    if wrong.any():
        problems.add_all(
            wrong, column,
            lambda i: say_quantity(known, units.resource[i], plain(numbers[i]), units.unit[i], column, least),
        )  # fmt: skip
        product = product.with_columns(pl.when(~wrong.fill_null(value=False)).then(number).alias("number"))
    return product.select(whole.cast(pl.Int64)).to_series().alias(column)


def typed(column: pl.Series) -> pl.Series:
    """Return exact numbers as plain text: without needless zeros.

    Examples
    --------
    >>> from decimal import Decimal
    >>> typed(pl.Series([Decimal("1200.50"), Decimal("40")], dtype=pl.Decimal(38, 6))).to_list()
    ['1200.5', '40']
    """
    text = column.cast(pl.String)
    return text.str.replace(r"\.0+$", "").str.replace(r"(\.[0-9]*[1-9])0+$", "${1}")


def plain(number: object) -> str:
    """Return one exact number as plain text."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_quantity(known: Known, resource: str, number: str, unit: str, column: str, least: int = 1) -> str:
    """Return why a quantity is refused, as the single action would say it."""
    try:
        read_quantity(known.resources[resource], number, unit, least=least, column=column)
    except InputRefused as refused:
        return refused.problems[0].text
    raise AssertionError((resource, number, unit))  # pragma: no cover - both read by the same rules


def _say_unsaid(known: Known, resource: str) -> str:
    units = units_of(known.resources[resource])
    return f"{resource} could be counted in {' or '.join(units)}; say which in the column unit, such as {resource}"
