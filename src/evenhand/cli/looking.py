"""Every listing as a command: `evenhand need list`, `need show ND-...`, made from the lookups' own signatures.

Called by `evenhand.cli.acting` for the group that was typed. Shows what the named user may see; without a name, what
everybody may.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer

from evenhand.cli.acting import read_day
from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import ActingUser, AsJson, Everything
from evenhand.cli.screen import rows_that_fit

READINGS: dict[str, dict[str, str]] = {
    "need": {"list": "needs.list_needs", "show": "needs.get_need"},
    "offer": {"list": "offers.list_offers", "show": "offers.get_offer"},
    "round": {"list": "rounds.list_rounds", "show": "rounds.get_round"},
    "consignment": {"list": "consignments.list_consignments", "show": "consignments.get_consignment"},
    "stock": {"balances": "stock.list_balances", "history": "stock.list_entries"},
    "evidence": {"list": "evidence.list_evidence", "show": "evidence.get_evidence"},
    "party": {"list": "parties.list_parties", "show": "parties.get_party"},
    "group": {"list": "groups.list_groups", "members": "groups.list_members"},
    "place": {"list": "places.list_places"},
    "resource": {"list": "resources.list_resources", "show": "resources.get_resource"},
    "programme": {"list": "programmes.list_programmes"},
    "checkpoint": {"list": "checkpoints.list_checkpoints", "show": "checkpoints.get_checkpoint"},
    "user": {"list": "users.list_users", "actions": "actions.list_actions"},
}
"""Group of commands → its word → the lookup behind it."""

NARROW = 7
"""Columns that a terminal shows; plain text and JSON show all."""


def add_readings(below: typer.Typer, group: str) -> None:
    """Add the listings of a group."""
    for word, place in READINGS.get(group, {}).items():
        module, name = place.split(".")
        lookup = getattr(import_module(f"evenhand.lookups.{module}"), name)
        below.command(word)(_make_command(f"{group} {word}", lookup))


def _make_command(name: str, lookup: Callable[..., Any]) -> Callable[..., Answer]:
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
        parameters.append(inspect.Parameter(word, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint))

    def command(**given: Any) -> Answer:
        from evenhand.cli.session import viewer_named

        asked = {key: value for key, value in given.items() if key in own and value is not None}
        positional = [asked.pop(key) for key in own[:1] if _is_argument(lookup, key)]
        found = lookup(viewer_named(given["acting_as"]), *positional, **asked)
        if isinstance(found, Sequence):
            return list_rows(name, found, rows_that_fit(everything=given["everything"], as_json=given["as_json"]))
        return show_one(name, found)

    command.__doc__ = inspect.cleandoc(lookup.__doc__ or "").split("\n\n")[0]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect.signature reads
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _is_argument(lookup: Callable[..., Any], name: str) -> bool:
    return inspect.signature(lookup).parameters[name].default is inspect.Parameter.empty


def _option(parameter: inspect.Parameter, hint: Any) -> inspect.Parameter:
    kind, meaning = hint, ""
    if get_origin(hint) is Annotated:
        kind, meaning = get_args(hint)[0], str(get_args(hint)[1])
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    said = f"{meaning[:1].upper()}{meaning[1:]}".rstrip(".") + "." if meaning else ""
    if parameter.default is inspect.Parameter.empty:
        described: Any = typer.Argument(metavar=parameter.name.upper(), help=said)
        return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, annotation=Annotated[str, described])
    option = f"--{parameter.name.replace('_', '-')}"
    if kind is date:
        annotated: Any = Annotated[Any, typer.Option(option, help=said, metavar="DATE", parser=read_day)]
    elif kind is bool:
        annotated = Annotated[bool, typer.Option(option, help=said)]
    else:
        annotated = Annotated[kind | None, typer.Option(option, help=said, show_default=False)]
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, default=parameter.default, annotation=annotated
    )


def list_rows(name: str, rows: Sequence[Any], limit: int | None) -> Answer:
    """Return rows of one dataclass as a listing."""
    if not rows:
        return Answer(name, "Nothing to show here, or nothing that you may see.", result={"rows": 0})
    shown = list(rows if limit is None else rows[:limit])
    fields = [field.name for field in dataclasses.fields(rows[0])]
    used = [field for field in fields if any(_cell(getattr(row, field)) not in ("", None) for row in rows)]
    headings = tuple(
        Heading(
            field, "amount" if _is_count(getattr(rows[0], field)) else "text", place < NARROW, field.replace("_", " ")
        )
        for place, field in enumerate(used)
    )
    cells = tuple(tuple(_cell(getattr(row, field)) for field in used) for row in shown)
    count = f"{len(rows):,} row" + ("" if len(rows) == 1 else "s")
    return Answer(name, count, result={"rows": len(rows)}, listings=(
        Listing("list", "", headings, cells, more=len(rows) - len(shown)),
    ))  # fmt: skip


def show_one(name: str, row: Any) -> Answer:
    """Return one dataclass as facts, and each list of dataclasses inside it as a listing."""
    facts: dict[str, str] = {}
    listings: list[Listing] = []
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        title = field.name.replace("_", " ")
        if isinstance(value, list | tuple) and value and dataclasses.is_dataclass(value[0]):
            inner = list_rows(name, value, None).listings[0]
            listings.append(dataclasses.replace(inner, name=field.name, title=title.capitalize()))
        elif (text := _said(value)) != "":
            facts[title] = text
    result = {key: value for key, value in _plain(row).items() if not isinstance(value, list) or not value}
    return Answer(name, "", facts, result, listings=tuple(listings))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return _said(value)
    return value


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_said(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return "; ".join(
            f"{key.replace('_', ' ')} {_said(one)}" for key, one in _plain(value).items() if one not in ("", None)
        )
    return str(_cell(value))


def _plain(row: Any) -> dict[str, Any]:
    return {field.name: _cell(getattr(row, field.name)) for field in dataclasses.fields(row)}
