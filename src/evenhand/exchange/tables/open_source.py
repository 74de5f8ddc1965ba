"""Open whatever was given as a table, and hand its raw columns on as a `Sheet`.

The only module that knows which door a source takes.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import polars as pl

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables.contents import LARGEST_FILE, say_limit, tell_contents, unpack
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.exchange.tables.text_file import FEW_CELLS, WIDEST, read_text_file
from evenhand.supply.columns import Table

MOST_ROWS = 50_000_000
"""A Parquet file of a few bytes can claim billions of equal rows; this many would not fit into memory."""

CELLS_A_BYTE = 4
"""Cells for each byte of a Parquet file; real ones stay below 1."""

MOST_TEXT = 2**26
LIKELIEST_TEXT = 20
"""Bytes of text that any Parquet file may hold, and how many times its size."""


def open_source(source: str | PathLike[str] | Any, table: Table, findings: Findings) -> Sheet | None:
    """Return a path, dataframe, list of dicts or dict of lists as a sheet.

    Returns
    -------
    Sheet or None
        None where the source is nothing that could hold a table; `findings` then says so.

    Raises
    ------
    FileUnreadable
        A file is missing, empty, or not a table.
    """
    if isinstance(source, str) and "://" in source:
        raise FileUnreadable(f"{source} is an address on the web; download the file and give its path")
    if isinstance(source, str | PathLike):
        return _open_path(Path(source), table, findings)
    if isinstance(source, pl.DataFrame):
        return Sheet(table, tuple(source.columns), tuple(source.get_columns()))
    # Narwhals is needed for other people's dataframes only, and takes a while to import.
    from evenhand.exchange.tables.frames import open_frame

    return open_frame(source, table, findings)


def _open_path(path: Path, table: Table, findings: Findings) -> Sheet:
    name = path.name or str(path)
    data = unpack(read_bytes(path), name)
    contents = tell_contents(data, name)
    if contents == "text":
        return read_text_file(data, name, table, findings)
    if not path.name.lower().removesuffix(".gz").endswith(f".{contents}"):
        kind = "an Excel workbook" if contents == "xlsx" else "a Parquet file"
        findings.notes.append(f"{name} is {kind} by its contents, and was read as one")
    if contents == "parquet":
        return read_parquet(data, name, table)
    # Reading workbooks needs fastexcel, which CSV input should not wait for.
    from evenhand.exchange.tables.workbook import read_workbook

    return read_workbook(data, name, table, findings)


def read_bytes(path: Path, *, largest: int | None = None) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    FileUnreadable
        It is missing, a folder, not for us to read, or larger than `largest`.
    """
    limit = LARGEST_FILE if largest is None else largest
    try:
        if path.is_dir():
            raise FileUnreadable(f"{path} is a folder; give the file with the table")
        with path.open("rb") as file:
            data = file.read(limit + 1) if path.stat().st_size <= limit else None
    except FileNotFoundError as error:
        raise FileUnreadable(f"there is no file {path}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
        raise FileUnreadable(f"{path} cannot be read: {reason}") from error
    if data is None or len(data) > limit:
        raise FileUnreadable(f"{path} is larger than {say_limit(largest)}; give a smaller table")
    return data


def read_parquet(data: bytes, name: str, table: Table, *, tight: bool = False) -> Sheet:
    """Return a Parquet file as a sheet.

    Parameters
    ----------
    tight
        Whether the file comes from anybody: then it may neither hold far more cells than bytes, nor nested values.

    Raises
    ------
    FileUnreadable
        It is damaged, too long, or not what a table of a register can be.
    """
    try:
        with hushed():
            scanned = pl.scan_parquet(io.BytesIO(data))
            rows = scanned.select(pl.len()).collect().item()
            if rows > MOST_ROWS:
                raise FileUnreadable(f"{name} has {rows:,} rows; Evenhand reads at most {MOST_ROWS:,}")
            if tight:
                schema = scanned.collect_schema()
                check_plain(name, schema)
                check_density(name, rows * len(schema), CELLS_A_BYTE * len(data))
            frame = pl.read_parquet(io.BytesIO(data))
            if tight:
                check_text(name, frame, max(MOST_TEXT, LIKELIEST_TEXT * len(data)))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise FileUnreadable(f"{name} is a damaged Parquet file; write or download it again") from error
    return Sheet(table, tuple(frame.columns), tuple(frame.get_columns()))


def check_plain(name: str, schema: pl.Schema) -> None:
    """Refuse columns in which a cell is itself a table; a list of names is as far as a cell may go."""
    if len(schema) > WIDEST:
        raise FileUnreadable(f"{name} has {len(schema):,} columns; it is no table that Evenhand knows")
    for heading, dtype in schema.items():
        if dtype.is_nested() and dtype != pl.List(pl.String):
            raise FileUnreadable(f"{name}, column '{heading[:40]}', holds values within values; give plain columns")


def check_density(name: str, cells: int, likely: int) -> None:
    """Refuse a table of many more cells than its bytes can fill: it would only fill the memory."""
    if cells > max(FEW_CELLS, likely):
        raise FileUnreadable(
            f"{name} has {cells:,} cells, nearly all empty or equal; leave the empty columns and rows out"
        )


def check_text(name: str, frame: pl.DataFrame, most: int) -> None:
    """Refuse text that a dictionary keeps once and every copy of the column would hold a million times."""
    text = sum(int(column.str.len_bytes().cast(pl.Int64).sum()) for column in frame if column.dtype == pl.String)
    if text > most:
        raise FileUnreadable(f"{name} holds {text:,} bytes of text, far more than its size; no real table does that")


@contextmanager
def hushed() -> Iterator[None]:
    """Keep what Polars' Rust side writes to standard error about a damaged file from the person's screen.

    The error itself still arrives as an exception. Python's own `redirect_stderr` does not reach that far down.
    """
    try:
        screen = os.dup(2)
    except OSError:
        # There is no standard error to keep quiet.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)
        os.close(nowhere)
