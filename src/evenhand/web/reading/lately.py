"""What was decided, sent and received lately, as a page and as a feed."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.exchange.feeds.atom import MEDIA_TYPE, Feed, News, tag, write_feed
from evenhand.exchange.open_data.about import licence_of
from evenhand.lookups.changes import Change, list_changes
from evenhand.web.frame.pages import LANGUAGES, public_page, show, viewer_of
from evenhand.web.frame.records import address_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import word

IN_THE_FEED: Final = 50
FILTERS: Final = ("party", "resource", "group")
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
    book, language = settings.EVENHAND["name"], get_language() or "en"
    chosen = chosen_of(request, FILTERS)
    news = [
        News(
            tag(book, f"{row.about}/{row.id}"), f"{_sentence(row)}: {row.about}",
            request.build_absolute_uri(address_of(row.about)), row.at, _sentence(row), row.what,
        )
        for row in list_changes(viewer_of(request), most=IN_THE_FEED, **chosen)
    ]  # fmt: skip
    own = request.build_absolute_uri()
    whole = Feed(
        id=tag(book, "changes"), title=_("Decisions and receipts"), language=language, own=own,
        home=request.build_absolute_uri(reverse("changes")), news=news, author=book,
        rights=licence_of(settings.EVENHAND["data_licence"]).title,
        other_languages={code: own.replace(f"/{language}/", f"/{code}/", 1) for code in LANGUAGES},
    )  # fmt: skip
    return HttpResponse(write_feed(whole), content_type=MEDIA_TYPE)


def _sentence(row: Change) -> str:
    return str(word("change", row.what))
