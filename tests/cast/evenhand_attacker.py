"""Whoever has the database itself, and switches off the triggers that keep the stock book's laws."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def unguarded(table: str = "stockbook_entry") -> Iterator[Any]:
    """Give a cursor on a table whose triggers are off, and put them back afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with work to do at commit cannot be altered
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            yield cursor
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _, sql in triggers:
            cursor.execute(sql)
