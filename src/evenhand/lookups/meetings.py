"""Meetings: when, where, who with which office and for whom, which documents report it, and what each side said there.

Everybody sees those that a person confirmed, of documents that are public; proposed ones are seen by who reviews and by who
put the document in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import GroupChoice, of_group, of_party, one_of, refuse_unknown
from evenhand.lookups.documents import Document, Sentence, seen_documents, seen_meetings, seen_statements, sentence_of
from evenhand.lookups.documents import tell as tell_documents
from evenhand.lookups.paging import AfterChoice, By, MostChoice, OrderChoice, Orders, SearchChoice, page_of_rows
from evenhand.lookups.rounds import tells_names
from evenhand.lookups.searching import search as matching
from evenhand.lookups.statements import Statement
from evenhand.lookups.statements import tell as tell_statements
from evenhand.said import models as said

NEVER = date(1, 1, 1)
ORDERS = Orders(
    {
        "ref": By("ref"),
        "title": By("title"),
        "date": By("date", "day", kind=date, empty=NEVER),
        "place": By("place"),
        "kind": By("kind"),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


@dataclass(frozen=True, slots=True)
class Participant:
    """Hold one person who took part, as the document names name, office and party.

    Attributes
    ----------
    reason
        Why the machine took it so; "" where a person typed it.
    """

    official: str
    name: str
    office: str
    party: str
    party_name: str
    side: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """Hold one meeting as a viewer may see it.

    Attributes
    ----------
    day
        None where no document says when.
    kind
        How it took place: received, talks, phone call, conference, ...
    reasons
        Why the machine proposes it so, in sentences.
    documents
        The refs of the documents that report it, as far as the viewer may see them.
    decided_by
        Who decided, by public id, for auditors; "" for everybody else.
    """

    ref: str
    title: str
    day: date | None
    place: str
    kind: str
    state: str
    reasons: tuple[str, ...]
    participants: tuple[Participant, ...]
    documents: tuple[str, ...]
    decision: str
    decided_by: str
    decided_at: datetime | None
    made_at: datetime

    orders: ClassVar[Orders] = ORDERS


@dataclass(frozen=True, slots=True)
class MeetingInFull(Meeting):
    """Hold a meeting with its documents, what each side said there, act by act, and the statements made at it.

    Attributes
    ----------
    sentences
        Every sentence of its documents in their order; `side` is host, guest or "" (nobody's, or both).
    """

    reports: tuple[Document, ...]
    sentences: tuple[Sentence, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """Count how often two parties met, as far as confirmed meetings tell; the first in the order of names.

    Attributes
    ----------
    party, other
        Keys; "" for one that is known by its name alone.
    """

    party: str
    party_name: str
    other: str
    other_name: str
    meetings: int
    first: date | None
    last: date | None
    refs: tuple[str, ...]


def list_meetings(
    viewer: Viewer,
    *,
    party: Annotated[str, "only where somebody of this party, or of one below it, took part"] = "",
    group: GroupChoice = "",
    official: Annotated[str, "only where this person in office took part, HO-..."] = "",
    place: Annotated[str, "only where the place holds these words"] = "",
    kind: Annotated[str, "only of this kind, such as received or talks"] = "",
    since: Annotated[date | None, "only from this day on"] = None,
    until: Annotated[date | None, "only up to this day"] = None,
    state: Annotated[str, "proposed, confirmed, merged or rejected; confirmed where not said"] = "",
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Meeting]:
    """Return the meetings, by ref or in the order asked for: those confirmed, unless a state is asked for.

    Raises
    ------
    NameUnknown
        There is no such party or group.
    OptionRefused
        There is no such state or order; the cursor is of another list.
    """
    chosen = _chosen(viewer, party, group, official, place, kind, since, until, state, search)
    return tell(viewer, page_of_rows(chosen, ORDERS, order, after, most))


def count_meetings(
    viewer: Viewer,
    *,
    party: str = "",
    group: str = "",
    official: str = "",
    place: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    state: str = "",
    search: str = "",
) -> int:
    """Return how many meetings `list_meetings` would list; refuses what that refuses."""
    return _chosen(viewer, party, group, official, place, kind, since, until, state, search).count()


def _chosen(
    viewer: Viewer,
    party: str,
    group: str,
    official: str,
    place: str,
    kind: str,
    since: date | None,
    until: date | None,
    state: str,
    search: str,
) -> QuerySet[said.Meeting]:
    one_of("state of a meeting", state, said.Meeting.STATES)
    chosen = seen_meetings(viewer).filter(state=state or "confirmed")
    there = said.Participant.objects.filter(meeting=OuterRef("pk"))
    for asked in (of_party(party, "party"), of_group(group, until, "party"), Q(official=official) if official else Q()):
        if asked:
            chosen = chosen.filter(Exists(there.filter(asked)))
    plain = {"kind": kind, "date__gte": since, "date__lte": until}
    chosen = chosen.filter(**{name: value for name, value in plain.items() if value})
    found = chosen.filter(matching(place, ("place",)))
    if search:
        named = matching(search, ("ref", "title", "place", "kind"))
        taking_part = matching(search, ("name", "office", "party_name"), parties=["party"])
        found = found.filter(named | Q(Exists(there.filter(taking_part))))
    return found


def get_meeting(viewer: Viewer, ref: Annotated[str, "the meeting's ref, MT-..."]) -> MeetingInFull:
    """Return a meeting in full; of one that was merged, the meeting that it was merged into. Raises NameUnknown."""
    found = find_meeting(viewer, ref)
    if found is None:
        raise refuse_unknown("meeting", ref)
    return found


def find_meeting(viewer: Viewer, ref: str) -> MeetingInFull | None:
    """Return a meeting in full, or None where there is none that the viewer may see."""
    found = _in_short(viewer, ref)
    return None if found is None else in_full(viewer, found)


def _in_short(viewer: Viewer, ref: str) -> Meeting | None:
    """Return the meeting itself, of one that was merged the meeting that it was merged into; None where none is seen."""
    found = next(iter(tell(viewer, seen_meetings(viewer).filter(pk=ref))), None)
    if found is None or found.state == "merged":
        kept = said.Meeting.objects.filter(pk=ref, state="merged").values_list("merged_into", flat=True).first()
        return _in_short(viewer, kept) if kept else None
    return found


def in_full(viewer: Viewer, found: Meeting) -> MeetingInFull:
    """Return a meeting that the viewer may see in full."""
    statements = seen_statements(viewer).filter(
        meeting=found.ref, state__in=("accepted", "proposed") if found.state == "proposed" else ("accepted",)
    )
    return MeetingInFull(
        **{name: getattr(found, name) for name in Meeting.__slots__},
        reports=tuple(tell_documents(seen_documents(viewer).filter(pk__in=found.documents).order_by("pk"))),
        sentences=sentences_at(found),
        statements=tuple(tell_statements(viewer, statements.order_by("state", "ref"))),
    )


def sentences_at(meeting: Meeting) -> tuple[Sentence, ...]:
    """Return every sentence of the documents of a meeting that the viewer sees."""
    spoken = said.Spoken.objects.filter(evidence__in=list(meeting.documents)).order_by("evidence", "number")
    return tuple(map(sentence_of, spoken))


def sentences_of(viewer: Viewer, ref: Annotated[str, "the meeting's ref, MT-..."]) -> tuple[str, tuple[Sentence, ...]]:
    """Return the ref of a meeting, of one that was merged the other's, and what was said there. Raises NameUnknown."""
    found = _in_short(viewer, ref)
    if found is None:
        raise refuse_unknown("meeting", ref)
    return found.ref, sentences_at(found)


def list_met(
    viewer: Viewer,
    *,
    party: Annotated[str, "only who met this party, or one below it"] = "",
    since: Annotated[date | None, "only from this day on"] = None,
    until: Annotated[date | None, "only up to this day"] = None,
) -> list[Met]:
    """Return which parties met one another at confirmed meetings, and how often: those that met most often first."""
    meetings = list_meetings(viewer, party=party, since=since, until=until)
    pairs: dict[tuple[tuple[str, str], tuple[str, str]], list[Meeting]] = {}
    for one in meetings:
        hosts, guests = (
            {
                (who.party, who.party_name)
                for who in one.participants
                if who.side == side and (who.party or who.party_name)
            }
            for side in said.Participant.SIDES
        )
        for pair in {_pair(host, guest) for host in hosts for guest in guests if host != guest}:
            pairs.setdefault(pair, []).append(one)
    found = [_met(pair, together) for pair, together in pairs.items()]
    return sorted(found, key=lambda met: (-met.meetings, met.party_name, met.other_name, met.party, met.other))


def _pair(one: tuple[str, str], other: tuple[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one, other) if (one[1], one[0]) <= (other[1], other[0]) else (other, one)


def _met(pair: tuple[tuple[str, str], tuple[str, str]], together: list[Meeting]) -> Met:
    days = [one.day for one in together if one.day]
    (party, name), (other, other_name) = pair
    refs = tuple(sorted(one.ref for one in together))
    return Met(party, name, other, other_name, len(refs), min(days, default=None), max(days, default=None), refs)


def tell(viewer: Viewer, rows: QuerySet[said.Meeting]) -> list[Meeting]:
    """Return meetings from rows that the viewer may see, in a fixed number of questions however many there are."""
    found = list(rows)
    refs = [row.ref for row in found]
    people: dict[str, list[Participant]] = {}
    documents: dict[str, list[str]] = {}
    for place, meeting, official, *named in _around(viewer, refs) if refs else ():
        if place:
            people.setdefault(meeting, []).append(_participant(official, *named))
        else:
            documents.setdefault(meeting, []).append(official)
    names = tells_names(viewer)
    return [
        Meeting(
            ref=row.ref, title=row.title, day=row.date, place=row.place, kind=row.kind, state=row.state,
            reasons=tuple(row.reasons), participants=_sides(people.get(row.ref, ())),
            documents=tuple(documents.get(row.ref, ())), decision=row.decision,
            decided_by=row.decided_by if names else "", decided_at=row.decided_at, made_at=row.made_at,
        )
        for row in found
    ]  # fmt: skip


def _sides(people: Iterable[Participant]) -> tuple[Participant, ...]:
    """Return the hosts, then the guests."""
    return tuple(sorted(people, key=lambda one: said.Participant.SIDES.index(one.side)))


def _around(viewer: Viewer, refs: Sequence[str]) -> QuerySet[Any]:
    """Return the documents of meetings that the viewer sees, at place 0, and who took part, all asked at once."""
    documents: Any = said.MeetingDocument.objects.filter(
        meeting__in=refs, evidence__in=seen_documents(viewer).values("pk")
    )
    people: Any = said.Participant.objects.filter(meeting__in=refs)
    none = dict.fromkeys(("named", "office_of", "key", "known", "typed", "on", "why"), Value(""))
    found: QuerySet[Any] = (
        people.annotate(
            place=F("pk"), one=F("official_id"), named=F("name"), office_of=F("office"), key=F("party_id"), known=F("party__name"),
            typed=F("party_name"), on=F("side"), why=F("reason"),
        ).values_list("place", "meeting_id", "one", *none)
        .union(
            documents.annotate(place=Value(0), one=F("evidence_id"), **none).values_list("place", "meeting_id", "one", *none),
            all=True,
        ).order_by("place", "one")
    )  # fmt: skip
    return found


def _participant(
    official: str, name: str, office: str, party: str | None, known: str | None, typed: str, side: str, reason: str
) -> Participant:
    return Participant(official, name, office, party or "", (known or "") if party else typed, side, reason)
