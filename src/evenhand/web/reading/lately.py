"""What was decided, sent and received lately, as a page and as a feed."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.exchange.feeds import Feed, FeedEntry, write_feed
from evenhand.lookups.changes import Change, list_changes
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, rows_of
from evenhand.web.languages.vocabulary import word

IN_THE_FEED: Final = 50
COLUMNS: Final = (
    Column("at", gettext_lazy("When"), "moment"),
    Column("what", gettext_lazy("What happened"), "text", value=lambda row: _sentence(row)),
    Column("about", gettext_lazy("About"), "code", link=lambda row: address_of(row.about)),
    Column("party", gettext_lazy("For"), "named", of="party"),
)


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """List what happened lately in public."""
    found = rows_of(request, list_changes, viewer_of(request))
    table = Table("changes", _("Decisions, dispatches and receipts, the newest first"), COLUMNS, found.rows, found.next,
                  empty=_("Nothing happened in public yet."))  # fmt: skip
    return show(request, "reading/changes.html", table=table)


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    """Hand out the newest of it as an Atom feed."""
    rows = list_changes(viewer_of(request), most=IN_THE_FEED)
    name = settings.EVENHAND["name"]
    entries = [
        FeedEntry(
            id=f"tag:{name.split('/')[0]},2026:{row.id}", title=_sentence(row), updated=row.at,
            link=request.build_absolute_uri(address_of(row.about)), summary=f"{_sentence(row)} · {row.about}",
        )
        for row in rows
    ]  # fmt: skip
    whole = Feed(
        id=f"tag:{name.split('/')[0]},2026:changes", title=_("Decisions and receipts"), language=get_language() or "en",
        link=request.build_absolute_uri(reverse("changes")), itself=request.build_absolute_uri(), entries=entries,
    )  # fmt: skip
    return HttpResponse(write_feed(whole), content_type="application/atom+xml; charset=utf-8")


def _sentence(row: Change) -> str:
    return str(word("change", row.what))
