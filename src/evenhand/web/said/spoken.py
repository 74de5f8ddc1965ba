"""Every sentence that somebody spoke, to be searched by speaker, act, topic, place and time; claims of assistance or not."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evenhand.lookups.spoken import list_spoken
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import WORDS, word
from evenhand.web.said.subjects import chosen_words, topics_to_choose
from evenhand.web.said.telling import read_days, speaker_of

FILTERS: Final = ("search", "speaker", "party", "official", "act", "topic", "place", "meeting", "document")
COLUMNS: Final = (
    Column("speaker", gettext_lazy("Who said it"), value=lambda row: speaker_of(row.speaker), order="speaker"),
    Column("words", gettext_lazy("Words")),
    Column("acts", gettext_lazy("Act"), value=lambda row: "; ".join(word("act of speech", one) for one in row.acts)),
    Column("said_on", gettext_lazy("Said"), "day"),
    Column("place", gettext_lazy("Place")),
    Column("document_title", gettext_lazy("Document"), link=lambda row: reverse("document", args=[row.document])),
    Column("document", gettext_lazy("Ref of the document"), "code", shown=False),
    Column("publisher", gettext_lazy("Published by"), shown=False),
    Column("meeting", gettext_lazy("Meeting"), "code", shown=False),
    Column("official", gettext_lazy("Person in office"), "code", shown=False),
    Column("party", gettext_lazy("For whom"), "named", of="party", shown=False),
    Column("side", pgettext_lazy("of a meeting", "Side"), "state", of="side of a meeting", shown=False),
    Column("topics", gettext_lazy("Topics"), value=lambda row: "; ".join(f"{one.scheme}:{one.code}" for one in row.topics), shown=False),
    Column("start", gettext_lazy("First letter"), "number", shown=False),
    Column("end", gettext_lazy("Last letter"), "number", shown=False),
)  # fmt: skip


@public_page
def spoken(request: HttpRequest) -> HttpResponse:
    """List sentences with who spoke them."""
    viewer, problems = viewer_of(request), list[tuple[str, str]]()
    chosen: dict[str, Any] = chosen_of(request, FILTERS)
    days = read_days(request, problems)
    found = rows_of(request, list_spoken, viewer, **chosen, **days)
    table = Table(
        "words", _("Sentences of official texts, with who spoke them"), COLUMNS, found.rows, found.next, found.total,
        request.GET.get("order", ""), _("No sentence fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    context = {
        "chosen": chosen, "days": request.GET, "problems": problems, "acts": WORDS["act of speech"].items(),
        "topics": topics_to_choose(), "words": chosen_words(chosen),
    }  # fmt: skip
    return show(request, "said/words.html", context, table=table, status=422 if problems else 200)
