"""`evenhand columns`: what each table holds, from the declarations that reading and checking use."""

from __future__ import annotations

from typing import Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson
from evenhand.errors import NameUnknown
from evenhand.supply.columns import ACTUAL, GROUPS, LINES, LOTS, LOTS_GIVEN, NEEDS, RECIPIENTS, Table
from evenhand.supply.registers import REGISTERS

READ = {"needs": NEEDS, "lots": LOTS, "groups": GROUPS, "actual": ACTUAL}
"""Tables that a person writes, by the name used in messages."""
WRITTEN = {"plan.csv": LINES, "recipients.csv": RECIPIENTS, "lots.csv": LOTS_GIVEN}
"""Tables in a plan's folder, by the name of the file."""

HEADINGS = (
    Heading("column"),
    Heading("needed"),
    Heading("holds"),
    Heading("unit"),
    Heading("default"),
    Heading("meaning"),
)
HOLDS = {
    "key": "key",
    "text": "text",
    "count": "whole number",
    "amount": "number from 0",
    "positive": "number above 0",
    "date": "date",
    "names": "names, by ;",
    "plain-key": "key of letters, digits, . _ -",
    "quantity": "number above 0, with or without a unit",
    "choice": "one of a few words",
    "codes": "scheme:code, by ;",
    "measures": "name=number, by ;",
    "degrees": "degrees",
}


def columns(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="needs, lots, groups, actual; or plan.csv, recipients.csv, lots.csv.")
    ] = "needs",
    imported: Annotated[
        bool, typer.Option("--import", help="The tables that `evenhand import` takes, as in: columns --import parties.")
    ] = False,
    as_json: AsJson = False,
) -> Answer:
    """List the columns of a table: what each means, its unit, and what an empty cell means."""
    known = dict(REGISTERS) if imported else READ | WRITTEN
    if table not in known:
        raise NameUnknown("table", table, list(known))
    declared = known[table]
    return Answer("columns", f"{table}: {declared.row}", result={"table": table}, listings=(list_columns(declared),))


def list_columns(table: Table) -> Listing:
    """Return the columns of a table as rows: name, needed, holds, unit, default, meaning."""
    rows = [
        (
            f"{column.name}1, {column.name}2, ..." if column.numbered else column.name,
            "yes" if column.required else "no",
            ", ".join(column.choices) if column.choices else HOLDS[column.kind],
            column.unit,
            column.default or "",
            column.meaning,
        )
        for column in table.columns
    ]
    return Listing("columns", "", HEADINGS, tuple(rows))
