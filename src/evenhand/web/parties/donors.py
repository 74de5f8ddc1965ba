"""Donors: who gives what, in the order of the alphabet. Must never be sorted by how much anybody gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.viewers import Viewer
from evenhand.errors import OptionRefused
from evenhand.lookups.money import list_money
from evenhand.lookups.promises import AMOUNTS, Promise, count_promises, list_promises
from evenhand.lookups.standings import tidy
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Rows, Table, chosen_of, rows_of
from evenhand.web.languages.speaking import names_here

FILTERS: Final = ("search", "resource")
ORDERS: Final = ("", "name", "-name")


def promised(row: Promise) -> Any:
    """Return what a donor promised firmly enough to stand in the book."""
    return row.pledged + row.committed


def arrived(row: Promise) -> Fraction | None:
    """Return the share of it that recipients confirmed, None where nothing was promised firmly."""
    whole = Fraction(promised(row))
    return min(Fraction(1), Fraction(row.received) / whole) if whole else None


COLUMNS: Final = (
    Column("key", gettext_lazy("Donor"), "named", of="party", order="name"),
    Column("family", gettext_lazy("What"), "named", of="resource"),
    Column("unit", gettext_lazy("Unit"), of="unit"),
    Column("said", gettext_lazy("Said, words only"), "amount", gettext_lazy("statements; they count nowhere else")),
    Column("promised", gettext_lazy("Promised"), "amount", gettext_lazy("pledged or committed, less what was withdrawn"), value=promised),
    Column("allocated", gettext_lazy("Allocated"), "amount"),
    Column("dispatched", gettext_lazy("Dispatched"), "amount"),
    Column("received", gettext_lazy("Received"), "amount", gettext_lazy("confirmed by whoever received it")),
    Column("arrived", gettext_lazy("Share arrived"), "share", gettext_lazy("received, as a share of what was promised"), value=arrived),
    Column("lost", gettext_lazy("Lost"), "amount", gettext_lazy("damaged, missing or expired"), shown=False),
    Column("first", gettext_lazy("First said"), "day", shown=False),
    Column("last", gettext_lazy("Last said"), "day", shown=False),
)  # fmt: skip


@public_page
def donors(request: HttpRequest) -> HttpResponse:
    """List the donors by name."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    order = request.GET.get("order", "")
    if order not in ORDERS:
        raise OptionRefused(f"donors are not sorted by '{order[:40]}'; they stand in the order of their names")
    found = rows_of(request, list_promises, viewer, count=count_promises, by="donor", order="name", most=250, **chosen)
    table = Table(
        "donors", _("Donors in the order of the alphabet, a row for each resource"), COLUMNS, in_currency(viewer, in_own_alphabet(found, order).rows),
        found.next, found.total, order or "name",
        _("Nobody has offered anything yet. A donor appears here with its first offer."), chosen,
    )  # fmt: skip
    return show(request, "parties/donors.html", {"chosen": chosen}, table=table)


def in_own_alphabet(found: Rows, order: str) -> Rows:
    """Return the rows sorted by names as the reader reads them, where all of them stand on one page."""
    if found.next or (found.total is not None and found.total != len(found.rows)):
        return found
    known = names_here()
    rows = sorted(
        found.rows,
        key=lambda row: (known.name_of("party", row.key, row.name).text.casefold(), row.key),
        reverse=order.startswith("-"),
    )
    return replace(found, rows=rows)


def in_currency(viewer: Viewer, rows: Sequence[Promise]) -> list[Promise]:
    """Return the rows with money in whole units of its currency, where the book counts cents."""
    sizes = {one.currency: one.per_unit for one in list_money(viewer)}
    return [_in_currency(row, sizes[row.family]) if row.family in sizes else row for row in rows]


def _in_currency(row: Promise, size: int) -> Promise:
    amounts: dict[str, Any] = {name: tidy(Fraction(getattr(row, name)) / size) for name in AMOUNTS}
    return replace(row, unit=row.family, **amounts)
