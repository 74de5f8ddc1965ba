"""From a sheet of raw columns to a table of typed ones, by the declarations of `supply.columns` alone.

Called by `read`. Checks cell by cell; rules that span columns, rows or tables are in `soundness`.
"""

from __future__ import annotations

import polars as pl

from evenhand.exchange.tables.amiss import what_works
from evenhand.exchange.tables.dates import read_dates
from evenhand.exchange.tables.headings import match_headings
from evenhand.exchange.tables.keys import read_keys, read_names, read_text, read_unknown
from evenhand.exchange.tables.numbers import read_numbers
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.exchange.tables.write import order_columns
from evenhand.supply.columns import Column

NUMBERS = ("count", "amount", "positive")


def read_columns(sheet: Sheet, findings: Findings) -> pl.DataFrame:
    """Return the typed columns of a sheet, known ones first, in declared order; rows keep their order.

    Required columns that are missing are missing from the frame too; cells that were refused are null.
    """
    headed = match_headings(sheet, findings)
    read = {
        name: _read_column(raw, column, name, sheet, findings)
        for name in order_columns(list(headed.known), sheet.table)
        for column, raw in [headed.known[name]]
    }
    read |= {name: read_unknown(raw, name, sheet, findings) for name, raw in headed.unknown.items()}
    return pl.DataFrame(list(read.values()))


def _read_column(raw: pl.Series, column: Column, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    if column.kind == "key":
        return read_keys(raw, name, sheet, findings, required=column.required)
    if column.kind == "text":
        return read_text(raw, name, sheet, findings)
    if column.kind == "names":
        return read_names(raw, name, sheet, findings)
    if column.kind == "date":
        return read_dates(raw, column, name, sheet, findings)
    numbers = read_numbers(raw, column, name, sheet, findings)
    if not numbers.null_count():
        return numbers
    if column.required:
        empty = raw.is_null() if raw.dtype != pl.String else raw.is_null() | (raw.str.strip_chars() == "")
        findings.add_rows(sheet, name, empty, lambda _: f"{name} is missing; {what_works(column)}")
    # Only a default that is a number can be filled in; the others ("target minus held") belong to the engine.
    return numbers.fill_null(int(column.default)) if column.default and column.default.isdecimal() else numbers
