"""Excel workbooks (.xlsx): which sheet, where the heading is, and cells as their cached values.

Called by `open_source`. A workbook is a zip archive from anywhere: `package` looks through it before fastexcel may
open it.
"""

from __future__ import annotations

import logging
from typing import Any

import fastexcel
import polars as pl

from evenhand.errors import FileUnreadable, NameUnknown
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.layout import SEARCHED_ROWS, Heading, find_heading, note_skipped
from evenhand.exchange.tables.package import Limits, Package, open_package
from evenhand.exchange.tables.sheet import Findings, Sheet, quoted
from evenhand.supply.columns import Table

MOST_SHEETS_SEARCHED = 20

# Both log warnings about columns without a value and broken parts, which Python shows where nobody set up logging;
# the engine never prints.
for _library in ("fastexcel", "calamine"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def read_workbook(
    data: bytes,
    name: str,
    table: Table,
    findings: Findings,
    *,
    named: str = "",
    wanted: str | None = None,
    limits: Limits | None = None,
) -> Sheet:
    """Return a sheet of a workbook: the one named like the table, else the first that holds its heading.

    Parameters
    ----------
    named
        What the table's sheet is called, where that is not the table's name.
    wanted
        The title of the sheet to read and no other.
    limits
        How large it may become; None for a person's own file.

    Raises
    ------
    NameUnknown
        No sheet has the title that is wanted.
    FileUnreadable
        The workbook is broken, protected with a password, too large when unpacked, or empty.
    """
    package = open_package(data, name, limits)
    try:
        reader = fastexcel.read_excel(data)
        if wanted is not None and wanted not in reader.sheet_names:
            raise NameUnknown(f"sheet of {name}", wanted, reader.sheet_names)
        title, heading = _choose(reader, name, table, findings, wanted or named or table.name)
        if title is None:
            raise FileUnreadable(f"{name} is empty: no sheet has a cell with something in it")
        headings, columns = _load(reader, title, heading, package)
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise FileUnreadable(f"{name} is a broken workbook; open it in a spreadsheet and save it again") from error
    note_skipped(heading, 1, table, findings)
    return Sheet(table, headings, columns, first_row=heading.last + 2, title=title)


def _choose(
    reader: fastexcel.ExcelReader, name: str, table: Table, findings: Findings, wanted: str
) -> tuple[str | None, Heading]:
    """Return the title of the sheet to read and its heading, and note where there was a choice."""
    titles = reader.sheet_names
    named = [title for title in titles if title == wanted] or [
        title for title in titles if title.strip().casefold() == wanted.casefold()
    ]
    searched = named[:1] or titles[:MOST_SHEETS_SEARCHED]
    found: list[tuple[str, Heading]] = []
    for title in searched:
        heading = find_heading(_first_rows(reader, title), table)
        if heading is not None:
            found.append((title, heading))
            if heading.certain and named:
                break
    certain = [(title, heading) for title, heading in found if heading.certain]
    if not found:
        return None, Heading(0, 0, (), certain=False)
    title, heading = (certain or found)[0]
    if not named and len(titles) > 1:
        others = f"; {len(certain)} of them could be meant" if len(certain) > 1 else ""
        findings.notes.append(
            f"{name} has {len(titles)} sheets{others}; {quoted(title)} was read: name a sheet '{wanted}' to choose it"
        )
    return title, heading


def _first_rows(reader: fastexcel.ExcelReader, title: str) -> list[tuple[str | None, ...]]:
    sheet = reader.load_sheet(title, header_row=None, skip_rows=0, n_rows=SEARCHED_ROWS, dtypes="string")
    return list(sheet.to_polars().iter_rows()) if sheet.width else []


def _load(
    reader: fastexcel.ExcelReader, title: str, heading: Heading, package: Package
) -> tuple[tuple[str, ...], tuple[pl.Series, ...]]:
    """Return headings and columns below the heading; errors, TRUE and FALSE as text, which no number column accepts."""
    skipped = heading.last + 1
    options: dict[str, Any] = {"header_row": None, "skip_rows": skipped, "schema_sample_rows": None}
    frame = reader.load_sheet(title, **options).to_polars()
    # Both looks at the sheet see the same columns; a damaged one may not keep to that.
    headings = (heading.cells + ("",) * frame.width)[: max(frame.width, len(heading.cells))]
    empty = pl.Series([None] * frame.height, dtype=pl.String)
    columns = [*frame.get_columns(), *[empty] * (len(headings) - frame.width)]
    for place, (rows, texts) in package.odd_cells(title).items():
        kept = [(row - 1 - skipped, text) for row, text in zip(rows, texts, strict=True)]
        kept = [(index, text) for index, text in kept if 0 <= index < frame.height]
        if kept and place <= len(columns):
            indices, shown = zip(*kept, strict=True)
            column = as_text(columns[place - 1])
            columns[place - 1] = column.scatter(list(indices), pl.Series(shown, dtype=pl.String))
    return headings, tuple(columns)
