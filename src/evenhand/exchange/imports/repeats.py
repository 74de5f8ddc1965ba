"""Rows that repeat another in every cell: found and named, never dropped.

Called by `read`. Two equal deliveries on one day may both be true; only a person can say.
"""

from __future__ import annotations

import polars as pl

from evenhand.exchange.tables.sheet import Sheet

MOST_GROUPS = 1_000
"""How many groups are listed; a file with more repeats is a file sent wrongly."""


def find_repeats(sheet: Sheet) -> tuple[tuple[int, ...], ...]:
    """Return the rows of the file, as a person counts, that are equal in every cell, group by group."""
    if sheet.height < 2:
        return ()
    frame = pl.DataFrame([column.alias(str(place)) for place, column in enumerate(sheet.columns)])
    # A hash of each row is eight bytes where the rows themselves are a hundred; equal hashes are then compared.
    hashes = frame.hash_rows()
    ordered = hashes.sort()
    again = ordered.filter(ordered == ordered.shift(1))
    if again.is_empty():
        return ()
    shared = hashes.is_in(again.unique().implode())
    places = shared.arg_true()
    few = frame[places].with_columns(places.alias("#place"))
    by = [name for name in few.columns if name != "#place"]
    groups = few.group_by(by, maintain_order=True).agg("#place").filter(pl.col("#place").list.len() > 1)
    return tuple(tuple(sheet.row(place) for place in group) for group in groups["#place"].head(MOST_GROUPS).to_list())
