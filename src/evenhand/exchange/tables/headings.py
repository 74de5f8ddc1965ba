"""From headings to columns: which declared column each heading is, which is not known, and which is missing.

Called by `columns` and, to find the heading among title rows, by the doors. Headings match after trimming and
case-folding; spaces and hyphens inside count as "_".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from evenhand.errors import suggest
from evenhand.exchange.tables.sheet import Findings, Sheet, quoted
from evenhand.supply.columns import Column, Table

AROUND = "\ufeff \t\r\n\xa0"
"""What may stand around a heading without being part of it."""

UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")
NOTED_UNKNOWN = 5
"""Up to this many unknown columns get a note each; more of them share one."""

MOST_TIERS = 999
"""A numbered column above this is not taken for one."""


@dataclass(frozen=True, slots=True)
class Headed:
    """Hold the columns of a sheet by name: the declared ones, and the others as text."""

    known: dict[str, tuple[Column, pl.Series]]
    unknown: dict[str, pl.Series]


def column_name(heading: str, table: Table) -> str | None:
    """Return the declared column that a heading means, or None.

    Examples
    --------
    >>> from evenhand.supply.columns import NEEDS
    >>> column_name(" Per week", NEEDS), column_name("TIER_01", NEEDS), column_name("population", NEEDS)
    ('per_week', 'tier_1', None)
    """
    name = re.sub(r"[\s\-]+", "_", unicodedata.normalize("NFKC", heading).strip(AROUND).casefold())
    column = table.column(name)
    if column is None or not column.numbered:
        return name if column else None
    digits = name[len(column.name) :]
    number = int(digits) if digits.isdecimal() and len(digits) < 5 else -1
    return f"{column.name}{number}" if 0 <= number <= MOST_TIERS else None


def match_headings(sheet: Sheet, findings: Findings) -> Headed:
    """Return the columns of a sheet by name; what is missing or there twice goes to `findings`."""
    table = sheet.table
    known: dict[str, tuple[Column, pl.Series]] = {}
    unknown: dict[str, pl.Series] = {}
    places: dict[str, list[str]] = {}
    for place, (heading, raw) in enumerate(zip(sheet.headings, sheet.columns, strict=True), start=1):
        written = unicodedata.normalize("NFC", UNSEEN.sub(" ", heading).strip(AROUND))
        if not written:
            if raw.null_count() < len(raw) and not (raw.dtype == pl.String and (raw == "").all()):
                findings.notes.append(f"{table.name}: column {place} has no heading and is not used")
            continue
        name = column_name(written, table)
        column = table.column(name) if name else None
        alike = places.setdefault(name or written.casefold(), [])
        alike.append(written)
        if len(alike) > 1:
            continue
        if name and column:
            known[name] = (column, raw)
        else:
            unknown[written] = raw
    _find_missing(sheet, known, unknown, findings)
    for mark, alike in places.items():
        if len(alike) > 1:
            times = "twice" if len(alike) == 2 else f"{len(alike)} times"
            shown = " and ".join(quoted(written) for written in alike[:2])
            name = mark if mark in known else alike[0]
            findings.add(table.name, 0, name, f"the column occurs {times} ({shown}); keep one")
    _note_unknown(table, known, unknown, findings)
    _check_numbered(table, known, findings)
    return Headed(known, unknown)


def _find_missing(
    sheet: Sheet, known: dict[str, tuple[Column, pl.Series]], unknown: dict[str, pl.Series], findings: Findings
) -> None:
    for column in sheet.table.columns:
        if column.required and column.name not in known:
            near = suggest(column.name, list(unknown))
            there = ", ".join(quoted(heading) for heading in [*known, *unknown][:8])
            rest = f" and {len(known) + len(unknown) - 8} more" if len(known) + len(unknown) > 8 else ""
            instead = near or (f"; the headings are {there}{rest}" if there else "")
            findings.add(sheet.table.name, 0, column.name, f"the column is missing{instead}")


def _note_unknown(
    table: Table, known: dict[str, tuple[Column, pl.Series]], unknown: dict[str, pl.Series], findings: Findings
) -> None:
    open_names = [column.name for column in table.columns if column.name not in known and not column.numbered]
    if len(unknown) > NOTED_UNKNOWN:
        shown = ", ".join(quoted(heading) for heading in list(unknown)[:NOTED_UNKNOWN])
        rest = len(unknown) - NOTED_UNKNOWN
        findings.notes.append(
            f"{table.name}: columns {shown} and {rest:,} more are not known and are kept, but not used"
        )
        return
    for heading in unknown:
        near = suggest(heading, open_names)
        findings.notes.append(f"{table.name}: column {quoted(heading)} is not known and is kept, but not used{near}")


def _check_numbered(table: Table, known: dict[str, tuple[Column, pl.Series]], findings: Findings) -> None:
    """Report numbered columns that do not run 1, 2, 3, ..."""
    for declared in table.columns:
        if not declared.numbered:
            continue
        numbers = sorted(int(name[len(declared.name) :]) for name, (column, _) in known.items() if column is declared)
        if numbers and numbers != list(range(1, len(numbers) + 1)):
            there = ", ".join(f"{declared.name}{number}" for number in numbers)
            would = ", ".join(f"{declared.name}{number}" for number in range(1, len(numbers) + 1))
            findings.add(table.name, 0, f"{declared.name}{numbers[0]}", f"the columns are {there}; number them {would}")
