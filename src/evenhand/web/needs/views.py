"""Needs as everybody may read them: what is missing where, one by one, by member, resource, region and month."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.lookups.needs import count_needs, get_need, list_needs
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of

COLUMNS: Final = (
    Column("ref", gettext_lazy("Need"), "code", link=lambda row: address_of(row.ref)),
    Column("party", gettext_lazy("Who"), "named", of="party", order="party"),
    Column("resource", gettext_lazy("What"), "named", of="resource", order="resource"),
    Column("quantity", gettext_lazy("How much"), "amount", unit="base units", order="quantity"),
    Column("base_unit", gettext_lazy("Unit"), "text"),
    Column("by_when", gettext_lazy("Needed by"), "day", order="by_when"),
    Column("valid_until", gettext_lazy("Valid until"), "day", order="valid_until"),
    Column("state", gettext_lazy("State"), "state"),
)
FILTERS = ("party", "group", "resource", "programme", "state", "search")


@public_page
def needs(request: HttpRequest) -> HttpResponse:
    """List the needs."""
    chosen = chosen_of(request, FILTERS)
    found = rows_of(request, list_needs, viewer_of(request), count=count_needs, **chosen)
    table = Table("needs", _("Needs, one by one"), COLUMNS, found.rows, found.next, found.total, query=chosen)
    return show(request, "needs/needs.html", {"chosen": chosen}, table=table)


@public_page
def need(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one need and what became of it."""
    row = get_need(viewer_of(request), ref)
    table = Table("need", _("This need"), COLUMNS, [row])
    return show(request, "needs/need.html", {"need": row}, table=table)
