"""The page of a document: its text as it is stored, with speakers and claims marked, and where it comes from.

A text is words of others: it is shown, never obeyed, and never shown as if we said it.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.lookups.documents import DocumentInFull, get_document
from evenhand.lookups.meetings import find_meeting
from evenhand.web.evidence.sources import sources_of
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table
from evenhand.web.said.marking import Claimed, Person, direction_of, mark_text
from evenhand.web.said.subjects import topic_name
from evenhand.web.said.telling import topics_of

COLUMNS: Final = (
    Column("document", gettext_lazy("Document"), "code"),
    Column("number", gettext_lazy("Sentence"), "number"),
    Column("start", gettext_lazy("First letter"), "number"),
    Column("end", gettext_lazy("Last letter"), "number"),
    Column("speaker", gettext_lazy("Who said it")),
    Column("official", gettext_lazy("Person in office"), "code"),
    Column("party", gettext_lazy("For whom"), "named", of="party"),
    Column("side", pgettext_lazy("of a meeting", "Side"), "state", of="side of a meeting"),
    Column("acts", gettext_lazy("Acts"), value=lambda row: "; ".join(row.acts)),
    Column("topics", gettext_lazy("Topics"), value=lambda row: "; ".join(f"{one.scheme}:{one.code}" for one in row.topics)),
    Column("words", gettext_lazy("Words")),
)  # fmt: skip
"""What the data of a document holds: its sentences."""

MOST_MEETINGS: Final = 3


@public_page
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a document as it was read."""
    viewer = viewer_of(request)
    row = get_document(viewer, ref)
    marks = [
        Claimed(one.start, one.end, one.kind, number, reverse("statement", args=[one.statement]), one.statement)
        for number, one in enumerate(row.marks, start=1)
    ]
    meetings = [found for one in row.meetings[:MOST_MEETINGS] if (found := find_meeting(viewer, one))]
    context = {
        "document": row, "turns": mark_text(row.text, row.sentences, marks, people_of(row)), "marks": marks,
        "sources": sources_of(row.source), "meetings": meetings, "text_language": row.language, "text_direction": direction_of(row.text),
        "marked_now": request.GET.get("mark", ""),
        "topics": [(topic_name(key), key, words) for key, words in topics_of(row.sentences)],
        "may_enter": viewer.has(*RIGHTS["statement enter"]),
    }  # fmt: skip
    table = Table(ref, _("The sentences of this document"), COLUMNS, row.sentences)
    return show(request, "said/document.html", context, table=table)


def people_of(row: DocumentInFull) -> dict[str, Person]:
    """Return on which side each speaker of a document stands."""
    return {one.speaker: Person(one.side) for one in row.sentences if one.side}
