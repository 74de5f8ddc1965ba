"""Open data as JSON, a piece at a time: what it is, what its columns mean, then the rows as objects.

Called by `write`. Numbers are numbers; days and moments ISO 8601; names a list; what is not known null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.columns import Cell, OpenColumn, as_text

AT_ONCE = 1_000
PLAIN = frozenset({str, int, bool, type(None)})
"""What JSON has itself."""


def stream_json(columns: Sequence[OpenColumn], rows: Iterable[list[Cell]], about: About) -> Iterator[bytes]:
    """Return one JSON object in pieces: about, columns, rows."""
    head = {"about": about.told(), "columns": described(columns)}
    text = json.dumps(head, ensure_ascii=False, indent=1)
    yield (text.removesuffix("\n}") + ',\n "rows": [').encode("utf-8")
    keys = [column.key for column in columns]
    write = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    waiting: list[str] = []
    comma = "\n  "
    for row in rows:
        cells = {key: cell if type(cell) in PLAIN else _plain(cell) for key, cell in zip(keys, row, strict=True)}
        waiting.append(comma + write(cells))
        comma = ",\n  "
        if len(waiting) == AT_ONCE:
            yield "".join(waiting).encode("utf-8")
            waiting = []
    yield ("".join(waiting) + "\n ]\n}\n").encode("utf-8")


def described(columns: Sequence[OpenColumn]) -> list[dict[str, str]]:
    """Return what each column means, for machines."""
    return [
        {"key": one.key, "title": one.title, "meaning": one.meaning, "kind": one.kind}
        | ({"unit": one.unit} if one.unit else {})
        | ({"hxl": one.hxl} if one.hxl else {})
        for one in columns
    ]


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Decimal):
        return float(cell)  # six decimals at most: the shortest text of the number is the number
    if isinstance(cell, tuple):
        return list(cell)
    return as_text(cell) if isinstance(cell, date) else cell
