"""Rows into tables by the hundred thousand: one prepared statement on SQLite, COPY on PostgreSQL, in slices.

Used by every register after its check, inside the action's transaction. Values are plain: text, numbers, None. The keys
and laws of the database hold here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

SLICE = 10_000
"""Rows turned into Python values at a time, so that a million need no more memory than these."""


def insert(
    table: str, frame: pl.DataFrame, constants: Mapping[str, Any] | None = None, *, but: pl.Series | None = None
) -> None:
    """Write a frame's rows into a table whose columns it is named by.

    Parameters
    ----------
    constants
        Columns that hold one value in every row.
    but
        Rows that are left out where it is true.
    """
    if not frame.height or (but is not None and but.all()):
        return
    same = dict(constants or {})
    columns = ", ".join(f'"{name}"' for name in (*frame.columns, *same))
    marks = ", ".join(["%s"] * (frame.width + len(same)))
    slices = _slices(frame, but if but is not None and but.any() else None, tuple(same.values()))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for rows in slices:  # slice by slice: Django would keep a generator's rows until the last
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 -- names of our own
        else:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for rows in slices:
                    for row in rows:
                        copy.write_row(row)


def _slices(frame: pl.DataFrame, but: pl.Series | None, constants: tuple[Any, ...]) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, frame.height, SLICE):
        piece = frame.slice(start, SLICE)
        if but is not None:
            piece = piece.filter(~but.slice(start, SLICE))
        yield [row + constants for row in piece.rows()]


def moment(at: datetime) -> str:
    """Return a time as a column of the database holds it."""
    return str(connection.ops.adapt_datetimefield_value(at)) if connection.vendor == "sqlite" else at.isoformat()


def day_text(name: str) -> pl.Expr:
    """Return a column of days as ISO text."""
    return pl.col(name).dt.to_string("%Y-%m-%d")
