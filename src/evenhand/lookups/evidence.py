"""Evidence: what is public for everybody; the rest for who has a part in what it is about.

Evidence on what a viewer may not see (a draft, an unpublished round) is not seen for that, and what it is about is told
only as far as the viewer may see that too. A document that was put in to be read becomes public when something of it is
accepted or confirmed; evidence that was attached is so at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import of_party, one_of, refuse_unknown
from evenhand.lookups.documents import seen_documents, unchecked_documents
from evenhand.lookups.needs import seen as seen_need
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.reach import ALL, NONE, Reach, reach_of
from evenhand.lookups.rounds import seen_objections, seen_rounds
from evenhand.lookups.searching import search as matching
from evenhand.records import models as records
from evenhand.rounds.models import Objection, Round
from evenhand.stockbook.models import Consignment, Entry

ORDERS = Orders(
    {
        "ref": By("ref"),
        "title": By("title"),
        "kind": By("kind"),
        "dated": By("dated", kind=date, empty=date(1, 1, 1)),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold one piece of evidence as a viewer may see it; never its file (`read_file`).

    Attributes
    ----------
    about
        The refs and keys of what it is about, where the viewer may see them.
    sha256, size
        The hash of its file and its bytes; "" and 0 where it has none.
    read
        Its text was read, and the viewer may see what was understood: the document of the same ref.
    """

    ref: str
    title: str
    kind: str
    source: str
    dated: date | None
    language: str
    confidence: str
    public: bool
    given_by: str
    about: tuple[str, ...]
    sha256: str
    size: int
    read: bool
    made_at: datetime

    orders: ClassVar[Orders] = ORDERS


def list_evidence(
    viewer: Viewer,
    *,
    about: Annotated[str, "only about this ref or key"] = "",
    party: Annotated[str, "only given by this party or one below it"] = "",
    kind: Annotated[str, "document, readout, receipt, photo, table or link"] = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Evidence]:
    """Return the evidence that a viewer may see, by ref or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party.
    OptionRefused
        There is no such kind or order; the cursor is of another list.
    """
    chosen = _chosen(viewer, about, party, kind, search)
    return _evidence(viewer, page_of_rows(chosen, ORDERS, order, after, most), few=most is not None)


def count_evidence(
    viewer: Viewer, *, about: str = "", party: str = "", kind: str = "", search: SearchChoice = ""
) -> int:
    """Return how much evidence `list_evidence` would list; refuses what that refuses."""
    return _chosen(viewer, about, party, kind, search).count()


def _chosen(viewer: Viewer, about: str, party: str, kind: str, search: str) -> QuerySet[records.Evidence]:
    one_of("kind of evidence", kind, records.Evidence.KINDS)
    chosen = seen_evidence(viewer).filter(of_party(party, "given_by"))
    if about:
        chosen = chosen.filter(Exists(_seen_links(viewer).filter(evidence=OuterRef("pk"), about=about)))
    chosen = chosen.filter(kind=kind) if kind else chosen
    return chosen.filter(matching(search, ("ref", "title", "source"), parties=["given_by"]))


def get_evidence(viewer: Viewer, ref: Annotated[str, "its ref, EV-..."]) -> Evidence:
    """Return a piece of evidence. Raises NameUnknown where there is none that the viewer may see."""
    found = find_evidence(viewer, ref)
    if found is None:
        raise refuse_unknown("evidence", ref)
    return found


def find_evidence(viewer: Viewer, ref: str) -> Evidence | None:
    """Return a piece of evidence, or None where there is none that the viewer may see."""
    return next(iter(_evidence(viewer, seen_evidence(viewer).filter(pk=ref))), None)


def read_file(viewer: Viewer, ref: str) -> bytes:
    """Return the bytes of a piece of evidence, b"" where it has no file. Raises NameUnknown as `get_evidence` does."""
    row = seen_evidence(viewer).select_related("file").filter(pk=ref).first()
    if row is None:
        raise refuse_unknown("evidence", ref)
    return b"" if row.file is None else bytes(row.file.body)


def seen_evidence(viewer: Viewer) -> QuerySet[records.Evidence]:
    """Return the rows of the evidence that a viewer may see, for other lookups."""
    reach = reach_of(viewer, "see evidence")
    linked = records.EvidenceLink.objects.filter(evidence=OuterRef("pk"))
    through = Exists(_seen_links(viewer).filter(_reached(reach), evidence=OuterRef("pk")))
    unlinked = ~Exists(linked) if reach.everything else NONE
    given = NONE if reach.everything else reach.own("given_by")
    waiting = Exists(unchecked_documents().filter(pk=OuterRef("pk")))
    reviewed = ~waiting | Exists(seen_documents(viewer).filter(pk=OuterRef("pk")))
    return records.Evidence.objects.filter(Q(public=True) & reviewed | given | Q(through) | unlinked)


def _seen_links(viewer: Viewer) -> QuerySet[records.EvidenceLink]:
    """Return the links to what the viewer may see: all but those to hidden needs, rounds and objections."""
    hidden: tuple[QuerySet[Any], ...] = (  # asked link by link: there are many needs, and few links on a page
        records.Need.objects.exclude(seen_need(viewer)),
        Round.objects.exclude(pk__in=seen_rounds(viewer).values("pk")),
        Objection.objects.exclude(pk__in=seen_objections(viewer).values("pk")),
    )
    links = records.EvidenceLink.objects.all()
    for rows in hidden:
        links = links.exclude(Exists(rows.filter(pk=OuterRef("about"))))
    return links


def _reached(reach: Reach) -> Q:
    """Return the condition that a link is about something that the right reaches."""
    if reach.everything:
        return ALL
    programmes = records.Programme.objects.filter(reach.over("lead") | reach.over_group("group"))
    entries = Entry.objects.filter(reach.over("target__holder", "source__holder", "target__offer__donor"))
    return (
        Q(about__in=records.Need.objects.filter(reach.over("party")).values("pk"))
        | Q(about__in=records.Offer.objects.filter(reach.over("donor")).values("pk"))
        | Q(about__in=Round.objects.filter(reach.over_group("group")).values("pk"))
        | Q(about__in=Objection.objects.filter(reach.over("party") | reach.over_group("round__group")).values("pk"))
        | Q(about__in=Consignment.objects.filter(reach.over("origin", "destination")).values("pk"))
        | Q(about__in=records.Party.objects.filter(reach.over("key")).values("pk"))
        | Q(about__in=programmes.values("pk"))
        | Q(about__in=entries.values("entry"))
    )


def _evidence(viewer: Viewer, rows: QuerySet[records.Evidence], *, few: bool = True) -> list[Evidence]:
    was_read = Exists(seen_documents(viewer).filter(pk=OuterRef("pk")))
    found: list[Any] = list(rows.select_related("file").defer("file__body").annotate(was_read=was_read))
    about: dict[str, list[str]] = {}
    those: Any = [row.ref for row in found] if few else rows.order_by().values("pk")
    links = _seen_links(viewer).filter(evidence__in=those).order_by("about")
    for ref, thing in links.values_list("evidence", "about"):
        about.setdefault(ref, []).append(thing)
    return [
        Evidence(
            ref=row.ref,
            title=row.title,
            kind=row.kind,
            source=row.source,
            dated=row.dated,
            language=row.language,
            confidence=row.confidence,
            public=row.public,
            given_by=row.given_by_id or "",
            about=tuple(about.get(row.ref, ())),
            sha256=row.file_id or "",
            size=row.file.size if row.file else 0,
            read=row.was_read,
            made_at=row.made_at,
        )
        for row in found
    ]
