"""One writer for every table that leaves: CSV, XLSX, JSON or Parquet, from declared columns and rows.

Called by the pages for their data twins, by the API and by `package`. Reads no database, no setting and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evenhand.errors import OptionRefused, suggest
from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.as_csv import stream_csv
from evenhand.exchange.open_data.as_json import stream_json
from evenhand.exchange.open_data.columns import OpenColumn, Row, cells_of

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
"""Format → how HTTP calls it."""

FORMATS = tuple(MEDIA_TYPES)


def stream_table(
    format: str, columns: Sequence[OpenColumn], rows: Iterable[Row], about: About, *, hxl: bool = False
) -> Iterator[bytes]:
    """Return a table as the bytes of a file, in pieces; CSV and JSON never hold more than a thousand rows.

    Parameters
    ----------
    format
        "csv", "xlsx", "json" or "parquet".
    columns
        What is written, in order.
    rows
        Bare tuples in that order, mappings by the columns' keys, or records with an attribute for each column.
    about
        What is said of the table; CSV has no place for it, so its page or package does.
    hxl
        Whether CSV and XLSX have the row of HXL hashtags below the heading; the other formats say them with the columns.

    Raises
    ------
    OptionRefused
        There is no such format, or XLSX cannot hold so many rows.

    Examples
    --------
    >>> from datetime import date
    >>> from evenhand.exchange.open_data.about import About, licence_of
    >>> columns = [OpenColumn("name", "Name", "its name"), OpenColumn("moved", "Moved", "how many", "whole")]
    >>> about = About("Moves", licence_of("CC-BY-4.0"), date(2026, 3, 2))
    >>> print(b"".join(stream_table("csv", columns, [("=Chad", -4), {"name": "Kenya", "moved": 5}], about)).decode())
    name,moved
    '=Chad,-4
    Kenya,5
    <BLANKLINE>
    >>> stream_table("xls", columns, [], about)
    Traceback (most recent call last):
        ...
    evenhand.errors.OptionRefused: there is no format 'xls' for data; did you mean 'xlsx'? Say one of csv, xlsx, json, parquet
    """
    if format not in FORMATS:
        raise OptionRefused(
            f"there is no format '{format}' for data{suggest(format, FORMATS) or '.'} Say one of {', '.join(FORMATS)}"
        )
    cells = cells_of(columns, rows)
    if format == "csv":
        return stream_csv(columns, cells, hxl=hxl)
    if format == "json":
        return stream_json(columns, cells, about)
    if format == "xlsx":
        from evenhand.exchange.open_data.as_xlsx import write_xlsx

        return iter((write_xlsx(columns, cells, about, hxl=hxl),))
    from evenhand.exchange.open_data.as_parquet import write_parquet

    return iter((write_parquet(columns, cells, about),))


def write_table(
    format: str, columns: Sequence[OpenColumn], rows: Iterable[Row], about: About, *, hxl: bool = False
) -> bytes:
    """Return a table as the bytes of a file, whole; see `stream_table`."""
    return b"".join(stream_table(format, columns, rows, about, hxl=hxl))
