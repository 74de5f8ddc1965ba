"""Quantities of a whole column: from numbers and units to whole base units, exactly, by the resources' own packs.

Used by the checks of needs, offers and entries. The same answers as `records.quantities.read_quantity`, and for a row that
is refused its very sentence.
"""

from __future__ import annotations

import polars as pl

from evenhand.actions.bulk.known import Known
from evenhand.actions.bulk.problems import Problems
from evenhand.errors import InputRefused
from evenhand.ledger.entries import LARGEST_QUANTITY
from evenhand.records.quantities import read_quantity, units_of

MILLION = 10**6


def with_units(frame: pl.DataFrame, known: Known, problems: Problems) -> pl.DataFrame:
    """Return a frame with `unit` filled in (the base unit where none is said) and `size`, its base units.

    Rows whose resource is unknown have neither. A unit that the resource lacks, and money of which nobody said whether it
    is dollars or cents, are reported.
    """
    if "unit" not in frame.columns:
        frame = frame.with_columns(unit=pl.lit(None, dtype=pl.String))
    silent = [one.key for one in known.resources.values() if one.kind == "money" and one.packs]
    if silent:
        unsaid = frame["unit"].is_null() & frame["resource"].is_in(silent).fill_null(value=False)
        problems.add_all(unsaid, "unit", lambda i: _say_unsaid(known, frame["resource"][i]))
    usual = pl.DataFrame(
        {"resource": list(known.resources), "usual": [one.base_unit for one in known.resources.values()]},
        schema={"resource": pl.String, "usual": pl.String},
    )
    frame = frame.join(usual, on="resource", how="left", maintain_order="left")
    frame = frame.with_columns(pl.coalesce("unit", "usual").alias("unit")).drop("usual")
    frame = frame.join(known.units, on=["resource", "unit"], how="left", maintain_order="left")
    lacking = frame["size"].is_null() & frame["resource"].is_in(known.resource_keys.implode()).fill_null(value=False)
    problems.add_all(
        lacking, "unit", lambda i: say_quantity(known, frame["resource"][i], "1", frame["unit"][i], "unit")
    )
    return frame


def base_units(frame: pl.DataFrame, column: str, known: Known, problems: Problems, *, least: int = 1) -> pl.Series:
    """Return a column of a frame that `with_units` made as whole base units; what makes none is reported, and null."""
    numbers = pl.DataFrame([frame[column].to_physical().alias("number"), frame["size"].cast(pl.Int128)])
    million = pl.lit(MILLION, dtype=pl.Int128)
    counted = numbers.select(
        whole=pl.col("number") * pl.col("size") // million, part=pl.col("number") * pl.col("size") % million
    )
    low, high = pl.lit(least, dtype=pl.Int128), pl.lit(LARGEST_QUANTITY, dtype=pl.Int128)
    wrong = counted.select((pl.col("part") != 0) | (pl.col("whole") < low) | (pl.col("whole") > high)).to_series()
    if wrong.any():
        problems.add_all(
            wrong, column,
            lambda i: say_quantity(known, frame["resource"][i], plain(frame[column][i]), frame["unit"][i], column, least),
        )  # fmt: skip
        return counted["whole"].set(wrong.fill_null(value=False), None).cast(pl.Int64, strict=False).alias(column)
    return counted["whole"].cast(pl.Int64).alias(column)


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
