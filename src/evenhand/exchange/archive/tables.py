"""One exported table as one file: CSV, XLSX or Parquet, with the types of its columns written down elsewhere.

Called by `write` and `read`. CSV and XLSX hold every value as text that says it exactly (whole numbers are numbers in
XLSX, so that a person can add them up); `kinds` are kept in export.json, so that reading gives the very same table.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime

import fastexcel
import polars as pl
import xlsxwriter

from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.exchange.archive.cells import guard, unguard
from evenhand.exchange.tables.open_source import check_density, check_plain, check_text, hushed
from evenhand.exchange.tables.package import Limits, open_package

FORMATS = ("csv", "xlsx", "parquet")
MOMENT = "%Y-%m-%dT%H:%M:%S%.6f"
MOST_XLSX_ROWS = 1_048_575
LONGEST_XLSX_CELL = 32_767
EXACT_IN_XLSX = 2**53
NOT_IN_XML = r"[\x{FFFE}\x{FFFF}]"
WORKBOOK = Limits(unpacked=2**29, ratio=100, cells=30_000_000, text=2**28)
MOST_TEXT = 2**29
"""Bytes of text in one exported Parquet file, written out."""

CELLS_A_BYTE = 200
"""Cells for each byte of an exported Parquet file, in which whole columns may be equal."""


def kinds_of(name: str, frame: pl.DataFrame) -> dict[str, str]:
    """Return the kind of each column, as export.json names it.

    Raises
    ------
    OptionRefused
        A column holds what no exported table may.
    """
    kinds = {}
    for heading, dtype in frame.schema.items():
        kind = _kind(dtype)
        if kind is None:
            raise OptionRefused(f"table {name}, column {heading}: {dtype} cannot be exported; make it text")
        kinds[heading] = kind
    return kinds


def _kind(dtype: pl.DataType) -> str | None:
    if dtype == pl.String:
        return "text"
    if dtype.is_integer():
        return "whole"
    if isinstance(dtype, pl.Decimal):
        return f"decimal {dtype.scale}"
    if dtype == pl.Boolean:
        return "flag"
    if dtype == pl.Date:
        return "day"
    if isinstance(dtype, pl.Datetime):
        return "moment" if dtype.time_zone in (None, "UTC") else None
    return "number" if dtype.is_float() else None


def write_table(name: str, frame: pl.DataFrame, format: str) -> bytes:
    """Return a table as the bytes of a file; same table, same bytes.

    Raises
    ------
    OptionRefused
        The format is unknown, or XLSX cannot hold the table.
    """
    kinds = kinds_of(name, frame)
    if format == "parquet":
        buffer = io.BytesIO()
        frame.write_parquet(buffer, compression="zstd", statistics=False)
        return buffer.getvalue()
    texts = frame.select(_as_text(heading, kind) for heading, kind in kinds.items())
    if format == "csv":
        return texts.write_csv(quote_style="necessary", line_terminator="\n").encode("utf-8")
    if format != "xlsx":
        raise OptionRefused(f"format is '{format}'; say one of {', '.join(FORMATS)}")
    _check_xlsx(name, texts)
    return _write_xlsx(name, texts, kinds)


def _as_text(heading: str, kind: str) -> pl.Expr:
    column = pl.col(heading)
    if kind == "text":
        return guard(column).alias(heading)
    if kind == "moment":
        return column.dt.strftime(MOMENT) + "Z"
    return column.cast(pl.String)


def _check_xlsx(name: str, texts: pl.DataFrame) -> None:
    if texts.height > MOST_XLSX_ROWS:
        raise OptionRefused(
            f"table {name} has {texts.height:,} rows; XLSX holds {MOST_XLSX_ROWS:,}: say csv or parquet"
        )
    for column in texts:
        # Excel counts UTF-16 units, of which a character has two at most.
        if ((column.str.len_chars() * 2) > LONGEST_XLSX_CELL).any() and (
            column.str.len_chars() > LONGEST_XLSX_CELL // 2
        ).any():
            raise OptionRefused(f"table {name}, column {column.name}, has a text too long for XLSX: say csv or parquet")
        if column.str.contains(NOT_IN_XML).any():
            raise OptionRefused(
                f"table {name}, column {column.name}, has a character that XLSX lacks: say csv or parquet"
            )


def _write_xlsx(name: str, texts: pl.DataFrame, kinds: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": True})
    # The date of making would make equal tables differ.
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet("table")
    bold = book.add_format({"bold": True})
    for place, heading in enumerate(texts.columns):
        sheet.write_string(0, place, heading, bold)
    whole = [kinds[heading] == "whole" for heading in texts.columns]
    for index, row in enumerate(texts.iter_rows(), start=1):
        for place, value in enumerate(row):
            if value is None:
                continue
            if whole[place] and abs(int(value)) <= EXACT_IN_XLSX:
                sheet.write_number(index, place, int(value))
            else:
                sheet.write_string(index, place, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()


def read_table(name: str, data: bytes, format: str, kinds: Mapping[str, str], rows: int) -> pl.DataFrame:
    """Return the table that `write_table` was given; it must have so many rows.

    Raises
    ------
    FileUnreadable
        The file does not hold the columns and rows that export.json names, or is damaged or built to do harm.
    """
    try:
        if format == "parquet":
            frame = _read_parquet(name, data)
        elif format == "csv":
            frame = _read_csv(name, data, kinds)
        else:
            frame = _read_xlsx(name, data, len(kinds), rows)
        if frame.columns != list(kinds):
            raise FileUnreadable(f"table {name} does not have the columns that export.json names")
        if frame.height != rows:
            raise FileUnreadable(f"table {name} has {frame.height:,} rows; export.json says {rows:,}")
        return frame if format == "parquet" else frame.select(_from_text(*one) for one in kinds.items())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, fastexcel.FastExcelError, OSError) as error:
        raise FileUnreadable(
            f"table {name} cannot be read as {format}; the folder is not as it was exported"
        ) from error


def _from_text(heading: str, kind: str) -> pl.Expr:
    column = pl.col(heading)
    if kind == "text":
        return unguard(column).alias(heading)
    if kind == "whole":
        return column.cast(pl.Int64)
    if kind.startswith("decimal "):
        return column.cast(pl.Decimal(38, int(kind.removeprefix("decimal "))))
    if kind == "flag":
        return column.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if kind == "day":
        return column.str.to_date("%Y-%m-%d")
    if kind == "moment":
        return column.str.to_datetime(MOMENT + "Z", time_unit="us").dt.replace_time_zone("UTC")
    if kind == "number":
        return column.cast(pl.Float64)
    raise FileUnreadable(f"export.json calls column {heading} '{kind}', which this Evenhand does not know")


def _read_csv(name: str, data: bytes, kinds: Mapping[str, str]) -> pl.DataFrame:
    texts = dict.fromkeys(kinds, pl.String)
    # Another heading could be of a million columns, which are better not read at all.
    if not data.startswith(pl.DataFrame(schema=texts).write_csv(quote_style="necessary").encode("utf-8")):
        raise FileUnreadable(f"table {name} does not have the columns that export.json names")
    return pl.read_csv(data, schema=texts)


def _read_parquet(name: str, data: bytes) -> pl.DataFrame:
    with hushed():
        scanned = pl.scan_parquet(io.BytesIO(data))
        schema = scanned.collect_schema()
        check_plain(f"table {name}", schema)
        rows = scanned.select(pl.len()).collect().item()
        check_density(f"table {name}", rows * len(schema), CELLS_A_BYTE * len(data))
        frame = pl.read_parquet(io.BytesIO(data))
    check_text(f"table {name}", frame, MOST_TEXT)
    return frame


def _read_xlsx(name: str, data: bytes, width: int, rows: int) -> pl.DataFrame:
    open_package(data, f"table {name}", WORKBOOK)
    sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    headings = [str(cell) for cell in sheet.row(0)] if sheet.height else []
    if len(headings) != width or len(set(headings)) != width:
        return pl.DataFrame()
    frame = sheet.slice(1).rename(dict(zip(sheet.columns, headings, strict=True)))
    # Rows without any value at the end of a sheet are not there for a reader of workbooks.
    lacking = rows - frame.height
    return frame.extend(frame.clear(lacking)) if 0 < lacking * width <= WORKBOOK.cells else frame
