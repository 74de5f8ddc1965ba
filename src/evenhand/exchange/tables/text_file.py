"""CSV, TSV and other delimited text: which delimiter, where the heading is, and the cells as text.

Called by `open_source`. Polars reads whatever is well formed, fast. Only where it refuses, or a row seems short, does
`crooked_rows` go through the file, so that every crooked row is named.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import polars as pl

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables.crooked_rows import CrookedRows
from evenhand.exchange.tables.encoding import to_utf8
from evenhand.exchange.tables.layout import SEARCHED_ROWS, Heading, find_heading, note_skipped
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Table

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE_BYTES = 2**18
"""Enough for the first rows of any table."""

WIDEST = 5_000
"""More columns than this are no table."""

FEW_CELLS = 4_000_000
"""Cells that any file may have, empty or not."""

EMPTY_CELL = 1.5
"""Bytes, the mark behind it included, below which cells are on average next to empty."""


@dataclass(frozen=True, slots=True)
class _Layout:
    delimiter: str
    heading: Heading
    lines: int
    """Lines up to and with the heading; more than its rows where a cell holds a line break."""


def read_text_file(data: bytes, name: str, table: Table, findings: Findings, *, tight: bool = False) -> Sheet:
    """Return delimited text as a sheet; crooked rows go to `findings`.

    Parameters
    ----------
    tight
        Whether the file comes from anybody: then it may not be millions of cells with nothing in them.

    Raises
    ------
    FileUnreadable
        The file is empty, not text, or another kind of text.
    """
    data = to_utf8(data, name, findings)
    if not data[:SAMPLE_BYTES].strip() and not data.strip():
        raise FileUnreadable(f"{name} is empty")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    layout = _find_layout(data, name, table)
    heading = layout.heading
    if not heading.certain:
        _refuse_other_text(data, name)
    if layout.delimiter != "," and not (layout.delimiter == "\t" and ".tsv" in name.lower()):
        findings.notes.append(f"{name}: the cells are separated by {DELIMITERS[layout.delimiter]}")
    note_skipped(heading, 1, table, findings)
    if len(heading.cells) > WIDEST:
        raise FileUnreadable(f"{name} has {len(heading.cells):,} columns; it is no table that Evenhand knows")
    if tight:
        cells = data.count(layout.delimiter.encode()) + data.count(b"\n")
        if cells > FEW_CELLS and cells * EMPTY_CELL > len(data):
            raise FileUnreadable(f"{name} has {cells:,} cells, nearly all empty; leave the empty columns and rows out")
    columns = _read_fast(data, layout)
    if columns is None:
        rows = CrookedRows(table, layout.delimiter, len(heading.cells), heading.last + 1, layout.lines, findings)
        columns = rows.read(data)
    return Sheet(table, heading.cells, columns, first_row=heading.last + 2)


def _find_layout(data: bytes, name: str, table: Table) -> _Layout:
    """Return the delimiter whose first rows hold the heading, else the one that makes the most of them."""
    sample = data[:SAMPLE_BYTES]
    if len(data) > SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    lines = [f"{line}\n" for line in sample.decode("utf-8", "ignore").split("\n")]
    guesses: list[_Layout] = []
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        ends: list[int] = []
        reader = csv.reader(iter(lines), delimiter=delimiter)
        try:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
                if len(rows) == SEARCHED_ROWS:
                    break
        except csv.Error:
            pass
        heading = find_heading(rows, table)
        if heading is None:
            continue
        guesses.append(_Layout(delimiter, heading, ends[heading.last]))
        if heading.certain:
            return guesses[-1]
    if not guesses:
        raise FileUnreadable(f"{name} has nothing in its first {SEARCHED_ROWS} rows; put the heading in the first row")
    return max(guesses, key=lambda guess: len(guess.heading.cells))


def _refuse_other_text(data: bytes, name: str) -> None:
    start = data[:200].lstrip()
    if start.startswith((b"{", b"[")):
        raise FileUnreadable(f"{name} seems to be JSON; save it as CSV, or read it into a dataframe first")
    if start.startswith(b"<"):
        raise FileUnreadable(f"{name} seems to be a web page or XML; save it as CSV")


def _read_fast(data: bytes, layout: _Layout) -> tuple[pl.Series, ...] | None:
    """Return the columns as Polars reads them, or None where a row needs a closer look."""
    width = len(layout.heading.cells)
    if width == 1:
        return None
    names = [f"column_{place}" for place in range(width)]
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=layout.delimiter,
            skip_lines=layout.lines,
            schema=dict.fromkeys(names, pl.String),
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height and _may_be_short(frame, data, layout):
        return None
    return tuple(frame.get_columns())


def _may_be_short(frame: pl.DataFrame, data: bytes, layout: _Layout) -> bool:
    """Return whether some row may have fewer cells than the heading.

    Polars fills them up in silence, so cells missing at the end look like empty ones. No row can have more delimiters
    than the heading; so if all together have as many as they should, none has fewer.
    """
    if not (frame.to_series(-1).is_null() & frame.to_series(0).is_not_null()).any():
        return False
    body = data if b'"' not in data else re.sub(rb'"[^"]*"', b"", data)
    lines = layout.lines
    if body is not data:
        lines = 1 if layout.heading.last == 0 else -1
        if lines < 0:
            return True
    start = 0
    for _ in range(lines):
        start = body.find(b"\n", start) + 1
    ends = body.count(b"\n", start) + (0 if body.endswith(b"\n") else 1)
    blank = len(re.findall(rb"\n\r?(?=\n)", body[max(0, start - 1) :]))
    return body.count(layout.delimiter.encode(), start) != (ends - blank) * (frame.width - 1)
