"""What was said and who met whom, as Atom feeds: everything once, under an id that stays, and again when it was corrected."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenhand.exchange.feeds.atom import MEDIA_TYPE, Feed, News, tag, write_feed
from evenhand.exchange.open_data.about import licence_of
from evenhand.lookups.announced import (
    AnnouncedMeeting,
    AnnouncedStatement,
    list_announced,
    list_announced_meetings,
)
from evenhand.web.frame.pages import LANGUAGES, public_page, viewer_of
from evenhand.web.languages import formats, vocabulary
from evenhand.web.said.telling import line_of, speaker_of


@public_page
def statements(request: HttpRequest) -> HttpResponse:
    """Hand out the newest statements, with all others of their documents, each with its speaker, day and source."""
    news = [_said(request, one) for one in list_announced(viewer_of(request))]
    return _feed(request, "statements", _("What was said"), news)


@public_page
def meetings(request: HttpRequest) -> HttpResponse:
    """Hand out the newest meetings, each with its day, place and people."""
    news = [_met(request, one) for one in list_announced_meetings(viewer_of(request))]
    return _feed(request, "meetings", _("Meetings that official texts report"), news)


def _feed(request: HttpRequest, name: str, title: str, news: Sequence[News]) -> HttpResponse:
    book, language = settings.EVENHAND["name"], get_language() or "en"
    own = request.build_absolute_uri()
    whole = Feed(
        id=tag(book, name), title=title, language=language, own=own, home=request.build_absolute_uri(reverse(name)),
        news=news, author=book, rights=licence_of(settings.EVENHAND["data_licence"]).title,
        other_languages={code: own.replace(f"/{language}/", f"/{code}/", 1) for code in LANGUAGES},
    )  # fmt: skip
    return HttpResponse(write_feed(whole), content_type=MEDIA_TYPE)


def _said(request: HttpRequest, one: AnnouncedStatement) -> News:
    row = one.statement
    return News(
        tag(settings.EVENHAND["name"], one.first), line_of(row), _address(request, "statement", row.ref), one.at,
        f"{speaker_of(row.speaker)}: {row.sentence}", row.kind, one.first_at,
    )  # fmt: skip


def _met(request: HttpRequest, one: AnnouncedMeeting) -> News:
    row = one.meeting
    kind = vocabulary.word("kind of meeting", row.kind)
    people = "; ".join(
        ", ".join(part for part in (who.name, who.office, who.party_name) if part) for who in row.participants
    )
    when = ", ".join(part for part in (kind, formats.day(row.day) if row.day else "", row.place) if part)
    return News(
        tag(settings.EVENHAND["name"], row.ref), row.title, _address(request, "meeting", row.ref), one.at,
        f"{when}. {people}", row.kind,
    )  # fmt: skip


def _address(request: HttpRequest, page: str, ref: str) -> str:
    return request.build_absolute_uri(reverse(page, args=[ref]))
