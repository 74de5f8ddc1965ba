"""Where a table begins: the heading among title rows, a heading in two rows, a second heading below the first.

Called by the doors for files and by `read`. Skips only what is certain, and says so; what merely looks like a second
heading is refused cell by cell, and the sentence names the row to delete.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from evenhand.exchange.tables.headings import column_name
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Table

SEARCHED_ROWS = 20
"""How many rows are searched for the heading."""

HXL_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+[a-z][a-z0-9_]*)*\s*", re.IGNORECASE)
"""A hashtag with attributes, as in the Humanitarian Exchange Language standard 1.1, section 3."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Say which rows are the heading, and what it reads.

    Attributes
    ----------
    first, last
        Indices of its first and last row; they differ where cells were merged over two rows.
    certain
        Whether it names every required column.
    """

    first: int
    last: int
    cells: tuple[str, ...]
    certain: bool


def find_heading(rows: Sequence[Sequence[str | None]], table: Table) -> Heading | None:
    """Return the heading: the first row, or two rows read as one, that names all required columns.

    Where none does, the likeliest: the row that names the most declared columns, among equals the first that is not
    empty. None where every row is empty.
    """
    searched = [tuple((cell or "").strip() for cell in cells) for cells in rows[:SEARCHED_ROWS]]
    for index, cells in enumerate(searched):
        if _names_all(cells, table):
            return Heading(index, index, cells, certain=True)
    for index in range(len(searched) - 1):
        merged = _read_as_one(searched[index], searched[index + 1])
        if _names_all(merged, table):
            return Heading(index, index + 1, merged, certain=True)
    filled = [index for index, cells in enumerate(searched) if any(map(_has_letters, cells))]
    if not filled:
        return None
    best = max(filled, key=lambda index: (_known(searched[index], table), -index))
    return Heading(best, best, searched[best], certain=False)


def _read_as_one(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Return two rows as one heading: the lower cell, or the upper one where cells were merged downwards."""
    width = max(len(upper), len(lower))
    above, below = upper + ("",) * (width - len(upper)), lower + ("",) * (width - len(lower))
    return tuple(under or over for over, under in zip(above, below, strict=True))


def _names_all(cells: Sequence[str], table: Table) -> bool:
    if not any(cells):
        return False
    names = {column_name(cell, table) for cell in cells if cell}
    return all(column.name in names for column in table.columns if column.required)


def _has_letters(cell: str) -> bool:
    return any(character.isalnum() for character in cell)


def _known(cells: Sequence[str], table: Table) -> int:
    return len({column_name(cell, table) for cell in cells if cell} - {None})


def note_skipped(heading: Heading, first_row: int, table: Table, findings: Findings) -> None:
    """Note rows above a heading, and a heading in two rows; `first_row` is the number of the row with index 0."""
    if heading.first:
        rows = "1 row" if heading.first == 1 else f"{heading.first} rows"
        were = "was" if heading.first == 1 else "were"
        findings.notes.append(
            f"{table.name}: the heading was found in row {first_row + heading.first}; {rows} above it {were} skipped"
        )
    if heading.last > heading.first:
        findings.notes.append(
            f"{table.name}: rows {first_row + heading.first} and {first_row + heading.last} were read as one heading"
        )


def skip_second_heading(sheet: Sheet, known_keys: pl.Series | None, findings: Findings) -> Sheet:
    """Return the sheet without a row of HXL tags or of units below its heading.

    Parameters
    ----------
    known_keys
        Recipients in needs, for tables that hold only names: a row of names that look like tags is then no heading.
    """
    if not sheet.height:
        return sheet
    first = [_cell(column) for column in sheet.columns]
    filled = [cell for cell in first if cell]
    if not filled:
        return sheet
    shown = ", ".join(filled[:3]) + (", ..." if len(filled) > 3 else "")  # enough to recognise it
    row = sheet.row(0)
    if all(HXL_TAG.fullmatch(cell) for cell in filled):
        if known_keys is not None and known_keys.is_in(filled).any():
            return sheet
        findings.notes.append(f"{sheet.table.name}: row {row} holds HXL tags ({shown}) and was skipped")
        return _without_first(sheet)
    if _holds_units(sheet, first):
        findings.notes.append(f"{sheet.table.name}: row {row} holds units ({shown}) and was skipped")
        return _without_first(sheet)
    return sheet


def _cell(column: pl.Series) -> str:
    value = column[0]
    return value.strip() if isinstance(value, str) else "" if value is None else repr(value)


def _holds_units(sheet: Sheet, first: list[str]) -> bool:
    """Return whether the first row names the unit wherever a number should stand, and does so at least once."""
    units = []
    for heading, cell in zip(sheet.headings, first, strict=True):
        name = column_name(heading, sheet.table)
        column = sheet.table.column(name) if name else None
        if column is not None and column.unit and cell:
            units.append(cell.strip("()[]{} ").casefold() == column.unit.casefold())
    return bool(units) and all(units)


def _without_first(sheet: Sheet) -> Sheet:
    rows = None if sheet.rows is None else sheet.rows.slice(1)
    columns = tuple(column.slice(1) for column in sheet.columns)
    return replace(sheet, columns=columns, first_row=sheet.first_row + 1, rows=rows)


def drop_blank_rows(sheet: Sheet) -> Sheet:
    """Return the sheet without rows in which every cell is empty; the others keep their numbers."""
    blank: pl.Series | None = None
    for column in sheet.columns:
        if not column.null_count() and (column.dtype != pl.String or not (column == "").any()):
            return sheet
        empty = column.is_null()
        if column.dtype == pl.String:
            empty = empty | (column == "").fill_null(value=True)
            if empty.any():
                empty = empty | (column.str.strip_chars() == "").fill_null(value=True)
        blank = empty if blank is None else blank & empty
        if not blank.any():
            # The first column without a gap settles it, and that is nearly always the key.
            return sheet
    return sheet if blank is None else sheet.filter(~blank)
