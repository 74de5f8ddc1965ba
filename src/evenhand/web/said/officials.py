"""The page of a person in office: the offices that official texts name, meetings and statements over time; nothing private."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.merges import merges_of
from evenhand.lookups.officials import get_official, list_officials
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.said.columns import STATEMENTS
from evenhand.web.said.telling import quote

MOST_QUOTED: Final = 50
FILTERS: Final = ("party", "search")
COLUMNS: Final = (
    Column("name", gettext_lazy("Name"), order="name", link=lambda row: address_of(row.ref)),
    Column("ref", gettext_lazy("Ref"), "code", shown=False),
    Column("spellings", gettext_lazy("Spellings"), value=lambda row: "; ".join(row.spellings)),
    Column(
        "offices", gettext_lazy("Offices"),
        value=lambda row: "; ".join(", ".join(part for part in (one.office, one.party_name) if part) for one in row.offices),
    ),
    Column("meetings", gettext_lazy("Meetings"), "number"),
    Column("statements", gettext_lazy("Statements"), "number"),
)  # fmt: skip


@public_page
def officials(request: HttpRequest) -> HttpResponse:
    """List the people in office whom official texts name."""
    viewer, chosen = viewer_of(request), chosen_of(request, FILTERS)
    found = rows_of(request, list_officials, viewer, order="name", **chosen)
    table = Table(
        "officials", _("People in office, as official texts name them"), COLUMNS, found.rows, found.next, None,
        request.GET.get("order", "") or "name", _("Nobody fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    return show(request, "said/officials.html", {"chosen": chosen}, table=table)


@public_page
def official(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one person in office."""
    viewer = viewer_of(request)
    row = get_official(viewer, ref)
    said = list(reversed(row.said))
    context = {
        "one": row, "met": list(reversed(row.met)), "quotes": quote(said[:MOST_QUOTED]),
        "more": max(0, len(said) - MOST_QUOTED), "may_merge": viewer.has(*RIGHTS["official merge"]),
        "merges": merges_of(viewer, [row.ref]), "may_split": viewer.has(*RIGHTS["official split"]),
        "spellings": [name for name in row.spellings if name != row.name],
    }  # fmt: skip
    table = Table(row.ref, _("What this person said, the newest first"), STATEMENTS, said)
    return show(request, "said/official.html", context, table=table)
