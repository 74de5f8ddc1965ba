"""Lines and leaves out of the database, as the tree has them: in order, many at a time, without the ORM.

Used by checkpoints, consistency proofs, the live audit and the export. The database itself joins the columns to the line's
bytes, because a million entries are read here in a few seconds. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from django.db import connection

from evenhand.ledger.entries import FORMAT
from evenhand.stockbook.posting import COLUMNS

AT_ONCE = 4096
"""Rows fetched in one step."""

Pair = tuple[bytes, bytes]
"""An entry's line, and the leaf stored with it."""


def read_lines(*, after: int = 0, until: int | None = None) -> Iterator[Pair]:
    """Return the line and the leaf of every entry whose number is above `after` and at most `until`, in order.

    A transaction must be open (`database.writing.reading`), so that all of them come from one snapshot.
    """
    columns = [f"'{FORMAT}'", *(f'"{column}"' for column in COLUMNS)]
    if connection.vendor == "sqlite":
        line = "CAST(" + " || ',' || ".join(columns) + " AS BLOB)"
    else:
        line = f"convert_to(concat_ws(',', {', '.join(columns)}), 'UTF8')"
    yield from _rows(f"SELECT {line}, leaf FROM stockbook_entry", after, until)  # noqa: S608 -- names of our own


def read_leaves(*, after: int = 0, until: int | None = None) -> Iterator[bytes]:
    """Return the leaf of every entry whose number is above `after` and at most `until`, in order."""
    for (leaf,) in _rows("SELECT leaf FROM stockbook_entry", after, until):
        yield leaf


def _rows(select: str, after: int, until: int | None) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a question about entries, on a cursor of the database's own."""
    connection.ensure_connection()
    raw: Any = connection.connection
    where = f"{select} WHERE seq > {after:d}" + ("" if until is None else f" AND seq <= {until:d}") + " ORDER BY seq"
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            with closing(raw.execute(where)) as cursor:
                while rows := cursor.fetchmany(AT_ONCE):
                    yield from rows
            return
        with raw.cursor(name="evenhand_lines") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(where, binary=True)
            yield from cursor
