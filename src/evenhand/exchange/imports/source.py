"""Open a file for a register: its bytes, their digest, and its raw columns as a `Sheet`.

Called by `read`. The doors are those of `exchange.tables`; what comes through here may come from anywhere, so the
limits are tighter than a person's own machine would need.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables.contents import tell_contents, unpack
from evenhand.exchange.tables.layout import drop_blank_rows, skip_second_heading
from evenhand.exchange.tables.open_source import read_bytes, read_parquet
from evenhand.exchange.tables.package import Limits
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.exchange.tables.text_file import read_text_file
from evenhand.supply.columns import Table

LARGEST_SENT = 512 * 2**20
"""Bytes that a file for a register may have, unpacked: five million rows of needs."""

LIKELIEST_RATIO = 50
"""How many times larger than packed a file may be; real ones stay below 30."""

WORKBOOK = Limits(unpacked=96 * 2**20, ratio=LIKELIEST_RATIO, cells=5_000_000, text=2**26)
"""Some 200,000 rows of needs; CSV, which takes a tenth of the memory, may have millions."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Hold a file's raw columns, below its heading, without blank rows, and what tells it from every other file."""

    sheet: Sheet
    digest: str
    name: str
    semicolons: bool


def open_import(
    source: str | PathLike[str] | bytes, table: Table, findings: Findings, *, sheet: str | None, name: str | None = None
) -> Opened:
    """Return a file as raw columns.

    Parameters
    ----------
    source
        A path, or the bytes of a file that was sent.
    table
        What its heading should name; not necessarily a register.
    sheet
        The sheet of a workbook to read; None for the one named like the table, or the first that has its heading.
    name
        What sentences call bytes that were sent.

    Raises
    ------
    FileUnreadable
        It is missing, empty, no table, damaged or built to do harm.
    NameUnknown
        The workbook has no such sheet.
    """
    if isinstance(source, bytes):
        packed, called = source, name or "the file"
    else:
        path = Path(source)
        packed, called = read_bytes(path, largest=LARGEST_SENT), path.name or str(path)
    digest = hashlib.sha256(packed).hexdigest()
    data = unpack(packed, called, largest=LARGEST_SENT, ratio=LIKELIEST_RATIO)
    del packed
    contents = tell_contents(data, called)
    named = replace(table, name=called)
    if sheet is not None and contents != "xlsx":
        raise FileUnreadable(f"{called} is no workbook, so it has no sheet '{sheet}'")
    if contents == "text":
        opened = read_text_file(data, called, named, findings, tight=True)
    elif contents == "parquet":
        opened = read_parquet(data, called, named, tight=True)
    else:
        # Reading workbooks needs fastexcel, which CSV input should not wait for.
        from evenhand.exchange.tables.workbook import read_workbook

        opened = read_workbook(data, called, named, findings, named=table.name, wanted=sheet, limits=WORKBOOK)
        opened = replace(opened, table=replace(named, name=f"{called}, sheet '{opened.title}'"))
    del data
    semicolons = any(note.endswith("separated by semicolons") for note in findings.notes)
    return Opened(skip_second_heading(drop_blank_rows(opened), None, findings), digest, called, semicolons)
