"""What was read by the machine and waits for a person: proposed statements and meetings, and what may be one with another.

Seen by those who review, and by who put a document in for what was read there. Proposes with reasons; never decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Case, Count, Exists, Q, QuerySet, Value, When

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.lookups.meetings import Meeting, MeetingInFull, get_meeting, in_full
from evenhand.lookups.meetings import tell as tell_meetings
from evenhand.lookups.officials import seen_officials
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.sameness import compare_claims, compare_meetings, compare_people
from evenhand.lookups.statements import Statement, get_statement
from evenhand.lookups.statements import tell as tell_statements
from evenhand.said import models as said
from evenhand.statements.alike import PersonFacts

STANDING = {"statement": ("proposed", "accepted"), "meeting": ("proposed", "confirmed")}

MOST_READ = 5000
"""Among so many what is proposed is looked for, and what it may be one with: first what is proposed, then the newest."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Hold what something may be one with.

    Attributes
    ----------
    way
        "same": one and the same; "thread": the same claim again, or grown.
    score
        How surely, from 0 to 1.
    reasons
        Why, and what speaks against it, in sentences.
    """

    ref: str
    title: str
    state: str
    way: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToReview:
    """Hold one thing that waits for a person.

    Attributes
    ----------
    kind
        statement, meeting or official (two spellings that may be one person).
    title
        The words of a statement, the title of a meeting, the name of an official.
    confidence
        How sure the reader is, from 0 to 1; 1 for a meeting or an official.
    alike
        What it may be one with, the likeliest first.
    """

    kind: str
    ref: str
    title: str
    document: str
    day: date | None
    confidence: float
    health: tuple[str, ...]
    made_at: datetime
    alike: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold one thing that waits for a person, and all that is known of it: for a page that shows both."""

    what: ToReview
    statement: Statement | None = None
    meeting: Meeting | None = None


def list_to_review(viewer: Viewer, *, most: MostChoice = 50) -> list[ToReview]:
    """Return what waits for a person: meetings, then statements document by document, then people who may be one.

    Parameters
    ----------
    most
        So many of each kind at most, the oldest first.
    """
    return [one.what for one in all_to_review(viewer, most)]


def all_to_review(viewer: Viewer, most: int | None) -> list[Waiting]:
    """Return what `list_to_review` lists, each with the statement or the meeting that it is."""
    expect_most(most or 0)
    standing, reports = _standing_statements(viewer), _standing_meetings(viewer)
    statements = sorted(
        (one for one in standing if one.state == "proposed"),
        key=lambda one: (one.made_at, one.document, one.start, one.ref),
    )[:most]
    meetings = sorted((one for one in reports if one.state == "proposed"), key=lambda one: (one.made_at, one.ref))[
        :most
    ]
    claims, met = _claims(statements, standing), _meetings(meetings, reports)
    return [
        *(Waiting(_meeting_to_review(one, met.get(one.ref, ())), meeting=one) for one in meetings),
        *(Waiting(_statement_to_review(one, claims.get(one.ref, ())), statement=one) for one in statements),
        *map(Waiting, _people(viewer, most)),
    ]


def _meeting_to_review(one: Meeting, alike: tuple[Likeness, ...]) -> ToReview:
    return ToReview(
        "meeting", one.ref, one.title, next(iter(one.documents), ""), one.day, 1.0, (), one.made_at, alike
    )  # fmt: skip


def _statement_to_review(one: Statement, alike: tuple[Likeness, ...]) -> ToReview:
    return ToReview(
        "statement", one.ref, one.words, one.document, one.said_on, one.confidence, one.health, one.made_at, alike
    )  # fmt: skip


def count_to_review(viewer: Viewer) -> dict[str, int]:
    """Return how many statements and meetings wait for a person."""
    waiting: list[Any] = [
        rows(viewer).filter(state="proposed").annotate(what=Value(what)).values("what").annotate(number=Count("pk"))
        for what, rows in (("statement", seen_statements), ("meeting", seen_meetings))
    ]
    found = waiting[0].union(waiting[1], all=True).values_list("what", "number")
    return {"statement": 0, "meeting": 0} | dict(found)


def list_alike(viewer: Viewer, statement: Annotated[str, "the statement's ref, ST-..."]) -> list[Likeness]:
    """Return what a statement may be one with, the likeliest first. Raises NameUnknown."""
    return alike_to(viewer, get_statement(viewer, statement))


def alike_to(viewer: Viewer, one: Statement) -> list[Likeness]:
    """Return what a statement that the viewer sees may be one with, the likeliest first."""
    return list(_claims([one], _standing_statements(viewer, anyway=True)).get(one.ref, ()))


def list_alike_meetings(viewer: Viewer, meeting: Annotated[str, "the meeting's ref, MT-..."]) -> list[Likeness]:
    """Return what a meeting may be one with, the likeliest first. Raises NameUnknown."""
    asked = tell_meetings(viewer, seen_meetings(viewer).filter(pk=meeting))
    if not asked:
        raise refuse_unknown("meeting", meeting)
    return list(_meetings(asked, _standing_meetings(viewer, anyway=True)).get(meeting, ()))


def with_alike(viewer: Viewer, ref: str) -> tuple[MeetingInFull, list[Likeness]]:
    """Return a meeting in full, as `get_meeting` does, with what it may be one with where it is proposed; asked together.

    Raises
    ------
    NameUnknown
        There is no meeting of this ref that the viewer may see.
    """
    own = seen_meetings(viewer).filter(pk=ref)
    among = {one.ref: one for one in _standing_meetings(viewer, own)}
    found = among.get(ref)
    if found is None or found.state == "merged":
        return get_meeting(viewer, ref), []
    alike = _meetings([found], list(among.values())).get(ref, ()) if found.state == "proposed" else ()
    return in_full(viewer, found), list(alike)


def _standing_statements(viewer: Viewer, *, anyway: bool = False) -> list[Statement]:
    """Return the statements that stand; none where none of them is proposed, unless they are wanted anyway."""
    seen = seen_statements(viewer)
    rows = seen.filter(state__in=STANDING["statement"])
    rows = rows if anyway else rows.filter(Exists(seen.filter(state="proposed")))
    return tell_statements(viewer, rows.order_by("-state", "-made_at", "ref")[:MOST_READ])


def _standing_meetings(
    viewer: Viewer, own: QuerySet[said.Meeting] | None = None, *, anyway: bool = False
) -> list[Meeting]:
    """Return the meetings that stand; none where none of them is proposed, unless they are wanted anyway.

    Parameters
    ----------
    own
        One that is returned before all others; the others then only where that one is proposed.
    """
    seen = seen_meetings(viewer)
    rows = seen.filter(state__in=STANDING["meeting"])
    if own is not None:
        there = Q(pk__in=own.values("pk"))
        rows = seen.filter(there | Q(Exists(own.filter(state="proposed")), state__in=STANDING["meeting"]))
        rows = rows.alias(first=Case(When(there, then=0), default=1)).order_by("first", "-state", "-made_at", "ref")
        return tell_meetings(viewer, rows[:MOST_READ])
    rows = rows if anyway else rows.filter(Exists(seen.filter(state="proposed")))
    return tell_meetings(viewer, rows.order_by("-state", "-made_at", "ref")[:MOST_READ])


def _claims(asked: list[Statement], standing: list[Statement]) -> dict[str, tuple[Likeness, ...]]:
    """Return what each statement may be one with."""
    alike: dict[str, list[Likeness]] = {}
    for one, other, found in compare_claims(asked, standing):
        alike.setdefault(one.ref, []).append(
            Likeness(other.ref, other.words, other.state, found.way, found.score, found.reasons)
        )
    return {ref: _likeliest(known) for ref, known in alike.items()}


def _meetings(asked: list[Meeting], standing: list[Meeting]) -> dict[str, tuple[Likeness, ...]]:
    """Return what each meeting may be one with."""
    alike: dict[str, list[Likeness]] = {}
    for one, other, found in compare_meetings(asked, standing):
        alike.setdefault(one.ref, []).append(
            Likeness(other.ref, other.title, other.state, found.way, found.score, found.reasons)
        )
    return {ref: _likeliest(known) for ref, known in alike.items()}


def _people(viewer: Viewer, most: int | None) -> list[ToReview]:
    """Return people in office of whom two may be one; only for those who may say so."""
    if not viewer.has("secretariat"):
        return []
    rows = {row.ref: row for row in seen_officials(viewer)}
    parties: dict[str, str] = {}
    took = said.Participant.objects.filter(official__in=rows).values_list("official", "office", "party", "party_name")
    offices: dict[str, str] = {}
    for ref, office, party, name in took:
        parties.setdefault(ref, party or name)
        offices.setdefault(ref, office)
    facts = {ref: PersonFacts(row.name, offices.get(ref, ""), parties.get(ref, "")) for ref, row in rows.items()}
    alike: dict[str, list[Likeness]] = {}
    for ref, other, found in compare_people(facts, facts):
        if ref < other:
            alike.setdefault(ref, []).append(
                Likeness(other, rows[other].name, "", found.way, found.score, found.reasons)
            )
    return [
        ToReview("official", ref, rows[ref].name, "", None, 1.0, (), rows[ref].made_at, _likeliest(known))
        for ref, known in sorted(alike.items())
    ][:most]


def _likeliest(alike: list[Likeness]) -> tuple[Likeness, ...]:
    return tuple(sorted(alike, key=lambda one: (-one.score, one.ref)))
