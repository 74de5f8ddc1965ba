"""Search across everything that a reader may see."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.lookups.search import Found, search_everything
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table

LONGEST: Final = 200
MOST: Final = 40
COLUMNS: Final = (
    Column("kind", gettext_lazy("Kind"), "state"),
    Column("key", gettext_lazy("Key"), "code", link=lambda row: address_of(row.key, row.kind)),
    Column("name", gettext_lazy("Name"), "text"),
    Column("where", gettext_lazy("Found in"), "text", gettext_lazy("key, name, code or text")),
)


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    found = search_everything(viewer_of(request), asked, most=MOST) if asked else []
    kinds: dict[str, list[tuple[Found, str]]] = {}
    for row in found:  # the kind of the best first
        kinds.setdefault(row.kind, []).append((row, address_of(row.key, row.kind)))
    table = Table("search", _("What was found"), COLUMNS, found)
    return show(
        request,
        "reading/search.html",
        {"asked": asked, "kinds": list(kinds.items()), "number": len(found)},
        table=table,
    )
