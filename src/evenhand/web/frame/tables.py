"""A table of a page: declared once, shown as HTML with sorting and pages, handed out as CSV, XLSX and JSON.

A view makes a `Table` with its columns and the rows of one page; for its data twin the view is called the same way and
`rows_of` gives all rows that the filter finds. Knows no subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from inspect import Parameter, signature
from operator import attrgetter
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from evenhand.access.viewers import PUBLIC
from evenhand.errors import OptionRefused
from evenhand.exchange.open_data.about import About
from evenhand.exchange.open_data.columns import Kind as OpenKind
from evenhand.exchange.open_data.columns import OpenColumn
from evenhand.exchange.open_data.write import MEDIA_TYPES, write_table
from evenhand.lookups.open_data import read_about
from evenhand.lookups.paging import cursor

Words = str | Promise
Kind = Literal["text", "code", "amount", "share", "number", "day", "moment", "named", "state", "link"]

PAGE = 50
"""Rows on one page."""

MOST = 200_000
"""Rows handed out at once as data; more come with the bulk download."""

OPEN_KINDS: dict[str, OpenKind] = {
    "text": "text", "code": "key", "named": "key", "state": "text", "link": "text", "amount": "amount", "share": "amount",
    "number": "amount", "day": "day", "moment": "moment",
}  # fmt: skip
"""Kind of a column on a page → what it holds as open data."""


@dataclass(frozen=True, slots=True)
class Column:
    """Declare one column.

    Attributes
    ----------
    key
        Its name in the data, English and stable; also the attribute of a row that holds it, unless `value` says more.
    title, meaning
        What stands above it, and what it says in a sentence; both in the reader's language.
    kind
        How it is shown. A "named" cell is a party, resource, group, place or programme: `of` says which, and the cell links to it.
    order
        The name under which the lookup sorts by it, "" where it cannot.
    value
        What it holds, from a row, where it is not the attribute of its name.
    link
        Where it leads, from a row; None where nowhere.
    shown
        Whether the page shows it; the data always holds it.
    """

    key: str
    title: Words
    kind: Kind = "text"
    meaning: Words = ""
    unit: str = ""
    of: str = ""
    order: str = ""
    value: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    shown: bool = True

    def of_row(self, row: Any) -> Any:
        """Return what the column holds in a row."""
        if self.value is not None:
            return self.value(row)
        return row.get(self.key) if isinstance(row, Mapping) else getattr(row, self.key)


@dataclass(slots=True)
class Table:
    """Hold the table of a page.

    Attributes
    ----------
    name
        The name of its files.
    caption
        What it lists, in a sentence.
    rows
        The rows of this page; all of them where data was asked for.
    next
        The cursor of the next page, "" where this is the last.
    total
        How many rows there are in all, None where nobody counted.
    order
        By what it is sorted now.
    """

    name: str
    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Any]
    next: str = ""
    total: int | None = None
    order: str = ""
    empty: Words = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def visible(self) -> list[Column]:
        """Return the columns that the page shows."""
        return [column for column in self.columns if column.shown]


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold the rows of one page, the cursor of the next, and how many there are in all."""

    rows: Sequence[Any]
    next: str
    total: int | None


def rows_of(
    request: HttpRequest,
    list_: Callable[..., Sequence[Any]],
    viewer: Any,
    /,
    *,
    count: Callable[..., int] | None = None,
    order: str = "",
    most: int = PAGE,
    **chosen: Any,
) -> Rows:
    """Return the rows of the page that a request asks for: `after` and `order` come from its address.

    Parameters
    ----------
    list_, count
        A lookup with paging, and the one that counts with the same filters.
    order
        The order where the address names none.
    chosen
        The filters.
    """
    order = request.GET.get("order", "") or order
    takes = signature(list_).parameters.values()
    if order and not any(one.name == "order" or one.kind is Parameter.VAR_KEYWORD for one in takes):
        raise OptionRefused(f"there is no order '{order[:40]}' here; leave it out, this list has one order only")
    if order:
        list_ = partial(list_, order=order)
    if getattr(request, "wants", "html") != "html":
        return Rows(list_(viewer, most=MOST, **chosen), "", None)
    found = list_(viewer, after=request.GET.get("after", ""), most=most + 1, **chosen)
    following = cursor(found[most - 1], order) if len(found) > most else ""
    return Rows(found[:most], following, count(viewer, **chosen) if count else None)


def chosen_of(request: HttpRequest, names: Iterable[str]) -> dict[str, Any]:
    """Return the filters of an address among those that a page knows, without those left empty."""
    return {name: value for name in names if (value := request.GET.get(name, "").strip())}


def answer_table(request: HttpRequest, table: Table, format: str) -> HttpResponse:
    """Hand out a table as data, with its licence, its day, the version it was drawn from and where it stands."""
    about = about_of(request, str(table.caption))
    columns = [
        OpenColumn(one.key, str(one.title), str(one.meaning or one.title), OPEN_KINDS[one.kind], one.unit)
        for one in table.columns
    ]
    read = _readers(table)
    rows = (tuple([one(row) for one in read]) for row in table.rows)
    hxl = bool(request.GET.get("hxl"))
    response = HttpResponse(write_table(format, columns, rows, about, hxl=hxl), content_type=MEDIA_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{format}"'
    return response


def _readers(table: Table) -> list[Callable[[Any], Any]]:
    """Return what reads each column from a row, as `Column.of_row` does; what the rows are is looked at once."""
    if any(issubclass(kind, Mapping) for kind in {type(row) for row in table.rows}):
        return [one.of_row for one in table.columns]
    return [one.value or attrgetter(one.key) for one in table.columns]


def about_of(request: HttpRequest, title: str) -> About:
    """Return what is said of data that a page hands out: its licence, its day, and the state of the book."""
    return read_about(PUBLIC, title, address=request.build_absolute_uri())
