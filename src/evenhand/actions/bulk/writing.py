"""Rows into tables by the hundred thousand: one prepared statement on SQLite, COPY on PostgreSQL, in slices.

Used by every register after its check, inside the action's transaction. Values are plain: text, numbers, None. The keys
and laws of the database hold here as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

SLICE = 10_000
"""Rows turned into Python values at a time, so that a million need no more memory than these."""


def insert(table: str, frame: pl.DataFrame) -> int:
    """Write a frame's rows into a table whose columns it is named by; return how many."""
    if not frame.height:
        return 0
    columns = ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * frame.width)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", _rows(frame))  # type: ignore[arg-type]  # noqa: S608 -- sqlite3 takes any iterable; names of our own
        else:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in _rows(frame):
                    copy.write_row(row)
    return frame.height


def _rows(frame: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    for piece in frame.iter_slices(SLICE):
        yield from piece.rows()


def moment(at: datetime) -> str:
    """Return a time as a column of the database holds it."""
    return str(connection.ops.adapt_datetimefield_value(at)) if connection.vendor == "sqlite" else at.isoformat()


def day_text(name: str) -> pl.Expr:
    """Return a column of days as ISO text."""
    return pl.col(name).dt.to_string("%Y-%m-%d")
