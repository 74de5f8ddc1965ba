"""Open data as CSV, a piece at a time: UTF-8, one heading of keys, quoted only where needed.

Called by `write`. Never holds more than a thousand rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from evenhand.exchange.open_data.cells import cell_text
from evenhand.exchange.open_data.columns import Cell, OpenColumn, as_text

AT_ONCE = 1_000
TEXTS = ("key", "text", "names", "day", "moment")
"""Kinds whose cell may be what somebody wrote: a day is kept as text where it is not known exactly."""


def stream_csv(columns: Sequence[OpenColumn], rows: Iterable[list[Cell]], *, hxl: bool = False) -> Iterator[bytes]:
    """Return CSV in pieces. With `hxl`, the row of hashtags stands below the heading."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    if hxl:
        writer.writerow([column.hxl for column in columns])
    guarded = [column.kind in TEXTS for column in columns]
    waiting = 0
    for row in rows:
        writer.writerow(
            [
                (cell_text(cell) if careful else cell) if type(cell) is str
                else cell if type(cell) is int
                else cell_text(as_text(cell)) if careful and type(cell) is tuple
                else as_text(cell)
                for careful, cell in zip(guarded, row, strict=True)
            ]
        )  # fmt: skip
        waiting += 1
        if waiting == AT_ONCE:
            yield _take(page)
            waiting = 0
    yield _take(page)


def _take(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode("utf-8")
