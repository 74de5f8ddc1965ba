"""Every listing as a command: `evenhand need list`, `need show ND-...`, made from the lookups' own signatures.

Called by `evenhand.cli.acting` for the group that was typed. Shows what the named user may see; without a name, what
everybody may. What is read and which columns people see stands in `evenhand.cli.readings`.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer

from evenhand.cli.acting import in_short, read_day
from evenhand.cli.answer import Answer
from evenhand.cli.options import ActingUser, AsJson, Everything
from evenhand.cli.pages import PAGES, Page, make_listing, said
from evenhand.cli.papers import PAPERS
from evenhand.cli.readings import READINGS, Column, Reading
from evenhand.cli.round_page import round_page
from evenhand.cli.round_readings import FILES
from evenhand.cli.said_readings import SAID_PAGES, SAID_READINGS
from evenhand.cli.screen import rows_that_fit

__all__ = ["READINGS", "add_readings"]

PAGE_OF: Mapping[str, Callable[[Any], Page]] = PAGES | SAID_PAGES | {"round show": round_page}


def add_readings(below: typer.Typer, group: str) -> None:
    """Add the listings of a group, and what it can write out."""
    for word, reading in {**READINGS.get(group, {}), **SAID_READINGS.get(group, {})}.items():
        module, name = reading.lookup.split(".")
        lookup = getattr(import_module(f"evenhand.lookups.{module}"), name)
        command = _make_command(f"{group} {word}", lookup, reading)
        below.command(word, short_help=in_short(command.__doc__ or ""))(command)
    for word, command in (FILES.get(group, {}) | PAPERS.get(group, {})).items():
        below.command(word, short_help=in_short(command.__doc__ or ""))(command)


def _make_command(name: str, lookup: Callable[..., Any], reading: Reading) -> Callable[..., Answer]:
    hints = get_type_hints(lookup, include_extras=True)
    parameters = [
        _option(parameter, hints[parameter.name])
        for parameter in list(inspect.signature(lookup).parameters.values())[1:]
    ]
    own = [parameter.name for parameter in parameters]
    for word, hint, default in (
        ("acting_as", ActingUser, ""),
        ("everything", Everything, False),
        ("as_json", AsJson, False),
    ):
        if word != "everything" or reading.columns:
            parameters.append(inspect.Parameter(word, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint))

    def command(**given: Any) -> Answer:
        from evenhand.cli.session import viewer_named

        asked = {key: value for key, value in given.items() if key in own and value is not None}
        positional = [asked.pop(key) for key in own[:1] if _is_argument(lookup, key)]
        found = lookup(viewer_named(given["acting_as"]), *positional, **asked)
        if isinstance(found, Sequence):
            limit = rows_that_fit(everything=given.get("everything", False), as_json=given["as_json"])
            return list_rows(name, found, limit, reading)
        return show_one(name, found)

    command.__doc__ = _meaning(lookup)
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect.signature reads
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _meaning(lookup: Callable[..., Any]) -> str:
    """Return what a lookup is for, said to who looks: what the function returns is what the command shows."""
    first = " ".join(inspect.cleandoc(lookup.__doc__ or "").split("\n\n")[0].split(". Raises ")[0].split())
    for written, meant in (("Return ", "Show "), ("a viewer may see", "you may see"), ("the viewer may", "you may")):
        first = first.replace(written, meant)
    return first.rstrip(".") + "."


def _is_argument(lookup: Callable[..., Any], name: str) -> bool:
    return inspect.signature(lookup).parameters[name].default is inspect.Parameter.empty


def _option(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    kind, meaning = hint, ""
    if get_origin(hint) is Annotated:
        kind, meaning = get_args(hint)[0], str(get_args(hint)[1])
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    words = f"{meaning[:1].upper()}{meaning[1:]}".rstrip(".") + "." if meaning else ""
    if parameter.default is inspect.Parameter.empty:
        described: Any = typer.Argument(metavar=parameter.name.upper(), help=words)
        return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[str, described])
    option = f"--{parameter.name.replace('_', '-')}"
    if kind is date:
        annotated: Any = Annotated[Any, typer.Option(option, help=words, metavar="DATE", parser=read_day)]
    elif kind is bool:
        annotated = Annotated[bool, typer.Option(option, help=words)]
    else:
        metavar = "N" if kind is int else "TEXT"
        annotated = Annotated[kind | None, typer.Option(option, help=words, metavar=metavar, show_default=False)]
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, default=parameter.default, annotation=annotated
    )


def list_rows(name: str, rows: Sequence[Any], limit: int | None, reading: Reading) -> Answer:
    """Return the rows of a lookup as a listing: the columns people read, and every field for machines."""
    one, many = reading.what
    if not rows:
        return Answer(name, f"No {many} here, or none that you may see.", result={"rows": 0, "list": []})
    if reading.newest_first:
        rows = rows[::-1]
    if reading.last is not None:
        rows = sorted(rows, key=reading.last)
    shown = list(rows if limit is None else rows[:limit])
    columns = reading.columns or tuple(
        Column(field.name.replace("_", " "), field.name) for field in dataclasses.fields(rows[0])
    )
    listing = make_listing(
        "list", "", columns, shown, more=len(rows) - len(shown), records=[plain(row) for row in shown]
    )
    return Answer(
        name, f"{len(rows):,} {one if len(rows) == 1 else many}", result={"rows": len(rows)}, listings=(listing,)
    )


def show_one(name: str, row: Any) -> Answer:
    """Return one record as its page, or where its kind has none, as its fields."""
    page = PAGE_OF[name](row) if name in PAGE_OF else _fields_page(row)
    facts = {key: text for key, value in page.facts.items() if (text := said(value)) != ""}
    listings = [dataclasses.replace(one, name="") for one in page.listings]
    raw = page.raw if page.raw and not sys.stdout.isatty() else ""
    return Answer(
        name, page.sentence, facts, plain(row), listings, page.passages, page.closing, raw=raw
    )  # fmt: skip


def _fields_page(row: Any) -> Page:
    return Page("", {key.replace("_", " "): value for key, value in plain(row).items()})


def plain(value: Any) -> Any:
    """Return a record as JSON can hold it: every field, the records inside it as objects, days and times as ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value
