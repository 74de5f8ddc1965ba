"""People in office, as official texts name them: names, offices, meetings and statements over time; never anything private.

A viewer sees those that a document, meeting or statement names which the viewer may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import PartyChoice, of_party, refuse_unknown
from evenhand.lookups.documents import seen_documents, seen_meetings, seen_statements
from evenhand.lookups.meetings import Meeting, list_meetings
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, SearchChoice, page_of_rows
from evenhand.lookups.searching import search as matching
from evenhand.lookups.statements import Statement, list_statements
from evenhand.said import models as said


@dataclass(frozen=True, slots=True)
class Held:
    """Hold one office that a document names for a person: for whom, and on which days it was met."""

    office: str
    party: str
    party_name: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Official:
    """Hold a person in office: the name, its spellings, and the offices named in what the viewer may see.

    Attributes
    ----------
    meetings, statements
        How many confirmed meetings and accepted statements the viewer may see.
    """

    ref: str
    name: str
    spellings: tuple[str, ...]
    offices: tuple[Held, ...]
    meetings: int
    statements: int
    made_at: datetime

    orders: ClassVar[Orders] = Orders(
        {"ref": By("ref"), "name": By("name"), "made_at": By("made_at", kind=datetime)}, default="ref", key=By("ref")
    )


@dataclass(frozen=True, slots=True)
class OfficialInFull(Official):
    """Hold a person in office with meetings and statements, oldest first."""

    met: tuple[Meeting, ...]
    said: tuple[Statement, ...]


def list_officials(
    viewer: Viewer,
    *,
    party: PartyChoice = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Official]:
    """Return the people in office that a viewer may see, by ref or in the order asked for.

    Parameters
    ----------
    party
        Who took part in a meeting, or made a statement, for this party.

    Raises
    ------
    NameUnknown
        There is no such party.
    """
    chosen = seen_officials(viewer).filter(matching(search, ("ref", "name", "spellings")))
    if party:
        took = said.Participant.objects.filter(of_party(party, "party"), official=OuterRef("pk"))
        spoke = seen_statements(viewer).filter(of_party(party, "party"), official=OuterRef("pk"))
        there = took.filter(meeting__in=seen_meetings(viewer).values("pk"))
        chosen = chosen.filter(Q(Exists(there)) | Q(Exists(spoke)))
    return _told(viewer, page_of_rows(chosen, Official.orders, order, after, most))


def get_official(viewer: Viewer, ref: Annotated[str, "the official's ref, HO-..."]) -> OfficialInFull:
    """Return a person in office with meetings and statements; of one merged into another, the other. Raises NameUnknown."""
    found = find_official(viewer, ref)
    if found is None:
        raise refuse_unknown("official", ref)
    return found


def find_official(viewer: Viewer, ref: str) -> OfficialInFull | None:
    """Return a person in office in full, or None where there is none that the viewer may see."""
    found = next(iter(_told(viewer, seen_officials(viewer).filter(pk=ref))), None)
    if found is None:
        into = said.Official.objects.filter(pk=ref, merged_into__isnull=False).values_list("merged_into", flat=True)
        kept = into.first()
        return find_official(viewer, kept) if kept else None
    return OfficialInFull(
        **{name: getattr(found, name) for name in Official.__slots__},
        met=tuple(list_meetings(viewer, official=ref, order="date")),
        said=tuple(list_statements(viewer, official=ref, order="said_on")),
    )


def seen_officials(viewer: Viewer) -> QuerySet[said.Official]:
    """Return the rows of the people in office that a viewer may see, for other lookups."""
    named = {"official": OuterRef("pk")}
    return said.Official.objects.filter(merged_into__isnull=True).filter(
        Q(Exists(seen_statements(viewer).filter(**named)))
        | Q(Exists(said.Participant.objects.filter(**named, meeting__in=seen_meetings(viewer).values("pk"))))
        | Q(Exists(said.Spoken.objects.filter(**named, evidence__in=seen_documents(viewer).values("pk"))))
    )


def seen_officials_ever(viewer: Viewer) -> QuerySet[said.Official]:
    """Return the same, and those who were taken for one of them."""
    seen = seen_officials(viewer).values("pk")
    return said.Official.objects.filter(Q(pk__in=seen) | Q(merged_into__in=seen))


def _told(viewer: Viewer, rows: QuerySet[said.Official]) -> list[Official]:
    found = list(rows)
    refs = [row.ref for row in found]
    offices: dict[str, dict[tuple[str, str, str], list[date | None]]] = {}
    meetings: dict[str, int] = {}
    statements: dict[str, int] = {}
    for ref, office, party, name, known, day, state in _named(viewer, refs) if refs else ():
        if office or state != "said":
            offices.setdefault(ref, {}).setdefault((office, party or "", known or name), []).append(day)
        if state == "said":
            statements[ref] = statements.get(ref, 0) + 1
        else:
            meetings[ref] = meetings.get(ref, 0) + (state == "confirmed")
    return [
        Official(
            ref=row.ref, name=row.name, spellings=tuple(row.spellings), offices=_held(offices.get(row.ref, {})),
            meetings=meetings.get(row.ref, 0), statements=statements.get(row.ref, 0), made_at=row.made_at,
        )
        for row in found
    ]  # fmt: skip


def _named(viewer: Viewer, refs: Sequence[str]) -> QuerySet[Any]:
    """Return where people in office are named, at meetings and in statements, all asked at once: the state of one is "said"."""
    took = said.Participant.objects.filter(official__in=refs, meeting__in=seen_meetings(viewer).values("pk"))
    spoke: Any = seen_statements(viewer).filter(official__in=refs, state="accepted")
    columns = ("official", "office", "party", "party_name", "party__name")
    met: Any = took.annotate(day=F("meeting__date"), was=F("meeting__state"))
    spoken = spoke.annotate(day=F("said_on"), was=Value("said"))
    found: QuerySet[Any] = met.values_list(*columns, "day", "was").union(
        spoken.values_list(*columns, "day", "was"), all=True
    )
    return found


def _held(offices: dict[tuple[str, str, str], list[date | None]]) -> tuple[Held, ...]:
    found = []
    for (office, party, name), known in offices.items():
        days = [day for day in known if day]
        found.append(Held(office, party, name, min(days, default=None), max(days, default=None)))
    return tuple(sorted(found, key=lambda one: (one.first or date.max, one.office, one.party_name)))
