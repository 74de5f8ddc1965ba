"""Columns of dates: ISO only, and what was probably meant where it is not.

Called by `columns`. A date that could be two days is never guessed.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from evenhand.exchange.tables.amiss import say_not_a_date
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Column

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
"""Dates outside these are typing errors."""


def read_dates(raw: pl.Series, column: Column, name: str, sheet: Sheet, findings: Findings) -> pl.Series:
    """Return a column of dates; what is not an ISO date goes to `findings` and becomes null."""
    if raw.dtype == pl.Date:
        days = raw
    else:
        text = as_text(raw).str.strip_chars()
        text = text.set((text == "").fill_null(value=False), None)
        # A spreadsheet or a script writes a day as midnight of that day.
        iso = text.str.replace(r"[T ]00:00(:00(\.0+)?)?(Z|\+00:00)?$", "")
        iso = iso.set(~iso.str.contains(r"^\d{4}-\d{2}-\d{2}$").fill_null(value=True), None)
        days = iso.str.to_date("%Y-%m-%d", strict=False)
        wrong = days.is_null() & text.is_not_null()
        findings.add_rows(sheet, name, wrong, lambda i: say_not_a_date(name, text[i], column))
    odd = ((days < EARLIEST) | (days > LATEST)).fill_null(value=False)
    findings.add_rows(
        sheet, name, odd, lambda i: f"{name} is {days[i]}; dates before {EARLIEST.year} or after {LATEST.year} are taken for typing errors"
    )  # fmt: skip
    return days.alias(name)
