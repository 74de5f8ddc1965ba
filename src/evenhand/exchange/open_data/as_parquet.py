"""Open data as Parquet: typed columns for whoever computes with it, what it is in the file's own metadata.

Called by `write` and `package`. Takes the rows a chunk at a time, because a row of Python objects is many times as large.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import polars as pl

from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.as_json import described
from evenhand.exchange.open_data.columns import Cell, OpenColumn, as_text

AT_ONCE = 20_000
LARGEST = 2**63
WIDE = pl.Decimal(38, 0)


def write_parquet(columns: Sequence[OpenColumn], rows: Iterable[list[Cell]], about: About) -> bytes:
    """Return a Parquet file; the same rows make the same bytes.

    A column of days or moments that holds one that is not known exactly is text; one of whole numbers that holds one of
    more than 64 bits is a decimal.
    """
    frame = read_frame(columns, rows)
    buffer = io.BytesIO()
    told = {
        "evenhand": json.dumps(
            {"about": about.told(), "columns": described(columns)}, ensure_ascii=False, sort_keys=True
        )
    }
    frame.write_parquet(buffer, compression="zstd", metadata=told)
    return buffer.getvalue()


def read_frame(columns: Sequence[OpenColumn], rows: Iterable[list[Cell]]) -> pl.DataFrame:
    """Return rows as a table of typed columns."""
    parts: list[list[pl.Series]] = [[] for _ in columns]
    for chunk in _chunks(iter(rows)):
        for part, column, cells in zip(parts, columns, zip(*chunk, strict=True), strict=True):
            part.append(_series(column, cells))
    return pl.DataFrame([_joined(column, part) for column, part in zip(columns, parts, strict=True)])


def _series(column: OpenColumn, cells: Sequence[Cell]) -> pl.Series:
    name = column.key
    if column.kind == "whole":
        wide = any(isinstance(cell, int) and not -LARGEST <= cell < LARGEST for cell in cells)
        if wide:
            return pl.Series(name, [None if cell is None else Decimal(int(cell)) for cell in cells], dtype=WIDE)  # type: ignore[arg-type]  # a column of whole numbers
        return pl.Series(name, cells, dtype=pl.Int64)
    if column.kind == "amount":
        return pl.Series(name, [None if cell is None else float(cell) for cell in cells], dtype=pl.Float64)  # type: ignore[arg-type]  # a column of amounts
    if column.kind == "flag":
        return pl.Series(name, cells, dtype=pl.Boolean)
    if column.kind == "names":
        return pl.Series(name, [None if cell is None else list(cell) for cell in cells], dtype=pl.List(pl.String))  # type: ignore[arg-type]  # a column of names
    kept: tuple[type, Any] | None = {"day": (date, pl.Date), "moment": (datetime, pl.Datetime("us", "UTC"))}.get(
        column.kind
    )
    if kept is not None and not any(isinstance(cell, str) for cell in cells):
        return pl.Series(name, cells, dtype=kept[1])
    return pl.Series(name, [None if cell is None else as_text(cell) for cell in cells], dtype=pl.String)


def _joined(column: OpenColumn, part: list[pl.Series]) -> pl.Series:
    if not part:
        return _series(column, ())
    kinds = {one.dtype for one in part}
    if len(kinds) == 1:
        return pl.concat(part)
    if column.kind == "whole":
        return pl.concat([one.cast(WIDE) for one in part])
    text = "%Y-%m-%d" if column.kind == "day" else "%Y-%m-%dT%H:%M:%SZ"
    return pl.concat([one if one.dtype == pl.String else one.dt.strftime(text) for one in part])


def _chunks(rows: Iterator[list[Cell]]) -> Iterator[list[list[Cell]]]:
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk
