"""From raw columns to the typed columns of a register, by its declaration alone.

Called by `read`. Checks cell by cell, and finds keys that occur twice; whether a key is known anywhere is for whoever
has the records.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from evenhand.exchange.imports.asking import Asking
from evenhand.exchange.imports.days import read_days
from evenhand.exchange.imports.separators import read_numbers
from evenhand.exchange.imports.words import (
    read_choices,
    read_codes,
    read_measures,
    read_plain_keys,
    read_texts,
    trimmed,
)
from evenhand.exchange.tables.headings import match_headings
from evenhand.exchange.tables.keys import as_text, read_names
from evenhand.exchange.tables.sheet import quoted
from evenhand.exchange.tables.write import order_columns
from evenhand.supply.columns import Column, Table

NUMBERS = frozenset({"quantity", "count", "amount", "positive", "degrees"})
READERS = {"plain-key": read_plain_keys, "choice": read_choices, "codes": read_codes, "measures": read_measures}


def read_columns(table: Table, asking: Asking) -> pl.DataFrame:
    """Return the known columns of a sheet, typed, in declared order; unknown ones are noted and left out."""
    headed = match_headings(asking.sheet, asking.findings)
    # A million rows need not be held as they came and as they were read at the same time.
    asking.sheet = replace(asking.sheet, columns=())
    read: dict[str, pl.Series] = {}
    units: pl.Series | None = None
    headed.unknown.clear()
    for name in order_columns(list(headed.known), table):
        column, raw = headed.known.pop(name)
        if raw.null_count() == len(raw) and len(raw) and not column.required:
            continue
        if column.kind in NUMBERS:
            numbers = read_numbers(raw, column, name, asking)
            read[name] = numbers.values
            units = units if numbers.units is None else numbers.units
        elif column.kind == "date":
            read[name] = read_days(raw, column, name, asking)
        elif column.kind == "names":
            read[name] = read_names(raw, name, asking.sheet, asking.findings)
        elif column.kind == "text":
            read[name] = read_texts(raw, name, asking)
        else:
            read[name] = READERS[column.kind](raw, column, name, asking)
        if column.required:
            _find_missing(raw, column, name, asking)
    if units is not None and table.column("unit") is not None:
        read["unit"] = _join_units(units, read.get("unit"), asking)
    frame = pl.DataFrame([read[name] for name in order_columns(list(read), table)])
    _find_twice(frame, table, asking)
    return frame


def _find_missing(raw: pl.Series, column: Column, name: str, asking: Asking) -> None:
    text = trimmed(as_text(raw)) if raw.dtype == pl.String else raw
    if text.null_count():
        works = {"choice": f"write one of {', '.join(column.choices)}", "date": "write a date such as 2021-03-02"}
        instead = works.get(column.kind, "every row needs one")
        asking.add_rows(name, text.is_null(), lambda _: f"{name} is missing; {instead}")


def _join_units(behind: pl.Series, own: pl.Series | None, asking: Asking) -> pl.Series:
    """Return the units of a table, from their own column or from behind the number; they must not disagree."""
    if own is None:
        return behind.alias("unit")
    differ = (behind.str.to_lowercase() != own.str.to_lowercase()).fill_null(value=False)
    asking.add_rows(
        "unit",
        differ,
        lambda i: f"unit is {quoted(own[i])}, but the quantity says {quoted(behind[i])}; write one of them",
    )
    return own.fill_null(behind).alias("unit")


def _find_twice(frame: pl.DataFrame, table: Table, asking: Asking) -> None:
    """Report every key that a row above has already."""
    keys = [name for name in table.unique if name in frame.columns]
    if not keys or len(keys) < len(table.unique):
        return
    key = frame[keys[0]]
    twice = key.is_not_null() & ~key.is_first_distinct()
    if not twice.any():
        return
    first: dict[str, int] = {}
    for index, value in enumerate(key.to_list()):
        first.setdefault(value, index)
    asking.add_rows(
        keys[0],
        twice,
        lambda i: (
            f"{keys[0]} is {quoted(key[i])}, as in row {asking.sheet.row(first[key[i]])}; every row needs its own"
        ),
    )
