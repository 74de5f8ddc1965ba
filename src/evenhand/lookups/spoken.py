"""Sentences: what each side said, act by act, in the words of the document. Of documents that the viewer may see, and no others.

Used by the search of what was said and by the pages of meetings and officials.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from django.db.models import Exists, OuterRef, Q

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import PartyChoice, of_party
from evenhand.lookups.documents import Sentence, seen_documents, seen_meetings, sentence_of
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, SearchChoice, page_of_rows
from evenhand.lookups.searching import search as matching
from evenhand.lookups.statements import SinceChoice, TopicChoice, UntilChoice
from evenhand.said import models as said

NOBODY = ("narrator",)


@dataclass(frozen=True, slots=True)
class Spoken(Sentence):
    """Hold one sentence with where and when it was said.

    Attributes
    ----------
    key
        The document's ref and the sentence's number: EV-7K2M9QX4PD.00012.
    meeting
        The ref of the meeting at which it was said, "" where none is known or the viewer may not see it.
    """

    key: str
    document_title: str
    publisher: str
    meeting: str
    said_on: date | None
    place: str

    orders: ClassVar[Orders] = Orders(
        {
            "document": By("key"),
            "speaker": By("speaker"),
        },
        default="document",
        key=By("key"),
    )


def list_spoken(
    viewer: Viewer,
    *,
    speaker: Annotated[str, "only where the speaker's name holds these words"] = "",
    official: Annotated[str, "only by this person in office, HO-..."] = "",
    party: PartyChoice = "",
    act: Annotated[str, "only where this was done with the words: thank, inform, commit, request, ..."] = "",
    topic: TopicChoice = "",
    place: Annotated[str, "only at a meeting whose place holds these words"] = "",
    meeting: Annotated[str, "only at this meeting, MT-..."] = "",
    document: Annotated[str, "only of this document, EV-..."] = "",
    since: SinceChoice = None,
    until: UntilChoice = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Spoken]:
    """Return the sentences that somebody spoke, document by document or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party.
    OptionRefused
        There is no such order; the cursor is of another list.
    """
    chosen = said.Spoken.objects.filter(of_party(party, "party"), evidence__in=seen_documents(viewer).values("pk"))
    chosen = chosen.exclude(speaker__in=NOBODY)
    plain = {"official": official, "evidence": document}
    chosen = chosen.filter(**{name: value for name, value in plain.items() if value})
    for mark, column in ((act, "act_marks"), (topic, "topic_marks")):
        if mark:
            chosen = chosen.filter(**{f"{column}__contains": f";{mark};"})
    there = said.MeetingDocument.objects.filter(
        evidence=OuterRef("evidence"), meeting__in=seen_meetings(viewer).values("pk")
    )
    if place or meeting:
        at = matching(place, ("meeting__place",)) & (Q(meeting=meeting) if meeting else Q())
        chosen = chosen.filter(Exists(there.filter(at)))
    for day, way in ((since, "gte"), (until, "lte")):
        if day:
            on = Q(Exists(there.filter(**{f"meeting__date__{way}": day})))
            undated = ~Q(Exists(there.filter(meeting__date__isnull=False)))
            chosen = chosen.filter(on | (undated & Q(**{f"evidence__reading__published__{way}": day})))
    chosen = chosen.filter(matching(speaker, ("speaker",))).filter(
        matching(search, ("words", "speaker"), parties=["party"])
    )
    rows = list(page_of_rows(chosen, Spoken.orders, order, after, most).select_related("evidence__reading"))
    documents = {row.evidence_id for row in rows}
    linked = said.MeetingDocument.objects.filter(evidence__in=documents, meeting__in=seen_meetings(viewer).values("pk"))
    met = {one.evidence_id: one.meeting for one in linked.select_related("meeting").order_by("-meeting")}
    return [_told(row, met.get(row.evidence_id)) for row in rows]


def _told(row: said.Spoken, meeting: said.Meeting | None) -> Spoken:
    one = sentence_of(row)
    return Spoken(
        **{name: getattr(one, name) for name in Sentence.__slots__},
        key=row.key,
        document_title=row.evidence.title,
        publisher=row.evidence.reading.publisher,
        meeting=meeting.ref if meeting else "",
        said_on=(meeting.date if meeting else None) or row.evidence.reading.published,
        place=meeting.place if meeting else "",
    )
