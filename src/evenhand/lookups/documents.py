"""Documents as they were read: the stored text, its sentences with speaker and acts, what was proposed and accepted of it.

A document is public when its evidence is and something of it was accepted or confirmed; before that it is seen by whoever
put it in and by those who review. Who may see a statement or a meeting follows from here. What a text says is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, SearchChoice, page_of_rows
from evenhand.lookups.reach import NONE, reach_of
from evenhand.lookups.searching import search as matching
from evenhand.said import models as said

REVIEW = "see proposed statements"
_DECIDED = Q(state="accepted") | Q(state__in=("replaced", "merged"), accepted_at__isnull=False)
"""The condition that a statement was accepted, also one that was replaced or merged since."""
ORDERS = Orders(
    {
        "ref": By("evidence_id", "ref"),
        "published": By("published", kind=date, empty=date(1, 1, 1)),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("evidence_id", "ref"),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Hold what a sentence is about: a code of a scheme, and the words that say so."""

    scheme: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold one sentence of a document: whose words it reports and what was done with them.

    Attributes
    ----------
    speaker
        A name as the text has it, "both" for the sides together, or "narrator".
    official
        The ref of the person in office, "" where it is nobody's alone.
    """

    document: str
    number: int
    start: int
    end: int
    words: str
    speaker: str
    official: str
    party: str
    side: str
    acts: tuple[str, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold one stretch of a text that a statement was read from."""

    start: int
    end: int
    statement: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Document:
    """Hold a document as it was read, without its text.

    Attributes
    ----------
    ref
        The ref of the evidence that it is.
    published
        The day that the text itself bears.
    notes
        What was found wrong with it, in sentences.
    """

    ref: str
    title: str
    source: str
    publisher: str
    published: date | None
    language: str
    public: bool
    sha256: str
    text_sha256: str
    notes: tuple[str, ...]
    reader: str
    made_at: datetime

    orders: ClassVar[Orders] = ORDERS


@dataclass(frozen=True, slots=True)
class DocumentInFull(Document):
    """Hold a document with its text, its sentences, and the stretches to mark.

    Attributes
    ----------
    marks
        Where the statements stand that the viewer may see, in the order of the text.
    meetings
        The refs of the meetings that it reports, as far as the viewer may see them.
    result
        The reader's whole answer, for those who review; empty for everybody else.
    """

    text: str
    sentences: tuple[Sentence, ...]
    marks: tuple[Mark, ...]
    meetings: tuple[str, ...]
    result: Mapping[str, Any] = field(default_factory=dict)


def list_documents(
    viewer: Viewer,
    *,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Document]:
    """Return the documents that were read and that a viewer may see, by ref or in the order asked for."""
    chosen = seen_documents(viewer).filter(matching(search, ("evidence__ref", "evidence__title", "publisher", "text")))
    return tell(page_of_rows(chosen, ORDERS, order, after, most))


def tell(rows: QuerySet[said.Reading]) -> list[Document]:
    """Return documents from rows that the viewer may see."""
    return [Document(**_plain(row)) for row in rows.select_related("evidence").defer("text", "result")]


def get_document(viewer: Viewer, ref: Annotated[str, "the ref of the evidence, EV-..."]) -> DocumentInFull:
    """Return a document with its text and what was read in it. Raises NameUnknown."""
    found = find_document(viewer, ref)
    if found is None:
        raise refuse_unknown("document", ref)
    return found


def find_document(viewer: Viewer, ref: str) -> DocumentInFull | None:
    """Return a document with its text, or None where there is none that the viewer may see."""
    row = seen_documents(viewer).filter(pk=ref).select_related("evidence").first()
    if row is None:
        return None
    sentences = said.Spoken.objects.filter(evidence=ref).order_by("number")
    marks = (
        seen_statements(viewer).filter(evidence=ref, state__in=("proposed", "accepted")).order_by("start", "end", "ref")
    )
    return DocumentInFull(
        **_plain(row),
        text=row.text,
        sentences=tuple(map(sentence_of, sentences)),
        marks=tuple(Mark(*one) for one in marks.values_list("start", "end", "ref", "kind", "state")),
        meetings=tuple(
            seen_meetings(viewer).filter(documents__evidence=ref).order_by("ref").values_list("ref", flat=True)
        ),
        result=row.result if viewer.has(*RIGHTS[REVIEW]) else {},
    )


def sentence_of(row: said.Spoken) -> Sentence:
    """Return a sentence from its row."""
    return Sentence(
        document=row.evidence_id,
        number=row.number,
        start=row.start,
        end=row.end,
        words=row.words,
        speaker=row.speaker,
        official=row.official_id or "",
        party=row.party_id or "",
        side=row.side,
        acts=tuple(row.acts),
        topics=topics_of(row.topics),
    )


def topics_of(topics: Iterable[Mapping[str, str]]) -> tuple[Topic, ...]:
    """Return topics as they are kept with a sentence."""
    return tuple(Topic(one["scheme"], one["code"], one["words"]) for one in topics)


def seen_documents(viewer: Viewer) -> QuerySet[said.Reading]:
    """Return the rows of the documents that a viewer may see, for other lookups."""
    return said.Reading.objects.filter(_seen(viewer, "", _checked()))


def unchecked_documents() -> QuerySet[said.Reading]:
    """Return the rows of the documents that came on file by being read and of which nothing was accepted or confirmed yet.

    What is public of them becomes so when something is; evidence that was on file before it was read, attached by hand, is
    no such document: it is public at once.
    """
    return said.Reading.objects.filter(~_checked(), made_at=F("evidence__made_at"))


def _checked() -> Q:
    """Return the condition that something of a document was accepted or confirmed, whatever followed it since."""
    accepted = said.Statement.objects.filter(_DECIDED, evidence=OuterRef("pk"))
    confirmed = said.MeetingDocument.objects.filter(evidence=OuterRef("pk"), meeting__state="confirmed")
    return Q(Exists(accepted)) | Q(Exists(confirmed))


def seen_statements(viewer: Viewer) -> QuerySet[said.Statement]:
    """Return the rows of the statements that a viewer may see, for other lookups.

    Everybody sees those that are accepted, and by its ref one that was accepted once and then replaced or merged.
    """
    return said.Statement.objects.filter(_seen(viewer, "evidence__reading__", _DECIDED))


def seen_meetings(viewer: Viewer) -> QuerySet[said.Meeting]:
    """Return the rows of the meetings that a viewer may see, for other lookups: the confirmed ones, for everybody."""
    documents = said.MeetingDocument.objects.filter(_seen(viewer, "evidence__reading__", Q(meeting__state="confirmed")))
    return said.Meeting.objects.filter(pk__in=documents.values("meeting"))


def _seen(viewer: Viewer, reading: str, decided: Q) -> Q:
    """Return the condition under which a viewer sees a row of a document.

    That is: the document was put in by the viewer; or it is public, or of a party whose evidence the viewer sees, and the
    viewer reviews, or the row was decided.

    Parameters
    ----------
    reading
        The way from the row to its document.
    """
    open_to = Q(**{f"{reading}evidence__public": True}) | reach_of(viewer, "see evidence").over(f"{reading}party")
    if not viewer.has(*RIGHTS[REVIEW]):
        open_to &= decided
    return open_to | (Q(**{f"{reading}made_by": viewer.public_id}) if viewer.public_id else NONE)


def _plain(row: said.Reading) -> dict[str, Any]:
    return {
        "ref": row.evidence_id,
        "title": row.evidence.title,
        "source": row.evidence.source,
        "publisher": row.publisher,
        "published": row.published,
        "language": row.language,
        "public": row.evidence.public,
        "sha256": row.evidence.file_id or "",
        "text_sha256": row.text_sha256,
        "notes": tuple(row.notes),
        "reader": row.reader,
        "made_at": row.made_at,
    }
