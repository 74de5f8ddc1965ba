"""What was decided, sent and received lately, as a page and as a feed."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.exchange.feeds.atom import MEDIA_TYPE, Feed, News, tag, write_feed
from evenhand.exchange.open_data.about import licence_of
from evenhand.lookups.changes import Change, list_changes
from evenhand.web.frame.pages import LANGUAGES, public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, rows_of

IN_THE_FEED: Final = 50
COLUMNS: Final = (
    Column("at", gettext_lazy("When"), "moment"),
    Column("what", gettext_lazy("What happened"), "text", value=lambda row: sentence_of(row)),
    Column("ref", gettext_lazy("About"), "code", link=lambda row: address_of(row.ref)),
    Column("party", gettext_lazy("Who"), "named", of="party"),
    Column("resource", gettext_lazy("What"), "named", of="resource"),
    Column("title", gettext_lazy("Title"), "text", shown=False),
    Column("origin", gettext_lazy("From"), "named", of="party", shown=False),
)

SENTENCES: Final = {
    ("need", "approved"): gettext_lazy("A need was approved"),
    ("offer", "made"): gettext_lazy("An offer was made"),
    ("offer", "firmed up"): gettext_lazy("An offer was firmed up"),
    ("offer", "withdrawn"): gettext_lazy("An offer was withdrawn"),
    ("offer", "paid"): gettext_lazy("Money was paid"),
    ("round", "published"): gettext_lazy("A plan was published"),
    ("round", "decided"): gettext_lazy("A round was decided"),
    ("consignment", "dispatched"): gettext_lazy("A consignment left"),
    ("consignment", "received"): gettext_lazy("A consignment was received"),
}
"""What became of what → what is said of it."""


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
    book, language = settings.EVENHAND["name"], get_language() or "en"
    news = [
        News(
            tag(book, f"{row.ref}/{row.mark}"), f"{sentence_of(row)}: {_about(row)}",
            request.build_absolute_uri(address_of(row.ref)), row.at, _about(row), row.what,
        )
        for row in list_changes(viewer_of(request), most=IN_THE_FEED)
    ]  # fmt: skip
    own = request.build_absolute_uri()
    whole = Feed(
        id=tag(book, "changes"), title=_("Decisions and receipts"), language=language, own=own,
        home=request.build_absolute_uri(reverse("changes")), news=news, author=book,
        rights=licence_of(settings.EVENHAND["data_licence"]).title,
        other_languages={code: own.replace(f"/{language}/", f"/{code}/", 1) for code in LANGUAGES},
    )  # fmt: skip
    return HttpResponse(write_feed(whole), content_type=MEDIA_TYPE)


def sentence_of(row: Change) -> str:
    """Return what happened as a sentence in the reader's language."""
    return str(SENTENCES.get((row.kind, row.what), row.what))


def _about(row: Change) -> str:
    """Return what it is about, by names as the records hold them."""
    return " · ".join(part for part in (row.title, row.party_name, row.resource_name, row.ref) if part)
