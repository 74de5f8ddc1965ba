"""Read the contributions to CERF and the country-based pooled funds (CBPF) as OCHA publishes them: pledged, paid, and when.

Called by whoever shows promised beside paid from a second source. The amounts and donors come through the layout `cerf-cbpf`
of the imports, so they are those that an import would take; what the layout has no column for (a pledge whose day is not
known, the year that it is for) is read beside it. Must never fill in a day: a pledge dated 1900-01-01 has none.

Source: UN OCHA, "CBPF allocations and contributions", https://data.humdata.org/dataset/cbpf-allocations-and-contributions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from os import PathLike
from typing import Final

from evenhand.errors import InputRefused
from evenhand.exchange.imports import read_import
from evenhand.exchange.imports.source import open_import
from evenhand.exchange.tables.headings import column_name
from evenhand.exchange.tables.keys import as_text
from evenhand.exchange.tables.sheet import Findings
from evenhand.supply.columns import Column, Table

LAYOUT: Final = "cerf-cbpf"
UNKNOWN: Final = "1900-01-01"
"""What the file writes where no day of pledge is known."""
BESIDE: Final = Table(
    "contributions",
    "one contribution",
    (
        Column("pledgedate", "text", "the day on which it was pledged"),
        Column("fiscalyear", "text", "the year that it is for"),
        Column("pooledfundname", "text", "the fund"),
    ),
)


@dataclass(frozen=True, slots=True)
class Contribution:
    """Hold one contribution, in US dollars as the file states them.

    Attributes
    ----------
    donor
        The donor's key: a state's alpha-3 code, or a short name.
    fund
        "CERF", or the name of a country's fund.
    year
        The year that it is for; None where the file names none.
    owed, paid
        What is still owed, and what was paid; no row has both.
    pledged_on, paid_on
        None where it is not known, or nothing was paid.
    row
        The row of the file, its heading being row 1.
    """

    donor: str
    donor_name: str
    fund: str
    year: int | None
    owed: Decimal
    paid: Decimal
    pledged_on: date | None
    paid_on: date | None
    row: int


@dataclass(frozen=True, slots=True)
class Contributions:
    """Hold all contributions of a file, what a person should know about them, and the file's hash."""

    rows: tuple[Contribution, ...]
    notes: tuple[str, ...]
    digest: str


def read_contributions(source: str | PathLike[str] | bytes) -> Contributions:
    """Return the contributions of a file of OCHA.

    Parameters
    ----------
    source
        A path (.csv, also .gz), or the bytes of a file that was sent.

    Raises
    ------
    InputRefused
        A row cannot be read; all of them are named.
    FileUnreadable
        The file is missing, no table, or lacks a column that the layout needs.
    """
    table = read_import(source, "offers", layout=LAYOUT)
    if table.problems:
        raise InputRefused(list(table.problems), total=table.total)
    names = dict(table.companions["parties"].select("key", "name").iter_rows())
    beside = _beside(source)
    rows = []
    wanted = table.frame.select("donor", "quantity", "paid", "said_on", "paid_on").iter_rows()
    for row, (donor, promised, paid, said_on, paid_on) in zip(table.rows.to_list(), wanted, strict=True):
        pledged, year, fund = beside[row]
        paid = paid or Decimal(0)
        pledged_on = None if not pledged or pledged.startswith(UNKNOWN) else said_on
        in_year, name = int(year) if year.isdigit() else None, names.get(donor) or donor
        one = Contribution(donor, name, fund, in_year, promised - paid, paid, pledged_on, paid_on, row)
        rows.append(one)
    return Contributions(tuple(rows), table.notes, table.digest)


def _beside(source: str | PathLike[str] | bytes) -> Mapping[int, tuple[str, str, str]]:
    """Return what the layout leaves in the file, by row."""
    sheet = open_import(source, BESIDE, Findings(), sheet=None).sheet
    found: dict[str, list[str]] = {}
    for heading, column in zip(sheet.headings, sheet.columns, strict=True):
        name = column_name(heading, BESIDE) if heading else None
        if name:
            found.setdefault(name, as_text(column).fill_null("").to_list())
    empty = [""] * sheet.height
    cells = zip(*(found.get(column.name, empty) for column in BESIDE.columns), strict=True)
    return {sheet.row(index): (day, year, fund) for index, (day, year, fund) in enumerate(cells)}
