"""The book, its entries and its checkpoints."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.ledger.stages import VERBS
from evenhand.lookups.checkpoints import find_latest_checkpoint, get_checkpoint, list_checkpoints
from evenhand.lookups.stock import count_entries, list_entries
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import MOST, Column, Table, chosen_of, rows_of

FILTERS: Final = ("party", "resource", "offer", "donor", "concerns", "verb", "search")
NOTED: Final = 50
"""So many checkpoints stand on the page; the data holds all."""

ENTRIES: Final = (
    Column("seq", gettext_lazy("No."), "code", gettext_lazy("its number in the book, counted from 1"),
           link=lambda row: reverse("entry", args=[row.seq])),
    Column("happened", gettext_lazy("Day"), "day", gettext_lazy("the day it happened")),
    Column("verb", gettext_lazy("What happened"), "state", of="what happened"),
    Column("quantity", gettext_lazy("How much"), "amount", gettext_lazy("in base units of the resource"), unit="base units"),
    Column("resource", gettext_lazy("Of what"), "named", of="resource"),
    Column("source", gettext_lazy("From"), "code", gettext_lazy("the account it left: stage/offer/holder")),
    Column("target", gettext_lazy("To"), "code", gettext_lazy("the account it went to")),
    Column("concerns", gettext_lazy("About"), "code", link=lambda row: address_of(row.concerns) if row.concerns else None),
    Column("donor", gettext_lazy("Given by"), "named", of="party", shown=False),
    Column("entry", gettext_lazy("Id"), "code", gettext_lazy("chosen by who wrote it"), shown=False),
    Column("action", gettext_lazy("Action"), "code", gettext_lazy("the id of the action that wrote it"), shown=False),
    Column("typed", gettext_lazy("As typed"), "text", shown=False),
    Column("unit", gettext_lazy("Unit as typed"), "text", shown=False),
    Column("value", gettext_lazy("Value"), "text", shown=False),
    Column("currency", gettext_lazy("Currency"), "text", shown=False),
    Column("recorded", gettext_lazy("Recorded"), "moment", shown=False),
    Column("reverses", gettext_lazy("Takes back"), "code", gettext_lazy("the entry that it takes back"), shown=False),
    Column("reversed_by", gettext_lazy("Taken back by"), "code", shown=False),
    Column("cause", gettext_lazy("Cause"), "text", gettext_lazy("why units were lost or the entry taken back"), shown=False),
)  # fmt: skip

CHECKPOINTS: Final = (
    Column("size", gettext_lazy("Entries"), "amount", gettext_lazy("how many entries it stands for"),
           link=lambda row: reverse("checkpoint", args=[row.size])),
    Column("made_at", gettext_lazy("Signed"), "moment"),
    Column("why", gettext_lazy("Why"), "text"),
    Column("root", gettext_lazy("Root"), "code", gettext_lazy("the root of the tree of all entries, in base64")),
    Column("signed_by", gettext_lazy("Signed by"), "text", value=lambda row: ", ".join(row.signed_by)),
    Column("note", gettext_lazy("The note itself"), "text", shown=False),
)  # fmt: skip


@public_page
def book(request: HttpRequest) -> HttpResponse:
    """Show the latest checkpoint and how to verify the book."""
    viewer = viewer_of(request)
    latest = find_latest_checkpoint(viewer)
    newest = list_entries(viewer, order="-seq", most=10)
    table = Table("entries", _("The newest entries"), [one for one in ENTRIES if one.shown], newest)
    context = {"latest": latest, "recent": list_checkpoints(viewer, most=5), "total": newest[0].seq if newest else 0}
    return show(request, "book/book.html", context, table=table)


@public_page
def entries(request: HttpRequest) -> HttpResponse:
    """List entries, the newest first."""
    chosen = chosen_of(request, FILTERS)
    found = rows_of(request, list_entries, viewer_of(request), count=count_entries, order="-seq", **chosen)
    table = Table(
        "entries", _("Entries of the stock book, the newest first"), ENTRIES, found.rows, found.next, found.total,
        order="-seq", empty=_("No entry fits. Leave out a filter to see more."), query=chosen,
    )  # fmt: skip
    return show(request, "book/entries.html", {"chosen": chosen, "verbs": VERBS}, table=table)


@public_page
def checkpoints(request: HttpRequest) -> HttpResponse:
    """List the signed checkpoints."""
    most = NOTED if wanted(request) == "html" else MOST
    found = list_checkpoints(viewer_of(request), most=most)
    table = Table("checkpoints", _("Signed checkpoints, the newest first"), CHECKPOINTS, found,
                  empty=_("Nothing was signed yet; a checkpoint is signed at each decision and each day."))  # fmt: skip
    return show(request, "book/checkpoints.html", {}, table=table)


@public_page
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """Show one checkpoint, and whose signatures hold."""
    return show(request, "book/checkpoint.html", {"checkpoint": get_checkpoint(viewer_of(request), str(size))})
