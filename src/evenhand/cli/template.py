"""`evenhand template`: a workbook to fill in, with drop-down lists and every column explained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import ActingUser, AsJson
from evenhand.errors import NameUnknown, OptionRefused
from evenhand.supply.registers import REGISTERS


def template(
    table: Annotated[str, typer.Argument(metavar="TABLE", help=f"One of {', '.join(REGISTERS)}.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE.xlsx", help="Where to; TABLE.xlsx where not said.", show_default=False
        ),
    ] = None,
    languages: Annotated[
        str, typer.Option(metavar="LIST", help="The languages of its explanations, the first first.")
    ] = "en,fr",
    right_to_left: Annotated[bool, typer.Option("--right-to-left", help="Sheets run from right to left.")] = False,
    acting: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Make a workbook for one table: headings, drop-down lists of what there is, and what each column means.

    Where no installation is found, the lists are the shipped ones. `evenhand import TABLE FILE` reads it when it is filled.
    """
    if table not in REGISTERS:
        raise NameUnknown("table", table, list(REGISTERS))
    from evenhand.exchange.templates import write_template

    lists, source = _lists(acting)
    file = out or Path(f"{table}.xlsx")
    chosen = [word.strip() for word in languages.split(",") if word.strip()]
    size = len(write_template(table, file, languages=chosen, lists=lists, right_to_left=right_to_left))
    facts = {"file": str(file), "languages": ", ".join(chosen), "lists": source}
    return Answer("template", f"The template for {table} is in {file}.", facts, {"file": str(file), "bytes": size, "lists": source},
                  closing=(f"When it is filled: evenhand import {table} {file}",))  # fmt: skip


def _lists(acting: str) -> tuple[dict[str, Any], str]:
    """Return what drop-down lists offer: what the installation has, else the shipped lists."""
    from evenhand.cli.session import start, viewer_named

    try:
        start()
    except OptionRefused:
        return _shipped(), "the shipped ones"
    from evenhand.lookups.exporting import list_names

    return dict(list_names(viewer_named(acting))), "those of the installation"


def _shipped() -> dict[str, dict[str, str]]:
    """Return the keys and names of the shipped lists, without a database."""
    import csv
    from importlib.resources import files

    found: dict[str, dict[str, str]] = {}
    for name, registers in (
        ("countries", ("parties", "places")), ("resources", ("resources",)), ("currencies", ("resources",)), ("groups", ("groups",)),
    ):  # fmt: skip
        with files("evenhand.records").joinpath("seeds", f"{name}.csv").open(encoding="utf-8") as file:
            named = {row["key"]: row["name"] for row in csv.DictReader(file)}
        for register in registers:
            found[register] = {**found.get(register, {}), **named}
    return found
