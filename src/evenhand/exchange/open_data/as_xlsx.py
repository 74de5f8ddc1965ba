"""Open data as a workbook: the rows with their types, what the columns mean, and what may be done with it.

Called by `write`. Text is written as text, so that no cell can be a formula or an address, whoever wrote it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from evenhand.errors import OptionRefused
from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.columns import Cell, OpenColumn, as_text

MOST_ROWS = 1_048_575
LONGEST_CELL = 32_767
EXACT = 2**53
FIRST_DAY = date(1900, 3, 1)
"""Days before it are text: Excel counts a 29 February 1900 that never was."""

CUT = " ... (cut here; CSV and JSON hold all of it)"
NOT_IN_XML = re.compile("[\ufffe\uffff]")
WIDTHS = {"key": 18, "text": 36, "names": 24, "whole": 14, "amount": 14, "flag": 8, "day": 12, "moment": 20}


def write_xlsx(columns: Sequence[OpenColumn], rows: Iterable[list[Cell]], about: About, *, hxl: bool = False) -> bytes:
    """Return a workbook of three sheets: Data, Columns, About; the same rows make the same bytes.

    Raises
    ------
    OptionRefused
        There are more rows than a sheet holds.
    """
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        day = datetime.combine(about.day, time(), UTC)  # not today's: equal tables are to be equal files
        book.set_properties({"title": about.title, "comments": f"Licence: {about.licence.name}", "created": day})
        looks = {
            "heading": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "amount": book.add_format({"num_format": "#,##0.######"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_data(book.add_worksheet("Data"), looks, columns, rows, hxl=hxl)
        _write_columns(book.add_worksheet("Columns"), looks, columns)
        _write_about(book.add_worksheet("About"), looks, about)
    return buffer.getvalue()


def _write_data(
    sheet: Any, looks: dict[str, Any], columns: Sequence[OpenColumn], rows: Iterable[list[Cell]], *, hxl: bool
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column.kind])
        sheet.write_string(0, place, column.key, looks["heading"])
        if hxl:
            sheet.write_string(1, place, column.hxl)
    top = 1 + hxl
    sheet.freeze_panes(top, 1)
    last = top - 1
    for last, row in enumerate(rows, start=top):
        if last > MOST_ROWS:
            raise OptionRefused(f"XLSX holds {MOST_ROWS:,} rows and there are more; say csv, json or parquet")
        for place, cell in enumerate(row):
            _write_cell(sheet, last, place, cell, looks)
    if last >= top:
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, looks: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int) and abs(cell) <= EXACT:
        sheet.write_number(row, place, cell, looks["whole"])
    elif isinstance(cell, Decimal):
        sheet.write_number(row, place, float(cell), looks["amount"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None), looks["moment"])
    elif isinstance(cell, date) and cell >= FIRST_DAY:
        sheet.write_datetime(row, place, datetime.combine(cell, time()), looks["day"])
    else:
        sheet.write_string(row, place, _fitting(as_text(cell)))


def _fitting(text: str) -> str:
    """Return a text as a cell can hold it: Excel counts UTF-16 units, of which a character has two at most."""
    text = NOT_IN_XML.sub("\ufffd", text)
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) <= LONGEST_CELL * 2:
        return text
    return text[: LONGEST_CELL // 2 - len(CUT)] + CUT


def _write_columns(sheet: Any, looks: dict[str, Any], columns: Sequence[OpenColumn]) -> None:
    headings = ("key", "title", "meaning", "kind", "unit", "hxl")
    for place, (heading, width) in enumerate(zip(headings, (20, 28, 70, 10, 24, 28), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, looks["heading"])
    sheet.freeze_panes(1, 1)
    for row, column in enumerate(columns, start=1):
        for place, heading in enumerate(headings):
            sheet.write_string(row, place, str(getattr(column, heading)), looks["words"])


def _write_about(sheet: Any, looks: dict[str, Any], about: About) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (name, value) in enumerate(about.told().items()):
        sheet.write_string(row, 0, name, looks["heading"])
        if isinstance(value, int):
            sheet.write_number(row, 1, value, looks["whole"])
        else:
            sheet.write_string(row, 1, _fitting(value), looks["words"])
