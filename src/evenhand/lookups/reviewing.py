"""What was read by the machine and waits for a person: proposed statements and meetings, and what may be one with another.

Seen by those who review, and by who put a document in for what was read there. Proposes with reasons; never decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Case, Count, Exists, F, Q, QuerySet, TextField, Value, When

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.documents import seen_meetings, seen_statements
from evenhand.lookups.meetings import Meeting, MeetingInFull, get_meeting, in_full
from evenhand.lookups.meetings import tell as tell_meetings
from evenhand.lookups.merges import Merge, merges_of
from evenhand.lookups.officials import seen_officials
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.sameness import compare_claims, compare_meetings, compare_people
from evenhand.lookups.statements import Statement, get_statement
from evenhand.lookups.statements import tell as tell_statements
from evenhand.said import models as said
from evenhand.statements.alike import PersonFacts

STANDING = {"statement": ("proposed", "accepted"), "meeting": ("proposed", "confirmed")}

Apart = AbstractSet[frozenset[str]]
"""Pairs of refs that a person took apart again: never proposed to be one."""

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
    people, apart = _people(viewer)
    claims, met = _claims(statements, standing, apart), _meetings(meetings, reports, apart)
    known = _not_apart(people[1], apart)
    return [
        *(Waiting(_meeting_to_review(one, met.get(one.ref, ())), meeting=one) for one in meetings),
        *(Waiting(_statement_to_review(one, claims.get(one.ref, ())), statement=one) for one in statements),
        *[Waiting(_person_to_review(people[0][ref], alike)) for ref, alike in sorted(known.items())][:most],
    ]


def _meeting_to_review(one: Meeting, alike: tuple[Likeness, ...]) -> ToReview:
    return ToReview(
        "meeting", one.ref, one.title, next(iter(one.documents), ""), one.day, 1.0, (), one.made_at, alike
    )  # fmt: skip


def _statement_to_review(one: Statement, alike: tuple[Likeness, ...]) -> ToReview:
    return ToReview(
        "statement", one.ref, one.words, one.document, one.said_on, one.confidence, one.health, one.made_at, alike
    )  # fmt: skip


def _person_to_review(one: said.Official, alike: tuple[Likeness, ...]) -> ToReview:
    return ToReview("official", one.ref, one.name, "", None, 1.0, (), one.made_at, alike)


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
    one = get_statement(viewer, statement)
    return alike_to(viewer, one, merges_of(viewer, [one.ref]))


def alike_to(viewer: Viewer, one: Statement, merges: Iterable[Merge]) -> list[Likeness]:
    """Return what a statement that the viewer sees, with these merges, may be one with, the likeliest first."""
    return list(_claims([one], _standing_statements(viewer, anyway=True), _apart(merges)).get(one.ref, ()))


def list_alike_meetings(viewer: Viewer, meeting: Annotated[str, "the meeting's ref, MT-..."]) -> list[Likeness]:
    """Return what a meeting may be one with, the likeliest first. Raises NameUnknown."""
    asked = tell_meetings(viewer, seen_meetings(viewer).filter(pk=meeting))
    if not asked:
        raise refuse_unknown("meeting", meeting)
    apart = _apart(merges_of(viewer, [meeting]))
    return list(_meetings(asked, _standing_meetings(viewer, anyway=True), apart).get(meeting, ()))


def with_alike(viewer: Viewer, ref: str) -> tuple[MeetingInFull, list[Merge], list[Likeness]]:
    """Return a meeting in full, as `get_meeting` does, its merges, and what it may be one with where it is proposed.

    Raises
    ------
    NameUnknown
        There is no meeting of this ref that the viewer may see.
    """
    own = seen_meetings(viewer).filter(pk=ref)
    among = {one.ref: one for one in _standing_meetings(viewer, own)}
    found = among.get(ref)
    if found is None or found.state == "merged":
        kept = get_meeting(viewer, ref)
        return kept, merges_of(viewer, [kept.ref]), []
    merges = merges_of(viewer, [ref])
    asked = [found] if found.state == "proposed" else []
    return in_full(viewer, found), merges, list(_meetings(asked, list(among.values()), _apart(merges)).get(ref, ()))


def _apart(merges: Iterable[Merge]) -> Apart:
    return {frozenset((one.merged, one.into)) for one in merges if one.split_at}


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


def _claims(asked: list[Statement], standing: list[Statement], apart: Apart) -> dict[str, tuple[Likeness, ...]]:
    """Return what each statement may be one with."""
    alike: dict[str, list[Likeness]] = {}
    for one, other, found in compare_claims(asked, standing):
        alike.setdefault(one.ref, []).append(
            Likeness(other.ref, other.words, other.state, found.way, found.score, found.reasons)
        )
    return _not_apart(alike, apart)


def _meetings(asked: list[Meeting], standing: list[Meeting], apart: Apart) -> dict[str, tuple[Likeness, ...]]:
    """Return what each meeting may be one with."""
    alike: dict[str, list[Likeness]] = {}
    for one, other, found in compare_meetings(asked, standing):
        alike.setdefault(one.ref, []).append(
            Likeness(other.ref, other.title, other.state, found.way, found.score, found.reasons)
        )
    return _not_apart(alike, apart)


def _people(viewer: Viewer) -> tuple[tuple[dict[str, said.Official], dict[str, list[Likeness]]], Apart]:
    """Return people in office and whom each may be one with, only for those who may say so; and what was taken apart."""
    decides = viewer.has("secretariat")
    rows = {row.ref: row for row in seen_officials(viewer)} if decides else {}
    parties: dict[str, str] = {}
    offices: dict[str, str] = {}
    apart: set[frozenset[str]] = set()
    for ref, office, party, name, other in _named(list(rows)):
        if other:
            apart.add(frozenset((ref, other)))
            continue
        parties.setdefault(ref, party or name)
        offices.setdefault(ref, office)
    facts = {ref: PersonFacts(row.name, offices.get(ref, ""), parties.get(ref, "")) for ref, row in rows.items()}
    alike: dict[str, list[Likeness]] = {}
    for ref, other, found in compare_people(facts, facts):
        if ref < other:
            alike.setdefault(ref, []).append(
                Likeness(other, rows[other].name, "", found.way, found.score, found.reasons)
            )
    return (rows, alike), apart


def _named(refs: list[str]) -> QuerySet[Any]:
    """Return as what people took part in meetings, and the pairs of whatever was taken apart again, asked at once."""
    took: Any = said.Participant.objects.filter(official__in=refs)
    apart: Any = said.Merge.objects.filter(split_at__isnull=False)
    nothing = {name: Value("", output_field=TextField()) for name in ("is_office", "is_party", "is_name")}
    rows: QuerySet[Any] = (
        apart.annotate(one=F("merged"), **nothing, other=F("into"))
        .values_list("one", "is_office", "is_party", "is_name", "other")
        .union(
            took.annotate(
                one=F("official_id"), is_office=F("office"), is_party=F("party_id"), is_name=F("party_name"),
                other=Value("", output_field=TextField()),
            ).values_list("one", "is_office", "is_party", "is_name", "other"),
            all=True,
        )
    )  # fmt: skip
    return rows


def _not_apart(alike: dict[str, list[Likeness]], apart: Apart) -> dict[str, tuple[Likeness, ...]]:
    """Return what each thing may be one with, the likeliest first, without those that a person took apart from it."""
    left = {ref: [one for one in known if frozenset((ref, one.ref)) not in apart] for ref, known in alike.items()}
    return {ref: tuple(sorted(known, key=lambda one: (-one.score, one.ref))) for ref, known in left.items() if known}
