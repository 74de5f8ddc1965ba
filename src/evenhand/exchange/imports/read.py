"""Read a file for a register: typed rows, every problem at once, and the questions that only a person can answer.

The front of this folder; called by commands and actions. Reads, and never writes anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike

import polars as pl

from evenhand.errors import NameUnknown, OptionRefused
from evenhand.exchange.imports.asking import Asking
from evenhand.exchange.imports.columns import read_columns
from evenhand.exchange.imports.imported import ImportedTable
from evenhand.exchange.imports.layouts.arrange import Arranged, arrange, foreign_table
from evenhand.exchange.imports.layouts.declared import Layout, load_layout
from evenhand.exchange.imports.repeats import find_repeats
from evenhand.exchange.imports.source import open_import
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Table
from evenhand.supply.registers import REGISTERS


def read_import(
    source: str | PathLike[str] | bytes,
    table: str | Table,
    *,
    layout: str | PathLike[str] | Layout | None = None,
    day_first: bool | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> ImportedTable:
    r"""Read a file as rows of a register.

    Parameters
    ----------
    source
        A path (.csv, .tsv, .txt, .xlsx, .parquet, also .gz), or the bytes of a file that was sent.
    table
        The register, or its name: a key of `evenhand.supply.registers.REGISTERS`.
    layout
        How somebody else's headings become our columns: a name of `list_layouts`, a path, or a `Layout`.
    day_first
        Whether 03/04/2021 is the third of April; None lets the column say, and asks where it cannot.
    decimal
        What stands before decimals, "." or ","; None lets the column say, and asks where it cannot.
    sheet
        The sheet of a workbook to read.
    name
        What sentences call bytes that were sent.
    constants
        Columns of ours that hold one value in every row, such as the party of a file that names none.

    Returns
    -------
    ImportedTable
        With `problems` and `questions` where it cannot be used as it stands; `sound` says so.

    Raises
    ------
    NameUnknown
        There is no such register, layout, sheet or column.
    OptionRefused
        `decimal` is neither "." nor ",", or the layout is for another register.
    FileUnreadable
        The file is missing, no table, damaged, or built to do harm.

    Examples
    --------
    >>> sent = b"party;resource;quantity;why\nTCD;vaccine-az;1 200 boxes;first phase\n"
    >>> read_import(sent, "needs").frame.row(0)
    ('TCD', 'vaccine-az', Decimal('1200.000000'), 'boxes', 'first phase')
    >>> unclear = read_import(b"group,party,since\nNAM,TCD,03/04/1961\n", "memberships")
    >>> unclear.questions[0].text
    'the file, column since: dates such as 03/04/1961 can mean two days: say day_first'
    """
    table = table.name if isinstance(table, Table) else table
    register = REGISTERS.get(table)
    if register is None:
        raise NameUnknown("table", table, list(REGISTERS))
    if decimal not in (None, ".", ","):
        raise OptionRefused(f"decimal is '{decimal}'; say '.' or ','")
    for column in constants or {}:
        if register.column(column) is None:
            raise NameUnknown(f"column of {table}", column, [one.name for one in register.columns])
    arrangement = None if layout is None else load_layout(layout)
    if arrangement is not None and arrangement.table != table:
        raise OptionRefused(f"the layout {arrangement.name} is for {arrangement.table}, not for {table}")
    findings = Findings()
    # What is set by hand need not stand in the file.
    fixed = set(constants or ())
    declared = replace(register, columns=tuple(
        replace(column, required=column.required and column.name not in fixed) for column in register.columns
    ))  # fmt: skip
    sought = declared if arrangement is None else foreign_table(arrangement)
    opened = open_import(source, sought, findings, sheet=sheet, name=name)
    identical = find_repeats(opened.sheet)
    if arrangement is not None:
        arranged = arrange(opened.sheet, arrangement.with_constants(constants or {}), findings)
        findings.notes.extend(f"layout {arrangement.name}: {note}" for note in arrangement.notes)
        decimal = arrangement.decimal if decimal is None else decimal
        day_first = arrangement.day_first if day_first is None else day_first
    else:
        arranged = Arranged(_with_constants(opened.sheet, constants or {}), {}, {})
    companions = _read_companions(arranged, findings)
    asking = Asking(arranged.sheet, findings, arranged.headings, decimal, day_first, opened.semicolons)
    digest, called = opened.digest, opened.name
    del opened, arranged
    frame = read_columns(register, asking)
    if not frame.height and not findings.total:
        findings.add(asking.label, 0, "", f"there is no row below the heading; write {register.row} in each row")
    refusal = findings.refusal()
    return ImportedTable(
        table, frame, row_numbers(asking.sheet, frame.height), refusal.problems if refusal else (), findings.total,
        tuple(dict.fromkeys(findings.notes)), tuple(asking.questions), identical, digest, called, companions, asking.label,
    )  # fmt: skip


def row_numbers(sheet: Sheet, height: int) -> pl.Series:
    """Return the row of the file that each row came from."""
    if sheet.rows is not None:
        # Where no column of the register was found, there are no rows of it either.
        return sheet.rows.cast(pl.Int64).head(height).alias("row")
    return (pl.int_range(height, eager=True) + sheet.first_row).alias("row")


def _with_constants(sheet: Sheet, constants: Mapping[str, str]) -> Sheet:
    kept = [
        (heading, column)
        for heading, column in zip(sheet.headings, sheet.columns, strict=True)
        if heading.strip().casefold() not in constants
    ]
    same = [(name, pl.Series([value]).new_from_index(0, sheet.height)) for name, value in constants.items()]
    headings, columns = zip(*[*kept, *same], strict=True) if kept or same else ((), ())
    return replace(sheet, headings=headings, columns=columns)


def _read_companions(arranged: Arranged, findings: Findings) -> dict[str, pl.DataFrame]:
    read = {}
    for register, sheet in arranged.companions.items():
        asking = Asking(sheet, findings)
        read[register] = read_columns(REGISTERS[register], asking)
    return read
